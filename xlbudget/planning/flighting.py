"""When to spend: each line's money spread over the weeks of the horizon, its total kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.planning.flight_line import SpendLine, onto, spend_line
from xlbudget.planning.flight_rules import WeekRules, week_rules
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.scenarios.conditions import as_planned
from xlbudget.planning.scenarios.differences import planned_cells
from xlbudget.planning.verdict import worst_draws
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array, Columns, Tabular, Weeks

BLENDS = (1.0, 0.75, 0.5, 0.25, 0.1)  # shares of the way from the plan's spread to the best one
LITTLE = 0.5  # share of the expected gain that the worst draws may lose
EARLY = 0.01  # of a line's money: what moves less is not worth anybody's work


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

    gain, gain_low, gain_high  over the plan's own spread, if nothing is spent after the horizon as
    in the value of any plan; prob_better how likely it is above 0
    gain_going_on  the same if the plan's money a week goes on after the horizon
    """

    plan: Plan
    recommended: Plan
    lines: tuple[LineFlight, ...]
    gain: float
    gain_low: float
    gain_high: float
    prob_better: float
    gain_going_on: float
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

    A week takes no more and, for a line that always runs, no less than a week ever did, or what
    `max a week` says. A week is off or takes `min a week if on`, and bursts last `min weeks in a
    row`. Min and max spend of one line that hold in a part of the horizon are kept, evenly over
    their weeks; a line that is locked, or part of another rule with dates, keeps the plan's
    spread.

    Nobody knows what is spent after the horizon, so a move has to gain both if nothing is, as in
    the value of any plan, and if the plan's money a week goes on: without money after them the last
    weeks alone would have no saturation to fear. The best spread is looked for in a world that
    goes on. A line whose worst draws would lose more than half of what is expected to be gained
    keeps the plan's spread. Raises Impossible where a line's money cannot be spent as the rules
    ask.
    """
    data = plan.data
    cells = planned_cells(model, as_planned(plan))
    spend, flights, later = plan.spend.copy(), [], 0.0
    for index, name in enumerate(data.line_names):
        own = [cell for cell in cells if data.line_of[cell.place] == index]
        line = spend_line(own, plan)
        current = line.current
        rules = week_rules(plan, index, guardrails or ())
        paths = line.planned if rules is None else _chosen(line, rules, data.settings.confidence)
        for cell, path in zip(line.cells, paths, strict=True):
            spend[:, *cell.place] = path
        chosen, gain = paths.sum(axis=0), line.gain(paths)
        if not np.array_equal(chosen, current):
            later += float(line.going_on().gain(paths).sum(axis=1).mean())
        words = _sentence(name, data.horizon, current, chosen)
        if rules is not None and not rules.keep(current):
            words += ", since the plan's spread breaks a rule about its weeks"
        flights.append(LineFlight(name, current, chosen, _by_week(gain, len(chosen)), words))
    total = np.sum([each.gain_draws.sum(axis=1) for each in flights], axis=0)
    tail = (1.0 - data.settings.confidence) / 2.0
    gain_low, gain_high = np.quantile(total, [tail, 1.0 - tail])
    made = Flighting(
        plan=plan,
        recommended=Plan(data, spend),
        lines=tuple(flights),
        gain=float(total.mean()),
        gain_low=float(gain_low),
        gain_high=float(gain_high),
        prob_better=float((total > 0).mean()),
        gain_going_on=later,
        sentence="",
    )
    return replace(made, sentence=_summary(made))


def _chosen(line: SpendLine, rules: WeekRules, confidence: float) -> Array:
    """The spread to have, (N, H).

    Of the best spread, ways part of the way to it, and an even one: the one whose worst draws gain
    most, whichever of the two worlds after the horizon comes, if they lose at most half of what is
    expected to be gained; the plan's own where they lose more. The shorter the way, the less there
    is to lose against what is gained: where it is not sure that effects swing with the season, a
    part of the way is gone. A plan that breaks the rules has to move; no other moves a trifle.
    """
    total = float(line.current.sum())
    if not line.cells or total <= 0:
        return line.planned
    worlds = (line, line.going_on())
    wanted = line.spread(worlds[1].likeliest().best(rules))
    even = line.spread(onto(np.full(len(line.current), total / len(line.current)), rules, total))
    must = not rules.keep(line.current)
    best, score = (wanted, -np.inf) if must else (line.planned, 0.0)
    for way in (*(line.planned + blend * (wanted - line.planned) for blend in BLENDS), even):
        slight = np.maximum(way - line.planned, 0.0).sum() < EARLY * total
        if (slight and not must) or not rules.keep(way.sum(axis=0)):
            continue
        more = min(_score(world.gain(way).sum(axis=1), confidence) for world in worlds)
        if more > score:
            best, score = way, more
    return best


def _score(gain: Array, confidence: float) -> float:
    """What the worst draws of a gain (D,) bring and the share of the mean that they may lose.

    Below any other where more of the draws than may fail lose more than that share.
    """
    little = LITTLE * max(float(gain.mean()), 0.0)
    likely = (gain > -little).mean() >= confidence
    return float(worst_draws(gain, confidence) @ gain) + little if likely else -np.inf


def _by_week(gain: Array, weeks: int) -> Array:
    """(D, H) of (D, T): what comes after the horizon is counted in its last week."""
    by_week = gain[:, :weeks].copy()
    by_week[:, -1] += gain[:, weeks:].sum(axis=1)
    return by_week


def _sentence(name: str, weeks: Weeks, current: Array, spend: Array) -> str:
    """In which direction a line's money moves, in words."""
    total, moved = current.sum(), np.maximum(spend - current, 0.0).sum()
    if total <= 0 or moved < EARLY * total:
        return f"{name}: keep the plan's spread; no other gains enough for what it risks"
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


def _summary(made: Flighting) -> str:
    moved = [each for each in made.lines if not np.array_equal(each.spend, each.current)]
    if not moved:
        return "hold to the plan's spread: no other gains enough for what it risks"
    return (
        f"spreading {len(moved)} of {len(made.lines)} lines anew gains {made.gain:,.0f} "
        f"({made.gain_low:,.0f} to {made.gain_high:,.0f}), and {made.gain_going_on:,.0f} if the "
        "plan's money a week goes on after the horizon"
    )


__all__ = ["Flighting", "LineFlight", "flight"]
