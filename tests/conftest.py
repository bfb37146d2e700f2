"""What several rooms' tests share: the sample market, its Dataset and its fitted model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

# One thread a process: the small matrices here are slower on more, and xdist uses the cores.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

if TYPE_CHECKING:
    import pandas as pd

    from xlbudget.data.dataset import Dataset
    from xlbudget.response.model import ResponseModel
    from xlbudget.simulator import Market

FRAMES_OF_A_DATASET = (
    "spend",
    "outcomes",
    "controls",
    "channels",
    "regions",
    "experiments",
    "settings",
    "priors",
)


@pytest.fixture(scope="session")
def sample_market() -> Market:
    """The market that the demo shows, with its truth."""
    from xlbudget.simulator import sample_market

    return sample_market(seed=0)


@pytest.fixture(scope="session")
def sample_frames(sample_market: Market) -> dict[str, pd.DataFrame]:
    """Its tables as DataFrames, by table name in lower case. Copy before changing one."""
    return {name.lower(): frame for name, frame in sample_market.frames().items()}


@pytest.fixture(scope="session")
def sample_data(sample_frames: dict[str, pd.DataFrame]) -> Dataset:
    """Its Dataset."""
    from xlbudget.data.dataset import Dataset

    tables = {name: sample_frames[name] for name in FRAMES_OF_A_DATASET if name in sample_frames}
    return Dataset.from_frames(**tables)


@pytest.fixture(scope="session")
def sample_model(sample_data: Dataset) -> ResponseModel:
    """The model fitted to it with the defaults: 1,000 draws, seed 0."""
    from xlbudget.response.fit import fit

    return fit(sample_data)


@pytest.fixture(scope="session")
def ranges(sample_market: Market) -> dict[str, list[list[Any]]]:
    """Its tables as a sheet holds them: rows of cells, the header first, dates as numbers."""
    from xlbudget.formulas.cells import serial

    def cell(value: Any) -> Any:
        if isinstance(value, np.datetime64):
            return None if np.isnat(value) else serial(value)
        if value is None or isinstance(value, str):
            return value
        return None if np.isnan(value) else float(value)

    def grid(columns: Mapping[str, Any]) -> list[list[Any]]:
        rows = zip(*columns.values(), strict=True)
        return [list(columns), *[[cell(value) for value in row] for row in rows]]

    return {name.capitalize(): grid(columns) for name, columns in sample_market.tables.items()}


@pytest.fixture(autouse=True)
def own_store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models that a test fits are kept in a folder of its own, never in the user's."""
    monkeypatch.setenv("XLBUDGET_STORE", str(tmp_path_factory.mktemp("store")))
