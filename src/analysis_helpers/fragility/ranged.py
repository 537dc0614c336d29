"""What would change a claim about a number that lies between two ends.

Every verdict rests on where the values that are wanted lie between the least and the greatest that
there can be. Changed rows push one of these ends as far as they can, and after how many it is where
the verdict turns is found by bisection. Only `=` and `!=` can turn in between, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..ledger import Expectation
from ..ranges import Verdict

TRIALS = 4_000
"""As many combinations are tried where trying is needed, and no more."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The values for which an expectation holds, or, with `!=`, for which it does not.

    From `low` to `high`; each end belongs or not.
    """

    low: float
    high: float
    with_low: bool = True
    with_high: bool = True

    @staticmethod
    def of(expected: Expectation, by: float) -> Wanted:
        """Those values, moved `by` so much."""
        if not isinstance(expected.value, float):
            raise TypeError(f"{expected} is no number")
        value = expected.value + by
        match expected.operator:
            case "<":
                return Wanted(-math.inf, value, with_high=False)
            case "<=":
                return Wanted(-math.inf, value)
            case ">":
                return Wanted(value, math.inf, with_low=False)
            case ">=":
                return Wanted(value, math.inf)
        if expected.printed is None:
            return Wanted(value, value)
        low, high = expected.printed
        return Wanted(low + by, high + by, with_high=False)

    def is_above(self, value: float) -> bool:
        """Whether all of them are above a value."""
        return value < self.low or (value == self.low and not self.with_low)

    def is_below(self, value: float) -> bool:
        return value > self.high or (value == self.high and not self.with_high)

    @property
    def bounded(self) -> bool:
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def whole(self) -> list[int]:
        """The first and the last whole number among them, where they are bounded."""
        if not self.bounded:
            return []
        first = math.ceil(self.low) + (self.low == math.ceil(self.low) and not self.with_low)
        last = math.floor(self.high) - (self.high == math.floor(self.high) and not self.with_high)
        return [first, last] if first <= last else []


@dataclass(frozen=True, slots=True)
class Ends:
    """The least and the greatest value, and what they rest on."""

    low: float
    high: float
    rows: int
    certain: int
    lacking: int


@dataclass(frozen=True, slots=True)
class Push:
    """Rows changed to push one end of what there is over a border.

    `sign`: upwards (1) or downwards (-1); `by_low`: the low end. `lands`: it must not go further
    than it has to.
    """

    sign: int
    by_low: bool
    border: float
    is_there: Callable[[Ends], bool]
    lands: bool = False


class OutOfTrialsError(Exception):
    """There are more combinations than are tried."""


class Ranged:
    """A value that lies between two ends, and how changed rows move them."""

    expected: Expectation
    wanted: Wanted
    verdict: Verdict
    rows: int
    """How many rows can be changed."""
    _ends_now: Ends

    def _ends_after(self, push: Push, k: int) -> Ends:
        """The ends after k changed rows of a push."""
        raise NotImplementedError

    def _turns_after(self, push: Push, k: int) -> bool:
        """Whether the verdict is another one after k changed rows of a push."""
        raise NotImplementedError

    def _turns_somehow(self, k: int) -> bool:
        """Whether any k changed rows turn the verdict. Raises OutOfTrialsError."""
        raise NotImplementedError

    def _emptied(self) -> int | None:
        """How many rows would have to go for nobody to be left of whom it could be said."""
        raise NotImplementedError

    def _fewest_in_doubt(self) -> int:
        """So many rows at least turn `=` or `!=` where it is inconclusive."""
        raise NotImplementedError

    def _pushes(self) -> Iterator[Push]:
        """The pushes of which one turns the verdict, where the extremes turn it."""
        wanted = self.wanted
        ends = self._ends_now
        above, below = math.isfinite(wanted.high), math.isfinite(wanted.low)

        def low_is_beyond(found: Ends) -> bool:
            return wanted.is_below(found.low)

        def high_is_before(found: Ends) -> bool:
            return wanted.is_above(found.high)

        if self.verdict is Verdict.INCONCLUSIVE:
            if above:
                yield Push(1, True, wanted.high, low_is_beyond)
                if not below:
                    yield Push(-1, False, wanted.high, lambda e: not wanted.is_below(e.high))
            if below:
                yield Push(-1, False, wanted.low, high_is_before)
                if not above:
                    yield Push(1, True, wanted.low, lambda e: not wanted.is_above(e.low))
        elif (self.verdict is Verdict.SUPPORTED) == (self.expected.operator != "!="):
            # Every value is wanted, until one is not.
            if below:
                yield Push(-1, True, wanted.low, lambda e: wanted.is_above(e.low))
            if above:
                yield Push(1, False, wanted.high, lambda e: wanted.is_below(e.high))
        # No value is wanted, until one is.
        elif wanted.is_above(ends.high):
            yield Push(1, False, wanted.low, lambda e: not wanted.is_above(e.high), lands=True)
        elif wanted.is_below(ends.low):
            yield Push(-1, True, wanted.high, lambda e: not wanted.is_below(e.low), lands=True)

    def least(self) -> tuple[int | None, bool]:
        pushed = [(push, self._first(push)) for push in self._pushes()]
        enough = [k for push, k in pushed if k <= self.rows and self._turns_after(push, k)]
        emptied = self._emptied()
        found = min([*enough, *([] if emptied is None else [emptied])], default=None)
        if not self.wanted.bounded:
            return found, True
        start = 1
        if self.verdict is Verdict.INCONCLUSIVE:
            start = self._fewest_in_doubt()
        elif pushed:
            # Of what lands, no fewer reach what is wanted; otherwise the ends are all that matters.
            start = pushed[0][1] if pushed[0][0].lands else found or self.rows + 1
        try:
            for k in range(start, self.rows + 1 if found is None else found):
                if self._turns_somehow(k):
                    return k, True
        except OutOfTrialsError:
            return found, False
        return found, True

    def _first(self, push: Push) -> int:
        """After how many changed rows a push gets where it is to; one more than all, if never."""

        def is_there(k: int) -> bool:
            ends = self._ends_after(push, k)
            if not ends.rows:
                return self.verdict is not Verdict.INCONCLUSIVE
            return ends.lacking == 0 and push.is_there(ends)

        low, high = 1, self.rows + 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if is_there(middle) else (middle + 1, high)
        return low
