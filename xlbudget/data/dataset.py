"""The Dataset: everything that the model and the plan need, validated and immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.settings import Settings
from xlbudget.findings import Finding
from xlbudget.tabular import Array, Weeks

WEEK = np.timedelta64(7, "D")


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


@dataclass(frozen=True)
class Dataset:
    """Weekly spend and outcomes of one market: W weeks, H horizon weeks, R regions, M media.

    weeks          (W,) first day of each week, 7 days apart, no gap; the last has an outcome
    regions        R names: where the outcome is measured; ("",) for national outcomes
    media          M media, each with an effect of its own in every region where it ran
    lines          L lines at Settings' grain
    line_of        (R, M) index of the line that this region x medium belongs to, -1: never ran
    spend          (W, R, M) money a week, >= 0
    outcome        (W, R) outcome a week; NaN: missing or excluded (a finding says why)
    control_names  C names
    controls       (W + H, R, C) the known weeks, then the horizon; never NaN
    attributed     (W, R, M) outcome that the platforms claim, or None
    population     (R,) people or None
    findings       what was noticed on the way: warnings and notes
    key            content hash (hex) of everything above and of the settings
    """

    settings: Settings
    weeks: Weeks
    regions: tuple[str, ...]
    media: tuple[Medium, ...]
    lines: tuple[Line, ...]
    line_of: NDArray[np.intp]
    spend: Array
    outcome: Array
    control_names: tuple[str, ...]
    controls: Array
    channels: Mapping[str, Channel]
    region_facts: Mapping[str, Region] = field(default_factory=dict)
    attributed: Array | None = None
    population: Array | None = None
    experiments: tuple[Experiment, ...] = ()
    priors: tuple[PriorBelief, ...] = ()
    findings: tuple[Finding, ...] = ()
    key: str = ""

    @property
    def line_names(self) -> tuple[str, ...]:
        """Names of the lines: the grain's parts joined by " | "."""
        return tuple(line.name for line in self.lines)

    @property
    def horizon(self) -> Weeks:
        """(H,) first days of the weeks that are planned."""
        start = self.settings.horizon_start
        assert start is not None  # resolved when the Dataset was made
        return start + WEEK * np.arange(self.settings.horizon_weeks)

    def by_line(self, values: Array) -> Array:
        """Add up values (..., R, M) over the regions and media of each line -> (..., L)."""
        flat = values.reshape(*values.shape[:-2], -1)
        index = self.line_of.ravel()
        out = np.zeros((*values.shape[:-2], len(self.lines)))
        for column, line in enumerate(index):
            if line >= 0:
                out[..., line] += flat[..., column]
        return out
