"""From one host's spelling to another's: formulas change, every other part stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, unescape
from zipfile import ZipFile

from workbook.damage import sorted_out
from workbook.files import write_whole
from workbook.gate import admit
from workbook.guide import HOST_WORDS
from workbook.parts import ExcelTable
from workbook.ranges import referenced
from workbook.spelling import Host, respelled

_FORMULA = re.compile(r"(<(?:\w+:)?f(?:\s[^>]*)?>)([^<]*)(</(?:\w+:)?f>)")
_VALUE = re.compile(r"(</(?:\w+:)?f>)<(?:\w+:)?v>[^<]*</(?:\w+:)?v>")
_PROTECTION = re.compile(r"<(?:\w+:)?sheetProtection\b[^>]*/>")
_CALCULATION = re.compile(r"<((?:\w+:)?calcPr)\b[^>]*/>")


def respell(path: str | Path, output: str | Path, host: Host | str) -> int:
    """Write a copy for another host and return how many formulas changed.

    Functions and whole tables are spelled as the host takes them. Values that the old host left
    are dropped, so that the new one calculates. Sheets are unlocked for Lite and Server: a formula
    that is stuck there has to be entered again. Start says which host it is.
    """
    path, host = Path(path), Host(host)
    parts = admit(path).parts
    sheets = {sheet.part for sheet in parts.sheets}
    changed = 0
    out = BytesIO()
    with sorted_out(path), ZipFile(path) as old, ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename in sheets:
                text, count = _respelled(data.decode("utf-8"), parts.tables, host)
                data, changed = _renamed(text, host).encode("utf-8"), changed + count
            elif entry.filename == "xl/sharedStrings.xml":
                data = _renamed(data.decode("utf-8"), host).encode("utf-8")
            elif entry.filename == "xl/workbook.xml":
                again = r'<\1 calcId="191029" fullCalcOnLoad="1"/>'
                data = _CALCULATION.sub(again, data.decode("utf-8")).encode("utf-8")
            new.writestr(entry, data)
    write_whole(Path(output), out.getvalue())
    return changed


def _renamed(part: str, host: Host) -> str:
    """The part with the sentence about its host, as Start shows it, now about this one."""
    for words in HOST_WORDS.values():
        part = part.replace(escape(words), escape(HOST_WORDS[host]))
    return part


def _respelled(sheet: str, tables: Sequence[ExcelTable], host: Host) -> tuple[str, int]:
    changed = 0

    def formula(found: re.Match[str]) -> str:
        nonlocal changed
        before = unescape(found[2], {"&quot;": '"', "&apos;": "'"})
        after = referenced(respelled(before, host), tables, host)
        changed += after != before
        return found[0] if after == before else f"{found[1]}{escape(after)}{found[3]}"

    text = _FORMULA.sub(formula, sheet)
    if changed:
        text = _VALUE.sub(r"\1", text)
    if host in (Host.LITE, Host.SERVER):
        text = _PROTECTION.sub("", text)
    return text, changed
