"""Every value that a measure can have, worked out by hand from a few rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis_helpers.claims import Decision
from analysis_helpers.ledger import Expectation
from analysis_helpers.opening import open_cohort
from analysis_helpers.outcomes import hold_each, values_of
from analysis_helpers.ranges import Verdict

Maker = Callable[..., Path]
Rows = list[tuple[float, float, bool]]
INF = math.inf
S, I, C = Verdict.SUPPORTED, Verdict.INCONCLUSIVE, Verdict.CONTRADICTED  # noqa: E741


def values(
    name: str, rows: Rows, hole: float | None = None, sought: float = 10
) -> list[float] | None:
    """The values over rows of a low end, a high end, and whether the row belongs for certain."""
    low, high, certain = (np.array(column) for column in zip(*rows, strict=True))
    found = values_of(name, (low.astype(float), high.astype(float), certain), hole, sought)
    return None if found is None else sorted({*found.tolist()})


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        ("mean_tenure", [(10, 10, True), (20, 22, True)], [15, 15.5, 16]),
        ("mean_tenure", [(10, 10, True), (20, 22, False)], [10, 15, 15.5, 16]),
        # Where the only one does not belong, there is no mean.
        ("mean_tenure", [(20, 21, False)], [20, 21]),
        ("median_tenure", [(10, 10, True), (20, 20, True), (30, 32, False)], [15, 20]),
        ("median_tenure", [(10, 10, True), (20, 20, True), (30, 30, True), (40, 40, False)],
         [20, 25]),
        # 11 of 1 to 21; with one more above them 11.5, with two more 12.
        ("median_tenure", [(n, n, True) for n in range(1, 22)] + [(90, 90, False)] * 2,
         [11, 11.5, 12]),
        ("shortest_tenure", [(10, 10, True), (5, 6, True), (20, 20, True)], [5, 6]),
        ("shortest_tenure", [(10, 10, True), (5, 6, False), (20, 20, True)], [5, 6, 10]),
        ("longest_tenure", [(10, 10, True), (25, 26, False), (20, 20, True)], [20, 25, 26]),
        ("longest_tenure", [(30, 30, True), (5, 6, True)], [30]),
        # The month in which the second of three, and the first of two went.
        ("half_gone", [(1, 1, True), (5, 6, True), (9, 9, True)], [5, 6]),
        ("half_gone", [(1, 1, True), (5, 6, True)], [1]),
        ("half_gone", [(1, 1, False), (5, 6, True)], [1, 5, 6]),
        ("last_departure", [(9000, 9001, True)], [9000, 9001]),
    ],
)  # fmt: skip
def test_every_choice_of_points_and_rows_has_its_value(
    name: str, rows: Rows, expected: list[float]
) -> None:
    assert values(name, rows) == expected


@pytest.mark.parametrize(
    ("rows", "hole", "sought", "expected"),
    [
        ([(20, 24, True)], 22, 21, [20, 21, 23, 24]),
        # One month stands for all that are before or after what is finite, sought or taken out.
        ([(-INF, 5, True)], None, 2, [1, 2, 3, 4, 5]),
        ([(-INF, 5, True)], 1, 2, [0, 2, 3, 4, 5]),
        ([(5, INF, True)], None, 7, [5, 6, 7, 8]),
        ([(5, INF, True)], 8, 7, [5, 6, 7, 9]),
    ],
)
def test_the_value_that_is_taken_out_is_none_of_them_and_a_range_without_an_end_is_cut(
    rows: Rows, hole: float | None, sought: float, expected: list[float]
) -> None:
    assert values("first_departure", rows, hole, sought) == expected


def test_10_000_combinations_are_tried_and_no_more() -> None:
    assert values("first_departure", [(0, 99, True), (0, 99, True)]) == [*range(100)]
    assert values("first_departure", [(0, 99, True), (0, 100, True)]) is None
    assert values("first_departure", [(0, 20_000, True)]) is None
    assert values("first_departure", [(0, 1, True)] * 13) == [0, 1]
    assert values("first_departure", [(0, 1, True)] * 14) is None


@pytest.mark.parametrize(
    ("found", "may_be_empty", "equal", "unequal"),
    [
        # "62 %" is printed for 61.5 to below 62.5.
        ([61.5], False, S, C),
        ([62.5], False, C, S),
        ([62, 62.4], False, S, C),
        ([62, 63], False, I, I),
        ([62], True, I, C),
        ([63], True, C, I),
    ],
)
def test_equality_is_held_against_every_value_and_against_none(
    found: list[float], may_be_empty: bool, equal: Verdict, unequal: Verdict
) -> None:
    for sign, verdict in (("=", equal), ("!=", unequal)):
        expected = Expectation(sign, 62.0, (61.5, 62.5))
        assert hold_each(np.array(found), expected, may_be_empty) == verdict


def test_without_rounding_only_the_value_itself_is_equal() -> None:
    found = np.array([20.0, 24.0])
    assert hold_each(found, Expectation("=", 22.0), False) == C
    assert hold_each(found, Expectation("!=", 22.0), False) == S
    assert hold_each(found, Expectation("=", 24.0), False) == I


# --- the same of whole tables: the paper is of February 2023, the table of May 2025

CERTAIN, PERHAPS = "2 years, 1 month", "7 years"
"""24 to 26 months, and 78 to 90, which may be the 84 that `NOT_84` takes out."""
NOT_84 = {"tenure": "!= 84 months"}


def decided(
    make_cohort: Maker, folder: Path, rows: list[tuple[str, str]], **claim: Any
) -> Decision:
    people = [
        {"name": f"P{number}", "departed": departed, "tenure": tenure}
        for number, (departed, tenure) in enumerate(rows)
    ]
    decision: Decision
    (decision,) = open_cohort(make_cohort(folder, people, [claim]))[1]
    assert decision.exhaustive
    return decision


@pytest.mark.parametrize(
    ("rows", "expect", "verdict"),
    [
        # Two, three or four of them and four who stayed: 2 / 6, 3 / 7 or 4 / 8; never 2 / 5.
        ([("", CERTAIN)] * 4 + [("2023-03", CERTAIN)] * 2 + [("2023-03", PERHAPS)] * 2, "= 40 %",
         "contradicted"),
        ([("", CERTAIN)] * 4 + [("2023-03", CERTAIN)] * 2 + [("2023-03", PERHAPS)] * 2, "= 42.9 %",
         "inconclusive"),
        # Both, one, the other or nobody: 50, 100 or 0 %, or nothing to measure.
        ([("", PERHAPS), ("2023-03", PERHAPS)], "= 25 %", "contradicted"),
        ([("", PERHAPS), ("2023-03", PERHAPS)], "!= 25 %", "inconclusive"),
        ([("", PERHAPS), ("2023-03", PERHAPS)], "= 50 %", "inconclusive"),
    ],
)  # fmt: skip
def test_a_share_is_one_of_those_who_may_belong(
    tmp_path: Path, make_cohort: Maker, rows: list[tuple[str, str]], expect: str, verdict: str
) -> None:
    claim = {"measure": "share_departed", "where": NOT_84, "expect": expect}
    assert decided(make_cohort, tmp_path, rows, **claim).verdict == verdict


@pytest.mark.parametrize(
    ("rows", "where", "expect", "verdict"),
    [
        # Gone one or three months after the paper, if at all.
        ([("2023-03..2023-05", "")], {"departed": "!= 2023-04"}, "= 2 months", "contradicted"),
        ([("2023-03..2023-05", "")], {"departed": "!= 2023-04"}, "= 3 months", "inconclusive"),
        ([("2023-03..2023-05", "")], {"departed": ">= 2023-04"}, "= 2 months", "inconclusive"),
        # Both in any month up to May 2023 but April, so also in that of the paper.
        ([("..2023-05", "")] * 2, {"departed": "!= 2023-04"}, "= 0 months", "inconclusive"),
        ([("..2023-05", "")] * 2, {"departed": "!= 2023-04"}, "= 2 months", "contradicted"),
        # One of two went a month after the paper; of three the second goes after 27 months.
        ([("2023-03", CERTAIN), ("", CERTAIN), ("", PERHAPS)], NOT_84, "= 27 months",
         "contradicted"),
        ([("2023-03", CERTAIN), ("", CERTAIN), ("", PERHAPS)], NOT_84, "= 28 months",
         "inconclusive"),
    ],
)  # fmt: skip
def test_half_of_those_who_may_belong_had_left_in_a_month_that_was_possible(
    tmp_path: Path,
    make_cohort: Maker,
    rows: list[tuple[str, str]],
    where: dict[str, str],
    expect: str,
    verdict: str,
) -> None:
    claim = {"measure": "half_gone", "where": where, "expect": expect}
    assert decided(make_cohort, tmp_path, rows, **claim).verdict == verdict


@pytest.mark.parametrize(("expect", "verdict"), [("= 84 months", C), ("= 85 months", I)])
def test_a_length_that_is_taken_out_is_not_the_longest(
    tmp_path: Path, make_cohort: Maker, expect: str, verdict: Verdict
) -> None:
    claim = {"measure": "longest_tenure", "where": NOT_84, "expect": expect}
    assert decided(make_cohort, tmp_path, [("2023-03", PERHAPS)], **claim).verdict == verdict


@pytest.mark.parametrize(
    ("measure", "rows", "where", "expect", "exhaustive"),
    [
        # Of 99 and 99 each number may belong, and none: 100 times 100.
        ("share_departed", [("", PERHAPS), ("2023-03", PERHAPS)] * 99, NOT_84, "= 33.3 %", True),
        ("share_departed", [("", PERHAPS), ("2023-03", PERHAPS)] * 100, NOT_84, "= 33.3 %", False),
        # Each of seven in one of eleven months, or not at all.
        ("half_gone", [("2023", "")] * 7, {"departed": "!= 2023-06"}, "= 2 months", False),
    ],
)
def test_where_too_many_choices_are_possible_not_every_one_is_tried(
    tmp_path: Path,
    make_cohort: Maker,
    measure: str,
    rows: list[tuple[str, str]],
    where: dict[str, str],
    expect: str,
    exhaustive: bool,
) -> None:
    people = [
        {"name": f"P{number}", "departed": departed, "tenure": tenure}
        for number, (departed, tenure) in enumerate(rows)
    ]
    claim = {"measure": measure, "where": where, "expect": expect}
    (decision,) = open_cohort(make_cohort(tmp_path, people, [claim]))[1]
    assert (decision.verdict, decision.exhaustive) == ("inconclusive", exhaustive)
