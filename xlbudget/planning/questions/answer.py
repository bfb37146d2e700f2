"""An answer: a sentence that a finance person can repeat, and the table that it is made from."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from xlbudget.planning.wording import percent
from xlbudget.tabular import Array, Columns, Tabular

HALF_A_UNIT = 0.5  # up to here a figure is told as 0


@dataclass(frozen=True)
class Answer(Tabular):
    """One question answered.

    figures  the numbers that the sentence tells, by name: what tests compare it with
    shown    the table behind it
    """

    question: str
    sentence: str
    figures: dict[str, float | str]
    shown: Columns = field(default_factory=dict)

    def columns(self) -> Columns:
        """The table behind the sentence."""
        return self.shown


@dataclass(frozen=True)
class Figure:
    """Draws (D,) as people read them: mean and range at the confidence."""

    mean: float
    low: float
    high: float
    confidence: float

    @staticmethod
    def of(draws: Array, confidence: float) -> Figure:
        """Mean and central range at the confidence."""
        tail = (1.0 - confidence) / 2.0
        low, high = np.quantile(draws, [tail, 1.0 - tail])
        return Figure(float(draws.mean()), float(low), float(high), confidence)

    def told(self) -> str:
        """`458,563 (405,425 to 527,203)`."""
        return f"{self.mean:z,.0f} ({self.low:z,.0f} to {self.high:z,.0f})"

    def surely(self) -> str:
        """The same with how sure its range is: `458,563 (90 % sure: 405,425 to 527,203)`."""
        sure = percent(self.confidence)
        return f"{self.mean:z,.0f} ({sure} sure: {self.low:z,.0f} to {self.high:z,.0f})"


def whole(value: float, sign: str = "") -> str:
    """A figure without decimals; sign "+" for a change. What rounds to nothing has no sign."""
    return f"{value:{sign},.0f}" if abs(value) > HALF_A_UNIT else "0"
