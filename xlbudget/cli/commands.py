"""The group that `xlbudget` is: every command in the order of the work, loaded when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from xlbudget.data.names import did_you_mean
from xlbudget.version import __version__

_FORMULAS = "formulas"  # the room that makes a command of each formula

# name -> the room that it lives in, and what it is for, within a line of a terminal
COMMANDS: Mapping[str, tuple[str, str]] = {
    "template": ("template", "The workbook that planners fill."),
    "import": ("import_wide", "A workbook from a CSV with one column per channel."),
    "validate": ("validate", "What is wrong in a workbook, where, what to do."),
    "readiness": (_FORMULAS, "Whether the data can be planned on."),
    "reconcile": (_FORMULAS, "Marketing's spend against finance's books."),
    "fit": ("fit", "Fit the model; how far it can be trusted."),
    "priors": (_FORMULAS, "What was believed before the data, and now."),
    "backtest": ("backtest", "How good the last four forecasts would have been."),
    "contribution": (_FORMULAS, "What each line's spend brought."),
    "marginal-roi": (_FORMULAS, "What the next unit of money brings back."),
    "response": (_FORMULAS, "What a steady weekly spend on a line brings."),
    "curve": (_FORMULAS, "The response curve of a line."),
    "forecast": (_FORMULAS, "What the plan will bring, week by week."),
    "carried": (_FORMULAS, "What crosses the ends of the horizon."),
    "plan": ("plan", "Write the plan file: all of it, with reasons."),
    "optimize": (_FORMULAS, "The best split of the budget, line by line."),
    "optimum": (_FORMULAS, "What the best split brings; move or hold."),
    "budget-for": (_FORMULAS, "The least budget that reaches a target."),
    "frontier": (_FORMULAS, "What other budgets would bring."),
    "flight": (_FORMULAS, "When to spend: the weeks that gain most."),
    "scenario": (_FORMULAS, "What would happen, in figures."),
    "answers": (_FORMULAS, "What would happen, in words."),
    "robust-plan": (_FORMULAS, "One plan for all scenarios."),
    "regrets": (_FORMULAS, "How each plan fares in every scenario."),
    "approvals": (_FORMULAS, "Who must say yes to which change."),
    "explain": (_FORMULAS, "Why a plan is good or bad, in plain words."),
    "next-test": (_FORMULAS, "Which lift test to run next."),
    "respell": ("respell", "A copy for another spreadsheet program."),
    "doctor": ("doctor", "Look at this installation."),
}


def load(name: str) -> click.Command:
    """The command of this name, with all that it needs."""
    room, _ = COMMANDS[name]
    module = import_module(f"xlbudget.cli.{room}")
    found = module.FORMULA_COMMANDS[name] if room == _FORMULAS else getattr(module, room)
    assert isinstance(found, click.Command)
    return found


class _Loaded(click.Group):
    """A group that imports a command when it is run: help and version wait for none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, in any capitals, or as the formula is spelled."""
        name = cmd_name.casefold().replace("_", "-")
        return load(name) if name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed; an unknown one is answered with the closest."""
        typed = args[0]
        if self.get_command(ctx, typed) is None and not typed.startswith("-"):
            ctx.fail(f"There is no command '{typed}'{did_you_mean(typed, COMMANDS)}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each with what it is for."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=_Loaded, epilog="Example: xlbudget template --sample -o book.xlsx")
@click.version_option(__version__, prog_name="xlbudget")
def xlbudget() -> None:
    """Where next quarter's marketing budget goes: from a workbook to a plan with its reasons."""
