"""Plans that are safe against the current one: the best of them, and a bound on all.

Safe at a confidence of 0.90 is a plan that beats the current one in 0.90 of the draws and whose
gain, averaged over the worst 0.20 of them, is not a loss. The second condition is convex. Over
twice the draws that may fail, it is about as strict as the first for gains that are spread like a
bell, and stricter where failures are dear (Nemirovski and Shapiro 2006, on convex forms of such
conditions).

Which draws are the worst depends on the plan. Each round takes the worst draws of the plans so far
as all that matters, finds the best plan on these readings by a linear program, and looks at its
own worst draws: either they lose nothing, or they are a new reading (Kelley 1960; Rockafellar and
Uryasev 2000). The program's prices say how much each draw counts: a safe plan gains at most what
it gains in these counts, and there the problem is the expected one over again, with its bound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xlbudget.planning.blends import Rows, blends_of, linear_optimum
from xlbudget.planning.objective import expected
from xlbudget.planning.program import KEPT, Program
from xlbudget.planning.search import search
from xlbudget.planning.simplex import Optimum
from xlbudget.planning.surrogate import Surrogate
from xlbudget.planning.table import Table
from xlbudget.planning.verdict import safe, worst_draws
from xlbudget.tabular import Array

REACHES = (1.0, 0.25, 0.05, 0.01)  # shares of the lines' ranges that are searched one after another
ROUNDS = 16  # in each
POINTS = 24  # of each line's curve in the linear programs
CLOSE = 2e-4  # gap, as a share of the value, at which the search ends
SETTLED = 5e-5  # the same for what the readings claim
FALLEN = 0.8  # of what the readings claimed at the last bound: below it, a new one
BACK = np.linspace(1.0, 0.0, 11)  # from a plan that loses to one that does not
MISSED = 1e-7  # scaled value that is no loss in a linear program
DEARER, DEAREST = 3.0, 1e4  # steps of the price of a loss, and where they end


@dataclass(frozen=True)
class Market:
    """What plans are judged on.

    table    every draw of the curves; program: what is allowed
    start    (L,) the plan that gains are counted from; its value (D,) is `now`
    hurdle   what a unit of money costs
    confidence  share of the draws in which a safe plan is better at least
    """

    table: Table
    program: Program
    start: Array
    now: Array
    hurdle: float
    confidence: float

    @property
    def scale(self) -> float:
        """What gaps are shares of."""
        return abs(float(self.now.mean())) or 1.0

    def gains(self, spends: Array) -> Array:
        """(D, N) what plans spends (L, N) gain over the start."""
        order = np.argsort(spends, axis=1, kind="stable")
        value = Surrogate(self.table).value(np.take_along_axis(spends, order, axis=1))
        back = np.argsort(order, axis=1, kind="stable")
        total = np.take_along_axis(value, back[None], axis=2).sum(axis=1)
        cost = self.hurdle * (spends.sum(axis=0) - self.start.sum())
        return np.asarray(total - self.now[:, None] - cost)

    def worst(self, gain: Array) -> Array:
        """Weights (D,) of the worst draws of a gain (D,): twice as many as may fail."""
        return worst_draws(gain, self.confidence)

    def score(self, gain: Array) -> float:
        """The mean of a gain (D,); minus infinity where it is not safe."""
        return float(gain.mean()) if safe(gain, self.confidence) else -np.inf

    def counted(self, counts: Array, value: float) -> float:
        """The gain in counts (D,) of a plan worth `value` where the counts add up to 1."""
        begun = counts @ self.now / counts.sum() - self.hurdle * self.start.sum()
        return float(counts.sum() * (value - begun))


def market_of(
    table: Table, program: Program, start: Array, hurdle: float, confidence: float
) -> Market:
    """Plans allowed by the program on these curves, gains counted from `start` (L,)."""
    now = Surrogate(table).value(start[:, None])[:, :, 0].sum(axis=1)
    return Market(table, program, start, now, hurdle, confidence)


@dataclass(frozen=True)
class Safe:
    """The safe plan (L,) of the highest mean gain, and (D,) the counts that bound all of them."""

    spend: Array
    gain: float
    proof: Array


def safest_best(market: Market, starts: list[Array]) -> Safe | None:
    """The best safe plan, begun from some allowed plans (L,); None where none is found.

    Whole-number rules (lots, minimum if on) are left aside, except that the plan keeps them.
    """
    hunt = _Hunt(market)
    for start in starts:
        gain = hunt.offer(start)
        hunt.readings.append(market.worst(gain))
    for reach in REACHES:
        hunt.rounds(reach)
        if hunt.about - hunt.score <= CLOSE * market.scale:
            break
    if hunt.score == -np.inf or hunt.proof is None:
        return None
    return Safe(hunt.best, hunt.score, hunt.proof)


class _Hunt:
    """The best safe plan so far, and about the lowest bound; readings are weights (D,)."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.readings: list[Array] = []
        self.best, self.score = market.start, -np.inf
        self.proof: Array | None = None
        self.about = np.inf

    def offer(self, spend: Array) -> Array:
        """Try a plan (L,), and where it loses others on the way to the best; its gain (D,)."""
        gain = self.market.gains(spend[:, None])[:, 0]
        if self._keep(spend, gain) or self.market.program.whole or self.score == -np.inf:
            return gain
        ways = self.best[:, None] + (spend - self.best)[:, None] * BACK
        for way, gained in zip(ways.T, self.market.gains(ways).T, strict=True):
            self._keep(way, gained)
        return gain

    def rounds(self, reach: float) -> None:
        """Search this share of the ranges about the best plan; bound all where it is the whole."""
        program = _Readings(self.market, self.best, reach)
        for weights in self.readings:
            program.read(weights)
        last = np.inf
        for _ in range(ROUNDS):
            answer = program.solve()
            if answer is None:
                return
            spend, claimed, counts = answer
            seen = [self.offer(spend)]
            settled = claimed - self.score <= SETTLED * self.market.scale
            if settled or (reach == 1.0 and claimed <= FALLEN * last):
                seen += self._bounded(counts)
                last = claimed
            if settled:
                return
            if self.about - self.score <= CLOSE * self.market.scale:
                return
            for gain in seen:
                self.readings.append(self.market.worst(gain))
                program.read(self.readings[-1])

    def _keep(self, spend: Array, gain: Array) -> bool:
        score = self.market.score(gain)
        if score > self.score and self.market.program.misses(spend) <= KEPT:
            self.best, self.score = spend, score
        return score > -np.inf

    def _bounded(self, counts: Array) -> list[Array]:
        """About what every safe plan gains at most in these counts (D,); the gain of that plan."""
        market = self.market
        smooth = Surrogate(market.table.weighted(counts / counts.sum()))
        found = search(market.program, smooth, expected, market.hurdle, None, [self.best])
        if found is None:
            return []
        most = market.counted(counts, found.value)
        if most < self.about:
            self.about, self.proof = most, counts
        return [self.offer(found.spend)]


class _Readings:
    """The linear program: curves as straight lines between points, readings as rows.

    Its last variable is the loss in the worst draws. It only grows by rows, so that each time it
    is solved from where it ended before.
    """

    def __init__(self, market: Market, about: Array, reach: float) -> None:
        low, high = market.program.low, market.program.high
        room = reach * (high - low)
        low, high = np.maximum(low, about - room), np.minimum(high, about + room)
        grid = low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, POINTS)
        kept = np.clip(np.stack([market.start, about], axis=1), low[:, None], high[:, None])
        self.spend = np.sort(np.concatenate([grid, kept], axis=1), axis=1)
        value = Surrogate(market.table).value(self.spend) - market.hurdle * self.spend
        self.value = value.reshape(len(value), -1)
        self.begun = market.now - market.hurdle * float(market.start.sum())
        self.price = 1.0  # of a loss in the worst draws
        self.readings: list[Array] = []
        blends = blends_of(market.program, self.spend)
        self.rows = replace(blends, matrix=_beside(blends.matrix, 0.0))
        self.box = np.tile([0.0, 1.0], (self.value.shape[1] + 1, 1))
        self.box[-1, 1] = np.abs(self.begun).sum() + np.abs(self.value).sum(axis=1).max()
        self.optimum: Optimum | None = None

    def read(self, weights: Array) -> None:
        """Another reading of which draws are the worst, weights (D,): they lose nothing."""
        self.readings.append(weights)
        self.rows = Rows(
            np.concatenate([self.rows.matrix, _beside((weights @ self.value)[None], 1.0)]),
            np.append(self.rows.low, weights @ self.begun),
            np.append(self.rows.high, np.inf),
        )

    def solve(self) -> tuple[Array, float, Array] | None:
        """The best plan (L,) on the readings, the gain that they claim, and the counts (D,).

        A loss gets dearer until none is left, and no dearer than that: many prices keep it off,
        and the lowest proves most.
        """
        mean = self.value.mean(axis=0)
        while True:
            gain = np.append(mean, -self.price)
            found = linear_optimum(gain, self.box, self.rows, self.optimum)
            if found is None or not found.kept:
                return None
            self.optimum = found
            if found.at[len(mean)] <= MISSED or self.price > DEAREST:
                break
            self.price *= DEARER
        shares = found.at[: len(mean)].reshape(self.spend.shape)
        prices = np.maximum(-found.prices[-len(self.readings) :], 0.0)
        counts = np.full(len(self.begun), 1.0 / len(self.begun)) + prices @ np.stack(self.readings)
        claimed = float(gain @ found.at[: len(gain)]) - float(self.begun.mean())
        return (shares * self.spend).sum(axis=1), claimed, counts


def _beside(rows: Array, last: float) -> Array:
    """Rows (R, V) with another variable, whose coefficient is the same in all of them."""
    return np.concatenate([rows, np.full((len(rows), 1), last)], axis=1)
