"""A plan argument: the Plan table, or lines with their totals as OPTIMIZE shows them."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlbudget.data.cells import error_text
from xlbudget.data.names import place_of
from xlbudget.data.number_cells import read_numbers
from xlbudget.data.raw import RawTable
from xlbudget.data.text_cells import as_text
from xlbudget.errors import BadArgument
from xlbudget.findings import Place
from xlbudget.formulas.given import ErrorInCell
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.response.model import ResponseModel
from xlbudget.tables import normal

SAME = 1e-12  # share by which a total may differ and the line has not moved
MONEY = ("planned spend", "spend")  # what the money column of a table of lines may be called


def plan_of(
    model: ResponseModel,
    table: RawTable,
    money: str = "planned_spend",
    shape: Plan | None = None,
) -> Plan:
    """The plan that a range means; money: the column that a table of lines is first asked for.

    Totals of lines are spread over weeks and regions as in `shape`, else as the last 13 weeks were.
    """
    headers = {normal(header): header for header in table.columns}
    if "line" not in headers or "channel" in headers:
        return make_plan(model.data, table)[0]
    names = model.data.line_names
    totals = np.zeros(len(names))
    for line, amount in line_totals(table, money).items():
        totals[place_of(line, names, "line")] = amount
    base = shape or make_plan(model.data, None)[0]
    same = np.isclose(totals, base.totals, rtol=SAME, atol=0.0)
    return base.scaled(np.where(same, base.totals, totals))


def line_totals(table: RawTable, money: str = "planned_spend") -> dict[str, float]:
    """Money of each line over the horizon, of a table with the columns line and `money`."""
    headers = {normal(header): header for header in table.columns}
    wanted = next((name for name in (normal(money), *MONEY) if name in headers), None)
    if "line" not in headers or wanted is None:
        raise BadArgument(f"{table.name}: give the columns line and {money}, or the Plan table")
    lines, amounts = table.columns[headers["line"]], table.columns[headers[wanted]]
    totals: dict[str, float] = {}
    seen: set[str] = set()
    money_of = _numbers(table, amounts, headers[wanted])
    for row, (line, amount) in enumerate(zip(lines, money_of, strict=True)):
        name = as_text(line) if line is not None else ""
        if error_text(line) is not None:
            raise ErrorInCell(table.locate(Place(table.name, row, headers["line"])), line)
        if normal(name) in seen:
            raise BadArgument(f"{table.locate(Place(table.name, row))}: '{name}' stands twice")
        if name:
            seen.add(normal(name))
            totals[name] = amount
    return totals


def _numbers(table: RawTable, cells: Any, header: str) -> list[float]:
    values, troubles = read_numbers(cells)
    for trouble in troubles:
        for finding in trouble.findings(table.name, header, cells):
            raise BadArgument(str(finding.at(table.locate(finding.place))))
    below = np.flatnonzero(values < 0)
    if below.size:
        place = table.locate(Place(table.name, int(below[0]), header))
        raise BadArgument(f"{place}: money cannot be below 0")
    return [float(value) for value in np.nan_to_num(values)]
