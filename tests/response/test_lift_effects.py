"""A lift test's effect is shown before and after; one that contradicts history is flagged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.archive import from_bytes, to_bytes
from xlbudget.response.attribution import attribution
from xlbudget.response.beliefs import belief_of
from xlbudget.response.fit import fit
from xlbudget.response.lift_tests import lifts
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Kinds, draw_market

NAMES = ("spend", "outcomes", "controls", "channels", "experiments", "settings")


@pytest.fixture(scope="module")
def data() -> Dataset:
    """A market whose history knows its first line well."""
    frames = draw_market(401, channels=8, weeks=104, kinds=Kinds(tests=2)).frames()
    return Dataset.from_frames(**{name: frames[name] for name in NAMES})


def measured(data: Dataset, times: float) -> Dataset:
    """The same data, had the first test measured `times` as much."""
    first, *rest = data.experiments
    first = replace(first, incremental_outcome=first.incremental_outcome * times)
    return replace(data, experiments=(first, *rest))


@pytest.fixture(scope="module")
def model(data: Dataset) -> ResponseModel:
    return fit(data, draws=300)


def test_a_sound_test_narrows_its_line_and_agrees(model: ResponseModel) -> None:
    tests = model.diagnostics.tests
    assert tests is not None
    assert list(tests.table["verdict"]) == ["agrees", "agrees"]
    before, after = (
        (tests.roi_before_high - tests.roi_before_low).sum(),
        (tests.roi_after_high - tests.roi_after_low).sum(),
    )
    assert after < before
    table = model.contribution()
    at = table.line.index(tests.channel[0])
    assert tests.roi_after[0] == pytest.approx(table.roi[at])
    assert "moved the ROI of Channel 1 from" in " ".join(model.diagnostics.sentences)


def test_what_history_says_does_not_depend_on_what_the_test_measured(
    data: Dataset, model: ResponseModel
) -> None:
    other = fit(measured(data, 3.0), draws=300).diagnostics.tests
    same = model.diagnostics.tests
    assert other is not None
    assert same is not None
    width = same.history_high - same.history_low
    assert (np.abs(other.history - same.history) < 0.25 * width).all()


@pytest.mark.parametrize("times", [4.0, -1.0])
def test_a_test_that_contradicts_history_is_flagged(data: Dataset, times: float) -> None:
    diagnostics = fit(measured(data, times), draws=300).diagnostics
    assert diagnostics.tests is not None
    assert list(diagnostics.tests.table["verdict"]) == ["conflict", "agrees"]
    assert diagnostics.verdict == "look"
    said = " ".join(diagnostics.reasons)
    assert set(diagnostics.reasons) < set(diagnostics.sentences)
    assert "Test Test 1 measured" in said
    assert "they contradict each other" in said


def test_lifts_are_what_a_precise_test_measured(data: Dataset) -> None:
    exact = replace(data.experiments[0], standard_error=1e-3 * data.experiments[0].standard_error)
    fitted = fit(replace(data, experiments=(exact,)), draws=200, check=False)
    lift = lifts(fitted.data, fitted.effects)[exact.id]
    assert lift == pytest.approx(exact.incremental_outcome, rel=0.01)


def test_without_tests_nothing_is_compared(data: Dataset) -> None:
    assert fit(replace(data, experiments=()), draws=100).diagnostics.tests is None


def test_a_stored_model_keeps_its_tests(model: ResponseModel) -> None:
    again = from_bytes(to_bytes(model)).diagnostics
    assert again.sentences == model.diagnostics.sentences
    tests = model.diagnostics.tests
    assert again.tests is not None
    assert tests is not None
    assert again.tests.table.equals(tests.table)


def claiming(model: ResponseModel, times: dict[str, float]) -> ResponseModel:
    """The same model beside platforms that claim so many times what it says of these lines."""
    claim = np.full(model.data.spend.shape, np.nan)
    for medium, facts in enumerate(model.data.media):
        if facts.channel in times:
            claim[..., medium] = model.past_effects_mean()[..., medium] * times[facts.channel]
    return replace(model, data=replace(model.data, attributed=claim))


def test_platforms_are_shown_beside_the_model_and_move_nothing(model: ResponseModel) -> None:
    said = attribution(claiming(model, {"Channel 1": 1.0, "Channel 2": 8.0}))
    table = said.table.set_index("line")
    assert list(table.index) == ["Channel 1", "Channel 2"]
    assert table.loc["Channel 1", "ratio"] == pytest.approx(1.0, rel=1e-6)
    assert table.loc["Channel 1", "words"] == "as the model expects"
    assert table.loc["Channel 2", "words"].startswith("8 times what the model expects: more than")
    (sentence,) = said.sentences
    assert "Channel 2" in sentence
    assert "Channel 1" not in sentence
    assert attribution(model).table.empty


def test_only_the_weeks_that_a_platform_covers_are_compared(model: ResponseModel) -> None:
    late = claiming(model, {"Channel 1": 1.0})
    assert late.data.attributed is not None
    late.data.attributed[:60] = 0.0
    said = attribution(late)
    assert said.model[0] == pytest.approx(said.platform[0], rel=1e-6)
    assert said.model[0] < model.contribution().contribution[0]


def test_a_claim_points_in_a_direction_only(model: ResponseModel) -> None:
    little, lots = (
        claiming(model, {"Channel 1": times, "Channel 2": 0.0}).data for times in (0.01, 50.0)
    )
    first, second, third = model.data.media[:3]
    plain = belief_of(model.data, first)
    assert belief_of(lots, first) == belief_of(little, first)
    assert belief_of(lots, first).no_effect < plain.no_effect < belief_of(lots, second).no_effect
    assert belief_of(lots, third) == belief_of(model.data, third)
