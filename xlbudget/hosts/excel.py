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
    "empty: None; dates: in as dates, out as serial numbers; errors: in by name, out as text (COM "
    "has no error values)",
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
