"""The Dataset: everything that the model and the plan need, validated and immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.assembly import assemble
from xlbudget.data.facts import Channel, Experiment, Line, Medium, PriorBelief, Region
from xlbudget.data.frames import Frame, raw_tables, split_settings
from xlbudget.data.settings import Settings
from xlbudget.data.weeks import WEEK
from xlbudget.errors import BadInput
from xlbudget.findings import Finding, errors_of
from xlbudget.tabular import Array, Weeks

__all__ = [
    "WEEK",
    "Channel",
    "Dataset",
    "Experiment",
    "Line",
    "Medium",
    "PriorBelief",
    "Region",
]


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
    attributed     (W, R, M) outcome that the platforms claim, NaN where one does not say; or None
    population     (R,) people or None
    findings       what was noticed on the way: warnings and notes
    key            content hash (hex) of everything above but the findings, and of the settings;
                   the order of rows and columns that came in plays no part
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

    @classmethod
    def from_frames(
        cls,
        spend: Frame,
        outcomes: Frame,
        controls: Frame | None = None,
        channels: Frame | None = None,
        regions: Frame | None = None,
        experiments: Frame | None = None,
        settings: Mapping[str, Any] | Frame | None = None,
        priors: Frame | None = None,
    ) -> Dataset:
        """The Dataset of these tables; none of the frames is modified.

        Each is a DataFrame (or a dict of columns) with the columns that `tables` names; settings
        is a dict or a (setting, value) frame. Raises BadInput, which lists everything that is
        wrong in one pass; what was merely noticed is in `.findings`.
        """
        given, tables = split_settings(settings)
        tables |= raw_tables(
            spend=spend,
            outcomes=outcomes,
            controls=controls,
            channels=channels,
            regions=regions,
            experiments=experiments,
            priors=priors,
        )
        data, findings = assemble(tables, given, cls)
        if data is None:
            raise BadInput(errors_of(findings))
        return data

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
