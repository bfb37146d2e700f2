"""Is a lift test worth what it was said to be, and does the ranking put the right lines first?

    python bench/next_test.py --markets 48

Each market is fitted, its lines are ranked, and then every recommended test is run on the truth:
it measures the true lift with an error of the size foretold, the budget is split anew, and the true
value of the new split is compared with that of today's best. Worths are shares of the plan's value.
"""

from __future__ import annotations

import argparse

import numpy as np
from markets import dataset_of, drawn

from xlbudget.planning.evidence_value import split_after
from xlbudget.planning.lift_designs import Design, designs
from xlbudget.planning.next_test import choice_of, next_tests
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.response.fit import fit
from xlbudget.simulator import Market

ERRORS = 8  # results of each test that are drawn


def true_lift(market: Market, plan: Plan, design: Design) -> float:
    """What a test without error would measure."""
    name = plan.data.line_names[design.line]
    now = dict(zip(plan.data.line_names, plan.totals, strict=True))
    changed = {**now, name: now[name] * (1.0 + design.size)}
    weeks = slice(0, design.weeks)
    tested = market.truth.expected_outcome(changed)[weeks].sum()
    return float(tested - market.truth.expected_outcome(now)[weeks].sum())


def gains(market: Market, draws: int, seed: int) -> list[tuple[float, float]]:
    """Foretold and true worth of each line's test, in the order of the ranking."""
    rng = np.random.default_rng(seed)
    data = dataset_of({name.lower(): table for name, table in market.frames().items()})
    model = fit(data, draws=draws, check=False)
    plan, _ = make_plan(data, market.frames()["plan"])
    choice, ranked = choice_of(model, plan, ()), next_tests(model, plan)
    found = {(d.line, d.size, d.weeks): d for d in designs(model, plan)}
    names = data.line_names

    def worth(split: np.ndarray) -> float:
        return sum(market.truth.value(dict(zip(names, split, strict=True))).values())

    whole = worth(plan.totals)
    today = worth(choice.best(choice.value.mean(axis=0, keepdims=True))[0])
    out = []
    for name, size, weeks, said in zip(
        ranked.line, ranked.size, ranked.weeks, ranked.worth, strict=True
    ):
        design = found[names.index(name), float(size), int(weeks)]
        true, error = true_lift(market, plan, design), design.standard_error
        results = true + error * rng.standard_normal(ERRORS)
        after = [worth(split_after(choice, design.lift, float(r), error)) for r in results]
        out.append((said / whole, (float(np.mean(after)) - today) / whole))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markets", type=int, default=48)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--draws", type=int, default=1000)
    options = parser.parse_args()
    places: dict[str, list[tuple[float, float]]] = {"first": [], "second": [], "last": []}
    every = []
    for market in drawn(options.markets, options.first):
        found = gains(market, options.draws, market.seed)
        every += found
        for place, at in (("first", 0), ("second", 1), ("last", -1)):
            places[place].append(found[at])
    print(f"{'test ranked':<12} {'foretold':>9} {'came':>9} {'+-':>8}   % of the plan's value")
    for place, rows in {**places, "any": every}.items():
        said, came = 100 * np.array(rows).T
        error = came.std() / np.sqrt(len(came))
        print(f"{place:<12} {said.mean():9.3f} {came.mean():9.3f} {error:8.3f}")


if __name__ == "__main__":
    main()
