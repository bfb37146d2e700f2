"""The plan file: the same sheets with values, for people who read, print and audit."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path

from workbook.allocation_sheet import allocation_sheet
from workbook.book import Book
from workbook.curves_sheet import curves_sheet
from workbook.flighting_sheet import flighting_sheet
from workbook.frontier_sheet import frontier_sheet
from workbook.input_sheets import recorded_sheet
from workbook.plan_sheets import (
    approvals_sheet,
    forecast_sheet,
    readiness_sheet,
    returns_sheet,
)
from workbook.proof_sheets import checks_sheet, method_sheet
from workbook.scenario_sheets import answers_sheet, weeks_sheet
from workbook.stamp import Stamp
from workbook.summary_sheet import summary_sheet
from xlbudget.data.raw import RawTable
from xlbudget.governance.proposal import Proposal
from xlbudget.tables import TABLES, normal


def write_plan(
    path: str | Path,
    proposal: Proposal,
    tables: Mapping[str, RawTable],
    source: str,
    made: dt.datetime,
    version: str,
) -> None:
    """Write the plan file, whole or not at all; the input is not touched.

    tables   the inputs as they were read, by normal name; shown as they came in
    source   name of the file or folder they came from
    """
    stamp = Stamp(source, made, version, input_hash(tables), proposal.model.key)
    book = Book(made, footer=stamp.line)
    summary_sheet(book, proposal, stamp)
    readiness_sheet(book, proposal)
    forecast_sheet(book, proposal)
    returns_sheet(book, proposal)
    allocation_sheet(book, proposal)
    curves_sheet(book, proposal)
    answers_sheet(book, proposal)
    weeks_sheet(book, proposal)
    frontier_sheet(book, proposal)
    if proposal.flighting is not None:
        flighting_sheet(book, proposal.flighting)
    approvals_sheet(book, proposal)
    method_sheet(book, proposal, stamp)
    checks_sheet(book, proposal)
    outputs = list(book.workbook.worksheets)
    for table in TABLES:
        raw = tables.get(normal(table.name))
        if raw is not None:
            recorded_sheet(book, table, raw.columns, source)
    book.protect(outputs)
    book.save(Path(path))


def input_hash(tables: Mapping[str, RawTable]) -> str:
    """A content hash (hex) of every cell of every input table, whatever their order."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        for header, values in sorted(tables[name].columns.items()):
            digest.update(f"{name}\0{header}\0".encode())
            for value in values.tolist() if hasattr(values, "tolist") else values:
                digest.update(f"{type(value).__name__}:{value}\0".encode())
    return digest.hexdigest()
