"""What the article says of departures in a window of time, and what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..claims import Decision, Ledger
from ..measures import Condition
from ..ranges import Verdict

SHOWN_AT_MOST = 6


@dataclass(frozen=True)
class Window:
    """A claim about departures in a part of the time: its months, and what was found in them.

    `first` is its first month, `end` the one after its last; `anchor` is that end of it which the
    claim names. It `is_open` where the claim names no beginning.
    """

    first: float
    end: float
    anchor: float
    says: str
    result: str
    holds: bool
    is_open: bool


def windows(ledger: Ledger | None, months: tuple[int, int]) -> list[Window]:
    """The claims that count departures in a part of the months, the earliest first."""
    found = (_window(decision, months) for decision in ledger or ())
    return sorted(filter(None, found), key=lambda window: (window.end, window.first))


def shown(found: Sequence[Window]) -> list[Window]:
    """As many windows as have room: those that do not hold first, in their order."""
    ranked = sorted(range(len(found)), key=lambda index: found[index].holds)
    return [found[index] for index in sorted(ranked[:SHOWN_AT_MOST])]


def _window(decision: Decision, months: tuple[int, int]) -> Window | None:
    """The window of a claim; None where it has none, or another one in each reading."""
    spans = {_span(each, months) for each in decision.each_reading}
    span = spans.pop()
    if span is None or spans:
        return None
    say, (first, last) = decision.edition.say, span
    found = decision.found
    if not decision.depends_on_reading:
        found = say("{found} found").format(found=found)
        if decision.verdict is not Verdict.SUPPORTED:
            text = say("{found}, {needed} needed")
            found = text.format(found=found, needed=decision.expected)
    holds = decision.verdict is Verdict.SUPPORTED
    verdict = say.verdict(decision.verdict)
    result = say("{verdict}: {found}").format(verdict=verdict, found=found)
    anchor = (first + last + 1) / 2
    if first == months[0]:
        anchor = last + 1
    elif last == months[1]:
        anchor = first
    says = decision.says.rstrip(".")
    return Window(first, last + 1, anchor, says, result, holds, _names_no_beginning(decision))


def _names_no_beginning(decision: Decision) -> bool:
    return all(each.claim.where["departed"].operator[0] == "<" for each in decision.each_reading)


def _span(reading: Decision, months: tuple[int, int]) -> tuple[float, float] | None:
    claim = reading.claim
    condition = claim.where.get("departed")
    if condition is None or claim.measure not in ("departed", "share_departed"):
        return None
    return _months_of(condition, months)


def _months_of(condition: Condition, months: tuple[int, int]) -> tuple[float, float] | None:
    """The first and the last month that a condition leaves; None where that is all or nothing."""
    if isinstance(condition.value, frozenset):
        return None
    (first, last), value = months, int(condition.value)
    match condition.operator:
        case "<=" | "<":
            last = min(last, value - (condition.operator == "<"))
        case ">=" | ">":
            first = max(first, value + (condition.operator == ">"))
        case "=":
            first, last = max(first, value), min(last, value)
        case _:
            return None
    return None if first > last or (first, last) == months else (first, last)
