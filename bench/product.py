"""What a user waits for, beside the time that it may take: CPU seconds of one core.

Run `python bench/product.py`. Commands run as processes of their own, everything loaded anew from
modules that are compiled, as they are once installed; a formula's time is the median of calls that
each ask something new.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xlbudget.data.dataset import Dataset
from xlbudget.formulas.catalogue import call
from xlbudget.governance.what_if import what_if
from xlbudget.hosts.model_store import ModelStore
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.plan import make_plan
from xlbudget.simulator import sample_market

TABLES = ("spend", "outcomes", "controls", "channels", "experiments", "settings", "regions")
ROWS, WEEKS, CHANNELS, REGIONS = 100_000, 156, 20, 32
CALLS = 20  # of each formula
MIB = 1024.0 if sys.platform != "darwin" else 1024.0**2  # ru_maxrss in one MiB


def told(what: str, found: float, aim: float, unit: str) -> None:
    print(f"{what:44} {found:8.2f} {unit:3}  aim {aim:g}")


def of_process(*words: str, store: str) -> float:
    """CPU seconds of a Python process that keeps its fits in a folder, its modules beside it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "XLBUDGET_STORE": store, "PYTHONPYCACHEPREFIX": f"{store}-pyc"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run([sys.executable, *words], check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands(folder: Path) -> None:
    book, store = str(folder / "book.xlsx"), str(folder / "store")
    least = min(of_process("-c", "import xlbudget", store=store) for _ in range(5))
    bare = min(of_process("-c", "pass", store=store) for _ in range(5))
    told("import xlbudget", least - bare, 0.3, "s")
    of_process("-m", "xlbudget", "template", "--sample", "-o", book, store=store)
    told("xlbudget --help", of_process("-m", "xlbudget", "--help", store=store), 1.0, "s")
    plan = ("-m", "xlbudget", "plan", book, "-o", str(folder / "plan.xlsx"))
    of_process(*plan, store=store)  # compiles
    shutil.rmtree(store)
    told("xlbudget plan, the sample, fit included", of_process(*plan, store=store), 10.0, "s")


def cells(frame: pd.DataFrame) -> list[list[Any]]:
    """A range as a host hands it over."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [list(frame.columns), *plain.values.tolist()]


def formulas(folder: Path) -> None:
    frames = sample_market().frames()
    ranges = {name: cells(frame) for name, frame in frames.items()}
    shelf = ModelStore(folder / "formulas")
    key = str(call("MODEL", [ranges[name] for name in TABLES], shelf).value)
    lines = sorted(set(frames["spend"]["channel"]))
    asked: dict[str, Callable[[int], list[Any]]] = {
        "MARGINAL_ROI": lambda n: [key, None, [["TV", 40_000 + n]]],
        "MARGINAL_ROI of one line": lambda n: [key, "TV", 50_000 + n],
        "RESPONSE": lambda n: [key, "TV", 60_000 + n],
        "CURVE": lambda n: [key, lines[n % len(lines)], 50 + n // len(lines)],
        "CONTRIBUTION": lambda n: [key, "2025-01-06", 45_992 - 7 * n],
        "PRIORS": lambda n: [key],
        "APPROVALS": lambda n: [ranges["plan"], ranges["plan"], ranges["guardrails"]],
        "FORECAST": lambda n: [key, ranges["plan"], 0.5 + n / 100],
    }
    for told_as, arguments in asked.items():
        name = told_as.partition(" ")[0]
        taken = []
        for n in range(CALLS):
            began = time.process_time()
            call(name, arguments(n), shelf)
            taken.append(time.process_time() - began)
        told(told_as, 1000.0 * float(np.median(taken)), 5.0, "ms")
    model = shelf.get(key.partition(" ")[0])
    assert model is not None
    plan = make_plan(model.data, frames["plan"])[0]
    rules = read_guardrails(model.data, frames["guardrails"])[0]
    began = time.process_time()
    what_if(model, plan, rules)
    told("six standing questions", time.process_time() - began, 5.0, "s")


def many_rows() -> None:
    rng = np.random.default_rng(0)
    weeks = pd.date_range("2023-01-02", periods=WEEKS, freq="7D")
    index = pd.MultiIndex.from_product(
        [weeks, [f"Channel {n}" for n in range(CHANNELS)], [f"Region {n}" for n in range(REGIONS)]],
        names=["week", "channel", "region"],
    )
    spend = pd.DataFrame({"spend": rng.gamma(2.0, 500.0, len(index))}, index).reset_index()[:ROWS]
    outcomes = spend.groupby(["week", "region"], as_index=False).agg(revenue=("spend", "sum"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    began = time.process_time()
    Dataset.from_frames(spend, outcomes)
    told(f"{ROWS:,} rows of spend into a Dataset", time.process_time() - began, 1.5, "s")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    told(f"  memory at most ({before:.0f} before)", most, 500.0, "MiB")


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    many_rows()
    with tempfile.TemporaryDirectory() as folder:
        commands(Path(folder))
        formulas(Path(folder))


if __name__ == "__main__":
    main()
