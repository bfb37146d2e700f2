"""Where the data leave few shapes in use the library becomes fine, so that ranges stay honest."""

from __future__ import annotations

import numpy as np

from xlbudget.response.shapes import FEW, FINE, SHAPES, first_library, refined_library


def test_few_shapes_in_use_make_a_fine_library() -> None:
    rng = np.random.default_rng(0)
    library = first_library(rng)
    few, many = np.arange(240) % (FEW // 2), np.arange(240) % (4 * FEW)
    assert len(refined_library(library, few, rng).latent) == FINE
    assert len(refined_library(library, many, rng).latent) == SHAPES
    assert len(refined_library(library, few, rng, fine=False).latent) == SHAPES


def test_a_fine_library_stands_for_the_same_prior() -> None:
    rng = np.random.default_rng(1)
    libraries = [refined_library(first_library(rng), np.arange(240) % 4, rng) for _ in range(40)]
    means, spreads = [], []
    for library in libraries:
        weight = np.exp(library.log_weight)
        weight /= weight.sum()
        mean = weight @ library.latent
        means.append(mean)
        spreads.append(weight @ (library.latent - mean) ** 2)
    error = np.std(means, axis=0) / np.sqrt(len(means))
    assert (np.abs(np.mean(means, axis=0)) < 4.0 * error + 0.02).all()
    assert (np.abs(np.mean(spreads, axis=0) - 1.0) < 0.1).all()
