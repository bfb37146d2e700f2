"""Whether moving money is worth it: the rule behind the word."""

from __future__ import annotations

from xlbudget.tabular import Array

PROMISE = 1e-3  # the gap that the certificate promises
WORTH_IT = 0.1  # of the best plan's gain: a sure plan with less is not worth moving for


def verdict_of(gain: Array, confidence: float, allowed: bool, sure_share: float | None) -> str:
    """The verdict's first word or words, then why.

    gain (D,) over the current plan, or over its split of another budget; allowed: whether that
    can be kept; sure_share: what the sure plan keeps of the gain.

    move          the current plan cannot be kept, or the new one beats it in at least
                  `confidence` of the draws
    move in part  it does not, but the sure plan does and keeps a tenth of the gain or more
    hold          neither, or there is nothing to gain
    """
    share, mean = float((gain > 0).mean()), float(gain.mean())
    if not allowed:
        return "move: this budget or a guardrail rules the current split out"
    if mean <= 0:
        return "hold: no allowed plan is better than the current one"
    if share >= confidence:
        return f"move: better than the current plan with a probability of {share:.0%}"
    asked = f"better with a probability of {share:.0%}, where {confidence:.0%} is asked for"
    if sure_share is not None and sure_share >= WORTH_IT:
        return (
            f"move in part: {asked}; the plan with risk 'sure' reaches it and keeps "
            f"{sure_share:.0%} of the gain"
        )
    return f"hold: the gain is inside the noise ({asked})"


def warned(verdict: str, gap: float) -> str:
    """The verdict with what the certificate could not close."""
    if gap <= PROMISE:
        return verdict
    return f"{verdict}; in the time given a plan {gap:.2%} better could not be ruled out"
