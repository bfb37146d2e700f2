"""`xlbudget import`: from the one wide table that people have to a workbook to plan with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from xlbudget.cli import console
from xlbudget.cli.command import (
    Output,
    checked_output,
    command,
    force_option,
    host_option,
    output_option,
)
from xlbudget.data.cells import counted
from xlbudget.data.raw import RawTable
from xlbudget.data.wide import WideMapping, convert, parse_spend, propose_mapping
from xlbudget.errors import BadArgument, UnreadableFile
from xlbudget.version import __version__


@command("import", example="xlbudget import wide.csv --yes -o book.xlsx")
@click.argument("table", type=click.Path(path_type=Path))
@output_option
@click.option("--date", help="Column of the day or week.")
@click.option("--region", help="Column of the region, where there is one.")
@click.option("--outcome", help="Column of what is planned for, such as revenue.")
@click.option("--spend", help="Spend columns and their channels: 'tv_S=TV,ooh_S=OOH'.")
@click.option("--controls", help="Columns that also move the outcome: price,competitor_sales.")
@click.option("--yes", is_flag=True, help="Take the proposed meaning of the columns unasked.")
@host_option
@force_option
def import_wide(
    table: Path,
    output: Path,
    date: str | None,
    region: str | None,
    outcome: str | None,
    spend: str | None,
    controls: str | None,
    yes: bool,
    host: str,
    force: bool,
) -> Output:
    """Fill the template from a CSV with one column per channel; daily data becomes weekly.

    What no option says is proposed from the columns' names and contents, shown, and asked about.
    """
    from workbook.template import write_template

    path = checked_output(output, source=table, may_replace=force)
    raw = _read(table)
    mapping = propose_mapping(
        raw,
        date=date,
        region=region,
        outcome=outcome,
        spend=parse_spend(spend) if spend else None,
        controls=[name.strip() for name in controls.split(",")] if controls is not None else None,
    )
    if not (yes or (date and outcome and spend)):
        _ask(mapping)
    made = convert(raw, mapping)
    write_template(path, made.tables, host=host, version=__version__)
    columns = mapping.columns
    return Output(
        record={
            "source": table,
            "workbook": path,
            "host": host,
            "columns": [
                {"column": c.header, "role": c.role.value, "name": c.name} for c in columns
            ],
            "findings": [str(finding) for finding in made.findings],
        },
        sentences=(
            f"Wrote {path}: {counted(len(mapping.spend), 'channel')}, outcome {mapping.outcome}.",
            f"Next: look at the sheets Channels and Plan, then xlbudget plan {path} -o plan.xlsx",
        ),
        tables={} if not yes else {"What each column was taken for": _shown(mapping)},
        findings=made.findings,
    )


def _read(path: Path) -> RawTable:
    from xlbudget.data.csv_file import read_csv

    if not path.is_file():
        raise BadArgument(f"{path}: there is no such file")
    with path.open("rb") as file:
        if file.read(4) in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):  # a zip, and what .xls is
            _refuse_workbook(path)
    raw = read_csv(path, "Import")
    if not raw.columns:
        raise BadArgument(f"{path} is empty; export the table again")
    return raw


def _refuse_workbook(path: Path) -> NoReturn:
    """Say what to do with this one: locked, damaged, too large, of an old format, or sound."""
    from workbook.gate import admit

    try:
        admit(path)
    except UnreadableFile as problem:
        raise UnreadableFile(f"{problem} Then save the sheet as CSV and import that.") from None
    raise BadArgument(
        f"{path} is a workbook. With the template's sheets it is used as it is (xlbudget plan "
        f"{path.name}); one wide table is saved as CSV in Excel (File, Save As) and imported"
    )


def _ask(mapping: WideMapping) -> None:
    if not sys.stdin.isatty():
        raise BadArgument(
            "the meaning of the columns must be confirmed; say --yes to take what is proposed, "
            "or name them with --date, --outcome and --spend"
        )
    console.table(_shown(mapping), "What each column is taken for")
    click.confirm("Is that right?", default=True, abort=True, err=True)


def _shown(mapping: WideMapping) -> dict[str, list[str]]:
    return {
        "column": [column.header for column in mapping.columns],
        "taken for": [column.role.value for column in mapping.columns],
        "name": [column.name for column in mapping.columns],
        "because": [column.reason for column in mapping.columns],
    }
