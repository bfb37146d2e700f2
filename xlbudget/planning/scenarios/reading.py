"""The Scenarios table to scenarios: every row that cannot be meant is one finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from xlbudget.data.columns import Columns, read_columns
from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.data.frames import raw_table
from xlbudget.data.names import did_you_mean, listed, unknown_name
from xlbudget.data.raw import RawTable
from xlbudget.findings import Finding, Severity, errors_of
from xlbudget.planning.rules import names_of, scopes_of
from xlbudget.planning.scenarios.change import SPLIT_ANEW, Change, How, Scenario, Scenarios, What
from xlbudget.tables import ROLES, SCENARIOS, normal

if TYPE_CHECKING:
    import pandas as pd

    ScenarioTable: TypeAlias = RawTable | pd.DataFrame | Mapping[str, Any]
else:
    ScenarioTable: TypeAlias = Any

_SCOPES: Mapping[What, tuple[str, ...]] = {
    What.CONTROL: ("total", "control"),
    What.BUDGET: ("total",),
    What.GOAL: ("total",),
}
UNNAMED = "scenario"  # where the first row names none


def read_scenarios(data: Dataset, table: ScenarioTable) -> tuple[Scenarios, tuple[Finding, ...]]:
    """The scenarios of a table in the order of their first rows, and every finding about it.

    One about a role that no channel has is left out: the template's own questions suit any book.
    """
    raw = table if isinstance(table, RawTable) else raw_table(SCENARIOS.name, table)
    columns, found = read_columns(raw, SCENARIOS)
    if any(finding.place.row is None for finding in errors_of(found)):  # a column is missing
        return (), tuple(f if f.where else f.at(raw.locate(f.place)) for f in found)
    findings = list(found)
    broken = {finding.place.row for finding in errors_of(findings)}
    changes: dict[str, list[Change]] = {}
    weights: dict[str, float] = {}
    idle: dict[str, Finding] = {}  # scenario -> why it is left out
    scenario = UNNAMED
    for row in range(columns.size):
        scenario = str(columns["scenario"][row]) or scenario
        mine = changes.setdefault(scenario, [])
        findings += _weight(columns, row, scenario, weights)
        if int(columns.rows[row]) in broken:
            continue
        change = _change(columns, row)
        if (role := _idle_role(data, columns, row, change)) is not None:
            idle.setdefault(scenario, role)
            continue
        wrong = tuple(_findings(data, columns, row, change))
        findings += wrong
        if not errors_of(wrong):
            mine.append(_spelled(data, change))
    grave = Severity.ERROR if idle.keys() == changes.keys() else Severity.WARNING
    findings += [replace(finding, severity=grave) for finding in idle.values()]
    weights = {name: weight for name, weight in weights.items() if name not in idle}
    if sum(weights.values()) > 1.0 + 1e-9:
        findings.append(_too_likely(columns, weights))
    elif weights and sum(weights.values()) < 1.0 - 1e-9:
        findings.append(_left_over(columns, weights))
    if not columns.size and not errors_of(findings):
        findings.append(_nothing(columns))
    asked = {name: rows for name, rows in changes.items() if name not in idle}
    scenarios = tuple(Scenario(n, tuple(c), weights.get(n)) for n, c in asked.items())
    findings.sort(key=lambda found: -1 if found.place.row is None else found.place.row)
    return scenarios, tuple(f if f.where else f.at(raw.locate(f.place)) for f in findings)


def _change(columns: Columns, row: int) -> Change:
    how = How(str(columns["change"][row]))
    value = float(columns["value"][row])
    start, end = (columns[name][row] for name in ("from", "to"))
    return Change(
        What(str(columns["what"][row])),
        how,
        value / 100.0 if how is How.PERCENT else value,
        normal(str(columns["scope"][row])),
        str(columns["name"][row]),
        None if np.isnat(start) else start,
        None if np.isnat(end) else end,
        columns.place(row, "value"),
    )


def _spelled(data: Dataset, change: Change) -> Change:
    """The change with its name as the data spell it."""
    known = {normal(name): name for name in _names(data, change)}
    return replace(change, name=known.get(normal(change.name), change.name))


def _names(data: Dataset, change: Change) -> Sequence[str]:
    return data.control_names if change.what is What.CONTROL else names_of(data, change.scope)


def _findings(data: Dataset, columns: Columns, row: int, change: Change) -> Iterator[Finding]:
    """What is wrong with a row whose cells could be read."""
    scopes = _SCOPES.get(change.what, scopes_of(data))
    if change.scope not in scopes:
        yield Finding(
            "scenario-scope",
            columns.place(row, "scope"),
            f"there is nothing called '{change.scope}' to change {change.what} of"
            + did_you_mean(change.scope, scopes),
            f"choose one of {', '.join(scopes)}",
        )
        return
    known = _names(data, change)
    named = normal(change.name) in {normal(name) for name in known}
    control = change.what is What.CONTROL
    asked = change.scope != "total" or control
    if control and known and not change.name:
        yield Finding(
            "scenario-control",
            columns.place(row, "name"),
            "no control is named",
            f"enter one of {listed(known)}",
        )
    elif asked and not named and (change.name or not known):
        kind = "control" if change.what is What.CONTROL else change.scope
        yield unknown_name(columns.place(row, "name"), kind, change.name, known)
    if change.how is How.PERCENT and 0 < abs(change.value) < 0.01:
        yield Finding(
            "scenario-tiny-percent",
            columns.place(row, "value"),
            f"the change is read as {change.value:.2%}",
            f"enter {100 * 100 * change.value:g} for {100 * change.value:.0%}",
            Severity.WARNING,
        )
    if change.what in SPLIT_ANEW:
        yield from _whole_horizon(columns, row, change)
    else:
        yield from _dates(data, columns, row, change)


def _idle_role(data: Dataset, columns: Columns, row: int, change: Change) -> Finding | None:
    """A role that is one, but no channel's: what the scenario asks does not arise here."""
    role = normal(change.name)
    if change.scope != "role" or role not in ROLES or role in names_of(data, "role"):
        return None
    return Finding(
        "scenario-role-idle",
        columns.place(row, "name"),
        f"no channel has the role {role}, so this scenario is left out",
        "give a channel that role in Channels, or name another one here",
    )


def _whole_horizon(columns: Columns, row: int, change: Change) -> Iterator[Finding]:
    """Money is split anew over the lines for the horizon, not for some of its weeks."""
    for name, day in (("from", change.start), ("to", change.end)):
        if day is not None:
            yield Finding(
                "scenario-part-of-horizon",
                columns.place(row, name),
                f"a {change.what} is that of the whole horizon",
                f"leave {name} empty, or change spend instead of {change.what}",
            )


def _dates(data: Dataset, columns: Columns, row: int, change: Change) -> Iterator[Finding]:
    first, last = data.horizon[0], data.horizon[-1] + WEEK - np.timedelta64(1, "D")
    start = first if change.start is None else change.start
    end = last if change.end is None else change.end
    if change.start is not None and change.end is not None and start > end:
        problem, remedy = "the change ends before it begins", "mend from or to"
        yield Finding("scenario-dates", columns.place(row, "to"), problem, remedy)
    elif start > last or end < first:
        column = "from" if start > last else "to"
        yield Finding(
            "scenario-outside-horizon",
            columns.place(row, column),
            f"the change lies outside the horizon, which is {first} to {last}",
            "mend from and to, or set horizon_start and horizon_weeks in Settings",
        )
    elif start < first or (end > last and change.what is What.SPEND):
        yield Finding(
            "scenario-partly-outside",
            columns.place(row, "from" if start < first else "to"),
            f"only {first} to {last} is planned; the change is made in these weeks alone",
            "nothing to do if that is meant",
            Severity.NOTE,
        )


def _weight(
    columns: Columns, row: int, scenario: str, weights: dict[str, float]
) -> Iterator[Finding]:
    """Keep the scenario's weight; another one for the same scenario is a finding."""
    weight = float(columns["weight"][row])
    if np.isnan(weight) or weights.setdefault(scenario, weight) == weight:
        return
    yield Finding(
        "scenario-weight-twice",
        columns.place(row, "weight"),
        f"'{scenario}' has the weight {weights[scenario]:g} already, here {weight:g}",
        "tell the weight once a scenario",
    )


def _too_likely(columns: Columns, weights: Mapping[str, float]) -> Finding:
    row = int(np.flatnonzero(~np.isnan(columns["weight"]))[-1])
    return Finding(
        "scenario-weights",
        columns.place(row, "weight"),
        f"the weights add up to {sum(weights.values()):.0%}",
        "lower them to 100 % or less; what is left is the plan as it stands",
    )


def _left_over(columns: Columns, weights: Mapping[str, float]) -> Finding:
    row = int(np.flatnonzero(~np.isnan(columns["weight"]))[-1])
    total = sum(weights.values())
    return Finding(
        "scenario-weights-left",
        columns.place(row, "weight"),
        f"the weights add up to {total:.0%}; the other {1.0 - total:.0%} is the plan as it stands",
        "nothing to do if that is meant; else raise them to 100 %",
        Severity.NOTE,
    )


def _nothing(columns: Columns) -> Finding:
    from xlbudget.findings import Place

    return Finding(
        "scenario-empty-table",
        Place(SCENARIOS.name),
        "there is no change to answer",
        "enter a row, for instance total, spend, %, -12",
    )


__all__ = ["ScenarioTable", "read_scenarios"]
