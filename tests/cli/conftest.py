"""The command line as a person meets it: a process with an exit code, stdout and stderr."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from xlbudget.cli.edge import run


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def xlbudget(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Run `xlbudget WORDS` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def command(*words: str | Path) -> Done:
        capfd.readouterr()
        code = run([str(word) for word in words])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Done(code, out, err)

    return command


@pytest.fixture(scope="session")
def sample_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample workbook; copy it before changing it."""
    path = tmp_path_factory.mktemp("sample") / "book.xlsx"
    assert run(["template", "--sample", "-o", str(path)]) == 0
    return path


@pytest.fixture(scope="session")
def fitted_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which models of this session's workbooks stay."""
    return tmp_path_factory.mktemp("fitted")


@pytest.fixture
def shared_store(fitted_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of this test find the models that earlier ones fitted."""
    monkeypatch.setenv("XLBUDGET_STORE", str(fitted_store))
