"""Names: what a misspelled one was meant to be, and one spelling for names that differ in case."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import coded
from xlbudget.errors import Unknown
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import normal

LONGEST = 80  # characters of a name in a sentence


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: ` (did you mean 'TV'?)`, or nothing."""
    options = {normal(option): option for option in known if option}
    close = difflib.get_close_matches(normal(name), list(options), n=1, cutoff=0.6)
    return f" (did you mean '{_brief(options[close[0]])}'?)" if close else ""


def place_of(name: str, known: Sequence[str], kind: str) -> int:
    """Where a name stands among the known ones, capitals and outer spaces aside; else Unknown."""
    if name in known:
        return known.index(name)
    places = {normal(option): place for place, option in enumerate(known)}
    if normal(name) not in places:
        raise Unknown(
            f"there is no {kind} '{_brief(name)}'{did_you_mean(name, known)}; there are: "
            f"{listed(known, most=20)}"
        )
    return places[normal(name)]


def unknown_name(
    place: Place, kind: str, name: str, known: Iterable[str], severity: Severity = Severity.ERROR
) -> Finding:
    """A name that no other table knows; kind is channel, region, line ..."""
    names = tuple(known)
    return Finding(
        f"{kind}-unknown",
        place,
        f"there is no {kind} '{_brief(name)}'{did_you_mean(name, names)}",
        f"spell it as one of {listed(names)}" if names else f"remove it, or add the {kind}",
        severity,
    )


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names in a sentence: a, b, c and 5 more; a very long one by its beginning."""
    said = ", ".join(_brief(name) for name in names[:most])
    return f"{said} and {len(names) - most} more" if len(names) > most else said


def _brief(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 3]}..."


def one_spelling(
    names: NDArray[Any], preferred: Iterable[str] = ()
) -> tuple[NDArray[Any], dict[str, str]]:
    """Names (rows,) with one spelling where they differ in case alone, and what was replaced.

    The preferred spelling wins, else the most frequent, else the first in the alphabet: the order
    of rows plays no part.
    """
    found, codes = coded(names)
    counts = np.bincount(codes, minlength=len(found))
    best = {name.casefold(): name for name in preferred}
    ranked = sorted(range(len(found)), key=lambda i: (-counts[i], found[i]))
    for index in ranked:
        best.setdefault(found[index].casefold(), found[index])
    spelled = np.array([best[name.casefold()] for name in found], dtype=object)
    replaced = {old: str(new) for old, new in zip(found, spelled, strict=True) if old != new}
    return (spelled[codes] if len(found) else names), replaced
