"""The verdict of every measure and operator, against every point of every range.

Small random cohorts are written out point by point: each month in which somebody may have left,
each length that a tenure may have. Every measure is taken at every combination of points, in plain
Python, and a claim is held against all of the values. BRUTE_FORCE is the number of cohorts.
"""

from __future__ import annotations

import math
import operator
import os
import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis_helpers.claims import decide_one, measuring
from analysis_helpers.cohort import Cohort, load_cohort
from analysis_helpers.errors import InputError, Problems
from analysis_helpers.ledger import Claim, read_ledger
from analysis_helpers.measures import MEASURES, Condition


def read_claims(folder: Path) -> list[Claim]:
    problems = Problems()
    claims = read_ledger(folder / "claims.toml", problems)
    if problems:
        raise InputError(problems)
    return claims


COHORTS = int(os.environ.get("BRUTE_FORCE", "2000"))
pytestmark = [pytest.mark.soak] if COHORTS > 100 else []
PARTS = 4
MOST_WORLDS = 400
A_FEW_WITH = 10_000

PUBLISHED, AS_OF = (pd.Period(month, "M").ordinal for month in ("2020-01", "2020-08"))
# Stand for any month before all others, and for any month after them.
EVER_BEFORE, EVER_AFTER = AS_OF - 8, AS_OF + 3
LONGEST = 8
VERDICTS = ("supported", "inconclusive", "contradicted")
HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


# --- random cohorts


@dataclass(frozen=True)
class Row:
    """Somebody, and the points of what is known; None where nothing is stated (or they stayed)."""

    name: str
    left: bool
    departed: range | None
    tenure: range | None
    organisation: str | None
    role_then: str | None
    role_now: str | None


def some_row(draw: random.Random, number: int) -> Row:
    left = draw.random() < 0.8
    first = draw.randint(AS_OF - 6, AS_OF)
    departed = range(first, min(first + draw.choice([0, 0, 1, 2]), AS_OF) + 1)
    if draw.random() < 0.1:
        departed = range(EVER_BEFORE, AS_OF + 1)
    least = draw.randint(0, 6)
    tenure = range(least, least + draw.choice([0, 0, 1, 2]) + 1)
    return Row(
        name=f"P{number}",
        left=left,
        departed=departed if left else None,
        tenure=tenure if draw.random() < (0.92 if left else 0.3) else None,
        organisation=draw.choice("AAABBC") if left and draw.random() < 0.94 else None,
        role_then=draw.choice(["Engineer", None]),
        role_now=draw.choice(["Engineer", "Chief", None]),
    )


def as_frame(rows: list[Row]) -> pd.DataFrame:
    """The clean table, with the columns that are measured."""

    def months(ordinals: list[int | None]) -> pd.PeriodIndex:
        values = [pd.NaT.value if ordinal is None else ordinal for ordinal in ordinals]
        return pd.PeriodIndex.from_ordinals(values, freq="M")

    def ends(points: range | None) -> tuple[int | None, int | None]:
        if points is None:
            return None, None
        return (None if points[0] == EVER_BEFORE else points[0]), points[-1]

    departed = [ends(row.departed) for row in rows]
    tenure = [(None, None) if r.tenure is None else (r.tenure[0], r.tenure[-1]) for r in rows]
    return pd.DataFrame(
        {
            "name": [row.name for row in rows],
            "name_printed": [f"printed {row.name}" for row in rows],
            "organisation": pd.Categorical([row.organisation for row in rows]),
            "organisation_printed": pd.Categorical(
                [row.organisation and f"printed {row.organisation}" for row in rows]
            ),
            "status": pd.Categorical(
                ["left" if row.left else "stayed" for row in rows], categories=["stayed", "left"]
            ),
            "departed_low": months([low for low, _ in departed]),
            "departed_high": months([high for _, high in departed]),
            "role_then": pd.Categorical([row.role_then for row in rows]),
            "role_now": pd.Categorical([row.role_now for row in rows]),
            "tenure_low": pd.array([low for low, _ in tenure], dtype="Int64"),
            "tenure_high": pd.array([high for _, high in tenure], dtype="Int64"),
        }
    )


# --- the independent route: one point at a time


def value_at(name: str, rows: list[Row]) -> Any:
    """A measure where everybody's ranges are points; None where there is nothing to measure."""
    left = [row for row in rows if row.left]
    tenures = [row.tenure[0] for row in left if row.tenure]
    months = [row.departed[0] for row in left if row.departed]
    match name:
        case "credited":
            return len(rows)
        case "departed":
            return len(left)
        case "remaining":
            return len(rows) - len(left)
        case "share_departed":
            return Fraction(100 * len(left), len(rows)) if rows else None
        case "mean_tenure":
            return Fraction(sum(tenures), len(tenures)) if tenures else None
        case "median_tenure":
            return statistics.median(map(Fraction, tenures)) if tenures else None
        case "shortest_tenure":
            return min(tenures, default=None)
        case "longest_tenure":
            return max(tenures, default=None)
        case "first_departure":
            return min(months, default=None)
        case "last_departure":
            return max(months, default=None)
        case "half_gone":
            # The first month by the end of which at least half are gone.
            gone = [row.departed[0] for row in rows if row.departed]
            enough = [m for m in gone if 2 * sum(other <= m for other in gone) >= len(rows)]
            return min(enough) - PUBLISHED if rows else None
        case "destinations":
            return len({row.organisation for row in left})
        case "top_destination":
            most = Counter(row.organisation for row in left).most_common()
            return frozenset(name for name, count in most if count == most[0][1]) or None
        case "names":
            return frozenset(row.name for row in rows)
        case "roles_then" | "roles_now":
            return sum(getattr(row, name.replace("roles", "role")) is not None for row in left)
    raise AssertionError(name)


def fits(row: Row, where: dict[str, Condition]) -> bool:
    """Whether somebody whose ranges are points meets every condition."""
    for column, asked in where.items():
        if isinstance(asked.value, frozenset):
            text = getattr(row, column)
            named = text in asked.value or f"printed {text}" in asked.value
            if text is None or named != (asked.operator == "="):
                return False
        else:
            points = getattr(row, column)
            if column == "departed" and not row.left:
                return False
            if not HOLDS[asked.operator](points[0], asked.value):
                return False
    return True


def points_of(row: Row, columns: set[str]) -> list[Row]:
    """The row at each of its points, in the columns that matter."""
    departed: Any = [row.departed]
    tenure: Any = [row.tenure]
    organisation: Any = [row.organisation]
    if "departed" in columns and row.departed:
        departed = [range(month, month + 1) for month in row.departed]
    if "tenure" in columns:
        # What is not stated may be any length at all.
        lengths = row.tenure if row.tenure is not None else range(LONGEST + 1)
        tenure = [range(months, months + 1) for months in lengths]
    if "organisation" in columns and row.left and row.organisation is None:
        organisation = ["A", "B", "C", "elsewhere"]
    return [
        replace(row, departed=month, tenure=length, organisation=text)
        for month, length, text in product(departed, tenure, organisation)
    ]


GAPPED = [n for n, e in MEASURES.items() if e.kind in ("percent", "months", "month")]
NEEDS = {
    "mean_tenure": "tenure",
    "median_tenure": "tenure",
    "shortest_tenure": "tenure",
    "longest_tenure": "tenure",
    "first_departure": "departed",
    "last_departure": "departed",
    "half_gone": "departed",
    "destinations": "organisation",
    "top_destination": "organisation",
}


@dataclass(frozen=True)
class Worlds:
    """Every value that a measure may have."""

    values: frozenset[Any]
    lacks: bool  # somebody who may be asked for does not state what the measure needs
    optional: bool  # somebody may or may not be asked for


def every_world(
    name: str, rows: list[Row], where: dict[str, Condition], most: int
) -> Worlds | None:
    """None where there are too many."""
    needs = NEEDS.get(name, "")
    if name == "half_gone":  # who stayed will leave in some later month
        later = range(AS_OF + 1, EVER_AFTER + 1)
        rows = [row if row.left else replace(row, departed=later) for row in rows]
    choices = [points_of(row, {*where, needs}) for row in rows]
    if math.prod(map(len, choices)) > most:
        return None
    asked_for = [[point for point in points if fits(point, where)] for points in choices]
    lacks = any(
        asked and row.left and needs and getattr(row, needs) is None
        for row, asked in zip(rows, asked_for, strict=True)
    )
    optional = any(
        0 < len(asked) < len(points) for points, asked in zip(choices, asked_for, strict=True)
    )
    values = {
        value_at(name, [point for point in world if fits(point, where)])
        for world in product(*choices)
    }
    if name == "top_destination":  # each of several in a tie may be called the top
        values = {text for value in values for text in (value or [None])}
    return Worlds(frozenset(values), lacks, optional)


def rounded(value: Fraction, decimals: int) -> Fraction:
    """To so many decimals, a half upwards, as numbers are printed."""
    return Fraction(math.floor(value * 10**decimals + Fraction(1, 2)), 10**decimals)


def holds(value: Any, claim: Claim) -> bool:
    """Whether an expectation, read anew from what the ledger says, holds of a value."""
    if value is None:
        return False
    written = claim.expect
    if isinstance(written, list):
        return value == frozenset(name.removeprefix("printed ") for name in written)
    sign, _, said = written.partition(" ")
    kind = MEASURES[claim.measure].kind
    if kind in ("text", "names"):
        texts = said.removeprefix("printed ")
        return HOLDS[sign](value, texts if kind == "text" else frozenset([texts]))
    if kind == "month":
        return HOLDS[sign](value, pd.Period(said, "M").ordinal)
    number, _, unit = said.partition(" ")
    scale = 12 if unit == "years" else 1
    decimals = len(number.partition(".")[2])
    if sign in ("=", "!=") and (unit == "%" or (kind == "months" and decimals)):
        return HOLDS[sign](rounded(Fraction(value) / scale, decimals), Fraction(number))
    return HOLDS[sign](value, Fraction(number) * scale)


def true_verdict(worlds: Worlds, claim: Claim) -> str:
    if worlds.lacks or worlds.values == {None}:
        return "inconclusive"
    outcomes = {holds(value, claim) for value in worlds.values}
    return {(True,): "supported", (False,): "contradicted"}.get(tuple(outcomes), "inconclusive")


# --- the claims that are tried


def expectations() -> Iterator[dict[str, Any]]:
    """Every operator with values at, between and beyond those that the cohorts can have."""
    numbers = {
        "count": ["0", "1", "2", "2.5", "3", "5"],
        "percent": ["0 %", "33.3 %", "50 %", "67 %", "66.7 %", "100 %", "12.5"],
        "months": ["0 months", "2 months", "3", "3.5 months", "2.67 months", "4.33 months",
                   "0.3 years", "0.25 years", "5 months", "9 months"],
        "month": ["2020-01", "2020-02", "2020-04", "2020-06", "2020-08"],
        "text": ["A", "B", "printed A", "nowhere"],
        "names": ["P0", "printed P1"],
    }  # fmt: skip
    for name, entry in MEASURES.items():
        signs = ("=", "!=") if entry.kind in ("text", "names") else HOLDS
        for sign, value in product(signs, numbers[entry.kind]):
            yield {"measure": name, "expect": f"{sign} {value}"}
    for number in range(1, 6):
        yield {"measure": "names", "expect": [f"P{n}" for n in range(number)]}


def conditions() -> Iterator[dict[str, Any]]:
    for sign in HOLDS:
        for month in ("2020-03", "2020-05", "2020-06", "2020-07"):
            yield {"departed": f"{sign} {month}"}
        for months in (1, 3, 4, 6):
            yield {"tenure": f"{sign} {months} months"}
        if sign != "=":
            yield {"tenure": f"{sign} 0.29 years"}  # 3.48 months
    for texts in ("A", "printed B", ["A", "C"], "!= A", "!= printed B"):
        yield {"organisation": texts}
    for texts in ("P0", ["P0", "printed P1", "P2"], "!= P1"):
        yield {"name": texts}


@pytest.fixture(scope="module")
def cohort(make_cohort: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    folder = make_cohort(
        tmp_path_factory.mktemp("brute"),
        authors=[{"name": "Ada"}],
        published="2020-01-31",
        as_of="2020-08",
    )
    return load_cohort(folder)


@pytest.fixture(scope="module")
def claims(
    make_cohort: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Claim]]:
    """By measure; and under "where", one for each condition."""
    asked = [{"measure": "departed", "expect": 1, "where": where} for where in conditions()]
    folder = make_cohort(tmp_path_factory.mktemp("claims"), claims=[*expectations(), *asked])
    found: dict[str, list[Claim]] = {}
    for claim in read_claims(folder):
        found.setdefault("where" if claim.where else claim.measure, []).append(claim)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_a_verdict_is_what_every_point_of_every_range_says(
    part: int, cohort: Cohort, claims: dict[str, list[Claim]]
) -> None:
    draw = random.Random(part)
    tried: Counter[str] = Counter()
    for _ in range(COHORTS // PARTS):
        rows = [some_row(draw, number) for number in range(draw.randint(1, 5))]
        asked = draw.sample(claims["where"], draw.choice([0, 1, 1, 2]))
        where = {column: value for claim in asked for column, value in claim.where.items()}
        frame = as_frame(rows)
        team = replace(cohort, authors=frame)
        taken = measuring(team)
        chosen: list[tuple[Claim, Worlds]] = []
        for name in draw.sample(list(MEASURES), 2):
            most = A_FEW_WITH if draw.random() < 0.02 else MOST_WORLDS
            worlds = every_world(name, rows, where, most)
            if worlds is None:
                tried["too many worlds"] += 1
                continue
            some = 2 if MEASURES[name].kind in ("text", "names") else 12
            drawn = draw.sample(claims[name], some)
            chosen += [(replace(claim, where=where), worlds) for claim in drawn]
        # Few claims are about a value in a gap, so one that is comes on top.
        pairs = [*product(GAPPED, draw.sample(claims["where"], 3))]
        for name, asked in draw.sample(pairs, len(pairs)):
            worlds = every_world(name, rows, asked.where, MOST_WORLDS)
            in_gaps = [claim for claim in claims[name] if worlds and is_in_a_gap(worlds, claim)]
            if worlds and in_gaps:
                chosen.append((replace(draw.choice(in_gaps), where=asked.where), worlds))
                break
        for claim, worlds in chosen:
            decision = decide_one(team, claim, taken)
            truth = true_verdict(worlds, claim)
            tried[truth] += 1
            tried["in a gap"] += is_in_a_gap(worlds, claim)
            assert decision.verdict == truth, (rows, claim, decision, worlds)
            assert decision.exhaustive
    total = sum(tried[verdict] for verdict in VERDICTS)
    # What is drawn for a few cohorts may be lopsided, but nothing is left out.
    least = total / 10 if COHORTS >= 1000 else 0
    assert all(tried[verdict] > least for verdict in VERDICTS), tried
    assert tried["in a gap"] > total / 100, tried


def is_in_a_gap(worlds: Worlds, claim: Claim) -> bool:
    """Whether a claim is about a value between the ends that the measure never has."""
    values = [value for value in worlds.values if value is not None]
    return (
        worlds.optional
        and MEASURES[claim.measure].kind in ("percent", "months", "month")
        and claim.expectation.operator in ("=", "!=")
        and min(values, default=0) < claim.expectation.value < max(values, default=0)
        and claim.expectation.value not in values
    )
