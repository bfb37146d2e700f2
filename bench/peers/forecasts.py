"""Forecasts that know no advertising: last year's weeks again, and exponential smoothing."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

YEAR = 52  # weeks


def seasonal_naive(outcome: pd.Series, weeks: int) -> np.ndarray:
    """(weeks,) the outcome of the same weeks a year before; a year must be known."""
    return outcome.to_numpy()[-YEAR:][:weeks]


def smoothed(outcome: pd.Series, weeks: int, draws: int = 1000) -> np.ndarray:
    """(draws, weeks) paths of exponential smoothing, its form chosen by AICc.

    Level only, or with a damped trend; with an additive season where two years are known
    (Hyndman et al. 2008, "Forecasting with exponential smoothing"; statsmodels).
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    seasons = (None, "add") if len(outcome) >= 2 * YEAR else (None,)
    fits = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an optimiser that did not settle loses by its AICc
        for season in seasons:
            for trend in (None, "add"):
                model = ETSModel(
                    outcome.asfreq("7D"),
                    error="add",
                    trend=trend,
                    damped_trend=trend is not None,
                    seasonal=season,
                    seasonal_periods=YEAR if season else None,
                    initialization_method="heuristic",
                )
                fits.append(model.fit(disp=False))
    best = min(fits, key=lambda fit: fit.aicc)
    paths = best.simulate(weeks, anchor="end", repetitions=draws, rng=np.random.default_rng(0))
    return paths.to_numpy().T
