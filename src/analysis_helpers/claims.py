"""The ledger: read it, measure, decide."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .cohort import Cohort, find_cohort, load_cohort
from .errors import InputError, Problem
from .files import place, read_toml, tidy
from .language import use_language
from .measures import MEASURES, Condition, Kind, Measured, Names, Texts, Value, measure, narrow
from .ranges import OPERATORS, Range, Verdict, judge
from .wording import WordingError, read_month


@dataclass(frozen=True, slots=True)
class Expectation:
    """An operator and what stands behind it: a number in the measure's unit, or texts."""

    operator: str
    value: float | frozenset[str]
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class OutsideSource:
    url: str
    finding: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement of the article, in our own words.

    `expect` is as the ledger writes it; `expectation` is what it means.
    """

    id: str
    says: str
    source: str
    measure: str | None = None
    expect: str | float | list[str] | None = None
    expectation: Expectation | None = None
    where: Mapping[str, Condition] = field(default_factory=dict)
    reading: str | None = None
    sources: tuple[OutsideSource, ...] = ()
    verdict_given: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A claim, what was measured for it, and how firmly it stands.

    `checked_by` is "table", "sources" or None.
    """

    claim: Claim
    verdict: Verdict
    measured: Measured | None = None
    checked_by: str | None = None


# --- reading

_KEYS = (
    "id", "says", "source", "measure", "where", "expect", "reading", "sources", "verdict",
)  # fmt: skip
_UNITS: Mapping[Kind, Mapping[str, float]] = {
    "count": {"": 1},
    "percent": {"%": 1, "": 1},
    "months": {"months": 1, "month": 1, "years": 12, "year": 12, "": 1},
}
_FORMS: Mapping[Kind, str] = {
    "count": 'a number: ">= 2"',
    "percent": 'a percentage: "> 50 %"',
    "months": 'a duration: "> 5 years" or ">= 18 months"',
    "month": 'a month: "= 2023-01"',
    "text": 'a text, with = or !=: "Mistral"',
    "names": 'a list of names, with = or !=: ["Ada Lovelace", "Alan Turing"]',
}
_WHERE: Mapping[str, Kind] = {
    "name": "names", "organisation": "names", "departed": "month", "tenure": "months",
}  # fmt: skip
_OPERATOR = re.compile("|".join(map(re.escape, OPERATORS)))
_NUMBER = re.compile(r"(-?\d{1,15}(?:\.(\d{1,15}))?)\s*([^\d\s.,-].*)?")


def _expectation(written: Any, kind: Kind) -> Expectation:
    """What `expect` or a condition of `where` means. Raises ValueError when it means nothing."""
    if isinstance(written, list):
        if kind != "names" or not written or not all(isinstance(text, str) for text in written):
            raise ValueError
        return Expectation("=", frozenset(tidy(text) for text in written))
    if isinstance(written, bool) or not isinstance(written, (str, int, float)):
        raise ValueError
    text = tidy(str(written))
    found = _OPERATOR.match(text)
    operator = found[0] if found else "="
    rest = text[len(found[0]) :].strip() if found else text
    if kind in ("text", "names"):
        if operator not in ("=", "!=") or not rest or isinstance(written, (int, float)):
            raise ValueError
        return Expectation(operator, frozenset([rest]))
    if kind == "month":
        return Expectation(operator, float(read_month(rest)))
    number = _NUMBER.fullmatch(rest)
    if number is None or (number[3] or "") not in _UNITS[kind]:
        raise ValueError
    scale = _UNITS[kind][number[3] or ""]
    # A share or a decimal is printed rounded: it is equal to whatever rounds to it.
    rounded = kind == "percent" or (kind == "months" and number[2])
    tolerance = scale * 0.5 / 10 ** len(number[2] or "") if rounded else 0.0
    return Expectation(operator, scale * float(number[1]), tolerance)


def read_ledger(folder: Path) -> list[Claim]:
    """The claims of a cohort folder, in the ledger's order; none without a claims.toml.

    Raises InputError with every problem in the file.
    """
    path = folder / "claims.toml"
    if not os.path.lexists(path):
        return []
    values = read_toml(path)
    problems = [
        Problem(place(path), f'"{key}" is not known', "[[claim]] tables")
        for key in values
        if key != "claim"
    ]
    entries = values.get("claim", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError([Problem(place(path), '"claim" is not a list of tables', "[[claim]]")])
    claims = []
    for number, entry in enumerate(entries, 1):
        claim, faults = _read_claim(path, number, entry)
        problems += faults
        if claim is not None:
            claims.append(claim)
    ids = [entry.get("id") for entry in entries if isinstance(entry.get("id"), str)]
    problems += [
        Problem(place(path), f'claim "{name}" stands there {ids.count(name)} times', "one id a claim")
        for name in dict.fromkeys(ids)
        if ids.count(name) > 1
    ]
    if problems:
        raise InputError(problems)
    return claims


def _read_claim(path: Path, number: int, entry: dict[str, Any]) -> tuple[Claim | None, list[Problem]]:
    given = entry.get("id")
    name = given if isinstance(given, str) and given.strip() else f"number {number}"
    problems: list[Problem] = []

    def complain(key: str, what: str, accepted: str) -> None:
        problems.append(Problem(f'{place(path)}, claim "{name}", {key}', what, accepted))

    for key in ("id", "says", "source"):
        if key not in entry:
            complain(key, "is missing", "a text")
    for key in ("id", "says", "source", "measure", "reading", "verdict"):
        if key in entry and (not isinstance(entry[key], str) or not entry[key].strip()):
            complain(key, f"is {entry[key]!r}", "a text")
    for key in entry:
        if key not in _KEYS:
            complain(key, "is not known", ", ".join(_KEYS))
    if isinstance(given, str) and given.strip() and not re.fullmatch(r"[\w-]+", given):
        complain("id", f'is "{given}"', "letters, digits, - and _")
    if problems:
        return None, problems

    expectation = None
    where: dict[str, Condition] = {}
    if "measure" not in entry:
        for key in ("where", "expect"):
            if key in entry:
                complain(key, "needs a measure", ", ".join(MEASURES))
    elif entry["measure"] not in MEASURES:
        complain("measure", f'"{entry["measure"]}" is not known', ", ".join(MEASURES))
    else:
        kind = MEASURES[entry["measure"]].kind
        try:
            expectation = _expectation(entry["expect"], kind)
        except KeyError:
            complain("expect", "is missing", _FORMS[kind])
        except (ValueError, WordingError):
            complain("expect", f"cannot read {entry['expect']!r} for {entry['measure']}", _FORMS[kind])
        conditions = entry.get("where", {})
        if not isinstance(conditions, dict):
            complain("where", f"is {conditions!r}", '{ departed = ">= 2024-05" }')
            conditions = {}
        for column, written in conditions.items():
            if column not in _WHERE:
                complain(f"where.{column}", "is not known", ", ".join(_WHERE))
                continue
            try:
                meant = _expectation(written, _WHERE[column])
                where[column] = Condition(meant.operator, meant.value)
            except (ValueError, WordingError):
                complain(f"where.{column}", f"cannot read {written!r}", _FORMS[_WHERE[column]])

    sources = _read_sources(entry, complain)
    verdict = None
    if "verdict" in entry:
        if "measure" in entry or not sources:
            complain("verdict", "is given by a person only beside `sources`, where nothing is measured",
                     "leave it out: it follows from what is measured")
        try:
            verdict = Verdict(entry["verdict"])
        except ValueError:
            complain("verdict", f'is "{entry["verdict"]}"', ", ".join(Verdict))
    elif sources and "measure" not in entry:
        complain("verdict", "is missing beside `sources`", ", ".join(Verdict))
    if problems:
        return None, problems
    return (
        Claim(
            id=entry["id"], says=tidy(entry["says"]), source=tidy(entry["source"]),
            measure=entry.get("measure"), expect=entry.get("expect"), expectation=expectation,
            where=where, reading=entry.get("reading"), sources=sources, verdict_given=verdict,
        ),
        [],
    )  # fmt: skip


def _read_sources(entry: dict[str, Any], complain: Any) -> tuple[OutsideSource, ...]:
    given = entry.get("sources", [])
    form = '[{ url = "https://...", finding = "what it says" }]'
    if not isinstance(given, list) or ("sources" in entry and not given):
        complain("sources", f"is {given!r}", form)
        return ()
    found = []
    for source in given:
        if (
            not isinstance(source, dict)
            or set(source) != {"url", "finding"}
            or not all(isinstance(text, str) and text.strip() for text in source.values())
            or not re.match(r"https?://\S+$", source["url"])
        ):
            complain("sources", f"cannot read {source!r}", form)
        else:
            found.append(OutsideSource(source["url"], tidy(source["finding"])))
    return tuple(found)


# --- deciding


def decide(cohort: Cohort, ledger: list[Claim]) -> list[Decision]:
    """Every claim with its verdict, in the ledger's order.

    Raises InputError when a `where` or an expected name is not in the table at all.
    """
    problems = [problem for claim in ledger for problem in _unknown_texts(cohort, claim)]
    if problems:
        raise InputError(problems)
    return [_decide(cohort, claim) for claim in ledger]


def _unknown_texts(cohort: Cohort, claim: Claim) -> list[Problem]:
    asked = {
        f"where.{column}": (column, condition.value)
        for column, condition in claim.where.items()
        if isinstance(condition.value, frozenset)
    }
    path = place(cohort.folder / "claims.toml")
    problems = []
    for key, (column, texts) in asked.items():
        known = set(cohort.authors[column].dropna()) | set(
            cohort.authors[f"{column}_printed"].dropna()
        )
        problems += [
            Problem(
                f'{path}, claim "{claim.id}", {key}',
                f'no row has "{text}"',
                ", ".join(map(str, cohort.authors[column].dropna().unique()[:20])) or "nothing",
            )
            for text in sorted(texts - known)
        ]
    return problems


def _decide(cohort: Cohort, claim: Claim) -> Decision:
    if claim.measure is None or claim.expectation is None:
        if claim.sources and claim.verdict_given is not None:
            return Decision(claim, claim.verdict_given, checked_by="sources")
        return Decision(claim, Verdict.UNTESTABLE)
    rows = narrow(cohort.authors, claim.where)
    measured = measure(claim.measure, rows, cohort.paper.month, cohort.article.as_of)
    return Decision(claim, _verdict(measured, claim.expectation, cohort), measured, "table")


def _verdict(measured: Measured, expected: Expectation, cohort: Cohort) -> Verdict:
    if measured.value is None or measured.stated < measured.needed:
        return Verdict.INCONCLUSIVE
    verdict = _hold(measured.value, expected, cohort)
    if measured.may_be_empty and verdict is Verdict.SUPPORTED:
        return Verdict.INCONCLUSIVE
    return verdict


def _hold(value: Value, expected: Expectation, cohort: Cohort) -> Verdict:
    if isinstance(value, Range):
        assert isinstance(expected.value, float)
        if not expected.tolerance or expected.operator not in ("=", "!="):
            return judge(value, expected.operator, expected.value)
        inside = (
            expected.value - expected.tolerance <= value.low
            and value.high < expected.value + expected.tolerance
        )
        outside = (
            value.high < expected.value - expected.tolerance
            or value.low >= expected.value + expected.tolerance
        )
        always, never = (inside, outside) if expected.operator == "=" else (outside, inside)
    else:
        assert isinstance(expected.value, frozenset)
        if isinstance(value, Texts):
            (text,) = _in_english(expected.value, "organisation", cohort)
            always, never = value.possible == (text,), text not in value.possible
        else:
            names = _in_english(expected.value, "name", cohort)
            certain, possible = set(value.certain), set(value.possible)
            always, never = certain == possible == names, not certain <= names <= possible
        if expected.operator == "!=":
            always, never = never, always
    if always:
        return Verdict.SUPPORTED
    return Verdict.CONTRADICTED if never else Verdict.INCONCLUSIVE


def _in_english(texts: frozenset[str], column: str, cohort: Cohort) -> set[str]:
    """The texts as the clean table has them, where the ledger gave them as printed."""
    printed = dict(
        cohort.authors[[f"{column}_printed", column]].dropna().itertuples(index=False, name=None)
    )
    return {printed.get(text, text) for text in texts}


def claimed_value(decisions: list[Decision], measure: str) -> float | None:
    """The number that the article claims for a measure of the whole cohort, in the measure's unit.

    None where it makes no such claim; the first one where it makes several.
    """
    for decision in decisions:
        claim = decision.claim
        if claim.measure == measure and not claim.where and claim.expectation is not None:
            value = claim.expectation.value
            return None if isinstance(value, frozenset) else value
    return None


# --- the whole folder, and the published form


def open_cohort(cohort: str | Path, language: str = "en") -> tuple[Cohort, list[Decision]]:
    """A checked cohort and its decided ledger; everything shown of them will be in `language`.

    Raises InputError with every problem of every file in the folder.
    """
    use_language(language)
    folder = find_cohort(cohort)
    problems: list[Problem] = []
    loaded, ledger = None, None
    try:
        loaded = load_cohort(folder)
    except InputError as error:
        problems += error.problems
    try:
        ledger = read_ledger(folder)
    except InputError as error:
        problems += error.problems
    if loaded is None or ledger is None:
        raise InputError(problems)
    return loaded, decide(loaded, ledger)


def _published_ends(decision: Decision) -> tuple[Any, Any]:
    measured = decision.measured
    if measured is None or measured.value is None:
        return None, None
    value = measured.value
    if isinstance(value, Texts):
        return value.possible[0], value.possible[-1]
    if isinstance(value, Names):
        return list(value.certain), list(value.possible)
    kind = MEASURES[decision.claim.measure or ""].kind
    return _published_number(value.low, kind), _published_number(value.high, kind)


def _published_number(number: float, kind: Kind) -> Any:
    if not math.isfinite(number):
        return None
    if kind == "month":
        year, month = divmod(int(number), 12)
        return f"{1970 + year:04d}-{month + 1:02d}"
    return int(number) if number == int(number) else float(number)


def to_json(decisions: list[Decision]) -> list[dict[str, Any]]:
    """The decisions as claims.json holds them: numbers as numbers, months as YYYY-MM."""
    entries = []
    for decision in decisions:
        low, high = _published_ends(decision)
        claim = decision.claim
        entries.append(
            {
                "id": claim.id, "says": claim.says, "source": claim.source,
                "measure": claim.measure, "expect": claim.expect, "low": low, "high": high,
                "verdict": str(decision.verdict), "checked_by": decision.checked_by,
            }
        )  # fmt: skip
    return entries
