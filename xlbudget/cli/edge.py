"""Where every command begins and ends: words in, exit code out, and never a traceback."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from xlbudget.cli import console
from xlbudget.cli.commands import xlbudget
from xlbudget.errors import BadInput, BudgetError

FINE, FINDINGS, CANNOT, STOPPED = 0, 1, 2, 130
REPORT_AT = "https://github.com/xlbudget/xlbudget/issues"


def run(words: Sequence[str]) -> int:
    """Run one command -> 0 fine, 1 findings, 2 cannot, 130 stopped by the user."""
    try:
        code = xlbudget.main(list(words), prog_name="xlbudget", standalone_mode=False)
        return code if isinstance(code, int) else FINE
    except click.ClickException as wrong:
        wrong.show(sys.stderr)
        return CANNOT
    except (click.Abort, KeyboardInterrupt):
        console.say("Stopped; nothing was written.")
        return STOPPED
    except BadInput as refused:
        console.findings(refused.findings)
        return refused.exit_code
    except BudgetError as refused:
        console.say(f"Cannot: {refused}")
        return refused.exit_code
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as refused:
        console.say(f"Cannot: {_of_file(refused)}")
        return CANNOT
    except Exception:  # a fault of ours: it belongs in the log, not before a planner
        console.say(
            f"Something went wrong that should not have. Please report it at {REPORT_AT}\n"
            f"with this file: {_logged()}"
        )
        return CANNOT


def _of_file(refused: OSError) -> str:
    about = f"{refused.filename}: " if refused.filename else ""
    return f"{about}{refused.strerror or refused}. Check the path, its rights and the disk"


def _logged() -> Path:
    """Write the traceback that is being handled to the log -> where it is."""
    from xlbudget.hosts.model_store import user_folder

    path = user_folder("logs") / "xlbudget.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log = logging.getLogger("xlbudget")
    log.addHandler(handler)
    log.exception("xlbudget %s", " ".join(sys.argv[1:]))
    log.removeHandler(handler)
    handler.close()
    return path
