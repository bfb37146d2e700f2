"""The test that would verify a shift of money: half of the market against the other half."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from statistics import NormalDist

import numpy as np

from xlbudget.planning.plan import Plan
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.planning.wording import percent
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array

POWER = 0.8  # chance that a test of the size told finds the effect
LARGER = (0.3, 0.5, 0.75, 1.0)  # shares tried where the shift asked about is too small to be seen
SHORTEST = 4.0  # weeks of a test: sooner an effect has hardly built up
LONGEST = 26.0  # weeks of a test that somebody would run


@dataclass(frozen=True)
class Proof:
    """A test in which half of the market moves money for `weeks` weeks and the other does not.

    asked       weeks that the shift asked about would take; inf where nothing is expected of it
    share       of the source's money that the test shifts; None where no shift can be seen
    without     the channel that the test leaves out instead; "" where that cannot be seen either
    weeks       of the test, 0 where there is none
    difference  between the halves over those weeks, as expected, in outcome units
    """

    asked: float
    share: float | None = None
    without: str = ""
    weeks: float = 0.0
    difference: float = 0.0

    def told(self) -> str:
        """The test as the end of a sentence."""
        seen = f"after {self.weeks:,.0f} weeks, as a difference of {self.difference:+,.0f}"
        if self.asked <= LONGEST:
            return f"half of the market against the other half shows it {seen}"
        too_long = "no test of the market's halves within half a year would show so little"
        if self.share is not None:
            return f"{too_long}; shifting {percent(self.share)} in one half shows it {seen}"
        if self.without:
            return (
                f"{too_long}; leaving out {self.without}, the less certain of both, in one half "
                f"shows what it brings {seen}"
            )
        return f"{too_long}, nor what either of both brings at all"


def proof_of(model: ResponseModel, plan: Plan, source: str, target: str, share: float) -> Proof:
    """The smallest test that finds the expected effect with a chance of 80 % at the confidence.

    It is about the effect of a shift that lasts, in all weeks in which it works. Where no shift
    shows within half a year, it is about what the less certain of both channels brings at all.
    Both halves have the same noise; what all regions share cancels out between them. In half of
    the market half of the effect stands against the noise of the difference of the halves, which
    is that of the whole: weeks = (2 z noise / weekly effect)^2 (two-sample size, e.g. Lehr 1992).
    """
    normal = NormalDist()
    confidence = plan.data.settings.confidence
    z = normal.inv_cdf((1.0 + confidence) / 2.0) + normal.inv_cdf(POWER)
    hidden = 2.0 * z * weekly_noise(model)

    def weeks_for(effect: float) -> float:
        return max(float(ceil((hidden / effect) ** 2)), SHORTEST) if effect else np.inf

    expected = float(_shifted(model, plan, source, target, share).mean())
    asked = weeks_for(expected)
    if asked <= LONGEST:
        return Proof(asked, share, "", asked, 0.5 * asked * expected)
    for larger in (each for each in LARGER if each > share):
        effect = float(_shifted(model, plan, source, target, larger).mean())
        weeks = weeks_for(effect)
        if effect * expected > 0 and weeks <= LONGEST:
            return Proof(asked, larger, "", weeks, 0.5 * weeks * effect)
    effects = {name: _weekly(model, plan, _all_of(name)) for name in (source, target)}
    without = max(effects, key=lambda name: float(effects[name].std()))
    effect = float(effects[without].mean())
    weeks = weeks_for(effect)
    if weeks > LONGEST:
        return Proof(asked)
    return Proof(asked, None, without, weeks, 0.5 * weeks * effect)


def _shifted(model: ResponseModel, plan: Plan, source: str, target: str, share: float) -> Array:
    """(D,) outcome a week, once it has built up, of a shift all through the horizon."""
    named = np.array([[medium.channel == source for medium in plan.data.media]])
    amount = share * float((plan.spend * named).sum())
    take = Change(What.SPEND, How.AMOUNT, -amount, "channel", source)
    return _weekly(model, plan, (take, replace(take, value=amount, name=target)))


def _all_of(channel: str) -> tuple[Change, ...]:
    return (Change(What.SPEND, How.PERCENT, -1.0, "channel", channel),)


def _weekly(model: ResponseModel, plan: Plan, changes: tuple[Change, ...]) -> Array:
    """(D,) outcome a week of changes that last."""
    result = scenario(model, plan, [Scenario("test", changes)], "total")
    return np.asarray(result.rows.outcome[0] / len(plan.spend))


def weekly_noise(model: ResponseModel) -> float:
    """Standard deviation of a week's difference between two halves of the market, outcome units.

    Of several regions what they share is left out; of one, nothing is known to cancel.
    """
    together = model.background.together if len(model.data.regions) > 1 else 0.0
    whole = np.sqrt((model.background.noise**2).sum(axis=1)).mean()
    return float(whole * np.sqrt(1.0 - together))
