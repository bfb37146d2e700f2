"""What holds in the horizon once a scenario's changes are made, in row order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.findings import Finding, Place, Severity
from xlbudget.planning.plan import Plan
from xlbudget.planning.plan_spread import usual_share
from xlbudget.planning.rules import labels_of, names_of
from xlbudget.planning.scenarios.change import SPLIT_ANEW, Change, How, Scenario, What
from xlbudget.response.adstock import TAIL
from xlbudget.tabular import Array

Mask = NDArray[np.bool_]
EXACT = 1e-12  # share by which a figure may differ that nothing has changed
ROUNDING = 1e-9  # below 0 by no more than that is 0


@dataclass(frozen=True)
class Conditions:
    """Money, prices and effects of the horizon; T = H + TAIL weeks.

    spend     (H, R, M) money a week
    cost      (H, R, M) price of media, 1 is today's: the same money buys 1 / cost of the media
    response  (T, R, M) effect of media, 1 is as fitted
    worth     (T, R, M) money per outcome, before the margin
    controls  (W + H, R, C) as in Dataset
    """

    spend: Array
    cost: Array
    response: Array
    worth: Array
    controls: Array

    @property
    def media(self) -> Array:
        """(H, R, M) media bought, in today's money: what the response works on."""
        return np.asarray(self.spend / self.cost)


Split = Callable[[Conditions, Change], Array]
"""Conditions and a change of budget or goal -> money a week (H, R, M), split anew."""


def as_planned(plan: Plan) -> Conditions:
    """The plan as it stands, in the world as it was fitted."""
    data = plan.data
    long = (len(data.horizon) + TAIL, *plan.spend.shape[1:])
    return Conditions(
        plan.spend,
        np.ones_like(plan.spend),
        np.ones(long),
        np.full(long, data.settings.value_per_outcome),
        data.controls,
    )


def under(
    plan: Plan, scenario: Scenario, split: Split, named: Callable[[Place], str] = str
) -> tuple[Conditions, tuple[Finding, ...]]:
    """Conditions after a scenario's changes, and what was impossible, combined or below zero.

    named  spells a place as the person sees it
    """
    now = as_planned(plan)
    findings: list[Finding] = []
    for index, change in enumerate(scenario.changes):
        findings += _combined(plan.data, change, scenario.changes[:index], named)
        if _falls_below_zero(plan.data, now, change):
            findings.append(_below_zero(change, scenario.name))
        elif change.what in SPLIT_ANEW:
            now = replace(now, spend=split(now, change))
        else:
            now = _APPLY[change.what](plan.data, now, change)
    return _settled(as_planned(plan), now), tuple(findings)


def _settled(planned: Conditions, now: Conditions) -> Conditions:
    """The same conditions, exactly as planned where changes have undone each other."""
    settled = {}
    for part in fields(Conditions):
        old, new = getattr(planned, part.name), getattr(now, part.name)
        changed = np.abs(new - old) > EXACT * np.abs(old)
        settled[part.name] = np.where(changed, new, old) if changed.any() else old
    return Conditions(**settled)


def reach(data: Dataset, change: Change, weeks: int) -> Mask:
    """(weeks,) whether a change holds: a week counts if any of its days lies in from..to."""
    first = data.horizon[0] + WEEK * np.arange(weeks)
    held = np.ones(weeks, dtype=bool)
    if change.start is not None:
        held &= first + (WEEK - np.timedelta64(1, "D")) >= change.start
    if change.end is not None:
        held &= first <= change.end
    return held


def parts(data: Dataset, change: Change) -> tuple[Mask, ...]:
    """(R, M) of the parts of the budget that a change is about: the named one, or each."""
    if change.scope == "total":
        return (data.line_of >= 0,)
    labels = labels_of(data, change.scope)
    chosen = (change.name,) if change.name else names_of(data, change.scope)
    return tuple(np.asarray(labels == name, dtype=bool) for name in chosen)


def _spend(data: Dataset, now: Conditions, change: Change) -> Conditions:
    """% of each week's money; an amount or a total is shared as the plan is."""
    spend, weeks = now.spend.copy(), reach(data, change, len(now.spend))
    for cells in parts(data, change):
        where = weeks[:, None, None] & cells
        planned = float(spend[where].sum())
        wanted = float(change.of(planned))
        wanted = 0.0 if abs(wanted) <= ROUNDING * planned else wanted  # all of it is all of it
        if planned > 0:
            spend[where] *= wanted / planned
        else:
            spend += where * usual_share(data, cells) * (wanted / max(int(weeks.sum()), 1))
    return replace(now, spend=spend)


def _factor(part: str) -> Callable[[Dataset, Conditions, Change], Conditions]:
    """Cost, response and outcome value change cell by cell and week by week."""

    def apply(data: Dataset, now: Conditions, change: Change) -> Conditions:
        values = getattr(now, part)
        weeks = reach(data, change, len(values))[:, None, None]
        cells = np.any(parts(data, change), axis=0)
        return replace(now, **{part: np.where(weeks & cells, change.of(values), values)})

    return apply


def _control(data: Dataset, now: Conditions, change: Change) -> Conditions:
    controls = now.controls.copy()
    which = data.control_names.index(change.name)
    ahead = controls[len(data.weeks) :, :, which]
    weeks = reach(data, change, len(ahead))[:, None]
    controls[len(data.weeks) :, :, which] = np.where(weeks, change.of(ahead), ahead)
    return replace(now, controls=controls)


_APPLY: Mapping[What, Callable[[Dataset, Conditions, Change], Conditions]] = {
    What.SPEND: _spend,
    What.COST: _factor("cost"),
    What.RESPONSE: _factor("response"),
    What.WORTH: _factor("worth"),
    What.CONTROL: _control,
}


def _falls_below_zero(data: Dataset, now: Conditions, change: Change) -> bool:
    """Whether a change would leave a price of 0 or less, or less than nothing of anything else."""
    if change.what is What.CONTROL:
        return False
    if change.what is What.BUDGET:
        return change.of(float(now.spend.sum())) < 0
    if change.what is What.GOAL:
        return change.how is not How.AMOUNT and change.of(1.0) < 0
    changed = getattr(_APPLY[change.what](data, now, change), _PART[change.what])
    least = float(changed.min(initial=np.inf))
    return least <= 0 if change.what is What.COST else least < -ROUNDING


_PART: Mapping[What, str] = {
    What.SPEND: "spend",
    What.COST: "cost",
    What.RESPONSE: "response",
    What.WORTH: "worth",
}


def _combined(
    data: Dataset, change: Change, earlier: tuple[Change, ...], named: Callable[[Place], str]
) -> Iterator[Finding]:
    """Say so where an earlier row of the scenario changed the same thing in the same weeks."""
    weeks = len(data.horizon) + TAIL
    for other in earlier:
        if other.what is not change.what or change.what in SPLIT_ANEW:
            continue
        if change.what is What.CONTROL:
            same = other.name == change.name
        else:
            mine, theirs = (np.any(parts(data, each), axis=0) for each in (change, other))
            same = bool((mine & theirs).any())
        if same and bool((reach(data, change, weeks) & reach(data, other, weeks)).any()):
            row = "an earlier row" if other.place.row is None else named(other.place)
            yield Finding(
                "scenario-combined",
                change.place,
                f"{change.title} was changed by {row} already; this row works on what that left",
                "nothing to do if that is meant; else keep one of the two",
                Severity.NOTE,
            )
            return


def _below_zero(change: Change, scenario: str) -> Finding:
    return Finding(
        "scenario-below-zero",
        change.place,
        f"{scenario}: {change.title} would fall "
        + ("to 0 or below" if change.what is What.COST else "below 0"),
        "take away less than there is",
    )
