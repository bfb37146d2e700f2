"""How long a fit takes and what memory it needs, beside a peer where one is installed.

python bench/fit.py
python bench/fit.py --peer pymc-marketing
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import sys
import time

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit
from xlbudget.simulator import draw_market

CASES = (  # channels, weeks, regions, seconds allowed
    (10, 156, 1, 0.6),
    (8, 156, 8, 8.0),
)
NAMES = ("spend", "outcomes", "controls", "channels", "settings")


def ours(channels: int, weeks: int, regions: int, allowed: float) -> tuple[Dataset, float]:
    """Fit once to load everything, then three times; the median counts."""
    frames = draw_market(0, channels, weeks, regions).frames()
    data = Dataset.from_frames(**{name: frames[name] for name in NAMES})
    fit(data, draws=40)
    taken = []
    for seed in range(3):
        began = time.process_time()
        model = fit(data, draws=1000, seed=seed)
        taken.append(time.process_time() - began)
    unit = 1024.0 if sys.platform != "darwin" else 1024.0**2
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(
        f"{channels} channels x {weeks} weeks x {regions} regions: {np.median(taken):.2f} s of CPU "
        f"(allowed {allowed}), process at most {memory:.0f} MiB, {model.diagnostics.verdict}"
    )
    grid = np.linspace(0.0, 2.0, 24) * model.recent_weekly()[:, None] * len(data.horizon)
    path = model.steady_path(model.recent_weekly())
    began = time.process_time()
    model.value_curves(path, grid)
    print(f"  curves on 24 points: {1000 * (time.process_time() - began):.0f} ms of CPU")
    return data, float(np.median(taken))


def pymc_marketing(data: Dataset) -> float:
    """Seconds that PyMC-Marketing's default model takes on the same data."""
    import pandas as pd
    from pymc_marketing.mmm import MMM, GeometricAdstock, LogisticSaturation

    seen = ~np.isnan(data.outcome[:, 0])
    x = pd.DataFrame(data.spend[seen, 0], columns=list(data.line_names))
    x.insert(0, "date", data.weeks[seen])
    peer = MMM(
        date_column="date",
        channel_columns=list(data.line_names),
        adstock=GeometricAdstock(l_max=8),
        saturation=LogisticSaturation(),
        yearly_seasonality=2,
    )
    began = time.perf_counter()
    peer.fit(x, pd.Series(data.outcome[seen, 0], name="y"), random_seed=0)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", choices=["pymc-marketing"])
    options = parser.parse_args()
    results = [ours(*case) for case in CASES]
    if options.peer and importlib.util.find_spec("pymc_marketing") is None:
        print("pymc-marketing is not installed here: no ratio")
    elif options.peer:
        data, taken = results[0]
        peer = pymc_marketing(data)
        print(f"pymc-marketing: {peer:.1f} s, {peer / taken:.0f} times ours")


if __name__ == "__main__":
    main()
