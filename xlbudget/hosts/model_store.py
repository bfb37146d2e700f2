"""Fitted models by key: in memory, then in a folder of the user's, found again after a restart."""

from __future__ import annotations

import logging
import os
import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from xlbudget.response.archive import from_bytes, to_bytes
from xlbudget.response.model import ResponseModel

LOG = logging.getLogger("xlbudget.store")
IN_MEMORY = 8  # models
ON_DISK = 500_000_000  # bytes; beyond it the models used longest ago are removed
SUFFIX = ".xlbudget"
Result = TypeVar("Result")
_KEY = re.compile(r"[0-9a-f]{8,128}")


class ModelStore:
    """A shelf of fitted models; several processes may share its folder.

    folder  None: the user's data folder, or what XLBUDGET_STORE names. Where it cannot be used
            (a browser, a full disk) models are kept in memory alone.
    """

    def __init__(
        self, folder: Path | None = None, in_memory: int = IN_MEMORY, on_disk: int = ON_DISK
    ) -> None:
        self.folder = folder or user_folder("models")
        self._in_memory, self._on_disk = in_memory, on_disk
        self._models: OrderedDict[str, ResponseModel] = OrderedDict()
        self._results: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def where(self) -> str:
        """The folder, as a person is told it."""
        return str(self.folder)

    def get(self, key: str) -> ResponseModel | None:
        """The model of this key; None where it is unknown, damaged or of another version."""
        if not _KEY.fullmatch(key):
            return None
        with self._lock:
            found = self._models.get(key)
            if found is None:
                found = self._read(key)
            if found is not None:
                self._remember(found)
            return found

    def put(self, model: ResponseModel) -> None:
        """Keep this model in memory and on disk."""
        with self._lock:
            self._remember(model)
            try:
                self._write(model)
                self._make_room()
            except OSError as refused:
                LOG.warning("the model is kept in memory only: %s", refused)

    def remembered(self, what: str, make: Callable[[], Result]) -> Result:
        """What `make` returned when this was first asked for; in memory alone."""
        if what not in self._results:
            self._results[what] = make()
            while len(self._results) > self._in_memory:
                self._results.popitem(last=False)
        result: Result = self._results[what]
        return result

    def _remember(self, model: ResponseModel) -> None:
        self._models[model.key] = model
        self._models.move_to_end(model.key)
        while len(self._models) > self._in_memory:
            self._models.popitem(last=False)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"

    def _read(self, key: str) -> ResponseModel | None:
        path = self._path(key)
        try:
            model = from_bytes(path.read_bytes())
            os.utime(path)  # used just now
        except FileNotFoundError:
            return None
        except Exception as damaged:  # whatever a file can hold: it is no model of ours
            LOG.debug("%s is not a model of this version: %r", path, damaged)
            return None
        return model if model.key == key else None

    def _write(self, model: ResponseModel) -> None:
        """Whole or not at all: another process never sees half a file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as part:
                part.write(to_bytes(model))
            Path(name).replace(self._path(model.key))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _make_room(self) -> None:
        """Remove the models used longest ago until the folder is within its bound."""
        files = []
        for path in self.folder.glob(f"*{SUFFIX}"):
            try:
                facts = path.stat()
            except FileNotFoundError:
                continue  # another process was faster
            files.append((facts.st_mtime, facts.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files)[:-1]:
            if total <= self._on_disk:
                return
            path.unlink(missing_ok=True)
            total -= size


def user_folder(name: str) -> Path:
    """A folder of the user's for models or logs; XLBUDGET_STORE names another place for all."""
    chosen = os.environ.get("XLBUDGET_STORE")
    if chosen:
        return Path(chosen) / name
    from platformdirs import user_data_path

    return user_data_path("xlbudget", appauthor=False) / name
