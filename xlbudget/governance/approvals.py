"""Who must say yes to which change. The Guardrails table decides, nothing else does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.governance.rule_checks import Change, Scope, Status, Verdict, judge
from xlbudget.governance.words import fitted
from xlbudget.planning.plan import Plan
from xlbudget.planning.plan_spread import repeated
from xlbudget.planning.rules import Guardrail, groups_of, weeks_of
from xlbudget.tabular import Array, Columns, Tabular

NOBODY = "not named"  # where a rule asks for approval and names no approver


@dataclass(frozen=True)
class Approval:
    """The status of one line's change: under which rules, and who approves."""

    line: str
    change: float  # money, proposed less current
    status: Status
    rule: str = ""
    rules: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Approvals(Tabular):
    """One approval a line, in the order of the lines."""

    lines: tuple[Approval, ...]

    def columns(self) -> Columns:
        """line, change (money), status, rule (ids and sentences), approver."""
        return {
            "line": [line.line for line in self.lines],
            "change": np.array([line.change for line in self.lines], dtype=float),
            "status": [line.status.value for line in self.lines],
            "rule": [line.rule for line in self.lines],
            "approver": [", ".join(line.approvers) for line in self.lines],
        }

    def of(self, status: Status) -> tuple[Approval, ...]:
        """The lines of this status."""
        return tuple(line for line in self.lines if line.status is status)


def approvals(
    data: Dataset,
    current: Plan | Array,
    proposed: Plan | Array,
    guardrails: Sequence[Guardrail],
) -> Approvals:
    """The status of every line when `current` becomes `proposed`.

    current, proposed  plans, or line totals (L,) over the horizon; totals are spread over regions
                       and campaign types as the current plan is, or as the last 13 weeks were
    """
    now = current if isinstance(current, Plan) else Plan(data, repeated(data)).scaled(current)
    then = proposed if isinstance(proposed, Plan) else now.scaled(proposed)
    cells = data.line_of >= 0
    whole = Change(
        data.line_names,
        data.line_of[cells],
        now.spend.sum(axis=0)[cells],
        then.spend.sum(axis=0)[cells],
    )
    verdicts: list[Verdict] = []
    for rule in guardrails:
        held = weeks_of(data, rule)
        if not held.any():
            continue
        change = replace(
            whole,
            current=now.spend[held].sum(axis=0)[cells],
            proposed=then.spend[held].sum(axis=0)[cells],
        )
        other = None
        if rule.other:
            compared = groups_of(data, rule, rule.other)[0]
            other = Scope(compared.name, compared.cells[cells])
        for group in groups_of(data, rule):
            verdicts += judge(rule, Scope(group.name, group.cells[cells], other), change)
    return settled(whole, verdicts)


def settled(change: Change, verdicts: Iterable[Verdict]) -> Approvals:
    """One status a line: blocked before needs approval before automatic, with every reason."""
    by_line: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        by_line.setdefault(verdict.line, []).append(verdict)
    return Approvals(
        tuple(
            _approval(name, _moved(change, line), by_line.get(line, []))
            for line, name in enumerate(change.lines)
        )
    )


def _moved(change: Change, line: int) -> float:
    mine = change.line == line
    return change.after(mine) - change.before(mine)


def _approval(name: str, moved: float, verdicts: Sequence[Verdict]) -> Approval:
    for status in (Status.BLOCKED, Status.NEEDS_APPROVAL):
        found = [verdict for verdict in verdicts if verdict.status is status]
        if not found:
            continue
        sentences = "; ".join(dict.fromkeys(verdict.sentence for verdict in found))
        rules = tuple(dict.fromkeys(verdict.rule.id for verdict in found))
        asked: tuple[str, ...] = ()
        if status is Status.NEEDS_APPROVAL:
            asked = tuple(dict.fromkeys(v.rule.approver or NOBODY for v in found))
        return Approval(name, moved, status, fitted(sentences), rules, asked)
    return Approval(name, moved, Status.AUTOMATIC)


__all__ = ["Approval", "Approvals", "Status", "approvals", "settled"]
