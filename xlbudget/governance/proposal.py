"""A proposal: everything that a plan file shows, and ten sentences that a planner understands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.data.columns import Columns
from xlbudget.data.dataset import Dataset
from xlbudget.data.raw import RawTable
from xlbudget.data.readiness import Readiness, readiness
from xlbudget.data.reconciliation import Reconciliation, reconcile
from xlbudget.errors import Impossible
from xlbudget.findings import Finding, Place, Severity
from xlbudget.governance.approvals import Approvals, approvals
from xlbudget.governance.explanation import Reasons, explain
from xlbudget.governance.summary import summary_of
from xlbudget.governance.what_if import WhatIf, what_if
from xlbudget.planning.allocation import optimise
from xlbudget.planning.flighting import Flighting, flight
from xlbudget.planning.forecast import Forecast, forecast
from xlbudget.planning.frontier import Frontier, frontier
from xlbudget.planning.next_test import NextTests, next_tests
from xlbudget.planning.plan import Plan
from xlbudget.planning.result import Allocation
from xlbudget.planning.rules import Guardrail
from xlbudget.response.model import ResponseModel
from xlbudget.response.returns import Curve, MarginalRoi
from xlbudget.tables import GUARDRAILS, SPEND

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Proposal:
    """The current plan, the recommended one, and all that speaks for and against it.

    flighting  None where no spread over the weeks keeps the rules; `findings` say which
    tests      the lift tests that would help most
    """

    model: ResponseModel
    plan: Plan
    recommended: Plan
    guardrails: tuple[Guardrail, ...]
    forecast_current: Forecast
    forecast_recommended: Forecast
    returns: MarginalRoi
    allocation: Allocation
    approvals: Approvals
    curves: tuple[Curve, ...]
    what_if: WhatIf
    flighting: Flighting | None
    frontier: Frontier
    tests: NextTests
    explanation: Reasons
    readiness: Readiness
    reconciliation: Reconciliation | None
    findings: tuple[Finding, ...]

    def summary(self) -> tuple[str, ...]:
        """At most ten sentences: what to do, what it brings, who must agree, where to look."""
        return summary_of(
            self.model,
            self.allocation,
            (self.forecast_current, self.forecast_recommended),
            self.approvals,
            self.readiness,
        )


def propose(
    model: ResponseModel,
    plan: Plan,
    guardrails: Sequence[Guardrail] = (),
    budget: float | None = None,
    aim: str = "outcome",
    risk: str | None = None,
    ledger: Columns | None = None,
    scenarios: RawTable | None = None,
    progress: Progress | None = None,
    target: float | None = None,
) -> Proposal:
    """The best allowed split of the budget, explained and ready for approval.

    budget, risk  None: Settings'; no budget there either: the plan's total
    ledger        typed columns of Ledger, to be compared with the spend
    scenarios     the Scenarios table; None: finance's standing questions
    progress      called with the share that is done, 0 to 1, and what is being done
    target        what the aims target and marginal_roi ask for
    """
    report = progress or _silent
    settings = model.data.settings
    rules = tuple(guardrails)
    report(0.05, "Comparing spend with the ledger")
    books = None if ledger is None else reconcile(spend_columns(model.data), ledger)
    report(0.10, "Looking for the best allocation")
    allocation = optimise(
        model,
        plan,
        budget=settings.budget if budget is None else budget,
        guardrails=rules,
        aim=aim,
        risk=risk or settings.risk,
        target=target,
    )
    recommended = allocation.recommended
    report(0.35, "Forecasting both plans")
    ahead = forecast(model, plan), forecast(model, recommended)
    report(0.40, "Reading returns and curves")
    weekly = plan.totals / len(model.data.horizon)
    names = model.data.line_names
    returns = model.marginal_roi(dict(zip(names, weekly.tolist(), strict=True)))
    curves = tuple(model.curve(line) for line in names)
    report(0.45, "Answering what would happen if")
    asked = what_if(model, plan, rules, scenarios)
    report(0.70, "Spreading the money over the weeks")
    flighting, noticed = _spread(model, plan, rules)
    report(0.78, "Looking at other budgets")
    budgets = frontier(model, plan, rules)
    report(0.84, "Looking for the test that would help most")
    tests = next_tests(model, plan, rules)
    report(0.88, "Explaining, and asking who must agree")
    return Proposal(
        model=model,
        plan=plan,
        recommended=recommended,
        guardrails=rules,
        forecast_current=ahead[0],
        forecast_recommended=ahead[1],
        returns=returns,
        allocation=allocation,
        approvals=approvals(model.data, plan, recommended, rules),
        curves=curves,
        what_if=asked,
        flighting=flighting,
        frontier=budgets,
        tests=tests,
        explanation=explain(model, allocation, returns),
        readiness=readiness(model.data, plan.totals, books),
        reconciliation=books,
        findings=(*model.data.findings, *noticed),
    )


def _spread(
    model: ResponseModel, plan: Plan, rules: tuple[Guardrail, ...]
) -> tuple[Flighting | None, tuple[Finding, ...]]:
    """The spread over the weeks, or why there is none."""
    try:
        return flight(model, plan, rules), ()
    except Impossible as stopped:
        place = Place(GUARDRAILS.name)
        remedy = "loosen one of the rules about weeks"
        return None, (Finding("weeks-impossible", place, str(stopped), remedy, Severity.WARNING),)


def spend_columns(data: Dataset) -> Columns:
    """The spend of a Dataset as columns week, channel and spend, regions added up."""
    by_medium = data.spend.sum(axis=1)
    week, medium = (index.ravel() for index in np.indices(by_medium.shape))
    channels = np.array([m.channel for m in data.media], dtype=object)
    values = {"week": data.weeks[week], "channel": channels[medium], "spend": by_medium.ravel()}
    return Columns(SPEND, np.arange(len(week)), values, {name: name for name in values})


def _silent(share: float, doing: str) -> None:
    """Progress that nobody asked for."""
