"""Where next quarter's marketing budget goes: response model, forecast and best allocation.

    import xlbudget as xb
    inputs = xb.open_workbook("book.xlsx")
    model = xb.fit(inputs.dataset)
    xb.optimize(model, inputs.plan, guardrails=inputs.guardrails).table

The public names are those of `xlbudget.api`, loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlbudget.version import __version__

if TYPE_CHECKING:
    from xlbudget.api import (
        BadInput,
        BudgetError,
        Dataset,
        Finding,
        Inputs,
        answers,
        backtest,
        explain,
        fit,
        flight,
        forecast,
        frontier,
        next_test,
        open_folder,
        open_workbook,
        optimize,
        robust_plan,
        scenario,
    )

__all__ = [
    "BadInput",
    "BudgetError",
    "Dataset",
    "Finding",
    "Inputs",
    "__version__",
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


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'xlbudget' has no attribute {name!r}")
    from xlbudget import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
