"""Tables that a model was asked for, kept for the next formula that asks for the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from xlbudget.tabular import Array

MOST = 2**20  # numbers that are kept, 8 MiB

Tables = tuple[Array, ...]


class Kept:
    """The tables asked for last; the oldest go where all would be more than MOST numbers."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._size = 0
        self._held: OrderedDict[Hashable, Tables] = OrderedDict()

    def get(self, key: Hashable, work_out: Callable[..., Tables], *arguments: Any) -> Tables:
        """What is kept under the key, or else what `work_out` says of the arguments; read only."""
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        found = work_out(*arguments)
        for each in found:
            each.flags.writeable = False
        self._held[key] = found
        self._size += _numbers(found)
        while self._size > self._most:
            self._size -= _numbers(self._held.popitem(last=False)[1])
        return found


def _numbers(tables: Tables) -> int:
    return sum(each.size for each in tables)
