"""Pages of charts, two beside each other and two rows a page; their values stand to the right."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.chart._chart import ChartBase
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from workbook.book import HEADER_ROW, Book
from workbook.places import letters

VALUES = 26  # first column of the values: right of the charts, outside the printed pages
_SIZE = (15, 8)  # cm
_LEFT, _RIGHT, _LAST = 1, 10, 18  # columns where charts begin, and the last one printed
_HEIGHT, _ROWS = 15, 16  # points of a row, and the rows that a chart of 8 cm has to itself
_PAGE = 2  # rows of charts on a page


def chart_pages(
    book: Book, sheet: Worksheet, charts: Sequence[tuple[ChartBase, str]], last: int
) -> None:
    """Place charts, each with its alt text, and print them alone; last: row of the last value.

    A page begins with an empty row: a chart that touches the break would show its edge on both.
    """
    end = HEADER_ROW
    for index, (chart, alt) in enumerate(charts):
        row, column = divmod(index, 2)
        page = row // _PAGE
        top = HEADER_ROW + row * _ROWS + page
        chart.width, chart.height = _SIZE
        book.chart(sheet, chart, f"{letters((_LEFT, _RIGHT)[column])}{top}", alt)
        if page and row % _PAGE == 0 and column == 0:
            sheet.row_breaks.append(Break(id=top - 2))
        end = top + _ROWS - 1
    for at in range(HEADER_ROW, max(end, last) + 1):
        sheet.row_dimensions[at].height = _HEIGHT
    sheet.print_area = f"A1:{letters(_LAST)}{end}"
    sheet.freeze_panes = f"A{HEADER_ROW}"
