"""Columns of a wide file that could be several things, settled beside each other.

Each step takes the columns in the file's order and hands them on with a role or a reason changed.
"""

from __future__ import annotations

from dataclasses import replace

from xlbudget.data.cells import distinct
from xlbudget.data.number_cells import is_numeric
from xlbudget.data.raw import RawTable
from xlbudget.data.wide_columns import ASKED, CLAIM, ColumnRole, Role, outcome_rank, unspent
from xlbudget.data.wide_words import (
    MEDIA,
    OUTSIDE,
    RIVALS,
    TRUTH,
    channel_name,
    stem_of,
    words,
)


def one_region(raw: RawTable, columns: list[ColumnRole], asked: str) -> list[ColumnRole]:
    """The finest column of regions; others, such as the country, are left out."""
    found = [c for c in columns if c.role is Role.REGION]
    if len(found) < 2:
        return columns
    best = next(
        (c for c in found if c.header == asked),
        max(found, key=lambda c: len(distinct(raw.columns[c.header])[0])),
    )
    return [
        replace(c, role=Role.IGNORED, reason=f"{best.header} tells the regions")
        if c in found and c is not best
        else c
        for c in columns
    ]


def untagged_spend(raw: RawTable, columns: list[ColumnRole]) -> list[ColumnRole]:
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


def beside_spend(columns: list[ColumnRole]) -> list[ColumnRole]:
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


def one_outcome(columns: list[ColumnRole], asked: str) -> list[ColumnRole]:
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
        (c for c in found if c.header == asked),
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


def distinct_channels(columns: list[ColumnRole]) -> list[ColumnRole]:
    """Two spend columns that would get one name keep their headers, unless the user said so."""
    names = [c.name.casefold() for c in columns if c.role is Role.SPEND and c.reason != ASKED]
    twice = {name for name in names if names.count(name) > 1}
    renamed = {
        c.name: c.header for c in columns
        if c.role is Role.SPEND and c.reason != ASKED and c.name.casefold() in twice
    }  # fmt: skip
    return [
        replace(c, name=c.header) if c.role is Role.SPEND and c.name in renamed
        and c.reason != ASKED else c
        for c in columns
    ]  # fmt: skip
