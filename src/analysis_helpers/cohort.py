"""A cohort folder -> checked, tidy DataFrames.

What the columns of the clean table mean is said once, in `AUTHORS`; the schema, the data package
and the codebook's test all read it there.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pandera.pandas as pa

from .errors import InputError, Problem
from .files import place, read_csv, read_toml, tidy
from .ranges import Range
from .wording import LANGUAGES, WordingError, read_departure, read_month, read_tenure

T = TypeVar("T")

PRINTED = ("name", "role_then", "role_now", "organisation", "departed", "tenure", "source")
STATUSES = ("stayed", "left")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the clean table: its dtype, what it holds, whether it may be missing."""

    name: str
    dtype: Any
    description: str
    required: bool = False


_MONTH = pd.PeriodDtype("M")
_TEXT = pd.StringDtype(na_value=np.nan)
_CATEGORY = "category"

AUTHORS = (
    Column("name", _TEXT, "the author's name in Latin letters where there is one", True),
    Column("name_printed", _TEXT, "the name as the article prints it", True),
    Column("role_then", _CATEGORY, "the role at the company, in English"),
    Column("role_then_printed", _CATEGORY, "that role as printed"),
    Column("role_now", _CATEGORY, "the role as of the article, in English"),
    Column("role_now_printed", _CATEGORY, "that role as printed"),
    Column("organisation", _CATEGORY, "employer as of the article, in English; of who left"),
    Column("organisation_printed", _CATEGORY, "that employer as printed"),
    Column("status", pd.CategoricalDtype(STATUSES), "stayed or left, as of the article", True),
    Column("departed_printed", _CATEGORY, "when the author left, as printed"),
    Column("departed_low", _MONTH, "first month the departure can have been in; of who left, "
           "missing where nothing bounds it"),
    Column("departed_high", _MONTH, "last month the departure can have been in; of who left"),
    Column("tenure_printed", _CATEGORY, "time at the company, as printed"),
    Column("tenure_low", "Int64", "least number of months at the company"),
    Column("tenure_high", "Int64", "greatest number of months at the company"),
    Column("joined_low", _MONTH, "first implied joining month: departed_low less tenure_high"),
    Column("joined_high", _MONTH, "last implied joining month: departed_high less tenure_low"),
    Column("source", _CATEGORY, "line or lines of the article, or an address", True),
)


def authors_schema() -> pa.DataFrameSchema:
    """What holds for every clean table, whatever the article printed."""
    ordered = [
        pa.Check(
            lambda frame, low=f"{what}_low", high=f"{what}_high": (
                frame[low].isna() | frame[high].isna() | (frame[low] <= frame[high])
            ),
            name=f"{what} runs from low to high",
        )
        for what in ("departed", "tenure", "joined")
    ]
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                column.dtype, nullable=not column.required, description=column.description
            )
            for column in AUTHORS
        },
        checks=ordered,
        strict=True,
        ordered=True,
    )


@dataclass(frozen=True, slots=True)
class Paper:
    title: str
    published: datetime.date
    source: str

    @property
    def month(self) -> int:
        """The month of publication, in months since January 1970."""
        return (self.published.year - 1970) * 12 + self.published.month - 1


@dataclass(frozen=True, slots=True)
class Article:
    """The article: how it writes, and the month after which its table says nothing."""

    language: str
    as_of: int
    publisher: str | None = None
    url: str | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Cohort:
    """A checked cohort folder.

    `authors`: one row an author in the paper's order, with the columns of `AUTHORS`.
    `events`: `date` (datetime), `label`, `source`; may have no rows.
    """

    folder: Path
    title: str
    company: str
    paper: Paper
    article: Article
    authors: pd.DataFrame
    events: pd.DataFrame


class _Problems(list[Problem]):
    """Collects what goes wrong, so that everything can be said at once."""

    def attempt(self, call: Callable[[], T]) -> T | None:
        try:
            return call()
        except InputError as error:
            self.extend(error.problems)
            return None


def find_cohort(cohort: str | Path) -> Path:
    """The folder of a cohort that is given as a path, or as the name of a folder under data/.

    Raises InputError when there is none.
    """
    given = Path(cohort)
    if given.is_dir():
        return given
    here = Path.cwd()
    for root in (here, *here.parents, Path(__file__).parents[2]):
        folder = root / "data" / given
        if folder.is_dir():
            return folder
    raise InputError(
        [Problem(str(cohort), "there is no such cohort", "a folder, or the name of one in data/")]
    )


def load_cohort(cohort: str | Path) -> Cohort:
    """Read and check a cohort folder, given as a path or as the name of a folder under data/.

    Raises InputError with every problem in cohort.toml, authors.csv, glossary.csv and events.csv.
    """
    folder = find_cohort(cohort)
    problems = _Problems()
    head = problems.attempt(lambda: _read_head(folder / "cohort.toml"))
    printed = problems.attempt(lambda: read_csv(folder / "authors.csv", PRINTED))
    glossary = problems.attempt(lambda: _read_glossary(folder / "glossary.csv")) or {}
    events = problems.attempt(lambda: _read_events(folder / "events.csv"))
    authors = None
    if printed is not None:
        article = head["article"] if head else None
        authors = problems.attempt(
            lambda: _clean_authors(folder / "authors.csv", printed, glossary, article)
        )
    if problems or head is None or authors is None or events is None:
        raise InputError(problems)
    return Cohort(folder=folder, authors=authors, events=events, **head)


# --- cohort.toml

_HEAD = {
    "title": (str, True), "company": (str, True), "paper": (dict, True), "article": (dict, True),
}
_PAPER = {"title": (str, True), "published": (datetime.date, True), "source": (str, True)}
_ARTICLE = {
    "language": (str, True), "as_of": (str, True),
    "publisher": (str, False), "url": (str, False), "sha256": (str, False),
}
_KINDS = {str: "a text", dict: "a table", datetime.date: "a date such as 2023-02-27"}


def _check_keys(
    path: Path, values: dict[str, Any], keys: dict[str, tuple[type, bool]], table: str = ""
) -> list[Problem]:
    problems = []
    for key, (kind, required) in keys.items():
        name = f"{table}{key}"
        if key not in values:
            if required:
                problems.append(Problem(place(path), f'"{name}" is missing', _KINDS[kind]))
        elif type(values[key]) is not kind:
            problems.append(
                Problem(place(path), f'"{name}" is {values[key]!r}', _KINDS[kind])
            )
        elif kind is str and not values[key].strip():
            problems.append(Problem(place(path), f'"{name}" is empty', _KINDS[kind]))
    problems += [
        Problem(place(path), f'"{table}{key}" is not known', ", ".join(keys))
        for key in values
        if key not in keys
    ]
    return problems


def _read_head(path: Path) -> dict[str, Any]:
    values = read_toml(path)
    problems = _check_keys(path, values, _HEAD)
    for table, keys in (("paper", _PAPER), ("article", _ARTICLE)):
        if isinstance(values.get(table), dict):
            problems += _check_keys(path, values[table], keys, f"{table}.")
    if problems:
        raise InputError(problems)
    article = values["article"]
    if article["language"] not in LANGUAGES:
        problems.append(
            Problem(
                place(path), f'"article.language" is "{article["language"]}"', " or ".join(LANGUAGES)
            )
        )
    try:
        article["as_of"] = read_month(article["as_of"])
    except WordingError as error:
        problems.append(Problem(place(path), f'"article.as_of": {error}', error.accepted))
    if problems:
        raise InputError(problems)
    return {
        "title": values["title"], "company": values["company"],
        "paper": Paper(**values["paper"]), "article": Article(**article),
    }


# --- glossary.csv and events.csv


def _read_glossary(path: Path) -> dict[str, str]:
    if not os.path.lexists(path):
        return {}
    frame = read_csv(path, ("printed", "english")).map(tidy)
    problems = []
    for row, (printed, english) in enumerate(frame.itertuples(index=False), 1):
        if not printed:
            problems.append(Problem(place(path, row, "printed"), "is empty", "the printed text"))
        if not english:
            problems.append(Problem(place(path, row, "english"), "is empty", "its English form"))
    for row in np.flatnonzero(frame["printed"].duplicated() & (frame["printed"] != "")) + 1:
        printed = frame["printed"].iloc[row - 1]
        problems.append(Problem(place(path, int(row), "printed"), f'"{printed}" is there twice'))
    if problems:
        raise InputError(problems)
    return dict(frame.itertuples(index=False, name=None))


def _read_events(path: Path) -> pd.DataFrame:
    columns = ("date", "label", "source")
    if not os.path.lexists(path):
        empty = pd.DataFrame(columns=columns, dtype=_TEXT)
        return empty.astype({"date": "datetime64[s]"})
    frame = read_csv(path, columns).map(tidy)
    problems, dates = [], []
    for row, (date, label, source) in enumerate(frame.itertuples(index=False), 1):
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
                raise ValueError
            dates.append(datetime.date.fromisoformat(date))
        except ValueError:
            problems.append(
                Problem(place(path, row, "date"), f'cannot read "{date}"', "a date: 2023-02-24")
            )
        for column, value in (("label", label), ("source", source)):
            if not value:
                problems.append(Problem(place(path, row, column), "is empty", "a text"))
    if problems:
        raise InputError(problems)
    frame["date"] = pd.to_datetime(pd.Series(dates)).astype("datetime64[s]")
    return frame.sort_values("date", kind="stable", ignore_index=True)


# --- authors.csv


def _clean_authors(
    path: Path, printed: pd.DataFrame, glossary: dict[str, str], article: Article | None
) -> pd.DataFrame:
    """The clean table. Without a readable cohort.toml the months are not looked at."""
    if printed.empty:
        raise InputError([Problem(place(path), "has no authors", "one row an author")])
    cells = {column: _per_text(printed[column], tidy) for column in PRINTED}
    latin = _per_text(cells["name"], lambda text: _latin_name(text, glossary))
    problems = _check_cells(path, cells, latin)
    if article is None:
        raise InputError(problems)
    departed = _read_ranges(path, "departed", cells["departed"], article, problems)
    tenure = _read_ranges(path, "tenure", cells["tenure"], article, problems)
    if problems:
        raise InputError(problems)

    english = {
        column: _per_text(cells[column], lambda text: glossary.get(text, text))
        for column in ("role_then", "role_now", "organisation")
    }
    left = cells["departed"].notna()
    frame = pd.DataFrame(
        {
            "name": latin.astype(_TEXT),
            "name_printed": cells["name"].astype(_TEXT),
            "role_then": english["role_then"],
            "role_then_printed": cells["role_then"],
            "role_now": english["role_now"],
            "role_now_printed": cells["role_now"],
            "organisation": english["organisation"],
            "organisation_printed": cells["organisation"],
            "status": pd.Categorical.from_codes(left.astype(int), STATUSES),
            "departed_printed": cells["departed"],
            "departed_low": _months(departed.low),
            "departed_high": _months(departed.high),
            "tenure_printed": cells["tenure"],
            "tenure_low": _counts(tenure.low),
            "tenure_high": _counts(tenure.high),
            "joined_low": _months(departed.low - tenure.high),
            "joined_high": _months(departed.high - tenure.low),
            "source": cells["source"],
        }
    )
    return authors_schema().validate(frame)


def _per_text(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Categories with each distinct text changed once; an empty text becomes a missing value."""
    changed = np.array([change(text) for text in cells.cat.categories], dtype=object)
    positions, texts = pd.factorize(np.where(changed == "", None, changed))
    codes = cells.cat.codes.to_numpy()
    codes = np.where(codes < 0, -1, positions[codes]) if len(positions) else codes
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(texts, dtype=_TEXT)))


_BESIDE_LATIN = re.compile(r"(.*[^\W\d_].*?)\s*\(([^()]+)\)")


def _is_latin(text: str) -> bool:
    return all(letter < "\u0250" or "\u1e00" <= letter < "\u1f00" for letter in text if letter.isalpha())


def _latin_name(printed: str, glossary: dict[str, str]) -> str:
    """The Latin form in parentheses, or the glossary's, or the name as it is."""
    if printed in glossary:
        return glossary[printed]
    beside = _BESIDE_LATIN.fullmatch(printed)
    if beside and _is_latin(beside[2]) and not _is_latin(beside[1]):
        return beside[2].strip()
    return printed


def _check_cells(path: Path, cells: dict[str, pd.Series], latin: pd.Series) -> list[Problem]:
    """What is wrong with the cells as texts, whatever months and durations they state."""
    problems = []

    def complain(rows: pd.Series, column: str, what: str, accepted: str) -> None:
        for row in np.flatnonzero(rows):
            problems.append(
                Problem(
                    place(path, int(row) + 1, column),
                    what.format(value=cells[column].iloc[row]),
                    accepted,
                )
            )

    for column in ("name", "source"):
        complain(cells[column].isna(), column, "is empty", _ACCEPTED[column])
    for column in PRINTED:
        texts = cells[column].cat.categories
        formulas = texts[[text[0] in "=+-@" for text in texts]]
        complain(
            cells[column].isin(formulas),
            column,
            'cannot take "{value}": a spreadsheet would run it as a formula',
            "a text that does not start with = + - or @",
        )
    sources = cells["source"].cat.categories
    complain(
        cells["source"].isin(sources[[not _SOURCE.fullmatch(text) for text in sources]]),
        "source", 'cannot read "{value}"', _ACCEPTED["source"],
    )
    stays = cells["departed"].isna()
    complain(
        stays & cells["organisation"].notna(),
        "organisation",
        'is "{value}", but departed is empty: who stayed has gone nowhere',
        "leave organisation empty, or write the month of the departure, or `unknown`",
    )
    for printed in (cells["name"], latin):
        twice = printed.duplicated() & printed.notna()
        if twice.any():
            complain(
                twice, "name", 'is "{value}", and so is another row\'s',
                "one row an author; tell two people of one name apart as the paper does, "
                'for example by an initial or by "(2)" after the name',
            )
            break
    return problems


_SOURCE = re.compile(r"line [1-9]\d*|lines [1-9]\d*[-\u2013][1-9]\d*|[a-z][a-z0-9+.-]*://\S+")
_ACCEPTED = {
    "name": "the name as printed",
    "source": "line 52, lines 51-54, or an address",
}


@dataclass(frozen=True, slots=True)
class _Ends:
    """The two ends of one range a row, as floats; NaN where nothing is stated."""

    low: np.ndarray
    high: np.ndarray


def _read_ranges(
    path: Path, column: str, cells: pd.Series, article: Article, problems: list[Problem]
) -> _Ends:
    ends = np.full((len(cells.cat.categories) + 1, 2), np.nan)  # the last one: nothing stated
    for code, text in enumerate(cells.cat.categories):
        try:
            if column == "tenure":
                span = read_tenure(text, article.language)
            else:
                span = _until(read_departure(text, article.language), article.as_of)
        except WordingError as error:
            for row in np.flatnonzero(cells.cat.codes == code):
                problems.append(
                    Problem(place(path, int(row) + 1, column), str(error), error.accepted)
                )
        else:
            ends[code] = span.low, span.high
    codes = cells.cat.codes.to_numpy()
    return _Ends(ends[codes, 0], ends[codes, 1])


def _until(departure: Range, as_of: int) -> Range:
    """The departure as of the article. Raises WordingError for one that lies later."""
    if departure.low > as_of:
        raise WordingError(
            "a departure later than the table's last month (article.as_of)",
            "a month up to as_of, or a later as_of in cohort.toml",
        )
    return Range(departure.low, min(departure.high, as_of), step=1)


def _months(ordinals: np.ndarray) -> pd.PeriodIndex:
    """Months since January 1970 as monthly periods; NaN and infinite ones are missing."""
    missing = ~np.isfinite(ordinals)
    values = np.where(missing, np.iinfo(np.int64).min, np.where(missing, 0, ordinals))
    return pd.PeriodIndex.from_ordinals(values.astype("int64"), freq="M")


def _counts(values: np.ndarray) -> pd.Series:
    return pd.Series(values).astype("Int64")
