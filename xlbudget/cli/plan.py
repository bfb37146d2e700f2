"""`xlbudget plan`: from a workbook to the plan file of next quarter, in one go."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from xlbudget.cli import console
from xlbudget.cli.command import (
    Output,
    book_argument,
    checked_output,
    command,
    number,
    one_of,
    output_option,
)
from xlbudget.cli.source import fitted, opened
from xlbudget.tables import AIMS, RISKS
from xlbudget.version import __version__


@command("plan", example="xlbudget plan book.xlsx -o plan.xlsx")
@book_argument
@output_option
@click.option("--budget", type=number, help="Money of the horizon; 0: Settings, else Plan.")
@click.option("--aim", type=one_of(AIMS), default="outcome", help="What is best.")
@click.option("--target", type=number, help="What the aims target and marginal_roi ask for.")
@click.option("--risk", type=one_of(RISKS), help="How it is judged; default: Settings.")
def plan(
    book: Path,
    output: Path,
    budget: float | None,
    aim: str,
    target: float | None,
    risk: str | None,
) -> Output:
    """Write the plan file: forecast, returns, allocation, approvals and the reasons.

    The workbook is only read. An earlier plan file of that name is replaced once the new one is
    whole.
    """
    from workbook.plan_file import write_plan
    from xlbudget.governance.proposal import propose

    path = checked_output(output, source=book)
    source = opened(book)
    inputs, settings = source.inputs, source.inputs.data.settings
    model, _ = fitted(source)
    with console.progress() as report:
        proposal = propose(
            model,
            inputs.plan,
            inputs.guardrails,
            budget=budget or settings.budget,
            aim=aim,
            risk=risk or settings.risk,
            target=target,
            ledger=inputs.ledger,
            scenarios=source.tables.get("scenarios"),
            progress=report,
        )
        report(0.9, "Writing the plan file")
        made = dt.datetime.now().astimezone()
        write_plan(path, proposal, source.tables, book.name, made, __version__)
    allocation = proposal.allocation
    return Output(
        record={
            "source": book,
            "plan_file": path,
            "model": model.key,
            "value": allocation.value,
            "bound": allocation.bound,
            "gap": allocation.gap,
            "gain": allocation.gain,
            "gain_low": allocation.gain_low,
            "gain_high": allocation.gain_high,
            "prob_better": allocation.prob_better,
            "next_dollar": allocation.next_dollar,
            "verdict": allocation.verdict,
            "allocation": allocation.columns(),
            "summary": proposal.summary(),
        },
        sentences=(*proposal.summary(), f"The plan file: {path}"),
        findings=source.findings,
    )
