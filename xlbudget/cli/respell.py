"""`xlbudget respell`: a workbook's formulas as another host stores them."""

from __future__ import annotations

from pathlib import Path

from xlbudget.cli.command import (
    Output,
    book_argument,
    checked_output,
    command,
    force_option,
    host_option,
    output_option,
)
from xlbudget.errors import BadArgument


@command("respell", example="xlbudget respell book.xlsx --host libreoffice -o calc.xlsx")
@book_argument
@host_option
@output_option
@force_option
def respell(book: Path, host: str, output: Path, force: bool) -> Output:
    """Write a copy whose BUDGET formulas are spelled for another host.

    Excel, xlwings Lite and Server, and LibreOffice each store the same formula their own way. All
    else stays as it is; results of the old host are dropped, so that the new one calculates.
    """
    from workbook.respell import respell as write_respelled

    path = checked_output(output, source=book, may_replace=force)
    if not book.is_file():
        raise BadArgument(f"{book}: there is no such file")
    changed = write_respelled(book, path, host)
    return Output(
        record={"source": book, "workbook": path, "host": host, "formulas": changed},
        sentences=(f"Wrote {path}: {changed} formulas are now spelled for {host}.",),
    )
