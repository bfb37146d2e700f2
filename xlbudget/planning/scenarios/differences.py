"""What changed conditions bring over the plan as it stands, draw by draw.

The same draws are used on both sides, so ranges are those of the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.planning.plan import Plan
from xlbudget.planning.scenarios.conditions import EXACT, Conditions, as_planned
from xlbudget.response.adstock import TAIL, carry_over
from xlbudget.response.incremental import cell_ahead, weekly_value
from xlbudget.response.model import ResponseModel
from xlbudget.response.shapes import Shapes
from xlbudget.tabular import Array

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Cell:
    """One region x medium under the plan as it stands; S shapes, T weeks, at an ROI of 1.

    draw     (D,) which shape each draw has, and `roi` (D,) its ROI
    seasons  (K, T) how effects may swing over the year, and `swing` (D,) how each draw's do
    pair     (D,) place of each draw in a table of shapes by seasons, read row by row
    earlier  (S, T) carried-over spend from before the horizon
    outcome  (S, T) of all spend in no season, and `carry_in` (S, T) of the earlier alone
    """

    place: tuple[int, int]
    shapes: Shapes
    draw: Indices
    roi: Array
    seasons: Array
    swing: Indices
    pair: Indices
    earlier: Array
    outcome: Array
    carry_in: Array

    def of(self, path: Array) -> Array:
        """(S, T) outcome of all spend, in no season, the media of the horizon being path (H,)."""
        own = carry_over(np.concatenate([path, np.zeros(TAIL)]), self.shapes.kernel)
        return weekly_value(self.shapes, self.place[0], self.earlier + own)

    def by_week(self, table: Array) -> Array:
        """(S, T) at an ROI of 1 and in no season to (D, T) in outcome units."""
        return np.asarray(table[self.draw] * (self.seasons[self.swing] * self.roi[:, None]))

    def total(self, table: Array) -> Array:
        """The same added up over the weeks, (D,)."""
        return np.asarray((table @ self.seasons.T).ravel()[self.pair] * self.roi)

    @property
    def mean_effect(self) -> Array:
        """(S, T) ROI of a shape in each week's season, its part of the mean over the draws."""
        count = len(self.seasons)
        roi = np.bincount(self.pair, self.roi, len(self.earlier) * count).reshape(-1, count)
        return np.asarray(roi @ self.seasons / len(self.draw))


@dataclass(frozen=True)
class Difference:
    """Changed conditions less the plan as it stands; G groups, P = T weeks or 1 for all.

    planned       (G,) money of the plan as it stands
    spend         (P, G) money
    outcome       (D, P, G); `long_term` (D, P, G) what comes beyond it, weighted as Settings say
    worth         (D, P, G) the money that both bring
    value         (D, G) money that the plan is worth as it stands, and `value_changed` (D, G)
    """

    planned: Array
    spend: Array
    outcome: Array
    long_term: Array
    worth: Array
    value: Array
    value_changed: Array

    @property
    def profit(self) -> Array:
        """(D, P, G) money gained less the further money spent."""
        return self.worth - self.spend


def planned_cells(model: ResponseModel, planned: Conditions) -> tuple[Cell, ...]:
    """Everything about the plan as it stands that scenarios are compared with."""
    return tuple(_cells(model, planned.media))


def _cells(model: ResponseModel, media: Array) -> Iterator[Cell]:
    before, effects = model.before(), model.effects
    seasons = effects.seasons_ahead(len(media))
    for medium in range(media.shape[2]):
        shapes, draw = effects.used(medium)
        for region in np.flatnonzero(model.data.line_of[:, medium] >= 0):
            at = (int(region), medium)
            found = cell_ahead(effects, *at, before, media)
            yield Cell(
                place=at,
                shapes=shapes,
                draw=draw,
                roi=effects.roi[:, region, medium],
                seasons=seasons,
                swing=effects.swing,
                pair=effects.pair(medium),
                earlier=found.earlier,
                outcome=found.outcome,
                carry_in=found.carry_in,
            )


def difference(
    model: ResponseModel,
    cells: tuple[Cell, ...],
    planned: Conditions,
    changed: Conditions,
    groups: Indices,
    by_week: bool,
) -> Difference:
    """Compare; groups (R, M) index of the group of each region x medium, which are counted on."""
    count, weeks = int(groups.max()) + 1, len(planned.worth) if by_week else 1
    margin = model.data.settings.margin
    outcome, long_term, worth = (np.zeros((model.draws, weeks, count)) for _ in range(3))
    value, value_changed = (np.zeros((model.draws, count)) for _ in range(2))

    lasting = long_term_of(model.data)

    def drawn(cell: Cell, table: Array) -> Array:
        return cell.by_week(table) if by_week else cell.total(table)[:, None]

    for cell in cells:
        at, group = (slice(None), *cell.place), groups[cell.place]
        old = margin * planned.worth[at]
        own = cell.total((cell.outcome - cell.carry_in) * old)
        value[:, group] += own
        if same_conditions(planned, changed, at):
            value_changed[:, group] += own
            continue
        response, new = changed.response[at], margin * changed.worth[at]
        after = cell.of(changed.media[at]) * response
        carry_in = cell.carry_in * response
        value_changed[:, group] += cell.total((after - carry_in) * new)
        more = drawn(cell, after - cell.outcome)
        outcome[:, :, group] += more
        long_term[:, :, group] += lasting[cell.place] * more
        constant = np.array_equal(old, new) and np.ptp(new) == 0
        worth[:, :, group] += (1.0 + lasting[cell.place]) * (
            more * new[0] if constant else drawn(cell, after * new - cell.outcome * old)
        )
    return Difference(
        _money(planned.spend, groups, count, 1)[0],
        _more_money(planned.spend, changed.spend, groups, count, weeks),
        outcome,
        long_term,
        worth,
        value,
        value_changed,
    )


def weekly_change(model: ResponseModel, plan: Plan, other: Plan) -> Array:
    """(D, T) outcome that another plan brings in each week more than the plan, carry-out too."""
    planned = as_planned(plan)
    groups = np.where(plan.data.line_of >= 0, 0, -1).astype(np.intp)
    changed, cells = replace(planned, spend=other.spend), planned_cells(model, planned)
    found = difference(model, cells, planned, changed, groups, by_week=True)
    return np.asarray(found.outcome[:, :, 0])


def long_term_of(data: Dataset) -> Array:
    """(R, M) long-term outcome per short-term outcome of each cell's channel, as weighted."""
    weight = data.settings.long_term_weight
    out = np.zeros(data.line_of.shape)
    for medium, each in enumerate(data.media):
        if each.channel in data.channels:
            out[:, medium] = weight * data.channels[each.channel].long_term_factor
    return out


def baseline_change(model: ResponseModel, controls: Array) -> Array:
    """(D, H, R) outcome that other controls (W + H, R, C) bring without any media."""
    other = replace(model, data=replace(model.data, controls=controls))
    return np.asarray((other.baseline() - model.baseline())[:, len(model.data.weeks) :])


def same_conditions(planned: Conditions, changed: Conditions, at: tuple[slice, int, int]) -> bool:
    """Whether nothing is changed for one region x medium."""
    return all(
        np.array_equal(getattr(planned, part)[at], getattr(changed, part)[at])
        for part in ("spend", "cost", "response", "worth")
    )


def _more_money(planned: Array, changed: Array, groups: Indices, count: int, weeks: int) -> Array:
    """(P, G) of changed less planned spend (H, R, M); what was only moved is exactly nothing."""
    more = _money(changed - planned, groups, count, weeks)
    either_way = _money(np.abs(changed - planned), groups, count, weeks)
    return np.where(np.abs(more) <= EXACT * either_way, 0.0, more)


def _money(spend: Array, groups: Indices, count: int, weeks: int) -> Array:
    """(P, G) of spend (H, R, M)."""
    out = np.zeros((weeks, count))
    for region, medium in np.argwhere(groups >= 0):
        path = spend[:, region, medium]
        if weeks > 1:
            out[: len(path), groups[region, medium]] += path
        else:
            out[0, groups[region, medium]] += path.sum()
    return out
