"""How long scenarios, re-optimised ones, flighting and the six questions take on the sample market,
and what flighting truly gains on simulated ones, markets of all sizes in turn.

    python bench/scenarios.py --markets 24 --first 7000
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from markets import drawn

from xlbudget.data.dataset import Dataset
from xlbudget.governance.what_if import what_if
from xlbudget.planning.flighting import flight
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.plan import make_plan
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.response.fit import fit
from xlbudget.simulator import sample_market
from xlbudget.simulator.drawing import Kinds
from xlbudget.simulator.market import Market
from xlbudget.simulator.truth import TAIL, Truth

SAME = 1e-9  # share of a plan's value that is no difference
TABLES = ("spend", "outcomes", "controls", "channels", "regions", "experiments", "settings")


def dataset(market: Market) -> Dataset:
    frames = market.frames()
    return Dataset.from_frames(**{name: frames[name] for name in TABLES if name in frames})


def milliseconds(act: Callable[[], object], times: int = 20) -> float:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        took.append(time.perf_counter() - start)
    return 1000.0 * float(np.median(took))


def speed() -> None:
    market = sample_market()
    model = fit(dataset(market))
    frames = market.frames()
    plan = make_plan(model.data, frames["plan"])[0]
    rules = read_guardrails(model.data, frames["guardrails"])[0]
    cut = [Scenario("cut", (Change(What.SPEND, How.PERCENT, -0.12),))]
    for by in ("line", "week", "region"):
        print(f"scenario by {by}: {milliseconds(partial(scenario, model, plan, cut, by)):.0f} ms")
    print(f"ten scenarios: {milliseconds(lambda: scenario(model, plan, cut * 10), 5):.0f} ms")
    budgets = [
        Scenario(f"budget {step}", (Change(What.BUDGET, How.PERCENT, -0.02 * step),))
        for step in range(10)
    ]
    dearer = [
        Scenario(
            f"{name} +20 %",
            (
                Change(What.COST, How.PERCENT, 0.2, "line", name),
                Change(What.BUDGET, How.PERCENT, 0.0),
            ),
        )
        for name in (*model.data.line_names, *model.data.line_names)[:10]
    ]
    for told, anew in (("budgets", budgets), ("worlds", dearer)):
        took = milliseconds(partial(scenario, model, plan, anew, guardrails=rules), 3)
        print(f"ten {told} re-optimised: {took:.0f} ms")
    print(f"flight: {milliseconds(partial(flight, model, plan), 5):.0f} ms")
    took = milliseconds(partial(what_if, model, plan, rules), 1)
    print(f"all six questions and their scenarios: {took:.0f} ms")


def true_gains(markets: int, first: int, season: float) -> None:
    """Share of the plan's true value that the recommended spread gains over an even one.

    Both as the value of a plan is counted, with nothing spent after the horizon, and as if the
    plan's money a week went on.
    """
    gains: dict[str, list[float]] = {"nothing spent after": [], "money goes on": []}
    for market in drawn(markets, first, Kinds(response_season=season)):
        model = fit(dataset(market))
        truth = market.truth
        plan = make_plan(model.data, market.frames()["plan"])[0]  # the same money each week
        column = [[m.channel for m in model.data.media].index(name) for name in truth.lines]
        spread = replace(truth, plan=flight(model, plan).recommended.spend[:, :, column])
        now, later = (sum(each.value().values()) for each in (truth, spread))
        gains["nothing spent after"].append(later / now - 1.0)
        later = _going_on(spread, truth.plan) - _going_on(truth, truth.plan)
        gains["money goes on"].append(later / now)
    print(f"response season {season}, {markets} markets")
    for told, shares in gains.items():
        got = np.array(shares)
        print(
            f"    {told}: better in {(got > SAME).mean():.0%}, held in "
            f"{(np.abs(got) <= SAME).mean():.0%}, mean {got.mean():+.2%}, worst {got.min():+.2%}, "
            f"more than 1 % lost in {(got < -0.01).mean():.0%}"
        )


def _going_on(truth: Truth, usual: np.ndarray) -> float:
    """True outcome from the horizon on if the mean week of a plan (H, R, M) goes on after it."""
    after = np.repeat(usual.mean(axis=0)[None], TAIL, axis=0)
    weeks = len(truth.plan) + TAIL
    outcome = truth.response.outcome(np.concatenate([truth.spend[-TAIL:], truth.plan, after]))
    return float((outcome[-weeks:] * truth.swing[-weeks:]).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markets", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="seed of the first market")
    options = parser.parse_args()
    speed()
    for swing in (0.0, 0.6):
        true_gains(options.markets, options.first, swing)


if __name__ == "__main__":
    main()
