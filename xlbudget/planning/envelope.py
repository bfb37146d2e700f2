"""Over-estimators of the curves from tables, and their concave envelopes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np
from numpy.typing import NDArray

from xlbudget.tabular import Array

MANY = 200  # lines above which one chain for all together is quicker than a chain a line


def corners(spend: Array, value: Array, slope_bound: Array) -> Array:
    """How far a rising curve can stand above the straight line between two points.

    It is below the lower value plus slope bound x distance, and below the upper value; the corner
    of these two stands (1 - mean slope / slope bound) x rise above the chord.

    spend (L, K), value (..., L, K), slope_bound (..., L, K - 1) -> (..., L, K - 1).
    """
    rise = np.maximum(np.diff(value, axis=-1), 0.0)
    reach = np.maximum(slope_bound * np.diff(spend, axis=-1), rise)
    return np.asarray(rise * (1.0 - rise / np.where(reach > 0, reach, 1.0)))


def padded(spend: Array, value: Array, slope_bound: Array) -> Array:
    """Values raised so that straight lines between them lie above the curve everywhere.

    Shapes as for `corners`; both ends of a segment are raised by its corner.
    """
    corner = corners(spend, value, slope_bound)
    raised = value.copy()
    raised[..., :-1] += corner
    raised[..., 1:] = np.maximum(raised[..., 1:], value[..., 1:] + corner)
    return np.asarray(raised)


def envelope(spend: Array, value: Array) -> NDArray[np.intp]:
    """Which points carry the least concave function above them, per line.

    spend, value (L, K), spend not falling along K -> (L, K) indices, rising, the last repeated.
    Monotone chain (Andrew 1979).
    """
    if len(spend) > MANY:
        return together(spend, value)
    points = spend.shape[1]
    chains = [_chain(x, y) for x, y in zip(spend.tolist(), value.tolist(), strict=True)]
    filled = [chain + chain[-1:] * (points - len(chain)) for chain in chains]
    return np.array(filled, dtype=np.intp).reshape(spend.shape)


def interpolated(spend: Array, value: Array, at: Array) -> Array:
    """Straight lines through the points (L, K), spend not falling, at one place a line (L,)."""
    after = np.clip((spend <= at[:, None]).sum(axis=1), 1, spend.shape[1] - 1)
    every = np.arange(len(spend))
    left, right = spend[every, after - 1], spend[every, after]
    start, end = value[every, after - 1], value[every, after]
    width = right - left
    share = np.divide(at - left, width, out=np.ones(len(at)), where=width > 0)
    return np.asarray(start + np.clip(share, 0.0, 1.0) * (end - start))


def within(spend: Array, value: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """The points (L, K) from low to high (L,) only: those outside move to the nearest end."""
    first, last = interpolated(spend, value, low), interpolated(spend, value, high)
    inside = np.where(spend <= low[:, None], first[:, None], value)
    inside = np.where(spend >= high[:, None], last[:, None], inside)
    return np.clip(spend, low[:, None], high[:, None]), inside


def _chain(x: list[float], y: list[float]) -> list[int]:
    """The chain of one line."""
    first = bisect_right(x, x[0]) - 1  # where an end stands often, once is enough
    chain = [first]
    for point in (*range(first + 1, bisect_left(x, x[-1])), len(x) - 1):
        while len(chain) > 1:
            before, last = chain[-2], chain[-1]
            up, along = y[last] - y[before], x[last] - x[before]
            if up * (x[point] - x[before]) > (y[point] - y[before]) * along:
                break
            chain.pop()
        if len(chain) == 1 and x[point] <= x[chain[0]] and y[point] >= y[chain[0]]:
            chain.pop()  # the first point stands twice
        chain.append(point)
    return chain


def together(spend: Array, value: Array) -> NDArray[np.intp]:
    """The same with one chain for all lines, point by point."""
    lines, points = spend.shape
    every = np.arange(lines)
    chain = np.zeros((lines, points), dtype=np.intp)
    top = np.zeros(lines, dtype=np.intp)
    for point in range(1, points):
        x, y = spend[:, point], value[:, point]
        while True:
            last = chain[every, np.maximum(top, 0)]
            before = chain[every, np.maximum(top - 1, 0)]
            x1, y1 = spend[every, last], value[every, last]
            x0, y0 = spend[every, before], value[every, before]
            under = (top > 0) & ((y1 - y0) * (x - x0) <= (y - y0) * (x1 - x0))
            twin = (top == 0) & (x <= x1) & (y >= y1)  # the first point stands twice
            if not (under | twin).any():
                break
            top = top - (under | twin)
        top = top + 1
        chain[every, top] = point
    full = np.minimum(np.arange(points), top[:, None])
    return np.take_along_axis(chain, full, axis=1)
