"""Budget and goal rows split the money anew, for the world that the rows before them left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import WEEK
from xlbudget.errors import BadInput, ConflictingGuardrails, Impossible
from xlbudget.planning.allocation import optimise
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.rules import Guardrail, Rule
from xlbudget.planning.scenarios.conditions import Conditions, as_planned
from xlbudget.planning.scenarios.resplit import value_of
from xlbudget.planning.scenarios.result import ScenarioResult
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.planning.scenarios.world import averaged, world_of
from xlbudget.response.model import ResponseModel

HEADER = ("scenario", "scope", "name", "what", "change", "value")


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


def answered(
    model: ResponseModel,
    plan: Plan,
    *rows: Sequence[Any],
    by: str = "total",
    guardrails: Sequence[Guardrail] = (),
    **more: Any,
) -> ScenarioResult:
    changes = pd.DataFrame([dict(zip(HEADER, row, strict=True)) for row in rows]).assign(**more)
    return scenario(model, plan, changes, by, guardrails=guardrails)


def uneven(plan: Plan) -> Conditions:
    """Prices that rise over the weeks, and effects that fall, differently for each cell."""
    weeks, regions, media = plan.spend.shape
    now = as_planned(plan)
    grow = np.linspace(0.0, 1.0, weeks)[:, None, None]
    fade = np.linspace(0.0, 0.6, len(now.response))[:, None, None]
    each = np.linspace(0.2, 1.0, regions * media).reshape(regions, media)
    return replace(now, cost=1.0 + grow * each, response=1.0 - fade * each)


def test_a_changed_world_counts_what_the_scenario_counts(
    sample_model: ResponseModel, plan: Plan
) -> None:
    now = uneven(plan)
    world = world_of(sample_model, now)
    caused = sample_model.outlook(now.media, now.response).caused
    curves = world.value_curves(plan.spend, plan.totals[:, None] * [0.9, 1.0, 1.1])
    by_line = sample_model.data.by_line(caused).sum(axis=1)
    np.testing.assert_allclose(curves.value[:, :, 1], by_line, rtol=1e-9)


def test_slopes_of_a_changed_world_are_per_money_and_bounded(
    sample_model: ResponseModel, plan: Plan
) -> None:
    world = world_of(sample_model, uneven(plan))
    step = 1e-5
    spend = plan.totals[:, None] * np.array([0.5, 1.0 - step, 1.0, 1.0 + step, 1.5])
    curves = world.value_curves(plan.spend, spend)
    chord = (curves.value[:, :, 3] - curves.value[:, :, 1]) / (spend[:, 3] - spend[:, 1])
    np.testing.assert_allclose(curves.slope[:, :, 2], chord, rtol=1e-4, atol=1e-9)
    within = np.maximum(curves.slope[:, :, :-1], curves.slope[:, :, 1:])
    assert (curves.slope_bound >= within - 1e-12).all()


def test_dearer_media_are_capped_at_what_was_ever_bought(
    sample_model: ResponseModel, plan: Plan
) -> None:
    now = replace(as_planned(plan), cost=np.full_like(plan.spend, 1.25))
    world = world_of(sample_model, now)
    np.testing.assert_allclose(world.observed_weekly(), 1.25 * sample_model.observed_weekly())


def test_a_budget_split_anew_is_the_optimisers_and_beats_the_even_cut(
    sample_model: ResponseModel, plan: Plan
) -> None:
    rules = (Guardrail("G1", "line", "", Rule.MAX_SHIFT, 0.3),)
    result = answered(
        sample_model, plan,
        ("even", "total", None, "spend", "%", -12.0),
        ("anew", "total", None, "budget", "%", -12.0),
        guardrails=rules,
    )  # fmt: skip
    even, anew = result.table["outcome"]
    np.testing.assert_allclose(result.table["spend"], -0.12 * plan.totals.sum())
    best = optimise(sample_model, plan.scaled(0.88 * plan.totals), guardrails=rules)
    assert anew > even
    assert anew == pytest.approx(best.value - value_of(sample_model, plan), rel=1e-3)
    assert anew <= best.bound - value_of(sample_model, plan) + 1e-6 * best.bound


def test_the_split_answers_to_a_price_rise_that_comes_first(
    sample_model: ResponseModel, plan: Plan
) -> None:
    dearer = ("dearer", "channel", "Paid Search", "cost", "%", 60.0)
    stay = answered(sample_model, plan, dearer)
    move = answered(sample_model, plan, dearer, (None, "total", None, "budget", "%", 0.0))
    blind = answered(sample_model, plan, ("b", "total", None, "budget", "%", 0.0), by="line")
    there = answered(
        sample_model, plan, dearer, (None, "total", None, "budget", "%", 0.0), by="line"
    )
    assert move.table["outcome"][0] > stay.table["outcome"][0]
    spent = {
        name: result.table.set_index("line")["spend"]["Paid Search"]
        for name, result in (("blind", blind), ("there", there))
    }
    assert spent["there"] < spent["blind"]


def test_a_dated_fall_of_response_is_seen_by_the_split(
    sample_model: ResponseModel, plan: Plan
) -> None:
    start = plan.data.horizon[4]
    rows = (
        ("fall", "channel", "TV", "response", "%", -80.0),
        ("fall", "total", None, "budget", "%", 0.0),
    )
    late = answered(sample_model, plan, *rows, by="line", **{"from": [start, None]})
    never = answered(sample_model, plan, rows[1], by="line")
    tv = [result.table.set_index("line")["spend"]["TV"] for result in (late, never)]
    assert tv[0] < tv[1]


def test_a_goal_is_reached_with_less_than_growing_evenly(
    sample_model: ResponseModel, plan: Plan
) -> None:
    worth = value_of(sample_model, plan)
    result = answered(sample_model, plan, ("more", "total", None, "goal", "%", 5.0))
    row = result.table.iloc[0]
    assert row["outcome"] == pytest.approx(0.05 * worth, rel=1e-3)
    even = answered(sample_model, plan, ("even", "total", None, "spend", "amount", row["spend"]))
    assert even.table["outcome"][0] < row["outcome"]


def test_a_goal_tells_what_a_cost_rise_takes_to_make_good(
    sample_model: ResponseModel, plan: Plan
) -> None:
    dearer = ("dearer", "channel", "TV", "cost", "%", 30.0)
    hold = answered(sample_model, plan, dearer, ("dearer", "total", None, "goal", "%", 0.0))
    assert hold.table["outcome"][0] == pytest.approx(0.0, abs=2e-3 * value_of(sample_model, plan))


def test_guardrails_that_cannot_hold_are_named(sample_model: ResponseModel, plan: Plan) -> None:
    rules = (Guardrail("G7", "total", "", Rule.MIN_SPEND, 2.0 * float(plan.totals.sum())),)
    with pytest.raises(ConflictingGuardrails, match="G7"):
        answered(sample_model, plan, ("a", "total", None, "budget", "%", -5.0), guardrails=rules)


def test_a_goal_out_of_reach_says_what_can_be_reached(
    sample_model: ResponseModel, plan: Plan
) -> None:
    with pytest.raises(Impossible, match="out of reach"):
        answered(sample_model, plan, ("a", "total", None, "goal", "%", 900.0))


@pytest.mark.parametrize(
    ("row", "when", "message"),
    [
        (
            ("a", "role", "brand", "budget", "%", -5.0),
            None,
            "choose one of total|Choose one of total",
        ),
        (("a", "total", None, "budget", "%", -150.0), None, "below 0"),
        (("a", "total", None, "budget", "amount", -1e12), None, "below 0"),
        (("a", "total", None, "goal", "set to", -1.0), None, "below 0"),
        (("a", "total", None, "budget", "%", -5.0), 2, "that of the whole horizon"),
    ],
)
def test_what_cannot_be_split_is_a_finding(
    sample_model: ResponseModel, plan: Plan, row: Sequence[Any], when: int | None, message: str
) -> None:
    dates: dict[str, Any] = {} if when is None else {"from": [plan.data.horizon[0] + when * WEEK]}
    with pytest.raises(BadInput, match=message) as refused:
        answered(sample_model, plan, row, **dates)
    assert refused.value.findings[0].where.startswith("Scenarios, row 1")


def test_far_fewer_draws_have_the_same_expected_values(
    sample_model: ResponseModel, plan: Plan
) -> None:
    few = averaged(sample_model)
    assert few.draws < sample_model.draws / 4
    grid = plan.totals[:, None] * [0.5, 1.0, 1.5]
    all_draws, fewer = (each.value_curves(plan.spend, grid) for each in (sample_model, few))
    for part in ("value", "slope", "slope_bound"):
        mean, same = (getattr(each, part).mean(axis=0) for each in (all_draws, fewer))
        np.testing.assert_allclose(same, mean, rtol=1e-9)


def test_scenarios_side_by_side_are_those_asked_alone(
    sample_model: ResponseModel, plan: Plan
) -> None:
    rows = [
        ("less", "total", None, "budget", "%", -12.0),
        ("more", "total", None, "budget", "%", 20.0),
        ("dear", "channel", "TV", "cost", "%", 20.0),
        ("dear", "total", None, "budget", "%", 20.0),
    ]
    together = answered(sample_model, plan, *rows).table.set_index("scenario")["outcome"]
    alone = [answered(sample_model, plan, *part) for part in (rows[:1], rows[1:2], rows[2:])]
    for name, each in zip(("less", "more", "dear"), alone, strict=True):
        assert together[name] == pytest.approx(each.table["outcome"][0], rel=1e-3)


def test_the_mean_in_a_changed_world_is_that_of_its_draws(
    sample_model: ResponseModel, plan: Plan
) -> None:
    world = world_of(sample_model, uneven(plan))
    grid = plan.totals[:, None] * [0.5, 1.0, 1.5]
    draws, mean = world.value_curves(plan.spend, grid), world.mean_value_curves(plan.spend, grid)
    np.testing.assert_allclose(mean.value[0], draws.value.mean(axis=0), rtol=1e-9)
    np.testing.assert_allclose(mean.slope[0], draws.slope.mean(axis=0), rtol=1e-9)
