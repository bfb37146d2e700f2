"""The Plan table to money by week, region and medium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.columns import Columns
from xlbudget.data.dataset import Dataset, Medium
from xlbudget.data.duplicates import duplicates
from xlbudget.data.names import listed, unknown_name
from xlbudget.data.row_gaps import row_gaps
from xlbudget.data.weeks import WEEK, WEEKDAYS, cadence, days_of, spans, weekday
from xlbudget.findings import Finding, Place, Severity, errors_of
from xlbudget.planning.plan_periods import PERIODS, weeks_of_period
from xlbudget.planning.plan_spread import usual_share
from xlbudget.tables import PLAN, normal
from xlbudget.tabular import Array, Weeks

PARTS = ("channel", "region", "campaign_type", "product")
Key = tuple[str, ...]


@dataclass
class Reading:
    """What is gathered while the rows are read; nothing leaves it but `read_plan`'s answer.

    spend     (H, R, M) money so far
    outside   money that falls on weeks beyond the horizon, and those weeks
    empty     rows without planned spend
    """

    spend: Array
    named: NDArray[np.bool_]
    findings: list[Finding] = field(default_factory=list)
    outside: float = 0.0
    outside_weeks: list[np.datetime64] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)


def read_plan(
    data: Dataset, plan: Columns, findings: Sequence[Finding]
) -> tuple[Array, tuple[Finding, ...]]:
    """Money (H, R, M) of a typed Plan table, and every finding about it.

    findings  those about its cells; those about what the rows mean are added
    """
    shape = (len(data.horizon), *data.line_of.shape)
    reading = Reading(np.zeros(shape), np.zeros(data.line_of.shape, dtype=bool))
    reading.findings += [*findings, *duplicates(plan)]
    cells: dict[Key, NDArray[np.bool_] | None] = {}
    shares: dict[Key, Array] = {}
    starts, planned = _starts(data, plan), plan["planned_spend"]
    parts, horizon = [plan[part] for part in PARTS], data.horizon
    for row in range(plan.size):
        key = tuple(str(part[row]) for part in parts)
        if not key[0]:
            continue  # an empty channel is a finding already
        if key not in cells:
            cells[key] = _cells(data, plan, row, key, reading.findings)
        members = cells[key]
        if members is None:
            continue
        reading.named |= members
        money = float(planned[row])
        if np.isnan(money):
            reading.empty.append(row)
            continue
        weeks = _weeks(data, plan, row, starts[row], reading.findings)
        if weeks is None or not money:
            continue
        if not members.any():
            reading.findings.append(_never_ran(plan, row, key, money, data.settings.currency))
            continue
        if key not in shares:
            shares[key] = usual_share(data, members)
        _add(horizon, reading, weeks, money, shares[key])
    reading.findings += _about_the_whole(data, plan, reading)
    return reading.spend, tuple(reading.findings)


def _add(horizon: Weeks, reading: Reading, weeks: Weeks, money: float, share: Array) -> None:
    """Spread money evenly over weeks; what falls outside the horizon is only counted."""
    index = (weeks - horizon[0]).astype(int) // 7
    inside = (index >= 0) & (index < len(horizon))
    each = money / len(weeks)
    reading.spend[index[inside]] += each * share
    if not inside.all():
        reading.outside += each * float((~inside).sum())
        reading.outside_weeks += list(weeks[~inside])


def _starts(data: Dataset, plan: Columns) -> Weeks:
    """(N,) the data's week that each row's week overlaps most, or that its day falls in."""
    given = ~np.isnat(plan["week"])
    middle = plan["week"][given] + (0 if cadence(days_of(plan)) == "day" else 3)
    starts = plan["week"].copy()
    starts[given] = data.horizon[0] + (middle - data.horizon[0]) // WEEK * WEEK
    return starts


def _weeks(
    data: Dataset, plan: Columns, row: int, start: np.datetime64, findings: list[Finding]
) -> Weeks | None:
    """The weeks of a row, or None with a finding; the horizon where the table names no time."""
    if not np.isnat(start):
        return np.array([start])
    period = str(plan["period"][row])
    if not (plan.given("week") or plan.given("period")):
        return data.horizon
    weeks = weeks_of_period(period, data.horizon) if period else None
    if period and weeks is None:
        problem = f"'{period}' is not a period"
        findings.append(Finding("plan-period-unknown", plan.place(row, "period"), problem, PERIODS))
    elif weeks is None and not _dates_unread(findings):
        column = "week" if plan.given("week") else "period"
        problem = "this row has neither a week nor a period"
        findings.append(Finding("plan-no-week", plan.place(row, column), problem, PERIODS))
    return weeks


def _dates_unread(findings: list[Finding]) -> bool:
    """Whether a week could not be read: then a missing one is told already."""
    return any(normal(f.place.column or "") == "week" for f in errors_of(findings))


def _cells(
    data: Dataset, plan: Columns, row: int, key: Key, findings: list[Finding]
) -> NDArray[np.bool_] | None:
    """(R, M) regions x media that a row is about; None with a finding where a name is unknown.

    A part that the data does not tell apart (a region where outcomes are national, say) plays no
    part: such rows are added up.
    """
    channel, region, campaign_type, product = key
    known = dict.fromkeys([m.channel for m in data.media] + list(data.channels))
    name = _spelled(channel, known)
    if name is None:
        findings.append(unknown_name(plan.place(row, "channel"), "channel", channel, known))
        return None
    of_channel = np.array([medium.channel == name for medium in data.media])
    cells = (data.line_of >= 0) & of_channel
    mine = [medium for medium in data.media if medium.channel == name]
    for part, value in (("campaign_type", campaign_type), ("product", product)):
        options = dict.fromkeys(_part(medium, part) for medium in mine)
        if not value or not any(options):
            continue
        option = _spelled(value, options)
        if option is None:
            findings.append(
                unknown_name(plan.place(row, part), part.replace("_", " "), value, options)
            )
            return None
        cells = cells & np.array([_part(medium, part) == option for medium in data.media])
    return _of_region(data, plan, row, region, cells, findings)


def _of_region(
    data: Dataset,
    plan: Columns,
    row: int,
    region: str,
    cells: NDArray[np.bool_],
    findings: list[Finding],
) -> NDArray[np.bool_] | None:
    by_medium = dict.fromkeys(medium.region for medium in data.media)
    options = dict.fromkeys(data.regions) if any(data.regions) else by_medium
    if not region or not any(options):
        return cells
    name = _spelled(region, options)
    if name is None:
        findings.append(unknown_name(plan.place(row, "region"), "region", region, options))
        return None
    if any(data.regions):
        chosen = np.array([[place == name] for place in data.regions])
    else:
        chosen = np.array([[medium.region == name for medium in data.media]])
    return np.asarray(cells & chosen)


def _part(medium: Medium, part: str) -> str:
    return medium.campaign_type if part == "campaign_type" else medium.product


def _spelled(name: str, known: Mapping[str, None]) -> str | None:
    """The known name that this is, upper and lower case aside."""
    if name in known:
        return name
    return next((option for option in known if option.casefold() == name.casefold()), None)


def _never_ran(plan: Columns, row: int, key: Key, money: float, currency: str) -> Finding:
    what = " in ".join(part for part in key[:2] if part)
    return Finding(
        "plan-never-ran",
        plan.place(row, "channel"),
        f"{what} never ran, so nobody can say what it brings; "
        f"{_money(money, currency)} planned for it are left out",
        "plan it apart from this budget, or run a small test first",
        Severity.WARNING,
    )


def _about_the_whole(data: Dataset, plan: Columns, reading: Reading) -> Iterator[Finding]:
    """What only shows when every row has been read."""
    currency = data.settings.currency
    horizon = f"{data.horizon[0]} to {data.horizon[-1]}"
    if reading.outside > 0:
        nothing = not reading.spend.any()
        weeks = spans(np.unique(np.array(reading.outside_weeks, dtype="datetime64[D]")))
        yield Finding(
            "plan-outside-horizon",
            Place(PLAN.name, None, "week" if plan.given("week") else "period"),
            f"{_money(reading.outside, currency)} of the plan lie outside the horizon "
            f"({horizon}) and are not counted: weeks {weeks}",
            "set horizon_start and horizon_weeks in Settings to the weeks of the plan"
            if nothing
            else "nothing to do if that is meant; else set the horizon in Settings",
            Severity.ERROR if nothing else Severity.WARNING,
        )
    yield from row_gaps(plan, data.horizon, "counted as 0")
    days = days_of(plan)
    off = days[weekday(days) != weekday(data.horizon[:1])]
    if len(off) and cadence(days) != "day":
        starts = WEEKDAYS[int(weekday(data.horizon[:1])[0])]
        yield Finding(
            "plan-weeks-elsewhere",
            Place(PLAN.name, None, "week"),
            f"weeks of the Plan such as {off[0]} do not start on {starts}; each counts as the "
            "week that it overlaps most",
            f"enter weeks that start on {starts}",
            Severity.NOTE,
        )
    if reading.empty:
        yield Finding(
            "plan-empty",
            plan.place(reading.empty[0], "planned_spend"),
            f"{len(reading.empty)} row{'s' * (len(reading.empty) > 1)} without planned spend; "
            "read as 0",
            "enter 0 if nothing is planned",
            Severity.NOTE,
        )
    missing = _missing_lines(data, reading.named)
    if missing and reading.spend.any():
        yield Finding(
            "plan-line-missing",
            Place(PLAN.name, None, "channel"),
            f"no spend is planned for {listed(missing)}; read as 0",
            "add rows for them if they shall run",
            Severity.NOTE,
        )
    quiet = reading.spend.sum(axis=(1, 2)) <= 0
    if quiet.any() and not quiet.all():
        yield Finding(
            "plan-week-missing",
            Place(PLAN.name, None, "week"),
            f"no spend is planned in the weeks {spans(data.horizon[quiet])}",
            "add rows for them if anything shall run",
            Severity.WARNING,
        )


def _missing_lines(data: Dataset, named: NDArray[np.bool_]) -> Sequence[str]:
    return [
        line.name for index, line in enumerate(data.lines) if not named[data.line_of == index].any()
    ]


def _money(amount: float, currency: str) -> str:
    return f"{amount:,.0f} {currency}".rstrip()
