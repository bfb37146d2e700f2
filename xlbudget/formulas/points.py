"""One point of one line's curve, for cells by the thousand: the table would tell of every line."""

from __future__ import annotations

import numpy as np

from xlbudget.response.incremental import ValueCurves, value_curves
from xlbudget.response.model import ResponseModel


def point_of(model: ResponseModel, line: str, weekly: float) -> tuple[float, float]:
    """Outcome a week and marginal ROI of a steady weekly spend, the means over the draws."""
    place, horizon = model.line_index(line), len(model.data.horizon)
    curves = _one_line(model, place, weekly * horizon)
    outcome = float(curves.value[:, 0, 0].mean()) / horizon
    slope = float(curves.slope[:, 0, 0].mean())
    return outcome, slope * model.data.settings.money_per_outcome


def _one_line(model: ResponseModel, place: int, total: float) -> ValueCurves:
    """Value curves of this line alone with one grid point, total money of the horizon."""
    only = np.where(model.data.line_of == place, 0, -1)
    share = model.steady_path(np.ones(len(model.data.lines))) / len(model.data.horizon)
    return value_curves(model.effects, model.before(), share, only, np.array([[total]]))
