"""Why the plan is what it is: a paragraph for the plan, then one a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xlbudget.governance.ground import Ground, Move, ground_of
from xlbudget.governance.line_reasons import line_reasons
from xlbudget.governance.words import chance, listed, rough
from xlbudget.planning.verdict import HOLD
from xlbudget.response.model import ResponseModel
from xlbudget.response.returns import MarginalRoi
from xlbudget.tabular import Array, Columns, Tabular

WHOLE = "The plan"  # the row that is about all lines together
NAMED = 6  # lines that one sentence names


@dataclass(frozen=True)
class Reasons(Tabular):
    """One paragraph for the plan, then one a line.

    confidence  how likely the move goes the right way, as text; "" where nothing moves
    gain        expected gain of each line, in the order of `line`; the first is their sum
    """

    line: tuple[str, ...]
    why: tuple[str, ...]
    confidence: tuple[str, ...]
    gain: Array

    def columns(self) -> Columns:
        """As the EXPLAIN formula shows them."""
        return {"line": self.line, "why": self.why, "confidence": self.confidence}


def explain(model: ResponseModel, allocation: Move, returns: MarginalRoi) -> Reasons:
    """Why each line changes as it does; returns are those at the current plan."""
    ground = ground_of(model, allocation, returns)
    gains = allocation.gain_draws.mean(axis=0)
    lines = range(len(allocation.line))
    sure = [ground.right(line) for line in lines]
    return Reasons(
        line=(WHOLE, *allocation.line),
        why=(
            " ".join(_plan_reasons(ground)),
            *(" ".join(line_reasons(ground, line)) for line in lines),
        ),
        confidence=(
            chance(allocation.prob_better),
            *("" if share is None else chance(share) for share in sure),
        ),
        gain=np.array([gains.sum(), *gains]),
    )


def _plan_reasons(ground: Ground) -> Iterator[str]:
    """The sentences about all lines together."""
    allocation, unit = ground.allocation, ground.unit
    gains = allocation.gain_draws.mean(axis=0)
    up = [int(line) for line in np.argsort(-ground.change) if ground.change[line] > 0]
    down = [int(line) for line in np.argsort(ground.change) if ground.change[line] < 0]
    if not up and not down:
        better = ": no plan within the rules is expected to bring more" * bool(allocation.verdict)
        yield f"The current plan stays{better}."
        return
    to, off = (listed([allocation.line[line] for line in lines], NAMED) for lines in (up, down))
    if up and down:
        where = f"moves from {off} to {to}"
    else:
        where = f"is added to {to}" if up else f"is taken from {off}"
    if allocation.verdict.startswith(HOLD):
        why = allocation.verdict.partition(": ")[2]
        yield f"Hold {allocation.kept}: {why}."
        yield f"In the split that is best on average money {where}."
    else:
        yield f"Money {where}."
    brought = "That is "
    if up and down:
        more, less = float(gains[up].sum()), -float(gains[down].sum())
        brought = (
            f"The lines that get more bring {rough(more, unit)} more, those that get less bring "
            f"{rough(less, unit)} less: "
        )
    yield (
        f"{brought}{_signed(allocation.gain, unit)} in all, between {rough(allocation.gain_low)} "
        f"and {rough(allocation.gain_high, unit)} with {ground.confidence} confidence."
    )
    brings = "brings more" if ground.other_budget else "is better"
    yield (
        f"It {brings} than the current plan with a probability of {chance(allocation.prob_better)}."
    )
    yield from (
        f"Without rule {limit.id} it would bring {rough(limit.cost, unit)} more."
        for limit in sorted(allocation.limits, key=lambda limit: -limit.cost)[:3]
    )


def _signed(value: float, unit: str) -> str:
    return f"{'+' if value >= 0 else '-'}{rough(abs(value), unit)}"


__all__ = ["WHOLE", "Reasons", "explain"]
