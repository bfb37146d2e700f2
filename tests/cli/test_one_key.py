"""A MODEL cell and a command about the same workbook name the same model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from workbook.reader import read_workbook
from workbook.template import write_template
from xlbudget.cli.source import fitted, opened
from xlbudget.data.build import build_dataset
from xlbudget.data.frames import raw_tables
from xlbudget.findings import Finding, Place, Severity
from xlbudget.formulas.catalogue import BY_NAME, call
from xlbudget.hosts.model_store import ModelStore
from xlbudget.response.fit import model_key

if TYPE_CHECKING:
    from xlbudget.response.model import ResponseModel
    from xlbudget.simulator import Market

BLANK = 40  # rows of room, as a LibreOffice range has below its table
PRIORS = {"line": ["TV"], "roi_low": [0.5], "roi_high": [3.0], "reason": ["two earlier tests"]}


def ranges_of_model(path: Path) -> list[list[list[Any]]]:
    """The ranges that the MODEL cell of a workbook names, in its order, with blank rows below."""
    book = openpyxl.load_workbook(path)
    formula = str(book["Model"]["B5"].value)
    names = re.findall(r"([A-Z][a-z]+)(?:\[#All\]|!\$A)", formula)
    assert [name.lower() for name in names] == [a.name for a in BY_NAME["MODEL"].arguments]
    grids = []
    for name in names:
        (table,) = book[name].tables.values()
        rows = [[cell.value for cell in row] for row in book[name][table.ref]]
        grids.append(rows + [[None] * len(rows[0])] * BLANK)
    return grids


def written(path: Path, tables: Mapping[str, Any], host: str) -> Path:
    """A template that holds these tables."""
    write_template(path, raw_tables(**tables), host=host)
    return path


@pytest.mark.parametrize("host", ["excel", "libreoffice"])
@pytest.mark.parametrize(
    ("dropped", "added"),
    [((), {}), (("experiments", "channels"), {}), ((), {"priors": PRIORS})],
    ids=["sample", "headers alone", "priors"],
)
def test_the_cell_and_the_reader_give_one_key(
    tmp_path: Path, sample_market: Market, host: str, dropped: tuple[str, ...], added: Any
) -> None:
    tables = {n: t for n, t in sample_market.tables.items() if n not in dropped} | added
    path = written(tmp_path / "book.xlsx", tables, host)
    cells = {
        argument.name: argument.kind.read(argument.name, given, ModelStore(tmp_path))
        for argument, given in zip(BY_NAME["MODEL"].arguments, ranges_of_model(path), strict=True)
    }
    by_cell, _ = build_dataset({name: raw for name, raw in cells.items() if raw is not None})
    by_reader, _ = build_dataset(read_workbook(path)[0])
    without, _ = build_dataset(raw_tables(**tables))  # absent instead of a header row alone
    assert by_cell is not None
    assert by_reader is not None
    assert without is not None
    keys = {model_key(data, 1000, data.settings.seed) for data in (by_cell, by_reader, without)}
    assert len(keys) == 1


def test_a_command_finds_the_model_of_the_cell(
    xlbudget: Any,
    sample_book: Path,
    sample_model: ResponseModel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XLBUDGET_STORE", str(tmp_path / "store"))
    store = ModelStore()
    store.put(sample_model)
    said = str(call("MODEL", ranges_of_model(sample_book), store).value)
    shown = json.loads(xlbudget("fit", sample_book, "--json").out)
    assert said.split(maxsplit=1)[0] == shown["model"] == sample_model.key
    assert len(list((tmp_path / "store" / "models").iterdir())) == 1  # nothing was fitted anew


def test_what_was_noticed_is_that_of_the_file_and_not_of_where_the_model_was_fitted(
    sample_book: Path, sample_model: ResponseModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLBUDGET_STORE", str(tmp_path / "store"))
    elsewhere = Finding("note", Place("Spend"), "a", "b", Severity.NOTE, "other.csv:7")
    data = replace(sample_model.data, findings=(elsewhere,))
    ModelStore().put(replace(sample_model, data=data))
    source = opened(sample_book)
    model, _ = fitted(source)
    assert model.key == sample_model.key
    assert model.data.findings == source.inputs.data.findings
