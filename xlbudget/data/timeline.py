"""Which weeks are history and which are the horizon."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xlbudget.data.cells import counted
from xlbudget.data.columns import Columns
from xlbudget.data.settings import Settings
from xlbudget.data.weeks import WEEK, days_of, weekday
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tabular import Weeks

MAX_AHEAD = 52  # weeks between the last outcome and the horizon
MIN_WEEKS = 10


def history(spend: Columns, outcomes: Columns, outcome: str) -> tuple[Weeks, list[Finding]]:
    """From the first week with a row of spend to the last with an outcome, without gaps."""
    paid = days_of(spend)
    known = days_of(outcomes.part(~np.isnan(outcomes[outcome])))
    if not len(paid) or not len(known):
        place, of = Place("Spend"), ""
        if len(paid):
            header = outcomes.headers[outcome]
            place, of = Place("Outcomes", None, header), f" of {header}"
        problem = f"{place.table} has no week with a figure{of}"
        return paid[:0], [Finding("no-weeks", place, problem, "enter the figures of each week")]
    if paid[0] > known[-1]:
        return paid[:0], [
            Finding(
                "weeks-apart",
                Place("Spend"),
                f"Spend begins on {paid[0]}, after the last outcome on {known[-1]}",
                "enter Spend and Outcomes of the same weeks",
            )
        ]
    weeks = np.arange(paid[0], known[-1] + WEEK, WEEK)
    findings = []
    earlier = known[known < paid[0]]
    if len(earlier):
        findings.append(
            Finding(
                "outcomes-before-spend",
                Place("Outcomes"),
                f"{counted(len(earlier), 'week')} before the first of Spend, {paid[0]}: not read",
                "enter rows of spend for these weeks, 0 where nothing was spent",
                Severity.WARNING,
            )
        )
    both = len(known) - len(earlier)
    if both < MIN_WEEKS:
        findings.append(
            Finding(
                "too-few-weeks",
                Place("Outcomes"),
                f"spend and an outcome are both known in {counted(both, 'week')}; nothing can be "
                f"learned from fewer than {MIN_WEEKS}",
                "enter more weeks, two years of them if they are known",
            )
        )
    return weeks, findings


def place_horizon(settings: Settings, weeks: Weeks) -> tuple[Settings, list[Finding]]:
    """The first week planned: as asked, moved to the first day of its week; else the next week."""
    soonest = weeks[-1] + WEEK
    asked = settings.horizon_start
    if asked is None:
        return replace(settings, horizon_start=soonest), []
    place = Place("Settings", None, "horizon_start")
    offset = (int(weekday(np.array([asked]))[0]) - int(weekday(weeks[:1])[0])) % 7
    start = asked - np.timedelta64(offset, "D")
    latest = soonest + WEEK * MAX_AHEAD
    if start < soonest or start > latest:
        said = "has an outcome already" if start < soonest else "is too far ahead"
        return settings, [
            Finding(
                "horizon-start",
                place,
                f"horizon_start is {asked}; that week {said}",
                f"choose a week from {soonest} to {latest}, or leave it empty for {soonest}",
            )
        ]
    findings = []
    if start != asked:
        findings.append(
            Finding(
                "horizon-moved",
                place,
                f"horizon_start {asked} is within a week; the horizon begins on {start}",
                "nothing to do if that is right",
                Severity.NOTE,
            )
        )
    if start > soonest:
        gap = int((start - soonest) // WEEK)
        findings.append(
            Finding(
                "horizon-later",
                place,
                f"{counted(gap, 'week')} between the last outcome ({weeks[-1]}) and the horizon",
                "enter their outcomes as soon as they are known",
                Severity.NOTE,
            )
        )
    return replace(settings, horizon_start=start), findings
