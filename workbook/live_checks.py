"""The Checks block of a template: live tests, and one cell that says OK."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from workbook.book import HEADER_ROW, Block, SheetKind
from workbook.cell_values import cell_at
from workbook.live import Live
from workbook.live_plans import OtherPlans
from workbook.places import letters, sheet_name
from workbook.spelling import Host
from workbook.styles import Look


def checks_sheet(
    live: Live,
    readiness: Block,
    forecast: Block,
    allocation: Block,
    approvals: Block,
    plans: OtherPlans,
) -> Worksheet:
    """What a controller would test by hand; one cell says OK."""
    book = live.book
    sheet = book.sheet(
        "Checks", SheetKind.OUTPUT, "Checks", "OK everywhere, or LOOK where a person should."
    )

    current = _sum(allocation, "current")
    statuses = approvals.cells("status")
    lines = f"SUMPRODUCT(--ISTEXT({allocation.cells('line')}))"
    checks = [
        ("The model is fitted", 'AND(ISTEXT(model_key),LEFT(model_key,7)<>"BUDGET:")'),
        (
            "Nothing in the data stops a plan",
            f"AND(ISTEXT({_first(readiness, 'status')}),"
            f'SUMPRODUCT(--ISNUMBER(SEARCH("stop",{readiness.cells("status")})))=0)',
        ),
        (
            "The forecast has every week of the horizon",
            f"COUNT({forecast.cells('week')})=plan_weeks",
        ),
        (
            "The recommended split uses the budget",
            f"ABS({_sum(allocation, 'recommended')}-IF(N(plan_budget)>0,plan_budget,{current}))"
            f"<=0.000001*{current}+0.01",
        ),
        (
            "Every change has an approval status",
            f"AND({lines}>0,{lines}=SUMPRODUCT(--ISTEXT({statuses})))",
        ),
        (
            "Every line has room in the tables",
            f"ISNA({_last(allocation)})",
        ),
        *_of_plans(live, plans),
        ("An empty cell arrives empty", "ISBLANK(probe_empty)"),
    ]
    if live.host is Host.LIBREOFFICE:
        checks += [
            (f"Every row of {name} is read", f"COUNTA({_beyond(live, name)})=0")
            for name in ("Spend", "Outcomes", "Plan")
        ]
    for column, (text, width) in enumerate((("Check", 52), ("Result", 12)), 1):
        book.text(sheet, HEADER_ROW, column, text, Look.HEADER)
        sheet.column_dimensions[letters(column)].width = width
    first = HEADER_ROW + 2
    results = f"$B${first}:$B${first + len(checks) - 1}"
    book.text(sheet, HEADER_ROW + 1, 1, "All checks", Look.SECTION)
    sheet.cell(
        HEADER_ROW + 1, 2
    ).value = f'=IF(COUNTIF({results},"OK")=ROWS({results}),"OK","LOOK")'
    cell_at(sheet, HEADER_ROW + 1, 2).style = Look.SECTION.value
    book.name("checks_ok", f"Checks!$B${HEADER_ROW + 1}")
    for row, (name, test) in enumerate(checks, first):
        book.text(sheet, row, 1, name, Look.OUTPUT)
        cell_at(sheet, row, 2).style = Look.OUTPUT.value
        sheet.cell(row, 2).value = f'=IF(IFERROR({test},FALSE),"OK","LOOK")'
    book.repeat(sheet)
    return sheet


def _of_plans(live: Live, plans: OtherPlans) -> list[tuple[str, str]]:
    """What holds between the sheets about other plans."""
    weeks, answers = plans.scenarios.weeks, plans.scenarios.answers
    more, less = (f'SUMIF({weeks.cells("outcome")},"{side}0")' for side in (">", "<"))
    apart = f"ABS({_sum(weeks, 'outcome')}-{_sum(answers, 'outcome')})"
    planned, spent = (_sum(plans.flighting, name) for name in ("current", "spend"))
    budgets = plans.frontier.cells("change_pct")
    words, lines = plans.scenarios.words, plans.scenarios.lines
    room = ",".join(f"ISNA({_last(block)})" for block in (answers, words, weeks, lines))
    answered = ",".join(f"ISTEXT({_first(block, block.names[0])})" for block in (answers, words))
    none = f"COUNTA({live.table('Scenarios')})={live.widths['Scenarios']}"  # the header alone
    return [
        ("Every scenario is answered", f"OR({none},AND({answered}))"),
        ("Every scenario has room in the tables", f"AND({room})"),
        (
            "The weeks of the scenarios add up to their differences",
            f"{apart}<=0.000001*({more}-{less})+0.01",
        ),
        ("The frontier holds today's budget", f"COUNTIF({budgets},0)=1"),
        (
            "Spreading over the weeks keeps the money",
            f"AND({planned}>0,ABS({planned}-{spent})<=0.000001*{planned})",
        ),
    ]


def _sum(block: Block, name: str) -> str:
    """The sum of a column, whatever #N/A the room below it holds."""
    return f'SUMIF({block.cells(name)},">-1E+300")'


def _last(block: Block) -> str:
    """The cell that only a table which has outgrown its room would fill."""
    return f"{sheet_name(block.sheet.title)}!$A${block.last}"


def _first(block: Block, name: str) -> str:
    """The first cell of a column."""
    return f"{sheet_name(block.sheet.title)}!${letters(block.column(name))}${block.first}"


def _beyond(live: Live, name: str) -> str:
    """The cells of a table's sheet that its fixed range does not cover."""
    return f"{name}!$A${HEADER_ROW + live.room(name) + 1}:$A$1048576"
