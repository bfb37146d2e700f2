"""What a new workbook ships with: settings, five guardrails, an outcome and a control."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from xlbudget.tables import GUARDRAILS, SETTINGS_ROWS, normal

VP = "VP Marketing"

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


def guardrails(roles: Collection[str] | None = None) -> dict[str, list[Any]]:
    """The five shipped rules by column.

    roles  the roles in use, where they are known: a rule about a role that no channel has would
           be an error, so it is shipped inactive
    """
    rows = []
    for rule in GUARDRAIL_ROWS:
        idle = rule["applies_to"] == "role" and roles is not None and rule["name"] not in roles
        rows.append({**rule, "active": "no" if idle else "yes"})
    return {column: [row.get(column) for row in rows] for column in GUARDRAILS.names()}


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
