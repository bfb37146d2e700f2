"""The relaxed problem: curves replaced by their concave envelopes, solved, with its bound.

Over a part of a line's range the envelope is lower, so that the bound of a part is closer to what
its plans can reach.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xlbudget.planning.envelope import envelope, interpolated, within
from xlbudget.planning.program import Limit, Program
from xlbudget.planning.simplex import Flags, Gains, Index, Optimum, maximise, sums
from xlbudget.tabular import Array

LOOSE = 1e-9  # scaled money by which limits are widened, so that rounding makes none impossible
BELOW, ALL, ABOVE = -1, 0, 1  # which side of its turn a variable stands for


@dataclass(frozen=True)
class Columns:
    """The N variables that lines are made of, and the R rows that they keep.

    A line whose change is limited is two variables, its spend up to the turn and what is beyond.

    line       (N,) whose; side (N,) which side of the turn
    turn       (L,) spend from which changes count, NaN for most
    matrix     (R, N) what the rows add up: the limits, then the sums that switches are about
    low, high  (R,) their ends
    """

    line: Index
    side: Index
    turn: Array
    matrix: Array
    low: Array
    high: Array

    @property
    def origin(self) -> Array:
        """(N,) spend at which a variable is 0."""
        return np.where(self.side == ABOVE, self.turn[self.line], 0.0)

    def between(self, low: Array, high: Array) -> tuple[Array, Array]:
        """(N,) ends of the variables' ranges, in spend of their lines, within low and high (L,)."""
        turn = self.turn[self.line]
        least = np.where(self.side == ABOVE, turn, -np.inf)
        most = np.where(self.side == BELOW, turn, np.inf)
        return np.clip(low[self.line], least, most), np.clip(high[self.line], least, most)


def columns_of(program: Program) -> Columns:
    """The variables and rows of a program."""
    turn = np.full(len(program.low), np.nan)
    for limit in program.limits:
        if limit.around is not None:
            turn = np.where(limit.weights != 0, limit.around, turn)
    turned = np.flatnonzero(~np.isnan(turn))
    line = np.concatenate([np.arange(len(turn)), turned])
    side = np.concatenate([np.where(np.isnan(turn), ALL, BELOW), np.full(len(turned), ABOVE)])
    sums = [Limit(switch.owner, switch.weights) for switch in program.switches]
    rows = [*program.limits, *sums]
    fixed = [0.0 if row.around is None else float(row.weights @ row.around) for row in rows]
    ways = [np.where((side == BELOW) & (row.around is not None), -1.0, 1.0) for row in rows]
    return Columns(
        line,
        side,
        turn,
        np.array([row.weights[line] * way for row, way in zip(rows, ways, strict=True)]).reshape(
            len(rows), len(line)
        ),
        np.array([row.low for row in rows]) - fixed,
        np.array([row.high for row in rows]) - fixed,
    )


@dataclass(frozen=True)
class Part:
    """The plans with low <= spend <= high (L,) whose rows reach `least` (R,).

    at, value  (N, P) vertices of the variables' envelopes over that range, the last one repeated
    points     (L,) how many points of the lines' tables are in it
    bound      no plan of the part is better
    start      where the solver begins
    """

    low: Array
    high: Array
    least: Array
    at: Array
    value: Array
    points: Array
    bound: float = np.inf
    start: Optimum | None = None


@dataclass(frozen=True)
class Answer:
    """What the relaxed problem says of a part.

    spend    (L,) its allocation; claimed (L,) what it counts for each line there
    worth    (N,) value per money at which each variable's next unit is just worth it
    net      (N, P) what each vertex earns at that worth
    bound    no plan of the part is better
    optimum  what the solver found
    """

    spend: Array
    claimed: Array
    worth: Array
    net: Array
    bound: float
    optimum: Optimum


@dataclass(frozen=True)
class Curves:
    """Points (L, K) of allowed spends, not falling along K, and over-estimates of the value."""

    spend: Array
    ceiling: Array

    def at(self, spend: Array) -> Array:
        """(L,) the over-estimates at spend (L,)."""
        return interpolated(self.spend, self.ceiling, spend)

    def between(self, low: Array, high: Array) -> Array:
        """(L,) how many points are between low and high (L,)."""
        inside = (self.spend > low[:, None]) & (self.spend < high[:, None])
        return np.asarray(inside.sum(axis=1))


def everything(columns: Columns, program: Program, curves: Curves) -> Part:
    """Every plan."""
    none, lines = np.zeros((len(columns.line), 1)), np.zeros(len(program.low))
    part = Part(program.low, program.high, columns.low, none, none, lines)
    return refreshed(part, columns, curves, lines == 0)


def narrowed(part: Part, columns: Columns, curves: Curves, low: Array, high: Array) -> Part:
    """The part's plans from low to high (L,) only."""
    changed = (low > part.low) | (high < part.high)
    return refreshed(replace(part, low=low, high=high), columns, curves, changed)


def refreshed(part: Part, columns: Columns, curves: Curves, lines: Flags) -> Part:
    """The part with the envelopes of these lines (L,) made anew."""
    number = np.flatnonzero(lines[columns.line])
    if not len(number):
        return part
    line, above = columns.line[number], columns.side[number] == ABOVE
    low, high = (end[number] for end in columns.between(part.low, part.high))
    spend, ceiling = curves.spend[line], curves.ceiling[line]
    own, worth = within(spend, ceiling, low, high)
    if above.any():  # counted from the turn
        turn = np.where(above, columns.turn[line], 0.0)
        own = own - turn[:, None]
        worth = worth - np.where(above, interpolated(spend, ceiling, turn), 0.0)[:, None]
    chain = envelope(own, worth)
    own, worth = np.take_along_axis(own, chain, 1), np.take_along_axis(worth, chain, 1)
    most = max(own.shape[1], part.at.shape[1])
    at, value = _widened(part.at, most), _widened(part.value, most)
    at[number], value[number] = _widened(own, most), _widened(worth, most)
    used = 1 + int((np.diff(at, axis=1) > 0).sum(axis=1).max(initial=1))
    points = curves.between(part.low, part.high)
    return replace(part, at=at[:, :used], value=value[:, :used], points=points)


def _widened(table: Array, points: int) -> Array:
    """A copy (N, points) of (N, P), the last column repeated."""
    return np.asarray(table[:, np.minimum(np.arange(points), table.shape[1] - 1)])


def relaxed(columns: Columns, part: Part, cost: float) -> Answer | None:
    """Maximise the envelopes less cost x spend over a part; None where no plan is allowed."""
    low, high = ends_of(columns, part)
    if (low > high).any():
        return None
    width = np.diff(part.at, axis=1)
    rise = np.diff(part.value, axis=1)
    slope = np.divide(rise, width, out=np.zeros_like(rise), where=width > 0) - cost
    ends = np.repeat(high[:, None], part.at.shape[1], axis=1)
    ends[:, 0] = low
    rows = Gains(
        np.concatenate([part.at, ends]),
        np.concatenate([slope, np.zeros((len(low), slope.shape[1]))]),
    )
    optimum = maximise(columns.matrix, rows, part.start)
    if optimum is None:
        return None
    worth = cost + optimum.prices @ columns.matrix
    net = part.value - worth[:, None] * part.at
    bound = dual_bound(net, optimum.prices, low, high)
    at = optimum.at[: len(worth)]
    lines = len(part.low)
    claims = interpolated(part.at, part.value, at)
    return Answer(
        np.bincount(columns.line, at, lines).astype(float),
        np.bincount(columns.line, claims, lines).astype(float),
        worth,
        net,
        min(bound, part.bound),
        optimum,
    )


def ends_of(columns: Columns, part: Part) -> tuple[Array, Array]:
    """(R,) the rows' ends, all finite: none adds up to more than its variables allow."""
    least, most = sums(columns.matrix, part.at[:, 0], part.at[:, -1])
    return np.maximum(part.least, least) - LOOSE, np.minimum(columns.high, most) + LOOSE


def dual_bound(net: Array, prices: Array, low: Array, high: Array) -> float:
    """No allowed plan is above this, whatever the prices (R,) are.

    net (N, P): what each variable earns at its points after paying the rows' prices. Any plan
    keeps low <= rows <= high (R,), so what it pays is at most what those ends are worth: its value
    is at most the variables' own maxima plus that. Evaluated without a solver, so that no
    tolerance of one is in it.
    """
    return float(net.max(axis=1).sum() + np.where(prices > 0, high, low) @ prices)


def reach(columns: Columns, part: Part) -> tuple[Array, Array]:
    """(L,) the least and the most that each line can spend in a part, the rows being kept."""
    low, high = ends_of(columns, part)
    at = np.concatenate([part.at[:, [0, -1]], np.stack([low, high], axis=1)])
    least, most = part.low.copy(), part.high.copy()
    start = part.start
    for line in np.flatnonzero(part.high > part.low):
        mine = np.append(columns.line == line, np.zeros(len(low), dtype=bool))
        for end, way in ((least, -1.0), (most, 1.0)):
            found = maximise(columns.matrix, Gains(at, way * mine[:, None]), start)
            if found is not None and found.kept:
                end[line] = found.at[mine].sum() + way * LOOSE
                start = found
    return np.maximum(least, part.low), np.minimum(most, part.high)
