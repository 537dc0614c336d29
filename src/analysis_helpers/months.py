"""Months, counted from January 1970: the ordinal of a monthly period in pandas."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

EPOCH = 1970


def ordinal(year: int, month: int) -> int:
    """The count of a month (1 to 12) of a year."""
    return (year - EPOCH) * 12 + month - 1


def first_day(month: float) -> datetime.date:
    """The day on which a month begins."""
    year, index = divmod(int(month), 12)
    return datetime.date(EPOCH + year, index + 1, 1)


def iso(month: float) -> str:
    """A month as `2023-01`."""
    return first_day(month).isoformat()[:7]


def periods(ordinals: np.ndarray) -> pd.PeriodIndex:
    """Monthly periods; missing where an ordinal is NaN or infinite."""
    import numpy as np
    import pandas as pd

    missing = ~np.isfinite(ordinals)
    values = np.where(missing, np.iinfo(np.int64).min, np.where(missing, 0, ordinals))
    index: pd.PeriodIndex = pd.PeriodIndex.from_ordinals(  # type: ignore[attr-defined]
        values.astype("int64"), freq="M"
    )
    return index


def ordinals(months: pd.Series) -> np.ndarray:
    """Monthly periods as floats; NaN where one is missing."""
    import numpy as np

    return np.where(months.isna(), np.nan, months.array.asi8.astype(float))
