"""`xlbudget import --yes` and `plan` on wide files as people have them, without a hand edit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

if TYPE_CHECKING:
    from conftest import Command


CODES = ("dm", "inst", "nsp", "auddig", "audtr", "vidtr", "viddig", "so", "on", "sem", "fb", "aff")


def made(weeks: int, spend: dict[str, str], seed: int, daily: bool = False) -> pd.DataFrame:
    """A date, a spend column for each name, and an outcome that half of them move."""
    rng = np.random.default_rng(seed)
    rows = weeks * 7 if daily else weeks
    dates = pd.date_range("2022-01-03", periods=rows, freq="D" if daily else "W-MON")
    frame = pd.DataFrame({"Date": dates})
    outcome = 50_000 + 10 * np.arange(rows) + rng.normal(0, 1500, rows)
    for index, header in enumerate(spend):
        money = rng.gamma(2.0, 400.0, rows) * (rng.random(rows) < 0.9)
        frame[header] = money.round(2)
        outcome += (1.5 if index % 2 == 0 else 0.0) * money
    frame["Revenue"] = outcome.round(2)
    return frame


def tens_of_channels() -> pd.DataFrame:
    """Twelve spend columns beside the impressions of the same channels, 24 holiday dummies."""
    names = [f"mdsp_{name}" for name in CODES]
    frame = made(120, dict.fromkeys(names, ""), seed=1)
    rng = np.random.default_rng(2)
    for name in names:
        frame[name.replace("mdsp", "mdip")] = (frame[name] * rng.uniform(80, 120)).round()
    for number in range(24):
        dummy = np.zeros(len(frame))
        dummy[number::52] = 1
        frame[f"hldy_{number}"] = dummy
    return frame.rename(columns={"Date": "wk_strt_dt", "Revenue": "sales"})


def odd_names() -> pd.DataFrame:
    """Capitals, spaces, accents, symbols."""
    headers = {
        "TV Spend (€)": "",
        "Fernsehen – Köln Cost": "",
        "FB/IG spend": "",
        "e-mail_cost": "",
    }
    return made(104, headers, seed=3)


def every_day() -> pd.DataFrame:
    """One row a day."""
    return made(80, {"tv_spend": "", "search_spend": "", "social_spend": ""}, seed=4, daily=True)


@pytest.mark.parametrize(
    ("table", "channels"),
    [(tens_of_channels, 12), (odd_names, 4), (every_day, 3)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_wide_file_becomes_a_plan(
    table: object, channels: int, xlbudget: Command, tmp_path: Path
) -> None:
    assert callable(table)
    table().to_csv(tmp_path / "wide.csv", index=False)
    imported = xlbudget("import", "wide.csv", "--yes", "-o", "book.xlsx")
    assert imported.code == 0, imported.err
    planned = xlbudget("plan", "book.xlsx", "-o", "plan.xlsx", "--json")
    assert planned.code == 0, planned.err
    result = json.loads(planned.out)
    assert len(result["allocation"]["line"]) == channels
    current, recommended = (result["allocation"][name] for name in ("current", "recommended"))
    assert sum(recommended) == pytest.approx(sum(current))
    assert min(recommended) >= 0
    assert result["gap"] <= 0.001
    assert result["gain"] >= -1e-6 * abs(result["value"])


def test_the_columns_can_be_named(xlbudget: Command, tmp_path: Path) -> None:
    frame = made(60, {"a_1": "", "a_2": "", "a_3": ""}, seed=5)
    frame["rival"] = 1.0 + np.arange(60) % 7
    frame.to_csv(tmp_path / "wide.csv", index=False)
    words = ["--date", "Date", "--outcome", "Revenue", "--spend", "a_1=TV,a_2=Search"]
    done = xlbudget(
        "import", "wide.csv", *words, "--controls", "rival", "-o", "book.xlsx", "--json"
    )
    assert done.code == 0, done.err
    roles = {c["column"]: (c["role"], c["name"]) for c in json.loads(done.out)["columns"]}
    assert roles["a_1"] == ("spend", "TV")
    assert roles["a_2"] == ("spend", "Search")
    assert roles["a_3"][0] == "ignored"
    assert roles["rival"][0] == "control"


def test_without_yes_the_meaning_is_asked_for(
    xlbudget: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(60, {"tv_spend": ""}, seed=6).to_csv(tmp_path / "wide.csv", index=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    done = xlbudget("import", "wide.csv", "-o", "book.xlsx")
    assert done.code == 2
    assert "--yes" in done.err
    assert not (tmp_path / "book.xlsx").exists()


OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
LOCKED = OLD_FORMAT + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("wide.xls", OLD_FORMAT, "old format"),
        ("wide.xlsx", LOCKED, "password"),
        ("wide.xlsx", b"PK\x03\x04" + bytes(40), "cut short"),
        ("wide.csv", b"PK\x03\x04" + bytes(40), "cut short"),
    ],
)
def test_what_is_no_csv_is_refused_by_its_cause(
    xlbudget: Command, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = xlbudget("import", name, "--yes", "-o", "book.xlsx")
    assert done.code == 2
    assert says in done.err
    assert "save the sheet as CSV" in done.err


def test_a_workbook_is_said_to_be_one(xlbudget: Command, sample_book: Path) -> None:
    done = xlbudget("import", sample_book, "--yes", "-o", "book.xlsx")
    assert done.code == 2
    assert "xlbudget plan book.xlsx" in done.err


def test_text_in_a_file_named_like_a_workbook_is_read(xlbudget: Command, tmp_path: Path) -> None:
    made(60, {"TV": "mass", "Search": "search"}, seed=5).to_csv(tmp_path / "wide.xlsx", index=False)
    assert xlbudget("import", "wide.xlsx", "--yes", "-o", "book.xlsx").code == 0
