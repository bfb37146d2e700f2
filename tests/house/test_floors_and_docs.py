"""The house keeps its own rules: floors, dependencies with reasons, documents that are current."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from docs.tables import document
from xlbudget.cli.commands import COMMANDS, load

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
README = (ROOT / "README.md").read_text("utf-8")
INDEX = (ROOT / "docs/decisions/README.md").read_text("utf-8")
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))


def requirement_names(requirements: list[str]) -> list[str]:
    return [re.split(r"[<>=~! \[;]", requirement)[0] for requirement in requirements]


DEPENDENCIES = requirement_names(PROJECT["project"]["dependencies"])
TEST_TOOLS = requirement_names(PROJECT["dependency-groups"]["test"])


def tracked() -> list[Path]:
    """Text files of the repository; every file below it where git is not there."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    text = {".py", ".md", ".toml", ".csv", ".yml", ".idl", ".json", ""}
    return [path for path in paths if path.suffix in text and path.is_file()]


def test_every_import_keeps_to_its_floor() -> None:
    lint = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert lint
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", DEPENDENCIES)
def test_every_dependency_is_used_and_has_a_page_with_its_reason(name: str) -> None:
    titles = [page.read_text("utf-8").partition("\n")[0] for page in DECISIONS]
    assert sum(title.startswith(f"# `{name}` ") for title in titles) == 1
    module = {"python-dateutil": "dateutil"}.get(name, name.replace("-", "_"))
    imported = re.compile(rf"^\s*(?:import|from) {module}\b", re.MULTILINE)
    sources = [*(ROOT / "xlbudget").rglob("*.py"), *(ROOT / "workbook").rglob("*.py")]
    assert any(imported.search(source.read_text("utf-8")) for source in sources)


@pytest.mark.parametrize("name", TEST_TOOLS)
def test_every_test_tool_has_its_reason(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/decisions/0010-test-tools.md").read_text("utf-8")


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_listed_short_and_says_what_else_was_looked_at(page: Path) -> None:
    text = page.read_text("utf-8")
    assert f"({page.name})" in INDEX
    assert "Looked at" in text
    assert len(text.splitlines()) <= 45


def test_nothing_is_left_undone_or_excused() -> None:
    excuse = re.compile(r"\b(?:TO[D]O|FIX[M]E)\b|\bx[f]ail\b|mark\.ski[p]\(")
    assert [path for path in tracked() if excuse.search(path.read_text("utf-8"))] == []


def test_no_file_holds_the_path_of_one_machine() -> None:
    homes = re.compile(r"(?<![\w.])/(?:home|Users|work|root)/[\w-]+")
    found = [path for path in tracked() if homes.search(path.read_text("utf-8"))]
    assert found == []


def test_the_page_of_the_tables_is_current() -> None:
    page = (ROOT / "docs/tables.md").read_text("utf-8")
    assert page == document(), "run: python docs/tables.py"


def test_every_command_of_the_readme_exists() -> None:
    used = set(re.findall(r"^ *xlbudget ([a-z-]+)", README, re.MULTILINE))
    assert used >= {"import", "validate", "plan"}
    assert used <= set(COMMANDS)
    scripts = set(re.findall(r"^ *python3 install (\w+)", README, re.MULTILINE))
    assert scripts >= {"demo", "test"}


def test_every_link_between_documents_leads_somewhere() -> None:
    for page in (p for p in tracked() if p.suffix == ".md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("command", [load(name) for name in COMMANDS], ids=lambda c: c.name)
def test_every_command_has_help_an_example_and_json(command: click.Command) -> None:
    context = click.Context(command, info_name=command.name)
    text = command.get_help(context)
    assert f"Example: xlbudget {command.name}" in text
    assert "Exit code: 0 fine, 1 findings" in text
    assert "--json" in text
    assert (command.help or "").strip().endswith(".")
