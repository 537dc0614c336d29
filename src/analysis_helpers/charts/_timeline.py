"""When those who left did so, and how long ago they had joined."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from .. import findings, measures, months
from ..cohort import THE_DATA, Cohort
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
    PALE_ACCENT,
    SMALL,
    Sheet,
    Side,
    loose,
    row_height,
    shortened,
    text_width,
)

LEADER = "#bfbfbf"
STAYED_AT_MOST = 5

# --- the events above a time axis


@dataclass
class _Event:
    """A mark on a time axis: its label, how wide that is, and where both stand, in points."""

    mark: float
    label: str
    width: float
    centre: float = 0.0
    depth: int = 0

    @property
    def under_label(self) -> bool:
        return abs(self.centre - self.mark) < self.width / 2 - 2


class _Events:
    """The events within a time axis: their labels in one line, each led down to its mark.

    Labels stand as near to their marks as they can without touching. As many are shown as fit, the
    shortest ones first.
    """

    GAP, STEP, LINE = 7.0, 3.5, 12.0

    def __init__(
        self, cohort: Cohort, limits: tuple[float, float], left: float, right: float, width: float
    ) -> None:
        self.first, last = limits
        self.scale = (width - left - right) / (last - self.first)
        self.events: list[_Event] = []
        for date, text in zip(cohort.events["date"], cohort.events["label"], strict=True):
            month = months.ordinal(date.year, date.month) + (date.day - 1) / 31
            if self.first <= month <= last:
                short = shortened(text, width / 2, SMALL)
                mark = (month - self.first) * self.scale
                self.events.append(_Event(mark, short, text_width(short, SMALL)))
        while sum(event.width + self.GAP for event in self.events) - self.GAP > width - 4:
            self.events.remove(max(self.events, key=lambda event: event.width))
        self._spread(2 - left, width - left - 2)
        self._lead()
        levels = max((event.depth + 1 for event in self.events if not event.under_label), default=0)
        self.leaders = 5 + self.STEP * levels
        self.height = self.LINE + self.leaders if self.events else 4.0

    def _spread(self, low: float, high: float) -> None:
        """Keep the labels in order and apart, at the least squared distance from their marks.

        Isotonic regression by pooling adjacent violators (Ayer and others, 1955).
        """
        if not self.events:
            return
        widths = np.array([event.width for event in self.events])
        apart = np.concatenate([[0], np.cumsum((widths[:-1] + widths[1:]) / 2 + self.GAP)])
        pools: list[tuple[float, int]] = []
        for wanted in (
            event.mark - offset for event, offset in zip(self.events, apart, strict=True)
        ):
            pools.append((wanted, 1))
            while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
                (later, k), (earlier, n) = pools.pop(), pools.pop()
                pools.append(((earlier * n + later * k) / (n + k), n + k))
        free = np.repeat([mean for mean, _size in pools], [size for _mean, size in pools])
        bounded = np.clip(free, low + widths[0] / 2, high - widths[-1] / 2 - apart[-1])
        for event, centre in zip(self.events, bounded + apart, strict=True):
            event.centre = float(centre)

    def _lead(self) -> None:
        """Give each leader that must go aside a depth at which it crosses no other."""
        for sign, ordered in ((-1, self.events[::-1]), (1, self.events)):
            inner: _Event | None = None
            for event in ordered:
                aside = not event.under_label and sign * (event.centre - event.mark) > 0
                if aside and inner and sign * (inner.centre - event.mark) > -4:
                    event.depth = inner.depth + 1
                inner = event if aside else None

    def draw(self, sheet: Sheet, axes: Axes, top: float, bottom: float) -> None:
        """Fine lines from the labels to `bottom`; the labels and leaders stand above `top`."""
        height = axes.get_position().height * sheet.figure.get_figheight() * 72
        start, end = axes.get_ylim()
        unit = (end - start) / height
        at_label = top + unit * self.leaders
        for event in self.events:
            mark = self.first + event.mark / self.scale
            centre = self.first + event.centre / self.scale
            elbow = at_label - unit * self.STEP * (event.depth + 1)
            x, y = [mark, mark], [at_label, bottom]
            if not event.under_label:
                x, y = [centre, centre, mark, mark], [at_label, elbow, elbow, bottom]
            axes.plot(x, y, color=LEADER, lw=0.7, zorder=0, clip_on=False)
            axes.text(
                centre,
                at_label + unit * 3,
                sheet.say.directed(event.label),
                ha="center",
                va="baseline",
                size=SMALL,
                color=GREY,
                zorder=1,
            )


# --- headcount


@takes(Cohort, THE_DATA)
def headcount(cohort: Cohort) -> Chart:
    """Authors still there month by month, every departure named, with the events.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        The figure: a notebook draws it, `save` writes it to a file.

    Example:
        >>> ah.charts.headcount(data).title
        'The departures run from January or February 2023 to February 2025'
    """
    edition = Edition(cohort)
    say = cohort.language
    authors = edition.said(cohort.authors)
    first, last = _timeline_limits(cohort)
    rows = measures.left(authors).sort_values(
        ["departed_high", "departed_low"], kind="stable", na_position="first"
    )
    stayed = authors.loc[authors["status"] == "stayed", "name"].tolist()
    named = len(authors) <= NAMED_AT_MOST
    # Levels that nothing happens on are not worth a page of white.
    base = 10 * ((len(stayed) - 4) // 10) if named and len(stayed) > max(20, 2 * len(rows)) else 0
    base = base if len(rows) else 0
    title = findings.timeline_title(cohort)

    def draw(sheet: Sheet) -> None:
        left = text_width(say.decimal(len(authors), 0), SMALL) + 10
        level = 16.0 if len(authors) <= 30 else 13.0
        if not named or (rows.empty and len(authors) > 8):
            level = (220 if named is False else 120) / len(authors)
        ends = _step_ends(rows, first)
        right, places = _name_places(sheet, rows, ends, (first, last), left, named)
        events = _Events(cohort, (first, last), left, right, sheet.width)
        levels = len(authors) - base
        axes = sheet.axes(
            events.height + level * levels + 6, left, right, across=(first, last), time=True
        )
        top = len(authors) + 6 / level
        axes.set_ylim(base, top + events.height / level)
        sheet.time_ticks(axes)
        sheet.count_axis(axes, base, len(authors))
        events.draw(sheet, axes, top, base)
        _draw_steps(axes, *ends, len(authors), first, last)
        for index, (x, text, side) in enumerate(places):
            sheet.label(
                axes,
                x,
                len(authors) - index - 0.5,
                text,
                6 if side == "left" else -6,
                size=SMALL,
                ha=side,
                boxed=level,
            )
        if named and (base or rows.empty) and stayed:
            number = say("{number} stayed").format(number=say.decimal(len(stayed), 0))
            _write_at_end(sheet, axes, last, len(stayed) - 8 / level, number, 16)
        elif named:
            for index, name in enumerate(reversed(stayed)):
                short = shortened(name, sheet.plot_width - 12, SMALL, "bold")
                _write_at_end(sheet, axes, last, index + 0.5, short, level)

    text = say("Authors still at {company}, month by month")
    if base:
        text = say("Authors still at {company}, month by month; the axis begins at {base}")
    curve = measures.headcount(authors, first, cohort.article.as_of)
    return Chart(
        name="headcount",
        title=title,
        subtitle=text.format(company=cohort.company, base=base),
        alt=_headcount_alt(cohort, title, len(authors), len(stayed)),
        data=pd.DataFrame(
            {
                "month": curve["month"].astype(str),
                "authors_remaining_at_least": curve["remaining_low"],
                "authors_remaining_at_most": curve["remaining_high"],
            }
        ),
        source=source_line(cohort),
        say=say,
        draw=draw,
    )


def _timeline_limits(cohort: Cohort) -> tuple[int, int]:
    """From a month before anything happens to the end of the article's last month."""
    first = measures.first_departure(cohort.authors)
    marks = [cohort.paper.month, cohort.article.as_of]
    if first is not None:
        marks += [int(end) for end in (first.low, first.high) if math.isfinite(end)]
    return min(marks) - 1, cohort.article.as_of + 1


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


def _name_places(
    sheet: Sheet,
    rows: pd.DataFrame,
    ends: tuple[np.ndarray, np.ndarray],
    limits: tuple[float, float],
    left: float,
    named: bool,
) -> tuple[float, list[tuple[float, str, Side]]]:
    """The margin right of the plot, and where each name stands: right of its step, or left of it.

    The margin grows until every name has room.
    """
    say = sheet.say
    right = 6.0
    if not named:
        return right, []
    first, last = limits
    texts = []
    limit = sheet.width * (0.42 if sheet.narrow else 0.35)
    for name, least, most in zip(rows["name"], *measures.departure_ends(rows), strict=True):
        months = "" if least == most or sheet.narrow else say.month_span(least, most, short=True)
        short = shortened(name, limit, SMALL)
        texts.append(say("{name}, {months}").format(name=short, months=months) if months else short)
    while True:
        scale = (sheet.width - left - right) / (last - first)
        places: list[tuple[float, str, Side]] = []
        for text, low, high in zip(texts, *ends, strict=True):
            width = text_width(text, SMALL) + 8
            if (last - high) * scale + right >= width:
                places.append((high, text, "left"))
            elif (low - first) * scale >= width:
                places.append((low, text, "right"))
        if len(places) == len(texts):
            return right, places
        right += 6


def _write_at_end(
    sheet: Sheet, axes: Axes, last: float, y: float, text: str, height: float
) -> None:
    sheet.label(axes, last, y, text, -4, size=SMALL, weight="bold", ha="right", boxed=height)


def _headcount_alt(cohort: Cohort, title: str, credited: int, remaining: int) -> str:
    say = cohort.language
    shape = (
        say("Flat line at {all}")
        if remaining == credited
        else say("Step line falling from {all} to {remaining}")
    ).format(all=say.decimal(credited, 0), remaining=say.decimal(remaining, 0))
    half = findings.half_gone(cohort) if credited > 2 else ""
    return f"{shape}. {title}. {half}".strip()


# --- careers


@takes(Cohort, THE_DATA)
def careers(cohort: Cohort) -> Chart:
    """Each career from the implied joining month to the departure, in order of departure.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        The figure: a notebook draws it, `save` writes it to a file.

    Example:
        >>> ah.charts.careers(data).title
        'Those who left had joined between 2014 and 2022'
    """
    say = cohort.language
    authors = Edition(cohort).said(cohort.authors)
    gone = measures.left(authors).sort_values(
        ["departed_high", "departed_low"], kind="stable", na_position="first"
    )
    stayed = authors[authors["status"] == "stayed"]
    dated = gone.dropna(subset=["joined_low"])
    named = len(authors) <= NAMED_AT_MOST
    shown = stayed if len(stayed) <= STAYED_AT_MOST else stayed.head(0)
    title = _careers_title(say, dated, len(gone))

    def draw(sheet: Sheet) -> None:
        if dated.empty:
            sheet.nothing(say("No joining month can be worked out."))
        elif named:
            _draw_careers(sheet, cohort, gone, shown["name"].tolist())
        else:
            _draw_joining(sheet, dated)

    subtitle = say("Number of authors by the implied year of joining, of those who left")
    if named:
        subtitle = say(
            "From the implied joining month to the departure; pale ends: how loosely they are known"
        )
        if len(stayed) > len(shown) and len(dated):
            subtitle += say("; the {number} who stayed are left out").format(
                number=say.decimal(len(stayed), 0)
            )
    table = pd.concat([gone, stayed]) if len(stayed) else gone
    return Chart(
        name="careers",
        title=title,
        subtitle=subtitle,
        alt=_careers_alt(say, title, dated, len(gone), named),
        data=pd.DataFrame(
            {
                "author": table["name"],
                "status": table["status"].astype(str),
                "joined_at_earliest": _month_texts(table["joined_low"]),
                "joined_at_latest": _month_texts(table["joined_high"]),
                "left_at_earliest": _month_texts(table["departed_low"]),
                "left_at_latest": _month_texts(table["departed_high"]),
            }
        )
        if named
        else _joining_years(dated),
        source=source_line(cohort),
        say=say,
        draw=draw,
    )


def _joining_months(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """First and last possible joining month, since January 1970; NaN where not known."""
    return months.ordinals(rows["joined_low"]), months.ordinals(rows["joined_high"])


def _month_texts(column: pd.Series) -> pd.Series:
    return column.astype(str).where(column.notna(), "")


def _draw_careers(sheet: Sheet, cohort: Cohort, gone: pd.DataFrame, stayed: Sequence[str]) -> None:
    say = cohort.language
    names, margin = sheet.name_column([*gone["name"], *stayed])
    row, as_of = row_height(len(names)), cohort.article.as_of
    joined = gone["joined_low"].min().ordinal
    first = min(joined, cohort.paper.month) - max(2, (as_of - joined) // 40)
    limits = (first, as_of + 1)
    left, right = (10, margin) if say.right_to_left else (margin, 10)
    events = _Events(cohort, limits, left, right, sheet.width)
    axes = sheet.axes(events.height + row * len(names), left, right, across=limits, time=True)
    axes.set_ylim(row * len(names), -events.height)
    sheet.time_ticks(axes)
    events.draw(sheet, axes, 0, row * len(names))
    ends = (
        _joining_months(gone),
        measures.departure_ends(gone),
    )
    for index in range(len(gone)):
        (joined_low, joined_high), (left_low, left_high) = (
            (float(low[index]), float(high[index])) for low, high in ends
        )
        y = (index + 0.5) * row
        _draw_departure(axes, left_low, left_high, y, row * 0.5)
        if math.isfinite(joined_low):
            end = max(left_low, joined_high)
            axes.barh(
                y,
                end + 0.5 - joined_high,
                left=joined_high,
                height=row * 0.5,
                color=MARK,
                lw=0,
                zorder=2,
            )
            loose(axes, joined_low, joined_high, y, row * 0.5, PALE)
    for index in range(len(stayed)):
        y = (len(gone) + index + 0.5) * row
        axes.plot(as_of + 0.5, y, "o", ms=7, mfc="white", mec=INK, mew=1.2, zorder=4, clip_on=False)
        if index == 0:
            text = say("still there, start not stated")
            room = sheet.plot_width - 16
            text = text if text_width(text, SMALL) < room else say("still there")
            sheet.label(
                axes, as_of + 0.5, y, text, -8, size=SMALL, colour=GREY, ha="right", boxed=row
            )
    sheet.write_names(axes, names, row, margin)


def _draw_departure(axes: Axes, low: float, high: float, y: float, height: float) -> None:
    """A thick stroke for a known month; for a loose one a range with the ends that it has."""
    at = [y - height / 2, y + height / 2]
    if low == high:
        axes.plot([high + 0.5] * 2, at, color=ACCENT, lw=2.4, zorder=4, solid_capstyle="butt")
        return
    loose(axes, max(low + 0.5, axes.get_xlim()[0]), high + 0.5, y, height, PALE_ACCENT)
    for end in filter(math.isfinite, (low, high)):
        axes.plot([end + 0.5] * 2, at, color=ACCENT, lw=0.8, zorder=4, solid_capstyle="butt")


def _joining_years(rows: pd.DataFrame) -> pd.DataFrame:
    """Columns: `joined_in_year` (the middle of the range), `authors`; every year in between."""
    low, high = _joining_months(rows)
    joined = pd.Series(months.EPOCH + (low + high) // 24, dtype=int)
    years = range(joined.min(), joined.max() + 1) if len(joined) else range(0)
    numbers = joined.value_counts().reindex(years, fill_value=0)
    return pd.DataFrame({"joined_in_year": list(years), "authors": numbers.to_list()})


def _draw_joining(sheet: Sheet, rows: pd.DataFrame) -> None:
    table = _joining_years(rows)
    first, last = table["joined_in_year"].iloc[[0, -1]]
    axes = sheet.axes(190, 34, 8, time=True)
    sns.histplot(
        x=table["joined_in_year"] - months.EPOCH,
        weights=table["authors"],
        bins=[year - months.EPOCH for year in range(first, last + 2)],
        color=MARK,
        alpha=1,
        ax=axes,
        edgecolor="white",
    )
    highest = int(table["authors"].max())
    axes.set(
        xlim=(first - months.EPOCH, last + 1 - months.EPOCH),
        ylim=(0, highest * 1.05),
        xlabel="",
        ylabel="",
    )
    sheet.count_axis(axes, 0, highest)
    step = next(k for k in (1, 2, 5, 10) if k * sheet.plot_width / len(table) > 34 or k == 10)
    shown = [year for year in table["joined_in_year"] if year % step == 0]
    axes.set_xticks([year + 0.5 - months.EPOCH for year in shown], [str(year) for year in shown])


def _careers_title(say: Language, dated: pd.DataFrame, left: int) -> str:
    if dated.empty:
        return say("The article does not say when anybody joined")
    first, last = dated["joined_low"].min(), dated["joined_high"].max()
    if len(dated) == 1:
        return say("{name} had joined {when}").format(
            name=dated["name"].iloc[0], when=say.month_within(first.ordinal, last.ordinal)
        )
    if first.year == last.year:
        text = (
            say("Those who left had all joined in {year}")
            if len(dated) == left
            else say("Those whose first month can be worked out had all joined in {year}")
        )
        return text.format(year=first.year)
    text = (
        say("Those who left had joined between {first} and {last}")
        if len(dated) == left
        else say("Those whose first month can be worked out had joined between {first} and {last}")
    )
    return text.format(first=first.year, last=last.year)


def _careers_alt(say: Language, title: str, dated: pd.DataFrame, left: int, named: bool) -> str:
    if dated.empty:
        return f"{title}."
    if not named:
        return say("A histogram of joining years. {title}.").format(title=title)
    if len(dated) == 1:
        return say("One bar. {title}.").format(title=title)
    first = measures.certainly_least(*_joining_months(dated)) if len(dated) == left else None
    if first is None:
        return say("A bar for each career. {title}.").format(title=title)
    low, high = _joining_months(dated.iloc[[first]])
    return say(
        "A bar for each career. {title}. The first of them to join: {name}, {months}."
    ).format(title=title, name=dated["name"].iloc[first], months=say.month_span(low[0], high[0]))
