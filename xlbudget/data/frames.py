"""DataFrames, or dicts of columns, to raw tables. Nothing of the caller's is modified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.raw import RawTable
from xlbudget.errors import BadArgument
from xlbudget.tables import BY_NAME, normal

if TYPE_CHECKING:
    import pandas as pd

    Frame: TypeAlias = pd.DataFrame | Mapping[str, Any]
else:
    Frame: TypeAlias = Any


def raw_tables(**frames: Frame | None) -> dict[str, RawTable]:
    """Raw tables by normal name (`spend`, `outcomes` ...) of the frames that are not None."""
    return {name: raw_table(name, frame) for name, frame in frames.items() if frame is not None}


def raw_table(name: str, frame: Frame) -> RawTable:
    """One table; a named index counts as a column. BadArgument for what is no table."""
    table = BY_NAME[normal(name)].name
    if isinstance(frame, Mapping):
        columns = {str(header): _array(values) for header, values in frame.items()}
        if len({len(values) for values in columns.values()}) > 1:
            raise BadArgument(f"{table}: the columns are not all of one length")
        return RawTable(table, columns)
    if not hasattr(frame, "columns") or not hasattr(frame, "index"):
        raise BadArgument(f"{table} is a {type(frame).__name__}; give a DataFrame")
    taken = {normal(str(header)) for header in frame.columns}
    found: dict[str, NDArray[Any]] = {}
    for level, label in enumerate(frame.index.names):
        if label is not None and normal(str(label)) not in taken:
            found[str(label)] = _cells(frame.index.get_level_values(level).to_series())
    repeated = []
    for position, label in enumerate(frame.columns):
        header = "" if label is None else str(label)
        if header in found:
            repeated.append(header)
        else:
            found[header] = _cells(frame.iloc[:, position])
    return RawTable(table, found, repeated=tuple(dict.fromkeys(repeated)))


def split_settings(
    settings: Mapping[str, Any] | Frame | None,
) -> tuple[dict[str, Any], dict[str, RawTable]]:
    """Settings as a dict of values, or as the Settings table, whichever was given."""
    if settings is None:
        return {}, {}
    if isinstance(settings, Mapping) and {normal(str(n)) for n in settings} != {"setting", "value"}:
        return dict(settings), {}
    return {}, {"settings": raw_table("settings", settings)}


def _cells(series: pd.Series[Any]) -> NDArray[Any]:
    """The values of a column: one plain numpy dtype, or objects with None where empty."""
    dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "fiubM":
        return np.asarray(series.to_numpy())
    if getattr(dtype, "kind", "O") == "M":  # with a time zone: the wall clock's day
        return np.asarray(series.dt.tz_localize(None).to_numpy())
    if getattr(dtype, "kind", "O") in "fiu" and not isinstance(dtype, np.dtype):  # Int64, Float64
        return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))
    cells = np.array(series.astype(object), dtype=object)  # a copy, so that None can be put in
    cells[series.isna().to_numpy()] = None
    return cells


def _array(values: Any) -> NDArray[Any]:
    if hasattr(values, "dtype") and hasattr(values, "iloc"):
        return _cells(values)
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiubMO":
        return values
    cells = list(values)
    out = np.empty(len(cells), dtype=object)
    out[:] = cells
    return out
