"""What a workbook ships with asks for nothing that the current plan breaks."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.defaults import guardrails, role_shares

CHANNELS: dict[str, list[Any]] = {
    "channel": ["A", "B", "C"],
    "role": ["brand", "harvest", "prospecting"],
}


def floors(*spend: float) -> dict[str, tuple[float, str, str]]:
    """Value, active and reason of each shipped floor, by the role it is about."""
    plan: dict[str, list[Any]] = {"Channel": ["a", "B", "C"], "Planned Spend": list(spend)}
    rows = guardrails({"brand", "harvest", "prospecting"}, role_shares(CHANNELS, plan))
    columns = (rows[name] for name in ("rule", "name", "value", "active", "reason"))
    return {
        name: (value, active, reason)
        for rule, name, value, active, reason in zip(*columns, strict=True)
        if rule == "min share"
    }


def test_a_floor_stays_below_what_is_planned_and_says_so() -> None:
    value, active, reason = floors(4.0, 90.0, 6.0)["brand"]
    assert (value, active) == (3.0, "yes")
    assert "80 % of the 4.0 % planned" in reason


def test_a_plan_with_room_keeps_the_floors() -> None:
    assert {value for value, _, _ in floors(30.0, 40.0, 30.0).values()} == {10.0}


def test_a_floor_of_nothing_is_not_active() -> None:
    assert floors(0.0, 1.0, 1.0)["brand"][:2] == (0.0, "no")


@pytest.mark.parametrize("plan", [None, {"channel": ["A"], "planned_spend": [None]}])
def test_without_a_plan_the_floors_are_the_usual_ones(plan: dict[str, list[object]] | None) -> None:
    assert role_shares(CHANNELS, plan) is None
