"""The workbook to be filled in: input sheets from the schema, output sheets with live formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook import defaults
from workbook.book import Book
from workbook.guide import change_log, start_sheet
from workbook.input_sheets import fill_sheet
from workbook.live import Live, lines_of
from workbook.live_sheets import output_sheets
from workbook.spelling import Host
from xlbudget.data.raw import RawTable
from xlbudget.tables import TABLES, normal

Table = Mapping[str, Sequence[Any]] | RawTable


def write_template(
    path: str | Path,
    tables: Mapping[str, Table] | None = None,
    host: Host | str = Host.EXCEL,
    made: dt.datetime | None = None,
    version: str = "",
) -> None:
    """Write a macro-free workbook, whole or not at all.

    tables  columns by table name ("spend", "Spend"), filled in; the others are empty, save for
            the settings, guardrails and scenarios that a workbook ships with
    host    whose spelling the formulas have
    """
    host = Host(host)
    made = made or dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    given: dict[str, Mapping[str, Any]] = {
        normal(name): _columns(table) for name, table in (tables or {}).items()
    }
    given["settings"] = defaults.settings(given.get("settings"))
    if not _rows(given.get("guardrails", {})):
        planned = defaults.role_shares(given.get("channels"), given.get("plan"))
        given["guardrails"] = defaults.guardrails(_roles(given.get("channels")), planned)
    settings = dict(zip(*given["settings"].values(), strict=True))
    if not _rows(given.get("scenarios", {})):
        channels, plan = given.get("channels"), given.get("plan")
        given["scenarios"] = defaults.scenarios(channels, plan, settings)
    book = Book(made, footer=f"xlbudget {version}".strip())
    start_sheet(book, host)
    filled = {}
    for table in TABLES:
        sheet = fill_sheet(book, table, given.get(normal(table.name)))
        filled[table.name] = len(next(iter(sheet.tables.values())).tableColumns)
    rows = {table.name: _rows(given.get(normal(table.name), {})) for table in TABLES}
    names = {normal(header): cells for header, cells in given["scenarios"].items()}["scenario"]
    scenarios = len({normal(str(name)) for name in names if name})
    live = Live(book, host, filled, rows, lines_of(given), max(scenarios, 1))
    protected = output_sheets(live, defaults.weeks_of(settings.get("horizon_weeks")))
    change_log(book, made, version)
    if host not in (Host.LITE, Host.SERVER):
        book.protect(protected)
    book.save(Path(path))


def _columns(table: Table) -> dict[str, Any]:
    columns = table.columns if isinstance(table, RawTable) else table
    return {str(header): values for header, values in columns.items()}


def _rows(columns: Mapping[str, Sequence[Any]]) -> int:
    return max((len(values) for values in columns.values()), default=0)


def _roles(channels: Mapping[str, Sequence[Any]] | None) -> set[str] | None:
    """The roles in use; None where no channel is filled in yet."""
    columns = {normal(header): values for header, values in (channels or {}).items()}
    return {normal(str(role)) for role in columns["role"]} if "role" in columns else None
