"""Rules that cannot all hold: the smallest set of them, and the cheapest way out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from xlbudget.planning.blends import Rows, linear_optimum
from xlbudget.planning.linear import Index, Linear
from xlbudget.planning.program import Program
from xlbudget.planning.relaxation import columns_of
from xlbudget.tabular import Array

MOST = 1e4  # scaled money that no line exceeds where nothing else limits it


def feasible(program: Program) -> bool:
    """Whether some plan keeps every limit, switch and lot."""
    return _fits(program, MOST) or _least_change(program, owners_of(program), None) is not None


def owners_of(program: Program) -> tuple[str, ...]:
    """Ids of everything that limits the plan, in order."""
    named = [limit.owner for limit in program.limits]
    return tuple(dict.fromkeys(named + [switch.owner for switch in program.switches]))


def smallest_conflict(program: Program) -> tuple[str, ...]:
    """Ids that cannot all hold while any one less could; by leaving out one after another."""
    kept = list(owners_of(program))
    for owner in tuple(kept):
        fewer = [other for other in kept if other != owner]
        if _least_change(program, fewer, None) is None:
            kept = fewer
    return tuple(kept)


def least_change(program: Program, owner: str) -> float | None:
    """Scaled money by which this one must give way so that the rest holds; None: it cannot."""
    return _least_change(program, owners_of(program), owner)


def room_for(program: Program, caps: Array) -> Array:
    """The caps (L,) where some plan keeps them, else raised alike until some plan does."""
    if _fits(program, caps):
        return caps
    if _fits(program, MOST) is False:
        return program.high
    model, spend = _model(program, owners_of(program), None)
    raised = model.variables(1, gain=-1.0)
    steps = np.maximum(caps, 1e-3 * max(float(caps.max(initial=0.0)), 1e-3))
    for line in np.flatnonzero(np.isfinite(caps)):
        model.row(
            -np.inf, caps[line], (spend[[line]], np.ones(1)), (raised, -steps[line] * np.ones(1))
        )
    found = model.maximise()
    if found is None:
        return program.high
    share = float(found.at[raised[0]])
    return caps if share < 1e-9 else caps + 2.0 * share * steps


def totals(program: Program) -> tuple[float, float]:
    """Least and most that can be spent in all."""
    ends = []
    for sign in (-1.0, 1.0):
        model, spend = _model(program, owners_of(program), None, gain=sign)
        for line in map(int, np.flatnonzero(np.isfinite(program.high))):
            model.row(program.low[line], program.high[line], (spend[[line]], np.ones(1)))
        found = model.maximise()
        ends.append(np.nan if found is None else sign * found.bound)
    return ends[0], ends[1]


def _fits(program: Program, caps: Array | float) -> bool | None:
    """Whether a plan below the caps (L,) keeps the limits; None: only a general solver can tell.

    Most programs fit, and this takes a tenth of that solver's time without its import.
    """
    if program.whole:
        return None
    columns = columns_of(program)
    nothing = np.zeros(len(program.low))
    box = np.stack(columns.between(nothing, np.minimum(nothing + MOST, caps)), axis=1)
    rows = Rows(columns.matrix, columns.low, columns.high)
    found = linear_optimum(np.zeros(len(box)), box - columns.origin[:, None], rows)
    return False if found is None else found.kept or None


def _least_change(program: Program, owners: Collection[str], loose: str | None) -> float | None:
    model, _ = _model(program, owners, loose)
    try:
        found = model.maximise()
    except TimeoutError:
        return 0.0
    return None if found is None else max(-found.bound, 0.0)


def _model(
    program: Program, owners: Collection[str], loose: str | None, gain: float = 0.0
) -> tuple[Linear, Index]:
    """Spend limited by these owners' rules; those of `loose` may give way at a price of 1."""
    model = Linear()
    lines = len(program.low)
    spend = model.variables(lines, MOST, gain)
    gives = model.variables(1, np.inf if loose else 0.0, -1.0)
    one = np.ones(1)
    for limit in program.limits:
        if limit.owner not in owners:
            continue
        terms: Sequence[tuple[Index, Array]] = [(spend, limit.weights)]
        if limit.around is not None:
            up, down = model.variables(lines), model.variables(lines)
            for line in range(lines):
                model.row(
                    limit.around[line],
                    limit.around[line],
                    (spend[[line]], one),
                    (up[[line]], -one),
                    (down[[line]], one),
                )
            terms = [(up, limit.weights), (down, limit.weights)]
        give = one if limit.owner == loose else 0 * one
        if np.isfinite(limit.low):
            model.row(limit.low, np.inf, *terms, (gives, give))
        if np.isfinite(limit.high):
            model.row(-np.inf, limit.high, *terms, (gives, -give))
    for switch in program.switches:
        if switch.owner in owners:
            on = model.variables(1, 1.0, whole=True)
            give = one if switch.owner == loose else 0 * one
            model.row(
                0.0, np.inf, (spend, switch.weights), (on, -switch.minimum * one), (gives, give)
            )
            model.row(-np.inf, 0.0, (spend, switch.weights), (on, -MOST * lines * one))
    for line in map(int, np.flatnonzero(program.lots)):
        count = model.variables(1, np.ceil(MOST / program.lots[line]), whole=True)
        model.row(0.0, 0.0, (spend[[line]], one), (count, -program.lots[line] * one))
    return model, spend
