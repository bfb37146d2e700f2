"""Saturation: how the response to carried-over spend flattens. A form is a handful of formulas.

Every form rises from 0, has a finite slope everywhere (the first unit of money never returns
infinitely much), and a slope that rises to one peak and falls after it. That one fact gives an
exact upper bound of the slope on any interval, which the optimiser's certificate rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.tabular import Array

Rows = slice | NDArray[np.intp]
Kind = tuple["Saturation", bool, Rows]


@dataclass(frozen=True)
class Saturation:
    """One form, in units of its half-saturation: z = level / half, steepness n >= 1.

    value  (z, n) -> value at z, whose shape n broadcasts to
    both   (z, n) -> value and slope
    peak   (n) -> the z at which the slope is largest
    bends  whether a steepness above 1 makes it S-shaped
    """

    name: str
    value: Callable[[Array, Array], Array]
    both: Callable[[Array, Array], tuple[Array, Array]]
    peak: Callable[[Array], Array]
    bends: bool = False


def _hill_value(z: Array, n: Array) -> Array:
    """The value alone."""
    if not (n > 1.0).any():
        return np.asarray(z / (1.0 + z))
    with np.errstate(divide="ignore"):
        power = np.log(z)
    power *= n
    np.exp(power, out=power)  # z^n
    return np.asarray(power / (1.0 + power))


def _hill(z: Array, n: Array) -> tuple[Array, Array]:
    """z^n / (1 + z^n): half of the ceiling at z = 1; S-shaped where n > 1 (Hill 1910).

    Either all n are 1, and no power is needed, or all are above.
    """
    if not (n > 1.0).any():
        share = 1.0 / (1.0 + z)
        return z * share, share * share
    with np.errstate(divide="ignore"):
        power = np.log(z)
    power *= n - 1.0
    np.exp(power, out=power)  # z^(n-1)
    value = power * z
    share = 1.0 + value
    np.divide(1.0, share, out=share)
    value *= share
    for factor in (n, share, share):
        power *= factor
    return value, power


def _hill_peak(n: Array) -> Array:
    """Where n > 1 the curve bends at z^n = (n - 1) / (n + 1)."""
    return np.asarray(((n - 1.0) / (n + 1.0)) ** (1.0 / n))


def _exponential_value(z: Array, n: Array) -> Array:
    return np.asarray(1.0 - np.exp(-np.log(2.0) * z))


def _exponential(z: Array, n: Array) -> tuple[Array, Array]:
    """1 - 2^-z: every further half-saturation closes half of what is left (Mitscherlich 1909)."""
    left = -np.log(2.0) * z
    np.exp(left, out=left)
    value = 1.0 - left
    left *= np.log(2.0)
    return value, left


def _logarithmic_value(z: Array, n: Array) -> Array:
    return np.asarray(np.log1p(z) / np.log(2.0))


def _logarithmic(z: Array, n: Array) -> tuple[Array, Array]:
    """log2(1 + z): keeps rising, ever more slowly; there is no ceiling."""
    value, slope = np.log1p(z), 1.0 + z
    value /= np.log(2.0)
    slope *= np.log(2.0)
    return value, np.divide(1.0, slope, out=slope)


def _at_zero(n: Array) -> Array:
    return np.zeros_like(n)


FORMS = (
    Saturation("hill", _hill_value, _hill, _hill_peak, bends=True),
    Saturation("exponential", _exponential_value, _exponential, _at_zero),
    Saturation("logarithmic", _logarithmic_value, _logarithmic, _at_zero),
)


def alike(form: NDArray[np.intp], n: Array) -> Iterator[Kind]:
    """Rows of one form each: the form, whether these are S-shaped, and where they stand.

    form, n (S,). Rows that stand together are a slice, which copies nothing.
    """
    for index, each in enumerate(FORMS):
        bent = (n > 1.0) & each.bends
        for bends in (False, True):
            rows = np.flatnonzero((form == index) & (bent == bends))
            if rows.size:
                together = rows[-1] - rows[0] == rows.size - 1
                yield each, bends, slice(rows[0], rows[-1] + 1) if together else rows


def saturate(form: NDArray[np.intp], z: Array, n: Array) -> tuple[Array, Array]:
    """Value and slope of each row's own form.

    form (S,) index into FORMS; z (S, ...) level over half-saturation; n (S,) steepness
    -> value (S, ...), slope (S, ...) per unit of z.
    """
    value, slope = np.empty_like(z), np.empty_like(z)
    for each, _, rows in alike(form, n):
        steep = n[rows].reshape(-1, *(1,) * (z.ndim - 1))
        value[rows], slope[rows] = each.both(z[rows], steep)
    return value, slope


def peaks(form: NDArray[np.intp], n: Array) -> Array:
    """(S,) the z of the largest slope of each row's form."""
    out = np.zeros(len(form))
    for index, each in enumerate(FORMS):
        rows = form == index
        out[rows] = each.peak(n[rows])
    return out
