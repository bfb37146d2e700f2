"""Do the ranges hold the truth: the response model on simulated markets of foreign forms.

    python bench/calibration.py --markets 50
    python bench/calibration.py --markets 24 --kind twice   # every true ROI twice as high
    python bench/calibration.py --markets 24 --kind all     # each kind of markets.KINDS
    python bench/calibration.py --public FOLDER             # the public sets with known truth

Scores: `error` is sum |estimate - truth| / sum |truth|, `median` the same of the median draw;
`interval` the interval score of the 90 % range (its width, plus 20 times by how much the truth lies
outside), summed and divided by sum |truth|; lower is better. Ridge stands beside: the usual point
fit, with ranges from reshuffled noise.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from markets import KINDS, PUBLIC, dataset_of, drawn, public_frames
from peers.pymc_marketing import ask
from peers.ridge import ridge_fit
from peers.wide import wide
from scores import HEADER, Score

from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Market

YEAR = 52  # weeks whose contribution is graded
RECENT = 13

Scores = dict[str, Score]


def run(kind: str, options: argparse.Namespace) -> None:
    scores: Scores = {}
    taken, r_hat = [], []
    for market in drawn(options.markets, options.first, KINDS[kind], options.regions):
        data = dataset_of(market.frames())
        began = time.process_time()
        model = fit(data, draws=options.draws, seed=options.seed)
        taken.append(time.process_time() - began)
        r_hat.append(model.diagnostics.r_hat.max())
        grade(market, model, scores)
        if options.regions == 1:
            grade_ridge(market, scores)
        if options.peer_python:
            grade_peer(market, options.peer_python, scores)
    print(f"\n{options.markets} markets of kind {kind}\n{HEADER}")
    for name in sorted(scores):
        if scores[name].truth:
            print(scores[name].line(name))
    print(
        f"a fit takes {np.mean(taken):.2f} s of CPU, at most {max(taken):.2f} s; "
        f"largest R-hat: median {np.median(r_hat):.3f}, max {max(r_hat):.3f}"
    )


def grade(market: Market, model: ResponseModel, scores: Scores) -> None:
    """Contribution of the last year, marginal ROI at recent spend, and the total of the horizon."""
    data, truth = model.data, market.truth
    start = str(data.weeks[-YEAR])
    caused = np.array(list(truth.contribution(start).values()))
    weekly = dict(zip(data.line_names, model.recent_weekly(), strict=True))
    slope = np.array(list(truth.marginal_roi(weekly).values()))
    order = [data.line_names.index(name) for name in truth.lines]
    spend = data.by_line(data.spend)[:, order]
    figures = {
        "contribution": (caused, model.contribution(start).draws_array[:, order]),
        "marginal ROI": (slope, model.marginal_roi().draws_array[:, order]),
    }
    for name, (true, draws) in figures.items():
        scores.setdefault(name, Score()).add(true, draws)
        for group, members in groups(spend, caused).items():
            row = scores.setdefault(f"{name}, {group}", Score())
            row.add(true[members], draws[:, members])
    media = [truth.lines.index(medium.channel) for medium in data.media]  # 10 stands before 2
    total = model.outlook(truth.plan[:, :, media])
    caused_ahead = (total.carry_in + total.caused)[:, : len(data.horizon)].sum(axis=3)
    drawn_total = (total.baseline + total.noise + caused_ahead).sum(axis=(1, 2))
    came = np.array([truth.realised_outcome().sum()])
    scores.setdefault("total of 13 weeks", Score()).add(came, drawn_total[:, None])


def groups(spend: np.ndarray, caused: np.ndarray) -> dict[str, np.ndarray]:
    """Which lines are special, from spend (W, L) and the true contribution (L,)."""
    runs = spend > 0
    new = runs.sum(axis=0) < 30
    constant = np.ptp(spend, axis=0) == 0
    paused = ~new & (runs.mean(axis=0) < 0.95)
    return {"no effect": caused == 0, "new": new, "constant": constant, "flighted": paused}


def grade_ridge(market: Market, scores: Scores) -> None:
    truth, data = market.truth, wide(market.frames())
    ridge = ridge_fit(data)
    recent = data.spend[-RECENT:].mean(axis=0)
    caused = truth.contribution(str(truth.weeks[-YEAR]))
    slope = truth.marginal_roi(dict(zip(data.channels, recent, strict=True)))
    figures = {
        "contribution": (caused, ridge.contribution(YEAR)),
        "marginal ROI": (slope, ridge.slope(recent, len(truth.horizon))),
    }
    for name, (true, draws) in figures.items():
        values = np.array([true[channel] for channel in data.channels])
        scores.setdefault(f"{name}: ridge", Score()).add(values, draws)


def grade_peer(market: Market, python: Path, scores: Scores) -> None:
    caused = market.truth.contribution(str(market.truth.weeks[-YEAR]))
    answer = ask(python, wide(market.frames()), len(market.truth.horizon))
    draws = np.array([answer.contribution[name] for name in caused]).T
    row = scores.setdefault("contribution: PyMC-Marketing", Score())
    row.add(np.array(list(caused.values())), draws)


def public(folder: Path, draws: int) -> None:
    """Weekly contribution against the truth: RMSE over mean, per channel and region."""
    held, cells = 0, 0
    for name in PUBLIC:
        data = dataset_of(public_frames(folder, name))
        truth = pd.read_csv(folder / f"mmm_param_recovery_{name}_business_truth.csv")
        began = time.process_time()
        model = fit(data, draws=draws)
        taken = time.process_time() - began
        effects = model.past_effects()  # (D, W, R, M)
        places = data.regions if data.regions != ("",) else tuple(truth.geo.unique())
        errors, missed = [], []
        for m, medium in enumerate(data.media):
            column = f"contribution_{medium.channel}"
            true = np.stack([truth.loc[truth.geo == p, column].to_numpy() for p in places], axis=1)
            guess = effects[..., m].mean(axis=0)
            rmse = np.sqrt(((guess - true) ** 2).mean(axis=0)) / true.mean(axis=0)
            errors.append(rmse.mean())
            low, high = np.quantile(effects[..., m].sum(axis=(1, 2)), [0.05, 0.95]) / true.sum()
            if not low <= 1.0 <= high:
                missed.append(f"    {medium.channel}: {low:.2f} to {high:.2f} of the truth")
        held, cells = held + len(data.media) - len(missed), cells + len(data.media)
        print(
            f"{name:<8} error {np.median(errors):.3f} (by channel "
            f"{' '.join(f'{e:.2f}' for e in errors)}), 90 % range holds "
            f"{len(data.media) - len(missed)} of {len(data.media)}, {taken:.2f} s of CPU, "
            f"R-hat {model.diagnostics.r_hat.max():.3f}"
        )
        print("\n".join(missed) or "    none missed")
    print(f"held: {held} of {cells}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--markets", type=int, default=50)
    parser.add_argument("--first", type=int, default=0, help="seed of the first market")
    parser.add_argument("--kind", choices=[*KINDS, "all"], default="mixed")
    parser.add_argument("--regions", type=int, default=1)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--peer-python", type=Path, help="interpreter that has PyMC-Marketing")
    parser.add_argument("--public", type=Path, help="folder with the public sets")
    options = parser.parse_args()
    if options.public:
        public(options.public, options.draws)
        return
    for kind in KINDS if options.kind == "all" else [options.kind]:
        run(kind, options)


if __name__ == "__main__":
    main()
