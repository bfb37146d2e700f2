"""A horizon may have one week or a year: what is carried in and out is the same money's effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.planning.flighting import flight
from xlbudget.planning.forecast import Forecast, forecast
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import draw_market

HORIZONS = (1, 13, 52)
CUT = [Scenario("cut", (Change(What.SPEND, How.PERCENT, -0.12),))]


@dataclass(frozen=True)
class Look:
    """A small market looked at for so many weeks ahead, its recent spend going on."""

    weeks: int
    model: ResponseModel
    plan: Plan
    ahead: Forecast


@pytest.fixture(scope="module")
def looks() -> dict[int, Look]:
    frames = draw_market(3, channels=3, weeks=104).frames()
    found = {}
    for weeks in HORIZONS:
        data = Dataset.from_frames(
            spend=frames["spend"],
            outcomes=frames["outcomes"],
            controls=frames["controls"],
            settings={"outcome": "revenue", "horizon_weeks": weeks},
        )
        model, plan = fit(data, draws=500), make_plan(data, None)[0]
        found[weeks] = Look(weeks, model, plan, forecast(model, plan))
    return found


@pytest.fixture(params=HORIZONS)
def look(request: pytest.FixtureRequest, looks: dict[int, Look]) -> Look:
    return looks[request.param]


def test_every_week_has_a_row_and_adds_up(look: Look) -> None:
    table = look.ahead.table
    assert len(table) == look.weeks
    assert np.isfinite(table.drop(columns="week").to_numpy()).all()
    np.testing.assert_allclose(table["baseline"] + table["incremental"], table["total"])
    assert (table["low"] < table["high"]).all()


def test_what_earlier_spend_carries_in_fades_within_26_weeks(look: Look) -> None:
    carried = look.ahead.detail().carry_in
    assert carried[0] > 0
    assert (np.diff(carried[3:]) <= 1e-9 * carried[0]).all()
    np.testing.assert_allclose(carried[26:], 0.0, atol=1e-9 * carried[0])


def test_what_comes_after_is_told_until_it_has_faded(look: Look) -> None:
    after = look.ahead.carry_out
    assert len(after.week) == 26
    assert after.week[0] == look.model.data.horizon[-1] + WEEK
    assert after.faded is not None
    assert look.model.data.horizon[-1] < after.faded <= after.week[-1]
    assert after.outcome[after.week <= after.faded].sum() >= 0.99 * after.outcome.sum()
    whole = look.ahead.plan_draws.sum(axis=1).mean()
    within = look.ahead.plan_draws[:, : look.weeks].sum(axis=1).mean()
    assert within + after.outcome.sum() == pytest.approx(whole)


def test_the_carry_over_is_told_in_words(look: Look) -> None:
    told, after = look.ahead.carried, look.ahead.carry_out
    carry_in = look.ahead.detail().carry_in.sum()
    np.testing.assert_allclose(told.outcome, [carry_in, after.outcome.sum()])
    assert (told.low <= told.outcome).all()
    assert (told.outcome <= told.high).all()
    assert f"still brings {carry_in:,.0f} (" in told.words[0]
    assert f"brings {after.outcome.sum():,.0f} (" in told.words[1]
    for words, faded in zip(told.words, told.faded, strict=True):
        assert f"all but 1 % of that has come by the week of {faded}." in words
    assert told.faded[1] == after.faded
    assert told.sentence == " ".join(told.words)


def test_carry_in_may_fade_after_the_end_of_a_short_horizon(looks: dict[int, Look]) -> None:
    short = looks[1].ahead
    assert short.carried.faded[0] > short.week[-1]
    longest = looks[max(looks)].ahead.carried.faded[0]
    assert abs(short.carried.faded[0] - longest) <= WEEK  # fitted anew, so to the week


def test_a_short_horizon_has_more_of_its_value_still_to_come(looks: dict[int, Look]) -> None:
    shares = [
        look.ahead.carry_out.outcome.sum() / look.ahead.plan_draws.sum(axis=1).mean()
        for look in looks.values()
    ]
    assert shares == sorted(shares, reverse=True)


def test_scenarios_and_flighting_answer_for_any_horizon(look: Look) -> None:
    result = scenario(look.model, look.plan, CUT, "week")
    assert len(result.table) == look.weeks + 26
    assert result.table["spend"].sum() == pytest.approx(-0.12 * look.plan.totals.sum())
    steps = result.waterfall()
    np.testing.assert_allclose(steps.outcome.sum(axis=0), result.rows.outcome.sum(axis=0))
    made = flight(look.model, look.plan)
    np.testing.assert_allclose(made.recommended.totals, look.plan.totals)
    assert made.gain >= 0
