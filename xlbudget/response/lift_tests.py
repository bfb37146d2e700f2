"""Lift tests: a likelihood on exactly the quantity that was measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset, Experiment
from xlbudget.response.adstock import carry_over
from xlbudget.response.effects import Effects
from xlbudget.response.saturation import saturate
from xlbudget.response.shapes import Shapes
from xlbudget.tabular import Array

DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class LiftTest:
    """One test against M media in R regions, in canonical order.

    lift      per medium that was tested (R, S): outcome of the test at an ROI of 1
    measured  and standard_error, in outcome units over those of an ROI of 1: plain numbers
    """

    id: str
    lift: dict[int, Array]
    measured: float
    standard_error: float


def lift_tests(
    data: Dataset,
    media: NDArray[np.intp],
    regions: NDArray[np.intp],
    shapes: tuple[Shapes, ...],
    roi_unit: float,
    season: Array,
) -> tuple[LiftTest, ...]:
    """Those tests that touch a medium and a week of the data; measured in `roi_unit` money.

    season (W or more,) is how effects swing over the year.
    """
    tests = []
    for experiment in data.experiments:
        inside = days_inside(data, experiment)
        lift = {}
        without = spend_without(data, experiment, inside)
        for place, medium in enumerate(media):
            if data.media[medium].channel == experiment.channel and inside.any():
                lift[place] = np.stack(
                    [
                        _difference(
                            shapes[place],
                            at,
                            data.spend[:, region, medium],
                            without[:, region, medium],
                            inside * season[: len(inside)],
                        )
                        for at, region in enumerate(regions)
                    ]
                )
        if lift and experiment.standard_error > 0 and any(v.any() for v in lift.values()):
            tests.append(
                LiftTest(
                    experiment.id,
                    lift,
                    experiment.incremental_outcome / roi_unit,
                    experiment.standard_error / roi_unit,
                )
            )
    return tuple(tests)


def lifts(data: Dataset, effects: Effects) -> dict[str, Array]:
    """Per test that lies within the data what it should have measured, draw by draw (D,)."""
    media, regions = np.arange(len(data.media)), np.arange(len(data.regions))
    out: dict[str, Array] = {}
    for index, season in enumerate(effects.seasons):
        at = effects.swing == index
        pick, roi = effects.pick[at], effects.roi_past[at]
        for test in lift_tests(data, media, regions, effects.shapes, 1.0, season):
            lift = out.setdefault(test.id, np.zeros(len(at)))
            for medium, by_shape in test.lift.items():
                lift[at] += (roi[:, :, medium] * by_shape[:, pick[:, medium]].T).sum(axis=1)
    return out


def days_inside(data: Dataset, experiment: Experiment) -> Array:
    """(W,) share of each week's days that lie within the test."""
    start = np.maximum(data.weeks, experiment.start)
    end = np.minimum(data.weeks + 7 * DAY, experiment.end + DAY)
    days = np.asarray((end - start) / DAY, dtype=float)
    return np.asarray(np.clip(days / 7.0, 0.0, 1.0))


def spend_without(data: Dataset, experiment: Experiment, inside: Array) -> Array:
    """(W, R, M) spend as it would have been without the test.

    The change is spread over the test's weeks, regions and campaign types in proportion to what
    was spent there; where nothing was, in proportion to the eight weeks before.
    """
    touched = np.array(
        [
            [
                medium.channel == experiment.channel
                and experiment.region in ("", region, medium.region)
                for medium in data.media
            ]
            for region in data.regions
        ]
    )
    if not touched.any():  # the region is not told apart in this data
        named = [medium.channel == experiment.channel for medium in data.media]
        touched = np.tile(named, (len(data.regions), 1))
    pattern = data.spend * touched * inside[:, None, None]
    if not pattern.any():
        first = int(np.argmax(inside > 0))
        usual = data.spend[max(0, first - 8) : first].sum(axis=0) * touched
        usual = usual if usual.any() else touched.astype(float)
        pattern = inside[:, None, None] * usual
    total = pattern.sum()
    if total <= 0:
        return data.spend
    change = experiment.spend_change * pattern / total
    return np.asarray(np.maximum(data.spend - change, 0.0))


def _difference(shapes: Shapes, region: int, real: Array, without: Array, inside: Array) -> Array:
    """(S,) outcome of the spend with the test less that without, at ROI 1.

    inside (W,) how much each week counts: its share in the test, times the season of effects.
    """
    if np.array_equal(real, without):
        return np.zeros(len(shapes.form))
    effect = [
        saturate(
            shapes.form,
            carry_over(path, shapes.kernel) / shapes.half[region][:, None],
            shapes.steepness,
        )[0]
        for path in (real, without)
    ]
    return np.asarray(((effect[0] - effect[1]) @ inside) * shapes.gain[region])
