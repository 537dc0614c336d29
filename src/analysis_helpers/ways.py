"""Every single change of a table or a ledger, and the verdicts that it turns.

A change of a row: somebody left in another month, or stayed; or who stayed left in some month. A
change of a claim: a vague word is read as another number, or those are counted who left since
another month. To turn a claim is to give it another verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from . import months
from .claims import THE_LEDGER, Decision, Ledger, decide_one, measuring
from .cohort import THE_DATA, Cohort
from .edition import NAMED_AT_MOST, Edition
from .errors import takes
from .language import sentence
from .ledger import LONGEST, Claim
from .measures import MEASURES, Condition, departure_ends
from .ranges import Verdict
from .scenarios import Change, Scenario, months_counted, read_otherwise
from .vocabulary import FIRST_YEAR

FIRST_MONTH = months.ordinal(FIRST_YEAR, 1)
WORST_FIRST = (Verdict.CONTRADICTED, Verdict.INCONCLUSIVE, Verdict.SUPPORTED)
_VERDICTS = tuple(Verdict)
_STAYED = 0
"""The place of "stayed" before all stretches of months."""
MONTHS_BEFORE = 12
"""So many months before the first departure can be chosen."""
FEW = 3
"""As many people are named in passing."""
LISTED_AT_MOST = 3 * NAMED_AT_MOST
"""As many people are listed beside a change; of more, the nearest ones."""


@dataclass(frozen=True)
class Part:
    """Another claim that turns with a way, and for which of its people and months it does."""

    claim: str
    after: Verdict
    names: tuple[str, ...]
    months: tuple[int, int] | None


@dataclass(frozen=True)
class Way:
    """One way to turn a verdict: any one of some people, or another reading of the claim.

    `change`: the nearest change, `apart`: how many months from what the table says, and `beside`:
    how many other claims that turns; `others`: the least and the most that any change of this way
    does, `parts`: which. `then`: the claim after the change, where it is read otherwise. `names`:
    who is nearest to it in the table first. `months`: the first and the last one in which leaving
    turns it; None for having stayed.
    """

    claim: str
    before: Verdict
    after: Verdict
    change: Change
    then: Decision | None = None
    names: tuple[str, ...] = ()
    had_left: bool = True
    months: tuple[int, int] | None = None
    apart: int = 0
    beside: int = 0
    others: tuple[int, int] = (0, 0)
    parts: tuple[Part, ...] = ()


class SingleChanges:
    """What each single change turns.

    A verdict depends on the month in which somebody left only by how it stands to the months that
    the claim itself names, so one month of each stretch between those is tried. Rows that say the
    same of all that a claim looks at turn it alike, so one of each kind is tried.
    """

    def __init__(self, data: Cohort, ledger: Ledger) -> None:
        self.data = data
        self.ledger = ledger.where(lambda each: each.checked_by == "table")
        self.names: list[str] = data.authors["name"].tolist()
        self.left = (data.authors["status"] == "left").to_numpy()
        self._ways: dict[str, list[Way]] = {}

    @cached_property
    def starts(self) -> list[int]:
        """The first months of the stretches in which no verdict depends on the month."""
        every = {start for each in self.ledger for start in stretches(each.claim, self.data)}
        return sorted(every)

    @cached_property
    def after(self) -> np.ndarray:
        """The verdicts, as places in `Verdict`: by claim, by stretch of months, by person.

        Before the first stretch stands having stayed. A change that changes nothing has the
        verdict that there is.
        """
        found = [self._after_of(each) for each in self.ledger]
        shape = (len(found), len(self.starts) + 1, len(self.names))
        return np.array(found, dtype=np.int8).reshape(shape)

    @cached_property
    def turns(self) -> np.ndarray:
        """Where `after` is another verdict than there is."""
        now = [_VERDICTS.index(each.verdict) for each in self.ledger]
        turned: np.ndarray = self.after != np.array(now, dtype=np.int8).reshape(-1, 1, 1)
        return turned

    def verdict(self, claim: str, name: str, month: int | None) -> Verdict:
        """The verdict on a claim, if somebody had left in a month, or stayed."""
        row = [each.claim.id for each in self.ledger].index(claim)
        option = _STAYED
        if month is not None:
            option = int(np.searchsorted(self.starts, month, side="right"))
        return _VERDICTS[int(self.after[row, option, self.names.index(name)])]

    def _after_of(self, decision: Decision) -> np.ndarray:
        claim = decision.claim
        own = stretches(claim, self.data)
        kinds = kinds_of_rows(claim, self.data)
        of_each: dict[int, list[int]] = {}
        for place, kind in enumerate(kinds):
            if kind not in of_each:
                ends = [*(start - 1 for start in own[1:]), self.data.article.as_of]
                stayed = [self._decided(claim, place, None) if self.left[place] else None]
                verdicts = [*stayed, *(self._decided(claim, place, end) for end in ends)]
                of_each[kind] = [_VERDICTS.index(each or decision.verdict) for each in verdicts]
        by_own = np.array([of_each[kind] for kind in kinds], dtype=np.int8).T
        stretch = np.searchsorted(own, self.starts, side="right")
        by_stretch: np.ndarray = by_own[np.concatenate([[_STAYED], stretch])]
        return by_stretch

    def _decided(self, claim: Claim, place: int, month: int | None) -> Verdict:
        changed = Scenario(self.data, self.ledger, [self._change(place, month)]).data
        return decide_one(changed, claim).verdict

    def _change(self, place: int, month: int | None) -> Change:
        departed = None if month is None else months.iso(month)
        return Change(self.names[place], cells=(("departed", departed),))

    def ways(self, claim: str) -> list[Way]:
        """Every way to turn a claim's verdict, the one whose nearest change turns least first."""
        if claim not in self._ways:
            row = [each.claim.id for each in self.ledger].index(claim)
            self._ways[claim] = sorted(self._every_way(row), key=lambda way: way.beside)
        return self._ways[claim]

    def _every_way(self, row: int) -> list[Way]:
        before = self.ledger[row]
        read = [
            Way(before.claim.id, before.verdict, then.verdict, change, then)
            for turning in (numbers_that_turn, months_that_turn)
            for change, then in turning(self.data, before)
        ]
        of_rows = [
            self._way(row, had_left, *group)
            for had_left in (True, False)
            for group in self._groups(
                row, np.flatnonzero(self.left == had_left), _STAYED, len(self.starts)
            )
        ]
        return [*read, *of_rows]

    def _groups(
        self, row: int, places: Sequence[int] | np.ndarray, first: int, last: int
    ) -> list[tuple[int, int, int, list[int]]]:
        """The stretches in which some people turn a claim, to which verdict, and who does."""
        columns: dict[bytes, list[int]] = {}
        for place in map(int, places):
            columns.setdefault(self.after[row, first : last + 1, place].tobytes(), []).append(place)
        groups: dict[tuple[int, int, int], list[int]] = {}
        for alike in columns.values():
            column = self.after[row, :, alike[0]]
            for since, until in _runs(column, self.turns[row, :, alike[0]], first, last):
                groups.setdefault((since, until, int(column[since])), []).extend(alike)
        return [(*group, sorted(alike)) for group, alike in groups.items()]

    def _way(
        self, row: int, had_left: bool, since: int, until: int, after: int, places: list[int]
    ) -> Way:
        before, span = self.ledger[row], self._months(since, until)
        nearest = sorted(self._nearest(place, span) for place in places)
        apart, beside, place, month = nearest[0]
        counts = self.turns[:, since : until + 1, places].sum(axis=0) - 1
        return Way(
            before.claim.id, before.verdict, _VERDICTS[after],
            self._change(place, None if span is None else month),
            names=tuple(self.names[place] for _, _, place, _ in nearest),
            had_left=had_left, months=span, apart=apart, beside=beside,
            others=(int(counts.min()), int(counts.max())),
            parts=tuple(
                Part(
                    self.ledger[other].claim.id, _VERDICTS[to],
                    tuple(self.names[place] for place in some), self._months(first, last),
                )
                for other in range(len(self.ledger))
                if other != row and self.turns[other, since : until + 1, places].any()
                for first, last, to, some in self._groups(other, places, since, until)
            ),
        )  # fmt: skip

    def _nearest(self, place: int, span: tuple[int, int] | None) -> tuple[int, int, int, int]:
        """How far a way is from what the table says of somebody, what else turns, who, and when.

        Who stayed might have left in the month after the table's last.
        """
        stayed = self.data.article.as_of + 1
        first, last = span or (stayed, stayed)
        low, high = (stayed, stayed) if not self.left[place] else self._ends[place]
        month = int(max(first, min(last, high)))
        option = int(np.searchsorted(self.starts, month, side="right")) if span else _STAYED
        beside = int(self.turns[:, option, place].sum()) - 1
        return int(max(month - high, low - month, 0)), beside, place, month

    @cached_property
    def _ends(self) -> list[tuple[float, float]]:
        return list(zip(*departure_ends(self.data), strict=True))

    def _months(self, first: int, last: int) -> tuple[int, int] | None:
        if first == _STAYED:
            return None
        until = self.starts[last] - 1 if last < len(self.starts) else self.data.article.as_of
        return self.starts[first - 1], until


def _runs(
    column: np.ndarray, turns: np.ndarray, first: int, last: int
) -> Iterator[tuple[int, int]]:
    """The first and last places of equal verdicts that turn; having stayed is by itself."""
    since = None
    for place in range(first, last + 1):
        if not turns[place]:
            continue
        since = place if since is None else since
        if place in (_STAYED, last) or column[place + 1] != column[place]:
            yield since, place
            since = None


def stretches(claim: Claim, data: Cohort) -> list[int]:
    """The first months of the stretches within which a claim cannot tell one month from another."""
    named: set[float] = set()
    for each in claim.each_reading:
        asked, expected = each.where.get("departed"), each.expectation
        if asked is not None and not isinstance(asked.value, frozenset):
            named.add(asked.value)
        if each.measure is None or expected is None or isinstance(expected.value, frozenset):
            continue
        since = data.start.month if each.measure == "half_gone" else 0
        if since or MEASURES[each.measure].kind == "month":
            named |= {since + value for value in (expected.value, *(expected.printed or ()))}
    starts = {month for value in named for month in (math.ceil(value), math.floor(value) + 1)}
    inside = {month for month in starts if FIRST_MONTH < month <= data.article.as_of}
    return [FIRST_MONTH, *sorted(inside)]


def kinds_of_rows(claim: Claim, data: Cohort) -> np.ndarray:
    """A number for each row; rows of the same number say the same of all that a claim looks at."""
    rows, starts = data.authors, stretches(claim, data)
    seen = [rows["status"], rows["counted"]]
    for each in claim.each_reading:
        if each.measure is None:
            continue
        entry, asked = MEASURES[each.measure], {*each.where}
        for column in asked & {"name", "organisation"}:
            texts: frozenset[str] = each.where[column].value  # type: ignore[assignment]
            seen += [rows[column].isin(texts) | rows[f"{column}_printed"].isin(texts)]
            seen += [rows[column].isna()]
        if each.measure == "names" and each.expectation is not None:
            named = data.in_english(each.expectation.value, "name")  # type: ignore[arg-type]
            seen += [rows["name"].isin(named)]
        if entry.needs == "organisation":
            seen += [rows["organisation"]]
        if entry.stating:
            seen += [rows[entry.stating].isna()]
        if "tenure" in asked or entry.needs == "tenure_low":
            seen += [rows["tenure_low"], rows["tenure_high"]]
        if "departed" in asked or entry.kind == "month" or each.measure == "half_gone":
            low, high = (months.ordinals(rows[f"departed_{end}"]) for end in ("low", "high"))
            # Of an exact month only its stretch matters.
            exact = low == high
            seen += [
                pd.Series(np.where(exact, np.searchsorted(starts, end, side="right") - 1e6, end))
                for end in (low, high)
            ]
    codes = [pd.factorize(column.astype(object), use_na_sentinel=False)[0] for column in seen]
    kinds: np.ndarray = np.unique(np.array(codes), axis=1, return_inverse=True)[1].ravel()
    return kinds


# --- a claim that is read otherwise


def vague(ledger: Ledger) -> list[Decision]:
    """The claims with a vague word that was read as a number which something is held against."""
    return [
        decision
        for decision in ledger
        if decision.reading
        and decision.measured is not None
        and decision.claim.expectation is not None
        and decision.claim.expectation.operator not in ("=", "!=")
        and MEASURES[decision.claim.measure or ""].kind in ("count", "percent", "months")
    ]


def numbers(data: Cohort, decision: Decision) -> tuple[int, int]:
    """The least and the greatest whole number that a vague word can mean."""
    expected, kind = decision.claim.expectation, MEASURES[decision.claim.measure or ""].kind
    # At least none, and fewer than none, say nothing.
    least = int(expected is not None and expected.operator in (">=", "<"))
    return least, {"count": len(data.authors) + 1, "percent": 100}.get(kind, LONGEST)


def with_number(decision: Decision, number: int) -> Change:
    """The change that reads a vague word as another number, in the measure's unit."""
    expected, kind = decision.claim.expectation, MEASURES[decision.claim.measure or ""].kind
    unit = {"percent": " %", "months": " months"}.get(kind, "")
    operator = expected.operator if expected is not None else "="
    return Change(decision.claim.id, expect=f"{operator} {number}{unit}")


def numbers_that_turn(data: Cohort, decision: Decision) -> Iterator[tuple[Change, Decision]]:
    """The nearest numbers, below and above, that give a vague claim each other verdict."""
    expected = decision.claim.expectation
    if not vague(Ledger([decision], data.language)) or expected is None:
        return
    if isinstance(expected.value, frozenset):
        return
    least, greatest = numbers(data, decision)
    for tried in (
        range(math.ceil(expected.value) - 1, least - 1, -1),
        range(math.floor(expected.value) + 1, greatest + 1),
    ):
        yield from _first_that_turn(data, decision, (with_number(decision, each) for each in tried))


def bound(decision: Decision) -> tuple[str, int] | None:
    """The month since which, or up to which, a claim counts those who left, and its operator."""
    asked = decision.claim.where.get("departed", Condition("=", 0.0))
    if asked.operator in ("=", "!=") or isinstance(asked.value, frozenset):
        return None
    return asked.operator, int(asked.value)


def months_of(data: Cohort, operator: str = "") -> range:
    """The months that can be chosen, from a year before anybody is known to have left."""
    low = departure_ends(data)[0]
    first = int(min([data.start.month, *low[np.isfinite(low)]])) - MONTHS_BEFORE
    # Nobody can have left after the table's last month.
    return range(max(first, FIRST_MONTH), data.article.as_of + (operator != ">"))


def with_month(decision: Decision, operator: str, month: int) -> Change:
    """The change that counts those who left since another month, or up to it."""
    return Change(decision.claim.id, where=(("departed", f"{operator} {months.iso(month)}"),))


def months_that_turn(data: Cohort, decision: Decision) -> Iterator[tuple[Change, Decision]]:
    """The nearest months, below and above the one from which a claim counts, that turn it."""
    found = bound(decision)
    if found is None:
        return
    operator, month = found
    choices = months_of(data, operator)
    for tried in (
        range(min(month, choices.stop) - 1, choices.start - 1, -1),
        range(max(month + 1, choices.start), choices.stop),
    ):
        changes = (with_month(decision, operator, each) for each in tried)
        yield from _first_that_turn(data, decision, changes)


def _first_that_turn(
    data: Cohort, decision: Decision, changes: Iterable[Change]
) -> Iterator[tuple[Change, Decision]]:
    """The first change to each other verdict."""
    known, taken, edition = {decision.verdict}, measuring(data), Edition(data)
    for change in changes:
        after = decide_one(data, read_otherwise(data, decision.claim, change), taken, edition)
        if after.verdict not in known:
            known.add(after.verdict)
            yield change, after
        if len(known) == len(WORST_FIRST):
            return


# --- for analysts


@takes(Cohort, THE_DATA, ledger=(Ledger, THE_LEDGER))
def single_changes(data: Cohort, ledger: Ledger) -> pd.DataFrame:
    """Every single change that turns a verdict, and what it turns.

    Args:
        data: What `open_cohort` gives.
        ledger: The decided claims.

    Returns:
        A row a way to turn a claim, by the claim's id, first those that do not hold: `change` in
        words, the verdicts `before` and `after`, `try_it`: the change for a scenario, of the person
        who is nearest to it, and `others`: how many other claims that turns.

    Example:
        >>> ah.single_changes(data, ledger).loc["few-left-this-year", "others"].iloc[0].item()
        0
    """
    changes, edition = SingleChanges(data, ledger), Edition(data)
    ways = [way for each in worst_first(changes.ledger) for way in changes.ways(each.claim.id)]
    rows = [
        (
            way.claim,
            with_names(way, edition, ledger[way.claim]),
            str(way.before),
            str(way.after),
            way.beside,
            way.change,
        )
        for way in ways
    ]
    columns = ["id", "change", "before", "after", "others", "try_it"]
    return pd.DataFrame(rows, columns=columns).set_index("id")


def worst_first(ledger: Ledger) -> list[Decision]:
    """The claims that the table decides: contradicted, inconclusive, supported."""
    decided = [each for each in ledger if each.checked_by == "table"]
    return sorted(decided, key=lambda each: WORST_FIRST.index(each.verdict))


# --- in words


def with_names(way: Way, edition: Edition, decision: Decision) -> str:
    """What would have to be true for a way to turn its claim, and what the table says instead."""
    table = in_the_table(way, edition)
    return sentence(in_words(way, edition, decision)) + (f" ({table})" if table else "")


def in_words(way: Way, edition: Edition, decision: Decision) -> str:
    """What would have to be true for a way to turn its claim, as it stands after `if`."""
    say, names = edition.say, way.names
    if way.then is not None and way.change.expect is not None:
        text = say("it is read as needing {needed} rather than {expected}")
        return text.format(needed=way.then.expected, expected=decision.expected)
    if way.then is not None:
        text = say("it counts those who left {when} rather than {before}")
        asked = (each.claim.where["departed"] for each in (way.then, decision))
        then, before = (months_counted(each) or () for each in asked)
        return text.format(when=say.month_within(*then), before=say.month_within(*before))
    who = say.either(edition.names(names))
    if len(names) > FEW:
        text = say("one of {count} {people}")
        who = text.format(count=say.count(len(names)), people=edition.cohort.people)
    text = say("{who} stayed") if way.months is None else say("{who} left {when}")
    return text.format(who=who, when=said_months(way.months, edition))


def in_the_table(way: Way, edition: Edition) -> str:
    """What the table says of the people of a way, the nearest first."""
    say, names, most = edition.say, way.names, LISTED_AT_MOST
    if not names:
        return ""
    text, departed = say("in the table: {people}"), departures(edition)
    if len(names) <= FEW and len({departed[name] for name in names}) == 1:
        return text.format(people=departed[names[0]])
    if len(names) > most:
        text, most = say("in the table: {people}; and {count} more"), NAMED_AT_MOST
    listed = [
        say("{name}, {month}").format(name=edition.name(name), month=departed[name])
        for name in names[:most]
    ]
    return text.format(people="; ".join(listed), count=say.count(len(names) - most))


def departures(edition: Edition) -> dict[str, str]:
    """When each person left, as the table says it."""
    rows = edition.cohort.authors
    return dict(zip(rows["name"], edition.departures(rows, edition.say("stayed")), strict=True))


def answer(ways: Sequence[Way], edition: Edition, decision: Decision) -> str:
    """All ways to turn a claim, in a sentence for each verdict; empty where there is none."""
    say = edition.say
    alike: dict[Any, Way] = {}
    for way in ways:
        key = way.after, way.months if way.then is None else way.change
        same = alike.get(key)
        alike[key] = way if same is None else replace(same, names=same.names + way.names)
    conditions: dict[Verdict, list[str]] = {}
    for way in alike.values():
        text = say("if {condition}").format(condition=in_words(way, edition, decision))
        conditions.setdefault(way.after, []).append(text)
    said, either = say("{verdict} {conditions}."), say("; or ")
    return " ".join(
        sentence(said.format(verdict=say.verdict(after), conditions=either.join(each)))
        for after, each in conditions.items()
    )


def nearest_date(decision: Decision) -> tuple[str, Verdict | None]:
    """The nearest other month of somebody who left with which a verdict would be another one.

    Returns:
        A sentence, and that verdict; nothing where no single month would do.
    """
    edition, say = decision.edition, decision.edition.say
    ways = SingleChanges(edition.cohort, Ledger([decision], say)).ways(decision.claim.id)
    dated = [way for way in ways if way.had_left and way.months is not None]
    if not dated:
        return "", None
    way = min(dated, key=lambda way: (way.apart, way.after is not Verdict.SUPPORTED))
    ((_column, month),) = way.change.cells
    text = say("if {name} left in {month}, the claim is {verdict}")
    if way.apart:
        text = say(
            "if {name} had left in {month} and not in {before}, the claim would be {verdict}"
        )
    said = text.format(
        name=edition.name(way.names[0]),
        month=say.month_name(pd.Period(month, "M").ordinal),
        before=departures(edition)[way.names[0]],
        verdict=say.verdict(way.after),
    )
    return f"{sentence(said)}.", way.after


def said_months(span: tuple[int, int] | None, edition: Edition) -> str:
    """The months in which somebody left, after the verb; nothing for having stayed."""
    if span is None:
        return ""
    first, last = span
    if first <= FIRST_MONTH:
        if last == edition.cohort.article.as_of:
            return edition.say("in any month")
        return edition.say.month_within(-math.inf, last)
    return edition.say.month_within(first, last)
