"""One function a figure: a cohort -> a `Chart` with its title, alternative text, data and drawing.

A chart is drawn twice, for a wide and for a narrow column. All lengths are in points (1/72 inch).
"""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.textpath import TextToPath

from . import findings, measures
from .cohort import Cohort
from .display import table_html
from .language import (
    _,
    _n,
    count,
    decimal,
    duration,
    listed,
    month_name,
    month_span,
    sentence,
    spanned,
    years,
    years_span,
)
from .ranges import Range

FIGURE_MIME = "application/vnd.analysis-helpers.figure+json"

WIDE, NARROW = 540.0, 232.0
NAMED_AT_MOST = 60

INK, GREY, MARK, PALE, ACCENT = "#1a1a1a", "#595959", "#8c8c8c", "#d9d9d9", "#b5400b"
TITLE, TEXT, SMALL = 14.0, 10.0, 9.0

for _file in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
    fontManager.addfont(_file)

STYLE: dict[str, Any] = {
    **sns.axes_style("white"),
    "font.family": ["Heebo", "DejaVu Sans"],
    "font.size": TEXT,
    "text.color": INK,
    "axes.edgecolor": MARK,
    "axes.linewidth": 0.6,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "xtick.color": GREY,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "xtick.bottom": True,
    "xtick.major.size": 3,
    "xtick.major.width": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "analysis-helpers",
    "text.parse_math": False,
}


@dataclass(frozen=True)
class Chart:
    """A figure with everything a reader needs beside the picture.

    `title` is the finding, `subtitle` says what is plotted and in which unit, `alt` says in words
    what the picture shows, `data` holds the numbers in it, `draw` makes it for a width in points.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    data: pd.DataFrame
    source: str
    draw: Callable[[Sheet], None]

    def figure(self, width: float = WIDE) -> Figure:
        """The picture, drawn for a column of `width` points."""
        with mpl.rc_context(STYLE):
            sheet = Sheet(width, self.title, self.subtitle, self.source)
            self.draw(sheet)
            return sheet.figure

    def svg(self, width: float = WIDE) -> str:
        """The picture as an SVG element; its texts are texts."""
        out = io.StringIO()
        with mpl.rc_context(STYLE):
            self.figure(width).savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        text = out.getvalue()
        text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
        return text[text.index("<svg") :]

    def png(self) -> bytes:
        """The wide picture as PNG, two pixels a point."""
        out = io.BytesIO()
        with mpl.rc_context(STYLE):
            self.figure().savefig(out, format="png", dpi=144, metadata={"Software": None})
        return out.getvalue()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        wide, image = self.svg(), base64.b64encode(self.png()).decode()
        return {
            FIGURE_MIME: {
                "name": self.name,
                "title": self.title,
                "subtitle": self.subtitle,
                "alt": self.alt,
                "svg": wide,
                "svg_narrow": self.svg(NARROW),
                "png": image,
                "csv": self.data.to_csv(index=False, lineterminator="\n"),
                "table": table_html(self.data, self.title),
            },
            "image/svg+xml": wide,
            "image/png": image,
            "text/plain": self.alt,
        }


# --- the sheet: title, subtitle, plot and source line, measured so that nothing collides


@cache
def _width_at_ten(text: str, weight: str) -> float:
    properties = FontProperties(family=["Heebo", "DejaVu Sans"], size=10, weight=weight)
    width, _height, _descent = TextToPath().get_text_width_height_descent(text, properties, False)
    return float(width)


def text_width(text: str, size: float, weight: str = "regular") -> float:
    """How wide a text is, in points, at a font size."""
    return _width_at_ten(text, weight) * size / 10


def wrap(text: str, width: float, size: float, weight: str = "regular") -> list[str]:
    """The text in lines that fit the width; a word that does not fit is cut with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        word = _shortened(word, width, size, weight)
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _shortened(text: str, width: float, size: float, weight: str = "regular") -> str:
    if text_width(text, size, weight) <= width:
        return text
    while text and text_width(f"{text}…", size, weight) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


class Sheet:
    """A figure that grows downwards: the header, then what is asked for, then the source line."""

    def __init__(self, width: float, title: str, subtitle: str, source: str) -> None:
        self.width = width
        self.figure = Figure()
        FigureCanvasAgg(self.figure)
        self._title = wrap(title, width, TITLE, "bold")
        self._subtitle = wrap(subtitle, width, TEXT)
        self._source = wrap(source, width, SMALL)

    @property
    def narrow(self) -> bool:
        return self.width < 400

    def axes(self, height: float, left: float = 0, right: float = 0, bottom: float = 20) -> Axes:
        """The plot: `height` points high, with margins for the labels around it.

        Its x axis runs from 0 to 1 and its y axis downwards in points until they are set.
        """
        head = 1.25 * TITLE * len(self._title) + 1.35 * TEXT * len(self._subtitle) + 14
        foot = 1.35 * SMALL * len(self._source) + 8
        total = head + height + bottom + foot
        self.figure.set_size_inches(self.width / 72, total / 72)
        y = total
        for lines, size, weight, colour, spacing in (
            (self._title, TITLE, "bold", INK, 1.25),
            (self._subtitle, TEXT, "regular", GREY, 1.35),
        ):
            for line in lines:
                y -= spacing * size
                self._write(0, y + 0.25 * size, line, size, weight, colour, total)
        for index, line in enumerate(reversed(self._source)):
            self._write(0, 3 + 1.35 * SMALL * index, line, SMALL, "regular", GREY, total)
        axes = self.figure.add_axes(
            (
                left / self.width,
                (foot + bottom) / total,
                (self.width - left - right) / self.width,
                height / total,
            )
        )
        axes.set(xlim=(0, 1), ylim=(height, 0), yticks=[])
        axes.spines["bottom"].set_zorder(6)
        return axes

    def _write(
        self, x: float, y: float, text: str, size: float, weight: str, colour: str, total: float
    ) -> None:
        self.figure.text(
            x / self.width, y / total, text, size=size, weight=weight, color=colour, va="baseline"
        )


# --- what several figures share


def _source(cohort: Cohort) -> str:
    publisher = cohort.article.publisher or _("the article")
    return _("Source: {publisher}, as of {month}; own calculations").format(
        publisher=publisher, month=month_name(cohort.article.as_of)
    )


def _row_height(rows: int) -> float:
    return 18.0 if rows <= 30 else 15.0


def _year_ticks(axes: Axes, first: float, last: float, narrow: bool) -> None:
    """Ticks in January of every year, or of as many years as have room."""
    start, stop = math.ceil(first / 12), math.floor(last / 12)
    step = max(1, math.ceil((stop - start + 1) / (5 if narrow else 12)))
    ticks = [12 * year for year in range(start, stop + 1, step)]
    axes.set_xticks(ticks, [str(1970 + tick // 12) for tick in ticks])


def _years_axis(axes: Axes, first: float, last: float) -> None:
    """Ticks in whole years for an axis in months."""
    span = (last - first) / 12
    step = next(step for step in (0.25, 0.5, 1, 2, 5, 10, 20) if span / step <= 8)
    ticks = [12 * step * k for k in range(math.ceil(first / 12 / step), math.floor(last / 12 / step) + 1)]
    digits = 0 if step >= 1 else 1 if step == 0.5 else 2
    axes.set_xticks(ticks, [decimal(tick / 12, digits) for tick in ticks])


def _loose(axes: Axes, low: float, high: float, y: float, height: float, colour: str) -> None:
    """A range as a pale bar with closed ends."""
    axes.add_patch(
        mpl.patches.Rectangle((low, y - height / 2), high - low, height, color=colour, lw=0, zorder=3)
    )


def _name_column(names: Sequence[str], sheet: Sheet) -> tuple[list[str], float]:
    """The names, shortened where one is longer than its share of the sheet, and their width."""
    limit = sheet.width * (0.42 if sheet.narrow else 0.3)
    short = [_shortened(name, limit, TEXT) for name in names]
    return short, max((text_width(name, TEXT) for name in short), default=0) + 10


# Half of Heebo's cap height: it centres capitals on a mark.
_HALF_CAP = 0.355


def _label(
    axes: Axes, x: float, y: float, text: str, dx: float = 0, size: float = TEXT,
    across: str = "data", **style: Any,
) -> None:  # fmt: skip
    """A text centred vertically on `y` and moved `dx` points aside of `x`."""
    axes.annotate(
        text, (x, y), (dx, -_HALF_CAP * size), xycoords=(across, "data"), size=size,
        textcoords="offset points", va="baseline", annotation_clip=False, **style,
    )  # fmt: skip


def _write_names(axes: Axes, names: Sequence[str], row: float, margin: float) -> None:
    for index, name in enumerate(names):
        _label(axes, 0, (index + 0.5) * row, name, -margin, across="axes fraction")


def _nothing(sheet: Sheet, text: str) -> None:
    axes = sheet.axes(24, bottom=0)
    axes.set_axis_off()
    axes.text(0, 14, text, color=GREY, size=TEXT)


# --- the authors as marks


def departures(cohort: Cohort) -> Chart:
    """Every author as a mark in the paper's order: who left and who stayed."""
    authors = cohort.authors
    as_of = month_name(cohort.article.as_of)
    gone = (authors["status"] == "left").to_numpy()
    named = len(authors) <= NAMED_AT_MOST
    stayed = authors.loc[~gone, "name"].tolist()

    def draw(sheet: Sheet) -> None:
        if not named:
            _draw_share(sheet, gone)
            return
        columns = 1 if sheet.narrow or len(authors) <= 4 else 2 if len(authors) <= 30 else 3
        if sheet.narrow and len(authors) > 20:
            columns = 1
        rows = math.ceil(len(authors) / columns)
        row = 20.0 if len(authors) <= 30 else 17.0
        axes = sheet.axes(rows * row + 26, bottom=0)
        axes.set_axis_off()
        axes.set_xlim(0, sheet.width)
        pitch = sheet.width / columns
        _draw_key(axes, gone, cohort.company)
        for index, (name, left) in enumerate(zip(authors["name"], gone, strict=True)):
            x, y = (index // rows) * pitch, 26 + (index % rows + 0.5) * row
            axes.plot(
                x + 6, y, "o", ms=10, mec=ACCENT if left else INK, mew=1.2,
                mfc=ACCENT if left else "white", clip_on=False,
            )  # fmt: skip
            label = _shortened(name, pitch - 28, TEXT, "regular" if left else "bold")
            _label(axes, x, y, label, 20, weight="regular" if left else "bold")

    return Chart(
        name="departures",
        title=findings.departures_title(cohort),
        subtitle=_("Authors in the paper's order, as of {month}").format(month=as_of)
        if named
        else _("Share of the {credited} authors, as of {month}").format(
            credited=decimal(len(authors), 0), month=as_of
        ),
        alt=_("{title}. {stayed}").format(
            title=findings.departures_title(cohort),
            stayed=_("Each author is a mark; {left} filled, {remaining} hollow{names}.").format(
                left=decimal(gone.sum(), 0),
                remaining=decimal((~gone).sum(), 0),
                names=_(": {names}").format(names=listed(stayed))
                if named and 0 < len(stayed) <= findings.NAMED_AT_MOST
                else "",
            )
            if named
            else _("One bar, divided into those who left and those who stayed."),
        ),
        data=pd.DataFrame(
            {"author": authors["name"], "status": authors["status"].astype(str)}
            if named
            else {"status": ["left", "stayed"], "authors": [int(gone.sum()), int((~gone).sum())]}
        ),
        source=_source(cohort),
        draw=draw,
    )


def _draw_key(axes: Axes, gone: np.ndarray, company: str) -> None:
    """What the two marks mean, with how many there are of each."""
    x = 6.0
    for number, colour, text in (
        (int(gone.sum()), ACCENT, _("left")),
        (int((~gone).sum()), INK, _("stayed")),
    ):
        axes.plot(x, 8, "o", ms=8, mec=colour, mew=1.2, mfc=ACCENT if colour == ACCENT else "white")
        label = f"{decimal(number, 0)} {text}"
        _label(axes, x, 8, label, 10, weight="bold", color=colour)
        x += 10 + text_width(label, TEXT, "bold") + 26


def _draw_share(sheet: Sheet, gone: np.ndarray) -> None:
    axes = sheet.axes(60, bottom=0)
    axes.set_axis_off()
    share = gone.mean()
    axes.barh(40, share, height=26, color=ACCENT, lw=0)
    axes.barh(40, 1 - share, left=share, height=26, color=PALE, lw=0)
    axes.text(0, 14, f"{decimal(gone.sum(), 0)} {_('left')}", weight="bold", color=ACCENT)
    axes.text(1, 14, f"{decimal((~gone).sum(), 0)} {_('stayed')}", weight="bold", ha="right")


# --- tenure


def tenures(cohort: Cohort, threshold: float | None = None) -> Chart:
    """The tenure of everybody who left, longest first, with the mean and a threshold in months."""
    rows = measures.left(cohort.authors).dropna(subset=["tenure_low"])
    rows = rows.assign(middle=(rows["tenure_low"] + rows["tenure_high"]) / 2)
    rows = rows.sort_values(["middle", "name"], ascending=[False, True])
    low, high = (rows[end].to_numpy(float) for end in ("tenure_low", "tenure_high"))
    mean = measures.mean_tenure(cohort.authors)
    named = len(rows) <= NAMED_AT_MOST
    title = findings.tenure_title(cohort)

    def draw(sheet: Sheet) -> None:
        if mean is None:
            _nothing(sheet, _("There is no tenure to plot."))
            return
        if not named:
            _draw_distribution(sheet, (low + high) / 2, mean, threshold)
            return
        names, margin = _name_column(rows["name"].tolist(), sheet)
        row, top = _row_height(len(rows)), 24.0
        end = max(high.max(), mean.high, threshold or 0)
        labels = [_tenure_label(*ends) for ends in zip(low, high, strict=True)]
        room = max(text_width(label, SMALL) for label in labels) + 10
        axes = sheet.axes(top + row * len(rows), left=margin, right=room)
        axes.set(xlim=(0, end), ylim=(row * len(rows), -top))
        _years_axis(axes, 0, end)
        _mark_mean(axes, mean, threshold, -6, row * len(rows))
        for index, (least, most, label) in enumerate(zip(low, high, labels, strict=True)):
            y = (index + 0.5) * row
            axes.barh(y, least, height=row * 0.55, color=MARK, lw=0, zorder=2)
            _loose(axes, least, most, y, row * 0.55, PALE)
            _label(axes, 1, y, label, room, SMALL, "axes fraction", ha="right", color=GREY)
        _write_names(axes, names, row, margin)

    return Chart(
        name="tenures",
        title=title,
        subtitle=_("Years at {company} of those who left; pale ends: how loosely it is stated").format(
            company=cohort.company
        )
        if named
        else _("Years at {company} of those who left, number of authors").format(
            company=cohort.company
        ),
        alt=_tenures_alt(title, rows, threshold, named),
        data=pd.DataFrame(
            {"author": rows["name"], "tenure_low_months": rows["tenure_low"],
             "tenure_high_months": rows["tenure_high"]}
        ) if named else _binned((low + high) / 2),
        source=_source(cohort),
        draw=draw,
    )  # fmt: skip


def _tenure_label(low: float, high: float) -> str:
    """The middle of a tenure as printed; `about` where the range is wide."""
    middle = duration(round((low + high) / 2))
    return middle if high - low <= 2 else _("about {duration}").format(duration=middle)


def _tenures_alt(title: str, rows: pd.DataFrame, threshold: float | None, named: bool) -> str:
    if rows.empty:
        return f"{title}."
    parts = [title]
    longest, shortest = rows.iloc[0], rows.iloc[-1]
    if named and len(rows) > 1:
        parts.append(
            _("Bars from {longest}, {most}, down to {shortest}, {least}").format(
                longest=longest["name"], shortest=shortest["name"],
                most=_tenure_label(longest["tenure_low"], longest["tenure_high"]),
                least=_tenure_label(shortest["tenure_low"], shortest["tenure_high"]),
            )
        )  # fmt: skip
    if threshold is not None:
        above = int((rows["tenure_low"] > threshold).sum())
        parts.append(
            _n(
                "{count} of {all} lies wholly above the line at {threshold}",
                "{count} of {all} lie wholly above the line at {threshold}",
                above,
            ).format(count=count(above), all=count(len(rows)), threshold=years(threshold))
        )
    return ". ".join(map(sentence, parts)) + "."


def _mark_mean(axes: Axes, mean: Range, threshold: float | None, top: float, bottom: float) -> None:
    """The mean as a band and the threshold as a dashed line, their labels at the height `top`.

    The labels hang to the outer sides, so that they keep apart however near the two marks are.
    """
    axes.fill_between([mean.low, mean.high], top, bottom, color=ACCENT, alpha=0.28, lw=0, zorder=4)
    for edge in (mean.low, mean.high):
        axes.plot([edge, edge], [top, bottom], color=ACCENT, lw=0.8, zorder=5, clip_on=False)
    label = _("mean {years}").format(years=spanned(decimal(mean.low / 12), decimal(mean.high / 12)))
    beyond = threshold is not None and threshold > mean.low
    _hang(axes, mean.high if beyond else mean.low, top, label, beyond, color=ACCENT, weight="bold")
    if threshold is not None:
        axes.plot([threshold] * 2, [top, bottom], color=INK, lw=1, zorder=5, dashes=(4, 2))
        _hang(axes, threshold, top, years(threshold), not beyond, color=INK, weight="regular")


def _hang(axes: Axes, x: float, y: float, text: str, leftwards: bool, **style: Any) -> None:
    """A label above `y` that ends or begins at `x`, pushed back where it would leave the figure."""
    box = axes.get_position()
    sheet = axes.figure.get_figwidth() * 72
    left, right = axes.get_xlim()
    at = sheet * (box.x0 + box.width * (x - left) / (right - left))
    width = text_width(text, SMALL, style["weight"])
    start = at - width if leftwards else at
    start = min(max(start, 0), sheet - width)
    axes.annotate(text, (x, y), (start - at, 5), textcoords="offset points", size=SMALL,
                  va="baseline", ha="left", annotation_clip=False, **style)  # fmt: skip


def _binned(values: np.ndarray) -> pd.DataFrame:
    edges = np.arange(0, values.max() + 24, 12) if len(values) else np.array([0, 12])
    numbers, _edges = np.histogram(values, bins=edges)
    return pd.DataFrame({"tenure_years_from": edges[:-1] / 12, "authors": numbers})


def _draw_distribution(
    sheet: Sheet, values: np.ndarray, mean: Range, threshold: float | None
) -> None:
    axes = sheet.axes(190, left=34)
    end = math.ceil(values.max() / 12) * 12 + 12
    sns.histplot(x=values, bins=np.arange(0, end + 12, 12), color=MARK, ax=axes, edgecolor="white")
    highest = axes.get_ylim()[1]
    axes.set(xlim=(0, end), ylim=(0, highest * 1.2), xlabel="", ylabel="")
    axes.yaxis.set_major_locator(mpl.ticker.MaxNLocator(4, integer=True))
    axes.tick_params(labelsize=SMALL)
    _years_axis(axes, 0, end)
    _mark_mean(axes, mean, threshold, highest * 1.06, 0)


def leave_one_out(cohort: Cohort, threshold: float | None = None) -> Chart:
    """The mean tenure with each one who left not counted, against a threshold in months."""
    means = measures.leave_one_out(cohort.authors)
    mean = measures.mean_tenure(cohort.authors)
    named = len(means) <= NAMED_AT_MOST
    title = findings.leave_one_out_title(cohort, threshold)

    def draw(sheet: Sheet) -> None:
        if means.empty or mean is None:
            _nothing(sheet, _("There is no other tenure to average."))
            return
        ends = [means["mean_low"].min(), means["mean_high"].max(), mean.low, mean.high]
        first, last = min(*ends, threshold or math.inf), max(*ends, threshold or -math.inf)
        first, last = first - 1.5, last + 1.5
        if not named:
            _draw_spread(sheet, means, mean, threshold, first, last)
            return
        names, margin = _name_column(means["name"].tolist(), sheet)
        row, top = _row_height(len(means)), 24.0
        axes = sheet.axes(top + row * len(means), left=margin, right=6)
        axes.set(xlim=(first, last), ylim=(row * len(means), -top))
        _years_axis(axes, first, last)
        _mark_mean(axes, mean, threshold, -6, row * len(means))
        for index, (low, high) in enumerate(zip(means["mean_low"], means["mean_high"], strict=True)):
            y = (index + 0.5) * row
            axes.plot([low, high], [y, y], color=INK, lw=2.6, solid_capstyle="butt", zorder=6)
        _write_names(axes, names, row, margin)

    return Chart(
        name="leave-one-out",
        title=title,
        subtitle=_("Mean years at {company} when this one author is left out, lowest to highest").format(
            company=cohort.company
        ),
        alt=_leave_one_out_alt(title, means),
        data=means.rename(
            columns={"name": "left_out", "mean_low": "mean_low_months", "mean_high": "mean_high_months"}
        ).round(2),
        source=_source(cohort),
        draw=draw,
    )


def _leave_one_out_alt(title: str, means: pd.DataFrame) -> str:
    if means.empty:
        return f"{title}."
    lowest, highest = means.iloc[0], means.iloc[-1]
    return _("{title}. Lowest without {least}, {low}; highest without {most}, {high}.").format(
        title=title, least=lowest["name"], most=highest["name"],
        low=years_span(Range(lowest["mean_low"], lowest["mean_high"])),
        high=years_span(Range(highest["mean_low"], highest["mean_high"])),
    )  # fmt: skip


def _draw_spread(
    sheet: Sheet, means: pd.DataFrame, mean: Range, threshold: float | None, first: float, last: float
) -> None:
    axes = sheet.axes(70)
    axes.set(xlim=(first, last), ylim=(40, -30))
    _years_axis(axes, first, last)
    _mark_mean(axes, mean, threshold, -6, 40)
    low, high = means["mean_low"].min(), means["mean_high"].max()
    axes.plot([low, high], [20, 20], color=INK, lw=4, solid_capstyle="butt", zorder=6)


# --- the timeline


def _timeline_limits(cohort: Cohort) -> tuple[int, int]:
    """First and last month to be drawn, with a little air."""
    first = measures.first_departure(cohort.authors)
    marks = [cohort.paper.month, cohort.article.as_of]
    if first is not None:
        marks += [int(end) for end in (first.low, first.high) if math.isfinite(end)]
    return min(marks) - 1, max(marks) + 2


class _Events:
    """The events within the limits of a time axis, laid out above the plot without overlap."""

    ROW = 13.0

    def __init__(self, cohort: Cohort, first: float, last: float, width: float) -> None:
        self.marks: list[tuple[float, float, int, str]] = []
        scale = (last - first) / width
        ends: list[float] = []
        for date, label in zip(cohort.events["date"], cohort.events["label"], strict=True):
            month = (date.year - 1970) * 12 + date.month - 1 + (date.day - 1) / 31
            if not first <= month <= last:
                continue
            label = _shortened(label, width, SMALL)
            half = text_width(label, SMALL) / 2 * scale
            x = min(max(month, first + half), last - half)
            row = next((k for k, end in enumerate(ends) if end < x - half), len(ends))
            ends[row:] = [x + half + 8 * scale, *ends[row + 1 :]]
            self.marks.append((month, x, row, label))
        self.height = self.ROW * len(ends) + 8

    def draw(self, axes: Axes, top: float, bottom: float) -> None:
        """Fine lines from the labels to `bottom`; the labels stand above `top`."""
        height = axes.get_position().height * axes.figure.get_figheight() * 72
        start, end = axes.get_ylim()
        unit = (end - start) / height
        for month, x, row, label in self.marks:
            y = top + unit * (4 + self.ROW * row)
            axes.plot([month, month], [y, bottom], color=PALE, lw=0.8, zorder=0, clip_on=False)
            axes.text(
                x, y, label, ha="center", va="baseline", size=SMALL, color=GREY, zorder=1,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            )  # fmt: skip


def headcount(cohort: Cohort) -> Chart:
    """Authors still there month by month, every departure named, with the events."""
    authors = cohort.authors
    first, last = _timeline_limits(cohort)
    curve = measures.headcount(authors, first, last - 1)
    rows = measures.left(authors).sort_values(
        ["departed_high", "departed_low"], kind="stable", na_position="first"
    )
    stayed = authors.loc[authors["status"] == "stayed", "name"].tolist()
    named = len(authors) <= NAMED_AT_MOST
    title = findings.timeline_title(cohort)

    def draw(sheet: Sheet) -> None:
        left = 24.0 if named else 40.0
        level = (16.0 if len(authors) <= 30 else 13.0) if named else 220 / len(authors)
        events = _Events(cohort, first, last, sheet.width - left - 6)
        axes = sheet.axes(events.height + level * len(authors) + 4, left=left, right=6)
        top = len(authors) + 4 / level
        axes.set(xlim=(first, last), ylim=(0, top + events.height / level))
        _year_ticks(axes, first, last, sheet.narrow)
        axes.yaxis.set_major_locator(mpl.ticker.FixedLocator(_round_numbers(len(authors))))
        axes.tick_params(axis="y", labelsize=SMALL, length=0, labelcolor=GREY)
        events.draw(axes, top, 0)
        x, low, high = _steps(rows, len(authors), first, last)
        axes.fill_between(x, low, high, color=ACCENT, alpha=0.28, lw=0, zorder=2)
        for ends in (low, high):
            axes.plot(x, ends, color=ACCENT, lw=1.8, zorder=5, solid_joinstyle="miter")
        if named:
            _name_departures(axes, sheet, rows, stayed, len(authors), (first, last), left)

    return Chart(
        name="headcount",
        title=title,
        subtitle=_("Authors still at {company}, month by month").format(company=cohort.company),
        alt=_headcount_alt(cohort, title, curve),
        data=curve.assign(month=curve["month"].astype(str)),
        source=_source(cohort),
        draw=draw,
    )


def _round_numbers(most: int) -> list[int]:
    """A few round numbers from 0, and the number itself."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 10**3, 10**4, 10**5, 10**6, 10**7)
                if most / step <= 5)  # fmt: skip
    return [k for k in range(0, most, step) if most - k > step / 2] + [most]


def _steps(
    rows: pd.DataFrame, authors: int, first: float, last: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The outline of the two step lines; a departure falls in the middle of its month."""
    low, high = measures.departure_ends(rows)
    low, high = np.sort(np.maximum(low, first - 0.5)), np.sort(high)
    moments = np.unique(np.concatenate([low, high])) + 0.5
    x = np.concatenate([[first], np.repeat(moments, 2), [last]])
    before, after = (
        [authors - np.searchsorted(ends, moments - 0.5, side=side) for ends in (low, high)]
        for side in ("left", "right")
    )
    outlines = [
        np.concatenate([[authors], np.column_stack([b, a]).ravel(), [authors - len(rows)]])
        for b, a in zip(before, after, strict=True)
    ]
    return x, outlines[0], outlines[1]


def _name_departures(
    axes: Axes, sheet: Sheet, rows: pd.DataFrame, stayed: Sequence[str], authors: int,
    limits: tuple[float, float], margin: float,
) -> None:  # fmt: skip
    first, last = limits
    scale = (last - first) / (sheet.width - margin - 6)
    white = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    low, high = measures.departure_ends(rows)
    for index, (name, least, most) in enumerate(zip(rows["name"], low, high, strict=True)):
        y = authors - index - 0.5
        text = name
        if least != most and not sheet.narrow:
            text = _("{name}, {months}").format(name=name, months=month_span(least, most, short=True))
        x = most + 0.5 + 6 * scale
        right = x + text_width(text, SMALL) * scale <= last
        text = _shortened(text, (last - x if right else x - 12 * scale - first) / scale, SMALL)
        _label(
            axes, most + 0.5, y, text, 6 if right else -6, SMALL,
            ha="left" if right else "right", zorder=4, bbox=white,
        )  # fmt: skip
    for index, name in enumerate(reversed(stayed)):
        _label(
            axes, last, index + 0.5, name, -4, SMALL, weight="bold", ha="right", zorder=4,
            bbox=white,
        )  # fmt: skip


def _headcount_alt(cohort: Cohort, title: str, curve: pd.DataFrame) -> str:
    last = curve.iloc[-1]
    return _("Step line falling from {all} to {remaining}. {title}. {half}").format(
        all=decimal(len(cohort.authors), 0),
        remaining=spanned(decimal(last["remaining_low"], 0), decimal(last["remaining_high"], 0)),
        title=title,
        half=findings.half_gone(cohort),
    )


def careers(cohort: Cohort) -> Chart:
    """Each career from the implied joining month to the departure, in order of departure."""
    rows = cohort.authors.assign(gone=cohort.authors["status"] == "left").sort_values(
        ["gone", "departed_high", "departed_low"],
        ascending=[False, True, True],
        kind="stable",
        na_position="first",
    )
    named = len(rows) <= NAMED_AT_MOST
    as_of = cohort.article.as_of
    dated = rows["joined_low"].notna() & rows["gone"]
    title = _careers_title(cohort)

    def draw(sheet: Sheet) -> None:
        if not dated.any():
            _nothing(sheet, _("No joining month can be worked out."))
            return
        if not named:
            _draw_joining(sheet, rows[dated], as_of)
            return
        names, margin = _name_column(rows["name"].tolist(), sheet)
        row = _row_height(len(rows))
        joined = rows.loc[dated, "joined_low"].min().ordinal
        first, last = min(joined, cohort.paper.month) - 3, as_of + 2
        events = _Events(cohort, first, last, sheet.width - margin - 10)
        axes = sheet.axes(events.height + row * len(rows), left=margin, right=10)
        axes.set(xlim=(first, last), ylim=(row * len(rows), -events.height))
        _year_ticks(axes, first, last, sheet.narrow)
        events.draw(axes, 0, row * len(rows))
        for index, career in enumerate(rows.itertuples(index=False)):
            _draw_career(axes, career, (index + 0.5) * row, row * 0.5, as_of, first)
        _write_names(axes, names, row, margin)

    return Chart(
        name="careers",
        title=title,
        subtitle=_(
            "From the implied joining month to the departure; pale ends: how loosely they are known;"
            " ring: still there in {month}, start not stated"
        ).format(month=month_name(as_of))
        if (~rows["gone"]).any()
        else _("From the implied joining month to the departure; pale ends: how loosely it is known"),
        alt=_careers_alt(cohort, title, rows[dated]),
        data=pd.DataFrame(
            {"author": rows["name"]}
            | {
                column: rows[column].astype(str).replace("NaT", "")
                for column in ("joined_low", "joined_high", "departed_low", "departed_high")
            }
        ),
        source=_source(cohort),
        draw=draw,
    )


def _draw_career(
    axes: Axes, career: Any, y: float, height: float, as_of: int, first: float
) -> None:
    if not career.gone:
        axes.plot(as_of + 0.5, y, "o", ms=7, mfc="white", mec=INK, mew=1.2, zorder=4,
                  clip_on=False)  # fmt: skip
        return
    if career.joined_low is pd.NaT or career.departed_low is pd.NaT:
        axes.plot(career.departed_high.ordinal + 0.5, y, "o", ms=6, color=ACCENT, zorder=4)
        return
    joined_low, joined_high, departed_low, departed_high = (
        month.ordinal for month in (career.joined_low, career.joined_high,
                                    career.departed_low, career.departed_high)
    )  # fmt: skip
    start, end = joined_high, max(departed_low, joined_high)
    axes.barh(y, end + 0.5 - start, left=start, height=height, color=MARK, lw=0, zorder=2)
    _loose(axes, joined_low, joined_high, y, height, PALE)
    if departed_high > departed_low:
        _loose(axes, end + 0.5, departed_high + 0.5, y, height, "#f0c9b6")
    axes.plot([departed_high + 0.5] * 2, [y - height / 2, y + height / 2], color=ACCENT, lw=2.4,
              zorder=4, solid_capstyle="butt")  # fmt: skip


def _draw_joining(sheet: Sheet, rows: pd.DataFrame, as_of: int) -> None:
    axes = sheet.axes(190, left=40)
    middle = (rows["joined_low"].array.asi8 + rows["joined_high"].array.asi8) / 2
    first = math.floor(middle.min() / 12) * 12
    sns.histplot(x=middle, bins=np.arange(first, as_of + 13, 12), color=MARK, ax=axes,
                 edgecolor="white")  # fmt: skip
    axes.set(xlabel="", ylabel="")
    axes.yaxis.set_major_locator(mpl.ticker.MaxNLocator(4, integer=True))
    axes.tick_params(labelsize=SMALL)
    _year_ticks(axes, first, as_of, sheet.narrow)


def _careers_title(cohort: Cohort) -> str:
    rows = measures.left(cohort.authors).dropna(subset=["joined_low"])
    if rows.empty:
        return _("The article does not say when anybody joined")
    first, last = rows["joined_low"].min(), rows["joined_high"].max()
    if len(rows) == 1:
        return _("The one who left had joined in {months}").format(
            months=month_span(first.ordinal, last.ordinal)
        )
    if first.year == last.year:
        return _("Those who left had all joined in {year}").format(year=first.year)
    return _("Those who left had joined between {first} and {last}").format(
        first=first.year, last=last.year
    )


def _careers_alt(cohort: Cohort, title: str, rows: pd.DataFrame) -> str:
    if rows.empty:
        return f"{title}."
    earliest = rows.loc[rows["joined_low"] == rows["joined_low"].min()].iloc[0]
    return _("A bar for each career. {title}. The longest ago to join was {name}, in {months}.").format(
        title=title,
        name=earliest["name"],
        months=month_span(earliest["joined_low"].ordinal, earliest["joined_high"].ordinal),
    )


# --- destinations


def destinations(cohort: Cohort) -> Chart:
    """Current employers of those who left, each person a mark."""
    rows = measures.left(cohort.authors)
    ranking = measures.destination_counts(cohort.authors)
    title = findings.destinations_title(cohort)
    named = len(rows) <= NAMED_AT_MOST
    people = {
        organisation: sorted(group)
        for organisation, group in rows.groupby(rows["organisation"].astype(str))["name"]
    }
    shown = ranking if named else ranking.head(20)

    def draw(sheet: Sheet) -> None:
        if ranking.empty:
            _nothing(sheet, _("There is no destination to plot."))
            return
        organisations, margin = _name_column(shown["organisation"].tolist(), sheet)
        if not named:
            _draw_bars(sheet, organisations, shown["authors"].to_numpy(), margin)
            return
        width = sheet.width - margin
        pitch = min(15.0, width / ranking["authors"].max())
        blocks = []
        for name, number in zip(shown["organisation"], shown["authors"], strict=True):
            beside = wrap(listed(people[name]), width - number * pitch - 6, SMALL)
            below = wrap(listed(people[name]), width, SMALL)
            blocks.append((number, beside, 22.0) if len(beside) == 1
                          else (number, below, 26.0 + 13 * len(below)))  # fmt: skip
        axes = sheet.axes(sum(height for _number, _lines, height in blocks), left=margin, bottom=0)
        axes.set_axis_off()
        axes.set_xlim(0, width)
        y = 11.0
        for organisation, (number, lines, height) in zip(organisations, blocks, strict=True):
            top = number == ranking["authors"].max() and number > 1
            axes.plot(
                6 + np.arange(number) * pitch, np.full(number, y), "o", ms=min(10, pitch - 3),
                mew=0, color=ACCENT if top else MARK, clip_on=False,
            )  # fmt: skip
            _label(axes, 0, y, organisation, -margin, weight="bold" if top else "regular")
            beside = height < 26
            for k, line in enumerate(lines):
                below = 0 if beside else 19 + 13 * k
                _label(axes, number * pitch + 6 if beside else 0, y + below, line, size=SMALL,
                       color=GREY)  # fmt: skip
            y += height

    return Chart(
        name="destinations",
        title=title,
        subtitle=_("Employers as of {month}, one mark for each author who left {company}").format(
            month=month_name(cohort.article.as_of), company=cohort.company
        )
        if named
        else _("Employers as of {month}, number of authors who left {company}").format(
            month=month_name(cohort.article.as_of), company=cohort.company
        ),
        alt=_destinations_alt(title, ranking),
        data=ranking[["organisation", "authors"]].assign(
            names=["; ".join(people[name]) for name in ranking["organisation"]]
        )
        if named
        else ranking[["organisation", "authors"]],
        source=_source(cohort),
        draw=draw,
    )


def _draw_bars(
    sheet: Sheet, organisations: Sequence[str], numbers: np.ndarray, margin: float
) -> None:
    row = 18.0
    axes = sheet.axes(row * len(numbers), left=margin, right=50, bottom=0)
    axes.set_axis_off()
    axes.set_xlim(0, max(numbers))
    for index, number in enumerate(numbers):
        y = (index + 0.5) * row
        axes.barh(y, number, height=row * 0.6, lw=0, color=MARK if index else ACCENT)
        _label(axes, number, y, decimal(number, 0), 5, SMALL)
    _write_names(axes, organisations, row, margin)


def _destinations_alt(title: str, ranking: pd.DataFrame) -> str:
    if ranking.empty:
        return f"{title}."
    shown = ranking.head(12)
    numbers = [
        f"{name} {decimal(number, 0)}"
        for name, number in zip(shown["organisation"], shown["authors"], strict=True)
    ]
    more = len(ranking) - len(shown)
    if more:
        numbers.append(_("{count} more").format(count=decimal(more, 0)))
    return _("{title}. Authors at each: {numbers}.").format(title=title, numbers=listed(numbers))
