"""Sets a spreadsheet up to know the formulas, and takes them out again."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

from install.environment import CHECKOUT, Environment, ready
from install.steps import StepFailed, Word, aloud, quiet

LITE = CHECKOUT / "lite"


def libreoffice(undo: bool) -> int:
    """The extension with the BUDGET formulas, for this user's LibreOffice."""
    environment = ready()
    package = CHECKOUT / "build" / "xlbudget.oxt"
    package.parent.mkdir(exist_ok=True)
    doing = "Taking the extension out of" if undo else "Adding the extension to"
    work = "remove()" if undo else f"install(build({str(package)!r}))"
    code = f"from xlbudget.hosts.libreoffice.extension import build, install, remove; {work}"
    quiet(f"{doing} LibreOffice", [environment.python, "-c", code], environment.log)
    return 0 if undo else _template(environment, "libreoffice")


def excel(undo: bool) -> int:
    """The xlwings add-in and its settings, for Excel on Windows."""
    if sys.platform != "win32":
        raise StepFailed(
            "Formulas run inside Excel on Windows only; on a Mac or the web use "
            "`python3 install lite`. Reading and writing workbooks needs no Excel at all."
        )
    environment = ready()
    xlwings = environment.program("xlwings")
    doing = "Removing the add-in from Excel" if undo else "Adding the xlwings add-in to Excel"
    action = "remove" if undo else "install"
    quiet(doing, [xlwings, "addin", action], environment.log)
    if undo:
        return 0
    print(
        "In Excel: on the xlwings ribbon set\n"
        f"  Interpreter      {environment.python}\n"
        "  UDF Modules      xlbudget.hosts.excel\n"
        "then press Import Functions. (This needs: File, Options, Trust Center, Macro Settings,\n"
        "Trust access to the VBA project object model.) These steps follow the xlwings manual;\n"
        "the formulas are tested through xlwings' own code, not on a machine with Excel."
    )
    return _template(environment, "excel")


def lite(undo: bool) -> int:
    """A folder with what xlwings Lite is given: the code and a template in its spelling."""
    if undo:
        shutil.rmtree(LITE, ignore_errors=True)
        return 0
    environment = ready()
    LITE.mkdir(exist_ok=True)
    build: list[Word] = [
        environment.python,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "-w",
        LITE,
        CHECKOUT,
    ]
    quiet("Making the wheel", build, environment.log)
    (LITE / "main.py").write_text("from xlbudget.hosts.lite import *\n", encoding="utf-8")
    print(
        "In Excel: Insert, Get Add-ins, xlwings Lite. Open its editor, paste main.py from the\n"
        f"folder {LITE},\nput the wheel beside it where a web server of yours offers it, and name "
        "its address in requirements.txt.\nWhat Excel itself does with it was not run here."
    )
    return _template(environment, "lite")


HOSTS: dict[str, Callable[[bool], int]] = {
    "excel": excel,
    "lite": lite,
    "libreoffice": libreoffice,
}


def _template(environment: Environment, host: str) -> int:
    book = CHECKOUT / "demo" / f"sample-{host}.xlsx"
    book.parent.mkdir(exist_ok=True)
    template: list[Word] = [environment.program("xlbudget"), "template", "--sample", "--force"]
    made = aloud("A sample workbook to try", [*template, "--host", host, "-o", book])
    return 0 if made else 1
