"""A figure with everything a reader needs beside the picture."""

from __future__ import annotations

import base64
import io
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from ..cohort import Cohort
from ..edition import Edition
from ..errors import InputError, Problem, shown
from ..language import Language
from ..markup import IN_BUILD, table_html
from ._sheet import NARROW, NO_BREAK, WIDE, Sheet, drawing

FIGURE_MIME = "application/vnd.analysis-helpers.figure+json"
PNG_MARGIN = 0.15


@dataclass(frozen=True)
class Chart:
    """A figure with everything a reader needs beside the picture.

    `title` is the finding, `subtitle` says what is plotted and in which unit, `alt` says in words
    what the picture shows, `data` holds the numbers in it, `table` the same for readers where that
    is less, `draw` makes it for a width in points; all in the language `say`. A line of its titles
    does not end within one of the `names`.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    data: pd.DataFrame
    source: str
    say: Language
    draw: Callable[[Sheet], None]
    table: pd.DataFrame | None = None
    names: Sequence[str] = ()

    def figure(self, width: float = WIDE) -> Figure:
        """The picture, laid out for a column of `width` points."""
        with drawing():
            title, subtitle = self._unbroken(self.title), self._unbroken(self.subtitle)
            sheet = Sheet(width, title, subtitle, self.source, self.say)
            self.draw(sheet)
            return sheet.figure

    def _unbroken(self, text: str) -> str:
        for name in self.names:
            text = text.replace(name, name.replace(" ", NO_BREAK))
        return text

    def svg(self, width: float = WIDE) -> str:
        """The picture as an SVG element; its texts are texts."""
        return _svg(self.figure(width))

    def png(self) -> bytes:
        """The wide picture as PNG, two pixels a point, with a margin."""
        return _png(self.figure())

    def save(self, path: str | Path) -> Path:
        """Write the figure, or the numbers in it.

        Args:
            path: Where to; what it ends in says as what: `.png`, `.svg` or `.csv`.

        Returns:
            The path.

        Raises:
            InputError: For any other ending.

        Example:
            >>> ah.charts.tenures(data, 60).save(folder / "tenures.png").stat().st_size > 0
            True
        """
        target = Path(path)
        match target.suffix.lower():
            case ".png":
                target.write_bytes(self.png())
            case ".svg":
                target.write_text(self.svg(), encoding="utf-8")
            case ".csv":
                target.write_text(self._csv(), encoding="utf-8")
            case ending:
                what = f"a figure cannot be saved as {shown(ending)}"
                raise InputError([Problem(str(path), what, ".png, .svg or .csv")])
        return target

    def _shown(self) -> pd.DataFrame:
        return _in_words(self.data, self.say) if self.table is None else self.table

    def _csv(self) -> str:
        return self.data.to_csv(index=False, lineterminator="\n")

    def _repr_mimebundle_(
        self, **_formats: object
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        wide = self.figure()
        png = base64.b64encode(_png(wide)).decode()
        bundle: dict[str, Any] = {
            # No SVG beside it: JupyterLab would draw its texts in another typeface, and wider.
            "image/png": png,
            "text/plain": self.alt,
        }
        if os.environ.get(IN_BUILD):
            bundle[FIGURE_MIME] = {
                "name": self.name,
                "title": self.title,
                "subtitle": self.subtitle,
                "alt": self.alt,
                "svg": _svg(wide),
                "svg_narrow": self.svg(NARROW),
                "png": png,
                "csv": self._csv(),
                "table": table_html(self._shown(), self.title, self.say),
            }
        return bundle, {"image/png": {"width": WIDE * 4 / 3, "alt": self.alt}}


def _in_words(data: pd.DataFrame, say: Language) -> pd.DataFrame:
    """The data of a figure as a table for readers: its columns and codes in words."""
    columns = {
        "departures_at_least": say("departures at least"),
        "departures_at_most": say("departures at most"),
        "left_at_earliest": say("left at earliest"),
        "left_at_latest": say("left at latest"),
        "month": say("month"),
        "name": say("name"),
        "names": say("names"),
        "organisation": say("organisation"),
        "people": say("people"),
        "remaining_at_least": say("remaining at least"),
        "remaining_at_most": say("remaining at most"),
        "status": say("status"),
        "tenure_months_at_least": say("tenure in months at least"),
        "tenure_months_at_most": say("tenure in months at most"),
        "tenure_years_from": say("tenure in years from"),
        "tenure_years_to": say("tenure in years to"),
    }
    table = data.rename(columns=columns)
    status = columns["status"]
    if status in table:
        table[status] = table[status].map({"left": say("left"), "stayed": say("stayed")})
    return table


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    with drawing():
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", out.getvalue(), flags=re.DOTALL)
    return text[text.index("<svg") :]


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    with drawing():
        figure.savefig(
            out,
            format="png",
            dpi=144,
            bbox_inches=figure.bbox_inches.padded(PNG_MARGIN),
            metadata={"Software": None},
        )
    return out.getvalue()


def names_in(edition: Edition) -> list[str]:
    """The names of several words that a figure's titles may hold."""
    employers = edition.cohort.counted["organisation"].cat.remove_unused_categories().cat.categories
    names = [edition.cohort.company, edition.cohort.starts, *map(edition.organisation, employers)]
    return [str(name) for name in names if " " in name]


def source_line(cohort: Cohort) -> str:
    """What stands at the foot of every figure."""
    say = cohort.language
    publisher = cohort.article.publisher or say("the article")
    return say("Source: {publisher}, as of {month}; own calculations").format(
        publisher=publisher, month=say.month_name(cohort.article.as_of)
    )
