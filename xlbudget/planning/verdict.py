"""Whether moving money is worth it: the rule behind the word."""

from __future__ import annotations

import numpy as np

from xlbudget.tabular import Array

PROMISE = 1e-3  # the gap that the certificate promises
NOTHING = 1e-4  # of the spread of the gain: below it nothing is to be gained


def verdict_of(gain: Array, confidence: float, gap: float) -> str:
    """The verdict's first word or words, then why.

    move          the plan beats the current one in at least `confidence` of the draws (D,)
    move in part  it does so in most of them: the sure plan is the part to take
    hold          it does not, or there is nothing to gain
    """
    share = float((gain > 0).mean())
    mean = float(gain.mean())
    if mean <= 0 or float(np.abs(gain).max(initial=0.0)) == 0:
        said = "hold: no allowed plan is better than the current one"
    elif share >= confidence:
        said = f"move: better than the current plan with a probability of {share:.0%}"
    elif share > 0.5:
        said = (
            f"move in part: better with a probability of {share:.0%}, less than the "
            f"{confidence:.0%} asked for; risk 'sure' gives the part that reaches it"
        )
    else:
        said = f"hold: the gain is inside the noise (better with a probability of {share:.0%})"
    if gap > PROMISE:
        said += f"; a plan up to {gap:.2%} better could not be ruled out in the time given"
    return said
