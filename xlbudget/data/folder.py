"""A folder of CSVs, one a table: spend.csv, outcomes.csv, settings.csv ..."""

from __future__ import annotations

from pathlib import Path

from xlbudget.data.csv_file import read_csv
from xlbudget.data.raw import RawTable
from xlbudget.errors import UnreadableFile
from xlbudget.tables import BY_NAME, normal


def read_folder(path: str | Path) -> dict[str, RawTable]:
    """The raw tables of a folder by normal name; other files are left alone.

    Raises UnreadableFile where there is no such folder, no table in it, or a file cannot be read.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise UnreadableFile(f"{folder} is not a folder. Give the folder that holds spend.csv.")
    tables: dict[str, RawTable] = {}
    for file in sorted(folder.iterdir()):
        name = normal(file.stem)
        if file.suffix.casefold() != ".csv" or name not in BY_NAME:
            continue
        if name in tables:
            raise UnreadableFile(f"{folder} holds two files for {BY_NAME[name].name}. Keep one.")
        tables[name] = read_csv(file, BY_NAME[name].name)
    if not tables:
        raise UnreadableFile(
            f"{folder} holds no table. Put spend.csv and outcomes.csv into it, one column each as "
            "the table reference says."
        )
    return tables
