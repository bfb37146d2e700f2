"""What `import xlbudget` offers, and what it costs."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

import xlbudget as xb
from xlbudget import api

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"scipy", "pandas", "openpyxl", "rich", "click", "xlwings", "holidays", "sqlalchemy"}


def loaded_by(statement: str) -> set[str]:
    """Top-level packages that a fresh Python has loaded after a statement."""
    code = f"{statement}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_every_public_name_is_there_and_is_what_the_api_offers() -> None:
    assert sorted(xb.__all__) == xb.__all__
    assert set(xb.__all__) == {*api.__all__, "__version__"}
    for name in api.__all__:
        assert getattr(xb, name) is getattr(api, name)
    assert dir(xb) == xb.__all__


def test_a_name_that_is_not_there_says_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'optimise'"):
        getattr(xb, "optimise".casefold())


def test_importing_loads_numpy_at_most() -> None:
    assert not loaded_by("import xlbudget") & HEAVY
    assert not loaded_by("import xlbudget; xlbudget.fit; xlbudget.optimize") & HEAVY


def test_the_version_stands_in_one_place() -> None:
    assert importlib.metadata.version("xlbudget") == xb.__version__
    assert f'__version__ = "{xb.__version__}"' in (ROOT / "xlbudget/version.py").read_text("utf-8")
    assert xb.__version__ not in (ROOT / "pyproject.toml").read_text("utf-8")
    assert f"## [{xb.__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
