"""Results as tables: columns of numpy arrays, shown as a DataFrame only when one is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Weeks = NDArray[np.datetime64]
Columns = Mapping[str, NDArray[Any] | Sequence[Any]]


class Tabular:
    """A result with named columns of one length.

    A frozen dataclass derives from it and says which columns it shows; `table` is the DataFrame.
    """

    def columns(self) -> Columns:
        """Column names and values, in the order in which people read them."""
        raise NotImplementedError

    @property
    def table(self) -> pd.DataFrame:
        """The columns as a new DataFrame with a plain row index."""
        import pandas as pd

        return pd.DataFrame({name: np.asarray(values) for name, values in self.columns().items()})
