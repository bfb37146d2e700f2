"""What every command has in common: an example in its help, --json, and how its result is shown."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from xlbudget.cli import console
from xlbudget.data.number_cells import plain_number
from xlbudget.errors import BadArgument
from xlbudget.findings import Finding
from xlbudget.tabular import Columns

EXITS = "Exit code: 0 fine, 1 findings in the input, 2 cannot."


@dataclass(frozen=True)
class Output:
    """What a command answers.

    record     what --json prints: stable keys
    sentences  what a person reads first
    tables     what a person reads next, by title
    findings   what a person should look at; printed beside the result
    exit_code  0 fine, 1 findings
    """

    record: Mapping[str, Any]
    sentences: Sequence[str] = ()
    tables: Mapping[str, Columns] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    exit_code: int = 0


Work = Callable[..., Output]


def command(name: str, example: str) -> Callable[[Work], click.Command]:
    """Makes a function a command: its docstring is the help, --json and the example come along."""

    def made(work: Work) -> click.Command:
        @functools.wraps(work)
        def run(json: bool, **given: Any) -> int:
            output = work(**given)
            console.findings(output.findings)
            if json:
                console.record(output.record)
            else:
                for sentence in output.sentences:
                    click.echo(sentence)
                for title, columns in output.tables.items():
                    console.table(columns, title)
            return output.exit_code

        as_json = click.option("--json", is_flag=True, help="Print one JSON document instead.")
        epilog = f"\b\nExample: {example}\n{EXITS}"
        return click.command(name, epilog=epilog)(as_json(run))

    return made


book_argument = click.argument("book", type=click.Path(path_type=Path))
"""A workbook made from the template, or a folder of CSVs named like its tables."""

output_option = click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The workbook to write (.xlsx).",
)


def number(text: str) -> float:
    """An option that is a number as programs spell it; `250.000` could be two and is refused."""
    value = plain_number(text)
    if value is None:
        raise click.BadParameter(
            f"'{text}' is no plain number; write it without a sign between thousands, such as "
            "250000 or 0.5"
        )
    return value


def one_of(choices: Sequence[str]) -> click.Choice[str]:
    """An option that is one of a few words, capitals aside."""
    return click.Choice(choices, case_sensitive=False)


HOSTS = ("excel", "lite", "server", "libreoffice")

host_option = click.option(
    "--host",
    type=one_of(HOSTS),
    default="excel",
    show_default=True,
    help="Where the workbook will be opened.",
)

force_option = click.option("--force", is_flag=True, help="Replace the file if it exists.")


def checked_output(output: Path, source: Path | None = None, may_replace: bool = True) -> Path:
    """The file to write, known to be writable and not the input; BadArgument otherwise."""
    if output.suffix.casefold() != ".xlsx":
        raise BadArgument(f"{output}: the name of a workbook ends in .xlsx")
    if not output.parent.is_dir():
        raise BadArgument(f"{output}: there is no folder {output.parent}; make it first")
    if source is not None and source.exists() and output.exists() and output.samefile(source):
        raise BadArgument(f"{output} is the input, which is never changed; choose another name")
    if output.exists() and not may_replace:
        raise BadArgument(f"{output} exists; choose another name, or say --force to replace it")
    try:
        with tempfile.TemporaryFile(dir=output.parent):  # asked before the work, not after it
            return output
    except OSError as refused:
        raise BadArgument(
            f"{output}: the folder {output.parent} cannot be written to ({refused.strerror}); "
            "choose another one"
        ) from None
