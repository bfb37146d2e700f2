"""Flighting keeps totals, stays within caps and only moves what is likely to gain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xlbudget.errors import Impossible
from xlbudget.governance.approvals import approvals
from xlbudget.planning.flight_line import spend_line
from xlbudget.planning.flighting import LITTLE, Flighting, flight
from xlbudget.planning.forecast import forecast
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.limits import binding
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.rules import Guardrail, Rule
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.conditions import as_planned
from xlbudget.planning.scenarios.differences import planned_cells
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.planning.verdict import worst_draws
from xlbudget.response.adstock import TAIL
from xlbudget.response.model import ResponseModel


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


@pytest.fixture(scope="module")
def piled(plan: Plan) -> Plan:
    """All money of the quarter in its first four weeks."""
    spend = np.zeros_like(plan.spend)
    spend[:4] = plan.spend.sum(axis=0) / 4.0
    return replace(plan, spend=spend)


@pytest.fixture(scope="module")
def certain(sample_model: ResponseModel) -> ResponseModel:
    """The sample market with no doubt about the season of its effects."""
    effects = sample_model.effects
    steady = replace(effects, seasons=np.ones_like(effects.seasons))
    return replace(sample_model, effects=steady)


@pytest.fixture(scope="module")
def spread(certain: ResponseModel, piled: Plan) -> Flighting:
    return flight(certain, piled)


def test_one_row_a_week_and_line_and_the_totals_stay(spread: Flighting, piled: Plan) -> None:
    table = spread.table
    assert list(table) == ["week", "line", "current", "spend", "gain"]
    assert len(table) == 13 * len(piled.totals)
    by_line = table.groupby("line", sort=False)["spend"].sum().to_numpy()
    np.testing.assert_allclose(by_line, piled.totals)
    np.testing.assert_allclose(spread.recommended.totals, piled.totals)
    assert table["gain"].sum() == pytest.approx(spread.gain)


def test_what_is_piled_up_is_spread_and_gains(
    certain: ResponseModel, spread: Flighting, piled: Plan
) -> None:
    assert spread.gain_low > 0
    ahead = [certain.outlook(plan.spend).caused for plan in (spread.recommended, piled)]
    gain = (ahead[0] - ahead[1]).sum(axis=(1, 2, 3)).mean()
    assert spread.gain == pytest.approx(gain, rel=1e-6)
    assert any("front-load less" in each.sentence for each in spread.lines)


def test_no_week_takes_more_than_was_ever_seen(
    sample_model: ResponseModel, spread: Flighting, piled: Plan
) -> None:
    most = np.maximum(sample_model.observed_weekly(), piled.data.by_line(piled.spend).max(axis=0))
    weekly = piled.data.by_line(spread.recommended.spend)
    assert (weekly <= most * (1 + 1e-9)).all()
    assert (weekly >= 0).all()


def test_a_locked_line_and_a_dated_floor_are_kept(sample_model: ResponseModel, piled: Plan) -> None:
    horizon = piled.data.horizon
    floor = 0.5 * piled.totals[piled.data.line_names.index("TV")]
    rules = (
        Guardrail("G1", "line", "Email", Rule.LOCK),
        Guardrail("G2", "line", "TV", Rule.MIN_SPEND, floor, start=horizon[0], end=horizon[1]),
    )
    made = {each.line: each for each in flight(sample_model, piled, rules).lines}
    np.testing.assert_array_equal(made["Email"].spend, made["Email"].current)
    assert made["TV"].spend[:2].sum() >= floor * (1 - 1e-9)


def test_a_spread_whose_worst_draws_lose_half_of_the_gain_is_left(
    certain: ResponseModel, plan: Plan
) -> None:
    made, data = flight(certain, plan), plan.data
    cells = planned_cells(certain, as_planned(plan))
    for index, each in enumerate(made.lines):
        if np.array_equal(each.spend, each.current):
            assert "keep" in each.sentence
            continue
        assert each.gain_draws.sum(axis=1).mean() >= 0
        own = [cell for cell in cells if data.line_of[cell.place] == index]
        paths = np.stack([made.recommended.spend[:, *cell.place] for cell in own])
        line = spend_line(own, plan)
        for world in (line, line.going_on()):
            gain = world.gain(paths).sum(axis=1)
            little = LITTLE * gain.mean()
            assert (gain > -little).mean() >= data.settings.confidence
            assert worst_draws(gain, data.settings.confidence) @ gain > -little
    assert made.gain >= 0
    assert made.gain_going_on >= 0


def test_a_line_that_always_ran_keeps_two_thirds_of_its_usual_week(
    sample_model: ResponseModel, plan: Plan
) -> None:
    effects = sample_model.effects
    swung = np.ones_like(effects.seasons)
    swung[:, -(len(plan.spend) + TAIL) :][:, 6:9] = 5.0  # three weeks that are worth waiting for
    model = replace(sample_model, effects=replace(effects, seasons=swung))
    data = plan.data
    always = (data.by_line(data.spend)[-52:] > 0).all(axis=0)
    made = flight(model, plan)
    for each, steady in zip(made.lines, always, strict=True):
        least = min(2.0 / 3.0 * each.current.mean(), each.current.min())
        if steady:
            assert each.spend.min() >= least * (1 - 1e-6)
    assert any(each.spend.max() > 1.2 * each.current.max() for each in made.lines)


def test_an_even_spread_is_held_where_nothing_speaks_for_another(certain: ResponseModel) -> None:
    data = certain.data
    steady = certain.steady_path(certain.recent_weekly())
    made = flight(certain, Plan(data, steady))
    moved = sum(np.abs(each.spend - each.current).sum() for each in made.lines) / 2.0
    assert moved < 0.2 * steady.sum()
    assert made.gain_going_on >= 0


def test_money_goes_where_a_season_of_effects_is_known_to_be(certain: ResponseModel) -> None:
    weeks, effects = len(certain.data.weeks), certain.effects
    seasons = np.ones_like(effects.seasons)
    seasons[:, weeks + 4 : weeks + 8] = 2.2
    steady = Plan(certain.data, certain.steady_path(certain.recent_weekly()))
    made = flight(replace(certain, effects=replace(effects, seasons=seasons)), steady)
    more = steady.data.by_line(made.recommended.spend - steady.spend).sum(axis=1)
    assert more[3:8].sum() > 0.1 * steady.spend.sum() * 4 / 13
    assert made.gain_low > 0


def test_a_line_that_always_runs_is_not_switched_off(certain: ResponseModel, plan: Plan) -> None:
    past = plan.data.by_line(plan.data.spend)
    for line, each in enumerate(flight(certain, plan).lines):
        if (past[-52:, line] > 0).all():
            ran = past[:, line][past[:, line] > 0]
            least = min(ran.min(), each.current.min())
            assert (each.spend >= least * (1 - 1e-9)).all()


def test_rules_of_bursts_hold_in_their_dates_alone(sample_model: ResponseModel, plan: Plan) -> None:
    line = plan.data.line_names.index("TV")
    weeks, total = plan.data.horizon, plan.totals[line]
    least = 1.5 * total / 13.0
    end = weeks[5] + np.timedelta64(6, "D")
    rules = (
        Guardrail("G1", "line", "TV", Rule.MIN_A_WEEK, least, start=weeks[0], end=end),
        Guardrail("G2", "line", "TV", Rule.WEEKS_IN_A_ROW, 3.0, start=weeks[0], end=end),
    )
    spend = flight(sample_model, plan, rules).lines[line].spend
    early = spend[:6]
    assert early[early > 0].min(initial=np.inf) >= least * (1 - 1e-6)
    assert (spend[6:] > 0).any()
    assert ((spend[6:] > 0) & (spend[6:] < least)).any()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], spend > 0, [False]]).astype(int)))
    for first, last in edges.reshape(-1, 2):
        assert first >= 6 or last - first >= 3


def test_the_gain_is_that_of_the_plan_recommended_to_the_last_draw(
    certain: ResponseModel, spread: Flighting, piled: Plan
) -> None:
    ahead = [certain.outlook(each.spend).caused for each in (spread.recommended, piled)]
    gain = (ahead[0] - ahead[1]).sum(axis=(1, 2, 3))
    told = np.sum([each.gain_draws.sum(axis=1) for each in spread.lines], axis=0)
    np.testing.assert_allclose(told, gain, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(spread.recommended.spend.sum(axis=0), piled.spend.sum(axis=0))


def test_a_week_takes_no_more_than_its_cap(sample_model: ResponseModel, piled: Plan) -> None:
    most = 1.1 * piled.totals[piled.data.line_names.index("TV")] / 13.0
    rules = (Guardrail("G1", "line", "TV", Rule.MAX_A_WEEK, most),)
    made = {each.line: each for each in flight(sample_model, piled, rules).lines}
    assert made["TV"].spend.max() <= most * (1 + 1e-6)
    assert "breaks a rule about its weeks" in made["TV"].sentence


@pytest.mark.parametrize(("times", "row"), [(1.5, 1), (2.0, 3), (0.5, 4)])
def test_a_week_is_off_or_takes_its_minimum_and_bursts_last(
    sample_model: ResponseModel, plan: Plan, times: float, row: int
) -> None:
    line = plan.data.line_names.index("TV")
    total = plan.totals[line]
    least = times * total / 13.0
    rules = (
        Guardrail("G1", "line", "TV", Rule.MIN_A_WEEK, least),
        Guardrail("G2", "line", "TV", Rule.WEEKS_IN_A_ROW, float(row)),
    )
    spend = flight(sample_model, plan, rules).lines[line].spend
    on = spend > 0
    assert spend.sum() == pytest.approx(total)
    assert spend[on].min() >= least * (1 - 1e-6)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
    assert (edges[1::2] - edges[::2]).min() >= row
    assert times < 1 or not on.all()


def test_other_lines_are_not_touched_by_a_burst(sample_model: ResponseModel, plan: Plan) -> None:
    least = 2.0 * plan.totals[plan.data.line_names.index("TV")] / 13.0
    rules = (Guardrail("G1", "line", "TV", Rule.MIN_A_WEEK, least),)
    with_it, without = (flight(sample_model, plan, given).lines for given in (rules, ()))
    for mine, other in zip(with_it, without, strict=True):
        assert mine.line == "TV" or np.array_equal(mine.spend, other.spend)


@pytest.mark.parametrize(
    ("rule", "share"), [(Rule.MAX_A_WEEK, 0.05), (Rule.MIN_A_WEEK, 1.2)], ids=["cap", "least"]
)
def test_money_that_its_weeks_cannot_take_is_told_with_the_rule(
    sample_model: ResponseModel, plan: Plan, rule: Rule, share: float
) -> None:
    total = plan.totals[plan.data.line_names.index("TV")]
    with pytest.raises(Impossible, match=r"TV has .* G9 .*loosen"):
        flight(sample_model, plan, (Guardrail("G9", "line", "TV", rule, share * total),))


def test_a_line_under_a_weekly_rule_of_several_keeps_its_spread(
    sample_model: ResponseModel, piled: Plan
) -> None:
    rules = (Guardrail("G1", "total", "", Rule.MAX_A_WEEK, 1e9),)
    for each in flight(sample_model, piled, rules).lines:
        np.testing.assert_array_equal(each.spend, each.current)


@pytest.mark.parametrize(("value", "message"), [(0.0, "no number of weeks"), (2.5, "no number")])
def test_a_burst_is_whole_weeks(plan: Plan, value: float, message: str) -> None:
    table = pd.DataFrame(
        {"id": ["G1"], "applies_to": ["line"], "name": ["TV"], "rule": ["min weeks in a row"],
         "value": [value]}
    )  # fmt: skip
    _, findings = read_guardrails(plan.data, table)
    assert any(message in str(finding) for finding in findings)


def test_rules_about_weeks_touch_no_total(plan: Plan) -> None:
    rules = (Guardrail("G1", "line", "TV", Rule.MAX_A_WEEK, 1.0),)
    changed = plan.scaled(0.9 * plan.totals)
    assert set(approvals(plan.data, plan, changed, rules).table["status"]) == {"automatic"}
    assert not binding(rules)


def test_flight_forecast_and_scenario_say_the_same_of_a_spread(
    sample_model: ResponseModel, plan: Plan
) -> None:
    early = np.where(np.arange(len(plan.spend)) < 6, 1.8, 0.2)[:, None, None]
    plan = replace(plan, spend=early * plan.spend)
    made = flight(sample_model, plan)
    assert not np.array_equal(made.recommended.spend, plan.spend)
    told = np.sum([each.gain_draws.sum(axis=1) for each in made.lines], axis=0)
    now, then = (forecast(sample_model, p).plan_draws.sum(axis=1) for p in (plan, made.recommended))
    np.testing.assert_allclose(told, then - now, rtol=1e-9, atol=1e-9 * now.mean())
    assert made.gain == pytest.approx(float((then - now).mean()), rel=1e-9)
    spread = Scenario("spread anew", tuple(_week_by_week(plan, made.recommended)))
    compared = scenario(sample_model, plan, [spread], by="line").rows.outcome.sum(axis=0)
    assert made.gain == pytest.approx(float(compared.mean()), rel=1e-9)


def _week_by_week(plan: Plan, other: Plan) -> Iterator[Change]:
    """What sets each line's money of each week to that of another plan."""
    data = plan.data
    for week, money in zip(data.horizon, data.by_line(other.spend), strict=True):
        for line, amount in zip(data.line_names, money, strict=True):
            yield Change(What.SPEND, How.SET_TO, float(amount), "line", line, start=week, end=week)
