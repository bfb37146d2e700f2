"""When a change shows: its outcome week by week, and the week by which a share of it has come."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.planning.plan import Plan
from xlbudget.planning.scenarios.conditions import as_planned
from xlbudget.planning.scenarios.differences import difference, planned_cells
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array

HALF, MOST = 0.5, 0.9  # of a change


def weekly_change(model: ResponseModel, plan: Plan, other: Plan) -> Array:
    """(D, T) outcome that another plan brings in each week more than the plan, carry-out too."""
    planned = as_planned(plan)
    groups = np.where(plan.data.line_of >= 0, 0, -1).astype(np.intp)
    changed = replace(planned, spend=other.spend)
    cells = planned_cells(model, planned)
    found = difference(model, cells, planned, changed, groups, by_week=True)
    return np.asarray(found.outcome[:, :, 0])


def week_by(share: float, by_week: Array, data: Dataset) -> np.datetime64:
    """First day of the week by which this share of an expected change (T,) has come."""
    come = by_week.cumsum()
    reached = come * np.sign(come[-1]) >= share * abs(come[-1])
    return np.datetime64(data.horizon[0] + WEEK * int(np.argmax(reached)))


def half_by(by_week: Array, data: Dataset) -> str:
    """`, half of it by the week of 2026-02-16`; nothing where there is no change (T,)."""
    if not by_week.sum():
        return ""
    return f", half of it by the week of {week_by(HALF, by_week, data)}"
