"""What would change a claim about a mean, a median or an extreme.

Rows that state the same and belong alike are one kind, with a weight, so that a million rows cost
no more than a thousand. Changed rows do most when they say the most extreme thing that may be said,
and most of all in those rows that pull the other way hardest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product

import numpy as np
import pandas as pd

from ..ledger import Expectation
from ..measures import Floats
from ..outcomes import OUTCOMES, hold_each, values_of
from ..ranges import Range, Verdict, judge
from .counts import CERTAIN, MAYBE, OUT, belonging
from .ranged import TRIALS, Ends, OutOfTrialsError, Push, Ranged, Wanted
from .seen import Said, Seen, Span

SUBSETS = 64
"""Of as many choices of uncertain rows the mean is worked out, and no more."""

Weighted = tuple[Floats, np.ndarray]
"""Values, and of how many rows each is."""


def _mean(values: Floats, weights: np.ndarray) -> float:
    return float((values * weights).sum() / weights.sum())


def _ordered(values: Floats, weights: np.ndarray, *places: int) -> Floats:
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weights[order])
    found: Floats = values[order][np.searchsorted(upto, places, side="right")]
    return found


def _median(values: Floats, weights: np.ndarray) -> float:
    count = int(weights.sum())
    return float(_ordered(values, weights, (count - 1) // 2, count // 2).mean())


def _lower_median(values: Floats, weights: np.ndarray) -> float:
    return float(_ordered(values, weights, (int(weights.sum()) - 1) // 2)[0])


def _least(values: Floats, weights: np.ndarray) -> float:
    return float(values[weights > 0].min())


def _greatest(values: Floats, weights: np.ndarray) -> float:
    return float(values[weights > 0].max())


STATISTICS: Mapping[str, Callable[[Floats, np.ndarray], float]] = {
    "mean_tenure": _mean,
    "median_tenure": _median,
    "shortest_tenure": _least,
    "longest_tenure": _greatest,
    "first_departure": _least,
    "last_departure": _greatest,
    "half_gone": _lower_median,
}


Placed = tuple[float, float, int]
"""What changed rows say: a low and a high, which differ only for who stayed; and how many do."""


class Statistic(Ranged):
    """A statistic of the rows that belong, each of which states a value or a range."""

    def __init__(
        self, seen: Seen, name: str, expected: Expectation, published: int, as_of: int
    ) -> None:
        self.seen, self.name, self.expected = seen, name, expected
        self.statistic = STATISTICS[name]
        self.censored = name == "half_gone"
        self.of_tenure = name.endswith("tenure")
        self.values: Span = seen.tenure if self.of_tenure else seen.departed
        self.joins = seen.joins["left"]
        self.stays: Placed | None = None
        self.by = published if self.censored else 0
        self.wanted = Wanted.of(expected, self.by)
        self.leaves = True
        low, high = seen.ends("tenure" if self.of_tenure else "departed")
        counts = seen.left()
        if self.censored:
            # Who stayed leaves in some month after the last that the table speaks of.
            stayed = seen.possible & ~counts
            low, high = np.where(stayed, as_of + 1, low), np.where(stayed, math.inf, high)
            counts = seen.possible
            self.stays = (as_of + 1, math.inf, 1) if seen.joins["stayed"] else None
            self.leaves = seen.leaves["left"] or seen.leaves["stayed"]
        self.state = belonging(counts, seen.certain)
        low = np.where(self.state == OUT, np.nan, low)
        high = np.where(self.state == OUT, np.nan, high)
        self._make_kinds(low, high)
        self.rows = int(self.weight.sum())
        self._orders: dict[Push, np.ndarray] = {}
        self.trials = 0
        self.verdict = self._verdict(self.weight, [])
        self._ends_now = self._ends(self.weight, [])

    def _make_kinds(self, low: Floats, high: Floats) -> None:
        """Rows that state the same and belong alike are a kind."""
        coded = [
            np.where(np.isnan(ends), 0, np.nan_to_num(ends, neginf=-1999, posinf=9999) + 2000)
            for ends in (low, high)
        ]
        codes = ((coded[0] * 20_000 + coded[1]) * 3 + self.state).astype(np.int64)
        self.kind_of = np.full(len(codes), -1)
        changeable = self.seen.changeable
        kinds, uniques = pd.factorize(codes[changeable])
        self.kind_of[changeable] = kinds
        first = np.empty(len(uniques), dtype=np.int64)
        first[kinds[::-1]] = np.flatnonzero(changeable)[::-1]
        self.low, self.high = low[first], high[first]
        state = self.state[first]
        self.maybe, self.sure = state == MAYBE, state == CERTAIN
        self.lacks = (state != OUT) & np.isnan(self.high)
        self.weight = np.bincount(kinds, minlength=len(uniques))

    # --- what there is, and what it says

    def _parts(self, weight: np.ndarray, placed: Iterable[Placed]) -> tuple[Floats, ...]:
        """Lows, highs, weights and certainty of all the rows that state something."""
        stating = (self.maybe | self.sure) & ~self.lacks & (weight > 0)
        extra = np.array(list(placed), dtype=float).reshape(-1, 3)
        return (
            np.concatenate([self.low[stating], extra[:, 0]]),
            np.concatenate([self.high[stating], extra[:, 1]]),
            np.concatenate([weight[stating], extra[:, 2].astype(np.int64)]),
            np.concatenate([self.sure[stating], np.ones(len(extra), dtype=bool)]),
        )

    def _ends(self, weight: np.ndarray, placed: Iterable[Placed]) -> Ends:
        low, high, weights, sure = self._parts(weight, placed)
        rows = int(weights.sum())
        lacking = int(weight[self.lacks].sum())
        if not rows:
            return Ends(math.nan, math.nan, 0, 0, lacking)
        return Ends(
            self._extreme(low, weights, sure, 1),
            self._extreme(high, weights, sure, -1),
            rows,
            int(weights[sure].sum()),
            lacking,
        )

    def _extreme(self, values: Floats, weights: np.ndarray, sure: np.ndarray, sign: int) -> float:
        """The least (sign 1) or greatest value over every choice of the rows that may belong.

        As in `measures`: the most extreme are added for as long as they are beyond what there is.
        """
        fixed, counts = values[sure], weights[sure]
        if len(fixed) == len(values):
            return self.statistic(fixed, counts)
        order = np.argsort(sign * values[~sure], kind="stable")
        optional, number = values[~sure][order], weights[~sure][order]
        upto = np.cumsum(number)
        both = np.concatenate([fixed, optional])

        def at(count: int) -> float:
            taken = np.clip(count - (upto - number), 0, number)
            return self.statistic(both, np.concatenate([counts, taken]))

        start, stop = (0 if len(fixed) else 1), int(upto[-1])
        while start < stop:
            middle = (start + stop) // 2
            added = optional[np.searchsorted(upto, middle, side="right")]
            if sign * added < sign * at(middle):
                start = middle + 1
            else:
                stop = middle
        return at(start)

    def _verdict(self, weight: np.ndarray, placed: list[Placed]) -> Verdict:
        """What is decided of such rows, as `claims.decide_one` decides it."""
        self.trials += 1
        ends = self._ends(weight, placed)
        if not ends.rows or ends.lacking:
            return Verdict.INCONCLUSIVE
        operator, value = self.expected.operator, self.wanted
        count, all_sure = ends.rows, ends.rows == ends.certain
        step = {
            "mean_tenure": 1 / count if all_sure else 0.0,
            "median_tenure": 1 if count % 2 and all_sure else 0.5,
        }.get(self.name, 1)
        asked = float(self.expected.value) + self.by  # type: ignore[arg-type]  # a number
        printed = (value.low, value.high) if self.expected.printed is not None else None
        verdict = judge(Range(ends.low, ends.high, step), operator, asked, printed)
        if verdict is Verdict.SUPPORTED and not ends.certain:
            verdict = Verdict.INCONCLUSIVE
        if verdict is Verdict.INCONCLUSIVE and operator in ("=", "!=") and not all_sure:
            return self._verdict_of_each(weight, placed, asked, printed, not ends.certain)
        return verdict

    def _verdict_of_each(
        self,
        weight: np.ndarray,
        placed: list[Placed],
        asked: float,
        printed: tuple[float, float] | None,
        may_be_empty: bool,
    ) -> Verdict:
        low, high, weights, sure = self._parts(weight, placed)
        loose = ~sure | (low != high)
        if weights[loose].sum() > math.log2(OUTCOMES) + 1:
            return Verdict.INCONCLUSIVE
        ended = tuple(np.repeat(each, weights) for each in (low, high, sure))
        hole = self.values.hole
        values = values_of(self.name, ended, hole, asked)  # type: ignore[arg-type]  # three of them
        if values is None:
            return Verdict.INCONCLUSIVE
        return hold_each(values, Expectation(self.expected.operator, asked, printed), may_be_empty)

    # --- the extremes

    def _said(self, value: float, count: int = 1) -> list[Placed]:
        return [(value, value, count)] if count else []

    def _extreme_said(self, push: Push, count: int) -> list[Placed]:
        """What changed rows say to push as far as they can.

        Where they cannot belong, or are on the wrong side even so, they do not belong.
        """
        up = push.sign > 0
        if up and self.stays is not None:
            low, high, _one = self.stays
        elif self.joins:
            low = high = self.values.high if up else self.values.low
        else:
            return []
        helps = push.is_there(Ends(low, high, 1, 1, 0)) or not self.leaves
        return [(low, high, count)] if helps and count else []

    def _order(self, push: Push) -> np.ndarray:
        """The kinds in the order in which a push changes them.

        First go those that state nothing, which decide nothing until they do. Then those that pull
        the other way hardest: a row that may not belong does so only where that is the other way,
        and one that does not belong pulls no way. Of those right at the border, first go the ones
        that count and are not over it, then those that do not count, then those that are over it.
        """
        border = push.border
        ends = self.low if push.by_low else self.high
        loose = np.minimum(ends, border) if push.by_low else np.maximum(ends, border)
        pull = np.where(self.sure, ends, np.where(self.maybe, loose, border))
        over = push.is_there(Ends(border, border, 1, 1, 0))
        counts = self.sure | (self.maybe & (over == ((push.sign > 0) != push.by_low)))
        at_border = np.where((ends == border) & counts, 2 if over else 0, 1)
        order: np.ndarray = np.lexsort(
            [at_border, push.sign * np.nan_to_num(pull, nan=0), ~self.lacks]
        )
        return order

    def _without_first(self, push: Push, k: int) -> np.ndarray:
        """The weights without those of the first k rows of a push."""
        if push not in self._orders:
            self._orders[push] = self._order(push)
        order = self._orders[push]
        number = self.weight[order]
        weight = self.weight.copy()
        weight[order] -= np.clip(k - (np.cumsum(number) - number), 0, number)
        return weight

    def _ends_after(self, push: Push, k: int) -> Ends:
        return self._ends(self._without_first(push, k), self._extreme_said(push, k))

    def _turns_after(self, push: Push, k: int) -> bool:
        return self._turns(self._without_first(push, k), k, push)

    def _turns(self, weight: np.ndarray, k: int, push: Push) -> bool:
        """Whether the verdict is another one with k rows changed, pushed as far as it takes."""
        if self._verdict(weight, self._extreme_said(push, k)) is not self.verdict:
            return True
        if not push.lands or not self.joins:
            return False
        others = self._extreme_said(push, k - 1)
        low, high = self.values.low, self.values.high
        while low < high:  # the last row goes no further than it has to
            middle = (low + high) // 2 if push.sign > 0 else -((-low - high) // 2)
            there = push.is_there(self._ends(weight, [*others, *self._said(middle)]))
            if push.sign > 0:
                low, high = (low, middle) if there else (middle + 1, high)
            else:
                low, high = (middle, high) if there else (low, middle - 1)
        if low == self.values.hole:
            low += push.sign
        return self._verdict(weight, [*others, *self._said(low)]) is not self.verdict

    def _emptied(self) -> int | None:
        """How many rows would have to go for nobody to be left of whom it could be said."""
        if self.verdict is Verdict.INCONCLUSIVE or not self.leaves:
            return None
        rows = self.sure if self.verdict is Verdict.SUPPORTED else self.sure | self.maybe
        return int(self.weight[rows].sum())

    def _fewest_in_doubt(self) -> int:
        least = max(1, int(self.weight[self.lacks].sum()))
        if self.maybe.any() or not self.wanted.whole:
            return least  # there may be gaps, which no push finds
        wanted = self.wanted
        both = (
            Push(1, True, wanted.low, lambda ends: not wanted.is_above(ends.low)),
            Push(-1, False, wanted.high, lambda ends: not wanted.is_below(ends.high)),
        )
        return max(least, *map(self._first, both))

    # --- what the extremes do not find

    def _turns_somehow(self, k: int) -> bool:
        kinds = combinations_with_replacement(np.flatnonzero(self.weight).tolist(), k)
        return any(self._turns_by_changing(chosen) for chosen in kinds)

    def _turns_by_changing(self, kinds: tuple[int, ...]) -> bool:
        """Whether changing one row of each of these kinds can turn the verdict."""
        weight = self.weight - np.bincount(kinds, minlength=len(self.weight))
        if weight.min() < 0:
            return False
        for out, stayed in product(range(len(kinds) + 1), repeat=2):
            joined = len(kinds) - out - stayed
            if (
                joined < 0
                or (out and not self.leaves)
                or (stayed and self.stays is None)
                or (joined and not self.joins)
            ):
                continue
            stays = [(*self.stays[:2], stayed)] if self.stays is not None and stayed else []
            for said in self._choices(weight, joined):
                if self.trials >= TRIALS:
                    raise OutOfTrialsError
                placed = stays + [each for value in said for each in self._said(value)]
                if self._verdict(weight, placed) is not self.verdict:
                    return True
        return False

    def _choices(self, weight: np.ndarray, joined: int) -> Iterable[tuple[float, ...]]:
        """The values of so many changed rows that can matter, whatever the others say."""
        if not joined:
            return [()]
        if self.statistic is _mean:
            return self._choices_of_a_sum(weight, joined)
        numbers = {self.values.low, self.values.high, *self.wanted.whole}
        stated = np.concatenate([self.low, self.high])
        stated = stated[np.isfinite(stated)]
        if self.statistic is _median:
            if len(stated):
                numbers.update(range(int(stated.min()) - 1, int(stated.max()) + 2))
            for border in (self.wanted.low, self.wanted.high):
                for each in np.unique(2 * border - stated):
                    numbers.update((math.floor(each), math.ceil(each)))
        for number in list(numbers):
            numbers |= {number - 1, number + 1}
        return combinations_with_replacement(sorted(n for n in numbers if n in self.values), joined)

    def _choices_of_a_sum(self, weight: np.ndarray, joined: int) -> Iterator[tuple[float, ...]]:
        """Of a mean only the sum matters: one row makes up for the others, which say the ends."""
        low, high = self.values.low, self.values.high
        sums = self._sums(weight)
        for upper in range(joined):
            others = (float(high),) * upper + (float(low),) * (joined - 1 - upper)
            numbers = {low, high}
            for least, greatest, count in sums:
                for border, rest in product((self.wanted.low, self.wanted.high), (least, greatest)):
                    asked = math.floor(border * (count + joined) - rest - sum(others))
                    numbers.update(range(asked - 1, asked + 3))
            for number in sorted(numbers):
                if number in self.values:
                    yield (*others, number)
                elif number == self.values.hole and joined > 1:
                    for by in (-1, 1):
                        yield (*others[1:], others[0] + by, number - by)

    def _sums(self, weight: np.ndarray) -> list[tuple[float, float, int]]:
        """The least and the greatest sum, and the number, of rows that belong; of every choice."""
        low, high = np.nan_to_num(self.low), np.nan_to_num(self.high)
        sure = np.where(self.sure & ~self.lacks, weight, 0)
        loose = np.flatnonzero(self.maybe & ~self.lacks & (weight > 0))
        choices: Iterable[tuple[int, ...]] = [(0,) * len(loose), tuple(weight[loose].tolist())]
        if math.prod(int(weight[kind]) + 1 for kind in loose) <= SUBSETS:
            choices = product(*(range(int(weight[kind]) + 1) for kind in loose))
        sums = set()
        for chosen in choices:
            number = sure.copy()
            number[loose] = chosen
            sums.add((float(low @ number), float(high @ number), int(number.sum())))
        return sorted(sums)

    # --- beside other readings

    def kinds(self) -> np.ndarray:
        """Of an extreme or a lower median only what is over which border matters of a row."""
        if self.statistic in (_mean, _median):
            kinds = np.arange(len(self.weight))
        else:
            sides = [
                np.array([over(each) for each in ends.tolist()])
                for ends in (self.low, self.high)
                for over in (self.wanted.is_above, self.wanted.is_below)
            ]
            columns = [*sides, self.maybe, self.sure, self.lacks]
            kinds = np.array([2**place for place in range(len(columns))]) @ np.array(columns)
        return np.where(self.kind_of < 0, -1, kinds[self.kind_of])

    def effect(self, said: Said) -> Placed | None:
        if not self.seen.takes(said):
            return None
        if said.month is None:
            return self.stays
        value = said.length if self.of_tenure else said.month
        return (value, value, 1)

    def after(self, rows: Sequence[int], effects: Sequence[Placed | None]) -> Verdict:
        weight, placed = self.weight.copy(), []
        for row, said in zip(rows, effects, strict=True):
            if self.kind_of[row] >= 0:
                weight[self.kind_of[row]] -= 1
                placed += [] if said is None else [said]
        return self._verdict(weight, placed)

    # --- single rows

    def alone(self) -> np.ndarray:
        """Which rows could turn the verdict, each by itself."""
        turning = np.zeros(len(self.weight), dtype=bool)
        for push in self._pushes():
            turning |= self._alone_by(push)
        if self._emptied() == 1:
            turning |= self.sure if self.verdict is Verdict.SUPPORTED else self.sure | self.maybe
        pushes = list(self._pushes())
        in_between = self.verdict is Verdict.INCONCLUSIVE or not pushes or self._may_miss(pushes[0])
        if self.wanted.bounded and in_between:
            self.trials = 0
            try:
                for kind in np.flatnonzero((self.weight > 0) & ~turning):
                    turning[kind] = self._turns_by_changing((int(kind),))
            except OutOfTrialsError:
                pass
        found: np.ndarray = (self.kind_of >= 0) & turning[self.kind_of]
        return found

    def _may_miss(self, push: Push) -> bool:
        """Whether what is to land on few values may find none of them."""
        few = push.lands and self.wanted.bounded
        gaps = self.maybe.any() or not self.wanted.whole or self.values.hole is not None
        return few and bool(gaps)

    def _alone_by(self, push: Push) -> np.ndarray:
        """The kinds of which one row is enough for a push: the first ones of its order."""
        order = self._order(push)
        order = order[self.weight[order] > 0]
        said = self._extreme_said(push, 1)

        def without(kind: int) -> np.ndarray:
            weight = self.weight.copy()
            weight[kind] -= 1
            return weight

        def is_there(kind: int) -> bool:
            ends = self._ends(without(kind), said)
            return ends.rows > 0 and ends.lacking == 0 and push.is_there(ends)

        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if is_there(order[middle]) else (low, middle)
        enough = order[:low]
        if not self.joins or self._may_miss(push):
            enough = [kind for kind in enough if self._turns(without(kind), 1, push)]
        turning = np.zeros(len(self.weight), dtype=bool)
        turning[enough] = True
        return turning
