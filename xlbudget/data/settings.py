"""The Settings table as one immutable value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Settings:
    """How the tables are read and what is planned for; names and defaults as in `tables`."""

    outcome: str = ""  # name of the outcome that is planned for
    currency: str = ""
    value_per_outcome: float = 1.0
    margin: float = 1.0
    horizon_start: np.datetime64 | None = None  # resolved by Dataset: never None there
    horizon_weeks: int = 13
    budget: float | None = None
    grain: tuple[str, ...] = ("channel",)
    confidence: float = 0.90
    risk: str = "expected"
    long_term_weight: float = 0.0
    beyond_observed: float = 0.0  # share of the largest week ever by which a week may exceed it
    holidays_country: str = ""
    seed: int = 0

    @property
    def money_per_outcome(self) -> float:
        """Money kept from one unit of the outcome: value_per_outcome x margin."""
        return self.value_per_outcome * self.margin
