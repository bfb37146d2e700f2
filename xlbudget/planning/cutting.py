"""How a part of all plans is cut in two, so that the bounds of both are closer to their plans."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xlbudget.planning.allowed import Allowed, allowed_by, in_whole_lots
from xlbudget.planning.program import KEPT, Program
from xlbudget.planning.relaxation import (
    ALL,
    Answer,
    Columns,
    Curves,
    Part,
    columns_of,
    narrowed,
    reach,
)
from xlbudget.tabular import Array

INSIDE = 1e-9  # scaled money that a cut keeps from the ends of a range
SHORTER = 0.9  # of its range a line keeps at most where it is worth looking at it again


@dataclass(frozen=True)
class Shape:
    """What is asked of plans, in the forms that the search uses."""

    program: Program
    columns: Columns
    allowed: Allowed


def shape_of(program: Program) -> Shape:
    """A program in all its forms, ranges and limits drawn in to what lots and switches allow."""
    allowed = allowed_by(program)
    program = replace(
        program,
        low=allowed.above(program.low),
        high=allowed.below(program.high),
        limits=tuple(in_whole_lots(limit, program.lots) for limit in program.limits),
    )
    return Shape(program, columns_of(program), allowed)


def astray(shape: Shape, part: Part, answer: Answer, over: Array) -> Array:
    """(L,) about how much of the answer's value its plan does not have, by lines to cut at.

    over  (L,) by how much the answer counts more for a line than its curve

    Lots and minima that the answer keeps in between count as what it takes to keep them.
    """
    x, allowed = answer.spend, shape.allowed
    apart = np.maximum(np.minimum(x - allowed.below(x), allowed.above(x) - x), 0.0)
    wrong = over + apart * (np.abs(answer.worth[: len(x)]) + INSIDE)
    return np.where((x > part.low + INSIDE) & (x < part.high - INSIDE), wrong, 0.0)


def cut(shape: Shape, part: Part, answer: Answer, curves: Curves, over: Array) -> tuple[Part, ...]:
    """Parts that together hold the part's plans; none where it cannot be cut."""
    found = _switched(shape, part, answer, curves)
    if found:
        return found
    wrong = astray(shape, part, answer, over)
    below, above = shape.allowed.below(answer.spend), shape.allowed.above(answer.spend)
    line = int(wrong.argmax())
    if wrong[line] <= 0:
        return ()
    high, low = part.high.copy(), part.low.copy()
    high[line], low[line] = below[line], above[line]
    halves = ((part.low, high), (low, part.high))
    return tuple(
        narrowed(part, shape.columns, curves, least, most)
        for least, most in halves
        if (least <= most).all()
    )


def _switched(shape: Shape, part: Part, answer: Answer, curves: Curves) -> tuple[Part, ...]:
    """With the first switch of several lines off, and on, that the answer keeps in between."""
    for number in shape.allowed.groups:
        switch = shape.program.switches[number]
        if not KEPT < float(switch.weights @ answer.spend) < switch.minimum - KEPT:
            continue
        least = part.least.copy()
        least[len(shape.program.limits) + number] = switch.minimum
        on = replace(part, least=least)
        high = np.where(switch.weights > 0, 0.0, part.high)
        if (part.low > high).any():
            return (on,)
        return (on, narrowed(part, shape.columns, curves, part.low, high))
    return ()


def worthwhile(shape: Shape, part: Part, answer: Answer, curves: Curves, value: float) -> Part:
    """The part without spends at which no plan is worth more than `value`, by the answer's bound.

    A plan with a line away from its best point at the answer's prices loses at least what that
    line's net worth falls by; only ranges that become a good deal shorter are looked at again.
    """
    net, at = answer.net, part.at
    floor = net.max(axis=1) - (answer.bound - value)
    keep = net >= floor[:, None]
    first = keep.argmax(axis=1)
    last = keep.shape[1] - 1 - keep[:, ::-1].argmax(axis=1)
    low, high = part.low.copy(), part.high.copy()
    own = shape.columns.side == ALL
    line = shape.columns.line[own]
    low[line] = np.maximum(low[line], _crossing(at, net, floor, first, first - 1)[own])
    high[line] = np.minimum(high[line], _crossing(at, net, floor, last, last + 1)[own])
    low, high = shape.allowed.above(low), shape.allowed.below(high)
    shorter = (low <= high) & (high - low < SHORTER * (part.high - part.low))
    low, high = np.where(shorter, low, part.low), np.where(shorter, high, part.high)
    return narrowed(part, shape.columns, curves, low, high)


def reached(shape: Shape, part: Part, curves: Curves) -> Part:
    """The part without spends that no plan of it can have, all rows being kept."""
    least, most = reach(shape.columns, part)
    low, high = shape.allowed.above(least), shape.allowed.below(most)
    some = low <= high
    low, high = np.where(some, low, least), np.where(some, high, most)
    return narrowed(part, shape.columns, curves, low, high)


def _crossing(at: Array, net: Array, floor: Array, inner: Array, outer: Array) -> Array:
    """(N,) where net worth falls to the floor between two vertices."""
    every, outer = np.arange(len(net)), np.clip(outer, 0, net.shape[1] - 1)
    top, bottom = net[every, inner], net[every, outer]
    share = np.divide(top - floor, top - bottom, out=np.ones(len(net)), where=top > bottom)
    start, end = at[every, inner], at[every, outer]
    return np.asarray(start + np.clip(share, 0.0, 1.0) * (end - start))
