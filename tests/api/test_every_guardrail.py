"""Every kind of guardrail binds what `xb.optimize` recommends, and pairs that clash are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import xlbudget as xb
from xlbudget.errors import ConflictingGuardrails

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlbudget.planning.allocation import Allocation
    from xlbudget.response.model import ResponseModel

Rows = list[dict[str, Any]]
SURE = 1e-6  # share of the budget by which rounding may miss a rule


@pytest.fixture(scope="module")
def model(sample_frames: dict[str, pd.DataFrame]) -> ResponseModel:
    """Campaign types are lines. Few draws: what is allowed does not depend on them."""
    names = ("spend", "outcomes", "controls", "channels", "regions")
    finer = {"outcome": "revenue", "grain": "channel x campaign_type"}
    data = xb.Dataset.from_frames(**{name: sample_frames[name] for name in names}, settings=finer)
    return xb.fit(data, draws=40)


def rule(scope: str, name: str | None, kind: str, value: Any = None, unit: Any = None) -> Any:
    return {"applies_to": scope, "name": name, "rule": kind, "value": value, "unit": unit}


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([{"id": f"G{i + 1}", "active": "yes", **row} for i, row in enumerate(rows)])


def money(best: Allocation, scope: str, name: str, first: str = "", last: str = "") -> float:
    """What a part of the recommended plan gets, in all weeks or in some; scope: of Channels too."""
    data, plan = best.plan.data, best.recommended
    weeks = np.ones(len(data.horizon), dtype=bool)
    if first:
        weeks = (data.horizon >= np.datetime64(first)) & (data.horizon <= np.datetime64(last))
    total = 0.0
    for region, medium in np.argwhere(data.line_of >= 0):
        part = data.media[medium]
        channel = data.channels[part.channel]
        called = {
            "channel": part.channel,
            "role": channel.role,
            "region": data.regions[region],
            "campaign_type": part.campaign_type,
            **channel.attributes,
        }
        if called[scope] == name:
            total += float(plan.spend[weeks, region, medium].sum())
    return total


def share(best: Allocation, scope: str, name: str) -> float:
    return money(best, scope, name) / best.budget


def in_lots_of(lot: float, best: Allocation) -> bool:
    lots = best.recommended.totals / lot
    return bool(np.allclose(lots, np.round(lots)))


JANUARY = {"from": "2026-01-05", "to": "2026-02-01"}
WEEKS = ("2026-01-05", "2026-01-26")
BINDING: dict[str, tuple[Rows, Callable[[Allocation], bool | np.bool_]]] = {
    "lots for each line": (
        [rule("line", None, "round to", 5000, "money")],
        lambda best: in_lots_of(5000, best),
    ),
    "a ratio of channels": (
        [rule("channel", "TV", "ratio to another line", 2, "Video")],
        lambda best: np.isclose(money(best, "channel", "TV"), 2 * money(best, "channel", "Video")),
    ),
    "a ratio of roles": (
        [rule("role", "brand", "ratio to another line", 1.5, "prospecting")],
        lambda best: np.isclose(
            money(best, "role", "brand"), 1.5 * money(best, "role", "prospecting")
        ),
    ),
    "a cap for some weeks": (
        [{**rule("channel", "TV", "max spend", 100_000, "money"), **JANUARY}],
        lambda best: money(best, "channel", "TV", *WEEKS) <= 100_000 + SURE * best.budget,
    ),
    "a floor for some weeks": (
        [{**rule("channel", "Display", "min spend", 90_000, "money"), **JANUARY}],
        lambda best: money(best, "channel", "Display", *WEEKS) >= 90_000 - SURE * best.budget,
    ),
    "a cap on a region": (
        [rule("region", "North", "max spend", 1_300_000, "money")],
        lambda best: money(best, "region", "North") <= 1_300_000 + SURE * best.budget,
    ),
    "a cap on a campaign type": (
        [rule("campaign_type", "Awareness", "max share", 10, "%")],
        lambda best: share(best, "campaign_type", "Awareness") <= 0.10 + SURE,
    ),
    "a cap on an attribute": (
        [rule("agency", "Kite Media", "max share", 0.4, "share")],
        lambda best: share(best, "agency", "Kite Media") <= 0.4 + SURE,
    ),
    "off, or at least so much": (
        [rule("channel", "Display", "minimum if on", 250_000, "money")],
        lambda best: not 1.0 < money(best, "channel", "Display") < 249_999.0,
    ),
    "the whole move": (
        [rule("total", None, "max total shift %", 5, "%")],
        lambda best: (
            np.abs(best.recommended.totals - best.plan.totals).sum()
            <= (0.05 + SURE) * best.plan.totals.sum()
        ),
    ),
    "many at once": (
        [
            rule("channel", None, "max shift %", 30, "%"),
            rule("line", None, "round to", 1000, "money"),
            rule("role", "brand", "min share", 34, "%"),
            rule("total", None, "max total shift %", 20, "%"),
            rule("channel", "TV", "ratio to another line", 4, "Video"),
        ],
        lambda best: (
            np.isclose(money(best, "channel", "TV"), 4 * money(best, "channel", "Video"))
            and share(best, "role", "brand") >= 0.34 - SURE
            and in_lots_of(1000, best)
        ),
    ),
}


@pytest.mark.parametrize("case", BINDING)
def test_the_recommended_plan_keeps_the_rule_with_a_proof(
    case: str, model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    rows, kept = BINDING[case]
    best = xb.optimize(model, sample_frames["plan"], guardrails=table(*rows))
    assert kept(best)
    assert 0 <= best.gap <= 1e-3


def test_rules_that_route_or_sleep_do_not_bind(
    model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    plan = sample_frames["plan"]
    asked = table(
        rule("channel", None, "approve shift above %", 10, "%"),
        rule("role", "brand", "approve any cut"),
        rule("total", None, "approve any change"),
        {**rule("channel", "TV", "lock"), "active": "no"},
    )
    free, routed = xb.optimize(model, plan), xb.optimize(model, plan, guardrails=asked)
    np.testing.assert_array_equal(free.recommended.totals, routed.recommended.totals)


CLASHES: dict[str, tuple[Rows, set[str]]] = {
    "floor above cap": (
        [
            rule("channel", "TV", "min spend", 900_000, "money"),
            rule("channel", "TV", "max spend", 100_000, "money"),
        ],
        {"G1", "G2"},
    ),
    "two shares above the whole": (
        [
            rule("agency", "Kite Media", "min share", 90, "%"),
            rule("lifecycle_stage", "awareness", "min share", 30, "%"),
        ],
        {"G1", "G2", "budget"},
    ),
    "two locks and a ratio": (
        [
            rule("channel", "TV", "lock"),
            rule("channel", "Video", "lock"),
            rule("channel", "TV", "ratio to another line", 2, "Video"),
        ],
        {"G1", "G2", "G3"},
    ),
    "a floor that no shift allows": (
        [
            rule("channel", "TV", "max shift %", 10, "%"),
            rule("channel", "TV", "min spend", 1_500_000, "money"),
        ],
        {"G1", "G2"},
    ),
    "floor above cap in the same weeks": (
        [
            {**rule("channel", "TV", "min spend", 500_000, "money"), **JANUARY},
            {**rule("channel", "TV", "max spend", 100_000, "money"), **JANUARY},
        ],
        {"G1", "G2"},
    ),
    "a lock that is no whole lot": (
        [
            rule("channel", "TV", "lock"),
            rule("channel", "TV", "round to", 5000, "money"),
        ],
        {"G1", "G2"},
    ),
}


@pytest.mark.parametrize("case", CLASHES)
def test_rules_that_clash_are_all_named(
    case: str, model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    rows, named = CLASHES[case]
    with pytest.raises(ConflictingGuardrails) as refused:
        xb.optimize(model, sample_frames["plan"], guardrails=table(*rows))
    assert set(refused.value.rules) == named
    assert refused.value.way_out


ALONE = {
    "Guardrails: G1 (min share, ": rule("channel", "", "min share", 60, "%"),
    "8 adds up to 480 %": rule("channel", "", "min share", 60, "%"),
    "leaves 60 % of the budget without a place": rule("channel", "", "max share", 5, "%"),
    "one lot of 10,000,000 is more than the budget": rule("channel", "", "round to", 1e7, "money"),
}


@pytest.mark.parametrize("said", ALONE)
def test_a_single_rule_that_cannot_hold_says_why(
    said: str, model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    with pytest.raises(ConflictingGuardrails) as refused:
        xb.optimize(model, sample_frames["plan"], guardrails=table(ALONE[said]))
    assert said in str(refused.value)
    assert "cannot both hold" in str(refused.value)  # the budget is the other one


def test_a_conflict_of_one_names_it_alone() -> None:
    alone = ConflictingGuardrails(["G3"], "lower it", ["G3 (min spend TV, Guardrails!E7)"], "why")
    assert str(alone) == (
        "Guardrails: G3 (min spend TV, Guardrails!E7) cannot hold by itself: why; "
        "cheapest: lower it"
    )


def test_a_plan_of_nothing_with_a_budget_or_a_floor_is_no_conflict(
    model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    nothing = sample_frames["plan"].assign(planned_spend=0.0)
    whole = xb.optimize(model, nothing, budget=1_000_000.0)
    assert whole.table["recommended"].sum() == pytest.approx(1_000_000.0)
    floor = table(rule("channel", "TV", "min spend", 500_000, "money"))
    best = xb.optimize(model, nothing, aim="profit", guardrails=floor).table
    assert best.set_index("line")["recommended"]["TV"] >= 500_000 - 1
