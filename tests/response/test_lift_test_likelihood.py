"""A lift test enters as what it measured: it moves the line that it tested, towards the truth."""

from __future__ import annotations

import numpy as np
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit
from xlbudget.response.lift_tests import days_inside, spend_without
from xlbudget.simulator import Kinds, draw_market

TESTED = ("Channel 1", "Channel 2")


def dataset(seed: int, with_tests: bool) -> tuple[Dataset, dict[str, float]]:
    market = draw_market(seed, channels=6, weeks=104, kinds=Kinds(tests=2))
    frames = market.frames()
    names = ["spend", "outcomes", "controls", "channels", "settings"]
    names += ["experiments"] if with_tests else []
    return Dataset.from_frames(**{n: frames[n] for n in names}), market.truth.contribution()


@pytest.mark.parametrize("seed", [1, 4])
def test_a_lift_test_narrows_the_range_of_its_line(seed: int) -> None:
    width = []
    for with_tests in (False, True):
        data, truth = dataset(seed, with_tests)
        table = fit(data, draws=400).contribution()
        at = [data.line_names.index(name) for name in TESTED]
        width.append((table.high - table.low)[at].sum())
        if with_tests:
            inside = [table.low[i] <= truth[data.line_names[i]] <= table.high[i] for i in at]
            assert any(inside)
    assert width[1] < width[0]


def test_spend_without_a_holdout_is_higher_in_its_weeks_only() -> None:
    data, _ = dataset(1, True)
    experiment = data.experiments[0]
    inside = days_inside(data, experiment)
    without = spend_without(data, experiment, inside)
    added = (without - data.spend).sum(axis=(1, 2))
    assert added.sum() == pytest.approx(-experiment.spend_change)
    assert (added[inside == 0] == 0).all()
    assert (added[inside > 0] > 0).all()


def test_weeks_partly_inside_count_by_their_days() -> None:
    data, _ = dataset(1, True)
    inside = days_inside(data, data.experiments[0])
    days = (data.experiments[0].end - data.experiments[0].start) / np.timedelta64(1, "D") + 1
    assert inside.sum() * 7 == pytest.approx(days)
