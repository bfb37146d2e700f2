"""The template: every column of the schema, what is put in comes out, formulas as hosts store."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from workbook.reader import read_workbook
from workbook.respell import respell
from workbook.spelling import Host, canonical, respelled, spell
from workbook.styles import MONEY, SIGNED, SIGNED_RATE, SIGNED_SHARE, Look
from workbook.template import write_template
from xlbudget.tables import TABLES, Extra, Kind, Table

MADE = dt.datetime(2026, 1, 5, 9, 30)
SAMPLES: dict[Kind, list[Any]] = {
    Kind.WEEK: [dt.date(2025, 1, 6), dt.date(2025, 1, 13)],
    Kind.DATE: [dt.date(2025, 1, 6), None],
    Kind.MONTH: [dt.date(2025, 1, 1), dt.date(2025, 2, 1)],
    Kind.TEXT: ["=SUM(A1)", "Füße 東京 @x"],
    Kind.MONEY: [1234.56, 0.0],
    Kind.NUMBER: [-1.5, None],
    Kind.COUNT: [3.0, 4.0],
    Kind.SHARE: [0.25, 1.0],
    Kind.FLAG: ["yes", "no"],
    Kind.VALUE: [10.0, "+text"],
}


def sample(table: Table) -> dict[str, list[Any]]:
    columns = {column.name: SAMPLES[column.kind] for column in table.columns}
    if table.extra is not Extra.IGNORED:
        columns["further"] = [1.0, 2.0] if table.extra is Extra.NUMBERS else ["-a", "b"]
    return columns


def test_what_is_put_in_is_read_back_cell_by_cell(tmp_path: Path) -> None:
    given = {table.name: sample(table) for table in TABLES if table.name != "Settings"}
    path = tmp_path / "book.xlsx"
    write_template(path, given, made=MADE)
    tables, findings = read_workbook(path)
    assert findings == ()
    for name, columns in given.items():
        read = tables[name.casefold()]
        assert list(read.columns) == list(columns), name
        for header, values in columns.items():
            assert list(read.columns[header]) == values, (name, header)


def test_a_new_workbook_ships_five_active_guardrails_and_every_setting(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_template(path, made=MADE)
    tables, findings = read_workbook(path)
    assert findings == ()
    assert list(tables["guardrails"].columns["active"]) == ["yes"] * 5
    assert "horizon_weeks" in set(tables["settings"].columns["setting"])


def test_every_column_of_the_schema_has_a_message_and_a_unit(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_template(path, made=MADE)
    book = load_workbook(path)
    for table in TABLES:
        sheet = book[table.name]
        prompts = {rule.promptTitle: rule for rule in sheet.data_validations.dataValidation}
        headers = [cell.value for cell in sheet[4] if cell.value]
        for column in table.columns:
            assert column.name in headers
            if table.name == "Settings" and column.name == "value":
                continue
            assert prompts[column.name].prompt == column.help[:255]
            if column.allowed:
                assert prompts[column.name].formula1 == f'"{",".join(column.allowed)}"'
        assert sheet.freeze_panes == "A5"
        assert not sheet.merged_cells.ranges


@pytest.mark.parametrize("host", Host)
def test_formulas_are_spelled_as_the_host_stores_them(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_template(path, host=host, made=MADE)
    with zipfile.ZipFile(path) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        xml = "".join(parts.read(name).decode() for name in sheets)
        assert not any("vba" in name.casefold() for name in parts.namelist())
        drawings = [name for name in parts.namelist() if name.startswith("xl/drawings/drawing")]
        assert drawings
        for name in drawings:
            assert parts.read(name).count(b"descr=") == parts.read(name).count(b"<cNvPr ")
    calls = {canonical(call) for call in re.findall(r"[\w.]*BUDGET[._][A-Z_]+\(", xml)}
    assert {"BUDGET.MODEL(", "BUDGET.OPTIMIZE(", "BUDGET.FORECAST("} <= calls
    assert spell("MODEL", host) + "(" in xml
    assert ("<sheetProtection" in xml) == (host in (Host.EXCEL, Host.LIBREOFFICE))


@pytest.mark.parametrize(
    "stored",
    [
        "=BUDGET_FORECAST(A1:C4,13)",
        "=_xldudf_BUDGET_FORECAST(A1:C4,13)",
        "=BUDGET.FORECAST(A1:C4,13)",
        "=[1]!BUDGET_FORECAST(A1:C4,13)",
        "='C:\\add ins\\xlbudget.xlam'!BUDGET_FORECAST(A1:C4,13)",
    ],
)
def test_every_stored_spelling_means_the_same(stored: str) -> None:
    assert canonical(stored) == "=BUDGET.FORECAST(A1:C4,13)"


def test_texts_and_other_names_are_left_alone() -> None:
    formula = '=IF(A1="BUDGET_MODEL(x)",MYBUDGET_MODEL(1),Budget!A1)'
    assert respelled(formula, Host.LIBREOFFICE) == formula


def test_a_respelled_copy_differs_in_formulas_alone(tmp_path: Path) -> None:
    source, copy = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_template(source, made=MADE)
    before = source.read_bytes()
    assert respell(source, copy, "libreoffice") > 5
    assert source.read_bytes() == before
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(copy) as new:
        assert old.namelist() == new.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert all(name.startswith("xl/work") for name in changed)


@pytest.mark.parametrize("old", ["excel", "lite", "libreoffice"])
@pytest.mark.parametrize("new", ["excel", "server", "libreoffice"])
def test_a_respelled_copy_holds_the_formulas_of_that_host(
    tmp_path: Path, old: str, new: str
) -> None:
    write_template(tmp_path / "old.xlsx", made=MADE, host=old)
    write_template(tmp_path / "new.xlsx", made=MADE, host=new)
    respell(tmp_path / "old.xlsx", tmp_path / "copy.xlsx", new)
    copy, wanted = (budget_formulas(tmp_path / name) for name in ("copy.xlsx", "new.xlsx"))
    assert len(copy) > 5
    assert copy == wanted


def budget_formulas(path: Path) -> dict[str, str]:
    """Every formula with a BUDGET function, by sheet and cell."""
    cells = [cell for sheet in load_workbook(path) for row in sheet for cell in row]
    texts = {f"{c.parent.title}!{c.coordinate}": getattr(c.value, "text", c.value) for c in cells}
    return {at: text for at, text in texts.items() if re.match("=.*BUDGET", str(text))}


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, made=MADE)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]


def test_units_fit_their_columns_and_names_of_the_formula_shrink_to_them(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_template(path, made=MADE)
    for sheet in load_workbook(path).worksheets:
        for column, width in ((name, d.width) for name, d in sheet.column_dimensions.items()):
            for cell in sheet[column]:
                if cell.style == Look.UNIT and isinstance(cell.value, str):
                    assert len(cell.value) <= 1.1 * width, (sheet.title, cell.coordinate)
    names = load_workbook(path)["Marginal ROI"][5]
    assert all(cell.alignment.shrink_to_fit for cell in names if cell.style == Look.UNIT)


def test_yes_and_no_are_read_as_such_where_the_host_hands_over_1_and_0(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_template(path, made=MADE)
    sheet = load_workbook(path)["Curves"]
    at = next(cell.column for cell in sheet[4] if cell.value == "Seen before")
    assert sheet.cell(6, at).number_format == '"yes";"yes";"no"'


def test_a_text_that_wraps_has_room_before_it_is_calculated(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_template(path, made=MADE)
    sheet = load_workbook(path)["Approvals"]
    assert sheet.row_dimensions[6].height >= 2 * 13


@pytest.mark.parametrize("number", [MONEY, SIGNED, SIGNED_RATE, SIGNED_SHARE])
def test_what_rounds_to_nothing_has_no_sign(number: str) -> None:
    above, below, nothing = number.split(";")
    assert above.startswith("[>=0.")
    assert below.startswith("[Red][<=-0.")
    assert nothing == '"' + re.sub(r".*](.*)", r"\1", above).strip("+").replace("#,##", "") + '"'


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template that nothing is filled in yet."""
    path = tmp_path_factory.mktemp("blank") / "book.xlsx"
    write_template(path, host="libreoffice", made=MADE)
    return path


def test_frontier_and_goal_are_reached_from_the_scenarios(blank: Path) -> None:
    book = load_workbook(blank)
    for sheet in ("Scenarios", "Scenario answers"):
        links = [cell.hyperlink for cell in book[sheet][1] if cell.hyperlink]
        places = {str(link.location).split("!")[0].strip("'") for link in links}
        assert {"Frontier", "Target"} < places <= set(book.sheetnames)


def test_every_chart_beside_a_table_is_printed_whole_on_a_page_of_its_own(blank: Path) -> None:
    tall = int(10 / 0.53)  # rows of a chart of 10 cm
    seen = 0
    for sheet in load_workbook(blank).worksheets:
        areas = [area.split("!")[-1].replace("$", "") for area in sheet.print_area.split(",")]
        parts = [range_boundaries(area) for area in areas if area]
        for chart in sheet._charts if parts else ():
            column, row = chart.anchor._from.col + 1, chart.anchor._from.row + 1
            seen += 1
            assert any(
                left <= column <= right and top <= row and row + tall <= bottom
                for left, top, right, bottom in parts
            ), sheet.title
    assert seen >= 12
