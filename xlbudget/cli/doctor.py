"""`xlbudget doctor`: what this machine has, for a person and for a bug report."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from xlbudget.cli.command import Output, command
from xlbudget.version import __version__

OK, LOOK, STOP = "ok", "look", "stop"
Check = tuple[str, str, str]


@command("doctor", example="xlbudget doctor")
def doctor() -> Output:
    """Look at this installation: versions, where models are kept, hosts, writable folders."""
    checks = [*_versions(), *_folders(), *_hosts()]
    names = ("check", "status", "found")
    columns = {name: [check[index] for check in checks] for index, name in enumerate(names)}
    stopped = any(status == STOP for _, status, _ in checks)
    return Output(
        record={"checks": [dict(zip(names, check, strict=True)) for check in checks]},
        tables={"This installation": columns},
        exit_code=1 if stopped else 0,
    )


def _versions() -> Iterator[Check]:
    yield "xlbudget", OK, __version__
    yield "Python", OK, f"{platform.python_version()} at {sys.executable}"
    yield "System", OK, platform.platform()
    for name in _dependencies():
        try:
            yield name, OK, version(name)
        except PackageNotFoundError:
            yield name, STOP, f"missing; install it with: {sys.executable} -m pip install {name}"


def _dependencies() -> list[str]:
    """Names of what the package says it needs; none where it is not installed."""
    try:
        wanted = requires("xlbudget") or []
    except PackageNotFoundError:
        return []
    return [_name(requirement) for requirement in wanted if "extra ==" not in requirement]


def _name(requirement: str) -> str:
    for end, character in enumerate(requirement):
        if not (character.isalnum() or character in "-_."):
            return requirement[:end]
    return requirement


def _folders() -> Iterator[Check]:
    from xlbudget.hosts.model_store import user_folder

    for name, folder in (
        ("Models are kept in", user_folder("models")),
        ("Temporary files", Path(tempfile.gettempdir())),
    ):
        yield name, *_writable(folder)


def _writable(folder: Path) -> tuple[str, str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return OK, str(folder)
    except OSError as refused:
        return STOP, f"{folder} cannot be written: {refused.strerror}"


def _hosts() -> Iterator[Check]:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    yield "LibreOffice", OK if office else LOOK, office or "not found; python3 install libreoffice"
    excel = sys.platform in {"win32", "darwin"}
    found = "see python3 install excel | lite" if excel else "not on this system"
    yield "Excel", LOOK if excel else OK, found
