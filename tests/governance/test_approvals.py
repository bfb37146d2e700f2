"""The Guardrails table alone decides whose yes a change needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.errors import BadArgument
from xlbudget.governance.approval_tables import approvals_of_tables
from xlbudget.governance.approvals import Approval, Approvals, Status, approvals
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.rules import Guardrail, Rule

VP = "VP Marketing"


@pytest.fixture(scope="module")
def plan(sample_data: Dataset, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_data, sample_frames["plan"])[0]


@pytest.fixture(scope="module")
def rules(sample_data: Dataset, sample_frames: dict[str, pd.DataFrame]) -> tuple[Guardrail, ...]:
    found, findings = read_guardrails(sample_data, sample_frames["guardrails"])
    assert findings == ()
    return found


def moved(plan: Plan, shares: Mapping[str, float]) -> np.ndarray:
    return np.array(
        [
            money * (1.0 + shares.get(line, 0.0))
            for line, money in zip(plan.data.line_names, plan.totals, strict=True)
        ]
    )


def of(result: Approvals, line: str) -> Approval:
    return next(approval for approval in result.lines if approval.line == line)


def judged(plan: Plan, shares: Mapping[str, float], *rules: Guardrail) -> Approvals:
    return approvals(plan.data, plan, moved(plan, shares), rules)


def test_no_change_is_automatic_everywhere(plan: Plan, rules: tuple[Guardrail, ...]) -> None:
    result = approvals(plan.data, plan, plan, rules)
    assert result.of(Status.AUTOMATIC) == result.lines
    assert list(result.table) == ["line", "change", "status", "rule", "approver"]
    assert (result.table["change"] == 0).all()


def test_the_shipped_rules_route_to_the_vp(plan: Plan, rules: tuple[Guardrail, ...]) -> None:
    result = judged(plan, {"Video": 0.12, "TV": -0.01, "Display": -0.08, "Email": 0.09}, *rules)
    video, tv = of(result, "Video"), of(result, "TV")
    assert (video.status, video.approvers, video.rules) == (Status.NEEDS_APPROVAL, (VP,), ("G1",))
    assert tv.rules == ("G2", "G3")  # a cut to brand; South is in launch
    assert "South, which is in launch" in tv.rule
    assert of(result, "Display").status is Status.AUTOMATIC  # does not run in South, 8 %
    assert of(result, "Brand Search").status is Status.AUTOMATIC  # unchanged


def test_a_shift_of_exactly_the_limit_needs_nobody(plan: Plan) -> None:
    rule = Guardrail("A", "channel", "", Rule.APPROVE_SHIFT, 0.10, approver=VP)
    result = judged(plan, {"Video": 0.10, "Display": -0.1001}, rule)
    assert of(result, "Video").status is Status.AUTOMATIC
    assert of(result, "Display").status is Status.NEEDS_APPROVAL


def test_a_raise_is_no_cut(plan: Plan) -> None:
    rule = Guardrail("A", "role", "brand", Rule.APPROVE_CUT, approver=VP)
    result = judged(plan, {"TV": 0.5, "Video": -0.01, "Display": -0.5}, rule)
    assert [line.line for line in result.of(Status.NEEDS_APPROVAL)] == ["Video"]


@pytest.mark.parametrize(
    ("rule", "shares", "blocked"),
    [
        (("channel", "Email", Rule.LOCK, None), {"Email": 0.01}, ["Email"]),
        (("channel", "Email", Rule.MAX_SPEND, 50_000.0), {"Email": 0.2}, ["Email"]),
        (("channel", "Email", Rule.MIN_SPEND, 49_000.0), {"Email": -0.2}, ["Email"]),
        (("channel", "", Rule.MAX_SHIFT, 0.2), {"Email": 0.21, "TV": -0.2}, ["Email"]),
        (("role", "brand", Rule.MIN_SHARE, 0.35), {"TV": -0.2, "Video": 0.1}, ["TV"]),
        (("role", "brand", Rule.MAX_SHARE, 0.38), {"TV": 0.2, "Video": -0.1}, ["TV"]),
        (("total", "", Rule.MAX_TOTAL_SHIFT, 0.05), {"TV": -0.1, "Video": 0.4}, ["TV", "Video"]),
        (("channel", "Email", Rule.MINIMUM_IF_ON, 40_000.0), {"Email": -0.5}, ["Email"]),
        (("line", "Email", Rule.ROUND_TO, 1000.0), {}, ["Email"]),
    ],
)
def test_a_proposal_that_breaks_a_binding_rule_is_blocked(
    plan: Plan,
    rule: tuple[str, str, Rule, float | None],
    shares: Mapping[str, float],
    blocked: list[str],
) -> None:
    result = judged(plan, shares, Guardrail("B", *rule))
    assert [line.line for line in result.of(Status.BLOCKED)] == blocked
    assert all(line.rule.startswith("B: ") for line in result.of(Status.BLOCKED))


def test_a_ratio_is_held_between_two_lines(plan: Plan) -> None:
    money = dict(zip(plan.data.line_names, plan.totals, strict=True))
    times = money["Video"] / money["TV"]
    rule = Guardrail("R", "channel", "Video", Rule.RATIO, times, other="TV")
    assert not judged(plan, {"TV": 0.1, "Video": 0.1}, rule).of(Status.BLOCKED)
    assert of(judged(plan, {"TV": 0.1}, rule), "Video").status is Status.BLOCKED


def test_blocked_comes_before_needs_approval(plan: Plan) -> None:
    ask = Guardrail("A", "channel", "", Rule.APPROVE_CHANGE, approver=VP)
    lock = Guardrail("B", "channel", "TV", Rule.LOCK)
    result = judged(plan, {"TV": 0.1}, ask, lock)
    assert of(result, "TV").status is Status.BLOCKED
    assert of(result, "TV").approvers == ()


def test_a_rule_outside_the_horizon_asks_nothing(plan: Plan) -> None:
    rule = Guardrail("A", "channel", "", Rule.APPROVE_CHANGE, approver=VP)
    later = replace(rule, start=np.datetime64("2026-07-01"))
    assert not judged(plan, {"TV": 0.1}, later).of(Status.NEEDS_APPROVAL)
    overlapping = replace(rule, end=np.datetime64("2026-01-01"))
    assert judged(plan, {"TV": 0.1}, overlapping).of(Status.NEEDS_APPROVAL)


def test_units_of_money_do_not_matter(plan: Plan, rules: tuple[Guardrail, ...]) -> None:
    routing = [rule for rule in rules if not rule.rule.binds]
    small = Plan(plan.data, plan.spend / 1e6)
    shares = {"Video": 0.12, "TV": -0.01, "Display": -0.08}
    assert [line.status for line in judged(plan, shares, *routing).lines] == [
        line.status for line in judged(small, shares, *routing).lines
    ]


# without a model: three tables

GUARDRAILS = pd.DataFrame(
    {
        "id": ["G1", "G2"],
        "applies_to": ["channel", "role"],
        "name": [None, "brand"],
        "rule": ["approve shift above %", "approve any cut"],
        "value": [10.0, None],
        "unit": ["%", None],
        "approver": [VP, VP],
    }
)


def test_three_tables_are_enough() -> None:
    current = pd.DataFrame(
        {"line": ["TV", "Search"], "role": ["brand", "harvest"], "spend": [100.0, 100.0]}
    )
    proposed = pd.DataFrame({"line": ["TV", "Search"], "spend": [95.0, 105.0]})
    result = approvals_of_tables(current, proposed, GUARDRAILS)
    assert (of(result, "TV").status, of(result, "TV").rules) == (Status.NEEDS_APPROVAL, ("G2",))
    assert of(result, "Search").status is Status.AUTOMATIC


def test_an_allocation_table_is_current_and_proposed_at_once() -> None:
    table = pd.DataFrame(
        {"line": ["TV | North"], "current": [100.0], "recommended": [130.0], "role": ["brand"]}
    )
    result = approvals_of_tables(table, table, GUARDRAILS)
    assert of(result, "TV | North").change == pytest.approx(30.0)
    assert of(result, "TV | North").rules == ("G1",)


def test_a_coarser_proposal_is_spread_over_the_current_plan() -> None:
    current = pd.DataFrame(
        {"channel": ["TV", "TV"], "region": ["North", "South"], "planned_spend": [60.0, 40.0]}
    )
    proposed = pd.DataFrame({"line": ["TV"], "spend": [90.0]})
    rule = pd.DataFrame(
        {
            "id": ["L"],
            "applies_to": ["region"],
            "name": ["South"],
            "rule": ["approve any change"],
            "value": [None],
            "approver": [VP],
        }
    )
    result = approvals_of_tables(current, proposed, rule)
    assert (of(result, "TV").change, of(result, "TV").rules) == (-10.0, ("L",))


def test_what_no_column_tells_goes_to_the_approver() -> None:
    current = pd.DataFrame({"line": ["TV"], "spend": [100.0]})
    proposed = pd.DataFrame({"line": ["TV"], "spend": [95.0]})
    result = approvals_of_tables(current, proposed, GUARDRAILS)
    assert of(result, "TV").approvers == (VP,)
    assert "add a column role" in of(result, "TV").rule


def test_a_line_that_is_new_or_gone_is_judged_too() -> None:
    current = pd.DataFrame({"line": ["Old"], "spend": [100.0], "role": ["other"]})
    proposed = pd.DataFrame({"line": ["New"], "spend": [100.0], "role": ["other"]})
    result = approvals_of_tables(current, proposed, GUARDRAILS)
    assert of(result, "Old").change == -100.0
    assert "starts from nothing" in of(result, "New").rule


def test_tables_without_money_or_lines_are_refused() -> None:
    table = pd.DataFrame({"line": ["TV"], "spend": [1.0]})
    with pytest.raises(BadArgument, match="proposed needs a column line"):
        approvals_of_tables(table, pd.DataFrame({"name": ["TV"]}), GUARDRAILS)
    with pytest.raises(BadArgument, match="below 0"):
        approvals_of_tables(table, table.assign(spend=-1.0), GUARDRAILS)


def test_nobody_is_blocked_where_nothing_is_spent(plan: Plan, rules: tuple[Guardrail, ...]) -> None:
    nothing = plan.scaled(np.zeros(len(plan.totals)))
    result = approvals(plan.data, nothing, nothing, rules)
    assert result.of(Status.AUTOMATIC) == result.lines
