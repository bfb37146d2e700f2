"""Rows of an answer: each scenario's difference against the plan, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.planning.rules import labels_of, names_of
from xlbudget.planning.scenarios.conditions import Mask
from xlbudget.planning.scenarios.differences import Difference, Indices
from xlbudget.tabular import Array

TOTAL = "total"
BASELINE = "baseline"  # the group of what changes without any media
EXPECTED = "expected"  # the scenario that the weighted rows are named
FADED = 1e-9  # of the largest weekly change: what is left of one, not a chance of a loss


@dataclass(frozen=True)
class Rows:
    """N parts, told apart by week, line, region ...; D draws.

    part       (N,) names, or the weeks' first days
    spend      (N,) money more than planned
    outcome    (N, D) outcome more than under the plan, carry-out counted
    long_term  (N, D) what comes beyond that in the long term, weighted as Settings say
    profit     (N, D) money that both bring, less the further spend
    roi        (N,) average ROI less that of the plan; 0 by week
    observed   (N,) whether no line would buy more in a week than it ever did
    """

    part: Sequence[Any]
    spend: Array
    outcome: Array
    long_term: Array
    profit: Array
    roi: Array
    observed: Mask

    def some(self, chosen: Mask) -> Rows:
        """Those of them that are chosen (N,)."""
        return Rows(
            [each for each, mine in zip(self.part, chosen, strict=True) if mine],
            self.spend[chosen],
            self.outcome[chosen],
            self.long_term[chosen],
            self.profit[chosen],
            self.roi[chosen],
            self.observed[chosen],
        )


def rows_by_week(data: Dataset, found: Difference, beyond: Mask) -> Rows:
    """The weeks of the horizon and of the carry-out; beyond (R, M) cells never seen that large."""
    weeks = len(found.spend)
    return Rows(
        list(data.horizon[0] + WEEK * np.arange(weeks)),
        found.spend[:, 0],
        _until_faded(found.outcome[:, :, 0].T),
        _until_faded(found.long_term[:, :, 0].T),
        _until_faded(found.profit[:, :, 0].T),
        np.zeros(weeks),
        np.full(weeks, not beyond.any()),
    )


def _until_faded(change: Array) -> Array:
    """(T, D) of a change; exactly nothing once it has faded."""
    size = np.abs(change)
    return np.where(size > FADED * size.max(initial=0.0), change, 0.0)


def rows_by_group(names: Sequence[str], groups: Indices, found: Difference, beyond: Mask) -> Rows:
    """One row a group, all weeks together; groups (R, M) index into names."""
    spent = (found.planned, found.planned + found.spend[0])
    roi = [
        value.mean(axis=0) / np.where(total > 0, total, np.inf)
        for value, total in zip((found.value, found.value_changed), spent, strict=True)
    ]
    observed = [not beyond[groups == group].any() for group in range(len(names))]
    return Rows(
        names,
        found.spend[0],
        found.outcome[:, 0].T,
        found.long_term[:, 0].T,
        found.profit[:, 0].T,
        roi[1] - roi[0],
        np.array(observed, dtype=bool),
    )


def with_baseline(rows: Rows, change: Array, worth: float) -> Rows:
    """Add what controls move without any media: to the weeks or the total, or as a row of its own.

    change (D, H, R) outcome; worth: money per outcome
    """
    if len(rows.part) and isinstance(rows.part[0], np.datetime64):
        more = np.zeros_like(rows.outcome)
        more[: change.shape[1]] = change.sum(axis=2).T
        return replace(rows, outcome=rows.outcome + more, profit=rows.profit + worth * more)
    total = change.sum(axis=(1, 2))[None]
    if list(rows.part) == [TOTAL]:
        return replace(rows, outcome=rows.outcome + total, profit=rows.profit + worth * total)
    return Rows(
        [*rows.part, BASELINE],
        np.append(rows.spend, 0.0),
        np.concatenate([rows.outcome, total]),
        np.concatenate([rows.long_term, np.zeros_like(total)]),
        np.concatenate([rows.profit, worth * total]),
        np.append(rows.roi, 0.0),
        np.append(rows.observed, True),
    )


def expected_rows(answers: Sequence[Rows], weights: Sequence[float]) -> Rows:
    """The expectation over scenarios, every difference weighted draw by draw.

    What is left to 1 is the plan as it stands, which differs by nothing. So the range tells how
    well the expectation is known, not how far apart the scenarios are. A part is observed where
    it is in every scenario that has a weight.
    """
    parts = list(dict.fromkeys(part for rows in answers for part in rows.part))
    places = {part: place for place, part in enumerate(parts)}
    rows = joined(answers)
    mix = np.zeros((len(parts), len(rows.part)))
    weight = np.repeat(weights, [len(each.part) for each in answers])
    mix[[places[part] for part in rows.part], np.arange(len(rows.part))] = weight
    return Rows(
        parts,
        mix @ rows.spend,
        mix @ rows.outcome,
        mix @ rows.long_term,
        mix @ rows.profit,
        mix @ rows.roi,
        ~(mix @ ~rows.observed > 0),
    )


def joined(answers: Sequence[Rows]) -> Rows:
    """The rows of several scenarios, one after the other."""
    return Rows(
        [part for rows in answers for part in rows.part],
        np.concatenate([rows.spend for rows in answers]),
        np.concatenate([rows.outcome for rows in answers]),
        np.concatenate([rows.long_term for rows in answers]),
        np.concatenate([rows.profit for rows in answers]),
        np.concatenate([rows.roi for rows in answers]),
        np.concatenate([rows.observed for rows in answers]),
    )


def groups_by(data: Dataset, by: str) -> tuple[Indices, tuple[str, ...]]:
    """(R, M) index of each cell's group, -1 where it never ran, and the groups' names."""
    ran = data.line_of >= 0
    if by in ("week", TOTAL):
        return np.where(ran, 0, -1).astype(np.intp), (TOTAL,)
    labels = labels_of(data, by)
    names = names_of(data, by)
    if (labels[ran] == "").any():
        names = (*names, f"no {by}")
    groups = np.full(data.line_of.shape, -1, dtype=np.intp)
    for region, medium in np.argwhere(ran):
        label = labels[region, medium]
        groups[region, medium] = names.index(label) if label else len(names) - 1
    return groups, names
