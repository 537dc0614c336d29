"""Is that unusual? One team's departures beside those of others, in words, a table and a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import measures, retention
from .cohort import ADDRESS, THE_DATA, Cohort, load_cohort
from .display import host, link
from .edition import NAMED_AT_MOST, Edition
from .errors import InputError, Problem, Problems, takes
from .findings import Finding, paragraph
from .language import Language, sentence, within
from .markup import Html, folded, table
from .places import find_cohort
from .ranges import Range
from .retention import Team

if TYPE_CHECKING:
    from .charts import Chart

COLUMNS = (
    "cohort", "title", "company", "counted", "left_low", "left_high", "half_gone_low",
    "half_gone_high",
)  # fmt: skip
"""What `compare --json` says of each team."""
LISTED_AT_MOST = 60


@dataclass(frozen=True, repr=False)
class Comparison:
    """Teams side by side up to a month, the first of them beside all the others.

    `teams`: each with its `curve`. `month`: the last month that is compared, counted from the one
    of publication, which is 0.
    """

    teams: tuple[Team, ...]
    month: int
    say: Language

    @cached_property
    def frame(self) -> pd.DataFrame:
        """How many of each team were still there at the end of each month.

        Columns `team`, `month`, `low`, `high`: a row a team and month, the teams in their order.
        """
        curves = [
            team.curve[team.curve["month"] <= self.month].assign(team=team.name)
            for team in self.teams
        ]
        return pd.concat(curves, ignore_index=True)[["team", "month", "low", "high"]]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row a team, with the columns of `compare --json`.

        `left_low` and `left_high`: how many had left by the last month. `half_gone_low` and
        `half_gone_high`: months, missing where half of the team was not gone by then.
        """
        frame = pd.DataFrame(self.to_json()["teams"], columns=list(COLUMNS))
        return frame.astype({"half_gone_low": "Int64", "half_gone_high": "Int64"})

    def to_json(self) -> dict[str, Any]:
        """What `compare --json` prints."""
        return {"month": self.month, "teams": [self._published(team) for team in self.teams]}

    def _published(self, team: Team) -> dict[str, Any]:
        gone = team.gone(self.month)
        values = (
            team.name, team.data.title, team.data.company, team.size, int(gone.low),
            int(gone.high), *team.half_gone(self.month),
        )  # fmt: skip
        return dict(zip(COLUMNS, values, strict=True))

    # --- in words

    @property
    def title(self) -> str:
        """How many of the first team had left, and how many others had lost as great a share."""
        say, first = self.say, self.teams[0]
        own = _had_left(say, first, self.month)
        if len(self.teams) == 1:
            return sentence(own)
        others = self.teams[1:]
        as_many = Range(
            sum(_lost_as_much(first, each, self.month, certainly=True) for each in others),
            sum(_lost_as_much(first, each, self.month, certainly=False) for each in others),
            step=1,
        )
        if len(others) == 1:
            text = (
                say("the other team had not lost as great a share")
                if as_many.high == 0
                else say("the other team had lost as great a share")
                if as_many.low == 1
                else say("the other team may have lost as great a share")
            )
        else:
            text = say.plural(
                "{number} of the {all} other teams had lost as great a share",
                "{number} of the {all} other teams had lost as great a share",
                int(as_many.high),
            )
            if as_many.high == 0:
                text = say("none of the {all} other teams had lost as great a share")
            elif as_many.low == len(others) == 2:
                text = say("both other teams had lost as great a share")
            elif as_many.low == len(others):
                text = say("all {all} other teams had lost as great a share")
            text = text.format(number=say.parts(as_many), all=say.count(len(others)))
        return sentence(say("{finding}; {other}").format(finding=own, other=text))

    @property
    def finding(self) -> Finding:
        """How many of each team had left, and why the comparison ends where it does."""
        say, others = self.say, self.teams[1:]
        if not others:
            alone = say("this team is compared with no other")
            return paragraph(say, self.title, alone)
        listed = [
            (
                say("{team} {lost} of {all}")
                if position
                else say("{team} had lost {lost} of {all}")
            ).format(
                lost=say.parts(each.gone(self.month)),
                all=say.count(each.size),
                team=f"{within(each.short)} ({each.data.company})",
            )
            for position, each in enumerate(others)
        ]
        shortest = retention.horizon(self.teams)
        if self.month < shortest.horizon:
            why = say("each team was followed for longer, up to month {month} at least").format(
                month=say.decimal(shortest.horizon, 0)
            )
        elif len({each.horizon for each in self.teams}) == 1:
            why = say("that is the last month for which any of them was followed")
        else:
            why = say(
                "the comparison stops at month {month}, where the table of {team} ends"
            ).format(month=say.decimal(self.month, 0), team=within(shortest.short))
        return paragraph(
            say,
            self.title,
            say("by then {teams}").format(teams=say.listed(listed))
            if len(others) <= NAMED_AT_MOST
            else "",
            self._later() if len(others) <= NAMED_AT_MOST else "",
            self._at_the_start(),
            why,
            *self._not_counted(),
        )

    def _at_the_start(self) -> str:
        """How many of the first team had left by the end of month 0."""
        team = self.teams[0]
        gone = team.gone(0)
        text = self.say.plural(
            "by the end of the month of {start}, {number} of {team} had already left",
            "by the end of the month of {start}, {number} of {team} had already left",
            int(gone.high),
        )
        text = text.format(
            number=self.say.parts(gone), team=within(team.short), start=team.data.starts
        )
        return text if gone.high and self.month else ""

    def _later(self) -> str:
        """How many of the other teams left after the last month that is compared."""
        say = self.say
        lost = [
            (team, len(measures.left(team.data.counted)), team.gone(self.month))
            for team in self.teams[1:]
        ]
        later = [
            (team, Range(all_in_all - gone.high, all_in_all - gone.low, step=1))
            for team, all_in_all, gone in lost
            if all_in_all > gone.low
        ]
        named = [
            self._left_later(team, number, first=not position)
            for position, (team, number) in enumerate(later)
        ]
        text = say("after that {teams}")
        return text.format(teams=say.listed(named)) if named else ""

    def _left_later(self, team: Team, number: Range, first: bool) -> str:
        """How many left a team, in a list of which only the first has a verb."""
        say, all_of_them = self.say, number.low == team.size > 1
        if all_of_them:
            text = say("all {all} of {team} left") if first else say("all {all} of {team}")
        else:
            text = say("{number} of {team} left") if first else say("{number} of {team}")
        return text.format(
            team=within(team.short), number=say.parts(number), all=say.count(team.size)
        )

    def _not_counted(self) -> list[str]:
        """Who is listed in a team and not counted, and what it would be if they had left, too."""
        say, texts = self.say, []
        for each in self.teams:
            rows = each.data.authors
            names = Edition(each.data).names(rows.loc[~rows["counted"], "name"])
            if not names:
                continue
            gone, number = each.gone(self.month), len(names)
            lost = Range(gone.low + number, gone.high + number, step=1)
            text = say.plural(
                "{people} ({team}) is not counted; count them among those who left, and it is"
                " {lost} of {all}",
                "{people} ({team}) are not counted; count them among those who left, and it is"
                " {lost} of {all}",
                number,
            )
            people = say.count(number) if number > NAMED_AT_MOST else say.listed(names)
            texts.append(
                text.format(
                    people=people,
                    team=within(each.short),
                    lost=say.parts(lost),
                    all=say.count(len(rows)),
                )
            )
        return texts

    @property
    def half_gone(self) -> Finding:
        """How many of the teams had lost half of their members by the last month."""
        say = self.say
        reached = [each.half_gone(self.month) for each in self.teams]
        number = Range(
            sum(last is not None for _first, last in reached),
            sum(first is not None for first, _last in reached),
            step=1,
        )
        month = say.decimal(self.month, 0)
        if len(self.teams) == 1:
            text = (
                say("by month {month}, half of the team had left")
                if number.low
                else say("by month {month}, half of the team may have left")
                if number.high
                else say("by month {month}, fewer than half of the team had left")
            )
            return paragraph(say, text.format(month=month))
        text = say.plural(
            "by month {month}, {number} of the {all} teams had lost at least half of its members",
            "by month {month}, {number} of the {all} teams had lost at least half of their members",
            int(number.high),
        )
        if number.high == 0:
            text = say(
                "by month {month}, none of the {all} teams had lost at least half of its members"
            )
        text = text.format(month=month, number=say.parts(number), all=say.count(len(self.teams)))
        named = [
            f"{within(team.short)} ({self._half_said(*when)})"
            for team, when in zip(self.teams, reached, strict=True)
            if when[0] is not None
        ]
        if 0 < len(named) <= NAMED_AT_MOST:
            text = f"{text}: {say.listed(named)}"
        return paragraph(say, text)

    @property
    def half_gone_frame(self) -> pd.DataFrame:
        """By when half of each team had left, in words: a row a team."""
        say, month = self.say, self.say.decimal(self.month, 0)
        return pd.DataFrame(
            {
                say("Team"): [team.label for team in self.teams],
                say("Company"): [team.data.company for team in self.teams],
                say("Left by month {month}").format(month=month): [
                    say("{lost} of {all}").format(
                        lost=say.digits(team.gone(self.month)), all=say.decimal(team.size, 0)
                    )
                    for team in self.teams
                ],
                say("Half of them by"): [
                    self._half_said(*team.half_gone(self.month)) for team in self.teams
                ],
            }
        )

    @property
    def rows_table(self) -> Html:
        """Who left the other teams when, and the page that says so, folded away.

        The people of a very big team are not listed.
        """
        say = self.say
        shown = [team for team in self.teams[1:] if len(team.data.authors) <= LISTED_AT_MOST]
        if not shown:
            return Html("", "", say)
        frame = pd.concat([_rows(team) for team in shown], ignore_index=True)
        listed = table(frame, say("Each member of the other teams"), say=say)
        summary = say("Each member of the other teams, with the source")
        return Html(folded(summary, listed.html, "listed"), listed.text, say)

    def _half_said(self, first: int | None, last: int | None) -> str:
        say = self.say
        if first is None:
            return say("not by month {month}").format(month=say.decimal(self.month, 0))
        if last is None:
            return say("month {month} or later").format(month=say.decimal(first, 0))
        if first == last:
            return say("month {month}").format(month=say.decimal(first, 0))
        return say("months {first} to {last}").format(
            first=say.decimal(first, 0), last=say.decimal(last, 0)
        )

    @property
    def still_there(self) -> Html:
        """How many of each team were still there, every so many months, folded away.

        What medical journals print beneath a survival curve (Morris and others, BMJ Open 2019).
        """
        say = self.say
        frame = pd.DataFrame(
            {say("Team"): [team.short for team in self.teams]}
            | {
                say("month {month}").format(month=say.decimal(month, 0)): [
                    say.digits(team.there(month)) for team in self.teams
                ]
                for month in self._milestones()
            }
        )
        shown = table(frame, say("How many were still there at the end of each month"), say=say)
        summary = say("How many were still there, month by month")
        return Html(folded(summary, shown.html, "listed"), shown.text, say)

    def _milestones(self) -> list[int]:
        """A few months from 0 to the last one."""
        step = next(step for step in (1, 3, 6, 12, 24, 60, 120, 600) if self.month <= 6 * step)
        return [*(m for m in range(0, self.month, step) if self.month - m >= step / 2), self.month]

    @property
    def chart(self) -> Chart:
        """A panel for each other team, with its step lines beside those of the first one."""
        from .charts import retention as draw

        return draw(self)

    def save(self, folder: str | Path) -> list[Path]:
        """Write the figure and the numbers in it into a folder, and return their paths."""
        into, chart = Path(folder), self.chart
        into.mkdir(parents=True, exist_ok=True)
        return [chart.save(into / f"{chart.name}.{ending}") for ending in ("svg", "png", "csv")]

    def __repr__(self) -> str:
        return f"<Comparison of {len(self.teams)} teams up to month {self.month}: {self.title}>"

    def _repr_html_(self) -> str:
        return self.finding._repr_html_() + self.still_there._repr_html_()


def _had_left(say: Language, team: Team, month: int) -> str:
    gone, size, last = team.gone(month), team.size, say.decimal(month, 0)
    if size == 1:
        text = (
            say("by month {month}, the only one had left {company}")
            if gone.low
            else say("by month {month}, the only one may have left {company}")
            if gone.high
            else say("by month {month}, the only one had not left {company}")
        )
    elif gone.low == size:
        text = (
            say("by month {month}, both had left {company}")
            if size == 2
            else say("by month {month}, all {all} had left {company}")
        )
    elif gone.high == 0:
        text = say("by month {month}, none of the {all} had left {company}")
    else:
        text = say.plural(
            "by month {month}, {lost} of the {all} had left {company}",
            "by month {month}, {lost} of the {all} had left {company}",
            int(gone.high),
        )
    return text.format(
        month=last, lost=say.parts(gone), all=say.count(size), company=team.data.company
    )


def _lost_as_much(first: Team, other: Team, month: int, certainly: bool) -> bool:
    own, theirs = first.gone(month), other.gone(month)
    if certainly:
        return theirs.low * first.size >= own.high * other.size
    return theirs.high * first.size >= own.low * other.size


def _rows(team: Team) -> pd.DataFrame:
    """The members of a team, as a reader sees them."""
    say, rows, edition = team.data.language, team.data.authors, Edition(team.data)
    as_of = say.month_name(team.data.article.as_of, short=True)
    stayed, aside = say("still there in {month}").format(month=as_of), say("not counted")
    return pd.DataFrame(
        {
            say("Team"): team.short,
            say("Name"): [
                name if counted else f"{name} ({aside})"
                for name, counted in zip(edition.names(rows["name"]), rows["counted"], strict=True)
            ],
            say("Left"): edition.departures(rows, stayed, short=True),
            say("Source"): [
                link(source, host(source) if ADDRESS.fullmatch(source) else say.source(source))
                for source in rows["source"]
            ],
        }
    )


# --- the front door


@takes(Cohort, THE_DATA)
def compare(data: Cohort, *others: Cohort | str | Path, month: int | None = None) -> Comparison:
    """A team beside others: how many of each had left, month by month after publication.

    Args:
        data: What `open_cohort` gives.
        others: Other cohorts, or their folders; those that its `cohort.toml` names in
            `compare_with`, if none are given.
        month: The last month to compare, counted from the one of publication, which is 0; the
            last one for which every team was followed, if not given.

    Returns:
        The comparison: its `frame`, `summary`, `finding`, `half_gone` and `chart`, and the tables
        `still_there` and `rows_table`.

    Raises:
        InputError: For a cohort that is faulty, one that is given twice, more than 12 of them, or a
            month for which not every team was followed.

    Example:
        >>> ah.compare(data).summary.loc[0, ["counted", "left_low"]].astype(int).tolist()
        [14, 11]
        >>> ah.compare(data, "gpt1", month=2).half_gone
        'By month 2, one of the two teams had lost at least half of its members: GPT-1 (month 2).'
    """
    return side_by_side([data, *opened(others or data.compare_with, data.language)], month)


def opened(given: Sequence[Cohort | str | Path], language: Language) -> list[Cohort]:
    """The cohorts themselves. Raises InputError with what is wrong with any of them."""
    problems, cohorts = Problems(), []
    for each in given:
        try:
            cohorts.append(
                each if isinstance(each, Cohort) else load_cohort(find_cohort(each), language.code)
            )
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return cohorts


def side_by_side(cohorts: Sequence[Cohort], month: int | None = None) -> Comparison:
    """The comparison of cohorts, the first beside the others."""
    compared = retention.teams(cohorts)
    shortest = retention.horizon(compared)
    last = shortest.horizon
    if month is not None and not 0 <= month <= last:
        what = f"cannot compare at month {month}"
        if month > last:
            what += f": {shortest.name} was followed up to month {last}"
        raise InputError([Problem("month", what, f"a month from 0 to {last}")])
    return Comparison(compared, last if month is None else month, cohorts[0].language)
