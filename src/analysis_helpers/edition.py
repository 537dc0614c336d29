"""An edition: a view of a cohort in a language.

The clean table is the same for every reader, and only it is measured. An edition says how a
language writes the names, roles and employers in it, what was found and what was needed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from .cohort import Cohort, lines_of
from .language import Language, Name
from .ledger import Claim
from .measures import (
    MEASURES,
    Condition,
    Measured,
    Names,
    Texts,
    deciding,
    departure_ends,
    members,
    names_of,
    narrow,
)
from .ranges import Range

NAMED_AT_MOST = 6
"""As many people are named in a sentence; of more it says how many there are."""

# A Latin form in parentheses, where what stands before it is in another script.
_LATIN_FORM = re.compile(r"(?<=[^\x00-\u024f])\s*\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class _Members:
    """Whom a measure takes its value from, and where the rows stand on which that rests."""

    names: Names
    sources: tuple[str, ...]


def _overlap(lines: range, others: range | None) -> bool:
    return others is not None and lines.start < others.stop and others.start < lines.stop


class Edition:
    """How the language of a cohort says what is in its table.

    In the article's own language, names, roles and employers are said as it prints them, a name
    without the Latin form beside it; in every other they are the clean ones. Of two printed
    spellings of one employer, the first in the table is said.
    """

    def __init__(self, cohort: Cohort) -> None:
        self.say = cohort.language
        self.cohort = cohort
        self._members: dict[tuple[str, frozenset[tuple[str, Condition]]], _Members] = {}
        self._narrowed: dict[frozenset[tuple[str, Condition]], pd.DataFrame] = {}
        self._is_printed = cohort.article.language == self.say.code != "en"

    def name(self, clean: str) -> str:
        """An author's name."""
        return self._names.get(clean, clean)

    def names(self, clean: Iterable[str]) -> list[str]:
        """Several names, in the order given."""
        return [self.name(each) for each in clean]

    def said(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with a column `name`, for showing: the names as this edition says them."""
        names = pd.Series(self.names(rows["name"]), rows.index, rows["name"].dtype)
        return rows.assign(name=names) if self._names else rows

    def departures(self, rows: pd.DataFrame, stayed: str, short: bool = False) -> list[str]:
        """When each of the rows left; `stayed` for those who did not."""
        return [
            stayed if math.isnan(last) else self.say.month_span(first, last, short=short)
            for first, last in zip(*departure_ends(rows), strict=True)
        ]

    def organisation(self, clean: str) -> Name:
        """An employer's name."""
        return Name.of(clean, self._organisations.get(clean, clean))

    def text(self, clean: str) -> str:
        """Whatever a ledger names: an author or an employer."""
        return self._organisations.get(clean) or self.name(clean)

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """In which row of the clean table each clean name stands, counted from 0."""
        return {name: row for row, name in enumerate(self.cohort.authors["name"])}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        authors = self.cohort.authors
        if not self._is_printed:
            return {}
        short = authors["name_printed"].str.replace(_LATIN_FORM, "", regex=True)
        said = short.where(~short.duplicated(keep=False), authors["name_printed"])
        return dict(zip(authors["name"], said, strict=True))

    @cached_property
    def _organisations(self) -> Mapping[str, str]:
        if not self._is_printed:
            return {}
        columns = ["organisation", "organisation_printed"]
        pairs = self.cohort.authors[columns].dropna().drop_duplicates("organisation")
        return dict(pairs.astype(str).itertuples(index=False, name=None))

    def members(self, claim: Claim) -> Names | None:
        """Whom a claim's measure takes its value from; None where nothing is measured."""
        return None if claim.measure is None else self._rows_of(claim.measure, claim).names

    def decisive(self, claim: Claim) -> Names | None:
        """Of the members, those whose value may be the extreme that is measured, or all of them."""
        if claim.measure is None:
            return None
        rows = self.narrowed(claim.where)
        return names_of(deciding(claim.measure, rows, members(claim.measure, rows)))

    def is_said_by_its_rows(self, claim: Claim) -> bool:
        """Whether a claim stands on the very lines of the article that its rows come from.

        That is so where there are rows on which its measure's value rests, and each of them has a
        line in common with the claim.
        """
        lines = lines_of(claim.source)
        if claim.measure is None or lines is None:
            return False
        sources = self._rows_of(claim.measure, claim).sources
        return bool(sources) and all(_overlap(lines, lines_of(source)) for source in sources)

    def narrowed(self, where: Mapping[str, Condition]) -> pd.DataFrame:
        """The rows that fit a claim's conditions, looked for once."""
        key = frozenset(where.items())
        if key not in self._narrowed:
            if len(self.cohort.authors) > 10_000:  # one narrowed copy of a big table is enough
                self._narrowed.clear()
            self._narrowed[key] = narrow(self.cohort, where)
        return self._narrowed[key]

    def _rows_of(self, measure: str, claim: Claim) -> _Members:
        key = measure, frozenset(claim.where.items())
        found = self._members.get(key)
        if found is None:
            if len(self.cohort.authors) > 10_000:  # the names of a big table are kept once
                self._members.clear()
            rows = self.narrowed(claim.where)
            inside = members(measure, rows)
            sources = deciding(measure, rows, inside)["source"].unique()
            found = _Members(names_of(inside), tuple(sources))
            self._members[key] = found
        return found

    def found(self, claim: Claim, measured: Measured | None, exhaustive: bool) -> str:
        """What was measured for a claim, as a reader says it; empty where nothing was."""
        say = self.say
        if measured is None or claim.measure is None:
            return ""
        value, kind = measured.value, MEASURES[claim.measure].kind
        if value is None:
            text: str = say("nothing to measure")
        elif isinstance(value, Texts):
            text = say(" or ").join(map(self.text, value.possible))
        elif isinstance(value, Names):
            text = say.names_span(len(value.certain), len(value.possible))
        elif kind == "month":
            text = say.month_span(value.low, value.high)
        else:
            text = say.measured_span(value.low, value.high, kind)
        if measured.stated < measured.needed:
            text += " " + say("(stated for {stated} of {needed})").format(
                stated=measured.stated, needed=measured.needed
            )
        if not exhaustive:
            text += " " + say("(not every combination was tried)")
        return text

    def compared(
        self, claim: Claim, measured: Measured | None, exhaustive: bool
    ) -> tuple[str, str]:
        """What was found and what was needed, each in a clause; empty where nothing was measured.

        An exact value that is needed stands in the claim, so it is not said again. Counts are in
        words.
        """
        say, found, needed = self.say, self.found(claim, measured, exhaustive), self.needed(claim)
        if measured is None or claim.measure is None or claim.expectation is None:
            return "", ""
        kind, value = MEASURES[claim.measure].kind, measured.value
        counts = isinstance(value, Range) and kind == "count" and found == self._in_digits(value)
        if isinstance(value, Range) and counts:
            found, needed = say.tallied(value), self.needed(claim, in_words=True)
        in_years = kind == "months" and _is_in_years(claim.expectation.value)
        if isinstance(value, Range) and in_years and math.isfinite(value.high - value.low):
            span = say.measured_span(value.low, value.high, kind)
            found = found.replace(span, self._lasted(value))
        if found == needed and isinstance(value, Names):
            text = say.plural(
                "the list has the same name",
                "the list has the same {count} names",
                len(value.certain),
            )
            return text.format(count=say.count(len(value.certain))), ""
        if found == needed:
            return say("the list agrees: {found}").format(found=found), ""
        if MEASURES[claim.measure].stating and measured.value == Range(0, 0, step=1):
            clause: str = say("it gives none")
        elif counts and measured.value == Range(0, 0, step=1):
            clause = say("the list has none")
        elif counts or kind == "names":
            clause = say("the list has {found}").format(found=found)
        else:
            text = self._by_the_list(claim.measure)
            clause = text.format(value=found, start=self.cohort.starts)
        if claim.expectation.operator == "=":
            return clause, ""
        text = say("the claim needs {needed}")
        if kind == "month":
            text = say("the claim needs it to be {needed}")
        return clause, text.format(needed=needed)

    def _by_the_list(self, measure: str) -> str:
        say = self.say
        match measure:
            case "mean_tenure":
                return say("by the list the mean is {value}")
            case "median_tenure":
                return say("by the list the median is {value}")
            case "shortest_tenure":
                return say("by the list the shortest time was {value}")
            case "longest_tenure":
                return say("by the list the longest time was {value}")
            case "first_departure":
                return say("by the list the first one was in {value}")
            case "last_departure":
                return say("by the list the last one was in {value}")
            case "share_departed":
                return say("by the list {value} have left")
            case "half_gone":
                return say("by the list half had left {value} after {start}")
            case _:
                return say("by the list it is {value}")

    def _lasted(self, value: Range) -> str:
        """A length of time: in years from two on, in whole months in words."""
        if value.high >= 24:
            return self.say.years_span(value)
        if value.is_exact and value.low == int(value.low):
            return self.say.months(value.low)
        return self.say.measured_span(value.low, value.high, "months")

    def _in_digits(self, value: Range) -> str:
        return self.say.measured_span(value.low, value.high, "count")

    def needed(self, claim: Claim, in_words: bool = False) -> str:
        """What a claim expects, as a reader says it; empty where nothing is measured."""
        say = self.say
        if claim.expectation is None or claim.measure is None:
            return ""
        expected, kind = claim.expectation, MEASURES[claim.measure].kind
        if isinstance(expected.value, frozenset):
            texts = sorted(map(self.text, expected.value))
            value: str = (
                say.listed(texts)
                if len(texts) <= NAMED_AT_MOST
                else say("{count} names").format(count=say.decimal(len(texts), 0))
            )
        elif kind == "month":
            value = say.month_name(expected.value)
        elif kind == "months":
            value = _duration_as_written(expected.value, say)
        elif in_words:
            value = say.alone(expected.value)
        else:
            value = say.decimal(expected.value, _digits(expected.value)) + "%" * (kind == "percent")
        forms = (
            {
                "=": "{value}", "!=": say("not {value}"),
                "<": say("before {value}"), "<=": say("{value} or earlier"),
                ">": say("after {value}"), ">=": say("{value} or later"),
            }
            if kind == "month"
            else {
                "=": "{value}", "!=": say("not {value}"),
                "<": say("less than {value}"), "<=": say("at most {value}"),
                ">": say("more than {value}"), ">=": say("at least {value}"),
            }
        )  # fmt: skip
        return forms[expected.operator].format(value=value)


def _is_in_years(needed: object) -> bool:
    """Whether what a claim needs is said in years, so that what was found is, too."""
    return isinstance(needed, float) and needed % 12 == 0


def _digits(number: float) -> int:
    """How many decimals a number of a ledger was written with."""
    return len(f"{number:.6f}".rstrip("0").partition(".")[2])


def _duration_as_written(number: float, say: Language) -> str:
    """Months of a ledger, in the unit that takes fewer decimals."""
    in_months, in_years = _digits(number), _digits(number / 12)
    if number and in_years == 0:
        return say.years(number)
    if number and in_months == 0:
        return say.months(number)
    if number and in_years <= in_months:
        return say("{years} years").format(years=say.decimal(number / 12, in_years))
    return say.plural("{months} month", "{months} months", 2).format(
        months=say.decimal(number, in_months)
    )
