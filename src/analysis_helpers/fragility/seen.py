"""What a changed row may say, and which rows a claim sees."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from .. import months
from ..cohort import Cohort
from ..ledger import LONGEST
from ..measures import Condition, Floats, belonging, certain_rows, ends_of, narrow
from ..vocabulary import FIRST_YEAR

FIRST_MONTH = months.ordinal(FIRST_YEAR, 1)
LONGEST_STATED = LONGEST
"""The first month and the longest time, in months, that `authors.csv` can state exactly."""


@dataclass(frozen=True, slots=True)
class Span:
    """The whole numbers from `low` to `high`, but for `hole`."""

    low: int
    high: int
    hole: float | None = None

    def __contains__(self, number: float) -> bool:
        return self.low <= number <= self.high and number != self.hole

    def __len__(self) -> int:
        return max(0, self.high - self.low + 1 - (self.hole is not None))

    def meeting(self, condition: Condition | None) -> Span:
        """Those of the numbers that meet a condition."""
        if condition is None or isinstance(condition.value, frozenset):
            return self
        value, low, high = condition.value, self.low, self.high
        match condition.operator:
            case "<":
                return Span(low, min(high, math.ceil(value) - 1))
            case "<=":
                return Span(low, min(high, math.floor(value)))
            case ">":
                return Span(max(low, math.floor(value) + 1), high)
            case ">=":
                return Span(max(low, math.ceil(value)), high)
            case "=":
                return Span(max(low, math.ceil(value)), min(high, math.floor(value)))
        if value in (low, high):
            return Span(low + (value == low), high - (value == high))
        return Span(low, high, value if low < value < high and value == int(value) else None)


@dataclass(frozen=True, slots=True)
class Said:
    """What a changed row says; `month` and `employer` are None for who stayed."""

    month: int | None
    length: int
    employer: str | None = None
    with_role: bool = False

    @property
    def status(self) -> str:
        return "stayed" if self.month is None else "left"


class Seen:
    """The rows of a table as a claim sees them, and what a changed row could be to it.

    `changeable`: the rows of which a change can matter, since they are counted and their names fit.
    `possible` and `certain`: which belong as they are. `joins` and `leaves`: by status, whether a
    changed row can belong, and whether it can fail to. `departed` and `tenure`: the months and
    lengths of a changed row that belongs.
    """

    def __init__(
        self, cohort: Cohort, measure: str, where: Mapping[str, Condition], narrowed: pd.DataFrame
    ) -> None:
        self.cohort, self.where = cohort, where
        self.authors = cohort.authors
        self.within = belonging(measure, narrowed)
        changeable = belonging(measure, self.authors)
        if "name" in where:
            changeable = narrow(changeable, {"name": where["name"]})
        self.changeable = self._marked(changeable.index)
        self.possible = self._marked(self.within.index)
        self.certain = self._marked(self.within.index[certain_rows(self.within)])
        months_of_leaving = Span(FIRST_MONTH, cohort.article.as_of)
        lengths = Span(0, LONGEST_STATED)
        self.departed = months_of_leaving.meeting(where.get("departed"))
        self.tenure = lengths.meeting(where.get("tenure"))
        shorter = len(self.tenure) < len(lengths)
        sooner = len(self.departed) < len(months_of_leaving)
        of_leavers = bool({"departed", "organisation"} & set(where))
        self.joins = {
            "left": len(self.departed) > 0 and len(self.tenure) > 0,
            "stayed": not of_leavers and len(self.tenure) > 0,
        }
        self.leaves = {
            "left": shorter or sooner or "organisation" in where,
            "stayed": shorter or of_leavers,
        }

    def _marked(self, places: pd.Index) -> np.ndarray:
        marked = np.zeros(len(self.authors), dtype=bool)
        marked[places.to_numpy()] = True
        return marked

    @cached_property
    def employers(self) -> set[str]:
        """The employers that are asked for, or not asked for, in English."""
        asked = self.where.get("organisation")
        if asked is None or not isinstance(asked.value, frozenset):
            return set()
        return self.cohort.in_english(asked.value, "organisation")

    def allows(self, employer: str) -> bool:
        """Whether a row with an employer can belong."""
        asked = self.where.get("organisation")
        return asked is None or (employer in self.employers) == (asked.operator == "=")

    def takes(self, said: Said) -> bool:
        """Whether a changed row belongs."""
        if said.length not in self.tenure:
            return False
        if said.month is None or said.employer is None:
            return self.joins["stayed"]
        return said.month in self.departed and self.allows(said.employer)

    def spread(self, values: np.ndarray, filled: object) -> np.ndarray:
        """A value for each row of the table, from those of the rows that may belong."""
        whole = np.full(len(self.authors), filled, dtype=values.dtype)
        whole[self.within.index.to_numpy()] = values
        return whole

    def left(self) -> np.ndarray:
        """Which of the rows that may belong are of somebody who left."""
        return self.spread((self.within["status"] == "left").to_numpy(), False)

    def states(self, column: str) -> np.ndarray:
        """Which of the rows that may belong state a value."""
        return self.spread(self.within[column].notna().to_numpy(), False)

    def ends(self, column: str) -> tuple[Floats, Floats]:
        """Both ends of `departed` or `tenure`, cut to what belongs; NaN where there are none."""
        low, high = ends_of(self.within, column)
        return self.spread(low, np.nan), self.spread(high, np.nan)
