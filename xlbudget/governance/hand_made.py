"""Why a plan that people made themselves is good or bad."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xlbudget.governance.approvals import Approval, Status, approvals
from xlbudget.governance.comparison import compared
from xlbudget.governance.explanation import Reasons, explain
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.response.model import ResponseModel


def explain_move(
    model: ResponseModel, current: Plan, proposed: Plan, guardrails: Sequence[Guardrail] = ()
) -> Reasons:
    """Why a plan that people made is good or bad, line by line, and who has to agree to it."""
    weekly = (current.totals / len(model.data.horizon)).tolist()
    returns = model.marginal_roi(dict(zip(model.data.line_names, weekly, strict=True)))
    reasons = explain(model, compared(model, current, proposed), returns)
    asked = approvals(model.data, current, proposed, guardrails).lines
    routes = ("", *(_route(approval) for approval in asked))
    why = [f"{why} {route}".rstrip() for why, route in zip(reasons.why, routes, strict=True)]
    return replace(reasons, why=tuple(why))


def _route(approval: Approval) -> str:
    if approval.status is Status.BLOCKED:
        return f"It is blocked by {approval.rule}."
    if approval.status is Status.NEEDS_APPROVAL:
        return f"It needs approval by {' and '.join(approval.approvers)}."
    return ""
