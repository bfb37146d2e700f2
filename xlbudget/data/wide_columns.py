"""What one column of a wide file is, told by its name and its cells alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import distinct
from xlbudget.data.number_cells import is_numeric, read_numbers
from xlbudget.data.raw import RawTable
from xlbudget.data.wide_words import (
    CHANNELS,
    CLOCK_PARTS,
    MEDIA,
    OUTCOMES,
    OUTSIDE,
    POPULATION,
    RATIOS,
    REGIONS,
    RIVALS,
    TRUTH,
    channel_name,
    kind_of,
    stem_of,
    words,
)
from xlbudget.findings import Finding, Place, Severity

MAX_LEVELS = 12  # of a text column that becomes controls of 0 and 1


class Role(StrEnum):
    """What a column of a wide file is taken for."""

    DATE = "date"
    REGION = "region"
    POPULATION = "population"
    OUTCOME = "outcome"
    VALUE = "value"  # money per unit of the outcome
    SPEND = "spend"
    IMPRESSIONS = "impressions"
    CLICKS = "clicks"
    CONTROL = "control"
    IGNORED = "ignored"


CLAIM = "a platform's own claim"
ASKED = "as you said"


@dataclass(frozen=True)
class ColumnRole:
    """One column: its role, the channel (or other name) it belongs to, and why."""

    header: str
    role: Role
    name: str
    reason: str


def by_content(raw: RawTable, header: str) -> ColumnRole:
    """The role that the column's name and cells suggest on their own."""
    cells, found = raw.columns[header], set(words(header))

    def role(kind: Role, reason: str, name: str = header) -> ColumnRole:
        return ColumnRole(header, kind, name, reason)

    levels, _ = distinct(cells)
    filled = [cell for cell in levels if cell is not None]
    if not filled:
        return role(Role.IGNORED, "empty")
    if REGIONS & found and not OUTSIDE & found and _labels(cells, len(filled)):
        if len(filled) == 1:
            return role(Role.IGNORED, "the same region all through")
        return role(Role.REGION, "called a region, and its values repeat")
    if not is_numeric(cells):
        if len(filled) > MAX_LEVELS:
            return role(Role.IGNORED, f"text with {len(filled)} different values")
        return role(Role.CONTROL, "text with few values: each becomes a control of 0 and 1")
    return _number_by_name(raw, header)


def long_by(raw: RawTable, keys: Sequence[str]) -> str:
    """The column that names each row's channel; "" where a row holds all channels of a week.

    keys  headers of the week and, where there is one, of the region
    """
    codes = np.array([distinct(raw.columns[key])[1] for key in keys])
    if not keys or 2 * len(np.unique(codes, axis=1).T) > raw.rows:
        return ""
    names = (h for h in raw.columns if h not in keys and not is_numeric(raw.columns[h]))
    return next((header for header in names if CHANNELS.intersection(words(header))), "")


def long_file(raw: RawTable, keys: Sequence[str]) -> Finding | None:
    """What to do with a file that has a row for each channel; None where it is a wide one."""
    channel = long_by(raw, keys)
    if not channel:
        return None
    place = Place(raw.name, None, channel)
    return Finding(
        "wide-long",
        place,
        f"the file has one row for each {channel} and week, not one column for each channel",
        "save it as spend.csv with the columns week, channel and spend, in a folder with an "
        "outcomes.csv of week and revenue, and give the folder to xlbudget plan; or pivot it to "
        "one column for each channel",
    ).at(raw.locate(place))


def unspent(cells: NDArray[Any]) -> bool:
    """Is every cell read, and nothing spent in any of them?"""
    numbers, troubles = read_numbers(cells)
    unread = any(trouble.severity is Severity.ERROR for trouble in troubles)
    return not unread and not np.nansum(numbers) > 0


def _labels(cells: NDArray[Any], levels: int) -> bool:
    """Do these cells name things: texts or whole numbers, each on several rows?"""
    if 2 * levels > len(cells):
        return False
    numbers = read_numbers(cells)[0] if is_numeric(cells) else np.zeros(1)
    return bool(np.all((numbers == np.floor(numbers)) | np.isnan(numbers)))


def _number_by_name(raw: RawTable, header: str) -> ColumnRole:
    """The role of a column of numbers, by the words of its name."""
    cells, found = raw.columns[header], set(words(header))

    def role(kind: Role, reason: str, name: str = header) -> ColumnRole:
        return ColumnRole(header, kind, name, reason)

    for test, kind, reason in _NAMED:
        if test(found):
            return role(kind, reason)
    tag = "" if RIVALS & found else kind_of(header)
    if tag == "spend":
        if unspent(cells):
            return role(Role.IGNORED, "nothing was ever spent on it")
        return role(Role.SPEND, "named as spend", channel_name(header))
    if tag:
        return role(Role(tag), f"named as {tag}", stem_of(header))
    if (OUTSIDE | RIVALS) & found:
        return role(Role.CONTROL, "named as something that moves the outcome from outside")
    rank = outcome_rank(header)
    if rank < len(OUTCOMES):
        if MEDIA & found:
            return role(Role.IGNORED, CLAIM)
        return role(Role.OUTCOME, f"named as an outcome ({OUTCOMES[rank]})")
    return role(Role.CONTROL, "a number that is neither spend nor an outcome")


_NAMED: tuple[tuple[Callable[[set[str]], bool], Role, str], ...] = (
    (
        lambda found: bool(TRUTH & found),
        Role.IGNORED,
        "named as a result, not as something that was measured",
    ),
    (lambda found: bool(POPULATION & found), Role.POPULATION, "people in the region"),
    (
        lambda found: "per" in found and bool({"revenue", "value", "sales"} & found),
        Role.VALUE,
        "money per unit of the outcome",
    ),
    (lambda found: bool(RATIOS & found), Role.IGNORED, "a ratio of other columns"),
    (
        lambda found: all(word in CLOCK_PARTS or word.isdigit() for word in found),
        Role.IGNORED,
        "counts time; the model has a trend and a season of its own",
    ),
)


def outcome_rank(header: str) -> int:
    """How early in OUTCOMES one of the header's words stands."""
    found = set(words(header))
    return next((i for i, word in enumerate(OUTCOMES) if word in found), len(OUTCOMES))
