"""Looks by meaning: what is typed, what is calculated, what comes out.

Colour never carries a meaning alone: sheets say what they are in words, inputs are also framed,
outputs are also grey and locked, points of charts also differ in shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

INK, SOFT, NAVY, PALE, RULE = "1F2937", "6B7280", "1F3A5F", "EEF2F7", "CBD5E1"
ORANGE, TEAL, SAND = "C2570C", "0F766E", "FFF9E6"
PAPER = "F8FAFC"
FONT = "Arial"

MONEY = '[>=0.5]#,##0;[Red][<=-0.5]-#,##0;"0"'  # what rounds to 0 has no sign: never -0
SIGNED = '[>=0.5]+#,##0;[Red][<=-0.5]-#,##0;"0"'
RATE = "0.00"
SIGNED_RATE = '[>=0.005]+0.00;[Red][<=-0.005]-0.00;"0.00"'
SHARE = "0%"
SIGNED_SHARE = '[>=0.0005]+0.0%;[Red][<=-0.0005]-0.0%;"0.0%"'
SMALL_SHARE = "0.000%"
DAY = "yyyy-mm-dd"
NUMBER = "#,##0.######"
WHOLE = "#,##0"
TEXT = "General"
YES_OR_NO = '"yes";"yes";"no"'  # of a host that hands truth values over as 1 and 0


class Look(StrEnum):
    """The cell styles, as they stand in Excel's own list of styles."""

    TITLE = "xlb title"
    NOTE = "xlb note"
    SECTION = "xlb section"
    HEADER = "xlb header"
    UNIT = "xlb unit"
    INPUT = "xlb input"
    CALCULATION = "xlb calculation"
    OUTPUT = "xlb output"
    FIGURE = "xlb figure"
    LABEL = "xlb label"
    PROSE = "xlb prose"
    STRONG = "xlb strong"
    TOTAL = "xlb total"


@dataclass(frozen=True)
class Format:
    """How one column shows: number format, width in characters, and which way it leans."""

    number: str = TEXT
    width: float = 14
    right: bool = False
    wrap: bool = False


def add_styles(book: Workbook) -> None:
    """Put the named styles into a workbook."""
    thin = Side(style="thin", color=RULE)
    frame = Border(left=thin, right=thin, top=thin, bottom=thin)
    line = Border(bottom=thin)
    top = Alignment(vertical="top")
    styles = {
        Look.TITLE: NamedStyle(font=Font(FONT, 16, bold=True, color=NAVY)),
        Look.NOTE: NamedStyle(font=Font(FONT, 10, color=SOFT)),
        Look.SECTION: NamedStyle(
            font=Font(FONT, 11, bold=True, color=NAVY),
            border=Border(bottom=Side(style="medium", color=NAVY)),
        ),
        Look.HEADER: NamedStyle(
            font=Font(FONT, 10, bold=True, color="FFFFFF"),
            fill=PatternFill("solid", start_color=NAVY),
            alignment=Alignment(vertical="center", wrap_text=True),
        ),
        Look.UNIT: NamedStyle(font=Font(FONT, 9, italic=True, color=SOFT)),
        Look.INPUT: NamedStyle(
            font=Font(FONT, 10, color="1D4ED8"),
            fill=PatternFill("solid", start_color=SAND),
            border=frame,
            protection=Protection(locked=False),
        ),
        Look.CALCULATION: NamedStyle(font=Font(FONT, 10, color=INK), border=line, alignment=top),
        Look.OUTPUT: NamedStyle(
            font=Font(FONT, 10, color=INK),
            fill=PatternFill("solid", start_color=PAPER),
            border=line,
            alignment=top,
        ),
        Look.FIGURE: NamedStyle(
            font=Font(FONT, 18, bold=True, color=NAVY),
            fill=PatternFill("solid", start_color=PALE),
            alignment=Alignment(horizontal="left", vertical="center"),
        ),
        Look.LABEL: NamedStyle(
            font=Font(FONT, 9, color=SOFT),
            fill=PatternFill("solid", start_color=PALE),
            alignment=Alignment(horizontal="left", vertical="center"),
        ),
    }
    styles[Look.PROSE] = NamedStyle(font=Font(FONT, 10, color=INK))
    styles[Look.STRONG] = NamedStyle(font=Font(FONT, 10, bold=True, color=INK))
    styles[Look.TOTAL] = NamedStyle(
        font=Font(FONT, 10, bold=True, color=INK),
        border=Border(top=Side(style="medium", color=NAVY)),
    )
    for look, style in styles.items():
        style.name = look.value
        book.add_named_style(style)
