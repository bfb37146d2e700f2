"""A fitted model as bytes and back: plain arrays (npz, never pickle) and one JSON text."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from xlbudget.data.dataset import (
    Channel,
    Dataset,
    Experiment,
    Line,
    Medium,
    PriorBelief,
    Region,
)
from xlbudget.data.settings import Settings
from xlbudget.errors import UnreadableFile
from xlbudget.findings import Finding, Place, Severity
from xlbudget.response.background import Background
from xlbudget.response.diagnostics import Diagnostics
from xlbudget.response.effects import Effects
from xlbudget.response.lift_effects import LiftEffects
from xlbudget.response.model import ResponseModel
from xlbudget.response.prior_table import PriorTable
from xlbudget.response.shapes import Shapes

FORMAT = 6
KINDS = {
    kind.__name__: kind
    for kind in (
        Background, Channel, Dataset, Diagnostics, Effects, Experiment, Finding, LiftEffects, Line,
        Medium, Place, PriorBelief, PriorTable, Region, ResponseModel, Settings, Shapes,
    )
}  # fmt: skip


def to_bytes(model: ResponseModel) -> bytes:
    """Everything needed to answer every question with the same digits."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    text = json.dumps({"format": FORMAT, "model": _pack(model, arrays)}, ensure_ascii=False)
    arrays["text"] = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def from_bytes(stored: bytes) -> ResponseModel:
    """The model again; UnreadableFile where the bytes are damaged or of another version."""
    try:
        with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
            held = {name: arrays[name] for name in arrays.files}
        text = json.loads(held.pop("text").tobytes().decode("utf-8"))
        if text["format"] != FORMAT:
            raise UnreadableFile(
                f"the stored model has format {text['format']}, this version reads {FORMAT}; "
                "fit it again"
            )
        model = _unpack(text["model"], held)
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile("the stored model is damaged; fit it again") from error
    if not isinstance(model, ResponseModel):
        raise UnreadableFile("what is stored is no fitted model; fit it again")
    return model


def _pack(value: Any, arrays: dict[str, np.ndarray[Any, Any]]) -> Any:
    """JSON for a value; arrays are set aside under a name."""
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {"array": name}
    if isinstance(value, np.datetime64):
        return {"date": str(value)}
    if isinstance(value, Severity):
        return {"severity": value.value}
    if is_dataclass(value) and not isinstance(value, type):
        held = {field.name: _pack(getattr(value, field.name), arrays) for field in fields(value)}
        return {"kind": type(value).__name__, "held": held}
    if isinstance(value, Mapping):
        return {"map": {key: _pack(each, arrays) for key, each in value.items()}}
    if isinstance(value, tuple | list):
        return {"tuple": [_pack(each, arrays) for each in value]}
    if isinstance(value, np.generic):
        return value.item()
    return value


def _unpack(value: Any, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Any:
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return arrays[value["array"]]
    if "date" in value:
        return np.datetime64(value["date"])
    if "severity" in value:
        return Severity(value["severity"])
    if "kind" in value:
        held = {name: _unpack(each, arrays) for name, each in value["held"].items()}
        return KINDS[value["kind"]](**held)
    if "map" in value:
        return {key: _unpack(each, arrays) for key, each in value["map"].items()}
    return tuple(_unpack(each, arrays) for each in value["tuple"])
