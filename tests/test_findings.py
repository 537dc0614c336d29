"""What sentences and alternative texts say, held against every world that the ranges allow."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis_helpers import charts, findings
from analysis_helpers.measures import certainly_least
from analysis_helpers.opening import open_cohort

Maker = Callable[..., Path]
LENGTHS = {"2 years, 1 month": (24, 26), "2 years": (18, 30), "25 months": (24, 26),
           "30 months": (29, 31), "33 months": (32, 34), "5 years": (54, 66)}  # fmt: skip
MONTHS = {"2023-03": (38, 38), "2023-04": (39, 39), "early 2023": (36, 39), "2023": (36, 47)}
"""Months since January 2020."""


@pytest.mark.parametrize(
    ("low", "high", "least"),
    [
        ([1, 3], [2, 4], 0),
        ([3, 1], [4, 2], 1),
        ([1, 2], [2, 4], None),  # both may be 2
        ([1, 1], [1, 1], None),
        ([5], [9], 0),
        ([], [], None),
    ],
)
def test_who_is_certainly_the_least(low: list[int], high: list[int], least: int | None) -> None:
    assert certainly_least(np.array(low, float), np.array(high, float)) == least


def teams() -> Iterator[list[tuple[str, str]]]:
    """A month and a length for each who left; every pair, and some larger teams."""
    kinds = list(product(MONTHS, LENGTHS))
    draw = random.Random(9)
    for _ in range(60):
        yield draw.choices(kinds, k=draw.choice([2, 2, 3, 4]))


def firsts(ranges: list[tuple[int, int]]) -> set[int]:
    """Who may be the least, in some world: every one of them in a tie."""
    worlds = product(*(range(low, high + 1) for low, high in ranges))
    return {who for world in worlds for who, value in enumerate(world) if value == min(world)}


def named(text: str, names: list[str]) -> list[str]:
    return sorted((name for name in names if name in text), key=text.index)


@pytest.mark.parametrize("language", ["en", "he"])
def test_nobody_is_called_first_lowest_or_longest_who_may_not_be(
    tmp_path: Path, make_cohort: Maker, language: str
) -> None:
    names = ["Ada", "Ben", "Cleo", "Dora"]
    said = 0
    for number, team in enumerate(teams()):
        people: list[dict[str, Any]] = [
            {"name": name, "organisation": "Acme", "departed": month, "tenure": length}
            for name, (month, length) in zip(names, team, strict=False)
        ]
        folder = make_cohort(tmp_path / str(number), authors=people)
        data, _ledger = open_cohort(folder, language)
        tenures = [LENGTHS[length] for _, length in team]
        shortest, longest = firsts(tenures), firsts([(-high, -low) for low, high in tenures])
        found = named(charts.tenures(data).alt, names)
        if found:
            assert [{names.index(each)} for each in found] == [longest, shortest], team
            said += 1
    assert 5 < said < 55


def test_equal_rows_name_nobody(tmp_path: Path, make_cohort: Maker) -> None:
    people = [
        {"name": name, "organisation": "Acme", "departed": "2023-03", "tenure": "2 years"}
        for name in ("Ada", "Ben", "Cleo")
    ]
    data, _ledger = open_cohort(make_cohort(tmp_path, authors=people))
    for chart in (charts.timeline(data), charts.tenures(data)):
        assert named(chart.alt, ["Ada", "Ben", "Cleo"]) == []


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (["2023-03", "early 2023", "2024-01"], "Two left in 2023 and one in 2024."),
        (["2021", "2023-12", "2023"], "One left in 2021 and two in 2023."),
        (["2023-03", "2023-04"], None),  # the dates say it already
        (["2022-12..2023-01", "2024-01"], None),  # the first may lie in either year
        (["2018", "2019", "2020", "2021", "2022", "2023"], None),  # too many to be read
    ],
)
def test_how_many_left_in_each_year_is_said_where_it_is_certain(
    months: list[str], said: str | None, tmp_path: Path, make_cohort: Maker
) -> None:
    people = [{"name": f"P{n}", "departed": each} for n, each in enumerate(months)]
    data, _ledger = open_cohort(make_cohort(tmp_path, [*people, {"name": "Stayed"}]))
    text = findings.timeline(data)
    assert (" left in " in text) == (said is not None)
    assert said is None or said in text
