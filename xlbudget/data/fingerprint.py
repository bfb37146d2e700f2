"""The content hash that names a Dataset: the same content gives the same text anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def fingerprint(**content: object) -> str:
    """sha256 (hex) of named values: numbers, text, days, arrays, tuples, mappings, dataclasses."""
    digest = hashlib.sha256()
    for name in sorted(content):
        digest.update(f"{name}=".encode())
        _add(digest, content[name])
    return digest.hexdigest()


def _add(digest: Any, value: object) -> None:
    """Every value is preceded by its kind and length, so that no two contents spell the same."""
    if isinstance(value, np.ndarray):
        digest.update(f"array{value.shape}{value.dtype.kind}".encode())
        digest.update(_bytes(value))
    elif is_dataclass(value) and not isinstance(value, type):
        digest.update(f"{type(value).__name__}(".encode())
        for field in fields(value):
            digest.update(f"{field.name}=".encode())
            _add(digest, getattr(value, field.name))
        digest.update(b")")
    elif isinstance(value, Mapping):
        digest.update(f"map{len(value)}".encode())
        for key in sorted(value):
            _add(digest, key)
            _add(digest, value[key])
    elif isinstance(value, tuple | list):
        digest.update(f"seq{len(value)}".encode())
        for item in value:
            _add(digest, item)
    elif isinstance(value, float | np.floating):
        _add(digest, np.array(float(value)))
    else:
        text = str(value).encode()
        digest.update(f"{type(value).__name__}{len(text)}:".encode() + text)


def _bytes(values: np.ndarray[Any, Any]) -> bytes:
    if values.dtype.kind == "M":
        return values.astype("datetime64[D]").astype("<i8").tobytes()
    if values.dtype.kind == "f":
        plain = np.where(np.isnan(values), np.nan, values + 0.0)  # one NaN, no minus zero
        return plain.astype("<f8").tobytes()
    return values.astype("<i8").tobytes()
