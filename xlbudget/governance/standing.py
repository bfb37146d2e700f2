"""Finance's six standing questions as rows of the Scenarios table, for the channels there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from xlbudget.tables import SCENARIOS

CUT, MORE, DEARER, SHIFT, MOVED = 0.12, 1_500_000.0, 0.20, 0.15, 0.10
SOFTER = 0.15
MOST = 0.25  # of what the role that is given money has
NOT_KNOWN = 10_000.0  # moved where no plan is known yet
WEEKS = 6  # of a shift that is tried out
FROM, TO = "prospecting", "retention"  # where the questions about roles look first

Rows = dict[str, list[Any]]


def standing_questions(
    roles: Mapping[str, str],
    planned: Mapping[str, float],
    first: dt.date | None = None,
    weeks: int = 13,
) -> Rows:
    """The questions as the columns of Scenarios; those about channels only where some are known.

    roles    channel -> its role; empty: not filled in yet
    planned  channel -> money of the horizon; empty: not known yet
    first    first day of the horizon, which has so many weeks; None: not known yet
    """
    rows = list(_rows(roles, planned, first, weeks))
    return {name: [row.get(name) for row in rows] for name in SCENARIOS.names()}


def _rows(
    roles: Mapping[str, str], planned: Mapping[str, float], first: dt.date | None, weeks: int
) -> Iterator[dict[str, Any]]:
    total = sum(planned.values())
    by_role = {role: sum(planned.get(c, 0.0) for c, r in roles.items() if r == role)
               for role in roles.values()}  # fmt: skip
    yield _row(f"Budget -{CUT:.0%}", "total", "spend", "%", -100.0 * CUT, note=_ABOUT[0])
    more = MORE if not total or total >= MORE else _round(total / 2.0)
    yield _row(f"{more:,.0f} more", "total", "spend", "amount", more, note=_ABOUT[1])
    source = FROM if FROM in by_role or not by_role else max(by_role, key=lambda r: by_role[r])
    softer = f"{source.capitalize()} -{SOFTER:.0%}"
    yield _row(softer, "role", "spend", "%", -100.0 * SOFTER, source, note=_ABOUT[2])
    others = [role for role in by_role if role != source]
    least = min(others, key=lambda role: by_role[role], default=None)
    target = TO if TO in others or not by_role else least
    if target:
        moved = _moved(by_role.get(source, 0.0), by_role.get(target, 0.0))
        name = f"From {source} to {target}"
        yield _row(name, "role", "spend", "amount", -moved, source, note=_ABOUT[3])
        yield _row(None, "role", "spend", "amount", moved, target)
    largest = sorted(planned, key=lambda channel: (-planned[channel], channel))
    if not total:
        return
    dearer = f"{largest[0]} costs +{DEARER:.0%}"
    yield _row(dearer, "channel", "cost", "%", 100.0 * DEARER, largest[0], note=_ABOUT[4])
    if len(largest) > 1:
        tried = min(WEEKS, weeks)
        moved = _round(SHIFT * planned[largest[0]] * tried / weeks, digits=3)
        last = first and first + dt.timedelta(weeks=tried, days=-1)
        name = f"{largest[0]} to {largest[1]}"
        yield _row(name, "channel", "spend", "amount", -moved, largest[0], first, last, _ABOUT[5])
        yield _row(None, "channel", "spend", "amount", moved, largest[1], first, last)


_ABOUT = (
    "What does a cut cost, and what does re-optimising save?",
    "What does more money bring, where, and how sure is that?",
    "Where does the outcome soften first, and in which week?",
    "When does moved money show in the outcome?",
    "One channel gets dearer: what is the next-best place?",
    "What does a shift of 15 % bring, and which test shows it?",
)


def _row(
    scenario: str | None,
    scope: str,
    what: str,
    change: str,
    value: float,
    name: str = "",
    start: dt.date | None = None,
    end: dt.date | None = None,
    note: str = "",
) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "scope": scope,
        "name": name or None,
        "what": what,
        "change": change,
        "value": value,
        "from": start,
        "to": end,
        "note": note or None,
    }


def _moved(source: float, target: float) -> float:
    """A part of one role's money that does not swamp the other's."""
    part = MOVED * source
    return _round(min(part, MOST * target) if target else part) or NOT_KNOWN


def _round(money: float, digits: int = 2) -> float:
    """To so many figures: amounts that people say."""
    return float(f"{money:.{digits}g}")
