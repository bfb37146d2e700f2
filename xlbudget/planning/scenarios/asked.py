"""What a table of scenarios asks: the conditions that each of them makes, and what was noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.data.names import listed
from xlbudget.data.raw import RawTable
from xlbudget.errors import BadInput
from xlbudget.findings import Finding, Place, Severity, errors_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.scenarios.change import (
    SPLIT_ANEW,
    Change,
    How,
    Scenario,
    Scenarios,
    What,
)
from xlbudget.planning.scenarios.conditions import Conditions, Mask, Split, as_planned, under
from xlbudget.planning.scenarios.differences import Cell, planned_cells
from xlbudget.planning.scenarios.reading import ScenarioTable, read_scenarios
from xlbudget.planning.scenarios.resplit import resplit
from xlbudget.response.model import ResponseModel
from xlbudget.tables import SCENARIOS
from xlbudget.tabular import Array

SAME = 1e-6  # share by which a week may be larger and still count as seen before


@dataclass(frozen=True)
class Asked:
    """Scenarios beside the plan as it stands.

    cells     what the plan as it stands brings, region x medium
    changed   the conditions of each scenario
    beyond    of each scenario (R, M): whose line would buy more in a week than it ever did
    findings  what was combined, left out or should be looked at
    """

    model: ResponseModel
    planned: Conditions
    cells: tuple[Cell, ...]
    scenarios: Scenarios
    changed: tuple[Conditions, ...]
    beyond: tuple[Mask, ...]
    findings: tuple[Finding, ...]


def asked(
    model: ResponseModel,
    plan: Plan,
    changes: ScenarioTable | Sequence[Scenario],
    guardrails: Sequence[Guardrail] = (),
) -> Asked:
    """The scenarios, read and applied. Raises BadInput, which lists everything impossible."""
    scenarios, findings = _read(model.data, changes)
    wrong = bool(errors_of(findings))  # then no split is looked for: there is no answer anyway
    split = _as_it_is if wrong else resplit(model, plan, guardrails)
    told = [_before_split(each) for each in scenarios] if wrong else scenarios
    changed, noticed = _applied(plan, told, changes, split)
    findings = (*findings, *noticed)
    if errors_of(findings):
        raise BadInput(sorted(errors_of(findings), key=_row))
    data, planned = model.data, as_planned(plan)
    line_of = np.maximum(data.line_of, 0)
    beyond = (_beyond(data, conditions)[line_of] & (data.line_of >= 0) for conditions in changed)
    return Asked(
        model, planned, planned_cells(model, planned), scenarios, changed, tuple(beyond), findings
    )


def findings_of(plan: Plan, changes: ScenarioTable) -> tuple[Finding, ...]:
    """Everything that is to say about a table of scenarios before a model is fitted, row by row."""
    scenarios, findings = _read(plan.data, changes)
    known = [_before_split(each) for each in scenarios]
    return tuple(sorted((*findings, *_applied(plan, known, changes, _as_it_is)[1]), key=_row))


def _applied(
    plan: Plan,
    scenarios: Sequence[Scenario],
    table: ScenarioTable | Sequence[Scenario],
    split: Split,
) -> tuple[tuple[Conditions, ...], tuple[Finding, ...]]:
    """The conditions of each scenario, and what was impossible, combined or never observed."""
    named = table.locate if isinstance(table, RawTable) else str
    changed: list[Conditions] = []
    findings: list[Finding] = []
    for each in scenarios:  # also where rows cannot be read: all that is wrong is told at once
        conditions, noticed = under(plan, each, split, named)
        changed.append(conditions)
        findings += noticed
    peak = _peak(plan.data, as_planned(plan))
    for each, conditions in zip(scenarios, changed, strict=True):
        # what the plan does is not theirs
        further = _peak(plan.data, conditions) > peak * (1.0 + SAME)
        lines = _beyond(plan.data, conditions) & further
        findings += _marked(plan.data.line_names, each, lines)
    return tuple(changed), tuple(finding.at(named(finding.place)) for finding in findings)


def _read(
    data: Dataset, changes: ScenarioTable | Sequence[Scenario]
) -> tuple[Scenarios, tuple[Finding, ...]]:
    if isinstance(changes, Sequence):
        return tuple(changes), ()
    return read_scenarios(data, changes)


def _row(finding: Finding) -> int:
    return -1 if finding.place.row is None else finding.place.row


def _as_it_is(now: Conditions, change: Change) -> Array:
    """Where no split is looked for."""
    return now.spend


def _before_split(each: Scenario) -> Scenario:
    """Without amounts of spend after a split: whether there is enough for them is not known yet."""
    anew = [index for index, change in enumerate(each.changes) if change.what in SPLIT_ANEW]
    first = anew[0] if anew else len(each.changes)
    known = [
        change for index, change in enumerate(each.changes)
        if index <= first or change.what is not What.SPEND or change.how is How.PERCENT
    ]  # fmt: skip
    return replace(each, changes=tuple(known))


def _beyond(data: Dataset, conditions: Conditions) -> Mask:
    """(L,) lines that would buy more media in a week than they ever did."""
    ever = data.by_line(data.spend).max(axis=0, initial=0.0)
    return np.asarray(_peak(data, conditions) > ever * (1.0 + SAME))


def _peak(data: Dataset, conditions: Conditions) -> Array:
    """(L,) the most media that each line buys in a week."""
    return np.asarray(data.by_line(conditions.media).max(axis=0, initial=0.0))


def _marked(names: Sequence[str], each: Scenario, beyond: Mask) -> tuple[Finding, ...]:
    if not beyond.any():
        return ()
    far = [name for name, is_far in zip(names, beyond, strict=True) if is_far]
    place = each.changes[0].place if each.changes else Place(SCENARIOS.name)
    finding = Finding(
        "scenario-outside-observed",
        Place(place.table, place.row),
        f"{each.name}: a week of {listed(far)} would be larger than any that was ever observed",
        "read these figures with care: they rest on the shape of the curve alone",
        Severity.WARNING,
    )
    return (finding,)
