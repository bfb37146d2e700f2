"""What the readers of number, date and text cells share: distinct cells and troubles with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.raw import ErrorCell
from xlbudget.findings import Finding, Place, Severity

SHOWN = 20  # findings of one kind in one column, before "and 381 more"
MISSING_WORDS = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "-", "–", "—", "."})
ERROR_WORDS = frozenset(
    {
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#GETTING_DATA",
    }
)


@dataclass(frozen=True)
class Trouble:
    """The same trouble in some cells of one column.

    rows     rows of the raw table
    problem  a sentence in which {column} and {cell} stand for the header and the cell
    whole    one finding for the column, not one a cell
    """

    code: str
    rows: Sequence[int]
    problem: str
    remedy: str
    severity: Severity = Severity.ERROR
    whole: bool = False

    def findings(self, table: str, header: str, values: NDArray[Any]) -> Iterator[Finding]:
        """One finding a cell, the first 20 of them, then how many more there are."""
        for row in self.rows[: 1 if self.whole else SHOWN]:
            cell = shown(values[row])
            yield Finding(
                self.code,
                Place(table, None if self.whole else int(row), header),
                self.problem.replace("{column}", header).replace("{cell}", cell),
                self.remedy,
                self.severity,
            )
        more = len(self.rows) - SHOWN
        if more > 0 and not self.whole:
            yield Finding(
                self.code,
                Place(table, int(self.rows[SHOWN]), header),
                f"and {counted(more, 'more cell')} of {header} with the same problem",
                self.remedy,
                self.severity,
            )


def counted(number: int, thing: str) -> str:
    """`1 cell`, `2,000 cells`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def shown(cell: object) -> str:
    """A cell as a sentence quotes it: short, text in quotes."""
    if isinstance(cell, ErrorCell):
        return cell.text
    if isinstance(cell, str):
        return f"'{cell if len(cell) <= 40 else cell[:37] + '...'}'"
    if isinstance(cell, float | np.floating):
        return f"{cell:.15g}"  # as it stands there: 20230735, not 20,230,735
    if isinstance(cell, np.datetime64):
        return str(cell.astype("datetime64[D]"))
    if isinstance(cell, bool | np.bool_):
        return "TRUE" if cell else "FALSE"
    text = str(cell)
    return text if len(text) <= 40 else text[:37] + "..."


def is_missing(cell: object) -> bool:
    """None, NaN, NaT, or text of blanks: nothing was entered."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return not cell or cell.isspace()
    if isinstance(cell, float | np.floating | np.datetime64):
        return bool(np.isnat(cell) if isinstance(cell, np.datetime64) else np.isnan(cell))
    return type(cell).__name__ in ("NAType", "NaTType")


def error_text(cell: object) -> str | None:
    """The spreadsheet error that a cell holds, also where a file spells it as text."""
    if isinstance(cell, ErrorCell):
        return cell.text
    if isinstance(cell, str) and cell.startswith("#") and cell.strip().upper() in ERROR_WORDS:
        return cell.strip().upper()
    return None


def distinct(values: Iterable[Any]) -> tuple[list[Any], NDArray[np.intp]]:
    """Distinct cells in order of appearance and, for every row, which of them it holds.

    1, 1.0 and True are three different cells here; all missing cells are one, None.
    """
    values = list(values)
    kinds = set(map(type, values)) - {type(None)}
    if len(kinds) == 1 and kinds <= _COMPARABLE:
        return _distinct_of_one_kind(values)
    found: dict[object, int] = {}
    cells: list[Any] = []
    codes = []
    for value in values:
        cell = None if is_missing(value) else value
        try:
            code = found.setdefault((cell.__class__, cell), len(cells))
        except TypeError:  # a list or the like: no cell, but shown as what it is
            cell = str(cell)
            code = found.setdefault((list, cell), len(cells))
        if code == len(cells):
            cells.append(cell)
        codes.append(code)
    return cells, np.array(codes, dtype=np.intp)


_COMPARABLE = frozenset({str, int, dt.date, dt.datetime})  # equal means the same, none is missing


def _distinct_of_one_kind(values: Sequence[Any]) -> tuple[list[Any], NDArray[np.intp]]:
    """The same for cells of one type and None, several times as fast."""
    found: dict[Any, int] = {}
    codes = np.array([found.setdefault(value, len(found)) for value in values], dtype=np.intp)
    cells = [None if is_missing(cell) else cell for cell in found]
    blank = [code for code, cell in enumerate(cells) if cell is None]
    if len(blank) > 1:  # None and texts of blanks
        codes[np.isin(codes, blank)] = blank[0]
    return cells, codes


def coded(names: Iterable[str]) -> tuple[list[str], NDArray[np.intp]]:
    """Distinct texts in the alphabet's order and, for every row, which of them it holds."""
    found: dict[str, int] = {}
    codes = [found.setdefault(name, len(found)) for name in names]
    order = sorted(found)
    rank = np.empty(len(order), dtype=np.intp)
    for position, name in enumerate(order):
        rank[found[name]] = position
    return order, rank[codes] if codes else np.empty(0, dtype=np.intp)


def rows_of(codes: NDArray[np.intp], wanted: Iterable[int]) -> list[int]:
    """Rows whose cell is one of the wanted distinct ones."""
    return [int(row) for row in np.flatnonzero(np.isin(codes, list(wanted)))]
