"""From a Dataset to a ResponseModel."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.errors import BadArgument
from xlbudget.response.incremental import Effects
from xlbudget.response.model import Background, ResponseModel
from xlbudget.response.posterior import Draws, sample
from xlbudget.response.problem import Problem, problem_of, with_libraries
from xlbudget.response.report import diagnose, prior_against_posterior
from xlbudget.response.shapes import Shapes, refined_library

VERSION = "1"  # of the model: another number, other digits
CHAINS = 40  # moved together
FIRST = (10, 6)  # sweeps burnt and kept of the first run, which says where shapes are needed
BURN = 12  # sweeps burnt of the second run

Number = TypeVar("Number", np.float64, np.intp)
Progress = Callable[[float, str], None]


def fit(
    data: Dataset, draws: int = 1000, seed: int = 0, progress: Progress | None = None
) -> ResponseModel:
    """Fit the response model: `draws` posterior draws, the same for the same data and seed.

    `progress` hears the share that is done, 0 to 1, and what is being done.
    """
    if draws < 1:
        raise BadArgument(f"draws is {draws}; it must be at least 1 (1,000 is usual)")
    tell: Progress = progress or (lambda done, doing: None)
    tell(0.0, "preparing")
    rng = np.random.default_rng(seed)
    problem = problem_of(data, rng)
    first = sample(
        problem, rng, CHAINS, *FIRST, lambda done: tell(0.05 + 0.25 * done, "a first look")
    )
    finer = tuple(
        refined_library(library, first.pick[:, :, medium].ravel(), rng)
        for medium, library in enumerate(problem.libraries)
    )
    problem = with_libraries(problem, data, finer)
    keep = -(-draws // CHAINS)
    sampled = sample(
        problem, rng, CHAINS, BURN, keep, lambda done: tell(0.3 + 0.65 * done, "fitting"), first
    )
    tell(0.95, "checking")
    effects = _effects(data, problem, sampled, draws)
    background = _background(problem, sampled, draws)
    model = ResponseModel(
        data=data,
        draws=draws,
        seed=seed,
        key=model_key(data, draws, seed),
        effects=effects,
        background=background,
        diagnostics=diagnose(data, problem, sampled),
        priors=prior_against_posterior(data, problem, effects),
    )
    tell(1.0, "fitted")
    return model


def model_key(data: Dataset, draws: int, seed: int) -> str:
    """Hex text that names a fit: the same key means the same digits."""
    text = f"{data.key}|{draws}|{seed}|{VERSION}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _flat(values: NDArray[Number], draws: int) -> NDArray[Number]:
    """(S, C, ...) -> (D, ...), chains interleaved."""
    return np.ascontiguousarray(values.reshape(-1, *values.shape[2:])[:draws])


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
    return Effects(tuple(shapes), pick, roi)


def _background(problem: Problem, sampled: Draws, draws: int) -> Background:
    regions = np.argsort(problem.regions)
    unit = problem.unit[regions]
    return Background(
        coefficients=_flat(sampled.baseline, draws)[:, regions],
        unit=unit,
        centre=problem.centre[regions],
        noise=_flat(sampled.noise, draws)[:, regions] * unit,
    )
