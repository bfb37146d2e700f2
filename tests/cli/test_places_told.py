"""What a person should look at is named by its cell, whichever command says it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command


@pytest.mark.usefixtures("shared_store")
def test_a_change_that_the_plan_decides_is_named_by_its_cell(
    xlbudget: Command, sample_book: Path
) -> None:
    done = xlbudget("robust-plan", sample_book)
    assert done.code == 0
    told = [line for line in done.err.splitlines() if "is what the plan decides" in line]
    assert told
    assert all("Scenarios!" in line for line in told)
