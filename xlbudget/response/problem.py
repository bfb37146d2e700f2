"""A Dataset as the sampler sees it: scaled, in an order that its content decides.

Lines and regions are ordered by size, not by name or place, and outcome and money are measured in
units of the business itself, so that neither order, names nor currency change the draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.response.adstock import TAIL
from xlbudget.response.baseline import Baseline, baseline_of
from xlbudget.response.beliefs import MEDIA_SHARE, Belief, belief_of
from xlbudget.response.lift_tests import LiftTest, lift_tests
from xlbudget.response.odd_weeks import FirstLook, first_look
from xlbudget.response.shapes import Library, Shapes, first_library, shapes_of
from xlbudget.tabular import Array

KEPT = 24  # places on the grid of the baseline's scales that are carried along
MOST = 2**25  # numbers that `solved` may hold, 256 MiB: beyond, it is worked out as needed


@dataclass(frozen=True)
class Projection:
    """What integrates one region's baseline out, for J combinations of its scales.

    basis     (W, p) observed weeks only, others 0
    variance  (J, p) prior variance of the coefficients, in noise variances
    solve     (J, p, p) inverse of basis' basis + 1 / variance
    root      (J, p, p) lower Cholesky factor of `solve`
    log_det   (J,) log determinant of the outcome's covariance, in noise variances
    weight    (J,) log prior weight
    weeks     number of observed weeks
    """

    basis: Array
    variance: Array
    solve: Array
    root: Array
    log_det: Array
    weight: Array
    weeks: int


@dataclass(frozen=True)
class Problem:
    """One fit. Media and regions stand in canonical order; M media, R regions, S shapes.

    media, regions  canonical position -> position in the Dataset
    outcome    (R, W) scaled and centred, 0 where missing
    unit       (R,) outcome units of one scaled unit, and `centre` (R,) what was taken off
    roi_unit   outcome per money that a coefficient of 1 means
    look       weeks that were set aside, and how far the regions' noise moves together
    seen       (W, R) weeks that count
    projection one per region
    beliefs    one per medium; offset (M,) is the log ROI prior's own centre, NaN where learned
    channel    (M,) number of the channel that each medium is of
    libraries  one per medium, and the shapes that they make
    columns    per medium (R, S, W): scaled weekly effect at a coefficient of 1
    onto       per region per medium (S, p): products of the columns with the baseline's
    solved     the same (J, S, p) through `solve`: the coefficients that explain each column; None
               where all of them would be too many to hold
    strength   per medium and region (J, S): squared length of each column after the baseline is out
    tests      the lift tests
    season     (W + H + TAIL,) how all effects swing over the year
    """

    media: NDArray[np.intp]
    regions: NDArray[np.intp]
    outcome: Array
    unit: Array
    centre: Array
    roi_unit: float
    look: FirstLook
    seen: NDArray[np.bool_]
    projection: tuple[Projection, ...]
    beliefs: tuple[Belief, ...]
    offset: Array
    channel: NDArray[np.intp]
    libraries: tuple[Library, ...]
    shapes: tuple[Shapes, ...]
    columns: tuple[Array, ...]
    onto: tuple[tuple[Array, ...], ...]
    solved: tuple[tuple[Array | None, ...], ...]
    strength: tuple[tuple[Array, ...], ...]
    tests: tuple[LiftTest, ...]
    season: Array


def problem_of(data: Dataset, rng: np.random.Generator) -> Problem:
    """Scale, order, and work out everything that does not change from draw to draw."""
    spent = data.spend.sum(axis=0)  # (R, M)
    seen = ~np.isnan(data.outcome)
    baselines = tuple(baseline_of(data, region) for region in range(len(data.regions)))
    look = first_look(data, baselines)
    seen &= ~look.odd
    size = np.nan_to_num(np.abs(data.outcome)).sum(axis=0)
    media = np.array(
        sorted(range(len(data.media)), key=lambda m: (-spent[:, m].sum(), str(data.media[m]))),
        dtype=np.intp,
    )
    regions = np.array(
        sorted(range(len(data.regions)), key=lambda r: (-size[r], data.regions[r])), dtype=np.intp
    )
    unit, centre = np.ones(len(regions)), np.zeros(len(regions))
    outcome = np.zeros((len(regions), len(data.weeks)))
    for place, region in enumerate(regions):
        values = data.outcome[seen[:, region], region]
        if values.size:
            centre[place] = values.mean()
            unit[place] = values.std() or np.abs(values).max() or 1.0
        outcome[place, seen[:, region]] = (values - centre[place]) / unit[place]
    money = spent.sum()
    roi_unit = float(MEDIA_SHARE * size.sum() / money) if money > 0 and size.sum() > 0 else 1.0

    projection = tuple(
        _project(baselines[region], seen[:, region], look.evidence[region]) for region in regions
    )
    beliefs = tuple(belief_of(data, data.media[m]) for m in media)
    offset = np.array([np.log(b.roi / roi_unit) if b.roi else np.nan for b in beliefs])
    named = [data.media[m].channel for m in media]
    channel = np.array([named.index(name) for name in named], dtype=np.intp)
    frame = Problem(
        media, regions, outcome, unit, centre, roi_unit, look, seen[:, regions], projection,
        beliefs, offset, channel, (), (), (), (), (), (), (),
        np.ones(len(data.weeks) + len(data.horizon) + TAIL),
    )  # fmt: skip
    return with_libraries(frame, data, tuple(first_library(rng) for _ in media))


def with_libraries(problem: Problem, data: Dataset, libraries: tuple[Library, ...]) -> Problem:
    """The same problem with other libraries of shapes."""
    shapes: list[Shapes] = []
    columns: list[Array] = []
    strength: list[tuple[Array, ...]] = []
    onto: list[list[Array]] = [[] for _ in problem.regions]
    solved: list[list[Array | None]] = [[] for _ in problem.regions]
    numbers = sum(part.solve[..., 0].size for part in problem.projection)  # to hold a shape
    hold = numbers * sum(len(library.log_weight) for library in libraries) <= MOST
    for library, belief, medium in zip(libraries, problem.beliefs, problem.media, strict=True):
        spend = data.spend[:, problem.regions, medium]
        own, column = shapes_of(library, belief, spend, problem.season)
        scale = (problem.roi_unit / problem.unit)[:, None] * problem.seen.T
        column *= (scale * problem.season[: len(spend)])[:, None, :]
        shapes.append(own)
        columns.append(column)
        length: list[Array] = []
        for region, part in enumerate(problem.projection):
            products = column[region] @ part.basis
            explained = products @ part.solve
            squares = np.einsum("sw,sw->s", column[region], column[region])
            length.append(squares - np.einsum("jsp,sp->js", explained, products))
            onto[region].append(products)
            solved[region].append(explained if hold else None)
        strength.append(tuple(length))
    return replace(
        problem,
        libraries=libraries,
        shapes=tuple(shapes),
        columns=tuple(columns),
        onto=tuple(tuple(each) for each in onto),
        solved=tuple(tuple(each) for each in solved),
        strength=tuple(strength),
        tests=lift_tests(
            data, problem.media, problem.regions, tuple(shapes), problem.roi_unit, problem.season
        ),
    )


def likely(evidence: Array) -> tuple[NDArray[np.intp], Array]:
    """Which combinations of baseline scales to carry along, and by what to multiply their prior.

    KEPT places, evenly spread over the cumulated evidence (J,): what explains nothing is left
    out, and of many that are much alike some stand for all.
    """
    share = np.exp(evidence - evidence.max())
    share /= share.sum()
    place = (np.arange(KEPT) + 0.5) / KEPT
    which, times = np.unique(np.searchsorted(np.cumsum(share), place), return_counts=True)
    which = np.minimum(which, len(share) - 1)
    return which.astype(np.intp), times / (KEPT * share[which])


def _project(base: Baseline, seen: NDArray[np.bool_], evidence: Array) -> Projection:
    use, times = likely(evidence)
    variance = base.variance[use]
    basis = base.basis[: len(seen)] * seen[:, None]
    precision = basis.T @ basis + np.eye(basis.shape[1]) / variance[:, :, None]
    inverse = np.linalg.inv(precision)
    solve = np.asarray((inverse + inverse.transpose(0, 2, 1)) / 2.0, dtype=float)
    root = np.linalg.cholesky(solve)
    log_det = np.log(variance).sum(axis=1)
    log_det -= 2.0 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    weight = np.log(base.weight[use] * times)
    return Projection(basis, variance, solve, root, log_det, weight, int(seen.sum()))
