"""How many of each of several teams were still there, month after month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    shortened,
    spread,
    text_width,
    wrap,
)

if TYPE_CHECKING:
    from ..comparison import Comparison

OTHERS = "#8c8c8c"
LARGE, SMALL_PANEL, TICKS, GAP = 128.0, 62.0, LINE + 6, 14.0
"""How high the panels and the months below them are, and how far apart two are, in points."""
TOP = 1.04


def retention(comparison: Comparison) -> Chart:
    """The first team's step lines among all the others', and a small panel for each of those."""
    say, teams = comparison.say, comparison.teams
    starts = {team.data.starts for team in teams}
    start = starts.pop() if len(starts) == 1 else say("the start")
    return Chart(
        name="retention",
        title=comparison.title,
        subtitle="; ".join(_plotted(comparison)).format(start=start),
        alt=say.plural(
            "A step line for the team. {finding}",
            "Step lines of {count} teams, and a small panel for each other one. {finding}",
            len(teams),
        ).format(count=say.count(len(teams)), finding=comparison.finding),
        data=comparison.frame,
        source=say("Source: the table of each team, with a source for every row; own calculations"),
        say=say,
        draw=lambda sheet: _draw(sheet, comparison),
        table=_changes(comparison),
    )


def _plotted(comparison: Comparison) -> list[str]:
    say, frame = comparison.say, comparison.frame
    said: list[str] = [say("Share of each team still there at the end of each month after {start}")]
    if (frame["low"] < frame["high"]).any():
        said.append(say("band: month not known"))
    if len(comparison.teams) > 1:
        said.append(say("blue: {team}").format(team=comparison.teams[0].short))
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
    """The first team large, with every line of it named, and small panels of the others below.

    A narrow drawing has the large one alone, which names all of them.
    """
    say, others = sheet.say, [] if sheet.narrow else comparison.teams[1:]
    margin = text_width("100%", SMALL) + 6
    columns = min(len(others), 3 if len(others) in (3, 5, 6) else 4)
    rows = [others[at : at + columns] for at in range(0, len(others), max(columns, 1))]
    width = (sheet.width - margin - GAP * (columns - 1)) / max(columns, 1)
    heads = [[_head(say, team, comparison.month, width) for team in row] for row in rows]
    tops = [LINE * max(map(len, row)) + 4 for row in heads]
    large = max(LARGE, LINE * len(comparison.teams))
    height = large + sum(TICKS + GAP + top + SMALL_PANEL for top in tops)
    # Time runs from left to right in every language, and one pair of axes costs less than many.
    axes = sheet.axes(height, across=(0, sheet.width), time=True)
    axes.set_axis_off()
    curves = _curves(comparison)
    _draw_large(_Panel(sheet, axes, comparison, margin, large, 0, large), curves)
    bottom = large
    for row, lines, top in zip(rows, heads, tops, strict=True):
        bottom += TICKS + GAP + top + SMALL_PANEL
        for index, (team, head) in enumerate(zip(row, lines, strict=True)):
            column = columns - 1 - index if say.right_to_left else index
            left = margin + column * (width + GAP)
            panel = _Panel(sheet, axes, comparison, left, bottom, width, SMALL_PANEL)
            panel.draw(team, curves)
            side: Side = "right" if say.right_to_left else "left"
            for number, line in enumerate(reversed(head)):
                weight: Weight = "bold" if number else "regular"
                sheet.label(
                    axes, left + width * say.right_to_left,
                    bottom - SMALL_PANEL - 4 - LINE * (number + 0.5), line, size=SMALL,
                    weight=weight, colour=INK if number else GREY, ha=side,
                )  # fmt: skip


def _head(say: Language, team: Team, month: int, width: float) -> list[str]:
    """What stands above a small panel: whose it is, and how many were there in the end."""
    there = say("{number} of {all} still there").format(
        number=say.digits(team.there(month)), all=say.decimal(team.size, 0)
    )
    return [*wrap(team.short, width, SMALL, "bold"), *wrap(there, width, SMALL)]


def _draw_large(panel: _Panel, curves: Mapping[str, _Curve]) -> None:
    """The first team's panel, as wide as the names of all the lines leave room for."""
    sheet, say, month = panel.sheet, panel.sheet.say, panel.comparison.month
    teams = panel.comparison.teams
    ends = []
    for team in teams:
        there = say.digits(team.there(month))
        share = say("{lost} of {all}").format(lost=there, all=say.decimal(team.size, 0))
        name = shortened(team.short, sheet.width * 0.25, SMALL, "bold")
        ends.append(say("{team}: {share}").format(team=name, share=share))
    room = max(text_width(text, SMALL, "bold") for text in ends) + 8
    panel = replace(panel, width=sheet.width - panel.left - room)
    panel.draw(teams[0], curves)
    for tick, text in ((0.0, "0"), (0.5, "50%"), (1.0, "100%")):
        sheet.label(
            panel.axes, panel.left - 4, panel.down(tick), text, size=SMALL, colour=GREY, ha="right"
        )
    wanted = [panel.down(curves[team.name].low[-1]) for team in teams]
    order = sorted(range(len(teams)), key=lambda index: wanted[index])
    sizes = np.full(len(teams), LINE)
    placed = spread(np.array([wanted[index] for index in order]), sizes, 0, panel.height)
    for index, y in zip(order, placed, strict=True):
        weight: Weight = "regular" if index else "bold"
        x, colour = panel.left + panel.width + 8, GREY if index else ACCENT
        sheet.label(panel.axes, x, y, ends[index], size=SMALL, weight=weight, colour=colour)


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
        """A team's lines with the band between them, beside the first team's or all others.

        Where a number is not known, a band lies between them.
        """
        end, first = self.comparison.month + 1, self.comparison.teams[0].name
        scaled = Affine2D().scale(self.width / end, -self.height / TOP)
        place = scaled.translate(self.left, self.bottom) + self.axes.transData
        style: dict[str, Any] = {"transform": place, "clip_on": False}
        for share, colour in ((0, MARK), (0.5, PALE)):
            self.axes.plot([0, end], [share, share], color=colour, lw=0.6, zorder=0, **style)
        for name, curve in curves.items():
            if own.name != first and name not in (own.name, first):
                continue
            colour = ACCENT if name == first else INK if name == own.name else OTHERS
            thick = {own.name: 1.8, first: 1.2}.get(name, 0.9)
            loose = curve.low < curve.high
            for line in (curve.low, curve.high):
                self.axes.plot(
                    curve.months, line, color=colour, lw=thick, drawstyle="steps-post",
                    zorder=2 + thick, label=own.name, **style,
                )  # fmt: skip
            if loose.any():
                self.axes.fill_between(
                    curve.months, curve.low, curve.high, where=loose | np.roll(loose, 1),
                    step="post", color=colour,
                    alpha=0.25 if name in (own.name, first) else 0.18, lw=0, zorder=1, **style,
                )  # fmt: skip
        self._tick()

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
