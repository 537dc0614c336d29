"""What would change a verdict that rests on several readings of a claim."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations_with_replacement, product
from typing import Any, Protocol

import numpy as np

from ..cohort import Cohort
from ..ledger import Claim
from ..measures import MEASURES, Condition
from ..ranges import Verdict
from . import seen
from .places import SOMEWHERE
from .ranged import TRIALS
from .seen import Said


class Turning(Protocol):
    """What would change a verdict."""

    def least(self) -> tuple[int | None, bool]:
        """The least number of rows, None where none can; and whether it is exact."""

    def alone(self) -> np.ndarray:
        """Where it is one: which rows could turn the verdict, each by itself; none if not known."""


class Question(Turning, Protocol):
    """What would change the verdict on one reading of a claim; beside others, if it has several."""

    def kinds(self) -> np.ndarray:
        """A number for each row: rows of one number are all the same to the claim."""

    def effect(self, said: Said) -> Hashable:
        """What a changed row is to the claim."""

    def after(self, rows: Sequence[int], effects: Sequence[Any]) -> Verdict:
        """The verdict after some rows are changed, each to what it then is to the claim."""


class Agreeing:
    """Readings with one verdict: it turns with the first of them."""

    def __init__(self, readings: Sequence[Question]) -> None:
        self.readings = readings

    def least(self) -> tuple[int | None, bool]:
        found = [reading.least() for reading in self.readings]
        least = min((rows for rows, _exact in found if rows is not None), default=None)
        return least, least == 1 or all(exact for _rows, exact in found)

    def alone(self) -> np.ndarray:
        turning = [reading.alone() for reading in self.readings if reading.least()[0] == 1]
        together: np.ndarray = np.logical_or.reduce(turning)
        return together


class Disagreeing:
    """Readings that leave a claim open: they would have to come to agree, by the same rows.

    Rows of every kind are tried with everything at which the readings change, up to `TRIALS`
    combinations.
    """

    def __init__(
        self,
        cohort: Cohort,
        claims: Sequence[Claim],
        readings: Sequence[Question],
        verdicts: Sequence[Verdict],
    ) -> None:
        self.cohort, self.claims, self.readings = cohort, claims, readings
        kinds = np.array([reading.kinds() for reading in readings])
        self.kinds = kinds.tolist()
        _kinds, self.kind_of = np.unique(kinds, axis=1, return_inverse=True)
        self.rows_of = [
            np.flatnonzero(self.kind_of == kind).tolist() for kind in range(_kinds.shape[1])
        ]
        effects = (tuple(reading.effect(said) for reading in readings) for said in self._legal())
        self.effects = list(dict.fromkeys(effects))
        self.at_least = self._least_of_each(verdicts)
        # Between its borders, a mean or a median may be equal to a number or not.
        self.may_miss = any(
            claim.measure in ("mean_tenure", "median_tenure")
            and claim.expectation is not None
            and claim.expectation.operator in ("=", "!=")
            for claim in claims
        )
        self.trials = 0
        self._known: dict[tuple[int, tuple[int, ...], tuple[Hashable, ...]], Verdict] = {}

    def _least_of_each(self, verdicts: Sequence[Verdict]) -> int | None:
        """So many rows at least: those turn that do not say yet what all are to agree on."""
        least = [reading.least() for reading in self.readings]
        numbers = [rows if exact else 1 for rows, exact in least]
        found = []
        for wanted in (Verdict.SUPPORTED, Verdict.CONTRADICTED):
            turning = [
                rows
                for rows, verdict in zip(numbers, verdicts, strict=True)
                if verdict is not wanted
            ]
            if None not in turning:
                found.append(max(rows for rows in turning if rows is not None))
        return min(found, default=None)

    def least(self) -> tuple[int | None, bool]:
        if self.at_least is None:
            return None, True
        for k in range(self.at_least, len(self.cohort.authors) + 1):
            for chosen in combinations_with_replacement(range(len(self.rows_of)), k):
                turns = self._turns(chosen)
                if turns is None:
                    return None, False
                if turns:
                    return k, k == self.at_least or not self.may_miss
        return None, not self.may_miss

    def _turns(self, kinds: Sequence[int]) -> bool | None:
        """Whether changing a row of each kind can turn the verdict; None after too many trials."""
        rows: list[int] = []
        for kind in kinds:
            taken = sum(row in self.rows_of[kind] for row in rows)
            if taken == len(self.rows_of[kind]):
                return False
            rows.append(self.rows_of[kind][taken])
        for effects in product(self.effects, repeat=len(rows)):
            self.trials += 1
            if self.trials > TRIALS:
                return None
            verdicts = {
                self._after(place, tuple(rows), tuple(effect[place] for effect in effects))
                for place in range(len(self.readings))
            }
            if len(verdicts) == 1 and Verdict.INCONCLUSIVE not in verdicts:
                return True
        return False

    def _after(self, place: int, rows: tuple[int, ...], effects: tuple[Hashable, ...]) -> Verdict:
        """Many changes are one and the same to a single reading, so each is judged once."""
        key = place, tuple(self.kinds[place][row] for row in rows), effects
        if key not in self._known:
            self._known[key] = self.readings[place].after(rows, effects)
        return self._known[key]

    def alone(self) -> np.ndarray:
        """None of them where there may be more than are found."""
        if self.may_miss:
            return np.zeros(len(self.cohort.authors), dtype=bool)
        self.trials = 0
        turning = [kind for kind in range(len(self.rows_of)) if self._turns([kind])]
        found: np.ndarray = np.isin(self.kind_of, turning)
        return found

    def _legal(self) -> Iterator[Said]:
        """What a changed row can say, at all the borders that the readings have."""
        lengths = self._borders("tenure")
        known = self.cohort.authors["organisation"].dropna().unique()
        asked = {name for claim in self.claims for name in self._employers_asked_for(claim)}
        employers = [*known, *sorted(asked - set(known)), SOMEWHERE]
        for length in lengths:
            yield Said(None, length)
            for month, employer, with_role in product(
                self._borders("departed"), employers, (False, True)
            ):
                yield Said(month, length, employer, with_role)

    def _employers_asked_for(self, claim: Claim) -> set[str]:
        asked = [claim.where.get("organisation")]
        if claim.measure == "top_destination" and claim.expectation is not None:
            asked.append(Condition(claim.expectation.operator, claim.expectation.value))
        return {
            name
            for each in asked
            if each is not None and isinstance(each.value, frozenset)
            for name in self.cohort.in_english(each.value, "organisation")
        }

    def _borders(self, column: str) -> list[int]:
        """The months or lengths at which a reading changes, and their neighbours."""
        legal = {
            "departed": (seen.FIRST_MONTH, self.cohort.article.as_of),
            "tenure": (0, seen.LONGEST_STATED),
        }
        kind = {"departed": "month", "tenure": "months"}[column]
        asked = [claim.where[column].value for claim in self.claims if column in claim.where]
        for claim in self.claims:
            value = claim.expectation.value if claim.expectation else None
            of_months = claim.measure == "half_gone"
            if isinstance(value, float) and MEASURES[claim.measure or ""].kind == kind:
                asked += [] if of_months else [value]
            if isinstance(value, float) and of_months and column == "departed":
                asked.append(value + self.cohort.start.month)
        first, last = legal[column]
        near = {int(value) + by for value in asked if isinstance(value, float) for by in (-1, 0, 1)}
        return sorted({first, last} | {number for number in near if first <= number <= last})
