"""What would change a verdict: how few rows of the table would have to say something else.

After the fragility index of clinical trials (Walsh et al., Journal of Clinical Epidemiology 2014):
the least number of patients who would have to fare otherwise for a result to turn.

A changed row says something exact and legal: its person stayed, for a number of months; or left in
one month from the year 1900 to `as_of`, after a number of months from 0 to the longest that
`authors.csv` can state, for any one employer, with a role or without. Its name stays, and rows are
neither added nor removed.

The number is exact, but for `=` and `!=` a share, a length or a month. Those may turn in between
the ends that there can be; then fewer rows than the ends take are tried in every combination, up to
a few thousand of them. Where there are more, the number is an upper bound and `exact` is False.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ..cohort import Cohort
from ..ledger import Claim
from ..measures import MEASURES
from .counts import Count, Named
from .places import HowMany, Top
from .seen import Seen
from .share import Share
from .statistics import STATISTICS, Statistic


class Question(Protocol):
    """What would change the verdict on one claim."""

    def least(self) -> tuple[int | None, bool]:
        """The least number of rows, None where none can; and whether it is exact."""

    def alone(self) -> np.ndarray:
        """Where it is one: which rows could turn the verdict, each by itself."""


def question(cohort: Cohort, claim: Claim) -> Question | None:
    """What would change the verdict on a claim; None where the table does not decide it."""
    name, expected = claim.measure, claim.expectation
    if name is None or expected is None:
        return None
    seen = Seen(cohort, claim.where)
    if name in STATISTICS:
        return Statistic(seen, name, expected, cohort.start.month, cohort.article.as_of)
    if name == "share_departed":
        return Share(seen, expected)
    if name in ("destinations", "top_destination"):
        allowed = claim.where.get("organisation")
        english: set[str] = set()
        if allowed is not None and isinstance(allowed.value, frozenset):
            english = cohort.in_english(allowed.value, "organisation")
        if name == "destinations" or not isinstance(expected.value, frozenset):
            return HowMany(seen, allowed, english, expected)
        (employer,) = cohort.in_english(expected.value, "organisation")
        return Top(seen, allowed, english, expected, employer)
    anybody_joins, anybody_leaves = any(seen.joins.values()), any(seen.leaves.values())
    if name == "names" and isinstance(expected.value, frozenset):
        names = cohort.in_english(expected.value, "name")
        return Named(seen, names, anybody_joins, anybody_leaves)
    measure = MEASURES[name]
    if not measure.of:
        everybody = np.ones(len(seen.authors), dtype=bool)
        return Count(seen, everybody, anybody_joins, anybody_leaves, expected)
    counted = seen.left() if measure.of == "left" else seen.possible & ~seen.left()
    if measure.stating:
        counted &= seen.states(measure.stating)
    return Count(seen, counted, seen.joins[measure.of], True, expected)
