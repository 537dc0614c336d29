"""How few rows turn a verdict, against changing every set of rows to everything that is legal.

The random cohorts and claims are those of `test_brute_force`. A changed row is drawn from all that
is legal on a short calendar; every set of rows is changed to every combination of what can matter
to the claim, and each time the claim is decided anew, by every point of every range.
"""

from __future__ import annotations

import math
import os
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from typing import Any

import pytest

from analysis_helpers import fragility
from analysis_helpers.claims import decide_one, questions_without_answer
from analysis_helpers.cohort import Cohort
from analysis_helpers.edition import Edition
from analysis_helpers.fragility import seen
from analysis_helpers.ledger import Claim
from analysis_helpers.measures import MEASURES, Condition
from test_brute_force import (
    AS_OF,
    EVER_AFTER,
    NEEDS,
    VERDICTS,
    Row,
    Worlds,
    as_frame,
    claims,
    cohort,
    fits,
    points_of,
    some_row,
    true_verdict,
    value_at,
)

__all__ = ["claims", "cohort"]  # fixtures

COHORTS = int(os.environ.get("FRAGILITY_COHORTS", "1200"))
PARTS = 4
FIRST, LONGEST = AS_OF - 7, 8
MOST = 4_000
"""As many teams are looked at for a claim, and no more."""
MOST_WORLDS = 2_000


@pytest.fixture(autouse=True)
def a_short_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "FIRST_MONTH", FIRST)
    monkeypatch.setattr(seen, "LONGEST_STATED", LONGEST)


COLUMN = {
    "mean_tenure": "tenure", "median_tenure": "tenure", "shortest_tenure": "tenure",
    "longest_tenure": "tenure", "first_departure": "departed", "last_departure": "departed",
    "half_gone": "departed", "destinations": "organisation", "top_destination": "organisation",
    "roles_then": "role_then", "roles_now": "role_now",
}  # fmt: skip


def legal_rows(name: str, claims: Sequence[Claim]) -> list[Row]:
    """All that a changed row can say, as far as one of the claims can tell it apart."""
    matters = {column for claim in claims for column in (*claim.where, COLUMN.get(claim.measure))}
    departed: Any = [range(AS_OF, AS_OF + 1)]
    tenure: Any = [range(1)]
    organisation, role_then, role_now = ["A"], [None], [None]
    if "departed" in matters:
        departed = [range(month, month + 1) for month in range(FIRST, AS_OF + 1)]
    if "tenure" in matters:
        tenure = [range(length, length + 1) for length in range(LONGEST + 1)]
    if "organisation" in matters:  # those of the table, and new ones
        organisation = ["A", "B", "C", "nowhere", f"new {name}"]
    if "role_then" in matters:
        role_then = [None, "Engineer"]
    if "role_now" in matters:
        role_now = [None, "Engineer"]
    stayed = [Row(name, False, None, length, None, None, None) for length in tenure]
    left = [
        Row(name, True, *said)
        for said in product(departed, tenure, organisation, role_then, role_now)
    ]
    # One row of those that are all the same to the claims.
    return list({as_seen(row, claims): row for row in stayed + left}.values())


Where = tuple[tuple[str, Condition], ...]


@cache
def points(row: Row, measure: str, where: Where) -> tuple[frozenset[Row | None], bool]:
    """What a row may be to a claim, None for not belonging; and whether it states too little."""
    needs = NEEDS.get(measure, "")
    if measure == "half_gone" and not row.left:  # who stayed will leave in some later month
        row = replace(row, departed=range(AS_OF + 1, EVER_AFTER + 1))
    column = COLUMN.get(measure, "")
    seen_as: set[Row | None] = set()
    states = row.left and needs and getattr(row, needs) is not None
    for point in points_of(row, {*dict(where), needs}):
        if not fits(point, dict(where)):
            seen_as.add(None)
            continue
        name = point.name if measure == "names" else ""
        bare = Row(name, point.left, None, None, None, None, None)
        seen_as.add(replace(bare, **{column: getattr(point, column)}) if column else bare)
    return frozenset(seen_as), bool(row.left and needs and not states and seen_as != {None})


def as_seen(row: Row, claims: Sequence[Claim]) -> tuple[Any, ...]:
    return tuple(points(row, claim.measure, tuple(claim.where.items())) for claim in claims)


def verdict_of(seen_as: Sequence[tuple[frozenset[Row | None], bool]], claim: Claim) -> str | None:
    """The verdict by every point of every range; None where there are too many."""
    choices = [some for some, _lacks in seen_as]
    if math.prod(map(len, choices)) > MOST_WORLDS:
        return None
    values = {
        value_at(claim.measure, [point for point in world if point is not None])
        for world in product(*choices)
    }
    if claim.measure == "top_destination":  # each of several in a tie may be called the top
        values = {text for value in values for text in (value or [None])}
    lacks = any(each for _some, each in seen_as)
    return true_verdict(Worlds(frozenset(values), lacks, False), claim)


def verdict_of_all(seen_as: Sequence[tuple[Any, ...]], claims: Sequence[Claim]) -> str | None:
    """The verdict on which the readings of a claim agree; None where there is too much to try."""
    verdicts = {
        verdict_of([of_row[place] for of_row in seen_as], claim)
        for place, claim in enumerate(claims)
    }
    if None in verdicts:
        return None
    return verdicts.pop() if len(verdicts) == 1 else "inconclusive"


def by_force(rows: list[Row], claims: Sequence[Claim], most: int) -> Any:
    """The least number of rows, and who alone can turn it; None where it takes too many tries."""
    now = [as_seen(row, claims) for row in rows]
    verdict = verdict_of_all(now, claims)
    if verdict is None:
        return None
    legal = [{as_seen(each, claims) for each in legal_rows(row.name, claims)} for row in rows]
    known: dict[tuple[Any, ...], str | None] = {}
    for k in range(1, len(rows) + 1):
        alone = set()
        for places in combinations(range(len(rows)), k):
            for new in product(*(legal[place] for place in places)):
                changed = list(now)
                for place, seen_as in zip(places, new, strict=True):
                    changed[place] = seen_as
                key = tuple(sorted(map(hash, changed)))  # in another order it is the same team
                if key not in known:
                    if len(known) > most:
                        return None
                    known[key] = verdict_of_all(changed, claims)
                if known[key] is None:
                    return None
                if known[key] != verdict:
                    alone.add(rows[places[0]].name)
                    break
        if alone:
            return k, alone if k == 1 else set()
    return None, set()


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_no_fewer_rows_turn_a_verdict(
    part: int, cohort: Cohort, claims: dict[str, list[Claim]]
) -> None:
    draw = random.Random(1000 + part)
    tried: Counter[Any] = Counter()
    for _ in range(COHORTS // PARTS):
        rows = [some_row(draw, number) for number in range(draw.randint(1, 5))]
        asked = draw.sample(claims["where"], draw.choice([0, 0, 1, 1, 2]))
        where = {column: value for claim in asked for column, value in claim.where.items()}
        team = replace(cohort, authors=as_frame(rows))
        for name in draw.sample(list(MEASURES), 2):
            for drawn in draw.sample(claims[name], 2):
                claim = replace(drawn, where=where)
                if any(questions_without_answer(team, claim)):
                    continue  # such a ledger is refused
                decided = decide_one(team, claim)
                question = fragility.question(Edition(team), claim)
                least, exact = question.least()
                now = verdict_of_all([as_seen(row, [claim]) for row in rows], [claim])
                assert now in (None, decided.verdict)
                truth = by_force(rows, [claim], MOST)
                if truth is None:
                    tried["too many tries"] += 1
                    continue
                told = (rows, where, claim, decided, least, truth)
                assert exact, told
                assert least == truth[0], told
                if least == 1:
                    names = team.authors["name"].to_numpy(object)[question.alone()]
                    assert set(names) == truth[1], (*told, names)
                tried[least] += 1
                tried[claim.measure] += 1
                tried[decided.verdict] += 1
    assert all(tried[verdict] > sum(map(tried.get, VERDICTS)) / 10 for verdict in VERDICTS), tried
    assert all(tried[rows] for rows in (None, 1, 2, 3, 4)), tried
    assert tried["too many tries"] < sum(map(tried.get, VERDICTS)) / 50, tried


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_nor_do_fewer_turn_one_that_rests_on_two_readings(
    part: int, cohort: Cohort, claims: dict[str, list[Claim]]
) -> None:
    draw = random.Random(2000 + part)
    tried: Counter[Any] = Counter()
    for _ in range(COHORTS // PARTS):
        rows = [some_row(draw, number) for number in range(draw.randint(1, 4))]
        team = replace(cohort, authors=as_frame(rows))
        readings = []
        for name in draw.sample(list(MEASURES), 2):
            asked = draw.sample(claims["where"], draw.choice([0, 0, 1]))
            where = {column: value for claim in asked for column, value in claim.where.items()}
            readings.append(replace(draw.choice(claims[name]), where=where))
        if any(any(questions_without_answer(team, reading)) for reading in readings):
            continue
        decided = decide_one(team, replace(readings[0], measure=None, readings=tuple(readings)))
        truth = by_force(rows, readings, MOST)
        if truth is None:
            tried["too many tries"] += 1
            continue
        told = (rows, readings, decided, decided.rows_to_change, truth)
        if decided.rows_to_change_is_exact:
            assert decided.rows_to_change == truth[0], told
            if truth[0] == 1 and decided.hinges_on:
                assert set(decided.hinges_on) == truth[1], (*told, decided.hinges_on)
            tried["named"] += truth[0] == 1 and bool(decided.hinges_on)
            tried["not named"] += truth[0] == 1 and not decided.hinges_on
        else:
            assert decided.rows_to_change is None or decided.rows_to_change >= truth[0], told
        tried[decided.rows_to_change] += 1
        tried[decided.rows_to_change_is_exact] += 1
        tried[decided.verdict] += 1
    assert all(tried[verdict] > sum(map(tried.get, VERDICTS)) / 20 for verdict in VERDICTS), tried
    assert tried[True] > 20 * tried[False], tried
    assert tried["named"] > 5 * tried["not named"], tried
