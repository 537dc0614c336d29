"""Deciding: measure what a claim is about, and hold its expectation against that."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, overload

import pandas as pd

from . import fragility, months
from .cohort import Cohort
from .edition import Edition
from .errors import InputError, Problem, UnknownNameError, did_you_mean, shown, takes
from .files import place
from .language import ENGLISH, Language, sentence
from .ledger import LONGEST, Claim, Expectation
from .markup import Html, table_html, verdict_badge
from .measures import (
    MEASURES,
    Condition,
    Kind,
    Measured,
    Names,
    Texts,
    Value,
    measure,
    narrow,
)
from .outcomes import every_value, hold_each
from .ranges import Range, Verdict, judge

Published = float | str | list[str] | None
"""A number, a month as YYYY-MM, a text or a list of names, as claims.json holds it."""

THE_LEDGER = "the ledger of `data, ledger = ah.open_cohort(...)`"
"""What a function wants that takes a ledger, as a message says it."""


@dataclass(frozen=True, repr=False)
class Decision:
    """A claim, what was measured for it, and how firmly it stands.

    `checked_by` is "table", "sources" or None. `exhaustive` is False where the verdict is
    inconclusive because there are too many combinations of rows and values to try each. A claim
    that can be read in several ways has `readings`, each with a verdict of its own; what was
    measured stands there.
    """

    claim: Claim
    verdict: Verdict
    edition: Edition
    measured: Measured | None = None
    checked_by: str | None = None
    exhaustive: bool = True
    readings: tuple[Decision, ...] = ()

    @property
    def each_reading(self) -> tuple[Decision, ...]:
        """Its readings, or the decision itself where the claim can be read in one way."""
        return self.readings or (self,)

    @property
    def depends_on_reading(self) -> bool:
        """Whether its readings have different verdicts."""
        return len({reading.verdict for reading in self.readings}) > 1

    @property
    def low(self) -> Published:
        """The least that was found, as claims.json has it; None where nothing was, or no end is."""
        return _published_ends(self)[0]

    @property
    def high(self) -> Published:
        """The most that was found."""
        return _published_ends(self)[1]

    @property
    def stated(self) -> int | None:
        """In how many of the rows that are needed the value is stated."""
        return None if self.measured is None else self.measured.stated

    @property
    def needed(self) -> int | None:
        """How many rows have to state the value."""
        return None if self.measured is None else self.measured.needed

    @property
    def counted(self) -> tuple[str, ...] | None:
        """The clean names of the rows that belong for certain, in the table's order."""
        return None if self._members is None else self._members.certain

    @property
    def possible(self) -> tuple[str, ...] | None:
        """The clean names of all the rows that may belong, those that do among them."""
        return None if self._members is None else self._members.possible

    @property
    def by_construction(self) -> bool:
        """Whether it cannot fail: it is supported by the very lines on which it stands.

        Of a claim with several readings, whether none of them can.
        """
        if self.readings:
            return all(reading.by_construction for reading in self.readings)
        return (
            self.checked_by == "table"
            and self.verdict is Verdict.SUPPORTED
            and self.edition.is_said_by_its_rows(self.claim)
        )

    @property
    def _members(self) -> Names | None:
        return self.edition.members(self.claim)

    @property
    def rows_to_change(self) -> int | None:
        """How few rows of the table would have to say something else for another verdict.

        See `fragility`. None where no number of rows can change it, or it is not known; where
        `rows_to_change_is_exact` is False, fewer rows may do.
        """
        return self._fragility[0]

    @property
    def rows_to_change_is_exact(self) -> bool:
        """Whether no fewer rows than `rows_to_change` can change the verdict."""
        return self._fragility[1]

    @cached_property
    def hinges_on(self) -> tuple[str, ...]:
        """Where one row can change the verdict: the clean names of all that can, each by itself."""
        if self._question is None or self.rows_to_change != 1:
            return ()
        return tuple(self.edition.cohort.authors["name"][self._question.alone()])

    @property
    def turns_at(self) -> float | None:
        """The number of the ledger with which a claim with a vague word would turn; see `Turn`."""
        return None if self._turn is None else self._turn.number

    @property
    def turns_to(self) -> Verdict | None:
        """The verdict that it would have with that number."""
        return None if self._turn is None else self._turn.verdict

    @property
    def asks_what_is_stated(self) -> bool:
        """Whether it is about what the article states, and not about what is true of anybody.

        No mistake in a row bears on that.
        """
        measures = (MEASURES[each.claim.measure or ""] for each in self.each_reading)
        return self.checked_by == "table" and all(measure.stating for measure in measures)

    @property
    def rows_to_change_in_words(self) -> str:
        """How many rows would have to be wrong for another verdict, or on which one it hangs."""
        if self.checked_by != "table":
            return ""
        if self.asks_what_is_stated:
            return _ended(fragility.said_rows(self.edition, None))
        exact = self.rows_to_change_is_exact
        return _ended(fragility.said_rows(self.edition, self.rows_to_change, exact, self.hinges_on))

    @property
    def turns_at_in_words(self) -> str:
        """With which number a vague word would make for another verdict."""
        return _ended(fragility.said_turn(self.edition.say, self.claim, self.verdict, self._turn))

    @property
    def turns_at_too_in_words(self) -> str:
        """That behind another change to the same verdict: `the same would be true if ...`."""
        said = fragility.said_turn(self.edition.say, self.claim, self.verdict, self._turn, too=True)
        return _ended(said)

    @property
    def what_would_change_it(self) -> str:
        """Both in words."""
        return f"{self.rows_to_change_in_words} {self.turns_at_in_words}".strip()

    @cached_property
    def _question(self) -> fragility.Turning | None:
        if self.checked_by != "table":
            return None
        if not self.readings:
            return fragility.question(self.edition, self.claim)
        readings = [(reading.claim, reading.verdict) for reading in self.readings]
        return fragility.question_of_readings(self.edition, readings)

    @cached_property
    def _fragility(self) -> tuple[int | None, bool]:
        return (None, True) if self._question is None else self._question.least()

    @cached_property
    def _turn(self) -> fragility.Turn | None:
        return fragility.turn(self.claim, self.verdict, self.measured)

    @property
    def found(self) -> str:
        """What was found, in words."""
        if self.depends_on_reading:
            return self.edition.say("depends on the reading")
        if self.readings:
            return _each_once(reading.found for reading in self.readings)
        return self.edition.found(self.claim, self.measured, self.exhaustive)

    @property
    def expected(self) -> str:
        """What the claim needs, in words."""
        if self.readings:
            return _each_once(reading.expected for reading in self.readings)
        return self.edition.needed(self.claim)

    @property
    def in_sentences(self) -> tuple[str, str]:
        """What was found, and what was needed: `The list has one.` `The claim needs two.` or so.

        Empty where nothing was measured; where it was found as claimed, only that is said.
        """
        if self.readings:
            return _ended(self.found), ""
        found, needed = self.edition.compared(self.claim, self.measured, self.exhaustive)
        return _ended(found), _ended(needed)

    def explain(self) -> Html:
        """The verdict and what it rests on: found, needed, who was counted, how it was read."""
        return self._card(self.what_would_change_it)

    @property
    def grounds(self) -> Html:
        """The same without what would change it."""
        return self._card("")

    def _card(self, what_would_change_it: str) -> Html:
        say = self.edition.say
        stands = self.claim.source if self.claim.id != "check" else ""
        given: list[tuple[str, Html | str]] = [
            (say("Verdict"), verdict_badge(self.verdict, say)),
            (say("Found"), self.found),
        ]
        if self.readings:
            for reading in self.readings:
                badge = verdict_badge(reading.verdict, say)
                given += [(say("Read as"), reading.reading or ""), (say("Verdict"), badge)]
                given += [(say("Found"), reading.found), *reading._evidence()]
        else:
            given += [*self._evidence(), (say("Read as"), self.reading or "")]
        if self.by_construction:
            text = say("the claim and the rows that decide it stand in the same place")
            given.append((say("Holds by construction"), text))
        given += [
            (say("What would change it"), what_would_change_it),
            (say("In the article"), say.source(stands)),
        ]
        rows = [
            (name, value if isinstance(value, Html) else Html(escape(value), value))
            for name, value in given
            if value
        ]
        html = "".join(f"<dt>{escape(name)}</dt><dd>{value.html}</dd>" for name, value in rows)
        text = "\n".join(f"  {name}: {value.text}" for name, value in rows)
        return Html(f"<p>{escape(self.says)}</p><dl>{html}</dl>", f"{self.says}\n{text}", say)

    def _evidence(self) -> list[tuple[str, Html | str]]:
        """What was needed, and who was counted."""
        say = self.edition.say
        who, maybe = self.counted or (), set(self.possible or ()) - set(self.counted or ())
        return [
            (say("Needed"), self.expected),
            (say("Counted"), say.listed(self.edition.names(who))),
            (
                say("Possibly"),
                say.listed(
                    self.edition.names(name for name in self.possible or () if name in maybe)
                ),
            ),
        ]

    def _repr_html_(self) -> str:
        return self.explain()._repr_html_()

    def __repr__(self) -> str:
        return f"<Decision {self.claim.id}: {self.verdict}, {self.found or 'nothing measured'}>"

    @property
    def says(self) -> str:
        """The claim in the language of the edition."""
        return self.claim.says.said(self.edition.say)

    @property
    def reading(self) -> str | None:
        """How a vague word of it was read, in the language of the edition."""
        reading = self.claim.reading
        return None if reading is None else reading.said(self.edition.say)


def _ended(text: str) -> str:
    return f"{sentence(text)}." if text else ""


def _each_once(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))


class Ledger(Sequence[Decision]):
    """The decided claims of a cohort, in the ledger's order, and the language that says them.

    It may be given what decides them, which is called when somebody first asks for one.
    """

    def __init__(
        self, decisions: Sequence[Decision] | Callable[[], Sequence[Decision]], language: Language
    ) -> None:
        self._given = decisions
        self.language = language

    @cached_property
    def _decisions(self) -> tuple[Decision, ...]:
        return tuple(self._given() if callable(self._given) else self._given)

    @overload
    def __getitem__(self, which: int | str) -> Decision: ...

    @overload
    def __getitem__(self, which: slice) -> Ledger: ...

    def __getitem__(self, which: int | str | slice) -> Decision | Ledger:
        """A claim by its place or by its id. Raises UnknownNameError, a KeyError, for another."""
        if isinstance(which, slice):
            return Ledger(self._decisions[which], self.language)
        if isinstance(which, int):
            return self._decisions[which]
        for decision in self._decisions:
            if decision.claim.id == which:
                return decision
        hint = did_you_mean(which, [decision.claim.id for decision in self._decisions])
        raise UnknownNameError(f"no claim has the id {which!r}{hint}")

    def frame(self) -> pd.DataFrame:
        """The claims as claims.json has them, a row each, by their ids.

        Example:
            >>> ledger.frame()["verdict"].value_counts()["contradicted"].item()
            3
        """
        entries = pd.DataFrame(to_json(self), columns=list(PUBLISHED_KEYS), dtype=object)
        return entries.set_index("id")

    def __repr__(self) -> str:
        tallied = Counter(str(decision.verdict) for decision in self)
        counts = ", ".join(f"{tallied[verdict]} {verdict}" for verdict in Verdict)
        return f"<Ledger of {len(self):,} claims: {counts}>"

    def _repr_html_(self) -> str:
        shown_first = ["says", "verdict", "measure", "expect", "low", "high"]
        rows = self.frame()[shown_first].reset_index()
        texts = rows.astype(str).where(rows.notna(), "")
        return Html(table_html(texts, repr(self)[1:-1], ENGLISH), "")._repr_html_()

    def __len__(self) -> int:
        return len(self._decisions)

    def where(self, chosen: Callable[[Decision], bool]) -> Ledger:
        """Those of the claims that are chosen."""
        return Ledger(list(filter(chosen, self._decisions)), self.language)


# --- deciding


def decide(cohort: Cohort, ledger: list[Claim]) -> Ledger:
    """Every claim with its verdict, in the ledger's order.

    Raises InputError when a `where` cannot be met, or when it or an expected list of names has a
    text that is not in the table at all.
    """
    problems = _unanswerable(cohort, ledger)
    if problems:
        raise InputError(problems)

    def decisions() -> list[Decision]:
        taken, edition = measuring(cohort), Edition(cohort)
        return [decide_one(cohort, claim, taken, edition) for claim in ledger]

    return Ledger(decisions, cohort.language)


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
                name, narrowed[rows], cohort.start.month, cohort.article.as_of
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
        for number, reading in enumerate(claim.each_reading, 1)
        for asked, what, accepted in questions_without_answer(cohort, reading)
        for key in [f"reading {number}, {asked}" if claim.readings else asked]
    ]


def questions_without_answer(cohort: Cohort, claim: Claim) -> Iterator[tuple[str, str, str]]:
    """The key, what is wrong with it, and what is accepted."""
    last = cohort.article.as_of
    possible = {"departed": Range(-math.inf, last, 1), "tenure": Range(0, LONGEST, 1)}
    accepted = {
        "departed": f"a month up to {_published_number(last, 'month')}, the table's last",
        "tenure": f"whole months, from 0 to {LONGEST}",
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
        for text in sorted(condition.value - set(cohort.as_in_table(condition.value, column))):
            some = cohort.authors[column].dropna().drop_duplicates()[:20]
            yield named, f"no row has {shown(text)}", ", ".join(map(shown, some)) or "nothing"


def decide_one(
    cohort: Cohort, claim: Claim, taken: _Take | None = None, edition: Edition | None = None
) -> Decision:
    """One claim with its verdict. Measures and the edition may be shared with other claims."""
    edition = edition or Edition(cohort)
    taken = taken or measuring(cohort)
    if claim.readings:
        readings = [decide_one(cohort, each, taken, edition) for each in claim.readings]
        return _decide_by_readings(claim, readings, edition)
    if claim.measure is None or claim.expectation is None:
        if claim.sources and claim.verdict_given is not None:
            return Decision(claim, claim.verdict_given, edition, checked_by="sources")
        return Decision(claim, Verdict.UNTESTABLE, edition)
    measured = taken(claim.measure, claim.where)
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
            cohort.start.month,
            cohort.article.as_of,
        )
        exhaustive = values is not None
        if values is not None:
            verdict = hold_each(values, claim.expectation, measured.may_be_empty)
    return Decision(claim, verdict, edition, measured, "table", exhaustive)


def _decide_by_readings(claim: Claim, readings: list[Decision], edition: Edition) -> Decision:
    """The verdict on which all readings agree; inconclusive where they do not."""
    verdicts = {reading.verdict for reading in readings}
    verdict = verdicts.pop() if len(verdicts) == 1 else Verdict.INCONCLUSIVE
    return Decision(claim, verdict, edition, checked_by="table", readings=tuple(readings))


def _may_have_gaps(measured: Measured, name: str, operator: str) -> bool:
    """Whether no choice of rows may give some value between the ends that were measured."""
    return (
        operator in ("=", "!=")
        and MEASURES[name].kind not in ("count", "text", "names")
        and not measured.certain
        and measured.value is not None
        and measured.stated == measured.needed
    )


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
        (text,) = cohort.in_english(expected.value, "organisation")
        always, ever = value.possible == (text,), text in value.possible
    else:
        names = cohort.in_english(expected.value, "name")
        certain, possible = set(value.certain), set(value.possible)
        always, ever = certain == possible == names, certain <= names <= possible
    if expected.operator == "!=":
        always, ever = not ever, not always
    if always:
        return Verdict.SUPPORTED
    return Verdict.INCONCLUSIVE if ever else Verdict.CONTRADICTED


@takes(Ledger, THE_LEDGER)
def claimed_value(ledger: Ledger, measure: str) -> float | None:
    """The number that the article claims for a measure of the whole cohort, in the measure's unit.

    Args:
        ledger: The decided claims.
        measure: A measure's name.

    Returns:
        Months for a tenure; None where the article makes no such claim, the first number where it
        makes several.

    Raises:
        UnknownNameError: For a measure that does not exist.

    Example:
        >>> ah.claimed_value(ledger, "mean_tenure")
        60.0
    """
    if measure not in MEASURES:
        hint = did_you_mean(measure, MEASURES)
        raise UnknownNameError(f"there is no measure {measure!r}{hint}")
    for claim in (reading for decision in ledger for reading in decision.claim.each_reading):
        if claim.measure == measure and not claim.where and claim.expectation is not None:
            value = claim.expectation.value
            return None if isinstance(value, frozenset) else value
    return None


# --- the published form


def _published_ends(decision: Decision) -> tuple[Published, Published]:
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
        return months.iso(number)
    return int(number) if number == int(number) else float(number)


_OF_A_READING = (
    "reading", "measure", "where", "expect", "low", "high", "stated", "needed", "verdict",
    "counted", "possible",
)  # fmt: skip
PUBLISHED_KEYS = (
    "id", "says", "source", "measure", "where", "expect", "low", "high", "stated", "needed",
    "verdict", "checked_by", "reading", "readings", "sources", "counted", "possible",
    "by_construction", "rows_to_change",
)  # fmt: skip


def to_json(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """The decisions as claims.json holds them: numbers as numbers, months as YYYY-MM.

    What does not apply is None.
    """
    return [_published(decision) for decision in decisions]


def _published(decision: Decision) -> dict[str, Any]:
    claim, say = decision.claim, decision.edition.say
    values = _tested(decision) | {
        "id": claim.id,
        "says": decision.says,
        "source": claim.source,
        "checked_by": decision.checked_by,
        "readings": [
            {key: tested[key] for key in _OF_A_READING}
            for tested in map(_tested, decision.readings)
        ]
        or None,
        "sources": [
            {"url": source.url, "finding": source.finding.said(say)} for source in claim.sources
        ]
        or None,
        "by_construction": decision.by_construction if decision.checked_by == "table" else None,
        "rows_to_change": decision.rows_to_change,
    }
    return {key: values[key] for key in PUBLISHED_KEYS}


def _tested(decision: Decision) -> dict[str, Any]:
    """What a claim, or one of its readings, is about, and what was found."""
    counted, possible = decision.counted, decision.possible
    return {
        "reading": decision.reading,
        "measure": decision.claim.measure,
        "where": dict(decision.claim.where_written) or None,
        "expect": decision.claim.expect,
        "low": decision.low,
        "high": decision.high,
        "stated": decision.stated,
        "needed": decision.needed,
        "verdict": str(decision.verdict),
        "counted": None if counted is None else list(counted),
        "possible": None if possible is None else list(possible),
    }


def in_words(ledger: Ledger) -> list[dict[str, Any]]:
    """The claims, their verdicts and what was measured, as a reader says them."""
    return [
        {
            "id": decision.claim.id,
            "says": decision.says,
            "source": decision.claim.source,
            "checked_by": decision.checked_by,
            "measured": decision.found,
            "needed": decision.expected,
            "verdict": str(decision.verdict),
            "verdict_label": ledger.language.verdict(decision.verdict),
            "sources": [source.url for source in decision.claim.sources],
            "by_construction": ledger.language("Holds by construction")
            if decision.by_construction
            else None,
        }
        for decision in ledger
    ]
