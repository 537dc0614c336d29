"""How many were still there, month by month."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .. import findings, measures, months
from ..cohort import THE_DATA, Cohort
from ..edition import Edition
from ..errors import takes
from ..language import sentence
from ._chart import Chart, names_in, source_line
from ._sheet import ACCENT, GREY, LINE, PALE, SMALL, TEXT, Sheet, text_width
from ._timeline import limits_of

NAMED_AT_MOST = 2
"""As many people whose month is loose have room in the subtitle."""


@takes(Cohort, THE_DATA)
def headcount(cohort: Cohort) -> Chart:
    """How many were still there month by month, with the events that fit.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        The figure: a notebook draws it, `save` writes it to a file.

    Example:
        >>> ah.charts.headcount(data).title
        'Half of the authors had left by June 2023, four months after the paper'
    """
    say = cohort.language
    authors = cohort.counted
    first, last = limits_of(cohort)
    rows = measures.left(authors)
    title = findings.half_gone(cohort).rstrip(".")

    def draw(sheet: Sheet) -> None:
        most = len(authors)
        left = text_width(say.decimal(most, 0), SMALL) + 10
        axes = sheet.axes(150 + LINE, left, 30, across=(first, last), time=True)
        axes.set_ylim(0, most * (150 + LINE) / 150 * 1.02)
        sheet.time_ticks(axes)
        _draw_events(sheet, axes, cohort, most * 1.06)
        _draw_steps(axes, *_step_ends(rows, first), most, first, last)
        _label_steps(sheet, axes, cohort, most, len(rows))

    curve = measures.headcount(authors, first, cohort.article.as_of)
    return Chart(
        name="headcount",
        title=title,
        subtitle=_subtitle(cohort),
        alt=_headcount_alt(cohort, title, len(authors), len(authors) - len(rows)),
        data=pd.DataFrame(
            {
                "month": curve["month"].astype(str),
                "remaining_at_least": curve["remaining_low"],
                "remaining_at_most": curve["remaining_high"],
            }
        ),
        source=source_line(cohort),
        say=say,
        draw=draw,
        names=names_in(Edition(cohort)),
    )


def _subtitle(cohort: Cohort) -> str:
    """What is plotted; what the shading means, where there is any."""
    say = cohort.language
    text = say("how many of the {count} {people} were still at {company}, by month").format(
        count=say.count(len(cohort.counted)), people=cohort.people, company=cohort.company
    )
    if len(cohort.counted) == 1:
        text = say("whether the {person} was still at {company}, by month").format(
            person=cohort.person, company=cohort.company
        )
    gone = measures.left(cohort.counted)
    low, high = measures.departure_ends(gone)
    loose = Edition(cohort).names(gone["name"][low < high])
    if 0 < len(loose) <= NAMED_AT_MOST:
        text += "; " + say("shaded: the exact month of {people} is not known").format(
            people=say.listed(loose)
        )
    elif loose:
        text += "; " + say("shaded: exact months are not known")
    return sentence(text)


def _draw_events(sheet: Sheet, axes: Axes, cohort: Cohort, top: float) -> None:
    """The start and the events whose labels stand over their own marks without touching.

    The label of the start begins at its mark where it would stand over the number at the side.
    """
    start = cohort.start.date
    marks = [(start, cohort.starts)]
    marks += zip(cohort.events["date"], cohort.events["label"], strict=True)
    taken: list[tuple[float, float]] = []
    first, last = axes.get_xlim()
    for number, (date, label) in enumerate(marks):
        month = months.ordinal(date.year, date.month) + (date.day - 1) / 31
        if not first <= month <= last:
            continue
        at, half = sheet.across(axes, month), text_width(label, SMALL) / 2 + 4
        centre = min(max(at, half), sheet.width - half)
        if number == 0 and centre - half < sheet.left:
            centre = at + half
        elif abs(centre - at) > half - 6 or any(
            centre - half < end and begin < centre + half for begin, end in taken
        ):
            continue
        taken.append((centre - half, centre + half))
        axes.plot([month, month], [0, top * 0.97], color=PALE, lw=0.8, zorder=0, clip_on=False)
        sheet.write_at(axes, centre - half + 4, top, label, size=SMALL, colour=GREY)


def _step_ends(rows: pd.DataFrame, first: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the two step lines fall, each in order; a departure lies in the middle of its month."""
    low, high = measures.departure_ends(rows)
    return np.sort(np.maximum(low, first - 0.5)) + 0.5, np.sort(high) + 0.5


def _draw_steps(
    axes: Axes, low: np.ndarray, high: np.ndarray, authors: int, first: float, last: float
) -> None:
    """The fewest and the most that can have remained, and what lies between."""
    moments = np.unique(np.concatenate([low, high]))
    x = np.concatenate([[first], np.repeat(moments, 2), [last]])
    lines = []
    for ends in (low, high):
        before, after = (
            authors - np.searchsorted(ends, moments, side="left"),
            authors - np.searchsorted(ends, moments, side="right"),
        )
        steps = np.column_stack([before, after]).ravel()
        lines.append(np.concatenate([[authors], steps, [authors - len(low)]]))
    axes.fill_between(x, lines[0], lines[1], color=ACCENT, alpha=0.28, lw=0, zorder=5)
    for line in lines:
        axes.plot(x, line, color=ACCENT, lw=1.8, zorder=5, solid_joinstyle="miter")


def _label_steps(sheet: Sheet, axes: Axes, cohort: Cohort, most: int, left: int) -> None:
    """How many there were, when half had left, and how many remained."""
    say = sheet.say
    axes.set_yticks([])
    first, last = axes.get_xlim()
    sheet.label(axes, first, most, say.decimal(most, 0), -4, weight="bold", ha="right")
    if left < most:
        sheet.label(axes, first, 0, say.decimal(0, 0), -4, colour=GREY, ha="right")
    half = measures.half_gone(cohort)
    said = None
    if half is not None and half.is_exact and most > 2:
        said = _mark_half(sheet, axes, cohort, half.low + cohort.start.month)
    if left and said != most - left:
        sheet.label(axes, last, most - left, say.decimal(most - left, 0), 4, weight="bold")


def _mark_half(sheet: Sheet, axes: Axes, cohort: Cohort, month: float) -> int | None:
    """A dot where half had left, and how many remained at the end of that month.

    Returns that number; None where it is a range.
    """
    say, most = sheet.say, len(cohort.counted)
    low, high = measures.departure_ends(measures.left(cohort.counted))
    least, remaining = most - int((low <= month).sum()), most - int((high <= month).sum())
    axes.plot(month + 0.5, remaining, "o", ms=7, color=ACCENT, zorder=6)
    text = say("{count} in {month}")
    if not sheet.narrow:
        text = say.plural("{count} still there in {month}", "{count} still there in {month}", least)
    text = text.format(
        count=say.spanned(say.decimal(least, 0), say.decimal(remaining, 0)),
        month=say.month_name(month),
    )
    # The lines fall: above them it is free to the right, below them to the left.
    right = sheet.across(axes, month + 0.5) + 8
    if right + text_width(text, TEXT, "bold") <= sheet.across(axes, axes.get_xlim()[1]):
        y = remaining + most * 0.06
        sheet.label(axes, month + 0.5, y, text, 8, weight="bold", boxed=TEXT)
    else:
        y = max(least - most * 0.06, most * 0.06)
        sheet.label(axes, month + 0.5, y, text, -8, weight="bold", ha="right")
    return remaining if least == remaining else None


def _headcount_alt(cohort: Cohort, title: str, credited: int, remaining: int) -> str:
    say = cohort.language
    shape = (
        say("Flat line at {all}")
        if remaining == credited
        else say("Step line falling from {all} to {remaining}")
    ).format(all=say.decimal(credited, 0), remaining=say.decimal(remaining, 0))
    return f"{shape}. {title}."
