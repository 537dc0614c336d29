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
from analysis_helpers.claims import Ledger, decide_one, questions_without_answer
from analysis_helpers.cohort import Cohort
from analysis_helpers.edition import Edition
from analysis_helpers.ledger import Claim
from analysis_helpers.measures import MEASURES, Condition
from analysis_helpers.opening import open_cohort
from analysis_helpers.scenarios import Change, Scenario
from analysis_helpers.ways import (
    FIRST_MONTH,
    Part,
    SingleChanges,
    Way,
    answer,
    bound,
    months_of,
    months_that_turn,
    nearest_date,
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


@pytest.fixture(scope="module")
def single_changes(llama: tuple[Cohort, Ledger]) -> pd.DataFrame:
    return ah.single_changes(*llama)


def span(first: str, last: str) -> tuple[int, int]:
    return pd.Period(first, "M").ordinal, pd.Period(last, "M").ordinal


# --- by hand


def test_what_would_make_the_article_right_about_this_year(found: SingleChanges) -> None:
    # One left in 2025 (Goyal, in February), two are needed, and the table ends in May 2025. The
    # last one before was Rozière, in August 2024.
    number, since, moved, left = found.ways("few-left-this-year")
    assert str(number.change) == 'expect("few-left-this-year", ">= 1")'
    assert str(since.change) == 'where("few-left-this-year", departed=">= 2024-08")'
    assert number.others == since.others == (0, 0)
    assert (moved.had_left, moved.months) == (True, span("2025-01", "2025-05"))
    assert set(moved.names) == set(found.names) - STAYED - {"Naman Goyal"}
    assert (left.had_left, left.months) == (False, span("2025-01", "2025-05"))
    assert set(left.names) == STAYED
    assert all(way.after == "supported" for way in (number, since, moved, left))


def test_it_is_said_in_a_sentence(llama: tuple[Cohort, Ledger], found: SingleChanges) -> None:
    decision, ways = llama[1]["few-left-this-year"], found.ways("few-left-this-year")
    assert answer(ways, Edition(llama[0]), decision) == (
        "Supported if it is read as needing at least 1 rather than at least 2; or if it counts"
        " those who left in August 2024 or later rather than in January 2025 or later; or if one of"
        " 13 authors left between January and May 2025."
    )


def test_the_nearest_change_comes_first(found: SingleChanges) -> None:
    # Before January 2025: Rozière in August 2024, Rodriguez in July, Hambro in November 2023.
    moved, left = found.ways("few-left-this-year")[2:]
    assert moved.names[:3] == ("Baptiste Rozière", "Aurélien Rodriguez", "Eric Hambro")
    assert str(moved.change) == 'row("Baptiste Rozière", departed="2025-01")'
    # Who was still there in May 2025 is nearest to having left in it.
    assert str(left.change) == 'row("Hugo Touvron", departed="2025-05")'
    # And who left last is nearest to having stayed.
    (stayed,) = [way for way in found.ways("eleven-departed") if way.months is None]
    assert stayed.names[:2] == ("Naman Goyal", "Baptiste Rozière")
    # Early 2023 is up to April: a later month is nearest to that one.
    (late,) = [
        way
        for way in found.ways("first-departure-january-2023")
        if way.months == span("2023-02", "2025-05")
    ]
    assert str(late.change) == 'row("Guillaume Lample", departed="2023-04")'


@pytest.mark.parametrize(
    ("claim", "english", "hebrew"),
    [
        (
            # One left in 2025, two are needed; before that nobody left later than Rozière.
            "few-left-this-year",
            "If Baptiste Rozière had left in January 2025 and not in August 2024, the claim would"
            " be supported.",
            "אילו מועד העזיבה של בטיסט רוזייר היה ינואר 2025 ולא אוגוסט 2024, המסקנה הייתה"
            ' "נתמכה".',
        ),
        (
            # Lample may have left by then; with Grave it would be one or two.
            "some-left-by-january-2023",
            "If Edouard Grave had left in January 2023 and not in February 2023, the claim would be"
            " inconclusive.",
            "אילו מועד העזיבה של אדוארד גראב היה ינואר 2023 ולא פברואר 2023, המסקנה הייתה"
            ' "לא הוכרעה".',
        ),
        (
            # January is one of the months that "early 2023" can mean.
            "first-departure-january-2023",
            "If Guillaume Lample left in January 2023, the claim is supported.",
            'אם מועד העזיבה של גיום למפל הוא ינואר 2023, המסקנה היא "נתמכה".',
        ),
        ("mistral-founders-came-from-meta", "", ""),  # their employer decides it
    ],
)
def test_the_nearest_date_is_said_in_a_sentence(claim: str, english: str, hebrew: str) -> None:
    for language, said in (("en", english), ("he", hebrew)):
        assert nearest_date(open_cohort("llama", language)[1][claim])[0] == said


def test_from_which_month_another_count_would_hold(llama: tuple[Cohort, Ledger]) -> None:
    data, ledger = llama

    def turning(claim: str) -> list[tuple[str, str]]:
        changes = months_that_turn(data, ledger[claim])
        return [(dict(each.where)["departed"], str(then.verdict)) for each, then in changes]

    # Two for certain by March 2023 (Grave in February, Izacard), one or two by February: Lample
    # left between January and April.
    assert turning("some-left-by-january-2023") == [
        ("<= 2023-02", "inconclusive"), ("<= 2023-03", "supported"),
    ]  # fmt: skip
    # Three left since May 2024; Goyal alone after Rozière's August.
    assert turning("stayed-through-llama-3") == [(">= 2024-09", "contradicted")]
    # Nothing is counted by month here.
    assert turning("eleven-departed") == turning("list-gives-every-tenure") == []


def test_what_else_turns_is_told_by_claim_with_person_and_month(found: SingleChanges) -> None:
    # After February they would be the last; Lample is the only one who may have been the first.
    moved = found.ways("few-left-this-year")[2]
    first, last = moved.parts
    assert (first.claim, first.after) == ("first-departure-january-2023", "contradicted")
    assert (first.names, first.months) == (("Guillaume Lample",), moved.months)
    assert (last.claim, last.after) == ("last-departure-february-2025", "contradicted")
    assert (set(last.names), last.months) == (set(moved.names), span("2025-03", "2025-05"))
    assert (moved.beside, moved.others) == (0, (0, 2))


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


def test_those_that_fail_come_first(
    llama: tuple[Cohort, Ledger], single_changes: pd.DataFrame
) -> None:
    verdicts = [str(each.verdict) for each in worst_first(llama[1])]
    assert verdicts == sorted(verdicts, key=["contradicted", "inconclusive", "supported"].index)
    assert single_changes["before"].tolist()[0] == "contradicted"
    some = single_changes.loc["few-left-this-year"]
    assert some["others"].tolist() == sorted(some["others"])


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.soak)])
def test_each_change_of_the_table_does_what_it_says(
    llama: tuple[Cohort, Ledger], single_changes: pd.DataFrame, every: int
) -> None:
    for row in single_changes.reset_index().iloc[::every].itertuples():
        turned = ah.scenario(*llama).change(row.try_it).turned
        assert turned["after"][row.id] == row.after
        assert len(turned) - 1 == row.others


# --- by force


def told(ways: list[Way], of: list[int]) -> dict[tuple[str, int | None], tuple[str, Any]]:
    """What the ways say of every person in every one of some months, and of having stayed."""
    said: dict[tuple[str, int | None], tuple[str, Any]] = {}

    def inside(one: Way | Part) -> list[tuple[str, int | None]]:
        first, last = one.months or (None, None)
        some = [None] if first is None else [month for month in of if first <= month <= last]
        return [(name, month) for name in one.names for month in some]

    for way in ways:
        if way.then is not None:
            continue
        for key in inside(way):
            assert key not in said
            said[key] = str(way.after), {}
        for part in way.parts:
            for key in inside(part):
                assert key in inside(way)
                assert part.claim not in said[key][1]
                said[key][1][part.claim] = str(part.after)
        counts = {len(said[key][1]) for key in inside(way)}
        assert way.others == (min(counts), max(counts))
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
@pytest.mark.parametrize("part", range(4))
def test_nor_of_any_team_and_claim(
    part: int, cohort: Cohort, claims: dict[str, list[Claim]]
) -> None:
    draw = random.Random(7 + part)
    turned: Counter[Any] = Counter()
    every = list(range(AS_OF - 9, AS_OF + 1))
    for _ in range(30):
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
            any(questions_without_answer(team, reading)) for reading in claim.each_reading
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
    assert turned[True] > 125, turned
    assert turned[False] > 125, turned


@pytest.mark.soak
def test_the_month_that_turns_a_count_is_the_nearest_of_all(
    cohort: Cohort, claims: dict[str, list[Claim]]
) -> None:
    draw = random.Random(11)
    turned = 0
    for _ in range(200):
        team = team_of(cohort, [some_row(draw, n) for n in range(draw.randint(1, 5))])
        month, operator = AS_OF - draw.randint(0, 9), draw.choice(["<", "<=", ">", ">="])
        where = {"departed": Condition(operator, float(month - (operator == ">")))}
        claim = replace(
            draw.choice(claims[draw.choice(list(MEASURES))]), where=where, id="x",
            where_written={"departed": f"{operator} {months.iso(where['departed'].value)}"},
        )  # fmt: skip
        if any(questions_without_answer(team, claim)):
            continue
        decision = decide_one(team, claim)
        found = bound(decision)
        assert found is not None
        # Every month by itself, and of each verdict the nearest on either side.
        nearest: dict[tuple[bool, str], int] = {}
        for each in sorted(months_of(team, operator), key=lambda each: abs(each - found[1])):
            moved = replace(claim, where={"departed": Condition(operator, float(each))})
            verdict = decide_one(team, moved).verdict
            if verdict != decision.verdict:
                nearest.setdefault((each > found[1], str(verdict)), each)
        told = {
            (then.claim.where["departed"].value > found[1], str(then.verdict)): then.claim.where[
                "departed"
            ].value
            for _change, then in months_that_turn(team, decision)
        }
        assert told == nearest, (team.authors, claim)
        turned += len(nearest)
    assert turned > 60, turned
