"""How many of each of several teams were still there, month after month."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from ..language import Language
from ..retention import Team
from ._chart import Chart
from ._sheet import ACCENT, GREY, INK, PALE, SMALL, Sheet, text_width, wrap

if TYPE_CHECKING:
    from ..comparison import Comparison

OTHERS = "#b3b3b3"
PANEL, GAP, LINE = 76.0, 22.0, 12.0
"""How high a panel is, how far apart two are, how high a line of text above it is, in points."""


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
    say, teams, last = sheet.say, comparison.teams, comparison.month
    shares = _shares(comparison)
    columns = min(len(teams), 2 if sheet.narrow or len(teams) in (2, 4) else 3)
    rows = math.ceil(len(teams) / columns)
    margin, end = text_width("100%", SMALL) + 6, 8.0
    width = (sheet.width - margin - end - GAP * (columns - 1)) / columns
    heads = [_head(sheet, team, last, width) for team in teams]
    tops = [LINE * max(map(len, heads[columns * row : columns * (row + 1)])) for row in range(rows)]
    canvas = sheet.axes(sum(tops) + (PANEL + GAP) * rows, bottom=4, across=(0, sheet.width))
    canvas.set_axis_off()
    for index, (team, head) in enumerate(zip(teams, heads, strict=True)):
        row, column = divmod(index, columns)
        outermost = column == 0
        if say.right_to_left:  # read from the right; time runs from left to right all the same
            outermost = column == columns - 1 or index == len(teams) - 1
            column = columns - 1 - column
        left = margin + column * (width + GAP)
        top = sum(tops[: row + 1]) + (PANEL + GAP) * row
        axes = sheet.panel(canvas, left, top, width, PANEL)
        axes.set(xticks=[], yticks=[])
        _draw_panel(axes, team, shares, last)
        if outermost:
            axes.set_yticks([0, 0.5, 1], ["0", "50%", "100%"], size=SMALL, color=GREY)
            axes.tick_params(axis="y", length=0, pad=3)
        if index + columns >= len(teams):
            _tick_months(say, axes, width, last)
        start = sheet.width - left - width if say.right_to_left else left
        for number, line in enumerate(reversed(head)):
            colour, weight = (INK, "bold") if number else (GREY, "regular")
            y = top - 4 - LINE * (number + 0.5)
            sheet.label(canvas, start, y, line, size=SMALL, weight=weight, colour=colour)  # type: ignore[arg-type]


def _head(sheet: Sheet, team: Team, last: int, width: float) -> list[str]:
    """What stands above a panel: whose it is, and how many had left in the end."""
    say, gone = sheet.say, team.gone(last)
    lost = say("{lost} of {all} had left").format(
        lost=say.spanned(say.decimal(gone.low, 0), say.decimal(gone.high, 0)),
        all=say.decimal(team.size, 0),
    )
    return [*wrap(team.label, width, SMALL, "bold"), *wrap(lost, width, SMALL)]


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


def _draw_panel(axes: Axes, team: Team, shares: pd.DataFrame, last: int) -> None:
    axes.patch.set_visible(False)
    axes.axhline(0.5, color=PALE, lw=0.6, zorder=0, clip_on=False)
    own = shares["team"] == team.name
    # The upper line of another team is left to its own panel: two of them look like a box.
    loose = own & bool((shares.loc[own, "low"] < shares.loc[own, "high"]).any())
    lines = pd.concat(
        [
            shares.assign(value=shares["low"], line=shares["team"]),
            shares[loose].assign(value=shares["high"], line=team.name + " at most"),
        ],
        ignore_index=True,
    )
    sns.lineplot(
        lines.assign(own=lines["team"] == team.name),
        x="month", y="value", units="line", estimator=None, drawstyle="steps-post",
        hue="own", palette={True: ACCENT, False: OTHERS}, size="own", sizes={True: 1.8, False: 1.0},
        ax=axes, legend=False, clip_on=False,
    )  # fmt: skip
    for name, curve in shares.groupby("team", sort=False):
        if (curve["low"] < curve["high"]).any():  # the band of what is not known
            colour, alpha = (ACCENT, 0.28) if name == team.name else (PALE, 0.35)
            axes.fill_between(
                curve["month"], curve["low"], curve["high"], step="post", color=colour,
                alpha=alpha, lw=0, clip_on=False,
            )  # fmt: skip
    axes.set(xlim=(0, last + 1), ylim=(0, 1.04), xlabel="", ylabel="")


def _tick_months(say: Language, axes: Axes, width: float, last: int) -> None:
    """Round months, as many as have room."""
    room = text_width(say.decimal(last, 0), SMALL) + 12
    steps = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
    step = next((step for step in steps if width * step / (last + 1) >= room), 2400)
    months = range(0, last + 1, step)
    axes.set_xticks(months, [say.directed(say.decimal(month, 0)) for month in months])
