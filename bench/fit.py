"""How long a fit takes and what memory it needs, beside a peer on the same data in the same call.

python bench/fit.py
python bench/fit.py --peer pymc-marketing --peer-python PEER/bin/python
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markets import dataset_of
from peers.pymc_marketing import ask
from peers.wide import wide

from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Market, draw_market

CASES = (  # channels, weeks, regions, seconds allowed
    (10, 156, 1, 0.6),
    (8, 156, 8, 8.0),
)


@dataclass(frozen=True)
class Taken:
    """Median over the fits, in seconds."""

    wall: float
    cpu: float


def ours(market: Market, fits: int = 5) -> tuple[Taken, ResponseModel]:
    """Fit once to load everything, then some times; the median counts."""
    data = dataset_of(market.frames())
    fit(data, draws=40)
    wall, cpu = [], []
    for seed in range(fits):
        began, used = time.perf_counter(), time.process_time()
        model = fit(data, draws=1000, seed=seed)
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
    return Taken(float(np.median(wall)), float(np.median(cpu))), model


def curve_seconds(model: ResponseModel) -> float:
    """CPU that the value curves of all lines take on 24 points."""
    grid = np.linspace(0.0, 2.0, 24) * model.recent_weekly()[:, None] * len(model.data.horizon)
    path = model.steady_path(model.recent_weekly())
    began = time.process_time()
    model.value_curves(path, grid)
    return time.process_time() - began


def memory() -> float:
    """MiB that this process had at most."""
    unit = 1024.0 if sys.platform != "darwin" else 1024.0**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def beside_peer(market: Market, python: Path, taken: Taken) -> None:
    """The peer's default fit on the same market, and how many times ours it takes."""
    peer = ask(python, wide(market.frames()), len(market.truth.horizon))
    print(f"{peer.version}: {peer.seconds:.1f} s, {peer.cpu:.1f} s of CPU, {peer.mib:.0f} MiB")
    print(
        f"ours: {taken.wall:.2f} s, {taken.cpu:.2f} s of CPU; "
        f"{peer.seconds / taken.wall:.0f} times faster, {peer.cpu / taken.cpu:.0f} times by CPU"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peer", choices=["pymc-marketing"])
    parser.add_argument("--peer-python", type=Path, help="interpreter that has the peer")
    options = parser.parse_args()
    if options.peer and not options.peer_python:
        parser.error("--peer needs --peer-python, the interpreter that has it")
    drawn = [draw_market(0, *case[:3]) for case in CASES]
    times = []
    for (channels, weeks, regions, allowed), market in zip(CASES, drawn, strict=True):
        taken, model = ours(market)
        times.append(taken)
        print(
            f"{channels} channels x {weeks} weeks x {regions} regions: {taken.cpu:.2f} s of CPU "
            f"(allowed {allowed}), {taken.wall:.2f} s by the clock, process at most "
            f"{memory():.0f} MiB, {model.diagnostics.verdict}; "
            f"curves on 24 points {1000 * curve_seconds(model):.0f} ms of CPU"
        )
    if options.peer:
        beside_peer(drawn[0], options.peer_python, times[0])


if __name__ == "__main__":
    main()
