"""The Guardrails table to guardrails: every row that cannot be used is one finding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from xlbudget.data.columns import Columns, read_columns
from xlbudget.data.dataset import Dataset
from xlbudget.data.frames import raw_tables
from xlbudget.data.names import did_you_mean, unknown_name
from xlbudget.data.raw import RawTable
from xlbudget.findings import Finding, Place, Severity, errors_of
from xlbudget.planning.rule_values import PERCENT, SHARES, SHIFTS, Wrong, value_of
from xlbudget.planning.rules import (
    LAUNCH,
    Guardrail,
    Guardrails,
    Rule,
    groups_of,
    names_of,
    scopes_of,
    weeks_of,
)
from xlbudget.tables import GUARDRAILS, ROLES, normal

if TYPE_CHECKING:
    import pandas as pd


def read_guardrails(
    data: Dataset, table: RawTable | pd.DataFrame | None
) -> tuple[Guardrails, tuple[Finding, ...]]:
    """The active rules of a Guardrails table and what is wrong with the others."""
    if table is None:
        return (), ()
    raw = table if isinstance(table, RawTable) else raw_tables(guardrails=table)["guardrails"]
    columns, found = read_columns(raw, GUARDRAILS)
    if any(finding.place.row is None for finding in errors_of(found)):  # a column is missing
        return (), tuple(f if f.where else f.at(raw.locate(f.place)) for f in found)
    active = np.array([flag is not False for flag in columns["active"]], dtype=bool)
    skipped = {int(row) for row in columns.rows[~active]}
    findings = [finding for finding in found if finding.place.row not in skipped]
    broken = {finding.place.row for finding in errors_of(findings)}
    columns = columns.part(active)
    rules = []
    for index in range(columns.size):
        if int(columns.rows[index]) in broken:
            continue
        row = _Row(data, columns, index, raw)
        mended = tuple(row.findings())
        findings += mended
        if not (errors_of(mended) or row.idle):
            rules.append(row.guardrail())
    findings += _repeated_ids(columns, raw)
    return tuple(rules), tuple(f if f.where else f.at(raw.locate(f.place)) for f in findings)


class _Row:
    """One active row whose cells could be read."""

    def __init__(self, data: Dataset, columns: Columns, index: int, raw: RawTable) -> None:
        def text(name: str) -> str:
            return str(columns[name][index] or "")

        self.data, self.columns, self.index, self.raw = data, columns, index, raw
        self.id, self.name, self.unit = text("id"), text("name"), text("unit")
        self.approver, self.reason = text("approver"), text("reason")
        self.scope = normal(text("applies_to"))
        self.rule = Rule(text("rule"))
        self.value = value_of(self.rule, columns["value"][index], self.unit)
        self.start, self.end = (_day(columns[name][index]) for name in ("from", "to"))

    def findings(self) -> Iterator[Finding]:
        """What is wrong with it; only errors keep it from holding."""
        if isinstance(self.value, Wrong):
            yield self._at(self.value.column, "value", self.value.problem, self.value.remedy)
        elif self.rule in SHARES | SHIFTS and self._tiny_percent():
            yield self._at(
                "value",
                "tiny-percent",
                f"the value is read as {self._tiny_percent():.2%}",
                "enter 20 for 20 %, or set the unit to share and enter 0.2",
                Severity.WARNING,
            )
        scopes = scopes_of(self.data)
        if self.scope not in scopes:
            yield self._at(
                "applies_to",
                "scope",
                f"there is nothing called '{self.scope}' to apply a rule to"
                + did_you_mean(self.scope, scopes),
                f"choose one of {', '.join(scopes)}",
            )
            return
        yield from self._names()
        if self.start is not None and self.end is not None and self.start > self.end:
            yield self._at("to", "dates", "the rule ends before it begins", "mend from or to")
        elif not weeks_of(self.data, self.guardrail(checked=False)).any():
            yield self._at(
                "from",
                "outside-horizon",
                "the rule holds in no week of the horizon, so it has no effect",
                "mend from and to, or set it inactive",
                Severity.WARNING,
            )

    def guardrail(self, checked: bool = True) -> Guardrail:
        """The row as a value; names as the data spell them."""
        assert not (checked and isinstance(self.value, Wrong))
        place = Place(GUARDRAILS.name, int(self.columns.rows[self.index]))
        return Guardrail(
            id=self.id,
            scope=self.scope,
            name=self._spelled(self.name, self.scope),
            rule=self.rule,
            value=None if isinstance(self.value, Wrong) else self.value,
            other=self._other() if self.rule is Rule.RATIO else "",
            start=self.start,
            end=self.end,
            approver=self.approver,
            reason=self.reason,
            place=place,
            where=self.raw.locate(self.columns.place(self.index, "value")),
        )

    def _tiny_percent(self) -> float:
        """A percent-formatted cell holds 0.2 where it shows 20 %; with unit % that is 0.2 %."""
        tiny = isinstance(self.value, float) and normal(self.unit) in PERCENT and self.value < 0.01
        return self.value if tiny and isinstance(self.value, float) else 0.0

    def _names(self) -> Iterator[Finding]:
        known = names_of(self.data, self.scope)
        launch = self.scope == "region" and self.name.casefold() in LAUNCH
        if self.idle:
            yield self._at(
                "name",
                "role-unused",
                f"no channel has the role {normal(self.name)}, so the rule has no effect",
                "enter roles in Channels, or set it inactive",
                Severity.NOTE,
            )
        elif self.scope != "total" and not launch and not known:
            yield self._not_told_apart()
        elif self.name and self.scope != "total" and not launch:
            if self._spelled(self.name, self.scope) not in known:
                place = self.columns.place(self.index, "name")
                yield unknown_name(place, self.scope, self.name, known)
        elif (
            launch
            and self.data.region_facts
            and not groups_of(self.data, self.guardrail(checked=False))
        ):
            yield self._at(
                "name",
                "no-launch",
                "no region is in launch during the horizon, so the rule has no effect",
                "enter launch_start and launch_end in Regions, or set it inactive",
                Severity.NOTE,
            )
        elif self.name and self.scope == "total":
            yield self._at(
                "name",
                "name-unused",
                f"the rule applies to the total, so the name '{self.name}' plays no part",
                "leave name empty, or apply the rule to line, channel, role or region",
                Severity.WARNING,
            )
        if self.rule is Rule.RATIO and not self._other():
            yield self._at(
                "unit",
                "ratio",
                f"'{self.unit}' is no other {self.scope} to compare with"
                + did_you_mean(self.unit, known),
                "enter the other line's name under unit",
            )
        elif self.rule is Rule.RATIO and self._other() == self._spelled(self.name, self.scope):
            yield self._at(
                "unit",
                "ratio",
                f"'{self.unit}' is compared with itself",
                "enter another line's name under unit",
            )

    def _not_told_apart(self) -> Finding:
        """The data hold no name at all of this kind: at this grain, or because none was given."""
        column = self.scope.replace(" ", "_")
        grain = ", ".join(self.data.settings.grain)
        finer = f"add {column} to grain in Settings (it is: {grain})"
        remedies = {
            "campaign type": f"{finer} and fill that column in Spend",
            "product": f"{finer} and fill that column in Spend",
            "region": "fill the column region in Spend and in Outcomes",
        }
        remedy = remedies.get(self.scope, f"fill the column {column} in Channels")
        return self._at(
            "applies_to",
            "scope",
            f"no {self.scope} is told apart in these data, so the rule can hold nothing",
            f"{remedy}, or set the rule inactive",
        )

    @property
    def idle(self) -> bool:
        """Whether it is about a role that no channel has: such a rule asks for nothing."""
        role = normal(self.name)
        return self.scope == "role" and role in ROLES and role not in names_of(self.data, "role")

    def _other(self) -> str:
        """What a ratio refers to, as the data spell it; "" where there is no such name."""
        name = self._spelled(self.unit, self.scope)
        return name if name in names_of(self.data, self.scope) else ""

    def _spelled(self, name: str, scope: str) -> str:
        """`name` in the data's spelling where only case or blanks differ."""
        if scope == "region" and name.casefold() in LAUNCH:
            return name.casefold()
        known = {normal(option): option for option in names_of(self.data, scope)}
        return known.get(normal(name), name)

    def _at(
        self,
        column: str,
        code: str,
        problem: str,
        remedy: str,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        place = self.columns.place(self.index, column)
        said = f"{self.id}: {problem}" if self.id else problem
        return Finding(f"guardrail-{code}", place, said, remedy, severity)


def _day(value: np.datetime64) -> np.datetime64 | None:
    return None if np.isnat(value) else value


def _repeated_ids(columns: Columns, raw: RawTable) -> Iterator[Finding]:
    """Two rules of one id could not be told apart in prices and conflicts."""
    seen: dict[str, int] = {}
    for index, name in enumerate(columns["id"]):
        first = seen.setdefault(str(name), index)
        if name and first != index:
            yield Finding(
                "guardrail-id-twice",
                columns.place(index, "id"),
                f"the id '{name}' also stands in {raw.locate(columns.place(first, 'id'))}",
                "give every rule an id of its own",
                Severity.WARNING,
            )


__all__ = [
    "Guardrail",
    "Guardrails",
    "Rule",
    "groups_of",
    "names_of",
    "read_guardrails",
    "weeks_of",
]
