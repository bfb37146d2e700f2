"""The catalogue: every formula, and the one door through which each host calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlbudget.errors import Unknown
from xlbudget.formulas import (
    allocating,
    approving,
    backtesting,
    explaining,
    forecasting,
    inputs,
    modelling,
    planning,
    returns,
    what_if,
)
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Shelf
from xlbudget.formulas.formula import PYTHON, Formula, Host

CATALOGUE: tuple[Formula, ...] = (
    modelling.model,
    forecasting.forecast,
    forecasting.carried,
    returns.response,
    returns.curve,
    returns.marginal_roi,
    returns.contribution,
    allocating.optimize,
    allocating.optimum,
    allocating.budget_for,
    planning.frontier,
    planning.flight,
    what_if.scenario,
    what_if.answers,
    what_if.robust_plan,
    what_if.regrets,
    planning.next_test,
    approving.approvals,
    explaining.explain,
    inputs.readiness,
    inputs.reconcile,
    backtesting.backtest,
    modelling.priors,
    modelling.version,
)
BY_NAME: Mapping[str, Formula] = {entry.name: entry for entry in CATALOGUE}


def call(name: str, given: Sequence[Any], shelf: Shelf, host: Host = PYTHON) -> Answer:
    """The answer of a formula; the same digits for every host.

    given  its arguments in order: a cell, a range as rows of cells with the header first, None
           where it is omitted; also a DataFrame for a table and a ResponseModel for a model
    """
    entry = BY_NAME.get(name.upper())
    if entry is None:
        raise Unknown(f"there is no formula {name}; there are: {', '.join(BY_NAME)}")
    return entry.call(given, shelf, host)
