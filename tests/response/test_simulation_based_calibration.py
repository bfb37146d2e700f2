"""A true figure stands anywhere among its posterior draws, evenly: the sampler is sound.

The short form of bench/sbc.py: few and small fits. It finds a sampler that is plainly broken.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit, fitted_to
from xlbudget.response.model import ResponseModel
from xlbudget.response.prior_draw import log_likelihood, possible_market, without_reserve
from xlbudget.response.problem import Problem, problem_of

FITS, DRAWS, WEEKS = 48, 320, 56
CHANCE = 1e-3  # that a sound sampler fails, had the seeds been others


def market() -> Dataset:
    rng = np.random.default_rng(1)
    weeks = pd.date_range("2023-01-02", periods=WEEKS, freq="7D")
    spend = pd.concat(
        pd.DataFrame({"week": weeks, "channel": name, "spend": rng.gamma(2.0, 50.0, WEEKS)})
        for name in ("A", "B")
    )
    outcomes = pd.DataFrame({"week": weeks, "revenue": rng.normal(1_000.0, 200.0, WEEKS)})
    return Dataset.from_frames(spend, outcomes)


def figures(model: ResponseModel, problem: Problem) -> dict[str, np.ndarray]:
    path = model.steady_path(model.recent_weekly())
    outlook = model.outlook(path)
    media = (outlook.carry_in + outlook.caused)[:, : len(path)].sum(axis=(2, 3))
    ahead = (outlook.baseline + outlook.noise).sum(axis=2) + media
    caused = model.contribution().draws_array
    return {
        "ROI": caused[:, 0],
        "another ROI": caused[:, 1],
        "total": caused.sum(axis=1),
        "forecast": ahead.sum(axis=1),
        "log-likelihood": log_likelihood(model, problem),
        "noise": model.background.noise[:, 0],
    }


@pytest.fixture(scope="module")
def ranks() -> dict[str, list[float]]:
    data = market()
    template = fit(data, draws=40)
    out: dict[str, list[float]] = {}
    for seed in range(FITS):
        rng = np.random.default_rng([7, seed])
        problem = problem_of(data, rng)
        truth, problem = possible_market(template, problem, rng)
        model = without_reserve(fitted_to(problem, data, DRAWS, seed, rng))
        true = figures(truth, problem)
        for name, draws in figures(model, problem).items():
            below, equal = (draws < true[name]).sum(), (draws == true[name]).sum()
            place = below + rng.integers(0, equal + 1) + rng.random()
            out.setdefault(name, []).append(float(place / (len(draws) + 1)))
    return out


@pytest.mark.parametrize(
    "figure", ["ROI", "another ROI", "total", "forecast", "log-likelihood", "noise"]
)
def test_the_truth_ranks_evenly_among_the_draws(ranks: dict[str, list[float]], figure: str) -> None:
    place = np.array(ranks[figure])
    assert stats.kstest(place, "uniform").pvalue > CHANCE  # neither too high nor too low
    far = np.abs(2.0 * place - 1.0)
    assert stats.kstest(far, "uniform").pvalue > CHANCE  # neither too narrow nor too wide
