"""A proposal explains itself in figures that are the allocation's own."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.columns import read_columns
from xlbudget.data.frames import raw_table
from xlbudget.governance.approvals import Status
from xlbudget.governance.explanation import WHOLE
from xlbudget.governance.ground import UNMOVED
from xlbudget.governance.proposal import Proposal, propose
from xlbudget.governance.words import rough
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.rules import Guardrail, Rule
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Market
from xlbudget.tables import LEDGER

STEPS: list[tuple[float, str]] = []


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


@pytest.fixture(scope="module")
def proposal(
    sample_model: ResponseModel, plan: Plan, sample_frames: dict[str, pd.DataFrame]
) -> Proposal:
    rules, _ = read_guardrails(sample_model.data, sample_frames["guardrails"])
    ledger, _ = read_columns(raw_table("ledger", sample_frames["ledger"]), LEDGER)
    return propose(
        sample_model, plan, rules, ledger=ledger, progress=lambda *step: STEPS.append(step)
    )


def test_nothing_that_is_proposed_is_blocked(proposal: Proposal) -> None:
    assert not proposal.approvals.of(Status.BLOCKED)
    assert proposal.recommended.totals.sum() == pytest.approx(proposal.plan.totals.sum())


def test_every_change_above_ten_percent_needs_the_vp(proposal: Proposal) -> None:
    shares = proposal.allocation.table.set_index("line")["change_pct"]
    for approval in proposal.approvals.lines:
        if abs(shares[approval.line]) > 0.1001:
            assert approval.status is Status.NEEDS_APPROVAL
            assert "VP Marketing" in approval.approvers


def test_the_gains_of_the_lines_add_up_to_the_gain(proposal: Proposal) -> None:
    gain = proposal.explanation.gain
    assert gain[0] == pytest.approx(gain[1:].sum())
    assert gain[0] == pytest.approx(proposal.allocation.gain)


def test_there_is_a_paragraph_for_the_plan_and_one_for_each_line(proposal: Proposal) -> None:
    table = proposal.explanation.table
    assert list(table) == ["line", "why", "confidence"]
    assert list(table["line"]) == [WHOLE, *proposal.model.data.line_names]
    assert table["why"].str.len().between(60, 900).all()


def test_a_paragraph_tells_the_allocations_own_figures(proposal: Proposal) -> None:
    table = proposal.allocation.table.set_index("line")
    why = dict(zip(proposal.explanation.line, proposal.explanation.why, strict=True))
    for line, row in table.iterrows():
        text = why[str(line)]
        assert f"{row['current']:,.0f}" in text
        if abs(row["change"]) > UNMOVED * proposal.allocation.plan.totals.sum():
            assert f"{row['recommended']:,.0f}" in text
            assert rough(abs(row["gain"])) in text
            assert ("rises" if row["change"] > 0 else "falls") in text
        else:
            assert "stays" in text
    assert "lift test LT-1" in why["Paid Social"]
    assert "Rule G7 (lock Creators) holds it" in why["Creators"]


JARGON = ("posterior", "prior", "marginal", "adstock", "saturation", "elasticity", "R-hat", "nan")


def test_nobody_needs_a_dictionary(proposal: Proposal) -> None:
    for text in (*proposal.explanation.why, *proposal.summary()):
        for word in JARGON:
            assert not re.search(rf"\b{word}\b", text, re.IGNORECASE), text


def test_the_summary_is_at_most_ten_sentences_and_says_what_matters(proposal: Proposal) -> None:
    summary = proposal.summary()
    assert 5 <= len(summary) <= 10
    text = " ".join(summary)
    allocation = proposal.allocation
    assert rough(allocation.gain) in text
    must = "must" if allocation.verdict.startswith("move:") else "would have to"
    assert f"VP Marketing {must} approve" in text
    assert rough(proposal.forecast_recommended.total) in text
    assert "Look first at" in text
    word, _, why = allocation.verdict.partition(": ")
    assert summary[0].startswith(word.capitalize())
    assert f": {why}." in summary[0]


def test_the_ledgers_three_slips_are_found(proposal: Proposal, sample_market: Market) -> None:
    books = proposal.reconciliation
    assert books is not None
    wrong = books.table[books.table["status"] != "agrees"]
    found = set(zip(wrong["month"].astype(str).str[:7], wrong["channel"], strict=True))
    assert found == {(p.month, p.channel) for p in sample_market.truth.ledger_differences}


def test_forecasts_curves_and_returns_belong_to_the_two_plans(proposal: Proposal) -> None:
    assert len(proposal.curves) == len(proposal.model.data.lines)
    np.testing.assert_allclose(proposal.returns.spend, proposal.plan.totals / 13)
    more = proposal.forecast_recommended.plan_draws - proposal.forecast_current.plan_draws
    assert more.sum(axis=1).mean() == pytest.approx(proposal.allocation.gain, rel=1e-6)


def test_progress_rises(proposal: Proposal) -> None:
    shares = [share for share, _ in STEPS]
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] <= 1


def test_another_budget_is_said(sample_model: ResponseModel, plan: Plan) -> None:
    budget = 0.9 * float(plan.totals.sum())
    cut = propose(sample_model, plan, budget=budget)
    assert cut.reconciliation is None
    assert cut.summary()[1].startswith(f"With {rough(budget, 'EUR')} instead of")


@pytest.mark.parametrize("verdict", ["hold: the gain is inside the noise", "move in part: why"])
def test_only_a_move_reads_like_advice_to_move(proposal: Proposal, verdict: str) -> None:
    unsure = replace(proposal, allocation=replace(proposal.allocation, verdict=verdict))
    first, second, *rest = unsure.summary()
    assert first in (
        "Hold the current plan: the gain is inside the noise.",
        "Move in part: why.",
    )
    assert "the split that is best on average would move" in second
    assert not any("That brings" in text or "must approve" in text for text in rest)


def test_what_rules_the_current_split_out_is_named(sample_model: ResponseModel, plan: Plan) -> None:
    share = 1.2 * plan.totals[0] / plan.totals.sum()
    line = sample_model.data.line_names[0]
    floor = Guardrail("F1", "line", line, Rule.MIN_SHARE, float(share))
    forced = propose(sample_model, plan, (floor,))
    assert f"not allowed by F1 (min share {line})" in forced.summary()[0]
