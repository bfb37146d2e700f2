"""The environment in .venv: made once, reused until what it is made from changes."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from install.remedies import no_venv
from install.steps import StepFailed, quiet

CHECKOUT = Path(__file__).resolve().parent.parent
RUNNERS = 4  # of the test tools, the first that many run tests; the others read the code


@dataclass(frozen=True)
class Environment:
    """A virtual environment with xlbudget in it, editable from the checkout."""

    folder: Path

    @property
    def scripts(self) -> Path:
        """Where its programs are."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.program("python")

    @property
    def log(self) -> Path:
        """What its packages' installation said."""
        return self.folder.parent / "build" / "install.log"

    def program(self, name: str) -> Path:
        """One of its programs, by name."""
        return self.scripts / (f"{name}.exe" if os.name == "nt" else name)

    def has(self, group: str, checkout: Path) -> bool:
        """Was this dependency group ("" is xlbudget itself) put in from today's pyproject?"""
        stamp = self._stamp(group)
        made_from = stamp.read_text("utf-8") if stamp.exists() else ""
        return self.python.exists() and made_from == _fingerprint(checkout)

    def stamp(self, group: str, checkout: Path) -> None:
        """Say that it has been."""
        self._stamp(group).write_text(_fingerprint(checkout), encoding="utf-8")

    def _stamp(self, group: str) -> Path:
        return self.folder / f"xlbudget-{group or 'itself'}.stamp"


def ready(group: str = "", checkout: Path = CHECKOUT) -> Environment:
    """The environment, made or brought up to date; `group` names a dependency group to add.

    Stamps in it say what it was made from, so that a second run does nothing.
    """
    environment = Environment(checkout / ".venv")
    if not environment.has("", checkout):
        if not environment.python.exists():
            _make(environment)
        _install(environment, "Installing xlbudget and what it needs", ["-e", str(checkout)])
        environment.stamp("", checkout)
    if not environment.has(group, checkout):
        _install(environment, f"Installing the {group} tools", _group(checkout, group))
        environment.stamp(group, checkout)
    return environment


def oldest(checkout: Path = CHECKOUT) -> Environment:
    """Another environment, in .venv-oldest: every package as old as pyproject.toml allows."""
    environment = Environment(checkout / ".venv-oldest")
    if not environment.has("oldest", checkout):
        _make(environment)
        project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
        packages = [_oldest_of(str(requirement)) for requirement in project["dependencies"]]
        tools = _group(checkout, "test")[:RUNNERS]
        doing = "Installing the oldest versions allowed"
        _install(environment, doing, ["--only-binary=:all:", *packages, *tools])
        environment.stamp("oldest", checkout)
    return environment


def _oldest_of(requirement: str) -> str:
    """`numpy>=2.0` or `xlwings>=0.37,<1` -> `numpy==2.0.*`: with its bug fixes, and no newer."""
    name, _, bound = requirement.partition(">=")
    return f"{name}=={bound.partition(',')[0]}.*"


def _make(environment: Environment) -> None:
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise StepFailed(no_venv(module))
    environment.folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "venv", "--clear", str(environment.folder)]
    quiet("Making an environment in .venv", command, environment.log)


def _install(environment: Environment, doing: str, what: list[str]) -> None:
    pip = [str(environment.python), "-m", "pip", "install", "--disable-pip-version-check"]
    quiet(doing, [*pip, "--prefer-binary", *what], environment.log)


def _group(checkout: Path, name: str) -> list[str]:
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))
    return [str(requirement) for requirement in project["dependency-groups"][name]]


def _fingerprint(checkout: Path) -> str:
    made_from = (checkout / "pyproject.toml").read_bytes() + sys.version.encode()
    return hashlib.sha256(made_from + str(checkout).encode()).hexdigest()
