"""Controls over history and horizon: gaps filled, the future guessed where it is not given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.data.cells import counted
from xlbudget.data.columns import Columns
from xlbudget.data.names import listed
from xlbudget.data.weeks import spans
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import CONTROLS, normal
from xlbudget.tabular import Array, Weeks

YEAR = 52  # weeks
RECENT = 13


@dataclass(frozen=True)
class Controls:
    """names C; values (W + H, R, C), never NaN; known (H, C): was the horizon's week given?"""

    names: tuple[str, ...]
    values: Array
    known: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def gather_controls(
    columns: Columns | None,
    weeks: Weeks,
    horizon: Weeks,
    regions: Sequence[str],
) -> tuple[Controls, list[Finding]]:
    """Controls for the known weeks (W,) and the horizon (H,), constant ones dropped."""
    own = {normal(name) for name in CONTROLS.names()}
    names = sorted(name for name in columns.headers if name not in own) if columns else []
    count, ahead = len(weeks), len(horizon)
    empty = Controls((), np.zeros((count + ahead, len(regions), 0)), np.ones((ahead, 0), bool))
    if columns is None or not names:
        return empty, []
    findings: list[Finding] = []
    kept, values, known = [], [], []
    constant, guessed = [], []
    for name in names:
        grid = _grid(columns, name, np.concatenate([weeks, horizon]), regions)
        past, future = grid[:count], grid[count:]
        header = columns.headers[name]
        if np.isnan(past).all() or np.ptp(past[~np.isnan(past)]) == 0:
            constant.append(header)
            continue
        missing = np.isnan(past).any(axis=1)
        if missing.any():
            findings.append(_filled(header, weeks[missing]))
        past = _without_gaps(past)
        given = ~np.isnan(future).any(axis=1)
        if not given.all():
            guessed.append(header)
        kept.append(header)
        known.append(given)
        values.append(np.concatenate([past, _ahead(past, future, weeks, horizon)]))
    if constant:
        findings.append(
            _note("control-constant", constant, "empty or never changing; left out", Severity.NOTE)
        )
    if guessed:
        findings.append(
            _note(
                "control-horizon",
                guessed,
                "not given for every week of the horizon; the same week of last year is taken, "
                "else the mean of the last 13 weeks",
                Severity.WARNING if len(weeks) < YEAR else Severity.NOTE,
            )
        )
    if not kept:
        return empty, findings
    return Controls(tuple(kept), np.stack(values, axis=2), np.stack(known, axis=1)), findings


def _grid(columns: Columns, name: str, weeks: Weeks, regions: Sequence[str]) -> Array:
    """(weeks, R) values, NaN where not given; by-region rows of a national market are averaged."""
    days, places = columns["week"], columns["region"]
    position = {int(day): index for index, day in enumerate(weeks.astype(np.int64).tolist())}
    row = np.array([position.get(int(d), -1) for d in days.astype(np.int64)], dtype=np.int64)
    value = columns[name]
    row[np.isnat(days) | np.isnan(value)] = -1
    grid = np.full((len(weeks), len(regions)), np.nan)
    if not columns.given("region") or not any(places):
        grid[row[row >= 0]] = value[row >= 0, None]
        return grid
    if tuple(regions) == ("",):
        order = np.lexsort((value, row))
        order = order[row[order] >= 0]
        total = np.bincount(row[order], weights=value[order], minlength=len(weeks))
        number = np.bincount(row[order], minlength=len(weeks))
        grid[:, 0] = np.where(number > 0, total / np.maximum(number, 1), np.nan)
        return grid
    for everywhere in (True, False):  # a row without a region holds for all, unless one differs
        for index, region in enumerate(regions):
            of = (row >= 0) & (places == ("" if everywhere else region))
            grid[row[of], index] = value[of]
    return grid


def _without_gaps(past: Array) -> Array:
    """Gaps filled from the weeks around them; a control of 0 and 1 is 0 where not given."""
    out = past.copy()
    flag = set(np.unique(past[~np.isnan(past)]).tolist()) <= {0.0, 1.0}
    time = np.arange(len(past))
    for region in range(past.shape[1]):
        column = past[:, region]
        known = ~np.isnan(column)
        if flag or not known.any():
            fill = 0.0 if flag else float(np.nanmean(past))
            out[~known, region] = fill
        else:
            out[~known, region] = np.interp(time[~known], time[known], column[known])
    return out


def _ahead(past: Array, future: Array, weeks: Weeks, horizon: Weeks) -> Array:
    """(H, R): as given, else the same week of last year, else the last 13 weeks' mean."""
    recent = past[-RECENT:].mean(axis=0)
    back = ((horizon - weeks[0]).astype(np.int64) // 7) - YEAR
    lastyear = np.where(
        ((back >= 0) & (back < len(weeks)))[:, None],
        past[np.clip(back, 0, len(weeks) - 1)],
        recent,
    )
    return np.where(np.isnan(future), lastyear, future)


def _filled(header: str, weeks: Weeks) -> Finding:
    return Finding(
        "control-gap",
        Place("Controls", None, header),
        f"{header} is missing in {counted(len(weeks), 'week')} ({spans(weeks)}); filled from the "
        "weeks around them (0 for a control of 0 and 1)",
        "enter these weeks",
        Severity.WARNING,
    )


def _note(code: str, headers: Sequence[str], said: str, severity: Severity) -> Finding:
    remedy = "enter the horizon's weeks in Controls" if code == "control-horizon" else ""
    return Finding(
        code,
        Place("Controls"),
        f"{listed(headers)}: {said}",
        remedy or "nothing to do if that is right",
        severity,
    )
