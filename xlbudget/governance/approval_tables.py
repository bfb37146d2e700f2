"""Approvals from three tables alone, without a model: what a cell formula has at hand.

Names of lines say which channel they belong to; further columns (region, role, any attribute) say
the rest. Where a rule is about something that no column tells, every change goes to its approver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xlbudget.data.columns import read_columns
from xlbudget.data.frames import Frame, raw_table
from xlbudget.data.number_cells import read_numbers
from xlbudget.data.raw import RawTable
from xlbudget.data.text_cells import read_texts
from xlbudget.errors import BadArgument, BadInput
from xlbudget.findings import errors_of
from xlbudget.governance.approvals import Approvals, settled
from xlbudget.governance.rule_checks import Change, Scope, Verdict, judge, unclear
from xlbudget.planning.rule_values import Wrong, value_of
from xlbudget.planning.rules import LAUNCH, Guardrail, Rule
from xlbudget.tables import GUARDRAILS, PLAN, normal

CURRENT = ("current", "planned spend", "spend", "amount")
PROPOSED = ("recommended", "proposed", "decided spend", "planned spend", "spend", "amount")
PARTS = ("channel", "region", "campaign type", "product")
NAMED = ("line", *PARTS)
JOINT = " | "


@dataclass(frozen=True)
class Row:
    """Money of one row and what the table says it belongs to, by normal column name."""

    labels: Mapping[str, str]
    money: float

    @cached_property
    def line(self) -> str:
        """Its line: as named, else the parts given."""
        given = (self.labels.get(part, "") for part in PARTS)
        return self.labels.get("line") or JOINT.join(part for part in given if part)


@dataclass(frozen=True)
class Part:
    """The money of rows that belong to the same things, now and as proposed."""

    line: str
    labels: Mapping[str, str]
    current: float
    proposed: float


def approvals_of_tables(
    current: Frame | RawTable, proposed: Frame | RawTable, guardrails: Frame | RawTable
) -> Approvals:
    """The status of every line that `proposed` or `current` names.

    current, proposed  a table with a line (or channel, region ...) and money: a Plan, an
                       allocation, or two columns. Rows of one line are added up. A proposal that
                       is coarser is spread as the current plan is.
    """
    spelled: dict[str, str] = {}
    before = _one_spelling(_rows("current", current, CURRENT), spelled)
    after = _one_spelling(_rows("proposed", proposed, PROPOSED), spelled)
    parts = _parts(before, after)
    names = tuple(dict.fromkeys(part.line for part in parts))
    change = Change(
        names,
        np.array([names.index(part.line) for part in parts], dtype=np.intp),
        np.array([part.current for part in parts]),
        np.array([part.proposed for part in parts]),
    )
    labels = [part.labels for part in parts]
    verdicts: list[Verdict] = []
    for rule in _rules(guardrails):
        verdicts += _verdicts(rule, change, labels)
    return settled(change, verdicts)


def _one_spelling(rows: Sequence[Row], spelled: dict[str, str]) -> list[Row]:
    """Rows whose names are spelled as they first were where capitals alone differ.

    spelled  normal name -> its first spelling; grows
    """

    def name(text: str) -> str:
        parts = (part.strip() for part in text.split(JOINT))
        return JOINT.join(spelled.setdefault(normal(part), part) for part in parts)

    return [
        Row(
            {each: name(text) if each in NAMED else text for each, text in row.labels.items()},
            row.money,
        )
        for row in rows
    ]


def _verdicts(
    rule: Guardrail, change: Change, labels: Sequence[Mapping[str, str]]
) -> Iterator[Verdict]:
    values = [
        _label(rule.scope, label, change.lines[line])
        for label, line in zip(labels, change.line, strict=True)
    ]
    launch = rule.scope == "region" and rule.name in LAUNCH
    if rule.scope == "total":
        yield from judge(rule, Scope("the total", np.ones(len(labels), dtype=bool)), change)
        return
    if launch or any(value is None for value in values):
        yield from unclear(rule, change)
        return
    known = np.array([normal(value or "") for value in values], dtype=object)
    spelled = {normal(value): value for value in values if value}
    chosen = [normal(rule.name)] if rule.name else list(spelled)
    other = None
    if rule.other:
        other = Scope(rule.other, np.asarray(known == normal(rule.other)))
    for name in chosen:
        if name in spelled:
            yield from judge(rule, Scope(spelled[name], np.asarray(known == name), other), change)


def _label(scope: str, labels: Mapping[str, str], line: str) -> str | None:
    """What a part is called under a scope; None where no column tells."""
    if scope == "line":
        return line
    if scope in labels:
        return labels[scope]
    return line.split(JOINT, maxsplit=1)[0] if scope == "channel" else None


def _parts(before: Sequence[Row], after: Sequence[Row]) -> list[Part]:
    """The current rows, the proposal of their line spread as they are, then the lines that are new.

    A row has the labels of the proposal's line too.
    """
    proposed: dict[str, float] = {}
    told: dict[str, Mapping[str, str]] = {}
    for row in after:
        proposed[row.line] = proposed.get(row.line, 0.0) + row.money
        told[row.line] = {**told.get(row.line, {}), **row.labels}
    current: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    for row in before:
        line = _line_in(row, proposed)
        key = (line, tuple(sorted({**told.get(line, {}), **row.labels}.items())))
        current[key] = current.get(key, 0.0) + row.money
    by_line: dict[str, list[float]] = {}
    for (line, _), now in current.items():
        by_line.setdefault(line, []).append(now)
    parts = []
    for (line, labels), now in current.items():
        money = by_line[line]
        share = now / sum(money) if sum(money) > 0 else 1.0 / len(money)
        parts.append(Part(line, dict(labels), now, proposed.get(line, 0.0) * share))
    new = [line for line in proposed if line not in by_line]
    return [*parts, *(Part(line, told[line], 0.0, proposed[line]) for line in new)]


def _line_in(row: Row, proposed: Mapping[str, float]) -> str:
    """The proposal's line that a current row belongs to: its own, or the coarser one it is in."""
    if row.line in proposed:
        return row.line
    given = [row.labels[part] for part in PARTS if row.labels.get(part)]
    for length in range(len(given) - 1, 0, -1):
        coarser = JOINT.join(given[:length])
        if coarser in proposed:
            return coarser
    return row.line


def _rows(name: str, table: Frame | RawTable, money: Sequence[str]) -> list[Row]:
    """The rows of a table that name a line; BadArgument where it has no such columns."""
    raw = table if isinstance(table, RawTable) else raw_table(PLAN.name, table)
    columns = {normal(header): cells for header, cells in raw.columns.items() if normal(header)}
    column = next((option for option in money if option in columns), None)
    if column is None or not ("line" in columns or "channel" in columns):
        raise BadArgument(
            f"{name} needs a column line (or channel) and one of {', '.join(money)}; "
            f"it has {', '.join(raw.columns) or 'none'}"
        )
    numbers, troubles = read_numbers(columns[column])
    texts = {}
    for header, cells in columns.items():
        if header in NAMED or cells.dtype.kind == "O":
            texts[header], wrong = read_texts(cells)
            troubles += wrong if header in NAMED else []
    findings = [f for t in troubles for f in t.findings(name, column, columns[column])]
    if errors_of(findings):
        raise BadInput(errors_of(findings))
    rows = [
        Row({header: str(cells[row]) for header, cells in texts.items()}, float(numbers[row]))
        for row in range(raw.rows)
    ]
    if (numbers < 0).any():
        raise BadArgument(f"{name} has money below 0 in row {int(np.argmax(numbers < 0)) + 1}")
    return [row for row in rows if row.line and not np.isnan(row.money)]


def _rules(table: Frame | RawTable) -> tuple[Guardrail, ...]:
    """The active rows of a Guardrails table, as far as they can be read without a dataset."""
    raw = table if isinstance(table, RawTable) else raw_table(GUARDRAILS.name, table)
    columns, findings = read_columns(raw, GUARDRAILS)
    if errors_of(findings):
        raise BadInput(tuple(f.at(raw.locate(f.place)) for f in errors_of(findings)))
    rules = []
    for row in range(columns.size):
        if columns["active"][row] is False:
            continue
        rule, unit = Rule(str(columns["rule"][row])), str(columns["unit"][row])
        value = value_of(rule, columns["value"][row], unit)
        if isinstance(value, Wrong):
            raise BadArgument(f"Guardrails {columns['id'][row]}: {value.problem}; {value.remedy}")
        name = str(columns["name"][row])
        rules.append(
            Guardrail(
                id=str(columns["id"][row]),
                scope=normal(str(columns["applies_to"][row])),
                name=name.casefold() if name.casefold() in LAUNCH else name,
                rule=rule,
                value=value,
                other=unit if rule is Rule.RATIO else "",
                approver=str(columns["approver"][row]),
                reason=str(columns["reason"][row]),
            )
        )
    return tuple(rules)
