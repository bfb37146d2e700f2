"""When a change shows: where the outcome softens first, and when moved money has worked."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from xlbudget.data.dataset import WEEK
from xlbudget.planning.plan import Plan
from xlbudget.planning.questions.answer import Answer, Figure
from xlbudget.planning.questions.weeks import HALF, MOST, week_by
from xlbudget.planning.rules import names_of
from xlbudget.planning.scenarios.asked import asked
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.conditions import Mask, parts
from xlbudget.planning.scenarios.differences import Indices, difference
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.planning.wording import chance, percent
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array, Columns, Weeks

ALL = "all"  # the lines of a row about a region, the regions of a row about a line


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
    above what the weekly noise of the outcome, in the regions where the part runs, hides at the
    confidence. Where that never happens the part that loses most is named, and that it stays
    hidden is said. Where there are several regions, the first of them is named as well.
    """
    change = Change(What.SPEND, How.PERCENT, -share, scope, name)
    regions = by != "region" and len(names_of(plan.data, "region")) > 1
    found = [_softened(model, plan, change, each) for each in (by, *("region",) * regions)]
    sentence = f"{percent(share)} less for {name or 'everything'} softens {found[0].told()}"
    figures = found[0].figures
    if regions:
        sentence += f"; of the regions, {found[1].told()}"
        figures |= {f"region_{each}": value for each, value in found[1].figures.items()}
    kinds = tuple(each.by for each in found)
    columns: dict[str, Any] = {
        kind: [part if each.by == kind else ALL for each in found for part in each.names]
        for kind in kinds
    }
    rows = [each.columns() for each in found]
    columns |= {each: np.concatenate([row[each] for row in rows]) for row in rows for each in row}
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


@dataclass(frozen=True)
class _Softened:
    """What each of G parts loses, and the part that softens first; H weeks, D draws.

    names   (G,) of the parts, told apart by line, region ...
    days    (H,) first days of the weeks
    summed  (D, H, G) outcome lost up to and with each week
    week    (G,) in which the loss stands out from the noise; H where it never does
    """

    by: str
    names: tuple[str, ...]
    days: Weeks
    summed: Array
    week: Indices
    confidence: float

    @property
    def first(self) -> int:
        """The part that stands out first, of several that which loses most; so if none does."""
        return int(np.lexsort((-self.summed[:, -1].mean(axis=0), self.week))[0])

    @property
    def shown(self) -> bool:
        """Whether any loss stands out from the noise."""
        return bool(self.week[self.first] < len(self.days))

    @property
    def at(self) -> int:
        """The week by which the loss of the first part is told."""
        return int(self.week[self.first]) if self.shown else len(self.days) - 1

    @property
    def lost(self) -> Figure:
        """What the first part has lost by then."""
        return Figure.of(self.summed[:, self.at, self.first], self.confidence)

    @property
    def figures(self) -> dict[str, float | str]:
        """What `told` tells."""
        lost, where = self.lost, self.names[self.first]
        return {
            "lost": lost.mean, "low": lost.low, "high": lost.high,
            "where": where, "week": str(self.days[self.at]),
        }  # fmt: skip

    def told(self) -> str:
        """Part, loss, range and week."""
        kind, seen = (
            ("first", "the first week in which it stands out from the noise")
            if self.shown
            else ("most", "still inside the noise of the weekly figures")
        )
        return (
            f"{self.names[self.first]} {kind}: {self.lost.surely()} less "
            f"by the week of {self.days[self.at]}, {seen}"
        )

    def columns(self) -> Columns:
        """lost, low, high over the horizon, and the week in which that stands out."""
        total, weeks = self.summed[:, -1], len(self.days)
        return {
            "lost": total.mean(axis=0),
            "low": np.quantile(total, (1 - self.confidence) / 2, axis=0),
            "high": np.quantile(total, (1 + self.confidence) / 2, axis=0),
            "stands_out": [str(self.days[w]) if w < weeks else "not by then" for w in self.week],
        }


def _softened(model: ResponseModel, plan: Plan, change: Change, by: str) -> _Softened:
    """What each line, region ... loses by a change, against what the noise hides."""
    data = plan.data
    made = asked(model, plan, [Scenario("cut", (change,))])
    cells = parts(data, Change(What.SPEND, How.PERCENT, 0.0, by))
    groups: Indices = np.full(data.line_of.shape, -1, dtype=np.intp)
    for index, mine in enumerate(cells):
        groups[mine] = index
    found = difference(model, made.cells, made.planned, made.changed[0], groups, by_week=True)
    summed = -found.outcome[:, : len(plan.spend)].cumsum(axis=1)
    hidden = np.stack([_hidden(model, mine, len(plan.spend)) for mine in cells], axis=1)
    seen = summed.mean(axis=0) > hidden
    week = np.where(seen.any(axis=0), seen.argmax(axis=0), len(plan.spend))
    names = names_of(data, by)
    return _Softened(by, names, data.horizon, summed, week, data.settings.confidence)


def _hidden(model: ResponseModel, cells: Mask, weeks: int) -> Array:
    """(weeks,) what the noise hides at the confidence, in the regions of the cells (R, M)."""
    side = NormalDist().inv_cdf((1.0 + model.data.settings.confidence) / 2.0)
    noise = model.background.noise[:, np.flatnonzero(cells.any(axis=1))]
    together = model.background.together
    apart, alike = (noise**2).sum(axis=1), noise.sum(axis=1) ** 2
    weekly = float(np.sqrt((1.0 - together) * apart + together * alike).mean())
    return np.asarray(side * weekly * np.sqrt(np.arange(1.0, weeks + 1.0)))
