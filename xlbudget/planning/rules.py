"""Guardrails: the company's rules as values, and which part of the budget each is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import WEEK, Dataset, Region
from xlbudget.findings import Place
from xlbudget.tables import BINDING_RULES, GUARDRAILS, WEEKLY_RULES

LAUNCH = ("launch", "in launch")  # as a region's name: each region in launch during the horizon
DAY = np.timedelta64(1, "D")


class Rule(StrEnum):
    """What a guardrail asks; spelled as in the table."""

    MIN_SPEND = "min spend"
    MAX_SPEND = "max spend"
    MIN_SHARE = "min share"
    MAX_SHARE = "max share"
    MAX_SHIFT = "max shift %"
    MAX_TOTAL_SHIFT = "max total shift %"
    LOCK = "lock"
    MINIMUM_IF_ON = "minimum if on"
    ROUND_TO = "round to"
    RATIO = "ratio to another line"
    APPROVE_SHIFT = "approve shift above %"
    APPROVE_CUT = "approve any cut"
    APPROVE_CHANGE = "approve any change"
    MAX_A_WEEK = "max a week"
    MIN_A_WEEK = "min a week if on"
    WEEKS_IN_A_ROW = "min weeks in a row"

    @property
    def binds(self) -> bool:
        """Whether the optimiser keeps it; the others route a change to a person, or pace it."""
        return self.value in BINDING_RULES

    @property
    def paces(self) -> bool:
        """Whether it is about single weeks: flighting keeps it, and no total touches it."""
        return self.value in WEEKLY_RULES


@dataclass(frozen=True)
class Guardrail:
    """One active row of Guardrails.

    scope  what it applies to, by normal name: total, line, channel, region, campaign type,
           product, or an attribute of Channels such as role
    name   which one; "" is each of them
    value  money, lots in money, a share (0.2 for 20 %) or a multiple, as the rule says;
           None for a lock at the current plan and for rules that need no number
    other  the line, or the part of the same scope, that a ratio refers to
    start, end  first and last day it holds; None is open
    where  its place as the person sees it, `Guardrails!E7`
    """

    id: str
    scope: str
    name: str
    rule: Rule
    value: float | None = None
    other: str = ""
    start: np.datetime64 | None = None
    end: np.datetime64 | None = None
    approver: str = ""
    reason: str = ""
    place: Place = field(default_factory=lambda: Place(GUARDRAILS.name))
    where: str = ""

    @property
    def title(self) -> str:
        """The rule as people name it: id and place."""
        return f"{self.id} ({self.where or self.place})"

    @property
    def asked(self) -> str:
        """The rule with what it asks for: `G4 (min share prospecting)`."""
        return f"{self.id} ({' '.join(filter(None, (self.rule.value, self.name)))})".strip()


Guardrails = tuple[Guardrail, ...]


@dataclass(frozen=True)
class Group:
    """A part of the budget that one rule is about.

    cells  (R, M) whether spend on this region x medium belongs to it
    """

    name: str
    cells: NDArray[np.bool_]


def names_of(data: Dataset, scope: str) -> tuple[str, ...]:
    """What a guardrail of this scope may name, in the data's order; () for total."""
    return tuple(dict.fromkeys(name for name in labels_of(data, scope).ravel() if name))


def scopes_of(data: Dataset) -> tuple[str, ...]:
    """Normal names of everything that a guardrail may apply to."""
    attributes = {key for channel in data.channels.values() for key in channel.attributes}
    parts = ("total", "line", "channel", "region", "campaign type", "product")
    return (*parts, *sorted(attributes | {"role"}))


def groups_of(data: Dataset, rule: Guardrail, name: str | None = None) -> tuple[Group, ...]:
    """The parts that `rule` is about: the one it names, or each (in a ratio each other one).

    `name` stands in for its own.
    """
    name = rule.name if name is None else name
    if rule.scope == "total":
        return (Group("total", data.line_of >= 0),)
    labels = labels_of(data, rule.scope)
    if rule.scope == "region" and name in LAUNCH and name not in names_of(data, "region"):
        launching = tuple(n for n in names_of(data, "region") if _in_launch(data, n))
        return tuple(Group(n, labels == n) for n in launching)
    chosen = (name,) if name else tuple(n for n in names_of(data, rule.scope) if n != rule.other)
    return tuple(Group(n, labels == n) for n in chosen)


def weeks_of(data: Dataset, rule: Guardrail) -> NDArray[np.bool_]:
    """(H,) whether the rule holds in a week: any day of the week from `start` to `end` counts."""
    first = data.horizon
    held = np.ones(len(first), dtype=bool)
    if rule.start is not None:
        held &= first + (WEEK - DAY) >= rule.start
    if rule.end is not None:
        held &= first <= rule.end
    return held


def labels_of(data: Dataset, scope: str) -> NDArray[np.object_]:
    """(R, M) what each region x medium is called under a scope; "" where it has no such part."""
    label = _LABEL.get(scope, _attribute(scope))
    out = np.full(data.line_of.shape, "", dtype=object)
    for region, medium in zip(*np.nonzero(data.line_of >= 0), strict=True):
        out[region, medium] = label(data, int(region), int(medium))
    return out


def _region(data: Dataset, region: int, medium: int) -> str:
    line = data.lines[int(data.line_of[region, medium])]
    return line.region or data.media[medium].region or data.regions[region]


def _line(data: Dataset, region: int, medium: int) -> str:
    line: int = data.line_of[region, medium]
    return data.lines[line].name


def _attribute(scope: str) -> Callable[[Dataset, int, int], str]:
    def label(data: Dataset, region: int, medium: int) -> str:
        channel = data.channels.get(data.media[medium].channel)
        if channel is None:
            return "other" if scope == "role" else ""
        return channel.attributes.get(scope, channel.role if scope == "role" else "")

    return label


_LABEL: Mapping[str, Callable[[Dataset, int, int], str]] = {
    "total": lambda data, region, medium: "",
    "line": _line,
    "channel": lambda data, region, medium: data.media[medium].channel,
    "region": _region,
    "campaign type": lambda data, region, medium: data.media[medium].campaign_type,
    "product": lambda data, region, medium: data.media[medium].product,
}


def _in_launch(data: Dataset, name: str) -> bool:
    """Whether a region's launch overlaps the horizon."""
    facts = data.region_facts.get(name, Region(name))
    if facts.launch_start is None and facts.launch_end is None:
        return False
    begun = facts.launch_start is None or facts.launch_start < data.horizon[-1] + WEEK
    return begun and (facts.launch_end is None or facts.launch_end >= data.horizon[0])
