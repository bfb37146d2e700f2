"""Cells to numbers. A column of texts is read one way throughout, or reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import MISSING_WORDS, Trouble, counted, distinct, error_text, rows_of
from xlbudget.findings import Severity
from xlbudget.tabular import Array

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_POINT = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")  # 1,234.56
_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?")  # 1.234,56
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")  # 13.585: a fraction, or thirteen thousand
_PERCENT = re.compile(r"([+-]?[\d.,]+)\s*%")
_SPACES = re.compile(r"(?<=\d)[\s'’](?=\d{3})")  # 1 234 or 1'234
_CURRENCY = re.compile(
    r"[+-]?\s*([$€£¥₹₽₩]|[A-Za-z]{1,3}\$|[A-Za-z]{3}|kr|zł)\.?\s*[+-]?\d[\d.,\s']*"
    r"|[+-]?\d[\d.,\s']*([$€£¥₹₽₩]|[A-Za-z]{3}|kr|zł)"
)
_SIGNS = frozenset("0123456789.eE+-")
_NUMERIC = frozenset({int, float, type(None)})


def read_numbers(
    values: NDArray[Any], percent: bool = False, flags: bool = False
) -> tuple[Array, list[Trouble]]:
    """Numbers (rows,), NaN where empty or in trouble.

    percent  may `90 %` stand for 0.9?
    flags    may TRUE and FALSE stand for 1 and 0?
    """
    if values.dtype.kind in "fiu":
        numbers = values.astype(np.float64)
        return _finite(numbers)
    if values.dtype.kind == "b":
        values = values.astype(object)
    if values.dtype.kind == "O" and set(map(type, values)) <= _NUMERIC:
        try:
            return _finite(values.astype(np.float64))
        except OverflowError:
            pass  # a whole number beyond every float: cell by cell below
    plain = _plain_texts(values)
    if plain is not None:
        return _finite(plain)
    return _cell_by_cell(values, percent, flags)


def _plain_texts(values: NDArray[Any]) -> Array | None:
    """The numbers of a column of nothing but texts as programs write them, `1234.5`."""
    if values.dtype.kind != "O" or not set(map(type, values)) <= {str, type(None)}:
        return None
    filled = values.astype(bool)  # neither None nor ""
    if not _SIGNS.issuperset("".join(values[filled])) or _two_ways(values[filled]):
        return None
    numbers = np.full(len(values), np.nan)
    try:
        numbers[filled] = values[filled].astype(np.float64)
    except ValueError:  # such as 1-2
        return None
    return numbers


def plain_number(text: str) -> float | None:
    """The number that a text spells as programs do, `1234.5`; None for any other text.

    `13.585` is none: in half of the world it is thirteen thousand.
    """
    bare = text.strip()
    return float(bare) if _PLAIN.fullmatch(bare) and not _GROUPED.fullmatch(bare) else None


def _two_ways(plain: Iterable[str]) -> bool:
    """Is the point in these texts as likely one between thousands: three digits after each?"""
    found = False
    for text in plain:
        if "." in text:
            if not _GROUPED.fullmatch(text):
                return False
            found = True
    return found


def is_numeric(values: NDArray[Any]) -> bool:
    """Do most of the cells that hold anything hold numbers, in whatever spelling?"""
    if values.dtype.kind in "fiub":
        return True
    if values.dtype.kind != "O":
        return False
    cells, codes = distinct(values)
    count = np.bincount(codes, minlength=len(cells))
    kinds = [_kind(cell) for cell in cells]
    good = sum(int(n) for n, kind in zip(count, kinds, strict=True) if kind == "number")
    bad = sum(int(n) for n, kind in zip(count, kinds, strict=True) if kind == "text")
    return good >= bad and (good > 0 or bad == 0)


def _kind(cell: object) -> str:
    if isinstance(cell, str):
        text = _tidy(cell)
        if text.casefold() in MISSING_WORDS:
            return "missing"
        return "number" if _looks_numeric(text) or _CURRENCY.fullmatch(text) else "text"
    if cell is None or error_text(cell) is not None:
        return "missing"
    return "number" if isinstance(cell, int | float | np.number) else "text"


def _finite(numbers: Array) -> tuple[Array, list[Trouble]]:
    endless = np.flatnonzero(np.isinf(numbers))
    if not endless.size:
        return numbers, []
    out = numbers.copy()
    out[endless] = np.nan
    return out, [_endless([int(row) for row in endless])]


def _endless(rows: list[int]) -> Trouble:
    return Trouble(
        "number-infinite", rows, "{column} is infinite", "enter a number, or leave the cell empty"
    )


def _cell_by_cell(values: NDArray[Any], percent: bool, flags: bool) -> tuple[Array, list[Trouble]]:
    cells, codes = distinct(values)
    read = np.full(len(cells), np.nan)
    texts: dict[int, str] = {}
    seen: dict[str, list[int]] = {}  # trouble -> distinct cells that have it
    for index, cell in enumerate(cells):
        if cell is None:
            continue
        if error_text(cell) is not None:
            seen.setdefault("error", []).append(index)
        elif isinstance(cell, bool | np.bool_):
            read[index] = float(cell) if flags else np.nan
            seen.setdefault("event" if flags else "flag", []).append(index)
        elif isinstance(cell, str):
            text = _tidy(cell)
            share = _PERCENT.fullmatch(text) if percent else None
            if share and _looks_numeric(share[1]):
                read[index] = float(share[1].replace(",", ".")) / 100
                seen.setdefault("percent", []).append(index)
            else:
                texts[index] = text
        elif isinstance(cell, int | float | np.number) or hasattr(cell, "as_tuple"):
            read[index] = _to_float(cell)
            if np.isinf(read[index]):
                read[index] = np.nan
                seen.setdefault("infinite", []).append(index)
        else:
            seen.setdefault("text", []).append(index)
    _read_texts(texts, read, seen, any_number=len(texts) < len([c for c in cells if c is not None]))
    numbers = read[codes] if len(cells) else np.empty(0)
    return numbers, [t for t in _troubles(seen, codes) if t.rows]


def _to_float(cell: Any) -> float:
    try:
        return float(cell)
    except (OverflowError, ValueError):
        return float("inf")


def _tidy(text: str) -> str:
    return _SPACES.sub("", text.strip())


def _looks_numeric(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in (_PLAIN, _POINT, _COMMA))


def _read_texts(
    texts: dict[int, str], read: Array, seen: dict[str, list[int]], any_number: bool
) -> None:
    """Read the texts of one column, all with a decimal point or all with a decimal comma."""
    numeric = {}
    for index, text in texts.items():
        if text.casefold() in MISSING_WORDS:
            seen.setdefault("word", []).append(index)
        elif _looks_numeric(text):
            numeric[index] = text
        else:
            seen.setdefault("currency" if _CURRENCY.fullmatch(text) else "text", []).append(index)
    plain = {i for i, text in numeric.items() if _PLAIN.fullmatch(text)}
    odd = [i for i in numeric if i not in plain]
    point = all(i in plain or _POINT.fullmatch(t) for i, t in numeric.items())
    comma = all(_COMMA.fullmatch(t) for t in numeric.values())
    if not odd and _two_ways(numeric.values()):
        seen["locale"] = [i for i, text in numeric.items() if "." in text]
        numeric = {i: text for i, text in numeric.items() if "." not in text}
    if odd and point == comma:  # both readings fit, or neither fits them all
        seen["locale"] = odd
        numeric = {i: numeric[i] for i in plain} if not comma else {}
    elif odd:
        seen["point" if point else "comma"] = odd
    elif numeric and any_number:
        seen["stored"] = list(numeric)
    for index, text in numeric.items():
        spelled = text.replace(".", "").replace(",", ".") if odd and comma else text
        read[index] = _to_float(spelled.replace(",", ""))
        if np.isinf(read[index]):
            read[index] = np.nan
            seen.setdefault("infinite", []).append(index)


def _troubles(seen: dict[str, list[int]], codes: NDArray[np.intp]) -> Iterator[Trouble]:
    for name, cells in seen.items():
        rows = rows_of(codes, cells)
        if name == "error":
            yield error_cell(rows)
        elif name == "infinite":
            yield _endless(rows)
        elif name in _WRONG:
            problem, remedy = _WRONG[name]
            yield Trouble(f"number-{name}", rows, f"{{column}} is {{cell}}{problem}", remedy)
        else:
            said = f"{_READ_AS[name]} ({counted(len(rows), 'cell')})"
            remedy = "nothing to do if that is right"
            yield Trouble(f"number-{name}", rows, said, remedy, Severity.NOTE, whole=True)


_WRONG: Mapping[str, tuple[str, str]] = {
    "flag": (", not a number", "enter a number, 1 if that is meant"),
    "text": (", not a number", "enter a number, or leave the cell empty"),
    "currency": (
        ": a currency stands in the cell",
        "enter the bare number, all in the one currency that Settings names",
    ),
    "locale": (
        ": the decimal sign of this column cannot be told",
        "enter it as a number, or as text like 1234 or 1234.56",
    ),
}
_READ_AS: Mapping[str, str] = {
    "point": "texts of {column} such as {cell} were read with a decimal point",
    "comma": "texts of {column} such as {cell} were read with a decimal comma",
    "stored": "numbers of {column} stored as text, such as {cell}, were read as numbers",
    "word": "cells of {column} that hold {cell} count as empty",
    "event": "TRUE and FALSE of {column} were read as 1 and 0",
    "percent": "percentages of {column} such as {cell} were read as shares",
}


def error_cell(rows: list[int]) -> Trouble:
    """Error cells are reported as what they are, never read as empty."""
    return Trouble(
        "error-cell",
        rows,
        "{column} is {cell}",
        "enter the value, or mend the formula behind this cell",
    )
