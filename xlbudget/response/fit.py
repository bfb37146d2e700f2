"""From a Dataset to a ResponseModel."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.errors import BadArgument
from xlbudget.response.background import Background
from xlbudget.response.checks import checked
from xlbudget.response.diagnostics import settled
from xlbudget.response.drift import drifted
from xlbudget.response.effects import Effects
from xlbudget.response.model import ResponseModel
from xlbudget.response.posterior import Draws, joined, sample
from xlbudget.response.problem import Problem, problem_of, with_libraries
from xlbudget.response.report import diagnose, prior_against_posterior
from xlbudget.response.season_draws import giving_way, in_every_season
from xlbudget.response.season_response import season_belief
from xlbudget.response.shapes import Shapes, refined_library
from xlbudget.version import __version__

VERSION = "9"  # of the model: another number, other digits
CHAINS = 40  # moved together
FIRST = (8, 6)  # sweeps burnt and kept of the first run, which says where shapes are needed
BURN = 10  # sweeps burnt of the second run
FEWEST = 16  # sweeps kept of it, or agreement cannot be judged
LONGER = 3  # times that the run is continued where the chains do not agree

Number = TypeVar("Number", np.float64, np.intp)
Progress = Callable[[float, str], None]


def fit(
    data: Dataset,
    draws: int = 1000,
    seed: int = 0,
    progress: Progress | None = None,
    check: bool = True,
) -> ResponseModel:
    """Fit the response model: `draws` posterior draws, the same for the same data and seed.

    `progress` hears the share that is done, 0 to 1, and what is being done. check: whether the
    diagnostics also say where the fit may be wrong; lift tests are then held against what
    history says without them.
    """
    from threadpoolctl import threadpool_limits

    if draws < 1:
        raise BadArgument(f"draws is {draws}; it must be at least 1 (1,000 is usual)")
    # the matrices are small: more threads cost twice the work and add up in another order
    with threadpool_limits(limits=1, user_api="blas"):
        tell = progress or (lambda done, doing: None)
        tell(0.0, "preparing")
        rng = np.random.default_rng(seed)
        model = fitted_to(problem_of(data, rng), data, draws, seed, rng, tell, check)
        tell(1.0, "fitted")
        return model


def fitted_to(
    problem: Problem,
    data: Dataset,
    draws: int,
    seed: int,
    rng: np.random.Generator,
    tell: Progress = lambda done, doing: None,
    check: bool = False,
) -> ResponseModel:
    """The fit itself, of a problem made from the Dataset."""
    first = sample(
        problem, rng, CHAINS, *FIRST, lambda done: tell(0.05 + 0.25 * done, "a first look")
    )
    seasons = season_belief(data, problem, first)
    problem = replace(problem, season=seasons.accepted)
    problem, first = _refined(data, problem, first, rng, fine=len(problem.regions) == 1)
    if len(problem.regions) > 1:  # several regions know more than one refinement resolves
        first = sample(problem, rng, CHAINS, *FIRST, lambda _: None, first)
        problem, first = _refined(data, problem, first, rng, fine=True)
    keep = max(-(-draws // CHAINS), FEWEST)
    sampled = sample(
        problem, rng, CHAINS, BURN, keep, lambda done: tell(0.3 + 0.4 * done, "fitting"), first
    )
    diagnostics = diagnose(data, problem, sampled)
    for longer in range(LONGER):
        if settled(diagnostics):
            break
        done = 0.7 + 0.2 * longer / LONGER
        tell(done, "the chains do not agree yet: running longer")
        further = sample(problem, rng, CHAINS, 0, keep, lambda _: None, sampled)
        sampled = joined(sampled, further)
        diagnostics = diagnose(data, problem, sampled)
    effects = _effects(data, problem, sampled, draws)
    background = _background(problem, sampled, draws)
    fitted, effects = effects, in_every_season(data, effects, seasons, rng)
    scale = _flat(sampled.scale, draws)
    background = giving_way(data, problem, background, scale, (fitted, effects))
    drift = drifted(data, draws, problem.media, rng)
    effects = replace(effects, roi=effects.roi * drift[:, None, :], history=1.0 / drift)
    model = ResponseModel(
        data=data,
        draws=draws,
        seed=seed,
        key=model_key(data, draws, seed),
        effects=effects,
        background=background,
        diagnostics=diagnostics,
        priors=prior_against_posterior(data, problem, effects),
    )
    if not check:
        return model
    tell(0.9, "checking")
    return replace(model, diagnostics=checked(model, _untested(data, problem, sampled, rng)))


def _untested(
    data: Dataset, problem: Problem, sampled: Draws, rng: np.random.Generator
) -> Effects | None:
    """What history alone says: the chains moved on without the lift tests; None without tests."""
    if not problem.tests:
        return None
    alone = replace(problem, tests=())
    further = sample(alone, rng, CHAINS, BURN, FEWEST, lambda _: None, sampled)
    return _effects(data, alone, further, FEWEST * CHAINS)


def model_key(data: Dataset, draws: int, seed: int) -> str:
    """Hex text that names a fit: the same key, the same digits; another version, another key."""
    text = f"{data.key}|{draws}|{seed}|{VERSION}|{__version__}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _refined(
    data: Dataset, problem: Problem, first: Draws, rng: np.random.Generator, fine: bool
) -> tuple[Problem, Draws]:
    """Libraries that are finer where the first run went, and its end on the nearest shapes."""
    libraries = tuple(
        refined_library(library, first.pick[:, :, medium].ravel(), rng, fine)
        for medium, library in enumerate(problem.libraries)
    )
    pick = np.zeros_like(first.pick[-1:])
    for medium, library in enumerate(libraries):
        was = problem.libraries[medium].latent[first.pick[-1, :, medium]]  # (C, LATENT)
        away = ((library.latent[:, None] - was) ** 2).sum(axis=2)
        pick[:, :, medium] = away.argmin(axis=0)
    return with_libraries(problem, data, libraries), replace(first, pick=pick)


def _flat(values: NDArray[Number], draws: int) -> NDArray[Number]:
    """(S, C, ...) -> (D, ...), evenly from all sweeps."""
    flat = values.reshape(-1, *values.shape[2:])
    return flat[np.linspace(0, len(flat) - 1, draws).round().astype(np.intp)]


def _effects(data: Dataset, problem: Problem, sampled: Draws, draws: int) -> Effects:
    """Back to the order and units of the Dataset; what never ran has no effect to speak of."""
    media, regions = np.argsort(problem.media), np.argsort(problem.regions)
    pick = _flat(sampled.pick, draws)[:, media]
    roi = _flat(sampled.roi, draws)[:, regions][:, :, media] * problem.roi_unit
    shapes = []
    for place in media:
        library = problem.shapes[place]
        shapes.append(
            Shapes(
                library.kernel,
                library.form,
                library.steepness,
                library.half[regions],
                library.gain[regions],
                library.half_life,
            )
        )
    season, one = problem.season[None], np.zeros(draws, dtype=np.intp)
    return Effects(tuple(shapes), pick, roi, season, one, np.ones((draws, len(media))))


def _background(problem: Problem, sampled: Draws, draws: int) -> Background:
    """The baseline's draws, back in the order and units of the Dataset."""
    regions = np.argsort(problem.regions)
    unit = problem.unit[regions]
    return Background(
        coefficients=_flat(sampled.baseline, draws)[:, regions],
        unit=unit,
        centre=problem.centre[regions],
        noise=_flat(sampled.noise, draws)[:, regions] * unit,
        together=problem.look.together,
    )
