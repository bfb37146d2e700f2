"""The best plan close to one already good: Newton's steps along the limits that it has reached.

What the search finds depends on where its tables have points; what is found here does not, so
that the same question in other units, or in another order, gets the same digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.planning.program import Program
from xlbudget.planning.simplex import Flags
from xlbudget.planning.table import Tabulate
from xlbudget.tabular import Array

AT = 1e-7  # scaled money within which a limit is reached
APART = 1e-5  # scaled money over which the bend of a curve is measured
FLAT = 1e-6  # a curve that bends less counts as bent this much
FAR = 0.05  # scaled money that no line moves by at once
STILL = 1e-12  # scaled money and value below which there is nothing to gain
STEPS = 40
HALVINGS = 4


@dataclass(frozen=True)
class Rows:
    """Limits as rows: matrix @ spend stays on one side of `side` (R,).

    sign  (R,) 1: not above it; -1: not below it; 0: on it
    """

    matrix: Array
    side: Array
    sign: Array


@dataclass(frozen=True)
class Place:
    """A plan (L,), its value, and the lines' slopes less the cost of money and bends there."""

    spend: Array
    value: float
    slope: Array
    bend: Array


def polished(
    program: Program, spend: Array, tabulate: Tabulate, weights: Array, cost: float
) -> Array:
    """(L,) a plan where free lines share one marginal return, not worse than `spend`."""
    low, high = _box(program, spend)
    rows = _rows(program, spend)
    stuck = (spend <= low) | (spend >= high)
    reached = (np.abs(rows.matrix @ spend - rows.side) <= AT) | (rows.sign == 0)
    here = _place(spend, low, high, tabulate, weights, cost)
    for _ in range(STEPS):
        step, prices = _newton(rows, here, reached, stuck)
        if np.abs(step).max(initial=0.0) <= STILL:
            if not _released(rows, here, prices, low, high, reached, stuck):
                break
            continue
        share, row, line = _room(rows, here.spend, step, low, high, reached)
        worth = prices @ rows.matrix  # what coming back to a limit that is passed a trace may cost
        there = None
        for halving in 0.5 ** np.arange(HALVINGS):
            moved = np.clip(here.spend + share * halving * step, low, high)
            there = _place(moved, low, high, tabulate, weights, cost)
            lost = here.value - there.value + float(worth @ (there.spend - here.spend))
            if lost <= STILL:
                break
        assert there is not None
        if lost > STILL:
            break
        here = there
        if halving == 1.0 and row >= 0:
            reached[row] = True
        if halving == 1.0 and line >= 0:
            stuck[line] = True
    return here.spend


def _box(program: Program, spend: Array) -> tuple[Array, Array]:
    """The lines' ranges as long as lots, what is off, and what goes up or down stay as they are."""
    low, high = program.low, program.high
    fixed = program.lots > 0
    for switch in program.switches:
        if float(switch.weights @ spend) < switch.minimum / 2:
            fixed = fixed | (switch.weights > 0)
    for limit in program.limits:
        if limit.around is not None:
            turns = limit.weights != 0
            low = np.where(turns & (spend >= limit.around - AT), np.maximum(low, limit.around), low)
            high = np.where(
                turns & (spend <= limit.around + AT), np.minimum(high, limit.around), high
            )
    low, high = np.where(fixed, spend, low), np.where(fixed, spend, high)
    return low, np.maximum(low, high)


def _rows(program: Program, spend: Array) -> Rows:
    """Every end of a limit, and the minimum of what is on."""
    found: list[tuple[Array, float, float]] = []
    for limit in program.limits:
        way, fixed = limit.weights, 0.0
        if limit.around is not None:
            way = limit.weights * np.where(spend >= limit.around, 1.0, -1.0)
            fixed = float(way @ limit.around)
        ends = [(limit.low, -1.0), (limit.high, 1.0)]
        if limit.low == limit.high:
            ends = [(limit.low, 0.0)]
        found += [(way, end + fixed, sign) for end, sign in ends if np.isfinite(end)]
    found += [
        (switch.weights, switch.minimum, -1.0)
        for switch in program.switches
        if float(switch.weights @ spend) >= switch.minimum / 2
    ]
    matrix = np.array([way for way, _, _ in found]).reshape(len(found), len(spend))
    return Rows(matrix, np.array([end for _, end, _ in found]), np.array([s for _, _, s in found]))


def _place(
    spend: Array, low: Array, high: Array, tabulate: Tabulate, weights: Array, cost: float
) -> Place:
    """The bend by differences of the slopes on both sides, within the range."""
    near = np.stack([spend - APART, spend, spend + APART], axis=1)
    near = np.clip(near, np.minimum(low, spend)[:, None], np.maximum(high, spend)[:, None])
    found = tabulate(near)
    value, slope = weights @ found.value[:, :, 1], np.tensordot(weights, found.slope, 1)
    apart = near[:, 2] - near[:, 0]
    bend = np.divide(slope[:, 2] - slope[:, 0], apart, out=np.zeros(len(spend)), where=apart > 0)
    net = float(value.sum()) - cost * float(spend.sum())
    return Place(spend, net, slope[:, 1] - cost, bend)


def _newton(rows: Rows, here: Place, reached: Flags, stuck: Flags) -> tuple[Array, Array]:
    """The step (L,) to the top of the curves' parabolas along the rows reached; prices (R,)."""
    give = np.where(stuck, 0.0, 1.0 / np.maximum(np.abs(here.bend), FLAT))
    held = rows.matrix[reached]
    missing = rows.side[reached] - held @ here.spend
    prices = np.zeros(len(rows.side))
    if len(held):
        system = (held * give) @ held.T
        wanted = held @ (give * here.slope) - missing
        prices[reached] = np.linalg.lstsq(system, wanted, rcond=1e-12)[0]
    return give * (here.slope - prices @ rows.matrix), prices


def _released(
    rows: Rows,
    here: Place,
    prices: Array,
    low: Array,
    high: Array,
    reached: Flags,
    stuck: Flags,
) -> bool:
    """Let go, in place, of the one limit or range end that costs most; False where none does."""
    pull = here.slope - prices @ rows.matrix
    gain = np.where(stuck & (high > low), np.where(here.spend == low, pull, -pull), 0.0)
    wrong = np.where(reached, -prices * rows.sign, 0.0)
    if max(gain.max(initial=0.0), wrong.max(initial=0.0)) <= STILL:
        return False
    if gain.max(initial=0.0) >= wrong.max(initial=0.0):
        stuck[gain.argmax()] = False
    else:
        reached[wrong.argmax()] = False
    return True


def _room(
    rows: Rows, spend: Array, step: Array, low: Array, high: Array, reached: Flags
) -> tuple[float, int, int]:
    """The share of the step that is allowed, and the row or line that stops it, -1 for none."""
    whole = min(1.0, FAR / float(np.abs(step).max()))
    change = rows.matrix @ step
    ahead = ~reached & (change * rows.sign > 0)
    gap = rows.side - rows.matrix @ spend
    left = np.divide(gap, change, out=np.full(len(change), np.inf), where=ahead)
    left = np.maximum(left, 0.0)
    ends = np.where(step > 0, high, low) - spend
    reach = np.divide(ends, step, out=np.full(len(step), np.inf), where=step != 0)
    row, line = left.min(initial=np.inf), reach.min(initial=np.inf)
    if whole < min(row, line):
        return whole, -1, -1
    if row <= line:
        return row, int(left.argmin()), -1
    return line, -1, int(reach.argmin())
