"""A range of possible values, and what it says about an expectation."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from .months import first_day


class Verdict(StrEnum):
    """How firmly a claim stands."""

    SUPPORTED = "supported"
    INCONCLUSIVE = "inconclusive"
    CONTRADICTED = "contradicted"
    UNTESTABLE = "untestable"


OPERATORS = ("<=", ">=", "!=", "<", ">", "=")

# Far more than a float's error in a value, far less than what tells two printed numbers apart.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Range:
    """The possible values from `low` to `high`, both of them possible.

    `step` is the distance between neighbouring possible values (1 for a count);
    0 means that any value in between is possible. An end that nothing bounds is infinite.
    `unit` says how it prints: "months", "%", "month" (counted from January 1970), or nothing.

    >>> Range(65, 68.8, unit="months")
    65.0–68.8 months
    >>> Range(636, 637, step=1, unit="month")
    Jan–Feb 2023
    >>> Range(11, 11, step=1).is_exact
    True
    """

    low: float
    high: float
    step: float = 0.0
    unit: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        for end in ("low", "high", "step"):
            object.__setattr__(self, end, _plain(getattr(self, end)))
        if not self.low <= self.high:
            raise ValueError(f"a range runs from low to high, not from {self.low} to {self.high}")

    def __repr__(self) -> str:
        ends = self.low, self.high
        if self.unit == "month":
            return _months_said(*ends)
        whole = all(math.isinf(end) or end == int(end) for end in ends)
        low, high = (_number_said(end, 0 if whole else 1) for end in ends)
        return f"{low if low == high else f'{low}–{high}'} {self.unit}".rstrip()

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high and self._next(value) - value <= ROUNDING

    def meets(self, start: float, end: float) -> bool:
        """Whether some possible value lies from `start` to below `end`."""
        return self._next(start) < end - ROUNDING

    def _next(self, value: float) -> float:
        """The least possible value that is not below `value`; infinite where there is none."""
        if value <= self.low:
            return self.low
        if value > self.high:
            return math.inf
        if not self.step:
            return value
        origin = next((end for end in (self.low, self.high) if math.isfinite(end)), 0.0)
        steps = math.ceil((value - ROUNDING - origin) / self.step)
        return origin + steps * self.step


def _plain(number: float) -> float:
    """A number of Python's own, whatever library made it."""
    return number.item() if hasattr(number, "item") else number


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _months_said(low: float, high: float) -> str:
    said = ["…", "…"]
    for place, end in enumerate((low, high)):
        if math.isfinite(end):
            day = first_day(end)
            said[place] = f"{_MONTHS[day.month - 1]} {day.year}"
    first, last = said
    if first[4:] == last[4:]:
        return last if first == last else f"{first[:3]}–{last}"
    return f"{first}–{last}"


def _number_said(number: float, digits: int) -> str:
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    return f"{number:,.{digits}f}".replace("-", "−")


def judge(
    measured: Range, operator: str, value: float, printed: tuple[float, float] | None = None
) -> Verdict:
    """Hold an expectation against every point of a measured range.

    For a value that was printed rounded, `printed` is what rounds to it: from its first number to
    below its second. All of that is equal to the value; `<`, `<=`, `>` and `>=` take it as it is.

    Raises ValueError for an operator that is not one of `OPERATORS`.
    """
    low, high = measured.low, measured.high
    if printed is None:
        is_equal, may_equal = low == high == value, value in measured
    else:
        is_equal, may_equal = printed[0] <= low and high < printed[1], measured.meets(*printed)
    match operator:
        case "<":
            always, ever = high < value, low < value
        case "<=":
            always, ever = high <= value, low <= value
        case ">":
            always, ever = low > value, high > value
        case ">=":
            always, ever = low >= value, high >= value
        case "=":
            always, ever = is_equal, may_equal
        case "!=":
            always, ever = not may_equal, not is_equal
        case _:
            raise ValueError(f"unknown operator {operator!r}: use one of {' '.join(OPERATORS)}")
    if always:
        return Verdict.SUPPORTED
    return Verdict.INCONCLUSIVE if ever else Verdict.CONTRADICTED
