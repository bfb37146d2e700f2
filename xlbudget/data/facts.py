"""The things that a Dataset is about: media, lines, channels, regions, lift tests, beliefs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Medium:
    """What the model gives an effect of its own in each region: a channel, or a part of it.

    A part is empty where the model does not tell that part apart. `region` is only filled where
    spend is known by region while outcomes are national and the grain asks for regions.
    """

    channel: str
    campaign_type: str = ""
    product: str = ""
    region: str = ""


@dataclass(frozen=True)
class Channel:
    """A row of Channels. `attributes` holds every text column, role included, by normal name."""

    name: str
    role: str = "other"
    long_term_factor: float = 0.0
    launch_week: np.datetime64 | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Region:
    """A row of Regions."""

    name: str
    population: float | None = None
    launch_start: np.datetime64 | None = None
    launch_end: np.datetime64 | None = None


@dataclass(frozen=True)
class Experiment:
    """A lift test: outcome with the test less outcome without it, over start..end inclusive."""

    id: str
    channel: str
    region: str  # "" is all
    start: np.datetime64
    end: np.datetime64
    method: str
    spend_change: float
    incremental_outcome: float
    standard_error: float
    source: str = ""


@dataclass(frozen=True)
class PriorBelief:
    """A row of Priors; None keeps the default."""

    line: str
    roi_low: float | None = None
    roi_high: float | None = None
    half_life_weeks: float | None = None
    half_saturation: float | None = None
    chance_of_no_effect: float | None = None


@dataclass(frozen=True)
class Line:
    """What the budget is set for. A part is empty where the grain does not name it."""

    name: str
    channel: str
    region: str = ""
    campaign_type: str = ""
    product: str = ""
