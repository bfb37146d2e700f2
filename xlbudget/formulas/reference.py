"""The formula reference, docs/formulas.md: written from the catalogue, never by hand.

python -m xlbudget.formulas.reference > docs/formulas.md
"""

from __future__ import annotations

import sys

from xlbudget.formulas.catalogue import CATALOGUE
from xlbudget.formulas.formula import Formula

INTRODUCTION = """\
# The formulas

Written from the catalogue in `xlbudget/formulas`; a test says that it is current.

In LibreOffice and in Office.js hosts (xlwings Lite and Server) a formula is `BUDGET.NAME`, in
Excel through COM `BUDGET_NAME`. Arguments in square brackets may be left out. A range comes with
its header row; an Excel Table or a named range does too. The examples use names for the input
tables (`Spend`, `Plan` ...) and `Model!B2` for the cell that holds BUDGET.MODEL.

**Empty.** An omitted argument, an empty cell, a cell with "" and, where 0 has no meaning, 0 all
mean the default.

**Tables** come with a header row and fill the range or spill. Dates are serial numbers: format
the cells as dates. Shares are 0 to 1: format them as percent. A text longer than 255 characters
takes several rows.

**Errors.** `#VALUE!` is a bad argument or input, `#N/A` something unknown or absent, `#NUM!`
something impossible, such as guardrails that cannot all hold. A table carries the message in its
top-left cell ("BUDGET: ...") with error values beside and below it; so does MODEL, whose cell is
text anyway. Formulas that answer one number show the error alone; the message is in the log. An
error cell in an input range is named (`Spend!E17 is #REF!`), never read as missing.

**Where models are kept.** MODEL fits once; the model is kept in memory and in a folder of the
user's, so a reopened workbook does not fit again. `XLBUDGET_STORE` names another folder. Where the
key is not known the others answer `#N/A`: recalculate the MODEL cell (Ctrl+Alt+F9).

**Hosts differ** where they must; BUDGET.VERSION says how. In LibreOffice required tables must be
ranges of the sheet, not arrays in the formula. A reference to a single empty cell arrives there
as 0: leave `spend` of MARGINAL_ROI out rather than pointing it at an empty cell. An error cell in
an optional range shows as `Err:504`, since Calc does not hand it over. COM has no error values:
they show as text such as `#N/A`. Excel itself was not at hand where this was built: the Excel
hosts are tested through xlwings' own calling code.
"""


def page(entry: Formula) -> str:
    """The section of one formula, in Markdown."""
    parts = [f"## {entry.name}", f"`BUDGET.{entry.signature}`", entry.help]
    if entry.notes:
        parts.append(entry.notes)
    if entry.columns:
        parts.append("Returns a table: " + ", ".join(f"`{name}`" for name in entry.columns) + ".")
    if entry.returns:
        parts.append(f"Returns {entry.returns} in one cell.")
    if entry.arguments:
        rows = [
            f"| `{a.name}` | {'optional' if a.optional else 'required'} | {a.help} |"
            for a in entry.arguments
        ]
        parts.append("\n".join(["| argument | | what to give |", "| --- | --- | --- |", *rows]))
    parts.append(f"Example: `{entry.example}`")
    return "\n\n".join(parts) + "\n"


def reference() -> str:
    """The whole of docs/formulas.md."""
    listed = "\n".join(f"- [{f.name}](#{f.name.lower()}): {f.help}" for f in CATALOGUE)
    return "\n".join([INTRODUCTION, listed, "", *[page(entry) for entry in CATALOGUE]])


if __name__ == "__main__":
    sys.stdout.write(reference())
