"""How many of each of several teams were still there, month after month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Affine2D

from ..language import Language
from ..retention import Team
from ._chart import Chart
from ._sheet import (
    ACCENT,
    GREY,
    INK,
    LINE,
    MARK,
    PALE,
    SMALL,
    Sheet,
    Side,
    Weight,
    text_width,
    wrap,
)

if TYPE_CHECKING:
    from ..comparison import Comparison

WIDE_PANEL, NARROW_PANEL, TICKS, GAP = 92.0, 60.0, LINE + 6, 14.0
"""How high a panel and the months below it are, and how far apart two are, in points."""
TOP = 1.04


def retention(comparison: Comparison) -> Chart:
    """A panel for each other team, with its step lines beside those of the first team."""
    say, teams = comparison.say, comparison.teams
    starts = {team.data.starts for team in teams}
    start = starts.pop() if len(starts) == 1 else say("the start")
    return Chart(
        name="retention",
        title=comparison.title,
        subtitle="; ".join(_plotted(comparison)).format(start=start),
        alt=_alt(comparison),
        data=comparison.frame,
        source=say("Source: the table of each team, with a source for every row; own calculations"),
        say=say,
        draw=lambda sheet: _draw(sheet, comparison),
        table=_changes(comparison),
    )


def _alt(comparison: Comparison) -> str:
    say, number = comparison.say, len(comparison.teams)
    if number == 1:
        return say("A step line for the team. {finding}").format(finding=comparison.finding)
    text = say("Step lines of {count} teams, those of {team} beside each of the others. {finding}")
    return text.format(
        count=say.count(number), team=comparison.teams[0].short, finding=comparison.finding
    )


def _plotted(comparison: Comparison) -> list[str]:
    say, frame = comparison.say, comparison.frame
    said: list[str] = [say("Share of each team still there at the end of each month after {start}")]
    if (frame["low"] < frame["high"]).any():
        said.append(say("band: month not known"))
    if len(comparison.teams) > 1:
        first = comparison.teams[0]
        share = say("{lost} of {all}").format(
            lost=say.digits(first.there(comparison.month)), all=say.decimal(first.size, 0)
        )
        said.append(say("blue: {team}, {share}").format(team=first.short, share=share))
    return said


def _changes(comparison: Comparison) -> pd.DataFrame:
    """The months in which a number changes, a row each, and the first ones."""
    say = comparison.say
    labels = {team.name: team.short for team in comparison.teams}
    rows = comparison.frame[_changing(comparison.frame)]
    return pd.DataFrame(
        {
            say("team"): rows["team"].map(labels),
            say("from the end of month"): rows["month"],
            say("still there, at least"): rows["low"],
            say("still there, at most"): rows["high"],
        }
    )


def _changing(frame: pd.DataFrame) -> pd.Series:
    """The rows of a comparison that differ from the month before, and the first of each team."""
    numbers = frame[["team", "low", "high"]]
    return (numbers != numbers.shift()).any(axis=1)


def _draw(sheet: Sheet, comparison: Comparison) -> None:
    """A panel for each other team, in rows; one for the first team where it is alone."""
    say, shown = sheet.say, comparison.teams[1:] or comparison.teams
    margin = text_width("100%", SMALL) + 6
    wide = 3 if len(shown) in (3, 5, 6) else 4
    columns = min(len(shown), 2 if sheet.narrow else wide)
    rows = [shown[at : at + columns] for at in range(0, len(shown), columns)]
    width = (sheet.width - margin - GAP * (columns - 1)) / columns
    heads = [[_head(say, team, comparison.month, width) for team in row] for row in rows]
    tops = [LINE * max(map(len, row)) + 4 for row in heads]
    plot = NARROW_PANEL if sheet.narrow else WIDE_PANEL
    height = sum(top + plot + TICKS + GAP for top in tops) - TICKS - GAP
    # Time runs from left to right in every language, and one pair of axes costs less than many.
    axes = sheet.axes(height, across=(0, sheet.width), time=True)
    axes.set_axis_off()
    curves, bottom = _curves(comparison), -TICKS - GAP
    for row, lines, top in zip(rows, heads, tops, strict=True):
        bottom += TICKS + GAP + top + plot
        for index, (team, head) in enumerate(zip(row, lines, strict=True)):
            column = columns - 1 - index if say.right_to_left else index
            left = margin + column * (width + GAP)
            panel = _Panel(sheet, axes, comparison, left, bottom, width, plot)
            panel.draw(team, curves)
            if not column:
                panel.scale()
            side: Side = "right" if say.right_to_left else "left"
            for number, line in enumerate(reversed(head)):
                weight: Weight = "bold" if number else "regular"
                sheet.label(
                    axes, left + width * say.right_to_left,
                    bottom - plot - 4 - LINE * (number + 0.5), line, size=SMALL,
                    weight=weight, colour=INK if number else GREY, ha=side,
                )  # fmt: skip


def _head(say: Language, team: Team, month: int, width: float) -> list[str]:
    """What stands above a panel: whose it is, and how many were there in the end."""
    there = _there(say, team, month)
    return [*wrap(team.short, width, SMALL, "bold"), *wrap(there, width, SMALL)]


def _there(say: Language, team: Team, month: int) -> str:
    return say("{number} of {all} still there").format(
        number=say.digits(team.there(month)), all=say.decimal(team.size, 0)
    )


@dataclass(frozen=True)
class _Curve:
    """A team's shares where they change, and where they end."""

    months: np.ndarray
    low: np.ndarray
    high: np.ndarray


def _curves(comparison: Comparison) -> dict[str, _Curve]:
    """The curve of each team. What holds at the end of a month is drawn from there to the next."""
    frame = comparison.frame
    ends = frame[frame["month"] == comparison.month].assign(month=comparison.month + 1)
    rows = pd.concat([frame[_changing(frame)], ends])
    sizes = {team.name: team.size for team in comparison.teams}
    return {
        str(name): _Curve(
            curve["month"].to_numpy(),
            curve["low"].to_numpy() / sizes[str(name)],
            curve["high"].to_numpy() / sizes[str(name)],
        )
        for name, curve in rows.groupby("team", sort=False)
    }


@dataclass(frozen=True)
class _Panel:
    """A place on the sheet, in points, where months run to the right and shares upwards."""

    sheet: Sheet
    axes: Axes
    comparison: Comparison
    left: float
    bottom: float
    width: float
    height: float

    def down(self, share: float) -> float:
        """How far from the top of the plot a share lies."""
        return self.bottom - self.height * share / TOP

    def draw(self, own: Team, curves: Mapping[str, _Curve]) -> None:
        """A team's lines beside the first team's.

        Where a number is not known, a band lies between them.
        """
        end, first = self.comparison.month + 1, self.comparison.teams[0].name
        scaled = Affine2D().scale(self.width / end, -self.height / TOP)
        place = scaled.translate(self.left, self.bottom) + self.axes.transData
        style: dict[str, Any] = {"transform": place, "clip_on": False}
        for share, colour in ((0, MARK), (0.5, PALE)):
            self.axes.plot([0, end], [share, share], color=colour, lw=0.6, zorder=0, **style)
        for name in dict.fromkeys((first, own.name)):
            curve, colour = curves[name], ACCENT if name == first else INK
            loose = curve.low < curve.high
            for line in (curve.low, curve.high):
                self.axes.plot(
                    curve.months, line, color=colour, lw=1.8, drawstyle="steps-post",
                    zorder=3 + (name == own.name), label=own.name, **style,
                )  # fmt: skip
            if loose.any():
                self.axes.fill_between(
                    curve.months, curve.low, curve.high, where=loose | np.roll(loose, 1),
                    step="post", color=colour, alpha=0.25, lw=0, zorder=1, **style,
                )  # fmt: skip
        self._tick()

    def scale(self) -> None:
        """What the heights mean, beside the panel."""
        for tick, text in ((0.0, "0"), (0.5, "50%"), (1.0, "100%")):
            self.sheet.label(
                self.axes, self.left - 4, self.down(tick), text, size=SMALL, colour=GREY,
                ha="right",
            )  # fmt: skip

    def _tick(self) -> None:
        """Round months, a few of them, and the last one, which says that it is a month."""
        say, last = self.sheet.say, self.comparison.month
        apart, digits = self.width / (last + 1), text_width(say.decimal(last, 0), SMALL)
        steps = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
        few = (step for step in steps if apart * step >= digits + 16 and last < 7 * step)
        round_months = range(0, last, next(few, 2400))
        for text in (say("month {month}").format(month=say.decimal(last, 0)), say.decimal(last, 0)):
            half = text_width(text, SMALL) / 2
            middle = min(apart * last, self.width - half)
            before = [m for m in round_months if apart * m + digits / 2 + 10 <= middle - half]
            if before:
                break
        places = [(month, apart * month, say.decimal(month, 0)) for month in before]
        for month, across, label in [*places, (last, middle, text)]:
            x = self.left + apart * month
            self.axes.plot(
                [x, x], [self.bottom, self.bottom + 3], color=MARK, lw=0.6, clip_on=False
            )
            self.sheet.label(
                self.axes, self.left + across, self.bottom + 4 + LINE / 2, label, size=SMALL,
                colour=GREY, ha="center",
            )  # fmt: skip
