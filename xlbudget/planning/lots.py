"""Plans in whole lots near a relaxed one: parts of lots given up or filled, then lots exchanged."""

from __future__ import annotations

import numpy as np

from xlbudget.planning.program import KEPT, Program
from xlbudget.planning.relaxation import Curves
from xlbudget.tabular import Array

EXCHANGES = 200
NOTHING = 1e-12  # scaled value that no exchange is worth making for
TRIED = 30  # of the exchanges that would bring most


def in_lots(program: Program, spend: Array) -> Array:
    """(L,) the plan near spend (L,) in whole lots; it may miss a rule."""
    has = program.lots > 0
    lot = np.where(has, program.lots, 1.0)
    plan = np.where(has, np.floor(spend / lot + KEPT) * lot, spend)
    for line in np.argsort(plan - spend, kind="stable"):
        if plan[line] < spend[line] - KEPT:
            more = plan + program.lots * (np.arange(len(plan)) == line)
            plan = plan if _too_much(program, more) else more
    return plan


def _too_much(program: Program, plan: Array) -> bool:
    """Whether a high end is passed; low ones may still be reached by adding."""
    over = [limit.amount(plan) > limit.high + KEPT for limit in program.limits]
    return any(over) or bool((plan > program.high + KEPT).any())


def exchanged(program: Program, plan: Array, curves: Curves, cost: float) -> Array:
    """One lot less for a line, one more for another or for none, as long as that brings most.

    Curves value whole lots; plan (L,) is allowed, and so is the answer.
    """
    lines = len(plan)
    for _ in range(EXCHANGES):
        here = curves.at(plan)
        more = np.append(curves.at(plan + program.lots) - here - cost * program.lots, 0.0)
        less = np.append(curves.at(plan - program.lots) - here + cost * program.lots, 0.0)
        gain = more[:, None] + less
        best = np.argsort(-gain, axis=None, kind="stable")[:TRIED]
        for up, down in zip(*np.unravel_index(best, gain.shape), strict=True):
            steps = (np.arange(lines) == up).astype(float) - (np.arange(lines) == down)
            moved = plan + steps * program.lots
            if gain[up, down] > NOTHING and program.misses(moved) <= KEPT:
                break
        else:
            return plan
        plan = moved
    return plan
