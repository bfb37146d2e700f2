"""The finished file: alt text on charts, one time stamp, the same bytes for the same content."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

from workbook.rows import packed

_DRAWING = re.compile(r"xl/drawings/drawing(\d+)\.xml")
_CHART = re.compile(r'<cNvPr id="(\d+)" name="Chart \d+" ?/>')
_STAMP = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def finished(book: Workbook, alt_texts: Sequence[Sequence[str]], made: dt.datetime) -> bytes:
    """The workbook as bytes.

    alt_texts  for each sheet that has charts, in sheet order: one text per chart, as added
    """
    out = BytesIO()
    stamp = f"{made:%Y-%m-%dT%H:%M:%SZ}"
    with ZipFile(packed(book)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            drawing = _DRAWING.fullmatch(name)
            if drawing:
                data = _with_alt_texts(data, alt_texts[int(drawing[1]) - 1])
            elif name == "docProps/core.xml":
                data = _STAMP.sub(rf"\g<1>{stamp}", data.decode()).encode()
            entry = ZipInfo(name, date_time=(max(made.year, 1980), *made.timetuple()[1:6]))
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, data)
    return out.getvalue()


def _with_alt_texts(drawing: bytes, texts: Sequence[str]) -> bytes:
    def described(found: re.Match[str]) -> str:
        index = int(found[1])
        title = quoteattr(f"Chart {index}")
        return f'<cNvPr id="{index}" name={title} descr={quoteattr(texts[index - 1])}/>'

    return _CHART.sub(described, drawing.decode("utf-8")).encode("utf-8")
