"""PyMC-Marketing on one market: fit, contribution and its optimiser's split.

It runs in an interpreter of its own, since it brings a compiler and half a gigabyte of packages:
`python -m venv PEER && PEER/bin/pip install pymc-marketing==0.19.2 nutpie`, and then `--peer-python
PEER/bin/python`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from peers.wide import Wide

PROGRAM = Path(__file__).with_name("pymc_marketing_program.py")


@dataclass(frozen=True)
class Answer:
    """What the peer said of one market.

    seconds, cpu      of its fit; optimize_seconds of all its splits; mib at most in memory
    contribution      per channel draws of what it caused in the last 52 weeks
    splits            one per range asked for: money of each channel over the horizon
    """

    version: str
    seconds: float
    cpu: float
    mib: float
    contribution: Mapping[str, Sequence[float]]
    splits: Sequence[Mapping[str, float]]
    optimize_seconds: float


def ask(
    python: Path, data: Wide, horizon: int, ranges: Sequence[tuple[float, float]] = ()
) -> Answer:
    """Fit in that interpreter, and split the plan's budget within each range of multiples."""
    market = {
        "weeks": [str(week.date()) for week in data.weeks],
        "channels": list(data.channels),
        "spend": data.spend.tolist(),
        "outcome": data.outcome.tolist(),
        "controls": data.controls.tolist(),
        "plan": data.plan.tolist(),
        "horizon": horizon,
        "ranges": list(ranges),
    }
    # isolated (-I): this folder must not stand before the package of the same name
    said = subprocess.run(
        [str(python), "-I", str(PROGRAM)],
        input=json.dumps(market),
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        raise RuntimeError(f"{python} failed:\n{said.stderr[-2000:]}")
    answer = json.loads(said.stdout)
    totals = [
        {name: horizon * money for name, money in weekly.items()} for weekly in answer.pop("splits")
    ]
    return Answer(splits=totals, **answer)
