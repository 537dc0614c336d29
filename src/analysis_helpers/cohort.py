"""A cohort folder -> checked, tidy DataFrames.

What the columns of the clean table mean is said once, in `AUTHORS`; the schema, the data package
and the codebook's test all read it there.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import months, others
from .errors import Bound, InputError, Problem, Problems, did_you_mean, shown
from .files import (
    FORMULA,
    Sheet,
    in_pieces,
    matching,
    per_text,
    place,
    read_toml,
    tidy,
    undrawn,
)
from .language import ENGLISH, PEOPLE, Language, Name, Text, codes, translations
from .markup import Html, table_html
from .places import find_cohort
from .ranges import Range
from .vocabulary import FIRST_YEAR, LANGUAGES, LAST_YEAR
from .wording import (
    WordingError,
    hint,
    read_departure,
    read_month,
    read_tenure,
)

if TYPE_CHECKING:
    import pandera.pandas as pandera

PRINTED = ("name", "role_then", "role_now", "organisation", "departed", "tenure", "source")
OPTIONAL = ("counted",)
"""Columns of authors.csv that need not be there."""
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
_STATUS = pd.CategoricalDtype(list(STATUSES))

AUTHORS = (
    Column("name", _TEXT, "the person's name in Latin letters where there is one", True),
    Column("name_printed", _TEXT, "the name as the article prints it", True),
    Column("role_then", _CATEGORY, "the earlier role, in English"),
    Column("role_then_printed", _CATEGORY, "that role as printed"),
    Column("role_now", _CATEGORY, "the role as of the article, in English"),
    Column("role_now_printed", _CATEGORY, "that role as printed"),
    Column("organisation", _CATEGORY, "employer as of the article, in English; of who left"),
    Column("organisation_printed", _CATEGORY, "that employer as printed"),
    Column("status", _STATUS, "stayed or left, as of the article", True),
    Column("departed_printed", _CATEGORY, "when the person left, as printed"),
    Column(
        "departed_low",
        _MONTH,
        "first month the departure can have been in; of who left, missing where nothing bounds it",
    ),
    Column("departed_high", _MONTH, "last month the departure can have been in; of who left"),
    Column("tenure_printed", _CATEGORY, "time at the company, as printed"),
    Column("tenure_low", "Int64", "least number of months at the company"),
    Column("tenure_high", "Int64", "greatest number of months at the company"),
    Column("joined_low", _MONTH, "first implied joining month: departed_low less tenure_high"),
    Column("joined_high", _MONTH, "last implied joining month: departed_high less tenure_low"),
    Column("source", _CATEGORY, "line or lines of the article, or an address", True),
    Column("counted", "bool", "whether the row belongs to measures other than `credited`", True),
)


def authors_schema() -> pandera.DataFrameSchema:
    """What holds for every clean table, whatever the article printed."""
    import pandera.pandas as pandera  # slow to import, and of no use before a table is read

    ordered = [
        pandera.Check(
            lambda frame, low=f"{what}_low", high=f"{what}_high": (
                ~(frame[low] > frame[high]).fillna(False)
            ),
            name=f"{what} runs from low to high",
        )
        for what in ("departed", "tenure", "joined")
    ]
    return pandera.DataFrameSchema(
        {
            column.name: pandera.Column(
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


@dataclass(frozen=True, slots=True)
class Start:
    """The day from which a team is counted; `label` is None where it is that of its paper."""

    date: datetime.date
    label: Text | None = None

    @property
    def month(self) -> int:
        """Its month, in months since January 1970."""
        return months.ordinal(self.date.year, self.date.month)


@dataclass(frozen=True, slots=True)
class Article:
    """The article: how it writes, and the month after which its table says nothing.

    `title` is as printed, in the article's language; `title_in` has our translations of it, by
    language code. `retells`: what the article is based on. What is not known is None.
    """

    language: str
    as_of: int
    title: str | None = None
    title_in: Mapping[str, str] = field(default_factory=dict)
    publisher: str | None = None
    url: str | None = None
    published: datetime.date | None = None
    retells: Text | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Who answers for the report, since when, and where it stands; what is not given is None.

    `url` is the address of the folder with `index.html`, and ends in a slash.
    """

    author: Text | None = None
    contact: str | None = None
    date: datetime.date | None = None
    url: str | None = None


class _Unchanging:
    """A DataFrame of which everybody gets a copy of their own; making one costs nothing."""

    @overload
    def __get__(self, cohort: None, owner: type) -> _Unchanging: ...

    @overload
    def __get__(self, cohort: Cohort, owner: type) -> pd.DataFrame: ...

    def __get__(self, cohort: Cohort | None, owner: type) -> _Unchanging | pd.DataFrame:
        if cohort is None:
            raise AttributeError("authors")  # to a dataclass: there is no default
        frame: pd.DataFrame = cohort.__dict__["_authors"]
        return frame.copy(deep=False)

    def __set__(self, cohort: Cohort, frame: pd.DataFrame) -> None:
        cohort.__dict__["_authors"] = frame


@dataclass(frozen=True, repr=False)
class Cohort:
    """A checked cohort folder, and the language in which it is said.

    `authors`: one row an author in the paper's order, with the columns of `AUTHORS`; the same in
    every language. `marks`: `date` (datetime), `label`, `label_xx` of each further language (may be
    missing), `source`; may have no rows. `compare_with`: the folders of other cohorts. `warnings`:
    what is usable, but not as it should be.
    """

    folder: Path
    titles: Text
    companies: Text
    start: Start
    article: Article
    marks: pd.DataFrame = field(repr=False)
    authors: _Unchanging = _Unchanging()
    report: Report = Report()
    language: Language = ENGLISH
    warnings: tuple[Problem, ...] = ()
    paper: Paper | None = None
    kind: str = PEOPLE[0]
    compare_with: tuple[Path, ...] = ()

    @property
    def counted(self) -> pd.DataFrame:
        """The rows of `authors` that are counted."""
        return counted(self.authors)

    def tidy(self) -> pd.DataFrame:
        """The clean table with plain dtypes, for whatever pandas or a plotting library does.

        In `authors` months are periods, and a missing period has a year all the same: it is -1, so
        that `dt.year < 2024` counts whoever stayed. Here a month is the day on which it begins, and
        a missing one is NaT, which compares as false.

        Returns:
            One row an author: the columns of `authors`, months as `datetime64[s]`, tenures as
            floats (months; NaN where none is stated), `counted` as it is, everything else as texts.

        Example:
            >>> int((data.authors["departed_low"].dt.year < 2024).sum())  # three of them stayed
            11
            >>> int((data.tidy()["departed_low"].dt.year < 2024).sum())
            8
        """
        frame = self.authors
        for column in AUTHORS:
            values = frame[column.name]
            if column.dtype == _MONTH:
                frame[column.name] = values.dt.to_timestamp().astype("datetime64[s]")
            elif column.dtype == "Int64":
                frame[column.name] = values.astype(float)
            elif column.dtype != "bool":
                frame[column.name] = values.astype(_TEXT)
        return frame

    def as_in_table(self, texts: frozenset[str], column: str) -> dict[str, str]:
        """Those of the texts that are in a column, as printed or in English, in English."""
        english, printed = self.authors[column], self.authors[f"{column}_printed"]
        fits = printed.isin(texts) & english.notna()
        found = dict(zip(printed[fits], english[fits], strict=True))
        return found | {text: text for text in english[english.isin(texts)].unique()}

    def in_english(self, texts: frozenset[str], column: str) -> set[str]:
        """The texts of a column in English, as far as they are in it."""
        found = self.as_in_table(texts, column)
        return {found.get(text, text) for text in texts}

    def __repr__(self) -> str:
        return f"<Cohort: {self._summary()}>"

    def _summary(self) -> str:
        rows, listed = self.counted, len(self.authors)
        left = int((rows["status"] == "left").sum())
        number = f"{listed:,} authors, "
        if len(rows) < listed:
            number += f"{len(rows):,} of them counted, "
        return (
            f"{self.titles.english}; {number}{left:,} left"
            f" {self.companies.english}, as of {months.iso(self.article.as_of)}"
        )

    def _repr_html_(self) -> str:
        shown_first = ["name", "status", "departed_low", "departed_high", "tenure_low",
                       "tenure_high", "organisation"]  # fmt: skip
        rows = self.authors[shown_first].head()
        caption = f"{self._summary()}. The first rows of `authors`:"
        texts = rows.astype(str).where(rows.notna(), "")
        return Html(table_html(texts, caption, ENGLISH), "")._repr_html_()

    @property
    def title(self) -> str:
        return self.titles.said(self.language)

    @property
    def company(self) -> Name:
        return Name.of(self.companies.english, self.companies.said(self.language))

    @property
    def person(self) -> str:
        """What each row is: author, editor."""
        return self.language.noun(self.kind)[0]

    @property
    def people(self) -> str:
        """What the rows are: authors, editors."""
        return self.language.noun(self.kind)[1]

    @property
    def starts(self) -> str:
        """What the team is counted from, as it stands behind a preposition: the paper."""
        say = self.language
        return self.start.label.said(say) if self.start.label else say("the paper")

    @property
    def events(self) -> pd.DataFrame:
        """The marks on the timelines: `date`, `label` in the cohort's language, `source`."""
        said = f"label_{self.language.code}"
        label = self.marks["label"]
        if said in self.marks:
            label = self.marks[said].fillna(label)
        return self.marks[["date", "source"]].assign(label=label)


def counted(authors: pd.DataFrame) -> pd.DataFrame:
    """The rows that are counted: all of them, where no column says otherwise."""
    if "counted" not in authors or authors["counted"].all():
        return authors
    return authors[authors["counted"]]


THE_DATA = "the data of `data, ledger = ah.open_cohort(...)`"
"""What a function wants that takes a cohort, as a message says it."""


def load_cohort(cohort: str | Path, language: str = "en") -> Cohort:
    """Read and check a cohort folder, given as a path or as the name of a folder under data/.

    What is said of it will be in `language`. Raises InputError with every problem in cohort.toml,
    authors.csv, glossary.csv and events.csv, and for a language in which there is no edition.

    Args:
        cohort: The path of a cohort folder, or the name of one under `data/`.
        language: The code of the language in which it will say what it holds.

    Returns:
        The data; `open_cohort` brings the ledger as well.

    Example:
        >>> ah.load_cohort("llama", "he").language.own_name
        'עברית'
    """
    said_in = Language.of(language)
    folder = find_cohort(cohort)
    problems = Problems()
    head = _read_head(folder / "cohort.toml", problems)
    glossary = _read_glossary(folder / "glossary.csv", problems)
    events = _read_events(folder / "events.csv", problems)
    authors = _read_authors(folder / "authors.csv", glossary, head.get("article", {}), problems)
    if problems or authors is None:
        raise InputError(problems)
    _warn_of_unused(folder / "glossary.csv", glossary, authors, problems)
    return Cohort(
        folder=folder,
        titles=text_of(head, "title"),
        companies=text_of(head, "company"),
        start=_start(head),
        paper=Paper(**head["paper"]) if "paper" in head else None,
        kind=head.get("people", PEOPLE[0]),
        article=_article(head["article"]),
        report=_report(head.get("report", {})),
        marks=events,
        authors=authors,
        language=said_in,
        warnings=tuple(problems.warnings),
        compare_with=head.get("compare_with", ()),
    )


def _start(head: Mapping[str, Any]) -> Start:
    if "start" in head:
        return Start(head["start"]["date"], text_of(head["start"], "label"))
    return Start(head["paper"]["published"])


def _article(values: Mapping[str, Any]) -> Article:
    plain = {key: value for key, value in values.items() if not key.startswith(("title_", "ret"))}
    titles = {code: values.get(f"title_{code}") for code in codes()}
    return Article(
        **plain,
        title_in={code: title for code, title in titles.items() if title},
        retells=text_of(values, "retells") if "retells" in values else None,
    )


def _report(values: Mapping[str, Any]) -> Report:
    plain = {key: value for key, value in values.items() if not key.startswith("author")}
    return Report(author=text_of(values, "author") if "author" in values else None, **plain)


def text_of(values: Mapping[str, str], key: str) -> Text:
    """A text and its translations: the keys `title`, `title_he` and so on."""
    said = {code: values.get(f"{key}_{code}") for code in translations()}
    return Text(values[key], {code: text for code, text in said.items() if text})


def _warn_of_unused(
    path: Path, glossary: dict[str, str], authors: pd.DataFrame, problems: Problems
) -> None:
    known: set[str] = set()
    for column in ("name", "role_then", "role_now", "organisation"):
        printed = authors[f"{column}_printed"]
        known.update(printed[printed.isin(list(glossary))])
    problems.warnings += [
        Problem(place(path), f"{shown(text)} stands nowhere in authors.csv")
        for text in glossary
        if text not in known
    ]


# --- cohort.toml

ADDRESS = re.compile(r"https?://[^\s/?#\[\]]+([/?#]\S*)?")
"""The address of a web page."""
RUNS = re.compile("(javascript|vbscript|data|file|blob|about):", re.IGNORECASE)
"""What a browser would do something with, where only a place is to be named."""


class Key(NamedTuple):
    """A key of cohort.toml: what its value has to be, whether it has to be there, what it holds."""

    kind: type
    required: bool
    holds: str


Keys = dict[str, Key]
_HEAD: Keys = {
    "title": Key(str, True, "What the report is about: the authors of a paper, a news desk"),
    "company": Key(str, True, "Whom they left"),
    "people": Key(str, False, "What the rows are, if not authors"),
    "compare_with": Key(list, False, "Other cohort folders to compare the team with"),
    "paper": Key(dict, False, "The paper whose authors they are"),
    "start": Key(dict, False, "For others than authors: the day from which the team is counted"),
    "article": Key(dict, True, "The article whose claims are checked"),
    "report": Key(dict, False, "Who answers for the report, and where it will stand"),
}
_PAPER: Keys = {
    "title": Key(str, True, "The paper's title"),
    "published": Key(datetime.date, True, "The day of its publication"),
    "source": Key(str, True, "Where that is stated: an address, or words"),
}
_START: Keys = {
    "label": Key(str, True, "What happened on that day, as it stands behind a preposition"),
    "date": Key(datetime.date, True, "The day"),
}
_ARTICLE: Keys = {
    "language": Key(str, True, "The language in which the values of authors.csv are printed"),
    "as_of": Key(str, True, "The last month of which the article can know anything: YYYY-MM"),
    "title": Key(str, False, "The article's title, as printed"),
    "publisher": Key(str, False, "Who published it"),
    "url": Key(str, False, "Its address"),
    "published": Key(datetime.date, False, "The day of its publication"),
    "retells": Key(str, False, "What it is based on"),
    "sha256": Key(str, False, "The checksum of the copy that the table was transcribed from"),
}
_REPORT: Keys = {
    "author": Key(str, False, "Who answers for the report"),
    "contact": Key(str, False, "Where to write to them: an address for mail, or a page"),
    "date": Key(datetime.date, False, "The day of the report"),
    "url": Key(str, False, "The address of the folder where the report will stand"),
}
SHA256 = "[0-9a-f]{64}"
_DATE = f"a date from {FIRST_YEAR} to {LAST_YEAR}: 2023-02-27"
_OTHERS = 'names or paths of other cohort folders: ["their-team", "../another-team"]'
_KINDS = {str: "a text", dict: "a table", datetime.date: _DATE, list: _OTHERS}
_MONTH_TEXT = "a month, in quotes: "
_STANDS = "the https address of the report's folder: https://example.org/our-report/"
_PLACES = {
    "source": "an address that begins with https:// or http://, or where it stands, in words",
    "contact": "an address for mail, or of a page that begins with https:// or http://",
}


def _acceptable(
    path: Path, values: dict[str, Any], keys: Keys, table: str, problems: Problems
) -> dict[str, Any]:
    """The values that are what they have to be, texts tidied."""
    found: dict[str, Any] = {}
    if len(values) > Bound.KEYS:
        at, what = place(path, column=f"{table}keys"), f"has {len(values):,} of them"
        problems.append(Problem(at, what, f"at most {Bound.KEYS:,}"))
        return found
    for key, (kind, required, _) in keys.items():
        at = place(path, column=f"{table}{key}")
        value = values.get(key)
        if value is None:
            if required:
                problems.append(Problem(at, "is missing", _instead(key, kind)))
        elif type(value) is not kind:
            problems.append(Problem(at, f"cannot take {shown(value)}", _instead(key, kind, value)))
        elif not isinstance(value, str):
            found[key] = value
        elif not tidy(value):
            problems.append(Problem(at, "is empty", _instead(key, kind)))
        elif len(value) > Bound.TEXT:
            accepted = f"at most {Bound.TEXT:,} letters"
            problems.append(Problem(at, f"{shown(value)} is too long", accepted))
        elif key in _PLACES and RUNS.match(tidy(value)):
            problems.append(Problem(at, f"cannot take {shown(value)}", _PLACES[key]))
        else:
            found[key] = tidy(value)
            problems.warnings += undrawn(at, [found[key]])
    problems += [
        Problem(
            place(path, column=f"{table}{shown(key)[1:-1]}"),
            f"is not known{did_you_mean(key, keys)}",
            ", ".join(keys),
        )
        for key in values
        if key not in keys
    ]
    for key in values:
        text = key[:-3]  # of `title_he`
        if key in keys and text in keys and text not in values and not keys[text].required:
            at = place(path, column=f"{table}{key}")
            what = f"translates {text}, which is missing"
            problems.append(Problem(at, what, f"{text} beside it"))
    return found


def _instead(key: str, kind: type, value: object = None) -> str:
    """What a key takes: the very value, where a date has quotes too many or too few."""
    if key == "as_of":
        day = value if isinstance(value, datetime.date) else datetime.date(2025, 5, 1)
        return f"{_MONTH_TEXT}{shown(day.isoformat()[:7])}"
    if kind is datetime.date and isinstance(value, str) and _day(value):
        return f"a date, without quotes: {value}"
    return _KINDS[kind]


def _said(*keys: str, into: Sequence[str] | None = None) -> Keys:
    """The keys for texts in other languages: `title_he`."""
    return {
        f"{key}_{code}": Key(str, False, f"The {key} in the language {code}")
        for key in keys
        for code in into or translations()
    }


def keys_of_head() -> dict[str, Keys]:
    """The keys of cohort.toml, under "", and those of each of its tables."""
    return {
        "": _HEAD | _said("title", "company"),
        "paper": _PAPER,
        "start": _START | _said("label"),
        "article": _ARTICLE | _said("title", into=codes()) | _said("retells"),
        "report": _REPORT | _said("author"),
    }


def _read_head(path: Path, problems: Problems) -> dict[str, Any]:
    """What cohort.toml says, as far as it can be used; the rest is among the problems."""
    try:
        values = read_toml(path)
    except InputError as error:
        problems += error.problems
        return {}
    tables = keys_of_head()
    head = _acceptable(path, values, tables.pop(""), "", problems)
    for table, keys in tables.items():
        if table in head:
            head[table] = _acceptable(path, head[table], keys, f"{table}.", problems)
            _check_forms(path, table, head[table], problems)
    _check_start(path, values, head, problems)
    if "compare_with" in head:
        head["compare_with"] = _others(path, head["compare_with"], problems)
    as_of = head.get("article", {}).get("as_of")
    for table, key in (("paper", "published"), ("start", "date")):
        day = head.get(table, {}).get(key)
        if day and as_of is not None and months.ordinal(day.year, day.month) > as_of:
            what = f"{day} is later than article.as_of, {months.iso(as_of)}"
            accepted = "a day up to the end of as_of, or a later as_of"
            problems.append(Problem(place(path, column=f"{table}.{key}"), what, accepted))
    return head


def _check_start(
    path: Path, values: Mapping[str, Any], head: dict[str, Any], problems: Problems
) -> None:
    """What the rows are, and the one day from which the team is counted."""
    people = head.get("people", PEOPLE[0])
    if people not in PEOPLE:
        what = f"cannot take {shown(people)}{did_you_mean(people, PEOPLE)}"
        problems.append(Problem(place(path, column="people"), what, ", ".join(PEOPLE)))
        del head["people"]
    if "start" in values and "paper" in values:
        what = "stands beside [paper]"
        problems.append(Problem(place(path, column="start"), what, "one of the two"))
    elif "start" not in values and "paper" not in values:
        accepted = "a table [paper]"
        if people != PEOPLE[0]:
            accepted = "a table [paper], or [start] with a label and a date"
        problems.append(Problem(place(path, column="paper"), "is missing", accepted))
    elif "start" in values and people == PEOPLE[0]:
        what = "is for other people than authors"
        accepted = f"a table [paper], or people = one of {', '.join(PEOPLE[1:])}"
        problems.append(Problem(place(path, column="start"), what, accepted))


def _others(path: Path, given: list[Any], problems: Problems) -> tuple[Path, ...]:
    """The folders of the cohorts that this one is compared with."""
    found: dict[Path, Path] = {path.parent.resolve(): path.parent}
    for entry in given[: Bound.KEYS]:
        folder = others.beside(path.parent, entry) if isinstance(entry, str) else None
        what = f"there is no cohort {shown(entry)}"
        if folder is not None and folder.resolve() in found:
            what = f"{shown(entry)} is this very cohort, or stands there twice"
        if folder is None or folder.resolve() in found:
            problems.append(Problem(place(path, column="compare_with"), what, _OTHERS))
        else:
            found[folder.resolve()] = folder
    return tuple(found.values())[1:]


def _check_forms(path: Path, table: str, values: dict[str, Any], problems: Problems) -> None:
    """Reads the month; drops what is a text or a date, but not one that will do."""

    def refuse(key: str, accepted: str) -> None:
        what = f"cannot take {shown(values.pop(key))}"
        problems.append(Problem(place(path, column=f"{table}.{key}"), what, accepted))

    for key in ("published", "date"):
        if key in values and not FIRST_YEAR <= values[key].year <= LAST_YEAR:
            refuse(key, _DATE)
    if "language" in values and values["language"] not in LANGUAGES:
        refuse("language", " or ".join(map(shown, LANGUAGES)))
    if table == "report" and "url" in values:
        folder = values["url"].removesuffix("index.html").removesuffix("/")
        if re.fullmatch(r"https://[^\s?#\[\]]+", folder):
            values["url"] = f"{folder}/"
        else:
            refuse("url", _STANDS)
    elif "url" in values and not ADDRESS.fullmatch(values["url"]):
        refuse("url", "an address: https://example.org/story")
    if "sha256" in values and not re.fullmatch(SHA256, values["sha256"]):
        refuse("sha256", "64 digits from 0 to f")
    if "as_of" in values:
        try:
            values["as_of"] = read_month(values["as_of"])
        except WordingError as error:
            accepted = f"{_MONTH_TEXT}{_likely_month(values.pop('as_of'))}"
            problems.append(Problem(place(path, column=f"{table}.as_of"), str(error), accepted))


def _likely_month(text: str) -> str:
    """The month that a text names otherwise than as YYYY-MM, in quotes; or any."""
    for language in LANGUAGES:
        with suppress(WordingError):
            span = read_departure(text, language)
            if span.is_exact:
                return shown(months.iso(span.low))
    return '"2025-05"'


# --- glossary.csv and events.csv


def _read_glossary(path: Path, problems: Problems) -> dict[str, str]:
    sheet = Sheet.read(path, ("printed", "english"), problems, optional=True)
    if sheet is None:
        return {}
    sheet.refuse_empty("printed", "the text as printed")
    open_ones = sheet["english"].isna() & sheet["printed"].notna()
    for row in np.flatnonzero(open_ones).tolist():
        text = shown(sheet["printed"].iloc[row])
        sheet.warn("english", row, f"is empty: {text} stays as it is printed")
    sheet.refuse_twins("printed", sheet["printed"], "one line a printed text")
    pairs = zip(sheet["printed"], sheet["english"], strict=True)
    return {printed: english for printed, english in pairs if not pd.isna([printed, english]).any()}


def _read_events(path: Path, problems: Problems) -> pd.DataFrame:
    columns = ("date", "label", "source")
    said = [f"label_{code}" for code in translations()]
    sheet = Sheet.read(path, columns, problems, optional=True, also=said)
    if sheet is None:
        frame = pd.DataFrame(columns=[*columns, *said], dtype=_TEXT)
        return frame.astype({"date": "datetime64[s]"})
    for column, accepted in zip(
        columns, (_DATE, "a short text", "where it is stated"), strict=True
    ):
        sheet.refuse_empty(column, accepted)
    sheet.refuse_texts(
        "date", lambda texts: [_day(text) is None for text in texts], "cannot read {value}", _DATE
    )
    there = [column for column in (*columns, *said) if column in sheet]
    frame = pd.DataFrame({column: sheet[column].astype(_TEXT) for column in there})
    days = [None if pd.isna(text) else _day(text) for text in frame["date"]]
    frame["date"] = pd.Series(days, dtype="datetime64[s]")
    return frame.sort_values("date", kind="stable", ignore_index=True)


def _day(text: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text and FIRST_YEAR <= day.year <= LAST_YEAR else None


# --- authors.csv


def _read_authors(
    path: Path, glossary: dict[str, str], article: dict[str, Any], problems: Problems
) -> pd.DataFrame | None:
    """The clean table, or None where there are problems with it.

    Months are not looked at where the article's language is not known.
    """
    sheet = Sheet.read(path, PRINTED, problems, key="name", also=OPTIONAL)
    if sheet is None:
        return None
    if sheet["name"].empty:
        problems.append(Problem(place(path), "has no authors", "one row an author"))
        return None
    latin = _latin_names(sheet["name"], glossary)
    _check_cells(sheet)
    if not _are_counted(sheet).any():
        problems.append(Problem(place(path, column="counted"), "nobody is counted", "one who is"))
    sheet.refuse_long("name", Bound.NAME)
    runs = matching(latin, f"^{FORMULA}")
    if runs.any():
        sheet.refuse(
            "name",
            runs & ~matching(sheet["name"], f"^{FORMULA}"),
            "cannot take {value}: a spreadsheet would run its Latin form as a formula",
            "a name that does not start with = + - or @",
        )
    _warn_of_look_alikes(sheet)
    if "language" not in article:
        _refuse_namesakes(sheet, latin)
        return None
    language, as_of = article["language"], article.get("as_of", math.inf)

    def departure(text: str, language: str) -> Range:
        return until(text, read_departure(text, language), as_of)

    with ThreadPoolExecutor(1) as pool:  # of all checks the slowest, and Arrow's
        distinct = pool.submit(lambda: len(pc.unique(pa.array(latin))))
        departed = _read_ranges(sheet, "departed", language, departure)
        tenure = _read_ranges(sheet, "tenure", language, read_tenure)
        frame = None if problems else _clean_authors(sheet, latin, glossary, departed, tenure)
    if frame is None or distinct.result() < len(frame):
        _refuse_namesakes(sheet, latin)
        return None
    return authors_schema().validate(frame, inplace=True)


def _clean_authors(
    sheet: Sheet, latin: pd.Series, glossary: dict[str, str], departed: _Ends, tenure: _Ends
) -> pd.DataFrame:
    english = {
        column: per_text(sheet[column], lambda text: _english(text, glossary), slice(None))
        for column in ("role_then", "role_now", "organisation")
    }
    left = sheet["departed"].notna().to_numpy()
    return pd.DataFrame(
        {
            "name": latin,
            "name_printed": sheet["name"],
            "role_then": english["role_then"],
            "role_then_printed": sheet["role_then"],
            "role_now": english["role_now"],
            "role_now_printed": sheet["role_now"],
            "organisation": english["organisation"],
            "organisation_printed": sheet["organisation"],
            "status": pd.Categorical.from_codes(left.astype(np.int8), dtype=_STATUS),
            "departed_printed": sheet["departed"],
            "departed_low": months.periods(departed.low),
            "departed_high": months.periods(departed.high),
            "tenure_printed": sheet["tenure"],
            "tenure_low": _counts(tenure.low),
            "tenure_high": _counts(tenure.high),
            "joined_low": months.periods(departed.low - tenure.high),
            "joined_high": months.periods(departed.high - tenure.low),
            "source": sheet["source"],
            "counted": _are_counted(sheet),
        },
        copy=False,
    )


def _english(printed: str, glossary: dict[str, str]) -> str:
    """The glossary's English, or the text as it is; nothing where it says "not available"."""
    english = glossary.get(printed, printed)
    return "" if english.casefold() == "not available" else english


_FOREIGN_LETTER = r"[^\P{L}\p{Latin}]"


def _latin_names(names: pd.Series, glossary: dict[str, str]) -> pd.Series:
    """The glossary's form, or the Latin form in parentheses, or the name as it is."""
    latin = pd.Series(in_pieces(_latin_forms, names), dtype=_TEXT)
    known = names.isin(list(glossary))
    return latin.mask(known, names.astype(_TEXT).map(glossary)) if known.any() else latin


def _latin_forms(names: pa.Array) -> pa.Array:
    foreign = pc.match_substring_regex(names, _FOREIGN_LETTER)
    both = pc.and_(pc.and_(pc.ends_with(names, ")"), pc.match_substring(names, "(")), foreign)
    beside = pc.if_else(pc.fill_null(both, False), names, "()")
    inside = pc.list_element(pc.split_pattern(beside, "(", reverse=True, max_splits=1), 1)
    inside = pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(inside, 0, -1))
    is_latin = pc.match_substring_regex(inside, r"^[^\pL)]*\p{Latin}(?:[^\pL)]|\p{Latin})*$")
    return pc.if_else(is_latin, inside, names)


_TELL_APART = (
    "one row an author; tell two people of one name apart as the paper does, "
    'for example by an initial or by "(2)" after the name'
)


def _refuse_namesakes(sheet: Sheet, latin: pd.Series) -> None:
    """A problem for each name that stands there twice, as printed or in its Latin form."""
    sheet.refuse_twins("name", sheet["name"], _TELL_APART) or sheet.refuse_twins(
        "name", latin, _TELL_APART
    )


_LOOK_ALIKES_AT_MOST = 20_000  # rows; beyond that nobody compares names by eye
_LATIN = dict(zip("аеорсухіјѕԁһӏαορνικτυχ", "aeopcyxijsdhlaopviktux", strict=True))
_LOOKS_LATIN = re.compile(f"[{''.join(_LATIN)}]")  # Cyrillic and Greek letters
# Accents, points and signs that choose a variant.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u200c\u200d\u20d0-\u20f0"
    "\ufe00-\ufe0f\U000e0000-\U000e01ef]"
)


def _warn_of_look_alikes(sheet: Sheet) -> None:
    """Names that differ only in case, accents, width or letters that look the same."""
    if len(sheet["name"]) > _LOOK_ALIKES_AT_MOST:
        return
    names = sheet["name"].fillna("").tolist()
    plain = unicodedata.normalize("NFKD", "\n".join(names)).casefold()
    bare = _LOOKS_LATIN.sub(lambda letter: _LATIN[letter[0]], _MARKS.sub("", plain)).split("\n")
    if len(set(bare)) == len(set(names)):
        return
    seen: dict[str, tuple[int, str]] = {}
    for row, (name, look) in enumerate(zip(names, bare, strict=True)):
        earlier, other = seen.setdefault(look, (row, name))
        if look and earlier != row and other != name:
            what = f"{shown(name)} looks like {shown(other)} in line {sheet.line(earlier)}"
            sheet.warn("name", row, f"{what}: are they two people?")


def _check_cells(sheet: Sheet) -> None:
    """What is wrong with the cells as texts, whatever months and durations they state."""
    sheet.refuse_empty("name", "the name as printed")
    sheet.refuse(
        "organisation",
        sheet["departed"].isna() & sheet["organisation"].notna(),
        "cannot take {value}, since departed is empty: who stayed has gone nowhere",
        "leave organisation empty, or write the month of the departure, or `unknown`",
    )
    stated = "line 52, lines 51-54, or an address"
    sheet.refuse_empty("source", stated)
    sheet.refuse_texts("source", _are_no_sources, "cannot read {value}", stated)
    if "counted" in sheet:
        sheet.refuse_texts(
            "counted",
            lambda texts: ~texts.isin(["yes", "no"]),
            "cannot take {value}",
            "no, for a row that is listed and not counted; yes or nothing for every other",
        )


def _are_counted(sheet: Sheet) -> np.ndarray:
    if "counted" in sheet:
        return (sheet["counted"] != "no").to_numpy()
    return np.ones(len(sheet["name"]), dtype=bool)


def _are_no_sources(texts: pd.Index) -> np.ndarray:
    wrong = ~np.asarray(texts.str.fullmatch(_SOURCE), dtype=bool)
    lines = texts.str.extract(r"^lines (\d+)\D(\d+)$").astype(float)
    return wrong | (lines[0] >= lines[1]).to_numpy()


_LINE = "[1-9][0-9]{0,6}"
_SOURCE = f"line {_LINE}|lines {_LINE}[-\u2013]{_LINE}|{ADDRESS.pattern}"


def lines_of(source: str) -> range | None:
    """The lines that `line 52` or `lines 51-54` names; None for any other source."""
    found = re.fullmatch(rf"lines? ({_LINE})(?:[-\u2013]({_LINE}))?", source)
    return range(int(found[1]), int(found[2] or found[1]) + 1) if found else None


@dataclass(frozen=True, slots=True)
class _Ends:
    """The two ends of one range a row, as floats; NaN where nothing is stated."""

    low: np.ndarray
    high: np.ndarray


_Reader = Callable[[str, str], Range | None]


def _read_ranges(sheet: Sheet, column: str, language: str, read: _Reader) -> _Ends:
    cells = sheet[column]
    texts = cells.cat.categories
    refused: list[WordingError] = []
    ends = np.full((len(texts) + 1, 2), np.nan)  # the last one: nothing stated
    for code, text in enumerate(texts):
        try:
            span = read(text, language)
        except WordingError as error:
            refused.append(error)
        else:
            if span is not None:
                ends[code] = span.low, span.high
    faults = {error.text: (str(error), error.accepted) for error in refused}
    for unread in refused[: Bound.PROBLEMS]:  # of the others nobody reads
        what = f"{unread}{hint(unread, language, read)}"
        faults[unread.text] = what, unread.accepted
    sheet.refuse_each(column, faults)
    codes = cells.cat.codes.to_numpy()
    return _Ends(ends[codes, 0], ends[codes, 1])


def until(text: str, departure: Range, as_of: float) -> Range:
    """The departure as of the article. Raises WordingError for one that lies later."""
    if departure.low > as_of:
        raise WordingError(
            text,
            "a month up to as_of, or a later as_of in cohort.toml",
            f"it is later than article.as_of, {months.iso(as_of)}",
        )
    return Range(departure.low, min(departure.high, as_of), step=1)


def _counts(values: np.ndarray) -> pd.Series:
    missing = np.isnan(values)
    return pd.Series(pd.arrays.IntegerArray(np.where(missing, 0, values).astype("int64"), missing))
