"""What is reported about an input: where, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # nothing can be computed until it is mended
    WARNING = "warning"  # computed, but a person should look
    NOTE = "note"  # for the record: what was assumed or left out


@dataclass(frozen=True)
class Place:
    """A place in a table as the engine counts: data row from 0, column by name."""

    table: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.table]
        if self.row is not None:
            parts.append(f"row {self.row + 1}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)


@dataclass(frozen=True)
class Finding:
    """One thing that was found. `where` is the place as the person sees it, `Spend!E17`."""

    code: str
    place: Place
    problem: str
    remedy: str
    severity: Severity = Severity.ERROR
    where: str = ""

    def at(self, where: str) -> Finding:
        """The same finding with its place spelled as the file's reader saw it."""
        return replace(self, where=where)

    @property
    def words(self) -> str:
        """What is wrong and what to do, without the place."""
        return f"{self.problem}. {self.remedy[:1].upper()}{self.remedy[1:]}."

    def __str__(self) -> str:
        return f"{self.where or self.place}: {self.words}"


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop the work."""
    return tuple(f for f in findings if f.severity is Severity.ERROR)
