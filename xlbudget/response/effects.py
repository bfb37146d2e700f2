"""The posterior of what media do, and what is kept of it for the next figure."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    seasons (K, W + H + TAIL) the ways effects may swing over the year: a factor on the effects of
            each week, at least 0, all media alike; ones where none
    swing   (D,) which of them a draw has
    history (D, M) factor on roi over history: effects drift
    """

    shapes: tuple[Shapes, ...]
    pick: NDArray[np.intp]
    roi: Array
    seasons: Array
    swing: NDArray[np.intp]
    history: Array

    @property
    def roi_past(self) -> Array:
        """(D, R, M) outcome per money over history."""
        return np.asarray(self.roi * self.history[:, None, :])

    @property
    def expected_season(self) -> Array:
        """(W + H + TAIL,) the mean over the draws."""
        times = np.bincount(self.swing, minlength=len(self.seasons))
        return np.asarray(times @ self.seasons / len(self.swing))

    def seasons_ahead(self, weeks: int) -> Array:
        """(K, weeks + TAIL) the last ones: those of a horizon and of what comes after it."""
        return self.seasons[:, -(weeks + TAIL) :]

    def some(self, draws: slice) -> Effects:
        """Only these draws."""
        return replace(
            self,
            pick=self.pick[draws],
            roi=self.roi[draws],
            swing=self.swing[draws],
            history=self.history[draws],
        )

    def used(self, medium: int) -> tuple[Shapes, NDArray[np.intp]]:
        """The shapes that some draw has, and for each draw (D,) which of them."""
        return self._used[medium]

    def pair(self, medium: int) -> NDArray[np.intp]:
        """(D,) place of each draw in a table of the used shapes by season, read row by row."""
        return self._pairs[medium]

    @cached_property
    def kept(self) -> Kept:
        """The tables asked for last: formulas ask for the same ones again and again."""
        return Kept()

    @cached_property
    def _used(self) -> tuple[tuple[Shapes, NDArray[np.intp]], ...]:
        """What `used` says of each medium: every figure asks for it."""
        return tuple(_in_use(*each) for each in zip(self.shapes, self.pick.T, strict=True))

    @cached_property
    def _pairs(self) -> tuple[NDArray[np.intp], ...]:
        return tuple(draw * len(self.seasons) + self.swing for _, draw in self._used)


def _in_use(shapes: Shapes, pick: NDArray[np.intp]) -> tuple[Shapes, NDArray[np.intp]]:
    """The shapes that some of the draws (D,) pick, alike ones together, and each draw's place."""
    which, draw = np.unique(pick, return_inverse=True)
    order = np.lexsort((shapes.steepness[which], shapes.form[which]))
    return shapes.picked(which[order]), np.argsort(order)[draw].astype(np.intp)
