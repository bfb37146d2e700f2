"""Whether moving money is worth it: the rule behind the word."""

from __future__ import annotations

from collections.abc import Sequence

from xlbudget.planning.wording import chance, percent
from xlbudget.tabular import Array

PROMISE = 1e-3  # the gap that the certificate promises
WORTH_IT = 0.1  # of the best plan's gain: a sure plan with less is not worth moving for
HOLD, IN_PART, MOVE = "hold", "move in part", "move"  # the verdict's first words


def verdict_of(
    gain: Array, confidence: float, broken: Sequence[str], sure_share: float | None
) -> str:
    """The verdict's first word or words, then why.

    gain (D,) over the current plan, or over its split of another budget; broken: what keeps that
    from staying, by name; sure_share: what the sure plan keeps of the gain.

    move          the current plan cannot be kept, or the new one beats it in at least
                  `confidence` of the draws
    move in part  it does not, but the sure plan does and keeps a tenth of the gain or more
    hold          neither, or there is nothing to gain
    """
    share, mean = float((gain > 0).mean()), float(gain.mean())
    if broken:
        return f"{MOVE}: the current split is not allowed by {' and '.join(broken)}"
    if mean <= 0:
        return f"{HOLD}: no allowed plan is better than the current one"
    if share >= confidence:
        return f"{MOVE}: better than the current plan with a probability of {chance(share)}"
    asked = (
        f"better with a probability of {chance(share)}, where {percent(confidence)} is asked for"
    )
    if sure_share is not None and sure_share >= WORTH_IT:
        return (
            f"{IN_PART}: the whole move is {asked}; the plan with risk 'sure' reaches it and keeps "
            f"{percent(round(sure_share, 2))} of the gain"
        )
    return f"{HOLD}: the gain is inside the noise ({asked})"


def warned(verdict: str, gap: float) -> str:
    """The verdict with what the certificate could not close."""
    if gap <= PROMISE:
        return verdict
    return f"{verdict}; in the time given a plan {gap:.2%} better could not be ruled out"
