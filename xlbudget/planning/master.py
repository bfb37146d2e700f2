"""The relaxed problem: curves replaced by their envelopes, solved as one program, with its bound.

A line whose range is split into pieces has an envelope on each and is in exactly one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from xlbudget.planning.envelope import envelope
from xlbudget.planning.linear import MIP_GAP, Index, Linear
from xlbudget.planning.program import Limit, Program
from xlbudget.tabular import Array

MANY = 20_000  # points above which only those that matter enter the linear program
COARSE, ABOUT = 6, 2  # vertices over a line's range; further ones on each side of the focus
SLACK = 5e-6  # in scaled value: more than the solver's tolerances can hide


@dataclass(frozen=True)
class Answer:
    """What the relaxed problem says.

    spend    (L,) its allocation
    claimed  (C, L) what it counts for each line under each cut
    bound    no allowed plan is better
    slopes   (L,) value per money at which each line's next unit is just worth it, where known
    """

    spend: Array
    claimed: Array
    bound: float
    slopes: Array | None


@dataclass(frozen=True)
class Columns:
    """Variables n that make up the lines' spend and values.

    spend (L,) = base_spend + sum of spend_per[n] x n over the line's variables; values alike
    """

    index: Index
    line: Index
    spend_per: Array
    value_per: Array  # (C, N)
    base_spend: Array
    base_value: Array  # (C, L)


def relaxed(
    program: Program,
    spend: Array,
    ceilings: Array,
    splits: Sequence[Sequence[float]],
    cost: float,
    seconds: float,
    focus: Array | None = None,
    gap: float = MIP_GAP,
) -> Answer | None:
    """Maximise the lowest cut's total less cost x spend; None where no plan is allowed.

    spend     (L, K) points; ceilings (C, L, K) over-estimates there, one layer a cut
    splits    where the lines' ranges are cut into pieces
    focus     the slopes (L,) of the last answer. Where there are very many points, only those
              about the focus are told apart: the dual bound holds anyway
    gap       see `Linear.maximise`
    """
    cuts, lines = ceilings.shape[:2]
    model = Linear()
    linear = not program.whole and not any(splits)
    thin = linear and cuts == 1 and spend.size > MANY
    columns = _columns(model, spend, ceilings, splits, cost, focus, thin)
    constant = float(columns.base_value[0].sum()) if cuts == 1 else 0.0
    cut_rows = _cut_rows(model, columns) if cuts > 1 else []
    limit_rows = [_limit_row(model, columns, limit, lines) for limit in program.limits]
    _whole_numbers(model, columns, program)
    found = model.maximise(seconds, gap)
    if found is None:
        return None
    at = found.at[columns.index]
    claimed = columns.base_value + np.stack(
        [np.bincount(columns.line, value * at, lines) for value in columns.value_per]
    )
    allocation = columns.base_spend + np.bincount(columns.line, columns.spend_per * at, lines)
    bound = found.bound + constant - cost * float(columns.base_spend.sum()) + SLACK
    slopes = None
    if found.prices is not None and linear:
        mix = -found.prices[cut_rows] if cuts > 1 else np.ones(1)
        if mix.sum() > 0.5:
            mix = np.maximum(mix, 0.0) / np.maximum(mix, 0.0).sum()
            curve = np.einsum("c,clk->lk", mix, ceilings)
            prices = found.prices[limit_rows]
            bound = dual_bound(program, spend, curve, prices, cost)
            slopes = cost + sum(
                (
                    price * limit.weights
                    for price, limit in zip(prices, program.limits, strict=True)
                ),
                np.zeros(lines),
            )
    return Answer(allocation, claimed, bound, slopes)


def dual_bound(program: Program, spend: Array, ceiling: Array, prices: Array, cost: float) -> float:
    """No allowed plan's value less cost is above this, whatever the prices (limits,) are.

    For any plan kept by the limits, sum of prices x (limit - amount) is not negative; so value
    less cost is at most the sum of the lines' own maxima at those prices plus what the limits
    are worth. A price of the wrong sign for an open side counts as 0. Evaluated without a solver.
    """
    net = ceiling - cost * spend
    worth = 0.0
    for limit, price in zip(program.limits, prices, strict=True):
        side = limit.high if price > 0 else limit.low
        if not np.isfinite(side) or price == 0:
            continue
        worth += price * side
        at = spend if limit.around is None else np.abs(spend - limit.around[:, None])
        net = net - price * limit.weights[:, None] * at
    return float(net.max(axis=1).sum() + worth)


def _columns(
    model: Linear,
    spend: Array,
    ceilings: Array,
    splits: Sequence[Sequence[float]],
    cost: float,
    focus: Array | None,
    thin: bool,
) -> Columns:
    """Steps along the envelope for lines in one piece; weights of points for the others."""
    cuts, lines, _ = ceilings.shape
    plain = np.array([cuts == 1 and not cut for cut in splits], dtype=bool)
    base_spend, base_value = np.zeros(lines), np.zeros((cuts, lines))
    parts: list[tuple[Index, Index, Array, Array]] = []
    if plain.any():
        x, u = spend[plain], ceilings[0, plain]
        chain = envelope(x, u)
        x, u = np.take_along_axis(x, chain, 1), np.take_along_axis(u, chain, 1)
        if thin:
            x, u = _thinned(x, u, focus)
        base_spend[plain], base_value[0, plain] = x[:, 0], u[:, 0]
        width = np.diff(x, axis=1)
        row, step = np.nonzero(width > 0)
        slope = np.diff(u, axis=1)[row, step] / width[row, step]
        index = model.variables(len(row), high=width[row, step], gain=slope - cost)
        owner = np.flatnonzero(plain)[row]
        parts.append((index, owner, np.ones(len(row)), slope[None]))
    for number in np.flatnonzero(~plain):
        line = int(number)
        pieces = pieces_of(spend[line], splits[line])
        switches = model.variables(len(pieces), 1.0, whole=True) if len(pieces) > 1 else None
        for piece, points in enumerate(pieces):
            kept = points
            if cuts == 1:
                chain = envelope(spend[[line]][:, points], ceilings[0, [line]][:, points])[0]
                kept = points[np.unique(chain)]
            x, u = spend[line, kept], ceilings[:, line, kept]
            gain = u[0] - cost * x if cuts == 1 else -cost * x
            index = model.variables(len(kept), 1.0, gain)
            one = np.ones(len(kept))
            if switches is None:
                model.row(1.0, 1.0, (index, one))
            else:
                model.row(0.0, 0.0, (index, one), (switches[[piece]], -np.ones(1)))
            parts.append((index, np.full(len(kept), line), x, u))
        if switches is not None:
            model.row(1.0, 1.0, (switches, np.ones(len(switches))))
    return Columns(
        index=np.concatenate([part[0] for part in parts]),
        line=np.concatenate([part[1] for part in parts]),
        spend_per=np.concatenate([part[2] for part in parts]),
        value_per=np.concatenate([part[3] for part in parts], axis=1),
        base_spend=base_spend,
        base_value=base_value,
    )


def _thinned(x: Array, u: Array, focus: Array | None) -> tuple[Array, Array]:
    """Few vertices of each line's envelope (L, K): some over its range, all about the focus."""
    points = x.shape[1]
    count = (np.diff(x, axis=1) > 0).sum(axis=1, keepdims=True)  # vertices before the repeats
    keep = np.round(np.linspace(0.0, 1.0, COARSE) * count).astype(np.intp)
    if focus is not None:
        width = np.diff(x, axis=1)
        slope = np.where(width > 0, np.diff(u, axis=1) / np.where(width > 0, width, 1.0), -np.inf)
        home = (slope > focus[:, None]).sum(axis=1, keepdims=True)
        keep = np.concatenate([keep, home + np.arange(-ABOUT, ABOUT + 1)], axis=1)
    keep = np.sort(np.clip(keep, 0, points - 1), axis=1)
    return np.take_along_axis(x, keep, 1), np.take_along_axis(u, keep, 1)


def pieces_of(spend: Array, cuts: Sequence[float]) -> list[Index]:
    """The points of each piece; neighbours share the point where they meet."""
    ends = [0, *(int(np.abs(spend - cut).argmin()) for cut in sorted(cuts)), len(spend) - 1]
    return [np.arange(a, b + 1) for a, b in pairwise(ends) if b > a] or [np.arange(len(spend))]


def _cut_rows(model: Linear, columns: Columns) -> list[int]:
    """The objective is one variable, below every cut's total."""
    lowest = model.variables(1, gain=1.0, low=-np.inf)
    one = np.ones(1)
    return [
        model.row(-np.inf, float(base.sum()), (lowest, one), (columns.index, -value))
        for value, base in zip(columns.value_per, columns.base_value, strict=True)
    ]


def _limit_row(model: Linear, columns: Columns, limit: Limit, lines: int) -> int:
    if limit.around is not None:
        return _shift_row(model, columns, limit, lines)
    weights = limit.weights[columns.line] * columns.spend_per
    used = weights != 0
    fixed = float(limit.weights @ columns.base_spend)
    return model.row(limit.low - fixed, limit.high - fixed, (columns.index[used], weights[used]))


def _shift_row(model: Linear, columns: Columns, limit: Limit, lines: int) -> int:
    """Every line's change is what goes up less what goes down; their weighted sum is limited."""
    assert limit.around is not None
    touched = np.flatnonzero(limit.weights)
    up, down = model.variables(len(touched)), model.variables(len(touched))
    one = np.ones(1)
    for number, line in enumerate(touched):
        mine = columns.line == line
        change = limit.around[line] - columns.base_spend[line]
        model.row(
            change,
            change,
            (columns.index[mine], columns.spend_per[mine]),
            (up[[number]], -one),
            (down[[number]], one),
        )
    weights = limit.weights[touched]
    return model.row(-np.inf, limit.high, (up, weights), (down, weights))


def _whole_numbers(model: Linear, columns: Columns, program: Program) -> None:
    """Lots: a line's spend is a whole number of them. Switches: all off, or at least so much."""
    one = np.ones(1)
    for line in np.flatnonzero(program.lots):
        mine = columns.line == line
        lot, base = program.lots[line], columns.base_spend[line]
        count = model.variables(1, np.floor(program.high[line] / lot + 1e-9), whole=True)
        model.row(-base, -base, (columns.index[mine], columns.spend_per[mine]), (count, -lot * one))
    for switch in program.switches:
        on = model.variables(1, 1.0, whole=True)
        weights = switch.weights[columns.line] * columns.spend_per
        fixed = float(switch.weights @ columns.base_spend)
        most = float(switch.weights @ program.high)
        used = weights != 0
        terms = (columns.index[used], weights[used])
        model.row(-fixed, np.inf, terms, (on, -switch.minimum * one))
        model.row(-np.inf, -fixed, terms, (on, -most * one))
