"""A table read as smooth curves: for searching without asking the model at every step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.planning.table import Table, Values
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Surrogate:
    """Cubic Hermite curves through a table's values and slopes (Fritsch and Carlson 1980).

    Its slope bounds are good enough to search by; certificates come from the model itself.
    """

    table: Table

    def __call__(self, spend: Array) -> Values:
        """spend (L, K) within the table -> values and slopes (D, L, K)."""
        part = self._parts(spend)
        value, t, bend, twist = part.value, part.t, part.bend, part.twist
        drift = (1.0 - 2.0 * t) * (bend * (1.0 - t) + twist * t) + t * (1.0 - t) * (twist - bend)
        slope = np.maximum((part.rise + drift) / part.width, 0.0)
        chord = np.diff(value, axis=2) / np.maximum(np.diff(spend, axis=1), 1e-300)
        bound = np.maximum(np.maximum(slope[..., :-1], slope[..., 1:]), chord)
        return Values(value, slope, np.where(np.diff(spend, axis=1) > 0, bound, slope[..., :-1]))

    def value(self, spend: Array) -> Array:
        """spend (L, K) within the table -> values (D, L, K) alone, in half of the time."""
        return self._parts(spend).value

    def _parts(self, spend: Array) -> _Parts:
        knots = self.table.spend
        lines, points = knots.shape
        place = np.stack([np.searchsorted(knots[n], spend[n], "right") for n in range(lines)])
        place = np.clip(place - 1, 0, points - 2)
        left, right = np.take_along_axis(knots, place, 1), np.take_along_axis(knots, place + 1, 1)
        width = np.where(right > left, right - left, 1.0)
        t = np.clip((spend - left) / width, 0.0, 1.0)
        flat = (place + points * np.arange(lines)[:, None]).ravel()

        def at(draws: Array, where: NDArray[np.intp]) -> Array:
            found = draws.reshape(len(draws), -1).take(where, axis=1)
            return found.reshape(len(draws), *spend.shape)

        low, high = at(self.table.value, flat), at(self.table.value, flat + 1)
        rise = high - low
        steepest = 3.0 * rise / width  # beyond it the curve could fall in between
        start = np.minimum(at(self.table.slope, flat), steepest)
        end = np.minimum(at(self.table.slope, flat + 1), steepest)
        bend, twist = start * width - rise, rise - end * width
        value = low + t * rise + t * (1.0 - t) * (bend * (1.0 - t) + twist * t)
        return _Parts(value, t, width, rise, bend, twist)


@dataclass(frozen=True)
class _Parts:
    """A cubic's value, and what its slope is made of: t and width (L, K), the rest (D, L, K)."""

    value: Array
    t: Array
    width: Array
    rise: Array
    bend: Array
    twist: Array
