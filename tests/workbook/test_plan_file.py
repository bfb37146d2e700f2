"""The plan file: values alone, nothing of the input lost, and pages that read well."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart

from workbook.plan_file import write_plan
from workbook.reader import read_workbook
from workbook.styles import Look
from workbook.template import write_template
from xlbudget.data.raw import RawTable
from xlbudget.findings import Finding, Place
from xlbudget.governance.proposal import Proposal, propose
from xlbudget.governance.what_if import WhatIf, what_if
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.plan import make_plan
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Market
from xlbudget.tables import TABLES

MADE = dt.datetime(2026, 1, 5, 9, 30)
TOOLS = ("soffice", "pdftotext")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
REQUIRED = os.environ.get("XLBUDGET_REQUIRE_LIBREOFFICE") == "1"


@pytest.fixture(scope="module")
def tables(sample_market: Market, tmp_path_factory: pytest.TempPathFactory) -> dict[str, RawTable]:
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    given: dict[str, Any] = {name: dict(columns) for name, columns in sample_market.tables.items()}
    channels = next(columns for name, columns in given.items() if name.casefold() == "channels")
    channels["remark"] = ["=1+1", "@risk", *[""] * (len(channels["channel"]) - 2)]
    write_template(path, given, made=MADE)
    return read_workbook(path)[0]


@pytest.fixture(scope="module")
def proposal(sample_model: ResponseModel, tables: dict[str, RawTable]) -> Proposal:
    data = sample_model.data
    plan, _ = make_plan(data, tables["plan"])
    rules, _ = read_guardrails(data, tables["guardrails"])
    return propose(sample_model, plan, rules)


@pytest.fixture(scope="module")
def plan_file(
    proposal: Proposal, tables: dict[str, RawTable], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    write_plan(path, proposal, tables, "book.xlsx", MADE, "0.1.0")
    return path


def test_no_formula_link_or_macro_stands_in_it(plan_file: Path) -> None:
    with zipfile.ZipFile(plan_file) as parts:
        names = parts.namelist()
        sheets = [parts.read(name) for name in names if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    assert not any("externalLink" in name or "vba" in name.casefold() for name in names)


def test_every_input_cell_is_kept_unknown_columns_included(
    plan_file: Path, tables: dict[str, RawTable]
) -> None:
    read, _ = read_workbook(plan_file)
    assert read.keys() == tables.keys()
    for name, raw in tables.items():
        assert list(read[name].columns) == list(raw.columns)
        for header, cells in raw.columns.items():
            assert list(read[name].columns[header]) == list(cells), (name, header)
    assert list(read["channels"].columns["remark"])[:2] == ["=1+1", "@risk"]


def test_it_holds_every_sheet_and_its_charts_say_what_they_show(plan_file: Path) -> None:
    wanted = ("Summary", "Readiness", "Forecast", "Marginal ROI", "Allocation", "Curves")
    with zipfile.ZipFile(plan_file) as parts:
        book = parts.read("xl/workbook.xml").decode()
        drawings = [parts.read(n) for n in parts.namelist() if "/drawings/drawing" in n]
    further = ("Scenario answers", "Scenario weeks", "Frontier", "Flighting")
    for name in (*wanted, *further, "Approvals", "Method", "Checks"):
        assert f'name="{name}"' in book
    assert all(drawing.count(b"descr=") >= 1 for drawing in drawings)


@pytest.mark.skipif(bool(MISSING) and not REQUIRED, reason=f"not installed: {MISSING}")
def test_columns_of_money_stand_on_zero(plan_file: Path) -> None:
    book = load_workbook(plan_file)
    for name in ("Allocation", "Flighting"):
        (chart,) = (each for each in book[name]._charts if isinstance(each, BarChart))
        assert chart.y_axis.scaling.min == 0.0


def test_as_pdf_it_has_a_page_for_every_result_and_no_error_cell(
    plan_file: Path, tmp_path: Path
) -> None:
    assert not MISSING, MISSING
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, plan_file], check=True, capture_output=True)
    pdf = tmp_path / "plan.pdf"
    shown = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = shown.split("\f")
    assert 10 < len(pages) <= 32, "each input takes one page, whatever its length"
    assert sum("Summary, page" in page for page in pages) == 1
    assert any("rows, of which the first 45 are printed" in page for page in pages)
    results = ("Summary", "Forecast", "Allocation", "Curves", "Approvals", "Checks")
    for sheet in (*results, "Scenario answers", "Scenario weeks", "Frontier", "Flighting"):
        assert any(f"{sheet}, page" in page for page in pages), sheet
    for error in ("#REF!", "#NAME?", "#VALUE!", "#N/A", "#DIV/0!", "#NUM!", "###", "Err:"):
        assert error not in shown


def test_the_range_of_each_best_spend_stands_below_the_split(
    plan_file: Path, proposal: Proposal
) -> None:
    sheet = load_workbook(plan_file)["Allocation"]
    rows = [[cell.value for cell in row[:5]] for row in sheet.iter_rows()]
    start = [row[0] for row in rows].index("How sure each line's best spend is")
    found = {row[0]: row[1:] for row in rows[start:] if row[0] in proposal.allocation.line}
    assert tuple(found) == proposal.allocation.line
    best = proposal.allocation.best_spend
    for row, low, high in zip(found.values(), best.low, best.high, strict=True):
        assert row[1] == pytest.approx(low, abs=1.0)
        assert row[3] == pytest.approx(high, abs=1.0)


def test_every_scenario_has_its_answer_and_two_pictures(
    plan_file: Path, proposal: Proposal
) -> None:
    book = load_workbook(plan_file)
    sheet = book["Scenario answers"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for name, answer in zip(proposal.what_if.names, proposal.what_if.answers, strict=True):
        assert name in texts
        assert answer.question in texts
    told = " ".join(texts)
    assert all(f"{answer.sentence}." in told for answer in proposal.what_if.answers)
    with zipfile.ZipFile(plan_file) as parts:
        drawings = [parts.read(n).decode() for n in parts.namelist() if "/drawings/drawing" in n]
    for name in proposal.what_if.names:
        assert sum(text.count(f'descr="{name}: ') for text in drawings) == 2


def test_weighted_scenarios_show_the_plan_for_all_of_them(
    proposal: Proposal, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    header = ["scenario", "scope", "what", "change", "value", "weight"]
    rows = [["Fatigue", "total", "response", "%", -10.0, 0.3]]
    table = RawTable.from_rows("Scenarios", header, rows)
    asked = what_if(proposal.model, proposal.plan, proposal.guardrails, table)
    assert asked.robust is not None
    path = tmp_path / "weighted.xlsx"
    write_plan(path, replace(proposal, what_if=asked), tables, "book.xlsx", MADE, "0.1.0")
    sheet = load_workbook(path)["Scenario answers"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "One plan for all scenarios, as they are weighted" in texts
    assert {"expected", "robust", "Robust"} <= set(texts)


def test_a_book_whose_scenarios_cannot_be_meant_still_gets_its_plan(
    proposal: Proposal, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    place = Place("Scenarios", 0, "name")
    finding = Finding("unknown-name", place, "no channel is called 'Radio'", "mend the name")
    broken = WhatIf((), {}, {}, {}, (), (finding.at("Scenarios!C5"),))
    path = tmp_path / "broken.xlsx"
    held = replace(proposal, what_if=broken)
    write_plan(path, held, tables, "book.xlsx", MADE, "0.1.0")
    book = load_workbook(path)
    texts = [str(cell.value) for row in book["Scenario answers"].iter_rows() for cell in row]
    assert any(text.startswith("Scenarios!C5: no channel is called 'Radio'") for text in texts)
    assert "Scenario weeks" not in book.sheetnames


def test_a_plan_that_holds_does_not_read_as_advice_to_move(
    proposal: Proposal, tables: dict[str, RawTable], tmp_path: Path
) -> None:
    allocation = replace(proposal.allocation, verdict="hold: the gain is inside the noise")
    path = tmp_path / "hold.xlsx"
    held = replace(proposal, allocation=allocation)
    write_plan(path, held, tables, "book.xlsx", MADE, "0.1.0")
    sheet = load_workbook(path)["Summary"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert texts[0].endswith(": hold")
    assert "What the split that is best on average would move" in texts
    assert "Where the money moves" not in texts
    assert "hold" in str(load_workbook(path)["Allocation"]["A1"].value)


def test_the_tile_and_the_sentence_say_the_same_distance_from_the_best(plan_file: Path) -> None:
    sheet = load_workbook(plan_file)["Summary"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    sentence = next(text for text in texts if text.startswith("No plan within the rules"))
    figure = texts[texts.index("No plan can be better by more than") :]
    assert any(text.endswith(" %") and f"more than {text}," in sentence for text in figure)


def test_figures_that_are_checked_show_no_more_decimals_than_they_need(plan_file: Path) -> None:
    sheet = load_workbook(plan_file)["Checks"]
    shown = {row[0].value: row[2:4] for row in sheet.iter_rows(min_row=5)}
    for found, expected in (cells for name, cells in shown.items() if name and "0.1 %" not in name):
        if isinstance(found.value, float) and abs(found.value) >= 100:
            assert found.number_format == expected.number_format == "#,##0"
    gap = next(cells for name, cells in shown.items() if name and "0.1 %" in name)
    assert all(cell.number_format.endswith("%") for cell in gap)


def test_titles_are_words_and_not_names_of_the_engine(plan_file: Path) -> None:
    book = load_workbook(plan_file)
    inputs = {table.name for table in TABLES}
    titles = [
        str(cell.value)
        for sheet in book.worksheets
        if sheet.title not in inputs
        for row in sheet.iter_rows()
        for cell in row
        if cell.style == Look.HEADER and cell.value
    ]
    assert len(titles) > 50
    assert [title for title in titles if "_" in title or title[0].islower()] == []


def test_what_a_further_column_is_for_is_said_without_repeating_its_name(plan_file: Path) -> None:
    texts = [str(row[0].value) for row in load_workbook(plan_file)["Channels"].iter_rows()]
    assert "remark: An attribute to group by." in texts
