"""Help and version are there at once, and name every command."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click

from xlbudget.cli.commands import COMMANDS, load
from xlbudget.cli.commands import xlbudget as group
from xlbudget.cli.formulas import FORMULA_COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from conftest import Command


def test_help_waits_for_no_command() -> None:
    words = (
        "import sys; from xlbudget.cli.edge import run; run(['--help']);"
        "rooms = ('scipy', 'rich', 'workbook', 'xlbudget.response', 'xlbudget.formulas');"
        "sys.exit(', '.join(name for name in sys.modules if name.startswith(rooms)) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)
    assert "..." not in done.stdout.partition("Commands:")[2]  # no summary is cut


def test_every_command_is_found_by_its_name() -> None:
    assert [load(name).name for name in COMMANDS] == list(COMMANDS)
    assert set(FORMULA_COMMANDS) <= set(COMMANDS)


def test_a_command_is_known_in_any_capitals(xlbudget: Command) -> None:
    assert xlbudget("DOCTOR").code == xlbudget("doctor").code


def test_an_unknown_command_is_answered_with_the_closest(xlbudget: Command) -> None:
    done = xlbudget("vlidate")
    assert done.code == 2
    assert "no command 'vlidate' (did you mean 'validate'?)" in done.err


def test_a_command_may_be_spelled_like_its_formula() -> None:
    assert group.get_command(click.Context(group), "MARGINAL_ROI") is load("marginal-roi")


def test_a_check_of_the_input_fits_no_model(
    xlbudget: Command, sample_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLBUDGET_STORE", str(tmp_path / "store"))
    assert xlbudget("reconcile", sample_book).code == 0
    assert xlbudget("readiness", sample_book).code == 0
    assert not [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
