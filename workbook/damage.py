"""Every way in which a file can fail to be a workbook, as one error with what to do."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

import python_calamine
from defusedxml import DefusedXmlException

from xlbudget.errors import UnreadableFile

MENDS = {
    "not a workbook": "save the data as an Excel workbook (.xlsx) and use that",
    "password": "open it in Excel, remove the password (File, Info, Protect Workbook), save it",
    "old format": "open it and save it as an Excel workbook (.xlsx)",
    "damaged": "open it in Excel, let Excel repair it and save it, or ask for the file again",
    "too large": "keep only the input sheets, clear what lies beyond the tables, save it",
    "missing": "check the name and the folder",
    "locked": "close it elsewhere, or check that you may read it",
}


def unreadable(path: Path, mend: str, problem: str) -> UnreadableFile:
    """The error for this file: what is wrong, then what to do (a key of MENDS)."""
    remedy = MENDS[mend]
    return UnreadableFile(f"{path.name}: {problem}. {remedy[:1].upper()}{remedy[1:]}.")


@contextmanager
def sorted_out(path: Path) -> Iterator[None]:
    """Turn whatever zip, XML and calamine raise while reading `path` into UnreadableFile."""
    try:
        yield
    except UnreadableFile:
        raise
    except (FileNotFoundError, IsADirectoryError):
        raise unreadable(path, "missing", "there is no such file") from None
    except PermissionError:
        raise unreadable(path, "locked", "the file cannot be opened for reading") from None
    except python_calamine.PasswordError as error:
        raise unreadable(path, "password", "the workbook has a password") from error
    except DefusedXmlException as error:
        raise unreadable(path, "damaged", "it declares entities, which no workbook does") from error
    except (
        BadZipFile,
        EOFError,
        ExpatError,
        KeyError,
        OSError,
        ParseError,
        ValueError,
        python_calamine.CalamineError,
        zlib.error,
    ) as error:
        raise unreadable(path, "damaged", "the file is damaged") from error
