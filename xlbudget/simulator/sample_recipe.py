"""What the sample market is made of: regions, media with their effects, and two lift tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.simulator.forms import delayed, geometric
from xlbudget.tabular import Array

WEEKS, HORIZON = 130, 13
START = "2023-07-03"  # Mondays; the horizon is the first quarter of 2026
REGIONS = ("North", "Central", "South")
SIZE = np.array([0.46, 0.36, 0.18])
POPULATION = (9_200_000, 7_100_000, 4_400_000)
LAUNCH = ("2025-11-03", "2026-03-01")  # South
REVENUE = 1_150_000.0  # a week, without advertising, all regions


@dataclass(frozen=True)
class Recipe:
    """One medium: what is spent on it a week, what it returns and how.

    roi      average ROI of the last 52 weeks, over all regions
    reached  typical weekly money over the money at which the curve has reached one half
    swing    spread of the log of weekly spend; season: how far budgets follow demand
    burst    weeks on and weeks off, where it runs in flights
    """

    channel: str
    campaign_type: str
    weekly: float
    roi: float
    reached: float
    form: str
    shape: float
    kernel: Array
    swing: float
    season: float = 0.6
    burst: tuple[int, int] | None = None
    national: bool = True  # False: not in South
    first_week: int = 0


MEDIA = (
    Recipe("TV", "", 62e3, 1.5, 0.8, "hill", 1.0, delayed(2, 0.72), 0.30, burst=(5, 3)),
    Recipe(
        "Video", "", 11e3, 3.6, 0.25, "exponential", 1, geometric(0.5), 0.55, 0.2, national=False
    ),
    Recipe("Paid Social", "Awareness", 20e3, 1.3, 0.9, "log", 1, geometric(0.45), 0.45),
    Recipe("Paid Social", "Conversion", 24e3, 2.2, 0.8, "hill", 1.1, geometric(0.25), 0.45),
    Recipe("Display", "", 18e3, 0.6, 1.6, "tanh", 1, geometric(0.3), 0.45, national=False),
    Recipe(
        "Creators", "", 9e3, 1.9, 0.6, "power", 0.5, geometric(0.5), 0.4, 0, None, False, WEEKS - 18
    ),
    Recipe("Paid Search", "Generic", 22e3, 2.4, 0.7, "exponential", 1, geometric(0.15), 0.35, 1.0),
    Recipe("Paid Search", "Shopping", 17e3, 2.8, 0.6, "hill", 1.0, geometric(0.1), 0.40, 1.0),
    Recipe("Brand Search", "", 14e3, 1.7, 3.2, "tanh", 1, geometric(0.05), 0.30, 0.8),
    Recipe("Email", "", 4e3, 3.4, 0.7, "log", 1, geometric(0.2), 0.40, 0.3, national=False),
)
CELLS = tuple((recipe.channel, recipe.campaign_type) for recipe in MEDIA)
NAMES = tuple(dict.fromkeys(channel for channel, _ in CELLS))


@dataclass(frozen=True)
class LiftTest:
    """A lift test that was run: spend of one channel in one region times a factor."""

    id: str
    channel: str
    region: str
    start: str
    weeks: int
    factor: float
    method: str
    source: str


TESTS = (
    LiftTest(
        "LT-1",
        "Paid Social",
        "Central",
        "2025-05-05",
        8,
        0.0,
        "geo holdout",
        "Growth team, 2025-07",
    ),
    LiftTest("LT-2", "Paid Search", "North", "2025-09-01", 6, 1.7, "geo uplift", "Agency report"),
)
