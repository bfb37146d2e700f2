"""What a table of scenarios asks: the conditions that each of them makes, and what was noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.data.names import listed
from xlbudget.data.raw import RawTable
from xlbudget.errors import BadInput
from xlbudget.findings import Finding, Place, Severity, errors_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.scenarios.change import Change, Scenario, Scenarios
from xlbudget.planning.scenarios.conditions import Conditions, Mask, as_planned, under
from xlbudget.planning.scenarios.differences import Cell, planned_cells
from xlbudget.planning.scenarios.reading import ScenarioTable, read_scenarios
from xlbudget.planning.scenarios.resplit import resplit
from xlbudget.response.model import ResponseModel
from xlbudget.tables import SCENARIOS
from xlbudget.tabular import Array


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
    data = model.data
    scenarios, findings = _read(data, changes)
    changed = []
    split = _as_it_is if errors_of(findings) else resplit(model, plan, guardrails)
    for each in scenarios:  # also where rows cannot be read: all that is wrong is told at once
        conditions, noticed = under(plan, each, split)
        changed.append(conditions)
        findings = (*findings, *(_placed(finding, changes) for finding in noticed))
    if errors_of(findings):
        raise BadInput(sorted(errors_of(findings), key=_row))
    beyond = [_beyond(model, conditions) for conditions in changed]
    for each, lines in zip(scenarios, beyond, strict=True):
        findings = (*findings, *_marked(data.line_names, each, lines))
    planned = as_planned(plan)
    line_of = np.maximum(data.line_of, 0)
    return Asked(
        model, planned, planned_cells(model, planned), scenarios, tuple(changed),
        tuple(lines[line_of] & (data.line_of >= 0) for lines in beyond), findings,
    )  # fmt: skip


def _read(
    data: Dataset, changes: ScenarioTable | Sequence[Scenario]
) -> tuple[Scenarios, tuple[Finding, ...]]:
    if isinstance(changes, Sequence):
        return tuple(changes), ()
    return read_scenarios(data, changes)


def _row(finding: Finding) -> int:
    return -1 if finding.place.row is None else finding.place.row


def _as_it_is(now: Conditions, change: Change) -> Array:
    """No split is looked for where there is no answer anyway."""
    return now.spend


def _placed(finding: Finding, changes: ScenarioTable | Sequence[Scenario]) -> Finding:
    named = changes.locate if isinstance(changes, RawTable) else str
    return finding.at(named(finding.place))


def _beyond(model: ResponseModel, conditions: Conditions) -> Mask:
    """(L,) lines that would buy more media in a week than they ever did."""
    peak = model.data.by_line(conditions.media).max(axis=0)
    return np.asarray(peak > model.observed_weekly() * (1.0 + 1e-6))


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
