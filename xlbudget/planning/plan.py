"""A plan: money for every week of the horizon, for every region and medium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from xlbudget.data.columns import read_columns
from xlbudget.data.dataset import Dataset
from xlbudget.data.frames import raw_table
from xlbudget.data.raw import RawTable
from xlbudget.errors import BadArgument, BadInput
from xlbudget.findings import Finding, Place, Severity, errors_of
from xlbudget.planning.plan_spread import repeated, usual_share
from xlbudget.planning.plan_table import read_plan
from xlbudget.tables import PLAN
from xlbudget.tabular import Array

if TYPE_CHECKING:
    import pandas as pd

    PlanTable: TypeAlias = RawTable | pd.DataFrame | Mapping[str, Any]
else:
    PlanTable: TypeAlias = Any


@dataclass(frozen=True)
class Plan:
    """The path of spend over the horizon.

    spend  (H, R, M) money a week, as in Dataset
    """

    data: Dataset
    spend: Array

    @property
    def totals(self) -> Array:
        """(L,) money of each line over the horizon."""
        return self.data.by_line(self.spend.sum(axis=0))

    def scaled(self, totals: Array) -> Plan:
        """The same shape over weeks, regions and media with these line totals (L,).

        A line whose plan is zero is spread evenly over the weeks, and over its regions and media
        as the last 13 weeks were.
        """
        if np.shape(totals) != (len(self.data.lines),):
            raise BadArgument(f"{np.size(totals)} totals for {len(self.data.lines)} lines")
        spend = np.zeros_like(self.spend)
        for line, (now, wanted) in enumerate(zip(self.totals, totals, strict=True)):
            cells = self.data.line_of == line
            if now > 0:
                spend[:, cells] = self.spend[:, cells] * (wanted / now)
            elif wanted:
                share = usual_share(self.data, cells)[cells]
                spend[:, cells] = wanted / len(spend) * share
        return replace(self, spend=spend)


_EMPTY = Finding(
    "plan-empty-table",
    Place(PLAN.name),
    "the Plan is empty; the spend of the last 13 weeks is taken to go on",
    "enter what is planned for the horizon",
    Severity.WARNING,
)


def make_plan(data: Dataset, table: PlanTable | None) -> tuple[Plan, tuple[Finding, ...]]:
    """The plan of a Plan table, and what was noticed on the way; None: the last 13 weeks again.

    A row coarser than the data is spread as the last 13 weeks were; rows finer than the data are
    added up; a period's money is spread evenly over its weeks. Raises BadInput, which lists
    everything that is wrong in one pass.
    """
    if table is None:
        return Plan(data, repeated(data)), ()
    raw = table if isinstance(table, RawTable) else raw_table(PLAN.name, table)
    columns, findings = read_columns(raw, PLAN)
    spend = repeated(data)
    if columns.size:
        spend, findings = read_plan(data, columns, findings)
    elif not errors_of(findings):
        findings = (*findings, _EMPTY)
    placed = tuple(finding.at(raw.locate(finding.place)) for finding in findings)
    if errors_of(placed):
        raise BadInput(errors_of(placed))
    return Plan(data, spend), placed


__all__ = ["Plan", "PlanTable", "make_plan"]
