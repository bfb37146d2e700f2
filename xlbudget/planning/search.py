"""The best allowed plan with its certificate: relaxed problem, finer tables, finer pieces.

Each round solves the relaxed problem (an upper bound), evaluates the true curves at its
allocation (an allowed plan), and refines tables and pieces where the two differ.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.planning.envelope import envelope
from xlbudget.planning.linear import MIP_GAP
from xlbudget.planning.master import pieces_of, relaxed
from xlbudget.planning.program import BUDGET, Program
from xlbudget.planning.table import Table, Tabulate, tabulated
from xlbudget.tabular import Array

Weigh = Callable[[Array], Array]
"""Draws of the plan's value (D,) -> weights (D,) under which risk judges it."""

CERTIFIED = 5e-5  # gap at which a certificate is good enough, as a share of the value
FINE = 1e-8  # gap at which more rounds are not worth it, as a share of the value
TIGHT = 4e-4  # the same where pieces are being told apart
ROUGH = 0.1  # whole numbers are settled to this share of the gap at hand
WORTH = 0.1  # share of the gap for which a line is cut in two
ROUNDS = 40
NEAR = (0.05, 0.01, 0.002)  # scaled money about a plan in which it is polished
POLISH = 4  # rounds of it
KEPT = 1e-7  # scaled money by which the solver may miss a limit


@dataclass(frozen=True)
class Found:
    """The best plan found, in scaled units.

    spend (L,); draws (D, L) value of each line there; value and bound are less the cost of money;
    splits: where the lines' ranges had to be cut into pieces
    """

    spend: Array
    draws: Array
    value: float
    bound: float
    splits: tuple[tuple[float, ...], ...] = ()


def search(
    program: Program,
    tabulate: Tabulate,
    weigh: Weigh,
    cost: float,
    seconds: float,
    starts: Iterable[Array] = (),
    wide: Table | None = None,
    enough: float = FINE,
    pieces: Sequence[Sequence[float]] = (),
    rounds: int = ROUNDS,
) -> Found | None:
    """The allowed plan with the highest value less cost x spend; None where none is allowed.

    starts  plans (L,) that may be better than what the rounds find; those allowed are tried
    wide    a table to begin with, from low to high or beyond
    enough  gap, as a share of the value, at which to stop
    pieces  where to cut the lines' ranges from the start
    rounds  at most so many
    """
    until = time.monotonic() + seconds
    starts = [start for start in starts if program.misses(start) <= KEPT]
    kinks = [limit.around for limit in program.limits if limit.around is not None]
    through = np.stack([program.low, *kinks, *starts], axis=1)
    if wide is None:
        table = tabulated(program.low, program.high, through, tabulate)
    else:
        table = wide.within(program.low, program.high, tabulate)
    splits = [list(cuts) for cuts in pieces] or [[] for _ in program.low]
    cuts: list[Array] = [np.full(len(table.value), 1.0 / len(table.value))]
    best, bound, focus, rough_gap = None, np.inf, None, ROUGH
    for start in starts:
        found, slope, weights = judged(start, tabulate, weigh, cost)
        if best is None or found.value > best.value:
            best, steep = found, slope
        cuts = _with_cut(cuts, weights)
    if best is not None:
        table = table.refined(best.spend, steep, cuts[-1], tabulate)
    for _ in range(rounds):
        ceilings = np.stack([table.ceiling(weights) for weights in cuts])
        try:
            left = until - time.monotonic()
            answer = relaxed(program, table.spend, ceilings, splits, cost, left, focus, rough_gap)
        except TimeoutError:
            break
        if answer is None:
            return None
        bound, focus = min(bound, answer.bound), answer.slopes
        spend = _tidy(program, answer.spend)
        found, slope, weights = judged(spend, tabulate, weigh, cost)
        best = found if best is None or found.value > best.value else best
        scale = abs(best.value) + cost * float(best.spend.sum()) + 1e-12
        rough = program.whole or any(splits) or len(cuts) > 1
        close = max(enough, TIGHT if rough else 0.0)
        rough_gap = max(ROUGH * (bound - best.value) / scale, MIP_GAP)
        if bound - best.value <= close * scale or time.monotonic() > until:
            break
        table = table.refined(spend, slope, weights, tabulate)
        _split(table, spend, answer.claimed, cuts, splits, bound - best.value)
        cuts = _with_cut(cuts, weights)
    if best is None:  # time ran out before anything was found
        return None
    return replace(best, bound=max(bound, best.value), splits=tuple(map(tuple, splits)))


def polished(
    found: Found, program: Program, tabulate: Tabulate, weigh: Weigh, cost: float
) -> Found:
    """The best plan close to one that was found between pieces, as exactly as without them."""
    if program.whole or not any(found.splits):
        return found
    for reach in NEAR:
        close = replace(
            program,
            low=np.maximum(program.low, found.spend - reach),
            high=np.minimum(program.high, found.spend + reach),
        )
        better = search(close, tabulate, weigh, cost, 1.0, [found.spend], pieces=(), rounds=POLISH)
        if better is not None and better.value > found.value:
            found = replace(found, spend=better.spend, draws=better.draws, value=better.value)
    return replace(found, bound=max(found.bound, found.value))


def certified(
    found: Found,
    program: Program,
    tabulate: Tabulate,
    weigh: Weigh,
    cost: float,
    seconds: float,
    wide: Table,
    current: Array,
) -> Found | None:
    """A plan found on approximate curves, judged and bounded by the curves themselves."""
    return search(
        program,
        tabulate,
        weigh,
        cost,
        seconds,
        [current, found.spend],
        wide,
        CERTIFIED,
        found.splits,
    )


def judged(
    spend: Array, tabulate: Tabulate, weigh: Weigh, cost: float
) -> tuple[Found, Array, Array]:
    """The true value of spend (L,), the lines' slopes there and the weights of the draws."""
    there = tabulate(spend[:, None])
    draws = there.value[:, :, 0]
    total = draws.sum(axis=1)
    weights = weigh(total)
    value = float(weights @ total) - cost * float(spend.sum())
    return Found(spend, draws, value, np.inf), weights @ there.slope[:, :, 0], weights


def _with_cut(cuts: list[Array], weights: Array) -> list[Array]:
    """The cuts and, where it is new, one with these weights of the draws."""
    known = any(np.allclose(weights, cut, rtol=0, atol=1e-12) for cut in cuts)
    return cuts if known else [*cuts, weights]


def _tidy(program: Program, spend: Array) -> Array:
    """The solver's allocation without its tolerances: in its box, in whole lots, totals exact."""
    spend = np.clip(spend, program.low, program.high)
    for switch in program.switches:
        if switch.weights @ spend < switch.minimum / 2:
            spend = np.where(switch.weights > 0, 0.0, spend)
    lots = program.lots > 0
    spend[lots] = np.round(spend[lots] / program.lots[lots]) * program.lots[lots]
    for limit in program.limits:
        if limit.owner != BUDGET or limit.low != limit.high:
            continue
        missing = limit.low - limit.amount(spend)
        room = program.high - spend if missing > 0 else spend - program.low
        room = np.where(lots | (spend == 0), 0.0, room)
        line = int(room.argmax())
        if room[line] >= abs(missing):
            spend[line] += missing
    return spend


def _split(
    table: Table,
    spend: Array,
    claimed: Array,
    cuts: list[Array],
    splits: list[list[float]],
    gap: float,
) -> None:
    """Cut lines at spend (L,) where the curve, not just its table, is below its envelope."""
    every = np.arange(len(spend))
    where = np.abs(table.spend - spend[:, None]).argmin(axis=1)
    for weights, claim in zip(cuts, claimed, strict=True):
        value = table.mean(weights)
        over = claim - value[every, where]
        for line in np.flatnonzero(over > WORTH * gap):
            for points in pieces_of(table.spend[line], splits[line]):
                if points[0] < where[line] < points[-1]:
                    x, u = table.spend[[line]][:, points], value[[line]][:, points]
                    chain = points[np.unique(envelope(x, u)[0])]
                    top = np.interp(spend[line], table.spend[line, chain], value[line, chain])
                    if top - value[line, where[line]] > WORTH * gap:
                        splits[line].append(float(spend[line]))
                    break
