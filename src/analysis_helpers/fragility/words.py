"""What would change a verdict, in words: sentences without a capital and a full stop."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..edition import NAMED_AT_MOST, Edition
from ..language import Language
from ..ledger import Claim
from ..measures import MEASURES, Kind
from ..ranges import Verdict
from .turning import Turn


def said_rows(
    edition: Edition, rows: int | None, exact: bool = True, alone: Sequence[str] = ()
) -> str:
    """How many of the rows would have to be wrong for another verdict; on which one it hangs.

    Args:
        edition: How names and numbers are said.
        rows: The least number; None where none can.
        exact: Whether fewer cannot do.
        alone: Where it is one, the clean names of all of which each alone can.

    Returns:
        A sentence; nothing where it is not known.
    """
    say, every = edition.say, len(edition.cohort.authors)
    if rows is None:
        return say("no wrong date, employer or tenure could change the verdict") if exact else ""
    if rows == 1 and alone:
        return _said_alone(edition, alone, every)
    if not exact:
        text: str = say("at most {count} of the {all} rows would have to be wrong")
    elif rows < every:
        text = say.plural(
            "{count} of the {all} rows would have to be wrong",
            "{count} of the {all} rows would have to be wrong",
            rows,
        )
    elif rows == 2:
        text = say("both rows would have to be wrong")
    else:
        text = say("all {all} rows would have to be wrong")
    return text.format(count=say.count(rows), all=say.count(every))


def _said_alone(edition: Edition, alone: Sequence[str], every: int) -> str:
    say = edition.say
    if len(alone) == 1:
        return say("the verdict hangs on a single row: {name}’s").format(
            name=edition.name(alone[0])
        )
    if len(alone) <= min(NAMED_AT_MOST, every - 1):
        return say("one wrong row could change the verdict: that of {names}").format(
            names=say.either(edition.names(alone))
        )
    text = say("a mistake in one row, any of {count} of the {all}, could change the verdict")
    if len(alone) == every:
        text = say("a mistake in one row, any of the {all}, could change the verdict")
    return text.format(count=say.count(len(alone)), all=say.count(every))


def said_turn(
    say: Language, claim: Claim, verdict: Verdict, turn: Turn | None, *, too: bool = False
) -> str:
    """With which number a vague word would make for another verdict; nothing where none would.

    `too`: the sentence before names another change to that verdict.
    """
    expected = claim.expectation
    if turn is None or claim.measure is None or expected is None:
        return ""
    kind, operator = MEASURES[claim.measure].kind, expected.operator
    if verdict is Verdict.SUPPORTED:
        if operator in (">=", ">"):
            text = say("it would still hold if {number} were needed")
            number = _last(turn.number, kind, -1, operator == ">")
        else:
            text = say("it would still hold if no more than {number} were allowed")
            number = _last(turn.number, kind, 1, operator == "<")
        return text.format(number=_said_number(say, number, kind))
    holds = turn.verdict is Verdict.SUPPORTED
    if too:
        text = say("the same would be true if {number} were allowed")
        if operator in (">=", ">"):
            text = say("the same would be true if {number} were enough")
    elif operator in (">=", ">"):
        text = (
            say("if {number} were enough, the claim would hold")
            if holds
            else say("if {number} were enough, the claim would be inconclusive")
        )
    else:
        text = (
            say("if {number} were allowed, the claim would hold")
            if holds
            else say("if {number} were allowed, the claim would be inconclusive")
        )
    return text.format(number=_said_number(say, turn.number, kind))


def _last(number: float, kind: Kind, by: int, strict: bool) -> float:
    """The last number with which a claim holds, as far as a reader wants it said."""
    if kind == "count":
        return number + by
    if kind == "percent":
        if by < 0:
            return math.ceil(number - 1) if strict else math.floor(number)
        return math.floor(number + 1) if strict else math.ceil(number)
    unit = 12 if kind == "months" and number >= 24 else 1
    tenths = 10 * number / unit
    if by < 0:
        return (math.ceil(tenths - 1) if strict else math.floor(tenths)) / 10 * unit
    return (math.floor(tenths + 1) if strict else math.ceil(tenths)) / 10 * unit


def _said_number(say: Language, number: float, kind: Kind) -> str:
    if kind == "count":
        return say.alone(number)
    if kind == "percent":
        return say.percent(number) if number % 1 else f"{say.decimal(number, 0)}%"
    if number % 12 == 0 or number >= 24:
        return say.years(number)
    if number % 1 == 0:
        return say.months(number)
    return say.measured_span(number, number, kind)
