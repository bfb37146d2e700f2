"""A backtest forecasts from what was known, under what was spent, and says where it was wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.errors import BadArgument, Impossible
from xlbudget.response.backtest import Backtest, backtest
from xlbudget.response.earlier import earlier
from xlbudget.simulator import Kinds, draw_market

DRAWS = 200
NAMES = ("spend", "outcomes", "controls", "channels", "experiments", "settings")


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return draw_market(3, channels=5, weeks=104, kinds=Kinds(tests=2, new=0)).frames()


@pytest.fixture(scope="module")
def data(frames: dict[str, pd.DataFrame]) -> Dataset:
    return Dataset.from_frames(**{name: frames[name] for name in NAMES})


@pytest.fixture(scope="module")
def tested(data: Dataset) -> Backtest:
    return backtest(data, folds=2, draws=DRAWS)


def test_an_earlier_dataset_is_what_earlier_tables_make(
    frames: dict[str, pd.DataFrame], data: Dataset
) -> None:
    start = data.weeks[91]
    known = {name: frames[name][frames[name]["week"] < start] for name in ("spend", "outcomes")} | {
        "controls": frames["controls"],
        "channels": frames["channels"],
        "experiments": frames["experiments"][frames["experiments"]["end"] < start],
    }
    settings = {"outcome": "revenue", "horizon_start": str(start), "horizon_weeks": 13}
    then, made = Dataset.from_frames(**known, settings=settings), earlier(data, 91, 13)
    assert made.settings == then.settings
    assert made.experiments == then.experiments
    assert made.line_names == then.line_names
    for name in ("weeks", "horizon", "spend", "outcome", "controls", "line_of"):
        np.testing.assert_array_equal(getattr(made, name), getattr(then, name), err_msg=name)
    assert made.key == then.key != data.key


def test_what_came_later_plays_no_part_in_a_forecast(data: Dataset, tested: Backtest) -> None:
    outcome = data.outcome.copy()
    outcome[-13:] *= 2.0
    doubled = backtest(replace(data, outcome=outcome), folds=2, draws=DRAWS)
    for was, now in zip(tested.folds, doubled.folds, strict=True):
        np.testing.assert_array_equal(was.forecast, now.forecast)
    assert doubled.folds[1].came == pytest.approx(2.0 * tested.folds[1].came)
    assert doubled.folds[1].error < tested.folds[1].error
    assert not doubled.folds[1].held


def test_the_table_has_a_row_a_fold_and_figures_that_agree(data: Dataset, tested: Backtest) -> None:
    table = tested.table
    assert list(table["fold"]) == [1, 2]
    assert {"weeks", "error", "coverage", "by_line_where_wrong"} <= set(table.columns)
    assert table["by_line_where_wrong"].str.len().max() <= 255
    np.testing.assert_allclose(table["forecast"] / table["outcome"] - 1.0, table["error"])
    assert ((table["low"] < table["forecast"]) & (table["forecast"] < table["high"])).all()
    assert table["coverage"].between(0.0, 1.0).all()
    assert tested.folds[1].week[-1] == data.weeks[-1]
    assert tested.folds[0].week[-1] < tested.folds[1].week[0]


def test_weeks_without_an_outcome_count_on_neither_side(data: Dataset) -> None:
    outcome = data.outcome.copy()
    outcome[-5] = np.nan
    fold = backtest(replace(data, outcome=outcome), folds=1, draws=DRAWS).folds[0]
    assert np.isnan(fold.actual).sum() == np.isnan(fold.forecast).sum() == 1
    assert fold.came == pytest.approx(np.nansum(outcome[-13:]))
    assert fold.total == pytest.approx(np.nansum(fold.forecast))


def test_last_year_again_is_exact_where_every_year_is_the_same(data: Dataset) -> None:
    year = 1_000.0 + 100.0 * np.sin(2.0 * np.pi * np.arange(52) / 52.0)
    same = replace(data, outcome=np.tile(year, 2)[:, None])
    fold = backtest(same, folds=1, draws=40).folds[0]
    np.testing.assert_allclose(fold.naive, fold.actual)
    assert fold.naive_error == pytest.approx(0.0)


def test_short_data_has_fewer_folds_and_says_so(data: Dataset) -> None:
    short = earlier(data, 45, 13)
    tested = backtest(short, draws=DRAWS)
    assert len(tested.folds) == 1
    assert tested.sentences[0] == "Only 1 of 4 folds of 13 weeks: the data is too short for more."
    with pytest.raises(Impossible, match="39 weeks"):
        backtest(earlier(data, 30, 13), draws=DRAWS)
    with pytest.raises(BadArgument, match="folds"):
        backtest(data, folds=0)


def test_a_line_whose_effect_changed_is_named() -> None:
    rng = np.random.default_rng(5)
    weeks = 130
    spend = {name: rng.gamma(2.0, 50.0, weeks) for name in ("Steady", "Changed")}
    effect = np.where(np.arange(weeks) < 91, 0.5, 6.0)
    outcome = 5_000.0 + 2.0 * spend["Steady"] + effect * spend["Changed"]
    outcome += rng.normal(0.0, 30.0, weeks)
    days = pd.date_range("2023-01-02", periods=weeks, freq="7D")
    rows = [pd.DataFrame({"week": days, "channel": n, "spend": v}) for n, v in spend.items()]
    data = Dataset.from_frames(pd.concat(rows), pd.DataFrame({"week": days, "revenue": outcome}))
    tested = backtest(data, folds=3, draws=DRAWS)
    wrong = [name for name, out in zip(tested.lines.line, tested.lines.outside, strict=True) if out]
    assert "Changed" in wrong
    assert "Changed's ROI of the year to" in " ".join(tested.sentences)


def test_progress_rises_and_the_same_seed_gives_the_same_digits(
    data: Dataset, tested: Backtest
) -> None:
    heard: list[float] = []
    again = backtest(data, folds=2, draws=DRAWS, progress=lambda done, doing: heard.append(done))
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0.0, 1.0)
    assert again.table.equals(tested.table)
    assert again.sentences == tested.sentences
