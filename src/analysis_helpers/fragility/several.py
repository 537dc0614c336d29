"""What would change a verdict that rests on several readings of a claim.

Where all readings agree, it turns as soon as one of them does. Where they do not, all of them would
have to come to agree, each by the same rows: single rows and then more are tried, with everything
that can matter to a reading, up to `TRIALS` combinations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement, product
from typing import Any, Protocol

import numpy as np
import pandas as pd

from .. import months
from ..cohort import Cohort
from ..ledger import Claim
from ..measures import MEASURES
from ..ranges import Verdict
from . import seen

TRIALS = 150
"""As many changed tables are decided anew, and no more: each costs some milliseconds."""

Said = dict[str, Any]
"""What a changed row says, by the columns of the clean table."""


class Question(Protocol):
    def least(self) -> tuple[int | None, bool]: ...

    def alone(self) -> np.ndarray: ...


class Agreeing:
    """Readings with one verdict: it turns with the first of them."""

    def __init__(self, readings: Sequence[Question]) -> None:
        self.readings = readings

    def least(self) -> tuple[int | None, bool]:
        found = [reading.least() for reading in self.readings]
        numbers = [rows for rows, _exact in found if rows is not None]
        least = min(numbers, default=None)
        return least, least == 1 or all(exact for _rows, exact in found)

    def alone(self) -> np.ndarray:
        turning = [reading.alone() for reading in self.readings if reading.least()[0] == 1]
        together: np.ndarray = np.logical_or.reduce(turning)
        return together


class Disagreeing:
    """Readings that leave a claim open: they would have to agree on something else."""

    def __init__(
        self,
        cohort: Cohort,
        claims: Sequence[Claim],
        at_least: int,
        decide: Callable[[Cohort], Verdict],
    ) -> None:
        self.cohort, self.claims, self.decide = cohort, claims, decide
        self.at_least = at_least
        self.verdict = decide(cohort)
        self.borders = {
            column: _borders(column, claims, cohort) for column in ("departed", "tenure")
        }
        self.kind_of, uniques = pd.factorize(self._kinds())
        self.kinds = range(len(uniques))
        self.points = list(self._legal())
        self.trials = 0

    def _kinds(self) -> pd.Series:
        """What the readings can tell of each row, as a text."""
        authors = self.cohort.authors
        named = any("name" in claim.where or claim.measure == "names" for claim in self.claims)
        parts = {"status": authors["status"].astype(str)}
        if named:
            parts["name"] = authors["name"]
        for column in ("organisation", "role_then", "role_now"):
            parts[column] = authors[column].astype(object).astype(str)
        averaged = any(
            (claim.measure or "").startswith(("mean", "median")) for claim in self.claims
        )
        for column in ("departed", "tenure"):
            for end in ("low", "high"):
                cells = authors[f"{column}_{end}"]
                numbers = months.ordinals(cells) if column == "departed" else cells.to_numpy(float)
                if not (averaged and column == "tenure"):
                    borders = self.borders[column]
                    numbers = np.where(
                        np.isnan(numbers), np.nan, np.searchsorted(borders, numbers)
                    )
                parts[f"{column}_{end}"] = pd.Series(numbers).astype(str)
        return pd.DataFrame(parts).astype(str).agg("\n".join, axis=1)

    def _legal(self) -> Iterator[Said]:
        """What a changed row can say, as far as it can matter to a reading."""
        columns = {column for claim in self.claims for column in claim.where}
        needs = {(MEASURES[c.measure].needs or "") if c.measure else "" for c in self.claims}
        asked = {
            text
            for claim in self.claims
            if "organisation" in claim.where
            and isinstance(claim.where["organisation"].value, frozenset)
            for text in claim.where["organisation"].value
        }
        of_months = any(
            claim.measure and (MEASURES[claim.measure].kind == "month" or claim.measure == "half_gone")
            for claim in self.claims
        )
        departed: Sequence[int] = [self.cohort.article.as_of]
        tenure: Sequence[int] = [0]
        employers: Sequence[str] = ["\u2026"]
        if "departed" in columns or of_months:
            departed = self.borders["departed"]
        if "tenure" in columns or "tenure_low" in needs:
            tenure = self.borders["tenure"]
        if "organisation" in columns or "organisation" in needs:
            known = self.cohort.authors["organisation"].dropna().unique()
            employers = [*known, *(asked - set(known)), "\u2026"]
        roles = [None, "\u2026"] if any((c.measure or "").startswith("roles") for c in self.claims) else [None]
        for length in tenure:
            yield _said(None, length, None, None)
            for month, employer, role in product(departed, employers, roles):
                yield _said(month, length, employer, role)

    def least(self) -> tuple[int | None, bool]:
        for k in range(self.at_least, len(self.cohort.authors) + 1):
            for chosen in combinations_with_replacement(self.kinds, k):
                turns = self._turns(chosen)
                if turns is None:
                    return None, False
                if turns:
                    return k, True
        return None, True

    def _turns(self, kinds: Sequence[int]) -> bool | None:
        """Whether changing a row of each kind can turn the verdict; None after too many trials."""
        places: list[int] = []
        for kind in kinds:
            free = [p for p in np.flatnonzero(self.kind_of == kind) if p not in places]
            if not free:
                return False
            places.append(int(free[0]))
        for said in product(self.points, repeat=len(places)):
            self.trials += 1
            if self.trials > TRIALS:
                return None
            authors = _changed(self.cohort.authors, dict(zip(places, said, strict=True)))
            if self.decide(replace(self.cohort, authors=authors)) is not self.verdict:
                return True
        return False

    def alone(self) -> np.ndarray:
        self.trials = 0
        turning = [kind for kind in self.kinds if self._turns([kind])]
        found: np.ndarray = np.isin(self.kind_of, turning)
        return found


def _borders(column: str, claims: Sequence[Claim], cohort: Cohort) -> list[int]:
    """The months or lengths at which a reading may change, and their neighbours."""
    first, last = {
        "departed": (seen.FIRST_MONTH, cohort.article.as_of),
        "tenure": (0, seen.LONGEST_STATED),
    }[column]
    asked = [claim.where[column].value for claim in claims if column in claim.where]
    for claim in claims:
        value = claim.expectation.value if claim.expectation else None
        if claim.measure is None or not isinstance(value, float):
            continue
        if claim.measure == "half_gone" and column == "departed":
            asked.append(value + cohort.start.month)
        if MEASURES[claim.measure].kind == {"departed": "month", "tenure": "months"}[column]:
            asked.append(value)
    near = {int(value) + by for value in asked if isinstance(value, float) for by in (-1, 0, 1)}
    return sorted({first, last} | {number for number in near if first <= number <= last})


def _said(month: int | None, length: int, employer: str | None, role: str | None) -> Said:
    left = month is not None
    period = pd.Period(ordinal=month, freq="M") if left else pd.NaT
    return {
        "status": "left" if left else "stayed",
        "departed_low": period,
        "departed_high": period,
        "tenure_low": length,
        "tenure_high": length,
        "organisation": employer if left else None,
        "organisation_printed": employer if left else None,
        "role_then": role,
        "role_now": role,
    }


def _changed(authors: pd.DataFrame, said: Mapping[int, Said]) -> pd.DataFrame:
    """The rows, of which some say something else."""
    columns = list(next(iter(said.values())))
    frame = authors.copy()
    for column in columns:
        cells = frame[column]
        if column.startswith(("organisation", "role")):
            cells = cells.astype(object)
        cells = cells.copy()
        for place, row in said.items():
            cells.iloc[place] = row[column]
        frame[column] = cells.astype("category") if cells.dtype == object else cells
    return frame
