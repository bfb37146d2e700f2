"""The tour of the README runs as it is written."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Command

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_tour_leads_from_a_csv_to_a_decision(xlbudget: Command, tmp_path: Path) -> None:
    runpy.run_path(str(ROOT / "docs/tour/make_wide.py"))["make"]("wide.csv")
    for words in re.findall(r"^    xlbudget (.+)$", README, re.MULTILINE):
        done = xlbudget(*shlex.split(words))
        assert done.code == 0, f"{words}: {done.err}"
    assert (tmp_path / "plan.xlsx").exists()
    python = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert python
    scope: dict[str, object] = {}
    exec(python[1], scope)
    assert "best" in scope
