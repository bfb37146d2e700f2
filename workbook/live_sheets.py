"""The output sheets of a template: each one table formula, its chart and its checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from workbook import charts
from workbook import result_columns as shown
from workbook.book import HEADER_ROW, LINE, Block, SheetKind, Shown
from workbook.cell_values import cell_at
from workbook.charts import Axes
from workbook.live import CHART_COLUMNS, CHART_ROWS, SPILL_ROW, Live, part, print_parts
from workbook.live_checks import checks_sheet
from workbook.live_plans import other_plans
from workbook.live_proof import method_sheet, readiness_sheet
from workbook.live_steps import CHARTED, live_steps
from workbook.places import letters, sheet_name
from workbook.styles import DAY, MONEY, TEXT, Format, Look

_POINTS = 40
_FITTED = (  # MODEL's arguments, in their order
    "Spend",
    "Outcomes",
    "Controls",
    "Channels",
    "Experiments",
    "Settings",
    "Regions",
    "Priors",
)


def output_sheets(live: Live, weeks: int) -> list[Worksheet]:
    """Write them all; returned are those that are locked against typing by mistake."""
    model = _model(live)
    readiness = readiness_sheet(live)
    forecast = _forecast(live, weeks)
    returns = _marginal_roi(live)
    allocation = _allocation(live)
    curves = _curves(live, returns, allocation)
    plans = other_plans(live, weeks)
    approvals = _approvals(live, allocation)
    method = method_sheet(live)
    checks = checks_sheet(live, readiness, forecast, allocation, approvals, plans)
    tables = (readiness, forecast, returns, allocation, approvals, *plans.blocks)
    return [model, *(block.sheet for block in tables), curves, method, checks]


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
    cells = (
        _Cell(
            "Model",
            "model_key",
            live.call("MODEL", *map(live.table, _FITTED)),
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
        if cell.name in ("model_key", "budget_version"):  # a sentence each
            sheet.row_dimensions[row].height = 3 * LINE + 2
        value.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
        book.text(sheet, row, 3, cell.help, Look.NOTE)
        cell_at(sheet, row, 3).alignment = Alignment(vertical="top")
        book.name(cell.name, f"Model!$B${row}")
    book.repeat(sheet)
    return sheet


def _beside(columns: Sequence[Shown], row: int = SPILL_ROW + 1) -> str:
    """Where a chart stands: beside the table, below the rows that every page repeats."""
    return f"{letters(len(columns) + 2)}{row}"


def _forecast(live: Live, weeks: int) -> Block:
    sheet = live.output("Forecast", "What the current plan brings, week by week, with its range.")
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
    carried = live.call("CARRIED", "model_key", live.table("Plan"), "plan_confidence")
    below = max(block.last, SPILL_ROW + CHART_ROWS)
    live.spill(sheet, shown.CARRIED, carried, 2, row=below + 4)
    return block


def _marginal_roi(live: Live) -> Block:
    sheet = live.output("Marginal ROI", "What the next unit of money brings back, per line.")
    block = live.spill(
        sheet,
        shown.MARGINAL_ROI,
        live.call("MARGINAL_ROI", "model_key"),
        live.line_room,
        live.lines,
    )
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
    width = len(shown.MARGINAL_ROI)
    print_parts(sheet, part(1, 1, width, block.last), *live.beside(width))
    return block


def _allocation(live: Live) -> Block:
    sheet = live.output("Allocation", "The best split of the budget that the guardrails allow.")
    arguments = (live.table("Plan"), "plan_budget", live.table("Guardrails"), "", "plan_risk")
    formula = live.call("OPTIMIZE", "model_key", *arguments)
    block = live.spill(sheet, shown.ALLOCATION, formula, live.line_room, live.lines)
    width = len(shown.ALLOCATION)
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
    live.book.chart(sheet, chart, _beside(shown.ALLOCATION), alt)
    line, gain = (letters(block.column(name)) for name in ("line", "gain"))

    def gained(index: int) -> tuple[str, str]:
        row = block.first + index
        return f'{line}{row}&""', f"{gain}{row}"

    row = block.last + 4
    live.book.text(sheet, row - 2, 1, "Steps of the gain (calculation)", Look.SECTION)
    steps = live_steps(live, sheet, row, 1, gained)
    fall = charts.waterfall(
        "Where the gain comes from",
        Axes("Line", "Outcome over the horizon"),
        *(steps.reference(name) for name in CHARTED),
    )
    alt = "Waterfall per line: what each change of spend adds to the outcome or takes away."
    live.book.chart(sheet, fall, _beside(shown.ALLOCATION, SPILL_ROW + 2 + CHART_ROWS), alt)
    print_parts(sheet, part(1, 1, width, block.last), *live.beside(width, 2))
    return block


def _curves(live: Live, returns: Block, allocation: Block) -> Worksheet:
    """The curve of the line that is chosen, with the current and the recommended point."""
    sheet = live.output("Curves", "The response curve of one line: choose it in the framed cell.")
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
    prompt = "Choose the line whose curve is shown."
    live.choice(sheet, left, "curve_line", returns, "line", prompt)
    book.text(sheet, HEADER_ROW, left + 1, "In the allocation", Look.HEADER)
    live.found(sheet, HEADER_ROW + 1, left + 1, "curve_line_allocation", allocation, "line")
    points = live.calculated(sheet, columns, 2, row, left)
    spend, response = block.cells("spend"), block.cells("response")
    for index, name in enumerate(("current", "recommended")):
        at = row + 1 + index
        x, after = f"{letters(left + 1)}{at}", f"{letters(left + 2)}{at}"
        money = f"INDEX({allocation.cells(name)},curve_line_allocation)"
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
        [(block.reference("low"), "Low"), (block.reference("high"), "High")],
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
    picture = part(left, 1, left + CHART_COLUMNS, row + 5 + CHART_ROWS)
    print_parts(sheet, part(1, 1, len(shown.CURVE), block.last), picture)
    return sheet


def _approvals(live: Live, allocation: Block) -> Block:
    sheet = live.output("Approvals", "What may run as it is, and what needs whose approval.")
    title, last = sheet_name(allocation.sheet.title), letters(len(allocation.names))
    filled = f"1+SUMPRODUCT(--ISTEXT({allocation.cells('line')}))"  # the room left holds #N/A
    corner = f"INDEX({title}!${last}${SPILL_ROW}:${last}${allocation.last},{filled})"
    proposed = f"{title}!$A${SPILL_ROW}:{corner}"
    arguments = (live.table("Plan"), proposed, live.table("Guardrails"), "model_key")
    formula = live.call("APPROVALS", *arguments)
    return live.spill(sheet, shown.APPROVALS, formula, allocation.rows)
