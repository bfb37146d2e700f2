"""`xlbudget validate`: everything that is wrong with a workbook, in one pass."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from xlbudget.cli.command import Output, book_argument, command
from xlbudget.cli.source import Source, read, read_tables
from xlbudget.data.build import build_dataset
from xlbudget.data.columns import read_columns
from xlbudget.findings import Finding, errors_of
from xlbudget.planning.scenarios.asked import findings_of
from xlbudget.planning.scenarios.reading import read_scenarios
from xlbudget.tables import SCENARIOS


@command("validate", example="xlbudget validate book.xlsx")
@book_argument
def validate(book: Path) -> Output:
    """Say what is wrong in a workbook or a folder of CSVs, where, and what to do about it.

    Ends with 1 if an error stops the work. What a person should only look at leaves it at 0.
    """
    source, findings = read(book)
    findings = (*findings, *_of_scenarios(book, source))
    errors = errors_of(findings)
    return Output(
        record={
            "source": book,
            "ready": not errors,
            "findings": [_record(finding) for finding in findings],
        },
        sentences=(_verdict(source, len(errors), len(findings) - len(errors)),),
        findings=findings,
        exit_code=1 if errors else 0,
    )


def _of_scenarios(book: Path, source: Source | None) -> tuple[Finding, ...]:
    """What is wrong with the Scenarios table: no plan needs it, `xlbudget scenario` does.

    Where other tables are wrong, as much is said as can be told without them.
    """
    tables = read_tables(book)[0] if source is None else source.tables
    table = tables.get("scenarios")
    if table is None or not table.rows:
        return ()
    if source is not None:
        return findings_of(source.inputs.plan, table)
    data, _ = build_dataset(tables)
    if data is not None:
        return read_scenarios(data, table)[1]
    return tuple(f.at(table.locate(f.place)) for f in read_columns(table, SCENARIOS)[1])


def _verdict(source: Source | None, errors: int, others: int) -> str:
    look = f" {others} more to look at." if others else ""
    if source is None or errors:
        return f"Not ready: {errors} {'error' if errors == 1 else 'errors'} to mend.{look}"
    data = source.inputs.data
    return (
        f"Ready: {len(data.lines)} lines, {len(data.weeks)} weeks from {data.weeks[0]} to "
        f"{data.weeks[-1]}, outcome {data.settings.outcome}, "
        f"{len(source.inputs.guardrails)} guardrails.{look}"
    )


def _record(finding: Finding) -> dict[str, object]:
    place = asdict(finding.place)
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "where": finding.where or str(finding.place),
        **place,
        "problem": finding.problem,
        "remedy": finding.remedy,
    }
