"""The template asks about roles that not every business has: the other questions are answered."""

from __future__ import annotations

import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.errors import BadInput
from xlbudget.findings import Severity
from xlbudget.planning.plan import make_plan
from xlbudget.planning.scenarios.reading import read_scenarios
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import sample_market

COLUMNS = ["scenario", "scope", "name", "what", "change", "value", "weight"]
CUT = ["cut", "total", None, "spend", "%", -12.0, None]
TAKE = ["move", "role", "prospecting", "spend", "amount", -100.0, None]
GIVE = ["move", "role", "retention", "spend", "amount", 100.0, None]


@pytest.fixture(scope="module")
def without_retention() -> Dataset:
    frames = dict(sample_market(seed=0).tables)
    frames["channels"] = pd.DataFrame(frames["channels"]).replace({"role": {"retention": "other"}})
    names = ("spend", "outcomes", "controls", "channels", "regions", "settings")
    return Dataset.from_frames(**{name: frames[name] for name in names})


def _table(*rows: list[object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=COLUMNS)


def test_a_scenario_about_a_role_that_no_channel_has_is_left_out_whole(
    without_retention: Dataset,
) -> None:
    scenarios, (finding,) = read_scenarios(without_retention, _table(CUT, TAKE, GIVE))
    assert [each.name for each in scenarios] == ["cut"]
    assert finding.severity is Severity.WARNING
    assert "no channel has the role retention" in finding.problem


def test_its_weight_is_left_out_with_it(without_retention: Dataset) -> None:
    weighted = [[*CUT[:-1], 0.6], [*GIVE[:-1], 0.6]]
    scenarios, findings = read_scenarios(without_retention, _table(*weighted))
    assert [each.weight for each in scenarios] == [0.6]
    assert not [found for found in findings if found.severity is Severity.ERROR]


def test_where_nothing_else_is_asked_that_is_an_error(without_retention: Dataset) -> None:
    _, (finding,) = read_scenarios(without_retention, _table(GIVE))
    assert finding.severity is Severity.ERROR


def test_a_word_that_is_no_role_is_still_an_error(
    sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    plan, _ = make_plan(sample_model.data, sample_frames["plan"])
    with pytest.raises(BadInput, match="did you mean 'retention'"):
        scenario(sample_model, plan, _table(CUT, ["move", "role", "retentoin", *GIVE[3:]]))
