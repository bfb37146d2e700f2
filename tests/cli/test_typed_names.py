"""Names and choices that a person types: capitals and blanks do not matter, typing errors do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command

pytestmark = pytest.mark.usefixtures("shared_store")


@pytest.mark.parametrize("typed", ["tv", " TV "])
def test_a_line_is_found_in_any_capitals(xlbudget: Command, sample_book: Path, typed: str) -> None:
    exact = xlbudget("marginal-roi", sample_book, "--line", "TV")
    assert exact.code == 0
    assert xlbudget("marginal-roi", sample_book, "--line", typed).out == exact.out
    assert xlbudget("response", sample_book, "--line", typed, "--spend", "5000").code == 0


def test_spend_by_line_is_matched_the_same_way(xlbudget: Command, sample_book: Path) -> None:
    words = ("marginal-roi", sample_book, "--line", "TV", "--spend")
    assert xlbudget(*words, "tv=5000").out == xlbudget(*words, "TV=5000").out
    assert xlbudget(*words, "tv=5000").out != xlbudget(*words, "tv=9000").out


def test_choices_are_taken_in_any_capitals(xlbudget: Command, sample_book: Path) -> None:
    assert xlbudget("optimum", sample_book, "--risk", "SURE", "--aim", "Profit").code == 0


def test_a_misspelled_line_is_answered_with_the_closest(
    xlbudget: Command, sample_book: Path
) -> None:
    done = xlbudget("curve", sample_book, "--line", "Vidoe")
    assert done.code == 2
    assert "did you mean 'Video'?" in done.err


def test_half_a_point_of_a_curve_is_no_count(xlbudget: Command, sample_book: Path) -> None:
    done = xlbudget("curve", sample_book, "--line", "TV", "--points", "5.5")
    assert done.code == 2
    assert "points is 5.5" in done.err


@pytest.mark.parametrize(
    "words", [("plan", "-o", "plan.xlsx", "--budget"), ("optimize", "--budget")]
)
def test_a_budget_that_could_be_two_is_refused(
    xlbudget: Command, sample_book: Path, words: tuple[str, ...]
) -> None:
    done = xlbudget(words[0], sample_book, *words[1:], "250.000")
    assert done.code == 2
    assert "'250.000'" in done.err
    assert "without a sign between thousands" in done.err
