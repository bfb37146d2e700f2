"""Spend rows to media, lines and money by week, region and medium."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import coded, counted
from xlbudget.data.columns import Columns
from xlbudget.data.facts import Line, Medium
from xlbudget.data.names import listed
from xlbudget.data.row_gaps import row_gaps
from xlbudget.data.weeks import days_of, spans
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import normal
from xlbudget.tabular import Array, Weeks

_REVENUE = ("revenue", "sales", "turnover", "value", "gmv", "income", "pipeline", "booking")


@dataclass(frozen=True)
class Spending:
    """Shapes as in Dataset; `unspent` names channels on which nothing was ever spent."""

    media: tuple[Medium, ...]
    lines: tuple[Line, ...]
    line_of: NDArray[np.intp]
    spend: Array
    attributed: Array | None
    unspent: tuple[str, ...]


def gather_spend(
    columns: Columns,
    weeks: Weeks,
    regions: Sequence[str],
    grain: Sequence[str],
    outcome: str,
) -> Spending:
    """Add the rows up. The order in which they came plays no part, not even in the last digit.

    weeks (W,) and regions (R,) as in Dataset; rows outside them are left out.
    """
    national = tuple(regions) == ("",)
    blank = np.full(columns.size, "", dtype=object)
    parts = [
        columns["channel"],
        columns["campaign_type"] if "campaign_type" in grain else blank,
        columns["product"] if "product" in grain else blank,
        columns["region"] if national and "region" in grain else blank,
    ]
    media, medium = _media(parts)
    week = (columns["week"] - weeks[0]).astype("timedelta64[D]").astype(np.int64) // 7
    place = {name: index for index, name in enumerate(regions)}
    region = (
        np.zeros(columns.size, dtype=np.int64) if national else _mapped(columns["region"], place)
    )
    inside = (
        (week >= 0) & (week < len(weeks)) & (region >= 0) & (columns["channel"] != "")
        & ~np.isnat(columns["week"])
    )  # fmt: skip
    shape = (len(weeks), len(regions), len(media))
    cell = (week * shape[1] + region) * shape[2] + medium

    def total(values: Array) -> Array:
        return _added(cell[inside], values[inside], shape)

    spend = total(np.nan_to_num(columns["spend"]))
    ran = spend.sum(axis=(0, 1)) > 0
    kept = tuple(m for m, on in zip(media, ran, strict=True) if on)
    seen = {m.channel for m in kept}
    claim = _claim(columns, outcome)
    attributed = None
    if claim is not None:
        said = total((~np.isnan(claim)).astype(float)) > 0
        attributed = np.where(said.any(axis=(0, 1)), total(np.nan_to_num(claim)), np.nan)[:, :, ran]
    lines, line_of = _lines(kept, regions, spend[:, :, ran], grain)
    unspent = tuple(sorted({m.channel for m in media if m.channel} - seen))
    return Spending(kept, lines, line_of, spend[:, :, ran], attributed, unspent)


def spend_findings(columns: Columns, weeks: Weeks, spending: Spending) -> Iterator[Finding]:
    """What a person should know about Spend as a whole."""
    header = columns.headers.get("spend", "spend")
    empty = np.flatnonzero(np.isnan(columns["spend"]))
    if empty.size:
        yield Finding(
            "spend-empty",
            columns.place(int(empty[0]), "spend"),
            f"no {header} in {counted(len(empty), 'row')}; counted as 0",
            "enter the amount, or 0 to say that nothing was spent",
            Severity.WARNING,
        )
    present = days_of(columns)
    gaps = np.setdiff1d(weeks, present)
    if gaps.size:
        yield Finding(
            "spend-gap",
            Place("Spend", None, columns.headers.get("week", "week")),
            f"no row for {counted(len(gaps), 'week')} ({spans(gaps)}); counted as nothing spent",
            "enter these weeks if something was spent",
            Severity.WARNING,
        )
    yield from row_gaps(columns, weeks, "counted as nothing spent")
    late = columns["week"] > weeks[-1]
    if late.any():
        yield Finding(
            "spend-after-outcomes",
            columns.place(int(np.flatnonzero(late)[0]), "week"),
            f"{counted(int(late.sum()), 'row')} after the last week with an outcome ({weeks[-1]}) "
            "not read",
            "enter the outcomes of these weeks, or put planned money into Plan",
            Severity.WARNING,
        )
    if spending.unspent:
        yield Finding(
            "channel-unspent",
            Place("Spend", None, header),
            f"nothing was spent on {listed(spending.unspent)} up to {weeks[-1]}; left out, since "
            "there is nothing to learn from",
            "nothing to do; it joins as soon as some weeks of spend are known",
            Severity.WARNING,
        )


def line_name(parts: Sequence[str]) -> str:
    """The parts that are not empty, joined by " | "."""
    return " | ".join(part for part in parts if part)


def _media(parts: list[NDArray[Any]]) -> tuple[tuple[Medium, ...], NDArray[np.int64]]:
    """Distinct media, sorted by name, and the medium of each row (N,)."""
    code = np.zeros(len(parts[0]), dtype=np.int64)
    names = []
    for values in parts:
        found, which = coded(values)
        names.append(found)
        code = code * max(len(found), 1) + which
    distinct, row = np.unique(code, return_inverse=True)
    media = []
    for number in distinct.tolist():
        texts: list[str] = []
        rest = number
        for found in reversed(names):
            rest, index = divmod(rest, len(found))
            texts.insert(0, found[index])
        media.append(Medium(*texts))
    return tuple(media), row.astype(np.int64)


def _mapped(names: NDArray[Any], place: dict[str, int]) -> NDArray[np.int64]:
    found, which = coded(names)
    return np.array([place.get(name, -1) for name in found], dtype=np.int64)[which]


def _added(cell: NDArray[np.int64], values: Array, shape: tuple[int, ...]) -> Array:
    """Sum values by cell in ascending order of value, so that the order of rows is no matter."""
    order = np.lexsort((values, cell))
    size = int(np.prod(shape))
    total = np.bincount(cell[order], weights=values[order], minlength=size)
    return np.asarray(total, dtype=np.float64).reshape(shape)


def _claim(columns: Columns, outcome: str) -> Array | None:
    """The platforms' own figure in units of the outcome: revenue for money, else conversions."""
    money = any(word in normal(outcome) for word in _REVENUE)
    name = "platform_revenue" if money else "platform_conversions"
    claim: Array = columns[name]
    return None if np.isnan(claim).all() else claim


def _lines(
    media: Sequence[Medium], regions: Sequence[str], spend: Array, grain: Sequence[str]
) -> tuple[tuple[Line, ...], NDArray[np.intp]]:
    ran = spend.sum(axis=0) > 0  # (R, M)
    parts: dict[tuple[int, int], tuple[str, str, str, str]] = {}
    for r, m in zip(*np.nonzero(ran), strict=True):
        medium = media[m]
        where = (regions[r] or medium.region) if "region" in grain else ""
        parts[int(r), int(m)] = (medium.channel, where, medium.campaign_type, medium.product)
    distinct = sorted(set(parts.values()))
    lines = tuple(
        Line(line_name(p), channel=p[0], region=p[1], campaign_type=p[2], product=p[3])
        for p in distinct
    )
    index = {p: number for number, p in enumerate(distinct)}
    line_of = np.full((len(regions), len(media)), -1, dtype=np.intp)
    for cell, p in parts.items():
        line_of[cell] = index[p]
    return lines, line_of


def same_named(lines: Sequence[Line]) -> list[str]:
    """Names that two different lines would share."""
    names = sorted(line.name for line in lines)
    return [a for a, b in pairwise(names) if a == b]
