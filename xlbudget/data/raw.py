"""A table as it was found, before anything is believed about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.findings import Place


@dataclass(frozen=True)
class ErrorCell:
    """A cell that holds an error, such as #REF!; never read as missing."""

    text: str


def _plainly(place: Place) -> str:
    return str(place)


@dataclass(frozen=True)
class RawTable:
    """Columns of untyped values under the headers as written.

    columns  header as written -> values (rows,): None where empty; str, int, float, bool,
             datetime, date, ErrorCell; or a whole column of one numpy or pandas dtype
    locate   names a place as the person sees it: `Spend!E17`, `spend.csv:17`
    repeated headers that stand more than once; `columns` holds the first of each
    """

    name: str
    columns: Mapping[str, NDArray[Any]]
    locate: Callable[[Place], str] = _plainly
    repeated: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Number of data rows."""
        return max((len(values) for values in self.columns.values()), default=0)

    @staticmethod
    def from_rows(
        name: str,
        header: list[str],
        rows: list[list[Any]],
        locate: Callable[[Place], str] = _plainly,
    ) -> RawTable:
        """A table from a header and rows of cells, short rows being padded with None."""
        columns: dict[str, NDArray[Any]] = {}
        repeated = []
        for index, title in enumerate(header):
            if title in columns:
                repeated.append(title)
                continue
            values = np.empty(len(rows), dtype=object)
            for number, row in enumerate(rows):
                values[number] = row[index] if index < len(row) else None
            columns[title] = values
        return RawTable(name, columns, locate, tuple(dict.fromkeys(repeated)))
