"""What each column of a wide file is: proposed from names and contents, every choice explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.data.cells import distinct
from xlbudget.data.date_cells import read_dates
from xlbudget.data.names import did_you_mean, listed
from xlbudget.data.number_cells import is_numeric
from xlbudget.data.raw import RawTable
from xlbudget.data.wide_columns import (
    CLAIM,
    ColumnRole,
    Role,
    by_content,
    long_file,
    outcome_rank,
    unspent,
)
from xlbudget.data.wide_words import (
    CLOCK_PARTS,
    DATES,
    MEDIA,
    OUTSIDE,
    RIVALS,
    TRUTH,
    channel_name,
    kind_of,
    stem_of,
    words,
)
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
        found[asked.region] = ColumnRole(asked.region, Role.REGION, asked.region, _ASKED)
    columns = [found[header] for header in raw.columns if header in found]
    columns = _one_region(raw, columns, asked)
    if asked.spend is None:
        columns = _untagged_spend(raw, columns)
    columns = _beside_spend(columns)
    columns = _one_outcome(columns, asked)
    if asked.controls is not None:
        columns = [
            replace(c, role=Role.IGNORED, reason="not among the controls that were named")
            if c.role is Role.CONTROL and c.header not in asked.controls
            else c
            for c in columns
        ]
    columns = _distinct_channels(columns)
    _demand(raw, columns)
    return WideMapping(tuple(columns))


_ASKED = "as you said"


def _said(asked: str, otherwise: str) -> str:
    return _ASKED if asked else otherwise


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
        return ColumnRole(header, Role.OUTCOME, header, _ASKED)
    if asked.controls is not None and header in asked.controls:
        return ColumnRole(header, Role.CONTROL, header, _ASKED)
    if asked.spend is None:
        return None
    if header in asked.spend:
        return ColumnRole(header, Role.SPEND, asked.spend[header], _ASKED)
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


def _one_region(raw: RawTable, columns: list[ColumnRole], asked: _Asked) -> list[ColumnRole]:
    """The finest column of regions; others, such as the country, are left out."""
    found = [c for c in columns if c.role is Role.REGION]
    if len(found) < 2:
        return columns
    best = next(
        (c for c in found if c.header == asked.region),
        max(found, key=lambda c: len(distinct(raw.columns[c.header])[0])),
    )
    return [
        replace(c, role=Role.IGNORED, reason=f"{best.header} tells the regions")
        if c in found and c is not best
        else c
        for c in columns
    ]


def _untagged_spend(raw: RawTable, columns: list[ColumnRole]) -> list[ColumnRole]:
    """Where no column is named as spend: the numbered ones (x1, x2), else those named as media."""
    if any(column.role is Role.SPEND for column in columns):
        return columns
    plain = [
        c for c in columns
        if c.role in (Role.CONTROL, Role.IGNORED) and is_numeric(raw.columns[c.header])
        and not (OUTSIDE | RIVALS | TRUTH).intersection(words(c.header))
    ]  # fmt: skip
    numbered = [c for c in plain if _numbered(c.header)]
    chosen = numbered or [c for c in plain if MEDIA.intersection(words(c.header))]
    why = "numbered as spend columns are (x1, x2 ...)" if numbered else "named as a medium"
    out = []
    for column in columns:
        if column not in chosen:
            out.append(column)
        elif unspent(raw.columns[column.header]):
            out.append(replace(column, role=Role.IGNORED, reason="nothing was ever spent on it"))
        else:
            out.append(ColumnRole(column.header, Role.SPEND, channel_name(column.header), why))
    return out


def _numbered(header: str) -> bool:
    first = words(header)[:1]
    return bool(first) and first[0][:1] == "x" and first[0][1:].isdigit()


def _beside_spend(columns: list[ColumnRole]) -> list[ColumnRole]:
    """Impressions and clicks belong to the spend of the same stem, or are no such thing."""
    channels = {stem_of(c.header): c.name for c in columns if c.role is Role.SPEND}
    taken: set[tuple[Role, str]] = set()
    out = []
    for column in columns:
        if column.role not in (Role.IMPRESSIONS, Role.CLICKS):
            out.append(column)
            continue
        channel = channels.get(stem_of(column.header), "")
        if channel and (column.role, channel) not in taken:
            taken.add((column.role, channel))
            reason = f"{column.role.value} beside the spend of {channel}"
            out.append(replace(column, name=channel, reason=reason))
        elif column.role is Role.IMPRESSIONS and not channel:
            reason = "shown without spend (organic): kept as a control"
            out.append(ColumnRole(column.header, Role.CONTROL, column.header, reason))
        else:
            reason = (
                "a second such column of the channel" if channel
                else "comes from media, so it would hide their effect"
            )  # fmt: skip
            out.append(ColumnRole(column.header, Role.IGNORED, column.header, reason))
    return out


def _one_outcome(columns: list[ColumnRole], asked: _Asked) -> list[ColumnRole]:
    """The outcome that is planned for first; the others stay as further outcomes."""
    if not any(c.role is Role.OUTCOME for c in columns):
        columns = [
            replace(c, role=Role.OUTCOME, reason="the only column named as an outcome")
            if c.reason == CLAIM
            else c
            for c in columns
        ]
    found = [c for c in columns if c.role is Role.OUTCOME]
    if not found:
        return columns
    best = next(
        (c for c in found if c.header == asked.outcome),
        min(found, key=lambda c: (outcome_rank(c.header), len(words(c.header)))),
    )
    rest = [
        replace(c, reason=f"a further outcome beside {best.header}")
        if c.role is Role.OUTCOME else c
        for c in columns if c is not best
    ]  # fmt: skip
    place = columns.index(best)
    before = [c for c in rest if c.role is not Role.OUTCOME]
    others = [c for c in rest if c.role is Role.OUTCOME]
    place -= sum(c in others for c in columns[:place])
    return [*before[:place], best, *others, *before[place:]]


def _distinct_channels(columns: list[ColumnRole]) -> list[ColumnRole]:
    """Two spend columns that would get one name keep their headers, unless the user said so."""
    names = [c.name.casefold() for c in columns if c.role is Role.SPEND and c.reason != _ASKED]
    twice = {name for name in names if names.count(name) > 1}
    renamed = {
        c.name: c.header for c in columns
        if c.role is Role.SPEND and c.reason != _ASKED and c.name.casefold() in twice
    }  # fmt: skip
    return [
        replace(c, name=c.header) if c.role is Role.SPEND and c.name in renamed
        and c.reason != _ASKED else c
        for c in columns
    ]  # fmt: skip


def _demand(raw: RawTable, columns: Sequence[ColumnRole]) -> None:
    roles = {column.role for column in columns}
    keys = [c.header for c in columns if c.role in (Role.DATE, Role.REGION)]
    if Role.DATE in roles and (long := long_file(raw, keys)):
        raise BadInput([long])
    needed = (
        (Role.DATE, "no column of dates was found", "--date DATE"),
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
