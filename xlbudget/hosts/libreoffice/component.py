"""The BUDGET add-in as LibreOffice loads it, under LibreOffice's own Python: standard library only.

Each call is one JSON line to the backend, which is started on first use and ends with LibreOffice.
What the functions are called and take stands in formulas.json beside this file, where the backend
is in backend.json; both are written when the extension is built.
"""

# ruff: noqa: N802, N816 - UNO looks these names up, in its own spelling
from __future__ import annotations

import json
import math
import os
import struct
import subprocess
import threading
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.lang import Locale

HERE = Path(__file__).parent
FORMULAS = {f["name"]: f for f in json.loads((HERE / "formulas.json").read_text("utf-8"))}
BACKEND = json.loads((HERE / "backend.json").read_text("utf-8"))
SERVICE = "BUDGET"
INTERFACES = (
    "xlbudget.XFormulas",
    "com.sun.star.sheet.XAddIn",
    "com.sun.star.lang.XServiceName",
    "com.sun.star.lang.XServiceInfo",
    "com.sun.star.lang.XTypeProvider",
)
# Calc keeps an error as a number that is not one (NaN), its code in the low bits.
CODES = {"#NULL!": 521, "#DIV/0!": 532, "#VALUE!": 519, "#REF!": 524, "#NAME?": 525, "#NUM!": 503}
NOT_AVAILABLE = 32767
NAMES = {code: name for name, code in CODES.items()} | {NOT_AVAILABLE: "#N/A", 502: "#VALUE!"}


class Backend:
    """The process that computes, in the environment that the extension was built from."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.lock = threading.Lock()

    def ask(self, name: str, given: list[Any]) -> list[list[Any]]:
        """The rows of an answer; a backend that died is started once more."""
        line = json.dumps({"name": name, "given": given}) + "\n"
        with self.lock:
            reply = self._exchange(line) or self._exchange(line)
        if not reply:
            raise RuntimeError("the xlbudget backend does not run: " + BACKEND["interpreter"])
        rows: list[list[Any]] = json.loads(reply)["rows"]
        return rows

    def _exchange(self, line: str) -> str:
        try:
            if self.process is None or self.process.poll() is not None:
                self.process = self._start()
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.write(line)
            self.process.stdin.flush()
            return self.process.stdout.readline()
        except OSError:
            self.process = None
            return ""

    def _start(self) -> subprocess.Popen[str]:
        """LibreOffice's own Python settings must not reach another Python."""
        environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
        environment["PYTHONPATH"] = BACKEND["root"]
        return subprocess.Popen(
            [BACKEND["interpreter"], "-m", "xlbudget.hosts.libreoffice.backend"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )


_backend = Backend()


def _sent(given: Any) -> Any:
    """An argument as JSON: None, a cell, rows of cells, or a range with its address."""
    if hasattr(given, "getDataArray"):
        return _range(given)
    if isinstance(given, tuple):
        return [[_cell(cell) for cell in row] for row in given]
    return _cell(given)


def _cell(cell: Any) -> Any:
    if isinstance(cell, float) and math.isnan(cell):
        return {"error": NAMES.get(struct.unpack("<Q", struct.pack("<d", cell))[0] & 65535, "#N/A")}
    return cell if isinstance(cell, float | int | str | bool) or cell is None else str(cell)


def _range(cells: Any) -> dict[str, Any]:
    """A range as JSON, up to its last used row; an error cell arrives as None and is asked for."""
    address = cells.getRangeAddress()
    sheet = cells.getSpreadsheet()
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = min(cursor.getRangeAddress().EndRow, address.EndRow) - address.StartRow
    width = address.EndColumn - address.StartColumn
    used = cells.getCellRangeByPosition(0, 0, width, max(last, 0))
    rows = [list(row) for row in used.getDataArray()]
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is None:
                code = used.getCellByPosition(c, r).getError()
                row[c] = {"error": NAMES.get(code, "#VALUE!")}
    return {
        "rows": rows,
        "sheet": sheet.getName(),
        "row": address.StartRow + 1,
        "column": address.StartColumn + 1,
    }


def _shown(cell: Any) -> Any:
    """A cell of an answer as Calc takes it."""
    if isinstance(cell, dict):
        code = CODES.get(cell["error"], NOT_AVAILABLE)
        return struct.unpack("<d", struct.pack("<II", code, 0x7FF80000))[0]
    return float(cell) if isinstance(cell, bool) else cell  # Calc reads any truth value as 1


def _method(name: str) -> Any:
    def method(self: Formulas, *given: Any) -> tuple[tuple[Any, ...], ...]:
        rows = _backend.ask(name, [_sent(one) for one in given])
        return tuple(tuple(_shown(cell) for cell in row) for row in rows)

    return method


class Formulas:
    """The add-in: one method a formula, and what Calc asks about them."""

    def __init__(self, context: Any) -> None:
        self.locale = Locale("en", "US", "")

    def getTypes(self) -> tuple[Any, ...]:
        """The interfaces, looked up when asked: at registration ours is not known yet."""
        return tuple(uno.getTypeByName(name) for name in INTERFACES)

    def getImplementationId(self) -> Any:
        """Empty: types may differ from one build to the next."""
        return uno.ByteSequence(b"")

    def getServiceName(self) -> str:
        """What stands before the dot in a cell."""
        return SERVICE

    def getImplementationName(self) -> str:
        """Of XServiceInfo."""
        return SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        """Of XServiceInfo."""
        return (SERVICE, "com.sun.star.sheet.AddIn")

    def supportsService(self, name: str) -> bool:
        """Of XServiceInfo."""
        return name in self.getSupportedServiceNames()

    def setLocale(self, locale: Any) -> None:
        """Of XLocalizable; the help is in English."""
        self.locale = locale

    def getLocale(self) -> Any:
        """Of XLocalizable."""
        return self.locale

    def getProgrammaticFuntionName(self, display: str) -> str:
        """BUDGET.CURVE -> CURVE (the interface spells it so)."""
        return display.rpartition(".")[2]

    def getDisplayFunctionName(self, name: str) -> str:
        """CURVE -> BUDGET.CURVE, as a person types it."""
        return f"{SERVICE}.{name}"

    def getFunctionDescription(self, name: str) -> str:
        """Help in the function wizard."""
        return str(FORMULAS[name]["help"])

    def getDisplayArgumentName(self, name: str, place: int) -> str:
        """Name of an argument, counted from 0."""
        return str(FORMULAS[name]["arguments"][place]["name"])

    def getArgumentDescription(self, name: str, place: int) -> str:
        """Help on an argument, counted from 0."""
        return str(FORMULAS[name]["arguments"][place]["help"])

    def getProgrammaticCategoryName(self, name: str) -> str:
        """Category in the function wizard."""
        return "Add-In"

    def getDisplayCategoryName(self, name: str) -> str:
        """Category in the function wizard."""
        return "Add-In"


for _name in FORMULAS:
    setattr(Formulas, _name, _method(_name))

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Formulas, SERVICE, (SERVICE, "com.sun.star.sheet.AddIn"))
