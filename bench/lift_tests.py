"""What lift tests do to the lines that they tested, and whether false ones are found out.

    python bench/lift_tests.py --markets 48

Every market is fitted twice: with its two tests (holdouts of six weeks, known to a seventh of the
effect), and from history alone, which holds the weeks without spend as well. Then its first test is
made to measure three times as much, and a fifth, to see whether it is said to contradict history.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
from markets import dataset_of, drawn

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit
from xlbudget.simulator import Kinds, Market

FALSE = (3.0, 0.2)
FIGURES = ("contribution, last year", "marginal ROI")


def errors(market: Market, data: Dataset, lines: list[int], draws: int) -> np.ndarray:
    """(figures, lines, 4): |mean - truth|, |truth|, width of the range, whether it holds."""
    model = fit(data, draws=draws, check=False)
    start, names = str(data.weeks[-52]), data.line_names
    told = (market.truth.contribution(start), market.truth.marginal_roi())
    drawn_ = (model.contribution(start).draws_array, model.marginal_roi().draws_array)
    out = []
    for truth, figures in zip(told, drawn_, strict=True):
        true = np.array([truth[names[line]] for line in lines])
        mean = figures[:, lines].mean(axis=0)
        low, high = np.quantile(figures[:, lines], [0.05, 0.95], axis=0)
        held = (low <= true) & (true <= high)
        out.append(np.stack([np.abs(mean - true), np.abs(true), high - low, held], axis=1))
    return np.array(out)


def found_out(data: Dataset, times: float, draws: int) -> bool:
    """Whether the first test is flagged when it measured `times` what it did."""
    first, *rest = data.experiments
    false = replace(first, incremental_outcome=first.incremental_outcome * times)
    tests = fit(replace(data, experiments=(false, *rest)), draws=draws).diagnostics.tests
    return tests is not None and bool(tests.conflict[tests.test.index(first.id)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markets", type=int, default=48)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--draws", type=int, default=500)
    options = parser.parse_args()
    with_tests, without, flags = [], [], {1.0: 0, **dict.fromkeys(FALSE, 0)}
    for market in drawn(options.markets, options.first, Kinds(tests=2)):
        data = dataset_of({name.lower(): table for name, table in market.frames().items()})
        lines = [data.line_names.index(test.channel) for test in data.experiments]
        with_tests.append(errors(market, data, lines, options.draws))
        alone = replace(data, experiments=())
        without.append(errors(market, alone, lines, options.draws))
        for times in flags:
            flags[times] += found_out(data, times, options.draws)
    after, before = (np.concatenate(part, axis=1) for part in (with_tests, without))
    print(f"{'tested lines':<26} {'error without':>13} {'with':>6} {'ratio':>6} {'width':>6} held")
    for n, name in enumerate(FIGURES):
        was, now = (part[n, :, 0].sum() / part[n, :, 1].sum() for part in (before, after))
        width = after[n, :, 2].sum() / before[n, :, 2].sum()
        held = f"{100 * before[n, :, 3].mean():.0f} -> {100 * after[n, :, 3].mean():.0f} %"
        print(f"{name:<26} {was:13.3f} {now:6.3f} {now / was:6.2f} {width:6.2f} {held}")
    for times, count in flags.items():
        print(f"flagged where the first test measured {times:g} x: {count} of {options.markets}")


if __name__ == "__main__":
    main()
