"""The sample market as a spreadsheet shows it: names that stand for ranges of cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from xlbudget.formulas.catalogue import call
from xlbudget.formulas.cells import serial
from xlbudget.hosts.model_store import ModelStore

if TYPE_CHECKING:
    from xlbudget.response.model import ResponseModel
    from xlbudget.simulator import Market

Grid = list[list[Any]]


def cell(value: Any) -> Any:
    """A value as a sheet holds it: dates are serial numbers, what is missing is empty."""
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else serial(value)
    if value is None or isinstance(value, str):
        return value
    return None if np.isnan(value) else float(value)


def grid(columns: Mapping[str, Any]) -> Grid:
    """A table as rows of cells, the header first."""
    return [list(columns), *[[cell(v) for v in row] for row in zip(*columns.values(), strict=True)]]


@pytest.fixture(scope="session")
def ranges(sample_market: Market) -> dict[str, Grid]:
    """Every table of the sample market as a range, by its name in the workbook."""
    return {name.capitalize(): grid(columns) for name, columns in sample_market.tables.items()}


@pytest.fixture(scope="session")
def shelf(sample_model: ResponseModel, tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    """A shelf on which the sample's model stands."""
    store = ModelStore(tmp_path_factory.mktemp("shelf"))
    store.put(sample_model)
    return store


@pytest.fixture(scope="session")
def key(sample_model: ResponseModel) -> str:
    """What a MODEL cell of the sample says."""
    return f"{sample_model.key} revenue"


@pytest.fixture
def answer(shelf: ModelStore) -> Any:
    """`answer("CURVE", key, "TV")`: the answer of a formula on that shelf."""
    return lambda name, *given: call(name, given, shelf)
