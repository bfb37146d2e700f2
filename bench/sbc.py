"""Does the sampler draw from the posterior: simulation-based calibration.

    python bench/sbc.py --fits 200

Truths are drawn from the model's own prior, outcomes simulated with the model's own functions, each
is fitted, and every true figure ranked among its posterior draws: the ROI of each line, the total
incremental outcome, a forecast of 13 weeks, and the log-likelihood (Talts et al. 2018; Modrak et
al. 2023: without the last, a posterior that ignores the data passes). Ranks must be uniform.

shape   how many ranks fell in each tenth; `largest gap` between their distribution and the uniform
one, with the limit that 99 of 100 sound samplers keep; `p` of a chi-square test on the tenths.
A figure that is exactly 0 in truth and in draws takes a random place among its equals.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
from markets import dataset_of
from scipy import stats

from xlbudget.response.fit import fit, fitted_to
from xlbudget.response.model import ResponseModel
from xlbudget.response.prior_draw import log_likelihood, possible_market, without_reserve
from xlbudget.response.problem import Problem, problem_of
from xlbudget.simulator import draw_market

SPENDS = 5  # markets whose spend is used in turn
TENTHS = 10


def figures(model: ResponseModel, problem: Problem, path: np.ndarray) -> dict[str, np.ndarray]:
    """(D,) draws of each figure that is ranked; path (H, R, M) is the plan of the forecast."""
    caused = model.contribution().draws_array
    outlook = model.outlook(path)
    media = (outlook.carry_in + outlook.caused)[:, : len(path)].sum(axis=3)
    total = (outlook.baseline + outlook.noise + media).sum(axis=(1, 2))
    roi = {f"ROI of {line}": caused[:, index] for index, line in enumerate(model.data.line_names)}
    return roi | {
        "total incremental outcome": caused.sum(axis=1),
        "outcome of the next 13 weeks": total,
        "log-likelihood": log_likelihood(model, problem),
    }


def rank(truth: float, draws: np.ndarray, rng: np.random.Generator) -> float:
    """Share of draws below the truth, 0 to 1; among equals a random place."""
    below, equal = (draws < truth).sum(), (draws == truth).sum()
    return float((below + rng.integers(0, equal + 1) + rng.random()) / (len(draws) + 1))


def run(options: argparse.Namespace) -> dict[str, list[float]]:
    ranks: dict[str, list[float]] = {}
    for spend in range(SPENDS):
        market = draw_market(spend, options.channels, options.weeks, options.regions)
        data = dataset_of(market.frames())
        template = fit(data, draws=40)
        path = template.steady_path(template.recent_weekly())
        for repeat in range(spend, options.fits, SPENDS):
            rng = np.random.default_rng([options.seed, repeat])
            problem = problem_of(data, rng)
            truth, problem = possible_market(template, problem, rng)
            model = without_reserve(fitted_to(problem, data, options.draws, repeat, rng))
            true = figures(truth, problem, path)
            for name, draws in figures(model, problem, path).items():
                ranks.setdefault(name, []).append(rank(float(true[name][0]), draws, rng))
        print(f"{sum(map(len, ranks.values())) // len(ranks)} fits", file=sys.stderr, flush=True)
    return ranks


def show(ranks: dict[str, list[float]]) -> None:
    print(f"{'':<30} {'ranks in each tenth':<40} {'largest gap':>11} {'limit':>6} {'p':>6}")
    for name, shares in ranks.items():
        counts = np.histogram(shares, TENTHS, (0.0, 1.0))[0]
        gap = stats.kstest(shares, "uniform").statistic
        limit = stats.kstwo.ppf(0.99, len(shares))
        p = stats.chisquare(counts).pvalue
        shape = " ".join(f"{count:3d}" for count in counts)
        mark = "" if gap <= limit else "  NOT UNIFORM"
        print(f"{name:<30} {shape:<40} {gap:11.3f} {limit:6.3f} {p:6.3f}{mark}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--fits", type=int, default=200)
    parser.add_argument("--channels", type=int, default=3)
    parser.add_argument("--weeks", type=int, default=80)
    parser.add_argument("--regions", type=int, default=1)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.process_time()
    show(run(options))
    print(f"{options.fits} fits, {time.process_time() - began:.0f} s of CPU")


if __name__ == "__main__":
    main()
