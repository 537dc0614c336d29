"""What would change a claim about where those who left are.

A changed row may name an employer of the table, or one that nobody else is at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from ..ledger import Expectation
from ..ranges import Range, Verdict, judge
from .counts import CERTAIN, OUT, belonging
from .seen import Said, Seen

NOWHERE, UNSTATED = -1, -2
"""Instead of an employer's number: of who has none there, and of who may belong and names none."""
ENDLESS = 10**9
"""More employers than there can be rows."""


SOMEWHERE = "\u2026"
"""Stands for an employer at which nobody else is."""


class Places:
    """How many rows are at each employer, for certain and at most.

    `lacking` rows may belong and name no employer, `out` ones could join. `fresh`: at how many more
    employers a changed row could be; the last place in the arrays stands for such a one.
    """

    def __init__(self, seen: Seen) -> None:
        self.seen, self.joins = seen, seen.joins["left"]
        leavers = seen.left()
        employers = seen.spread(seen.within["organisation"].astype(object).to_numpy(), None)
        employers[~leavers] = None
        self.at, names = pd.factorize(employers)
        self.names = list(names)
        self.state = belonging(leavers & seen.possible, seen.certain)
        self.at[(self.state != OUT) & (self.at < 0)] = UNSTATED
        there = self.at >= 0
        size = len(names) + 1
        self.possible = np.bincount(self.at[there], minlength=size)
        self.certain = np.bincount(self.at[there & (self.state == CERTAIN)], minlength=size)
        self.lacking = int((self.at == UNSTATED).sum())
        self.out = int((seen.changeable & (self.state == OUT)).sum())
        asked = seen.where.get("organisation")
        limited = asked is not None and asked.operator == "="
        self.fresh = len(seen.employers - set(names)) if limited else ENDLESS

    def verdict(self, certain: np.ndarray, possible: np.ndarray, lacking: int) -> Verdict:
        raise NotImplementedError

    def destinations_tried(self) -> Iterator[int]:
        """The employers at which one changed row could make a difference."""
        raise NotImplementedError

    def alone(self) -> np.ndarray:
        """Which rows could turn the verdict, each by itself."""
        now = self.verdict(self.certain, self.possible, self.lacking)
        tried = [NOWHERE, *(self.destinations_tried() if self.joins else ())]
        turning = np.zeros(len(self.at), dtype=bool)
        known: dict[tuple[int, ...], bool] = {}
        kinds = self.kinds()
        for kind, row in zip(*np.unique(kinds, return_index=True), strict=True):
            key = self._kind(self.at[row], self.state[row])
            if kind >= 0 and key not in known:
                known[key] = any(self.after([row], [new]) is not now for new in tried)
            if kind >= 0 and known[key]:
                turning |= kinds == kind
        return turning

    def _kind(self, place: int, state: int) -> tuple[int, ...]:
        """Rows of one kind turn a verdict alike."""
        return (int(place), int(state))

    def kinds(self) -> np.ndarray:
        return np.where(self.seen.changeable, 3 * (self.at + 2) + self.state, -1)

    def effect(self, said: Said) -> int | str:
        if said.employer is None or not self.seen.takes(said):
            return NOWHERE
        if said.employer in self.names:
            return self.names.index(said.employer)
        return said.employer

    def after(self, rows: Sequence[int], effects: Sequence[int | str]) -> Verdict:
        """The verdict after rows are changed to be at other places, old or new ones.

        Of those that are `SOMEWHERE`, no two are at one place.
        """
        new_names = {effect for effect in effects if isinstance(effect, str)}
        place_of = {name: len(self.names) + place for place, name in enumerate(new_names)}
        more = np.zeros(len(new_names) + len(rows), dtype=self.possible.dtype)
        certain, possible = (np.append(each, more) for each in (self.certain, self.possible))
        lacking = self.lacking
        for number, (row, effect) in enumerate(zip(rows, effects, strict=True)):
            if not self.seen.changeable[row]:
                continue
            new = place_of[effect] if isinstance(effect, str) else effect
            if effect == SOMEWHERE:
                new = len(self.names) + len(new_names) + number
            place = self.at[row]
            if place >= 0:
                possible[place] -= 1
                certain[place] -= self.state[row] == CERTAIN
            lacking -= int(place == UNSTATED)
            if new >= 0:
                possible[new] += 1
                certain[new] += 1
        return self.verdict(certain, possible, lacking)


class HowMany(Places):
    """At how many employers they are."""

    def __init__(self, seen: Seen, expected: Expectation) -> None:
        super().__init__(seen)
        self.expected = expected
        if not isinstance(expected.value, float):
            raise TypeError(f"{expected} is no number")
        self.value = expected.value

    def verdict(self, certain: np.ndarray, possible: np.ndarray, lacking: int) -> Verdict:
        if lacking:
            return Verdict.INCONCLUSIVE
        count = Range(int((certain > 0).sum()), int((possible > 0).sum()), 1)
        return judge(count, self.expected.operator, self.value)

    def destinations_tried(self) -> Iterator[int]:
        if self.fresh:
            yield len(self.names)
        yield from range(len(self.names))

    def _kind(self, place: int, state: int) -> tuple[int, ...]:
        if place < 0:
            return (int(place),)
        return (int(self.certain[place]), int(self.possible[place]), int(state))

    def least(self) -> tuple[int | None, bool]:
        found = [k for k in self._ways() if k is not None]
        return min(found, default=None), True

    def _ways(self) -> Iterator[int | None]:
        verdict, value = self.verdict(self.certain, self.possible, self.lacking), self.value
        operator = self.expected.operator
        if operator in ("=", "!="):
            yield from self._ways_of_a_number(verdict, operator == "=")
            return
        # Every other expectation is that there are at least so many, or that there are not.
        at_least = math.ceil(value) if operator in (">=", "<") else math.floor(value) + 1
        holds = operator in (">=", ">")
        if verdict is Verdict.INCONCLUSIVE:
            yield self._raise_certain(at_least)
            yield self._lower_possible(at_least - 1)
        elif (verdict is Verdict.SUPPORTED) == holds:
            yield self._lower_certain(at_least - 1)
        else:
            yield self._raise_possible(at_least)

    def _ways_of_a_number(self, verdict: Verdict, holds: bool) -> Iterator[int | None]:
        value = self.value
        if value != int(value):
            yield self.lacking or None
            return
        number = int(value)
        if verdict is Verdict.INCONCLUSIVE:
            yield self._raise_certain(number + 1)
            yield self._lower_possible(number - 1)
            yield self._make_exactly(number)
        elif (verdict is Verdict.SUPPORTED) == holds:
            yield self._lower_certain(number - 1)
            yield self._raise_possible(number + 1)
        elif (self.possible > 0).sum() < number:
            yield self._raise_possible(number)
        else:
            yield self._lower_certain(number)

    def _lower_certain(self, most: int) -> int | None:
        """Leave at most so many employers with somebody there for certain."""
        return self._emptied(self.certain[self.certain > 0], most)

    def _lower_possible(self, most: int) -> int | None:
        """Leave at most so many employers at which anybody may be."""
        emptied = self._emptied(self.possible[self.possible > 0], most)
        return None if emptied is None else self.lacking + emptied

    def _emptied(self, sizes: np.ndarray, most: int) -> int | None:
        if most < 0:
            return None
        return int(np.sort(sizes)[: max(0, len(sizes) - most)].sum())

    def _raise_possible(self, least: int) -> int | None:
        """Make it at least so many employers at which somebody may be."""
        more = least - int((self.possible > 0).sum())
        spare = self.out + int((self.possible[self.possible > 0] - 1).sum())
        return more if self.joins and more <= min(spare, self.fresh) else None

    def _raise_certain(self, least: int) -> int | None:
        """Make it at least so many employers with somebody there for certain."""
        more = least - int((self.certain > 0).sum())
        return self._placed(more, self._only_maybe() + self.fresh)

    def _placed(self, needed: int, room: int) -> int | None:
        """Rows for so many places where somebody is to be for certain, all unstated ones first."""
        if needed <= 0:
            return self.lacking or None
        sure = self.certain[self.certain > 0]
        loose = int((self.possible - self.certain).sum())
        spare = self.lacking + self.out + loose + int((sure - 1).sum())
        return max(self.lacking, needed) if self.joins and needed <= min(spare, room) else None

    def _only_maybe(self) -> int:
        return int(((self.possible > 0) & (self.certain == 0)).sum())

    def _make_exactly(self, number: int) -> int | None:
        """Make it so many employers, with somebody at each for certain and nobody elsewhere."""
        there = self.possible > 0
        maybe = np.sort(self.possible[there & (self.certain == 0)])
        sure = np.sort(self.possible[there & (self.certain > 0)])
        emptied = len(maybe) + len(sure) - number
        if emptied <= 0:
            return self._placed(len(maybe) - emptied, len(maybe) + self.fresh)
        costs = []
        for loose in range(max(0, emptied - len(sure)), min(emptied, len(maybe)) + 1):
            gone = self.lacking + int(maybe[:loose].sum() + sure[: emptied - loose].sum())
            kept = len(maybe) - loose
            if self.joins or not kept:
                costs.append(max(gone, kept))
        return min(costs, default=None) if number >= 0 else None


class Top(Places):
    """Whether most of them are at one employer."""

    def __init__(self, seen: Seen, expected: Expectation, employer: str) -> None:
        super().__init__(seen)
        self.negated = expected.operator == "!="
        if employer not in self.names:
            self.names.append(employer)
            self.possible, self.certain = (np.append(a, 0) for a in (self.possible, self.certain))
            self.fresh -= seen.allows(employer) and self.fresh < ENDLESS
        self.one = self.names.index(employer)
        self.can_be_there = self.joins and seen.allows(employer)
        others = np.arange(len(self.possible)) != self.one
        self.c, self.p = self.certain[others], self.possible[others]
        rivals = len(self.names) > 1 or self.fresh > 0
        self.can_be_elsewhere = self.joins and rivals

    def verdict(self, certain: np.ndarray, possible: np.ndarray, lacking: int) -> Verdict:
        if lacking or not possible.any():
            return Verdict.INCONCLUSIVE
        top = possible >= max(certain.max(), 1)
        ever, always = bool(top[self.one]), bool(top[self.one] and top.sum() == 1)
        if self.negated:
            ever, always = not always, not ever
        if always and certain.any():
            return Verdict.SUPPORTED
        return Verdict.INCONCLUSIVE if ever or always else Verdict.CONTRADICTED

    def destinations_tried(self) -> Iterator[int]:
        if self.can_be_there:
            yield self.one
        others = [place for place in range(len(self.names)) if place != self.one]
        for sizes in (self.possible, self.certain):
            yield from sorted(others, key=lambda place: -sizes[place])[:2]
        if self.fresh > 0:
            yield len(self.names)

    def least(self) -> tuple[int | None, bool]:
        found = [k for k in self._ways() if k is not None]
        return min(found, default=None), True

    def _ways(self) -> Iterator[int | None]:
        verdict = self.verdict(self.certain, self.possible, self.lacking)
        if verdict is Verdict.INCONCLUSIVE:
            yield self._make_it_the_top()
            yield self._make_another_the_top()
            return
        is_top = (verdict is Verdict.SUPPORTED) != self.negated
        yield self._let_another_be_the_top() if is_top else self._let_it_be_the_top()
        # Nobody is left of whom it could be said.
        rows = self.certain if verdict is Verdict.SUPPORTED else self.possible
        yield int(rows.sum())

    def _let_another_be_the_top(self) -> int | None:
        """Move rows from it to the greatest of the others, until they are as many there."""
        if not self.can_be_elsewhere:
            return None
        ahead = int(self.certain[self.one] - self.p.max(initial=0))
        return max(1, math.ceil(ahead / 2))

    def _let_it_be_the_top(self) -> int | None:
        """Move rows to it from whoever has more, until it may have as many."""
        if not self.can_be_there:
            return None
        mine = int(self.possible[self.one])
        return self._first(lambda k: np.maximum(self.c - mine - k, 0).sum() <= k, 1)

    def _make_it_the_top(self) -> int | None:
        """Move rows to it until it has more for certain than any other may have."""
        if not self.can_be_there:
            return None
        mine, loose = int(self.certain[self.one]), int((self.possible - self.certain)[self.one])
        spare = self.lacking + int(self.p.sum()) + loose + self.out

        def is_top(k: int) -> bool:
            return bool(np.maximum(self.p - (mine + k - 1), 0).sum() <= k - self.lacking)

        k = self._first(is_top, max(1, self.lacking))
        return k if k <= spare else None

    def _make_another_the_top(self) -> int | None:
        """Move rows from it to another until that has more for certain than it may have."""
        if not self.can_be_elsewhere:
            return None
        mine, theirs = int(self.possible[self.one]), int(self.c.max(initial=0))

        def is_top(k: int) -> bool:
            return mine - min(mine, k - self.lacking) < theirs + k

        spare = self.lacking + mine + int(self.p.sum()) - theirs + self.out
        k = self._first(is_top, max(1, self.lacking))
        return k if k <= spare else None

    def _first(self, holds: Callable[[int], bool], start: int) -> int:
        """The least number from `start` on for which it holds, as it does for all above."""
        step = 1
        while not holds(start + step - 1):
            step *= 2
        low, high = start + step // 2, start + step - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(middle) else (middle + 1, high)
        return low
