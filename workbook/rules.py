"""Data validation of input cells: what may be entered, and what Excel says about it."""

from __future__ import annotations

from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation

from workbook.places import letters
from xlbudget.tables import SCOPES, Column, Kind, Setting, Table

_FIRST_DAY, _LAST_DAY = "DATE(2000,1,1)", "DATE(2100,12,31)"
_OFFERED = {  # columns that offer the names of another table: table, column
    "channel": ("Channels", "A"),
    "region": ("Regions", "A"),
}
_DAYS = (Kind.WEEK, Kind.DATE)
_NUMBERS = (Kind.MONEY, Kind.NUMBER, Kind.COUNT)


def validation(table: Table, column: Column, first: int, last: int) -> DataValidation:
    """The rule of one column for the sheet rows first..last, applied to no cell yet."""
    rule = _kind(table, column, first, last)
    _say(rule, column.name, column.help)
    return rule


def setting_validation(setting: Setting) -> DataValidation:
    """The rule of the value cell of one setting."""
    rule = _kind_of(setting.kind, setting.allowed, below_zero=False)
    default = f" Default: {setting.default:g}." if isinstance(setting.default, float) else ""
    _say(rule, setting.name, setting.help + default)
    return rule


def _kind(table: Table, column: Column, first: int, last: int) -> DataValidation:
    offered = _OFFERED.get(column.name)
    if column.name == "applies_to":
        return _choice(",".join(SCOPES), binding=False)
    if offered and offered[0] != table.name:
        cells = f"={offered[0]}!${offered[1]}${first}:${offered[1]}${last}"
        return DataValidation(type="list", formula1=cells, allow_blank=True)
    return _kind_of(column.kind, column.allowed, column.below_zero)


def _kind_of(kind: Kind, allowed: tuple[str, ...], below_zero: bool) -> DataValidation:
    if allowed:
        return _choice(",".join(allowed), binding=True)
    if kind in _DAYS:
        return _stop("date", _FIRST_DAY, _LAST_DAY, "Enter a date, for instance 2026-01-05.")
    if kind is Kind.SHARE:
        return _stop("decimal", "0", "1", "Enter a share between 0 and 1, for instance 0.9.")
    if kind in _NUMBERS:
        if below_zero:
            return _stop("decimal", "-1E+15", "1E+15", "Enter a number.")
        return _stop("decimal", "0", "1E+15", "Enter a number that is not below 0.")
    return DataValidation(allow_blank=True)  # any value; the message alone


def _choice(options: str, binding: bool) -> DataValidation:
    rule = DataValidation(type="list", formula1=f'"{options}"', allow_blank=True)
    if binding:
        rule.error = f"Choose one of: {options.replace(',', ', ')}."[:255]
        rule.errorTitle = "Not in the list"
        rule.showErrorMessage = True
    return rule


def _stop(kind: Literal["date", "decimal"], low: str, high: str, error: str) -> DataValidation:
    rule = DataValidation(
        type=kind, operator="between", formula1=low, formula2=high, allow_blank=True
    )
    rule.error, rule.errorTitle, rule.showErrorMessage = error, "That cannot be read", True
    return rule


def _say(rule: DataValidation, title: str, help_text: str) -> None:
    rule.promptTitle, rule.prompt = title[:32], help_text[:255]
    rule.showInputMessage = True


def over(rule: DataValidation, column: int, first: int, last: int) -> DataValidation:
    """The rule applied to the rows of a sheet column."""
    letter = letters(column)
    rule.add(f"{letter}{first}:{letter}{last}")
    return rule
