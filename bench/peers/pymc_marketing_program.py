"""Runs in the interpreter of PyMC-Marketing, without xlbudget: one market in, its answers out.

Standard input and output are JSON, as `pymc_marketing.py` beside this file writes and reads it.
The model is the package's default: geometric carry-over of 8 weeks, logistic saturation, two waves
of season, the controls, four chains of NUTS (nutpie where it is installed).
"""

import importlib.util
import json
import resource
import sys
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd

YEAR = 52  # weeks
DRAWS = 400  # of each contribution that are handed back, at least


def main() -> None:
    warnings.simplefilter("ignore")
    market = json.load(sys.stdin)
    out = sys.stdout
    sys.stdout = sys.stderr  # the package prints what it does
    began, used = time.perf_counter(), cpu()
    model = fitted(market)
    answer: dict[str, Any] = {"seconds": time.perf_counter() - began, "cpu": cpu() - used}
    answer["version"] = version()
    answer["contribution"] = contribution(model, market["channels"])
    began = time.perf_counter()
    answer["splits"] = [split(model, market, *bounds) for bounds in market["ranges"]]
    answer["optimize_seconds"] = time.perf_counter() - began
    answer["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    json.dump(answer, out)


def cpu() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def version() -> str:
    import pymc_marketing

    return f"PyMC-Marketing {pymc_marketing.__version__}, {sampler()}"


def sampler() -> str:
    return "nutpie" if importlib.util.find_spec("nutpie") else "pymc"


def fitted(market: dict[str, Any]) -> Any:
    from pymc_marketing.mmm import GeometricAdstock, LogisticSaturation
    from pymc_marketing.mmm.multidimensional import MMM

    controls = [f"control {n}" for n in range(len(market["controls"][0]))]
    x = pd.DataFrame(market["spend"], columns=market["channels"], dtype=float)
    x[controls] = np.array(market["controls"], dtype=float)
    x.insert(0, "date", pd.DatetimeIndex(market["weeks"]))
    model = MMM(
        date_column="date",
        channel_columns=market["channels"],
        control_columns=controls or None,
        adstock=GeometricAdstock(l_max=8),
        saturation=LogisticSaturation(),
        yearly_seasonality=2,
    )
    y = pd.Series(market["outcome"], name="y", dtype=float)
    model.build_model(x, y)
    model.add_original_scale_contribution_variable(var=["channel_contribution"])
    model.fit(x, y, progressbar=False, random_seed=0, nuts_sampler=sampler())
    return model


def contribution(model: Any, channels: list[str]) -> dict[str, list[float]]:
    """Per channel draws of what it caused in the last year."""
    weekly = model.idata.posterior["channel_contribution_original_scale"]
    year = weekly.isel(date=slice(-YEAR, None)).sum("date").stack(sample=("chain", "draw"))
    some = year.isel(sample=slice(None, None, max(year.sizes["sample"] // DRAWS, 1)))
    return {name: some.sel(channel=name).values.tolist() for name in channels}


def split(model: Any, market: dict[str, Any], least: float, most: float) -> dict[str, float]:
    """Money a week per channel that its optimiser recommends between these multiples.

    It starts at the plan; where it says that it did not settle, what it had reached counts.
    """
    import xarray
    from pymc_marketing.mmm.multidimensional import MultiDimensionalBudgetOptimizerWrapper

    last = np.datetime64(market["weeks"][-1])
    first, end = (str(last + np.timedelta64(7 * ahead, "D")) for ahead in (1, market["horizon"]))
    optimizer = MultiDimensionalBudgetOptimizerWrapper(model, start_date=first, end_date=end)
    plan = np.array(market["plan"], dtype=float)
    bounds = xarray.DataArray(
        np.stack([least * plan, most * plan], axis=1),
        dims=("channel", "bound"),
        coords={"channel": market["channels"], "bound": ["lower", "upper"]},
    )
    best, _ = optimizer.optimize_budget(
        budget=float(plan.sum()), budget_bounds=bounds, x0=plan, return_if_fail=True
    )
    return {name: float(best.sel(channel=name)) for name in market["channels"]}


if __name__ == "__main__":
    main()
