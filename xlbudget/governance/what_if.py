"""Scenarios side by side against the current plan, each with a sentence that can be repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.data.frames import raw_table
from xlbudget.data.raw import RawTable
from xlbudget.errors import BadInput
from xlbudget.findings import Finding
from xlbudget.governance.standing import standing_questions
from xlbudget.planning.plan import Plan
from xlbudget.planning.questions.answer import Answer, whole
from xlbudget.planning.questions.money import budget_cut, more_money
from xlbudget.planning.questions.places import dearer_channel, shift_and_test
from xlbudget.planning.questions.timing import moved_money, softening
from xlbudget.planning.questions.weeks import half_by
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.reading import ScenarioTable
from xlbudget.planning.scenarios.result import ScenarioResult
from xlbudget.planning.scenarios.robust import RobustPlan, robust_plan
from xlbudget.planning.scenarios.rows import Rows
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.planning.wording import chance, counted, percent
from xlbudget.response.model import ResponseModel
from xlbudget.tables import SCENARIOS
from xlbudget.tabular import Columns, Tabular

_TOLD = ("outcome", "low", "high", "profit", "profit_low", "profit_high", "prob_loss")


@dataclass(frozen=True)
class WhatIf:
    """N scenarios, in the order of their table; the expected one last where they carry weights.

    totals, weeks  columns of SCENARIO, a row a scenario and a row a scenario and week
    waterfall      the steps of each difference, by line and cause
    answers        (N,) the answer to what each of them asks
    robust         one plan for all of them, where they carry weights
    findings       what was combined or is beyond the observed, or what stops an answer; then
                   there are no scenarios
    """

    names: tuple[str, ...]
    totals: Columns
    weeks: Columns
    waterfall: Columns
    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...]
    robust: RobustPlan | None = None


@dataclass(frozen=True)
class Answers(Tabular):
    """Each scenario's question and answer, and what to know beside them.

    scenario, answers  (N,) the expected one last where scenarios carry weights
    """

    scenario: tuple[str, ...]
    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...]

    def columns(self) -> Columns:
        """scenario, question, answer; what was found follows as the question "To know"."""
        notes = [f"{finding}" for finding in self.findings]
        return {
            "scenario": (*self.scenario, *("" for _ in notes)),
            "question": (*(each.question for each in self.answers), *("To know" for _ in notes)),
            "answer": (*(f"{each.sentence}." for each in self.answers), *notes),
        }


def answered(
    model: ResponseModel,
    plan: Plan,
    guardrails: Sequence[Guardrail] = (),
    table: ScenarioTable | None = None,
) -> Answers:
    """A sentence for each scenario of the table; None: for finance's standing questions.

    Raises BadInput, which lists everything that is impossible.
    """
    asked = _standing(plan) if table is None else table
    return _answers(scenario(model, plan, asked, "total", guardrails=guardrails), plan, guardrails)


def what_if(
    model: ResponseModel,
    plan: Plan,
    guardrails: Sequence[Guardrail] = (),
    table: RawTable | None = None,
) -> WhatIf:
    """Every scenario of the table answered; None: finance's standing questions."""
    try:
        asked = _standing(plan) if table is None else table
        found = scenario(model, plan, asked, "total", guardrails=guardrails)
    except BadInput as refused:
        return WhatIf((), {}, {}, {}, (), refused.findings)
    weeks = found.weekly()
    weighted = any(each.weight for each in found.asked.scenarios)
    told = _answers(found, plan, guardrails)
    return WhatIf(
        told.scenario,
        found.columns(),
        weeks.columns(),
        weeks.waterfall().columns(),
        told.answers,
        found.findings,
        robust_plan(model, plan, asked, guardrails) if weighted else None,
    )


def _answers(found: ScenarioResult, plan: Plan, guardrails: Sequence[Guardrail]) -> Answers:
    """found: the scenarios' totals."""
    model, totals = found.asked.model, found.columns()
    names = tuple(str(name) for name in totals["scenario"])
    known = {each.name: each for each in found.asked.scenarios}
    weeks = found.weekly()
    answers = (
        (answer_to(model, plan, known[name], guardrails) if name in known else None)
        or _plain(totals, row, plan.data, weeks.of(name))
        for row, name in enumerate(names)
    )
    return Answers(names, tuple(answers), found.findings)


def answer_to(
    model: ResponseModel, plan: Plan, asked: Scenario, guardrails: Sequence[Guardrail] = ()
) -> Answer | None:
    """The answer to the standing question that a scenario puts, recognised by what it changes.

    None where it puts none of them. An edited figure of a standing scenario changes the answer.
    """
    match asked.changes:
        case (Change(What.SPEND, How.PERCENT, v, "total", _, None, None),) if v < 0:
            return budget_cut(model, plan, -v, guardrails)
        case (Change(What.SPEND, How.AMOUNT, v, "total", _, None, None),) if v > 0:
            return more_money(model, plan, v, guardrails)
        case (Change(What.SPEND, How.PERCENT, v, scope, name, None, None),) if v < 0 and name:
            return softening(model, plan, -v, scope, name)
        case (Change(What.COST, How.PERCENT, v, "channel", name, None, None),) if v > 0 and name:
            return dearer_channel(model, plan, name, v)
        case (
            Change(What.SPEND, How.AMOUNT, less, _, source, None, None) as take,
            Change(What.SPEND, How.AMOUNT, v, _, target, None, None) as give,
        ) if less == -v < 0 and source and target:
            return moved_money(model, plan, v, (take.scope, source), (give.scope, target))
        case (
            Change(What.SPEND, How.AMOUNT, less, "channel", source, start, end),
            Change(What.SPEND, How.AMOUNT, v, "channel", target, other, last),
        ) if less == -v < 0 and source and target and (start, end) == (other, last):
            return _shift(model, plan, v, source, target, start, end)
    return None


def _shift(
    model: ResponseModel,
    plan: Plan,
    amount: float,
    source: str,
    target: str,
    start: np.datetime64 | None,
    end: np.datetime64 | None,
) -> Answer | None:
    """A shift over the first weeks of the horizon; None where it begins later."""
    horizon = plan.data.horizon
    if end is None or (start is not None and start >= horizon[0] + WEEK):
        return None
    weeks = int((horizon <= end).sum())
    mine = np.array([[medium.channel == source for medium in plan.data.media]])
    planned = float((plan.spend[:weeks] * mine).sum())
    if planned <= 0:
        return None
    return shift_and_test(model, plan, source, target, amount / planned, weeks)


def _plain(totals: Columns, row: int, data: Dataset, weeks: Rows) -> Answer:
    """What a scenario changes, told from its figures alone; weeks: its own week by week."""
    settings = data.settings
    figures = {name: float(totals[name][row]) for name in _TOLD}
    sure = percent(settings.confidence)
    more, profit = (
        f"{whole(figures[name], '+')} ({sure} sure: {whole(figures[low], '+')} "
        f"to {whole(figures[high], '+')})"
        for name, low, high in (_TOLD[:3], _TOLD[3:6])
    )
    moves = any(figures[name] for name in _TOLD[:3])
    half = half_by((weeks.outcome if moves else weeks.profit).mean(axis=1), data)
    sentence = (
        f"The outcome changes by {more} {counted(settings.outcome or 'the outcome')}{half}; "
        f"the profit changes by {profit}"
        if moves
        else f"The outcome stays as it is; the profit changes by {profit}{half}"
    )
    sentence += (
        f"; less profit than under the plan has a probability of {chance(figures['prob_loss'])}"
    )
    return Answer("What would happen?", sentence, {**figures})


def _standing(plan: Plan) -> RawTable:
    """The standing questions for the channels and the plan of these data."""
    data = plan.data
    money = dict(_planned(plan))
    roles = {name: data.channels[name].role for name in money}
    first, weeks = data.horizon[0].astype("datetime64[D]").item(), len(data.horizon)
    columns = standing_questions(roles, money, first, weeks)
    return raw_table(SCENARIOS.name, columns)


def _planned(plan: Plan) -> Iterator[tuple[str, float]]:
    """Each channel that runs, and its money over the horizon."""
    by_medium = plan.spend.sum(axis=(0, 1))
    channels = [medium.channel for medium in plan.data.media]
    for name in dict.fromkeys(channels):
        yield name, float(sum(by_medium[i] for i, c in enumerate(channels) if c == name))


__all__ = ["Answers", "WhatIf", "answer_to", "answered", "what_if"]
