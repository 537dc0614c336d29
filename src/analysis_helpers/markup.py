"""Pieces of HTML, as accessible as a reader needs them, and what makes them readable in Jupyter."""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from .language import ENGLISH, Language
from .ranges import Verdict

IN_BUILD = "ANALYSIS_HELPERS_BUILD"
"""The environment variable that says that a page of the report shows the output."""

NOTEBOOK_STYLE = Path(__file__).with_name("notebook.css")


def in_notebook(html: str, say: Language) -> str:
    """HTML as a notebook shows it: the report has a style of its own, Jupyter gets one with it."""
    if os.environ.get(IN_BUILD):
        return html
    style = " ".join(NOTEBOOK_STYLE.read_text(encoding="utf-8").split())
    return (
        f'<div class="analysis" lang="{say.code}" dir="{say.direction}">'
        f"<style>{style}</style>{html}</div>"
    )


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of HTML in a language, and the same in plain text."""

    html: str
    text: str
    say: Language = ENGLISH

    def _repr_html_(self) -> str:
        return in_notebook(self.html, self.say)

    def __repr__(self) -> str:
        return self.text


def _cell(value: Html | str | float | None, say: Language) -> str:
    if isinstance(value, Html):
        return value.html
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, float) and value != int(value):
        return say.decimal(value)
    return escape(str(value))


def _is_number(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column)) and not pd.api.types.is_bool_dtype(column)


STACKED_FROM = 5
"""A table with as many columns becomes a block a row on a narrow screen."""
SHORT = 10
"""Where no cell has more letters, two of them stand side by side there."""


def table_html(frame: pd.DataFrame, caption: str, say: Language) -> str:
    """A DataFrame as a table with a caption; the first column heads its rows.

    Where a narrow screen stacks its cells, each brings its column's name, and the roles say what is
    a table all the same.
    """
    stacked = len(frame.columns) >= STACKED_FROM
    names = [escape(str(column).replace("_", " ")) for column in frame]

    def role(name: str) -> str:
        return f' role="{name}"' if stacked else ""

    def wrapped(cell: str) -> str:
        return f"<span>{cell}</span>" if stacked and cell else cell

    numbers = [' class="num"' if _is_number(frame[column]) else "" for column in frame]
    heads = "".join(
        f'<th scope="col"{role("columnheader")}{style}>{name}</th>'
        for name, style in zip(names, numbers, strict=True)
    )
    labels = [f' data-label="{name}"' if stacked else "" for name in names]
    rows = []
    for row in frame.itertuples(index=False):
        cells = "".join(
            f"<td{role('cell')}{style}{label}>{wrapped(_cell(value, say))}</td>"
            for value, style, label in zip(row[1:], numbers[1:], labels[1:], strict=True)
        )
        rows.append(
            f"<tr{role('row')}>"
            f'<th scope="row"{role("rowheader")}{numbers[0]}>{_cell(row[0], say)}</th>{cells}</tr>'
        )
    group = role("rowgroup")
    kind = ""
    if stacked:
        short = all(len(str(cell)) <= SHORT for cell in frame.iloc[:, 1:].to_numpy().flat)
        kind = f' class="stacked{" short" if short else ""}" role="table"'
    return (
        f"<table{kind}><caption>{escape(caption)}</caption><thead{group}><tr{role('row')}>"
        f"{heads}</tr></thead><tbody{group}>{''.join(rows)}</tbody></table>"
    )


def table(frame: pd.DataFrame, caption: str, empty: str = "", say: Language = ENGLISH) -> Html:
    """Show a DataFrame as a table with a caption.

    Args:
        frame: What to show; its first column heads the rows.
        caption: What the table holds.
        empty: What to say in its place where it has no rows.
        say: The language that writes its numbers.

    Example:
        >>> ah.table(data.authors[["name", "status"]].tail(1), "One of them")
        One of them
                    name status
        Guillaume Lample   left
    """
    if frame.empty and empty:
        return Html(f'<p class="note">{escape(empty)}</p>', empty, say)
    return Html(table_html(frame, caption, say), f"{caption}\n{frame.to_string(index=False)}", say)


def verdict_badge(verdict: Verdict, say: Language) -> Html:
    """A verdict, told apart by its word and its shape as well as by colour."""
    name = say.verdict(verdict)
    return Html(f'<b class="verdict verdict-{verdict}">{escape(name)}</b>', name, say)


def folded(summary: str, html: str, kind: str) -> str:
    """Something that a reader unfolds; `kind`: its class, by which the style sheet knows it."""
    return f'<details class="{kind}"><summary>{escape(summary)}</summary>{html}</details>'


def unbroken(text: str) -> str:
    """The text with nothing in it at which a line may end."""
    return text.replace(" ", "\u00a0").replace("-", "-\u2060")
