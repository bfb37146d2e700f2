"""`python3 install`: what it says when something is missing, and that it does nothing twice."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from install import environment, remedies, steps
from install.commands import main

ROOT = Path(__file__).resolve().parents[2]


def test_the_first_file_parses_on_any_python_3() -> None:
    source = (ROOT / "install/__main__.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 4))
    before_the_check = source[: source.index("from pathlib")]
    assert "f'" not in before_the_check
    assert 'f"' not in before_the_check
    assert "annotations" not in before_the_check


def test_only_the_standard_library_is_needed() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import install.commands; "
        "names = {name.split('.')[0] for name in sys.modules}; "
        "print(*names - set(sys.stdlib_module_names) - {'install', '__main__'})"
    )
    words = [sys.executable, "-I", "-S", "-c", code, str(ROOT)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_help_names_every_command() -> None:
    words = [sys.executable, str(ROOT / "install"), "--help"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    for name in ("demo", "test", "excel", "lite", "libreoffice"):
        assert name in done.stdout


@pytest.mark.parametrize(
    ("log", "remedy"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("NewConnectionError(... Temporary failure in name resolution)", "check the network"),
        ("error: command 'gcc' failed: No such file", "no compiler"),
        ("ERROR: No matching distribution found for scipy", "does not offer"),
        ("PermissionError: [Errno 13] Permission denied", "could not be written"),
        ("something else", "log say why"),
    ],
)
def test_a_failing_step_says_what_to_do(log: str, remedy: str) -> None:
    assert remedy in remedies.remedy_for(log)


@pytest.mark.parametrize(
    ("platform", "word"), [("linux", "apt-get"), ("darwin", "brew"), ("win32", "tick pip")]
)
def test_a_python_without_venv_is_told_what_to_install(platform: str, word: str) -> None:
    assert word in remedies.no_venv("venv", platform)


def test_a_failed_command_shows_its_last_lines_and_the_log(tmp_path: Path) -> None:
    log = tmp_path / "step.log"
    code = "import sys; print('No space left on device'); sys.exit(3)"
    with pytest.raises(steps.StepFailed, match=r"(?s)disk is full.*No space left.*step\.log"):
        steps.quiet("Trying", [sys.executable, "-c", code], log)


def test_a_missing_module_stops_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(steps.StepFailed, match="came without venv"):
        environment.ready(checkout=tmp_path)
    assert not (tmp_path / ".venv").exists()


def test_a_second_run_does_nothing_until_pyproject_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text('[dependency-groups]\ntest = ["pytest"]\n')
    done: list[str] = []

    def quiet(doing: str, command: list[object], log: Path) -> None:
        done.append(doing)
        python = environment.Environment(tmp_path / ".venv").python
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()

    monkeypatch.setattr(environment, "quiet", quiet)
    environment.ready("test", tmp_path)
    assert len(done) == 3
    environment.ready("test", tmp_path)
    environment.ready(checkout=tmp_path)
    assert len(done) == 3
    project.write_text('[dependency-groups]\ntest = ["pytest", "ruff"]\n')
    environment.ready("test", tmp_path)
    assert len(done) == 5


def test_windows_keeps_its_programs_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    place = environment.Environment(Path("checkout") / ".venv")
    monkeypatch.setattr("install.environment.os.name", "nt")
    assert place.python.parts[-2:] == ("Scripts", "python.exe")
    monkeypatch.setattr("install.environment.os.name", "posix")
    assert place.python.parts[-2:] == ("bin", "python")


def test_excel_on_another_system_is_refused_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("install.hosts.sys.platform", "linux")
    assert main(["excel"]) == 1
    assert "install lite" in capsys.readouterr().out
