"""A formula as a function that xlwings can register: name, signature, help and options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from xlbudget.data.raw import ErrorCell
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.formula import Argument, Formula, Host
from xlbudget.hosts.model_store import ModelStore

HELP_AT = "https://github.com/xlbudget/xlbudget/blob/main/docs/formulas.md"
Wrapped = Callable[..., list[list[Any]]]


def wrapped(
    entry: Formula,
    host: Host,
    shelf: ModelStore,
    xlwings: Any,
    drop_downs: bool = False,
    **options: Any,
) -> Wrapped:
    """The formula as `budget_name`, registered by xlwings' own decorators.

    xlwings     the module whose func, arg and ret register it
    drop_downs  type the arguments that are choices as Literal, which Office.js shows as a list
    options     of xlwings' func
    """

    def function(*given: Any) -> list[list[Any]]:
        return _grid(entry.call(given, shelf, host))

    function.__name__ = function.__qualname__ = f"budget_{entry.name.lower()}"
    function.__doc__ = shortened(f"{entry.help} {entry.signature}")
    parameters = [_parameter(argument) for argument in entry.arguments]
    function.__dict__["__signature__"] = inspect.Signature(parameters)
    function.__annotations__ = dict(_hints(entry.arguments)) if drop_downs else {}
    for argument in entry.arguments:
        reading: dict[str, Any] = {"doc": shortened(argument.help), "err_to_str": True}
        if argument.kind.ranged:
            reading["ndim"] = 2
        xlwings.arg(argument.name, **reading)(function)
    made: Wrapped = xlwings.func(**options)(xlwings.ret(ndim=2)(function))  # func last: it decides
    return made


def _grid(answer: Answer) -> list[list[Any]]:
    """The answer as rows of numbers and texts, errors as their text."""
    return [
        [cell.text if isinstance(cell, ErrorCell) else cell for cell in row] for row in answer.grid
    ]


def shortened(text: str) -> str:
    """Help as the function wizard takes it: 255 characters."""
    return text if len(text) <= 255 else text[:253].rstrip() + " …"


def _parameter(argument: Argument) -> inspect.Parameter:
    default = None if argument.optional else inspect.Parameter.empty
    return inspect.Parameter(
        argument.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default
    )


def _hints(arguments: Iterable[Argument]) -> Iterator[tuple[str, Any]]:
    for argument in arguments:
        if argument.kind.choices:
            yield argument.name, Literal[argument.kind.choices]
