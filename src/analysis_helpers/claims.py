"""The ledger: read it, measure, decide."""

from __future__ import annotations

import math
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any, overload

import numpy as np
import pandas as pd

from .cohort import ADDRESS, RUNS, Cohort, find_cohort, load_cohort, text_of
from .edition import Edition
from .errors import Bound, InputError, Problem, Problems, shown
from .files import place, read_toml, tidy, undrawn
from .language import Language, Text, translations
from .measures import (
    MEASURES,
    Condition,
    Kind,
    Measured,
    Names,
    Texts,
    Value,
    every_value,
    measure,
    narrow,
)
from .ranges import OPERATORS, ROUNDING, Range, Verdict, judge
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

    `expect` is as the ledger writes it; `expectation` is what it means.
    """

    id: str
    says: Text
    source: str
    measure: str | None = None
    expect: str | float | list[str] | None = None
    expectation: Expectation | None = None
    where: Mapping[str, Condition] = field(default_factory=dict)
    reading: Text | None = None
    sources: tuple[OutsideSource, ...] = ()
    verdict_given: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A claim, what was measured for it, and how firmly it stands.

    `checked_by` is "table", "sources" or None. `exhaustive` is False where the verdict is
    inconclusive because there are too many combinations of rows and values to try each.
    """

    claim: Claim
    verdict: Verdict
    edition: Edition
    measured: Measured | None = None
    checked_by: str | None = None
    exhaustive: bool = True

    @property
    def says(self) -> str:
        """The claim in the language of the edition."""
        return self.claim.says.said(self.edition.say)

    @property
    def reading(self) -> str | None:
        """How a vague word of it was read, in the language of the edition."""
        reading = self.claim.reading
        return None if reading is None else reading.said(self.edition.say)


class Ledger(Sequence[Decision]):
    """The decided claims of a cohort, in the ledger's order, and the language that says them."""

    def __init__(self, decisions: Sequence[Decision], language: Language) -> None:
        self._decisions = tuple(decisions)
        self.language = language

    @overload
    def __getitem__(self, which: int | str) -> Decision: ...

    @overload
    def __getitem__(self, which: slice) -> Ledger: ...

    def __getitem__(self, which: int | str | slice) -> Decision | Ledger:
        """A claim by its place or by its id. Raises KeyError for an id that is not there."""
        if isinstance(which, slice):
            return Ledger(self._decisions[which], self.language)
        if isinstance(which, int):
            return self._decisions[which]
        for decision in self._decisions:
            if decision.claim.id == which:
                return decision
        near = get_close_matches(which, [decision.claim.id for decision in self._decisions], 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise KeyError(f"no claim has the id {which!r}{hint}")

    def __len__(self) -> int:
        return len(self._decisions)

    def where(self, chosen: Callable[[Decision], bool]) -> Ledger:
        """Those of the claims that are chosen."""
        return Ledger(list(filter(chosen, self._decisions)), self.language)


# --- reading

_KEYS = (
    "id",
    "says",
    "source",
    "measure",
    "where",
    "expect",
    "reading",
    "sources",
    "verdict",
)
_UNITS: Mapping[Kind, Mapping[str, int]] = {
    "count": {"": 1},
    "percent": {"%": 1, "": 1},
    "months": {"months": 1, "month": 1, "years": 12, "year": 12, "": 1},
}
_FORMS: Mapping[Kind, str] = {
    "count": 'a number: ">= 2"',
    "percent": 'a percentage: "> 50 %"',
    "months": 'a duration: "> 5 years" or ">= 18 months"',
    "month": 'a month: "= 2023-01"',
    "text": 'a text, with = or !=: "Acme"',
    "names": 'a list of names, with = or !=: ["Ada Lovelace", "Alan Turing"]',
}
_WHERE: Mapping[str, Kind] = {
    "name": "names",
    "organisation": "names",
    "departed": "month",
    "tenure": "months",
}
_OPERATOR = re.compile("|".join(map(re.escape, OPERATORS)))
_NUMBER = re.compile(r"(-?[0-9]{1,12}(?:\.([0-9]{1,6}))?)\s*([^\d\s.,-].*)?")
_LONGEST = LONGEST_TENURE + YEARS_SLACK


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


def read_ledger(folder: Path) -> list[Claim]:
    """The claims of a cohort folder, in the ledger's order; none without a claims.toml.

    Raises InputError with every problem in the file.
    """
    problems = Problems()
    claims = _read_ledger(folder / "claims.toml", problems)
    if problems:
        raise InputError(problems)
    return claims


def _read_ledger(path: Path, problems: Problems) -> list[Claim]:
    """The claims that can be read; what is wrong with the others goes to `problems`."""
    if not os.path.lexists(path):
        return []
    try:
        values = read_toml(path)
    except InputError as error:
        problems += error.problems
        return []
    problems += [
        Problem(place(path, column=shown(key)[1:-1]), "is not known", "[[claim]] tables")
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
        texts = [claim.says, claim.reading, *(source.finding for source in claim.sources)]
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

    texts = _read_texts(entry, complain)
    expectation, where = _read_measure(entry, complain)
    sources = _read_sources(entry, complain)
    verdict = _read_verdict(entry, "sources" in entry, complain)
    problems += faults
    if faults:
        return None
    return Claim(
        **texts,
        expect=entry.get("expect"),
        expectation=expectation,
        where=where,
        sources=sources,
        verdict_given=verdict,
    )


_ID = "lower-case letters and digits, with hyphens between: eleven-left"


def _runs_on(lines: str) -> bool:
    first, last = map(int, re.findall("[0-9]+", lines))
    return first < last


def _read_texts(entry: dict[str, Any], complain: _Complain) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    said = [f"{key}_{code}" for key in ("says", "reading") for code in translations()]
    for key in ("id", "says", "source", "measure", "reading", *said):
        value = entry.get(key)
        if value is None:
            if key in ("id", "says", "source"):
                complain(key, "is missing", "a text")
        elif not isinstance(value, str):
            complain(key, f"cannot take {shown(value)}", "a text")
        elif not tidy(value):
            complain(key, "is empty", "a text")
        elif len(value) > (Bound.ID if key == "id" else Bound.TEXT):
            most = Bound.ID if key == "id" else Bound.TEXT
            complain(key, f"{shown(value)} is too long", f"at most {most:,} letters")
        elif key == "id" and not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", value):
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
    known = (*_KEYS, *said)
    for key in entry:
        if key not in known:
            complain(shown(key)[1:-1], "is not known", ", ".join(known))
    for key in ("says", "reading"):
        if key in texts:
            texts[key] = text_of(texts, key)
    return {key: text for key, text in texts.items() if key not in said}


def _read_measure(
    entry: dict[str, Any], complain: _Complain
) -> tuple[Expectation | None, dict[str, Condition]]:
    """What is expected of the claim's measure, and of which rows it is taken."""
    name = entry.get("measure")
    expectation = None
    if name is None:
        for key in ("where", "expect"):
            if key in entry:
                complain(key, "needs a measure", ", ".join(MEASURES))
    elif isinstance(name, str) and name in MEASURES:
        accepted = _FORMS[MEASURES[name].kind]
        if "expect" not in entry:
            complain("expect", "is missing", accepted)
        else:
            try:
                expectation = _expectation(entry["expect"], MEASURES[name].kind)
            except ValueError:
                complain("expect", f"cannot read {shown(entry['expect'])} for {name}", accepted)
    elif isinstance(name, str) and tidy(name):
        complain("measure", f"{shown(name)} is not known", ", ".join(MEASURES))
    conditions = entry.get("where", {})
    if not isinstance(conditions, dict):
        complain("where", f"cannot take {shown(conditions)}", '{ departed = ">= 2024-05" }')
        conditions = {}
    where = {}
    for column, written in conditions.items():
        if column not in _WHERE:
            complain(f"where.{shown(column)[1:-1]}", "is not known", ", ".join(_WHERE))
            continue
        try:
            meant = _expectation(written, _WHERE[column])
        except ValueError:
            complain(f"where.{column}", f"cannot read {shown(written)}", _FORMS[_WHERE[column]])
        else:
            where[column] = Condition(meant.operator, meant.value)
    return expectation, where


def _read_verdict(entry: dict[str, Any], has_sources: bool, complain: _Complain) -> Verdict | None:
    """The verdict of a person, which stands beside sources and nowhere else."""
    accepted = ", ".join(Verdict)
    if "verdict" not in entry:
        if has_sources and "measure" not in entry:
            complain("verdict", "is missing beside `sources`", accepted)
        return None
    if "measure" in entry or not has_sources:
        complain(
            "verdict",
            "is given by a person only beside `sources`, where nothing is measured",
            "leave it out: it follows from what is measured",
        )
    try:
        return Verdict(entry["verdict"])
    except ValueError:
        complain("verdict", f"cannot take {shown(entry['verdict'])}", accepted)
        return None


def _read_sources(entry: dict[str, Any], complain: _Complain) -> tuple[OutsideSource, ...]:
    given = entry.get("sources", [])
    form = '[{ url = "https://...", finding = "what it says" }]'
    if "sources" in entry and not (isinstance(given, list) and 0 < len(given) <= Bound.KEYS):
        complain("sources", f"cannot take {shown(given)}", form)
        return ()
    found = []
    keys = {"url", "finding", *(f"finding_{code}" for code in translations())}
    for number, source in enumerate(given, 1):
        if (
            not isinstance(source, dict)
            or not {"url", "finding"} <= source.keys() <= keys
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


# --- deciding


def decide(cohort: Cohort, ledger: list[Claim]) -> Ledger:
    """Every claim with its verdict, in the ledger's order.

    Raises InputError when a `where` cannot be met, or when it or an expected list of names has a
    text that is not in the table at all.
    """
    problems = _unanswerable(cohort, ledger)
    if problems:
        raise InputError(problems)
    taken = measuring(cohort)
    edition = Edition(cohort)
    return Ledger([decide_one(cohort, claim, taken, edition) for claim in ledger], cohort.language)


_Take = Callable[[str, Mapping[str, Condition]], Measured]


def measuring(cohort: Cohort) -> _Take:
    """Takes a measure of some rows, and each only once."""
    narrowed: dict[frozenset[tuple[str, Condition]], pd.DataFrame] = {}
    known: dict[tuple[str, frozenset[tuple[str, Condition]]], Measured] = {}

    def taken(name: str, where: Mapping[str, Condition]) -> Measured:
        rows = frozenset(where.items())
        if (name, rows) not in known:
            if rows not in narrowed:
                if len(cohort.authors) > 10_000:  # one narrowed copy of a big table is enough
                    narrowed.clear()
                narrowed[rows] = narrow(cohort.authors, where)
            known[name, rows] = measure(
                name, narrowed[rows], cohort.paper.month, cohort.article.as_of
            )
        return known[name, rows]

    return taken


def _unanswerable(cohort: Cohort, ledger: list[Claim]) -> list[Problem]:
    return [
        Problem(
            place(cohort.folder / "claims.toml", column=f"claim {shown(claim.id)}, {key}"),
            what,
            accepted,
        )
        for claim in ledger
        for key, what, accepted in _questions_without_answer(cohort, claim)
    ]


def _questions_without_answer(cohort: Cohort, claim: Claim) -> Iterator[tuple[str, str, str]]:
    """The key, what is wrong with it, and what is accepted."""
    last = cohort.article.as_of
    possible = {"departed": Range(-math.inf, last, 1), "tenure": Range(0, _LONGEST, 1)}
    accepted = {
        "departed": f"a month up to {_published_number(last, 'month')}, the table's last",
        "tenure": f"whole months, from 0 to {_LONGEST}",
    }
    asked = dict(claim.where)
    if claim.measure == "names" and claim.expectation is not None:
        asked["expect"] = Condition(claim.expectation.operator, claim.expectation.value)
    for key, condition in asked.items():
        named = key if key == "expect" else f"where.{key}"
        if not isinstance(condition.value, frozenset):
            if judge(possible[key], condition.operator, condition.value) is Verdict.CONTRADICTED:
                yield named, "no row can meet it", accepted[key]
            continue
        column = "name" if key == "expect" else key
        known = _as_in_table(condition.value, column, cohort)
        some = cohort.authors[column].dropna().drop_duplicates()[:20]
        for text in sorted(condition.value - set(known)):
            yield named, f"no row has {shown(text)}", ", ".join(map(shown, some)) or "nothing"


def decide_one(
    cohort: Cohort, claim: Claim, taken: _Take | None = None, edition: Edition | None = None
) -> Decision:
    """One claim with its verdict. Measures and the edition may be shared with other claims."""
    edition = edition or Edition(cohort)
    if claim.measure is None or claim.expectation is None:
        if claim.sources and claim.verdict_given is not None:
            return Decision(claim, claim.verdict_given, edition, checked_by="sources")
        return Decision(claim, Verdict.UNTESTABLE, edition)
    measured = (taken or measuring(cohort))(claim.measure, claim.where)
    verdict = hold(measured, claim.expectation, cohort)
    exhaustive = True
    value = claim.expectation.value
    if (
        verdict is Verdict.INCONCLUSIVE
        and isinstance(value, float)
        and _may_have_gaps(measured, claim.measure, claim.expectation.operator)
    ):
        values = every_value(
            claim.measure,
            cohort.authors,
            claim.where,
            value,
            cohort.paper.month,
            cohort.article.as_of,
        )
        exhaustive = values is not None
        if values is not None:
            verdict = _hold_each(values, claim.expectation, measured)
    return Decision(claim, verdict, edition, measured, "table", exhaustive)


def _may_have_gaps(measured: Measured, name: str, operator: str) -> bool:
    """Whether no choice of rows may give some value between the ends that were measured."""
    return (
        operator in ("=", "!=")
        and MEASURES[name].kind not in ("count", "text", "names")
        and not measured.certain
        and measured.value is not None
        and measured.stated == measured.needed
    )


def _hold_each(values: np.ndarray, expected: Expectation, measured: Measured) -> Verdict:
    """Hold `=` or `!=` against every value that there can be, and against there being none."""
    if expected.printed is None:
        equal = np.abs(values - expected.value) < ROUNDING
    else:
        equal = (expected.printed[0] <= values) & (values < expected.printed[1])
    holds = equal if expected.operator == "=" else ~equal
    if holds.all() and not measured.may_be_empty:
        return Verdict.SUPPORTED
    return Verdict.INCONCLUSIVE if holds.any() else Verdict.CONTRADICTED


def hold(measured: Measured, expected: Expectation, cohort: Cohort) -> Verdict:
    """Hold an expectation against a measured value.

    Where a row that may belong does not state what is needed, the verdict is inconclusive. Where
    there may be nothing to measure, the expectation does not hold; but nothing speaks against a
    claim about nothing either, so that a value that is never there is inconclusive.
    """
    if measured.value is None or measured.stated < measured.needed:
        return Verdict.INCONCLUSIVE
    verdict = _hold(measured.value, expected, cohort)
    if measured.may_be_empty and verdict is Verdict.SUPPORTED:
        return Verdict.INCONCLUSIVE
    return verdict


def _hold(value: Value, expected: Expectation, cohort: Cohort) -> Verdict:
    if isinstance(value, Range) and isinstance(expected.value, float):
        return judge(value, expected.operator, expected.value, expected.printed)
    if isinstance(value, Range) or isinstance(expected.value, float):
        raise TypeError(f"{expected} cannot be held against {value}")
    if isinstance(value, Texts):
        (text,) = _in_english(expected.value, "organisation", cohort)
        always, ever = value.possible == (text,), text in value.possible
    else:
        names = _in_english(expected.value, "name", cohort)
        certain, possible = set(value.certain), set(value.possible)
        always, ever = certain == possible == names, certain <= names <= possible
    if expected.operator == "!=":
        always, ever = not ever, not always
    if always:
        return Verdict.SUPPORTED
    return Verdict.INCONCLUSIVE if ever else Verdict.CONTRADICTED


def _as_in_table(texts: frozenset[str], column: str, cohort: Cohort) -> dict[str, str]:
    """Those of the texts that are in the table, as printed or in English, in English."""
    english, printed = cohort.authors[column], cohort.authors[f"{column}_printed"]
    fits = printed.isin(texts) & english.notna()
    found = dict(zip(printed[fits], english[fits], strict=True))
    return found | {text: text for text in english[english.isin(texts)].unique()}


def _in_english(texts: frozenset[str], column: str, cohort: Cohort) -> set[str]:
    found = _as_in_table(texts, column, cohort)
    return {found.get(text, text) for text in texts}


def claimed_value(decisions: Sequence[Decision], measure: str) -> float | None:
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


def open_cohort(cohort: str | Path, language: str = "en") -> tuple[Cohort, Ledger]:
    """A checked cohort and its decided ledger; whatever is shown of them will be in `language`.

    Raises InputError with every problem of every file in the folder, and for a language in which
    there is no edition.
    """
    said_in = Language.of(language)
    folder = find_cohort(cohort)
    problems = Problems()
    loaded, decided = None, Ledger([], said_in)
    try:
        loaded = load_cohort(folder, language)
    except InputError as error:
        problems += error.problems
    ledger = _read_ledger(folder / "claims.toml", problems)
    if loaded is not None:
        try:
            loaded = replace(loaded, warnings=(*loaded.warnings, *problems.warnings))
            decided = decide(loaded, ledger)
        except InputError as error:
            problems += error.problems
    if loaded is None or problems:
        raise InputError(problems)
    return loaded, decided


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


def _published_number(number: float, kind: Kind) -> float | str | None:
    if not math.isfinite(number):
        return None
    if kind == "month":
        year, month = divmod(int(number), 12)
        return f"{1970 + year:04d}-{month + 1:02d}"
    return int(number) if number == int(number) else float(number)


def to_json(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """The decisions as claims.json holds them: numbers as numbers, months as YYYY-MM."""
    entries = []
    for decision in decisions:
        low, high = _published_ends(decision)
        claim = decision.claim
        entries.append(
            {
                "id": claim.id,
                "says": decision.says,
                "source": claim.source,
                "measure": claim.measure,
                "expect": claim.expect,
                "low": low,
                "high": high,
                "verdict": str(decision.verdict),
                "checked_by": decision.checked_by,
            }
        )
    return entries
