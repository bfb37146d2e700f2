"""The workbook or folder that a command is about, read and fitted once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xlbudget.cli import console
from xlbudget.data.raw import RawTable
from xlbudget.errors import BadArgument, BadInput
from xlbudget.findings import Finding, errors_of
from xlbudget.planning.inputs import PlanningInputs, read_inputs

if TYPE_CHECKING:
    from xlbudget.hosts.model_store import ModelStore
    from xlbudget.response.model import ResponseModel

DRAWS = 1000  # as the MODEL formula draws, so that cells and commands show the same digits


@dataclass(frozen=True)
class Source:
    """What was read: the tables as they came in, and what they say."""

    path: Path
    tables: Mapping[str, RawTable]
    inputs: PlanningInputs
    findings: tuple[Finding, ...]


def read_tables(path: Path) -> tuple[Mapping[str, RawTable], tuple[Finding, ...]]:
    """The tables of a workbook or of a folder of CSVs, by normal name."""
    if path.is_dir():
        from xlbudget.data.folder import read_folder

        return read_folder(path), ()
    if not path.exists():
        raise BadArgument(f"{path}: there is no such file or folder")
    if path.suffix.casefold() in {".csv", ".tsv", ".txt"}:
        raise BadArgument(f"{path} is one table; `xlbudget import {path.name}` makes a workbook")
    from workbook.reader import read_workbook

    return read_workbook(path)


def read(path: Path) -> tuple[Source | None, tuple[Finding, ...]]:
    """The source, None where an error stops the work, and every finding."""
    tables, noticed = read_tables(path)
    inputs, found = read_inputs(tables)
    findings = (*noticed, *found)
    if inputs is None or errors_of(findings):
        return None, findings
    return Source(path, tables, inputs, findings), findings


def opened(path: Path) -> Source:
    """The source; BadInput with everything that was found where it cannot be computed with."""
    source, findings = read(path)
    if source is None:
        raise BadInput(findings)
    return source


def plan_table(source: Source) -> RawTable:
    """The Plan table as it came in; without one, the plan that the inputs assume."""
    given = source.tables.get("plan")
    if given is not None:
        return given
    plan = source.inputs.plan
    data, rows = plan.data, []
    for week, region, medium in zip(*np.nonzero(plan.spend), strict=True):
        part, money = data.media[medium], float(plan.spend[week, region, medium])
        place = data.regions[region] or part.region
        day = str(data.horizon[week])
        rows.append([day, part.channel, place, part.campaign_type, part.product, money])
    header = ["week", "channel", "region", "campaign_type", "product", "planned_spend"]
    return RawTable.from_rows("Plan", header, rows)


def key_of(source: Source) -> str:
    """The key of the model that this data makes, which need not have been fitted."""
    from xlbudget.response.fit import model_key

    return model_key(source.inputs.data, DRAWS, source.inputs.data.settings.seed)


def fitted(source: Source) -> tuple[ResponseModel, ModelStore]:
    """The model, from the store if this data was fitted before, and the store that holds it.

    Places in its findings are those of this source.
    """
    from xlbudget.hosts.model_store import ModelStore
    from xlbudget.response.fit import fit

    store = ModelStore()
    model = store.get(key_of(source))
    if model is not None:  # it may have been fitted from another file of the same content
        model = replace(model, data=source.inputs.data)
    else:
        with console.progress() as report:
            seed = source.inputs.data.settings.seed
            model = fit(source.inputs.data, draws=DRAWS, seed=seed, progress=report)
        store.put(model)
    return model, store
