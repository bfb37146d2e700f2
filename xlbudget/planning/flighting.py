"""When to spend: each line's money spread over the weeks of the horizon, its total kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.planning.flight_line import SpendLine, onto, spend_line
from xlbudget.planning.flight_rules import WeekRules, week_rules
from xlbudget.planning.objective import cautious
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.scenarios.conditions import as_planned
from xlbudget.planning.scenarios.differences import planned_cells
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array, Columns, Tabular, Weeks

BLENDS = (1.0, 0.75, 0.5, 0.25, 0.1)  # shares of the way from the plan's spread to the best one
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

    A week takes at most the largest of what the line ever spent and what the plan holds, or what
    `max a week` says. A week is off or takes `min a week if on`, and bursts last `min weeks in a
    row`. Min and max spend of one line that hold in a part of the horizon are kept, evenly over
    their weeks; a line that is locked, or part of another rule with dates, keeps the plan's
    spread. So does every line whose gain is inside the noise: the mean of its worst fifth of draws
    has to be above 0. As in the value of any plan, nothing is taken to be spent after the horizon,
    so its last weeks have the least to fear from saturation. Raises Impossible where a line's
    money cannot be spent as the rules ask.
    """
    data = plan.data
    cells = planned_cells(model, as_planned(plan))
    seen, spend, flights = model.observed_weekly(), plan.spend.copy(), []
    for index, name in enumerate(data.line_names):
        line = spend_line([c for c in cells if data.line_of[c.place] == index], plan)
        current = line.current
        rules = week_rules(plan, index, guardrails or (), float(max(seen[index], current.max())))
        paths, gain = _held(line) if rules is None else _chosen(line, rules)
        for cell, path in zip(line.cells, paths, strict=True):
            spend[:, *cell.place] = path
        chosen = paths.sum(axis=0)
        words = _sentence(name, data.horizon, current, chosen)
        if rules is not None and not rules.keep(current):
            words += ", since the plan's spread breaks a rule about its weeks"
        flights.append(LineFlight(name, current, chosen, _by_week(gain, len(chosen)), words))
    total = np.sum([each.gain_draws.sum(axis=1) for each in flights], axis=0)
    tail = (1.0 - data.settings.confidence) / 2.0
    gain_low, gain_high = np.quantile(total, [tail, 1.0 - tail])
    return Flighting(
        plan=plan,
        recommended=Plan(data, spend),
        lines=tuple(flights),
        gain=float(total.mean()),
        gain_low=float(gain_low),
        gain_high=float(gain_high),
        prob_better=float((total > 0).mean()),
        sentence=_summary(flights, float(total.mean()), float(gain_low), float(gain_high)),
    )


def _held(line: SpendLine) -> tuple[Array, Array]:
    """The plan's own spread, and that it gains nothing."""
    return line.planned, line.gain(line.planned)


def _chosen(line: SpendLine, rules: WeekRules) -> tuple[Array, Array]:
    """The spread to have, (N, H), and its gain over the plan's, (D, T).

    Of the best spread, ways part of the way to it, and an even one: the one that gains most, judged
    cautiously; the plan's own where none gains. So a spread that is best if the curves are as bent
    as they may be gives way to one that gains anyway. A plan that breaks the rules has to move.
    """
    best, gain = _held(line)
    total = float(line.current.sum())
    if not line.cells or total <= 0:
        return best, gain
    wanted = line.spread(line.likeliest().best(rules))
    even = line.spread(onto(np.full(best.shape[1], total / best.shape[1]), rules, total))
    if not rules.keep(line.current):
        best, gain = wanted, line.gain(wanted)
    score = _cautiously(gain)
    for way in (*(line.planned + blend * (wanted - line.planned) for blend in BLENDS), even):
        more = line.gain(way)
        if _cautiously(more) > score and rules.keep(way.sum(axis=0)):
            best, gain, score = way, more, _cautiously(more)
    return best, gain


def _cautiously(gain: Array) -> float:
    """Gain (D, T) in all, as the risk `cautious` reads draws."""
    total = gain.sum(axis=1)
    return float(cautious(total) @ total)


def _by_week(gain: Array, weeks: int) -> Array:
    """(D, H) of (D, T): what comes after the horizon is counted in its last week."""
    by_week = gain[:, :weeks].copy()
    by_week[:, -1] += gain[:, weeks:].sum(axis=1)
    return by_week


def _sentence(name: str, weeks: Weeks, current: Array, spend: Array) -> str:
    """In which direction a line's money moves, in words."""
    total, moved = current.sum(), np.maximum(spend - current, 0.0).sum()
    if total <= 0 or moved < EARLY * total:
        return f"{name}: keep the plan's spread; another gains nothing that is outside the noise"
    return f"{name}: {_direction(weeks, current, spend)}"


def _direction(weeks: Weeks, current: Array, spend: Array) -> str:
    """`spend later, 12 % moves`: how the money moves over the weeks."""
    total, moved = current.sum(), np.maximum(spend - current, 0.0).sum()
    later = float((spend - current) @ np.arange(len(spend))) / moved
    share = f"{100 * moved / total:.0f} %"
    active = np.flatnonzero(spend > EARLY * total / len(spend))
    if active.size and active[0] > 0 and current[: active[0]].sum() > 0:
        return f"hold until the week of {weeks[active[0]]} ({share} moves)"
    if abs(later) < 1.0:
        return f"put {share} into other weeks, neither earlier nor later on the whole"
    if later > 0:
        front = current[: len(current) // 2].sum() > 0.55 * total
        return f"{'front-load less' if front else 'spend later'}, {share} moves"
    return f"spend earlier, {share} moves"


def _summary(flights: Sequence[LineFlight], gain: float, low: float, high: float) -> str:
    moved = [each for each in flights if not np.array_equal(each.spend, each.current)]
    if not moved:
        return "hold to the plan's spread: no other gains anything that is outside the noise"
    return (
        f"spreading {len(moved)} of {len(flights)} lines anew gains {gain:,.0f} "
        f"({low:,.0f} to {high:,.0f})"
    )


__all__ = ["Flighting", "LineFlight", "flight"]
