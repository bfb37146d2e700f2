"""What each column of a wide file is: proposed from names and contents, every choice explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.data.date_cells import read_dates
from xlbudget.data.names import did_you_mean, listed
from xlbudget.data.number_cells import is_numeric
from xlbudget.data.raw import RawTable
from xlbudget.data.wide_choices import (
    beside_spend,
    distinct_channels,
    one_outcome,
    one_region,
    untagged_spend,
)
from xlbudget.data.wide_columns import ASKED, ColumnRole, Role, by_content, long_file
from xlbudget.data.wide_words import CLOCK_PARTS, DATES, RIVALS, channel_name, kind_of, words
from xlbudget.errors import BadArgument, BadInput
from xlbudget.findings import Finding, Place
from xlbudget.tables import normal


@dataclass(frozen=True)
class WideMapping:
    """The role of every column, in the file's order."""

    columns: tuple[ColumnRole, ...]

    def of(self, role: Role) -> tuple[ColumnRole, ...]:
        """The columns of this role."""
        return tuple(column for column in self.columns if column.role is role)

    @property
    def date(self) -> str:
        """Header of the date column."""
        return self.of(Role.DATE)[0].header

    @property
    def outcome(self) -> str:
        """Header of the outcome that is planned for."""
        return self.of(Role.OUTCOME)[0].header

    @property
    def spend(self) -> dict[str, str]:
        """Header -> channel of the spend columns."""
        return {column.header: column.name for column in self.of(Role.SPEND)}


@dataclass(frozen=True)
class _Asked:
    """What the user said, by header as the file has it."""

    date: str = ""
    region: str = ""
    outcome: str = ""
    spend: Mapping[str, str] | None = None
    controls: tuple[str, ...] | None = None


def parse_spend(text: str) -> dict[str, str]:
    """`tv_S=TV,ooh_S=OOH` to header -> channel; a header alone gets a name of its own."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    return {
        header.strip(): name.strip() or channel_name(header.strip()) for header, _, name in pairs
    }


def propose_mapping(
    raw: RawTable,
    *,
    date: str | None = None,
    region: str | None = None,
    outcome: str | None = None,
    spend: Mapping[str, str] | None = None,
    controls: Sequence[str] | None = None,
) -> WideMapping:
    """The role of every column of a wide (or long, with a region column) file.

    What is said explicitly wins: date, region and outcome name a header; spend maps headers to
    channels, and no other column is then spend; controls lists headers, and no other is then one.
    Raises BadArgument for a header that the file does not have, BadInput (each with what to say)
    where no date, no outcome or no spend can be made out.
    """
    asked = _Asked(
        _header(raw, date),
        _header(raw, region),
        _header(raw, outcome),
        None if spend is None else {_header(raw, h): name for h, name in spend.items()},
        None if controls is None else tuple(_header(raw, header) for header in controls),
    )
    found: dict[str, ColumnRole] = {}
    day = asked.date or _date_header(raw)
    if day:
        found[day] = ColumnRole(day, Role.DATE, day, _said(asked.date, "its cells are dates"))
    for header in raw.columns:
        if header and header not in found:
            found[header] = _explicit(header, asked) or by_content(raw, header)
    if asked.region:
        found[asked.region] = ColumnRole(asked.region, Role.REGION, asked.region, ASKED)
    columns = [found[header] for header in raw.columns if header in found]
    columns = one_region(raw, columns, asked.region)
    if asked.spend is None:
        columns = untagged_spend(raw, columns)
    columns = beside_spend(columns)
    columns = one_outcome(columns, asked.outcome)
    if asked.controls is not None:
        columns = [
            replace(c, role=Role.IGNORED, reason="not among the controls that were named")
            if c.role is Role.CONTROL and c.header not in asked.controls
            else c
            for c in columns
        ]
    columns = distinct_channels(columns)
    _demand(raw, columns)
    return WideMapping(tuple(columns))


def _said(asked: str, otherwise: str) -> str:
    return ASKED if asked else otherwise


def _header(raw: RawTable, name: str | None) -> str:
    """The header as written that a given name means; BadArgument where there is none."""
    if not name:
        return ""
    for header in raw.columns:
        if header == name or normal(header) == normal(name):
            return header
    raise BadArgument(
        f"the file has no column '{name}'{did_you_mean(name, raw.columns)}; "
        f"it has {listed(list(raw.columns), 12)}"
    )


def _explicit(header: str, asked: _Asked) -> ColumnRole | None:
    if header == asked.outcome:
        return ColumnRole(header, Role.OUTCOME, header, ASKED)
    if asked.controls is not None and header in asked.controls:
        return ColumnRole(header, Role.CONTROL, header, ASKED)
    if asked.spend is None:
        return None
    if header in asked.spend:
        return ColumnRole(header, Role.SPEND, asked.spend[header], ASKED)
    if kind_of(header) == "spend" and not RIVALS.intersection(words(header)):
        return ColumnRole(header, Role.IGNORED, header, "not among the spend that was named")
    return None


def _date_header(raw: RawTable) -> str:
    """The column of dates: one that is called so, else the first whose texts are dates."""
    texts = [header for header in raw.columns if not is_numeric(raw.columns[header])]
    named = [
        header
        for header in (*texts, *(h for h in raw.columns if h not in texts))
        if DATES.intersection(words(header))
        and (header in texts or CLOCK_PARTS.issuperset(words(header)))
    ]
    others = [header for header in texts if header not in named]
    for header in (*named, *others):
        days, _ = read_dates(raw.columns[header])
        if len(days) and np.isnat(days).mean() <= 0.05 and len(np.unique(days)) > 1:
            return header
    return next(iter(named), "") if len(named) == 1 else ""


def _demand(raw: RawTable, columns: Sequence[ColumnRole]) -> None:
    roles = {column.role for column in columns}
    keys = [c.header for c in columns if c.role in (Role.DATE, Role.REGION)]
    if Role.DATE in roles and (long := long_file(raw, keys)):
        raise BadInput([long])
    needed = (
        (Role.DATE, "no column of dates was found (of weeks or days, not months)", "--date DATE"),
        (Role.OUTCOME, "no column is named as an outcome", "--outcome revenue"),
        (Role.SPEND, "no column is named as spend", "--spend 'tv_S=TV,ooh_S=OOH'"),
    )
    place = Place(raw.name)
    missing = [
        Finding(
            f"wide-no-{role.value}",
            place,
            problem,
            f"name it: {option}; the columns are {listed(list(raw.columns), 12)}",
        ).at(raw.locate(place))
        for role, problem, option in needed
        if role not in roles
    ]
    if missing:
        raise BadInput(missing)
