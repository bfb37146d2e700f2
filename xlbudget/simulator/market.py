"""A simulated market: the tables that a planner would hold, and the truth behind them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.simulator.truth import Truth
from xlbudget.tabular import Array, Weeks

if TYPE_CHECKING:
    import pandas as pd

Table = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Market:
    """Tables by lower-case name ("spend", "outcomes", ...), each a dict of columns."""

    seed: int
    tables: Mapping[str, Table]
    truth: Truth

    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables as new DataFrames, by the same names."""
        import pandas as pd

        return {name: pd.DataFrame(columns) for name, columns in self.tables.items()}

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write every table as a CSV of its name into a folder, made where it is missing."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        return tuple(
            _write_csv(target / f"{name}.csv", table) for name, table in self.tables.items()
        )


def table(columns: Mapping[str, Sequence[Any] | NDArray[Any]]) -> Table:
    """Columns of one length as arrays: text as objects, so that an empty cell can be None."""
    return {name: _array(values) for name, values in columns.items()}


def table_of_rows(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """A table from its header and its rows."""
    return table({name: [row[index] for row in rows] for index, name in enumerate(header)})


def spend_table(
    weeks: Weeks,
    regions: Sequence[str],
    media: Sequence[tuple[str, str]],
    spend: Array,
    extras: Mapping[str, Array] | None = None,
) -> Table:
    """Spend (W, R, M) as rows, week by week; cells that never ran are left out.

    media   M pairs of channel and campaign type ("" where the channel has none)
    extras  further columns, each (W, R, M); NaN is an empty cell
    """
    ran = np.argwhere(spend.sum(axis=0) > 0)
    week, cell = (index.ravel() for index in np.indices((len(weeks), len(ran))))
    region, medium = ran[cell].T
    columns: dict[str, Any] = {
        "week": weeks[week],
        "channel": [media[m][0] for m in medium],
        "region": [regions[r] for r in region],
        "campaign_type": [media[m][1] or None for m in medium],
        "spend": spend[week, region, medium],
    }
    if not any(regions):
        del columns["region"]
    if not any(kind for _, kind in media):
        del columns["campaign_type"]
    for name, values in (extras or {}).items():
        columns[name] = values[week, region, medium]
    return table(columns)


def weekly_table(
    weeks: Weeks, regions: Sequence[str], columns: Mapping[str, Array], keep: Array | None = None
) -> Table:
    """Columns (W, R) as rows of week and region; `keep` (W, R) says which rows exist."""
    kept = np.ones((len(weeks), len(regions)), dtype=bool) if keep is None else keep.astype(bool)
    week, region = np.nonzero(kept)
    out: dict[str, Any] = {"week": weeks[week]}
    if any(regions):
        out["region"] = np.array(regions, dtype=object)[region]
    return table(out | {name: values[week, region] for name, values in columns.items()})


def _array(values: Sequence[Any] | NDArray[Any]) -> NDArray[Any]:
    if isinstance(values, np.ndarray):
        return values
    if any(value is None or isinstance(value, str) for value in values):
        out = np.empty(len(values), dtype=object)
        out[:] = values
        return out
    return np.asarray(values)


def _write_csv(path: Path, columns: Table) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(_rows(columns))
    return path


def _rows(columns: Table) -> Iterator[list[str]]:
    for row in zip(*columns.values(), strict=True):
        yield [_text(value) for value in row]


def _text(value: Any) -> str:
    if isinstance(value, (float, np.floating)):
        return "" if np.isnan(value) else f"{float(value):.15g}"
    missing = value is None or (isinstance(value, np.datetime64) and np.isnat(value))
    return "" if missing else str(value)
