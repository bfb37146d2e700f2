"""Output sheets of a template about other plans: what if, other budgets, a target, the weeks."""

from __future__ import annotations

from dataclasses import dataclass

from workbook import charts
from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Block, Shown
from workbook.cell_values import cell_at
from workbook.charts import Axes
from workbook.live import SPILL_ROW, Live
from workbook.places import letters
from workbook.styles import DAY, MONEY, SIGNED, TEXT, Format, Look

ANSWERS, WEEKS, FRONTIER, TARGET = "Scenario answers", "Scenario weeks", "Frontier", "Target"
FLIGHTING = "Flighting"
_SCENARIOS = 10  # scenarios that the tables have room for
_BUDGETS = 11  # of FRONTIER
_FADING = 26  # weeks after the horizon in which a difference may still show
_SIGNED = Format(SIGNED, 14, right=True)


@dataclass(frozen=True)
class OtherPlans:
    """Where the tables of these sheets stand."""

    answers: Block
    weeks: Block
    frontier: Block
    target: Block
    flighting: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All of them."""
        return (self.answers, self.weeks, self.frontier, self.target, self.flighting)


def other_plans(live: Live, weeks: int) -> OtherPlans:
    """Write the sheets."""
    answers = answers_sheet(live)
    of_weeks = weeks_sheet(live, answers, weeks)
    frontier = frontier_sheet(live)
    target = target_sheet(live, frontier)
    return OtherPlans(answers, of_weeks, frontier, target, flighting_sheet(live, weeks))


def answers_sheet(live: Live) -> Block:
    """Every scenario against the current plan, a sentence each, and their picture."""
    sheet = live.output(ANSWERS, "What would happen if: the sheet Scenarios less the current plan.")
    arguments = (live.table("Plan"), live.table("Scenarios"), '"total"', live.table("Guardrails"))
    formula = live.call("SCENARIO", "model_key", *arguments)
    block = live.spill(sheet, shown.SCENARIO, formula, _SCENARIOS, live.scenarios)
    words = _in_words(live, block)
    chart = charts.differences(
        "Difference of the outcome by scenario",
        Axes("Scenario", "Outcome"),
        block.reference("scenario"),
        block.reference("outcome"),
        words.reference("up"),
        words.reference("down"),
    )
    alt = "Column per scenario: expected difference of the outcome, a line for its range."
    live.book.chart(sheet, chart, f"A{words.last + 2}", alt)
    where = words.last + 24
    texts = (
        f"Week by week: sheet {WEEKS}. Other budgets: sheet {FRONTIER}. The least budget for a "
        f"target: sheet {TARGET}.",
        "With re-optimisation, timing and the test that would show it: `xlbudget plan` writes each "
        "answer as a sentence.",
    )
    for at, text in enumerate(texts, where):
        live.book.text(sheet, at, 1, text, Look.NOTE)
    sheet.page_setup.fitToHeight = 1
    return block


def _in_words(live: Live, block: Block) -> Block:
    """Below the table: how far each range reaches, and the figures as a sentence."""
    columns = (
        Shown("of", "Scenario", Format(TEXT, 24)),
        Shown("order", "No.", Format("0", 8, right=True)),
        Shown("up", "Range above", _SIGNED),
        Shown("down", "Range below", _SIGNED),
        Shown("words", "In words", Format(TEXT, 14)),
    )
    row = block.last + 4
    live.book.text(block.sheet, row - 2, 1, "In words (calculation)", Look.SECTION)
    live.book.header(block.sheet, columns, row, 1)
    live.book.dress(block.sheet, columns, row, 1, block.rows, Look.CALCULATION)
    at = {name: letters(block.column(name)) for name in block.names}
    for index in range(block.rows):
        source = block.first + index
        cell = {name: f"{letter}{source}" for name, letter in at.items()}
        known = f"ISTEXT({cell['scenario']})"
        told = [_told(cell[n], cell[low], cell[high]) for n, low, high in _RANGES]
        sentence = (
            f'"The outcome changes by "&{told[0]}&", the profit by "&{told[1]}&"; less profit '
            f'than under the plan has a probability of "&ROUND(100*{cell["prob_loss"]},0)&" %."'
        )
        texts = (
            f'=IF({known},{cell["scenario"]},"")',
            f'=IF({known},{index + 1},"")',
            f'=IF({known},{cell["high"]}-{cell["outcome"]},"")',
            f'=IF({known},{cell["outcome"]}-{cell["low"]},"")',
            f'=IF({known},{sentence},"")',
        )
        for column, text in enumerate(texts, 1):
            block.sheet.cell(row + 1 + index, column).value = text
    names = tuple(column.name for column in columns)
    return Block(block.sheet, row, 1, names, block.rows, block.charted)


_RANGES = (("outcome", "low", "high"), ("profit", "profit_low", "profit_high"))


def _told(middle: str, low: str, high: str) -> str:
    """`-458,825 (-548,035 to -385,923)` as a formula."""
    return f'FIXED({middle},0)&" ("&FIXED({low},0)&" to "&FIXED({high},0)&")"'


def weeks_sheet(live: Live, answers: Block, weeks: int) -> Block:
    """The weeks of every scenario, and the picture of the one that is chosen."""
    sheet = live.output(WEEKS, "The weeks of each scenario: choose one in the framed cell.")
    arguments = (live.table("Plan"), live.table("Scenarios"), '"week"', live.table("Guardrails"))
    formula = live.call("SCENARIO", "model_key", *arguments)
    each = weeks + _FADING
    block = live.spill(sheet, shown.SCENARIO_WEEK, formula, _SCENARIOS * each)
    left = len(shown.SCENARIO_WEEK) + 2
    prompt = "Choose the scenario whose weeks are shown."
    live.choice(sheet, left, "scenario_shown", answers, "scenario", prompt)
    columns = (
        Shown("week", "Week", Format(DAY, 13)),
        Shown("outcome", "Outcome", _SIGNED, "outcome"),
        Shown("low", "Low", _SIGNED, "outcome"),
        Shown("band", "Width of the range", _SIGNED, "outcome"),
    )
    row = HEADER_ROW + 4
    live.book.header(sheet, columns, row, left)
    live.book.dress(sheet, columns, row, left, each, Look.CALCULATION)
    chosen = Block(sheet, row, left, tuple(c.name for c in columns), each)
    names = block.cells("scenario")
    for index in range(each):
        at = f"MATCH(scenario_shown,{names},0)+{index}"
        mine = f"INDEX({names},{at})=scenario_shown"
        low, high = (f"INDEX({block.cells(name)},{at})" for name in ("low", "high"))
        values = (
            f"INDEX({block.cells('week')},{at})",
            f"INDEX({block.cells('outcome')},{at})",
            low,
            f"{high}-{low}",
        )
        for column, value in enumerate(values, left):
            sheet.cell(row + 1 + index, column).value = f"=IFERROR(IF({mine},{value},NA()),NA())"
    chart = charts.fan(
        "The outcome of each week less the current plan's",
        Axes("Week", "Outcome a week", "d mmm"),
        chosen.reference("week"),
        chosen.reference("low"),
        chosen.reference("band"),
        chosen.reference("outcome"),
    )
    alt = "Band: the range of each week's difference of the chosen scenario; line: expected."
    live.book.chart(sheet, chart, f"{letters(left + 5)}{SPILL_ROW + 1}", alt)
    return block


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
    live.book.chart(sheet, returns, f"{left}{HEADER_ROW + 22}", alt)
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
    live.book.header(sheet, columns, HEADER_ROW, left)
    live.book.dress(sheet, columns, HEADER_ROW, left, weeks, Look.CALCULATION)
    by_week = Block(sheet, HEADER_ROW, left, tuple(c.name for c in columns), weeks)
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
    live.book.chart(sheet, chart, f"{letters(left + 5)}{SPILL_ROW + 1}", alt)
    return block
