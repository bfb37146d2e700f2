"""Carry-over against plain convolution."""

import numpy as np
import pytest

from xlbudget.response.adstock import TAIL, carry_over, kernels


def test_weights_add_up_to_one_so_a_steady_spend_keeps_its_level() -> None:
    delayed = np.array([False, True])
    kernel = kernels(delayed, np.array([3.0, 2.0]), np.array([0.0, 3.0]))
    assert kernel.sum(axis=1) == pytest.approx([1.0, 1.0])
    steady = carry_over(np.full(60, 7.0), kernel)
    assert steady[:, TAIL:] == pytest.approx(np.full((2, 60 - TAIL), 7.0))


def test_geometric_halves_every_half_life() -> None:
    kernel = kernels(np.array([False]), np.array([2.0]), np.array([0.0]))[0]
    assert kernel[2:] / kernel[:-2] == pytest.approx(np.full(TAIL - 1, 0.5))


def test_delayed_peaks_when_it_says() -> None:
    kernel = kernels(np.array([True]), np.array([2.0]), np.array([3.0]))[0]
    assert kernel.argmax() == 3
    assert kernel[5] / kernel[3] == pytest.approx(0.5)


def test_carry_over_is_a_convolution() -> None:
    rng = np.random.default_rng(1)
    spend = rng.gamma(1.0, 100.0, 80)
    kernel = kernels(
        np.array([False, True, False]), np.array([0.4, 2.0, 9.0]), np.array([0.0, 2.5, 0.0])
    )
    brute = np.stack([np.convolve(spend, weights)[:80] for weights in kernel])
    assert carry_over(spend, kernel) == pytest.approx(brute)
