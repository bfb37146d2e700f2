"""All input tables at once: what they say, and everything that is wrong with them, in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xlbudget.data.build import build_dataset
from xlbudget.data.columns import Columns, read_columns
from xlbudget.data.dataset import Dataset
from xlbudget.data.raw import RawTable
from xlbudget.errors import BadInput
from xlbudget.findings import Finding, errors_of
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.rules import Guardrails
from xlbudget.tables import DECISIONS, LEDGER


@dataclass(frozen=True)
class PlanningInputs:
    """What a plan is made from; `ledger` is None where there is none."""

    data: Dataset
    plan: Plan
    guardrails: Guardrails
    ledger: Columns | None


def read_inputs(
    tables: Mapping[str, RawTable],
) -> tuple[PlanningInputs | None, tuple[Finding, ...]]:
    """The inputs and every finding of every table; None if an error stops the work.

    tables  by normal name (`spend`, `plan`, `guardrails` ...), as a reader hands them over
    """
    data, found = build_dataset(tables)
    findings = list(found)
    ledger = None
    for table in (LEDGER, DECISIONS):
        raw = tables.get(table.name.casefold())
        if raw is not None:
            columns, noticed = read_columns(raw, table)
            findings += _placed(noticed, raw)
            ledger = columns if table is LEDGER else ledger
    if data is None:
        return None, tuple(findings)
    plan = None
    try:
        plan, noticed = make_plan(data, tables.get("plan"))
    except BadInput as refused:
        noticed = refused.findings
    findings += noticed
    guardrails, noticed = read_guardrails(data, tables.get("guardrails"))
    findings += noticed
    if plan is None or errors_of(findings):
        return None, tuple(findings)
    return PlanningInputs(data, plan, guardrails, ledger), tuple(findings)


def _placed(findings: tuple[Finding, ...], raw: RawTable) -> Iterator[Finding]:
    for finding in findings:
        yield finding if finding.where else finding.at(raw.locate(finding.place))
