"""Cells as JSON, between LibreOffice's Python and the backend's. Numbers keep every digit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlbudget.data.raw import ErrorCell
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.given import Range


def given_of(sent: Any) -> Any:
    """An argument as sent: a cell, rows of cells, or a range with its address."""
    if isinstance(sent, list):
        return [[_cell(cell) for cell in row] for row in sent]
    if isinstance(sent, Mapping) and "rows" in sent:
        return Range(given_of(sent["rows"]), sent["sheet"], sent["row"], sent["column"])
    return _cell(sent)


def sent_of(answer: Answer) -> dict[str, Any]:
    """An answer as it is sent: rows of cells, an error as {"error": "#N/A"}."""
    return {
        "rows": [
            [{"error": cell.text} if isinstance(cell, ErrorCell) else cell for cell in row]
            for row in answer.grid
        ]
    }


def _cell(sent: Any) -> Any:
    return ErrorCell(sent["error"]) if isinstance(sent, Mapping) else sent
