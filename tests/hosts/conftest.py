"""A Calc of the tests' own with the extension in it: opens a workbook and tells its cells."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from xlbudget.data.raw import ErrorCell
from xlbudget.hosts.libreoffice.extension import (
    build,
    install,
    office_environment,
    profile_options,
)

OFFICE_PYTHON = "/usr/bin/python3"  # Debian's; it has `uno`
CODES = {"#N/A": 32767, "#VALUE!": 519, "#NUM!": 503}
REQUIRED = os.environ.get("XLBUDGET_REQUIRE_LIBREOFFICE") == "1"


def _missing() -> str:
    """What stands in the way of a real spreadsheet; empty where nothing does."""
    if not shutil.which("soffice"):
        return "LibreOffice is not installed (soffice)"
    if not Path(OFFICE_PYTHON).exists():
        return f"{OFFICE_PYTHON} is not there"
    found = subprocess.run([OFFICE_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    return "" if found.returncode == 0 else "python3-uno is not installed"


@dataclass(frozen=True)
class Calc:
    """LibreOffice Calc with a private profile in which the extension is installed."""

    profile: Path

    def calculated(self, book: Path, store: Path, *sheets: str) -> dict[str, Any]:
        """The cells of these sheets as Calc shows them: "sheets", and "open", "recalculate" in s.

        store  folder where the models are kept
        """
        pipe = f"xlbudget-{uuid.uuid4().hex}"
        options = ["--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;"]
        office = subprocess.Popen(
            [str(shutil.which("soffice")), *options, *profile_options(self.profile)],
            env={**office_environment(), "XLBUDGET_STORE": str(store)},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            reader = Path(__file__).with_name("calc.py")
            read = subprocess.run(
                [OFFICE_PYTHON, str(reader), pipe, str(book), *sheets],
                capture_output=True,
                text=True,
                timeout=240,
                check=False,
            )
            assert read.returncode == 0, read.stderr
            report: dict[str, Any] = json.loads(read.stdout)
            office.wait(60)
            return report
        finally:
            _end_group(office)

    @staticmethod
    def differences(
        title: str, at: str, expected: Sequence[Sequence[Any]], cells: list[list[Any]]
    ) -> Iterator[str]:
        """Every cell of the range that is not as expected; beyond the answer Calc shows #N/A."""
        from openpyxl.utils.cell import range_boundaries

        left, top, right, bottom = (edge or 0 for edge in range_boundaries(at))
        for r in range(bottom - top + 1):
            for c in range(right - left + 1):
                inside = r < len(expected) and c < len(expected[r])
                want = expected[r][c] if inside else ErrorCell("#N/A")
                got = cells[top - 1 + r][left - 1 + c]
                if not _same(want, got):
                    yield f"{title}: row {r + 1}, column {c + 1} is {got!r}, not {want!r}"


def _end_group(leader: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started: the script is not what holds the profile."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)
    leader.wait(10)


def _same(want: Any, got: Any) -> bool:
    """Whether a cell of Calc shows what Python answered."""
    if isinstance(want, ErrorCell):
        return bool(got == {"error": CODES[want.text]})
    if isinstance(want, str):
        return bool(got == want)
    return isinstance(got, float) and abs(got - float(want)) <= 1e-9 * max(1.0, abs(want))


@pytest.fixture(scope="session")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Calc:
    """A real spreadsheet; without one the test is skipped, or fails where it is required."""
    missing = _missing()
    if missing and not REQUIRED:
        pytest.skip(missing)
    assert not missing, missing
    folder = tmp_path_factory.mktemp("profile")
    install(build(folder / "xlbudget.oxt"), folder)
    return Calc(folder)
