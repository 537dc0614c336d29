"""A catalogue of faulty cohort folders, each with the message that it must produce.

Every folder is a good one with one thing changed. FUZZ_CASES is the number of random changes.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from analysis_helpers.__main__ import app
from analysis_helpers.errors import Bound, InputError
from analysis_helpers.files import tidy, undrawn
from analysis_helpers.opening import open_cohort
from analysis_helpers.others import TEAMS_AT_MOST
from analysis_helpers.outcomes import OUTCOMES
from analysis_helpers.report.engine.cache import NOTEBOOK_BYTES

FUZZ_CASES = int(os.environ.get("FUZZ_CASES", "100"))
FILES = ("cohort.toml", "authors.csv", "glossary.csv", "events.csv", "claims.toml")
CLAIMS = """\
[[claim]]
id = "two-left"
says = "Two have left."
source = "line 1"
measure = "departed"
where = { departed = "<= 2024-12" }
expect = "= 2"

[[claim]]
id = "in-the-press"
says = "The company was sold."
source = "line 2"
verdict = "supported"
sources = [{ url = "https://press.example/sold", finding = "It was." }]
"""

Maker = Callable[..., Path]
Change = Callable[[Path], Any]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_cohort: Maker) -> Path:
    """A good folder, called `team` in a message."""
    monkeypatch.chdir(tmp_path)
    return make_cohort(
        tmp_path,
        claims=CLAIMS,
        events=[("2023-02-24", "First model", "the journal")],
        glossary={"Birch": "Birch Labs"},
    )


# --- how a folder is changed


def edit(file: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        (folder / file).write_bytes(text.replace(old, new, 1).encode())

    return change


def write(file: str, content: str | bytes) -> Change:
    raw = content if isinstance(content, bytes) else content.encode()
    return lambda folder: (folder / file).write_bytes(raw)


def add(file: str, content: str) -> Change:
    def change(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8", newline="") as out:
            out.write(content)

    return change


def encode(file: str, encoding: str, old: str = "", new: str = "") -> Change:
    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8").replace(old, new, 1)
        (folder / file).write_bytes(text.encode(encoding))

    return change


def remove(file: str) -> Change:
    return lambda folder: (folder / file).unlink()


def make_folder(file: str) -> Change:
    def change(folder: Path) -> None:
        (folder / file).unlink(missing_ok=True)
        (folder / file).mkdir()

    return change


def make_pipe(file: str) -> Change:
    def change(folder: Path) -> None:
        (folder / file).unlink()
        os.mkfifo(folder / file)

    return change


def link(file: str, target: str) -> Change:
    def change(folder: Path) -> None:
        (folder / file).unlink()
        (folder.parent / "elsewhere").write_text("secret")
        (folder / file).symlink_to(target)

    return change


def row(cells: str) -> Change:
    """Another author, in line 5."""
    return add("authors.csv", cells + "\n")


def claim(lines: str) -> Change:
    """Another claim, called `new`; with something else than what is there."""
    return add(
        "claims.toml", f'\n[[claim]]\nid = "new"\nsays = "So."\nsource = "line 3"\n{lines}\n'
    )


# --- what is accepted

COLUMNS = "name,role_then,role_now,organisation,departed,tenure,source,counted"
FORMULA = "a text that does not start with = + - or @"
SOURCE = "line 52, lines 51-54, or an address"
UTF8 = "a UTF-8 text file"
CONVERT = "or `analysis-helpers new DIR --from authors.csv`, which takes others"
COMMA = 'a cell that holds a comma is written in quotes: "6 years, 7 months"'
EVENTS = "date,label,source,label_he"
DATE = "a date from 1900 to 2100: 2023-02-27"
HEAD = "title, company, people, compare_with, paper, start, article, report, title_he, company_he"
ARTICLE = (
    "language, as_of, title, publisher, url, published, retells, sha256, title_en, title_he,"
    " retells_he"
)
TOML = "TOML, with texts in quotes"
APART = (
    "one row an author; tell two people of one name apart as the paper does, for example by an"
    ' initial or by "(2)" after the name'
)
DEPARTED = (
    '"February 2025", "15 June 2023", "early 2023", "Q3 2022", "2024", "before 2023", '
    '"2022-07..2022-09", "unknown"'
)
TENURE = (
    '"6 years, 7 months", "7 years", "3 to 4 years", "a year and a half", "more than 3 years", '
    '"36..48 months"'
)
MEASURES = (
    "credited, departed, remaining, share_departed, mean_tenure, median_tenure, shortest_tenure, "
    "longest_tenure, first_departure, last_departure, half_gone, destinations, top_destination, "
    "names, roles_then, roles_now"
)
KEYS = (
    "id, says, source, measure, where, expect, reading, readings, sources, verdict, says_he,"
    " reading_he"
)
READINGS = "two tables or more: [[claim.readings]], each with reading, measure and expect"
TWO_READINGS = (
    '[[claim.readings]]\nreading = "At least two."\nmeasure = "departed"\nexpect = 2\n'
    '[[claim.readings]]\nreading = "At least three."\nmeasure = "departed"\nexpect = 3\n'
)
ID = "lower-case letters and digits, with hyphens between: eleven-left"
SEEN = "a text that a reader can see"
NUMBER = 'a number: ">= 2"'
DURATION = 'a duration: "> 5 years" or ">= 18 months"'
MONTH = 'a month: "= 2023-01" or ">= 2023-01"'
NAMES = 'a list of names, with = or !=: ["Ada Lovelace", "Alan Turing"]'
VERDICTS = "supported, inconclusive, contradicted, untestable"
SOURCES = '[{ url = "https://...", finding = "what it says" }]'
NOT_BY_HAND = "is given by a person only beside `sources`, where nothing is measured"
FOLLOWS = "leave it out: it follows from what is measured"


def of_claim(key: str, what: str, accepted: str, name: str = "new") -> tuple[str, str]:
    return f'claims.toml, claim "{name}", {key}: {what}', accepted


# Name: how the folder is changed, and what is said: place and fault, what is accepted.
CATALOGUE: dict[str, tuple[Change, *tuple[tuple[str, str], ...]]] = {
    # Files that are not there, or not files.
    "no cohort.toml": (remove("cohort.toml"), ("cohort.toml: is missing", UTF8)),
    "no authors.csv": (remove("authors.csv"), ("authors.csv: is missing", UTF8)),
    **{
        f"{file} is a folder": (make_folder(file), (f"{file}: is a folder", UTF8)) for file in FILES
    },
    "a pipe": (make_pipe("events.csv"), ("events.csv: is not an ordinary file", UTF8)),
    "a broken link": (link("claims.toml", "nowhere"), ("claims.toml: is missing", UTF8)),
    "a link to itself": (
        link("glossary.csv", "glossary.csv"),
        ("glossary.csv: cannot be read (Too many levels of symbolic links)", UTF8),
    ),
    # Files that are not text.
    **{f"{file} is empty": (write(file, b""), (f"{file}: is empty", UTF8)) for file in FILES},
    "nothing but blanks": (write("authors.csv", " \n\n\t\n"), ("authors.csv: is empty", UTF8)),
    "nothing but a byte-order mark": (
        write("authors.csv", b"\xef\xbb\xbf"),
        ("authors.csv: is empty", UTF8),
    ),
    "windows-1255": (
        encode("authors.csv", "windows-1255", "Cleo", "קליאו"),
        (
            "authors.csv: is not UTF-8 (line 4); it looks like windows-1255",
            "a file saved as UTF-8",
        ),
    ),
    "windows-1252": (
        encode("authors.csv", "windows-1252", "Cleo", "Cléo"),
        (
            "authors.csv: is not UTF-8 (line 4); it looks like windows-1252",
            "a file saved as UTF-8",
        ),
    ),
    "UTF-16 with a mark": (
        encode("glossary.csv", "utf-16"),
        ("glossary.csv: is not UTF-8 (line 1); it looks like UTF-16", "a file saved as UTF-8"),
    ),
    "UTF-16 without a mark": (
        encode("cohort.toml", "utf-16-le"),
        ("cohort.toml: holds a NUL byte (line 1); it looks like UTF-16", UTF8),
    ),
    "a NUL byte": (
        edit("authors.csv", "Ben", "B\0n"),
        ("authors.csv: holds a NUL byte (line 3)", UTF8),
    ),
    # CSV that is none.
    "authors.csv is truncated": (
        edit("authors.csv", "Birch,early 2024,4 years,line 3\n", "Bir"),
        ("authors.csv, line 4: has 4 cells, the header has 7", COMMA),
    ),
    "too many cells": (
        row("Dora,,,,,,line 4,x"),
        ("authors.csv, line 5: has 8 cells, the header has 7", COMMA),
    ),
    "a comma without quotes": (
        row("Dora,,,Acme,2023,2 years, 1 month,line 4"),
        ("authors.csv, line 5: has 8 cells, the header has 7", COMMA),
    ),
    "several ragged rows": (
        add("authors.csv", "Dora,,\nEmil,,,,,,line 5\nFinn\n"),
        ("authors.csv, line 5: has 3 cells, the header has 7", COMMA),
        ("authors.csv, line 7: has 1 cell, the header has 7", COMMA),
    ),
    "a quote that is never closed": (
        row('"Dora,,,,,,line 4'),
        (
            "authors.csv, line 5: opens a quote and never closes it",
            'a quote inside a quoted cell is doubled: ""',
        ),
    ),
    "two quotes that swallow the rows between them": (
        add("authors.csv", '"Dora,,,,,,line 4\nEmil,,,,,,line 5\n"Finn,,,,,,line 6\n'),
        (
            "authors.csv, line 5: cannot be read (',' expected after '\"')",
            'a quote inside a quoted cell is doubled: ""',
        ),
    ),
    "a cell over several lines": (
        row('"Dora\nDoe",,,,,,line 4'),
        (
            "authors.csv, line 5: runs over several lines",
            "one line a row, with every quote closed",
        ),
    ),
    "a column is missing": (
        write("authors.csv", "name,role_then,role_now,organisation,tenure,source\n"),
        ('authors.csv: column "departed" is missing', COLUMNS),
    ),
    "no header": (
        write("events.csv", "2023-02-24,First model,the journal\n"),
        (
            'events.csv: has no headings: its first line is "2023-02-24", "First model",'
            ' "the journal"',
            EVENTS,
        ),
    ),
    "an unknown column": (
        edit("authors.csv", "tenure,source", "tenure,age,source"),
        ('authors.csv: column "age" is not known', COLUMNS),
    ),
    "a column twice": (
        edit("glossary.csv", "english", "english,english"),
        ('glossary.csv: column "english" is there 2 times', "printed,english"),
    ),
    "a header in capitals": (
        edit("glossary.csv", "printed", "Printed"),
        ('glossary.csv: column "Printed" is called printed here', "printed,english"),
    ),
    "semicolons": (
        write("glossary.csv", "printed;english\nBirch;Birch Labs\n"),
        ("glossary.csv: has semicolons between its cells", "commas, as in CSV UTF-8"),
    ),
    **{
        f"{named} in authors.csv": (
            write("authors.csv", (COLUMNS + "\nDora,,,,,,line 1\n").replace(",", sign)),
            (f"authors.csv: has {named} between its cells", f"commas, as in CSV UTF-8; {CONVERT}"),
        )
        for sign, named in (("\t", "tabs"), (";", "semicolons"))
    },
    "American headings": (
        write(
            "authors.csv",
            "Full name,Former title,Current title,Organization,Left,Tenure,Source\n"
            "Dora,,,,,,line 1\n",
        ),
        (
            'authors.csv: column "Full name" is called name here; '
            'column "Former title" is called role_then here; '
            'column "Current title" is called role_now here; '
            'column "Organization" is called organisation here; '
            'column "Left" is called departed here; column "Tenure" is called tenure here; '
            'column "Source" is called source here',
            f"{COLUMNS}; {CONVERT}",
        ),
    ),
    "a misspelt heading": (
        edit("authors.csv", "departed", "departd"),
        (
            'authors.csv: column "departed" is missing; column "departd" is not known;'
            " did you mean departed?",
            COLUMNS,
        ),
    ),
    "a value without a heading": (
        write(
            "authors.csv",
            COLUMNS.replace("counted", "") + "\nDora,,,,,,line 1,\n\nEmil,,,,,,line 2,x\n",
        ),
        (
            'authors.csv, line 4: has "x" in a column without a heading, number 8',
            "a heading for it",
        ),
    ),
    "a header without an end": (
        write("events.csv", "x" * 200_000),
        (
            "events.csv: has no header: field larger than field limit (131072)",
            EVENTS,
        ),
    ),
    "no authors": (
        write("authors.csv", COLUMNS + "\n"),
        ("authors.csv: has no authors", "one row an author"),
    ),
    # Cells of authors.csv.
    "no name": (
        row(",,,,,,line 4"),
        ("authors.csv, line 5, name: is empty", "the name as printed"),
    ),
    "a name of invisible characters": (
        row("\u200f \u200b,,,,,,line 4"),
        ("authors.csv, line 5, name: is empty", "the name as printed"),
    ),
    "no source": (row("Dora,,,,,,"), ("authors.csv, line 5 (Dora), source: is empty", SOURCE)),
    "a source that is none": (
        row("Dora,,,,,,page 4"),
        ('authors.csv, line 5 (Dora), source: cannot read "page 4"', SOURCE),
    ),
    "line 0": (
        row("Dora,,,,,,line 0"),
        ('authors.csv, line 5 (Dora), source: cannot read "line 0"', SOURCE),
    ),
    "a source that is a script": (
        row("Dora,,,,,,javascript://x"),
        ('authors.csv, line 5 (Dora), source: cannot read "javascript://x"', SOURCE),
    ),
    **{
        f"a name that starts with {sign}": (
            row(f'"{sign}SUM(A1)",,,,,,line 4'),
            (
                f'authors.csv, line 5, name: cannot take "{sign}SUM(A1)":'
                " a spreadsheet would run it as a formula",
                FORMULA,
            ),
        )
        for sign in "=+-@"
    },
    "a formula behind an invisible character": (
        row("\u200b =1+1,,,,,,line 4"),
        (
            'authors.csv, line 5, name: cannot take "=1+1":'
            " a spreadsheet would run it as a formula",
            FORMULA,
        ),
    ),
    "a formula in the glossary": (
        add("glossary.csv", "Acme,=HYPERLINK(1)\n"),
        (
            'glossary.csv, line 3, english: cannot take "=HYPERLINK(1)":'
            " a spreadsheet would run it as a formula",
            FORMULA,
        ),
    ),
    "two people of one name": (
        row("Ben,,,,,,line 4"),
        ('authors.csv, line 5, name: cannot take "Ben": line 3 has it already', APART),
    ),
    "three people of one name": (
        add("authors.csv", "Ada,,,,,,line 4\nAda,,,,,,line 5\n"),
        ('authors.csv, line 5, name: cannot take "Ada": line 2 has it already', APART),
        ('authors.csv, line 6, name: cannot take "Ada": line 2 has it already', APART),
    ),
    "two people of one name in Latin letters": (
        row("בן (Ben),,,,,,line 4"),
        ('authors.csv, line 5, name: cannot take "בן (Ben)": line 3 has it already', APART),
    ),
    "who stayed has an employer": (
        row("Dora,,,Acme,,,line 4"),
        (
            'authors.csv, line 5 (Dora), organisation: cannot take "Acme", since departed is '
            "empty: who stayed has gone nowhere",
            "leave organisation empty, or write the month of the departure, or `unknown`",
        ),
    ),
    **{
        f"a dash for a departure: {dash}": (
            row(f"Dora,,,Acme,{dash},–,line 4"),
            (
                f'authors.csv, line 5 (Dora), departed: cannot read "{dash}":'
                " it does not say whether somebody left",
                'an empty cell for who stayed, "unknown" for who left in a month that is not'
                " stated",
            ),
        )
        for dash in ("-", "–", "?", "n/a")
    },
    "a misspelt tenure": (
        row("Dora,,,Acme,2023,6 yeers,line 4"),
        (
            'authors.csv, line 5 (Dora), tenure: cannot read "6 yeers"; did you mean "6 years"?',
            TENURE,
        ),
    ),
    "a negative tenure": (
        row("Dora,,,Acme,2023,-2 years,line 4"),
        (
            'authors.csv, line 5 (Dora), tenure: cannot take "-2 years":'
            " a spreadsheet would run it as a formula",
            FORMULA,
        ),
        ('authors.csv, line 5 (Dora), tenure: cannot read "-2 years": -2 is negative', TENURE),
    ),
    "a tenure longer than a working life": (
        row("Dora,,,Acme,2023,61 years,line 4"),
        (
            'authors.csv, line 5 (Dora), tenure: cannot read "61 years":'
            " a tenure of 61 years is longer than a working life",
            TENURE,
        ),
    ),
    "a tenure of nothing": (
        row("Dora,,,Acme,2023,0 months,line 4"),
        (
            'authors.csv, line 5 (Dora), tenure: cannot read "0 months": a tenure cannot be zero',
            TENURE,
        ),
    ),
    "a misspelt month": (
        row("Dora,,,Acme,Febuary 2023,,line 4"),
        (
            'authors.csv, line 5 (Dora), departed: cannot read "Febuary 2023";'
            ' did you mean "February 2023"?',
            DEPARTED,
        ),
    ),
    "a month in the other language": (
        row("Dora,,,Acme,פברואר 2023,,line 4"),
        (
            'authors.csv, line 5 (Dora), departed: cannot read "פברואר 2023";'
            ' it would be read with language = "he" in cohort.toml',
            DEPARTED,
        ),
    ),
    **{
        f"month {month}": (
            row(f"Dora,,,Acme,2023-{month:02},,line 4"),
            (
                f'authors.csv, line 5 (Dora), departed: cannot read "2023-{month:02}":'
                f" month {month} does not exist",
                DEPARTED,
            ),
        )
        for month in (0, 13)
    },
    **{
        f"year {year}": (
            row(f"Dora,,,Acme,{year}-05,,line 4"),
            (
                f'authors.csv, line 5 (Dora), departed: cannot read "{year}-05":'
                f" year {int(year)} is outside 1900 to 2100",
                DEPARTED,
            ),
        )
        for year in ("0000", "9999")
    },
    "a departure after as_of": (
        row("Dora,,,Acme,2025-06,,line 4"),
        (
            'authors.csv, line 5 (Dora), departed: cannot read "2025-06":'
            " it is later than article.as_of, 2025-05",
            "a month up to as_of, or a later as_of in cohort.toml",
        ),
    ),
    "a departure without an end": (
        row(f"Dora,,,Acme,{'9' * 5000},,line 4"),
        (f'authors.csv, line 5 (Dora), departed: cannot read "{"9" * 59}…"', DEPARTED),
    ),
    "an escape sequence": (
        row("Dora,,,Acme,20\x1b[31m23,,line 4"),
        ('authors.csv, line 5 (Dora), departed: cannot read "20[31m23"', DEPARTED),
    ),
    # glossary.csv and events.csv.
    "a printed text twice in the glossary": (
        add("glossary.csv", "Acme,Acme Inc\nBirch,Birches\n"),
        (
            'glossary.csv, line 4, printed: cannot take "Birch": line 2 has it already',
            "one line a printed text",
        ),
    ),
    "an empty cell in the glossary": (
        add("glossary.csv", "\n,Acme Inc\n"),
        ("glossary.csv, line 4, printed: is empty", "the text as printed"),
    ),
    **{
        f"the date {date}": (
            add("events.csv", f"{date},Second model,the journal\n"),
            (f'events.csv, line 3, date: cannot read "{date}"', DATE),
        )
        for date in ("2023-02-30", "2023-2-3", "20230224", "February 2023", "9999-01-01")
    },
    "an event without a date and a label": (
        add("events.csv", ",,the journal\n"),
        ("events.csv, line 3, date: is empty", DATE),
        ("events.csv, line 3, label: is empty", "a short text"),
    ),
    # cohort.toml.
    "an unclosed text": (
        edit("cohort.toml", '"The team"', '"The team'),
        ("cohort.toml: is not valid TOML: Illegal character '\\n' (at line 1, column 18)", TOML),
    ),
    "cohort.toml is truncated": (
        edit("cohort.toml", 'as_of = "2025-05"', "as_of = "),
        ("cohort.toml: is not valid TOML: Invalid value (at line 11, column 9)", TOML),
    ),
    "a key twice": (
        add("cohort.toml", 'as_of = "2025-06"\n'),
        (
            "cohort.toml: is not valid TOML: Cannot overwrite a value (at line 12, column 18)",
            TOML,
        ),
    ),
    "nested without an end": (
        add("cohort.toml", f"deep = {'[' * 5000}{']' * 5000}\n"),
        ("cohort.toml: is nested too deeply", TOML),
    ),
    "keys nested without an end": (
        add("cohort.toml", f"{'a.' * 3000}a = 1\n"),
        ("cohort.toml, article.a: is not known", ARTICLE),
    ),
    "no title": (
        edit("cohort.toml", 'title = "The team"\n', ""),
        ("cohort.toml, title: is missing", "a text"),
    ),
    "an empty company": (
        edit("cohort.toml", '"Initech"', '" "'),
        ("cohort.toml, company: is empty", "a text"),
    ),
    "a number for a text": (
        edit("cohort.toml", '"Initech"', "7"),
        ("cohort.toml, company: cannot take 7", "a text"),
    ),
    "true for a text": (
        edit("cohort.toml", '"Initech"', "true"),
        ("cohort.toml, company: cannot take true", "a text"),
    ),
    "a list for a table": (
        edit("cohort.toml", "[paper]", "[[paper]]"),
        ("cohort.toml, paper: cannot take a list", "a table"),
    ),
    "a text for a date": (
        edit("cohort.toml", "2023-02-27", '"2023-02-27"'),
        (
            'cohort.toml, paper.published: cannot take "2023-02-27"',
            "a date, without quotes: 2023-02-27",
        ),
    ),
    "a time for a date": (
        edit("cohort.toml", "2023-02-27", "2023-02-27T10:00:00"),
        ("cohort.toml, paper.published: cannot take 2023-02-27 10:00:00", DATE),
    ),
    "a paper from the year 9999": (
        edit("cohort.toml", "2023-02-27", "9999-02-27"),
        ("cohort.toml, paper.published: cannot take 9999-02-27", DATE),
    ),
    "another language": (
        edit("cohort.toml", '"en"', '"fr"'),
        ('cohort.toml, article.language: cannot take "fr"', '"en" or "he"'),
    ),
    "as_of without a month": (
        edit("cohort.toml", '"2025-05"', '"2025"'),
        ('cohort.toml, article.as_of: cannot read "2025"', 'a month, in quotes: "2025-05"'),
    ),
    "as_of in month 13": (
        edit("cohort.toml", '"2025-05"', '"2025-13"'),
        (
            'cohort.toml, article.as_of: cannot read "2025-13": month 13 does not exist',
            'a month, in quotes: "2025-05"',
        ),
    ),
    "as_of is a date": (
        edit("cohort.toml", '"2025-05"', "2024-01-31"),
        ("cohort.toml, article.as_of: cannot take 2024-01-31", 'a month, in quotes: "2024-01"'),
    ),
    "as_of in words": (
        edit("cohort.toml", '"2025-05"', '"January 2024"'),
        (
            'cohort.toml, article.as_of: cannot read "January 2024"',
            'a month, in quotes: "2024-01"',
        ),
    ),
    "an address that is none": (
        add("cohort.toml", 'url = "javascript:alert(1)"\n'),
        (
            'cohort.toml, article.url: cannot take "javascript:alert(1)"',
            "an address: https://example.org/story",
        ),
    ),
    "a checksum that is none": (
        add("cohort.toml", 'sha256 = "abc"\n'),
        ('cohort.toml, article.sha256: cannot take "abc"', "64 digits from 0 to f"),
    ),
    "an article from the year 9999": (
        add("cohort.toml", "published = 9999-05-26\n"),
        ("cohort.toml, article.published: cannot take 9999-05-26", DATE),
    ),
    "a translation of what is not there": (
        add("cohort.toml", 'retells_he = "כתבה"\n'),
        (
            "cohort.toml, article.retells_he: translates retells, which is missing",
            "retells beside it",
        ),
    ),
    "a report of nobody": (
        add("cohort.toml", '[report]\nauthor = " "\neditor = "Ada"\n'),
        ("cohort.toml, report.author: is empty", "a text"),
        ("cohort.toml, report.editor: is not known", "author, contact, date, url, author_he"),
    ),
    "a report at an address that is none": (
        add("cohort.toml", '[report]\nurl = "http://example.org/ours"\n'),
        (
            'cohort.toml, report.url: cannot take "http://example.org/ours"',
            "the https address of the report's folder: https://example.org/our-report/",
        ),
    ),
    "a report at a place within a page": (
        add("cohort.toml", '[report]\nurl = "https://example.org/ours?page=2"\n'),
        (
            'cohort.toml, report.url: cannot take "https://example.org/ours?page=2"',
            "the https address of the report's folder: https://example.org/our-report/",
        ),
    ),
    "a contact that runs": (
        add("cohort.toml", '[report]\ncontact = "javascript:alert(1)"\n'),
        (
            'cohort.toml, report.contact: cannot take "javascript:alert(1)"',
            "an address for mail, or of a page that begins with https:// or http://",
        ),
    ),
    "a report with a text for a date": (
        add("cohort.toml", '[report]\ndate = "2025-06-01"\n'),
        (
            'cohort.toml, report.date: cannot take "2025-06-01"',
            "a date, without quotes: 2025-06-01",
        ),
    ),
    "a misspelt key": (
        edit("cohort.toml", "company", "compnay"),
        ("cohort.toml, company: is missing", "a text"),
        ("cohort.toml, compnay: is not known; did you mean company?", HEAD),
    ),
    "a key that is not known": (
        edit("cohort.toml", "company", 'editor = "Ada"\ncompany'),
        ("cohort.toml, editor: is not known", HEAD),
    ),
    # claims.toml.
    "claims.toml is no TOML": (
        write("claims.toml", "[[claim]]\nid: two\n"),
        (
            "claims.toml: is not valid TOML: Expected '=' after a key in a key/value pair"
            " (at line 2, column 3)",
            TOML,
        ),
    ),
    "a number with thousands of digits": (
        claim(f"expect = {'9' * 5000}"),
        (
            "claims.toml: is not valid TOML: a number has too many digits",
            TOML,
        ),
    ),
    "a hexadecimal number without an end": (
        claim(f'measure = "departed"\nexpect = 0x{"f" * 5000}'),
        of_claim("expect", "cannot read a number of more than 60 digits for departed", NUMBER),
    ),
    "one claim as a table": (
        write("claims.toml", '[claim]\nid = "x"\n'),
        ("claims.toml, claim: is not a list of tables", "[[claim]]"),
    ),
    "claims under another name": (
        write("claims.toml", '[[claims]]\nid = "x"\n'),
        ("claims.toml, claims: is not known; did you mean claim?", "[[claim]] tables"),
    ),
    "a claim without anything": (
        add("claims.toml", "\n[[claim]]\n"),
        *[
            (f"claims.toml, claim number 3, {key}: is missing", "a text")
            for key in ("id", "says", "source")
        ],
    ),
    "an id with spaces": (
        edit("claims.toml", '"two-left"', '"two left"'),
        of_claim("id", 'cannot take "two left"', ID, "two left"),
    ),
    "an id twice": (
        edit("claims.toml", '"in-the-press"', '"two-left"'),
        of_claim("id", "is there 2 times", "one id a claim", "two-left"),
    ),
    "a list for what it says": (
        edit("claims.toml", '"Two have left."', '["Two", "left"]'),
        of_claim("says", "cannot take a list", "a text", "two-left"),
    ),
    "a key of a claim that is not known": (
        claim('mesure = "departed"'),
        of_claim("mesure", "is not known; did you mean measure?", KEYS),
    ),
    "an average": (
        claim('measure = "average_tenure"\nexpect = "> 5 years"'),
        of_claim("measure", '"average_tenure" is not known; did you mean mean_tenure?', MEASURES),
    ),
    "an American column in a condition": (
        claim('measure = "departed"\nexpect = 2\nwhere = { organization = "Acme" }'),
        of_claim(
            "where.organization",
            "is not known; did you mean organisation?",
            "name, organisation, departed, tenure",
        ),
    ),
    "an unknown measure": (
        claim('measure = "departures"\nexpect = 2'),
        of_claim("measure", '"departures" is not known; did you mean departed?', MEASURES),
    ),
    "a measure that is code": (
        claim("measure = \"__import__('os').system('true')\"\nexpect = 2"),
        of_claim("measure", "\"__import__('os').system('true')\" is not known", MEASURES),
    ),
    "a measure that is a list": (
        claim('measure = ["departed"]\nexpect = 2'),
        of_claim("measure", "cannot take a list", "a text"),
    ),
    "no expectation": (
        claim('measure = "departed"'),
        of_claim("expect", "is missing", NUMBER),
    ),
    "an expectation without a measure": (
        claim("expect = 2"),
        of_claim("expect", "needs a measure", MEASURES),
    ),
    "years of people": (
        claim('measure = "departed"\nexpect = "> 5 years"'),
        of_claim("expect", 'cannot read "> 5 years" for departed', NUMBER),
    ),
    "a percentage of time": (
        claim('measure = "mean_tenure"\nexpect = "> 50 %"'),
        of_claim("expect", 'cannot read "> 50 %" for mean_tenure', DURATION),
    ),
    "a month that does not exist": (
        claim('measure = "first_departure"\nexpect = "2023-00"'),
        of_claim("expect", 'cannot read "2023-00" for first_departure', MONTH),
    ),
    "more than a text": (
        claim('measure = "top_destination"\nexpect = "> Acme"'),
        of_claim(
            "expect",
            'cannot read "> Acme" for top_destination',
            'a text, with = or !=: "Acme"',
        ),
    ),
    "an operator that is none": (
        claim('measure = "departed"\nexpect = "=> 2"'),
        of_claim("expect", 'cannot read "=> 2" for departed', NUMBER),
    ),
    "not a number": (
        claim('measure = "departed"\nexpect = nan'),
        of_claim("expect", "cannot read nan for departed", NUMBER),
    ),
    "an empty list of names": (
        claim('measure = "names"\nexpect = []'),
        of_claim("expect", "cannot read a list for names", NAMES),
    ),
    "a name that is expected and not in the table": (
        claim('measure = "names"\nexpect = ["Ben", "Dora"]'),
        of_claim("expect", 'no row has "Dora"', '"Ada", "Ben", "Cleo"'),
    ),
    "where is a text": (
        claim('measure = "departed"\nexpect = 2\nwhere = "departed >= 2024"'),
        of_claim("where", 'cannot take "departed >= 2024"', '{ departed = ">= 2024-05" }'),
    ),
    "where asks for a column that is not known": (
        claim('measure = "departed"\nexpect = 2\nwhere = { role = "Engineer" }'),
        of_claim("where.role", "is not known", "name, organisation, departed, tenure"),
    ),
    "where asks for a month that cannot be read": (
        claim('measure = "departed"\nexpect = 2\nwhere = { departed = ">= 2024" }'),
        of_claim("where.departed", 'cannot read ">= 2024"', MONTH),
    ),
    "where asks for a name that is not in the table": (
        claim('measure = "departed"\nexpect = 2\nwhere = { name = ["Ada", "Bem"] }'),
        of_claim("where.name", 'no row has "Bem"', '"Ada", "Ben", "Cleo"'),
    ),
    "where asks for an organisation that is not in the table": (
        claim('measure = "departed"\nexpect = 2\nwhere = { organisation = "!= Acne" }'),
        of_claim("where.organisation", 'no row has "Acne"', '"Acme", "Birch Labs"'),
    ),
    "where asks for a month after the last": (
        claim('measure = "departed"\nexpect = 2\nwhere = { departed = "> 2025-05" }'),
        of_claim("where.departed", "no row can meet it", "a month up to 2025-05, the table's last"),
    ),
    "where asks for a tenure below nothing": (
        claim('measure = "departed"\nexpect = 2\nwhere = { tenure = "< 0 months" }'),
        of_claim("where.tenure", "no row can meet it", "whole months, from 0 to 726"),
    ),
    "where asks for half a month": (
        claim('measure = "departed"\nexpect = 2\nwhere = { tenure = "= 2.5 months" }'),
        of_claim("where.tenure", "no row can meet it", "whole months, from 0 to 726"),
    ),
    "one reading of several": (
        claim('readings = [{ reading = "So.", measure = "departed", expect = 2 }]'),
        of_claim("readings", "cannot take a list of 1", READINGS),
    ),
    "readings that are a text": (
        claim('readings = "at least a year"'),
        of_claim("readings", 'cannot take "at least a year"', READINGS),
    ),
    "readings that are texts": (
        claim('readings = ["at least a year", "at least two"]'),
        of_claim("readings", "cannot take a list of 2", READINGS),
    ),
    "readings beside a measure": (
        claim(f'measure = "departed"\nexpect = 2\nreading = "So."\n{TWO_READINGS}'),
        *[
            of_claim(key, "stands beside `readings`", "leave it out: each reading has its own")
            for key in ("reading", "measure", "expect")
        ],
    ),
    "readings beside a verdict": (
        claim(
            f'verdict = "supported"\nsources = [{{ url = "https://a.example", finding = "x" }}]\n'
            f"{TWO_READINGS}"
        ),
        of_claim("verdict", NOT_BY_HAND, FOLLOWS),
    ),
    "a reading without anything": (
        claim("[[claim.readings]]\n[[claim.readings]]"),
        *[
            of_claim(f"reading {number}, {key}", "is missing", accepted)
            for number in (1, 2)
            for key, accepted in (("reading", "a text"), ("measure", MEASURES))
        ],
    ),
    "faults within a reading": (
        claim(
            '[[claim.readings]]\nreading = "So."\nmeasure = "departures"\nexpect = 2\nid = "x"\n'
            '[[claim.readings]]\nreading = ""\nmeasure = "departed"\nwhere = { role = "x" }\n'
        ),
        of_claim("reading 1, id", "is not known", "reading, measure, where, expect, reading_he"),
        of_claim(
            "reading 1, measure", '"departures" is not known; did you mean departed?', MEASURES
        ),
        of_claim("reading 2, reading", "is empty", "a text"),
        of_claim("reading 2, expect", "is missing", NUMBER),
        of_claim("reading 2, where.role", "is not known", "name, organisation, departed, tenure"),
    ),
    "a reading that asks for a name that is not in the table": (
        claim(TWO_READINGS.replace("expect = 3", 'expect = 3\nwhere = { name = "Bem" }')),
        of_claim("reading 2, where.name", 'no row has "Bem"', '"Ada", "Ben", "Cleo"'),
    ),
    "a verdict without sources": (
        claim('verdict = "supported"'),
        of_claim("verdict", NOT_BY_HAND, FOLLOWS),
    ),
    "a verdict beside a measure": (
        claim('measure = "departed"\nexpect = 2\nverdict = "supported"'),
        of_claim("verdict", NOT_BY_HAND, FOLLOWS),
    ),
    "a verdict that is none": (
        edit("claims.toml", '"supported"', '"true"'),
        of_claim("verdict", 'cannot take "true"', VERDICTS, "in-the-press"),
    ),
    "sources without a verdict": (
        edit("claims.toml", 'verdict = "supported"\n', ""),
        of_claim("verdict", "is missing beside `sources`", VERDICTS, "in-the-press"),
    ),
    "a source without a finding": (
        edit("claims.toml", ', finding = "It was."', ""),
        of_claim("sources", "cannot read number 1", SOURCES, "in-the-press"),
    ),
    "a source that is not on the web": (
        edit("claims.toml", "https://press.example/sold", "file:///etc/passwd"),
        of_claim("sources", 'cannot take "file:///etc/passwd"', SOURCES, "in-the-press"),
    ),
    # What was taken without a word.
    **{
        f"a formula in disguise: {name}": (
            row(f'"{name}",,,,,,line 4'),
            (
                f'authors.csv, line 5, name: cannot take "{name}": a spreadsheet would run it as a'
                " formula",
                FORMULA,
            ),
        )
        for name in ("＝cmd", "＋Ada", "＠SUM", "－Ada", "﹢Ada")
    },
    **{
        f"a formula as the Latin form {form}": (
            row(f'"דורה ({form})",,,,,,line 4'),
            (
                f'authors.csv, line 5, name: cannot take "דורה ({form})": a spreadsheet would run'
                " its Latin form as a formula",
                "a name that does not start with = + - or @",
            ),
        )
        for form in ("=cmd|x", "+Ada", "@SUM", "-Ada", "＝Ada")
    },
    "a formula as the glossary's English": (
        add("glossary.csv", "x,=1+1\n"),
        (
            'glossary.csv, line 3, english: cannot take "=1+1": a spreadsheet would run it as a'
            " formula",
            FORMULA,
        ),
    ),
    **{
        f"a name that shows nothing: {ord(name[0]):04X}": (
            row(f"{name},,,,,,line 4"),
            ("authors.csv, line 5, name: shows nothing", SEEN),
        )
        for name in ("\u2800", "\u3164", "\u115f\u1160", "\uffa0", "\u0301")
    },
    **{
        f"an id that the codebook does not allow: {name}": (
            edit("claims.toml", '"two-left"', f'"{name}"'),
            of_claim("id", f'cannot take "{name}"', ID, name),
        )
        for name in ("A", "-", "two_left", "two--left", "left-", "ａ", "é")
    },
    "an id of 10,000 letters": (
        edit("claims.toml", '"two-left"', f'"{"a" * 10_000}"'),
        of_claim("id", f'"{"a" * 59}…" is too long', "at most 100 letters", "a" * 59 + "…"),
    ),
    **{
        f"an operator that is none: {sign}": (
            claim(f'measure = "top_destination"\nexpect = "{sign} Acme"'),
            of_claim(
                "expect",
                f'cannot read "{sign} Acme" for top_destination',
                'a text, with = or !=: "Acme"',
            ),
        )
        for sign in ("==", "=>", "≥", "!==", "= <")
    },
    "a share that is a fraction": (
        claim('measure = "share_departed"\nexpect = 0.75'),
        of_claim("expect", "cannot read 0.75 for share_departed", 'a percentage: "> 50 %"'),
    ),
    **{
        f"lines that run backwards in authors.csv: {lines}": (
            row(f"Dora,,,,,,{lines}"),
            (f'authors.csv, line 5 (Dora), source: cannot read "{lines}"', SOURCE),
        )
        for lines in ("lines 9-3", "lines 9-9")
    },
    "lines that run backwards in claims.toml": (
        edit("claims.toml", '"line 1"', '"lines 9-3"'),
        of_claim("source", 'cannot read "lines 9-3"', "line 44, or lines 44-46", "two-left"),
    ),
    **{
        f"a departure with a slip: {text}": (
            row(f"Dora,,,,{text},,line 4"),
            (f'authors.csv, line 5 (Dora), departed: cannot read "{text}"{why}', DEPARTED),
        )
        for text, why in (
            ("2023.5", ""),
            ("of 2023", ': "of" is a slip of the pen'),
            ("in of 2023", ': "in of" is a slip of the pen'),
        )
    },
    "a tenure with a slip": (
        row("Dora,,,,2023,a years,line 4"),
        (
            'authors.csv, line 5 (Dora), tenure: cannot read "a years":'
            ' "a years" is a slip of the pen',
            TENURE,
        ),
    ),
    "a quote in the last cell that is never closed": (
        add("authors.csv", 'Dora,,,,,,"line 4'),
        (
            "authors.csv, line 5: opens a quote and never closes it",
            'a quote inside a quoted cell is doubled: ""',
        ),
    ),
    "a paper later than the table": (
        edit("cohort.toml", "2023-02-27", "2090-02-27"),
        (
            "cohort.toml, paper.published: 2090-02-27 is later than article.as_of, 2025-05",
            "a day up to the end of as_of, or a later as_of",
        ),
    ),
    **{
        f"a source that a browser would run: {scheme}": (
            edit("cohort.toml", '"the journal"', f'"{scheme}alert(1)"'),
            (
                f'cohort.toml, paper.source: cannot take "{scheme}alert(1)"',
                "an address that begins with https:// or http://, or where it stands, in words",
            ),
        )
        for scheme in ("javascript:", "JavaScript:", "data:text/html,", "file:///")
    },
    "a claim's source that a browser would run": (
        edit("claims.toml", '"line 1"', '"javascript:alert(1)"'),
        of_claim(
            "source",
            'cannot take "javascript:alert(1)"',
            "the line of the article: line 44",
            "two-left",
        ),
    ),
    # More than is taken.
    "a name that is too long": (
        row(f"{'D' * 201},,,,,,line 4"),
        (f'authors.csv, line 5, name: "{"D" * 59}…" is too long', "at most 200 letters"),
    ),
    "a cell that is too long": (
        row(f"Dora,,{'d' * 1001},,,,line 4"),
        (
            f'authors.csv, line 5 (Dora), role_now: "{"d" * 59}…" is too long',
            "at most 1,000 letters",
        ),
    ),
    "a title that is too long": (
        edit("cohort.toml", '"The team"', f'"{"t" * 5001}"'),
        (f'cohort.toml, title: "{"t" * 59}…" is too long', "at most 5,000 letters"),
    ),
    "a claim that is too long": (
        edit("claims.toml", "Two have left.", "t" * 5001),
        of_claim("says", f'"{"t" * 59}…" is too long', "at most 5,000 letters", "two-left"),
    ),
    "more keys than are read": (
        add("claims.toml", "".join(f"key{number} = 1\n" for number in range(100_000))),
        of_claim("keys", "has 100,005 of them", "at most 1,000", "in-the-press"),
    ),
    "more keys than are read, at the head": (
        add("cohort.toml", "".join(f"key{number} = 1\n" for number in range(1_001))),
        ("cohort.toml, article.keys: has 1,003 of them", "at most 1,000"),
    ),
    "an address that is too long": (
        edit("claims.toml", "press.example/sold", "press.example/" + "s" * 2000),
        of_claim("sources", "number 1 is too long", SOURCES, "in-the-press"),
    ),
    "a line that is too long": (
        edit("claims.toml", "Two have left.", "t" * 20_001),
        (
            "claims.toml: holds a line of 20,010 letters (line 3)",
            "lines of at most 20,000 letters",
        ),
    ),
    "more claims than are decided": (
        add("claims.toml", "[[claim]]\n" * 9_999),
        ("claims.toml: holds 10,001 claims", "at most 10,000 claims"),
    ),
    "a table that is too deep": (
        add("claims.toml", f"[{'.'.join('a' * 102)}]\n"),
        ("claims.toml: is nested too deeply (line 15)", TOML),
    ),
    **{
        f"{file} is too big": (
            lambda folder, file=file, size=size: os.truncate(folder / file, size),
            (f"{file}: holds a NUL byte (line {line})", UTF8),
        )
        for file, size, line in (("authors.csv", 3_000_000_000, 5), ("claims.toml", 11_000_000, 15))
    },
    "a table of text that is too big": (
        lambda folder: long_file(folder / "authors.csv", 2_000_000_001),
        ("authors.csv: holds 2,000,000,001 bytes", "at most 2,000,000,000 bytes"),
    ),
}


def long_file(path: Path, size: int) -> None:
    """A file of blanks for as far as is looked at, and of nothing after that."""
    path.write_bytes(b" " * 1_000_000)
    os.truncate(path, size)


# Name: how the folder is changed, and what is said of it although it is taken.
WARNED: dict[str, tuple[Change, str]] = {
    "a printed text without its English": (
        add("glossary.csv", "Acme,\n"),
        'glossary.csv, line 3, english: is empty: "Acme" stays as it is printed',
    ),
    "a name in another case": (
        row("ADA,,,,,,line 4"),
        'authors.csv, line 5, name: "ADA" looks like "Ada" in line 2: are they two people?',
    ),
    "a name with another accent": (
        row("Cléo,,,,,,line 4"),
        'authors.csv, line 5, name: "Cléo" looks like "Cleo" in line 4: are they two people?',
    ),
    "a name in full width": (
        row("Ｂｅｎ,,,,,,line 4"),
        'authors.csv, line 5, name: "Ｂｅｎ" looks like "Ben" in line 3: are they two people?',
    ),
    "a name with a Cyrillic letter": (
        row("Веn,,,,,,line 4".replace("В", "B")),
        'authors.csv, line 5, name: "Bеn" looks like "Ben" in line 3: are they two people?',
    ),
    "a name in Chinese": (
        row("王 Wang,,,,,,line 4"),
        "authors.csv, name: no typeface of the report has 王 (U+738B): figures show boxes there",
    ),
    "a title with a face": (
        edit("cohort.toml", "The team", "The team 😀"),
        "cohort.toml, title: no typeface of the report has 😀 (U+1F600): figures show boxes there",
    ),
    "a claim in Thai": (
        edit("claims.toml", "Two have left.", "ออก"),
        'claims.toml, claim "two-left": no typeface of the report has ก (U+0E01), อ (U+0E2D):'
        " figures show boxes there",
    ),
    "a claim twice": (
        add(
            "claims.toml", '\n[[claim]]\nid = "again"\nsays = "two have left."\nsource = "line 1"\n'
        ),
        'claims.toml, claim "again": says the same as claim "two-left"',
    ),
    "a glossary line without use": (
        add("glossary.csv", "Zebra,Zebra Inc\n"),
        'glossary.csv: "Zebra" stands nowhere in authors.csv',
    ),
}  # fmt: skip


def said(faults: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(
        f"team/{fault}{'' if fault.endswith('?') else '.'}\n  Accepted: {accepted}."
        for fault, accepted in faults
    )


@pytest.fixture(autouse=True)
def python_s_own_field_limit() -> Iterator[None]:
    """Another library may have raised it for the whole process."""
    raised = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(raised)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_faulty_folder_gets_the_message_that_says_what_to_mend(name: str, team: Path) -> None:
    change, *faults = CATALOGUE[name]
    change(team)
    with pytest.raises(InputError) as caught:
        open_cohort(team)
    assert str(caught.value) == said(tuple(faults))


@pytest.mark.parametrize("name", WARNED)
def test_what_is_taken_although_it_looks_wrong_is_warned_of(name: str, team: Path) -> None:
    change, warning = WARNED[name]
    change(team)
    cohort, _decisions = open_cohort(team)
    found = [str(each) for each in cohort.warnings]
    assert f"team/{warning}" + "." * (warning[-1] != "?") in found
    result = CliRunner().invoke(app, ["check", "--cohort", "team", "--json"])
    assert result.exit_code == 0
    assert result.stderr == "".join(f"warning: {each}\n" for each in found)
    assert json.loads(result.stdout)


def test_the_article_about_llama_deserves_no_warning() -> None:
    cohort, _decisions = open_cohort(Path(__file__).parents[1] / "data" / "llama")
    assert cohort.warnings == ()


def test_more_problems_than_anybody_reads_are_counted(team: Path) -> None:
    add("claims.toml", "".join(f"key{number} = 1\n" for number in range(600)))(team)
    with pytest.raises(InputError) as caught:
        open_cohort(team)
    lines = str(caught.value).splitlines()
    assert lines[-1] == "and 500 more"
    assert len(lines) == 2 * 100 + 1


def test_a_table_beyond_the_memory_is_said_in_plain_words(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_arguments: object, **_options: object) -> None:
        raise pyarrow.ArrowMemoryError("malloc of size 1 failed")

    monkeypatch.setattr("pyarrow.csv.read_csv", exhausted)
    with pytest.raises(InputError) as caught:
        open_cohort(team)
    assert "is too big for the memory of this machine" in str(caught.value)
    assert "malloc" not in str(caught.value)


def test_a_header_alone_is_an_empty_table(team: Path) -> None:
    (team / "glossary.csv").write_text("printed,english")
    (team / "events.csv").write_text("date,label,source")
    cohort, _decisions = open_cohort(team)
    assert cohort.events.empty


def test_joiners_stay_where_letters_join_and_go_elsewhere() -> None:
    assert tidy("a\u200db") == "ab"
    assert tidy("א\u200dב \u200d") == "אב"
    assert tidy("👨\u200d👩") == "👨\u200d👩"
    assert tidy("می\u200cخواهم") == "می\u200cخواهم"


def test_every_letter_that_is_not_warned_of_is_in_a_typeface() -> None:
    fonts = Path(__file__).parents[1] / "src" / "analysis_helpers" / "fonts"
    there = {code for font in fonts.glob("*.woff2") for code in TTFont(font).getBestCmap()}
    blank = {0x200C, 0x200D}
    for code in {*range(0x20, 0x3000), 0xFB2A, 0x1F600} - blank:
        letter = chr(code)
        if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cn", "Cs", "Co"):
            assert bool(undrawn("x", [letter])) is (code not in there), hex(code)


def test_the_codebook_gives_the_bounds_that_the_code_has() -> None:
    codebook = (Path(__file__).parents[1] / "data" / "README.md").read_text(encoding="utf-8")
    table = codebook.partition("### Bounds")[2].partition("\n## ")[0].partition("\n### ")[0]
    stated = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", table)}
    bounds = {value for name, value in vars(Bound).items() if name.isupper()}
    assert stated == bounds | {NOTEBOOK_BYTES, OUTCOMES, 20_000, TEAMS_AT_MOST}


def test_the_folder_that_all_of_them_are_made_from_is_good(team: Path) -> None:
    _cohort, decisions = open_cohort(team)
    assert [str(decision.verdict) for decision in decisions] == ["supported", "supported"]


@pytest.mark.parametrize("file", ["glossary.csv", "events.csv", "claims.toml"])
def test_an_optional_file_may_be_missing(team: Path, file: str) -> None:
    (team / file).unlink()
    open_cohort(team)


def test_the_catalogue_has_more_than_a_hundred_entries() -> None:
    assert len(CATALOGUE) > 100


def test_a_link_that_leads_outside_the_folder_is_not_followed(team: Path) -> None:
    link("authors.csv", "../elsewhere")(team)
    with pytest.raises(InputError) as caught:
        open_cohort(team)
    (problem,) = caught.value.problems
    assert problem.where == "team/authors.csv"
    assert re.fullmatch('is a link that leads outside the folder, to ".*', problem.what)
    assert "secret" not in str(caught.value)


def test_a_link_within_the_folder_is_followed(team: Path) -> None:
    (team / "authors.csv").rename(team / "table.csv")
    (team / "authors.csv").symlink_to("table.csv")
    open_cohort(team)


def test_a_file_that_must_not_be_read_is_named(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(path: Path, *mode: Any, **how: Any) -> Any:
        if path == team / "events.csv":
            raise PermissionError(13, "Permission denied")
        return opened(path, *mode, **how)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"^team/events.csv: cannot be read \(Permission denied\)"):
        open_cohort(team)


def test_all_problems_of_all_files_are_said_at_once_and_always_in_one_order(team: Path) -> None:
    edit("cohort.toml", '"Initech"', "7")(team)
    edit("cohort.toml", "2023-02-27", "1066-10-14")(team)
    add("glossary.csv", ",Acme\n")(team)
    add("events.csv", "soon,Second model,\n")(team)
    row(",,,,2030,,page 4")(team)
    row("Ada,,,,2023,6 yeers,line 5")(team)
    claim('measure = "departures"\nexpect = 2')(team)
    expected = said(
        (
            ("cohort.toml, company: cannot take 7", "a text"),
            ("cohort.toml, paper.published: cannot take 1066-10-14", DATE),
            ("glossary.csv, line 3, printed: is empty", "the text as printed"),
            ("events.csv, line 3, source: is empty", "where it is stated"),
            ('events.csv, line 3, date: cannot read "soon"', DATE),
            ("authors.csv, line 5, name: is empty", "the name as printed"),
            ('authors.csv, line 5, source: cannot read "page 4"', SOURCE),
            (
                'authors.csv, line 5, departed: cannot read "2030": it is later than'
                " article.as_of, 2025-05",
                "a month up to as_of, or a later as_of in cohort.toml",
            ),
            (
                'authors.csv, line 6 (Ada), tenure: cannot read "6 yeers"; did you mean "6 years"?',
                TENURE,
            ),
            ('authors.csv, line 6, name: cannot take "Ada": line 2 has it already', APART),
            of_claim("measure", '"departures" is not known; did you mean departed?', MEASURES),
        )
    )
    for _ in range(3):
        with pytest.raises(InputError) as caught:
            open_cohort(team)
        assert str(caught.value) == expected


def test_a_ledger_that_asks_for_what_is_not_there_is_said_beside_other_faults(team: Path) -> None:
    claim('measure = "departed"\nexpect = 2\nwhere = { name = "Bem" }')(team)
    add("claims.toml", "\n[[claim]]\n")(team)
    with pytest.raises(InputError) as caught:
        open_cohort(team)
    assert [problem.where.split(", ")[-1] for problem in caught.value.problems] == [
        "id",
        "says",
        "source",
        "where.name",
    ]


# --- the command line


@pytest.mark.parametrize("name", ["a misspelt tenure", "windows-1255", "an unknown measure"])
def test_check_ends_with_the_message_and_status_2(name: str, team: Path) -> None:
    change, *faults = CATALOGUE[name]
    change(team)
    result = CliRunner().invoke(app, ["check", "--cohort", "team"])
    assert result.exit_code == 2
    assert result.stderr == said(tuple(faults)) + "\n"
    assert result.stdout == ""


def test_a_folder_that_is_not_there_is_bad_input(team: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--cohort", "nowhere"])
    assert result.exit_code == 2
    assert result.stderr.startswith("nowhere: there is no such cohort.")


# --- at random

HURTS = (
    *('"', "'", '"""', "\n", "\r", "\0", "\t", ",", "=", "[", "{", "#", "\\", "(", "-", "+", "@"),
    *("9" * 400, "[" * 300, "a." * 300, "(" * 300, "0x", "1e999", "nan", "inf", "-1", "true"),
    *("\ufeff", "\u202e", "\u0000", "ה", "unknown", "2023-13", "0 years", "early", "{value}", "%s"),
)
A_TEXT = st.sampled_from(HURTS) | st.text(max_size=12)
SOME_BYTES = A_TEXT.map(str.encode) | st.binary(max_size=4) | st.just(b"")
CHANGES = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 40), SOME_BYTES), min_size=1, max_size=6
)
A_VALUE = st.recursive(
    A_TEXT
    | st.booleans()
    | st.integers(-(10**70), 10**70)
    | st.sampled_from([0.5, -1e300, "> 2", ">= 2 years", "< 2024-01", "!= Ada", "= 12.5 %"]),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(A_TEXT, values, max_size=3),
    max_leaves=6,
)
CLAIM_KEYS = ("id", "says", "source", "measure", "expect", "where", "sources", "verdict", "x")
WHERE = st.dictionaries(st.sampled_from(["name", "organisation", "departed", "tenure"]), A_VALUE)


def fuzzing(share: float) -> Callable[[Any], Any]:
    chosen = settings(
        max_examples=max(1, int(FUZZ_CASES * share)),
        deadline=20_000,  # milliseconds for one case
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: pytest.mark.fuzz(chosen(test))


def hold_to_an_answer_or_a_message(folder: Path) -> None:
    """Anything else than InputError ends the test."""
    problems = []
    try:
        open_cohort(folder)
    except InputError as error:
        problems = error.problems
        assert problems  # noqa: PT017
    assert all(len(str(problem)) < 2000 and "\0" not in str(problem) for problem in problems)


@fuzzing(0.5)
@given(file=st.sampled_from(FILES), changes=CHANGES, anew=st.none() | st.binary(max_size=300))
def test_any_bytes_get_an_answer_or_a_message(
    team: Path, file: str, changes: list[tuple[int, int, bytes]], anew: bytes | None
) -> None:
    good = (team / file).read_bytes()
    raw = good if anew is None else anew
    for start, length, new in changes:
        at = start % (len(raw) + 1)
        raw = raw[:at] + new + raw[at + length :]
    (team / file).write_bytes(raw)
    try:
        hold_to_an_answer_or_a_message(team)
    finally:
        (team / file).write_bytes(good)


@fuzzing(0.25)
@given(
    file=st.sampled_from([file for file in FILES if file.endswith(".csv")]),
    cells=st.dictionaries(
        st.tuples(st.integers(1, 6), st.integers(0, 6)), A_TEXT, min_size=1, max_size=8
    ),
)
def test_any_cells_get_an_answer_or_a_message(
    team: Path, file: str, cells: dict[tuple[int, int], str]
) -> None:
    good = (team / file).read_bytes()
    rows = list(csv.reader(io.StringIO(good.decode())))
    width = len(rows[0])
    rows += [["New", *[""] * (width - 1)] for _ in range(7 - len(rows))]
    for (row_number, column), text in cells.items():
        rows[row_number][column % width] = text
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    (team / file).write_bytes(out.getvalue().encode())
    try:
        hold_to_an_answer_or_a_message(team)
    finally:
        (team / file).write_bytes(good)


@fuzzing(0.25)
@given(
    claims=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                **dict.fromkeys(CLAIM_KEYS, A_VALUE),
                "measure": st.sampled_from(MEASURES.split(", ")) | A_VALUE,
                "where": WHERE | A_VALUE,
            },
        ),
        max_size=3,
    )
)
def test_any_claims_get_an_answer_or_a_message(
    tmp_path: Path, make_cohort: Maker, claims: list[dict[str, Any]]
) -> None:
    folder = tmp_path / "team"
    if not folder.exists():
        make_cohort(tmp_path)
    (folder / "claims.toml").unlink(missing_ok=True)
    make_cohort(tmp_path, claims=claims, name="ledger")
    (tmp_path / "ledger" / "claims.toml").rename(folder / "claims.toml")
    shutil.rmtree(tmp_path / "ledger")
    hold_to_an_answer_or_a_message(folder)


# --- lengths up to the bounds and beyond, each case within its time and memory

SECONDS, BYTES = 30, 1_500_000_000
CASE = """
import resource, signal, sys
from pathlib import Path
from analysis_helpers import charts, display, summary
from analysis_helpers.claims import to_json
from analysis_helpers.opening import open_cohort
from analysis_helpers.errors import InputError

resource.setrlimit(resource.RLIMIT_AS, (8_000_000_000, 8_000_000_000))
drawn = [charts.timeline, charts.headcount, charts.destinations, charts.tenures]
for line in sys.stdin:
    signal.alarm(SECONDS)  # which ends this process
    problems = 0
    try:
        data, decisions = open_cohort(Path(line.rstrip("\\n")))
        for chart in drawn:
            made = chart(data)
            made.svg(charts.NARROW)
            assert len(made.alt) < 100_000
        charts.timeline(data, decisions).svg()
        display.people_table(data), display.events_table(data), display.about(data)
        display.ledger_table(decisions), display.unsettled_claims(decisions), to_json(decisions)
        summary.standfirst(data, decisions), display.claims_on(decisions, "timeline")
    except InputError as error:
        problems = len(error.problems)
    signal.alarm(0)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(problems, most, flush=True)
"""


@pytest.fixture(scope="module")
def answers() -> Iterator[Callable[[Path], tuple[int, int]]]:
    """How many problems a folder has, and how much memory its process has had at most."""
    code = CASE.replace("SECONDS", str(SECONDS))
    worker = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def ask(folder: Path) -> tuple[int, int]:
        worker.stdin.write(f"{folder}\n")
        worker.stdin.flush()
        answer = worker.stdout.readline().split()
        assert answer, f"not answered within {SECONDS} seconds, or died"
        return int(answer[0]), int(answer[1])

    yield ask
    worker.stdin.close()
    worker.wait(timeout=60)


CELLS = ("name", "role_then", "role_now", "organisation", "departed", "tenure", "source")
TEXTS = ("says", "reading", "finding", "id", "expect", "title", "company", "label", "english")
PIECES = (
    "a",
    "a ",
    "ש",
    "é",
    "e\u0301",
    "\ufdfa",
    "王",
    "😀",
    "1",
    "-",
    "½",
    "year ",
    "(",
    '""',
    "$",
)
LENGTHS = (1, 100, 101, 199, 200, 201, 999, 1_000, 1_001, 4_999, 5_000, 5_001, 20_000, 1_000_000)


@fuzzing(0.15)
@given(
    field=st.sampled_from((*CELLS, *TEXTS)),
    pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=3),
    length=st.sampled_from(LENGTHS),
    rows=st.sampled_from((1, 3, 70)),
)
def test_any_length_ends_within_its_time_and_memory(
    tmp_path: Path,
    make_cohort: Maker,
    answers: Callable[[Path], tuple[int, int]],
    field: str,
    pieces: list[str],
    length: int,
    rows: int,
) -> None:
    whole = "".join(pieces)
    text = (whole * (length // len(whole) + 1))[:length]
    people = [
        {"name": f"Ada {n}", "organisation": "Acme", "departed": "2023", "tenure": "7 years"}
        for n in range(rows)
    ]
    if field in CELLS:
        people[0] |= {field: text.replace("\n", " ")}
    claim: dict[str, Any] = {"measure": "departed", "expect": ">= 1"}
    if field in ("says", "reading", "id", "expect"):
        claim[field] = text
    if field == "finding":
        claim = {"verdict": "supported", "sources": [{"url": "https://a.example", "finding": text}]}
    shutil.rmtree(tmp_path / "team", ignore_errors=True)
    folder = make_cohort(
        tmp_path,
        authors=people,
        claims=[claim],
        company=text if field == "company" else "Initech",
        events=[("2023-02-24", text if field == "label" else "Mark", "the journal")],
        glossary={"Acme": text if field == "english" else "Acme Inc"},
    )
    if field == "title":
        edit("cohort.toml", '"The team"', json.dumps(text, ensure_ascii=False))(folder)
    problems, memory = answers(folder)
    assert memory < BYTES
    beyond = {"name": 200, "id": 100, **dict.fromkeys(CELLS[1:4], 1_000)}
    if len(tidy(text)) > beyond.get(field, 20_000):
        assert problems
