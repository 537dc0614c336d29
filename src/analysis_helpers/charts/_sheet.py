"""The sheet: title, subtitle, plot and source line, measured so that nothing collides.

Where the language runs from right to left, the sheet starts at the right: its texts, the labels
beside a plot, and the axis that runs away from them. A time axis runs from left to right always.
"""

from __future__ import annotations

import math
import re
import unicodedata
import warnings
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.textpath import TextToPath
from matplotlib.ticker import FixedLocator

from ..language import Language
from ..months import EPOCH

WIDE, NARROW = 540.0, 232.0
NAMED_AT_MOST = 60

INK, GREY, MARK, PALE, ACCENT = "#1a1a1a", "#595959", "#8c8c8c", "#d9d9d9", "#1b62a5"
TITLE, TEXT, SMALL = 14.0, 10.0, 9.0
NO_BREAK = "\u00a0"
LINE = 12.0
"""From one line of small text to the next."""
FONTS = ["Heebo", "DejaVu Sans"]

for _file in sorted((Path(__file__).parents[1] / "fonts").glob("*.ttf")):
    fontManager.addfont(_file)

STYLE: Any = {
    **sns.axes_style("white"),
    "font.family": FONTS,
    "font.size": TEXT,
    "text.color": INK,
    "axes.edgecolor": MARK,
    "axes.linewidth": 0.6,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "lines.solid_capstyle": "butt",
    "xtick.color": GREY,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "xtick.bottom": True,
    "xtick.major.size": 3,
    "xtick.major.width": 0.6,
    "xtick.minor.size": 2,
    "xtick.minor.width": 0.4,
    "svg.fonttype": "none",
    "svg.hashsalt": "analysis-helpers",
    "text.hinting": "no_hinting",  # a text is as wide as it was measured to be
    "text.parse_math": False,
}

Weight = Literal["regular", "bold"]
Side = Literal["left", "center", "right"]


@contextmanager
def _any_script() -> Iterator[None]:
    """A script that the typefaces lack is no cause for a warning: the browser has its own."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


@contextmanager
def drawing() -> Iterator[None]:
    """The style of every figure, whatever script is in it."""
    with mpl.rc_context(STYLE), _any_script():
        yield


# Of a font size, less than any letter is wide on average: bounds what is measured of a long text.
_THINNEST = 0.05


@cache
def _width_at_ten(text: str, weight: Weight) -> float:
    properties = FontProperties(family=FONTS, size=10, weight=weight)
    narrow = "".join(c for c in text if unicodedata.east_asian_width(c) not in "WF")
    with _any_script():
        width, _height, _descent = TextToPath().get_text_width_height_descent(
            narrow, properties, False
        )
    return float(width) + 10 * (len(text) - len(narrow))


def text_width(text: str, size: float, weight: Weight = "regular") -> float:
    """How wide a text is, in points, at a font size."""
    return _width_at_ten(text, weight) * size / 10


def wrap(text: str, width: float, size: float, weight: Weight = "regular") -> list[str]:
    """The text in lines that fit the width; a word that does not fit is cut with an ellipsis.

    What a no-break space joins stays in one line where it fits into one.
    """
    lines: list[str] = []
    used, space = 0.0, text_width(" ", size, weight)
    for word in _words(text, width, size, weight):
        cut = shortened(word, width, size, weight)
        wide = text_width(cut, size, weight)
        if lines and used + space + wide <= width:
            lines[-1] += f" {cut}"
            used += space + wide
        else:
            lines.append(cut)
            used = wide
    return [line.replace(NO_BREAK, " ") for line in lines]


def _words(text: str, width: float, size: float, weight: Weight) -> list[str]:
    """The parts of a text that stay whole."""
    words: list[str] = []
    for word in re.split(rf"[^\S{NO_BREAK}]+", text.strip()):
        whole = shortened(word, width, size, weight) == word
        words += [word] if whole else word.split(NO_BREAK)
    return [word for word in words if word]


def shortened(text: str, width: float, size: float, weight: Weight = "regular") -> str:
    """The text, or as much of it as fits the width with an ellipsis."""
    if len(text) * size * _THINNEST <= width and text_width(text, size, weight) <= width:
        return text
    longest = min(len(text), int(width / (size * _THINNEST)))
    fits = bisect_right(
        range(longest), width, key=lambda kept: text_width(f"{text[: kept + 1]}…", size, weight)
    )
    return f"{text[:fits].rstrip()}…"


class Sheet:
    """A figure that grows downwards: the header, then what is asked for, then the source line."""

    def __init__(self, width: float, title: str, subtitle: str, source: str, say: Language) -> None:
        self.say = say
        self.width = width
        self.plot_width = width
        self.left = 0.0
        self.figure = Figure()
        FigureCanvasAgg(self.figure)
        self._title = wrap(title, width, TITLE, "bold")
        self._subtitle = wrap(subtitle, width, TEXT)
        self._source = wrap(source, width, SMALL)

    @property
    def narrow(self) -> bool:
        return self.width < 400

    def axes(
        self,
        height: float,
        start: float = 0,
        end: float = 0,
        bottom: float = 20,
        across: tuple[float, float] = (0, 1),
        time: bool = False,
    ) -> Axes:
        """The plot: `height` points high, with margins where a line of text starts and ends.

        Its x axis runs over `across` from the start to the end; where it is one of time, both mean
        left and right. Its y axis runs downwards in points until it is set.
        """
        mirrored = self.say.right_to_left and not time
        self.left, self.plot_width = end if mirrored else start, self.width - start - end
        head = 1.25 * TITLE * len(self._title) + 1.35 * TEXT * len(self._subtitle) + 14
        foot = 1.35 * SMALL * len(self._source) + 8
        total = head + height + bottom + foot
        self.figure.set_size_inches(self.width / 72, total / 72)
        y = total
        headers: tuple[tuple[list[str], float, Weight, str, float], ...] = (
            (self._title, TITLE, "bold", INK, 1.25),
            (self._subtitle, TEXT, "regular", GREY, 1.35),
        )
        for lines, size, weight, colour, spacing in headers:
            for line in lines:
                y -= spacing * size
                self._write(y + 0.25 * size, line, size, weight, colour, total)
        for index, line in enumerate(reversed(self._source)):
            self._write(3 + 1.35 * SMALL * index, line, SMALL, "regular", GREY, total)
        axes = self.figure.add_axes(
            (
                self.left / self.width,
                (foot + bottom) / total,
                self.plot_width / self.width,
                height / total,
            )
        )
        axes.set(xlim=across[::-1] if mirrored else across, ylim=(height, 0), yticks=[])
        axes.spines["bottom"].set_zorder(6)
        axes.patch.set_visible(False)
        return axes

    def span(self, axes: Axes, first: float, last: float) -> None:
        """Have the x axis run over these values once more, in the direction that it has."""
        axes.set_xlim((last, first) if axes.xaxis_inverted() else (first, last))

    def nothing(self, text: str) -> None:
        """A sentence in place of a plot."""
        axes = self.axes(24, bottom=0)
        axes.set_axis_off()
        self.label(axes, 0, 12, text, colour=GREY)

    def _write(
        self, y: float, text: str, size: float, weight: Weight, colour: str, total: float
    ) -> None:
        x, ha = (1, "right") if self.say.right_to_left else (0, "left")
        self.figure.text(
            x, y / total, self.say.directed(text), size=size, weight=weight, color=colour, ha=ha,
            va="baseline",
        )  # fmt: skip

    def across(self, axes: Axes, x: float) -> float:
        """Where a value of the x axis lies, in points from the sheet's left edge."""
        first, last = axes.get_xlim()
        return self.left + self.plot_width * (x - first) / (last - first)

    def at(self, axes: Axes, points: float) -> float:
        """The value of the x axis that lies so many points from the sheet's left edge."""
        first, last = axes.get_xlim()
        return float(first + (points - self.left) / self.plot_width * (last - first))

    # --- ticks

    def duration_ticks(self, axes: Axes, unit: int) -> None:
        """Ticks in round numbers of a unit, for an axis in months."""
        first, last = sorted(axes.get_xlim())
        scale = self.plot_width / (last - first) * unit
        steps: tuple[float, ...] = (1, 2, 5, 10, 20, 50, 100, 200)
        if unit > 1 and last - first < 3 * unit:  # too few whole years to be an axis
            steps = (0.25, 0.5, *steps)

        def digits(step: float) -> int:
            return 0 if step >= 1 else 1 if step == 0.5 else 2

        def widest(step: float) -> float:
            return text_width(self.say.decimal(last / unit, digits(step)), SMALL)

        step = next(
            (
                step
                for step in steps
                if step * scale
                > text_width(self.say.decimal(last / unit, digits(step)), SMALL) + 12
                and (last - first) / unit / step <= 10
            ),
            steps[-1],
        )
        whole = range(math.ceil(first / unit / step), math.floor(last / unit / step) + 1)
        ticks = [k * step for k in whole]
        self._ticks(
            axes,
            [tick * unit for tick in ticks],
            [self.say.decimal(tick, digits(step)) for tick in ticks],
        )

    def time_ticks(self, axes: Axes) -> None:
        """Ticks in January of every year, or of as many as have room, and a small one each quarter.

        A short axis has months.
        """
        first, last = axes.get_xlim()
        scale = self.plot_width / (last - first)
        if last - first < 24:
            step = next(step for step in (1, 2, 3, 6, 12) if step * scale > 56 or step == 12)
            months = [m for m in range(math.ceil(first), math.ceil(last)) if m % step == 0]
            names = [self.say.month_name(month, short=True) for month in months]
            self._ticks(axes, [month + 0.5 for month in months], names)
            return
        step = next(step for step in (1, 2, 5, 10, 20, 50) if step * 12 * scale > 34 or step == 50)
        years = range(EPOCH + math.ceil(first / 12), EPOCH + 1 + math.floor(last / 12))
        shown = [year for year in years if year % step == 0]
        self._ticks(axes, [12.0 * (year - EPOCH) for year in shown], [str(year) for year in shown])
        if 3 * scale > 8:
            quarters = range(3 * math.ceil(first / 3), math.floor(last) + 1, 3)
            axes.set_xticks([month for month in quarters if month % 12], minor=True)

    def _ticks(self, axes: Axes, places: Sequence[float], labels: Sequence[str]) -> None:
        """Ticks, but for those whose label the sheet's edge would cut."""
        kept = [
            (place, label)
            for place, label in zip(places, labels, strict=True)
            if text_width(label, SMALL) / 2
            <= self.across(axes, place)
            <= self.width - text_width(label, SMALL) / 2
        ]
        axes.set_xticks(
            [place for place, _label in kept], [self.say.directed(label) for _place, label in kept]
        )

    def name_column(self, names: Sequence[str]) -> tuple[list[str], float]:
        """The names, cut where one is longer than its share of the sheet, and their width."""
        limit = self.width * (0.42 if self.narrow else 0.3)
        short = [shortened(name, limit, TEXT) for name in names]
        return short, max((text_width(name, TEXT) for name in short), default=0) + 10

    # --- labels

    def label(
        self,
        axes: Axes,
        x: float,
        y: float,
        text: str,
        dx: float = 0,
        *,
        size: float = TEXT,
        weight: Weight = "regular",
        colour: str = INK,
        ha: Side = "left",
        across: Literal["data", "axes fraction"] = "data",
        boxed: float = 0,
    ) -> None:
        """A text centred vertically on `y` and moved `dx` points aside of `x`.

        `boxed` is the height, in points, of a white box behind it.

        `dx` and `ha` are meant for a line that runs from left to right, and mirrored with the axis.
        """
        if axes.xaxis_inverted():
            dx, ha = -dx, _MIRRORED[ha]
            x = 1 - x if across == "axes fraction" else x
        axes.annotate(
            self.say.directed(text),
            (x, y),
            (dx, -_HALF_CAP * size),
            xycoords=(across, "data"),
            textcoords="offset points",
            size=size,
            weight=weight,
            color=colour,
            ha=ha,
            va="baseline",
            annotation_clip=False,
            zorder=4,
            bbox=_box(boxed, size),
        )

    def write_at(
        self,
        axes: Axes,
        left: float,
        y: float,
        text: str,
        *,
        size: float = SMALL,
        weight: Weight = "regular",
        colour: str = INK,
        boxed: float = 0,
        zorder: float = 4,
    ) -> None:
        """A text that begins `left` points from the sheet's left edge, centred on `y`.

        `boxed` is the height, in points, of a white box behind it.
        """
        axes.annotate(
            self.say.directed(text),
            (0, y),
            (left - self.left, -_HALF_CAP * size),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            size=size,
            weight=weight,
            color=colour,
            va="baseline",
            annotation_clip=False,
            zorder=zorder,
            bbox=_box(boxed, size),
        )

    def write_names(self, axes: Axes, names: Sequence[str], row: float, margin: float) -> None:
        """The names, one a row, beside the plot where a line of text starts."""
        # A time axis is not mirrored, but the place of the names is.
        mirrored = self.say.right_to_left and not axes.xaxis_inverted()
        for index, name in enumerate(names):
            self.label(
                axes,
                float(mirrored),
                (index + 0.5) * row,
                name,
                margin if mirrored else -margin,
                ha="right" if mirrored else "left",
                across="axes fraction",
            )

    def count_axis(self, axes: Axes, base: int, most: int) -> None:
        """A few round numbers up the side where the x axis begins, and the greatest itself."""
        step = next(
            step * 10**power
            for power in range(9)
            for step in (1, 2, 5)
            if (most - base) / (step * 10**power) <= 5
        )
        ticks = [k for k in range(base, most, step) if most - k > step / 2] + [most]
        axes.yaxis.set_major_locator(FixedLocator(ticks))
        axes.yaxis.set_major_formatter(lambda value, _position: self.say.decimal(value, 0))
        axes.tick_params(axis="y", labelsize=SMALL, length=0, labelcolor=GREY)
        if axes.xaxis_inverted():
            axes.yaxis.tick_right()
            axes.tick_params(axis="y", right=False)


# --- marks and labels


def spread(wanted: np.ndarray, sizes: np.ndarray, low: float, high: float) -> np.ndarray:
    """Where labels stand that want to be centred at `wanted`, in order and without touching.

    `sizes` is how much room each takes between `low` and `high`; the squared distances from where
    they want to be are as small as can be. Isotonic regression by pooling adjacent violators
    (Ayer and others, 1955).
    """
    if not len(wanted):
        return wanted
    apart = np.concatenate([[0], np.cumsum((sizes[:-1] + sizes[1:]) / 2)])
    pools: list[tuple[float, int]] = []
    for target in wanted - apart:
        pools.append((target, 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (later, k), (earlier, n) = pools.pop(), pools.pop()
            pools.append(((earlier * n + later * k) / (n + k), n + k))
    free = np.repeat([mean for mean, _size in pools], [size for _mean, size in pools])
    least, most = low + sizes[0] / 2, high - sizes[-1] / 2 - apart[-1]
    placed: np.ndarray = np.clip(free, least, max(least, most)) + apart
    return placed


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """In which of several lanes, counted from 0, each span lies, so that no two overlap in one.

    The shorter spans stand in the lower lanes: what lies inside another stands below it.
    """
    taken: list[list[tuple[float, float]]] = []
    found = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda index: spans[index][1] - spans[index][0]):
        start, end = spans[index]
        free = (
            number
            for number, lane in enumerate(taken)
            if all(end <= other or stop <= start for other, stop in lane)
        )
        found[index] = next(free, len(taken))
        if found[index] == len(taken):
            taken.append([])
        taken[found[index]].append((start, end))
    return found


def row_height(rows: int) -> float:
    return 18.0 if rows <= 30 else 15.0


_MIRRORED: dict[Side, Side] = {"left": "right", "center": "center", "right": "left"}


def _box(height: float, size: float) -> dict[str, object] | None:
    """A white box of this height behind a text; None for no height."""
    if not height:
        return None
    return {"facecolor": "white", "edgecolor": "none", "pad": (height - _LINE * size) / 2}


# Half of Heebo's cap height, which centres capitals on a mark, and the height of a line of it.
_HALF_CAP, _LINE = 0.355, 1.17
