"""Each standing question's sentence says the numbers that the scenarios give."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.questions.answer import Answer
from xlbudget.planning.questions.money import budget_cut, more_money
from xlbudget.planning.questions.places import dearer_channel, shift_and_test
from xlbudget.planning.questions.timing import ALL, moved_money, softening
from xlbudget.planning.questions.weeks import HALF, week_by
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.differences import weekly_change
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Market


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


def told(answer: Answer, *names: str) -> None:
    for name in names:
        figure = answer.figures[name]
        text = figure if isinstance(figure, str) else f"{figure:,.0f}"
        assert text in answer.sentence
    assert len(answer.table)


def test_a_cut_and_what_re_optimising_saves(
    sample_model: ResponseModel, plan: Plan, sample_market: Market
) -> None:
    answer = budget_cut(sample_model, plan)
    told(answer, "lost", "low", "high")
    assert answer.table["best"].sum() == pytest.approx(0.88 * plan.totals.sum())
    clear = float(answer.figures["saved_low"]) > 0
    assert (f"saves {answer.figures['saved']:,.0f}" in answer.sentence) == clear
    truth = sample_market.truth
    cut = {line: 0.88 * money for line, money in truth.current().items()}
    lost = sum(truth.value().values()) - sum(truth.value(cut).values())
    assert float(answer.figures["low"]) < lost < float(answer.figures["high"])


def test_more_money_goes_somewhere_and_brings_something(
    sample_model: ResponseModel, plan: Plan
) -> None:
    answer = more_money(sample_model, plan, 200_000.0)
    told(answer, "gain", "low", "high")
    assert answer.table["change"].sum() == pytest.approx(200_000.0)
    assert 0 <= float(answer.figures["pays"]) <= 1


@pytest.mark.parametrize("by", ["line", "region"])
def test_where_it_softens_first_is_named_with_its_week(
    sample_model: ResponseModel, plan: Plan, by: str
) -> None:
    answer = softening(sample_model, plan, by=by)
    told(answer, "lost", "low", "high", "where", "week")
    assert str(answer.figures["where"]) in list(answer.table[by])
    assert "inside the noise" in answer.sentence
    assert (by == "line") == ("of the regions" in answer.sentence)


@pytest.mark.parametrize("share", [0.15, 0.9])
def test_the_region_that_softens_first_is_told_as_it_is_asked_for(
    sample_model: ResponseModel, plan: Plan, share: float
) -> None:
    answer = softening(sample_model, plan, share, "total", "")
    alone = softening(sample_model, plan, share, "total", "", by="region")
    told(answer, *(f"region_{name}" for name in ("lost", "low", "high", "where", "week")))
    assert {name: answer.figures[f"region_{name}"] for name in alone.figures} == alone.figures
    rows = answer.table
    of_regions = rows[rows["line"] == ALL].drop(columns="line").reset_index(drop=True)
    pd.testing.assert_frame_equal(of_regions, alone.table)
    cut = Scenario("cut", (Change(What.SPEND, How.PERCENT, -share),))
    lost = -scenario(sample_model, plan, [cut], "week").rows.outcome[: len(plan.data.horizon)]
    assert alone.table["lost"].sum() == pytest.approx(lost.sum(axis=0).mean())


def test_a_region_of_its_own_noise_softens_in_the_week_that_its_losses_say(
    sample_model: ResponseModel, plan: Plan
) -> None:
    answer = softening(sample_model, plan, 0.5, "total", "", by="region")
    cut = Change(What.SPEND, How.PERCENT, -0.5)
    background, data = sample_model.background, plan.data
    for index, region in enumerate(data.regions):
        elsewhere = [Change(What.SPEND, How.PERCENT, 1.0, "region", other)  # twice the half
                     for other in data.regions if other != region]  # fmt: skip
        here = scenario(sample_model, plan, [Scenario("here", (cut, *elsewhere))], "week")
        lost = -here.rows.outcome[: len(data.horizon)].mean(axis=1).cumsum()
        noise = background.noise[:, index].mean() * np.sqrt(np.arange(1, len(lost) + 1))
        seen = np.flatnonzero(lost > NormalDist().inv_cdf(0.95) * noise)
        row = answer.table.set_index("region").loc[region]
        assert row["stands_out"] == (str(data.horizon[seen[0]]) if seen.size else "not by then")


def test_one_region_is_not_spoken_of(sample_frames: dict[str, pd.DataFrame]) -> None:
    frames = {name: sample_frames[name] for name in ("spend", "outcomes", "settings")}
    frames = {name: table.drop(columns="region", errors="ignore") for name, table in frames.items()}
    spend = frames["spend"].groupby(["week", "channel"], as_index=False)["spend"].sum()
    outcomes = frames["outcomes"].groupby("week", as_index=False).sum(numeric_only=True)
    data = Dataset.from_frames(spend, outcomes, settings=frames["settings"])
    model, plan = fit(data, draws=200), make_plan(data, None)[0]
    answer = softening(model, plan, 0.5, "total", "")
    assert "region" not in answer.sentence
    assert "region" not in answer.table
    assert not [name for name in answer.figures if name.startswith("region")]


def test_a_large_cut_stands_out_and_later_parts_do_not_come_first(
    sample_model: ResponseModel, plan: Plan
) -> None:
    answer = softening(sample_model, plan, 0.9, "total", "")
    assert "the first week in which it stands out" in answer.sentence
    weeks = answer.table["stands_out"][answer.table["line"] != ALL]
    assert min(weeks[weeks != "not by then"]) == answer.figures["week"]


def test_moved_money_is_timed_by_what_the_target_gains(
    sample_model: ResponseModel, plan: Plan
) -> None:
    answer = moved_money(sample_model, plan, 30_000.0)
    told(answer, "net", "low", "high", "half", "most")
    assert answer.table["net"].sum() == pytest.approx(float(answer.figures["net"]))
    gained = answer.table.set_index(answer.table["week"].astype(str))["gained_so_far"]
    assert gained[str(answer.figures["half"])] >= 0.5 * gained.iloc[-1]
    assert str(answer.figures["half"]) <= str(answer.figures["most"])


def test_a_dearer_channel_names_the_next_best_place(
    sample_model: ResponseModel, plan: Plan
) -> None:
    answer = dearer_channel(sample_model, plan, "Paid Search")
    told(answer, "lost", "low", "high", "next")
    assert answer.table["marginal_roi"].is_monotonic_decreasing
    assert answer.figures["next"] != "Paid Search"
    ranked = answer.table[answer.table["line"] != "Paid Search"]
    for line, back in zip(ranked["line"][1:4], ranked["marginal_roi"][1:4], strict=True):
        assert f"{line} ({back:.2f})" in answer.sentence


def test_a_shift_tells_its_change_and_the_test(sample_model: ResponseModel, plan: Plan) -> None:
    answer = shift_and_test(sample_model, plan, "TV", "Paid Social")
    told(answer, "change", "low", "high", "in_all", "in_all_low", "in_all_high")
    assert answer.table["outcome"].sum() == pytest.approx(float(answer.figures["in_all"]))
    six = answer.table["outcome"].iloc[:6].sum()
    assert six == pytest.approx(float(answer.figures["change"]))
    np.testing.assert_allclose(answer.table["spend"].sum(), 0.0, atol=1e-6)


def test_every_answer_says_when_and_how_sure(sample_model: ResponseModel, plan: Plan) -> None:
    for answer in (
        budget_cut(sample_model, plan),
        more_money(sample_model, plan, 200_000.0),
        softening(sample_model, plan),
        moved_money(sample_model, plan, 30_000.0),
        dearer_channel(sample_model, plan, "Paid Search"),
        shift_and_test(sample_model, plan, "TV", "Paid Social"),
    ):
        assert "(90 % sure: " in answer.sentence
        assert "by the week of 2026-" in answer.sentence or "next 6 weeks" in answer.sentence


def test_half_of_a_cut_has_come_by_the_week_that_is_told(
    sample_model: ResponseModel, plan: Plan
) -> None:
    by_week = weekly_change(sample_model, plan, plan.scaled(0.88 * plan.totals)).mean(axis=0)
    half = week_by(HALF, by_week, plan.data)
    assert f"half of it by the week of {half}" in budget_cut(sample_model, plan).sentence
    weeks = int((half - plan.data.horizon[0]) / WEEK)
    assert by_week[:weeks].sum() > 0.5 * by_week.sum() >= by_week[: weeks + 1].sum()
