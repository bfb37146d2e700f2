"""Which lift test next: lines ranked by what a test would be worth to the split of the budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.planning.evidence_value import Choice, information_value
from xlbudget.planning.lift_designs import OFF, Design, designs
from xlbudget.planning.limits import program_of
from xlbudget.planning.objective import objective_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.task import observed_total
from xlbudget.planning.wording import percent, rough
from xlbudget.response.model import ResponseModel
from xlbudget.response.returns import interval
from xlbudget.tabular import Array, Columns, Tabular

POINTS = 33  # of each line's curve
TRIED = 3  # designs of a line whose worth is worked out: the cheapest that would show its effect
LOOKED_AT = 30  # lines
NOTHING = 1e-4  # share of the plan's value below which a test is worth nothing


@dataclass(frozen=True)
class NextTests(Tabular):
    """N lines, the test most worth doing first.

    worth           outcome that the best split of the next horizon gains on average when the
                    result is known; it is gained again in every horizon in which it still holds
    size            share of the line's planned spend taken away (-1: switched off) or added
    weeks           length
    where           regions, or everywhere
    budget          money that the test adds; below 0: that it saves
    standard_error  of the outcome that it would measure
    why             in plain words
    """

    line: tuple[str, ...]
    worth: Array
    size: Array
    weeks: NDArray[np.intp]
    where: tuple[str, ...]
    budget: Array
    standard_error: Array
    why: tuple[str, ...]

    def columns(self) -> Columns:
        """line, worth, size, weeks, where, budget, standard_error, why."""
        return dict(vars(self))


def next_tests(model: ResponseModel, plan: Plan, guardrails: Sequence[Guardrail] = ()) -> NextTests:
    """For each line the lift test that suits it and what its result would be worth.

    The worth is that of a better split of the plan's budget, each line staying within the bounds
    that guardrails set for it alone and within what was ever observed; rules on several lines
    together are left aside, so a worth may be a little high. Of many lines only the 30 are looked
    at whose value is least sure.
    """
    data = model.data
    choice = choice_of(model, plan, tuple(guardrails))
    unsure = np.argsort(-choice.value.std(axis=0).max(axis=1), kind="stable")[:LOOKED_AT]
    by_line: dict[int, list[Design]] = {}
    for design in designs(model, plan):
        if design.line in unsure:
            by_line.setdefault(design.line, []).append(design)
    price = _price(choice)
    rows = []
    for _, tests in sorted(by_line.items()):
        found = [
            (information_value(choice, d.lift, d.standard_error), d)
            for d in _suitable(tests, price)
        ]
        rows.append(max(found, key=lambda each: each[0] - _cost(each[1], price)))
    rows.sort(key=lambda row: -row[0])
    return NextTests(
        line=tuple(data.lines[design.line].name for _, design in rows),
        worth=np.array([worth for worth, _ in rows]),
        size=np.array([design.size for _, design in rows]),
        weeks=np.array([design.weeks for _, design in rows], dtype=np.intp),
        where=tuple(", ".join(design.regions) or "everywhere" for _, design in rows),
        budget=np.array([design.money for _, design in rows]),
        standard_error=np.array([design.standard_error for _, design in rows]),
        why=tuple(_why(plan, choice, worth, design) for worth, design in rows),
    )


def choice_of(model: ResponseModel, plan: Plan, rules: tuple[Guardrail, ...]) -> Choice:
    """The plan's budget, each line between its own bounds."""
    budget = float(plan.totals.sum())
    program = program_of(plan, rules, (budget, budget))
    caps = np.maximum(plan.totals, observed_total(model, plan))
    high = np.maximum(np.minimum(program.high, caps), program.low)
    spend = np.linspace(program.low, high, POINTS, axis=1)
    value, _ = objective_of(model, plan, budget or 1.0, False).draws(spend)
    return Choice(spend, value, budget)


def _price(choice: Choice) -> float:
    """What the next unit of money brings in the best split of today."""
    mean, step = choice.value.mean(axis=0, keepdims=True), 0.01 * choice.budget
    more = Choice(choice.spend, choice.value, choice.budget + step)
    gain = more.worth(mean, more.best(mean)) - choice.worth(mean, choice.best(mean))
    return max(float(gain[0]) / step, 0.0) if step > 0 else 0.0


def _cost(design: Design, price: float) -> float:
    """Outcome that is lost while the test runs, money saved being worth its price."""
    return max(price * design.money - float(design.lift.mean()), 0.0)


def _suitable(tests: Sequence[Design], price: float) -> list[Design]:
    """The cheapest designs that would show the expected effect; else the one that shows it best."""
    showing = [design for design in tests if design.shows]
    if not showing:
        return [max(tests, key=lambda d: abs(float(d.lift.mean())) / max(d.standard_error, 1e-300))]
    return sorted(showing, key=lambda d: (_cost(d, price), abs(d.money)))[:TRIED]


def _why(plan: Plan, choice: Choice, worth: float, design: Design) -> str:
    """What is not known of the line, the test, what it would show, and what that is worth."""
    data = plan.data
    totals, name = plan.totals[None], data.line_names[design.line]
    own = Choice(choice.spend[[design.line]], choice.value[:, [design.line]], 0.0)
    value = own.worth(own.value, totals[:, [design.line]])
    low, high = (rough(float(end)) for end in interval(value, data.settings.confidence))
    regions = design.regions
    names = " and ".join(regions) if len(regions) <= 2 else f"{len(regions)} regions"
    where = f" in {names}" if regions else ""
    if design.size <= OFF:
        what = f"Switched off{where}"
    else:
        how = "more" if design.size > 0 else "less"
        money = rough(abs(design.money))
        what = f"With {percent(round(abs(design.size), 2))} {how} spend ({money}){where}"
    effect = float(design.lift.mean())
    moved = f"{'add' if effect > 0 else 'lose'} {rough(abs(effect))}"
    missed = "" if design.shows else ", which one test may miss"
    known = (
        f"knowing it, the split gains {rough(worth)} on average"
        if worth > NOTHING * abs(float(choice.value.mean(axis=0)[:, -1].sum()))
        else "hardly any result would change the split"
    )
    return (
        f"{name} brings {low} to {high} as planned. {what} for {design.weeks} weeks it should "
        f"{moved} (standard error {rough(design.standard_error)}){missed}; {known}."
    )
