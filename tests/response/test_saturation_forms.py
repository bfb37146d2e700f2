"""Saturation forms: known values, slopes, and the one peak that the certificate rests on."""

import numpy as np
import pytest

from xlbudget.response.saturation import FORMS, peaks, saturate

STEEPNESS = np.array([1.0, 1.3, 2.0, 3.5])


@pytest.mark.parametrize("index", range(len(FORMS)), ids=[form.name for form in FORMS])
def test_every_form_starts_at_nothing_and_rises(index: int) -> None:
    z = np.tile(np.linspace(0.0, 20.0, 500), (4, 1))
    value, slope = saturate(np.full(4, index), z, STEEPNESS)
    assert (value[:, 0] == 0.0).all()
    assert (np.diff(value, axis=1) > 0.0).all()
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("index", range(len(FORMS)), ids=[form.name for form in FORMS])
def test_half_saturation_is_half_of_the_ceiling(index: int) -> None:
    value, _ = saturate(np.full(4, index), np.ones((4, 1)), STEEPNESS)
    one = 1.0 if FORMS[index].name == "logarithmic" else 0.5  # the logarithm has no ceiling
    assert value == pytest.approx(np.full((4, 1), one))


@pytest.mark.parametrize("index", range(len(FORMS)), ids=[form.name for form in FORMS])
def test_slope_is_the_derivative(index: int) -> None:
    z, step = np.tile(np.linspace(0.05, 8.0, 200), (4, 1)), 1e-6
    form = np.full(4, index)
    above, below = (saturate(form, z + d, STEEPNESS)[0] for d in (step, -step))
    assert saturate(form, z, STEEPNESS)[1] == pytest.approx((above - below) / (2 * step), rel=1e-6)


@pytest.mark.parametrize("index", range(len(FORMS)), ids=[form.name for form in FORMS])
def test_the_slope_rises_to_its_peak_and_falls_after_it(index: int) -> None:
    z = np.tile(np.linspace(0.0, 10.0, 4001), (4, 1))
    form = np.full(4, index)
    _, slope = saturate(form, z, STEEPNESS)
    for row, peak in enumerate(peaks(form, STEEPNESS)):
        assert (np.diff(slope[row, z[row] <= peak]) >= 0.0).all()
        assert (np.diff(slope[row, z[row] >= peak]) <= 0.0).all()


def test_hill_is_the_textbook_formula() -> None:
    z = np.array([[0.2, 1.0, 4.0]])
    value, _ = saturate(np.array([0]), z, np.array([2.0]))
    assert value == pytest.approx(z**2 / (1.0 + z**2))
