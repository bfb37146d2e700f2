"""Marketing's spend against finance's ledger, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.columns import Columns
from xlbudget.data.names import one_spelling
from xlbudget.data.weeks import WEEK
from xlbudget.tabular import Array, Tabular, Weeks
from xlbudget.tabular import Columns as Table

AGREES = "agrees"
MARKETING_HIGHER = "marketing higher"
FINANCE_HIGHER = "finance higher"
ONLY_MARKETING = "only in marketing"
ONLY_FINANCE = "only in finance"
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Reconciliation(Tabular):
    """One row a month and channel, N rows; money; difference = marketing - finance."""

    month: Weeks
    channel: NDArray[Any]
    marketing: Array
    finance: Array
    status: NDArray[Any]
    tolerance: float

    @property
    def difference(self) -> Array:
        """(N,) marketing less finance, money."""
        return self.marketing - self.finance

    @property
    def agrees(self) -> bool:
        """Does every row agree within the tolerance?"""
        return bool(np.all(self.status == AGREES))

    def columns(self) -> Table:
        """month, channel, marketing, finance, difference, status."""
        return {
            "month": self.month,
            "channel": self.channel,
            "marketing": self.marketing,
            "finance": self.finance,
            "difference": self.difference,
            "status": self.status,
        }


def reconcile(spend: Columns, ledger: Columns, tolerance: float = 0.02) -> Reconciliation:
    """Compare the months that lie wholly within the weeks of Spend.

    A week that spans two months is split by its days. Figures agree where they differ by at most
    `tolerance` (a share) of the larger one. Regions and campaign types are added up.
    """
    kept = spend.part(~np.isnan(spend["spend"]) & ~np.isnat(spend["week"]))
    booked = ledger.part(~np.isnan(ledger["amount"]) & ~np.isnat(ledger["month"]))
    names, _ = one_spelling(np.concatenate([kept["channel"], booked["channel"]]))
    channels, code = np.unique(names.astype(str), return_inverse=True)
    ours, theirs = code[: kept.size], code[kept.size :]
    months = _whole_months(kept["week"])
    marketing = np.zeros((len(months), len(channels)))
    for day in range(7):  # a seventh of the week's money falls on each of its days
        _add(
            marketing,
            months,
            np.asarray(kept["week"] + day * _DAY, dtype="datetime64[D]"),
            ours,
            kept["spend"] / 7,
        )
    finance = np.zeros_like(marketing)
    _add(finance, months, booked["month"], theirs, booked["amount"])
    row, column = np.nonzero((np.abs(marketing) > 0.005) | (finance != 0))
    money, books = marketing[row, column], finance[row, column]
    return Reconciliation(
        months[row].astype("datetime64[D]"),
        channels[column].astype(object),
        money,
        books,
        _status(money, books, tolerance),
        tolerance,
    )


def _whole_months(weeks: Weeks) -> Weeks:
    """Months of which every day lies within these weeks."""
    if not len(weeks):
        return np.empty(0, dtype="datetime64[M]")
    first = (weeks.min() - _DAY).astype("datetime64[M]") + 1
    last = (weeks.max() + WEEK).astype("datetime64[M]")
    return np.arange(first, last)


def _add(total: Array, months: Weeks, days: Weeks, column: NDArray[np.intp], money: Array) -> None:
    if not len(months):
        return
    row = (days.astype("datetime64[M]") - months[0]).astype(np.int64)
    inside = (row >= 0) & (row < len(months))
    np.add.at(total, (row[inside], column[inside]), money[inside])


def _status(marketing: Array, finance: Array, tolerance: float) -> NDArray[Any]:
    larger = np.maximum(np.abs(marketing), np.abs(finance))
    status = np.where(marketing > finance, MARKETING_HIGHER, FINANCE_HIGHER).astype(object)
    status[np.abs(marketing - finance) <= tolerance * larger] = AGREES
    status[finance == 0] = ONLY_MARKETING
    status[np.abs(marketing) <= 0.005] = ONLY_FINANCE
    return status
