"""Every single change that turns a verdict, against trying every month by itself."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import analysis_helpers as ah
from analysis_helpers import months
from analysis_helpers.claims import Ledger, _questions_without_answer, decide_one
from analysis_helpers.cohort import Cohort
from analysis_helpers.ledger import Claim
from analysis_helpers.measures import MEASURES
from analysis_helpers.opening import open_cohort
from analysis_helpers.scenarios import Change, Scenario
from analysis_helpers.ways import (
    FIRST_MONTH,
    SingleChanges,
    numbers_that_turn,
    vague,
    worst_first,
)
from test_brute_force import AS_OF, Row, as_frame, claims, cohort, some_row

__all__ = ["claims", "cohort"]  # fixtures

STAYED = {"Hugo Touvron", "Xavier Martinet", "Faisal Azhar"}


@pytest.fixture(scope="module")
def llama() -> tuple[Cohort, Ledger]:
    return open_cohort("llama")


@pytest.fixture(scope="module")
def found(llama: tuple[Cohort, Ledger]) -> SingleChanges:
    return SingleChanges(*llama)


def span(first: str, last: str) -> tuple[int, int]:
    return pd.Period(first, "M").ordinal, pd.Period(last, "M").ordinal


# --- by hand


def test_what_would_make_the_article_right_about_this_year(found: SingleChanges) -> None:
    # One left in 2025 (Goyal, in February), two are needed, and the table ends in May 2025.
    number, moved, left = found.ways("few-left-this-year")
    assert str(number.number) == 'expect("few-left-this-year", ">= 1")'
    assert number.others == (0, 0)
    assert (moved.had_left, moved.months) == (True, span("2025-01", "2025-05"))
    assert set(moved.names) == set(found.names) - STAYED - {"Naman Goyal"}
    assert (left.had_left, left.months) == (False, span("2025-01", "2025-05"))
    assert set(left.names) == STAYED
    assert all(way.after == "supported" for way in (number, moved, left))


def test_what_else_turns_is_told_by_person_and_month(found: SingleChanges) -> None:
    # After February they would be the last; Lample is the only one who may have been the first.
    last = ("last-departure-february-2025", "contradicted")
    first = ("first-departure-january-2023", "contradicted")
    moved = found.ways("few-left-this-year")[1]
    nine = tuple(name for name in moved.names if name != "Guillaume Lample")
    lample = ("Guillaume Lample",)
    soon, late = span("2025-01", "2025-02"), span("2025-03", "2025-05")
    assert {(part.names, part.months): set(part.others) for part in moved.parts} == {
        (nine, soon): set(),
        (nine, late): {last},
        (lample, soon): {first},
        (lample, late): {first, last},
    }
    assert moved.others == (0, 2)
    assert str(moved.example) == 'row("Thibaut Lavril", departed="2025-01")'


def test_a_loose_month_is_one_of_its_months(found: SingleChanges) -> None:
    # Early 2023 is January to April; Grave left in February.
    ways = found.ways("first-departure-january-2023")
    settled = [
        (way.months, str(way.after))
        for way in ways
        if "Guillaume Lample" in way.names and way.months is not None
    ]
    january, february = span("2023-01", "2023-02")
    assert sorted(settled) == [
        ((FIRST_MONTH, january - 1), "contradicted"),
        ((january, january), "supported"),
        ((february, AS_OF_LLAMA), "contradicted"),
    ]


AS_OF_LLAMA = pd.Period("2025-05", "M").ordinal


def test_a_vague_word_turns_at_the_nearest_number(llama: tuple[Cohort, Ledger]) -> None:
    data, ledger = llama
    # One for certain or none left by January 2023: with one the claim is open.
    (number,) = numbers_that_turn(data, ledger["some-left-by-january-2023"])
    assert (number[0].expect, str(number[1].verdict)) == (">= 1", "inconclusive")
    # The shortest time is 30 to 32 months: from 31 on it is open, from 33 on too short.
    turns = numbers_that_turn(data, ledger["not-short-term"])
    assert [(change.expect, str(after.verdict)) for change, after in turns] == [
        (">= 31 months", "inconclusive"),
        (">= 33 months", "contradicted"),
    ]
    # 11 of 14 are 78.6 %.
    (share,) = numbers_that_turn(data, ledger["most-have-left"])
    assert share[0].expect == "> 79 %"


def test_what_asks_for_one_number_has_no_vague_word(llama: tuple[Cohort, Ledger]) -> None:
    ids = {decision.claim.id for decision in vague(llama[1])}
    assert "few-left-this-year" in ids
    assert not {"list-gives-every-tenure", "eleven-departed", "who-remains"} & ids


def test_those_that_fail_come_first(llama: tuple[Cohort, Ledger]) -> None:
    verdicts = [str(each.verdict) for each in worst_first(llama[1])]
    assert verdicts == sorted(verdicts, key=["contradicted", "inconclusive", "supported"].index)
    frame = ah.single_changes(*llama)
    assert frame["before"].tolist()[0] == "contradicted"
    some = frame.loc["few-left-this-year"]
    assert some["others"].tolist() == sorted(some["others"])


def test_each_change_of_the_table_does_what_it_says(llama: tuple[Cohort, Ledger]) -> None:
    frame = ah.single_changes(*llama)
    for row in frame.reset_index().itertuples():
        turned = ah.scenario(*llama).change(row.try_it).turned
        assert turned["after"][row.id] == row.after
        assert len(turned) - 1 == row.others


# --- by force


def told(ways: list[Any], of: list[int]) -> dict[tuple[str, int | None], tuple[str, Any]]:
    """What the ways say of every person in every one of some months, and of having stayed."""
    said: dict[tuple[str, int | None], tuple[str, Any]] = {}
    for way in ways:
        if way.number is not None:
            continue
        inside = set()
        for part in way.parts:
            first, last = part.months or (None, None)
            some = [None] if first is None else [month for month in of if first <= month <= last]
            for key in ((name, month) for name in part.names for month in some):
                assert key not in said
                said[key] = str(way.after), {name: str(new) for name, new in part.others}
                inside.add(key)
        first, last = way.months or (None, None)
        some = [None] if first is None else [month for month in of if first <= month <= last]
        assert inside == {(name, month) for name in way.names for month in some}
    return said


def tried(changed: dict[Any, Ledger], before: Ledger, claim: str) -> dict[Any, tuple[str, Any]]:
    """The same by what each change does to the whole ledger."""
    found = {}
    for key, after in changed.items():
        pairs = zip(before, after, strict=True)
        turned = {
            old.claim.id: str(new.verdict) for old, new in pairs if old.verdict != new.verdict
        }
        if claim in turned:
            found[key] = turned.pop(claim), turned
    return found


@pytest.mark.soak
def test_no_month_of_anybody_is_grouped_wrongly(
    llama: tuple[Cohort, Ledger], found: SingleChanges
) -> None:
    data, ledger = llama
    decided = ledger.where(lambda each: each.checked_by == "table")
    every = [FIRST_MONTH, *range(*span("2022-10", "2025-05")), AS_OF_LLAMA]
    changed = {}
    for name, had_left in zip(found.names, found.left, strict=True):
        for month in ([None] if had_left else []) + every:
            departed = None if month is None else months.iso(month)
            change = Change(name, cells=(("departed", departed),))
            changed[name, month] = Scenario(data, decided, [change]).ledger
    counted = 0
    for decision in decided:
        claim = decision.claim.id
        truth = tried(changed, decided, claim)
        assert told(found.ways(claim), every) == truth, claim
        counted += len(truth)
    assert counted > 1_000


def team_of(cohort: Cohort, rows: list[Row]) -> Cohort:
    frame = as_frame(rows).assign(counted=True, departed_printed=None)
    return replace(cohort, authors=frame)


@pytest.mark.soak
def test_nor_of_any_team_and_claim(cohort: Cohort, claims: dict[str, list[Claim]]) -> None:
    draw = random.Random(7)
    turned: Counter[Any] = Counter()
    every = list(range(AS_OF - 9, AS_OF + 1))
    for _ in range(120):
        rows = [some_row(draw, number) for number in range(draw.randint(1, 5))]
        team = team_of(cohort, rows)
        asked = draw.sample(claims["where"], draw.choice([0, 1, 1, 2]))
        where = {column: value for claim in asked for column, value in claim.where.items()}
        drawn = [
            replace(draw.choice(claims[name]), where=where, id=f"{name.replace('_', '-')}")
            for name in draw.sample(list(MEASURES), 3)
        ]
        # One of them is to be read in two ways.
        drawn[0] = replace(drawn[0], measure=None, id="both", readings=(drawn[0], drawn[1]))
        drawn = [claim for claim in drawn if not any(
            any(_questions_without_answer(team, reading)) for reading in claim.each_reading
        )]  # fmt: skip
        ledger = Ledger([decide_one(team, claim) for claim in drawn], team.language)
        found = SingleChanges(team, ledger)
        for place, row in enumerate(rows):
            options: list[int | None] = [None] if row.left else []
            for month in [*options, *every]:
                departed = None if month is None else range(month, month + 1)
                said = replace(row, left=month is not None, departed=departed)
                if month is None:
                    said = replace(said, organisation=None)
                moved = team_of(team, [*rows[:place], said, *rows[place + 1 :]])
                for decision in ledger:
                    truth = decide_one(moved, decision.claim).verdict
                    name = decision.claim.id
                    assert found.verdict(name, row.name, month) == truth, (rows, decision, said)
                    turned[truth != decision.verdict] += 1
    assert turned[True] > 500, turned
    assert turned[False] > 500, turned
