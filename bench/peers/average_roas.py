"""A plan by average ROAS: the money goes where past money brought most, until the bounds stop it.

The averages are the true ones of the last year, so this is the rule at its best: all that it
loses, it loses by taking the average for the next unit.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlbudget.simulator import Truth

YEAR = 52


def by_average_roas(truth: Truth, least: float, most: float) -> dict[str, float]:
    """Totals per line between least and most times the current ones; the budget stays."""
    caused = truth.contribution(str(truth.weeks[-YEAR]))
    spent = dict(zip(truth.lines, truth.spend[-YEAR:, 0].sum(axis=0), strict=True))
    roas = {line: caused[line] / spent[line] if spent[line] else 0.0 for line in truth.lines}
    return filled(truth.current(), roas, least, most)


def filled(
    current: Mapping[str, float], merit: Mapping[str, float], least: float, most: float
) -> dict[str, float]:
    """Every line at its least, then the lines to their most in order of merit."""
    totals = {line: least * money for line, money in current.items()}
    left = sum(current.values()) - sum(totals.values())
    for line in sorted(current, key=lambda name: merit[name], reverse=True):
        more = min((most - least) * current[line], left)
        totals[line] += more
        left -= more
    return totals
