"""The Dataset as it stood some weeks ago, with what came after it as its horizon."""

from __future__ import annotations

from dataclasses import fields, replace

from xlbudget.data.dataset import Dataset
from xlbudget.data.fingerprint import fingerprint

UNNAMED = ("findings", "key")  # fields that are no content


def earlier(data: Dataset, known: int, weeks: int) -> Dataset:
    """The Dataset when only the first `known` weeks had come; the `weeks` after are its horizon.

    The horizon's controls are what they turned out to be. Lift tests that had not ended are left
    out; lines, media and beliefs stay, so that arrays of the two keep the same places.
    """
    start, last = data.weeks[known], data.weeks[known - 1]
    settings = replace(data.settings, horizon_start=start, horizon_weeks=weeks, budget=None)
    ended = tuple(test for test in data.experiments if test.end < start)
    then = replace(
        data,
        settings=settings,
        weeks=data.weeks[:known],
        spend=data.spend[:known],
        outcome=data.outcome[:known],
        controls=data.controls[: known + weeks],
        attributed=None if data.attributed is None else data.attributed[:known],
        experiments=ended,
        findings=(),
    )
    assert then.horizon[0] > last
    content = {f.name: getattr(then, f.name) for f in fields(then) if f.name not in UNNAMED}
    return replace(then, key=fingerprint(**content))
