"""How many of each of several teams were still there, month after month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..language import Language
from ..retention import Team
from ._chart import Chart
from ._sheet import (
    ACCENT,
    GREY,
    INK,
    LINE,
    PALE,
    SMALL,
    Sheet,
    shortened,
    spread,
    text_width,
    wrap,
)  # fmt: skip

if TYPE_CHECKING:
    from ..comparison import Comparison

OTHERS = "#b3b3b3"
LARGE, SMALL_PANEL, GAP = 128.0, 62.0, 14.0
"""How high the panels are, and how far apart two are, in points."""
TOP = 1.04


def retention(comparison: Comparison) -> Chart:
    """Small multiples: a panel a team with its step lines, those of all the others in grey."""
    say, teams = comparison.say, comparison.teams
    starts = {team.data.starts for team in teams}
    start = starts.pop() if len(starts) == 1 else say("the start")
    return Chart(
        name="retention",
        title=comparison.title,
        subtitle="; ".join(_plotted(comparison)).format(start=start),
        alt=say.plural(
            "A step line for the team. {finding}",
            "A panel with a step line for each of {count} teams. {finding}",
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
    said: list[str] = [say("Share of each team still there, by months after {start}")]
    if (frame["low"] < frame["high"]).any():
        said.append(say("band: month not known"))
    if len(comparison.teams) > 1:
        said.append(say("others in grey"))
    return said


def _changes(comparison: Comparison) -> pd.DataFrame:
    """The months in which a number changes, a row each, and the first ones."""
    say = comparison.say
    labels = {team.name: team.label for team in comparison.teams}
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
    """The first team large, with every line of it named, and small ones of the others below."""
    others = comparison.teams[1:]
    margin = text_width("100%", SMALL) + 6
    columns = min(len(others), 2 if sheet.narrow else 3 if len(others) in (3, 5, 6) else 4)
    rows = [others[at : at + columns] for at in range(0, len(others), max(columns, 1))]
    width = (sheet.width - margin - GAP * (columns - 1)) / max(columns, 1)
    heads = [[_head(sheet.say, team, comparison.month, width) for team in row] for row in rows]
    tops = [LINE * max(map(len, row)) + 4 for row in heads]
    large = max(LARGE, LINE * len(comparison.teams))
    ticks = LINE + 6
    height = large + sum(ticks + GAP + top + SMALL_PANEL for top in tops)
    canvas = sheet.axes(height, across=(0, sheet.width))
    canvas.set_axis_off()
    shares = _shares(comparison)
    _draw_large(sheet, canvas, comparison, shares, margin, large)
    bottom = large
    for row, lines, top in zip(rows, heads, tops, strict=True):
        bottom += ticks + GAP + top + SMALL_PANEL
        for index, (team, head) in enumerate(zip(row, lines, strict=True)):
            # Read from the right in Hebrew; time runs from left to right all the same.
            column = columns - 1 - index if sheet.say.right_to_left else index
            left = margin + column * (width + GAP)
            axes = sheet.panel(canvas, left, bottom - SMALL_PANEL, width, SMALL_PANEL)
            _draw_lines(axes, comparison, team, shares)
            _tick_months(sheet.say, axes, width, comparison.month)
            for number, line in enumerate(reversed(head)):
                colour, weight = (INK, "bold") if number else (GREY, "regular")
                start = sheet.width - left - width if sheet.say.right_to_left else left
                y = bottom - SMALL_PANEL - 4 - LINE * (number + 0.5)
                sheet.label(canvas, start, y, line, size=SMALL, weight=weight, colour=colour)  # type: ignore[arg-type]


def _head(say: Language, team: Team, month: int, width: float) -> list[str]:
    """What stands above a small panel: whose it is, and how many had left in the end."""
    gone = team.gone(month)
    lost = say("{lost} of {all} had left").format(
        lost=say.spanned(say.decimal(gone.low, 0), say.decimal(gone.high, 0)),
        all=say.decimal(team.size, 0),
    )
    return [*wrap(team.short, width, SMALL, "bold"), *wrap(lost, width, SMALL)]


def _draw_large(
    sheet: Sheet, canvas: Axes, comparison: Comparison, shares: pd.DataFrame, left: float,
    height: float,
) -> None:  # fmt: skip
    teams, say = comparison.teams, sheet.say
    ends = []
    for team in teams:
        there = team.there(comparison.month)
        number = say.spanned(say.decimal(there.low, 0), say.decimal(there.high, 0))
        share = say("{lost} of {all}").format(lost=number, all=say.decimal(team.size, 0))
        name = shortened(team.short, sheet.width * 0.25, SMALL, "bold")
        ends.append(say("{team}: {share}").format(team=name, share=share))
    room = max(text_width(text, SMALL, "bold") for text in ends) + 8
    width = sheet.width - left - room
    axes = sheet.panel(canvas, left, 0, width, height)
    _draw_lines(axes, comparison, teams[0], shares)
    axes.set_yticks([0, 0.5, 1], ["0", "50%", "100%"], size=SMALL, color=GREY)
    axes.tick_params(axis="y", length=0, pad=3)
    _tick_months(say, axes, width, comparison.month)
    last = shares.groupby("team", sort=False).last()
    wanted = [height * (1 - last["low"][team.name] / TOP) for team in teams]
    order = sorted(range(len(teams)), key=lambda index: wanted[index])
    sizes = np.full(len(teams), LINE)
    placed = spread(np.array([wanted[index] for index in order]), sizes, 0, height)
    for index, y in zip(order, placed, strict=True):
        weight, colour = ("bold", ACCENT) if index == 0 else ("regular", GREY)
        sheet.write_at(canvas, left + width + 8, y, ends[index], weight=weight, colour=colour)  # type: ignore[arg-type]


def _shares(comparison: Comparison) -> pd.DataFrame:
    """Columns `team`, `month`, `low`, `high`: shares where they change, and where they end.

    What holds at the end of a month is drawn from there to the end of the next one.
    """
    frame = comparison.frame
    ends = frame[frame["month"] == comparison.month].assign(month=comparison.month + 1)
    rows = pd.concat([frame[_changing(frame)], ends])
    rows = rows.sort_values("month", kind="stable", ignore_index=True)
    sizes = rows["team"].map({team.name: team.size for team in comparison.teams})
    return rows.assign(low=rows["low"] / sizes, high=rows["high"] / sizes)


def _draw_lines(axes: Axes, comparison: Comparison, own: Team, shares: pd.DataFrame) -> None:
    """A team's lines with the band between them, the first team's beside it, the others' in grey.

    Of another team only the lower line is drawn: its band is in its own panel.
    """
    axes.patch.set_visible(False)
    axes.set(xlim=(0, comparison.month + 1), ylim=(0, TOP), xticks=[], yticks=[])
    axes.axhline(0.5, color=PALE, lw=0.6, zorder=0, clip_on=False)
    first = comparison.teams[0].name
    for name, curve in shares.groupby("team", sort=False):
        colour = ACCENT if name == first else INK if name == own.name else OTHERS
        thick = {own.name: 1.8, first: 1.2}.get(str(name), 0.9)
        ends = ["low", "high"] if name == own.name else ["low"]
        axes.plot(
            curve["month"], curve[ends], color=colour, lw=thick, drawstyle="steps-post",
            clip_on=False, zorder=2 + thick,
        )  # fmt: skip
        if name == own.name:
            axes.fill_between(
                curve["month"], curve["low"], curve["high"], step="post", color=colour, alpha=0.25,
                lw=0, clip_on=False,
            )  # fmt: skip


def _tick_months(say: Language, axes: Axes, width: float, last: int) -> None:
    """Round months, a few of them."""
    room = text_width(say.decimal(last, 0), SMALL) + 16
    steps = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
    wide = (step for step in steps if width * step / (last + 1) >= room and last < 7 * step)
    step = next(wide, 2400)
    months = range(0, last + 1, step)
    axes.set_xticks(months, [say.directed(say.decimal(month, 0)) for month in months])
