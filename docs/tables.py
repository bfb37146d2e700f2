"""Writes docs/tables.md from the table definitions: `python docs/tables.py`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xlbudget.tables import SETTINGS_ROWS, TABLES, Column, Extra, Setting, Table

PAGE = Path(__file__).with_suffix(".md")
EXTRA = {
    Extra.IGNORED: "Further columns are listed and left out.",
    Extra.NUMBERS: "Every further numeric column is read as a measure.",
    Extra.ATTRIBUTES: "Every further text column is an attribute to group by.",
}


def document() -> str:
    """The whole page."""
    lines = [
        "# The tables",
        "",
        "Written from `xlbudget/tables.py` by `python docs/tables.py`. A table is an Excel Table "
        "on a sheet of its name, a CSV of its name, or a DataFrame. Case, outer spaces and `_` "
        "against space do not matter in column names. Dates are ISO in CSV.",
    ]
    for table in TABLES:
        lines += _table(table)
    return "\n".join([*lines, "", "## The settings", "", *_settings(), ""])


def _table(table: Table) -> Iterator[str]:
    yield from ("", f"## {table.name}{' (required)' if table.required else ''}", "")
    yield f"{table.help} {EXTRA[table.extra]}"
    if table.key:
        yield f"No two rows share {', '.join(table.key)}."
    yield from ("", "| column | holds | unit | required | what it is |", "|---|---|---|---|---|")
    yield from map(_column, table.columns)


def _column(column: Column) -> str:
    allowed = f" One of: {', '.join(column.allowed)}." if column.allowed else ""
    required = "yes" if column.required else ""
    cells = (column.name, column.kind.value, column.unit, required, column.help + allowed)
    return f"| {' | '.join(cells)} |"


def _settings() -> Iterator[str]:
    yield from ("| setting | holds | unit | default | what it is |", "|---|---|---|---|---|")
    yield from map(_setting, SETTINGS_ROWS)


def _setting(setting: Setting) -> str:
    default = "" if setting.default is None else f"{setting.default}"
    cells = (setting.name, setting.kind.value, setting.unit, default, setting.help)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(document(), encoding="utf-8")
