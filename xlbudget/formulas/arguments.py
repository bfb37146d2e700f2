"""Grids of cells in, arguments out: what each kind of argument takes, says and offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, TypeAlias, TypeVar

import numpy as np

from xlbudget.data.date_cells import one_date
from xlbudget.data.names import did_you_mean
from xlbudget.data.raw import RawTable
from xlbudget.data.value_cells import one_value
from xlbudget.errors import BadArgument, Unknown
from xlbudget.formulas.given import cells_of, is_empty, one_cell, table_of
from xlbudget.response.model import ResponseModel
from xlbudget.tables import AIMS, RISKS, normal

PARTS = ("line", "week", "total", "channel", "region", "role", "campaign_type", "product")


Result = TypeVar("Result")


class Shelf(Protocol):
    """Where fitted models stand between two calls, and what took long to find out about them."""

    @property
    def where(self) -> str:
        """The place, as a person is told it."""

    def get(self, key: str) -> ResponseModel | None:
        """The model of this key, or None where it is not known."""

    def put(self, model: ResponseModel) -> None:
        """Keep this model."""

    def remembered(self, what: str, make: Callable[[], Result]) -> Result:
        """What `make` returned when this was first asked for; forgotten with the process."""


@dataclass(frozen=True)
class Kind:
    """A kind of argument.

    help     what to give, for the function wizard and the reference
    read     (argument name, what was given, shelf) -> the value, or None for the default
    choices  the texts it may be, where it is a choice; with `others` it may be more than these
    table    normal name of the table, where it is a range with a header row
    ranged   a range is meant, with or without a header
    """

    help: str
    read: Callable[[str, Any, Shelf], Any]
    choices: tuple[str, ...] = ()
    others: bool = False
    table: str = ""
    ranged: bool = False

    @property
    def only(self) -> tuple[str, ...]:
        """All that it may be; empty where that is more than the choices."""
        return () if self.others else self.choices


def _table(table: str, what: str) -> Kind:
    def read(name: str, given: Any, shelf: Shelf) -> RawTable | None:
        return table_of(name, given, table)

    return Kind(f"{what}, with its header row.", read, table=table, ranged=True)


def _choice(choices: tuple[str, ...], what: str, others: str = "") -> Kind:
    """others: what else it may be, which the formula itself knows."""

    def read(name: str, given: Any, shelf: Shelf) -> str | None:
        cell = one_cell(name, given)
        if cell is None or cell == 0:
            return None
        for choice in choices:
            if normal(choice) == normal(str(cell)):
                return choice
        if others:
            return str(cell)
        hint = did_you_mean(str(cell), choices)
        raise BadArgument(f"{name} is '{cell}'{hint}; it must be one of {', '.join(choices)}")

    offered = ", ".join((*choices, others) if others else choices)
    return Kind(f"{what}: {offered}.", read, choices=choices, others=bool(others))


def _model(name: str, given: Any, shelf: Shelf) -> ResponseModel | None:
    if isinstance(given, ResponseModel):
        return given
    cell = one_cell(name, given)
    if cell is None or cell == 0:
        return None
    text = str(cell)
    if text.startswith("BUDGET:"):  # the message of a MODEL cell that could not fit
        raise Unknown(f"there is no model: {text.removeprefix('BUDGET:').strip()}")
    found = shelf.get(text.split(maxsplit=1)[0])
    if found is None:
        raise Unknown("the model is not known here; recalculate the MODEL cell (Ctrl+Alt+F9)")
    return found


def _text(name: str, given: Any, shelf: Shelf) -> str | None:
    cell = one_cell(name, given)
    if cell is None or cell == 0:
        return None
    return str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell)


def _number(name: str, given: Any) -> float | None:
    cell = one_cell(name, given)
    if cell is None:
        return None
    value = None if isinstance(cell, bool) else one_value(cell)
    if not isinstance(value, float):
        signs = ", without a sign between thousands" if isinstance(cell, str) else ""
        raise BadArgument(f"{name} is '{cell}'; it must be a number{signs}")
    return value


def _not_below_zero(name: str, given: Any) -> float | None:
    value = _number(name, given)
    if value is not None and value < 0:
        raise BadArgument(f"{name} is {value:,.0f}; it cannot be below 0")
    return value


def _money(name: str, given: Any, shelf: Shelf) -> float | None:
    return _not_below_zero(name, given)


def _above_zero(name: str, given: Any, shelf: Shelf) -> float | None:
    return _not_below_zero(name, given) or None


def _share(name: str, given: Any, shelf: Shelf) -> float | None:
    value = _number(name, given)
    if not value:
        return None
    if not 0 < value < 1:
        raise BadArgument(f"{name} is {value:g}; it must be between 0 and 1, for instance 0.9")
    return value


def _count(name: str, given: Any, shelf: Shelf) -> int | None:
    value = _number(name, given)
    if not value:
        return None
    if value != int(value) or not 2 <= value <= 1000:
        raise BadArgument(f"{name} is {value:g}; it must be a whole number from 2 to 1000")
    return int(value)


def _day(name: str, given: Any, shelf: Shelf) -> np.datetime64 | None:
    cell = one_cell(name, given)
    if cell is None or cell == 0:
        return None
    day = one_date(cell)
    if day is None:
        raise BadArgument(f"{name} is '{cell}'; it must be a date such as 2026-01-05")
    return day


def _spend_by_line(name: str, given: Any, shelf: Shelf) -> float | Mapping[str, float] | None:
    """One weekly spend, or a range of two columns: line and weekly spend, header or not."""
    if isinstance(given, Mapping):
        return {str(line): float(money) for line, money in given.items()}
    if is_empty(given):
        return None
    rows = cells_of(given)
    if len(rows) == 1 and len(rows[0]) == 1:
        return _not_below_zero(name, given)
    if len(rows[0]) < 2:
        raise BadArgument(f"{name}: give two columns, the line and its weekly spend")
    spend: dict[str, float] = {}
    seen: set[str] = set()
    for number, (line, money, *_) in enumerate(rows, start=1):
        if number == 1 and isinstance(money, str):
            continue  # a header
        if line is None and money is None:
            continue
        if not isinstance(line, str):
            raise BadArgument(f"{name}, row {number}: the first column names the line")
        if normal(line) in seen:
            raise BadArgument(f"{name}, row {number}: {line} is there twice; give it one spend")
        seen.add(normal(line))
        spend[line] = _not_below_zero(f"{name}, row {number}", money) or 0.0
    return spend


Model: TypeAlias = Annotated[ResponseModel, Kind("The cell with BUDGET.MODEL, or its key.", _model)]
Spend: TypeAlias = Annotated[RawTable, _table("spend", "The Spend table")]
Outcomes: TypeAlias = Annotated[RawTable, _table("outcomes", "The Outcomes table")]
Controls: TypeAlias = Annotated[RawTable, _table("controls", "The Controls table")]
Regions: TypeAlias = Annotated[RawTable, _table("regions", "The Regions table")]
Channels: TypeAlias = Annotated[RawTable, _table("channels", "The Channels table")]
Experiments: TypeAlias = Annotated[RawTable, _table("experiments", "The Experiments table")]
Settings: TypeAlias = Annotated[RawTable, _table("settings", "The Settings table")]
Priors: TypeAlias = Annotated[RawTable, _table("priors", "The Priors table")]
Rules: TypeAlias = Annotated[RawTable, _table("guardrails", "The Guardrails table")]
Changes: TypeAlias = Annotated[RawTable, _table("scenarios", "The Scenarios table")]
Ledger: TypeAlias = Annotated[RawTable, _table("ledger", "The Ledger table")]
PlanRange: TypeAlias = Annotated[
    RawTable,
    _table("plan", "The Plan table, or two columns line and planned_spend (horizon totals)"),
]
Line: TypeAlias = Annotated[str, Kind("Name of the line, as in Plan.", _text)]
Money: TypeAlias = Annotated[float, Kind("Money, 0 or more.", _money)]
Budget: TypeAlias = Annotated[
    float, Kind("Budget of the horizon; empty or 0: the plan's total.", _above_zero)
]
Target: TypeAlias = Annotated[
    float, Kind("Value that the plan has to reach, in units of the outcome.", _above_zero)
]
Wanted: TypeAlias = Annotated[
    float,
    Kind(
        "For the aim target: the value that the plan has to reach; for marginal_roi: what the next "
        "unit of money has to bring back; empty: 1.",
        _above_zero,
    ),
]
Share: TypeAlias = Annotated[
    float, Kind("Between 0 and 1, such as 0.9; empty: as in Settings.", _share)
]
Tolerance: TypeAlias = Annotated[float, Kind("Share that may differ; empty: 0.02.", _share)]
Points: TypeAlias = Annotated[int, Kind("Rows of the curve, 2 to 1000; empty: 50.", _count)]
Day: TypeAlias = Annotated[np.datetime64, Kind("A date; empty: from the first, to the last.", _day)]
SpendByLine: TypeAlias = Annotated[
    float | Mapping[str, float],
    Kind(
        "WEEKLY spend: one number for the line, or two columns, line and spend; empty: the mean "
        "of the last 13 weeks.",
        _spend_by_line,
        ranged=True,
    ),
]
Aim: TypeAlias = Annotated[str, _choice(AIMS, "What the best plan is best at; empty: outcome")]
By: TypeAlias = Annotated[
    str,
    _choice(
        PARTS,
        "What the rows are told apart by; empty: line",
        others="or another text column of Channels",
    ),
]
Risk: TypeAlias = Annotated[str, _choice(RISKS, "How it is judged; empty: as in Settings")]
