"""A CSV that begins with a title is told so, whatever its separator."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlbudget.data.csv_file import read_csv
from xlbudget.errors import UnreadableFile


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("title", ["Export of May", "Export of May,,", "Media report\n\nAcme"])
def test_a_title_above_the_column_names_is_told(tmp_path: Path, sign: str, title: str) -> None:
    path = tmp_path / "export.csv"
    rows = [["week", "tv_spend", "revenue"], ["2024-01-01", "5", "9"], ["2024-01-08", "6", "8"]]
    path.write_text("\n".join([title, "", *(sign.join(row) for row in rows)]), "utf-8")
    with pytest.raises(UnreadableFile, match="Delete what stands above"):
        read_csv(path, "Wide")


def test_a_file_with_its_names_first_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("week,tv_spend\n2024-01-01,5\n", "utf-8")
    assert list(read_csv(path, "Wide").columns) == ["week", "tv_spend"]
