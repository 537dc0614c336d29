"""A figure with everything a reader needs beside the picture."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from ..cohort import Cohort
from ..display import table_html
from ..language import _, month_name
from .sheet import NARROW, WIDE, Sheet, drawing

FIGURE_MIME = "application/vnd.analysis-helpers.figure+json"
PNG_MARGIN = 0.15


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
        """The picture, laid out for a column of `width` points."""
        with drawing():
            sheet = Sheet(width, self.title, self.subtitle, self.source)
            self.draw(sheet)
            return sheet.figure

    def svg(self, width: float = WIDE) -> str:
        """The picture as an SVG element; its texts are texts."""
        return _svg(self.figure(width))

    def png(self) -> bytes:
        """The wide picture as PNG, two pixels a point, with a margin."""
        return _png(self.figure())

    def _repr_mimebundle_(
        self, **_formats: object
    ) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
        wide = self.figure()
        svg, png = _svg(wide), base64.b64encode(_png(wide)).decode()
        bundle = {
            FIGURE_MIME: {
                "name": self.name,
                "title": self.title,
                "subtitle": self.subtitle,
                "alt": self.alt,
                "svg": svg,
                "svg_narrow": self.svg(NARROW),
                "png": png,
                "csv": self.data.to_csv(index=False, lineterminator="\n"),
                "table": table_html(_in_words(self.data), self.title),
            },
            # No SVG beside it: JupyterLab would draw its texts in another typeface, and wider.
            "image/png": png,
            "text/plain": self.alt,
        }
        return bundle, {"image/png": {"width": WIDE * 4 / 3}}


def _in_words(data: pd.DataFrame) -> pd.DataFrame:
    """The data of a figure as a table for readers: its columns and codes in words."""
    columns = {
        "author": _("author"),
        "author_left_out": _("author left out"),
        "authors": _("authors"),
        "authors_remaining_at_least": _("authors remaining at least"),
        "authors_remaining_at_most": _("authors remaining at most"),
        "joined_at_earliest": _("joined at earliest"),
        "joined_at_latest": _("joined at latest"),
        "joined_in_year": _("joined in year"),
        "left_at_earliest": _("left at earliest"),
        "left_at_latest": _("left at latest"),
        "mean_months_at_least": _("mean months at least"),
        "mean_months_at_most": _("mean months at most"),
        "month": _("month"),
        "names": _("names"),
        "organisation": _("organisation"),
        "status": _("status"),
        "tenure_months_at_least": _("tenure months at least"),
        "tenure_months_at_most": _("tenure months at most"),
        "tenure_years_from": _("tenure years from"),
        "tenure_years_to": _("tenure years to"),
    }
    table = data.rename(columns=columns)
    status = columns["status"]
    if status in table:
        table[status] = table[status].map({"left": _("gone"), "stayed": _("still there")})
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


def source_line(cohort: Cohort) -> str:
    """What stands at the foot of every figure."""
    publisher = cohort.article.publisher or _("the article")
    return _("Source: {publisher}, as of {month}; own calculations").format(
        publisher=publisher, month=month_name(cohort.article.as_of)
    )
