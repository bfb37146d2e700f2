"""Posteriors that can be written down: the sampler's draws against sums and integrals.

One line whose money works at once and without saturation is a linear regression: baseline and noise
have a conjugate answer, and the ROI is left with a density in one dimension. So has a line of any
given shape, and its integral says how probable the shape is among others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import logsumexp

from xlbudget.data.dataset import Dataset
from xlbudget.response.baseline import baseline_of
from xlbudget.response.model import ResponseModel
from xlbudget.response.posterior import NOISE_SHARE, NOISE_WEIGHT, Draws, sample
from xlbudget.response.problem import Problem, problem_of, with_libraries
from xlbudget.response.saturation import saturate
from xlbudget.response.shapes import LATENT, Library

WEEKS, CHAINS, BURN, KEEP = 60, 40, 20, 150
ROI_LOW, ROI_HIGH, NO_EFFECT = 0.5, 8.0, 0.3
NEAR = 0.02  # Monte Carlo error of a probability from about 3,000 independent draws, twice over


def market(roi: float, noise: float) -> Dataset:
    rng = np.random.default_rng(11)
    weeks = pd.date_range("2023-01-02", periods=WEEKS, freq="7D")
    spend = rng.gamma(4.0, 25.0, WEEKS)
    outcome = 2_000.0 + roi * spend + noise * rng.standard_normal(WEEKS)
    priors = {"line": ["TV"], "roi_low": [ROI_LOW], "roi_high": [ROI_HIGH]}
    return Dataset.from_frames(
        pd.DataFrame({"week": weeks, "channel": "TV", "spend": spend}),
        pd.DataFrame({"week": weeks, "revenue": outcome}),
        priors=pd.DataFrame(priors | {"chance_of_no_effect": [NO_EFFECT]}),
    )


def straight() -> Library:
    """One shape: geometric, nearly all at once, Hill without bend, saturated nowhere."""
    latent = np.zeros((1, LATENT))
    latent[0] = [3.0, -10.0, 0.0, -3.0, 15.0, 0.0]
    return Library(latent, np.zeros(1))


@dataclass(frozen=True)
class Regression:
    """The same model by its definition, in scaled units: outcome = x column + baseline + noise.

    For each combination of baseline scales the outcome is normal with covariance
    noise x (1 + basis variance basis'); the noise variance is inverse gamma.
    """

    outcome: np.ndarray
    column: np.ndarray
    covariance: np.ndarray  # (J, W, W)
    weight: np.ndarray  # (J,)

    @property
    def shape(self) -> float:
        return (len(self.outcome) + NOISE_WEIGHT) / 2.0

    def rest(self, x: np.ndarray) -> np.ndarray:
        """(J, N) squares left at each ROI, the prior's own included; quadratic in the ROI."""
        both = np.stack([self.outcome, self.column])
        squares = np.array([both @ np.linalg.solve(each, both.T) for each in self.covariance])
        own, cross, column = (squares[:, i, j, None] for i, j in ((0, 0), (0, 1), (1, 1)))
        return own - 2.0 * x * cross + x**2 * column + NOISE_WEIGHT * NOISE_SHARE

    def log_evidence(self, x: np.ndarray) -> np.ndarray:
        """(J, N) log probability of the outcome and the combination, noise integrated out."""
        log_det = np.linalg.slogdet(self.covariance)[1]
        return (np.log(self.weight) - log_det / 2.0)[:, None] - self.shape * np.log(self.rest(x))

    def density(self, problem: Problem) -> tuple[np.ndarray, np.ndarray, float]:
        """Log ROI on a grid, log of the probability of each cell, and log of that of no effect."""
        spread = problem.beliefs[0].roi_spread
        log_x = problem.offset[0] + spread * np.linspace(-8.0, 8.0, 8_001)
        step = (log_x[1] - log_x[0]) / (spread * np.sqrt(2.0 * np.pi))
        log_prior = np.log(step) - 0.5 * ((log_x - problem.offset[0]) / spread) ** 2
        log_on = logsumexp(self.log_evidence(np.exp(log_x)), axis=0) + log_prior
        log_off = float(logsumexp(self.log_evidence(np.zeros(1))))
        return log_x, log_on + np.log1p(-NO_EFFECT), log_off + np.log(NO_EFFECT)


def regression(data: Dataset, problem: Problem, shape: int = 0) -> Regression:
    part = problem.projection[0]
    covariance = np.array([np.eye(WEEKS) + (part.basis * v) @ part.basis.T for v in part.variance])
    own, one = problem.shapes[0], slice(shape, shape + 1)
    level = np.convolve(data.spend[:, 0, 0], own.kernel[shape])[:WEEKS]
    value, _ = saturate(own.form[one], level[None] / own.half[0, shape], own.steepness[one])
    column = value[0] * own.gain[0, shape] * problem.roi_unit / problem.unit[0]
    return Regression(problem.outcome[0], column, covariance, np.exp(part.weight))


def with_library(data: Dataset, library: Library) -> Problem:
    return with_libraries(problem_of(data, np.random.default_rng(5)), data, (library,))


def drawn(problem: Problem) -> Draws:
    return sample(problem, np.random.default_rng(6), CHAINS, BURN, KEEP, lambda _: None)


@pytest.mark.parametrize(("roi", "noise"), [(3.0, 20.0), (3.0, 200.0), (0.3, 150.0), (0.0, 100.0)])
def test_the_roi_of_one_straight_line_has_the_density_of_its_regression(
    roi: float, noise: float
) -> None:
    data = market(roi, noise)
    problem = with_library(data, straight())
    log_x, log_on, log_off = regression(data, problem).density(problem)
    log_all = np.logaddexp(log_off, logsumexp(log_on))
    got = drawn(problem).strength[:, :, 0].ravel()
    assert (got == 0.0).mean() == pytest.approx(np.exp(log_off - log_all), abs=NEAR)
    each = np.exp(log_on - log_all)
    cumulative = np.exp(log_off - log_all) + np.cumsum(each) - each / 2.0
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        quantile = np.quantile(got, share)
        if quantile > 0.0:
            assert np.interp(np.log(quantile), log_x, cumulative) == pytest.approx(share, abs=NEAR)


@pytest.mark.parametrize(("roi", "noise"), [(3.0, 30.0), (3.0, 200.0), (0.0, 100.0)])
def test_each_shape_is_drawn_as_often_as_its_evidence_says(roi: float, noise: float) -> None:
    data = market(roi, noise)
    latent = np.random.default_rng(8).standard_normal((6, LATENT))
    problem = with_library(data, Library(latent, np.zeros(6)))
    log_evidence = []
    for shape in range(6):
        _, log_on, log_off = regression(data, problem, shape).density(problem)
        log_evidence.append(np.logaddexp(log_off, logsumexp(log_on)))
    expected = np.exp(log_evidence - logsumexp(log_evidence))
    picks = np.bincount(drawn(problem).pick.ravel(), minlength=6)
    assert picks / picks.sum() == pytest.approx(expected, abs=1.5 * NEAR)


def test_noise_and_baseline_have_their_conjugate_answer_where_nothing_works() -> None:
    data = market(0.0, 100.0)
    problem = with_library(data, straight())
    exact = regression(data, problem)
    silent = replace(problem, columns=tuple(0.0 * c for c in problem.columns))
    silent = replace(silent, onto=((0.0 * problem.onto[0][0],),))
    silent = replace(silent, solved=((None,),))
    silent = replace(silent, strength=((0.0 * problem.strength[0][0],),))
    draws = drawn(silent)

    rest = exact.rest(np.zeros(1))[:, 0]
    log_weight = exact.log_evidence(np.zeros(1))[:, 0]
    weight = np.exp(log_weight - logsumexp(log_weight))
    variance = weight @ rest / 2.0 / (exact.shape - 1.0)  # mean of the inverse gamma
    assert (draws.noise**2).mean() == pytest.approx(variance, rel=0.02)

    basis = baseline_of(data, 0).basis
    means = [
        basis @ (v[:, None] * basis[:WEEKS].T) @ np.linalg.solve(c, exact.outcome)
        for v, c in zip(problem.projection[0].variance, exact.covariance, strict=True)
    ]
    expected = weight @ np.array(means)  # over the past and the horizon
    paths = draws.baseline[:, :, 0].reshape(-1, basis.shape[1]) @ basis.T
    error = paths.std(axis=0) / np.sqrt(len(paths))
    assert (np.abs(paths.mean(axis=0) - expected) < 5.0 * error).all()


def test_a_curve_is_the_sum_of_its_marginal_returns(sample_model: ResponseModel) -> None:
    worth = sample_model.data.settings.money_per_outcome
    for line in sample_model.data.line_names:
        curve = sample_model.curve(line, points=2_001)
        steps = (curve.marginal_roi[1:] + curve.marginal_roi[:-1]) / 2.0 * np.diff(curve.spend)
        response = curve.response * worth
        assert np.cumsum(steps) == pytest.approx(response[1:], abs=1e-4 * response.max())
