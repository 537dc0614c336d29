"""A range of possible values, and what it says about an expectation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How firmly a claim stands."""

    SUPPORTED = "supported"
    INCONCLUSIVE = "inconclusive"
    CONTRADICTED = "contradicted"
    UNTESTABLE = "untestable"


OPERATORS = ("<=", ">=", "!=", "<", ">", "=")


@dataclass(frozen=True, slots=True)
class Range:
    """Every value from `low` to `high`, both included.

    `step` is the distance between neighbouring possible values (1 for a count);
    0 means that any value in between is possible. An end that nothing bounds is infinite.
    """

    low: float
    high: float
    step: float = 0.0

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"a range runs from low to high, not from {self.low} to {self.high}")

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    def __contains__(self, value: float) -> bool:
        if not self.low <= value <= self.high:
            return False
        if value in (self.low, self.high) or not self.step:
            return True
        origin = self.low if math.isfinite(self.low) else self.high
        if not math.isfinite(origin):
            origin = 0.0
        steps = (value - origin) / self.step
        return math.isclose(steps, round(steps), abs_tol=1e-9)


def judge(measured: Range, operator: str, value: float) -> Verdict:
    """Hold an expectation against every point of a measured range.

    Raises ValueError for an operator that is not one of `OPERATORS`.
    """
    low, high = measured.low, measured.high
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
            always, ever = low == high == value, value in measured
        case "!=":
            always, ever = value not in measured, not low == high == value
        case _:
            raise ValueError(f"unknown operator {operator!r}: use one of {' '.join(OPERATORS)}")
    if always:
        return Verdict.SUPPORTED
    return Verdict.INCONCLUSIVE if ever else Verdict.CONTRADICTED
