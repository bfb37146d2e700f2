"""What each column of a wide file is: proposed from names and contents, every choice explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from xlbudget.data.cells import distinct
from xlbudget.data.date_cells import read_dates
from xlbudget.data.names import did_you_mean, listed
from xlbudget.data.number_cells import is_numeric, read_numbers
from xlbudget.data.raw import RawTable
from xlbudget.data.wide_words import (
    CLOCK_PARTS,
    DATES,
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
from xlbudget.errors import BadArgument, BadInput
from xlbudget.findings import Finding, Place
from xlbudget.tables import normal

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


@dataclass(frozen=True)
class ColumnRole:
    """One column: its role, the channel (or other name) it belongs to, and why."""

    header: str
    role: Role
    name: str
    reason: str


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
            found[header] = _explicit(header, asked) or _by_content(raw, header)
    if asked.region:
        found[asked.region] = ColumnRole(asked.region, Role.REGION, asked.region, _ASKED)
    columns = [found[header] for header in raw.columns if header in found]
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
        f"the file has no column '{name}'{did_you_mean(name, raw.columns)} "
        f"Its columns: {listed(list(raw.columns), 12)}"
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
    named = [header for header in raw.columns if DATES.intersection(words(header))]
    others = [h for h in raw.columns if h not in named and not is_numeric(raw.columns[h])]
    for header in (*named, *others):
        days, _ = read_dates(raw.columns[header])
        if len(days) and np.isnat(days).mean() <= 0.05 and len(np.unique(days)) > 1:
            return header
    return next(iter(named), "") if len(named) == 1 else ""


def _by_content(raw: RawTable, header: str) -> ColumnRole:
    """The role that the column's name and cells suggest on their own."""
    cells, found = raw.columns[header], set(words(header))

    def role(kind: Role, reason: str, name: str = header) -> ColumnRole:
        return ColumnRole(header, kind, name, reason)

    levels, _ = distinct(cells)
    filled = [cell for cell in levels if cell is not None]
    if not filled:
        return role(Role.IGNORED, "empty")
    if REGIONS & found and len(found) <= 3 and len(filled) < len(cells):
        if len(filled) == 1:
            return role(Role.IGNORED, "the same region all through")
        return role(Role.REGION, "called a region, and its values repeat")
    if not is_numeric(cells):
        if len(filled) > MAX_LEVELS:
            return role(Role.IGNORED, f"text with {len(filled)} different values")
        return role(Role.CONTROL, "text with few values: each becomes a control of 0 and 1")
    return _number_by_name(raw, header)


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
        if not np.nansum(read_numbers(cells)[0]) > 0:
            return role(Role.IGNORED, "nothing was ever spent on it")
        return role(Role.SPEND, "named as spend", channel_name(header))
    if tag:
        return role(Role(tag), f"named as {tag}", stem_of(header))
    if (OUTSIDE | RIVALS) & found:
        return role(Role.CONTROL, "named as something that moves the outcome from outside")
    rank = _rank(header)
    if rank < len(OUTCOMES):
        if MEDIA & found:
            return role(Role.IGNORED, "a platform's own claim")
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


def _rank(header: str) -> int:
    """How early in OUTCOMES one of the header's words stands."""
    found = set(words(header))
    return next((i for i, word in enumerate(OUTCOMES) if word in found), len(OUTCOMES))


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
        elif not np.nansum(read_numbers(raw.columns[column.header])[0]) > 0:
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
    found = [c for c in columns if c.role is Role.OUTCOME]
    if not found:
        return columns
    best = next(
        (c for c in found if c.header == asked.outcome),
        min(found, key=lambda c: (_rank(c.header), len(words(c.header)))),
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
