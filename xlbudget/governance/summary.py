"""A proposal in at most ten sentences, for a meeting."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlbudget.data.readiness import Readiness, Status
from xlbudget.governance.approvals import Approval, Approvals
from xlbudget.governance.approvals import Status as Consent
from xlbudget.governance.words import amount, listed, money_of, percent, portion, rough
from xlbudget.planning.forecast import Forecast
from xlbudget.planning.result import Allocation
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array

LONGEST = 10  # sentences
UNMOVED = 1e-4  # share of the budget below which a line stays as it is
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
        _move(allocation),
        *_gain(model, allocation),
        _forecast(model, *ahead),
        *_consent(consent),
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
        yield f"About the model: {found.verdict}. {found.sentences[-1] if found.sentences else ''}"


def _move(allocation: Allocation) -> str:
    currency = allocation.plan.data.settings.currency
    current, wanted = allocation.plan.totals, allocation.recommended.totals
    before, after = float(current.sum()), float(wanted.sum())
    change, small = wanted - current, UNMOVED * max(before, after)
    up, down = _largest(allocation, change, small), _largest(allocation, -change, small)
    total = rough(after, currency)
    if not up and not down:
        return f"Leave the budget of {total} as it is planned."
    where = " ".join([f"from {down}"] * bool(down) + [f"to {up}"] * bool(up))
    if abs(after - before) > small:
        return f"With {total} instead of {rough(before)}, move money {where}."
    moved = float(np.maximum(change, 0.0).sum())
    return f"Of the {total}, move {rough(moved, currency)}: {where}."


def _largest(allocation: Allocation, change: Array, small: float) -> str:
    """The lines that change most in this direction, with their money; change (L,)."""
    order = [int(line) for line in np.argsort(-change, kind="stable") if change[line] > small]
    return listed(
        [f"{allocation.line[line]} ({rough(float(change[line]))})" for line in order], NAMED
    )


def _gain(model: ResponseModel, allocation: Allocation) -> Iterator[str]:
    unit, settings = _unit(model, allocation), model.data.settings
    if allocation.gain > 0:
        yield (
            f"That brings {rough(allocation.gain, unit)} more than the current plan, what comes "
            f"after the horizon included (between {rough(allocation.gain_low)} and "
            f"{rough(allocation.gain_high)} with {percent(settings.confidence)} confidence)."
        )
    yield f"Verdict: {allocation.verdict}."


def _forecast(model: ResponseModel, current: Forecast, recommended: Forecast) -> str:
    low, high = recommended.total_range
    outcome = f"of {model.data.settings.outcome}"
    return (
        f"The {len(recommended.week)} weeks from {recommended.week[0]} will bring "
        f"{rough(recommended.total, outcome)} (between {rough(low)} and {rough(high)}), against "
        f"{rough(current.total)} under the current plan."
    )


def _consent(consent: Approvals) -> Iterator[str]:
    asked = consent.of(Consent.NEEDS_APPROVAL)
    changed = [line for line in consent.of(Consent.AUTOMATIC) if line.change != 0]
    if asked:
        who = listed(tuple(dict.fromkeys(name for line in asked for name in line.approvers)))
        rest = f"; {len(changed)} more go ahead without" if changed else ""
        yield f"{who} must approve {_named(asked)}{rest}."
    elif changed:
        yield "Nobody needs to approve anything: no rule asks for it."
    if stopped := consent.of(Consent.BLOCKED):
        yield f"Blocked by a rule: {_named(stopped)}."


def _named(lines: tuple[Approval, ...]) -> str:
    names = listed([line.line for line in lines], 8)
    return f"{len(lines)} change{'s' * (len(lines) != 1)} ({names})"


def _rules(model: ResponseModel, allocation: Allocation) -> Iterator[str]:
    dear = sorted(allocation.limits, key=lambda limit: -limit.cost)[:NAMED]
    if dear:
        unit = _unit(model, allocation)
        costs = [
            f"{limit.id} ({limit.rule.rule.value}{' ' * bool(limit.rule.name)}{limit.rule.name}) "
            f"{rough(limit.cost)}"
            for limit in dear
        ]
        yield f"What the rules cost, in {unit.removeprefix('of ')}: {listed(costs)}."


def _next(model: ResponseModel, allocation: Allocation) -> str:
    settings = model.data.settings
    step = portion(allocation.budget)
    worth = settings.money_per_outcome
    brings = step * allocation.next_dollar / worth if worth else 0.0
    return (
        f"The next {money_of(allocation.budget, settings.currency)} of budget would bring "
        f"{amount(brings)} of {settings.outcome}, spent where the rules leave room."
    )


def _proof(allocation: Allocation) -> str:
    gap = max(allocation.gap, 0.0)
    shown = "0.001 %" if gap < 1e-5 else f"{100 * gap:.2g} %"
    return f"No plan within the rules can be better by more than {shown}, as far as the model sees."


def _beyond(allocation: Allocation) -> Iterator[str]:
    if allocation.marks:
        yield f"Beyond anything tried so far: {listed(allocation.marks)}; raise it in steps."


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
    money = allocation.aim in ("profit", "marginal_roi")
    return settings.currency or "money" if money else f"of {settings.outcome}"
