"""Did the draws settle, and is the fit fit for use: figures, and the same in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.response.lift_effects import LiftEffects
from xlbudget.tabular import Array, Columns, Tabular

FINE, LOOK, REFUSED = "fine", "look", "do not use"
TOTAL_LIMIT = 1.2  # R-hat of the total of all media above which nothing should be used
ENOUGH = 100.0  # effective draws of a line that make its range steady


@dataclass(frozen=True)
class Diagnostics(Tabular):
    """Per line how well its draws agree, and the verdict on the fit as a whole.

    r_hat            of the line's contribution over split chains; 1 is agreement
    effective_draws  independent draws that these are worth
    no_effect        share of draws in which the line does nothing
    sentences        all that is to be said of the fit; reasons: those of them that made the verdict
    tests            what each lift test changed; None where there is none, or nobody compared
    """

    line: tuple[str, ...]
    r_hat: Array
    effective_draws: Array
    no_effect: Array
    words: tuple[str, ...]
    verdict: str
    sentences: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    tests: LiftEffects | None = None

    def columns(self) -> Columns:
        """One row a line."""
        return {
            "line": self.line,
            "r_hat": self.r_hat,
            "effective_draws": self.effective_draws,
            "no_effect": self.no_effect,
            "words": self.words,
        }


def settled(diagnostics: Diagnostics) -> bool:
    """Whether more draws would hardly change a range.

    Not a limit on R-hat alone: on weakly known lines it stays high while the ranges stand still.
    """
    return diagnostics.verdict != REFUSED and float(diagnostics.effective_draws.min()) >= ENOUGH


def agreement(chains: Array) -> tuple[Array, Array]:
    """Split R-hat and effective draws of each column; chains (S, C, N) -> both (N,).

    Gelman et al., Bayesian Data Analysis, 3rd edition, section 11.4; a constant column has
    R-hat 1 and all its draws.
    """
    half = len(chains) // 2
    if half < 2:
        return np.ones(chains.shape[2]), np.full(chains.shape[2], float(chains[..., 0].size))
    split = np.concatenate([chains[:half], chains[half : 2 * half]], axis=1)
    within = split.var(axis=0, ddof=1).mean(axis=0)
    between = half * split.mean(axis=0).var(axis=0, ddof=1)
    moving = within > 1e-12 * np.maximum(np.abs(split).max(axis=(0, 1)) ** 2, 1e-300)
    pooled = within * (half - 1) / half + between / half
    safe = np.where(moving, within, 1.0)
    r_hat = np.where(moving, np.sqrt(pooled / safe), np.where(between > 0, np.inf, 1.0))
    effective = _effective(split, np.where(moving, pooled, 1.0), safe)
    return r_hat, np.where(moving, effective, float(split[..., 0].size))


def _effective(split: Array, pooled: Array, within: Array) -> Array:
    """(N,) from the autocorrelations within chains, summed while their pairs stay positive."""
    length, chains = split.shape[:2]
    centred = split - split.mean(axis=0)
    rho = [np.ones(split.shape[2])]
    for lag in range(1, length):
        covariance = (centred[lag:] * centred[:-lag]).sum(axis=0).mean(axis=0) / (length - 1)
        rho.append(1.0 - (within - covariance) / pooled)
    total, alive = np.zeros(split.shape[2]), np.ones(split.shape[2], dtype=bool)
    for even in range(0, length - 1, 2):
        pair = rho[even] + rho[even + 1]
        alive &= pair > 0
        total += np.where(alive, pair, 0.0)
    return np.asarray(length * chains / np.maximum(2.0 * total - 1.0, 1.0 / np.log10(10 * length)))
