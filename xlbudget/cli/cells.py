"""One value of a result, as a person reads it and as JSON holds it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

SHARES = {
    "share",
    "change_pct",
    "prob_pays_back",
    "saturation",
    "size",
    "probability",
    "coverage",
    "prob_loss",
    "prob_better",
    "gap",
    "error",
    "naive_error",
    "chance_of_no_effect",
    "no_effect_now",
}
NOISE = 1e-9  # below it, a figure is a rounding error
COUNTS = {"fold", "weeks", "draws"}
RATIOS = {"roi", "marginal_roi", "limit_price", "next_dollar", "posterior_roi", "prior_roi"}


def as_text(name: str, value: Any) -> str:
    """A value of the column of this name: 12 %, 1.35, 1,234,567, 2026-01-05, yes."""
    plain = as_json(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, int | float):
        return _number(name, float(plain))
    return str(plain)


def as_json(value: Any) -> Any:
    """The same value in what JSON knows: no numpy, no date, no NaN."""
    if isinstance(value, Mapping):
        return {str(name): as_json(item) for name, item in value.items()}
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value.astype("datetime64[D]"))
    if isinstance(value, np.generic):
        return as_json(value.item())
    if isinstance(value, np.ndarray) or (
        isinstance(value, Sequence) and not isinstance(value, str)
    ):
        return [as_json(item) for item in value]
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, bool | int | float | str | None) else str(value)


def _number(name: str, value: float) -> str:
    if name in SHARES:
        return f"{value:z.1%}"
    if name in COUNTS:
        return f"{value:.0f}"
    if NOISE < abs(value) < 0.1:
        return f"{value:.3g}"  # 0.00087 pipeline per unit of money, not 0.00
    if name in RATIOS or abs(value) < 10:
        return f"{value:z,.2f}"  # z: no -0.00
    return f"{value:,.0f}"
