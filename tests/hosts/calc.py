"""Run by LibreOffice's own Python: opens a workbook in a Calc that listens, prints its cells.

    python3 calc.py PIPE WORKBOOK SHEET...  ->  JSON: by sheet, rows of numbers, texts and
                                                {"error": code}

Read over UNO, since a file would keep 15 digits of each number.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def desktop(pipe: str) -> Any:
    """The desktop of the office that listens on this pipe, once it knows the formulas."""
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", context
    )
    missing = "the office does not answer"
    for _ in range(300):
        try:
            office = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            services = office.ServiceManager
            if "BUDGET" in services.getAvailableServiceNames():
                return services.createInstanceWithContext("com.sun.star.frame.Desktop", office)
            missing = "the office does not know the extension"
        except NoConnectException:
            pass
        time.sleep(0.2)
    raise SystemExit(missing)


def cells(sheet: Any) -> list[list[Any]]:
    """Every cell up to the last used one; an error cell is void in the data and asked for."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.getRangeAddress()
    used = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
    return [
        [
            {"error": used.getCellByPosition(c, r).getError()} if value is None else value
            for c, value in enumerate(row)
        ]
        for r, row in enumerate(used.getDataArray())
    ]


def main(pipe: str, path: str, *names: str) -> None:
    """Print the sheets and how long opening and recalculating took."""
    hidden = PropertyValue()
    hidden.Name, hidden.Value = "Hidden", True
    office = desktop(pipe)
    begun = time.perf_counter()
    book = office.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, (hidden,))
    opened = time.perf_counter()
    book.calculateAll()
    again = time.perf_counter()
    sheets = book.getSheets()
    report = {
        "sheets": {name: cells(sheets.getByName(name)) for name in names},
        "open": opened - begun,
        "recalculate": again - opened,
    }
    sys.stdout.write(json.dumps(report))
    sys.stdout.flush()
    book.close(True)
    try:
        office.terminate()
    except Exception:  # the bridge goes down with it
        return


if __name__ == "__main__":
    main(*sys.argv[1:])
