"""What a new workbook ships with: settings, guardrails, scenarios, an outcome and a control."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from xlbudget.governance.standing import standing_questions
from xlbudget.tables import GUARDRAILS, SETTINGS_ROWS, normal

VP = "VP Marketing"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

GUARDRAIL_ROWS: tuple[Mapping[str, Any], ...] = (
    {
        "id": "G1",
        "applies_to": "channel",
        "rule": "approve shift above %",
        "value": 10.0,
        "unit": "%",
        "approver": VP,
        "reason": "Large shifts are explained before they run",
    },
    {
        "id": "G2",
        "applies_to": "role",
        "name": "brand",
        "rule": "approve any cut",
        "approver": VP,
        "reason": "Brand pays back slowly and is cut first when it gets tight",
    },
    {
        "id": "G3",
        "applies_to": "region",
        "name": "in launch",
        "rule": "approve any change",
        "approver": VP,
        "reason": "The launch plan was agreed with the regions",
    },
    {
        "id": "G4",
        "applies_to": "role",
        "name": "prospecting",
        "rule": "min share",
        "value": 10.0,
        "unit": "%",
        "reason": "New customers keep coming; set your own floor",
    },
    {
        "id": "G5",
        "applies_to": "role",
        "name": "brand",
        "rule": "min share",
        "value": 10.0,
        "unit": "%",
        "reason": "The brand stays visible; set your own floor",
    },
)


FLOOR_OF_PLAN = 0.8  # a floor is shipped at most at this share of what the plan gives anyway


def guardrails(
    roles: Collection[str] | None = None, planned: Mapping[str, float] | None = None
) -> dict[str, list[Any]]:
    """The five shipped rules by column.

    roles    the roles in use, where they are known: a rule about a role that no channel has is
             shipped inactive
    planned  the current plan's share of each role, where it is known: no floor is shipped that
             the plan breaks, since that would force a move that nobody asked for
    """
    rows = []
    for rule in GUARDRAIL_ROWS:
        row = {**rule, "active": "yes"}
        if rule["applies_to"] == "role" and roles is not None and rule["name"] not in roles:
            row["active"] = "no"
        elif rule["rule"] == "min share" and planned is not None:
            row.update(_floor(rule, planned.get(rule["name"], 0.0)))
        rows.append(row)
    return {column: [row.get(column) for row in rows] for column in GUARDRAILS.names()}


def _floor(rule: Mapping[str, Any], share: float) -> dict[str, Any]:
    """What of a floor changes where the plan gives its role this share."""
    most = int(100.0 * FLOOR_OF_PLAN * share + 1e-9)
    if most >= rule["value"]:
        return {}
    goal, _, advice = str(rule["reason"]).partition("; ")
    why = f"{goal}; {100.0 * FLOOR_OF_PLAN:.0f} % of the {100.0 * share:.1f} % planned; {advice}"
    return {"value": float(most), "reason": why, "active": "yes" if most else "no"}


Table = Mapping[str, Sequence[Any]]


def scenarios(
    channels: Table | None, plan: Table | None, settings: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Finance's standing questions, about the channels and the plan as far as they are known.

    settings  by name, as they stand in the workbook
    """
    planned = _planned(plan)
    running = {normal(channel) for channel in planned}
    roles = {c: r for c, r in _roles(channels).items() if not planned or normal(c) in running}
    spelled = {normal(channel): channel for channel in roles}
    money = {spelled.get(normal(channel), channel): m for channel, m in planned.items()}
    columns = {normal(header): values for header, values in (plan or {}).items()}
    days = [_day(value) for value in (settings.get("horizon_start"), *columns.get("week", ()))]
    known = [day for day in days if day is not None]
    weeks = settings.get("horizon_weeks")
    first = days[0] or min(known, default=None)
    return standing_questions(roles, money, first, weeks_of(weeks))


def _day(value: Any) -> dt.date | None:
    """A date as cells, CSVs and arrays hold it."""
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").item()
    if isinstance(value, str) and _DAY.fullmatch(value):
        return dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


def weeks_of(weeks: Any) -> int:
    """Weeks of the horizon; the usual quarter where the setting says none."""
    return int(weeks) if isinstance(weeks, int | float) and 1 <= weeks <= 52 else 13


def role_shares(channels: Table | None, plan: Table | None) -> dict[str, float] | None:
    """Each role's share of the planned money; None where roles or money are not filled in."""
    role_of = {normal(name): role for name, role in _roles(channels).items()}
    planned = _planned(plan)
    total = sum(planned.values())
    if not role_of or total <= 0:
        return None
    money: dict[str, float] = {}
    for channel, amount in planned.items():
        role = role_of.get(normal(channel), "other")
        money[role] = money.get(role, 0.0) + amount
    return {role: part / total for role, part in money.items()}


def _roles(channels: Table | None) -> dict[str, str]:
    """Channel -> role, in normal spelling; empty where they are not filled in."""
    columns = {normal(header): values for header, values in (channels or {}).items()}
    pairs = zip(columns.get("channel", ()), columns.get("role", ()), strict=False)
    return {str(channel): normal(str(role)) for channel, role in pairs if channel and role}


def _planned(plan: Table | None) -> dict[str, float]:
    """Channel -> planned money; empty where it is not filled in."""
    columns = {normal(header): values for header, values in (plan or {}).items()}
    money: dict[str, float] = {}
    rows = zip(columns.get("channel", ()), columns.get(normal("planned_spend"), ()), strict=False)
    for channel, amount in rows:
        if channel and isinstance(amount, int | float):
            money[str(channel)] = money.get(str(channel), 0.0) + float(amount)
    return money


def settings(given: Mapping[str, Sequence[Any]] | None = None) -> dict[str, list[Any]]:
    """Every setting with its default, or with the value given for it; unknown ones follow."""
    columns = {normal(header): list(values) for header, values in (given or {}).items()}
    names, values = columns.get("setting", []), columns.get("value", [])
    found = {normal(str(name)): value for name, value in zip(names, values, strict=False)}
    rows = [(s.name, found.pop(normal(s.name), s.default)) for s in SETTINGS_ROWS]
    rows += [(str(name), found[normal(str(name))]) for name in names if normal(str(name)) in found]
    return {
        "setting": [name for name, _ in rows],
        "value": [None if value == "" else value for _, value in rows],
    }


EXTRA_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "Outcomes": ("revenue",),
    "Controls": ("price_index",),
}
