"""The whole suite: style, types, floors and tests, each run to its end."""

from __future__ import annotations

import os

from install.environment import CHECKOUT, ready
from install.steps import Word, aloud


def run() -> int:
    """Run every check and name the ones that failed; the tests come last."""
    environment = ready(group="test")
    os.chdir(CHECKOUT)
    program = environment.program
    # Every test process has one core: more threads in each would only be in each other's way.
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    workers = str(min(os.cpu_count() or 1, 8))
    checks: tuple[tuple[str, list[Word]], ...] = (
        ("Style: ruff check", [program("ruff"), "check"]),
        ("Format: ruff format --check", [program("ruff"), "format", "--check"]),
        ("Types: mypy --strict", [program("mypy")]),
        ("Types of the installer: mypy --strict install", [program("mypy"), "install"]),
        ("Floors: lint-imports", [program("lint-imports")]),
        ("Tests: pytest", [program("pytest"), "-n", workers, "--dist", "loadfile"]),
    )
    failed = [doing for doing, command in checks if not aloud(doing, command, one_thread)]
    print(f"\nFailed: {'; '.join(failed)}" if failed else "\nEvery check passed.")
    return 1 if failed else 0
