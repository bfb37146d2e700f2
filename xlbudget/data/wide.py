"""A wide file (one column per channel) to the tables of a budget book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import MISSING_WORDS, Trouble, distinct
from xlbudget.data.names import listed
from xlbudget.data.number_cells import is_numeric, read_numbers
from xlbudget.data.raw import RawTable
from xlbudget.data.text_cells import as_text
from xlbudget.data.weeks import WEEK
from xlbudget.data.wide_columns import ColumnRole, Role
from xlbudget.data.wide_mapping import WideMapping, parse_spend, propose_mapping
from xlbudget.data.wide_weeks import Grid, lay_out, noted, report
from xlbudget.data.wide_words import role_of, words
from xlbudget.errors import BadInput
from xlbudget.findings import Finding, Place, errors_of
from xlbudget.tabular import Array

HORIZON = 13  # weeks of the plan that is made
RECENT = 13  # weeks whose mean it repeats
YEAR = 52
_MONEY = frozenset({"revenue", "sales", "turnover", "gmv", "income", "bookings"})

__all__ = [
    "ColumnRole",
    "Imported",
    "Role",
    "WideMapping",
    "convert",
    "parse_spend",
    "propose_mapping",
    "to_tables",
]


@dataclass(frozen=True)
class Imported:
    """What an import made: raw tables by normal name, and what was noticed or assumed."""

    tables: dict[str, RawTable]
    findings: tuple[Finding, ...]


def to_tables(raw: RawTable, mapping: WideMapping) -> dict[str, RawTable]:
    """The tables alone; `convert` also says what was noticed."""
    return convert(raw, mapping).tables


def convert(raw: RawTable, mapping: WideMapping) -> Imported:
    """Spend, Outcomes, Controls, Regions, Channels, Settings and a Plan from a wide file.

    Daily rows become weeks from Monday: money, outcomes and counts are added up, controls are
    averaged, weeks that are not complete are dropped and listed. The Plan repeats the last 13
    weeks' mean. Raises BadInput, with every finding, where a cell or a date is wrong.
    """
    findings: list[Finding] = []
    numbers = {
        c.header: _numbers(raw, c, findings)
        for c in mapping.columns
        if c.role in _NUMERIC and is_numeric(raw.columns[c.header])
    }
    grid = lay_out(raw, mapping, findings)
    if grid is None or errors_of(findings):
        raise BadInput(findings)
    spend: dict[str, Array] = {}
    for column in mapping.of(Role.SPEND):  # several columns may make one channel
        money = grid.total(np.nan_to_num(numbers[column.header]))
        spend[column.name] = spend[column.name] + money if column.name in spend else money
    tables = {
        "spend": _spend(grid, mapping, spend, numbers),
        "outcomes": _table(
            "Outcomes",
            grid,
            {c.header: grid.total(numbers[c.header]) for c in mapping.of(Role.OUTCOME)},
        ),
        "channels": _channels(list(spend), findings),
        "settings": _settings(mapping, grid, numbers, findings),
        "plan": _plan(grid, mapping, spend, numbers, findings),
    }
    if controls := dict(_controls(raw, mapping, grid, numbers)):
        tables["controls"] = _table("Controls", grid, controls)
    if mapping.of(Role.REGION):
        tables["regions"] = _regions(mapping, grid, numbers)
    findings += _ignored(mapping)
    return Imported(tables, tuple(f.at(f.where or str(f.place)) for f in findings))


_NUMERIC = frozenset(
    {Role.SPEND, Role.IMPRESSIONS, Role.CLICKS, Role.OUTCOME, Role.CONTROL, Role.VALUE}
    | {Role.POPULATION}
)


def _numbers(raw: RawTable, column: ColumnRole, findings: list[Finding]) -> Array:
    cells = raw.columns[column.header]
    values, troubles = read_numbers(cells, flags=column.role is Role.CONTROL)
    if column.role is Role.SPEND and (below := np.flatnonzero(values < 0)).size:
        troubles.append(
            Trouble(
                "spend-negative",
                [int(row) for row in below],
                "{column} is {cell}; it cannot be below 0",
                "enter the refund in Ledger, or set this cell to 0",
            )
        )
    report(raw, column.header, troubles, findings)
    return values


def _table(name: str, grid: Grid, columns: Mapping[str, NDArray[Any]]) -> RawTable:
    keys: dict[str, NDArray[Any]] = {"week": grid.weeks}
    if any(grid.regions):
        keys["region"] = grid.regions
    return RawTable(name, {**keys, **columns})


def _spend(
    grid: Grid, mapping: WideMapping, spend: Mapping[str, Array], numbers: Mapping[str, Array]
) -> RawTable:
    """One row a week, region and channel, with impressions and clicks where they are known."""
    names = list(spend)
    size = len(grid.weeks)
    columns: dict[str, NDArray[Any]] = {
        "week": np.tile(grid.weeks, len(names)),
        "channel": np.repeat(np.array(names, dtype=object), size),
    }
    if any(grid.regions):
        columns["region"] = np.tile(grid.regions, len(names))
    columns["spend"] = np.concatenate([spend[name] for name in names])
    for role in (Role.IMPRESSIONS, Role.CLICKS):
        beside = {c.name: numbers[c.header] for c in mapping.of(role) if c.header in numbers}
        if beside:
            blank = np.full(size, np.nan)
            columns[role.value] = np.concatenate(
                [grid.total(beside[name]) if name in beside else blank for name in names]
            )
    return RawTable("Spend", columns)


def _controls(
    raw: RawTable, mapping: WideMapping, grid: Grid, numbers: Mapping[str, Array]
) -> Iterator[tuple[str, Array]]:
    """Averages of numbers; a text column becomes one control of 0 and 1 for each of its values."""
    for column in mapping.of(Role.CONTROL):
        if column.header in numbers:
            yield column.header, grid.mean(numbers[column.header])
            continue
        levels, codes = distinct(raw.columns[column.header])
        for code, level in enumerate(levels):
            if level is not None and as_text(level).casefold() not in MISSING_WORDS:
                yield (
                    f"{column.header}: {as_text(level)}",
                    grid.mean((codes == code).astype(np.float64)),
                )


def _regions(mapping: WideMapping, grid: Grid, numbers: Mapping[str, Array]) -> RawTable:
    names = sorted(set(grid.regions.tolist()))
    columns: dict[str, NDArray[Any]] = {"region": np.array(names, dtype=object)}
    for column in mapping.of(Role.POPULATION):
        people = grid.mean(numbers[column.header])
        columns["population"] = np.array(
            [people[grid.regions == name][-1] for name in names], dtype=np.float64
        )
    return RawTable("Regions", columns)


def _channels(names: Sequence[str], findings: list[Finding]) -> RawTable:
    roles = [role_of(name) for name in names]
    findings.append(
        noted(
            "wide-roles",
            Place("Channels", None, "role"),
            "the roles were guessed from the names: "
            + listed([f"{n} {r}" for n, r in zip(names, roles, strict=True)], 40),
        )
    )
    return RawTable(
        "Channels",
        {"channel": np.array(names, dtype=object), "role": np.array(roles, dtype=object)},
    )


def _settings(
    mapping: WideMapping, grid: Grid, numbers: Mapping[str, Array], findings: list[Finding]
) -> RawTable:
    rows: list[list[Any]] = [["outcome", mapping.outcome]]
    for column in mapping.of(Role.VALUE):
        if _MONEY.intersection(words(mapping.outcome)):
            continue
        outcome, value = numbers[mapping.outcome], numbers[column.header]
        weeks = grid.weeks[np.maximum(grid.of, 0)]
        last = (grid.of >= 0) & (weeks > grid.weeks[-1] - YEAR * WEEK)
        last &= ~np.isnan(outcome) & ~np.isnan(value)
        if not outcome[last].sum() > 0:
            continue
        worth = float((outcome[last] * value[last]).sum() / outcome[last].sum())
        rows.append(["value_per_outcome", worth])
        findings.append(
            noted(
                "wide-value",
                Place("Settings", None, "value_per_outcome"),
                f"value_per_outcome is {worth:.6g}: the last year's mean of {column.header}",
            )
        )
        break
    return RawTable.from_rows("Settings", ["setting", "value"], rows)


def _plan(
    grid: Grid,
    mapping: WideMapping,
    spend: Mapping[str, Array],
    numbers: Mapping[str, Array],
    findings: list[Finding],
) -> RawTable:
    """The last 13 weeks' mean of each channel, for each of the 13 weeks after the last outcome."""
    outcome = grid.total(numbers[mapping.outcome])
    known = grid.weeks[~np.isnan(outcome)]
    last = known.max() if len(known) else grid.weeks[-1]
    recent = (grid.weeks > last - RECENT * WEEK) & (grid.weeks <= last)
    weeks = last + WEEK * np.arange(1, HORIZON + 1)
    count = max(len(np.unique(grid.weeks[recent])), 1)
    money = [float(f"{values[recent].sum() / count:.8g}") for values in spend.values()]
    findings.append(
        noted(
            "wide-plan",
            Place("Plan"),
            f"the plan repeats the mean of the last {count} weeks; replace it with yours",
        )
    )
    return RawTable(
        "Plan",
        {
            "week": np.tile(weeks, len(spend)),
            "channel": np.repeat(np.array(list(spend), dtype=object), HORIZON),
            "planned_spend": np.repeat(np.array(money), HORIZON),
        },
    )


def _ignored(mapping: WideMapping) -> Iterator[Finding]:
    reasons = dict.fromkeys(column.reason for column in mapping.of(Role.IGNORED))
    for reason in reasons:
        headers = [c.header for c in mapping.of(Role.IGNORED) if c.reason == reason]
        yield noted("wide-ignored", Place("Import"), f"{listed(headers)} left out: {reason}")
