"""One step of an installation: says what it does, shows that it is alive, says what went wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from install.remedies import remedy_for

Word = str | Path  # of a command

TICK = 0.2  # seconds between looks at a running command
LINE_EVERY = 10.0  # seconds between lines where the output is not a terminal
TAIL = 12  # lines of the log that a failure shows


class StepFailed(Exception):
    """A step did not succeed; the message says what to do."""


def quiet(doing: str, command: Sequence[Word], log: Path) -> None:
    """Run a command with its output in the log, showing the seconds that pass.

    Raises StepFailed with the remedy that the log suggests.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as out:
        out.write(f"\n$ {' '.join(map(str, command))}\n")
        out.flush()
        start = out.tell()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _wait(process, doing)
    if process.returncode:
        with log.open(encoding="utf-8", errors="replace") as written:
            written.seek(start)
            said = written.read()
        raise StepFailed(_report(doing, said, log))


def aloud(doing: str, command: Sequence[Word], settings: Mapping[str, str] | None = None) -> bool:
    """Run a command that talks for itself; True if it succeeded."""
    print(f"\n== {doing}", flush=True)
    environment = {**os.environ, **(settings or {})}
    return subprocess.run(command, check=False, env=environment).returncode == 0


def _wait(process: subprocess.Popen[bytes], doing: str) -> None:
    terminal = sys.stdout.isatty()
    began = said = time.monotonic()
    print(f"{doing} ...", end="" if terminal else "\n", flush=True)
    while process.poll() is None:
        time.sleep(TICK)
        now = time.monotonic()
        if terminal:
            print(f"\r{doing} ... {now - began:.0f} s", end="", flush=True)
        elif now - said >= LINE_EVERY:
            said = now
            print(f"  still at it, {now - began:.0f} s", flush=True)
    seconds = time.monotonic() - began
    outcome = "failed" if process.returncode else "done"
    print(f"{chr(13) if terminal else ''}{doing} ... {outcome} in {seconds:.0f} s", flush=True)


def _report(doing: str, said: str, log: Path) -> str:
    last = "\n".join(f"  | {line}" for line in said.strip().splitlines()[-TAIL:])
    return f"{doing} failed. {remedy_for(said)}\n{last}\nThe whole log: {log}"
