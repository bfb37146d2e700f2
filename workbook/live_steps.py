"""The steps of a waterfall as live formulas: what adds and what takes away, then the total."""

from __future__ import annotations

from collections.abc import Callable

from openpyxl.worksheet.worksheet import Worksheet

from workbook.book import Block, Shown
from workbook.live import Live
from workbook.places import letters
from workbook.styles import MONEY, SIGNED, TEXT, Format

_NUMBER = Format(MONEY, 14, right=True)
_SIGNED = Format(SIGNED, 14, right=True)
_COLUMNS = (
    Shown("line", "Line", Format(TEXT, 24)),
    Shown("amount", "Amount", _SIGNED),
    Shown("order", "Order", Format("0", 10, right=True)),
    Shown("step", "Step", Format(TEXT, 24)),
    Shown("size", "Further from zero", _SIGNED),
    Shown("base", "Starts at", _NUMBER),
    Shown("up", "Adds", _NUMBER),
    Shown("down", "Takes away", _NUMBER),
)
CHARTED = ("step", "base", "up", "down")  # what a waterfall is drawn from


def live_steps(
    live: Live, sheet: Worksheet, row: int, left: int, of: Callable[[int], tuple[str, str]]
) -> Block:
    """The amounts of lines as steps: what goes the total's way comes first, then the total.

    of  number of a line -> its name and its amount, as parts of formulas; an amount that is 0 or
        an error is left out

    Below zero bars hang down: base, up and down are then negative.
    """
    rows = live.line_room + 1
    charted = None if live.lines is None else live.lines + 1
    steps = live.calculated(sheet, _COLUMNS, rows, row, left, charted)
    column = {name: letters(steps.column(name)) for name in steps.names}
    amount, order = steps.cells("amount"), steps.cells("order")
    side, count = f"IF(SUM({amount})<0,-1,1)", f"COUNT({order})"
    for index in range(rows):
        here = {name: f"{letter}{steps.first + index}" for name, letter in column.items()}
        above = {name: f"{letter}${steps.first}" for name, letter in column.items()}
        line, value = of(index)
        number, size = index + 1, here["size"]
        place = f"MATCH({number},{order},0)"
        before = f"SUM({column['size']}${row}:{column['size']}{steps.first + index - 1})"
        start = f"IF({number}>{count},0,{before})"
        rank = f"RANK({here['amount']},{amount},IF(SUM({amount})<0,1,0))"
        ties = f"COUNTIF({above['amount']}:{here['amount']},{here['amount']})-1"
        last, found = f"{number}={count}+1", f"INDEX({steps.cells('line')},{place})"
        moved = f'IFERROR({side}*INDEX({amount},{place}),"")'
        drawn = {
            "base": f"MIN({start},{start}+{size})",
            "up": f"MAX({side}*{size},0)",
            "down": f"MAX(-{side}*{size},0)",
        }
        texts = {
            "line": f'=IFERROR(IF({value}<>0,{line},""),"")',
            "amount": f'=IFERROR(IF({value}<>0,{value},""),"")',
            "order": f'=IF(ISNUMBER({here["amount"]}),{rank}+{ties},"")',
            "step": f'=IF({last},"Total",IFERROR({found},""))',
            "size": f"=IF({last},{side}*SUM({amount}),{moved})",
            **{name: f'=IF(ISNUMBER({size}),{side}*{text},"")' for name, text in drawn.items()},
        }
        for name, text in texts.items():
            sheet.cell(steps.first + index, steps.column(name)).value = text
    return steps
