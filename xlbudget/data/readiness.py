"""Is this data fit to plan on? Checks in plain words, each with what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.data.names import listed
from xlbudget.data.reconciliation import AGREES, Reconciliation
from xlbudget.data.weeks import spans
from xlbudget.tabular import Array, Columns, Tabular

YEAR = 52
RECENT = 26  # weeks: a line that began within them is new
ALIKE = 0.9  # correlation from which two lines cannot be told apart
STEADY = 0.05  # spread over mean below which a spend is as good as constant


class Status(StrEnum):
    """ok: nothing to do; look: a person should; stop: do not plan on this."""

    OK = "ok"
    LOOK = "look"
    STOP = "stop"


@dataclass(frozen=True)
class Check:
    """One thing that was checked."""

    check: str
    status: Status
    where: str
    what_to_do: str


@dataclass(frozen=True)
class Readiness(Tabular):
    """All checks, in the order in which people read them."""

    checks: tuple[Check, ...]

    @property
    def status(self) -> Status:
        """The worst status of all."""
        found = {check.status for check in self.checks}
        return next((s for s in (Status.STOP, Status.LOOK) if s in found), Status.OK)

    def columns(self) -> Columns:
        """check, status, where, what to do."""
        return {
            "check": [check.check for check in self.checks],
            "status": [check.status.value for check in self.checks],
            "where": [check.where for check in self.checks],
            "what to do": [check.what_to_do for check in self.checks],
        }


def readiness(
    data: Dataset,
    plan_totals: Array | None = None,
    reconciliation: Reconciliation | None = None,
) -> Readiness:
    """Every check on this data; plan_totals (L,) is the plan's money over the horizon."""
    checks: list[Check] = []
    for name, check in _CHECKS.items():
        found = list(check(data))
        checks += [Check(name, *one) for one in found] or [Check(name, Status.OK, "all", _FINE)]
    if plan_totals is not None:
        found = list(_plan(data, plan_totals))
        checks += [Check("plan within what was seen", *one) for one in found] or [
            Check("plan within what was seen", Status.OK, "all lines", _FINE)
        ]
    if reconciliation is not None:
        checks.append(Check("agreement with the ledger", *_ledger(reconciliation)))
    return Readiness(tuple(checks))


_FINE = "nothing"
_Found = tuple[Status, str, str]


def _weeks(data: Dataset) -> Iterator[_Found]:
    known = int((~np.isnan(data.outcome)).any(axis=1).sum())
    where = f"{known} weeks with an outcome"
    if known < YEAR // 2:
        yield Status.STOP, where, "collect at least 26 weeks; two years are better"
    elif known < 2 * YEAR:
        yield (
            Status.LOOK,
            where,
            "add older weeks if you have them: with fewer than two years, season and media are "
            "hard to tell apart",
        )


def _missing(data: Dataset) -> Iterator[_Found]:
    missing = np.isnan(data.outcome)
    share = float(missing.mean())
    if share > 0:
        status = Status.STOP if share > 0.3 else Status.LOOK
        weeks = data.weeks[missing.any(axis=1)]
        yield status, spans(weeks), "enter the outcomes of these weeks if they are known"


def _gaps(data: Dataset) -> Iterator[_Found]:
    for finding in data.findings:
        if finding.code in ("spend-gap", "spend-empty"):
            yield Status.LOOK, finding.where, f"{finding.problem}: {finding.remedy}"


def _weekly(data: Dataset) -> Array:
    """(W, L) money a week of each line."""
    return data.by_line(data.spend)


def _variation(data: Dataset) -> Iterator[_Found]:
    weekly = _weekly(data)
    for line, name in enumerate(data.line_names):
        spend = weekly[np.argmax(weekly[:, line] > 0) :, line]
        if len(spend) >= 8 and spend.std() < STEADY * spend.mean():
            yield (
                Status.LOOK,
                name,
                "its spend hardly ever changed, so its effect cannot be seen: change it on "
                "purpose, or run a lift test",
            )


def _sparse(data: Dataset) -> Iterator[_Found]:
    weekly = _weekly(data)
    for line, name in enumerate(data.line_names):
        on = weekly[:, line] > 0
        first = int(np.argmax(on))
        if len(on) - first < RECENT:
            yield (
                Status.LOOK,
                name,
                f"new: it began on {data.weeks[first]}; its range stays wide until a lift test",
            )
        elif on.sum() < 13:
            yield (
                Status.LOOK,
                name,
                f"money in only {int(on.sum())} of {len(on)} weeks; expect a wide range",
            )


def _alike(data: Dataset) -> Iterator[_Found]:
    weekly = _weekly(data)
    lines = [i for i in range(len(data.lines)) if weekly[:, i].std() > 0]
    if len(lines) < 2:
        return
    alike = np.triu(np.corrcoef(weekly[:, lines].T), 1) > ALIKE
    for a, b in zip(*np.nonzero(alike), strict=True):
        yield (
            Status.LOOK,
            f"{data.line_names[lines[a]]} and {data.line_names[lines[b]]}",
            "they rose and fell together, so their effects cannot be told apart: move one alone, "
            "or test one",
        )


def _outliers(data: Dataset) -> Iterator[_Found]:
    for region, name in enumerate(data.regions):
        odd = data.weeks[_far_out(data.outcome[:, region])]
        if len(odd):
            yield (
                Status.LOOK,
                f"{name + ', ' if name else ''}{spans(odd)}",
                "check these outcomes; if something special happened, add a control of 0 and 1",
            )


def _far_out(values: Array) -> NDArray[np.bool_]:
    """Weeks further than 6 robust standard deviations from the median of the weeks around."""
    around = np.array(
        [
            np.nanmedian(values[max(0, i - 6) : i + 7]) if known else np.nan
            for i, known in enumerate(~np.isnan(values))
        ]
    )
    residual = np.abs(values - around)
    known = ~np.isnan(residual)
    if known.sum() < 13:
        return np.zeros(len(values), dtype=bool)
    scale = 1.4826 * float(np.median(residual[known]))
    return np.asarray(known & (np.nan_to_num(residual) > 6 * scale) & (scale > 0))


def _many_lines(data: Dataset) -> Iterator[_Found]:
    known = int((~np.isnan(data.outcome)).sum())
    if known < 10 * len(data.lines):
        yield (
            Status.LOOK,
            f"{len(data.lines)} lines, {known} outcomes",
            "fewer than 10 outcomes a line: add small lines up, or add weeks or regions",
        )


def _tests(data: Dataset) -> Iterator[_Found]:
    tested = {test.channel for test in data.experiments}
    money = _weekly(data).sum(axis=0)
    untested = [
        data.lines[i].name for i in np.argsort(-money, kind="stable")
        if data.lines[i].channel not in tested
    ]  # fmt: skip
    if not tested:
        yield (
            Status.LOOK,
            "no lift test at all",
            f"test the largest lines first: {listed(untested[:3])}",
        )
    elif untested and float(money.max()) == float(money[data.line_names.index(untested[0])]):
        yield (
            Status.LOOK,
            untested[0],
            "the largest line has no lift test; xlbudget next-test says which pays most",
        )


def _future(data: Dataset) -> Iterator[_Found]:
    for finding in data.findings:
        if finding.code == "control-horizon":
            yield Status.LOOK, finding.where, f"{finding.problem}. {finding.remedy}"
        elif finding.code == "control-gap":
            yield Status.LOOK, finding.where, finding.remedy


def _roles(data: Dataset) -> Iterator[_Found]:
    names = [channel.name for channel in data.channels.values() if channel.role == "other"]
    if names:
        yield (
            Status.LOOK,
            listed(names),
            "give each a role in Channels: guardrails on roles pass 'other' by",
        )


def _other_warnings(data: Dataset) -> Iterator[_Found]:
    told = {"spend-gap", "spend-empty", "control-horizon", "control-gap", "outcome-missing-weeks"}
    for finding in data.findings:
        if finding.severity == "warning" and finding.code not in told:
            yield Status.LOOK, finding.where, f"{finding.problem}: {finding.remedy}"


def _plan(data: Dataset, totals: Array) -> Iterator[_Found]:
    seen = _weekly(data).max(axis=0)
    weekly = np.asarray(totals) / data.settings.horizon_weeks
    for line, name in enumerate(data.line_names):
        if weekly[line] > seen[line]:
            yield (
                Status.LOOK,
                name,
                f"planned {weekly[line]:,.0f} a week; no week had more than {seen[line]:,.0f}. "
                "Beyond that the curve is a guess: raise it in steps, or test first",
            )


def _ledger(books: Reconciliation) -> _Found:
    wrong = int((books.status != AGREES).sum())
    if not wrong:
        return Status.OK, f"{len(books.status)} months and channels", _FINE
    worst = np.argsort(-np.abs(books.difference), kind="stable")[:3]
    names = [f"{str(books.month[i])[:7]} {books.channel[i]}" for i in worst if
             books.status[i] != AGREES]  # fmt: skip
    return (
        Status.LOOK,
        f"{wrong} of {len(books.status)} months and channels differ",
        f"settle the largest with finance: {listed(names)}",
    )


_CHECKS: dict[str, Callable[[Dataset], Iterator[_Found]]] = {
    "weeks of data": _weeks,
    "outcome known in every week": _missing,
    "spend known in every week": _gaps,
    "enough data for the lines": _many_lines,
    "spend varies": _variation,
    "new and rarely used lines": _sparse,
    "lines that move together": _alike,
    "outlying outcomes": _outliers,
    "lift tests": _tests,
    "controls known ahead": _future,
    "roles of channels": _roles,
    "other warnings": _other_warnings,
}
