"""A scenario as a value: changes in the order in which they apply."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

import numpy as np

from xlbudget.findings import Place
from xlbudget.tables import SCENARIOS
from xlbudget.tabular import Array


class What(StrEnum):
    """What a change is about; spelled as in the table."""

    SPEND = "spend"
    COST = "cost"
    RESPONSE = "response"
    WORTH = "outcome value"
    CONTROL = "control"
    BUDGET = "budget"
    GOAL = "goal"


Figure = TypeVar("Figure", float, Array)
SPLIT_ANEW = (What.BUDGET, What.GOAL)  # the money is split anew, within the guardrails

DECISIONS = (What.SPEND, *SPLIT_ANEW)  # what a plan decides; the others are what the world does


class How(StrEnum):
    """How the value is meant; spelled as in the table."""

    PERCENT = "%"
    AMOUNT = "amount"
    SET_TO = "set to"


@dataclass(frozen=True)
class Change:
    """One row of Scenarios.

    scope  by normal name: total, line, channel, region, ... or an attribute of Channels
    name   which one, or the control; "" is each of them
    value  a share for percent (-0.12 takes 12 % away), else in units of what is changed
    start, end  first and last day; None is open
    """

    what: What
    how: How
    value: float
    scope: str = "total"
    name: str = ""
    start: np.datetime64 | None = None
    end: np.datetime64 | None = None
    place: Place = field(default_factory=lambda: Place(SCENARIOS.name))

    @property
    def title(self) -> str:
        """What is changed, in words: `spend of role prospecting`."""
        if self.what is What.CONTROL:
            return f"control {self.name}"
        return f"{self.what} of {self.name or f'each {self.scope}'}".replace("each total", "all")

    def of(self, now: Figure) -> Figure:
        """What a figure becomes."""
        if self.how is How.PERCENT:
            return now * (1.0 + self.value)
        return now + self.value if self.how is How.AMOUNT else 0.0 * now + self.value


@dataclass(frozen=True)
class Scenario:
    """Changes that go together.

    weight  how likely it is, 0 to 1; None: nobody said
    """

    name: str
    changes: tuple[Change, ...]
    weight: float | None = None


Scenarios = tuple[Scenario, ...]
