"""One formula: a plain typed function, read once for every host, for help and for the reference."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from xlbudget.errors import BadArgument, BadInput, BudgetError, Unknown
from xlbudget.findings import Finding
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Kind, Shelf
from xlbudget.formulas.given import is_empty

LOG = logging.getLogger("xlbudget.formulas")
LOG.addHandler(logging.NullHandler())  # without a log, the message stands in the answer alone


@dataclass(frozen=True)
class Host:
    """The program that shows the answers, in the words of VERSION.

    notes  how empty cells, dates and errors arrive and leave there
    """

    name: str
    notes: str


PYTHON = Host("Python", "empty: None; dates: serial numbers; errors: ErrorCell")


@dataclass(frozen=True)
class Argument:
    """One argument of a formula; an optional one may be left out or empty."""

    name: str
    kind: Kind
    optional: bool

    @property
    def help(self) -> str:
        """What to give, in at most 255 characters."""
        return self.kind.help


@dataclass(frozen=True)
class Formula:
    """A formula of the catalogue.

    name       as in a cell after "BUDGET."
    help       its first line; notes: the rest of its docstring
    example    a cell that computes on the sample workbook
    columns    of the table that it returns, or () where it returns one cell
    returns    what that one cell holds
    one_with   the argument that turns the table into one cell when it is given
    says       whether its one cell is a text, so that a message may stand there
    hidden     of `shelf` and `host`, those that the function asks for itself
    """

    name: str
    function: Callable[..., Answer]
    arguments: tuple[Argument, ...]
    help: str
    notes: str
    example: str
    columns: tuple[str, ...]
    returns: str
    one_with: str
    says: bool
    hidden: tuple[str, ...]

    @property
    def signature(self) -> str:
        """`MARGINAL_ROI(model, [line], [spend], [confidence])`."""
        words = [f"[{a.name}]" if a.optional else a.name for a in self.arguments]
        return f"{self.name}({', '.join(words)})"

    def call(self, given: Sequence[Any], shelf: Shelf, host: Host = PYTHON) -> Answer:
        """The answer for cells or values; what a person can mend comes back as its message."""
        try:
            return self.function(*self._read(given, shelf), **self._asked(shelf, host))
        except BadInput as wrong:
            return self._failure(given, wrong.cell_error, _first(wrong), wrong.findings)
        except BudgetError as wrong:
            return self._failure(given, wrong.cell_error, str(wrong))

    def _asked(self, shelf: Shelf, host: Host) -> dict[str, Any]:
        return {name: {"shelf": shelf, "host": host}[name] for name in self.hidden}

    def _read(self, given: Sequence[Any], shelf: Shelf) -> list[Any]:
        if len(given) > len(self.arguments):
            raise BadArgument(f"{len(given)} arguments; {self.signature} takes fewer")
        values = []
        for place, argument in enumerate(self.arguments):
            cell = given[place] if place < len(given) else None
            value = argument.kind.read(argument.name, cell, shelf)
            if value is None and not argument.optional:
                raise Unknown(f"{argument.name} is empty. Give: {argument.help}")
            values.append(value)
        return values

    def _failure(
        self,
        given: Sequence[Any],
        error: str,
        message: str,
        findings: tuple[Finding, ...] = (),
    ) -> Answer:
        LOG.warning("%s: %s", self.name, message)
        one = [place for place, a in enumerate(self.arguments) if a.name == self.one_with]
        single = not self.columns or any(p < len(given) and not is_empty(given[p]) for p in one)
        width = 1 if single else len(self.columns)
        said = self.says or not single
        return Answer.failure(error, message, width, said, findings)


def formula(
    example: str,
    columns: str = "",
    returns: str = "",
    one_with: str = "",
    says: bool = False,
) -> Callable[[Callable[..., Answer]], Formula]:
    """Makes a plain function a formula: its annotations say how each argument is read."""

    def made(function: Callable[..., Answer]) -> Formula:
        hints = get_type_hints(function, include_extras=True)
        arguments, hidden = [], []
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
                hidden.append(name)
                continue
            optional = parameter.default is not inspect.Parameter.empty
            arguments.append(Argument(name, _kind(hints[name]), optional))
        first, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
        return Formula(
            name=function.__name__.upper(),
            function=function,
            arguments=tuple(arguments),
            help=" ".join(first.split()),
            notes=rest.strip(),
            example=example,
            columns=tuple(columns.split(", ")) if columns else (),
            returns=returns,
            one_with=one_with,
            says=says,
            hidden=tuple(hidden),
        )

    return made


def _kind(hint: Any) -> Kind:
    """The Kind that stands in an annotation, also in `Annotated[...] | None`."""
    for part in (hint, *get_args(hint)):
        if get_origin(part) is Annotated:
            return next(note for note in get_args(part) if isinstance(note, Kind))
    raise TypeError(f"{hint!r} names no kind of argument")


def _first(wrong: BadInput) -> str:
    """The first finding, and how many more there are."""
    more = len(wrong.findings) - 1
    return str(wrong.findings[0]) + (f" (and {more} more: see READINESS)" if more else "")
