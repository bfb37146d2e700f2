"""What following the plan brings: share of the possible gain captured, on markets of known truth.

    python bench/decisions.py --markets 48
    python bench/decisions.py --markets 3 --peer-python PEER/bin/python

Every market is fitted, its budget split anew between -30 and +30 %, and between -50 and +100 %,
of the current split, and the split valued by the market itself. Gains are shares of the current
plan's value, so that a big market counts no more than a small one.

captured  sum of the gains over the sum of the possible gains, with its standard error
regret    mean over the markets of the share of the possible gain that is lost
worse     markets where the new split is worth less than the current one
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from markets import dataset_of, drawn
from peers.average_roas import by_average_roas
from peers.even import evenly
from peers.pymc_marketing import ask
from peers.ridge import ridge_curves
from peers.wide import wide

import xlbudget as xb
from xlbudget.planning.plan import make_plan
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Market
from xlbudget.simulator.best import best_split

RANGES = ((0.7, 1.3), (0.5, 2.0))
RISKS = ("expected", "cautious", "sure")
STEPS = 500  # portions of the budget in the exhaustive search on point curves
POINTS = 40  # of a tabulated curve

Totals = Mapping[str, float]


@dataclass
class Tally:
    """One way of planning within one range: shares of the current value, one per market."""

    gains: list[float] = field(default_factory=list)
    possible: list[float] = field(default_factory=list)

    def line(self, name: str) -> str:
        gains, possible = np.array(self.gains), np.array(self.possible)
        captured = gains.sum() / possible.sum()
        error = np.sqrt(((gains - captured * possible) ** 2).sum()) / possible.sum()
        return (
            f"{name:<28} {captured:8.1%} +-{error:5.1%} {np.mean(1 - gains / possible):7.2f} "
            f"{np.mean(gains < -1e-9):6.1%} {gains.min():8.2%} {len(gains):4d}"
        )


HEADER = f"{'':<28} {'captured':>8} {'':>7} {'regret':>7} {'worse':>6} {'worst':>8} {'n':>4}"


@dataclass
class Seen:
    """What is printed at the end, gathered over the markets."""

    tallies: dict[tuple[float, float], dict[str, Tally]] = field(
        default_factory=lambda: {bounds: {} for bounds in RANGES}
    )
    gaps: dict[str, list[float]] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    verdicts: Counter[str] = field(default_factory=Counter)

    def timed(self, what: str, began: float) -> None:
        self.seconds.setdefault(what, []).append(time.perf_counter() - began)


def run(options: argparse.Namespace) -> None:
    seen = Seen()
    for market in drawn(options.markets, options.first):
        plans = _plans(market, options, seen)
        for bounds, ways in plans.items():
            _grade(market, bounds, ways, seen.tallies[bounds])
        print(f"market {market.seed} done", file=sys.stderr, flush=True)
    for (least, most), tallies in seen.tallies.items():
        print(f"\nwithin {least - 1:+.0%} and {most - 1:+.0%} of the current split\n{HEADER}")
        for name, tally in tallies.items():
            print(tally.line(name))
    print("\ngap of the certificate:")
    for risk, gaps in seen.gaps.items():
        within = np.mean(np.array(gaps) <= 1e-3)
        print(
            f"  {risk}: median {np.median(gaps):.1e}, most {max(gaps):.1e}, <= 0.1 % {within:.0%}"
        )
    print("verdicts:", ", ".join(f"{word} {n}" for word, n in seen.verdicts.most_common()))
    for what, times in seen.seconds.items():
        print(f"{what}: median {np.median(times):.2f} s, at most {max(times):.2f} s")


def _plans(
    market: Market, options: argparse.Namespace, seen: Seen
) -> dict[tuple[float, float], dict[str, Totals]]:
    """Totals per line by range and by way of planning."""
    frames = market.frames()
    data = dataset_of(frames)
    began = time.perf_counter()
    model = xb.fit(data, draws=options.draws)
    seen.timed("xlbudget fit", began)
    mean = _mean_curves(model, frames["plan"])
    ridge = ridge_curves(wide(frames), len(data.horizon))
    plans: dict[tuple[float, float], dict[str, Totals]] = {}
    peer: list[Totals] = []
    if options.peer_python:
        answer = ask(options.peer_python, wide(frames), len(data.horizon), RANGES)
        peer = list(answer.splits)
        seen.seconds.setdefault("PyMC-Marketing fit", []).append(answer.seconds)
        seen.seconds.setdefault("PyMC-Marketing optimize", []).append(answer.optimize_seconds)
    for place, (least, most) in enumerate(RANGES):
        ways = _ours(model, frames["plan"], market.truth.current(), (least, most), seen)
        current = market.truth.current()
        ways["maximum of the mean, no caps"] = _best(mean, current, least, most)
        ways["ridge + Hill point fit"] = _best(ridge, current, least, most)
        ways["even split"] = evenly(current, least, most)
        ways["true average ROAS"] = by_average_roas(market.truth, least, most)
        if peer:
            ways["PyMC-Marketing, own optimiser"] = peer[place]
        plans[least, most] = ways
    return plans


def _ours(
    model: ResponseModel,
    plan: pd.DataFrame,
    current: Totals,
    bounds: tuple[float, float],
    seen: Seen,
) -> dict[str, Totals]:
    """xlbudget's plan by risk, and what a planner does who follows the verdict."""
    rules = pd.DataFrame(
        {
            "id": f"{line} {rule}",
            "applies_to": "line",
            "name": line,
            "rule": rule,
            "value": share * money,
            "unit": "money",
        }
        for line, money in current.items()
        for rule, share in zip(("min spend", "max spend"), bounds, strict=True)
    )
    ways: dict[str, Totals] = {}
    for risk in RISKS:
        began = time.perf_counter()
        allocation = xb.optimize(model, plan, guardrails=rules, risk=risk)
        seen.timed(f"xlbudget optimize, {risk}", began)
        seen.gaps.setdefault(risk, []).append(allocation.gap)
        table = allocation.table
        ways[f"xlbudget, {risk}"] = dict(zip(table["line"], table["recommended"], strict=True))
        if risk == "expected":
            verdict = allocation.verdict.split(":")[0]
            seen.verdicts[verdict] += 1
    followed = {"hold": current, "move in part": ways["xlbudget, sure"]}
    ways["xlbudget, as the verdict says"] = followed.get(verdict, ways["xlbudget, expected"])
    return ways


Curves = Mapping[str, Callable[[float], float]]


def _mean_curves(model: ResponseModel, table: pd.DataFrame) -> Curves:
    """The posterior mean of each line's value over its horizon total."""
    plan = make_plan(model.data, table)[0]
    spend = plan.totals[:, None] * np.linspace(0.0, max(most for _, most in RANGES), POINTS)
    value = model.value_curves(plan.spend, spend).value.mean(axis=0)

    def curve(line: int) -> Callable[[float], float]:
        return lambda total: float(np.interp(total, spend[line], value[line]))

    return {name: curve(line) for line, name in enumerate(model.data.line_names)}


def _best(curves: Curves, current: Totals, least: float, most: float) -> Totals:
    """The best split of the same budget on point curves, by exhaustive search on a grid."""
    low = {line: least * money for line, money in current.items()}
    step = (sum(current.values()) - sum(low.values())) / STEPS
    tables = [
        np.array(
            [
                curves[line](low[line] + step * portion)
                for portion in range(min(int((most - least) * money / step), STEPS) + 1)
            ]
        )
        for line, money in current.items()
    ]
    split = best_split(tables, STEPS)
    return {line: low[line] + step * n for line, n in zip(current, split, strict=True)}


def _grade(
    market: Market, bounds: tuple[float, float], ways: dict[str, Totals], tallies: dict[str, Tally]
) -> None:
    truth = market.truth
    now = sum(truth.value().values())
    best = sum(truth.value(truth.best_between(*bounds)).values())
    for name, totals in ways.items():
        tally = tallies.setdefault(name, Tally())
        tally.gains.append(sum(truth.value(totals).values()) / now - 1.0)
        tally.possible.append(best / now - 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--markets", type=int, default=48)
    parser.add_argument("--first", type=int, default=0, help="seed of the first market")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument(
        "--peer-python", type=Path, help="interpreter that has pymc-marketing: 2 minutes a market"
    )
    run(parser.parse_args())


if __name__ == "__main__":
    main()
