"""Output sheets of a template about scenarios: figures, words, weeks, lines, one plan for all."""

from __future__ import annotations

from dataclasses import dataclass

from workbook import charts
from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Block, Shown
from workbook.cell_values import cell_at
from workbook.charts import Axes
from workbook.live import CHART_ROWS, SPILL_ROW, Live, part, print_parts
from workbook.live_steps import CHARTED, live_steps
from workbook.places import letters, sheet_name
from workbook.styles import DAY, SIGNED, Format, Look

ANSWERS, WORDS, WEEKS = "Scenario answers", "Scenario sentences", "Scenario weeks"
LINES, ROBUST = "Scenario lines", "Robust plan"
FRONTIER, TARGET = "Frontier", "Target"  # where other budgets and goals are looked for
CHOSEN = "scenario_shown"  # the name of the cell in which a scenario is chosen
_SCENARIOS = 10  # scenarios that the tables have room for
_SENTENCES = 26  # rows of sentences: a long one takes two
_TWO_LINES = 28.0  # points that a row of a sentence takes
_FADING = 26  # weeks after the horizon in which a difference may still show
_CHARTS, _HALF = ("A", "G"), 17  # where two charts stand beside each other, and their width in cm
_FIGURES = (("outcome", "low", "high"), ("profit", "profit_low", "profit_high"))
_RELATED = {  # sheets that lead to each other
    "Scenarios": (ANSWERS, WEEKS, ROBUST, FRONTIER, TARGET),
    ANSWERS: ("Scenarios", WORDS, WEEKS, ROBUST, FRONTIER, TARGET),
}
_SIGNED = Format(SIGNED, 14, right=True)


@dataclass(frozen=True)
class Scenarios:
    """Where the tables of these sheets stand; `weeks` holds the pictures of a chosen scenario."""

    answers: Block
    words: Block
    weeks: Block
    lines: Block
    robust: Block


def scenario_sheets(live: Live, weeks: int) -> Scenarios:
    """Write the sheets."""
    answers = answers_sheet(live)
    words = words_sheet(live)
    of_weeks = weeks_sheet(live, answers, weeks)
    lines = lines_sheet(live, of_weeks)
    return Scenarios(answers, words, of_weeks, lines, robust_sheet(live))


def _asked(live: Live, name: str, *by: str) -> str:
    """A formula over the plan, the scenarios and the guardrails."""
    asked = (live.table("Plan"), live.table("Scenarios"), *by, live.table("Guardrails"))
    return live.call(name, "model_key", *asked)


def answers_sheet(live: Live) -> Block:
    """Every scenario against the current plan, and two pictures of them."""
    sheet = live.output(ANSWERS, "What would happen if: the sheet Scenarios less the current plan.")
    formula = _asked(live, "SCENARIO", '"total"')
    block = live.spill(sheet, shown.SCENARIO, formula, _SCENARIOS, live.scenarios)
    left = len(shown.SCENARIO) + 2
    for at, (figure, low, high) in zip(_CHARTS, _FIGURES, strict=True):
        ranges = _ranges(live, block, left, figure, low, high)
        chart = charts.differences(
            f"Difference of the {figure} by scenario",
            Axes("Scenario", figure.capitalize()),
            block.reference("scenario"),
            block.reference(figure),
            ranges.reference("up"),
            ranges.reference("down"),
            [block.reference(low), block.reference(high)],
        )
        chart.width = _HALF
        alt = f"Column per scenario: expected difference of the {figure}, a line for its range."
        live.book.chart(sheet, chart, f"{at}{block.last + 4}", alt)
        left += len(ranges.names) + 1
    text = (
        f"In words, the six standing questions among them: sheet {WORDS}. Week by week and where "
        f"it comes from: {WEEKS}. One plan for all scenarios: {ROBUST}. Other budgets: {FRONTIER}. "
        f"The least budget for a goal: {TARGET}."
    )
    live.book.text(sheet, block.last + 2, 1, text, Look.NOTE)
    for at, to in _RELATED.items():
        live.links(live.book.workbook[at], 1, 3, to, step=2)
    bottom = block.last + 4 + CHART_ROWS
    print_parts(sheet, part(1, 1, len(shown.SCENARIO), bottom))
    sheet.page_setup.fitToHeight = 1
    return block


def _ranges(live: Live, block: Block, left: int, figure: str, low: str, high: str) -> Block:
    """Right of the pages: how far each range reaches, for the picture."""
    columns = (
        Shown("up", f"{figure.capitalize()}, range above", _SIGNED),
        Shown("down", f"{figure.capitalize()}, range below", _SIGNED),
    )
    ranges = live.calculated(
        block.sheet, columns, block.rows, block.header, left, charted=block.charted
    )
    at = {name: letters(block.column(name)) for name in ("scenario", figure, low, high)}
    for row in range(block.first, block.last + 1):
        known = f"ISTEXT({at['scenario']}{row})"
        for column, (more, less) in enumerate(((high, figure), (figure, low)), left):
            text = f'=IF({known},{at[more]}{row}-{at[less]}{row},"")'
            block.sheet.cell(row, column).value = text
    return ranges


def words_sheet(live: Live) -> Block:
    """A sentence for each scenario, and what to know beside them."""
    sheet = live.output(WORDS, "Each scenario's answer as a sentence; long ones take two rows.")
    block = live.spill(sheet, shown.SENTENCES, _asked(live, "ANSWERS"), _SENTENCES)
    for row in range(block.first, block.last + 1):
        sheet.row_dimensions[row].height = _TWO_LINES
    sheet.page_setup.fitToHeight = 1
    return block


def weeks_sheet(live: Live, answers: Block, weeks: int) -> Block:
    """The weeks of every scenario, and the picture of the one that is chosen."""
    sheet = live.output(WEEKS, "The weeks of each scenario: choose one in the framed cell.")
    each = weeks + _FADING
    formula = _asked(live, "SCENARIO", '"week"')
    block = live.spill(sheet, shown.SCENARIO_WEEK, formula, _SCENARIOS * each)
    left, row = len(shown.SCENARIO_WEEK) + 2, HEADER_ROW + 4
    prompt = "Choose the scenario whose weeks are shown, and where its difference comes from."
    live.choice(sheet, left, CHOSEN, answers, "scenario", prompt)
    label = _figure(live, answers, left)
    live.found(sheet, HEADER_ROW + 1, left + 3, f"{CHOSEN}_week", block, "scenario")
    columns = (
        Shown("week", "Week", Format(DAY, 13)),
        Shown("middle", "Expected", _SIGNED),
        Shown("low", "Low", _SIGNED),
        Shown("band", "Width of the range", _SIGNED),
    )
    chosen = live.calculated(sheet, columns, each, row, left)
    for index in range(each):
        middle, low, high = (
            _of_figure(block, "week", index, *names) for names in zip(*_FIGURES, strict=True)
        )
        known = _is_chosen(block, "week", index)
        values = (_of_chosen(block, "week", index, "week"), middle, low, f"{high}-{low}")
        for column, value in enumerate(values, left):
            text = f"=IFERROR(IF({known},{value},NA()),NA())"
            sheet.cell(chosen.first + index, column).value = text
    chart = charts.fan(
        "Each week less the current plan's",
        Axes("Week", "Outcome; profit where that stays as it is", "d mmm"),
        chosen.reference("week"),
        chosen.reference("low"),
        chosen.reference("band"),
        chosen.reference("middle"),
        named=label,
    )
    alt = "Band: the range of each week's difference of the chosen scenario; line: expected."
    live.book.chart(sheet, chart, f"{letters(left + 5)}{SPILL_ROW + 1}", alt)
    live.book.text(sheet, 1, left, f"{WEEKS}: the chosen one", Look.TITLE)
    table, pictures = part(left, 1, left + 3, chosen.last), live.beside(left + 3, 2)
    print_parts(sheet, *pictures, table)
    return block


def _figure(live: Live, answers: Block, left: int) -> str:
    """What is shown: the outcome, or the profit of a scenario that leaves the outcome as it is.

    The cell that says so together with the scenario, for the legend.
    """
    sheet, row = live.book.workbook[WEEKS], HEADER_ROW + 1
    for column, title in enumerate(("Shown", "In the answers", "In the weeks"), left + 1):
        live.book.text(sheet, HEADER_ROW, column, title, Look.HEADER)
    live.found(sheet, row, left + 2, f"{CHOSEN}_answer", answers, "scenario")
    ends = ",".join(f"INDEX({answers.cells(end)},{CHOSEN}_answer)=0" for end in ("low", "high"))
    still = f'=IFERROR(IF(AND({ends}),"Profit","Outcome"),"Outcome")'
    both = f'={CHOSEN}&": "&scenario_figure'
    for at, column, text in ((row, left + 1, still), (row + 1, left, both)):
        cell = cell_at(sheet, at, column)
        cell.value, cell.style = text, Look.CALCULATION.value
    live.book.name("scenario_figure", f"{sheet_name(WEEKS)}!${letters(left + 1)}${row}")
    return f"{sheet_name(WEEKS)}!${letters(left)}${row + 1}"


def _of_figure(block: Block, of: str, index: int, outcome: str, profit: str) -> str:
    """The value of what is shown, of a row of the chosen scenario."""
    money, units = (_of_chosen(block, of, index, name) for name in (profit, outcome))
    return f'IF(scenario_figure="Profit",{money},{units})'


def _of_chosen(block: Block, of: str, index: int, name: str) -> str:
    """The value of a row of the chosen scenario, as a part of a formula; of: week or line."""
    return f"INDEX({block.cells(name)},{CHOSEN}_{of}+{index})"


def _is_chosen(block: Block, of: str, index: int) -> str:
    """Compared as new texts, as `Live.found` does."""
    return f'{_of_chosen(block, of, index, "scenario")}&""={CHOSEN}&""'


def lines_sheet(live: Live, weeks: Block) -> Block:
    """The lines of every scenario; the chosen one's waterfall stands beside its weeks."""
    sheet = live.output(LINES, f"Where each difference comes from; the picture is on {WEEKS}.")
    formula = _asked(live, "SCENARIO", '"line"')
    block = live.spill(sheet, shown.SCENARIO_LINE, formula, _SCENARIOS * live.line_room)

    left = len(shown.SCENARIO_LINE) + 2

    def of_chosen(index: int) -> tuple[str, str]:
        value = _of_figure(block, "line", index, "outcome", "profit")
        line = _of_chosen(block, "line", index, "line")
        return f'{line}&""', f"IF({_is_chosen(block, 'line', index)},{value},0)"

    live.book.text(sheet, 1, left, "Row of the chosen scenario", Look.CALCULATION)
    live.found(sheet, 1, left + 1, f"{CHOSEN}_line", block, "scenario")
    steps = live_steps(live, sheet, HEADER_ROW, left, of_chosen)
    chart = charts.waterfall(
        "Where it comes from, line by line",
        Axes("Line", "Carry-out included"),
        *(steps.reference(name) for name in CHARTED),
    )
    alt = "Waterfall: what each line adds to the chosen scenario's difference or takes away."
    at = f"{letters(len(shown.SCENARIO_WEEK) + 7)}{SPILL_ROW + 2 + CHART_ROWS}"
    live.book.chart(weeks.sheet, chart, at, alt)
    print_parts(sheet, part(1, 1, len(shown.SCENARIO_LINE), block.last))
    return block


def robust_sheet(live: Live) -> Block:
    """One plan for all scenarios as they are weighted, and how each plan fares in each of them."""
    sheet = live.output(
        ROBUST,
        "One plan for all scenarios, as the column weight of Scenarios says how likely they are; "
        "without any weight they count alike.",
    )
    block = live.spill(
        sheet, shown.ROBUST_LINES, _asked(live, "ROBUST_PLAN"), live.line_room, live.lines
    )
    row = block.last + 5
    live.book.text(sheet, row - 3, 1, "How each plan fares in each scenario", Look.SECTION)
    rows = 3 * (_SCENARIOS + 1)
    regrets = live.spill(sheet, shown.ROBUST, _asked(live, "REGRETS"), rows, row=row)
    chart = charts.columns(
        "Spend now, best on average, and robust",
        Axes("Line", "Money over the horizon"),
        block.reference("line"),
        [
            (block.reference("current"), "Current"),
            (block.reference("expected"), "Best on average"),
            (block.reference("robust"), "Robust"),
        ],
    )
    alt = "Columns per line: current spend, the plan best on average, and the robust one."
    width = len(shown.ROBUST)
    live.book.chart(sheet, chart, f"{letters(width + 2)}{SPILL_ROW + 1}", alt)
    print_parts(sheet, part(1, 1, width, regrets.last), *live.beside(width))
    return block


__all__ = ["ANSWERS", "LINES", "ROBUST", "WEEKS", "WORDS", "Scenarios", "scenario_sheets"]
