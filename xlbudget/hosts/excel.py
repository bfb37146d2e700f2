"""The formulas in Excel for Windows through COM: the UDF module of the xlwings add-in.

The function's own name is the name in the cell there: =budget_forecast(...), any case.
"""

from __future__ import annotations

from typing import Any

import xlwings

from xlbudget.formulas.catalogue import CATALOGUE
from xlbudget.formulas.formula import Formula, Host
from xlbudget.hosts.model_store import ModelStore
from xlbudget.hosts.wrapping import grid, wrapped

HOST = Host(
    "Excel (COM)",
    "empty cells arrive as None, dates as dates and leave as serial numbers; errors arrive by "
    "name and leave as text such as #N/A, COM having no error values",
)
SHELF = ModelStore()


def _run(entry: Formula, given: tuple[Any, ...]) -> list[list[Any]]:
    return grid(entry.call(given, SHELF, HOST))


FUNCTIONS = {
    f"budget_{entry.name.lower()}": wrapped(
        entry,
        f"budget_{entry.name.lower()}",
        _run,
        xlwings,
        category="xlbudget",
    )
    for entry in CATALOGUE
}
globals().update(FUNCTIONS)
__all__ = list(FUNCTIONS)
