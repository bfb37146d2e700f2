"""What leaves a formula is what every host can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from xlbudget.data.raw import ErrorCell
from xlbudget.formulas.answers import Answer
from xlbudget.tabular import Columns, Tabular


@dataclass(frozen=True)
class Result(Tabular):
    values: dict[str, Any]

    def columns(self) -> Columns:
        return self.values


def test_a_table_comes_with_its_header_and_plain_cells() -> None:
    days = np.array(["2026-01-05", "NaT"], dtype="datetime64[D]")
    result = Result({"week": days, "n": np.array([1.5, np.nan]), "ok": np.array([True, False])})
    assert Answer.table(result).grid == (
        ("week", "n", "ok"),
        (46027.0, 1.5, True),
        (ErrorCell("#N/A"), ErrorCell("#N/A"), False),
    )


def test_an_infinite_number_is_an_error() -> None:
    assert Answer.one(np.inf).value == ErrorCell("#NUM!")


def test_a_long_text_takes_several_rows_and_the_others_repeat() -> None:
    text = " ".join(["because"] * 60)
    answer = Answer.table(Result({"line": ["TV"], "why": [text], "confidence": [0.9]}))
    below = answer.grid[1:]
    assert [row[0] for row in below] == ["TV", "TV"]
    assert [row[2] for row in below] == [0.9, 0.9]
    assert " ".join(str(row[1]) for row in below) == text == answer.column("why")[0]
    assert all(len(str(cell)) <= 255 for row in answer.grid for cell in row)


def test_a_long_text_breaks_between_sentences_where_it_can() -> None:
    sentences = ["TV rises.", "It has room " * 15 + "here.", "So it is. " * 12 + "Done."]
    answer = Answer.table(Result({"why": [" ".join(sentences)]}))
    assert all(str(row[0]).endswith(".") for row in answer.grid[1:])
    assert " ".join(str(row[0]) for row in answer.grid[1:]) == " ".join(sentences)


@pytest.mark.parametrize("width", [2, 6])
def test_a_table_that_fails_says_why_in_its_corner(width: int) -> None:
    grid = Answer.failure("#NUM!", "they cannot all hold", width).grid
    assert grid[0][0] == "BUDGET: they cannot all hold"
    assert {cell for row in grid for cell in row[1:]} == {ErrorCell("#NUM!")}
    assert grid[1][0] == ErrorCell("#NUM!")


def test_a_number_that_fails_is_the_error_alone() -> None:
    assert Answer.failure("#N/A", "no such line", 1, said=False).grid == ((ErrorCell("#N/A"),),)


def test_a_message_is_cut_to_what_a_cell_takes() -> None:
    assert len(str(Answer.failure("#VALUE!", "x " * 400, 3).value)) <= 255
