"""The output sheets of a template: each one table formula, its chart and its checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.worksheet.worksheet import Worksheet

from workbook import charts
from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Block, SheetKind, Shown
from workbook.cell_values import cell_at
from workbook.charts import Axes
from workbook.live import SPILL_ROW, Live
from workbook.places import letters, sheet_name
from workbook.rules import setting_validation
from workbook.spelling import Host
from workbook.styles import DAY, MONEY, SIGNED, TEXT, Format, Look
from xlbudget.tables import SETTINGS_ROWS

_POINTS = 40


def output_sheets(live: Live, lines: int, weeks: int) -> list[Worksheet]:
    """Write them all; returned are those that are locked against typing by mistake."""
    model = _model(live)
    forecast = _forecast(live, weeks)
    returns = _marginal_roi(live, lines)
    allocation = _allocation(live, lines)
    curves = _curves(live, returns, allocation)
    approvals = _approvals(live, allocation)
    checks = _checks(live, forecast, allocation, approvals)
    sheets = [block.sheet for block in (forecast, returns, allocation, approvals)]
    return [model, *sheets, curves, checks]


@dataclass(frozen=True)
class _Cell:
    """A named cell of the Model sheet."""

    label: str
    name: str
    formula: str
    help: str


def _model(live: Live) -> Worksheet:
    """The one fitted model, and the settings that formulas take."""
    book = live.book
    sheet = book.sheet(
        "Model",
        SheetKind.CALCULATION,
        "Model",
        "Fitted once, found again by its key. Every output sheet reads from here.",
    )
    tables = ("Spend", "Outcomes", "Controls", "Channels", "Experiments", "Settings")
    cells = (
        _Cell(
            "Model",
            "model_key",
            live.call("MODEL", *map(live.table, tables)),
            "Key and summary of the fitted model. Ctrl+Alt+F9 fits it again.",
        ),
        _Cell("Budget", "plan_budget", live.setting("budget"), "From Settings; empty: the plan's."),
        _Cell("Risk", "plan_risk", live.setting("risk"), "From Settings."),
        _Cell("Confidence", "plan_confidence", live.setting("confidence"), "From Settings."),
        _Cell("Weeks", "plan_weeks", live.setting("horizon_weeks"), "From Settings."),
        _Cell("Version", "budget_version", live.call("VERSION"), "Version and host."),
        _Cell("Empty cell", "probe_empty", "", "Known to be empty: shows how the host sends it."),
    )
    for column, (title, width) in enumerate((("What", 18), ("Value", 60), ("Meaning", 64)), 1):
        book.text(sheet, HEADER_ROW, column, title, Look.HEADER)
        sheet.column_dimensions[letters(column)].width = width
    for row, cell in enumerate(cells, HEADER_ROW + 1):
        book.text(sheet, row, 1, cell.label, Look.CALCULATION)
        value = cell_at(sheet, row, 2)
        value.value, value.style = cell.formula or None, Look.CALCULATION.value
        book.text(sheet, row, 3, cell.help, Look.NOTE)
        book.name(cell.name, f"Model!$B${row}")
    book.repeat(sheet)
    return sheet


def _output(live: Live, name: str, note: str) -> Worksheet:
    sheet = live.book.sheet(name, SheetKind.OUTPUT, name, f"{note} Calculated: do not type here.")
    live.book.repeat(sheet, SPILL_ROW)
    sheet.print_title_rows = f"{HEADER_ROW}:{SPILL_ROW}"
    return sheet


def _beside(columns: Sequence[Shown], row: int = HEADER_ROW) -> str:
    """Where a chart stands: beside the table, after an empty column."""
    return f"{letters(len(columns) + 2)}{row}"


def _forecast(live: Live, weeks: int) -> Block:
    sheet = _output(live, "Forecast", "What the current plan brings, week by week, with its range.")
    formula = live.call("FORECAST", "model_key", live.table("Plan"), "plan_confidence")
    block = live.spill(sheet, shown.FORECAST, formula, weeks)
    chart = charts.lines(
        "Outcome a week under the current plan",
        Axes("Week", "Outcome a week", DAY),
        block.reference("week"),
        [
            (block.reference("total"), "Total"),
            (block.reference("low"), "Low"),
            (block.reference("high"), "High"),
            (block.reference("baseline"), "Baseline"),
        ],
    )
    alt = "Lines over the weeks of the horizon: total outcome, its low and high end, baseline."
    live.book.chart(sheet, chart, _beside(shown.FORECAST), alt)
    return block


def _marginal_roi(live: Live, lines: int) -> Block:
    sheet = _output(live, "Marginal ROI", "What the next unit of money brings back, per line.")
    block = live.spill(sheet, shown.MARGINAL_ROI, live.call("MARGINAL_ROI", "model_key"), lines)
    chart = charts.columns(
        "Average and marginal ROI",
        Axes("Line", "Money back per money", y_format="0.0"),
        block.reference("line"),
        [
            (block.reference("roi"), "Average ROI"),
            (block.reference("marginal_roi"), "Marginal ROI"),
        ],
    )
    alt = "Columns per line: average ROI beside marginal ROI."
    live.book.chart(sheet, chart, _beside(shown.MARGINAL_ROI), alt)
    return block


def _allocation(live: Live, lines: int) -> Block:
    sheet = _output(live, "Allocation", "The best split of the budget that the guardrails allow.")
    arguments = (live.table("Plan"), "plan_budget", live.table("Guardrails"), "", "plan_risk")
    formula = live.call("OPTIMIZE", "model_key", *arguments)
    block = live.spill(sheet, shown.ALLOCATION, formula, lines)
    at = _beside(shown.ALLOCATION)
    chart = charts.columns(
        "Spend before and after",
        Axes("Line", "Money over the horizon"),
        block.reference("line"),
        [
            (block.reference("current"), "Current"),
            (block.reference("recommended"), "Recommended"),
        ],
    )
    alt = "Columns per line: current spend beside recommended spend."
    live.book.chart(sheet, chart, at, alt)
    steps = _waterfall_steps(live, block)
    fall = charts.waterfall(
        "Where the gain comes from",
        Axes("Line", "Outcome over the horizon"),
        block.reference("line"),
        *(steps.reference(name) for name in ("base", "up", "down")),
    )
    below = f"{letters(len(shown.ALLOCATION) + 2)}{HEADER_ROW + 22}"
    alt = "Waterfall per line: what each change of spend adds to the outcome or takes away."
    live.book.chart(sheet, fall, below, alt)
    return block


def _waterfall_steps(live: Live, block: Block) -> Block:
    """The steps of the waterfall, below the table: where each starts, what it adds or takes."""
    number = Format(SIGNED, 13, right=True)
    columns = (
        Shown("line", "Line", Format(TEXT, 24)),
        Shown("base", "Starts at", number),
        Shown("up", "Adds", number),
        Shown("down", "Takes away", number),
    )
    row = block.last + 4
    live.book.text(block.sheet, row - 2, 1, "Steps of the gain (calculation)", Look.SECTION)
    live.book.header(block.sheet, columns, row, 1)
    live.book.dress(block.sheet, columns, row, 1, block.rows, Look.CALCULATION)
    gain = letters(block.column("gain"))
    for index in range(block.rows):
        source, at = block.first + index, row + 1 + index
        so_far = f"SUM({gain}${block.first}:{gain}{source})"
        known = f"ISNUMBER({gain}{source})"
        texts = (
            f'=IF(ISTEXT(A{source}),A{source},"")',
            f'=IF({known},MIN({so_far},{so_far}-{gain}{source}),"")',
            f'=IF({known},MAX({gain}{source},0),"")',
            f'=IF({known},MAX(-{gain}{source},0),"")',
        )
        for column, text in enumerate(texts, 1):
            block.sheet.cell(at, column).value = text
    return Block(block.sheet, row, 1, tuple(column.name for column in columns), block.rows)


def _curves(live: Live, returns: Block, allocation: Block) -> Worksheet:
    """The curve of the line that is chosen, with the current and the recommended point."""
    sheet = _output(live, "Curves", "The response curve of one line: choose it in the framed cell.")
    book, left = live.book, len(shown.CURVE) + 2
    block = live.spill(
        sheet,
        shown.CURVE,
        live.call("CURVE", "model_key", "curve_line", str(_POINTS)),
        _POINTS,
    )
    columns = (
        Shown("what", "Point", Format(TEXT, 16)),
        Shown("spend", "Weekly spend", Format(MONEY, 14, right=True), "money"),
        Shown("after", "Curve row", Format("0", 10, right=True)),
        Shown("response", "Response", Format(MONEY, 14, right=True), "outcome a week"),
    )
    row = HEADER_ROW + 4
    book.text(sheet, HEADER_ROW, left, "Line", Look.HEADER)
    chosen = cell_at(sheet, HEADER_ROW + 1, left)
    first = f"{sheet_name(returns.sheet.title)}!$A${returns.first}"
    chosen.value, chosen.style = f"={first}", Look.INPUT.value
    book.name("curve_line", f"Curves!${letters(left)}${HEADER_ROW + 1}")
    rule = setting_validation(SETTINGS_ROWS[0])
    rule.type, rule.formula1 = "list", returns.cells("line")
    rule.promptTitle, rule.prompt = "Line", "Choose the line whose curve is shown."
    rule.add(chosen.coordinate)
    sheet.add_data_validation(rule)
    book.header(sheet, columns, row, left)
    book.dress(sheet, columns, row, left, 2, Look.CALCULATION)
    points = Block(sheet, row, left, tuple(column.name for column in columns), 2)
    spend, response = block.cells("spend"), block.cells("response")
    for index, name in enumerate(("current", "recommended")):
        at = row + 1 + index
        x, after = f"{letters(left + 1)}{at}", f"{letters(left + 2)}{at}"
        money = f"INDEX({allocation.cells(name)},MATCH(curve_line,{allocation.cells('line')},0))"
        x0, x1 = f"INDEX({spend},{after})", f"INDEX({spend},{after}+1)"
        y0, y1 = f"INDEX({response},{after})", f"INDEX({response},{after}+1)"
        texts = (
            name.capitalize(),
            f"=IFERROR({money}/plan_weeks,NA())",
            f"=IFERROR(MIN(MATCH({x},{spend},1),COUNT({spend})-1),NA())",
            f"=IFERROR({y0}+({x}-{x0})*({y1}-{y0})/({x1}-{x0}),NA())",
        )
        for column, text in enumerate(texts, left):
            sheet.cell(at, column).value = text
    chart = charts.curve(
        "Response to a steady weekly spend",
        Axes("Weekly spend", "Outcome a week", "#,##0"),
        block.reference("spend"),
        block.reference("response"),
        block.reference("low"),
        block.reference("high"),
        [
            (
                points.reference("spend", slice(index, index + 1)),
                points.reference("response", slice(index, index + 1)),
                name,
            )
            for index, name in enumerate(("Current", "Recommended"))
        ],
    )
    alt = "Response curve of the chosen line with its range; a circle is current spend, a diamond "
    book.chart(sheet, chart, f"{letters(left)}{row + 5}", alt + "the recommended spend.")
    return sheet


def _approvals(live: Live, allocation: Block) -> Block:
    sheet = _output(live, "Approvals", "What may run as it is, and what needs whose approval.")
    last = f"${letters(len(allocation.names))}${allocation.last}"
    proposed = f"{sheet_name(allocation.sheet.title)}!$A${SPILL_ROW}:{last}"
    arguments = (live.table("Plan"), proposed, live.table("Guardrails"), "model_key")
    formula = live.call("APPROVALS", *arguments)
    return live.spill(sheet, shown.APPROVALS, formula, allocation.rows)


def _checks(live: Live, forecast: Block, allocation: Block, approvals: Block) -> Worksheet:
    """What a controller would test by hand; one cell says OK."""
    book = live.book
    sheet = book.sheet(
        "Checks", SheetKind.OUTPUT, "Checks", "OK everywhere, or LOOK where a person should."
    )

    def total(name: str) -> str:
        return f'SUMIF({allocation.cells(name)},">-1E+300")'

    statuses = approvals.cells("status")
    lines = f"SUMPRODUCT(--ISTEXT({allocation.cells('line')}))"
    checks = [
        ("The model is fitted", 'AND(ISTEXT(model_key),LEFT(model_key,7)<>"BUDGET:")'),
        (
            "The forecast has every week of the horizon",
            f"COUNT({forecast.cells('week')})=plan_weeks",
        ),
        (
            "The recommended split uses the budget",
            f"ABS({total('recommended')}-IF(N(plan_budget)>0,plan_budget,{total('current')}))"
            f"<=0.000001*{total('current')}+0.01",
        ),
        ("Every change has an approval status", f'AND({lines}>0,{lines}=COUNTIF({statuses},"?*"))'),
        (
            "Every line has room in the tables",
            f"ISNA({sheet_name(allocation.sheet.title)}!$A${allocation.last})",
        ),
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


def _beyond(live: Live, name: str) -> str:
    """The cells of a table's sheet that its fixed range does not cover."""
    return f"{name}!$A${HEADER_ROW + live.room(name) + 1}:$A$1048576"
