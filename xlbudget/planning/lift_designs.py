"""Lift tests that could be run: what each would change, what it would show, and how surely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.planning.plan import Plan
from xlbudget.response.model import Outlook, ResponseModel
from xlbudget.tabular import Array

LENGTHS = (4, 6, 8, 12)  # weeks
OFF, SIZES = -1.0, (-0.5, 1.0)  # share of the line's planned spend taken away or added
NEW_LEVELS = (0.02, 0.05, 0.1)  # share of all spend that a new line is tested at
NEW = 26  # weeks of spend below which a line is new
SMALL = 0.005  # share of all planned spend below which a line is tested like a new one
SEEN = 2.8  # standard errors: seen in four tests of five, at 19 to 1 against chance


@dataclass(frozen=True)
class Design:
    """One test of one line.

    size            share of its planned spend taken away (-1: off) or added
    money           how much more is spent in the test; below 0: less
    regions         where; () everywhere, against weeks without it
    lift            (D,) outcome that the test should measure, draw by draw
    standard_error  of that measurement
    """

    line: int
    size: float
    weeks: int
    money: float
    regions: tuple[str, ...]
    lift: Array
    standard_error: float

    @property
    def shows(self) -> bool:
        """Whether the effect that is expected would be told from noise."""
        return abs(float(self.lift.mean())) >= SEEN * self.standard_error


def designs(model: ResponseModel, plan: Plan) -> Iterator[Design]:
    """Every line's tests, in the weeks from the horizon's first on.

    Where outcomes are known by region every other region is tested and the rest stand beside it;
    else the test weeks are held against what was to be expected of them.
    """
    data, outlook = model.data, model.outlook(plan.spend)
    treated = _treated(model)
    new = _new(model, plan)
    lengths = [n for n in LENGTHS if n <= len(data.horizon)] or [len(data.horizon)]
    errors = {n: _errors(model, outlook, treated, n) for n in lengths}
    planned = _summed(model, outlook.caused, treated)
    for size, path, lines in _paths(model, plan, new):
        changed = 0.0 if size == OFF else _summed(model, model.outlook(path).caused, treated)
        lift = changed - planned
        money = np.cumsum(data.by_line((path - plan.spend) * treated), axis=0)  # (H, L)
        for line in np.flatnonzero(lines & (money[-1] != 0)):
            for weeks in lengths:
                yield Design(
                    line=int(line),
                    size=_share(path, plan, int(line)) if size is None else size,
                    weeks=weeks,
                    money=float(money[weeks - 1, line]),
                    regions=_names(model, treated, int(line)),
                    lift=lift[:, weeks - 1, line],
                    standard_error=float(errors[weeks][line]),
                )


def _paths(
    model: ResponseModel, plan: Plan, new: NDArray[np.bool_]
) -> Iterator[tuple[float | None, Array, NDArray[np.bool_]]]:
    """Size, spend (H, R, M) of a test of every line at once, and the lines it is meant for.

    A new line is given more, never less: its test is a first budget.
    """
    planned = plan.totals > 0
    for size in (OFF, *SIZES):
        yield size, plan.spend * (1.0 + size), planned & ~new if size < 0 else planned
    weekly = float(plan.totals.sum()) / len(plan.spend)
    for level in NEW_LEVELS if new.any() else ():
        steady = model.steady_path(np.where(new, level * weekly, 0.0))
        yield None, np.maximum(steady, plan.spend), new


def _new(model: ResponseModel, plan: Plan) -> NDArray[np.bool_]:
    """(L,) lines that ran for half a year at most, or of which the plan has next to nothing."""
    ran = (model.data.by_line(model.data.spend) > 0).sum(axis=0)
    return np.asarray((ran < NEW) | (plan.totals < SMALL * plan.totals.sum()))


def _treated(model: ResponseModel) -> Array:
    """(R, M) 1 where a line is changed in its test: every other one of its regions, by size."""
    data = model.data
    size = np.nan_to_num(data.outcome).sum(axis=0)
    out = np.zeros(data.line_of.shape)
    for line in range(len(data.lines)):
        cells = data.line_of == line
        own = np.flatnonzero(cells.any(axis=1))
        tested = own[np.argsort(-size[own], kind="stable")][::2] if len(own) > 1 else own
        if len(own) == 2:
            tested = tested[-1:]
        out[tested] += cells[tested]
    return out


def _errors(model: ResponseModel, outlook: Outlook, treated: Array, weeks: int) -> Array:
    """(L,) standard error of a line's lift over so many weeks: how surely it is known what would
    have come without the test.

    Where other regions stand beside it, only that in which they differ; else all of it. The weeks
    after a test tell as much of it as those before: that halves how far the outcome may wander
    (area under a Brownian bridge: a quarter of the variance of that under a walk), not its noise.
    """
    media = (outlook.carry_in + outlook.caused)[:, :weeks].sum(axis=(1, 3))
    wandering = outlook.baseline[:, :weeks].sum(axis=1) + media  # (D, R)
    noise = outlook.noise[:, :weeks].sum(axis=1)
    usual = np.abs(wandering.mean(axis=0))  # (R,)
    out = np.zeros(len(model.data.lines))
    for line in range(len(out)):
        tested = (treated * (model.data.line_of == line)).any(axis=1)
        beside = 0.0 if tested.all() else usual[tested].sum() / max(usual[~tested].sum(), 1e-300)
        weight = np.where(tested, 1.0, -beside)
        out[line] = np.hypot((noise @ weight).std(), (wandering @ weight).std() / 2.0)
    return out


def _summed(model: ResponseModel, caused: Array, treated: Array) -> Array:
    """(D, H, L) outcome up to each week where a line is tested; caused (D, H + TAIL, R, M)."""
    weeks = len(model.data.horizon)
    return np.asarray(np.cumsum(model.data.by_line(caused[:, :weeks] * treated), axis=1))


def _share(path: Array, plan: Plan, line: int) -> float:
    """What a path adds to the plan of a line, as a share of it; 1 where nothing is planned."""
    cells = plan.data.line_of == line
    now, then = float(plan.spend[:, cells].sum()), float(path[:, cells].sum())
    return then / now - 1.0 if now > 0 else 1.0


def _names(model: ResponseModel, treated: Array, line: int) -> tuple[str, ...]:
    """Regions of a line's test; () where it is tested everywhere."""
    tested = (treated * (model.data.line_of == line)).any(axis=1)
    if tested.all():
        return ()
    return tuple(n for n, on in zip(model.data.regions, tested, strict=True) if on)
