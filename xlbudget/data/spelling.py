"""One spelling throughout for names that differ in capitals alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlbudget.data.columns import Columns
from xlbudget.data.names import one_spelling
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import normal


def one_spelling_throughout(
    read: Mapping[str, Columns],
) -> tuple[dict[str, Columns], list[Finding]]:
    """Names that differ in case alone get one spelling: that of Channels or Regions, if there."""
    out, findings = dict(read), []
    for column, home in (("channel", "channels"), ("region", "regions"), ("campaign_type", ""),
                         ("product", "")):  # fmt: skip
        preferred: Sequence[str] = ()
        if home in read:
            preferred = [str(name) for name in read[home][column]]
        elif column == "region":
            preferred = sorted(set(read["outcomes"][column]))
        for name in ("spend", "outcomes", "controls", "channels", "regions", "experiments"):
            if name not in out or not out[name].given(column):
                continue
            out[name], replaced = _respelled(out[name], column, preferred)
            if not preferred:
                preferred = sorted(set(out[name][column]))
            findings += [
                Finding(
                    "name-case",
                    Place(out[name].table.name, None, out[name].headers[normal(column)]),
                    f"'{old}' and '{new}' differ in capitals alone; read as '{new}'",
                    "spell it the same everywhere",
                    Severity.WARNING,
                )
                for old, new in sorted(replaced.items())
            ]
    return out, findings


def _respelled(
    columns: Columns, name: str, preferred: Iterable[str]
) -> tuple[Columns, dict[str, str]]:
    """The same rows with a column of names spelled as elsewhere where only case differs."""
    names, replaced = one_spelling(columns[name], preferred)
    values = {**columns.values, normal(name): names}
    return Columns(columns.table, columns.rows, values, columns.headers), replaced
