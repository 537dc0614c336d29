"""Teams side by side: how many of each were still there, month after month.

Month 0 is the month of publication, or of what else a team is counted from. Who is counted was
still there at the end of a month if the departure is later. Teams are compared only for as long as
every one of them was followed, so that nobody is censored and no estimator is needed: the two lines
of a team bound every possible truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path

import pandas as pd

from . import measures
from .cohort import Cohort
from .errors import InputError, Problem
from .files import place
from .others import TEAMS_AT_MOST
from .ranges import Range


@dataclass(frozen=True)
class Team:
    """One of the teams that are compared.

    `name` and `label` are the folder's name and the cohort's title, each told apart from those of
    the other teams; `short` is the label without the words that all labels begin or end with.
    """

    name: str
    label: str
    short: str
    data: Cohort

    @cached_property
    def size(self) -> int:
        """How many of its members are counted."""
        return len(self.data.counted)

    @property
    def horizon(self) -> int:
        """The last month, counted from month 0, of which its table speaks."""
        return self.data.article.as_of - self.data.start.month

    @cached_property
    def curve(self) -> pd.DataFrame:
        """Columns `month` (0 to the horizon), `low`, `high`: how many were still there at its end.

        `low` has those whose earliest possible departure is later, `high` those whose latest
        possible one is.
        """
        counts = measures.headcount(self.data)
        return pd.DataFrame(
            {
                "month": range(len(counts)),
                "low": counts["remaining_low"],
                "high": counts["remaining_high"],
            }
        )

    def there(self, month: int) -> Range:
        """How many were still there at the end of a month."""
        return Range(self.curve["low"].iloc[month], self.curve["high"].iloc[month], step=1)

    def gone(self, month: int) -> Range:
        """How many had left by the end of a month."""
        there = self.there(month)
        return Range(self.size - there.high, self.size - there.low, step=1)

    def half_gone(self, until: int) -> tuple[int | None, int | None]:
        """The first month by whose end half of the team may have left, and must have left.

        Month 0 where that was so before; None where it is not so by the end of month `until`.
        """
        curve = self.curve[self.curve["month"] <= until]
        first, last = (
            curve.loc[2 * (self.size - curve[end]) >= self.size, "month"] for end in ("low", "high")
        )
        return tuple(None if reached.empty else int(reached.iloc[0]) for reached in (first, last))  # type: ignore[return-value]


def teams(cohorts: Sequence[Cohort]) -> tuple[Team, ...]:
    """The cohorts as teams with names of their own, in the order given.

    Raises InputError for one that is given twice, and for more than can be compared.
    """
    if len(cohorts) > TEAMS_AT_MOST:
        what = f"{len(cohorts)} of them are given"
        raise InputError([Problem("teams", what, f"at most {TEAMS_AT_MOST}")])
    folders = [cohort.folder.resolve() for cohort in cohorts]
    twice = [folder for folder, times in Counter(folders).items() if times > 1]
    if twice:
        what = "is given twice: a team compared with itself says nothing"
        raise InputError([Problem(place(each), what, "each team once") for each in twice])
    titles = Counter(cohort.title for cohort in cohorts)
    names = _names(folders)
    labels = [
        cohort.title if titles[cohort.title] == 1 else f"{cohort.title} ({name})"
        for name, cohort in zip(names, cohorts, strict=True)
    ]
    return tuple(map(Team, names, labels, without_shared_words(labels), cohorts))


def without_shared_words(labels: Sequence[str]) -> list[str]:
    """The labels without the words with which all begin or end, if something is left of each."""
    words = [label.split() for label in labels]
    first, last = (_shared(each) for each in (words, [line[::-1] for line in words]))
    short = [" ".join(line[first : len(line) - last]) for line in words]
    return short if len(labels) > 1 and all(short) else list(labels)


def _shared(lines: Sequence[Sequence[str]]) -> int:
    """How many words all lines begin with."""
    return len(list(takewhile(lambda words: len(set(words)) == 1, zip(*lines, strict=False))))


def _names(folders: Sequence[Path]) -> list[str]:
    """The name of each folder, with those of the folders that hold it where two would be alike."""

    def ends(folder: Path, parts: int) -> tuple[str, ...]:
        return folder.parts[-parts:]

    def own(folder: Path) -> str:
        alike, parts = list(folders), 0
        while len(alike) > 1:
            parts += 1
            alike = [each for each in alike if ends(each, parts) == ends(folder, parts)]
        name = "/".join(ends(folder, max(parts, 1)))
        return name.encode("utf-8", "backslashreplace").decode()  # of any bytes

    return [own(folder) for folder in folders]


def horizon(compared: Sequence[Team]) -> Team:
    """The team that was followed for the shortest time; the first of several."""
    return min(compared, key=lambda team: team.horizon)
