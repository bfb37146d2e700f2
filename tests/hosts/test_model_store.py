"""A model is found again by its key: in memory, on disk, by another process, or not at all."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xlbudget.hosts.model_store import SUFFIX, ModelStore, user_folder
from xlbudget.response.fit import model_key
from xlbudget.response.model import ResponseModel


def test_a_model_is_found_in_memory(tmp_path: Path, sample_model: ResponseModel) -> None:
    store = ModelStore(tmp_path)
    store.put(sample_model)
    assert store.get(sample_model.key) is sample_model


def test_a_reopened_workbook_finds_it_on_disk_with_the_same_digits(
    tmp_path: Path, sample_model: ResponseModel
) -> None:
    ModelStore(tmp_path).put(sample_model)
    found = ModelStore(tmp_path).get(sample_model.key)
    assert found is not None
    expected, got = sample_model.marginal_roi().columns(), found.marginal_roi().columns()
    for name in expected:
        assert np.array_equal(np.asarray(expected[name]), np.asarray(got[name]))


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 half", b"x" * 1000])
def test_a_damaged_file_is_an_unknown_model(
    tmp_path: Path, sample_model: ResponseModel, damage: bytes
) -> None:
    (tmp_path / f"{sample_model.key}{SUFFIX}").write_bytes(damage)
    assert ModelStore(tmp_path).get(sample_model.key) is None


def test_a_model_of_another_version_is_silently_unknown(
    tmp_path: Path,
    sample_model: ResponseModel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with monkeypatch.context() as older:
        older.setattr("xlbudget.response.archive.FORMAT", 0)
        ModelStore(tmp_path).put(sample_model)
    assert ModelStore(tmp_path).get(sample_model.key) is None
    assert not [record for record in caplog.records if record.levelname != "DEBUG"]
    ModelStore(tmp_path).put(sample_model)
    assert ModelStore(tmp_path).get(sample_model.key) is not None


def test_another_version_gives_another_key(
    sample_model: ResponseModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlbudget.response.fit.__version__", "0.0.1")
    assert model_key(sample_model.data, sample_model.draws, sample_model.seed) != sample_model.key


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "zz", "f" * 400, "0123abcd\n"])
def test_what_is_no_key_is_an_unknown_model(tmp_path: Path, key: str) -> None:
    assert ModelStore(tmp_path).get(key) is None


def test_memory_is_bounded(tmp_path: Path, sample_model: ResponseModel) -> None:
    store = ModelStore(tmp_path, in_memory=1, on_disk=0)
    other = replace(sample_model, key="f" * 32)
    store.put(sample_model)
    store.put(other)
    assert len(store._models) == 1
    assert store.get(other.key) is other


def test_the_folder_is_bounded_and_the_last_used_stays(
    tmp_path: Path, sample_model: ResponseModel
) -> None:
    store = ModelStore(tmp_path, on_disk=1)
    for key in ("a" * 32, "b" * 32):
        store.put(replace(sample_model, key=key))
    assert [path.stem for path in tmp_path.glob(f"*{SUFFIX}")] == ["b" * 32]
    assert not list(tmp_path.glob("*.part"))


def test_where_there_is_no_disk_memory_does(tmp_path: Path, sample_model: ResponseModel) -> None:
    (tmp_path / "file").write_text("")
    store = ModelStore(tmp_path / "file" / "below")
    store.put(sample_model)
    assert store.get(sample_model.key) is sample_model


def test_two_processes_may_write_at_once(tmp_path: Path, sample_model: ResponseModel) -> None:
    ModelStore(tmp_path).put(sample_model)
    script = (
        "import sys; from pathlib import Path; from xlbudget.hosts.model_store import ModelStore\n"
        "folder, key = Path(sys.argv[1]), sys.argv[2]\n"
        "for _ in range(5):\n"
        "    model = ModelStore(folder).get(key); assert model is not None\n"
        "    ModelStore(folder).put(model)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path), sample_model.key]
    root = Path(__file__).parents[2]
    running = [subprocess.Popen(command, cwd=root) for _ in range(2)]
    assert [process.wait(120) for process in running] == [0, 0]
    assert ModelStore(tmp_path).get(sample_model.key) is not None


def test_the_environment_names_the_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XLBUDGET_STORE", str(tmp_path))
    assert user_folder("models") == tmp_path / "models"
    monkeypatch.delenv("XLBUDGET_STORE")
    assert "xlbudget" in str(user_folder("models"))
