"""The sample's fitted model on a shelf, and a short way to ask formulas about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from xlbudget.formulas.catalogue import call
from xlbudget.hosts.model_store import ModelStore

if TYPE_CHECKING:
    from xlbudget.response.model import ResponseModel


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
