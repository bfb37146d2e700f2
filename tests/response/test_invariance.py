"""Units, names and order say nothing: the same market told otherwise gives the same draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Kinds, draw_market

Frames = dict[str, pd.DataFrame]
DRAWS = 120
NAMES = ("spend", "outcomes", "controls", "channels", "experiments", "settings")
RENAMED = {f"Region {n}": name for n, name in enumerate(("Zürich", "Aarau", "Bern"), 1)}
TURNED = {f"Channel {n}": f"Medium {9 - n}" for n in range(1, 5)}  # another order by name


def frames() -> Frames:
    market = draw_market(2, channels=4, weeks=70, regions=3, kinds=Kinds(tests=1))
    return {name: table for name, table in market.frames().items() if name in NAMES}


def fitted(tables: Mapping[str, pd.DataFrame]) -> ResponseModel:
    return fit(Dataset.from_frames(**tables), draws=DRAWS)


@pytest.fixture(scope="module")
def plain() -> ResponseModel:
    return fitted(frames())


def dearer(tables: Frames) -> None:
    tables["spend"]["spend"] *= 1_000.0
    tables["experiments"]["spend_change"] *= 1_000.0


def larger(tables: Frames) -> None:
    tables["outcomes"]["revenue"] *= 1e-6
    for column in ("incremental_outcome", "standard_error"):
        tables["experiments"][column] *= 1e-6


def regions_renamed(tables: Frames) -> None:
    for table in tables.values():
        if "region" in table:
            table["region"] = table["region"].map(RENAMED)


def lines_renamed(tables: Frames) -> None:
    for table in tables.values():
        if "channel" in table:
            table["channel"] = table["channel"].map(TURNED)


def rows_turned(tables: Frames) -> None:
    for name in ("spend", "outcomes", "controls", "channels"):
        tables[name] = tables[name].iloc[::-1]


def controls_in_other_units(tables: Frames) -> None:
    tables["controls"]["price_index"] = 40.0 + 0.01 * tables["controls"]["price_index"]


@pytest.mark.parametrize(
    ("change", "money", "outcome"),
    [
        (dearer, 1_000.0, 1.0),
        (larger, 1.0, 1e-6),
        (regions_renamed, 1.0, 1.0),
        (lines_renamed, 1.0, 1.0),
        (rows_turned, 1.0, 1.0),
        (controls_in_other_units, 1.0, 1.0),
    ],
)
def test_the_market_told_otherwise_gives_the_same_figures(
    plain: ResponseModel, change: Callable[[Frames], None], money: float, outcome: float
) -> None:
    tables = frames()
    change(tables)
    other = fitted(tables)
    known, told = contribution(plain), contribution(other)
    for line, value in known.items():
        name = TURNED[line] if change is lines_renamed else line
        assert told[name] == pytest.approx(value * outcome, rel=1e-6)
    slope = plain.marginal_roi().marginal_roi.sum() * outcome / money
    assert other.marginal_roi().marginal_roi.sum() == pytest.approx(slope, rel=1e-6)
    path = plain.steady_path(plain.recent_weekly())
    ahead = plain.outlook(path).baseline.mean() * outcome
    again = other.outlook(other.steady_path(other.recent_weekly()))
    assert again.baseline.mean() == pytest.approx(ahead, rel=1e-6)


def test_what_an_outcome_is_worth_changes_returns_and_no_contribution(plain: ResponseModel) -> None:
    tables = frames()
    margin = pd.DataFrame({"setting": ["margin"], "value": ["0.25"]})
    tables["settings"] = pd.concat([tables["settings"], margin])
    other = fitted(tables)
    assert contribution(other) == pytest.approx(contribution(plain), rel=1e-6)
    cheaper = 0.25 * plain.marginal_roi().marginal_roi
    assert other.marginal_roi().marginal_roi == pytest.approx(cheaper, rel=1e-6)


def contribution(model: ResponseModel) -> dict[str, float]:
    table = model.contribution()
    return dict(zip(table.line, table.contribution.tolist(), strict=True))
