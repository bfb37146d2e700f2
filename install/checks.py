"""The whole suite, each check run to its end; and tests on the oldest packages allowed."""

from __future__ import annotations

import os

from install.environment import CHECKOUT, oldest, ready
from install.steps import Word, aloud

# Every test process has one core: more threads in each would only be in each other's way.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
ON_OLDEST = ("tests/response/test_golden_draws.py", "tests/data", "tests/workbook")


def run() -> int:
    """Run every check and name the ones that failed; the tests come last."""
    environment = ready(group="test")
    os.chdir(CHECKOUT)
    program = environment.program
    workers = str(min(os.cpu_count() or 1, 8))
    checks: tuple[tuple[str, list[Word]], ...] = (
        ("Style: ruff check", [program("ruff"), "check"]),
        ("Format: ruff format --check", [program("ruff"), "format", "--check"]),
        ("Types: mypy --strict", [program("mypy")]),
        ("Types of the installer: mypy --strict install", [program("mypy"), "install"]),
        ("Floors: lint-imports", [program("lint-imports")]),
        ("Tests: pytest", [program("pytest"), "-n", workers, "--dist", "loadfile"]),
    )
    failed = [doing for doing, command in checks if not aloud(doing, command, ONE_THREAD)]
    print(f"\nFailed: {'; '.join(failed)}" if failed else "\nEvery check passed.")
    return 1 if failed else 0


def run_oldest() -> int:
    """The digits and the rooms that lean on other packages, on the oldest versions allowed."""
    python = oldest().python
    os.chdir(CHECKOUT)
    command: list[Word] = [
        python,
        "-m",
        "pytest",
        "-n",
        str(min(os.cpu_count() or 1, 8)),
        *ON_OLDEST,
    ]
    return 0 if aloud("Tests on the oldest versions allowed: pytest", command, ONE_THREAD) else 1
