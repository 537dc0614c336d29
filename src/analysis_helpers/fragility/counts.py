"""What would change a claim about how many there are, or about who they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..ledger import Expectation
from ..ranges import Verdict
from .seen import Said, Seen

OUT, MAYBE, CERTAIN = 0, 1, 2
"""Whether a row belongs."""


def belonging(possible: np.ndarray, certain: np.ndarray) -> np.ndarray:
    """`OUT`, `MAYBE` or `CERTAIN` of each row."""
    state: np.ndarray = np.add(possible, possible & certain, dtype=np.int8)
    return state


class Count:
    """How many rows belong: at least those that do for certain, at most all that may.

    A changed row belongs or does not. So all that counts is how many do either, and which rows are
    taken for it first: those that may belong, or those that do not yet (or do already).
    """

    def __init__(
        self,
        seen: Seen,
        counted: np.ndarray,
        counts: Callable[[Said], bool],
        joins: bool,
        leaves: bool,
        expected: Expectation,
    ) -> None:
        self.seen, self.expected, self.counts = seen, expected, counts
        self.joins, self.leaves = joins, leaves
        self.state = belonging(counted & seen.possible, seen.certain)
        self.numbers = np.bincount(self.state[seen.changeable], minlength=3)

    def least(self) -> tuple[int | None, bool]:
        now = self._verdicts(*self.numbers[1:])
        found = []
        for changed, maybe, certain in self._ways():
            turned = np.flatnonzero(self._verdicts(maybe, certain) != now)
            if len(turned):
                found.append(int(changed[turned[0]]))
        return min(found, default=None), True

    def _ways(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Numbers of changed rows, and how many may and how many do belong after each."""
        out, maybe, certain = map(int, self.numbers)
        if self.joins:
            k = np.arange(out + maybe + 1)
            yield k, maybe - np.minimum(k, maybe), certain + k
            yield k, maybe - np.maximum(k - out, 0), certain + k
        if self.leaves:
            k = np.arange(certain + maybe + 1)
            yield k, maybe - np.minimum(k, maybe), certain - np.maximum(k - maybe, 0)
            yield k, maybe - np.maximum(k - certain, 0), certain - np.minimum(k, certain)
        if self.joins and self.leaves and isinstance(self.expected.value, float):
            # All that may belong are settled, as near to what is asked for as they can be.
            joining = np.clip(int(self.expected.value) - certain, 0, maybe)
            yield np.array([maybe]), np.array([0]), np.array([certain + joining])

    def _verdicts(self, maybe: np.ndarray, certain: np.ndarray) -> np.ndarray:
        """2 where the expectation holds at every count, 1 where at some, 0 where at none."""
        value = float(self.expected.value)  # type: ignore[arg-type]  # a count is a number
        low, high = certain, certain + maybe
        is_value = (low == value) & (high == value)
        may_be = (low <= value) & (value <= high) & (value == np.floor(value))
        always, ever = {
            "<": (high < value, low < value),
            "<=": (high <= value, low <= value),
            ">": (low > value, high > value),
            ">=": (low >= value, high >= value),
            "=": (is_value, may_be),
            "!=": (~may_be, ~is_value),
        }[self.expected.operator]
        found: np.ndarray = np.asarray(always) + np.asarray(ever, dtype=int)
        return found

    def kinds(self) -> np.ndarray:
        return np.where(self.seen.changeable, self.state, -1)

    def effect(self, said: Said) -> bool:
        return self.seen.takes(said) and self.counts(said)

    def after(self, rows: Sequence[int], effects: Sequence[bool]) -> Verdict:
        numbers = self.numbers.copy()
        for row, belongs in zip(rows, effects, strict=True):
            if self.seen.changeable[row]:
                numbers[self.state[row]] -= 1
                numbers[CERTAIN if belongs else OUT] += 1
        return (Verdict.CONTRADICTED, Verdict.INCONCLUSIVE, Verdict.SUPPORTED)[
            int(self._verdicts(*numbers[1:]))
        ]

    def alone(self) -> np.ndarray:
        """Which rows could turn the verdict, each by itself."""
        now = self._verdicts(*self.numbers[1:])
        turning = []
        for state in (OUT, MAYBE, CERTAIN):
            for new in [CERTAIN] * self.joins + [OUT] * self.leaves:
                numbers = self.numbers.copy()
                numbers[state] -= 1
                numbers[new] += 1
                if self._verdicts(*numbers[1:]) != now:
                    turning.append(state)
        found: np.ndarray = self.seen.changeable & np.isin(self.state, turning)
        return found


class Named:
    """Whose rows belong, against a list of names.

    Each row is right or wrong by itself: it should belong or not, and does, does not, or may.
    """

    def __init__(
        self, seen: Seen, names: set[str], joins: bool, leaves: bool, expected: Expectation
    ) -> None:
        self.seen, self.negated = seen, expected.operator == "!="
        self.wanted = wanted = seen.authors["name"].isin(names).to_numpy()
        state = belonging(seen.possible, seen.certain)
        self.wrong: np.ndarray = state == np.where(wanted, OUT, CERTAIN)
        self.open = state == MAYBE
        self.mendable = seen.changeable & np.where(wanted, joins, leaves)
        self.breakable = seen.changeable & np.where(wanted, leaves, joins)
        self.all_there = int(wanted.sum()) == len(names)

    def least(self) -> tuple[int | None, bool]:
        if self.wrong.any() or not self.all_there:
            # It is another list until every wrong row is mended.
            mendable = self.all_there and self.mendable[self.wrong].all()
            return (int(self.wrong.sum()) if mendable else None), True
        if self.breakable.any():
            return 1, True
        settled = self.open.any() and self.mendable[self.open].all()
        return (int(self.open.sum()) if settled else None), True

    def kinds(self) -> np.ndarray:
        kinds = 4 * self.wanted + 2 * self.wrong + self.open
        told_apart: np.ndarray = np.where(self.seen.changeable, kinds, -1)
        return told_apart

    def effect(self, said: Said) -> bool:
        return self.seen.takes(said)

    def after(self, rows: Sequence[int], effects: Sequence[bool]) -> Verdict:
        wrong, open_ = int(self.wrong.sum()), int(self.open.sum())
        for row, belongs in zip(rows, effects, strict=True):
            if self.seen.changeable[row]:
                wrong += int(self.wanted[row] != belongs) - int(self.wrong[row])
                open_ -= int(self.open[row])
        if wrong or not self.all_there:
            return Verdict.SUPPORTED if self.negated else Verdict.CONTRADICTED
        if open_:
            return Verdict.INCONCLUSIVE
        return Verdict.CONTRADICTED if self.negated else Verdict.SUPPORTED

    def alone(self) -> np.ndarray:
        if self.wrong.any():
            return self.wrong
        found: np.ndarray = self.breakable.copy()
        if self.open.sum() == 1:
            found |= self.mendable & self.open
        return found
