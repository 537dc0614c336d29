"""Read the files of a cohort folder, and say everything that is wrong with them."""

from __future__ import annotations

import codecs
import csv
import io
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from .errors import InputError, Problem


def place(path: Path, row: int | None = None, column: str | None = None) -> str:
    """Where a problem is: `data/llama/authors.csv, row 4, tenure`."""
    try:
        shown = path.resolve().relative_to(Path.cwd())
    except ValueError:
        shown = path
    parts = [shown.as_posix()]
    if row is not None:
        parts.append(f"row {row}")
    if column is not None:
        parts.append(column)
    return ", ".join(parts)


def _likely_encoding(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or raw[:200].count(0) > 20:
        return "UTF-16"
    # In windows-1255 the Hebrew letters are the bytes E0 to FA.
    hebrew = sum(0xE0 <= byte <= 0xFA for byte in raw)
    high = sum(byte >= 0x80 for byte in raw)
    return "windows-1255" if hebrew * 2 > high else "windows-1252"


def read_text(path: Path) -> str:
    """The text of a UTF-8 file (a byte-order mark is dropped, line ends become LF).

    Raises InputError when it cannot be had: missing, a folder, unreadable, empty,
    a link that leads outside its folder, not UTF-8, or with NUL bytes.
    """

    def refuse(what: str, accepted: str = "a UTF-8 text file") -> InputError:
        return InputError([Problem(place(path), what, accepted)])

    if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
        raise refuse(f'is a link that leads outside the folder, to "{path.readlink()}"',
                     "a file in the cohort folder itself")
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise refuse("is missing") from None
    except IsADirectoryError:
        raise refuse("is a folder") from None
    except OSError as error:
        raise refuse(f"cannot be read ({error.strerror})") from None
    if not raw.strip():
        raise refuse("is empty")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refuse(
            f"is not UTF-8 (line {line}); it looks like {_likely_encoding(raw)}",
            "a file saved as UTF-8",
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        likely = "; it looks like UTF-16" if _likely_encoding(raw) == "UTF-16" else ""
        raise refuse(f"holds a NUL byte (line {line}){likely}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


_FORMAT_CHARACTERS = dict.fromkeys(
    [0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)


def tidy(text: str) -> str:
    """A cell without invisible format characters and with single ordinary spaces."""
    return " ".join(text.translate(_FORMAT_CHARACTERS).split())


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dict. Raises InputError, with line and column of a syntax error."""
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(
            [Problem(place(path), f"is not valid TOML: {error}", "TOML 1.0")]
        ) from None


def read_csv(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """A CSV file with just these columns, in this order, as categories of text (never missing).

    Raises InputError with every faulty row or column.
    """
    text = read_text(path)
    _check_header(path, text, columns)
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pyarrow.csv.ReadOptions(block_size=1 << 24),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={column: pa.dictionary(pa.int32(), pa.string()) for column in columns},
                include_columns=list(columns),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise InputError(
            _faulty_rows(path, text, len(columns)) or [Problem(place(path), str(error))]
        ) from None
    if text.count('"') % 2:
        problems = _faulty_rows(path, text, len(columns))
        if problems:
            raise InputError(problems)
    return pd.DataFrame({column: table[column].to_pandas() for column in columns})


def _check_header(path: Path, text: str, columns: Sequence[str]) -> None:
    accepted = ",".join(columns)
    header = next(csv.reader(io.StringIO(text[: text.index("\n")] if "\n" in text else text)))
    problems = [
        Problem(place(path), f'column "{column}" is missing', accepted)
        for column in columns
        if column not in header
    ]
    problems += [
        Problem(place(path), f'column "{column}" is not known', accepted)
        for column in dict.fromkeys(header)
        if column not in columns
    ]
    problems += [
        Problem(place(path), f'column "{column}" stands there {header.count(column)} times')
        for column in dict.fromkeys(header)
        if header.count(column) > 1 and column in columns
    ]
    if problems:
        raise InputError(problems)


def _faulty_rows(path: Path, text: str, width: int) -> list[Problem]:
    """Rows that are not `width` cells wide, and a quote that is never closed."""
    problems = []
    number = 0
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for cells in reader:
            if cells and number and len(cells) != width:
                problems.append(
                    Problem(
                        place(path, number),
                        f"has {len(cells)} cells, the header has {width}",
                        'a cell that holds a comma is written in quotes: "6 years, 7 months"',
                    )
                )
            number += bool(cells)
    except csv.Error as error:
        what = str(error)
        if "unexpected end of data" in what:
            what = "a quote is opened and never closed"
        problems.append(
            Problem(place(path, number), what, 'a quote inside a quoted cell is doubled: ""')
        )
    return problems
