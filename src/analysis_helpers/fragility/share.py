"""What would change a claim about the share of those who left."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from ..ledger import Expectation
from ..outcomes import OUTCOMES, hold_each
from ..ranges import Range, Verdict, judge
from .counts import CERTAIN, OUT, belonging
from .ranged import TRIALS, Ends, OutOfTrialsError, Push, Ranged, Wanted
from .seen import Said, Seen

MAY_HAVE_STAYED, STAYED, MAY_HAVE_LEFT, LEFT, NEITHER = range(5)
"""The kinds of rows: by status, those that may belong and that do; and those that do not."""

Numbers = tuple[int, ...]
"""How many rows there are of each kind."""


class Share(Ranged):
    """How many of those who belong left."""

    def __init__(self, seen: Seen, expected: Expectation) -> None:
        self.seen, self.expected = seen, expected
        self.wanted = Wanted.of(expected, 0)
        state = belonging(seen.possible, seen.certain)
        self.kind_of = np.where(state == OUT, NEITHER, 2 * seen.left() + (state == CERTAIN))
        self.now: Numbers = tuple(np.bincount(self.kind_of[seen.changeable], minlength=5).tolist())
        self.rows = sum(self.now)
        self.becomes = [
            *[STAYED] * seen.joins["stayed"],
            *[LEFT] * seen.joins["left"],
            *[NEITHER] * (seen.leaves["left"] or seen.leaves["stayed"]),
        ]
        self.verdict = self._verdict(self.now)
        self._ends_now = self._ends(self.now)
        self._reached: list[set[Numbers]] = [{self.now}]

    def _ends(self, numbers: Numbers) -> Ends:
        may_have_stayed, stayed, may_have_left, left, _neither = numbers
        shares = [
            100 * leavers / (leavers + stayers)
            for leavers, stayers in (
                (left, stayed + may_have_stayed),
                (left + may_have_left, stayed),
            )
            if leavers + stayers
        ]
        if not shares:
            return Ends(math.nan, math.nan, 0, 0, 0)
        return Ends(min(shares), max(shares), sum(numbers[:4]), stayed + left, 0)

    def _verdict(self, numbers: Numbers) -> Verdict:
        """What is decided of so many rows, as `claims.decide_one` decides it."""
        ends = self._ends(numbers)
        if not ends.rows:
            return Verdict.INCONCLUSIVE
        expected = self.expected
        asked = float(expected.value)  # type: ignore[arg-type]  # a number, or `wanted` is none
        span = Range(ends.low, ends.high)
        verdict = judge(span, expected.operator, asked, expected.printed)
        if verdict is Verdict.SUPPORTED and not ends.certain:
            verdict = Verdict.INCONCLUSIVE
        in_doubt = verdict is Verdict.INCONCLUSIVE and expected.operator in ("=", "!=")
        if in_doubt and ends.certain < ends.rows:
            return self._verdict_of_each(numbers)
        return verdict

    def _verdict_of_each(self, numbers: Numbers) -> Verdict:
        may_have_stayed, stayed, may_have_left, left, _neither = numbers
        if (may_have_stayed + 1) * (may_have_left + 1) > OUTCOMES:
            return Verdict.INCONCLUSIVE
        leavers, stayers = np.meshgrid(
            np.arange(left, left + may_have_left + 1),
            np.arange(stayed, stayed + may_have_stayed + 1),
        )
        rows = leavers + stayers
        shares = 100 * leavers[rows > 0] / rows[rows > 0]
        return hold_each(shares, self.expected, not left + stayed)

    def _emptied(self) -> int | None:
        if self.verdict is Verdict.INCONCLUSIVE or NEITHER not in self.becomes:
            return None
        certain = self.now[STAYED] + self.now[LEFT]
        return certain if self.verdict is Verdict.SUPPORTED else sum(self.now[:4])

    def _fewest_in_doubt(self) -> int:
        return 1

    def least(self) -> tuple[int | None, bool]:
        # Where nobody belongs for certain, somebody who does may be all that it takes.
        if not self._ends_now.certain and self._turns_somehow(1):
            return 1, True
        return super().least()

    def _after(self, push: Push, k: int) -> Numbers:
        """The numbers after k changed rows of a push.

        Upwards, who stayed has left, or does not belong where leavers cannot; then the others
        join. Downwards it is the other way round.
        """
        one, other = (STAYED, LEFT) if push.sign > 0 else (LEFT, STAYED)
        new = other if other in self.becomes else NEITHER
        if new not in self.becomes:
            return self.now
        numbers = list(self.now)
        for kind in (one, one - 1, NEITHER, other - 1):
            if kind == new or (kind not in (one, one - 1) and new == NEITHER):
                continue
            moved = min(k, numbers[kind])
            numbers[kind] -= moved
            numbers[new] += moved
            k -= moved
        return tuple(numbers)

    def _ends_after(self, push: Push, k: int) -> Ends:
        return self._ends(self._after(push, k))

    def _turns_after(self, push: Push, k: int) -> bool:
        return self._verdict(self._after(push, k)) is not self.verdict

    def _turns_somehow(self, k: int) -> bool:
        while len(self._reached) <= k:
            known = set().union(*self._reached)
            if len(known) > TRIALS:
                raise OutOfTrialsError
            new = {after for numbers in self._reached[-1] for after in self._next(numbers)}
            self._reached.append(new - known)
        return any(self._verdict(numbers) is not self.verdict for numbers in self._reached[k])

    def _next(self, numbers: Numbers) -> Iterator[Numbers]:
        """The numbers after one more changed row."""
        for kind in range(5):
            yield from self._changed(numbers, kind) if numbers[kind] else ()

    def _changed(self, numbers: Numbers, kind: int) -> Iterator[Numbers]:
        """The numbers after one row of a kind is changed."""
        for new in self.becomes:
            changed = list(numbers)
            changed[kind] -= 1
            changed[new] += 1
            yield tuple(changed)

    def kinds(self) -> np.ndarray:
        return np.where(self.seen.changeable, self.kind_of, -1)

    def effect(self, said: Said) -> int:
        if not self.seen.takes(said):
            return NEITHER
        return STAYED if said.month is None else LEFT

    def after(self, rows: Sequence[int], effects: Sequence[int]) -> Verdict:
        numbers = list(self.now)
        for row, kind in zip(rows, effects, strict=True):
            if self.seen.changeable[row]:
                numbers[self.kind_of[row]] -= 1
                numbers[kind] += 1
        return self._verdict(tuple(numbers))

    def alone(self) -> np.ndarray:
        """Which rows could turn the verdict, each by itself."""
        turning = [
            kind
            for kind in range(5)
            if self.now[kind]
            and any(
                self._verdict(after) is not self.verdict for after in self._changed(self.now, kind)
            )
        ]
        return self.seen.changeable & np.isin(self.kind_of, turning)
