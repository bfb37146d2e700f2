"""Formulas about whether the inputs can be planned on."""

from __future__ import annotations

from xlbudget.data.build import build_dataset
from xlbudget.data.columns import Columns, read_columns
from xlbudget.data.raw import RawTable
from xlbudget.data.readiness import Check, Readiness, Status
from xlbudget.data.readiness import readiness as check_readiness
from xlbudget.data.reconciliation import reconcile as compare
from xlbudget.errors import BadInput
from xlbudget.findings import Finding, Severity, errors_of
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import (
    Changes,
    Channels,
    Controls,
    Experiments,
    Ledger,
    Outcomes,
    PlanRange,
    Settings,
    Spend,
    Tolerance,
)
from xlbudget.formulas.formula import formula
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.scenarios.asked import findings_of
from xlbudget.tables import LEDGER, SPEND, Table

_SCENARIOS = "scenarios that can be answered"


@formula(
    example="=BUDGET.READINESS(Spend, Outcomes, Controls, Channels, Ledger, Plan, Settings, "
    "Experiments, Scenarios)",
    columns="check, status, where, what to do",
)
def readiness(
    spend: Spend,
    outcomes: Outcomes,
    controls: Controls | None = None,
    channels: Channels | None = None,
    ledger: Ledger | None = None,
    plan: PlanRange | None = None,
    settings: Settings | None = None,
    experiments: Experiments | None = None,
    scenarios: Changes | None = None,
) -> Answer:
    """Whether the data can be planned on: every check, its status and what to do.

    status is ok, look (a person should) or stop. What cannot be read at all is listed cell by
    cell; so is what is wrong in Scenarios, which stops no plan.
    """
    tables = {
        "spend": spend,
        "outcomes": outcomes,
        "controls": controls,
        "channels": channels,
        "settings": settings,
        "experiments": experiments,
    }
    data, findings = build_dataset({name: raw for name, raw in tables.items() if raw is not None})
    if data is None:
        return Answer.table(Readiness(tuple(_stop(f) for f in errors_of(findings))))
    books = planned = None
    unread: list[Check] = []
    try:
        books = None if ledger is None else compare(_read(spend, SPEND), _read(ledger, LEDGER))
    except BadInput as wrong:
        unread += [_stop(finding) for finding in wrong.findings]
    try:
        planned = make_plan(data, plan)[0]
    except BadInput as wrong:
        unread += [_stop(finding) for finding in wrong.findings]
    totals = None if plan is None or planned is None else planned.totals
    asked = () if planned is None or scenarios is None else _asked(planned, scenarios)
    return Answer.table(Readiness((*unread, *check_readiness(data, totals, books).checks, *asked)))


@formula(
    example="=BUDGET.RECONCILE(Spend, Ledger)",
    columns="month, channel, marketing, finance, difference, status",
)
def reconcile(spend: Spend, ledger: Ledger, tolerance: Tolerance | None = None) -> Answer:
    """Marketing's spend against finance's books, month by month; difference = marketing - finance.

    A month agrees where they differ by no more than the tolerance, a share of the larger one.
    """
    books = compare(
        _read(spend, SPEND), _read(ledger, LEDGER), 0.02 if tolerance is None else tolerance
    )
    return Answer.table(books)


def _read(raw: RawTable, table: Table) -> Columns:
    columns, findings = read_columns(raw, table)
    wrong = errors_of(findings)
    if wrong:
        raise BadInput([finding.at(raw.locate(finding.place)) for finding in wrong])
    return columns


def _asked(plan: Plan, scenarios: RawTable) -> tuple[Check, ...]:
    """What is to mend in the scenarios, or to look at."""
    found = findings_of(plan, scenarios) if scenarios.rows else ()
    serious = [finding for finding in found if finding.severity is not Severity.NOTE]
    if not serious:
        return (Check(_SCENARIOS, Status.OK, "all", "nothing"),)
    return tuple(Check(_SCENARIOS, Status.LOOK, each.where, each.words) for each in serious)


def _stop(finding: Finding) -> Check:
    where = finding.where or str(finding.place)
    return Check("readable", Status.STOP, where, finding.words)
