"""Finance's ledger of a simulated market: booked by month and channel, wrong where we say so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xlbudget.simulator.market import Table, table_of_rows
from xlbudget.simulator.truth import LedgerDifference
from xlbudget.tabular import Array, Weeks


def booked(
    weeks: Weeks,
    media: Sequence[tuple[str, str]],
    spend: Array,
    factors: Sequence[tuple[str, str, float]],
) -> tuple[Table, tuple[LedgerDifference, ...]]:
    """The Ledger table of spend (W, R, M), a week's money being booked evenly on its seven days.

    factors  (month, channel, factor) where finance booked that multiple of marketing's record
    """
    days = (weeks[:, None] + np.arange(7)).astype("datetime64[M]")
    months = np.unique(days)
    share = (days[None] == months[:, None, None]).sum(axis=2) / 7.0  # (months, W)
    odd = {(month, channel): factor for month, channel, factor in factors}
    money = spend.sum(axis=1)
    rows, differences = [], []
    for month, by_week in zip(months, share, strict=True):
        for channel in dict.fromkeys(name for name, _ in media):
            members = [index for index, (name, _) in enumerate(media) if name == channel]
            recorded = round(float(by_week @ money[:, members].sum(axis=1)), 2)
            factor = odd.get((str(month), channel), 1.0)
            if recorded > 0:
                rows.append((str(month), channel, round(recorded * factor, 2)))
            if factor != 1.0:
                differences.append(LedgerDifference(str(month), channel, recorded, rows[-1][2]))
    return table_of_rows(("month", "channel", "amount"), rows), tuple(differences)
