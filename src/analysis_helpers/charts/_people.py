"""Where those who left are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .. import findings, measures
from ..cohort import THE_DATA, Cohort
from ..edition import Edition
from ..errors import takes
from ..language import Language
from ._chart import Chart, names_in, source_line
from ._sheet import (
    ACCENT,
    GREY,
    MARK,
    NAMED_AT_MOST,
    SMALL,
    TEXT,
    Sheet,
    Weight,
    text_width,
    wrap,
)

BARS_AT_MOST = 20


@dataclass(frozen=True)
class _Place:
    """An organisation, who is there now and since when gone, and whether it is the finding.

    `stated` is False for the place of those whose organisation is not.
    """

    name: str
    people: list[str]
    gone: list[str]
    accented: bool
    stated: bool = True

    @property
    def number(self) -> int:
        return len(self.people)

    @property
    def weight(self) -> Weight:
        return "bold" if self.accented else "regular"

    @property
    def colour(self) -> str:
        return ACCENT if self.accented else MARK


@takes(Cohort, THE_DATA)
def destinations(cohort: Cohort) -> Chart:
    """Current employers of those who left, each person a mark; last, those with none stated.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        The figure: a notebook draws it, `save` writes it to a file.

    Example:
        >>> ah.charts.destinations(data).title
        'Five of the 11 who left were at Mistral in May 2025'
    """
    say = cohort.language
    rows = measures.left(cohort.counted)
    edition = Edition(cohort)
    places = _places(edition, rows)
    title = findings.destinations_title(cohort)
    named = len(rows) <= NAMED_AT_MOST

    def draw(sheet: Sheet) -> None:
        if not places:
            sheet.nothing(say("There is no destination to plot."))
        elif named:
            _draw_people(sheet, places)
        else:
            _draw_bars(sheet, places[:BARS_AT_MOST])

    subtitle = (
        say("Employers as of {month}; a dot for each of those who left, with the month of leaving")
        if named
        else say("Employers as of {month}, how many of those who left {company} are there")
        if len(places) <= BARS_AT_MOST
        else say(
            "Employers as of {month}, how many of those who left {company} are there; the {shown}"
            " largest"
        )
    )
    numbers = {
        "organisation": [place.name for place in places],
        "people": [place.number for place in places],
    }
    names = {"names": ["; ".join(place.people) for place in places]}
    return Chart(
        name="destinations",
        title=title,
        subtitle=subtitle.format(
            month=say.month_name(cohort.article.as_of), company=cohort.company, shown=BARS_AT_MOST
        ),
        alt=_destinations_alt(say, title, places),
        data=pd.DataFrame(numbers | names if named else numbers),
        source=source_line(cohort),
        say=say,
        draw=draw,
        names=names_in(edition),
    )


def _places(edition: Edition, rows: pd.DataFrame) -> list[_Place]:
    """The organisations, most frequent first, then by the first departure; none if none is stated.

    The people of each stand in the order in which they left, those who are not dated last.
    """
    ranking = measures.destination_counts(rows)
    if ranking.empty:
        return []
    most = ranking["authors"].max()
    low, high = measures.departure_ends(rows)
    undated = findings.undated(edition.cohort, rows)
    order = np.lexsort([rows["name"].to_numpy(str), high, np.where(undated, high + 0.5, low)])
    said = rows[["name", "organisation"]]  # no other column is copied for every organisation
    ordered = said.assign(first=low, last=high, undated=undated).iloc[order]
    employer = ordered["organisation"].astype(object)
    firsts = ordered.groupby(employer)["first"].min()
    ranking = ranking.assign(first=ranking["organisation"].map(firsts)).sort_values(
        ["authors", "first", "organisation"], ascending=[False, True, True]
    )

    def place(name: str, there: pd.DataFrame, accented: bool, stated: bool = True) -> _Place:
        gone = [
            edition.say("not dated") if unknown else edition.say.month_span(first, last, short=True)
            for first, last, unknown in zip(
                there["first"], there["last"], there["undated"], strict=True
            )
        ]
        return _Place(name, edition.names(there["name"]), gone, accented, stated)

    places = [
        # A lone mark is no finding.
        place(edition.organisation(each), ordered[employer == each], bool(number == most > 1))
        for each, number in zip(ranking["organisation"], ranking["authors"], strict=True)
    ]
    if employer.isna().any():
        places.append(place(edition.say("not stated"), ordered[employer.isna()], False, False))
    return places


def _draw_people(sheet: Sheet, places: Sequence[_Place]) -> None:
    """An organisation a block, in it a line a person: a mark, the name, the month of leaving."""
    say, line, gap, indent = sheet.say, 15.0, 7.0, 16.0
    column = sheet.width * (0.36 if sheet.narrow else 0.3)
    headings = [wrap(place.name, column, TEXT, place.weight) for place in places]
    margin = 10 + max(
        text_width(text, TEXT, place.weight)
        for place, lines in zip(places, headings, strict=True)
        for text in lines
    )
    width = sheet.width - margin
    blocks = [
        [
            wrap(say("{name}, {months}").format(name=name, months=months), width - indent, SMALL)
            for name, months in zip(place.people, place.gone, strict=True)
        ]
        for place in places
    ]
    heights = [
        line * max(len(heading), sum(map(len, people)))
        for heading, people in zip(headings, blocks, strict=True)
    ]
    axes = sheet.axes(sum(heights) + gap * len(places), start=margin, bottom=0, across=(0, width))
    axes.set_axis_off()
    top = line / 2
    for place, heading, people, height in zip(places, headings, blocks, heights, strict=True):
        for k, text in enumerate(heading):
            sheet.label(axes, 0, top + line * k, text, -margin, weight=place.weight)
        y, marks = top, []
        for lines in people:
            marks.append(y)
            for text in lines:
                sheet.label(axes, indent, y, text, size=SMALL, colour=GREY)
                y += line
        axes.plot([5] * len(marks), marks, "o", ms=8, mew=0, color=place.colour, clip_on=False)
        top += height + gap


def _draw_bars(sheet: Sheet, places: Sequence[_Place]) -> None:
    say = sheet.say
    row = 18.0
    names, margin = sheet.name_column([place.name for place in places])
    most = max(place.number for place in places)
    axes = sheet.axes(row * len(places), start=margin, end=50, bottom=0, across=(0, most))
    axes.set_axis_off()
    for index, place in enumerate(places):
        y = (index + 0.5) * row
        axes.barh(y, place.number, height=row * 0.6, lw=0, color=place.colour)
        sheet.label(axes, place.number, y, say.decimal(place.number, 0), 5, size=SMALL)
    sheet.write_names(axes, names, row, margin)


def _destinations_alt(say: Language, title: str, places: Sequence[_Place]) -> str:
    if not places:
        return f"{title}."
    named = [place for place in places if place.stated]
    numbers = [f"{place.name} {say.decimal(place.number, 0)}" for place in named[:12]]
    more = len(named) - len(numbers)
    if more:
        numbers.append(
            say.plural("{count} more organisation", "{count} more organisations", more).format(
                count=say.decimal(more, 0)
            )
        )
    text = say("How many are at each: {numbers}").format(numbers=say.listed(numbers))
    for place in places[len(named) :]:
        missing = say("not stated for {count}").format(count=say.decimal(place.number, 0))
        text = f"{text}; {missing}"
    return f"{title}. {text}."
