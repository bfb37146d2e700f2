"""What if, when, and how much: the commands about other plans than the current one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from xlbudget.simulator import Market

pytestmark = pytest.mark.usefixtures("shared_store")
HEADER = "scenario,scope,name,what,change,value"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, sample_market: Market) -> Path:
    """The sample as a folder of CSVs."""
    path = tmp_path_factory.mktemp("other") / "csv"
    sample_market.write(path)
    return path


def with_scenarios(folder: Path, to: Path, rows: str, more: str = "") -> Path:
    """A copy of the folder that holds these scenarios; more: further columns of the header."""
    shutil.copytree(folder, to)
    (to / "scenarios.csv").write_text(f"{HEADER}{more}\n{rows}", "utf-8")
    return to


def test_scenario_reads_the_scenarios_of_the_source(
    xlbudget: Any, folder: Path, tmp_path: Path
) -> None:
    book = with_scenarios(folder, tmp_path / "book", "Cut,total,,spend,%,-12\n")
    done = xlbudget("scenario", book, "--by", "role", "--json")
    assert done.code == 0, done.err
    rows = json.loads(done.out)["rows"]
    assert {row["scenario"] for row in rows} == {"Cut"}
    assert sum(row["spend"] for row in rows) < 0
    by_week = json.loads(xlbudget("scenario", book, "--by", "week", "--json").out)["rows"]
    assert by_week[0]["week"] == "2025-12-29"


def test_scenario_answers_by_any_attribute_of_channels(
    xlbudget: Any, folder: Path, tmp_path: Path
) -> None:
    book = with_scenarios(folder, tmp_path / "book", "Cut,total,,spend,%,-12\n")
    rows = json.loads(xlbudget("scenario", book, "--by", "lifecycle stage", "--json").out)["rows"]
    assert len({row["lifecycle_stage"] for row in rows}) == len(rows) > 1
    done = xlbudget("scenario", book, "--by", "lifecycle stages")
    assert done.code == 2
    assert "did you mean" in done.err


def test_changes_of_one_line_are_combined_in_row_order_and_said_so(
    xlbudget: Any, folder: Path, tmp_path: Path
) -> None:
    rows = "Cut,total,,spend,%,-50\nCut,channel,TV,spend,amount,1000\n"
    done = xlbudget("scenario", with_scenarios(folder, tmp_path / "book", rows), "--json")
    assert done.code == 0
    assert "scenarios.csv:3" in done.err
    assert "was changed by scenarios.csv:2 already" in done.err


def test_the_six_questions_are_answered_without_a_table(xlbudget: Any, folder: Path) -> None:
    rows = json.loads(xlbudget("answers", folder, "--json").out)["rows"]
    assert len(rows) == 6
    assert all(row["answer"].endswith(".") for row in rows)


def test_one_plan_for_weighted_scenarios_and_how_it_fares(
    xlbudget: Any, folder: Path, tmp_path: Path
) -> None:
    book = with_scenarios(folder, tmp_path / "book", "Dear,channel,TV,cost,%,40,0.2\n", ",weight")
    said = json.loads(xlbudget("robust-plan", book, "--json").out)
    for plan in ("expected", "robust"):
        assert sum(r[plan] for r in said["rows"]) == pytest.approx(
            sum(r["current"] for r in said["rows"])
        )
    fares = {(row["scenario"], row["plan"]): row for row in said["regrets"]}
    assert fares["Dear", "robust"]["weight"] == pytest.approx(0.2)
    assert fares["as planned", "robust"]["weight"] == pytest.approx(0.8)


def test_a_source_without_scenarios_says_where_to_enter_one(xlbudget: Any, folder: Path) -> None:
    done = xlbudget("scenario", folder)
    assert done.code == 2
    assert "enter one in Scenarios" in done.err


def test_scenarios_that_cannot_be_meant_are_findings(
    xlbudget: Any, folder: Path, tmp_path: Path
) -> None:
    rows = "Cut,channel,TVV,spend,%,-12\nCut,channel,Searches,spend,%,-12\n"
    done = xlbudget("scenario", with_scenarios(folder, tmp_path / "book", rows))
    assert done.code == 1
    assert "scenarios.csv:2" in done.err
    assert "scenarios.csv:3" in done.err


@pytest.mark.parametrize(("name", "rows"), [("flight", 8 * 13), ("frontier", 1)])
def test_flight_and_frontier_answer(xlbudget: Any, folder: Path, name: str, rows: int) -> None:
    done = xlbudget(name, folder, "--json")
    assert done.code == 0, done.err
    assert len(json.loads(done.out)["rows"]) >= rows
