"""The formulas in Excel for Windows through COM: the UDF module of the xlwings add-in.

The function's own name is the name in the cell there: =budget_forecast(...), any case.
"""

from __future__ import annotations

import xlwings

from xlbudget.formulas.catalogue import CATALOGUE
from xlbudget.formulas.formula import Host
from xlbudget.hosts.model_store import ModelStore
from xlbudget.hosts.wrapping import wrapped

HOST = Host(
    "Excel (COM)",
    "empty: None; dates: in as dates, out as serial numbers; errors: in by name, out as text (COM "
    "has no error values)",
)
SHELF = ModelStore()
_MADE = (wrapped(entry, HOST, SHELF, xlwings, category="xlbudget") for entry in CATALOGUE)
FUNCTIONS = {function.__name__: function for function in _MADE}
globals().update(FUNCTIONS)
__all__ = list(FUNCTIONS)
