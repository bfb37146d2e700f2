"""Writes the wide table of the tour: `python docs/tour/make_wide.py wide.csv`.

The sample market as people keep it: one row a week, one spend column per channel.
"""

from __future__ import annotations

import sys

from xlbudget.simulator import sample_market


def make(path: str) -> None:
    """One row a week: revenue, spend by channel, price and promotion."""
    frames = sample_market(seed=0).frames()
    spend = frames["spend"].pivot_table(
        index="week", columns="channel", values="spend", aggfunc="sum"
    )
    spend.columns = [f"{name.lower().replace(' ', '_')}_spend" for name in spend.columns]
    outcome = frames["outcomes"].groupby("week")["revenue"].sum()
    controls = frames["controls"].groupby("week")[["price_index", "promo"]].mean()
    wide = spend.fillna(0.0).join(outcome).join(controls).dropna()
    wide.round(4).to_csv(path, index_label="date")


if __name__ == "__main__":
    make(sys.argv[1])
