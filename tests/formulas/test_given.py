"""What a caller gives is read the same way, however a host spells emptiness and errors."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from xlbudget.data.raw import ErrorCell
from xlbudget.errors import BadArgument
from xlbudget.findings import Place
from xlbudget.formulas.cells import plain, serial
from xlbudget.formulas.given import ErrorInCell, Range, is_empty, one_cell, table_of

HEADER = ["week", "channel", "spend"]


@pytest.mark.parametrize(
    "given", [None, "", " ", [], [[]], [[None]], [["", None], [None, ""]], ((),), np.array([[""]])]
)
def test_nothing_given_is_the_default(given: Any) -> None:
    assert is_empty(given)
    assert one_cell("aim", given) is None


@pytest.mark.parametrize("given", [0, False, "x", [[0]], [[None], [1]]])
def test_something_given_is_not_empty(given: Any) -> None:
    assert not is_empty(given)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (3, 3.0),
        (np.float64(2.5), 2.5),
        (Decimal("4.25"), 4.25),
        (float("nan"), None),
        ("", None),
        ("TV", "TV"),
        ("#REF!", ErrorCell("#REF!")),
        (True, True),
        (np.datetime64("2026-01-05"), dt.date(2026, 1, 5)),
    ],
)
def test_a_cell_of_any_host_becomes_a_plain_one(cell: Any, expected: Any) -> None:
    assert plain(cell) == expected


def test_a_day_is_the_number_that_a_sheet_keeps_for_it() -> None:
    assert serial(np.datetime64("2026-01-05")) == 46027


def test_an_error_given_for_one_cell_stays_that_error() -> None:
    with pytest.raises(ErrorInCell, match="spend is #DIV/0!") as raised:
        one_cell("spend", [["#DIV/0!"]])
    assert raised.value.cell_error == "#DIV/0!"


def test_a_range_where_one_cell_is_meant_is_refused() -> None:
    with pytest.raises(BadArgument, match="line is a range; give one cell"):
        one_cell("line", [["TV"], ["Video"]])


def test_the_empty_rows_at_the_end_of_a_range_are_dropped() -> None:
    raw = table_of("spend", [HEADER, [46027, "TV", 5], [None, "", None], [None] * 3], "spend")
    assert raw is not None
    assert raw.rows == 1


def test_a_table_without_a_header_is_refused() -> None:
    with pytest.raises(BadArgument, match="plan has no header row"):
        table_of("plan", [[46027, 3], [46034, 5]], "plan")


def test_an_empty_cell_that_arrives_as_0_is_no_table() -> None:
    assert table_of("guardrails", [[0]], "guardrails") is None


def test_a_place_is_named_as_counted_in_the_range() -> None:
    raw = table_of("spend", [HEADER, [46027, "TV", 5]], "spend")
    assert raw is not None
    assert raw.locate(Place("Spend", 0, "spend")) == "spend, row 2, column spend"


@pytest.mark.parametrize(("sheet", "spelled"), [("Spend", "Spend!"), ("My data", "'My data'!")])
def test_a_place_is_named_by_its_address_where_the_host_knows_it(sheet: str, spelled: str) -> None:
    given = Range([HEADER, [46027, "TV", 5]], sheet, row=16, column=26)
    raw = table_of("spend", given, "spend")
    assert raw is not None
    assert raw.locate(Place("Spend", 0, "channel")) == f"{spelled}AA17"


def test_an_error_in_the_header_is_named() -> None:
    with pytest.raises(ErrorInCell, match="spend, row 1, column 2 is #NAME"):
        table_of("spend", [["week", "#NAME?"], [46027, 1]], "spend")
