"""The best allocation of the budget under all guardrails, with its certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.errors import BadArgument, Impossible
from xlbudget.planning.best_spend import best_spend
from xlbudget.planning.found import Found, judged
from xlbudget.planning.gains import MONEY_AIMS, Gains, gains_of, settled
from xlbudget.planning.least_budget import least_budget
from xlbudget.planning.limits import FREE, Budget
from xlbudget.planning.objective import cautious, expected
from xlbudget.planning.plan import Plan
from xlbudget.planning.prices import bindings, next_unit, priced
from xlbudget.planning.program import KEPT
from xlbudget.planning.result import Allocation, Binding, beyond_observed
from xlbudget.planning.rules import Guardrail, Rule
from xlbudget.planning.sure import sure_plan
from xlbudget.planning.task import Task, require_a_plan, task_of
from xlbudget.planning.verdict import (
    IN_PART,
    NOTHING_LEFT,
    PLAN,
    SPLIT,
    pays,
    safe,
    verdict_of,
    warned,
)
from xlbudget.response.model import ResponseModel
from xlbudget.tables import AIMS, RISKS
from xlbudget.tabular import Array

SAME = 1e-6  # share by which two budgets may differ and still be one


def optimise(
    model: ResponseModel,
    plan: Plan,
    budget: float | None = None,
    guardrails: Sequence[Guardrail] = (),
    aim: str = "outcome",
    risk: str = "expected",
    target: float | None = None,
    seconds: float | None = None,
) -> Allocation:
    """The allowed split of the budget that is best for the aim.

    budget   money of the horizon; None keeps the plan's total. With the aims profit and
             marginal_roi it is the most that may be spent, None: no limit. Ignored with target
    aim      outcome: the most from a fixed budget; profit: value in money less spend;
             marginal_roi: spend as long as the next unit brings back `target` (default 1);
             target: the least budget whose plan is worth `target` in units of the outcome
    risk     how the draws are judged: expected, cautious or sure
    seconds  after which the best plan so far is returned with its true gap; None: the search ends
             by the work it has done, the same on every machine

    Raises ConflictingGuardrails where no plan keeps all rules, Impossible where the target is out
    of reach, BadArgument for what cannot be meant.
    """
    asked = _asked(model, plan, budget, tuple(guardrails), aim, risk, target, seconds)
    found = asked.task.certified(asked.span, asked.base)
    if risk == "sure":
        found = _judged(asked.task, _sure(asked, found, proved=True))
    return _allocation(asked, found)


def recommended(
    model: ResponseModel,
    plan: Plan,
    budget: float | None = None,
    guardrails: Sequence[Guardrail] = (),
    aim: str = "outcome",
    risk: str = "expected",
    target: float | None = None,
) -> Plan:
    """The plan that `optimise` recommends, as far as the tabulated curves tell.

    For a question that asks nothing else: no certificate, no prices and no verdict, in less than
    half of the time.
    """
    asked = _asked(model, plan, budget, tuple(guardrails), aim, risk, target)
    best = _sure(asked, asked.base, proved=False) if risk == "sure" else asked.base
    return plan.scaled(settled(asked.task, best))


@dataclass(frozen=True)
class _Asked:
    """What is asked, the budget that it may spend, and the best plan on the smooth curves."""

    task: Task
    span: Budget
    base: Found
    aim: str
    risk: str


def _asked(
    model: ResponseModel,
    plan: Plan,
    budget: float | None,
    rules: tuple[Guardrail, ...],
    aim: str,
    risk: str,
    target: float | None = None,
    seconds: float | None = None,
) -> _Asked:
    _check(plan, budget, aim, risk, target)
    total = float(plan.totals.sum())
    if aim == "outcome":
        fixed = total if budget is None else float(budget)
        span: Budget = (fixed, fixed)
    else:
        span = FREE if budget is None or aim == "target" else (0.0, float(budget))
    require_a_plan(plan, rules, span)
    hurdle = {"profit": 1.0, "marginal_roi": 1.0 if target is None else target}.get(aim, 0.0)
    money = span[1] if 0 < span[1] < np.inf else total
    weigh = cautious if risk == "cautious" else expected
    task = task_of(model, plan, rules, money, weigh, risk != "cautious", hurdle, seconds)
    if aim == "target":
        assert target is not None
        span = least_budget(task, target)
    base = task.solve(span)
    if base is None:
        raise Impossible("no allowed plan was found with the work allowed")
    return _Asked(task, span, base, aim, risk)


def _check(plan: Plan, budget: float | None, aim: str, risk: str, target: float | None) -> None:
    if aim not in AIMS:
        raise BadArgument(f"aim is '{aim}'; choose one of {', '.join(AIMS)}")
    if risk not in RISKS:
        raise BadArgument(f"risk is '{risk}'; choose one of {', '.join(RISKS)}")
    if budget is not None and not (np.isfinite(budget) and budget >= 0):
        raise BadArgument(f"the budget is {budget}; it must be 0 or more")
    if aim == "target" and target is None:
        raise BadArgument("aim 'target' needs a target: the value that the plan has to reach")
    if target is not None and not (np.isfinite(target) and target >= 0):
        raise BadArgument(f"the target is {target}; it must be 0 or more")
    if not plan.data.lines:
        raise BadArgument("there is no line to spend on")


def _reference(task: Task, found: Found, aim: str) -> Array:
    """(L,) what a plan is compared with to judge whether to move, in scaled money.

    The current plan; where another budget is asked for, its split of that budget.
    """
    now = task.current
    if aim in MONEY_AIMS or now.sum() == 0:
        return now
    share = float(found.spend.sum() / now.sum())
    return now * share if abs(share - 1.0) > SAME else now


def _sure(asked: _Asked, best: Found, proved: bool) -> Found:
    """The sure plan; where none is sure to do better than to stay, that if allowed, else the best.

    proved  whether its bound counts that a plan must be safe, which takes as long again
    """
    task, now = asked.task, _reference(asked.task, best, asked.aim)
    sure = sure_plan(task, asked.span, best, now, task.plan.data.settings.confidence, proved)
    if sure is not None:
        return sure
    return replace(best, spend=now) if task.program(asked.span).misses(now) <= KEPT else best


def _judged(task: Task, plan: Found) -> Found:
    """The plan valued by the model's own curves; its bound stays."""
    found, _, _ = judged(plan.spend, task.objective, task.weigh, task.hurdle)
    return replace(found, bound=plan.bound)


def _allocation(asked: _Asked, found: Found) -> Allocation:
    task, base, span = asked.task, asked.base, asked.span
    plan, settings = task.plan, task.plan.data.settings
    now = _reference(task, found, asked.aim)
    gains = gains_of(task, found, now, asked.aim)
    held = PLAN if np.array_equal(now, task.current) else SPLIT
    verdict, sure = _verdict(asked, now, gains, held)
    low, high = gains.ranges(settings.confidence)
    advised = plan.scaled(gains.totals)
    counted, solved = priced(task, found, base, span)
    at = base.spend if found.counts is None else found.spend
    limits: tuple[Binding, ...] = bindings(counted, solved, span, gains.worth, at)
    made = Allocation(
        plan=plan,
        recommended=advised,
        aim=asked.aim,
        risk=asked.risk,
        budget=float(gains.totals.sum()),
        value=found.value * gains.worth,
        bound=max(found.bound, found.value) * gains.worth,
        gain=float(gains.total.mean()),
        gain_low=float(low[-1]),
        gain_high=float(high[-1]),
        prob_better=float((gains.total > 0).mean() + 0.5 * (gains.total == 0).mean()),
        next_dollar=next_unit(counted, float(gains.totals.sum())) * settings.money_per_outcome,
        verdict=verdict,
        in_part=None if sure is None else plan.scaled(sure.spend * task.objective.money),
        short=float(gains.short.sum()),
        long=float((gains.outcome - gains.short).sum()),
        gain_draws=gains.by_line,
        now_draws=gains.now,
        low=low[:-1],
        high=high[:-1],
        marginal_roi=gains.slope * settings.money_per_outcome,
        limits=limits,
        best_spend=best_spend(task, span, found.spend if asked.risk == "expected" else base.spend),
        marks=beyond_observed(task.objective.model, advised),
        kept=held,
    )
    return replace(made, verdict=warned(made.verdict, made.gap))


def _verdict(asked: _Asked, now: Array, gains: Gains, held: str) -> tuple[str, Found | None]:
    """The verdict in words, and the sure plan where that is what it advises.

    now (L,): scaled money if nothing moves, which is called `held`.
    """
    task, span = asked.task, asked.span
    if span[1] == 0 < task.plan.totals.sum():
        return NOTHING_LEFT, None
    confidence = task.plan.data.settings.confidence
    broken = _broken(task, span, now)
    sure = None
    worthwhile = asked.risk == "expected" and not broken and pays(gains.moved, gains.stays)
    if worthwhile and not safe(gains.moved, confidence):
        sure = sure_plan(task, span, asked.base, now, confidence, proved=False)
    share = _kept_by(task, sure, asked.base, now)
    verdict = verdict_of(gains.moved, confidence, broken, share, asked.risk, gains.stays, held)
    return verdict, sure if verdict.startswith(IN_PART) else None


def _broken(task: Task, span: Budget, now: Array) -> tuple[str, ...]:
    """What forbids `now` (L,), as people name it; empty where it may stay."""
    program = task.program(span)
    if program.misses(now) <= KEPT:
        return ()
    owners = {limit.owner for limit in program.limits if limit.misses(now) > KEPT}
    owners |= {switch.owner for switch in program.switches if switch.misses(now) > KEPT}
    named = [rule.asked for rule in task.rules if rule.id in owners]
    if not named:
        named = [rule.asked for rule in task.rules if rule.rule is Rule.ROUND_TO]
    return tuple(dict.fromkeys(named)) or (
        "the budget" if owners else "what was ever spent in a week",
    )


def _kept_by(task: Task, sure: Found | None, base: Found, now: Array) -> float | None:
    """The share of the best plan's expected gain over `now` (L,) that the sure plan keeps."""
    if sure is None:
        return None
    start = _judged(task, replace(base, spend=now)).value
    return (sure.value - start) / max(base.value - start, 1e-12)


__all__ = ["Allocation", "optimise", "recommended"]
