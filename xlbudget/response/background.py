"""The posterior of the outcome without media."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.tabular import Array


@dataclass(frozen=True)
class Background:
    """The posterior of the outcome without media.

    coefficients  (D, R, p) of the columns of `baseline_of`, padded with 0 to the widest region
    unit, centre  (R,) outcome = centre + unit x (columns @ coefficients)
    noise         (D, R) standard deviation of a week, outcome units
    together      correlation of the regions' noise, 0 to 1
    """

    coefficients: Array
    unit: Array
    centre: Array
    noise: Array
    together: float

    def outcome(self, bases: Sequence[Array]) -> Array:
        """(D, W + H, R) week by week, the past and then the horizon.

        bases  per region the columns of its baseline (W + H, p)
        """
        parts = []
        for region, basis in enumerate(bases):
            scaled = self.coefficients[:, region, : basis.shape[1]] @ basis.T
            parts.append(self.centre[region] + self.unit[region] * scaled)
        return np.stack(parts, axis=2)

    def total(self, bases: Sequence[Array], within: NDArray[np.bool_]) -> Array:
        """(D,) all regions added up over those weeks of the past, within (W,)."""
        total = np.zeros(len(self.noise))
        for region, basis in enumerate(bases):
            rows = basis[: len(within)][within]
            scaled = self.coefficients[:, region, : basis.shape[1]] @ rows.sum(axis=0)
            total += self.centre[region] * len(rows) + self.unit[region] * scaled
        return total
