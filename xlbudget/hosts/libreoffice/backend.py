"""The process behind the extension: one JSON line in, one JSON line out, until the pipe closes.

    in   {"name": "RESPONSE", "given": ["3f9a... revenue", "TV", 50000.0]}
    out  {"rows": [[81234.5]]}

An argument is a cell, rows of cells, {"rows", "sheet", "row", "column"} for a range whose address
is known, or null; an error cell is {"error": "#REF!"} both ways.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from typing import IO

from xlbudget.errors import BudgetError
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Shelf
from xlbudget.formulas.catalogue import call
from xlbudget.formulas.formula import Host
from xlbudget.hosts.libreoffice.protocol import given_of, sent_of
from xlbudget.hosts.model_store import ModelStore, user_folder

LOG = logging.getLogger("xlbudget.libreoffice")
HOST = Host(
    "LibreOffice Calc",
    "empty: empty, a single cell 0; dates: serial numbers; errors: in by name (in optional ranges "
    "Err:504), out as error values",
)


def serve(requests: IO[str], replies: IO[str], shelf: Shelf) -> None:
    """Answer every line; a fault of ours is logged and shows as #VALUE!."""
    for line in requests:
        try:
            asked = json.loads(line)
            given = [given_of(sent) for sent in asked["given"]]
            answer = call(asked["name"], given, shelf, HOST)
        except BudgetError as wrong:
            answer = Answer.failure(wrong.cell_error, str(wrong), 1)
        except Exception as fault:
            LOG.exception("a formula failed")
            answer = Answer.failure("#VALUE!", repr(fault), 1, said=False)
        replies.write(json.dumps(sent_of(answer), allow_nan=False) + "\n")
        replies.flush()


def main() -> None:
    """Serve LibreOffice over standard input and output; the log is a file of the user's."""
    folder = user_folder("logs")
    folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=folder / "libreoffice.log", format="%(asctime)s %(message)s", encoding="utf-8"
    )
    requests = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8")
    replies = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    serve(requests, replies, ModelStore())


if __name__ == "__main__":
    main()
