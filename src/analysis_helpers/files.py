"""Read the files of a cohort folder, and say everything that is wrong with them."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import stat
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import ArrayLike

from . import headings
from .errors import Bound, InputError, Problem, Problems, shown

_PIECE = 1 << 17


def place(
    path: Path, line: int | None = None, column: str | None = None, name: str | None = None
) -> str:
    """Where a problem is: `data/team/authors.csv, line 5 (Ada Lovelace), tenure`.

    A line of a table is the row that a spreadsheet shows: the headings are line 1.
    """
    try:
        named = Path(os.path.normpath(path.absolute())).relative_to(Path.cwd())
    except (ValueError, OSError):  # OSError: the working folder is gone
        named = path
    parts = [named.as_posix()]
    if line is not None:
        parts.append(f"line {line} ({name})" if name else f"line {line}")
    if column is not None:
        parts.append(column)
    return ", ".join(parts)


def likely_encoding(raw: bytes) -> str:
    start = raw[:200]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or (
        start.count(0) * 4 > len(start)
    ):
        return "UTF-16"
    # Bytes E0 to FA are letters with accents, or Hebrew letters, of which there are whole words.
    hebrew = sum(map(len, re.findall(rb"[\xe0-\xfa]{2,}", raw)))
    high = sum(byte >= 0x80 for byte in raw)
    return "windows-1255" if hebrew * 2 > high else "windows-1252"


def read_text(path: Path) -> str:
    """The text of a UTF-8 file (a byte-order mark is dropped, line ends become LF).

    Raises InputError when it cannot be had: missing, a folder or a device, unreadable, empty, too
    big, not UTF-8, or with NUL bytes.
    """
    return _decoded(path, _bytes(path, Bound.LEDGER_BYTES))


def _refused(path: Path, what: str, accepted: str = "a UTF-8 text file") -> InputError:
    return InputError([Problem(place(path), what, accepted)])


def _bytes(path: Path, most: int) -> bytes:
    """What `read_text` decodes: not empty, without a byte-order mark or a NUL byte."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):  # reading a pipe might never end
            what = "is a folder" if stat.S_ISDIR(state.st_mode) else "is not an ordinary file"
            raise _refused(path, what)
        with path.open("rb") as file:
            _refuse_nul(path, file.read(_PIECE))
            if state.st_size > most:
                raise _refused(path, f"holds {state.st_size:,} bytes", f"at most {most:,} bytes")
            file.seek(0)
            raw = file.read(state.st_size)
    except FileNotFoundError:
        raise _refused(path, "is missing") from None
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})") from None
    _refuse_nul(path, raw)
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if not raw or raw.isspace():
        raise _refused(path, "is empty")
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in raw else raw


def _refuse_nul(path: Path, raw: bytes) -> None:
    if b"\0" not in raw:
        return
    start = raw[:_PIECE]
    if b"\0" in start:
        _decoded(path, start[: start.index(b"\0")])
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _decoded(path, start)
    line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
    likely = "; it looks like UTF-16" if likely_encoding(start) == "UTF-16" else ""
    raise _refused(path, f"holds a NUL byte (line {line}){likely}")


def _decoded(path: Path, raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"is not UTF-8 (line {line}); it looks like {likely_encoding(raw)}"
        raise _refused(path, what, "a file saved as UTF-8") from None


def _own_bytes(path: Path, most: int) -> bytes:
    """The bytes of a file of a cohort, which lies in the cohort's own folder.

    Raises InputError as `read_text` does, and for a link that leads elsewhere.
    """
    folder, target = map(os.path.realpath, (path.parent, path))
    if not Path(target).is_relative_to(folder):
        what = f"is a link that leads outside the folder, to {shown(target)}"
        raise _refused(path, what, "a file in the cohort's own folder")
    return _bytes(path, most)


_TEXT = pd.StringDtype(na_value=np.nan)

_INVISIBLE = dict.fromkeys(
    [
        *(0xAD, 0x61C, 0xFEFF),
        *(0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070)),
        # Control characters other than blanks, and what no XML may hold.
        *(*range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0)),
        *(0xFFFE, 0xFFFF),
    ]
)


def in_pieces(
    change: Callable[[pa.Array], pa.Array], texts: pd.Series | pd.Index
) -> pa.ChunkedArray:
    """Arrow's functions applied to texts, on every processor at once."""
    whole = pa.array(texts, type=pa.string())
    chunks = whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]
    pieces = [
        chunk.slice(start, _PIECE) for chunk in chunks for start in range(0, len(chunk), _PIECE)
    ]
    if len(pieces) <= 1:
        return pa.chunked_array([change(piece) for piece in pieces or [pa.array([], pa.string())]])
    with ThreadPoolExecutor() as pool:
        return pa.chunked_array(pool.map(change, pieces))


def matching(texts: pd.Series | pd.Index, pattern: str) -> np.ndarray:
    """In which texts a pattern of RE2 is found; in none that is missing."""
    found = in_pieces(lambda piece: pc.match_substring_regex(piece, pattern), texts)
    return np.asarray(pc.fill_null(found, False), dtype=bool)


_MAY_BE_UNTIDY = "[^ -~\u05d0-\u05ea]|  |^ | $"  # what `tidy` may change


# Joiners shape what stands around them in scripts that join, and in emoji; nowhere else.
_JOINING = "[\u0600-\u1fff\u2190-\ufdff\ufe0f-\uffff\U00010000-\U0010ffff]"
_IDLE_JOINER = re.compile(f"(?<!{_JOINING})[\u200c\u200d]+|[\u200c\u200d]+(?!{_JOINING})")


def tidy(text: str) -> str:
    """A cell in composed letters, without invisible characters, with single ordinary spaces."""
    composed = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(_IDLE_JOINER.sub("", composed).split())


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dict. Raises InputError, with line and column of a syntax error."""
    text = _decoded(path, _own_bytes(path, Bound.LEDGER_BYTES))
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > Bound.LINE:
            what = f"holds a line of {len(line):,} letters (line {number})"
            raise _refused(path, what, f"lines of at most {Bound.LINE:,} letters")
        if line.lstrip().startswith("[") and line.count(".") > _DEEPEST:
            raise _refused(path, f"is nested too deeply (line {number})", _TOML)
    try:
        return tomllib.loads(text)
    except RecursionError:
        what = "is nested too deeply"
    except ValueError as error:  # also a whole number with more digits than Python takes
        said = str(error)
        what = "a number has too many digits" if "sys.set_int" in said else said
        what = f"is not valid TOML: {what}"
    raise InputError([Problem(place(path), what, _TOML)])


_TOML, _DEEPEST = "TOML, with texts in quotes", 100


Lines = range | np.ndarray
"""The line of each row of a table, as a spreadsheet shows it."""


class Rows(NamedTuple):
    """The rows of a table that are not blank, and the lines where they are."""

    cells: pd.DataFrame
    lines: Lines


def read_csv(path: Path, columns: Sequence[str], key: str = "", also: Sequence[str] = ()) -> Rows:
    """A CSV file with just these columns, in this order, as categories of text (never missing).

    Those of `also` come last, as far as they are there. The column `key`, whose texts do not recur,
    is a column of texts. Blank rows, and columns without a heading and a value, are left out.
    Raises InputError with every faulty row or column.
    """
    whole = _own_bytes(path, Bound.TABLE_BYTES)
    raw = whole.lstrip(b"\n")
    header_line = len(whole) - len(raw) + 1
    if not raw.endswith(b"\n"):
        raw += b"\n"  # without one, Arrow takes a lone header for an empty file
    header = _decoded(path, raw[: raw.find(b"\n")])
    names = _headings(path, header, columns, also, named=bool(key))
    try:
        try:
            table = _parsed(raw, names, key)
            lines = _lines(raw, table.num_rows, header_line)
        except pa.ArrowInvalid:
            lines = None
        # A quote that is never closed takes in all that follows; of the last line, nothing is
        # missed.
        if lines is None or raw.count(b'"', raw.rfind(b"\n", 0, -1) + 1) % 2:
            raw = _mended(path, _decoded(path, raw), len(names), header_line)
            table = _parsed(raw, names, key)
            lines = _lines(raw, table.num_rows, header_line)
    except MemoryError:  # Arrow's own is one
        raise _refused(path, "is too big for the memory of this machine", "fewer rows") from None
    except pa.ArrowException:
        raise _refused(
            path, "cannot be read as a table", "CSV, with commas between cells"
        ) from None
    if table.num_rows > Bound.ROWS:
        raise _refused(path, f"has {table.num_rows:,} rows", f"at most {Bound.ROWS:,} rows")
    if lines is None:  # a table of one column, where an empty cell is an empty line
        lines = range(header_line + 1, header_line + 1 + table.num_rows)
    _refuse_without_heading(path, table, names, lines)
    there = [column for column in (*columns, *also) if column in names]
    cells = pd.DataFrame({column: table[column].to_pandas() for column in there})
    return _without_blank(Rows(cells, lines))


def _parsed(raw: bytes, names: Sequence[str], key: str) -> pa.Table:
    """The rows below the headings, a column without one by its position."""
    types = {
        name or str(position): pa.string()
        if name == key
        else pa.dictionary(pa.int32(), pa.string())
        for position, name in enumerate(names)
    }
    return pyarrow.csv.read_csv(
        pa.BufferReader(raw),
        read_options=pyarrow.csv.ReadOptions(
            block_size=1 << 24, column_names=list(types), skip_rows=1
        ),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=False),
    )


def _lines(raw: bytes, rows: int, header_line: int) -> Lines | None:
    """The line of each row; None where rows and lines that are not empty do not go together."""
    if raw.count(b"\n") == rows + 1:
        return range(header_line + 1, header_line + 1 + rows)
    ends = np.flatnonzero(np.frombuffer(raw, dtype=np.uint8) == ord("\n"))
    filled = np.flatnonzero(np.diff(ends, prepend=-1) > 1)
    return filled[1:] + header_line if len(filled) == rows + 1 else None


def _refuse_without_heading(
    path: Path, table: pa.Table, names: Sequence[str], lines: Lines
) -> None:
    """A column without a heading has to be empty."""
    for position, name in enumerate(names):
        if name:
            continue
        cells = table[str(position)].to_pandas()
        filled = np.flatnonzero(~_are_blank(cells))
        if len(filled):
            value = shown(cells.iloc[filled[0]])
            what = f"has {value} in a column without a heading, number {position + 1}"
            raise InputError([Problem(place(path, lines[filled[0]]), what, "a heading for it")])


def _are_blank(cells: pd.Series) -> np.ndarray:
    texts = _distinct(cells)
    blank = in_pieces(lambda piece: pc.equal(pc.utf8_trim_whitespace(piece), ""), texts)
    found = np.asarray(blank, dtype=bool)
    return found[cells.cat.codes] if isinstance(cells.dtype, pd.CategoricalDtype) else found


def _without_blank(rows: Rows) -> Rows:
    blank = np.ones(len(rows.cells), dtype=bool)
    for column in reversed(rows.cells.columns):  # the last one, the source, is seldom empty
        blank &= _are_blank(rows.cells[column])
        if not blank.any():
            return rows
    kept = rows.cells[~blank].reset_index(drop=True)
    return Rows(kept, np.asarray(rows.lines)[~blank])


def _distinct(cells: pd.Series) -> pd.Index:
    """The texts of a column, each once where they are categories, without what is missing."""
    categorical = isinstance(cells.dtype, pd.CategoricalDtype)
    return cells.cat.categories if categorical else pd.Index(cells).dropna()


def per_text(
    cells: pd.Series, change: Callable[[str], str], where: np.ndarray | slice
) -> pd.Series:
    """The cells changed, each category once; an empty text becomes a missing value.

    `where` marks the categories, or else the cells, that the change may concern.
    """
    known = _distinct(cells)
    concerned = np.arange(len(known))[where]
    if not len(concerned) and not (known == "").any():
        return cells
    texts = known.to_numpy(dtype=object, copy=True)
    for position in concerned:
        texts[position] = change(texts[position])
    texts[texts == ""] = None
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        return pd.Series(texts, dtype=_TEXT)
    positions, texts = pd.factorize(texts)
    # A missing cell has the code -1, and so the last position.
    codes = np.append(positions, -1).astype(np.int32)[cells.cat.codes.to_numpy()]
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(texts, dtype=_TEXT)))


FORMULA = "[=+@\uff1d\uff0b\uff20\ufe66\ufe62\ufe6b\uff0d\ufe63-]"
"""What makes a spreadsheet run a cell, in any width."""

# A letter, a digit or a sign; a blank of Braille and the fillers of Hangul are letters to Unicode.
_SEEN = re.compile("[^\\W_\u115f\u1160\u3164\uffa0]")


@cache
def _undrawable() -> re.Pattern[str]:
    listed = (Path(__file__).parent / "fonts" / "letters.txt").read_text()
    codes = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", listed)
    letters = "".join(rf"\u{first}-\u{last or first}" for first, last in codes)
    return re.compile(f"[^{letters}\\s\u200c\u200d]")


def undrawn(where: str, texts: Iterable[str]) -> list[Problem]:
    """A warning of letters for which a report carries no typeface, if there are any."""
    found = sorted({letter for text in texts for letter in _undrawable().findall(text)})
    if not found:
        return []
    some = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return [Problem(where, f"no typeface of the report has {some}{more}: figures show boxes there")]


_READ = ("departed", "tenure")  # whose readers take only short texts, and say what they refuse


class Sheet:
    """The cells of a CSV file, and the problems with them.

    A column is a series of tidy texts, missing where a cell is empty.
    """

    def __init__(self, path: Path, rows: Rows, problems: Problems, key: str = "") -> None:
        self.problems = problems
        self._path, self._lines, self._key = path, rows.lines, key
        self._cells: dict[str, pd.Series] = {}
        for name, cells in rows.cells.items():
            known = _distinct(cells)
            odd = matching(known, _MAY_BE_UNTIDY)
            self._cells[str(name)] = per_text(cells, tidy, odd)
            self._refuse_odd(str(name), known[odd])
        for column in self._cells:
            if column not in _READ:
                self.refuse_long(column, Bound.CELL)
            formula = f"{FORMULA}." if column in _READ else FORMULA  # a lone dash is read
            self.refuse_texts(
                column,
                lambda texts, formula=formula: matching(texts, f"^{formula}"),  # type: ignore[misc]
                "cannot take {value}: a spreadsheet would run it as a formula",
                "a text that does not start with = + - or @",
            )

    def _refuse_odd(self, column: str, texts: pd.Index) -> None:
        """What no reader would see, and what no typeface of the report can draw."""
        raw = texts.tolist()
        letters = set(unicodedata.normalize("NFC", "\n".join(raw)))
        letters = set(tidy("\n".join(sorted(letters))))
        unseen = [tidied for text in raw if not _SEEN.search(text) and (tidied := tidy(text))]
        if column in _READ:
            unseen = []
        accepted = "a text that a reader can see"
        self.refuse_each(column, dict.fromkeys(unseen, ("shows nothing", accepted)))
        self.problems.warnings += undrawn(place(self._path, column=column), letters)

    def refuse_long(self, column: str, most: int) -> None:
        def are_long(texts: pd.Index) -> np.ndarray:
            return np.asarray(in_pieces(pc.utf8_length, texts)) > most

        accepted = f"at most {most:,} letters"
        self.refuse_texts(column, are_long, "{value} is too long", accepted)

    def warn(self, column: str, row: int, what: str) -> None:
        self.problems.warnings.append(Problem(self._at(row, column), what))

    def line(self, row: int) -> int:
        """The line of a row as a spreadsheet shows it."""
        return int(self._lines[row])

    def _at(self, row: int, column: str) -> str:
        name = None
        if self._key and column != self._key and not pd.isna(self[self._key].iloc[row]):
            name = shown(self[self._key].iloc[row])[1:-1]
        return place(self._path, self.line(row), column, name)

    @classmethod
    def read(
        cls,
        path: Path,
        columns: Sequence[str],
        problems: Problems,
        optional: bool = False,
        key: str = "",
        also: Sequence[str] = (),
    ) -> Self | None:
        """None for a file that cannot be used, or that is optional and not there."""
        if optional and not os.path.lexists(path):
            return None
        try:
            return cls(path, read_csv(path, columns, key, also), problems, key)
        except InputError as error:
            problems += error.problems
            return None

    def __contains__(self, column: str) -> bool:
        return column in self._cells

    def __getitem__(self, column: str) -> pd.Series:
        return self._cells[column]

    def refuse(self, column: str, rows: pd.Series, what: str, accepted: str) -> None:
        """A problem for each row that a boolean series marks; `{value}` stands for its cell."""
        for row, text in self._rows(column, rows):
            self._add(column, row, what.replace("{value}", shown(text)), accepted)

    def refuse_texts(
        self, column: str, are_wrong: Callable[[pd.Index], ArrayLike], what: str, accepted: str
    ) -> None:
        """A problem for each row with a wrong text; each distinct text is looked at once."""
        texts = _distinct(self[column])
        wrong = np.asarray(are_wrong(texts), dtype=bool)
        if wrong.any():
            self.refuse(column, self[column].isin(texts[wrong]), what, accepted)

    def refuse_each(self, column: str, faults: Mapping[str, tuple[str, str]]) -> None:
        """A problem for each row whose text has a fault: what is wrong, and what is accepted."""
        if not faults:
            return
        for row, text in self._rows(column, self[column].isin(list(faults))):
            self._add(column, row, *faults[text])

    def _rows(self, column: str, rows: pd.Series) -> Iterator[tuple[int, str]]:
        positions = np.flatnonzero(rows)
        return zip(positions.tolist(), self[column].iloc[positions], strict=True)

    def _add(self, column: str, row: int, what: str, accepted: str) -> None:
        self.problems.append(Problem(self._at(row, column), what, accepted))

    def refuse_empty(self, column: str, accepted: str) -> None:
        self.refuse(column, self[column].isna(), "is empty", accepted)

    def refuse_twins(self, column: str, texts: pd.Series, accepted: str) -> bool:
        """A problem for each row whose text an earlier row has; whether there are any."""
        twins = texts.duplicated() & texts.notna()
        first: dict[str, int] = {}
        for row, text in self._rows(column, texts.isin(texts[twins])):
            earlier = first.setdefault(texts.iloc[row], row)
            if earlier != row:
                what = f"cannot take {shown(text)}: line {self.line(earlier)} has it already"
                self._add(column, row, what, accepted)
        return bool(twins.any())


def _headings(
    path: Path, header: str, columns: Sequence[str], also: Sequence[str], named: bool
) -> list[str]:
    """The headings, "" for a column without one. Raises InputError with one message for all."""
    known = [*columns, *also]
    accepted = ",".join(known)
    convert = f"; or `analysis-helpers new DIR --from {path.name}`, which takes others"
    delimiter = headings.delimiter_of([header], lambda name: bool(headings.meant(name, known)))
    if delimiter != ",":
        what = f"has {headings.named(delimiter)} between its cells"
        raise _refused(path, what, "commas, as in CSV UTF-8" + convert * named)
    try:
        (cells,) = csv.reader([header])
    except csv.Error as error:
        raise _refused(path, f"has no header: {error}", accepted) from None
    names = [cell.strip() for cell in cells]
    if not any(headings.meant(name, known) for name in names):
        first = ", ".join(map(shown, names[:3])) + ", ..." * (len(names) > 3)
        raise _refused(path, f"has no headings: its first line is {first}", accepted)
    if faults := headings.faults(names, columns, known):
        renamed = "is called" in faults
        raise _refused(path, faults, accepted + convert * (named and renamed))
    return names


def _mended(path: Path, text: str, width: int, header_line: int) -> bytes:
    """The table again, each row as wide as its header and on the line where it was.

    Cells without text behind the last column are left out, and rows without any text are empty.
    Raises InputError with every other row of another width or on several lines, and for a quote
    that is never closed.
    """
    problems: list[Problem] = []
    mended = io.StringIO()
    writer = csv.writer(mended, lineterminator="\n")
    reader = csv.reader(io.StringIO(text), strict=True)
    line = header_line

    def complain(what: str, accepted: str) -> None:
        problems.append(Problem(place(path, line), what, accepted))

    try:
        for cells in reader:
            has_text = [bool(cell.strip()) for cell in cells]
            if not any(has_text):
                cells = []
            elif len(cells) > width and not any(has_text[width:]):
                cells = cells[:width]
            if cells and len(cells) != width:
                complain(
                    f"has {len(cells)} cell{'s' * (len(cells) != 1)}, the header has {width}",
                    'a cell that holds a comma is written in quotes: "6 years, 7 months"',
                )
            elif any("\n" in cell for cell in cells):
                complain("runs over several lines", "one line a row, with every quote closed")
            writer.writerow(cells)
            line = header_line + reader.line_num
    except csv.Error as error:
        unclosed = "unexpected end of data" in str(error)
        complain(
            "opens a quote and never closes it" if unclosed else f"cannot be read ({error})",
            'a quote inside a quoted cell is doubled: ""',
        )
    if problems:
        raise InputError(problems)
    return mended.getvalue().encode()
