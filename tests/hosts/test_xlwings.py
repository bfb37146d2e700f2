"""The Excel hosts through xlwings' own calling code, as Lite and Server run it; COM's wrapper text.

Excel itself is not here: what it does with the metadata and the wrappers is not tested.
"""

from __future__ import annotations

import asyncio
import importlib
import io
import sys
from collections.abc import Iterator
from operator import attrgetter
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from xlbudget.data.raw import ErrorCell
from xlbudget.formulas.catalogue import CATALOGUE, call
from xlbudget.formulas.formula import Formula
from xlbudget.hosts.model_store import ModelStore
from xlbudget.response.model import ResponseModel

every_formula = pytest.mark.parametrize("entry", CATALOGUE, ids=attrgetter("name"))


@pytest.fixture
def lite(
    monkeypatch: pytest.MonkeyPatch, sample_model: ResponseModel
) -> Iterator[tuple[Any, ModuleType]]:
    """xlwings.server and our Office.js functions, the sample's model being on their shelf."""
    monkeypatch.setenv("XLWINGS_ON_SERVER", "true")
    monkeypatch.setenv("XLWINGS_LICENSE_KEY", "noncommercial")
    forget("xlwings", "xlbudget.hosts.lite")
    module = importlib.import_module("xlbudget.hosts.lite")
    module.SHELF.put(sample_model)
    yield importlib.import_module("xlwings.server"), module
    forget("xlwings", "xlbudget.hosts.lite")


@pytest.fixture
def com(
    monkeypatch: pytest.MonkeyPatch, sample_model: ResponseModel
) -> Iterator[tuple[Any, ModuleType]]:
    """xlwings.udfs, the Windows modules it imports being empty, and our module of COM functions."""
    forget("xlwings", "xlbudget.hosts.excel")
    for name in ("pythoncom", "pywintypes", "win32com", "win32com.client"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["pythoncom"].CoInitialize = None  # type: ignore[attr-defined]
    sys.modules["win32com.client"].Dispatch = None  # type: ignore[attr-defined]
    xlwings = importlib.import_module("xlwings")
    udfs = importlib.import_module("xlwings.udfs")
    monkeypatch.setattr(xlwings, "func", udfs.xlfunc)
    monkeypatch.setattr(xlwings, "arg", udfs.xlarg)
    monkeypatch.setattr(xlwings, "ret", udfs.xlret)
    module = importlib.import_module("xlbudget.hosts.excel")
    module.SHELF.put(sample_model)
    yield udfs, module
    forget("xlwings", "xlbudget.hosts.excel")


def forget(*packages: str) -> None:
    """Let the next import read these modules anew."""
    for name in list(sys.modules):
        if name.startswith(packages):
            del sys.modules[name]


def sent(cell: Any) -> Any:
    """A cell as Office.js sends it: an error is an object."""
    if isinstance(cell, ErrorCell):
        return {"type": "Error", "errorType": "Ref", "basicValue": cell.text}
    return "" if cell is None else cell


def asked(lite: tuple[Any, ModuleType], name: str, *given: Any) -> list[list[Any]]:
    """The cells that xlwings answers to Office.js."""
    server, module = lite
    grids = [g if isinstance(g, list) else [[g]] for g in given]
    data = {
        "func_name": f"budget_{name.lower()}",
        "args": [[[sent(cell) for cell in row] for row in grid] for grid in grids],
        "version": "0",
        "client": "Office.js",
        "caller_address": "Sheet1!A1",
        "runtime": "1.4",
        "date_format": "m/d/yyyy",
        "culture_info_name": "en-US",
    }
    answer: list[list[Any]] = asyncio.run(server.custom_functions_call(data, module))
    return answer


def shown(cell: Any) -> Any:
    """A cell of an answer as xlwings hands it to Office.js."""
    kinds = {"#N/A": "NotAvailable", "#VALUE!": "Value", "#NUM!": "Num"}
    if isinstance(cell, ErrorCell):
        return {"type": "Error", "errorType": kinds[cell.text]}
    return cell


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("MARGINAL_ROI", ["KEY"]),
        ("MARGINAL_ROI", ["KEY", "TV"]),
        ("MARGINAL_ROI", ["KEY", "TV", 50_000]),
        ("MARGINAL_ROI", ["KEY", None, [["TV", 50_000]]]),
        ("MARGINAL_ROI", ["KEY", None, None, 0.8]),
        ("CURVE", ["KEY", "TV", 5]),
        ("CONTRIBUTION", ["KEY", 45663, 45838]),
        ("FORECAST", ["KEY", "Plan"]),
        ("OPTIMIZE", ["KEY", "Plan", None, "Guardrails", "outcome", "expected"]),
        ("APPROVALS", ["Plan", "Plan", "Guardrails"]),
        ("RECONCILE", ["Spend", "Ledger"]),
        ("MARGINAL_ROI", ["KEY", "Radio"]),
        ("FORECAST", ["no key", "Plan"]),
        ("CURVE", ["KEY", "TV", 1]),
        ("MARGINAL_ROI", [ErrorCell("#N/A")]),
    ],
)
def test_office_js_answers_with_the_digits_of_python(
    lite: tuple[Any, ModuleType],
    ranges: dict[str, Any],
    sample_model: ResponseModel,
    name: str,
    given: list[Any],
) -> None:
    names = {**ranges, "KEY": f"{sample_model.key} revenue"}
    cells = [names.get(word, word) if isinstance(word, str) else word for word in given]
    expected = call(name, cells, lite[1].SHELF).grid
    assert asked(lite, name, *cells) == [[shown(cell) for cell in row] for row in expected]


def test_one_row_stays_a_row_and_one_column_a_column(
    lite: tuple[Any, ModuleType], sample_model: ResponseModel
) -> None:
    key = f"{sample_model.key} revenue"
    row = asked(lite, "MARGINAL_ROI", key, None, [["TV", 50_000]])
    assert row[0][0] == "line"
    column = asked(lite, "MARGINAL_ROI", key, None, [["TV"], [50_000]])
    assert "two columns" in column[0][0]


def test_an_error_cell_is_named_and_not_read_as_missing(
    lite: tuple[Any, ModuleType], ranges: dict[str, Any]
) -> None:
    spend = [list(row) for row in ranges["Spend"]]
    spend[16][spend[0].index("spend")] = ErrorCell("#REF!")
    said = asked(lite, "MODEL", spend, ranges["Outcomes"])[0][0]
    assert "spend, row 17, column spend" in said
    assert "#REF!" in said


@every_formula
def test_office_js_metadata_says_what_a_formula_is(
    lite: tuple[Any, ModuleType], entry: Formula
) -> None:
    server, module = lite
    meta = server.custom_functions_meta(module)
    found = next(f for f in meta["functions"] if f["name"] == f"BUDGET.{entry.name}")
    assert len(meta["functions"]) == len(CATALOGUE)
    assert entry.help[:60] in found["description"]
    assert found["helpUrl"].endswith(f"#{entry.name.lower()}")
    assert not found["options"].get("volatile")
    assert [p["name"] for p in found["parameters"]] == [a.name for a in entry.arguments]
    assert [p.get("optional", False) for p in found["parameters"]] == [
        a.optional for a in entry.arguments
    ]
    enums = {enum["id"]: [v["name"] for v in enum["values"]] for enum in meta.get("enums", [])}
    for argument, parameter in zip(entry.arguments, found["parameters"], strict=True):
        offered = enums.get(parameter.get("customEnumId"), [])
        assert tuple(offered) == argument.kind.choices


@every_formula
def test_the_com_wrapper_takes_the_arguments_by_name(
    com: tuple[Any, ModuleType], entry: Formula
) -> None:
    udfs, module = com
    text = io.StringIO()
    book = SimpleNamespace(Name="xlbudget.xlam")
    udfs.generate_vba_wrapper("xlbudget.hosts.excel", module, text, book)
    words = [f"Optional {a.name}" if a.optional else a.name for a in entry.arguments]
    name = f"budget_{entry.name.lower()}"
    assert f"Function {name}({', '.join(words)})" in text.getvalue()
    assert f'XLPy.CallUDF("xlbudget.hosts.excel", "{name}"' in text.getvalue()
    info = getattr(module, name).__xlfunc__
    assert len(info["ret"]["doc"]) <= 255
    assert all(0 < len(arg["doc"]) <= 255 for arg in info["args"])
    for argument, arg in zip(entry.arguments, info["args"], strict=True):
        assert arg["options"].get("ndim") == (2 if argument.kind.ranged else None)
        assert arg["options"]["err_to_str"] is True


def test_com_shows_errors_as_text_and_says_so(
    com: tuple[Any, ModuleType], sample_model: ResponseModel
) -> None:
    _, module = com
    assert module.budget_marginal_roi(sample_model.key, "Radio") == [["#N/A"]]
    table = module.budget_marginal_roi(sample_model.key)
    expected = call("MARGINAL_ROI", [sample_model.key], module.SHELF).grid
    assert table == [list(row) for row in expected]
    assert "out as text" in module.budget_version()[0][0]


def test_the_store_is_the_users(com: tuple[Any, ModuleType]) -> None:
    assert isinstance(com[1].SHELF, ModelStore)
