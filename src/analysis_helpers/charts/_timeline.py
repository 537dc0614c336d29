"""Who left when, and over it what the article says of a window of time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from .. import findings, measures, months
from ..claims import THE_LEDGER, Ledger
from ..cohort import THE_DATA, Cohort
from ..edition import Edition
from ..errors import takes
from ..language import sentence
from ._chart import Chart, names_in, source_line
from ._sheet import (
    ACCENT,
    GREY,
    INK,
    LINE,
    MARK,
    NAMED_AT_MOST,
    PALE,
    SMALL,
    Sheet,
    Weight,
    lanes,
    shortened,
    spread,
    text_width,
    wrap,
)
from ._windows import SHOWN_AT_MOST, Window, shown, windows


@takes(Cohort, THE_DATA, ledger=(Ledger, THE_LEDGER))
def timeline(cohort: Cohort, ledger: Ledger | None = None) -> Chart:
    """Who left when, and over it what the article says of a window of time and what was found.

    Args:
        cohort: What `open_cohort` gives.
        ledger: The decided claims; those about departures in a window of time are drawn.

    Returns:
        The figure: a notebook draws it, `save` writes it to a file.

    Example:
        >>> ah.charts.timeline(data, ledger).title
        'Eight left in 2023, two in 2024 and one in 2025'
    """
    edition = Edition(cohort)
    authors = _in_order(cohort, edition.said(cohort.counted))
    limits, counted = limits_of(cohort), months_of(cohort)
    found = windows(ledger, counted)
    chosen = shown(found)
    named = len(authors) <= NAMED_AT_MOST
    title = findings.timeline_by_year_title(cohort)

    def draw(sheet: Sheet) -> None:
        drawing = _Timeline(sheet, cohort, authors, limits, chosen)
        if not named:
            drawing.draw_counts()
        elif sheet.narrow and drawing.has_room_downwards:
            drawing.draw_downwards()
        else:
            drawing.draw_rows()

    return Chart(
        name="timeline",
        title=title,
        subtitle=_subtitle(cohort, authors, named, found),
        alt=_alt(cohort, title, chosen, named),
        data=_by_person(authors) if named else _by_month(authors, counted),
        source=source_line(cohort),
        say=cohort.language,
        draw=draw,
        names=names_in(edition),
    )


def _in_order(cohort: Cohort, authors: pd.DataFrame) -> pd.DataFrame:
    """Who left first comes first, who may have left earlier before; who stayed comes last.

    Before those come the ones who left in a month that nobody knows.
    """
    low, high = measures.departure_ends(authors)
    low = np.where(findings.undated(cohort, authors), high + 0.5, low)
    order = np.lexsort([np.nan_to_num(high, nan=math.inf), np.nan_to_num(low, nan=math.inf)])
    return authors.iloc[order]


def months_of(cohort: Cohort) -> tuple[int, int]:
    """From the month in which anything can have happened to the article's last one."""
    first = measures.first_departure(cohort.counted)
    marks = [cohort.start.month, cohort.article.as_of]
    if first is not None:
        marks += [int(end) for end in (first.low, first.high) if math.isfinite(end)]
    return min(marks), cohort.article.as_of


def limits_of(cohort: Cohort) -> tuple[int, int]:
    """From a month before that to the end of the last one, as a time axis has them.

    A team that begins with its start is not shown before it, unless somebody may have left by then;
    the authors of a paper are a team before it is published.
    """
    first, last = months_of(cohort)
    earliest = measures.first_departure(cohort.counted)
    open_ended = earliest is not None and math.isinf(earliest.low)
    begins = cohort.paper is None and first == cohort.start.month and not open_ended
    return first - (not begins), last + 1


def _in_question(low: np.ndarray, high: np.ndarray, windows: Sequence[Window]) -> np.ndarray:
    """Who left, or may have, in a window of which the claim does not hold."""
    found = np.zeros(len(low), dtype=bool)
    for window in windows:
        if not window.holds:
            found |= (low < window.end) & (high >= window.first)
    return found


def _is_loose(authors: pd.DataFrame) -> np.ndarray:
    low, high = measures.departure_ends(authors)
    loose: np.ndarray = low < high
    return loose


def _subtitle(cohort: Cohort, authors: pd.DataFrame, named: bool, found: Sequence[Window]) -> str:
    """What is plotted, and what a bar, the accent and a choice among the claims mean."""
    say, claims = cohort.language, len(found)
    loose, gone = _is_loose(authors).any(), len(measures.left(authors))
    parts = []
    if not named:
        parts.append(say("departures from {company} by month"))
    elif not gone:
        whom = say("the {person}") if len(authors) == 1 else say("each of the {people}")
        parts.append(whom + " " + say("as of {month}"))
    elif len(authors) == 1:
        parts.append(say("when the {person} left {company}"))
    else:
        parts.append(say("when each {person} left {company}"))
    if named and loose:
        parts.append(say("bar: exact month not known"))
    elif loose:
        parts.append(say("pale: stated loosely, spread evenly over the possible months"))
    if named and 0 < gone < len(authors):
        parts.append(say("triangle: still there"))
    low, high = measures.departure_ends(authors)
    if named and _in_question(low, high, shown(found)).any():
        parts.append(say("blue: who could fit a claim that does not hold"))
    if claims > SHOWN_AT_MOST:
        parts.append(say("of the article’s {count} claims about a period, {shown} are shown"))
    values = {
        "person": cohort.person,
        "people": cohort.people,
        "company": cohort.company,
        "month": say.month_name(cohort.article.as_of),
        "shown": say.count(SHOWN_AT_MOST),
        "count": say.count(claims),
    }
    return sentence("; ".join(part.format(**values) for part in parts))


def _alt(cohort: Cohort, title: str, chosen: Sequence[Window], named: bool) -> str:
    say = cohort.language
    parts = [title]
    if title != (left := findings.departures_by_title(cohort)):
        parts.append(left)
    gone = measures.left(cohort.counted)
    if len(gone):
        kind = (
            say("one bar per month, as high as the number who left in it")
            if not named
            else say(
                "one mark per person, in the order in which they left; who is not dated comes last"
            )
            if findings.undated(cohort, gone).any()
            else say("one mark per person, in the order in which they left")
        )
        parts += [findings.timeline_title(cohort), kind]
    if chosen:
        said = "; ".join(f"“{window.says}” – {window.result}" for window in chosen)
        text = say.plural(
            "above the marks, the article’s claim: {windows}",
            "above the marks, the article’s claims: {windows}",
            len(chosen),
        )
        parts.append(text.format(windows=said))
    return " ".join(f"{sentence(part)}." for part in parts)


# --- the numbers in it


def _by_person(authors: pd.DataFrame) -> pd.DataFrame:
    ends = {
        end: authors[f"departed_{end}"].astype(str).where(authors[f"departed_{end}"].notna(), "")
        for end in ("low", "high")
    }
    return pd.DataFrame(
        {
            "name": authors["name"],
            "status": authors["status"].astype(str),
            "left_at_earliest": ends["low"],
            "left_at_latest": ends["high"],
        }
    )


def _by_month(authors: pd.DataFrame, period: tuple[int, int]) -> pd.DataFrame:
    """Columns: `month`, `departures_at_least`, `departures_at_most`; every month there is."""
    low, high = measures.departure_ends(measures.left(authors))
    counted = np.arange(period[0], period[1] + 1)
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


# --- the drawing

_Down = Callable[[float], float]
"""How far down a month lies, in points."""

_Lines = Sequence[tuple[str, Weight]]
"""The lines of a text, some of them bold."""

MOST_LANES, PITCH = 4, 5.0
DOT = 9.0
"""How many lanes for loose months there are beside a vertical axis, and how far apart they are."""

ARM = 4.0
"""How long the arms of a bracket are, in points."""

FADE, STEPS = 28.0, 8
"""How long the end of a bar is that nothing bounds, in points, and in how many steps it fades."""

LOOSE = 0.3
"""How opaque a bar is that stands for one month, nobody knows which."""

DOWNWARDS_AT_MOST = 20
"""As many people have room for a line each from their month on a vertical axis to their name."""


@dataclass
class _Timeline:
    """The drawing of a timeline; a month is as long as it is, so it ends where the next begins."""

    sheet: Sheet
    cohort: Cohort
    authors: pd.DataFrame
    limits: tuple[int, int]
    windows: Sequence[Window]

    def __post_init__(self) -> None:
        self.low, self.high = measures.departure_ends(self.authors)
        self.open = np.isneginf(self.low)
        self.undated = findings.undated(self.cohort, self.authors)
        self.low = np.maximum(self.low, self.limits[0])
        self.gone = (self.authors["status"] == "left").to_numpy()
        in_question = _in_question(self.low, self.high, self.windows) & self.gone
        self.colours = [ACCENT if each else INK for each in in_question]
        # In the middle of its month, as are departures: of those no day is known.
        self.start = self.cohort.start.month + 0.5

    # --- a line a person

    def draw_rows(self) -> None:
        sheet, row = self.sheet, 17.0 if len(self.authors) <= 20 else 13.0
        head, height = self._head(), row * len(self.authors)
        axes = sheet.axes(head + height, end=self._margin(), across=self.limits, time=True)
        axes.set_ylim(height, -head)
        sheet.time_ticks(axes)
        self._draw_head(axes, head, height)
        for index in range(len(self.authors)):
            self._draw_row(axes, index, (index + 0.5) * row, row)

    def _name(self, index: int) -> tuple[str, Weight, float]:
        """A name as it is drawn, and how wide that is."""
        weight: Weight = "regular" if self.gone[index] else "bold"
        name = self.authors["name"].iloc[index]
        short = shortened(name, self.sheet.width * 0.4, SMALL, weight)
        return short, weight, text_width(short, SMALL, weight) + 4

    def _ends(self, index: int) -> tuple[float, float]:
        """Between which points of time the mark of a person lies."""
        if not self.gone[index]:
            return self.limits[1], self.limits[1]
        low, high = self.low[index], self.high[index]
        return (low, high + 1) if low < high else (low + 0.5, high + 0.5)

    def _margin(self) -> float:
        """How much room the names after the end take: of who stayed, and what fits nowhere else."""
        (first, last), stayed = self.limits, np.flatnonzero(~self.gone).tolist()
        margin = max([6.0, *(self._name(index)[2] + 8 for index in stayed)])
        for _ in range(len(self.authors)):  # the more room they have, the less have the others
            scale = (self.sheet.width - margin) / (last - first)
            wanted = [margin]
            for index in np.flatnonzero(self.gone).tolist():
                begin, end = self._ends(index)
                width = self._name(index)[2] + 8
                before, after = (begin - first) * scale, self.sheet.width - (end - first) * scale
                if width > max(before, after):
                    wanted.append(width)
            if max(wanted) <= margin:
                break
            margin = max(wanted)
        return margin

    def _draw_row(self, axes: Axes, index: int, y: float, row: float) -> None:
        """A line up to the mark, and after the mark or before it the name."""
        sheet, first = self.sheet, self.limits[0]
        short, weight, width = self._name(index)
        begin, end = self._ends(index)
        left, right = sheet.across(axes, begin), sheet.across(axes, end)
        around = 4.0 if begin < end else 8.0
        at = left - around - width + 4
        if not self.gone[index] or right + around + width <= sheet.width or at < 0:
            at = right + around
        gap = (at - 4, at + width)
        for start, stop in _around(sheet.across(axes, first), left, gap):
            x = [sheet.at(axes, start), sheet.at(axes, stop)]
            axes.plot(x, [y, y], color=PALE, lw=3, zorder=1)
        if begin < end:
            self._draw_bar(axes, index, (left, right), y)
        elif self.gone[index]:
            axes.plot(
                begin, y, "o", ms=8, color=self.colours[index], mew=0, clip_on=False, zorder=4
            )
        else:
            axes.plot(end, y, ">", ms=7, mfc="white", mec=INK, mew=1.2, clip_on=False, zorder=4)
        sheet.write_at(axes, at, y, short, size=SMALL, weight=weight, boxed=row)

    def _draw_bar(self, axes: Axes, index: int, ends: tuple[float, float], y: float) -> None:
        """A bar over the possible months; where nothing bounds them it fades in."""
        sheet, colour, (left, right) = self.sheet, self.colours[index], ends
        fades = min(FADE, (right - left) / 2) if self.open[index] else 0.0
        begin, end = sheet.at(axes, left + fades), sheet.at(axes, right)
        x, above, below = [begin, end, end, begin], y - 3.5, y + 3.5
        outline = [above, above, below, below]
        if not fades:
            x, outline = [*x, begin], [*outline, above]
        axes.barh(y, end - begin, left=begin, height=7, color=colour, alpha=LOOSE, lw=0)
        axes.plot(x, outline, color=colour, lw=1, zorder=2, solid_joinstyle="miter")
        for step in range(STEPS if fades else 0):
            a, b = (sheet.at(axes, left + fades * k / STEPS) for k in (step, step + 1))
            opaque = LOOSE * (step + 1) / (STEPS + 1)
            axes.barh(y, b - a, left=a, height=7, color=colour, alpha=opaque, lw=0)

    # --- over it: the start, and what the article says of a window of time

    def _head(self) -> float:
        """How much room the brackets and the label of the start take."""
        lines = [self._bracket_lines(window) for window in self.windows]
        return sum(LINE * len(each) + 13 for each in lines) + LINE + 8

    def _bracket_lines(self, window: Window) -> _Lines:
        """What is written over a bracket: of a claim that holds one line, if that fits."""
        whole, width = f"{window.says} – {window.result}", self.sheet.width - 4
        if window.holds and text_width(whole, SMALL, "bold") <= width:
            return [(whole, "regular")]
        return _in_lines(window, width)

    def _draw_head(self, axes: Axes, head: float, bottom: float) -> None:
        self._draw_start(axes, bottom)
        y = LINE - head
        for window in self.windows:
            lines = self._bracket_lines(window)
            self._draw_bracket(axes, window, lines, y, bottom)
            y += LINE * len(lines) + 13

    def _draw_bracket(
        self, axes: Axes, window: Window, lines: _Lines, y: float, bottom: float
    ) -> None:
        """A bracket under its text; that of a claim that does not hold reaches down in grey."""
        sheet = self.sheet
        begin = self.limits[0] if window.is_open else window.first
        start, end = (sheet.across(axes, x) for x in (begin, window.end))
        widths = [text_width(text, SMALL, weight) for text, weight in lines]
        for (text, weight), wide in zip(lines, widths, strict=True):
            # Over its bracket, from its outer end where it would not fit otherwise.
            fits = start + max(widths) <= sheet.width
            at = start if fits else max(0.0, min(end, sheet.width) - wide)
            sheet.write_at(axes, at, y, text, size=SMALL, weight=weight, colour=_colour_of(window))
            y += LINE
        bar = y - LINE / 2 + 5
        axes.plot(
            [begin, begin, window.end, window.end][window.is_open :],
            [bar + ARM, bar, bar, bar + ARM][window.is_open :],
            color=_colour_of(window), lw=_weight_of(window), clip_on=False, zorder=3,
            solid_joinstyle="miter",
        )  # fmt: skip
        if not window.holds:
            axes.fill_between(
                [begin, window.end], bar, bottom, color=INK, alpha=0.06, lw=0, zorder=6
            )

    def _draw_start(self, axes: Axes, bottom: float) -> None:
        """A fine line at what the team is counted from, and beside its top what that is."""
        sheet, text = self.sheet, shortened(self.cohort.starts, self.sheet.width, SMALL)
        axes.plot([self.start] * 2, [-13, bottom], color=MARK, lw=0.8, dashes=(2, 2), zorder=0.5)
        width, at = text_width(text, SMALL), sheet.across(axes, self.start)
        left = at + 4 if at + 4 + width <= sheet.width else max(at - 4 - width, 0)
        edges = [
            sheet.across(axes, edge)
            for window in self.windows
            if not window.holds
            for edge in (window.first, window.end)[window.is_open :]
        ]
        crossed = any(left - 2 < edge < left + width + 2 for edge in edges)
        # Over the shading of a window, so that its edge does not run through the text.
        sheet.write_at(
            axes, left, -8, text, size=SMALL, colour=GREY, boxed=LINE * crossed, zorder=7
        )

    # --- downwards, for a narrow column

    @property
    def has_room_downwards(self) -> bool:
        """Whether it can be seen which mark leads to which name, and no bar lies on another."""
        return len(self.authors) <= DOWNWARDS_AT_MOST and self._bars.lanes <= MOST_LANES

    @property
    def _bars(self) -> _Bars:
        return _Bars.of(self.low, self.high, self.gone)

    def draw_downwards(self) -> None:
        """The time axis with notes on the one side of it and names on the other."""
        sheet, (first, last) = self.sheet, self.limits
        rank = lanes([(window.first, window.end) for window in self.windows])
        noted = sheet.width * 0.36 if self.windows else 0.0
        column = noted - 10 - 5 * max(rank, default=0)
        notes = [_in_lines(window, column) for window in self.windows]
        axis = noted + 34
        bars = self._bars
        in_month = self._in_exact_months
        pitch = min(DOT, 5 * DOT / max(in_month.values(), default=1))
        ends = [bars.past(month) + pitch * (number - 1) for month, number in in_month.items()]
        names = axis + max([bars.width, *ends]) + 12
        gone, stayed = int(self.gone.sum()), int((~self.gone).sum())
        still = self._still_there(sheet.width - names) if stayed else []
        tall = max(
            min(13.0 * (last - first), 300.0 if gone or notes else 90.0),
            LINE * (gone + 1),
            sum(LINE * len(lines) + 8 for lines in notes),
        )
        scale = tall / (last - first)
        tail = 14 + (LINE + 2) * stayed + LINE * len(still)
        axes = sheet.axes(tall + tail, bottom=0, across=(0, sheet.width))
        axes.set_ylim(tall + tail, 0)
        axes.set_axis_off()

        def down(month: float) -> float:
            return (month - first) * scale

        axes.plot([axis, axis], [0, tall], color=PALE, lw=3, zorder=1)
        self._tick_downwards(axes, axis, down, scale)
        self._name_downwards(axes, axis, names, down, bars, pitch)
        if stayed:
            axes.plot(axis, tall, "v", ms=8, mfc="white", mec=INK, mew=1.2, zorder=4)
            self._end_downwards(axes, names, tall + 2, still)
        self._note_downwards(axes, notes, noted, rank, down, tall)

    def _still_there(self, width: float) -> list[str]:
        say = self.sheet.say
        text = say("still there in {month}").format(
            month=say.month_name(self.cohort.article.as_of, short=True)
        )
        return wrap(f"{text}:", width, SMALL)

    def _end_downwards(self, axes: Axes, names: float, top: float, still: Sequence[str]) -> None:
        """Who was still there, beside the end of the axis."""
        sheet = self.sheet
        for index, text in enumerate(still):
            sheet.label(axes, names, top + LINE * (index + 0.5), text, size=SMALL, colour=GREY)
        top += LINE * len(still)
        for index, name in enumerate(self.authors["name"][~self.gone]):
            short = shortened(name, sheet.width - names, SMALL, "bold")
            y = top + (LINE + 2) * (index + 0.5)
            sheet.label(axes, names, y, short, size=SMALL, weight="bold")

    def _tick_downwards(self, axes: Axes, axis: float, down: _Down, scale: float) -> None:
        """Years, or months between them, and under the first month its year."""
        sheet, (first, last) = self.sheet, self.limits
        step = next(
            step for step in (1, 2, 3, 6, 12, 24, 60, 120, 240) if step * scale > 40 or step == 240
        )
        marked = [
            month
            for month in range(first + 1, last)
            if month % step == 0 and 8 < down(month) < down(last) - 8
        ]
        has_year = any(month % 12 == 0 for month in marked)
        for month in marked:
            y, year = down(month), str(months.first_day(month).year)
            name = year if month % 12 == 0 else sheet.say.month_alone(month)
            axes.plot([axis - 5, axis], [y, y], color=MARK, lw=0.8, zorder=1)
            sheet.label(axes, axis - 7, y, name, size=SMALL, colour=GREY, ha="right")
            if not has_year and month == marked[0]:
                sheet.label(axes, axis - 7, y + LINE, year, size=SMALL, colour=GREY, ha="right")

    @property
    def _in_exact_months(self) -> Counter[float]:
        """How many left in each month that is exact, by its middle."""
        return Counter((self.low[self.gone & (self.low == self.high)] + 0.5).tolist())

    def _name_downwards(
        self, axes: Axes, axis: float, names: float, down: _Down, bars: _Bars, pitch: float
    ) -> None:
        """The names beside the axis in the order of leaving, each led to its own month or bar.

        Of several in a month the marks stand beside each other, past what bars there are.
        """
        sheet, at = self.sheet, down(self.limits[1])
        colours = [colour for colour, gone in zip(self.colours, self.gone, strict=True) if gone]
        labels = list(zip(self.authors["name"][self.gone], colours, strict=True))
        wanted = np.where(self.undated, self.high, self.low)[self.gone]
        wanted = np.minimum(wanted, self.limits[1] - 1) + 0.5
        place = int(np.searchsorted(wanted, self.start))
        labels.insert(place, (self.cohort.starts, ""))
        wanted = np.insert(wanted, place, self.start)
        marks = np.array([down(month) for month in wanted])
        beside = spread(marks, np.full(len(marks), LINE), 0, at)
        mark = iter(bars.lane)
        stacked: Counter[float] = Counter()
        in_month = self._in_exact_months
        for (name, colour), month, y, there in zip(labels, wanted, marks, beside, strict=True):
            short = shortened(name, sheet.width - names, SMALL)
            sheet.label(axes, names, there, short, size=SMALL, colour=INK if colour else GREY)
            if not colour:
                axes.plot([axis - 3, axis + 3], [y, y], color=MARK, lw=0.8, zorder=1)
                axes.plot(
                    [axis + 3, names - 12, names - 2], [y, there, there], color=MARK, lw=0.8,
                    dashes=(2, 2), zorder=1,
                )  # fmt: skip
                continue
            lane = next(mark)
            if lane is None:
                last = in_month[month] - 1
                places = [0.0, *(bars.past(month) + pitch * (k + 1) for k in range(last))]
                at_axis = axis + places[stacked[month]]
                axes.plot(at_axis, y, "o", ms=7, mew=0, color=colour, zorder=4)
                stacked[month] += 1
                begin = axis + places[-1] + 4
            else:
                begin = axis + bars.offset(lane)
            axes.plot([begin, names - 2], [y, there], color=MARK, lw=0.6, zorder=2)
        for (low, high), lane in bars.bars.items():
            begin = down(low)
            if self.open[(self.low == low) & (self.high == high)].any():
                begin += FADE / 2
                axes.plot(
                    [axis + bars.offset(lane)] * 2, [down(low), begin], color=INK, lw=3,
                    dashes=(0.8, 0.8), zorder=3,
                )  # fmt: skip
            alike = {
                colour
                for colour, *ends in zip(self.colours, self.low, self.high, strict=True)
                if ends == [low, high]
            }
            axes.plot(
                [axis + bars.offset(lane)] * 2,
                [begin, down(high + 1)],
                color=alike.pop() if len(alike) == 1 else INK,
                lw=3, zorder=3,
            )  # fmt: skip

    def _note_downwards(
        self,
        axes: Axes,
        notes: Sequence[_Lines],
        noted: float,
        rank: Sequence[int],
        down: _Down,
        tall: float,
    ) -> None:
        """Brackets beside the time axis, those inside others nearer to it, each led to its text."""
        if not notes:
            return
        heights = np.array([LINE * len(lines) + 8 for lines in notes])
        anchors = np.array([down(window.anchor) for window in self.windows])
        order = np.argsort(anchors, kind="stable")
        centres = np.empty(len(notes))
        centres[order] = spread(anchors[order], heights[order], 0, tall)
        edge = noted - 8 - 5 * max(rank)
        for window, lines, lane, anchor, centre in zip(
            self.windows, notes, rank, anchors, centres, strict=True
        ):
            colour = _colour_of(window)
            y = centre - LINE * (len(lines) - 1) / 2
            for text, weight in lines:
                self.sheet.label(axes, 0, y, text, size=SMALL, weight=weight, colour=colour)
                y += LINE
            at, end = noted - 5 * lane, down(window.end) - 1
            start = 0.0 if window.is_open else down(window.first) + 1
            axes.plot(
                [at + ARM - 1, at, at, at + ARM - 1][window.is_open :],
                [start, start, end, end][window.is_open :], color=colour,
                lw=_weight_of(window), zorder=3, solid_joinstyle="miter",
            )  # fmt: skip
            stands, half = min(max(anchor, start), end), LINE * (len(lines) - 1) / 2
            beside = min(max(stands, centre - half), centre + half)
            axes.plot([edge, at], [beside, stands], color=colour, lw=0.6, zorder=2)

    # --- too many to be named

    def draw_counts(self) -> None:
        """A bar a month of the exact departures, and on it a share of those stated loosely."""
        sheet, (first, last), plot = self.sheet, self.limits, 150.0
        bars = self._spread_over_months()
        most = max(1.0, bars.groupby("month")["people"].sum().max())
        head = self._head()
        left = text_width(sheet.say.decimal(most, 0), SMALL) + 10
        axes = sheet.axes(head + plot, left, 8, across=self.limits, time=True)
        sns.histplot(
            bars,
            x="month",
            weights="people",
            hue="loose",
            multiple="stack",
            bins=list(range(first, last + 1)),
            palette={False: MARK, True: PALE},
            hue_order=[True, False],
            alpha=1,
            legend=False,
            edgecolor="white",
            linewidth=0.4,
            ax=axes,
        )
        axes.set(xlim=self.limits, ylim=(0, most * (head + plot) / plot), xlabel="", ylabel="")
        sheet.time_ticks(axes)
        sheet.count_axis(axes, 0, math.floor(most))
        overlay = axes.twinx()
        overlay.set(ylim=(plot, -head), yticks=[], xlim=self.limits)
        self._draw_head(overlay, head, plot)

    def _spread_over_months(self) -> pd.DataFrame:
        """Columns: `month` (its middle), `loose`, `people`.

        A loose departure has an equal share in each of its months.
        """
        first, last = months_of(self.cohort)
        middles = np.arange(first, last + 1) + 0.5
        low, high = np.floor(np.maximum(self.low, middles[0] - 0.5)), self.high
        people = {False: np.zeros(len(middles)), True: np.zeros(len(middles))}
        for first, last in zip(low[self.gone], high[self.gone], strict=True):
            within = (first < middles) & (middles < last + 1)
            people[bool(first < last)] += within / max(1, within.sum())
        parts = [
            pd.DataFrame({"month": middles, "loose": loose, "people": numbers})
            for loose, numbers in people.items()
        ]
        return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class _Bars:
    """Loose departures beside a vertical axis: a lane for those whose months overlap.

    `bars` has the lane of each range, `lane` that of each who left, None where the month is exact.
    """

    bars: dict[tuple[float, float], int]
    lane: list[int | None]

    @classmethod
    def of(cls, low: np.ndarray, high: np.ndarray, gone: np.ndarray) -> _Bars:
        ends = list(zip(low[gone].tolist(), high[gone].tolist(), strict=True))
        ranges = sorted({pair for pair in ends if pair[0] < pair[1]})
        lane = dict(zip(ranges, lanes([(low, high + 1) for low, high in ranges]), strict=True))
        return cls(lane, [lane.get(pair) for pair in ends])

    @property
    def lanes(self) -> int:
        return max(self.bars.values(), default=-1) + 1

    @property
    def width(self) -> float:
        """How far from the axis they reach."""
        return self.offset(self.lanes - 1) if self.lanes else 0.0

    def past(self, month: float) -> float:
        """How far from the axis the bars reach that lie on the middle of a month."""
        on_it = [lane for (low, high), lane in self.bars.items() if low < month < high + 1]
        return self.offset(max(on_it)) if on_it else 0.0

    def offset(self, lane: int) -> float:
        """How far from the axis a lane lies."""
        return 6 + PITCH * lane


def _around(start: float, end: float, gap: tuple[float, float]) -> list[tuple[float, float]]:
    """What is left of the way from start to end when the gap is taken out."""
    pieces = [(start, min(end, gap[0])), (max(start, gap[1]), end)]
    return [(first, last) for first, last in pieces if first < last]


def _colour_of(window: Window) -> str:
    return GREY if window.holds else INK


def _weight_of(window: Window) -> float:
    return 1.0 if window.holds else 2.2


def _in_lines(window: Window, width: float) -> _Lines:
    """What the article says, in lines, and below it what was found."""
    says = [(line, "regular") for line in wrap(window.says, width, SMALL)]
    result = [(line, "bold") for line in wrap(window.result, width, SMALL, "bold")]
    return [*says, *result]  # type: ignore[list-item]
