"""The posterior of what media do, and what is kept of it for the next figure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.adstock import TAIL
from xlbudget.response.kept import Kept
from xlbudget.response.shapes import Shapes
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Effects:
    """The posterior of what media do: D draws, R regions, M media as in the Dataset.

    shapes  per medium its library, regions as in the Dataset
    pick    (D, M) which shape a draw has
    roi     (D, R, M) outcome per money, 0 for no effect, at the strength of the horizon
    season  (W + H + TAIL,) factor on the effects of each week, at least 0; ones where none
    history (D, M) factor on roi over history: effects drift
    """

    shapes: tuple[Shapes, ...]
    pick: NDArray[np.intp]
    roi: Array
    season: Array
    history: Array

    @property
    def roi_past(self) -> Array:
        """(D, R, M) outcome per money over history."""
        return np.asarray(self.roi * self.history[:, None, :])

    def season_ahead(self, weeks: int) -> Array:
        """(weeks + TAIL,) the last ones: those of a horizon and of what comes after it."""
        return self.season[-(weeks + TAIL) :]

    def used(self, medium: int) -> tuple[Shapes, NDArray[np.intp]]:
        """The shapes that some draw has, and for each draw (D,) which of them."""
        return self._used[medium]

    @cached_property
    def kept(self) -> Kept:
        """The tables asked for last: formulas ask for the same ones again and again."""
        return Kept()

    @cached_property
    def _used(self) -> tuple[tuple[Shapes, NDArray[np.intp]], ...]:
        """What `used` says of each medium: every figure asks for it."""
        return tuple(_in_use(*each) for each in zip(self.shapes, self.pick.T, strict=True))


def _in_use(shapes: Shapes, pick: NDArray[np.intp]) -> tuple[Shapes, NDArray[np.intp]]:
    """The shapes that some of the draws (D,) pick, alike ones together, and each draw's place."""
    which, draw = np.unique(pick, return_inverse=True)
    order = np.lexsort((shapes.steepness[which], shapes.form[which]))
    return shapes.picked(which[order]), np.argsort(order)[draw].astype(np.intp)
