"""Whether moving money is worth it: the rule behind the word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xlbudget.planning.objective import tail_mean
from xlbudget.planning.wording import chance, percent
from xlbudget.tabular import Array

PROMISE = 1e-3  # the gap that the certificate promises
WORTH_IT = 0.1  # of the best plan's gain: a sure plan with less is not worth moving for
NOTHING = 1e-9  # share of the largest gain that is no loss
NEGLIGIBLE = 1e-6  # share of what the current plan is worth that is no gain
HOLD, IN_PART, MOVE = "hold", "move in part", "move"  # the verdict's first words
PLAN, SPLIT = "the current plan", "the current split of this budget"  # what is held, or moved from
NOTHING_LEFT = f"{MOVE}: a budget of 0 leaves one plan, to spend nothing"


def worst_draws(gain: Array, confidence: float) -> Array:
    """Weights (D,) that average the worst draws of a gain (D,): twice as many as may fail."""
    return tail_mean(gain, min(2.0 * (1.0 - confidence), 1.0))


def safe(gain: Array, confidence: float) -> bool:
    """Whether a gain (D,) is above 0 in `confidence` of the draws and no loss in the worst ones.

    Nothing gained and nothing lost is safe.
    """
    nothing = NOTHING * np.abs(gain).max(initial=0.0)
    return bool(
        worst_draws(gain, confidence) @ gain >= -nothing
        and ((gain > 0).mean() >= confidence or (gain >= -nothing).all())
    )


def pays(gain: Array, worth: float) -> bool:
    """Whether a gain (D,) over a plan worth so much is more than a trace on average."""
    return float(gain.mean()) > NEGLIGIBLE * abs(worth)


def verdict_of(
    gain: Array,
    confidence: float,
    broken: Sequence[str],
    sure_share: float | None,
    risk: str,
    worth: float = 0.0,
    kept: str = PLAN,
) -> str:
    """The verdict's first word or words, then why.

    gain (D,) over the current plan, or over its split of another budget; broken: what keeps that
    from staying, by name; sure_share: what the sure plan keeps of the gain;
    worth: of the current plan; kept: what that is called.

    move          the current plan cannot be kept, or the new one is safe against it
    move in part  it is not, but the sure plan is and keeps a tenth of the gain or more
    hold          neither, or there is nothing to gain
    """
    if broken:
        return f"{MOVE}: the current split is not allowed by {' and '.join(broken)}"
    if not pays(gain, worth):
        kind = "safe plan" if risk == "sure" else "allowed plan"
        return f"{HOLD}: no {kind} is better than {kept}"
    found = f"better than {kept} with a probability of {chance(float((gain > 0).mean()))}"
    if safe(gain, confidence):
        return f"{MOVE}: {found}"
    missed = f"{found}, {_missed(gain, confidence)}"
    if sure_share is not None and sure_share >= WORTH_IT:
        return (
            f"{IN_PART}: the whole move is {missed}; the plan with risk 'sure' is safe and keeps "
            f"{percent(round(sure_share, 2))} of the gain"
        )
    return f"{HOLD}: the gain is inside the noise ({missed})"


def _missed(gain: Array, confidence: float) -> str:
    """What a move lacks to be safe."""
    if (gain > 0).mean() < confidence:
        return f"where {percent(confidence)} is asked for"
    lost = -float(worst_draws(gain, confidence) @ gain) / float(gain.mean())
    rare = percent(round(2.0 * (1.0 - confidence), 4))
    return f"but the worst {rare} of cases lose {percent(round(lost, 2))} of that gain on average"


def warned(verdict: str, gap: float) -> str:
    """The verdict with what the certificate could not close."""
    if gap <= PROMISE:
        return verdict
    return f"{verdict}; in the time given a plan {gap:.2%} better could not be ruled out"
