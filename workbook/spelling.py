"""How a formula is stored in a file: each host spells the same function its own way."""

from __future__ import annotations

import re
from enum import StrEnum


class Host(StrEnum):
    """Where the workbook will be opened."""

    EXCEL = "excel"  # xlwings add-in (COM): no dots in names
    LITE = "lite"  # Office.js custom functions, as Excel saves them
    SERVER = "server"
    LIBREOFFICE = "libreoffice"


_PREFIX = {
    Host.EXCEL: "BUDGET_",
    Host.LITE: "_xldudf_BUDGET_",
    Host.SERVER: "_xldudf_BUDGET_",
    Host.LIBREOFFICE: "BUDGET.",
}
# A text, which stays as it is, or a call: after a path, a file name or [1] and "!" where the
# function came from an add-in.
_CALL = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    | (?P<from>'(?:[^']|'')*'! | \[\d+\]!? | [\w.\\/:\-]+\.xla?m?! )?
      (?<![\w.])(?:_xldudf_)?BUDGET[._](?P<name>[A-Z][A-Z0-9_]*)(?=\()""",
    re.VERBOSE | re.IGNORECASE,
)


def spell(name: str, host: Host) -> str:
    """`FORECAST` as this host stores it: BUDGET_FORECAST, _xldudf_BUDGET_FORECAST ..."""
    return _PREFIX[host] + name.upper()


def respelled(formula: str, host: Host) -> str:
    """A formula with every BUDGET function spelled for this host, whatever the spelling was."""

    def call(found: re.Match[str]) -> str:
        return found["text"] or spell(found["name"], host)

    return _CALL.sub(call, formula)


def canonical(formula: str) -> str:
    """The formula as people write about it: BUDGET.FORECAST(...)."""
    return respelled(formula, Host.LIBREOFFICE)
