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

from collections.abc import Sequence

from ..edition import Edition
from ..ledger import Claim
from ..measures import MEASURES
from ..ranges import Verdict
from .counts import Count, Named
from .places import HowMany, Top
from .seen import Said, Seen
from .several import Agreeing, Disagreeing, Question, Turning
from .share import Share
from .statistics import STATISTICS, Statistic
from .turning import Turn, turn
from .words import said_rows, said_turn

__all__ = [
    "Question",
    "Turn",
    "Turning",
    "question",
    "question_of_readings",
    "said_rows",
    "said_turn",
    "turn",
]


def question(edition: Edition, claim: Claim) -> Question | None:
    """What would change the verdict on a claim; None where the table does not decide it."""
    cohort = edition.cohort
    name, expected = claim.measure, claim.expectation
    if name is None or expected is None:
        return None
    seen = Seen(cohort, name, claim.where, edition.narrowed(claim.where))
    if name in STATISTICS:
        return Statistic(seen, name, expected, cohort.start.month, cohort.article.as_of)
    if name == "share_departed":
        return Share(seen, expected)
    if name == "destinations":
        return HowMany(seen, expected)
    if name == "top_destination" and isinstance(expected.value, frozenset):
        (employer,) = cohort.in_english(expected.value, "organisation")
        return Top(seen, expected, employer)
    anybody_joins, anybody_leaves = any(seen.joins.values()), any(seen.leaves.values())
    if name == "names" and isinstance(expected.value, frozenset):
        names = cohort.in_english(expected.value, "name")
        return Named(seen, names, anybody_joins, anybody_leaves, expected)
    measure = MEASURES[name]
    if not measure.of:
        counted = seen.possible
        return Count(seen, counted, lambda _: True, anybody_joins, anybody_leaves, expected)
    counted = seen.left() if measure.of == "left" else seen.possible & ~seen.left()
    if measure.stating:
        counted &= seen.states(measure.stating)

    def counts(said: Said) -> bool:
        return said.status == measure.of and (said.with_role or not measure.stating)

    return Count(seen, counted, counts, seen.joins[measure.of], True, expected)


def question_of_readings(edition: Edition, readings: Sequence[tuple[Claim, Verdict]]) -> Turning:
    """The same for a claim that can be read in several ways, each with a verdict of its own."""
    asked = [question(edition, claim) for claim, _verdict in readings]
    questions = [each for each in asked if each is not None]
    claims, verdicts = zip(*readings, strict=True)
    if len(set(verdicts)) == 1 and verdicts[0] is not Verdict.INCONCLUSIVE:
        return Agreeing(questions)
    return Disagreeing(edition.cohort, claims, questions, verdicts)
