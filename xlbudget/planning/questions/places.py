"""The next-best place for money that got dearer, and a shift that a test would verify."""

from __future__ import annotations

import numpy as np

from xlbudget.data.dataset import WEEK
from xlbudget.data.names import listed
from xlbudget.planning.plan import Plan
from xlbudget.planning.questions.answer import Answer, Figure
from xlbudget.planning.questions.proof import proof_of
from xlbudget.planning.questions.weeks import half_by
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.planning.wording import chance, percent
from xlbudget.response.model import ResponseModel

_NAMED = 4  # places for the money of a channel that got dearer; the table has all of them


def dearer_channel(model: ResponseModel, plan: Plan, channel: str, share: float = 0.20) -> Answer:
    """What a channel's cost rise loses, and where its next unit of money would do more."""
    data, settings = plan.data, plan.data.settings
    rise = Scenario("dearer", (Change(What.COST, How.PERCENT, share, "channel", channel),))
    fewer = scenario(model, plan, [rise], "week").rows.outcome  # (T, D)
    lost = Figure.of(-fewer.sum(axis=0), settings.confidence)
    half = half_by(fewer.mean(axis=1), data)
    mine = np.array([line.channel == channel for line in data.lines])
    cost = np.where(mine, 1.0 + share, 1.0)
    curves = model.value_curves(plan.spend, (plan.totals / cost)[:, None])
    back = curves.slope[:, :, 0].mean(axis=0) / cost * settings.money_per_outcome
    order = np.argsort(-back, kind="stable")
    others = [int(i) for i in order if not mine[i]]
    own = float(back[mine].max(initial=0.0))
    sentence = f"If {channel} costs {percent(share)} more, the plan loses {lost.surely()}{half}"
    figures: dict[str, float | str] = {
        "lost": lost.mean, "low": lost.low, "high": lost.high, "own": own,
    }  # fmt: skip
    if others:
        best = others[0]
        name, returns = data.line_names[best], float(back[best])
        slope = curves.slope[:, :, 0] / cost
        sure = float((slope[:, best] > slope[:, mine].max(axis=1, initial=0.0)).mean())
        sentence += (
            f"; the next-best place for its money is {name}, where the next unit brings back "
            f"{returns:.2f} against {own:.2f}, and more with a probability of {chance(sure)}"
        )
        after = listed([f"{data.line_names[i]} ({back[i]:.2f})" for i in others[1:_NAMED]])
        sentence += f"; next come {after}" if after else ""
        figures |= {"next": name, "returns": returns, "sure": sure}
    shown = {
        "line": [data.line_names[i] for i in order],
        "marginal_roi": back[order],
        "spend": plan.totals[order],
    }
    return Answer("A channel becomes dearer: what is next-best?", sentence, figures, shown)


def shift_and_test(
    model: ResponseModel, plan: Plan, source: str, target: str, share: float = 0.15, weeks: int = 6
) -> Answer:
    """What a shift between two channels changes over some weeks, and the test that would show it.

    The change over those weeks stands beside the change in all, since what the source loses may
    come later than what the target gains. The test compares two halves of the market, one with and
    one without the shift. Where the shift is too small for a test of half a year, the smallest
    larger one that such a test shows is told, else the test of the less certain channel alone.
    """
    data, confidence = plan.data, plan.data.settings.confidence
    last = data.horizon[0] + WEEK * min(weeks, len(data.horizon)) - np.timedelta64(1, "D")
    named = np.array([[medium.channel == source for medium in data.media]])
    amount = share * float((plan.spend[:weeks] * named).sum())
    change = Scenario(
        "shift",
        (
            Change(What.SPEND, How.AMOUNT, -amount, "channel", source, end=last),
            Change(What.SPEND, How.AMOUNT, amount, "channel", target, end=last),
        ),
    )
    result = scenario(model, plan, [change], "week")
    within = result.rows.outcome[:weeks].sum(axis=0)
    effect = Figure.of(within, confidence)
    in_all = Figure.of(result.rows.outcome.sum(axis=0), confidence)
    proof = proof_of(model, plan, source, target, share)
    better = float((within > 0).mean())
    sentence = (
        f"Shifting {percent(share)} of {source} ({amount:,.0f}) to {target} changes the outcome "
        f"of the next {weeks} weeks by {effect.surely()}, upwards with a probability of "
        f"{chance(better)}, and by {in_all.told()} in all until it has faded; {proof.told()}"
    )
    figures: dict[str, float | str] = {
        "change": effect.mean, "low": effect.low, "high": effect.high, "better": better,
        "in_all": in_all.mean, "in_all_low": in_all.low, "in_all_high": in_all.high,
        "weeks_as_asked": proof.asked, "weeks_to_test": proof.weeks,
        "difference": proof.difference,
    }  # fmt: skip
    if proof.share is not None:
        figures["share_to_test"] = proof.share
    if proof.without:
        figures["left_out"] = proof.without
    shown = {
        "week": np.asarray(result.rows.part),
        "spend": result.rows.spend,
        "outcome": result.rows.outcome.mean(axis=1),
    }
    return Answer("What does a shift bring, and what test shows it?", sentence, figures, shown)
