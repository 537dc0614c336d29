"""How few rows turn a verdict, against changing every set of rows to everything that is legal.

The random cohorts and claims are those of `test_brute_force`. A changed row is drawn from all that
is legal on a short calendar; every set of rows is changed to every combination of what can matter
to the claim, and each time the claim is decided anew by `claims.decide_one`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest
from test_brute_force import AS_OF, HOLDS, Row, as_frame, claims, cohort, fits, some_row

from analysis_helpers import fragility
from analysis_helpers.claims import decide_one
from analysis_helpers.cohort import Cohort
from analysis_helpers.fragility import seen
from analysis_helpers.ledger import Claim
from analysis_helpers.measures import MEASURES

__all__ = ["claims", "cohort"]  # fixtures

COHORTS = int(os.environ.get("FRAGILITY_COHORTS", "1200"))
PARTS = 4
FIRST, LONGEST = AS_OF - 7, 8
MOST = 4_000
"""As many combinations are tried for a claim; where there are more, another claim is drawn."""


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


def legal_rows(name: str, claim: Claim) -> list[Row]:
    """All that a changed row can say, as far as the claim can tell it apart."""
    matters = {COLUMN.get(claim.measure, ""), *claim.where}
    departed: Any = [range(AS_OF, AS_OF + 1)]
    tenure: Any = [range(1)]
    organisation, role_then, role_now = ["A"], [None], [None]
    if "departed" in matters:
        departed = [range(month, month + 1) for month in range(FIRST, AS_OF + 1)]
    if "tenure" in matters:
        tenure = [range(length, length + 1) for length in range(LONGEST + 1)]
    if "organisation" in matters:  # those of the table, one of the claims', and new ones
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
    return told_apart(stayed + left, claim)


def told_apart(rows: list[Row], claim: Claim) -> list[Row]:
    """One row of those that are all the same to the claim."""
    column = COLUMN.get(claim.measure, "name")

    def to_the_claim(row: Row) -> Any:
        if not fits(row, claim.where):
            return None
        return row.left, getattr(row, column)

    return list({str(to_the_claim(row)): row for row in rows}.values())


def by_force(team: Cohort, rows: list[Row], claim: Claim, most: int) -> Any:
    """The least number of rows, and who alone can turn it; None where it takes too many tries."""

    def verdict(of: list[Row]) -> str:
        return decide_one(replace(team, authors=as_frame(of)), claim).verdict

    now = verdict(rows)
    known: dict[str, str] = {}
    tries = 0
    for k in range(1, len(rows) + 1):
        alone = set()
        for places in combinations(range(len(rows)), k):
            for new in product(*(legal_rows(rows[place].name, claim) for place in places)):
                changed = list(rows)
                for place, row in zip(places, new, strict=True):
                    changed[place] = row
                # In another order it is the same team.
                key = str(sorted(map(str, changed)))
                if claim.measure != "names" and "name" not in claim.where:
                    key = str(sorted(str(replace(row, name="")) for row in changed))
                if key not in known:
                    tries += 1
                    if tries > most:
                        return None
                    known[key] = verdict(changed)
                if known[key] != now:
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
                decided = decide_one(team, claim)
                question = fragility.question(team, claim)
                least, exact = question.least()
                truth = by_force(team, rows, claim, MOST)
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
    print(tried)
