"""What is believed before the data speak: defaults by role, and what a person overrides.

Everything here is a number that a planner can judge. Defaults are weak; each has its reason in
docs/method.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.data.dataset import Dataset, Medium, PriorBelief

Z90 = 1.6448536269514722  # 19 cases in 20 lie below mean + Z90 standard deviations
MEDIA_SHARE = 0.2  # of the outcome that all media together are first believed to cause
CENTRE_SPREAD = 0.8  # sd of the log of that belief: the data move it by two or three times
# sd of log ROI between the media of one business, and how likely each is: the data choose
ROI_SPREADS = ((0.3, 0.45, 0.65, 0.9, 1.25), (0.1, 0.2, 0.35, 0.25, 0.1))
ROI_SPREAD = 0.7  # the middle of that belief
KINSHIP = 0.75  # share of its variance that campaign types of one channel have in common
REGION_SPREAD = 0.3  # sd of log ROI between the regions of one medium
NO_EFFECT = 0.1  # chance that a medium does nothing that can be seen
CLAIMED, UNCLAIMED = 0.07, 0.2  # the same where its platform claims some of the outcome, and none


@dataclass(frozen=True)
class Belief:
    """The prior of one medium.

    half_life          weeks, median; half_life_spread is the sd of its log
    half_saturation    multiple of the level at which its money works, median; or, where
                       `in_money`, money a week; half_saturation_spread is the sd of its log
    no_effect          chance of no effect
    roi, roi_spread    median ROI (outcome per money) and sd of its log; where roi is None both
                       are learned from the business as a whole
    """

    half_life: float = 1.3
    half_life_spread: float = 0.9
    half_saturation: float = 1.5
    half_saturation_spread: float = 0.9
    in_money: bool = False
    no_effect: float = NO_EFFECT
    roi: float | None = None
    roi_spread: float = ROI_SPREAD


BY_ROLE: Mapping[str, Belief] = {
    "prospecting": Belief(),
    "brand": Belief(half_life=2.2),
    "retention": Belief(half_life=1.0),
    "harvest": Belief(half_life=0.7, half_saturation=1.2),
    "other": Belief(),
}


def belief_of(data: Dataset, medium: Medium) -> Belief:
    """Default of the medium's role, with what Priors says about its channel or its line.

    What a platform claims points in a direction only: whether there is an effect at all.
    """
    channel = data.channels.get(medium.channel)
    belief = BY_ROLE.get(channel.role if channel else "other", BY_ROLE["other"])
    claim = _claim(data, medium)
    if claim is not None:
        belief = replace(belief, no_effect=CLAIMED if claim > 0 else UNCLAIMED)
    names = {medium.channel, line_like(medium)}
    names |= {line.name for line in data.lines if line.channel == medium.channel}
    for row in data.priors:
        if row.line in names:
            belief = _override(belief, row, data.settings.money_per_outcome)
    return belief


def _claim(data: Dataset, medium: Medium) -> float | None:
    """Outcome that a platform claims for a medium over all weeks; None where it says nothing."""
    if data.attributed is None:
        return None
    said = data.attributed[:, :, data.media.index(medium)]
    return None if np.isnan(said).all() else float(np.nansum(said))


def line_like(medium: Medium) -> str:
    """The medium's parts joined as a line's name is."""
    parts = (medium.channel, medium.region, medium.campaign_type, medium.product)
    return " | ".join(part for part in parts if part)


def _override(belief: Belief, row: PriorBelief, money_per_outcome: float) -> Belief:
    """ROI comes in money per money, as every ROI that a person reads; inside it is outcome."""
    if row.half_life_weeks is not None and row.half_life_weeks > 0:
        belief = replace(belief, half_life=row.half_life_weeks, half_life_spread=0.3)
    if row.half_saturation is not None and row.half_saturation > 0:
        belief = replace(
            belief, half_saturation=row.half_saturation, half_saturation_spread=0.4, in_money=True
        )
    if row.chance_of_no_effect is not None:
        belief = replace(belief, no_effect=float(np.clip(row.chance_of_no_effect, 0.0, 0.99)))
    low, high = row.roi_low, row.roi_high
    scale = money_per_outcome or 1.0
    if low is not None and high is not None and 0 < low < high:
        spread = float(np.log(high / low) / (2 * Z90))
        return replace(belief, roi=float(np.sqrt(low * high)) / scale, roi_spread=spread)
    if high is not None and high > 0:
        roi = high / scale * float(np.exp(-Z90 * ROI_SPREAD))
        return replace(belief, roi=roi)
    if low is not None and low > 0:
        return replace(belief, roi=low / scale * float(np.exp(Z90 * ROI_SPREAD)))
    return belief
