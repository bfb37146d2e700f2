"""From raw tables to the parts of a Dataset, everything that is wrong being found in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from xlbudget.data.channels import read_channels
from xlbudget.data.columns import Columns, measures_of, read_columns
from xlbudget.data.controls import gather_controls
from xlbudget.data.duplicates import duplicates
from xlbudget.data.experiments import read_experiments
from xlbudget.data.fingerprint import fingerprint
from xlbudget.data.names import listed
from xlbudget.data.outcomes import (
    choose_outcome,
    gather_outcome,
    outcome_findings,
    worth_findings,
)
from xlbudget.data.priors import read_priors
from xlbudget.data.raw import RawTable
from xlbudget.data.region_facts import population_of, read_regions
from xlbudget.data.regions import Geography, geography
from xlbudget.data.settings import Settings
from xlbudget.data.settings_table import cell_of, read_settings
from xlbudget.data.spelling import one_spelling_throughout
from xlbudget.data.spend import Spending, gather_spend, same_named, spend_findings
from xlbudget.data.timeline import history, place_horizon
from xlbudget.data.weeks import WEEK, check_weeks, days_of, week_start
from xlbudget.findings import Finding, Place, errors_of
from xlbudget.tables import BY_NAME, SETTINGS, Table, normal
from xlbudget.tabular import Weeks

MAX_CELLS = 20_000_000  # weeks x regions x media

Made = TypeVar("Made")
_Read = dict[str, Columns]


def assemble(
    tables: Mapping[str, RawTable],
    settings: Mapping[str, Any] | None,
    make: Callable[..., Made],
) -> tuple[Made | None, tuple[Finding, ...]]:
    """What `make` (the Dataset) makes of these tables, None if an error stops it; all findings."""
    chosen, findings = read_settings(tables.get("settings"), settings)
    read, outcome, found = _read_tables(tables, chosen)
    findings += found
    parts: dict[str, Any] | None = None
    if "spend" in read and "outcomes" in read:
        parts, found = _gather(read, chosen, outcome, sound=not errors_of(findings))
        findings += found
    placed = tuple(dict.fromkeys(_placed(findings, tables)))
    if parts is None or errors_of(placed):
        return None, placed
    noticed = tuple(sorted(placed, key=str))
    return make(**parts, findings=noticed, key=fingerprint(**parts)), placed


def _placed(findings: Iterable[Finding], tables: Mapping[str, RawTable]) -> Iterable[Finding]:
    for finding in findings:
        raw, place = tables.get(normal(finding.place.table)), finding.place
        if raw is not None and raw.name == SETTINGS.name:
            place = cell_of(place, raw)
        yield finding.at(raw.locate(place) if raw else str(place))


def _read_tables(
    tables: Mapping[str, RawTable], settings: Settings
) -> tuple[_Read, str, list[Finding]]:
    """The tables that a Dataset needs, as columns; and the normal name of the outcome."""
    read: _Read = {}
    findings: list[Finding] = []
    outcome = ""
    for name in ("spend", "outcomes", "controls", "regions", "channels", "experiments", "priors"):
        table, raw = BY_NAME[name], tables.get(name)
        if raw is None or raw.rows == 0:
            if table.required:
                findings.append(_absent(table, raw))
            continue
        measures = None
        if name == "outcomes":
            outcome, _, found = choose_outcome(raw, measures_of(raw, table), settings.outcome)
            findings += found
            measures = (outcome,)
        columns, noticed = read_columns(raw, table, measures)
        findings += noticed
        if columns.size:
            read[name] = columns
        elif table.required and not errors_of(noticed):
            findings.append(_absent(table, raw))
    return read, outcome, findings


def _absent(table: Table, raw: RawTable | None) -> Finding:
    needed = listed([column.name for column in table.columns if column.required])
    return Finding(
        "table-missing" if raw is None else "table-empty",
        Place(table.name),
        f"there is no table {table.name}" if raw is None else f"{table.name} has no rows",
        f"enter {table.name}: {table.help[:1].lower()}{table.help[1:].rstrip('.')} ({needed})",
    )


def _gather(
    read: _Read, settings: Settings, outcome: str, *, sound: bool
) -> tuple[dict[str, Any] | None, list[Finding]]:
    """Names made one, weeks and regions laid out, arrays filled; None where that cannot be done.

    sound: were the cells free of errors? If not, only what can still be checked is.
    """
    read, findings = one_spelling_throughout(read)
    spend, outcomes = read["spend"], read["outcomes"]
    timed = [read[name] for name in ("spend", "outcomes", "controls") if name in read]
    start = week_start([outcomes, spend])
    for columns in timed:
        findings += check_weeks(columns, start if start is not None else 0)
    for columns in read.values():
        findings += duplicates(columns)
    where, found = geography(spend, outcomes, settings.grain)
    findings += found
    weeks, found = history(spend, outcomes, outcome) if outcome else (days_of(spend), [])
    if len(weeks):
        settings, moved = place_horizon(settings, weeks)
        found += [*moved, *_too_much(spend, where, weeks)]
    findings += found if sound else ()
    if not sound or errors_of(findings):
        if spend.given("channel"):
            known = tuple(sorted(set(spend["channel"]) - {""}))
            findings += _facts(read, where, weeks, known, ())[1]
        return None, findings
    header = outcomes.headers[outcome]
    spending = gather_spend(spend, weeks, where.regions, settings.grain, header)
    parts, found = _arrays(read, replace(settings, outcome=header), where, weeks, spending, outcome)
    return parts, findings + found


def _arrays(
    read: _Read,
    settings: Settings,
    where: Geography,
    weeks: Weeks,
    spending: Spending,
    outcome: str,
) -> tuple[dict[str, Any], list[Finding]]:
    findings = list(spend_findings(read["spend"], weeks, spending))
    if not spending.lines:
        findings.append(
            Finding(
                "nothing-spent",
                Place("Spend"),
                "no money was spent in the weeks that have outcomes",
                "enter the spend of the weeks in Outcomes",
            )
        )
    for name in same_named(spending.lines):
        findings.append(
            Finding(
                "line-name-twice",
                Place("Spend"),
                f"two lines would be called '{name}'",
                "rename one of the channels, campaign types or products",
            )
        )
    assert settings.horizon_start is not None
    horizon = settings.horizon_start + WEEK * np.arange(settings.horizon_weeks)
    results = gather_outcome(read["outcomes"], outcome, weeks, where.regions, where.added_up)
    findings += outcome_findings(read["outcomes"], outcome, weeks, where.regions, results)
    worth = settings.value_per_outcome
    findings += worth_findings(settings.outcome, worth, spending.spend, results)
    controls, found = gather_controls(read.get("controls"), weeks, horizon, where.regions)
    findings += found
    channels = tuple(sorted({medium.channel for medium in spending.media}))
    facts, found = _facts(read, where, weeks, channels, tuple(line.name for line in spending.lines))
    findings += found
    parts = {
        "settings": settings,
        "weeks": weeks,
        "regions": where.regions,
        "media": spending.media,
        "lines": spending.lines,
        "line_of": spending.line_of,
        "spend": spending.spend,
        "outcome": results,
        "control_names": controls.names,
        "controls": controls.values,
        "attributed": spending.attributed,
        **facts,
    }
    for value in parts.values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return parts, findings


def _facts(
    read: _Read, where: Geography, weeks: Weeks, channels: Sequence[str], lines: Sequence[str]
) -> tuple[dict[str, Any], list[Finding]]:
    """What Channels, Regions, Experiments and Priors say; also called to find their errors."""
    named, findings = read_channels(read.get("channels"), channels)
    known = {*where.regions, *read["spend"]["region"].tolist()} - {""}
    regions, found = read_regions(read.get("regions"), known)
    findings += found
    tests, found = read_experiments(read.get("experiments"), channels, where.regions, weeks)
    findings += found
    priors, found = read_priors(read.get("priors") if lines else None, lines, channels)
    findings += found
    return {
        "channels": named,
        "region_facts": regions,
        "population": population_of(regions, where.regions),
        "experiments": tests,
        "priors": priors,
    }, findings


def _too_much(spend: Columns, where: Geography, weeks: Weeks) -> list[Finding]:
    media = len(set(zip(spend["channel"], spend["campaign_type"], spend["product"], strict=True)))
    cells = len(weeks) * len(where.regions) * media
    if cells <= MAX_CELLS:
        return []
    return [
        Finding(
            "too-many-cells",
            Place("Spend"),
            f"{len(weeks):,} weeks x {len(where.regions):,} regions x {media:,} lines are "
            f"{cells:,} cells; at most {MAX_CELLS:,} can be computed with",
            "add small regions or campaign types up",
        )
    ]
