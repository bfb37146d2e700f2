"""The formulas in Excel through Office.js: xlwings Lite and xlwings Server.

In Lite, `from xlbudget.hosts.lite import *` in main.py; in Server this is the module of the custom
functions. Every formula of the catalogue is BUDGET.NAME.
"""

from __future__ import annotations

from typing import Any

from xlwings import server as xlwings

from xlbudget.formulas.catalogue import CATALOGUE
from xlbudget.formulas.formula import Formula, Host
from xlbudget.hosts.model_store import ModelStore
from xlbudget.hosts.wrapping import HELP_AT, grid, wrapped

HOST = Host(
    "Excel (Office.js)",
    "empty: empty, on some builds 0; dates: serial numbers; errors: in by name, out as error "
    "values",
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
        drop_downs=True,
        name=entry.name,
        namespace="BUDGET",
        help_url=f"{HELP_AT}#{entry.name.lower()}",
    )
    for entry in CATALOGUE
}
globals().update(FUNCTIONS)
__all__ = list(FUNCTIONS)
