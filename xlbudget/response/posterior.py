"""Draws from the posterior: many chains of Gibbs steps moved together, everything linear exact.

A step draws a medium's shape from its library, then its ROI with a real chance of being zero,
then how the regions differ. Level, trend, season and controls are integrated out all the while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.baseline import NOISE_SHARE, NOISE_WEIGHT
from xlbudget.response.beliefs import CENTRE_SPREAD, KINSHIP, REGION_SPREAD, ROI_SPREADS
from xlbudget.response.drawing import approximate, categorical, draw_column, draw_positive
from xlbudget.response.lift_tests import LiftTest
from xlbudget.response.problem import Problem
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Draws:
    """S kept sweeps of C chains, in canonical order; ROI in units of the problem's roi_unit.

    pick     (S, C, M) shape
    strength (S, C, M) ROI common to the regions, 0 where the medium has no effect
    tilt     (S, C, R, M) each region's factor on it
    scale    (S, C, R) which of the combinations of the baseline's scales
    noise    (S, C, R) standard deviation, scaled units
    baseline (S, C, R, p) coefficients, per region padded to the widest
    """

    pick: NDArray[np.intp]
    strength: Array
    tilt: Array
    scale: NDArray[np.intp]
    noise: Array
    baseline: Array

    @property
    def roi(self) -> Array:
        """(S, C, R, M) coefficient, 0 where the medium has no effect."""
        return self.strength[:, :, None, :] * self.tilt


def joined(first: Draws, then: Draws) -> Draws:
    """One run after another of the same chains."""
    parts = (
        np.concatenate([getattr(first, field.name), getattr(then, field.name)])
        for field in fields(Draws)
    )
    return Draws(*parts)


@dataclass
class _State:
    """Where C chains are.

    left (R, C, W) is the outcome less every medium's effect; fit, per region (C, p), the
    baseline's coefficients that explain it.
    """

    pick: NDArray[np.intp]  # (C, M)
    strength: Array  # (C, M) ROI common to the regions
    tilt: Array  # (C, R, M) each region's factor on it
    left: Array
    fit: list[Array]
    variance: Array  # (C, R)
    scale: NDArray[np.intp]  # (C, R)
    centre: Array  # (C, M) prior mean of log ROI
    spread: Array  # (C, M) and its sd


def sample(
    problem: Problem,
    rng: np.random.Generator,
    chains: int,
    burn: int,
    keep: int,
    progress: Callable[[float], None],
    after: Draws | None = None,
) -> Draws:
    """Run the chains, from where an earlier run left off if there was one.

    `progress` hears the share that is done.
    """
    state = _start(problem, rng, chains, after)
    kept: list[tuple[NDArray[Any], ...]] = []
    for sweep in range(burn + keep):
        _noise_and_scale(problem, state, rng)
        for medium in range(len(problem.media)):
            _medium(problem, state, medium, rng)
        _business(problem, state, rng)
        if sweep >= burn:
            kept.append(
                (
                    state.pick.copy(),
                    state.strength.copy(),
                    state.tilt.copy(),
                    state.scale.copy(),
                    np.sqrt(state.variance),
                    _baseline(problem, state, rng),
                )
            )
        progress((sweep + 1) / (burn + keep))
    return Draws(*(np.stack(part) for part in zip(*kept, strict=True)))


def _start(problem: Problem, rng: np.random.Generator, chains: int, after: Draws | None) -> _State:
    """Chains spread over the prior, or where `after` ended."""
    regions, media = len(problem.regions), len(problem.media)
    pick = [rng.integers(0, len(s.form), chains) for s in problem.shapes]
    state = _State(
        pick=np.array(pick, dtype=np.intp).reshape(media, chains).T,
        strength=np.exp(0.5 * rng.standard_normal((chains, media))),
        tilt=np.ones((chains, regions, media)),
        left=np.repeat(problem.outcome[:, None, :], chains, axis=1),
        fit=[],
        variance=np.full((chains, regions), 0.3),
        scale=np.zeros((chains, regions), dtype=np.intp),
        centre=np.tile(np.where(np.isnan(problem.offset), 0.0, problem.offset), (chains, 1)),
        spread=np.tile([belief.roi_spread for belief in problem.beliefs], (chains, 1)),
    )
    if after is not None:
        state.pick = after.pick[-1].copy()
        state.strength, state.tilt = after.strength[-1].copy(), after.tilt[-1].copy()
        state.variance = after.noise[-1] ** 2
    for medium, columns in enumerate(problem.columns):
        roi = state.strength[:, medium, None] * state.tilt[:, :, medium]
        for region, column in enumerate(columns):
            state.left[region] -= roi[:, region, None] * column[state.pick[:, medium]]
    return state


def _noise_and_scale(problem: Problem, state: _State, rng: np.random.Generator) -> None:
    """The baseline's scales with the noise integrated out, then the noise."""
    state.fit = []
    for region, part in enumerate(problem.projection):
        left = state.left[region]
        onto = left @ part.basis
        fits = onto @ part.solve  # (J, C, p)
        shrunk = np.einsum("jcp,cp->cj", fits, onto)
        rest = np.maximum(np.einsum("cw,cw->c", left, left)[:, None] - shrunk, 1e-12)
        rest += NOISE_WEIGHT * NOISE_SHARE
        shape = (part.weeks + NOISE_WEIGHT) / 2.0
        log_weight = part.weight - part.log_det / 2.0 - shape * np.log(rest)
        state.scale[:, region] = categorical(log_weight, rng)
        row = np.arange(len(rest))
        chosen = rest[row, state.scale[:, region]]
        state.fit.append(fits[state.scale[:, region], row])
        state.variance[:, region] = chosen / 2.0 / rng.standard_gamma(shape, len(chosen))


def _explained(problem: Problem, state: _State, region: int, medium: int) -> Array:
    """(C, p) the baseline's coefficients that explain a medium's picked columns at an ROI of 1."""
    scale, pick = state.scale[:, region], state.pick[:, medium]
    held = problem.solved[region][medium]
    if held is not None:
        return np.asarray(held[scale, pick])
    return _by_scale(problem.projection[region].solve, scale, problem.onto[region][medium][pick])


def _by_scale(matrices: Array, scale: NDArray[np.intp], rows: Array) -> Array:
    """(C, p) each row times the matrix (J, p, p) of its scales; alike ones in one product."""
    out = np.empty_like(rows)
    for combination in np.unique(scale):
        chains = np.flatnonzero(scale == combination)
        out[chains] = rows[chains] @ matrices[combination]
    return out


def _medium(problem: Problem, state: _State, medium: int, rng: np.random.Generator) -> None:
    """Draw one medium's shape, ROI and regions, given all else."""
    pick, tilt = state.pick[:, medium], state.tilt[:, :, medium]
    regions, shape = len(problem.regions), (len(pick), len(problem.shapes[medium].form))
    roi = state.strength[:, medium, None] * tilt  # (C, R)
    repeated = 1.0 + (regions - 1) * problem.look.together  # shared noise: regions say less
    pulls, pushes = [], []  # (C, S) what the data of a region say, linear in its ROI; and quadratic
    linear, square = np.zeros(shape), np.zeros(shape)  # the same of the common ROI
    for region in range(regions):
        left, fit = state.left[region], state.fit[region]
        columns = problem.columns[medium][region]
        left += roi[:, region, None] * columns[pick]
        fit += roi[:, region, None] * _explained(problem, state, region, medium)
        sure = 1.0 / (repeated * state.variance[:, region, None])
        pull = left @ columns.T
        pull -= fit @ problem.onto[region][medium].T
        pull *= sure
        push = problem.strength[medium][region][state.scale[:, region]]
        push *= sure
        factor = tilt[:, region, None]
        linear += factor * pull
        square += factor**2 * push
        pulls.append(pull)
        pushes.append(push)
    tests = [(t, _untested(problem, state, t, medium)) for t in problem.tests if medium in t.lift]
    for test, rest in tests:
        whole = tilt @ test.lift[medium] / test.standard_error
        linear += whole * (rest / test.standard_error)[:, None]
        square += whole**2
    pick = _shape_and_strength(problem, state, medium, linear, square, rng)
    state.pick[:, medium] = pick

    if regions > 1:
        row = np.arange(len(pick))
        pull, push = (
            np.stack([each[row, pick] for each in part], axis=1) for part in (pulls, pushes)
        )
        lifts = [(t.lift[medium][:, pick].T, rest, t.standard_error) for t, rest in tests]
        _tilts(problem, state, medium, pull, push, lifts, rng)

    roi = state.strength[:, medium, None] * state.tilt[:, :, medium]
    for region in range(regions):
        state.left[region] -= roi[:, region, None] * problem.columns[medium][region][pick]
        state.fit[region] -= roi[:, region, None] * _explained(problem, state, region, medium)


Lifts = list[tuple[Array, Array, float]]


def _untested(problem: Problem, state: _State, test: LiftTest, medium: int) -> Array:
    """(C,) what a test measured, less what the other media that it touched did."""
    rest = np.full(len(state.pick), test.measured)
    for other, lift in test.lift.items():
        if other != medium:
            roi = state.strength[:, other, None] * state.tilt[:, :, other]
            rest -= (roi * lift[:, state.pick[:, other]].T).sum(axis=1)
    return rest


def _shape_and_strength(
    problem: Problem,
    state: _State,
    medium: int,
    linear: Array,
    square: Array,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    """The shape, and the ROI common to the regions, which may be zero.

    linear, square (C, S): the log likelihood of an ROI x under each shape is
    linear x - square x^2 / 2. Two moves: the shape at the present ROI, exactly; then shape and ROI
    together, proposed from a mixture of normals in place of the lognormal prior and corrected.
    The second is nearly always taken; the first moves what lies where no proposal goes.
    """
    no_effect = problem.beliefs[medium].no_effect
    centre, spread = state.centre[:, medium], state.spread[:, medium]
    row, now = np.arange(len(linear)), state.strength[:, medium, None]
    prior = problem.libraries[medium].log_weight
    log_weight = square * (-0.5 * now)
    log_weight += linear
    log_weight *= now
    log_weight += prior
    pick = categorical(log_weight, rng)

    guess = np.exp(prior) * approximate(linear, square, centre, spread, no_effect)
    other = draw_column(guess, rng)
    both = np.concatenate([pick, other])
    twice = np.concatenate([row, row])
    value, log_on = draw_positive(
        linear[twice, both], square[twice, both], centre[twice], spread[twice], rng
    )
    off = np.log(no_effect + 1e-300)
    log_all = np.logaddexp(off, np.log1p(-no_effect) + log_on)
    here, there = log_all[: len(row)], log_all[len(row) :]
    ratio = there - here + prior[other] - prior[pick]
    ratio += np.log((guess[row, pick] + 1e-300) / guess[row, other])
    moves = np.log(rng.random(len(row))) < ratio
    chosen = row + len(row) * moves
    on = np.log(rng.random(len(row))) >= off - log_all[chosen]
    state.strength[:, medium] = np.where(on, value[chosen], 0.0)
    return np.where(moves, other, pick)


def _tilts(
    problem: Problem,
    state: _State,
    medium: int,
    pull: Array,
    push: Array,
    lifts: Lifts,
    rng: np.random.Generator,
) -> None:
    """Each region's factor; then the common ROI again, holding the regions' own ROIs."""
    strength, tilt = state.strength[:, medium], state.tilt[:, :, medium]
    on = strength > 0
    regions = tilt.shape[1]
    for region in range(regions):
        linear, square = strength * pull[:, region], strength**2 * push[:, region]
        for lift, rest, error in lifts:
            own = strength * lift[:, region] / error
            others = strength * ((tilt * lift).sum(axis=1) - tilt[:, region] * lift[:, region])
            linear, square = linear + own * (rest - others) / error, square + own**2
        free = np.exp(REGION_SPREAD * rng.standard_normal(len(on)))
        drawn = draw_positive(linear, square, np.zeros(len(on)), REGION_SPREAD, rng)[0]
        tilt[:, region] = np.where(on, drawn, free)
    log_roi = np.log(np.maximum(strength, 1e-300))[:, None] + np.log(tilt)
    spread = state.spread[:, medium]
    precision = regions / REGION_SPREAD**2 + 1.0 / spread**2
    mean = log_roi.sum(axis=1) / REGION_SPREAD**2 + state.centre[:, medium] / spread**2
    fresh = mean / precision + rng.standard_normal(len(on)) / np.sqrt(precision)
    state.strength[:, medium] = np.where(on, np.exp(fresh), 0.0)
    state.tilt[:, :, medium] = np.where(on[:, None], np.exp(log_roi - fresh[:, None]), tilt)


def _business(problem: Problem, state: _State, rng: np.random.Generator) -> None:
    """The business's own level of ROI, how far its media lie apart, and each channel's own level.

    Learned from the media that have no belief of their own: the spread with all levels integrated
    out, then the level, then the channels'. A channel of one medium has none beside the medium's.
    """
    learned = np.isnan(problem.offset)
    if not learned.any():
        return
    members = problem.channel[learned] == np.unique(problem.channel[learned])[:, None]  # (F, M)
    works = state.strength[:, learned] > 0
    log_roi = np.log(np.where(works, state.strength[:, learned], 1.0))
    own = members.T.astype(float)
    kin = np.where(members.sum(axis=1) > 1, KINSHIP, 0.0)  # (F,)
    count = works @ own  # (C, F)
    mean = log_roi @ own / np.maximum(count, 1.0)
    within = np.maximum(log_roi**2 @ own - count * mean**2, 0.0)
    weight = count / (kin * count + 1.0 - kin)  # precision of a channel's mean, times spread^2
    total = (weight * mean).sum(axis=1)[:, None]
    squares = (within / (1.0 - kin) + weight * mean**2).sum(axis=1)[:, None]

    spreads, likely = np.array(ROI_SPREADS)
    known = weight.sum(axis=1)[:, None]
    precision = known / spreads**2 + 1.0 / CENTRE_SPREAD**2  # (C, spreads) of the level
    away = squares / spreads**2 - (total / spreads**2) ** 2 / precision
    log_weight = np.log(likely) - 0.5 * (np.log(precision) + away)
    log_weight -= count.sum(axis=1)[:, None] * np.log(spreads)
    spread = spreads[categorical(log_weight, rng)][:, None]
    precision = known / spread**2 + 1.0 / CENTRE_SPREAD**2
    level = total / spread**2 / precision
    level += rng.standard_normal(level.shape) / np.sqrt(precision)

    shrunk = kin / (kin * count + 1.0 - kin)
    channel = shrunk * count * (mean - level)
    channel += spread * np.sqrt(shrunk * (1.0 - kin)) * rng.standard_normal(channel.shape)
    state.centre[:, learned] = level + channel @ members
    state.spread[:, learned] = spread * (np.sqrt(1.0 - kin) @ members)


def _baseline(problem: Problem, state: _State, rng: np.random.Generator) -> Array:
    """(C, R, p) coefficients of the baseline given everything else.

    Trends that wander together are also uncertain together, or their sum would look too sure.
    """
    widest = max(part.basis.shape[1] for part in problem.projection)
    shape = (len(state.pick), len(problem.projection), widest)
    alike = problem.look.drifting
    fresh = np.sqrt(1.0 - alike) * rng.standard_normal(shape)
    fresh += np.sqrt(alike) * rng.standard_normal((shape[0], 1, widest))
    drawn = np.zeros(shape)
    for region, part in enumerate(problem.projection):
        columns = part.basis.shape[1]
        noise = fresh[:, region, :columns] * np.sqrt(state.variance[:, region, None])
        turned = part.root.transpose(0, 2, 1)
        apart = _by_scale(turned, state.scale[:, region], noise)
        drawn[:, region, :columns] = state.fit[region] + apart
    return drawn
