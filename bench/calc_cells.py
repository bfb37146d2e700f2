"""How long LibreOffice Calc takes over a thousand cells with formulas of a fitted model.

Run `python bench/calc_cells.py FOLDER`; the office's own profile and the workbook are made there.
Opening the book fits the model and asks every cell; recalculating asks every cell again.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from xlbudget.hosts.libreoffice.extension import build, install
from xlbudget.simulator import sample_market

MANY = 1000
ALLOWED = 5.0  # seconds
TABLES = ("spend", "outcomes", "controls", "channels", "experiments", "settings", "regions")
CELLS = {
    "MARGINAL_ROI, another spend in each": '=BUDGET.MARGINAL_ROI($A$1,"TV",{number})',
    "RESPONSE, another spend in each": '=BUDGET.RESPONSE($A$1,"TV",{number})',
}


def harness() -> ModuleType:
    """What the tests drive Calc with."""
    path = Path(__file__).parents[1] / "tests" / "hosts" / "conftest.py"
    spec = importlib.util.spec_from_file_location("calc_harness", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def write(path: Path, formula: str) -> None:
    """The sample market's tables, a MODEL cell, and the formula in a thousand cells."""
    book = Workbook()
    out = book.worksheets[0]
    out.title = "Out"
    frames, places = sample_market().frames(), []
    for name in TABLES:
        frame = frames[name]
        sheet = book.create_sheet(name.capitalize())
        sheet.append(list(frame.columns))
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
            sheet.append(list(row))
        last = f"${get_column_letter(frame.shape[1])}${len(frame) + 1}"
        places.append(f"{sheet.title}!$A$1:{last}")
    out["A1"] = f"=BUDGET.MODEL({','.join(places)})"
    for number in range(1, MANY + 1):
        out[f"C{number}"] = formula.format(number=100 * number)
    book.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="where profile, store and workbook are made")
    folder = parser.parse_args().folder.resolve()
    profile = folder / "profile"
    profile.mkdir(parents=True, exist_ok=True)
    install(build(folder / "xlbudget.oxt"), profile)
    calc = harness().Calc(profile)
    for told, formula in CELLS.items():
        book = folder / "cells.xlsx"
        write(book, formula)
        report = calc.calculated(book, folder / "store", "Out")
        numbers = sum(isinstance(row[2], float) for row in report["sheets"]["Out"])
        print(
            f"{MANY} cells of {told}: {report['recalculate']:.1f} s (aim {ALLOWED:.0f}); "
            f"opening, the fit included, {report['open']:.1f} s; {numbers} numbers"
        )


if __name__ == "__main__":
    main()
