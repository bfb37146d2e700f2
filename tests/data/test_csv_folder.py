"""A folder of CSVs is the same Dataset as the frames, with places as `spend.csv:17`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from xlbudget.data.build import build_dataset
from xlbudget.data.csv_file import read_csv
from xlbudget.data.dataset import Dataset
from xlbudget.data.folder import read_folder
from xlbudget.errors import UnreadableFile
from xlbudget.findings import Place, errors_of
from xlbudget.simulator import Market


def test_a_folder_holds_the_same_dataset_as_the_frames(
    sample_market: Market, sample_data: Dataset, tmp_path: Path
) -> None:
    sample_market.write(tmp_path)
    data, findings = build_dataset(read_folder(tmp_path))
    assert data is not None
    assert data.key == sample_data.key
    assert not errors_of(findings)


@pytest.fixture
def folder(tmp_path: Path, spend: pd.DataFrame, outcomes: pd.DataFrame) -> Path:
    spend.to_csv(tmp_path / "Spend.csv", index=False)
    outcomes.to_csv(tmp_path / "outcomes.CSV", index=False)
    return tmp_path


def test_a_place_is_the_file_and_the_line(folder: Path) -> None:
    lines = (folder / "Spend.csv").read_text("utf-8").splitlines()
    lines[16] = lines[16].rpartition(",")[0] + ",abc"
    lines.insert(3, "")  # an empty line counts, but holds nothing
    (folder / "Spend.csv").write_text("\n".join(lines), "utf-8")
    data, findings = build_dataset(read_folder(folder))
    assert data is None
    assert [finding.where for finding in errors_of(findings)] == ["Spend.csv:18"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encoding_and_separator_are_found_out(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    rows = [f"2024-01-{day:02},Außenwerbung München,Größe,{day}" for day in range(1, 20)]
    text = "\r\n".join(["week,channel,note,spend", *rows]).replace(",", separator)
    (tmp_path / "x.csv").write_bytes(text.encode(encoding))
    raw = read_csv(tmp_path / "x.csv", "Spend")
    assert list(raw.columns) == ["week", "channel", "note", "spend"]
    assert raw.columns["channel"][0] == "Außenwerbung München"


def test_quoted_line_breaks_keep_the_count_of_lines(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('sep=;\nweek;note\n1;"two\nlines"\n2;x\n', "utf-8")
    raw = read_csv(tmp_path / "x.csv", "Spend")
    assert [raw.locate(Place("Spend", row)) for row in (0, 1)] == ["x.csv:3", "x.csv:5"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04rest", "a workbook"),
        (b"\x00\x01\x02\x03", "not text"),
        (b'week,spend\n"' + b"x" * 200_000, "no CSV"),
    ],
)
def test_what_is_no_csv_is_said_to_be_none(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "spend.csv").write_bytes(content)
    with pytest.raises(UnreadableFile, match=says):
        read_folder(tmp_path)


def test_a_folder_without_tables_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no table"):
        read_folder(tmp_path)
    with pytest.raises(UnreadableFile, match="not a folder"):
        read_folder(tmp_path / "nowhere")


def test_a_table_that_is_missing_is_named(folder: Path) -> None:
    (folder / "outcomes.CSV").unlink()
    data, findings = build_dataset(read_folder(folder))
    assert data is None
    assert [finding.code for finding in findings] == ["table-missing"]


def test_cells_beyond_the_header_are_noticed(folder: Path) -> None:
    text = (folder / "Spend.csv").read_text("utf-8").replace("101.0\n", "101.0,7\n", 1)
    (folder / "Spend.csv").write_text(text, "utf-8")
    _, findings = build_dataset(read_folder(folder))
    assert "column-unnamed" in {finding.code for finding in findings}


def test_accents_in_the_header_alone_are_not_taken_for_another_script(tmp_path: Path) -> None:
    text = "week,Füße,Café\n" + "2025-01-06,1.5,2\n" * 104
    (tmp_path / "x.csv").write_bytes(text.encode("cp1252"))
    assert list(read_csv(tmp_path / "x.csv", "X").columns) == ["week", "Füße", "Café"]


def test_a_header_without_an_end_is_told(tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text("a," * 200_000)
    with pytest.raises(UnreadableFile, match="200,001 columns"):
        read_csv(tmp_path / "wide.csv", "wide")


@pytest.mark.parametrize(
    ("end", "says"),
    [
        ("2024-01-15,TV", "wide.csv:4 is cut off: its last line has 2 of 3 columns"),
        ('2024-01-15,"TV', "wide.csv:4 is cut off: a quote that opens there is never closed"),
        ('2024-01-15,"TV\nand more,5\n', "wide.csv:4 is cut off: a quote"),
    ],
)
def test_a_file_that_is_cut_off_is_told(tmp_path: Path, end: str, says: str) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(f"week,channel,spend\n2024-01-01,TV,5\n2024-01-08,TV,5\n{end}", "utf-8")
    with pytest.raises(UnreadableFile, match=says):
        read_csv(path, "Spend")


@pytest.mark.parametrize("end", ["2024-01-15,TV,5", "2024-01-15,TV\n", '2024-01-15,5" TV,5'])
def test_a_file_that_is_whole_is_read(tmp_path: Path, end: str) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(f"week,channel,spend\n2024-01-01,TV,5\n2024-01-08,TV,5\n{end}", "utf-8")
    assert len(read_csv(path, "Spend").columns["week"]) == 3
