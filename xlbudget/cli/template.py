"""`xlbudget template`: the workbook that planners fill."""

from __future__ import annotations

from pathlib import Path

import click

from xlbudget.cli.command import (
    Output,
    checked_output,
    command,
    force_option,
    host_option,
    output_option,
)
from xlbudget.tables import TABLES
from xlbudget.version import __version__


@command("template", example="xlbudget template --sample -o book.xlsx")
@output_option
@click.option("--sample", is_flag=True, help="Filled with a market that shows everything.")
@host_option
@force_option
def template(output: Path, sample: bool, host: str, force: bool) -> Output:
    """Write a workbook with every input table, ready to be filled."""
    from workbook.template import write_template

    path = checked_output(output, may_replace=force)
    tables = None
    if sample:
        from xlbudget.data.frames import raw_tables
        from xlbudget.simulator import sample_market

        tables = raw_tables(**sample_market(seed=0).tables)
    write_template(path, tables, host=host, version=__version__)
    names = ", ".join(table.name for table in TABLES if table.required)
    then = f"xlbudget plan {path} -o plan.xlsx" if sample else f"fill at least {names}"
    return Output(
        record={"workbook": path, "sample": sample, "host": host},
        sentences=(f"Wrote {path}. Next: {then}.",),
    )
