"""Output sheets of a template about scenarios: figures, words, weeks, lines, one plan for all."""

from __future__ import annotations

from dataclasses import dataclass

from workbook import charts
from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Block, Shown
from workbook.charts import Axes
from workbook.live import SPILL_ROW, Live
from workbook.places import letters
from workbook.styles import DAY, MONEY, SIGNED, TEXT, Format, Look

ANSWERS, WORDS, WEEKS = "Scenario answers", "Scenario sentences", "Scenario weeks"
LINES, ROBUST = "Scenario lines", "Robust plan"
FRONTIER, TARGET = "Frontier", "Target"  # where other budgets and goals are looked for
_SCENARIOS = 10  # scenarios that the tables have room for
_SENTENCES = 26  # rows of sentences: a long one takes two
_TWO_LINES = 28.0  # points that a row of a sentence takes
_FADING = 26  # weeks after the horizon in which a difference may still show
_CHART_ROWS = 22  # rows of the default height that a chart covers
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
    """Every scenario against the current plan, and their picture."""
    sheet = live.output(ANSWERS, "What would happen if: the sheet Scenarios less the current plan.")
    formula = _asked(live, "SCENARIO", '"total"')
    block = live.spill(sheet, shown.SCENARIO, formula, _SCENARIOS, live.scenarios)
    ranges = _ranges(live, block)
    chart = charts.differences(
        "Difference of the outcome by scenario",
        Axes("Scenario", "Outcome"),
        block.reference("scenario"),
        block.reference("outcome"),
        ranges.reference("up"),
        ranges.reference("down"),
    )
    alt = "Column per scenario: expected difference of the outcome, a line for its range."
    live.book.chart(sheet, chart, f"A{ranges.last + 2}", alt)
    text = (
        f"In words, the six standing questions among them: sheet {WORDS}. Week by week and where "
        f"it comes from: {WEEKS}. One plan for all scenarios: {ROBUST}. Other budgets: {FRONTIER}. "
        f"The least budget for a goal: {TARGET}."
    )
    live.book.text(sheet, ranges.last + 2 + _CHART_ROWS, 1, text, Look.NOTE)
    sheet.page_setup.fitToHeight = 1
    return block


def _ranges(live: Live, block: Block) -> Block:
    """Below the table: how far each range reaches, for the picture."""
    columns = (
        Shown("of", "Scenario", Format(TEXT, 24)),
        Shown("order", "No.", Format("0", 8, right=True)),
        Shown("up", "Range above", _SIGNED),
        Shown("down", "Range below", _SIGNED),
    )
    row = block.last + 4
    live.book.text(block.sheet, row - 2, 1, "Ranges of the picture (calculation)", Look.SECTION)
    live.book.header(block.sheet, columns, row, 1)
    live.book.dress(block.sheet, columns, row, 1, block.rows, Look.CALCULATION)
    at = {name: letters(block.column(name)) for name in block.names}
    for index in range(block.rows):
        cell = {name: f"{letter}{block.first + index}" for name, letter in at.items()}
        known = f"ISTEXT({cell['scenario']})"
        texts = (
            f'=IF({known},{cell["scenario"]},"")',
            f'=IF({known},{index + 1},"")',
            f'=IF({known},{cell["high"]}-{cell["outcome"]},"")',
            f'=IF({known},{cell["outcome"]}-{cell["low"]},"")',
        )
        for column, text in enumerate(texts, 1):
            block.sheet.cell(row + 1 + index, column).value = text
    names = tuple(column.name for column in columns)
    return Block(block.sheet, row, 1, names, block.rows, block.charted)


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
    left = len(shown.SCENARIO_WEEK) + 2
    prompt = "Choose the scenario whose weeks are shown, and where its difference comes from."
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
    for index in range(each):
        low, high = (_of_chosen(block, index, name) for name in ("low", "high"))
        values = (
            _of_chosen(block, index, "week"),
            _of_chosen(block, index, "outcome"),
            low,
            f"{high}-{low}",
        )
        for column, value in enumerate(values, left):
            text = f"=IFERROR(IF({_is_chosen(block, index)},{value},NA()),NA())"
            sheet.cell(row + 1 + index, column).value = text
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
    live.book.text(sheet, 1, left, f"{WEEKS}: the chosen one", Look.TITLE)
    sheet.print_area = f"{letters(left)}1:{letters(left + 20)}{row + each}"
    sheet.page_setup.fitToHeight = 1
    return block


def _of_chosen(block: Block, index: int, name: str) -> str:
    """The value of a row of the chosen scenario, as a part of a formula."""
    return f"INDEX({block.cells(name)},MATCH(scenario_shown,{block.cells('scenario')},0)+{index})"


def _is_chosen(block: Block, index: int) -> str:
    """As new texts, since LibreOffice cannot tell texts of table formulas apart."""
    return f'{_of_chosen(block, index, "scenario")}&""=scenario_shown&""'


def lines_sheet(live: Live, weeks: Block) -> Block:
    """The lines of every scenario; the chosen one's waterfall stands beside its weeks."""
    sheet = live.output(LINES, f"Where each difference comes from; the picture is on {WEEKS}.")
    formula = _asked(live, "SCENARIO", '"line"')
    block = live.spill(sheet, shown.SCENARIO_LINE, formula, _SCENARIOS * live.line_room)
    steps = _steps(live, block)
    chart = charts.waterfall(
        "Where it comes from, line by line",
        Axes("Line", "Outcome, carry-out included"),
        *(steps.reference(name) for name in ("step", "base", "up", "down")),
    )
    alt = "Waterfall: what each line adds to the chosen scenario's difference or takes away."
    at = f"{letters(len(shown.SCENARIO_WEEK) + 7)}{SPILL_ROW + 1 + _CHART_ROWS}"
    live.book.chart(weeks.sheet, chart, at, alt)
    return block


def _steps(live: Live, block: Block) -> Block:
    """The chosen scenario's lines as steps: what goes the total's way comes first, then the total.

    Below zero bars hang down: base, up and down are then negative.
    """
    number = Format(MONEY, 14, right=True)
    columns = (
        Shown("line", "Line", Format(TEXT, 24)),
        Shown("amount", "Outcome", _SIGNED, "outcome"),
        Shown("order", "Order", Format("0", 10, right=True)),
        Shown("step", "Step", Format(TEXT, 24)),
        Shown("size", "Further from zero", _SIGNED, "outcome"),
        Shown("base", "Starts at", number, "outcome"),
        Shown("up", "Adds", number, "outcome"),
        Shown("down", "Takes away", number, "outcome"),
    )
    left, sheet, rows = len(shown.SCENARIO_LINE) + 2, block.sheet, live.line_room + 1
    live.book.header(sheet, columns, HEADER_ROW, left)
    live.book.dress(sheet, columns, HEADER_ROW, left, rows, Look.CALCULATION)
    charted = None if live.lines is None else live.lines + 1
    names = tuple(column.name for column in columns)
    steps = Block(sheet, HEADER_ROW, left, names, rows, charted)
    amount, order = steps.cells("amount"), steps.cells("order")
    side, count = f"IF(SUM({amount})<0,-1,1)", f"COUNT({order})"
    column = {name: letters(steps.column(name)) for name in names}
    for index in range(rows):
        at = steps.first + index
        here = {name: f"{letter}{at}" for name, letter in column.items()}
        value = _of_chosen(block, index, "outcome")
        mine = f"IF({_is_chosen(block, index)},{value}<>0)"
        place = f"MATCH({index + 1},{order},0)"
        before = f"SUM({column['size']}${steps.first - 1}:{column['size']}{at - 1})"
        start = f"IF({index + 1}>{count},0,{before})"
        texts = {
            "line": f'=IFERROR(IF({mine},{_of_chosen(block, index, "line")},""),"")',
            "amount": f'=IFERROR(IF({mine},{value},""),"")',
            "order": (
                f'=IF(ISNUMBER({here["amount"]}),RANK({here["amount"]},{amount},'
                f"IF(SUM({amount})<0,1,0))+COUNTIF({column['amount']}${steps.first}:"
                f'{here["amount"]},{here["amount"]})-1,"")'
            ),
            "step": (
                f'=IF({index + 1}={count}+1,"Total",'
                f'IFERROR(INDEX({steps.cells("line")},{place}),""))'
            ),
            "size": (
                f"=IF({index + 1}={count}+1,{side}*SUM({amount}),"
                f'IFERROR({side}*INDEX({amount},{place}),""))'
            ),
            "base": (
                f'=IF(ISNUMBER({here["size"]}),{side}*MIN({start},{start}+{here["size"]}),"")'
            ),
            "up": (
                f'=IF(ISNUMBER({here["size"]}),{side}*MAX({side}*{here["size"]},0),"")'
            ),
            "down": (
                f'=IF(ISNUMBER({here["size"]}),{side}*MAX(-{side}*{here["size"]},0),"")'
            ),
        }  # fmt: skip
        for name, text in texts.items():
            sheet.cell(at, steps.column(name)).value = text
    return steps


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
    live.spill(sheet, shown.ROBUST, _asked(live, "REGRETS"), rows, row=row)
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
    live.book.chart(sheet, chart, f"{letters(len(shown.ROBUST) + 2)}{SPILL_ROW + 1}", alt)
    sheet.page_setup.fitToHeight = 1
    return block


__all__ = ["ANSWERS", "LINES", "ROBUST", "WEEKS", "WORDS", "Scenarios", "scenario_sheets"]
