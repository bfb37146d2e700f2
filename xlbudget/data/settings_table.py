"""The Settings table, or a dict of the same names, to Settings and findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xlbudget.data.cells import is_missing, shown
from xlbudget.data.columns import read_columns
from xlbudget.data.date_cells import one_date
from xlbudget.data.names import did_you_mean
from xlbudget.data.raw import RawTable
from xlbudget.data.settings import Settings
from xlbudget.data.text_cells import as_text
from xlbudget.data.value_cells import one_value
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import GRAINS, SETTINGS, SETTINGS_ROWS, Kind, Setting, normal

MAX_HORIZON = 52
_ROWS: Mapping[str, Setting] = {normal(row.name): row for row in SETTINGS_ROWS}
_BETWEEN = re.compile(r"\s+x\s+|[,;×*+|/]", re.IGNORECASE)


class _Wrong(ValueError):
    """What a value should have been, as the end of a sentence."""


@dataclass(frozen=True)
class _Bounds:
    low: float
    high: float
    said: str
    open_ends: bool = False

    def hold(self, value: float) -> bool:
        if self.open_ends:
            return self.low < value < self.high
        return self.low <= value <= self.high


_BOUNDS: Mapping[str, _Bounds] = {
    "value_per_outcome": _Bounds(0, np.inf, "a number above 0", open_ends=True),
    "margin": _Bounds(1e-9, 1, "a share above 0, at most 1: 0.35 for 35 %"),
    "horizon_weeks": _Bounds(1, MAX_HORIZON, f"a whole number of weeks from 1 to {MAX_HORIZON}"),
    "budget": _Bounds(0, np.inf, "an amount of 0 or more"),
    "confidence": _Bounds(0, 1, "a share between 0 and 1: 0.90 for 90 %", open_ends=True),
    "long_term_weight": _Bounds(0, 1, "a number from 0 to 1"),
    "beyond_observed": _Bounds(0, 10, "a share of 0 or more: 0.30 for 30 %"),
    "seed": _Bounds(0, 2**63, "a whole number of 0 or more"),
}


def cell_of(place: Place, raw: RawTable) -> Place:
    """The value's cell in the Settings table, for a place that only names the setting."""
    header = {normal(column): column for column in raw.columns}
    if place.row is not None or place.column is None or "setting" not in header:
        return place
    for row, name in enumerate(raw.columns[header["setting"]]):
        if isinstance(name, str) and normal(name) == normal(place.column):
            return Place(place.table, row, header.get("value"))
    return place


def read_settings(
    raw: RawTable | None, given: Mapping[str, Any] | None = None
) -> tuple[Settings, list[Finding]]:
    """Settings of the table, overridden by the given ones; defaults where nothing is said."""
    settings = Settings()
    findings: list[Finding] = []
    entries: list[tuple[str, Any, Place]] = []
    if raw is not None:
        columns, found = read_columns(raw, SETTINGS)
        findings += found
        for index, name in enumerate(columns["setting"]):
            if name:
                entries.append((name, columns["value"][index], columns.place(index, "value")))
    findings += _twice(entries)
    for name, value in (given or {}).items():
        entries.append((str(name), value, Place("Settings", None, str(name))))
    for name, value, place in entries:
        row = _ROWS.get(normal(name))
        if row is None:
            findings.append(
                Finding(
                    "setting-unknown",
                    place,
                    f"there is no setting '{name}'"
                    + did_you_mean(name, [r.name for r in SETTINGS_ROWS]),
                    f"use one of: {', '.join(r.name for r in SETTINGS_ROWS)}",
                )
            )
            continue
        if _is_empty(value):
            continue
        # where 0 is not the default, it is an empty cell as some hosts send it
        if row.default != 0 and not isinstance(value, str) and _number(value) == 0:
            findings.append(
                Finding(
                    "setting-zero",
                    place,
                    f"{row.name} is 0, which says nothing; its default is taken",
                    "leave it empty, or enter a value",
                    Severity.NOTE,
                )
            )
            continue
        try:
            settings = replace(settings, **{row.name: _value(row, value)})
        except _Wrong as wrong:
            findings.append(
                Finding(
                    "setting-value",
                    place,
                    f"{row.name} is {shown(value)}; it must be {wrong}",
                    f"correct {row.name}, or leave it empty for the default",
                )
            )
    return settings, findings


def _twice(entries: Sequence[tuple[str, Any, Place]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for name, _, place in entries:
        if normal(name) in seen:
            yield Finding(
                "setting-twice", place, f"setting '{name}' stands more than once", "keep one row"
            )
        seen.add(normal(name))


def _is_empty(value: object) -> bool:
    if isinstance(value, list | tuple | dict | np.ndarray):
        return False
    return is_missing(value)


def _value(row: Setting, value: Any) -> Any:
    if row.name == "grain":
        return _grain(value)
    if row.kind is Kind.WEEK:
        day = one_date(value)
        if day is None:
            raise _Wrong("a date such as 2026-01-05")
        return day
    if row.kind is Kind.TEXT:
        return _text(row, value)
    number = _number(value)
    bounds = _BOUNDS[row.name]
    if number is None or not bounds.hold(number):
        raise _Wrong(bounds.said)
    if row.kind is Kind.COUNT:
        if number != int(number):
            raise _Wrong(bounds.said)
        return int(number)
    return number


def _number(value: Any) -> float | None:
    if isinstance(value, list | tuple | dict | np.ndarray):
        return None
    cell = one_value(value)
    if isinstance(cell, str) and cell.endswith("%"):
        cell = one_value(cell[:-1])
        return cell / 100 if isinstance(cell, float) else None
    return cell if isinstance(cell, float) and np.isfinite(cell) else None


def _text(row: Setting, value: object) -> str:
    text = as_text(value)
    if row.name == "holidays_country":
        return _country(text)
    if not row.allowed:
        return text
    for option in row.allowed:
        if normal(option) == normal(text):
            return option
    raise _Wrong(f"one of {', '.join(row.allowed)}{did_you_mean(text, row.allowed)}")


def _country(text: str) -> str:
    """A country whose public holidays are known."""
    from holidays import list_supported_countries

    if text.upper() not in list_supported_countries():
        raise _Wrong("a two-letter country whose holidays are known, such as DE, FR or US")
    return text.upper()


def _grain(value: object) -> tuple[str, ...]:
    """`channel x region`, `region, channel` or a list: the parts, in the order of GRAINS."""
    parts = value if isinstance(value, list | tuple) else _BETWEEN.split(as_text(value))
    names = {normal(str(part)) for part in parts} - {""}
    known: Mapping[str, str] = {normal(name): name for name in GRAINS}
    strangers = sorted(names - set(known))
    if strangers or "channel" not in names:
        hint = did_you_mean(strangers[0], GRAINS) if strangers else ""
        raise _Wrong(
            "channel, or channel x any of region, campaign_type, product, "
            f"such as 'channel x region'{hint}"
        )
    return tuple(name for key, name in known.items() if key in names)
