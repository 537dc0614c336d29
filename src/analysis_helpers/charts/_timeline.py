"""When those who left did so: a line a person, and the headcount month by month."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from .. import findings, measures, months
from ..claims import Decision, Ledger
from ..cohort import THE_DATA, Cohort
from ..edition import Edition
from ..errors import takes
from ..language import sentence
from ..measures import Condition
from ..ranges import Verdict
from ._chart import Chart, source_line
from ._sheet import (
    ACCENT,
    GREY,
    INK,
    MARK,
    NAMED_AT_MOST,
    PALE,
    SMALL,
    Sheet,
    Side,
    Weight,
    shortened,
    spread,
    text_width,
    wrap,
)

LINE = 12.0
"""From one line of small text to the next."""

WINDOWS_AT_MOST = 6

_Down = Callable[[float], float]
"""How far down a month lies, in points."""


# --- who left when


@takes(Cohort, THE_DATA)
def timeline(cohort: Cohort, ledger: Ledger | None = None) -> Chart:
    """Who left when, and over it what the article says of a window of time and what was found.

    Args:
        cohort: What `open_cohort` gives.
        ledger: The decided claims; those about departures in a window of time are drawn.

    Returns:
        The figure: a notebook draws it, `save` writes it to a file.

    Example:
        >>> ah.charts.timeline(data, ledger).title
        '11 of the 14 authors have left Meta, seven of them by June 2023'
    """
    edition = Edition(cohort)
    say = cohort.language
    authors = _in_order(edition.said(cohort.counted))
    limits = _limits(cohort)
    windows = _windows(ledger, limits)
    named = len(authors) <= NAMED_AT_MOST
    top = _common_employer(cohort)
    title = findings.departures_by_title(cohort)
    months_of = {
        end: authors[f"departed_{end}"].astype(str).where(authors[f"departed_{end}"].notna(), "")
        for end in ("low", "high")
    }

    def draw(sheet: Sheet) -> None:
        drawing = _Timeline(sheet, cohort, authors, limits, windows, top)
        if not named:
            drawing.draw_counts()
        elif sheet.narrow:
            drawing.draw_downwards()
        else:
            drawing.draw_rows()

    return Chart(
        name="timeline",
        title=title,
        subtitle=_timeline_subtitle(edition, named, top),
        alt=_timeline_alt(cohort, title, windows, named),
        data=pd.DataFrame(
            {
                "name": authors["name"],
                "status": authors["status"].astype(str),
                "left_at_earliest": months_of["low"],
                "left_at_latest": months_of["high"],
            }
        )
        if named
        else _by_month(authors, limits),
        source=source_line(cohort),
        say=say,
        draw=draw,
    )


def _in_order(authors: pd.DataFrame) -> pd.DataFrame:
    """Who left first comes first, who may have left earlier before; who stayed comes last."""
    low, high = measures.departure_ends(authors)
    order = np.lexsort([np.nan_to_num(high, nan=math.inf), np.nan_to_num(low, nan=math.inf)])
    return authors.iloc[order]


def _limits(cohort: Cohort) -> tuple[int, int]:
    """From a month before anything happens to the end of the article's last month."""
    first = measures.first_departure(cohort.counted)
    marks = [cohort.start.month, cohort.article.as_of]
    if first is not None:
        marks += [int(end) for end in (first.low, first.high) if math.isfinite(end)]
    return min(marks) - 1, cohort.article.as_of + 1


def _common_employer(cohort: Cohort) -> str | None:
    """The clean name of the one employer that several of those who left share."""
    ranking = measures.destination_counts(cohort.counted)["authors"].tolist()
    found = measures.top_destination(cohort.counted)
    shared = found is not None and len(found.possible) == 1 and ranking[0] > 1
    return found.possible[0] if found is not None and shared else None


def _timeline_subtitle(edition: Edition, named: bool, top: str | None) -> str:
    say, cohort = edition.say, edition.cohort
    if not named:
        return say("Departures a month, and what the article says of them")
    text = say("A line for each of the {people}, up to the month of leaving {company}")
    if top is not None:
        text = say(
            "A line for each of the {people}, up to the month of leaving {company}; blue: now at"
            " {organisation}"
        )
    return text.format(
        people=cohort.people,
        company=cohort.company,
        organisation=edition.organisation(top or ""),
    )


def _timeline_alt(cohort: Cohort, title: str, windows: Sequence[_Window], named: bool) -> str:
    say = cohort.language
    kind = (
        say("A line a person, in the order in which they left")
        if named
        else say("A bar a month, as high as the number who left in it")
    )
    parts = [title, findings.timeline_title(cohort), kind]
    if windows:
        said = "; ".join(f"“{window.says}” – {window.result}" for window in windows)
        parts.append(say("over it, what the article says: {windows}").format(windows=said))
    return " ".join(f"{sentence(part)}." for part in parts)


def _by_month(authors: pd.DataFrame, limits: tuple[int, int]) -> pd.DataFrame:
    """Columns: `month`, `departures_at_least`, `departures_at_most`; every month there is."""
    low, high = measures.departure_ends(measures.left(authors))
    counted = np.arange(limits[0] + 1, limits[1])
    exact = low == high
    certain = [int((exact & (high == month)).sum()) for month in counted]
    possible = [int(((low <= month) & (month <= high)).sum()) for month in counted]
    return pd.DataFrame(
        {
            "month": months.periods(counted.astype(float)).astype(str),
            "departures_at_least": certain,
            "departures_at_most": possible,
        }
    )


@dataclass(frozen=True)
class _Window:
    """A claim about departures in a window of time: its months, and what was found in them."""

    first: float
    last: float
    says: str
    result: str
    holds: bool


def _windows(ledger: Ledger | None, limits: tuple[int, int]) -> list[_Window]:
    """The claims that count departures in a part of the time; of many, those that do not hold."""
    found: list[_Window] = []
    for decision in ledger or ():
        for each in getattr(decision, "readings", ()) or (decision,):
            window = _window(each, limits)
            if window is not None:
                found.append(window)
    if len(found) > WINDOWS_AT_MOST:
        found = sorted(found, key=lambda window: window.holds)[:WINDOWS_AT_MOST]
    return sorted(found, key=lambda window: (window.last, window.first))


def _window(decision: Decision, limits: tuple[int, int]) -> _Window | None:
    claim = decision.claim
    condition = claim.where.get("departed")
    if condition is None or claim.measure not in ("departed", "share_departed"):
        return None
    span = _months_of(condition, limits)
    if span is None:
        return None
    say = decision.edition.say
    return _Window(
        *span,
        says=decision.says.rstrip("."),
        result=say("{found} found, {needed} needed").format(
            found=decision.found, needed=decision.expected
        ),
        holds=decision.verdict is Verdict.SUPPORTED,
    )


def _months_of(condition: Condition, limits: tuple[int, int]) -> tuple[float, float] | None:
    """The first and the last month that a condition leaves; None where that is all or nothing."""
    if not isinstance(condition.value, float):
        return None
    first, last, value = limits[0] + 1, limits[1] - 1, condition.value
    match condition.operator:
        case "<=" | "<":
            last = min(last, int(value) - (condition.operator == "<"))
        case ">=" | ">":
            first = max(first, int(value) + (condition.operator == ">"))
        case "=":
            first, last = max(first, int(value)), min(last, int(value))
        case _:
            return None
    if first > last or (first, last) == (limits[0] + 1, limits[1] - 1):
        return None
    return first, last


@dataclass
class _Timeline:
    """The drawing of a timeline; a month is as long as it is, so it ends where the next begins."""

    sheet: Sheet
    cohort: Cohort
    authors: pd.DataFrame
    limits: tuple[int, int]
    windows: Sequence[_Window]
    top: str | None

    def __post_init__(self) -> None:
        self.low, self.high = measures.departure_ends(self.authors)
        self.low = np.maximum(self.low, self.limits[0])
        self.gone = (self.authors["status"] == "left").to_numpy()
        self.colours = [
            ACCENT if self.top is not None and employer == self.top else INK
            for employer in self.authors["organisation"].astype(object)
        ]

    # --- a line a person

    def draw_rows(self) -> None:
        sheet, first, last = self.sheet, *self.limits
        row = 17.0 if len(self.authors) <= 20 else 13.0
        above = [self._bracket_lines(window) for window in self.windows]
        head = sum(LINE * len(lines) + 13 for lines in above) + LINE + 2
        right = 6.0
        axes = sheet.axes(head + row * len(self.authors), 0, right, across=(first, last), time=True)
        axes.set_ylim(row * len(self.authors), -head)
        sheet.time_ticks(axes)
        self._draw_start(axes, row * len(self.authors))
        y = -head + LINE
        for window, lines in zip(self.windows, above, strict=True):
            self._draw_bracket(axes, window, lines, y)
            y += LINE * len(lines) + 13
        for index, name in enumerate(self.authors["name"]):
            self._draw_row(axes, index, name, (index + 0.5) * row, row)

    def _bracket_lines(self, window: _Window) -> list[tuple[str, Weight]]:
        """What is written over a bracket: one line if that fits, else two or more."""
        whole = f"{window.says}: {window.result}"
        width = self.sheet.width - 4
        if text_width(whole, SMALL, "bold") <= width:
            return [(whole, "bold" if not window.holds else "regular")]
        says = [(line, "regular") for line in wrap(window.says, width, SMALL)]
        result = [(line, "bold") for line in wrap(window.result, width, SMALL, "bold")]
        return [*says, *result]  # type: ignore[list-item]

    def _draw_bracket(
        self, axes: Axes, window: _Window, lines: Sequence[tuple[str, Weight]], y: float
    ) -> None:
        sheet = self.sheet
        colour = GREY if window.holds else INK
        start, end = (sheet.across(axes, x) for x in (window.first, window.last + 1))
        for text, weight in lines:
            wide = text_width(text, SMALL, weight)
            # As near over its bracket as the sheet allows, from its outer end.
            at = start if start + wide <= sheet.width else max(0.0, min(end, sheet.width) - wide)
            sheet.write_at(axes, at, y, text, size=SMALL, weight=weight, colour=colour)
            y += LINE
        bar = y - LINE / 2 + 5
        width = 1.0 if window.holds else 2.2
        x = [window.first, window.first, window.last + 1, window.last + 1]
        axes.plot(
            x, [bar + 4, bar, bar, bar + 4], color=colour, lw=width, clip_on=False, zorder=3,
            solid_joinstyle="miter",
        )  # fmt: skip

    def _draw_start(self, axes: Axes, bottom: float) -> None:
        """A fine line at what the team is counted from."""
        sheet = self.sheet
        start = self.cohort.start
        at = start.month + (start.date.day - 1) / 31
        axes.plot([at, at], [-2, bottom], color=MARK, lw=0.8, dashes=(2, 2), zorder=1)
        sheet.label(
            axes, at, -8, self.cohort.starts, 0 if at - self.limits[0] > 2 else 2, size=SMALL,
            colour=GREY, ha="center" if at - self.limits[0] > 2 else "left",
        )  # fmt: skip

    def _draw_row(self, axes: Axes, index: int, name: str, y: float, row: float) -> None:
        sheet, (first, last) = self.sheet, self.limits
        if not self.gone[index]:
            axes.plot([first, last], [y, y], color=PALE, lw=3, zorder=1, solid_capstyle="butt")
            axes.plot(last, y, ">", ms=7, mfc="white", mec=INK, mew=1.2, clip_on=False, zorder=4)
            sheet.label(axes, last, y, name, -10, size=SMALL, weight="bold", ha="right", boxed=row)
            return
        low, high, colour = self.low[index], self.high[index], self.colours[index]
        axes.plot([first, high + 0.5], [y, y], color=PALE, lw=3, zorder=1, solid_capstyle="butt")
        if low == high:
            axes.plot(high + 0.5, y, "o", ms=8, color=colour, mew=0, zorder=4)
        else:
            axes.barh(y, high + 1 - low, left=low, height=8, color=colour, lw=0, zorder=4)
        short = shortened(name, sheet.width * 0.4, SMALL)
        width = text_width(short, SMALL) + 6
        edge, side, away = low, "right", -4
        if sheet.across(axes, high + 1) + width < sheet.width:
            edge, side, away = high + 1, "left", 4
        elif sheet.across(axes, low) < width:  # nothing bounds it: the name stands on the bar
            edge, away = high + 1, -10
        sheet.label(axes, edge, y, short, away, size=SMALL, ha=side, boxed=row)  # type: ignore[arg-type]

    # --- downwards, for a narrow column

    def draw_downwards(self) -> None:
        sheet, (first, last) = self.sheet, self.limits
        noted = sheet.width * 0.39 if self.windows else 0.0
        axis = noted + (30 if self.windows else 34)
        names = axis + 24
        gone, stayed = int(self.gone.sum()), int((~self.gone).sum())
        notes = [self._note_lines(window, noted - 8) for window in self.windows]
        scale = max(
            13.0,
            (LINE * gone + 20) / (last - first),
            sum(LINE * len(lines) + 8 for lines in notes) / (last - first),
        )
        height = scale * (last - first)
        tail = 14 + (LINE + 2) * stayed
        axes = sheet.axes(height + tail, bottom=0, across=(0, sheet.width))
        axes.set_ylim(height + tail, 0)
        axes.set_axis_off()

        def down(month: float) -> float:
            return (month - first) * scale

        axes.plot([axis, axis], [0, height], color=PALE, lw=3, zorder=1, solid_capstyle="butt")
        self._tick_downwards(axes, axis, down)
        self._name_downwards(axes, axis, names, down, height)
        if stayed:
            axes.plot(axis, height, "v", ms=8, mfc="white", mec=INK, mew=1.2, zorder=4)
            for index, name in enumerate(self.authors["name"][~self.gone]):
                short = shortened(name, sheet.width - names, SMALL, "bold")
                y = height + (LINE + 2) * (index + 0.5)
                sheet.label(axes, names, y, short, size=SMALL, weight="bold")
            still = wrap(self._still_there(), axis - 12, SMALL)
            for index, text in enumerate(still):
                sheet.label(
                    axes, axis - 10, height + LINE * (index + 0.6), text, size=SMALL,
                    colour=GREY, ha="right",
                )  # fmt: skip
        self._note_downwards(axes, notes, noted, down, height)

    def _still_there(self) -> str:
        say = self.sheet.say
        return say("still there in {month}").format(
            month=say.month_name(self.cohort.article.as_of, short=True)
        )

    def _note_lines(self, window: _Window, width: float) -> list[tuple[str, Weight]]:
        says = [(line, "regular") for line in wrap(window.says, width, SMALL)]
        result = [(line, "bold") for line in wrap(window.result, width, SMALL, "bold")]
        return [*says, *result]  # type: ignore[list-item]

    def _tick_downwards(self, axes: Axes, axis: float, down: _Down) -> None:
        sheet, (first, last) = self.sheet, self.limits
        step = next(step for step in (6, 12, 24, 60, 120) if down(first + step) > 30 or step == 120)
        for month in range(first + 1, last):
            if month % step == 0 and down(month) < down(last) - 8:
                name = (
                    str(months.first_day(month).year)
                    if month % 12 == 0
                    else sheet.say.month_alone(month)
                )
                axes.plot([axis - 5, axis], [down(month)] * 2, color=MARK, lw=0.8, zorder=1)
                sheet.label(
                    axes, axis - 7, down(month), name, size=SMALL, colour=GREY, ha="right",
                    boxed=LINE,
                )  # fmt: skip

    def _name_downwards(
        self, axes: Axes, axis: float, names: float, down: _Down, height: float
    ) -> None:
        sheet = self.sheet
        low, high = self.low[self.gone], self.high[self.gone]
        middle = np.array([down(month) for month in (low + high) / 2 + 0.5])
        at = spread(middle, np.full(len(middle), LINE), 0, height)
        colours = [colour for colour, gone in zip(self.colours, self.gone, strict=True) if gone]
        for index, name in enumerate(self.authors["name"][self.gone]):
            y, colour, beside = middle[index], colours[index], at[index]
            if low[index] == high[index]:
                axes.plot([axis - 3, axis + 3], [y, y], color=colour, lw=2, zorder=3)
                axes.plot([axis + 3, names - 8], [y, beside], color=MARK, lw=0.6, zorder=2)
                axes.plot(names - 8, beside, "o", ms=7, color=colour, mew=0, zorder=4)
            else:
                start, end = down(low[index]), down(high[index] + 1)
                axes.plot(
                    [axis + 6] * 2, [start, end], color=colour, lw=4, solid_capstyle="butt",
                    zorder=3,
                )  # fmt: skip
                axes.plot([axis + 6, names - 2], [y, beside], color=MARK, lw=0.6, zorder=2)
            short = shortened(name, sheet.width - names, SMALL)
            sheet.label(axes, names, beside, short, size=SMALL)

    def _note_downwards(
        self,
        axes: Axes,
        notes: Sequence[Sequence[tuple[str, Weight]]],
        width: float,
        down: _Down,
        height: float,
    ) -> None:
        """Brackets beside the time axis, each with its text; those inside others stand nearer."""
        if not notes:
            return
        heights = np.array([LINE * len(lines) + 8 for lines in notes])
        middles = np.array(
            [(down(window.first) + down(window.last + 1)) / 2 for window in self.windows]
        )
        order = np.argsort(middles, kind="stable")
        centres = np.empty(len(notes))
        centres[order] = spread(middles[order], heights[order], 0, height)
        for window, lines, centre in zip(self.windows, notes, centres, strict=True):
            colour = GREY if window.holds else INK
            y = centre - LINE * (len(lines) - 1) / 2
            for text, weight in lines:
                self.sheet.label(axes, 0, y, text, size=SMALL, weight=weight, colour=colour)
                y += LINE
            start, end = down(window.first), down(window.last + 1)
            at = width
            axes.plot(
                [at, at - 3, at - 3, at],
                [start + 1, start + 1, end - 1, end - 1],
                color=colour,
                lw=1.0 if window.holds else 2.2,
                zorder=3,
                solid_joinstyle="miter",
            )

    # --- too many to be named

    def draw_counts(self) -> None:
        sheet, (first, last) = self.sheet, self.limits
        counts = _by_month(self.authors, self.limits)
        most = max(1, int(counts["departures_at_least"].max()))
        above = [self._bracket_lines(window) for window in self.windows]
        head = sum(LINE * len(lines) + 13 for lines in above) + 6
        plot = 150.0
        left = text_width(sheet.say.decimal(most, 0), SMALL) + 10
        axes = sheet.axes(head + plot, left, 8, across=(first, last), time=True)
        sns.histplot(
            x=np.arange(first + 1, last) + 0.5,
            weights=counts["departures_at_least"],
            bins=np.arange(first, last + 1).tolist(),  # seaborn compares them with a text
            color=ACCENT,
            alpha=1,
            ax=axes,
            edgecolor="white",
        )
        axes.set(xlim=(first, last), ylim=(0, most * (head + plot) / plot), xlabel="", ylabel="")
        sheet.time_ticks(axes)
        sheet.count_axis(axes, 0, most)
        overlay = axes.twinx()
        overlay.set(ylim=(plot, -head), yticks=[], xlim=(first, last))
        y = -head + LINE
        for window, lines in zip(self.windows, above, strict=True):
            self._draw_bracket(overlay, window, lines, y)
            y += LINE * len(lines) + 13


# --- headcount


@takes(Cohort, THE_DATA)
def headcount(cohort: Cohort) -> Chart:
    """How many were still there month by month, with the events that fit.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        The figure: a notebook draws it, `save` writes it to a file.

    Example:
        >>> ah.charts.headcount(data).title
        'Half of the team had left by June 2023, four months after the paper'
    """
    say = cohort.language
    authors = cohort.counted
    first, last = _limits(cohort)
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
        subtitle=say("How many of the {count} {people} were still at {company}, by month").format(
            count=say.decimal(len(authors), 0), people=cohort.people, company=cohort.company
        ),
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
    )


def _draw_events(sheet: Sheet, axes: Axes, cohort: Cohort, top: float) -> None:
    """The start and the events whose labels stand over their own marks without touching."""
    say = sheet.say
    start = cohort.start.date
    marks = [(start, cohort.starts)]
    marks += zip(cohort.events["date"], cohort.events["label"], strict=True)
    taken: list[tuple[float, float]] = []
    first, last = axes.get_xlim()
    for date, label in marks:
        month = months.ordinal(date.year, date.month) + (date.day - 1) / 31
        if not first <= month <= last:
            continue
        at, half = sheet.across(axes, month), text_width(label, SMALL) / 2 + 4
        centre = min(max(at, half), sheet.width - half)
        if abs(centre - at) > half - 6 or any(
            centre - half < end and begin < centre + half for begin, end in taken
        ):
            continue
        taken.append((centre - half, centre + half))
        axes.plot([month, month], [0, top * 0.99], color=PALE, lw=0.8, zorder=0, clip_on=False)
        sheet.write_at(axes, centre - half + 4, top, say.directed(label), size=SMALL, colour=GREY)


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
    if left:
        sheet.label(axes, last, most - left, say.decimal(most - left, 0), 4, weight="bold")
    half = measures.half_gone(cohort)
    if half is not None and half.is_exact and most > 2:
        month = half.low + cohort.start.month + 0.5
        remaining = math.floor(most / 2)
        axes.plot(month, remaining, "o", ms=7, color=ACCENT, zorder=6)
        text = say("half: {month}").format(month=say.month_name(half.low + cohort.start.month))
        side: Side = "left" if month < (first + last) / 2 else "right"
        sheet.label(
            axes, month, remaining + most * 0.06, text, 8 if side == "left" else -8,
            weight="bold", ha=side,
        )  # fmt: skip


def _headcount_alt(cohort: Cohort, title: str, credited: int, remaining: int) -> str:
    say = cohort.language
    shape = (
        say("Flat line at {all}")
        if remaining == credited
        else say("Step line falling from {all} to {remaining}")
    ).format(all=say.decimal(credited, 0), remaining=say.decimal(remaining, 0))
    return f"{shape}. {title}."
