"""The Python door: `import xlbudget as xb` offers exactly these names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlbudget.data.dataset import Dataset
from xlbudget.data.folder import read_folder
from xlbudget.data.raw import RawTable
from xlbudget.data.settings import Settings
from xlbudget.errors import BadArgument, BadInput, BudgetError
from xlbudget.findings import Finding, errors_of
from xlbudget.governance import what_if
from xlbudget.governance.hand_made import explain_move
from xlbudget.planning import allocation, flighting
from xlbudget.planning import forecast as forecasting
from xlbudget.planning import frontier as budgets
from xlbudget.planning import next_test as testing
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.inputs import read_inputs
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.rules import Guardrail, Guardrails
from xlbudget.planning.scenarios import robust
from xlbudget.planning.scenarios import scenario as scenarios
from xlbudget.planning.scenarios.change import Scenario
from xlbudget.response import backtest as backtesting
from xlbudget.response import fit as fitting
from xlbudget.response.model import ResponseModel

if TYPE_CHECKING:
    import pandas as pd

    from xlbudget.governance.explanation import Reasons
    from xlbudget.governance.what_if import Answers
    from xlbudget.planning.allocation import Allocation
    from xlbudget.planning.flighting import Flighting
    from xlbudget.planning.forecast import Forecast
    from xlbudget.planning.frontier import Frontier
    from xlbudget.planning.next_test import NextTests
    from xlbudget.planning.scenarios.result import ScenarioResult
    from xlbudget.planning.scenarios.robust import RobustPlan
    from xlbudget.response.backtest import Backtest

__all__ = [
    "BadInput",
    "BudgetError",
    "Dataset",
    "Finding",
    "Inputs",
    "answers",
    "backtest",
    "explain",
    "fit",
    "flight",
    "forecast",
    "frontier",
    "next_test",
    "open_folder",
    "open_workbook",
    "optimize",
    "robust_plan",
    "scenario",
]


@dataclass(frozen=True)
class Inputs:
    """What a workbook or a folder holds.

    dataset     spend, outcomes and all that explains them
    plan        the Plan table as it stands; None where there is none
    guardrails  the Guardrails table as it stands; None where there is none
    settings    as the dataset holds them, defaults filled in
    findings    what a person should look at: warnings and notes
    """

    dataset: Dataset
    plan: pd.DataFrame | None
    guardrails: pd.DataFrame | None
    settings: Settings
    findings: tuple[Finding, ...]


def open_workbook(path: str | Path) -> Inputs:
    """The inputs of a workbook made from the template; the file is only read.

    Raises BadInput with every finding and its cell, UnreadableFile where it is no workbook.
    """
    from workbook.reader import read_workbook

    tables, findings = read_workbook(Path(path))
    return _inputs(tables, findings)


def open_folder(path: str | Path) -> Inputs:
    """The inputs of a folder of CSVs named like the tables: spend.csv, outcomes.csv ...

    Raises BadInput with every finding and its line.
    """
    return _inputs(read_folder(Path(path)), ())


def fit(
    data: Dataset,
    draws: int = 1000,
    seed: int | None = 0,
    progress: Callable[[float, str], None] | None = None,
) -> ResponseModel:
    """The response model: `draws` posterior draws, the same digits for the same data and seed.

    seed      None takes the one in the settings
    progress  called with the share that is done, 0 to 1, and what is being done
    """
    _require_data(data)
    _require_whole("draws", draws)
    chosen = data.settings.seed if seed is None else _require_whole("seed", seed)
    return fitting.fit(data, draws=draws, seed=chosen, progress=progress)


def backtest(
    data: Dataset,
    folds: int = 4,
    weeks: int = 13,
    draws: int = 500,
    seed: int | None = 0,
    progress: Callable[[float, str], None] | None = None,
) -> Backtest:
    """How good the forecasts of the last `folds` x `weeks` weeks were, each made from before them.

    `.table` has a row a fold, `.lines.table` each line's ROI as seen then and now. Fits the model
    once a fold and once to all weeks; seed and progress as in `fit`.
    """
    _require_data(data)
    for name, value in (("folds", folds), ("weeks", weeks), ("draws", draws)):
        _require_whole(name, value)
    chosen = data.settings.seed if seed is None else _require_whole("seed", seed)
    return backtesting.backtest(data, folds, weeks, draws, chosen, progress)


def forecast(
    model: ResponseModel,
    plan: pd.DataFrame | Plan | None = None,
    confidence: float | None = None,
) -> Forecast:
    """Outcome in each week of the horizon under a plan, with the range that it may fall in.

    plan  a Plan table or a Plan; None repeats the last 13 weeks. In units of the outcome.
    """
    return forecasting.forecast(model, _plan(model, plan), confidence)


def optimize(
    model: ResponseModel,
    plan: pd.DataFrame | Plan | None = None,
    budget: float | None = None,
    guardrails: pd.DataFrame | Sequence[Guardrail] | None = None,
    aim: str = "outcome",
    risk: str = "expected",
    target: float | None = None,
) -> Allocation:
    """The best split of the budget over the lines that every guardrail allows, with its proof.

    budget      money of the horizon; None keeps the plan's total. The most that may be spent where
                the aim is profit or marginal_roi
    guardrails  a Guardrails table or the rules themselves
    aim         outcome: the most from the budget; profit: value less spend; target: the least
                budget worth `target`; marginal_roi: until the next unit brings back `target`
    risk        expected, cautious, sure
    """
    _require_number("budget", budget)
    _require_number("target", target)
    return allocation.optimise(
        model,
        _plan(model, plan),
        budget=budget,
        guardrails=_guardrails(model, guardrails),
        aim=aim,
        risk=risk,
        target=target,
    )


def frontier(
    model: ResponseModel,
    plan: pd.DataFrame | Plan | None = None,
    guardrails: pd.DataFrame | Sequence[Guardrail] | None = None,
) -> Frontier:
    """What other budgets would bring: the best allowed plan from half to one and a half of it."""
    return budgets.frontier(model, _plan(model, plan), _guardrails(model, guardrails))


def scenario(
    model: ResponseModel,
    plan: pd.DataFrame | Plan | None,
    changes: pd.DataFrame | Mapping[str, Sequence[Any]] | Sequence[Scenario],
    by: str = "line",
    guardrails: pd.DataFrame | Sequence[Guardrail] | None = None,
) -> ScenarioResult:
    """What would happen: the difference that changes make against the plan, with ranges.

    changes     a Scenarios table, as a frame or as columns by name
    by          line, week, total, channel, region, role, or another attribute of Channels
    guardrails  what rows of budget and goal keep when they split the money anew
    """
    _require_scenarios(changes)
    rules = _guardrails(model, guardrails)
    return scenarios.scenario(model, _plan(model, plan), changes, by, guardrails=rules)


def answers(
    model: ResponseModel,
    plan: pd.DataFrame | Plan | None = None,
    changes: pd.DataFrame | Mapping[str, Sequence[Any]] | None = None,
    guardrails: pd.DataFrame | Sequence[Guardrail] | None = None,
) -> Answers:
    """What would happen, in words: a sentence for each scenario, with its range and how sure.

    changes  a Scenarios table, as a frame or as columns by name; None: finance's six standing
             questions
    """
    rules = _guardrails(model, guardrails)
    return what_if.answered(model, _plan(model, plan), rules, changes)


def robust_plan(
    model: ResponseModel,
    plan: pd.DataFrame | Plan | None,
    changes: pd.DataFrame | Mapping[str, Sequence[Any]] | Sequence[Scenario],
    guardrails: pd.DataFrame | Sequence[Guardrail] | None = None,
    budget: float | None = None,
) -> RobustPlan:
    """One plan for all scenarios: the best on their weighted average, and the least regretted.

    changes  a Scenarios table, as a frame or as columns by name
    budget   money of the horizon; None keeps the plan's total

    `.outcomes.table` tells how each plan fares in every scenario.
    """
    _require_number("budget", budget)
    _require_scenarios(changes)
    rules = _guardrails(model, guardrails)
    return robust.robust_plan(model, _plan(model, plan), changes, rules, budget)


def flight(
    model: ResponseModel,
    plan: pd.DataFrame | Plan | None = None,
    guardrails: pd.DataFrame | Sequence[Guardrail] | None = None,
) -> Flighting:
    """When to spend: each line's money spread over the weeks, its total kept.

    guardrails  a Guardrails table or the rules themselves
    """
    return flighting.flight(model, _plan(model, plan), _guardrails(model, guardrails))


def next_test(
    model: ResponseModel,
    plan: pd.DataFrame | Plan | None = None,
    guardrails: pd.DataFrame | Sequence[Guardrail] | None = None,
) -> NextTests:
    """Which lift test next: for each line the one that suits it, and what its result is worth."""
    return testing.next_tests(model, _plan(model, plan), _guardrails(model, guardrails))


def explain(
    model: ResponseModel,
    current: pd.DataFrame | Plan | None,
    proposed: pd.DataFrame | Plan,
    guardrails: pd.DataFrame | Sequence[Guardrail] | None = None,
) -> Reasons:
    """Why a proposed plan is good or bad against the current one, line by line, in plain words.

    proposed    anybody's plan; `optimize(...).recommended` is one
    guardrails  say who has to agree
    """
    rules = _guardrails(model, guardrails)
    return explain_move(model, _plan(model, current), _plan(model, proposed), rules)


def _inputs(tables: Mapping[str, RawTable], noticed: tuple[Finding, ...]) -> Inputs:
    read, found = read_inputs(tables)
    findings = (*noticed, *found)
    if read is None or errors_of(findings):
        raise BadInput(errors_of(findings))
    plan, guardrails = (_frame(tables.get(name)) for name in ("plan", "guardrails"))
    return Inputs(read.data, plan, guardrails, read.data.settings, findings)


def _frame(raw: RawTable | None) -> pd.DataFrame | None:
    import pandas as pd

    return None if raw is None else pd.DataFrame(dict(raw.columns))


def _plan(model: ResponseModel, plan: pd.DataFrame | Plan | None) -> Plan:
    if not isinstance(model, ResponseModel):
        raise BadArgument(f"the model is a {type(model).__name__}; give what xb.fit returns")
    return plan if isinstance(plan, Plan) else make_plan(model.data, plan)[0]


def _guardrails(
    model: ResponseModel, given: pd.DataFrame | Sequence[Guardrail] | None
) -> Guardrails:
    if isinstance(given, Sequence):
        if not all(isinstance(rule, Guardrail) for rule in given):
            raise BadArgument("guardrails is no list of rules; give a DataFrame of the table")
        return tuple(given)
    if len(getattr(given, "columns", "unknown")) == 0:  # a frame of nothing is no rule
        return ()
    rules, findings = read_guardrails(model.data, given)
    if errors_of(findings):
        raise BadInput(errors_of(findings))
    return rules


def _require_data(data: Dataset) -> None:
    if not isinstance(data, Dataset):
        raise BadArgument(f"data is a {type(data).__name__}; give a Dataset")


def _require_scenarios(changes: object) -> None:
    if isinstance(changes, Sequence) and not all(isinstance(one, Scenario) for one in changes):
        raise BadArgument("changes is no list of scenarios; give a DataFrame of the table")


def _require_number(name: str, value: float | None) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, Real)):
        raise BadArgument(f"{name} is {value!r}; give a number")


def _require_whole(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 0:
        raise BadArgument(f"{name} is {value!r}; give a whole number, 0 or more")
    return int(value)
