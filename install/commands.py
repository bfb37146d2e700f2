"""The words after `python3 install`, and what each does."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from install import checks, demo, hosts
from install.steps import StepFailed

WORK: dict[str, tuple[str, Callable[[], int]]] = {
    "demo": ("a sample workbook and its plan file, in the folder demo", demo.run),
    "test": ("the test tools and the whole suite", checks.run),
    "test-oldest": ("tests on the oldest packages allowed", checks.run_oldest),
}
SET_UP = {
    "excel": "the formulas in Excel on Windows",
    "lite": "a folder for xlwings Lite (Excel on Windows, Mac and the web)",
    "libreoffice": "the formulas in LibreOffice Calc",
}


def main(words: Sequence[str]) -> int:
    """Run one command -> exit code: 0 fine, 1 failed, 130 stopped by the user."""
    parser = argparse.ArgumentParser(prog="python3 install", description="Set xlbudget up.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (help_text, _) in WORK.items():
        commands.add_parser(name, help=help_text)
    for name, help_text in SET_UP.items():
        host = commands.add_parser(name, help=help_text)
        host.add_argument("--undo", action="store_true", help="take it out again")
    given = parser.parse_args(words)
    try:
        if given.command in WORK:
            return WORK[given.command][1]()
        return hosts.HOSTS[given.command](given.undo)
    except StepFailed as failure:
        print(f"\n{failure}")
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.")
        return 130
