"""The catalogue is one list that every host, the help and the reference can rely on."""

from __future__ import annotations

import keyword
import re
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from xlbudget.data.raw import ErrorCell
from xlbudget.formulas.catalogue import BY_NAME, CATALOGUE, call
from xlbudget.formulas.formula import Formula
from xlbudget.formulas.reference import page, reference

REFERENCE = Path(__file__).parents[2] / "docs" / "formulas.md"
# MS-VBAL 3.3.5.2: reserved identifiers, special forms, types, literals and what is kept for later.
VBA_WORDS = """
    abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur
    cdate cdbl cdec cdecl cint circle clng clnglng clngptr close const csng cstr currency cvar
    cverr date debug decimal declare defbool defbyte defcur defdate defdbl defdec defint deflng
    deflnglng deflngptr defobj defsng defstr defvar dim do doevents double each else elseif
    empty end endif enum eqv erase event exit false fix for friend function get global gosub
    goto if imp implements in input inputb int integer is lbound len lenb let like linput lock
    long longlong longptr loop lset me mod new next not nothing null object on open option
    optional or paramarray preserve print private property pset public put raiseevent redim rem
    resume return rset scale seek select set sgn shared single spc static step stop string sub
    tab then to true type typeof ubound unlock until variant wend while width with withevents
    write xor
"""
FIRST = ("MODEL", "FORECAST", "MARGINAL_ROI", "CURVE", "OPTIMIZE", "APPROVALS", "VERSION")

every_formula = pytest.mark.parametrize("entry", CATALOGUE, ids=attrgetter("name"))


@pytest.mark.parametrize("name", FIRST)
def test_the_formulas_that_people_build_on_are_there(name: str) -> None:
    assert name in BY_NAME


@every_formula
def test_argument_names_are_legal_in_python_and_vba(entry: Formula) -> None:
    for argument in entry.arguments:
        assert re.fullmatch(r"[a-z][a-z_]*", argument.name)
        assert argument.name not in VBA_WORDS.split()
        assert not keyword.iskeyword(argument.name)
        assert argument.name != "caller"  # xlwings keeps it for itself


@every_formula
def test_optional_arguments_come_last(entry: Formula) -> None:
    optional = [argument.optional for argument in entry.arguments]
    assert optional == sorted(optional)


@every_formula
def test_help_fits_the_function_wizard(entry: Formula) -> None:
    assert entry.help.endswith(".")
    assert len(entry.help) <= 255
    assert all(0 < len(argument.help) <= 255 for argument in entry.arguments)


@every_formula
def test_a_formula_is_documented(entry: Formula) -> None:
    assert page(entry) in REFERENCE.read_text("utf-8")


def test_the_reference_is_current() -> None:
    assert REFERENCE.read_text("utf-8") == reference()


@every_formula
def test_its_example_computes(entry: Formula, ranges: dict[str, Any], key: str, shelf: Any) -> None:
    found = re.fullmatch(r"=BUDGET\.([A-Z_]+)\((.*)\)", entry.example)
    assert found is not None
    assert found[1] == entry.name
    names = {**ranges, "Model!B2": key, "": None}
    names["Allocation!A4:K12"] = ranges["Plan"]
    names["Scenarios"] = [["scope", "what", "change", "value"], ["total", "spend", "%", -12.0]]
    words = [word.strip() for word in found[2].split(",")] if found[2] else []
    given = [names[word] if word in names else _constant(word) for word in words]
    answer = call(entry.name, given, shelf)
    assert answer.error == ""
    assert not any(isinstance(cell, ErrorCell) for row in answer.grid for cell in row)
    if entry.columns and answer.header:
        assert answer.header == entry.columns


def _constant(word: str) -> str | float:
    return word.strip('"') if word.startswith('"') else float(word)
