"""Who left and who stayed, and where those who left are now."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .. import findings, measures
from ..cohort import THE_DATA, Cohort
from ..edition import NAMED_AT_MOST as IN_A_SENTENCE
from ..edition import Edition
from ..errors import takes
from ..language import Language
from ._chart import Chart, source_line
from ._sheet import (
    ACCENT,
    GREY,
    INK,
    MARK,
    NAMED_AT_MOST,
    PALE,
    SMALL,
    TEXT,
    Sheet,
    Weight,
    shortened,
    text_width,
    wrap,
)

BARS_AT_MOST = 20


@takes(Cohort, THE_DATA)
def departures(cohort: Cohort) -> Chart:
    """Every author as a mark in the paper's order: who left and who stayed.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        The figure: a notebook draws it, `save` writes it to a file.

    Example:
        >>> ah.charts.departures(data).title
        '11 of the 14 authors have left Meta'
    """
    say = cohort.language
    authors = Edition(cohort).said(cohort.authors)
    as_of = say.month_name(cohort.article.as_of)
    gone = (authors["status"] == "left").to_numpy()
    named = len(authors) <= NAMED_AT_MOST

    def draw(sheet: Sheet) -> None:
        if named:
            _draw_marks(sheet, authors["name"].tolist(), gone)
        else:
            _draw_share(sheet, gone)

    title = findings.departures_title(cohort)
    return Chart(
        name="departures",
        title=title,
        subtitle=say("Authors in the paper's order, as of {month}").format(month=as_of)
        if named
        else say("Share of the {credited} authors, as of {month}").format(
            credited=say.decimal(len(authors), 0), month=as_of
        ),
        alt=f"{title}. {_departures_alt(say, authors, gone, named)}",
        data=pd.DataFrame({"author": authors["name"], "status": authors["status"].astype(str)})
        if named
        else pd.DataFrame(
            {"status": ["left", "stayed"], "authors": [int(gone.sum()), int((~gone).sum())]}
        ),
        source=source_line(cohort),
        say=say,
        draw=draw,
    )


def _departures_alt(say: Language, authors: pd.DataFrame, gone: np.ndarray, named: bool) -> str:
    if not named:
        return say("One bar, divided into those who left and those who stayed.")
    if gone.all():
        return say("Each author is a filled mark.")
    if not gone.any():
        return say("Each author is a hollow mark.")
    stayed = authors.loc[~gone, "name"].tolist()
    return say("Each author is a mark; {left} filled, {remaining} hollow{names}.").format(
        left=say.decimal(gone.sum(), 0),
        remaining=say.decimal(len(stayed), 0),
        names=say(": {names}").format(names=say.listed(stayed))
        if len(stayed) <= IN_A_SENTENCE
        else "",
    )


def _draw_marks(sheet: Sheet, names: Sequence[str], gone: np.ndarray) -> None:
    if sheet.narrow:
        columns = 1 if len(names) <= 20 else 2
    else:
        columns = 1 if len(names) <= 4 else 2 if len(names) <= 20 else 3
    rows = math.ceil(len(names) / columns)
    row, top, pitch = 20.0 if len(names) <= 30 else 17.0, 26.0, sheet.width / columns
    axes = sheet.axes(rows * row + top, bottom=0, across=(0, sheet.width))
    axes.set_axis_off()
    _draw_key(sheet, axes, gone)
    for index, (name, left) in enumerate(zip(names, gone, strict=True)):
        x, y = (index // rows) * pitch, top + (index % rows + 0.5) * row
        weight: Weight = "regular" if left else "bold"
        _draw_mark(axes, x + 6, y, 10, bool(left))
        sheet.label(axes, x, y, shortened(name, pitch - 28, TEXT, weight), 20, weight=weight)


def _draw_mark(axes: Axes, x: float, y: float, size: float, left: bool) -> None:
    edge, face = (ACCENT, ACCENT) if left else (INK, "white")
    axes.plot(x, y, "o", ms=size, mec=edge, mfc=face, mew=1.2, clip_on=False)


def _draw_key(sheet: Sheet, axes: Axes, gone: np.ndarray) -> None:
    """What the marks mean, with how many there are of each."""
    say = sheet.say
    x = 6.0
    for number, left, text in (
        (gone.sum(), True, say("left")),
        ((~gone).sum(), False, say("stayed")),
    ):
        if not number:
            continue
        written = f"{say.decimal(number, 0)} {text}"
        _draw_mark(axes, x, 8, 8, left)
        sheet.label(axes, x, 8, written, 10, weight="bold", colour=ACCENT if left else INK)
        x += 10 + text_width(written, TEXT, "bold") + 26


def _draw_share(sheet: Sheet, gone: np.ndarray) -> None:
    say = sheet.say
    axes = sheet.axes(56, bottom=0)
    axes.set_axis_off()
    share = gone.mean()
    axes.barh(40, share, height=26, color=ACCENT, lw=0)
    axes.barh(40, 1 - share, left=share, height=26, color=PALE, lw=0)
    if gone.any():
        sheet.label(
            axes, 0, 14, f"{say.decimal(gone.sum(), 0)} {say('left')}", weight="bold", colour=ACCENT
        )
    if not gone.all():
        sheet.label(
            axes,
            1,
            14,
            f"{say.decimal((~gone).sum(), 0)} {say('stayed')}",
            weight="bold",
            ha="right",
        )


# --- destinations


@dataclass(frozen=True)
class _Place:
    """An organisation, who is there now, and whether it is the finding."""

    name: str
    people: list[str]
    accented: bool

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
        'Five of the 11 who left are at Mistral now'
    """
    say = cohort.language
    rows = measures.left(cohort.authors)
    places = _places(Edition(cohort), rows)
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
        say("Employers as of {month}, one mark for each author who left {company}")
        if named
        else say("Employers as of {month}, number of authors who left {company}")
        if len(places) <= BARS_AT_MOST
        else say(
            "Employers as of {month}, number of authors who left {company}; the {shown} largest"
        )
    )
    numbers = {
        "organisation": [place.name for place in places],
        "authors": [place.number for place in places],
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
    )


def _places(edition: Edition, rows: pd.DataFrame) -> list[_Place]:
    """The organisations, most frequent first; none where the article states none at all."""
    ranking = measures.destination_counts(rows)
    if ranking.empty:
        return []
    most = ranking["authors"].max()
    employer = rows["organisation"].astype(object)
    places = [
        # A lone mark is no finding.
        _Place(
            edition.organisation(place),
            edition.names(sorted(rows.loc[employer == place, "name"])),
            bool(number == most > 1),
        )
        for place, number in zip(ranking["organisation"], ranking["authors"], strict=True)
    ]
    if employer.isna().any():
        unplaced = edition.names(sorted(rows.loc[employer.isna(), "name"]))
        places.append(_Place(edition.say("not stated"), unplaced, False))
    return places


def _draw_people(sheet: Sheet, places: Sequence[_Place]) -> None:
    """An organisation a block: its marks, as many in a line as fit, beside or above its names."""
    say = sheet.say
    pitch, line = 15.0, 13.0
    column = sheet.width * (0.42 if sheet.narrow else 0.3)
    headings = [wrap(place.name, column, TEXT, place.weight) for place in places]
    margin = 10 + max(
        text_width(text, TEXT, place.weight)
        for place, lines in zip(places, headings, strict=True)
        for text in lines
    )
    width = sheet.width - margin
    across = int(width // pitch)
    blocks = []
    for place, heading in zip(places, headings, strict=True):
        names = say.listed(place.people)
        beside = place.number * pitch + text_width(names, SMALL) + 6 <= width
        marks = math.ceil(place.number / across) * pitch
        lines = [names] if beside else wrap(names, width, SMALL)
        height = 9 + line if beside else 12 + marks + line * len(lines)
        at = (place.number * pitch + 6, 0.0) if beside else (0.0, marks + 2)
        blocks.append((place, heading, lines, at, max(height, 9 + line * len(heading))))
    height = sum(height for *_block, height in blocks)
    axes = sheet.axes(height, start=margin, bottom=0, across=(0, width))
    axes.set_axis_off()
    y = 11.0
    for place, heading, lines, (right, down), height in blocks:
        index = np.arange(place.number)
        x, below = 6 + index % across * pitch, index // across * pitch
        axes.plot(x, y + below, "o", ms=10, mew=0, color=place.colour, clip_on=False)
        for k, text in enumerate(heading):
            sheet.label(axes, 0, y + line * k, text, -margin, weight=place.weight)
        for k, text in enumerate(lines):
            sheet.label(axes, right, y + down + line * k, text, size=SMALL, colour=GREY)
        y += height


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
    numbers = [f"{place.name} {say.decimal(place.number, 0)}" for place in places[:12]]
    more = len(places) - len(numbers)
    if more:
        numbers.append(
            say.plural("{count} more organisation", "{count} more organisations", more).format(
                count=say.decimal(more, 0)
            )
        )
    return say("{title}. Authors at each: {numbers}.").format(
        title=title, numbers=say.listed(numbers)
    )
