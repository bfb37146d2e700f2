"""What people see: tables on stdout; messages, findings and progress on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from xlbudget.cli.cells import as_json, as_text
from xlbudget.findings import Finding, Severity
from xlbudget.tabular import Columns

Report = Callable[[float, str], None]

_MARK = {Severity.ERROR: "Error", Severity.WARNING: "Look", Severity.NOTE: "Note"}
_WIDE = 200  # characters a line where the output is a file or a pipe
_PATIENCE = 1.0  # seconds of work that need no word


def say(message: str) -> None:
    """A message for the person, beside the result."""
    print(message, file=sys.stderr)


def findings(found: Sequence[Finding], severities: Sequence[Severity] = tuple(Severity)) -> None:
    """Findings on stderr, the gravest first."""
    for severity in Severity:
        for finding in found:
            if finding.severity is severity and severity in severities:
                say(f"{_MARK[severity]}: {finding}")


def table(columns: Columns, title: str = "") -> None:
    """Named columns of one length as a table on stdout."""
    from rich.console import Console
    from rich.table import Table

    if title:
        print(f"\n{title}")
    shown = Table(header_style="bold")
    cells = {name: [as_text(name, value) for value in values] for name, values in columns.items()}
    if {"figure", "value"} == set(columns):  # each row is of a kind of its own
        cells["value"] = [as_text(*pair) for pair in zip(*columns.values(), strict=True)]
    for name, values in columns.items():
        numeric = any(isinstance(value, int | float) for value in values)
        shown.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in zip(*cells.values(), strict=True):
        shown.add_row(*row)
    terminal = sys.stdout.isatty()
    Console(file=sys.stdout, width=None if terminal else _WIDE, markup=False).print(shown)


def record(values: Mapping[str, Any]) -> None:
    """A result as one JSON document on stdout; a missing number is null, a date is ISO."""
    print(json.dumps(as_json(values), indent=2, allow_nan=False, ensure_ascii=False))


@contextmanager
def progress() -> Iterator[Report]:
    """Shows how far a long job is: a bar in a terminal, else a line now and then."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        parts = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=1.0)
            yield lambda done, doing: bar.update(task, completed=done, description=doing)
        return
    last = time.monotonic()

    def line(done: float, doing: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _PATIENCE:
            last = time.monotonic()
            say(f"{doing} ({done:.0%})")

    yield line
