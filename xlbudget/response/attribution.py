"""What the platforms claim beside what the model says: a pointer, never taken as truth.

A platform counts every sale that it touched, its own view only: brand search takes the credit for
sales that would have come anyway, television gets none. The claim is reported; it moves no figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.model import ResponseModel
from xlbudget.response.past import past_total
from xlbudget.response.returns import interval
from xlbudget.response.wording import rough
from xlbudget.tabular import Array, Columns, Tabular

FAR = 1.25  # times outside the model's range from which a claim is named beside the verdict
APART = 1.5  # times what the model expects from which a claim inside the range is remarked on


@dataclass(frozen=True)
class Attribution(Tabular):
    """N lines for which a platform claims something, from its first claim to its last.

    All in units of the outcome.

    platform         what the platforms claim
    model, low, high what the model says of the same weeks, regions and media
    ratio            platform / model; NaN where the model says nothing at all
    """

    line: tuple[str, ...]
    platform: Array
    model: Array
    low: Array
    high: Array

    def columns(self) -> Columns:
        """line, platform, model, low, high, ratio, words."""
        return {**vars(self), "ratio": self.ratio, "words": self.words}

    @property
    def ratio(self) -> Array:
        """(N,) how many times the model's figure the platforms claim."""
        known = self.model > 0
        return np.asarray(
            np.divide(self.platform, self.model, out=np.full(len(known), np.nan), where=known)
        )

    def over(self, times: float = 1.0) -> NDArray[np.bool_]:
        """(N,) whether so many times more is claimed than the model's range allows."""
        return np.asarray(self.platform > times * self.high)

    def under(self, times: float = 1.0) -> NDArray[np.bool_]:
        """(N,) whether so many times less is claimed than the model's range allows."""
        return np.asarray(times * self.platform < self.low)

    @property
    def words(self) -> tuple[str, ...]:
        """What each claim means."""
        return tuple(
            _words(bool(over), bool(under), float(ratio))
            for over, under, ratio in zip(self.over(), self.under(), self.ratio, strict=True)
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """The lines on which platforms and model disagree, in one sentence a direction."""
        said = []
        for which, how in ((self.over(FAR), "more"), (self.under(FAR), "less")):
            named = [
                f"{self.line[n]} ({rough(self.platform[n])}, model {rough(self.model[n])})"
                for n in np.flatnonzero(which)
            ]
            if named:
                more = f" and {len(named) - 3} more" if len(named) > 3 else ""
                said.append(
                    f"Platforms claim {how} than the model's range allows for "
                    f"{', '.join(named[:3])}{more}: their claim counts what they touched, the "
                    "model what would not have come otherwise. A lift test would settle it."
                )
        return tuple(said)


def attribution(model: ResponseModel) -> Attribution:
    """Platforms beside the model, line by line; no rows where no platform says anything."""
    data = model.data
    if data.attributed is None:
        return Attribution((), *(np.zeros(0) for _ in range(4)))
    claim = np.nan_to_num(data.attributed)
    counts = claim > 0
    begun, lasting = (np.maximum.accumulate(each, axis=0) for each in (counts, counts[::-1]))
    during = begun & lasting[::-1]  # (W, R, M) from the first claim to the last
    draws = data.by_line(past_total(model.effects, data.spend, during))
    covered = data.by_line(during.any(axis=0).astype(float)) > 0
    claimed, draws = data.by_line(claim.sum(axis=0))[covered], draws[:, covered]
    low, high = interval(draws, data.settings.confidence)
    names = tuple(name for name, on in zip(data.line_names, covered, strict=True) if on)
    return Attribution(names, claimed, draws.mean(axis=0), low, high)


def _words(over: bool, under: bool, ratio: float) -> str:
    if np.isnan(ratio):
        return "claims what the model does not see at all" if over else "nothing either way"
    times = f"{ratio:.2g} times what the model expects"
    if over or under:
        return f"{times}: {'more' if over else 'less'} than its range allows"
    if 1.0 / APART < ratio < APART:
        return "as the model expects"
    return f"{times}, which its range does not rule out"
