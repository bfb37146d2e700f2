"""What would happen: a table of changes answered against the current plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.data.names import did_you_mean, listed
from xlbudget.data.raw import RawTable
from xlbudget.errors import BadArgument, BadInput
from xlbudget.findings import Finding, Place, Severity, errors_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import labels_of, names_of, scopes_of
from xlbudget.planning.scenarios.change import Scenario, Scenarios
from xlbudget.planning.scenarios.conditions import Conditions, Mask, as_planned, under
from xlbudget.planning.scenarios.differences import (
    Difference,
    Indices,
    baseline_change,
    difference,
    planned_cells,
)
from xlbudget.planning.scenarios.reading import ScenarioTable, read_scenarios
from xlbudget.planning.scenarios.result import ScenarioResult
from xlbudget.planning.scenarios.weighted import with_expected
from xlbudget.response.model import ResponseModel
from xlbudget.tables import SCENARIOS, normal
from xlbudget.tabular import Array

TOTAL = "total"
BASELINE = "baseline"  # the group of what changes without any media


def scenario(
    model: ResponseModel,
    plan: Plan,
    changes: ScenarioTable | Sequence[Scenario],
    by: str = "line",
    confidence: float | None = None,
) -> ScenarioResult:
    """The difference that changes make against the plan, with ranges, told apart by `by`.

    changes  a Scenarios table, or scenarios
    by       week (the horizon's and those of the carry-out), total, line, channel, region, role,
             campaign_type, product, or any attribute of Channels

    A cost rise of c means that the same money buys 1 / (1 + c) of the media. A change of response
    scales the effect of all advertising in its weeks, earlier spend's included; a change of the
    outcome value is about what advertising brings, not about the baseline. Where scenarios carry
    weights, the weighted differences follow as the scenario `expected`. Outcome is in units of
    the outcome, profit in money. Raises BadInput, which lists everything that is impossible.
    """
    data = model.data
    label = normal(by)
    options = ("week", *scopes_of(data))
    if label not in options:
        hint = did_you_mean(label, options)
        raise BadArgument(f"by is '{by}'{hint}; choose one of {', '.join(options)}")
    scenarios, findings = read(data, changes)
    changed: list[Conditions] = []
    for each in scenarios:
        conditions, noticed = under(plan, each)
        changed.append(conditions)
        findings = (*findings, *(_placed(finding, changes) for finding in noticed))
    if errors_of(findings):
        raise BadInput(errors_of(findings))
    planned = as_planned(plan)
    cells = planned_cells(model, planned)
    groups, names = _groups(data, label)
    answers = []
    for each, conditions in zip(scenarios, changed, strict=True):
        beyond = _beyond(model, conditions)
        findings = (*findings, *_marked(data, each, beyond))
        found = difference(model, cells, planned, conditions, groups, label == "week")
        answer = _answer(data, label, names, found, beyond[np.maximum(data.line_of, 0)], groups)
        if conditions.controls is not planned.controls:
            answer = _with_baseline(data, answer, baseline_change(model, conditions.controls))
        answers.append(answer)
    result = ScenarioResult(
        by=label,
        scenario=tuple(e.name for e, a in zip(scenarios, answers, strict=True) for _ in a.part),
        part=[part for answer in answers for part in answer.part],
        spend=np.concatenate([answer.spend for answer in answers]),
        outcome_draws=np.concatenate([answer.outcome for answer in answers]),
        profit_draws=np.concatenate([answer.profit for answer in answers]),
        roi=np.concatenate([answer.roi for answer in answers]),
        observed=np.concatenate([answer.observed for answer in answers]),
        confidence=data.settings.confidence if confidence is None else confidence,
        findings=findings,
    )
    return with_expected(result, scenarios)


@dataclass(frozen=True)
class _Answer:
    """The N rows of one scenario; outcome and profit (N, D), the others (N,)."""

    part: Sequence[Any]
    spend: Array
    outcome: Array
    profit: Array
    roi: Array
    observed: Mask


def read(
    data: Dataset, changes: ScenarioTable | Sequence[Scenario]
) -> tuple[Scenarios, tuple[Finding, ...]]:
    """Scenarios as values, whichever way they were given."""
    if isinstance(changes, Sequence):
        return tuple(changes), ()
    return read_scenarios(data, changes)


def _placed(finding: Finding, changes: ScenarioTable | Sequence[Scenario]) -> Finding:
    named = changes.locate if isinstance(changes, RawTable) else str
    return finding.at(named(finding.place))


def _answer(
    data: Dataset, by: str, names: Sequence[str], found: Difference, beyond: Mask, groups: Indices
) -> _Answer:
    """One scenario's rows without the baseline: weeks, or groups; beyond (R, M)."""
    if by == "week":
        weeks = len(found.spend)
        return _Answer(
            list(data.horizon[0] + WEEK * np.arange(weeks)),
            found.spend[:, 0],
            found.outcome[:, :, 0].T,
            found.profit[:, :, 0].T,
            np.zeros(weeks),
            np.full(weeks, not beyond.any()),
        )
    spent = (found.planned, found.planned + found.spend[0])
    roi = [
        value.mean(axis=0) / np.where(total > 0, total, np.inf)
        for value, total in zip((found.value, found.value_changed), spent, strict=True)
    ]
    observed = [not beyond[groups == group].any() for group in range(len(names))]
    return _Answer(
        names, found.spend[0], found.outcome[:, 0].T, found.profit[:, 0].T, roi[1] - roi[0],
        np.array(observed, dtype=bool),
    )  # fmt: skip


def _with_baseline(data: Dataset, answer: _Answer, change: Array) -> _Answer:
    """Add what controls move without any media, (D, H, R): to the weeks, or as a row of its own."""
    worth = data.settings.money_per_outcome
    if len(answer.part) and isinstance(answer.part[0], np.datetime64):
        more = np.zeros_like(answer.outcome)
        more[: change.shape[1]] = change.sum(axis=2).T
        return replace(answer, outcome=answer.outcome + more, profit=answer.profit + worth * more)
    total = change.sum(axis=(1, 2))[None]
    if list(answer.part) == [TOTAL]:
        return replace(answer, outcome=answer.outcome + total, profit=answer.profit + worth * total)
    return _Answer(
        [*answer.part, BASELINE],
        np.append(answer.spend, 0.0),
        np.concatenate([answer.outcome, total]),
        np.concatenate([answer.profit, worth * total]),
        np.append(answer.roi, 0.0),
        np.append(answer.observed, True),
    )


def _groups(data: Dataset, by: str) -> tuple[Indices, tuple[str, ...]]:
    """(R, M) index of each cell's group, -1 where it never ran, and the groups' names."""
    ran = data.line_of >= 0
    if by in ("week", "total"):
        return np.where(ran, 0, -1).astype(np.intp), (TOTAL,)
    labels = labels_of(data, by)
    names = names_of(data, by)
    if (labels[ran] == "").any():
        names = (*names, f"no {by}")
    groups = np.full(data.line_of.shape, -1, dtype=np.intp)
    for region, medium in np.argwhere(ran):
        label = labels[region, medium]
        groups[region, medium] = names.index(label) if label else len(names) - 1
    return groups, names


def _beyond(model: ResponseModel, conditions: Conditions) -> Mask:
    """(L,) lines that would buy more media in a week than they ever did."""
    peak = model.data.by_line(conditions.media).max(axis=0)
    return np.asarray(peak > model.observed_weekly() * (1.0 + 1e-6))


def _marked(data: Dataset, each: Scenario, beyond: Mask) -> tuple[Finding, ...]:
    if not beyond.any():
        return ()
    names = [name for name, far in zip(data.line_names, beyond, strict=True) if far]
    place = each.changes[0].place if each.changes else Place(SCENARIOS.name)
    finding = Finding(
        "scenario-outside-observed",
        Place(place.table, place.row),
        f"{each.name}: a week of {listed(names)} would be larger than any that was ever observed",
        "read these figures with care: they rest on the shape of the curve alone",
        Severity.WARNING,
    )
    return (finding,)
