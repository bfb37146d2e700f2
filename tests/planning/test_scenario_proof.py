"""The test that question six proposes finds the effect as often as it says."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.questions.places import shift_and_test
from xlbudget.planning.questions.proof import LONGEST, Proof, proof_of, weekly_noise
from xlbudget.response.model import ResponseModel


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


def quieter(model: ResponseModel, factor: float) -> ResponseModel:
    """The same effects under so many times the weekly noise."""
    background = replace(model.background, noise=factor * model.background.noise)
    return replace(model, background=background)


@pytest.mark.parametrize("share", [0.15, 1.0])
def test_the_test_finds_the_effect_four_times_in_five(
    sample_model: ResponseModel, plan: Plan, share: float
) -> None:
    model = quieter(sample_model, 0.02)
    proof = proof_of(model, plan, "TV", "Brand Search", share)
    assert proof.weeks > 0
    spread = weekly_noise(model) * np.sqrt(proof.weeks)
    random = np.random.default_rng(1)
    measured = proof.difference + spread * random.standard_normal(20_000)
    limit = NormalDist().inv_cdf((1.0 + plan.data.settings.confidence) / 2.0) * spread
    assert (abs(measured) > limit).mean() >= 0.79


def test_a_shift_too_small_to_be_seen_is_enlarged(sample_model: ResponseModel, plan: Plan) -> None:
    asked, larger = (proof_of(sample_model, plan, "TV", "Brand Search", s) for s in (0.01, 0.15))
    assert asked.asked > larger.asked
    for proof in (asked, larger):
        assert proof.weeks <= LONGEST
        assert (proof.share is None) == bool(proof.without or not proof.weeks)


def test_where_no_shift_shows_the_less_certain_channel_is_left_out(
    sample_model: ResponseModel, plan: Plan
) -> None:
    proof = proof_of(sample_model, plan, "TV", "TV", 0.15)
    assert proof.asked > 1e6
    assert proof.without == "TV"
    assert 0 < proof.weeks <= LONGEST
    assert proof.difference < 0
    assert f"after {proof.weeks:,.0f} weeks" in proof.told()


def test_less_noise_takes_fewer_weeks(sample_model: ResponseModel, plan: Plan) -> None:
    weeks = [
        proof_of(quieter(sample_model, factor), plan, "TV", "Paid Social", 0.15).asked
        for factor in (0.1, 1.0, 3.0)
    ]
    assert weeks == sorted(weeks)
    assert weeks[1] == pytest.approx(weeks[2] / 9.0, rel=0.05)


def test_the_sentence_tells_the_test(sample_model: ResponseModel, plan: Plan) -> None:
    answer = shift_and_test(quieter(sample_model, 0.1), plan, "TV", "Brand Search", 0.1)
    figures = answer.figures
    assert f"after {figures['weeks_to_test']:,.0f} weeks" in answer.sentence
    assert f"{figures['difference']:+,.0f}" in answer.sentence


def test_nothing_expected_is_never_shown() -> None:
    told = Proof(np.inf).told()
    assert "no test of the market's halves within half a year would show so little" in told
    assert "inf" not in told


@pytest.mark.parametrize("weeks", [27.0, 443.0, np.inf])
def test_a_test_that_nobody_would_wait_for_is_not_proposed(weeks: float) -> None:
    for proof in (Proof(weeks), Proof(weeks, 0.5, "", 15.0, -100.0)):
        assert "no test of the market's halves within half a year" in proof.told()
        assert f"{weeks:,.0f} weeks" not in proof.told()
