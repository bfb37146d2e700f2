"""The steps of a waterfall: what each part adds to a total or takes away, the total last."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbook.book import Shown
from workbook.styles import MONEY, TEXT, Format
from xlbudget.tabular import Array, Columns

_MOST = 10  # steps that a chart has room for; the smallest beyond them stand together
_SMALL = 1e-9  # of the largest step: no step at all


def step_columns(unit: str) -> tuple[Shown, ...]:
    """Columns of the cells that a waterfall is drawn from; below zero all bars hang down."""
    number = Format(MONEY, 14, right=True)
    return (
        Shown("line", "Step", Format(TEXT, 22)),
        Shown("base", "Starts at", number, unit),
        Shown("up", "Adds", number, unit),
        Shown("down", "Takes away", number, unit),
    )


def steps(names: Sequence[str], amounts: Array) -> Columns:
    """line, base, up, down: an unseen base, and a bar that adds to it or takes away; amounts (N,).

    What goes the total's way comes first, so that no bar crosses zero; below zero, bars are
    negative.
    """
    names, amounts = _folded(names, np.asarray(amounts, dtype=float))
    total = float(amounts.sum())
    side = -1.0 if total < 0 else 1.0
    order = np.argsort(-side * amounts, kind="stable")
    ends = side * np.cumsum(amounts[order])
    starts = ends - side * amounts[order]
    sizes = np.append(ends - starts, side * total)  # above 0: further from zero
    away, back = np.maximum(sizes, 0.0), np.maximum(-sizes, 0.0)
    up, down = (away, back) if side > 0 else (back, away)
    return {
        "line": [*(names[int(i)] for i in order), "Total"],
        "base": side * np.append(np.minimum(starts, ends), 0.0),
        "up": side * up,
        "down": side * down,
    }


def _folded(names: Sequence[str], amounts: Array) -> tuple[list[str], Array]:
    """Without what is nothing, and with the smallest together where there are many."""
    size = np.abs(amounts)
    kept = [int(i) for i in np.flatnonzero(size > _SMALL * max(float(size.max(initial=0)), 1e-300))]
    largest = sorted(kept, key=lambda i: -size[i])
    if len(kept) > _MOST:
        shown = set(largest[: _MOST - 1])
        rest = [i for i in kept if i not in shown]
        kept = [i for i in kept if i in shown]
        named = [*(names[i] for i in kept), f"{len(rest)} others"]
        return named, np.append(amounts[kept], amounts[rest].sum())
    return [names[i] for i in kept], amounts[kept]
