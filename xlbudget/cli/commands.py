"""The group that `xlbudget` is, with every command in it."""

from __future__ import annotations

import click

from xlbudget.cli.backtest import backtest
from xlbudget.cli.doctor import doctor
from xlbudget.cli.fit import fit
from xlbudget.cli.formulas import FORMULA_COMMANDS
from xlbudget.cli.import_wide import import_wide
from xlbudget.cli.plan import plan
from xlbudget.cli.respell import respell
from xlbudget.cli.template import template
from xlbudget.cli.validate import validate
from xlbudget.version import __version__


@click.group(epilog="Example: xlbudget template --sample -o book.xlsx")
@click.version_option(__version__, prog_name="xlbudget")
def xlbudget() -> None:
    """Where next quarter's marketing budget goes: from a workbook to a plan with its reasons."""


COMMANDS = (
    template,
    import_wide,
    respell,
    validate,
    fit,
    *FORMULA_COMMANDS,
    backtest,
    plan,
    doctor,
)
for one in COMMANDS:
    xlbudget.add_command(one)
