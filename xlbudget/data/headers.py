"""The header row against the schema: what is missing, there twice, or not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlbudget.data.cells import is_missing
from xlbudget.data.names import did_you_mean
from xlbudget.data.raw import RawTable
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import Extra, Table, normal

_HINTS: Mapping[str, tuple[str, ...]] = {  # what people call a column that has another name here
    "week": ("date", "day", "time", "week start", "week of", "week commencing", "date week"),
    "channel": ("media", "medium", "platform", "source", "media channel"),
    "spend": ("cost", "costs", "amount", "investment", "media spend", "budget"),
    "planned spend": ("spend", "plan", "budget", "amount", "planned"),
    "amount": ("spend", "cost", "booked", "value"),
    "region": ("geo", "market", "country", "state", "dma"),
    "month": ("date", "period", "week"),
}


def header_findings(raw: RawTable, table: Table) -> Iterator[Finding]:
    """Columns that are missing, stand twice, or are not known."""
    given: dict[str, list[str]] = {}
    for header in (*raw.columns, *raw.repeated):
        given.setdefault(normal(header), []).append(header)
    known = {normal(column.name) for column in table.columns}
    strangers = [names[0] for name, names in given.items() if name and name not in known]
    for column in table.columns:
        if not column.required or normal(column.name) in given:
            continue
        hint = _meant(column.name, strangers)
        yield Finding(
            "column-missing",
            Place(table.name, None, column.name),
            f"{table.name} has no column '{column.name}'"
            + (f" (did you mean '{hint}'?)" if hint else ""),
            f"rename '{hint}' to '{column.name}'" if hint else f"add a column '{column.name}'",
        )
    for name, headers in given.items():
        if name and len(headers) > 1:
            yield Finding(
                "column-twice",
                Place(table.name, None, headers[0]),
                f"column '{headers[0]}' is there {len(headers)} times",
                "keep one of them",
            )
    for name in strangers if table.extra is Extra.IGNORED else ():
        hint = did_you_mean(name, [c.name for c in table.columns if normal(c.name) not in given])
        yield Finding(
            "column-ignored",
            Place(table.name, None, name),
            f"column '{name}' is not read{hint}",
            "rename it if it is that column" if hint else "nothing to do if that is right",
            Severity.WARNING if hint else Severity.NOTE,
        )
    if "" in given and any(not is_missing(cell) for cell in raw.columns[given[""][0]]):
        yield Finding(
            "column-unnamed",
            Place(table.name),
            "a column without a header holds values; it is not read",
            "give it a header, or empty it",
            Severity.WARNING,
        )


def _meant(name: str, strangers: list[str]) -> str:
    """The unknown header that is most likely the missing column under another name."""
    close = did_you_mean(name, strangers)
    if close:
        return close.split("'")[1]
    hints = _HINTS.get(normal(name), ())
    return next((header for header in strangers if normal(header) in hints), "")
