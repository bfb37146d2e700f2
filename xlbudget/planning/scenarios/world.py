"""The model in a changed world, so that money can be split anew under a scenario."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from xlbudget.planning.scenarios.conditions import Conditions
from xlbudget.response.effects import Effects
from xlbudget.response.incremental import ValueCurves
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array


@dataclass(frozen=True)
class World(ResponseModel):
    """A fitted model under other prices, effects and outcome values; spend stays in money.

    cost   (H, R, M) price of media, 1 is today's: money buys 1 / cost of the media
    swing  (H + TAIL, R, M) what an effect counts, 1 is as fitted and as the outcome is worth today
    """

    cost: Array
    swing: Array

    def value_curves(self, path: Array, spend: Array, response: Array | None = None) -> ValueCurves:
        """Value of each line's money, in units of the outcome at what it is worth today."""
        media, share, swing = self._bought(path, response)
        return _in_money(super().value_curves(media, spend * share, swing), spend, share)

    def mean_value_curves(
        self, path: Array, spend: Array, response: Array | None = None
    ) -> ValueCurves:
        """The mean of `value_curves` over the draws, D = 1."""
        media, share, swing = self._bought(path, response)
        return _in_money(super().mean_value_curves(media, spend * share, swing), spend, share)

    def _bought(self, path: Array, response: Array | None) -> tuple[Array, Array, Array]:
        """Media (H, R, M) that money buys, media per money (L, 1), and what effects count."""
        path = np.where(self._silent(path), self.steady_path(np.ones(len(self.data.lines))), path)
        media = path / self.cost
        money, bought = (self.data.by_line(part.sum(axis=0)) for part in (path, media))
        share = (bought / np.where(money > 0, money, 1.0))[:, None]
        return media, share, self.swing if response is None else self.swing * response

    def observed_weekly(self) -> Array:
        """(L,) money a week that never buys more media than a week ever had."""
        least = np.full(len(self.data.lines), np.inf)
        for region, medium in np.argwhere(self.data.line_of >= 0):
            line = self.data.line_of[region, medium]
            least[line] = min(least[line], self.cost[:, region, medium].min())
        return np.asarray(super().observed_weekly() * least)


def world_of(model: ResponseModel, conditions: Conditions) -> World:
    """The model in which these conditions hold; controls move no medium's effect."""
    today = model.data.settings.value_per_outcome
    worth = conditions.worth / today if today > 0 else np.ones_like(conditions.worth)
    parts = {each.name: getattr(model, each.name) for each in fields(ResponseModel)}
    return World(**parts, cost=conditions.cost, swing=conditions.response * worth)


def averaged(model: ResponseModel) -> ResponseModel:
    """A model with the same expected values, to rounding, and far fewer draws.

    Draws of one shape and season become one that has their mean effect; media with fewer shapes
    in use than others are filled up with draws of no effect.
    """
    effects, seasons = model.effects, np.unique(model.effects.swing)
    parts = [_by_shape(effects, effects.swing == season) for season in seasons]
    pick, roi = (np.concatenate(each) for each in zip(*parts, strict=True))
    few = replace(
        effects,
        pick=pick,
        roi=roi * (len(pick) / model.draws),
        swing=np.repeat(seasons, [len(each) for each, _ in parts]),
        history=np.ones((len(pick), pick.shape[1])),
    )
    return replace(model, draws=len(pick), effects=few)


def _by_shape(effects: Effects, at: NDArray[np.bool_]) -> tuple[NDArray[np.intp], Array]:
    """Shapes (N, M) and the ROI (N, R, M) that the draws `at` (D,) of each have together."""
    picked, strength = effects.pick[at], effects.roi[at]
    used = [np.unique(each, return_inverse=True) for each in picked.T]
    count = max(len(which) for which, _ in used)
    pick = np.zeros((count, len(used)), dtype=np.intp)
    roi = np.zeros((count, *strength.shape[1:]))
    for medium, (which, draw) in enumerate(used):
        pick[:, medium] = which[np.minimum(np.arange(count), len(which) - 1)]
        np.add.at(roi[:, :, medium], draw, strength[:, :, medium])
    return pick, roi


def _in_money(found: ValueCurves, spend: Array, share: Array) -> ValueCurves:
    """Curves over media as curves over money; share (L, 1) of media per money."""
    return ValueCurves(spend, found.value, found.slope * share, found.slope_bound * share)
