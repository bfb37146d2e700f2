"""What a measurement is worth before it is made: how much better the split would be, on average.

Expected value of sample information (Raiffa and Schlaifer 1961): for each result that the test
may give, the draws are weighed by how well they foretold it, and the budget is split anew on what
they then say. Half of the draws choose the split and the other half judge it, so that no split is
praised for fitting the draws that it was chosen on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.tabular import Array

RESULTS = 24  # results of a test that are looked at, each as likely as the others
ERRORS = (-1.28, -0.52, 0.0, 0.52, 1.28)  # normal errors that stand for all: midpoints of fifths
HALVINGS = 40  # of the span of prices


@dataclass(frozen=True)
class Choice:
    """What is decided: each line's money between its bounds, all of it adding up to the budget.

    spend   (L, K) evenly spaced from the least to the most that a line may get
    value   (D, L, K) what it is then worth, draw by draw
    budget  money
    """

    spend: Array
    value: Array
    budget: float

    def best(self, value: Array) -> Array:
        """(Q, L) the best split for each of Q tables of values (Q, L, K).

        By the price of money: at each price every line takes what pays best, and the price at
        which that adds up to the budget is found by halving. Between the two splits on either
        side of it the rest is shared out along the straight line.
        """
        step = (self.spend[:, -1] - self.spend[:, 0]) / (self.spend.shape[1] - 1)
        rise = np.abs(np.diff(value, axis=2)) / np.where(step > 0, step, np.inf)[:, None]
        dear = rise.max(axis=(1, 2)) * 1.001 + 1e-300
        cheap = -dear
        low, high = self._taken(value, dear), self._taken(value, cheap)
        for _ in range(HALVINGS):
            price = (cheap + dear) / 2.0
            taken = self._taken(value, price)
            over = taken.sum(axis=1) > self.budget
            cheap, dear = np.where(over, price, cheap), np.where(over, dear, price)
            high = np.where(over[:, None], taken, high)
            low = np.where(over[:, None], low, taken)
        gap = high.sum(axis=1) - low.sum(axis=1)
        part = np.clip((self.budget - low.sum(axis=1)) / np.where(gap > 0, gap, 1.0), 0.0, 1.0)
        return np.asarray(low + part[:, None] * (high - low))

    def worth(self, value: Array, split: Array) -> Array:
        """(Q,) value of each split (Q, L) under its table of values (Q, L, K)."""
        first, points = self.spend[:, 0], self.spend.shape[1]
        step = (self.spend[:, -1] - first) / (points - 1)
        place = np.clip((split - first) / np.where(step > 0, step, 1.0), 0.0, points - 1.0)
        left = np.minimum(place.astype(np.intp), points - 2)
        ends = (np.take_along_axis(value, (left + n)[:, :, None], 2)[:, :, 0] for n in (0, 1))
        below, above = ends
        return np.asarray((below + (place - left) * (above - below)).sum(axis=1))

    def _taken(self, value: Array, price: Array) -> Array:
        """(Q, L) what pays best at a price of money (Q,)."""
        most = (value - price[:, None, None] * self.spend).argmax(axis=2)
        return np.take_along_axis(self.spend[None], most[:, :, None], 2)[:, :, 0]


def information_value(choice: Choice, lift: Array, standard_error: float) -> float:
    """By how much a test improves the split on average; never below 0.

    lift (D,): what the test would measure if a draw were the truth.
    """
    results = _results(lift, standard_error)
    halves = (slice(0, None, 2), slice(1, None, 2))
    gains = []
    for chosen, judged in (halves, halves[::-1]):
        value = np.ascontiguousarray(choice.value[chosen])
        said = _weighed(value, lift[chosen], results, standard_error)
        anew, now = choice.best(said), choice.best(value.mean(axis=0, keepdims=True))
        truth = _weighed(choice.value[judged], lift[judged], results, standard_error)
        gains.append(choice.worth(truth, anew) - choice.worth(truth, np.repeat(now, RESULTS, 0)))
    return max(float(np.mean(gains)), 0.0)


def split_after(choice: Choice, lift: Array, result: float, standard_error: float) -> Array:
    """(L,) the best split once a test has measured `result`; the draws are weighed, not drawn."""
    said = _weighed(choice.value, lift, np.array([result]), standard_error)
    return np.asarray(choice.best(said)[0])


def _results(lift: Array, standard_error: float) -> Array:
    """(RESULTS,) what the test may measure, at equal steps of probability."""
    drawn = lift[:, None] + standard_error * np.array(ERRORS)
    return np.quantile(drawn, (np.arange(RESULTS) + 0.5) / RESULTS)


def _weighed(value: Array, lift: Array, results: Array, standard_error: float) -> Array:
    """(Q, L, K) mean of value (D, L, K) after each result (Q,): draws that foretold it count."""
    weight = _weights(lift, results, standard_error)
    return np.asarray((weight @ value.reshape(len(value), -1)).reshape(-1, *value.shape[1:]))


def _weights(lift: Array, results: Array, standard_error: float) -> NDArray[np.float64]:
    """(Q, D) normal likelihood of each result under each draw, adding up to 1 over the draws."""
    log = -0.5 * ((results[:, None] - lift) / max(standard_error, 1e-300)) ** 2
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))
