"""The command line: `xlbudget template | import | validate | fit | ... | plan | doctor`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that was typed and leave with its exit code."""
    from xlbudget.cli.edge import run

    sys.exit(run(sys.argv[1:]))


__all__ = ["main"]
