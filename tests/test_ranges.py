"""A range of possible values, and the verdict on an expectation that is held against it."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_helpers.ranges import OPERATORS, Range, Verdict, judge

INF = math.inf
S, I, C = Verdict.SUPPORTED, Verdict.INCONCLUSIVE, Verdict.CONTRADICTED  # noqa: E741


@pytest.mark.parametrize(
    ("sign", "below", "low", "inside", "high", "above"),
    [
        # The range is 10 to 14; the expectation is 9, 10, 12, 14 and 15.
        ("<", C, C, I, I, S),
        ("<=", C, I, I, S, S),
        (">", S, I, I, C, C),
        (">=", S, S, I, I, C),
        ("=", C, I, I, I, C),
        ("!=", S, I, I, I, S),
    ],
)
def test_a_loose_value_is_held_against_an_expectation(
    sign: str, below: Verdict, low: Verdict, inside: Verdict, high: Verdict, above: Verdict
) -> None:
    verdicts = [judge(Range(10, 14, 1), sign, value) for value in (9, 10, 12, 14, 15)]
    assert verdicts == [below, low, inside, high, above]


@pytest.mark.parametrize(
    ("sign", "below", "same", "above"),
    [
        # The value is 12; the expectation is 11, 12 and 13.
        ("<", C, C, S),
        ("<=", C, S, S),
        (">", S, C, C),
        (">=", S, S, C),
        ("=", C, S, C),
        ("!=", S, C, S),
    ],
)
def test_an_exact_value_is_never_inconclusive(
    sign: str, below: Verdict, same: Verdict, above: Verdict
) -> None:
    verdicts = [judge(Range(12, 12, 1), sign, value) for value in (11, 12, 13)]
    assert verdicts == [below, same, above]


def test_an_operator_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown operator '~': use one of <= >= != < > ="):
        judge(Range(1, 2), "~", 1)


@pytest.mark.parametrize(("low", "high"), [(2, 1), (math.nan, 1), (1, math.nan)])
def test_a_range_that_does_not_run_from_low_to_high_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="from low to high"):
        Range(low, high)


@pytest.mark.parametrize(
    ("measured", "printed"),
    [
        (Range(5, 5), "5"),
        (Range(65, 68.8, unit="months"), "65.0–68.8 months"),
        (Range(-2.5, -2.5, unit="%"), "−2.5 %"),
        (Range(1200, INF, unit="months"), "1,200–∞ months"),
        (Range(-INF, 3), "−∞–3"),
        # 2023 began 53 years of 12 months after 1970.
        (Range(636, 636, unit="month"), "Jan 2023"),
        (Range(636, 647, unit="month"), "Jan–Dec 2023"),
        (Range(635, 636, unit="month"), "Dec 2022–Jan 2023"),
        (Range(-INF, 636, unit="month"), "…–Jan 2023"),
        (Range(636, INF, unit="month"), "Jan 2023–…"),
    ],
)
def test_a_range_prints_its_ends_and_its_unit(measured: Range, printed: str) -> None:
    assert repr(measured) == printed


def test_the_numbers_of_a_range_are_those_of_python() -> None:
    made = Range(np.float64(1), np.int64(2), np.float64(0.5))
    assert [type(number) for number in (made.low, made.high, made.step)] == [float, int, float]


def test_a_value_between_the_steps_is_not_possible() -> None:
    # The mean of three whole numbers from 4 to 5 is 4, 4 1/3, 4 2/3 or 5.
    means = Range(4, 5, 1 / 3)
    assert [value in means for value in (4, 4 + 1 / 3, 4 + 2 / 3, 5)] == [True] * 4
    assert [value in means for value in (3.9, 4.3, 4.5, 5.1)] == [False] * 4
    assert judge(means, "=", 4.5) == C
    assert judge(means, "!=", 4.5) == S


def test_without_a_step_any_value_in_between_is_possible() -> None:
    assert 4.5 in Range(4, 5)
    assert judge(Range(4, 5), "=", 4.5) == I


def test_an_end_that_nothing_bounds_is_infinite() -> None:
    earlier = Range(-INF, 10, 1)
    assert judge(earlier, "<=", 10) == S
    assert judge(earlier, "<", 10) == I
    assert judge(earlier, ">", 10) == C
    assert judge(earlier, "=", -1000) == I
    assert judge(earlier, "=", 9.5) == C
    later = Range(10, INF, 1)
    assert judge(later, ">=", 10) == S
    assert judge(later, "<", 10**9) == I
    assert judge(later, "!=", 9) == S
    assert judge(Range(-INF, INF, 1), "=", 3) == I
    assert judge(Range(-INF, INF, 1), "=", 3.5) == C


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        # "78.6 %" is printed for 78.55 to below 78.65.
        (Range(78.55, 78.55), S),
        (Range(78.649, 78.649), S),
        (Range(78.65, 78.65), C),
        (Range(78.549, 78.549), C),
        (Range(78.56, 78.64), S),
        (Range(78, 79), I),
        (Range(78.64, 79), I),
        (Range(78.65, 79), C),
        (Range(70, 78.55), I),
        (Range(70, 78.54), C),
        (Range(78, 79, 0.5), C),  # 78, 78.5 and 79
        (Range(78.5, 78.7, 0.1), I),  # 78.5, 78.6 and 78.7
    ],
)
def test_a_value_that_was_printed_rounded_equals_what_rounds_to_it(
    measured: Range, verdict: Verdict
) -> None:
    opposite = {S: C, C: S, I: I}[verdict]
    assert judge(measured, "=", 78.6, (78.55, 78.65)) == verdict
    assert judge(measured, "!=", 78.6, (78.55, 78.65)) == opposite


HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


@given(
    low=st.integers(-20, 20),
    points=st.integers(1, 13),
    parts=st.integers(1, 4),
    sign=st.sampled_from(OPERATORS),
    value=st.fractions(-25, 35, max_denominator=12),
)
def test_a_verdict_is_what_all_the_points_say(
    low: int, points: int, parts: int, sign: str, value: Fraction
) -> None:
    outcomes = {HOLDS[sign](low + Fraction(point, parts), value) for point in range(points)}
    measured = Range(low, float(low + Fraction(points - 1, parts)), 1 / parts)
    expected = {(True,): S, (False,): C}.get(tuple(outcomes), I)
    assert judge(measured, sign, float(value)) == expected
