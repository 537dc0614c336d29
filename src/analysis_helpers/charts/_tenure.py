"""How long those who left had stayed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from .. import findings, measures
from ..cohort import THE_DATA, Cohort
from ..edition import Edition
from ..errors import takes
from ..language import Language, sentence
from ..ranges import Range
from ..wording import YEARS_SLACK
from ._chart import Chart, names_in, source_line
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
    row_height,
    shortened,
    text_width,
)

TOP = 24.0


@takes(Cohort, THE_DATA)
def tenures(cohort: Cohort, threshold: float | None = None) -> Chart:
    """The tenure of everybody who left, longest first, with the mean and a threshold in months.

    Args:
        cohort: What `open_cohort` gives.
        threshold: Months, to be marked in it; None for no mark.

    Returns:
        The figure: a notebook draws it, `save` writes it to a file.

    Example:
        >>> ah.charts.tenures(data, 60).title
        'Those who left had been at Meta for 5.4 to 5.7 years on average'
    """
    say = cohort.language
    rows = measures.left(cohort.counted).dropna(subset=["tenure_low"])
    rows = rows.assign(middle=(rows["tenure_low"] + rows["tenure_high"]) / 2)
    rows = rows.sort_values(["middle", "name"], ascending=[False, True])
    edition = Edition(cohort)
    rows = edition.said(rows)
    high = rows["tenure_high"].to_numpy(float)
    mean = measures.mean_tenure(cohort.counted)
    named = len(rows) <= NAMED_AT_MOST
    # A threshold far beyond every tenure would squeeze them all into a corner.
    longest = high.max(initial=1)
    end = longest if threshold is None or threshold > 2 * longest else max(longest, threshold)
    unit = 1 if end < 12 else 12
    title = findings.tenure_title(cohort)

    def draw(sheet: Sheet) -> None:
        if mean is None:
            sheet.nothing(say("There is no tenure to plot."))
        elif named:
            _draw_tenures(sheet, rows, end, unit, mean, threshold)
        else:
            _draw_distribution(sheet, rows["middle"].to_numpy(float), mean, threshold)

    subtitle = (
        (
            say("Months at {company}, longest first; line: possible range; dot: midpoint")
            if unit == 1
            else say("Years at {company}, longest first; line: possible range; dot: midpoint")
        )
        if named
        else say("How many of those who left, by years at {company}")
    )
    return Chart(
        name="tenures",
        title=title,
        subtitle=subtitle.format(company=cohort.company),
        alt=_tenures_alt(say, title, rows, threshold, named),
        data=pd.DataFrame(
            {
                "name": rows["name"],
                "tenure_months_at_least": rows["tenure_low"],
                "tenure_months_at_most": rows["tenure_high"],
            }
        )
        if named
        else _binned(rows["middle"].to_numpy(float)),
        source=source_line(cohort),
        say=say,
        draw=draw,
        names=names_in(edition),
    )


def _draw_tenures(
    sheet: Sheet,
    rows: pd.DataFrame,
    end: float,
    unit: int,
    mean: Range,
    threshold: float | None,
) -> None:
    ends = list(zip(rows["tenure_low"], rows["tenure_high"], strict=True))
    labels = [_tenure_label(sheet.say, *pair) for pair in ends]
    room = max(text_width(text, SMALL) for text in labels) + 10
    if sheet.narrow:  # the names stand over the marks, so that these have the whole width
        names, margin = rows["name"].tolist(), 6.0
        row, mark, over = (27.0, 21.5, 10.5) if len(rows) <= 20 else (22.0, 18.0, 10.0)
    else:
        names, margin = sheet.name_column(rows["name"].tolist())
        row = row_height(len(rows))
        mark, over = row / 2, 0.0
    # A range that ended at the very edge would look cut off, and a whole year is marked.
    edge = max(end * 1.02, unit * math.ceil(end / unit))
    axes = sheet.axes(TOP + row * len(rows), start=margin, end=room, across=(0, edge))
    axes.set_ylim(row * len(rows), -TOP)
    sheet.duration_ticks(axes, unit)
    bottom, gaps = row * len(rows), []
    if sheet.narrow and threshold is not None:
        at = abs(sheet.across(axes, threshold) - sheet.across(axes, 0)) + margin
        tops = [row * index for index, name in enumerate(names) if text_width(name, TEXT) + 4 > at]
        middles = [top + mark - over for top in tops]
        gaps = [(middle - TEXT * 0.6, middle + TEXT * 0.6) for middle in middles]
    # The mean of one is that one.
    _mark(sheet, axes, mean if len(rows) > 1 else None, threshold, unit, bottom, gaps=gaps)
    for index, ((least, most), text) in enumerate(zip(ends, labels, strict=True)):
        y = index * row + mark
        axes.plot([0, edge], [y, y], color=PALE, lw=0.6, zorder=1)
        axes.plot([least, most], [y, y], color=INK, lw=1.2, zorder=5, clip_on=False)
        axes.plot((least + most) / 2, y, "o", ms=7, color=INK, mew=0, zorder=5, clip_on=False)
        sheet.label(axes, 1, y, text, 10, size=SMALL, across="axes fraction", colour=GREY)
        if sheet.narrow:
            short = shortened(names[index], sheet.width, TEXT)
            sheet.label(axes, 0, y - over, short, -margin, boxed=TEXT * 1.2)
    if not sheet.narrow:
        sheet.write_names(axes, names, row, margin)


def _tenure_label(say: Language, low: float, high: float) -> str:
    """A tenure as it stands on its mark."""
    return _tenure(say, low, high, say.duration)


def _in_words(say: Language, low: float, high: float) -> str:
    """A tenure in a sentence."""
    return _tenure(say, low, high, say.duration_in_words)


def _tenure(say: Language, low: float, high: float, said: Callable[[float], str]) -> str:
    """The middle of a tenure, `about` where it was rounded; both ends of a wider range.

    Of one from nothing its end.
    """
    if low == 0 and high > 2:
        return say("up to {duration}").format(duration=said(high))
    if high - low > 2 * YEARS_SLACK:  # wider than any length that was rounded to a year
        return say.spanned(said(low), said(high))
    middle = said(round((low + high) / 2))
    return middle if high - low <= 2 else say("about {duration}").format(duration=middle)


def _tenures_alt(
    say: Language, title: str, rows: pd.DataFrame, threshold: float | None, named: bool
) -> str:
    if rows.empty:
        return f"{title}."
    parts = [title]
    longest, shortest = rows.iloc[0], rows.iloc[-1]
    if named and len(rows) > 1:
        text = say("from {most} down to {least}")
        if None not in _extremes(rows):
            text = say("from {longest}, {most}, down to {shortest}, {least}")
        parts.append(
            text.format(
                longest=longest["name"],
                shortest=shortest["name"],
                most=_in_words(say, longest["tenure_low"], longest["tenure_high"]),
                least=_in_words(say, shortest["tenure_low"], shortest["tenure_high"]),
            )
        )
    elif not named:
        parts.append(say("A histogram by whole years"))
    if threshold is not None and len(rows) > 1:
        above = int((rows["tenure_low"] > threshold).sum())
        text = (
            say.plural(
                "{part} of the {all} lies wholly above the line at {threshold}",
                "{part} of the {all} lie wholly above the line at {threshold}",
                above,
            )
            if above
            else say("none of the {all} lies wholly above the line at {threshold}")
        )
        parts.append(
            text.format(
                part=say.part(above),
                all=say.count(len(rows)),
                threshold=_threshold_text(say, threshold),
            )
        )
    return ". ".join(map(sentence, parts)) + "."


def _extremes(rows: pd.DataFrame) -> tuple[int | None, int | None]:
    """Where those stand who had certainly stayed longest and shortest."""
    low, high = rows["tenure_low"].to_numpy(float), rows["tenure_high"].to_numpy(float)
    return measures.certainly_least(-high, -low), measures.certainly_least(low, high)


def _threshold_text(say: Language, threshold: float) -> str:
    return say.months(threshold) if threshold < 12 else say.years(threshold)


def _mark(
    sheet: Sheet,
    axes: Axes,
    mean: Range | None,
    threshold: float | None,
    unit: int,
    bottom: float,
    top: float = -6,
    gaps: Sequence[tuple[float, float]] = (),
) -> None:
    """The mean as a band and the threshold as a dashed line, their labels above `top`.

    The line leaves out the gaps, each from where to where, in which a text stands in its way.
    The labels hang to the outer sides, so that they keep apart however near the two marks are. A
    threshold off the axis becomes a label with an arrow at that side.
    """
    say = sheet.say
    first, last = sorted(axes.get_xlim())
    labels = []
    beyond = threshold is not None and mean is not None and bool(threshold > mean.low)
    mirrored = axes.xaxis_inverted()
    if mean is not None:
        # One mark: as wide as the mean is loose, and never too thin to be seen.
        wide = max(mean.high - mean.low, (last - first) / 200)
        axes.fill_between(
            [mean.low, mean.low + wide], top, bottom, color=ACCENT, alpha=0.35, lw=0, zorder=1
        )
        number = say.spanned(say.decimal(mean.low / unit), say.decimal(mean.high / unit))
        text = say("mean {number}").format(number=number)
        at = sheet.across(axes, mean.high if beyond else mean.low)
        labels.append(_Hanging(text, at, beyond != mirrored, ACCENT, "bold"))
    if threshold is not None:
        text = _threshold_text(say, threshold)
        if first <= threshold <= last:
            ends = [top, *(end for gap in gaps for end in gap), bottom]
            for start, end in zip(ends[::2], ends[1::2], strict=True):
                axes.plot([threshold] * 2, [start, end], color=INK, lw=1, zorder=5, dashes=(4, 2))
        else:
            left_of_it = bool(threshold < first) != mirrored
            text = f"← {text}" if left_of_it else f"{text} →"
            text = text if not mirrored else f"{text} ←" if left_of_it else f"→ {text}"
        at = sheet.across(axes, min(max(threshold, first), last))
        leftwards = (mean is not None and not beyond) != mirrored
        labels.append(_Hanging(text, at, leftwards, INK, "regular"))
    _hang(sheet, axes, labels, top)


@dataclass(frozen=True)
class _Hanging:
    """A label that ends (`leftwards`) or begins at a point across the sheet."""

    text: str
    at: float
    leftwards: bool
    colour: str
    weight: Weight

    @property
    def width(self) -> float:
        return text_width(self.text, SMALL, self.weight)


def _hang(sheet: Sheet, axes: Axes, labels: Sequence[_Hanging], top: float) -> None:
    """One label or two above `top`, pushed back into the sheet and apart."""
    say = sheet.say
    labels = sorted(labels, key=lambda hung: hung.at - hung.width * hung.leftwards)
    starts = [
        min(max(hung.at - hung.width * hung.leftwards, 0), sheet.width - hung.width)
        for hung in labels
    ]
    if len(labels) == 2:
        starts[1] = max(starts[1], starts[0] + labels[0].width + 6)
        starts[1] = min(starts[1], sheet.width - labels[1].width)
        starts[0] = min(starts[0], starts[1] - labels[0].width - 6)
    for hung, start in zip(labels, starts, strict=True):
        axes.annotate(
            say.directed(hung.text),
            (0, top),
            (start - sheet.left, 5),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            size=SMALL,
            weight=hung.weight,
            color=hung.colour,
            va="baseline",
            annotation_clip=False,
        )


def _edges(values: np.ndarray) -> np.ndarray:
    # The last bin of numpy and seaborn takes in its upper edge: that edge lies beyond all values.
    return np.arange(0, 12 * (values.max(initial=0) // 12 + 1) + 1, 12)


def _binned(values: np.ndarray) -> pd.DataFrame:
    edges = _edges(values)
    numbers, _bins = np.histogram(values, bins=edges)
    whole = (edges // 12).astype(int)
    return pd.DataFrame(
        {"tenure_years_from": whole[:-1], "tenure_years_to": whole[1:], "people": numbers}
    )


def _draw_distribution(
    sheet: Sheet, values: np.ndarray, mean: Range, threshold: float | None
) -> None:
    edges = _edges(values)
    highest = int(_binned(values)["people"].max())
    axes = sheet.axes(190, start=34, end=8)
    sns.histplot(x=values, bins=edges, color=MARK, alpha=1, ax=axes, edgecolor="white")
    sheet.span(axes, 0, edges[-1])
    axes.set(ylim=(0, highest * 1.22), xlabel="", ylabel="")
    sheet.count_axis(axes, 0, highest)
    sheet.duration_ticks(axes, 12)
    _mark(sheet, axes, mean, threshold, 12, 0, top=highest * 1.1)
