"""One CSV file to a raw table: size, encoding and separator found out, lines remembered."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from xlbudget.data.raw import RawTable
from xlbudget.errors import UnreadableFile
from xlbudget.findings import Place

MAX_BYTES = 256 * 2**20
MAX_COLUMNS = 2_000
LOOKED_AT = 30  # lines in which a header would have been followed by its table
_OTHER_SCRIPT = re.compile(rb"[\x80-\xff]{3}|\x00")  # runs beyond ASCII, and UTF-16
_SEPARATORS = ",;\t|"


def read_csv(path: Path, name: str) -> RawTable:
    """The file's cells as text, None where empty; places are spelled `spend.csv:17`.

    Raises UnreadableFile for what is no text, is too large, or cannot be decoded.
    """
    text = _text(path)
    lines = text.split("\n", 1)
    if lines[0].lower().startswith("sep=") and len(lines) > 1:
        separator, skipped, text = lines[0][4:5], 1, lines[1]
    else:
        separator, skipped = _separator(lines[0]), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    header: list[str] = []
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    before = skipped
    try:
        for cells in reader:
            first, before = before + 1, reader.line_num + skipped
            if not any(cells):
                continue
            if not header:
                header = _header(cells, path)
                continue
            rows.append([cell if cell else None for cell in cells])
            numbers.append(first)
    except csv.Error as problem:
        line = reader.line_num + skipped
        raise UnreadableFile(f"{path.name}:{line} is no CSV ({problem}). Save it again.") from None
    if rows:
        _require_header(path, header, text)
        _require_whole(path, text, skipped, numbers[-1], separator, header, rows)
    widest = max((len(row) for row in rows), default=0)
    if widest > len(header):  # cells beyond the header: a column without a name
        header += [""] * (widest - len(header))
    return RawTable.from_rows(name, header, rows, _locator(path.name, numbers))


def _require_header(path: Path, header: list[str], text: str) -> None:
    """Raise UnreadableFile where a title, not the column names, stands in the first line."""
    below = [line for line in text.split("\n")[1:LOOKED_AT] if line.strip()]
    several = sum(any(sign in line for sign in _SEPARATORS) for line in below)
    if sum(map(bool, header)) == 1 and 2 * several > len(below):
        raise UnreadableFile(
            f"{path.name} begins with '{header[0][:40]}'; the lines below it have several columns. "
            "Delete what stands above the line of column names."
        )


def _require_whole(
    path: Path,
    text: str,
    skipped: int,
    line: int,
    separator: str,
    header: list[str],
    rows: list[list[str | None]],
) -> None:
    """Raise UnreadableFile where the file ends in the middle of its last record.

    Either a quote stays open, or the line is not ended and is the only one with too few cells.
    line: where in the file the last record begins, `skipped` lines before the text included.
    """
    record = io.StringIO("\n".join(text.split("\n")[line - skipped - 1 :]), newline="")
    short = len(rows[-1]) < len(header) <= min(map(len, rows[:-1]), default=0)
    cut = short and not text.endswith("\n")
    problem = f"its last line has {len(rows[-1])} of {len(header)} columns" if cut else ""
    try:
        list(csv.reader(record, delimiter=separator, skipinitialspace=True, strict=True))
    except csv.Error as error:
        if str(error) == "unexpected end of data":
            problem = "a quote that opens there is never closed"
    if problem:
        raise UnreadableFile(
            f"{path.name}:{line} is cut off: {problem}. Export the file again, or mend that line."
        )


def _header(cells: list[str], path: Path) -> list[str]:
    if len(cells) > MAX_COLUMNS:
        raise UnreadableFile(
            f"{path.name} has {len(cells):,} columns; at most {MAX_COLUMNS:,} are read."
        )
    return [cell.strip() for cell in cells]


def _locator(file: str, numbers: list[int]) -> Callable[[Place], str]:
    lines = np.array(numbers, dtype=np.int64)

    def locate(place: Place) -> str:
        known = place.row is not None and place.row < len(lines)
        return f"{file}:{lines[place.row] if known else 1}"

    return locate


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFile(
                f"{path.name} has {size / 2**20:,.0f} MiB; at most {MAX_BYTES / 2**20:,.0f} are "
                "read. Leave out columns or rows that are not needed."
            )
        content = path.read_bytes()
    except OSError as problem:
        raise UnreadableFile(f"{path} cannot be read ({problem.strerror}).") from None
    if content.startswith(b"PK\x03\x04"):
        raise UnreadableFile(f"{path.name} is a workbook or archive, not a CSV. Save it as CSV.")
    if content.startswith(b"%PDF"):
        raise UnreadableFile(f"{path.name} is a PDF. Save the table that it was made from as CSV.")
    text = _decoded(content)
    if text is None or "\x00" in text:
        raise UnreadableFile(f"{path.name} is not text. Save it as CSV UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str | None:
    """UTF-8 where it is UTF-8, else what Excel saves in the West or what looks most likely.

    A few accents among thousands of digits are too little for charset-normalizer, which takes
    them for Chinese: where they stand alone between plain letters they are Windows-1252.
    """
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig")
    if not _OTHER_SCRIPT.search(content):
        with suppress(UnicodeDecodeError):
            return content.decode("cp1252")
    from charset_normalizer import from_bytes

    best = from_bytes(content[: 2**20]).best()
    with suppress(UnicodeDecodeError):
        return content.decode(best.encoding).removeprefix("\ufeff") if best else None
    return None


def _separator(first: str) -> str:
    """The separator that cuts the header, or its beginning, into most columns."""
    first = first[: csv.field_size_limit()]
    counts = {sign: len(next(csv.reader([first], delimiter=sign), [])) for sign in _SEPARATORS}
    return max(_SEPARATORS, key=lambda sign: counts[sign])
