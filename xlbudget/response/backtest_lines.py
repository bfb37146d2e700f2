"""Where by line the model was wrong: each line's ROI as seen then, and as seen now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array, Columns, Tabular, Weeks

YEAR = 52  # weeks before a fold whose ROI is compared
SHOWN = 3  # lines named in a fold's cell


@dataclass(frozen=True)
class LineRevisions(Tabular):
    """N rows, one for each fold and line that spent in the year before the fold.

    fold      (N,) 1 is the oldest; known (N,) last week that the model then knew
    roi, low, high  (N,) its ROI of that year as seen then, money per money
    roi_now   (N,) ROI of the same weeks by the model that knows all weeks
    outside   (N,) whether it left the range given then: a range that is right keeps it at least
              as often as it says, since what is seen now is surer than the truth is far
    """

    fold: NDArray[np.intp]
    known: Weeks
    line: tuple[str, ...]
    roi: Array
    low: Array
    high: Array
    roi_now: Array
    outside: NDArray[np.bool_]

    def columns(self) -> Columns:
        """fold, line, roi, low, high, roi_now, verdict."""
        return {
            "fold": self.fold,
            "line": self.line,
            "roi": self.roi,
            "low": self.low,
            "high": self.high,
            "roi_now": self.roi_now,
            "verdict": [
                _verdict(*row) for row in zip(self.outside, self.roi, self.roi_now, strict=True)
            ],
        }

    def words_of(self, fold: int) -> str:
        """The lines of a fold that were seen wrongly, worst first; "none" where there is none."""
        rows = np.flatnonzero((self.fold == fold) & self.outside)
        rows = rows[np.argsort(-self._distance[rows], kind="stable")]
        if not rows.size:
            return "none"
        said = [
            f"{self.line[row]}: ROI {self.roi[row]:.2g} ({self.low[row]:.2g} to "
            f"{self.high[row]:.2g}) then, {self.roi_now[row]:.2g} now"
            for row in rows[:SHOWN]
        ]
        more = f"; and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
        return "; ".join(said) + more

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each line that was seen wrongly, by its worst fold; or that there is none."""
        if not self.line:
            return ()
        if not self.outside.any():
            return ("No line's ROI is now seen outside the range that was once given for it.",)
        worst: dict[str, int] = {}
        for row in np.flatnonzero(self.outside):
            before = worst.setdefault(self.line[row], int(row))
            if self._distance[row] > self._distance[before]:
                worst[self.line[row]] = int(row)
        return tuple(
            f"{name}'s ROI of the year to {self.known[row]} was seen as {self.roi[row]:.2g} "
            f"({self.low[row]:.2g} to {self.high[row]:.2g}) then and as {self.roi_now[row]:.2g} "
            "now: its effect has changed, or was never told apart from something else."
            for name, row in worst.items()
        )

    @property
    def _distance(self) -> Array:
        """(N,) how far outside, in widths of the range."""
        off = np.maximum(self.low - self.roi_now, self.roi_now - self.high)
        return np.asarray(off / np.maximum(self.high - self.low, 1e-12))


def revisions(then: Sequence[ResponseModel], now: ResponseModel) -> LineRevisions:
    """Every fold's model against the present one, over the year before the fold."""
    rows: list[tuple[int, np.datetime64, str, float, float, float, float]] = []
    for number, model in enumerate(then):
        weeks = model.data.weeks
        span = (weeks[-YEAR:][0], weeks[-1])
        old, new = model.contribution(*span), now.contribution(*span)
        worth = model.data.settings.money_per_outcome
        for at in np.flatnonzero(old.spend > 0):
            per = worth / old.spend[at]
            low, high = old.low[at] * per, old.high[at] * per
            rows.append((number + 1, span[1], old.line[at], old.roi[at], low, high, new.roi[at]))
    fold, known, line, *figures = zip(*rows, strict=True) if rows else ((),) * 7
    roi, low, high, roi_now = (np.array(column, dtype=float) for column in figures)
    return LineRevisions(
        fold=np.array(fold, dtype=np.intp),
        known=np.array(known, dtype="datetime64[D]"),
        line=tuple(line),
        roi=roi,
        low=low,
        high=high,
        roi_now=roi_now,
        outside=(roi_now < low) | (roi_now > high),
    )


def _verdict(outside: bool, then: float, now: float) -> str:
    if not outside:
        return "inside its range"
    return "seen too low then" if now > then else "seen too high then"
