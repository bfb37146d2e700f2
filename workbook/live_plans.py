"""Output sheets of a template about other plans: other budgets, a target, the weeks."""

from __future__ import annotations

from dataclasses import dataclass

from workbook import charts
from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Block, Shown
from workbook.cell_values import cell_at
from workbook.charts import Axes
from workbook.live import CHART_COLUMNS, CHART_ROWS, SPILL_ROW, Live, part, print_parts
from workbook.live_scenarios import FRONTIER, TARGET, Scenarios, scenario_sheets
from workbook.places import letters
from workbook.styles import DAY, MONEY, SIGNED, Format, Look

FLIGHTING = "Flighting"
_BUDGETS = 11  # of FRONTIER
_SIGNED = Format(SIGNED, 14, right=True)


@dataclass(frozen=True)
class OtherPlans:
    """Where the tables of these sheets stand."""

    scenarios: Scenarios
    frontier: Block
    target: Block
    flighting: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All of them."""
        of = self.scenarios
        what_if = (of.answers, of.words, of.weeks, of.lines, of.robust)
        return (*what_if, self.frontier, self.target, self.flighting)


def other_plans(live: Live, weeks: int) -> OtherPlans:
    """Write the sheets."""
    scenarios = scenario_sheets(live, weeks)
    frontier = frontier_sheet(live)
    target = target_sheet(live, frontier)
    return OtherPlans(scenarios, frontier, target, flighting_sheet(live, weeks))


def frontier_sheet(live: Live) -> Block:
    """What other budgets would bring."""
    sheet = live.output(FRONTIER, "The best allowed plan from half to one and a half of the money.")
    arguments = (live.table("Plan"), live.table("Guardrails"))
    formula = live.call("FRONTIER", "model_key", *arguments)
    block = live.spill(sheet, shown.FRONTIER, formula, _BUDGETS)
    left = letters(len(shown.FRONTIER) + 2)
    brings = charts.curve(
        "Outcome that a budget brings",
        Axes("Budget", "Outcome, carry-out included", "#,##0"),
        block.reference("budget"),
        block.reference("outcome"),
        [(block.reference("low"), "Low"), (block.reference("high"), "High")],
    )
    returns = charts.curve(
        "What the next unit of money returns",
        Axes("Budget", "Money per money", "#,##0", "0.00"),
        block.reference("budget"),
        block.reference("marginal_roi"),
        name="Marginal ROI",
    )
    alt = "Curve: outcome of the best plan for each budget, with its range."
    live.book.chart(sheet, brings, f"{left}{SPILL_ROW + 1}", alt)
    alt = "Curve: marginal return of the best plan, falling as the budget grows."
    live.book.chart(sheet, returns, f"{left}{SPILL_ROW + 2 + CHART_ROWS}", alt)
    width = len(shown.FRONTIER)
    print_parts(sheet, part(1, 1, width, block.last), *live.beside(width, 2))
    return block


def target_sheet(live: Live, frontier: Block) -> Block:
    """The least budget whose best plan reaches a target that is typed in."""
    sheet = live.output(TARGET, "The least budget for a target: type it in the framed cell.")
    formula = live.call(
        "BUDGET_FOR", "model_key", live.table("Plan"), "target_outcome", live.table("Guardrails")
    )
    block = live.spill(sheet, shown.ALLOCATION, formula, live.line_room, live.lines)
    left = len(shown.ALLOCATION) + 2
    live.book.text(sheet, HEADER_ROW, left, "Target", Look.HEADER)
    cell = cell_at(sheet, HEADER_ROW + 1, left)
    today = f"MATCH(0,{frontier.cells('change_pct')},0)"
    cell.value = f"=IFERROR(INDEX({frontier.cells('outcome')},{today}),0)"
    cell.style, cell.number_format = Look.INPUT.value, MONEY
    sheet.column_dimensions[letters(left)].width = 18
    live.book.name("target_outcome", f"{TARGET}!${letters(left)}${HEADER_ROW + 1}")
    text = "What the best plan brings for today's budget; type the outcome that is wanted."
    live.book.text(sheet, HEADER_ROW + 2, left, text, Look.NOTE)
    chart = charts.columns(
        "Spend now and for the target",
        Axes("Line", "Money over the horizon"),
        block.reference("line"),
        [
            (block.reference("current"), "Current"),
            (block.reference("recommended"), "For the target"),
        ],
    )
    alt = "Columns per line: current spend beside the least spend that reaches the target."
    live.book.chart(sheet, chart, f"{letters(left)}{HEADER_ROW + 4}", alt)
    picture = part(left, 1, left + CHART_COLUMNS, HEADER_ROW + 4 + CHART_ROWS)
    print_parts(sheet, part(1, 1, len(shown.ALLOCATION), block.last), picture)
    return block


def flighting_sheet(live: Live, weeks: int) -> Block:
    """When to spend: the plan's money over the weeks, each line's total kept."""
    sheet = live.output(FLIGHTING, "When to spend: every line keeps its total.")
    arguments = (live.table("Plan"), live.table("Guardrails"))
    formula = live.call("FLIGHT", "model_key", *arguments)
    block = live.spill(sheet, shown.FLIGHT, formula, live.line_room * weeks)
    left = len(shown.FLIGHT) + 2
    columns = (
        Shown("week", "Week", Format(DAY, 13)),
        Shown("current", "As planned", Format(MONEY, 14, right=True), "money"),
        Shown("spend", "Recommended", Format(MONEY, 14, right=True), "money"),
        Shown("gain", "Gain", _SIGNED, "outcome"),
    )
    by_week = live.calculated(sheet, columns, weeks, HEADER_ROW, left)
    for index in range(weeks):
        at, source = by_week.first + index, block.first + index
        week = f"{letters(left)}{at}"
        sheet.cell(at, left).value = f"=A{source}"
        for offset, name in enumerate(by_week.names[1:], 1):
            total = f"SUMIF({block.cells('week')},{week},{block.cells(name)})"
            sheet.cell(at, left + offset).value = f"=IFERROR({total},NA())"
    chart = charts.columns(
        "Spend a week, all lines together",
        Axes("Week", "Money a week", "d mmm"),
        by_week.reference("week"),
        [
            (by_week.reference("current"), "As planned"),
            (by_week.reference("spend"), "Recommended"),
        ],
    )
    alt = "Columns per week: planned spend beside recommended spend, all lines together."
    live.book.chart(sheet, chart, f"{letters(left)}{by_week.last + 2}", alt)
    picture = part(left, HEADER_ROW - 1, left + CHART_COLUMNS, by_week.last + 2 + CHART_ROWS)
    print_parts(sheet, picture, part(1, 1, len(shown.FLIGHT), block.last))
    return block
