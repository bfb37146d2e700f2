"""The wheel alone, in an empty environment, does the main job: nothing depends on the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(folder), str(ROOT)]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("xlbudget-*.whl"))


def test_the_wheel_holds_both_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {"xlbudget", "workbook"} <= tops
    assert all(top in {"xlbudget", "workbook"} or top.endswith(".dist-info") for top in tops)
    assert {"xlbudget/py.typed", "workbook/py.typed"} <= set(names)


def test_the_main_job_runs_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "empty"
    venv.create(place, with_pip=True)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    environment = {**os.environ, "XLBUDGET_STORE": str(tmp_path / "store")}
    environment.pop("PYTHONPATH", None)

    def run(*words: object) -> str:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(scripts / "python", "-m", "pip", "install", "-q", "--prefer-binary", wheel)
    xlbudget = scripts / "xlbudget"
    run(xlbudget, "template", "--sample", "-o", "book.xlsx")
    run(xlbudget, "plan", "book.xlsx", "-o", "plan.xlsx")
    assert (tmp_path / "plan.xlsx").stat().st_size > 20_000
    where = run(scripts / "python", "-c", "import xlbudget, workbook; print(xlbudget.__file__)")
    assert str(ROOT) not in where
    assert run(scripts / "python", "-m", "xlbudget", "--version").startswith("xlbudget, version")
