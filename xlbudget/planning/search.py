"""The best allowed plan with its certificate: branch and bound on the lines' ranges.

A part of all plans is bounded by its relaxed problem; the true curves at its allocation make an
allowed plan. Where the table is too coarse there it gets finer; where an envelope is above its
curve the part is cut in two. The part with the highest bound is next, so that the bound falls
until it meets the best plan, or until the work allowed is done.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from xlbudget.planning.cutting import Shape, astray, cut, reached, shape_of, worthwhile
from xlbudget.planning.draw_weights import lowest_mixture
from xlbudget.planning.envelope import interpolated
from xlbudget.planning.found import Found, Weigh, judged, tidy
from xlbudget.planning.lots import exchanged, in_lots
from xlbudget.planning.polish import polished
from xlbudget.planning.program import KEPT, Program
from xlbudget.planning.relaxation import (
    Answer,
    Curves,
    Part,
    everything,
    refreshed,
    relaxed,
)
from xlbudget.planning.table import Table, Tabulate, tabulated
from xlbudget.tabular import Array

CERTIFIED = 5e-5  # gap at which a certificate is good enough, as a share of the value
EASY, TIGHT = 3_000, 4e-4  # lines relaxed after which this gap is good enough too
SIZED = 125  # values of a table, of all draws, that cost as much to refine as a line to relax
SLIGHT = 0.01  # of what the plans met bring: a best plan that brings less, or nothing, is small
MOST = 100_000  # lines relaxed after which the search ends with the gap that it has
EXACT = 0.1  # of the gap asked for, by which a part's bound may be above a plan of it and stay
NOTHING = 1e-9  # share of the value that makes no difference
BLURRED = 0.5  # of what an allocation counts too much: from here on the table is to blame
MIXED = 12  # rounds in which such weights are looked for
MIXTURES = 3  # of the draws' weights under which the whole search is done


def search(
    program: Program,
    tabulate: Tabulate,
    weigh: Weigh,
    cost: float,
    seconds: float | None = None,
    starts: Iterable[Array] = (),
    wide: Table | None = None,
    enough: float = CERTIFIED,
    counts: Array | None = None,
) -> Found | None:
    """The allowed plan with the highest value less cost x spend; None where none is found.

    seconds  None: as long as the work allowed takes, which ends the same on every machine
    starts   plans (L,) that may be better than what the search finds; those allowed are tried
    wide     a table to begin with, from low to high or beyond
    enough   gap, as a share of the value, at which to stop
    counts   (D,) how much each draw counted in what proved the bound on much the same curves
    """
    shape = shape_of(program)
    starts = [start for start in starts if program.misses(start) <= KEPT]
    if wide is None or shape.allowed.counted.any():
        kinks = [limit.around for limit in program.limits if limit.around is not None]
        through = np.stack([program.low, *kinks, *starts, *shape.allowed.points().T], axis=1)
        table = tabulated(program.low, program.high, through, tabulate)
    else:
        table = wide.within(program.low, program.high, tabulate)
    until = np.inf if seconds is None else time.monotonic() + seconds
    tree = Tree(shape, tabulate, weigh, cost, table, counts)
    for start in starts:
        tree.offer(start)
    for _ in range(MIXTURES):
        tree.plant(enough)
        tree.grow(enough, until)
        if len(table.value) == 1 or tree.gap <= max(enough, TIGHT):
            break
    return tree.answer()


def certified(
    found: Found,
    program: Program,
    tabulate: Tabulate,
    weigh: Weigh,
    cost: float,
    seconds: float | None,
    wide: Table,
    current: Array,
) -> Found | None:
    """A plan found on approximate curves, judged and bounded by the curves themselves."""
    starts = [current, found.spend]
    return search(program, tabulate, weigh, cost, seconds, starts, wide, counts=found.counts)


class Tree:
    """The parts of all plans that are still open, and the best plan so far.

    weights  (D,) of the draws, under which parts are bounded
    bound    no plan is better, as far as earlier trees say
    closed   bound of the parts that cannot be cut any further
    most     value, spend not taken off, of the plan that brought most so far
    """

    def __init__(
        self,
        shape: Shape,
        tabulate: Tabulate,
        weigh: Weigh,
        cost: float,
        table: Table,
        counts: Array | None = None,
    ) -> None:
        self.shape, self.tabulate, self.weigh, self.cost = shape, tabulate, weigh, cost
        self.best: Found | None = None
        self.polished = False
        alike = np.full(len(table.value), 1.0 / len(table.value))
        self.table, self.cuts = table, [alike] if counts is None else [alike, counts]
        self.weights, self.bound, self.closed = self.cuts[0], np.inf, -np.inf
        self.open: list[tuple[float, int, Part]] = []
        self.work = self.made = 0
        self.cutting = False
        self.most = 0.0

    @property
    def value(self) -> float:
        """Of the best plan."""
        return -np.inf if self.best is None else self.best.value

    @property
    def gap(self) -> float:
        """By how much, as a share of the value, a plan of the open parts may be better."""
        if self.best is None:
            return np.inf if self.open else 0.0
        own = abs(self.value) + self.cost * float(self.best.spend.sum())
        scale = max(own, SLIGHT * self.most) + 1e-12
        top = max(self.closed, -self.open[0][0] if self.open else -np.inf)
        return (min(self.bound, top) - self.value) / scale

    def offer(self, spend: Array) -> tuple[Found, Array]:
        """What a plan (L,) is worth, and the slopes there; the best allowed one is kept."""
        found, slope, weights = judged(spend, self.tabulate, self.weigh, self.cost)
        self.most = max(self.most, found.value + self.cost * float(spend.sum()))
        if not any(np.allclose(weights, cut, rtol=0, atol=1e-12) for cut in self.cuts):
            self.cuts.append(weights)
        if found.value > self.value and self.shape.program.misses(spend) <= KEPT:
            self.best, self.polished = found, False
        return found, slope

    def plant(self, enough: float) -> None:
        """Begin with every plan as one part."""
        self._mix(enough)
        self._refined(self.table)
        part = everything(self.shape.columns, self.shape.program, self.curves)
        self.open, self.closed, self.cutting = [(-np.inf, 0, part)], -np.inf, False

    def grow(self, enough: float, until: float) -> None:
        """Bound and cut parts until the gap is `enough`, or the work or the time is done."""
        while self.open and self.work <= MOST and time.monotonic() <= until:
            hard = self.work > EASY or self.shape.program.whole
            if self.gap <= (max(enough, TIGHT) if hard else enough):
                break
            if self.closed >= -self.open[0][0]:  # these weights prove no more
                break
            self._look(heapq.heappop(self.open)[2], EXACT * enough)
        self.bound = min(self.bound, max([self.closed, *(-part[0] for part in self.open[:1])]))

    def answer(self) -> Found | None:
        """The best plan, polished, with the bound; None where none was found."""
        self._polish()
        counts = self.weights if len(self.weights) > 1 else None
        return self.best and replace(self.best, bound=max(self.bound, self.value), counts=counts)

    def _polish(self) -> None:
        """The best plan near the best one, where only the mean counts."""
        if self.best is None or self.polished or len(self.weights) > 1:
            return
        program, rough = self.shape.program, self.best
        near = polished(program, rough.spend, self.tabulate, self.weights, self.cost)
        if program.lots.any():
            near = exchanged(program, near, self.curves, self.cost)
        exact, _, _ = judged(near, self.tabulate, self.weigh, self.cost)
        if exact.value >= rough.value - KEPT * abs(rough.value) and program.misses(near) <= KEPT:
            self.best = exact
        self.polished = True

    def _mix(self, enough: float) -> None:
        """The weights under which the bound is lowest; the plans met on the way are offered."""
        for _ in range(MIXED if len(self.weights) > 1 else 0):
            ceilings = self.table.ceiling(np.stack(self.cuts))
            found = lowest_mixture(self.shape.program, self.table.spend, ceilings, self.cost)
            if found is None:
                return
            known = len(self.cuts)
            self.weights = found.shares @ np.stack(self.cuts)
            plan, slope = self.offer(tidy(self.shape.program, found.spend))
            over = found.value - plan.value
            if len(self.cuts) == known or over <= enough * abs(plan.value):
                return
            mean = float(self.weights @ plan.draws.sum(axis=1)) - self.cost * plan.spend.sum()
            if found.value - mean > BLURRED * over:  # else it is the weights that are to blame
                self.table = self.table.refined(plan.spend, slope, self.weights, self.tabulate)

    def _refined(self, table: Table) -> None:
        self.table, self.ceiling = table, table.ceiling(self.weights)
        known = table.mean(self.weights)
        self.curves: Curves = self.shape.allowed.curves(table.spend, self.ceiling, known)

    def _push(self, part: Part) -> None:
        self.made += 1  # of equal bounds the older first
        heapq.heappush(self.open, (-part.bound, self.made, part))

    def _look(self, part: Part, slight: float) -> None:
        """Bound a part, try its allocation, then make the table finer there or cut the part.

        slight  share by which the bound may be above a plan of it for the part to be left as it is
        """
        self.work += len(part.low)
        columns = self.shape.columns
        stale = self.curves.between(part.low, part.high) != part.points
        part = refreshed(part, columns, self.curves, stale)
        answer = relaxed(columns, part, self.cost)
        if answer is None:
            return
        part = replace(part, bound=answer.bound, start=answer.optimum)
        if not answer.optimum.kept:  # the solver gave up: its bound holds all the same
            self.closed = max(self.closed, answer.bound)
            return
        found, slope = self.offer(tidy(self.shape.program, answer.spend))
        if self.shape.program.lots.any():
            self.offer(in_lots(self.shape.program, answer.spend))
        self._polish()
        if answer.bound <= self.value + NOTHING * abs(answer.bound):
            return
        x = np.clip(answer.spend, part.low, part.high)
        if self.shape.program.whole:  # the allocation itself may have parts of lots
            found, slope, _ = judged(x, self.tabulate, self.weigh, self.cost)
        value = self.weights @ found.draws
        over = np.maximum(answer.claimed - value, 0.0)
        exact = over.sum() <= slight * (abs(answer.bound) + self.cost * float(x.sum()))
        if exact and self.shape.program.misses(x) <= KEPT:
            self.closed = max(self.closed, part.bound)  # a plan has what the bound promises
            return
        blur = np.clip(interpolated(self.table.spend, self.ceiling, x) - value, 0.0, over)
        blur = np.where(self.shape.allowed.counted, 0.0, blur)
        wrong = astray(self.shape, part, answer, over).sum()
        sharp = exact or blur.sum() <= BLURRED * max(wrong, over.sum())
        parts = self._cut(part, answer, over) if sharp else ()
        if not parts and not exact:
            self.work += self.table.value.size // SIZED
            self._refined(self.table.refined(x, slope, self.weights, self.tabulate))
            every = np.ones(len(x), dtype=bool)
            parts = (refreshed(part, columns, self.curves, every),)
        for piece in parts:
            self._push(piece)
        if not parts:
            self.closed = max(self.closed, part.bound)

    def _cut(self, part: Part, answer: Answer, over: Array) -> tuple[Part, ...]:
        """Two parts for one; where rules are many, the first is cut to what they leave a line."""
        part = worthwhile(self.shape, part, answer, self.curves, self.value)
        if not self.cutting and len(part.least) > len(part.low):
            part = reached(self.shape, part, self.curves)
        self.cutting = True
        left_out = (answer.spend < part.low - KEPT) | (answer.spend > part.high + KEPT)
        if left_out.any():  # the part that is left has another answer
            return (part,)
        return cut(self.shape, part, answer, self.curves, over)


__all__ = ["CERTIFIED", "certified", "search"]
