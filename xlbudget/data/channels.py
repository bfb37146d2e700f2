"""The Channels table: roles, attributes, long-term factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xlbudget.data.columns import Columns
from xlbudget.data.date_cells import day_or_none
from xlbudget.data.facts import Channel
from xlbudget.data.names import did_you_mean, listed
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import CHANNELS, Kind, normal

_TEXTS = tuple(normal(c.name) for c in CHANNELS.columns if c.kind is Kind.TEXT)


def read_channels(
    columns: Columns | None, spent: Sequence[str]
) -> tuple[dict[str, Channel], list[Finding]]:
    """The channels that were spent on, by name; role `other` where none is given."""
    findings: list[Finding] = []
    found: dict[str, Channel] = {}
    for index in range(columns.size if columns else 0):
        assert columns is not None
        name = str(columns["channel"][index])
        if not name or name in found:
            continue
        if name not in spent:
            hint = did_you_mean(name, spent)
            findings.append(
                Finding(
                    "channel-not-spent",
                    columns.place(index, "channel"),
                    f"Spend has no channel '{name}'{hint}",
                    "spell it the same in both" if hint else "nothing to do if that is right",
                    Severity.WARNING if hint else Severity.NOTE,
                )
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
        channels[name] = replace(channel, attributes={**channel.attributes, "role": channel.role})
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
        day_or_none(columns["launch_week"][index]),
        attributes,
    )
