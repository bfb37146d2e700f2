"""A proposal in at most ten sentences, for a meeting."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlbudget.data.readiness import Readiness, Status
from xlbudget.governance.approvals import Approval, Approvals
from xlbudget.governance.approvals import Status as Consent
from xlbudget.governance.ground import UNMOVED
from xlbudget.governance.words import (
    amount,
    brief,
    counted,
    distance,
    listed,
    money_of,
    percent,
    portion,
    rough,
)
from xlbudget.planning.forecast import Forecast
from xlbudget.planning.gains import MONEY_AIMS
from xlbudget.planning.result import Allocation
from xlbudget.planning.verdict import HOLD, MOVE
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array

LONGEST = 10  # sentences
NAMED = 3  # lines, rules or checks that one sentence names


def summary_of(
    model: ResponseModel,
    allocation: Allocation,
    ahead: tuple[Forecast, Forecast],
    consent: Approvals,
    ready: Readiness,
) -> tuple[str, ...]:
    """What to do, what it brings, who must agree, and where to look first.

    ahead  the forecasts of the current and of the recommended plan
    """
    sentences = (
        *_fit(model),
        _verdict(allocation),
        *_move(allocation),
        *_gain(model, allocation),
        _forecast(model, *ahead),
        *_consent(consent, allocation),
        *_rules(model, allocation),
        _next(model, allocation),
        _proof(allocation),
        *_beyond(allocation),
        *_look(ready),
    )
    return sentences[:LONGEST]


def _fit(model: ResponseModel) -> Iterator[str]:
    found = model.diagnostics
    if found.verdict != "fine":
        yield f"About the model: {found.verdict}. {' '.join(found.reasons[:1])}"


def _holds(allocation: Allocation) -> bool:
    """Whether the advice is to leave the plan as it is, whatever split would be best."""
    return allocation.verdict.startswith(HOLD)


def _advised(allocation: Allocation) -> bool:
    """Whether the split shown is what is advised as a whole."""
    return allocation.verdict.startswith(f"{MOVE}:")


def _verdict(allocation: Allocation) -> str:
    """The verdict as a sentence: `Hold the current plan: the gain is inside the noise (...).`"""
    word, _, why = allocation.verdict.partition(": ")
    lead = f"{word} {allocation.kept}" if _holds(allocation) else word
    return f"{lead.capitalize()}: {why}."


def _move(allocation: Allocation) -> Iterator[str]:
    currency = allocation.plan.data.settings.currency
    before, after = float(allocation.plan.totals.sum()), float(allocation.recommended.totals.sum())
    change, small = _change(allocation)
    up, down = _largest(allocation, change, small), _largest(allocation, -change, small)
    total = rough(after, currency)
    if not up and not down:
        yield f"Leave the budget of {total} as it is planned."
        return
    where = " ".join([f"from {down}"] * bool(down) + [f"to {up}"] * bool(up))
    split = "" if _advised(allocation) else "the split that is best on average would "
    if abs(after - before) > small:
        yield f"With {total} instead of {rough(before)}, {split}move money {where}."
        return
    moved = float(np.maximum(change, 0.0).sum())
    yield f"Of the budget of {total}, {split}move {rough(moved, currency)}: {where}."


def _change(allocation: Allocation) -> tuple[Array, float]:
    """(L,) how each line's money changes, and up to how much is no move."""
    current, wanted = allocation.plan.totals, allocation.recommended.totals
    return wanted - current, UNMOVED * float(max(current.sum(), wanted.sum()))


def _largest(allocation: Allocation, change: Array, small: float) -> str:
    """The lines that change most in this direction, with their money; change (L,)."""
    order = [int(line) for line in np.argsort(-change, kind="stable") if change[line] > small]
    return listed(
        [f"{brief(allocation.line[line])} ({rough(float(change[line]))})" for line in order], NAMED
    )


def _gain(model: ResponseModel, allocation: Allocation) -> Iterator[str]:
    unit, settings = _unit(model, allocation), model.data.settings
    change, small = _change(allocation)
    if allocation.gain > 0 and np.max(np.abs(change)) > small:
        brings = "brings" if _advised(allocation) else "would bring"
        yield (
            f"That {brings} {rough(allocation.gain, unit)} more than the current plan, what comes "
            f"after the horizon included (between {rough(allocation.gain_low)} and "
            f"{rough(allocation.gain_high)} with {percent(settings.confidence)} confidence)."
        )


def _forecast(model: ResponseModel, current: Forecast, recommended: Forecast) -> str:
    low, high = recommended.total_range
    return (
        f"The {len(recommended.week)} weeks from {recommended.week[0]} would bring "
        f"{rough(recommended.total, counted(model.data.settings.outcome))} with that split "
        f"(between {rough(low)} and {rough(high)}), against {rough(current.total)} under the "
        "current plan."
    )


def _consent(consent: Approvals, allocation: Allocation) -> Iterator[str]:
    asked = consent.of(Consent.NEEDS_APPROVAL)
    changed = [line for line in consent.of(Consent.AUTOMATIC) if line.change != 0]
    must = "must" if _advised(allocation) else "would have to"
    if asked:
        who = listed(tuple(dict.fromkeys(name for line in asked for name in line.approvers)))
        go = "goes" if len(changed) == 1 else "go"
        rest = f"; {len(changed)} more {go} ahead without" if changed else ""
        yield f"{who} {must} approve {_named(asked)}{rest}."
    elif changed:
        yield "Nobody needs to approve anything: no rule asks for it."
    stopped = consent.of(Consent.BLOCKED)
    if moved := tuple(line for line in stopped if line.change != 0):
        yield f"Blocked by a rule: {_named(moved)}."
    if still := [brief(line.line) for line in stopped if line.change == 0]:
        yield f"Against a rule as it is planned: {listed(still, 8)}."


def _named(lines: tuple[Approval, ...]) -> str:
    names = listed([brief(line.line) for line in lines], 8)
    return f"{len(lines)} change{'s' * (len(lines) != 1)} ({names})"


def _rules(model: ResponseModel, allocation: Allocation) -> Iterator[str]:
    dear = sorted(allocation.limits, key=lambda limit: -limit.cost)[:NAMED]
    if dear:
        unit = _unit(model, allocation)
        costs = [f"{limit.rule.asked} {rough(limit.cost)}" for limit in dear]
        yield f"What the rules cost, in {unit.removeprefix('of ')}: {listed(costs)}."


def _next(model: ResponseModel, allocation: Allocation) -> str:
    settings = model.data.settings
    step = portion(allocation.budget)
    worth = settings.money_per_outcome
    brings = step * allocation.next_dollar / worth if worth else 0.0
    return (
        f"The next {money_of(allocation.budget, settings.currency)} of budget would bring "
        f"{amount(brings, counted(settings.outcome))}, spent where the rules leave room."
    )


def _proof(allocation: Allocation) -> str:
    most = distance(allocation.gap)
    return f"No plan within the rules can be better by more than {most}, as far as the model sees."


def _beyond(allocation: Allocation) -> Iterator[str]:
    if allocation.marks:
        how = "; raise it in steps" if _advised(allocation) else ""
        names = listed([brief(name) for name in allocation.marks])
        yield f"Beyond anything tried so far: {names}{how}."


def _look(ready: Readiness) -> Iterator[str]:
    for status in (Status.STOP, Status.LOOK):
        found = [check for check in ready.checks if check.status is status]
        if found:
            more = f" ({len(found) - 1} more on Readiness)" if len(found) > 1 else ""
            first = found[0]
            yield f"Look first at {first.where} ({first.check}): {first.what_to_do}{more}."
            return


def _unit(model: ResponseModel, allocation: Allocation) -> str:
    settings = model.data.settings
    if allocation.aim in MONEY_AIMS:
        return settings.currency or "of money"
    return counted(settings.outcome)
