"""A plan: money for every week of the horizon, for every region and medium."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xlbudget.data.dataset import Dataset
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Plan:
    """The path of spend over the horizon.

    spend  (H, R, M) money a week, as in Dataset
    """

    data: Dataset
    spend: Array

    @property
    def totals(self) -> Array:
        """(L,) money of each line over the horizon."""
        return self.data.by_line(self.spend.sum(axis=0))

    def scaled(self, totals: Array) -> Plan:
        """The same shape over weeks, regions and media with these line totals (L,).

        A line whose plan is zero is spread as `spread` says: evenly over the weeks, over its
        regions and media as the last 13 weeks were.
        """
        raise NotImplementedError


__all__ = ["Plan", "replace"]
