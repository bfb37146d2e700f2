"""When a change shows: where the outcome softens first, and when moved money has worked."""

from __future__ import annotations

import numpy as np

from xlbudget.data.dataset import WEEK
from xlbudget.planning.plan import Plan
from xlbudget.planning.questions.answer import Answer, Figure
from xlbudget.planning.questions.weeks import HALF, MOST, week_by
from xlbudget.planning.rules import names_of
from xlbudget.planning.scenarios.asked import asked
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.conditions import parts
from xlbudget.planning.scenarios.differences import Indices, difference
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.planning.wording import chance, percent
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array


def softening(
    model: ResponseModel,
    plan: Plan,
    share: float = 0.15,
    scope: str = "role",
    name: str = "prospecting",
    by: str = "line",
) -> Answer:
    """Where the outcome softens first after a cut, in which week and by how much.

    A part has softened in the first week by which what it has lost in all is outside the noise:
    above what the weekly noise of the outcome hides at the confidence. Where that never happens
    the part that loses most is named, and that it stays hidden is said.
    """
    data, confidence = plan.data, plan.data.settings.confidence
    change = Change(What.SPEND, How.PERCENT, -share, scope, name)
    lost = _weekly_by(model, plan, change, by)  # (D, H, G)
    names = names_of(data, by)
    summed = lost.cumsum(axis=1)
    hidden = _hidden(model, lost.shape[1])
    seen = summed.mean(axis=0) > hidden[:, None]  # (H, G)
    week = np.where(seen.any(axis=0), seen.argmax(axis=0), lost.shape[1])
    total = summed[:, -1].mean(axis=0)
    first = int(np.lexsort((-total, week))[0])
    shown = bool(week[first] < lost.shape[1])
    at = int(week[first]) if shown else lost.shape[1] - 1
    figure = Figure.of(summed[:, at, first], confidence)
    when = data.horizon[at]
    sentence = (
        f"{percent(share)} less for {name} softens {names[first]} first: "
        f"{figure.surely()} less by the week of {when}"
        + (", the first week in which it stands out from the noise"
           if shown else ", which stays inside the noise of the weekly figures all through")
    )  # fmt: skip
    columns = {
        by: names,
        "lost": total,
        "low": np.quantile(summed[:, -1], (1 - confidence) / 2, axis=0),
        "high": np.quantile(summed[:, -1], (1 + confidence) / 2, axis=0),
        "stands_out": [str(data.horizon[w]) if w < lost.shape[1] else "not by then" for w in week],
    }
    figures: dict[str, float | str] = {
        "lost": figure.mean, "low": figure.low, "high": figure.high,
        "where": names[first], "week": str(when),
    }  # fmt: skip
    return Answer("Where does the outcome soften first?", sentence, figures, columns)


def moved_money(
    model: ResponseModel,
    plan: Plan,
    amount: float,
    source: tuple[str, str] = ("role", "prospecting"),
    target: tuple[str, str] = ("role", "retention"),
) -> Answer:
    """What money moved from one part to another brings, and when half and most of it has come.

    Timed is what the target gains; the net figure also counts what the source loses.
    """
    data, confidence = plan.data, plan.data.settings.confidence
    take = Change(What.SPEND, How.AMOUNT, -amount, *source)
    give = Change(What.SPEND, How.AMOUNT, amount, *target)
    moved = [Scenario("moved", (take, give)), Scenario("given", (give,))]
    result = scenario(model, plan, moved, "week")
    weeks = len(result.rows.spend) // 2
    net = result.rows.outcome[:weeks].sum(axis=0)
    gained = result.rows.outcome[weeks:].mean(axis=1)
    half, most = (week_by(share, gained, data) for share in (HALF, MOST))
    figure = Figure.of(net, confidence)
    better = float((net > 0).mean())
    open_ended = ", so it may go either way" if figure.low < 0 < figure.high else ""
    sentence = (
        f"Moving {amount:,.0f} from {source[1]} to {target[1]} changes the outcome by "
        f"{figure.surely()}{open_ended}; half of what {target[1]} gains has come by the week of "
        f"{half}, {percent(MOST)} by the week of {most}; the move is better with a probability of "
        f"{chance(better)}"
    )
    figures: dict[str, float | str] = {
        "net": figure.mean, "low": figure.low, "high": figure.high, "better": better,
        "half": str(half), "most": str(most),
    }  # fmt: skip
    columns = {
        "week": data.horizon[0] + WEEK * np.arange(weeks),
        "net": result.rows.outcome[:weeks].mean(axis=1),
        "gained_so_far": gained.cumsum(),
    }
    return Answer("When does moved money work?", sentence, figures, columns)


def _weekly_by(model: ResponseModel, plan: Plan, change: Change, by: str) -> Array:
    """(D, H, G) outcome that each part loses in each week of the horizon."""
    made = asked(model, plan, [Scenario("cut", (change,))])
    groups: Indices = np.full(plan.data.line_of.shape, -1, dtype=np.intp)
    for index, cells in enumerate(parts(plan.data, Change(What.SPEND, How.PERCENT, 0.0, by))):
        groups[cells] = index
    found = difference(model, made.cells, made.planned, made.changed[0], groups, by_week=True)
    return np.asarray(-found.outcome[:, : len(plan.spend)])


def _hidden(model: ResponseModel, weeks: int) -> Array:
    """(weeks,) what the noise of so many weeks together hides at the confidence."""
    from statistics import NormalDist

    side = NormalDist().inv_cdf((1.0 + model.data.settings.confidence) / 2.0)
    noise = float(np.sqrt((model.background.noise**2).sum(axis=1)).mean())
    return np.asarray(side * noise * np.sqrt(np.arange(1.0, weeks + 1.0)))
