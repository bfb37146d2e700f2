"""When to spend: each line's money spread over the weeks of the horizon, its total kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail, Rule, groups_of, weeks_of
from xlbudget.planning.scenarios.conditions import as_planned
from xlbudget.planning.scenarios.differences import Cell, planned_cells
from xlbudget.response.adstock import TAIL, carry_over
from xlbudget.response.incremental import weekly
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array, Columns, Tabular, Weeks

STEPS = 60  # of the ascent
BLENDS = (1.0, 0.75, 0.5, 0.25)  # shares of the way from the plan's spread to the best one
EARLY = 0.02  # of a line's money that has to move for the sentence to name a direction


@dataclass(frozen=True)
class LineFlight:
    """One line: its money a week and what the new spread gains over the plan's.

    gain_draws  (D, H) outcome by week; the last week holds all that comes after the horizon
    """

    line: str
    current: Array
    spend: Array
    gain_draws: Array
    sentence: str


@dataclass(frozen=True)
class Flighting(Tabular):
    """The plan spread anew over its H weeks; gains are in units of the outcome.

    gain, gain_low, gain_high  over the plan's own spread; prob_better how likely it is above 0
    """

    plan: Plan
    recommended: Plan
    lines: tuple[LineFlight, ...]
    gain: float
    gain_low: float
    gain_high: float
    prob_better: float
    sentence: str

    def columns(self) -> Columns:
        """One row a week and line; the gains of a line add up to its gain, carry-out included."""
        weeks = self.plan.data.horizon
        return {
            "week": np.tile(weeks, len(self.lines)),
            "line": [flight.line for flight in self.lines for _ in weeks],
            "current": np.concatenate([flight.current for flight in self.lines]),
            "spend": np.concatenate([flight.spend for flight in self.lines]),
            "gain": np.concatenate([flight.gain_draws.mean(axis=0) for flight in self.lines]),
        }


def flight(
    model: ResponseModel, plan: Plan, guardrails: Sequence[Guardrail] | None = None
) -> Flighting:
    """The spread over the weeks that is best for each line's expected value, its total kept.

    A week takes at most the largest of what the line ever spent and what the plan holds. Min and
    max spend of one line that hold in a part of the horizon are kept, evenly over their weeks;
    a line that is locked, or part of another rule with dates, keeps the plan's spread. So does
    every line whose gain is inside the noise: it has to be above 0 in `confidence` of the draws.
    """
    data = plan.data
    cells = planned_cells(model, as_planned(plan))
    current = data.by_line(plan.spend)
    spend = plan.spend.copy()
    flights = []
    for line, name in enumerate(data.line_names):
        mine = [cell for cell in cells if data.line_of[cell.place] == line]
        made = _Line(mine, plan, current[:, line])
        caps = np.maximum(model.observed_weekly()[line], current[:, line].max())
        bounds = _bounds(plan, line, guardrails or (), float(caps))
        wanted = current[:, line] if bounds is None else made.best(*bounds)
        chosen, gain = _held(made, wanted, data.settings.confidence)
        spend += made.path(chosen) - made.path(current[:, line])
        words = _sentence(name, data.horizon, current[:, line], chosen)
        flights.append(LineFlight(name, current[:, line], chosen, gain, words))
    total = np.sum([each.gain_draws.sum(axis=1) for each in flights], axis=0)
    tail = (1.0 - data.settings.confidence) / 2.0
    gain_low, gain_high = np.quantile(total, [tail, 1.0 - tail])
    return Flighting(
        plan=plan,
        recommended=Plan(data, np.maximum(spend, 0.0)),
        lines=tuple(flights),
        gain=float(total.mean()),
        gain_low=float(gain_low),
        gain_high=float(gain_high),
        prob_better=float((total > 0).mean()),
        sentence=_summary(flights, float(total.mean()), float(gain_low), float(gain_high)),
    )


class _Line:
    """One line's expected value as a function of its money a week, regions and media together."""

    def __init__(self, cells: Sequence[Cell], plan: Plan, current: Array) -> None:
        self.cells, self.current, self.shape = cells, current, plan.spend.shape
        money = np.array([plan.spend[:, r, m].sum() for r, m in (cell.place for cell in cells)])
        self.shares = money / money.sum() if money.sum() > 0 else money
        self.weights = [
            np.bincount(cell.draw, cell.roi, len(cell.earlier)) / len(cell.draw) for cell in cells
        ]

    def path(self, spend: Array) -> Array:
        """(H, R, M) of money a week (H,)."""
        out = np.zeros(self.shape)
        for cell, share in zip(self.cells, self.shares, strict=True):
            out[:, cell.place[0], cell.place[1]] = share * spend
        return out

    def outcome(self, spend: Array) -> Array:
        """(D, T) outcome of money a week (H,), earlier spend's included."""
        return np.asarray(
            sum(
                cell.drawn(cell.of(share * spend))
                for cell, share in zip(self.cells, self.shares, strict=True)
            )
        )

    def slope(self, spend: Array) -> tuple[float, Array]:
        """Expected value, and what one more unit of money in each week (H,) would bring."""
        value, slope = 0.0, np.zeros(len(spend))
        for cell, share, weight in zip(self.cells, self.shares, self.weights, strict=True):
            kernel = cell.shapes.kernel
            own = carry_over(np.concatenate([share * spend, np.zeros(TAIL)]), kernel)
            outcome, steep = weekly(cell.shapes, cell.place[0], cell.earlier + own)
            value += float(weight @ outcome.sum(axis=1))
            ahead = np.lib.stride_tricks.sliding_window_view(steep, TAIL + 1, axis=1)
            slope += share * np.einsum("s,shl,sl->h", weight, ahead, kernel)
        return value, slope

    def best(self, low: Array, high: Array) -> Array:
        """Money a week (H,) between low and high with the plan's total: projected ascent."""
        total = self.current.sum()
        if total <= 0 or not low.sum() <= total <= high.sum():
            return self.current
        here = _onto(self.current, low, high, total)
        value, slope = self.slope(here)
        step = 0.5 * total / len(here) / max(float(np.ptp(slope)), 1e-300)
        for _ in range(STEPS):
            there = _onto(here + step * slope, low, high, total)
            reached, steeper = self.slope(there)
            if reached > value:
                here, value, slope, step = there, reached, steeper, 1.5 * step
            else:
                step *= 0.4
        return here


def _onto(wanted: Array, low: Array, high: Array, total: float) -> Array:
    """The nearest money a week within the bounds that adds up to the total."""
    least, most = float((low - wanted).min()), float((high - wanted).max())
    for _ in range(60):
        shift = (least + most) / 2.0
        short = np.clip(wanted + shift, low, high).sum() < total
        least, most = (shift, most) if short else (least, shift)
    return np.clip(wanted + most, low, high)


def _held(line: _Line, wanted: Array, confidence: float) -> tuple[Array, Array]:
    """The largest part of the way to `wanted` that is likely to gain, and its gain (D, H)."""
    current, weeks = line.current, len(line.current)
    none = np.zeros((len(line.cells[0].draw), weeks)) if line.cells else np.zeros((1, weeks))
    if not line.cells or np.array_equal(wanted, current):
        return current, none
    before = line.outcome(current)
    for blend in BLENDS:
        chosen = current + blend * (wanted - current)
        more = line.outcome(chosen) - before
        gain = more.sum(axis=1)
        if gain.mean() > 0 and (gain > 0).mean() >= confidence:
            by_week = more[:, :weeks].copy()
            by_week[:, -1] += more[:, weeks:].sum(axis=1)
            return chosen, by_week
    return current, none


def _bounds(
    plan: Plan, line: int, rules: Sequence[Guardrail], cap: float
) -> tuple[Array, Array] | None:
    """Least and most money of a line a week (H,), each (H,); None where it is not to be moved."""
    data, weeks = plan.data, len(plan.spend)
    low, high = np.zeros(weeks), np.full(weeks, cap)
    own = data.line_of == line
    for rule in rules:
        held = weeks_of(data, rule)
        touched = [group for group in groups_of(data, rule) if (group.cells & own).any()]
        if not rule.rule.binds or not held.any() or not touched:
            continue
        if rule.rule is Rule.LOCK:
            return None
        if held.all():
            continue  # about the horizon's total, which stays as it is
        alone = all(np.array_equal(group.cells, own) for group in touched)
        if not alone or rule.value is None or rule.rule not in (Rule.MIN_SPEND, Rule.MAX_SPEND):
            return None
        each = rule.value / held.sum()
        if rule.rule is Rule.MIN_SPEND:
            low[held] = np.maximum(low[held], each)
        else:
            high[held] = np.minimum(high[held], each)
    return low, np.maximum(high, low)


def _sentence(name: str, weeks: Weeks, current: Array, spend: Array) -> str:
    """In which direction a line's money moves, in words."""
    total = current.sum()
    moved = np.maximum(spend - current, 0.0).sum()
    if total <= 0 or moved < EARLY * total:
        return f"{name}: keep the plan's spread; another gains nothing that is outside the noise"
    count = np.arange(len(spend))
    later = float((spend - current) @ count) / moved
    share = f"{100 * moved / total:.0f} %"
    active = np.flatnonzero(spend > EARLY * total / len(spend))
    if active.size and active[0] > 0 and current[: active[0]].sum() > 0:
        return f"{name}: hold until the week of {weeks[active[0]]} ({share} moves)"
    if abs(later) < 1.0:
        return f"{name}: put {share} into other weeks, neither earlier nor later on the whole"
    if later > 0:
        front = current[: len(current) // 2].sum() > 0.55 * total
        return f"{name}: {'front-load less' if front else 'spend later'}, {share} moves"
    return f"{name}: spend earlier, {share} moves"


def _summary(flights: Sequence[LineFlight], gain: float, low: float, high: float) -> str:
    moved = [each for each in flights if not np.array_equal(each.spend, each.current)]
    if not moved:
        return "hold to the plan's spread: no other gains anything that is outside the noise"
    return (
        f"spreading {len(moved)} of {len(flights)} lines anew gains {gain:,.0f} "
        f"({low:,.0f} to {high:,.0f})"
    )


__all__ = ["Flighting", "LineFlight", "flight"]
