"""The ledger: what a claim is, and how `claims.toml` writes it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from .cohort import ADDRESS, RUNS, text_of
from .errors import Bound, InputError, Problem, Problems, did_you_mean, shown
from .files import place, read_toml, tidy, undrawn
from .language import Text, translations
from .measures import MEASURES, Condition, Kind
from .ranges import OPERATORS, Verdict
from .wording import LONGEST_TENURE, YEARS_SLACK, read_month


@dataclass(frozen=True, slots=True)
class Expectation:
    """An operator and what stands behind it: a number in the measure's unit, or texts.

    `printed`: for a number that was printed rounded, what rounds to it, from the first number to
    below the second.
    """

    operator: str
    value: float | frozenset[str]
    printed: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class OutsideSource:
    url: str
    finding: Text


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement of the article, in our own words.

    `expect` and `where_written` are as the ledger writes them; `expectation` and `where` are what
    that means. A claim that can be read in several ways has `readings`: claims of the same id and
    words, each with a measure and a reading of its own, which it has not itself.
    """

    id: str
    says: Text
    source: str
    measure: str | None = None
    expect: str | float | list[str] | None = None
    expectation: Expectation | None = None
    where: Mapping[str, Condition] = field(default_factory=dict)
    where_written: Mapping[str, Any] = field(default_factory=dict)
    reading: Text | None = None
    sources: tuple[OutsideSource, ...] = ()
    verdict_given: Verdict | None = None
    readings: tuple[Claim, ...] = ()

    @property
    def each_reading(self) -> tuple[Claim, ...]:
        """What is measured: its readings, or the claim itself where it can be read in one way."""
        return self.readings or (self,)


KEYS = {
    "id": "A name of its own: lower-case letters and digits, with hyphens between",
    "says": "The claim in your own words, never the article's",
    "source": "Where the article says so: line 44, or lines 44-46",
    "measure": "What is computed; leave it out where the table says nothing about the claim",
    "where": "Which rows count, if not all",
    "expect": "What the measure should be if the claim holds: an operator and a value",
    "reading": "How a vague word was read",
    "readings": "The ways in which the claim can be read, each with a measure of its own",
    "sources": "Outside sources, with what they say",
    "verdict": "A person's verdict on the sources, where nothing is measured",
}
"""The keys of a claim, and what each holds."""
REQUIRED = ("id", "says", "source")
KEYS_OF_A_READING = ("reading", "measure", "where", "expect")
KEYS_OF_A_SOURCE = {"url": "Its address", "finding": "What it says, in your own words"}
ID = "[a-z0-9]+(-[a-z0-9]+)*"
_UNITS: Mapping[Kind, Mapping[str, int]] = {
    "count": {"": 1},
    "percent": {"%": 1, "": 1},
    "months": {"months": 1, "month": 1, "years": 12, "year": 12, "": 1},
}
FORMS: Mapping[Kind, str] = {
    "count": 'a number: ">= 2"',
    "percent": 'a percentage: "> 50 %"',
    "months": 'a duration: "> 5 years" or ">= 18 months"',
    "month": 'a month: "= 2023-01" or ">= 2023-01"',
    "text": 'a text, with = or !=: "Acme"',
    "names": 'a list of names, with = or !=: ["Ada Lovelace", "Alan Turing"]',
}
WHERE: Mapping[str, Kind] = {
    "name": "names",
    "organisation": "names",
    "departed": "month",
    "tenure": "months",
}
_OPERATOR = re.compile("|".join(map(re.escape, OPERATORS)))
_NUMBER = re.compile(r"(-?[0-9]{1,12}(?:\.([0-9]{1,6}))?)\s*([^\d\s.,-].*)?")
LONGEST = LONGEST_TENURE + YEARS_SLACK


def _expectation(written: object, kind: Kind) -> Expectation:
    """What `expect` or a condition of `where` means. Raises ValueError when it means nothing."""
    if isinstance(written, list):
        if kind != "names" or not written or not all(isinstance(text, str) for text in written):
            raise ValueError
        if len(written) > Bound.KEYS:
            raise ValueError
        return Expectation("=", frozenset(tidy(text) for text in written))
    if isinstance(written, bool) or not isinstance(written, (str, int, float)):
        raise ValueError
    text = tidy(str(written))
    found = _OPERATOR.match(text)
    operator = found[0] if found else "="
    rest = text[len(found[0]) :].strip() if found else text
    if kind in ("text", "names"):
        no_operator = re.match("[=<>!\u2260\u2264\u2265]", rest)
        if operator not in ("=", "!=") or not rest or no_operator or not isinstance(written, str):
            raise ValueError
        return Expectation(operator, frozenset([rest]))
    if kind == "month":
        return Expectation(operator, float(read_month(rest)))
    number = _NUMBER.fullmatch(rest)
    if number is None or (number[3] or "") not in _UNITS[kind]:
        raise ValueError
    scale = _UNITS[kind][number[3] or ""]
    value = scale * Fraction(number[1])
    if kind == "percent" and not number[3] and 0 < value <= 1:
        raise ValueError  # 0.75 means 75 %, and says 0.75 %
    # A share or a decimal is printed rounded: it is equal to whatever rounds to it.
    printed = None
    if kind == "percent" or (kind == "months" and number[2]):
        half = scale * Fraction(1, 2 * 10 ** len(number[2] or ""))
        printed = float(value - half), float(value + half)
    return Expectation(operator, float(value), printed)


def read_ledger(path: Path, problems: Problems) -> list[Claim]:
    """The claims of a claims.toml that can be read, in its order; none where there is no such file.

    What is wrong with the others goes to `problems`.
    """
    if not os.path.lexists(path):
        return []
    try:
        values = read_toml(path)
    except InputError as error:
        problems += error.problems
        return []
    problems += [
        Problem(
            place(path, column=shown(key)[1:-1]),
            f"is not known{did_you_mean(key, ['claim'])}",
            "[[claim]] tables",
        )
        for key in values
        if key != "claim"
    ]
    entries = values.get("claim", [])
    if isinstance(entries, list) and len(entries) > Bound.CLAIMS:
        what = f"holds {len(entries):,} claims"
        problems.append(Problem(place(path), what, f"at most {Bound.CLAIMS:,} claims"))
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append(
            Problem(place(path, column="claim"), "is not a list of tables", "[[claim]]")
        )
        return []
    claims = [_read_claim(path, number, entry, problems) for number, entry in enumerate(entries, 1)]
    _warn_of_claims(path, [claim for claim in claims if claim is not None], problems)
    ids = Counter(entry["id"] for entry in entries if isinstance(entry.get("id"), str))
    problems += [
        Problem(
            place(path, column=f"claim {shown(name)}, id"),
            f"is there {count} times",
            "one id a claim",
        )
        for name, count in ids.items()
        if count > 1
    ]
    return [claim for claim in claims if claim is not None]


def _warn_of_claims(path: Path, claims: list[Claim], problems: Problems) -> None:
    """Letters that cannot be drawn, and claims that say or measure the very same."""
    known: dict[str, str] = {}
    for claim in claims:
        at = place(path, column=f"claim {shown(claim.id)}")
        texts = [
            claim.says,
            *(reading.reading for reading in claim.each_reading),
            *(source.finding for source in claim.sources),
        ]
        said = [
            text for each in texts if each for text in (each.english, *each.translations.values())
        ]
        problems.warnings += undrawn(at, said)
        earlier = known.setdefault(claim.says.english.casefold(), claim.id)
        if earlier != claim.id:
            problems.warnings.append(Problem(at, f"says the same as claim {shown(earlier)}"))


_Complain = Callable[[str, str, str], None]


def _read_claim(path: Path, number: int, entry: dict[str, Any], problems: Problems) -> Claim | None:
    given = entry.get("id")
    named = shown(given) if isinstance(given, str) and tidy(given) else f"number {number}"
    faults: list[Problem] = []

    def complain(key: str, what: str, accepted: str) -> None:
        faults.append(Problem(place(path, column=f"claim {named}, {key}"), what, accepted))

    texts = _read_texts(entry, tuple(KEYS), REQUIRED, complain)
    measure = _read_measure(entry, complain)
    readings = _read_readings(entry, complain)
    sources = _read_sources(entry, complain)
    verdict = _read_verdict(entry, complain)
    problems += faults
    if faults:
        return None
    claim = Claim(**texts, **measure, sources=sources, verdict_given=verdict)
    each = (
        Claim(id=claim.id, says=claim.says, source=claim.source, **reading) for reading in readings
    )
    return replace(claim, readings=tuple(each))


def _read_readings(entry: dict[str, Any], complain: _Complain) -> list[dict[str, Any]]:
    """What each of the readings adds to the claim, where it has several."""
    if "readings" not in entry:
        return []
    texts = [f"reading_{code}" for code in translations()]
    for key in (*KEYS_OF_A_READING, *texts):
        if key in entry:
            complain(key, "stands beside `readings`", "leave it out: each reading has its own")
    given = entry["readings"]
    form = "two tables or more: [[claim.readings]], each with reading, measure and expect"
    if (
        not isinstance(given, list)
        or not 2 <= len(given) <= Bound.KEYS
        or not all(isinstance(reading, dict) for reading in given)
    ):
        complain("readings", f"cannot take {_counted(given)}", form)
        return []
    found = []
    for number, reading in enumerate(given, 1):

        def complain_of_it(key: str, what: str, accepted: str, number: int = number) -> None:
            complain(f"reading {number}, {key}", what, accepted)

        said = _read_texts(reading, KEYS_OF_A_READING, ("reading",), complain_of_it)
        if not {"measure", "expect", "where"} & reading.keys():
            complain_of_it("measure", "is missing", ", ".join(MEASURES))
        found.append(said | _read_measure(reading, complain_of_it))
    return found


def _counted(given: object) -> str:
    """A list by its length, since that may be what is wrong with it."""
    return f"a list of {len(given):,}" if isinstance(given, list) else shown(given)


def claim_of_ones_own(
    measure: str, expect: object, where: Mapping[str, object], at: str = "check"
) -> Claim:
    """A claim that stands in no ledger, in its grammar.

    Raises InputError for whatever a ledger could not say; `at` is where that was asked.
    """
    faults: list[Problem] = []

    def complain(key: str, what: str, accepted: str) -> None:
        faults.append(Problem(f"{at}, {key}", what, accepted))

    entry = {"measure": measure, "expect": expect, "where": where}
    read = _read_measure(entry, complain)
    if faults:
        raise InputError(faults)
    rows = " and ".join(f"{column} {written}" for column, written in where.items())
    says = f"{measure} {expect}" + (f" where {rows}" if rows else "")
    return Claim(
        id="check",
        says=Text(says, {}),
        source="check",
        measure=measure,
        **read,
    )


_ID = "lower-case letters and digits, with hyphens between: eleven-left"


def _runs_on(lines: str) -> bool:
    first, last = map(int, re.findall("[0-9]+", lines))
    return first < last


def _read_texts(
    entry: dict[str, Any], keys: Sequence[str], required: Sequence[str], complain: _Complain
) -> dict[str, Any]:
    """The texts of a claim or a reading of it, which has these keys and no others."""
    texts: dict[str, Any] = {}
    translated = [key for key in ("says", "reading") if key in keys]
    said = [f"{key}_{code}" for key in translated for code in translations()]
    plain = [key for key in ("id", "says", "source", "measure", "reading") if key in keys]
    for key in (*plain, *said):
        value = entry.get(key)
        if value is None:
            if key in required:
                complain(key, "is missing", "a text")
        elif not isinstance(value, str):
            complain(key, f"cannot take {shown(value)}", "a text")
        elif not tidy(value):
            complain(key, "is empty", "a text")
        elif len(value) > (Bound.ID if key == "id" else Bound.TEXT):
            most = Bound.ID if key == "id" else Bound.TEXT
            complain(key, f"{shown(value)} is too long", f"at most {most:,} letters")
        elif key == "id" and not re.fullmatch(ID, value):
            complain(key, f"cannot take {shown(value)}", _ID)
        elif key == "source" and RUNS.match(tidy(value)):
            complain(key, f"cannot take {shown(value)}", "the line of the article: line 44")
        elif re.fullmatch(r"lines \d+[-\u2013]\d+", value) and not _runs_on(value):
            complain(key, f"cannot read {shown(value)}", "line 44, or lines 44-46")
        else:
            texts[key] = tidy(value)
    if len(entry) > Bound.KEYS:
        complain("keys", f"has {len(entry):,} of them", f"at most {Bound.KEYS:,}")
        return texts
    known = (*keys, *said)
    for key in entry:
        if key not in known:
            complain(shown(key)[1:-1], f"is not known{did_you_mean(key, known)}", ", ".join(known))
    for key in translated:
        if key in texts:
            texts[key] = text_of(texts, key)
    return {key: text for key, text in texts.items() if key not in said}


def _read_measure(entry: Mapping[str, Any], complain: _Complain) -> dict[str, Any]:
    """What is expected of the claim's measure, and of which rows it is taken; as a claim has it."""
    name = entry.get("measure")
    expectation = None
    if name is None:
        for key in ("where", "expect"):
            if key in entry:
                complain(key, "needs a measure", ", ".join(MEASURES))
    elif isinstance(name, str) and name in MEASURES:
        accepted = FORMS[MEASURES[name].kind]
        if "expect" not in entry:
            complain("expect", "is missing", accepted)
        else:
            try:
                expectation = _expectation(entry["expect"], MEASURES[name].kind)
            except ValueError:
                complain("expect", f"cannot read {shown(entry['expect'])} for {name}", accepted)
    elif isinstance(name, str) and tidy(name):
        hint = did_you_mean(name, MEASURES)
        complain("measure", f"{shown(name)} is not known{hint}", ", ".join(MEASURES))
    conditions = entry.get("where", {})
    if not isinstance(conditions, dict):
        complain("where", f"cannot take {shown(conditions)}", '{ departed = ">= 2024-05" }')
        conditions = {}
    where = {}
    for column, written in conditions.items():
        if column not in WHERE:
            what = f"is not known{did_you_mean(column, WHERE)}"
            complain(f"where.{shown(column)[1:-1]}", what, ", ".join(WHERE))
            continue
        try:
            meant = _expectation(written, WHERE[column])
        except ValueError:
            complain(f"where.{column}", f"cannot read {shown(written)}", FORMS[WHERE[column]])
        else:
            where[column] = Condition(meant.operator, meant.value)
    return {
        "expect": entry.get("expect"),
        "expectation": expectation,
        "where": where,
        "where_written": dict(conditions),
    }


def _read_verdict(entry: dict[str, Any], complain: _Complain) -> Verdict | None:
    """The verdict of a person, which stands beside sources and nowhere else."""
    accepted = ", ".join(Verdict)
    measured = "measure" in entry or "readings" in entry
    if "verdict" not in entry:
        if "sources" in entry and not measured:
            complain("verdict", "is missing beside `sources`", accepted)
        return None
    if measured or "sources" not in entry:
        complain(
            "verdict",
            "is given by a person only beside `sources`, where nothing is measured",
            "leave it out: it follows from what is measured",
        )
    try:
        return Verdict(entry["verdict"])
    except ValueError:
        near = did_you_mean(str(entry["verdict"]), Verdict)
        complain("verdict", f"cannot take {shown(entry['verdict'])}{near}", accepted)
        return None


def _read_sources(entry: dict[str, Any], complain: _Complain) -> tuple[OutsideSource, ...]:
    given = entry.get("sources", [])
    form = '[{ url = "https://...", finding = "what it says" }]'
    if "sources" in entry and not (isinstance(given, list) and 0 < len(given) <= Bound.KEYS):
        complain("sources", f"cannot take {shown(given)}", form)
        return ()
    found = []
    keys = {*KEYS_OF_A_SOURCE, *(f"finding_{code}" for code in translations())}
    for number, source in enumerate(given, 1):
        if (
            not isinstance(source, dict)
            or not KEYS_OF_A_SOURCE.keys() <= source.keys() <= keys
            or not all(isinstance(text, str) and tidy(text) for text in source.values())
        ):
            complain("sources", f"cannot read number {number}", form)
        elif len(source["url"]) > Bound.ADDRESS or len(source["finding"]) > Bound.TEXT:
            complain("sources", f"number {number} is too long", form)
        elif not ADDRESS.fullmatch(source["url"]):
            complain("sources", f"cannot take {shown(source['url'])}", form)
        else:
            texts = {key: tidy(text) for key, text in source.items()}
            found.append(OutsideSource(texts["url"], text_of(texts, "finding")))
    return tuple(found)
