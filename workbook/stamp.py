"""Where a plan file comes from: inputs, time, version."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Stamp:
    """What makes a plan file traceable; hashes are hex."""

    source: str
    made: dt.datetime
    version: str
    inputs: str
    model: str

    @property
    def line(self) -> str:
        """One line for the foot of every page."""
        return (
            f"{self.source}, made {self.made:%Y-%m-%d %H:%M}, xlbudget {self.version}, "
            f"inputs {self.inputs[:12]}"
        )
