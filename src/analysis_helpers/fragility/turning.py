"""From which number on a vague word would make for another verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..ledger import Claim
from ..measures import MEASURES, Measured
from ..ranges import Range, Verdict


@dataclass(frozen=True, slots=True)
class Turn:
    """The number at which a verdict turns, in the measure's unit, and what it turns to.

    Of a supported claim it is the first number with which it would not be, where only whole numbers
    can be, and otherwise the one up to which it is. Of any other it is the one that is nearest to
    the number of the ledger.
    """

    number: float
    verdict: Verdict


def turn(claim: Claim, verdict: Verdict, measured: Measured | None) -> Turn | None:
    """Where the verdict would turn, if the number of a claim with a vague word were another.

    None for a claim without a vague word (a `reading`), or that asks for one value or no number;
    and where the number would mean nothing: at least none.
    """
    expected = claim.expectation
    if claim.reading is None or claim.measure is None or expected is None or measured is None:
        return None
    value, kind = measured.value, MEASURES[claim.measure].kind
    if (
        expected.operator in ("=", "!=")
        or kind not in ("count", "percent", "months")
        or not isinstance(value, Range)
        or measured.stated < measured.needed
        or measured.may_be_empty
    ):
        return None
    at_least, strict = expected.operator in (">=", ">"), expected.operator in (">", "<")
    # What holds at every point is bounded by the end nearest to the number, what holds at none by
    # the one that is farthest away; and what holds at some would hold at all, up to the former.
    near, far = (value.low, value.high) if at_least else (value.high, value.low)
    end = far if verdict is Verdict.CONTRADICTED else near
    if not math.isfinite(end):
        return None
    whole, outwards = kind == "count", 1 if at_least else -1
    becomes = Verdict.SUPPORTED
    if verdict is Verdict.SUPPORTED:
        becomes = Verdict.CONTRADICTED if value.is_exact else Verdict.INCONCLUSIVE
        number = end + outwards if whole and not strict else end
    else:
        if verdict is Verdict.CONTRADICTED and not value.is_exact:
            becomes = Verdict.INCONCLUSIVE
        number = end - outwards if whole and strict else end
    if number < 0 or (number == 0 and ((at_least and not strict) or not whole)):
        return None
    return Turn(number, becomes)
