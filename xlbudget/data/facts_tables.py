"""Channels, Regions, Experiments and Priors: from columns to what a Dataset knows of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.columns import Columns
from xlbudget.data.facts import Channel, Experiment, PriorBelief, Region
from xlbudget.data.names import listed, one_spelling, unknown_name
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import CHANNELS, Kind, normal
from xlbudget.tabular import Weeks

_TEXTS = tuple(normal(c.name) for c in CHANNELS.columns if c.kind is Kind.TEXT)


def read_channels(
    columns: Columns | None, spent: Sequence[str]
) -> tuple[dict[str, Channel], list[Finding]]:
    """Every channel that was spent on, in their order; role `other` where none is given."""
    findings: list[Finding] = []
    found: dict[str, Channel] = {}
    for index in range(columns.size if columns else 0):
        assert columns is not None
        name = str(columns["channel"][index])
        if not name or name in found:
            continue
        if name not in spent:
            findings.append(
                unknown_name(columns.place(index, "channel"), "channel", name, spent, Severity.NOTE)
            )
            continue
        found[name] = _channel(columns, index, name)
    without = [name for name in spent if name not in found]
    roleless = sorted(name for name, c in found.items() if c.attributes["role"] == "")
    for names, what in ((without, "not in Channels"), (roleless, "without a role in Channels")):
        if names:
            findings.append(
                Finding(
                    "channel-without-role",
                    Place("Channels"),
                    f"{listed(names)}: {what}; taken as role 'other'",
                    "enter the channel with its role, since guardrails on roles pass it by",
                    Severity.NOTE,
                )
            )
    channels = {}
    for name in spent:
        channel = found.get(name, Channel(name, attributes=dict.fromkeys(_TEXTS[1:], "")))
        channels[name] = _with_role(channel)
    return channels, findings


def _channel(columns: Columns, index: int, name: str) -> Channel:
    attributes = {
        key: str(values[index])
        for key, values in columns.values.items()
        if values.dtype.kind == "O" and key != "channel"
    }
    factor = float(columns["long_term_factor"][index])
    return Channel(
        name,
        attributes["role"] or "other",
        0.0 if np.isnan(factor) else factor,
        _day(columns["launch_week"][index]),
        attributes,
    )


def _with_role(channel: Channel) -> Channel:
    return Channel(
        channel.name,
        channel.role,
        channel.long_term_factor,
        channel.launch_week,
        {**channel.attributes, "role": channel.role},
    )


def read_regions(
    columns: Columns | None, known: Collection[str]
) -> tuple[dict[str, Region], list[Finding]]:
    """The rows of Regions by name; names that no data has are noted."""
    findings: list[Finding] = []
    facts: dict[str, Region] = {}
    for index in range(columns.size if columns else 0):
        assert columns is not None
        name = str(columns["region"][index])
        if not name or name in facts:
            continue
        start, end = _day(columns["launch_start"][index]), _day(columns["launch_end"][index])
        people = float(columns["population"][index])
        facts[name] = Region(name, None if np.isnan(people) else people, start, end)
        if start is not None and end is not None and end < start:
            findings.append(
                Finding(
                    "launch-ends-first",
                    columns.place(index, "launch_end"),
                    f"the launch of {name} ends before it starts",
                    "correct launch_start or launch_end",
                )
            )
        if known and name not in known:
            findings.append(
                unknown_name(
                    columns.place(index, "region"), "region", name, sorted(known), Severity.NOTE
                )
            )
    if facts and (absent := sorted(set(known) - set(facts))):
        findings.append(
            Finding(
                "region-without-facts",
                Place("Regions"),
                f"{listed(absent)}: not in Regions, so neither population nor launch is known",
                "add a row for each",
                Severity.NOTE,
            )
        )
    return facts, findings


def population_of(
    facts: Mapping[str, Region], regions: Sequence[str]
) -> NDArray[np.float64] | None:
    """(R,) people, or None where one is not known."""
    people = [facts[name].population if name in facts else None for name in regions]
    known = [float(number) for number in people if number]
    return np.array(known) if len(known) == len(regions) else None


def read_experiments(
    columns: Columns | None, channels: Iterable[str], regions: Sequence[str], weeks: Weeks
) -> tuple[tuple[Experiment, ...], list[Finding]]:
    """Lift tests that lie within the data; the others are reported and left out."""
    tests: list[Experiment] = []
    findings: list[Finding] = []
    for index in range(columns.size if columns else 0):
        assert columns is not None
        test = _experiment(columns, index)
        if test is None:
            continue  # its empty cells were reported when they were read
        found = list(_test_findings(columns, index, test, tuple(channels), regions, weeks))
        findings += found
        if all(f.severity is Severity.NOTE for f in found):
            tests.append(test)
    return tuple(sorted(tests, key=lambda test: test.id)), findings


def _experiment(columns: Columns, index: int) -> Experiment | None:
    start, end = _day(columns["start"][index]), _day(columns["end"][index])
    numbers = [
        float(columns[name][index])
        for name in ("spend_change", "incremental_outcome", "standard_error")
    ]
    texts = {n: str(columns[n][index]) for n in ("id", "channel", "region", "method", "source")}
    if start is None or end is None or np.isnan(numbers).any() or not texts["channel"]:
        return None
    return Experiment(
        texts["id"],
        texts["channel"],
        texts["region"],
        start,
        end,
        texts["method"],
        numbers[0],
        numbers[1],
        numbers[2],
        texts["source"],
    )


def _test_findings(
    columns: Columns,
    index: int,
    test: Experiment,
    channels: Sequence[str],
    regions: Sequence[str],
    weeks: Weeks,
) -> Iterable[Finding]:
    if test.channel not in channels:
        yield unknown_name(columns.place(index, "channel"), "channel", test.channel, channels)
    if test.region and test.region not in regions:
        if regions == ("",):
            yield Finding(
                "experiment-region",
                columns.place(index, "region"),
                f"test {test.id} is about {test.region}, but the outcome is not known by region; "
                "it is left out",
                "enter Outcomes and Spend by region to use it",
                Severity.WARNING,
            )
        else:
            yield unknown_name(columns.place(index, "region"), "region", test.region, regions)
    if test.end < test.start:
        yield Finding(
            "experiment-dates",
            columns.place(index, "end"),
            f"test {test.id} ends before it starts",
            "correct start or end",
        )
    elif len(weeks) and (test.start < weeks[0] or test.end >= weeks[-1] + np.timedelta64(7, "D")):
        yield Finding(
            "experiment-outside",
            columns.place(index, "start"),
            f"test {test.id} ({test.start} to {test.end}) is not within the weeks of data; it is "
            "left out",
            "enter the weeks of the test in Spend and Outcomes, or correct its dates",
            Severity.WARNING,
        )
    if test.standard_error <= 0:
        yield Finding(
            "experiment-error",
            columns.place(index, "standard_error"),
            f"the standard error of test {test.id} is {test.standard_error:g}; nothing is measured "
            "without error",
            "enter the standard error of the report (half of a 95 % range is about two of them)",
        )
    if test.spend_change == 0:
        yield Finding(
            "experiment-no-change",
            columns.place(index, "spend_change"),
            f"test {test.id} changed no spend, so it says nothing; it is left out",
            "enter the spend of the test less the spend without it",
            Severity.WARNING,
        )
    elif test.spend_change * test.incremental_outcome < 0:
        yield Finding(
            "experiment-signs",
            columns.place(index, "incremental_outcome"),
            f"in test {test.id} spend and outcome moved in opposite directions",
            "check the signs: for a holdout both are negative",
            Severity.NOTE,
        )


def read_priors(
    columns: Columns | None, lines: Sequence[str], channels: Sequence[str]
) -> tuple[tuple[PriorBelief, ...], list[Finding]]:
    """Beliefs about lines or whole channels."""
    beliefs: list[PriorBelief] = []
    findings: list[Finding] = []
    for index in range(columns.size if columns else 0):
        assert columns is not None
        name = str(columns["line"][index])
        if not name:
            continue
        if name not in lines and name not in channels:
            findings.append(unknown_name(columns.place(index, "line"), "line", name, lines))
            continue
        low, high, *rest = (
            None if np.isnan(value := float(columns[key][index])) else value
            for key in (
                "roi_low",
                "roi_high",
                "half_life_weeks",
                "half_saturation",
                "chance_of_no_effect",
            )
        )
        if low is not None and high is not None and not low < high:
            findings.append(
                Finding(
                    "prior-range",
                    columns.place(index, "roi_low"),
                    f"roi_low of {name} is not below roi_high",
                    "enter the lower ROI in roi_low",
                )
            )
            continue
        beliefs.append(PriorBelief(name, low, high, *rest))
    return tuple(sorted(beliefs, key=lambda belief: belief.line)), findings


def respelled(
    columns: Columns, name: str, preferred: Iterable[str]
) -> tuple[Columns, dict[str, str]]:
    """The same rows with a column of names spelled as elsewhere where only case differs."""
    names, replaced = one_spelling(columns[name], preferred)
    values = {**columns.values, normal(name): names}
    return Columns(columns.table, columns.rows, values, columns.headers), replaced


def _day(value: np.datetime64) -> np.datetime64 | None:
    return None if np.isnat(value) else value
