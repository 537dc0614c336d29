"""Every single change of a table or a ledger, and the verdicts that it turns.

A change of a row: somebody left in another month, or stayed; or who stayed left in some month. A
change of a claim: a vague word is read as another number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from . import months
from .claims import THE_LEDGER, Decision, Ledger, decide_one, measuring
from .cohort import THE_DATA, Cohort
from .edition import NAMED_AT_MOST, Edition
from .errors import takes
from .ledger import LONGEST, Claim
from .measures import MEASURES
from .ranges import Verdict
from .scenarios import Change, Scenario
from .vocabulary import FIRST_YEAR

FIRST_MONTH = months.ordinal(FIRST_YEAR, 1)
WORST_FIRST = (Verdict.CONTRADICTED, Verdict.INCONCLUSIVE, Verdict.SUPPORTED)
_VERDICTS = tuple(Verdict)
_STAYED = 0
"""The place of "stayed" before all stretches of months."""


@dataclass(frozen=True)
class Part:
    """Some of the people and months of a way, which turn the same other claims."""

    names: tuple[str, ...]
    months: tuple[int, int] | None
    others: tuple[tuple[str, Verdict], ...]


@dataclass(frozen=True)
class Way:
    """One way to turn a verdict: any one of some people, or another number for a vague word.

    `months`: the first and the last one in which leaving turns it; None for having stayed.
    `needed`: what the claim needs then, in words, where it is its number that changes. `parts`:
    by what else turns, the fewest other claims first.
    """

    claim: str
    before: Verdict
    after: Verdict
    names: tuple[str, ...] = ()
    had_left: bool = True
    months: tuple[int, int] | None = None
    needed: str = ""
    number: Change | None = None
    parts: tuple[Part, ...] = ()

    @property
    def others(self) -> tuple[int, int]:
        """How many other claims turn, at least and at most."""
        counts = [len(part.others) for part in self.parts] or [0]
        return min(counts), max(counts)

    @property
    def example(self) -> Change:
        """The change of this way that turns the fewest others."""
        if self.number is not None:
            return self.number
        first = self.parts[0]
        month = None
        if first.months is not None:
            # The month of a stretch that is nearest to those of the table.
            month = months.iso(first.months[1 if first.months[0] <= FIRST_MONTH else 0])
        return Change(first.names[0], cells=(("departed", month),))


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
        change = Change(
            self.names[place],
            cells=(("departed", None if month is None else months.iso(month)),),
        )
        changed = Scenario(self.data, self.ledger, [change]).data
        return decide_one(changed, claim).verdict

    def ways(self, claim: str) -> list[Way]:
        """Every way to turn a claim's verdict, those with the fewest side effects first."""
        row = next(i for i, each in enumerate(self.ledger) if each.claim.id == claim)
        found = [*self._numbers(self.ledger[row]), *self._changes_of_rows(row)]
        return sorted(found, key=lambda way: (way.others, way.number is None))

    def _numbers(self, decision: Decision) -> Iterator[Way]:
        for change, after in numbers_that_turn(self.data, decision):
            claim = decision.claim.id
            needed = after.expected
            yield Way(claim, decision.verdict, after.verdict, needed=needed, number=change)

    def _changes_of_rows(self, row: int) -> Iterator[Way]:
        """The people whose rows turn a claim in the same months and to the same, together."""
        before = self.ledger[row].verdict
        groups: dict[tuple[bool, int, int, int], list[int]] = {}
        for place in np.flatnonzero(self.turns[row].any(axis=0)):
            column = self.after[row, :, place]
            for first, last in _runs(column, self.turns[row, :, place]):
                key = bool(self.left[place]), first, last, int(column[first])
                groups.setdefault(key, []).append(int(place))
        for (had_left, first, last, after), places in groups.items():
            yield Way(
                self.ledger[row].claim.id, before, _VERDICTS[after],
                tuple(self.names[place] for place in places), had_left,
                self._months(first, last), parts=tuple(self._parts(row, first, last, places)),
            )  # fmt: skip

    def _parts(self, row: int, first: int, last: int, places: Sequence[int]) -> list[Part]:
        groups: dict[tuple[int, int, bytes], list[int]] = {}
        others = np.where(self.turns, self.after, -1)
        others[row] = -1
        for place in places:
            since = first
            for option in range(first, last + 1):
                here = others[:, option, place]
                if option == last or (others[:, option + 1, place] != here).any():
                    groups.setdefault((since, option, here.tobytes()), []).append(place)
                    since = option + 1
        parts = []
        for (since, until, key), alike in groups.items():
            after = np.frombuffer(key, dtype=np.int8)
            turned = tuple(
                (self.ledger[int(other)].claim.id, _VERDICTS[after[other]])
                for other in np.flatnonzero(after >= 0)
            )
            names = tuple(self.names[place] for place in alike)
            parts.append(Part(names, self._months(since, until), turned))
        return sorted(parts, key=lambda part: (len(part.others), -len(part.names)))

    def _months(self, first: int, last: int) -> tuple[int, int] | None:
        if first == _STAYED:
            return None
        until = self.starts[last] - 1 if last < len(self.starts) else self.data.article.as_of
        return self.starts[first - 1], until


def _runs(column: np.ndarray, turns: np.ndarray) -> Iterator[tuple[int, int]]:
    """The first and last places of equal verdicts that turn; having stayed is by itself."""
    first = None
    for place in range(len(column)):
        if not turns[place]:
            continue
        if first is None or not turns[place - 1] or column[place] != column[place - 1]:
            first = place
        ends = place + 1 == len(column) or not turns[place + 1]
        if place == _STAYED or ends or column[place + 1] != column[place]:
            yield first, place
            first = None


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


# --- vague words


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
    if not len(vague(Ledger([decision], data.language))) or expected is None:
        return
    value, taken, edition = expected.value, measuring(data), Edition(data)
    if isinstance(value, frozenset):
        return
    least, greatest = numbers(data, decision)
    for tried in (
        range(math.ceil(value) - 1, least - 1, -1),
        range(math.floor(value) + 1, greatest + 1),
    ):
        known = {decision.verdict}
        for number in tried:
            claim = replace(decision.claim, expectation=replace(expected, value=float(number)))
            after = decide_one(data, claim, taken, edition)
            if after.verdict not in known:
                known.add(after.verdict)
                yield with_number(decision, number), after


# --- for analysts


@takes(Cohort, THE_DATA, ledger=(Ledger, THE_LEDGER))
def single_changes(data: Cohort, ledger: Ledger) -> pd.DataFrame:
    """Every single change that turns a verdict, and what it turns.

    Args:
        data: What `open_cohort` gives.
        ledger: The decided claims.

    Returns:
        A row a way to turn a claim, by the claim's id, first those that do not hold and of each
        those with the fewest side effects: `change` in words, the verdicts `before` and `after`,
        `others`: how many other claims it turns at the least, and in `try_it` the change that does,
        for a scenario.

    Example:
        >>> ah.single_changes(data, ledger).loc["few-left-this-year", "others"].iloc[0].item()
        0
    """
    changes, edition = SingleChanges(data, ledger), Edition(data)
    ways = [way for each in worst_first(changes.ledger) for way in changes.ways(each.claim.id)]
    rows = [
        (
            way.claim,
            in_words(way, edition, ledger[way.claim]),
            str(way.before),
            str(way.after),
            way.others[0],
            way.example,
        )
        for way in ways
    ]
    columns = ["id", "change", "before", "after", "others", "try_it"]
    return pd.DataFrame(rows, columns=columns).set_index("id")


def worst_first(ledger: Ledger) -> list[Decision]:
    """The claims that the table decides: contradicted, inconclusive, supported."""
    decided = [each for each in ledger if each.checked_by == "table"]
    return sorted(decided, key=lambda each: WORST_FIRST.index(each.verdict))


def in_words(way: Way, edition: Edition, decision: Decision) -> str:
    """What would have to be true for a way to turn its claim, without a full stop."""
    say = edition.say
    if way.number is not None:
        text = say("The claim is read as needing {needed}, not {expected}")
        return text.format(needed=way.needed, expected=decision.expected)
    names = who(way.names, edition)
    one = len(way.names) == 1
    if way.months is None:
        text = say("{name} stayed") if one else say("One of {names} stayed")
        return text.format(name=names, names=names)
    if way.had_left:
        text = say("{name} left {when}") if one else say("One of {names} left {when}")
    elif one:
        text = say("{name} did not stay, but left {when}")
    else:
        text = say("One of {names} did not stay, but left {when}")
    return text.format(name=names, names=names, when=when(way.months, edition))


def who(names: Sequence[str], edition: Edition) -> str:
    """People by their names; of many, how many they are."""
    say = edition.say
    if len(names) == 1:
        return edition.name(names[0])
    if len(names) > LISTED_AT_MOST:
        text = say("{count} {people}")
        return text.format(count=say.count(len(names)), people=edition.cohort.people)
    listed = say.listed(edition.names(names))
    return say("these {count} ({names})").format(count=say.count(len(names)), names=listed)


def when(span: tuple[int, int] | None, edition: Edition) -> str:
    """The months in which somebody left, after the verb; nothing for having stayed."""
    if span is None:
        return ""
    first, last = span
    if first <= FIRST_MONTH:
        if last == edition.cohort.article.as_of:
            return edition.say("in any month")
        return edition.say.month_within(-math.inf, last)
    return edition.say.month_within(first, last)


LISTED_AT_MOST = 3 * NAMED_AT_MOST
"""As many people are listed by name beside a change; of more it says how many there are."""
