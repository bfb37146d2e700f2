"""The formulas in Excel through Office.js: xlwings Lite and xlwings Server.

In Lite, `from xlbudget.hosts.lite import *` in main.py; in Server this is the module of the custom
functions. Every formula of the catalogue is BUDGET.NAME.
"""

from __future__ import annotations

from xlwings import server as xlwings

from xlbudget.formulas.catalogue import CATALOGUE
from xlbudget.formulas.formula import Host
from xlbudget.hosts.model_store import ModelStore
from xlbudget.hosts.wrapping import HELP_AT, wrapped

HOST = Host(
    "Excel (Office.js)",
    "empty: empty, on some builds 0; dates: serial numbers; errors: in by name, out as error "
    "values",
)
SHELF = ModelStore()
_MADE = (
    wrapped(
        entry,
        HOST,
        SHELF,
        xlwings,
        drop_downs=True,
        name=entry.name,
        namespace="BUDGET",
        help_url=f"{HELP_AT}#{entry.name.lower()}",
    )
    for entry in CATALOGUE
)
FUNCTIONS = {function.__name__: function for function in _MADE}
globals().update(FUNCTIONS)
__all__ = list(FUNCTIONS)
