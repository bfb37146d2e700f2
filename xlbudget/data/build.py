"""Tables in, one Dataset out: the door for folders and workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlbudget.data.assembly import assemble
from xlbudget.data.dataset import Dataset
from xlbudget.data.raw import RawTable
from xlbudget.findings import Finding


def build_dataset(
    tables: Mapping[str, RawTable], settings: Mapping[str, Any] | None = None
) -> tuple[Dataset | None, tuple[Finding, ...]]:
    """The Dataset of these raw tables and every finding, in one pass; None if an error stops it.

    tables    by normal name (`spend`, `outcomes`, `settings` ...)
    settings  override the Settings table
    """
    return assemble(tables, settings, Dataset)
