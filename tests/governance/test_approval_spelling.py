"""A proposal typed in other capitals is about the same lines."""

from __future__ import annotations

import pandas as pd

from xlbudget.governance.approval_tables import approvals_of_tables

RULES = pd.DataFrame(
    {
        "id": ["G1"],
        "applies_to": ["channel"],
        "name": ["tv"],
        "rule": ["approve any cut"],
        "approver": ["VP"],
        "active": ["yes"],
    }
)


def test_capitals_make_no_new_line() -> None:
    current = pd.DataFrame({"line": ["TV | North", "Radio"], "spend": [100.0, 50.0]})
    proposed = pd.DataFrame({"line": ["tv | NORTH", "radio "], "spend": [90.0, 60.0]})
    found = approvals_of_tables(current, proposed, RULES).columns()
    assert list(found["line"]) == ["TV | North", "Radio"]
    assert list(found["change"]) == [-10.0, 10.0]
    assert list(found["status"]) == ["needs approval", "automatic"]
