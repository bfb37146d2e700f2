"""What the model believes before it sees an outcome, as one draw: a market that it calls possible.

Fitted to outcomes that are simulated from such draws, a sampler without fault ranks every true
figure evenly among its posterior draws (Talts et al. 2018, "Validating Bayesian inference
algorithms with simulation-based calibration").
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.response.background import Background
from xlbudget.response.baseline import NOISE_SHARE, NOISE_WEIGHT
from xlbudget.response.beliefs import CENTRE_SPREAD, KINSHIP, REGION_SPREAD, ROI_SPREADS
from xlbudget.response.effects import Effects
from xlbudget.response.model import ResponseModel
from xlbudget.response.problem import Problem
from xlbudget.response.shapes import LATENT, Library, shapes_of
from xlbudget.tabular import Array


def possible_market(
    template: ResponseModel, problem: Problem, rng: np.random.Generator
) -> tuple[ResponseModel, Problem]:
    """One draw from the prior as a model that knows it, and the problem with its outcome.

    `template` and `problem` are of one Dataset, whose spend, controls and scales stay.
    """
    data = template.data
    truth = replace(
        template,
        draws=1,
        seed=int(rng.integers(2**32)),
        effects=drawn_effects(data, problem, rng),
        background=drawn_background(data, problem, rng),
    )
    noise = truth.background.noise[0] * rng.standard_normal(data.outcome.shape)
    outcome = truth.baseline()[0, : len(noise)] + truth.past_effects()[0].sum(axis=2) + noise
    scaled = (outcome[:, problem.regions] - problem.centre) / problem.unit
    apart = replace(problem.look, together=0.0)  # noise was drawn for each region by itself
    return truth, replace(problem, outcome=(scaled * problem.seen).T, look=apart)


def without_reserve(model: ResponseModel) -> ResponseModel:
    """The posterior alone: a fit also widens its horizon for effects that drift.

    That widening stands for worlds outside the model, so it is none of the sampler's doing.
    """
    effects = model.effects
    steady = replace(effects, roi=effects.roi_past, history=np.ones_like(effects.history))
    return replace(model, effects=steady)


def log_likelihood(model: ResponseModel, problem: Problem) -> Array:
    """(D,) log density of the problem's outcome under each draw, up to a constant."""
    weeks = len(model.data.weeks)
    expected = model.baseline()[:, :weeks] + model.past_effects().sum(axis=3)
    outcome = problem.centre + problem.unit * problem.outcome.T
    noise = model.background.noise[:, None, problem.regions]
    away = (outcome - expected[:, :, problem.regions]) / noise
    density = np.where(problem.seen, -0.5 * away**2 - np.log(noise), 0.0)
    return np.asarray(density.sum(axis=(1, 2)))


def drawn_effects(data: Dataset, problem: Problem, rng: np.random.Generator) -> Effects:
    """One draw of what media do, from the prior alone."""
    level = CENTRE_SPREAD * rng.standard_normal()
    learned = rng.choice(ROI_SPREADS[0], p=ROI_SPREADS[1])
    unknown = np.isnan(problem.offset)
    channels = learned * np.sqrt(KINSHIP) * rng.standard_normal(len(problem.channel))
    shapes, roi = [], np.zeros((1, len(data.regions), len(data.media)))
    for medium, place in enumerate(np.argsort(problem.media)):
        belief, offset = problem.beliefs[place], problem.offset[place]
        library = Library(rng.standard_normal((1, LATENT)), np.zeros(1))
        shapes.append(shapes_of(library, belief, data.spend[:, :, medium], problem.season)[0])
        centre, spread = (level, learned) if np.isnan(offset) else (offset, belief.roi_spread)
        own = problem.channel[place]
        if np.isnan(offset) and (problem.channel[unknown] == own).sum() > 1:
            centre, spread = level + channels[own], learned * np.sqrt(1.0 - KINSHIP)
        strength = np.exp(centre + spread * rng.standard_normal())
        tilt = np.exp(REGION_SPREAD * rng.standard_normal(len(data.regions)))
        if len(data.regions) == 1:
            tilt = np.ones(1)
        works = rng.random() >= belief.no_effect
        roi[0, :, medium] = works * strength * tilt * problem.roi_unit
    pick, constant = np.zeros((1, len(data.media)), dtype=np.intp), np.ones((1, len(data.media)))
    season, one = problem.season[None], np.zeros(1, dtype=np.intp)
    return Effects(tuple(shapes), pick, roi, season, one, constant)


def drawn_background(data: Dataset, problem: Problem, rng: np.random.Generator) -> Background:
    """One draw of the outcome without media, from the prior alone."""
    place = np.argsort(problem.regions)
    unit, noise, rows = problem.unit[place], np.empty(len(place)), []
    for region in range(len(data.regions)):
        part = problem.projection[int(place[region])]
        variance = NOISE_WEIGHT * NOISE_SHARE / 2.0 / rng.standard_gamma(NOISE_WEIGHT / 2.0)
        weight = np.exp(part.weight)
        scale = rng.choice(len(weight), p=weight / weight.sum())
        spread = np.sqrt(variance * part.variance[scale])
        rows.append(spread * rng.standard_normal(len(spread)))
        noise[region] = np.sqrt(variance) * unit[region]
    return Background(
        coefficients=_padded(rows)[None],
        unit=unit,
        centre=problem.centre[place],
        noise=noise[None],
        together=0.0,
    )


def _padded(rows: list[Array]) -> Array:
    """(R, p) rows of different length, with 0 after their end."""
    out = np.zeros((len(rows), max(len(row) for row in rows)))
    for place, row in enumerate(rows):
        out[place, : len(row)] = row
    return out
