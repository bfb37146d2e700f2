"""The test that would verify a shift of money: half of the market against the other half."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from statistics import NormalDist

import numpy as np

from xlbudget.planning.plan import Plan
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.planning.wording import percent
from xlbudget.response.model import ResponseModel

POWER = 0.8  # chance that a test of the size told finds the effect
LARGER = (0.3, 0.5, 0.75, 1.0)  # shares tried where the shift asked about is too small to be seen
LONGEST = 26.0  # weeks of a test that somebody would run
YEAR = 52.0


@dataclass(frozen=True)
class Proof:
    """A test in which half of the market shifts `share` of the source's money for `weeks` weeks.

    difference  between the halves over those weeks, as expected, in outcome units
    asked       weeks that the shift asked about would take; inf where nothing is expected of it
    share       None where no shift is large enough to be seen in half a year
    """

    asked: float
    share: float | None
    weeks: float
    difference: float

    def told(self) -> str:
        """The test as the end of a sentence."""
        if self.asked <= LONGEST:
            return (
                f"half of the market against the other half shows it after {self.weeks:,.0f} weeks,"
                f" as a difference of {self.difference:+,.0f}"
            )
        too_long = (
            f"half of the market against the other half would show it after {self.asked:,.0f} weeks"
            if self.asked <= 10 * YEAR
            else "no test of the market's halves would show so little"
        )
        if self.share is None:
            return f"{too_long}, and no larger shift shows the same within half a year"
        return (
            f"{too_long}; shifting {percent(self.share)} in one half shows it after "
            f"{self.weeks:,.0f} weeks, as a difference of {self.difference:+,.0f}"
        )


def proof_of(model: ResponseModel, plan: Plan, source: str, target: str, share: float) -> Proof:
    """The smallest test that finds the expected effect with a chance of 80 % at the confidence.

    It is about the effect of a shift that lasts, in all weeks in which it works.

    Both halves have the same noise; what all regions share cancels out between them. In half of
    the market half of the effect stands against the noise of the difference of the halves, which
    is that of the whole: weeks = (2 z noise / weekly effect)^2 (two-sample size, e.g. Lehr 1992).
    """
    normal = NormalDist()
    confidence = plan.data.settings.confidence
    z = normal.inv_cdf((1.0 + confidence) / 2.0) + normal.inv_cdf(POWER)
    hidden = 2.0 * z * weekly_noise(model)
    expected = weekly_effect(model, plan, source, target, share)
    asked = float(ceil((hidden / expected) ** 2)) if expected else np.inf
    if asked <= LONGEST:
        return Proof(asked, share, asked, 0.5 * asked * expected)
    for larger in LARGER:
        effect = weekly_effect(model, plan, source, target, larger)
        weeks = float(ceil((hidden / effect) ** 2)) if effect * expected > 0 else np.inf
        if larger > share and weeks <= LONGEST:
            return Proof(asked, larger, weeks, 0.5 * weeks * effect)
    return Proof(asked, None, asked, 0.0)


def weekly_effect(
    model: ResponseModel, plan: Plan, source: str, target: str, share: float
) -> float:
    """Expected outcome a week, once it has built up, of a shift all through the horizon."""
    named = np.array([[medium.channel == source for medium in plan.data.media]])
    amount = share * float((plan.spend * named).sum())
    change = (
        Change(What.SPEND, How.AMOUNT, -amount, "channel", source),
        Change(What.SPEND, How.AMOUNT, amount, "channel", target),
    )
    result = scenario(model, plan, [Scenario("shift", change)], "total")
    return float(result.rows.outcome.mean()) / len(plan.spend)


def weekly_noise(model: ResponseModel) -> float:
    """Standard deviation of a week's difference between two halves of the market, outcome units.

    Of several regions what they share is left out; of one, nothing is known to cancel.
    """
    together = model.background.together if len(model.data.regions) > 1 else 0.0
    whole = np.sqrt((model.background.noise**2).sum(axis=1)).mean()
    return float(whole * np.sqrt(1.0 - together))
