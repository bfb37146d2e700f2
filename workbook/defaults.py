"""What a new workbook ships with: settings, five guardrails, an outcome and a control."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from xlbudget.tables import GUARDRAILS, SETTINGS_ROWS, normal

VP = "VP Marketing"
PLANNED = frozenset({"channel", normal("planned_spend")})

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


def role_shares(
    channels: Mapping[str, Sequence[Any]] | None, plan: Mapping[str, Sequence[Any]] | None
) -> dict[str, float] | None:
    """Each role's share of the planned money; None where roles or money are not filled in."""
    named, planned = (
        {normal(header): values for header, values in (columns or {}).items()}
        for columns in (channels, plan)
    )
    if not {"channel", "role"} <= named.keys() or not planned.keys() >= PLANNED:
        return None
    pairs = zip(named["channel"], named["role"], strict=False)
    role_of = {normal(str(channel)): normal(str(role)) for channel, role in pairs}
    money: dict[str, float] = {}
    rows = zip(planned["channel"], planned[normal("planned_spend")], strict=False)
    for channel, amount in rows:
        if isinstance(amount, int | float):
            role = role_of.get(normal(str(channel)), "other")
            money[role] = money.get(role, 0.0) + float(amount)
    total = sum(money.values())
    return {role: part / total for role, part in money.items()} if total > 0 else None


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
