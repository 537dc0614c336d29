"""A cohort folder made from a spreadsheet: whose columns mean what, and what has no place."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import headings
from .cohort import PRINTED
from .errors import Bound, InputError, Problem, did_you_mean, shown
from .files import likely_encoding, place
from .scaffold import EXAMPLE, write_files
from .vocabulary import unit_names
from .wording import says_stayed

if TYPE_CHECKING:
    from openpyxl.cell import Cell

_ACCEPTED = "an .xlsx file, or .csv with a line of headings"
_UNPACKED_BYTES = 1_000_000_000  # of a workbook; more than that is a trap
_FAR = 20  # lines within which the headings have to be
_HEBREW = re.compile("[א-ת]")
_DASH = re.compile("[-\u2010-\u2015\u2212]")


_Known = Callable[[str], bool]


class _Table(NamedTuple):
    """All rows of a spreadsheet as texts, from its first line on, and what was recognised of it."""

    rows: list[list[str]]
    recognised: str


@dataclass
class Intake:
    """What was written, and what was recognised, changed and found no place on the way."""

    written: list[Path] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def write_from(
    folder: Path, source: Path, columns: Sequence[str] = (), sheet: str | None = None
) -> Intake:
    """Write the files of a new cohort with the rows of a spreadsheet.

    `columns` says which heading is which of our columns, as OURS=THEIRS; of the others those are
    taken that can mean only one. `sheet` is the name of a sheet of a workbook with several. What
    the spreadsheet does not know (title, company, paper) is left open in cohort.toml.

    Raises InputError, with one message, for a table that cannot be read, columns that cannot be
    placed, and a folder that holds anything already.
    """
    given = _given(columns)
    theirs = {headings.plain(name) for name in given.values()}

    def known(name: str) -> bool:
        return headings.plain(name) in theirs or headings.meant(name, PRINTED) is not None

    table = _read(source, sheet, known)
    line = _line_of_headings(source, table, known)
    placed, unplaced = _placed(source, table, line, given)
    intake = Intake()
    names = table.rows[line - 1]
    of = ", ".join(f"{shown(names[at])} is {ours}" for ours, at in placed.items())
    intake.said.append(f"{place(source)}{table.recognised}: headings on line {line}: {of}.")
    if unplaced:
        listed = "; ".join(f"{shown(name)}{_perhaps(name, placed)}" for name in unplaced)
        intake.said.append(f"Not placed: {listed}. With --column OURS=THEIRS they can be.")
    rows = _people(table.rows[line:], placed, intake)
    language = "he" if _mostly_hebrew(rows) else "en"
    _finish_tenures(rows, names[placed["tenure"]] if "tenure" in placed else "", language, intake)
    _empty_stayed(rows, language, intake)
    files = {name: text.encode() for name, text in _files(rows, language).items()}
    intake.written = write_files(folder, files)
    return intake


def _refused(path: Path, what: str, accepted: str = _ACCEPTED) -> InputError:
    return InputError([Problem(place(path), what, accepted)])


# --- reading


def _read(path: Path, sheet: str | None, known: _Known) -> _Table:
    try:
        if path.stat().st_size > Bound.TABLE_BYTES:
            raise _refused(path, "is too big", f"at most {Bound.TABLE_BYTES:,} bytes")
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            return _read_workbook(path, sheet)
        if path.suffix.lower() in (".csv", ".tsv", ".txt"):
            return _read_text_table(path, known)
    except FileNotFoundError:
        raise _refused(path, "is missing") from None
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})") from None
    raise _refused(path, "is no table that can be read", f"{_ACCEPTED}: save it as one of them")


def _read_text_table(path: Path, known: _Known) -> _Table:
    raw = path.read_bytes()
    encoding = "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        encoding = likely_encoding(raw)
        text = raw.decode("utf-16" if raw.startswith(_MARKS) else encoding, errors="replace")
    delimiter = headings.delimiter_of(text.splitlines()[:_FAR], known)
    try:
        rows = [
            [" ".join(cell.split()) for cell in cells]
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise _refused(path, f"cannot be read as a table ({error})") from None
    found = [] if delimiter == "," else [f"{headings.named(delimiter)} between its cells"]
    if encoding != "utf-8-sig":
        found.append(f"in {encoding}")
    return _Table(rows, f" ({', '.join(found)})" if found else "")


_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _read_workbook(path: Path, name: str | None) -> _Table:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > _UNPACKED_BYTES:
            raise _refused(path, "is too big", f"at most {_UNPACKED_BYTES:,} bytes unpacked")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InputError, OSError):
        raise
    except Exception:  # noqa: BLE001 (whatever openpyxl stumbles over is no workbook)
        accepted = "an .xlsx file without a password, or .csv"
        raise _refused(path, "cannot be read as a workbook", accepted) from None
    sheets = {sheet.title: _texts(sheet.iter_rows()) for sheet in book.worksheets}
    filled = [title for title, rows in sheets.items() if rows]
    if name is not None and name not in sheets:
        what = f"has no sheet {shown(name)}{did_you_mean(name, sheets)}"
        raise _refused(path, what, ", ".join(map(shown, sheets)))
    if name is None and len(filled) > 1:
        what = f"has several sheets: {', '.join(map(shown, filled))}"
        raise _refused(path, what, f"the name of one: --sheet {shown(filled[0])}")
    if not filled:
        raise _refused(path, "has no cells with anything in them")
    title = name or filled[0]
    return _Table(sheets[title], f", sheet {shown(title)}" if len(sheets) > 1 else "")


def _texts(rows: Iterable[Sequence[Cell]]) -> list[list[str]]:
    """The rows down to the last one with a value."""
    texts: list[list[str]] = []
    blank = 0
    for row in rows:
        cells = [_text(cell) for cell in row]
        if not any(cells):
            blank += 1
            continue
        texts += [[] for _ in range(blank)]
        texts.append(cells)
        blank = 0
    return texts


def _text(cell: Cell) -> str:
    """A cell as a person reads it; a date as YYYY-MM-DD, or YYYY-MM where no day is shown."""
    match cell.value:
        case None:
            return ""
        case bool() as truth:
            return str(truth).upper()
        case datetime.date() as day:  # a datetime is one
            shows = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", cell.number_format or "").lower()
            return f"{day:%Y-%m-%d}" if "d" in shows or "y" not in shows else f"{day:%Y-%m}"
        case float() as number if number.is_integer():
            return str(int(number))
        case value:
            return " ".join(str(value).split())


# --- placing


def _given(columns: Sequence[str]) -> dict[str, str]:
    """OURS=THEIRS, as a mapping."""
    given: dict[str, str] = {}
    for text in columns:
        ours, equals, theirs = (part.strip() for part in text.partition("="))
        if not equals or not theirs or ours not in PRINTED:
            what = f"cannot take {shown(text)}{did_you_mean(ours, PRINTED)}"
            accepted = f"OURS=THEIRS, OURS being one of {', '.join(PRINTED)}"
            raise InputError([Problem("--column", what, accepted)])
        if ours in given:
            raise InputError([Problem("--column", f"{ours} is given twice", "one heading")])
        given[ours] = theirs
    return given


def _line_of_headings(path: Path, table: _Table, known: _Known) -> int:
    """The line, of the first ones, with the most headings that can be placed."""
    fits = [sum(map(known, names)) for names in table.rows[:_FAR]]
    if not any(fits):
        first = next((row for row in table.rows if any(row)), [])
        said = ", ".join(map(shown, list(filter(None, first))[:4])) or "nothing"
        what = f"has no line of headings that could be placed; it begins with {said}"
        raise _refused(path, what, f"headings such as {', '.join(PRINTED)}")
    return fits.index(max(fits)) + 1


def _placed(
    path: Path, table: _Table, line: int, given: Mapping[str, str]
) -> tuple[dict[str, int], list[str]]:
    """Where each column of ours is, and the headings of filled columns that have no place."""
    names = table.rows[line - 1]
    plain = [headings.plain(name) for name in names]
    placed: dict[str, int] = {}
    for ours, theirs in given.items():
        if headings.plain(theirs) not in plain:
            near = did_you_mean(theirs, filter(None, names))
            what = f"has no column {shown(theirs)} on line {line}{near}"
            raise _refused(path, what, ", ".join(map(shown, filter(None, names))))
        placed[ours] = plain.index(headings.plain(theirs))
    means = [headings.meant(name, PRINTED) for name in names]
    for ours, count in Counter(filter(None, means)).items():
        at = means.index(ours)
        if count == 1 and ours not in placed and at not in placed.values():
            placed[ours] = at
    if "name" not in placed:
        what = f"has no column for the name, among {', '.join(map(shown, filter(None, names)))}"
        raise _refused(path, what, '--column name="one of them"')
    filled = {at for row in table.rows[line:] for at, cell in enumerate(row) if cell}
    free = filled - set(placed.values())
    unplaced = [names[at] for at in sorted(free) if at < len(names) and names[at]]
    return {ours: placed[ours] for ours in PRINTED if ours in placed}, unplaced


def _perhaps(name: str, placed: Mapping[str, int]) -> str:
    ours = headings.perhaps(name)
    return f" (perhaps {ours})" if ours and ours not in placed else ""


# --- the rows


def _people(
    rows: list[list[str]], placed: Mapping[str, int], intake: Intake
) -> list[dict[str, str]]:
    people, blank, dashes = [], 0, 0
    for cells in rows:
        person = {ours: cells[at] if at < len(cells) else "" for ours, at in placed.items()}
        for ours, text in person.items():
            if _DASH.fullmatch(text):
                person[ours], dashes = "", dashes + 1
        if any(person.values()):
            people.append(dict.fromkeys(PRINTED, "") | person)
        else:
            blank += 1
    if blank:
        intake.said.append(f"{blank} blank row{'s' * (blank != 1)} left out.")
    if dashes:
        intake.said.append(f"{dashes} cell{'s' * (dashes != 1)} with only a dash left empty.")
    return people


def _mostly_hebrew(rows: list[dict[str, str]]) -> bool:
    texts = [row[column] for row in rows for column in ("departed", "tenure", "role_now", "name")]
    written = [text for text in texts if re.search(r"[^\W\d_]", text)]
    return 2 * sum(bool(_HEBREW.search(text)) for text in written) > len(written)


def _finish_tenures(
    rows: list[dict[str, str]], heading: str, language: str, intake: Intake
) -> None:
    """Numbers below "Years at the company" get their unit."""
    units = dict(zip(("year", "month"), unit_names(language), strict=True))
    units |= {"שנים": units["year"], "חודשים": units["month"]}
    unit = next((said for word, said in units.items() if word in heading.casefold()), None)
    if unit is None:
        return
    bare = [row for row in rows if re.fullmatch(r"[0-9]+(\.[0-9]+)?", row["tenure"])]
    for row in bare:
        row["tenure"] = f"{row['tenure']} {unit}"
    if bare:
        first = shown(bare[0]["tenure"])
        intake.said.append(f"Tenures in figures are in {unit}, as their heading says: {first}.")


def _empty_stayed(rows: list[dict[str, str]], language: str, intake: Intake) -> None:
    """Who is "still there" has not left, and states no departure."""
    stayed = [row for row in rows if says_stayed(row["departed"], language)]
    said = sorted({row["departed"] for row in stayed})
    for row in stayed:
        row["departed"] = ""
    if stayed:
        texts = ", ".join(map(shown, said))
        intake.said.append(f"No departure for who stayed, which is what {texts} was taken for.")


# --- the files


def _files(rows: list[dict[str, str]], language: str) -> dict[str, str]:
    """The content of each file of the cohort."""
    return {
        "authors.csv": _csv([PRINTED, *([row[column] for column in PRINTED] for row in rows)]),
        "claims.toml": _without_example((EXAMPLE / "claims.toml").read_text(encoding="utf-8")),
        "cohort.toml": _left_open((EXAMPLE / "cohort.toml").read_text(encoding="utf-8"), language),
        "events.csv": (EXAMPLE / "events.csv").read_text(encoding="utf-8").partition("\n")[0]
        + "\n",
        "glossary.csv": _csv([("printed", "english"), *((text, "") for text in _foreign(rows))]),
    }


def _csv(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def _foreign(rows: list[dict[str, str]]) -> list[str]:
    """What is printed in Hebrew and has no Latin form beside it."""
    texts = (
        row[column] for column in ("name", "role_then", "role_now", "organisation") for row in rows
    )
    return [
        text for text in dict.fromkeys(texts) if _HEBREW.search(text) and not text.endswith(")")
    ]


def _without_example(ledger: str) -> str:
    """The ledger's scaffold with its invented claims as comments."""
    head, mark, claims = ledger.partition("[[claim]]")
    lines = (
        f"# {line}".rstrip() if not line.startswith("#") else line
        for line in (mark + claims).splitlines()
    )
    return head + "\n".join(lines) + "\n"


def _left_open(head: str, language: str) -> str:
    """The scaffold of cohort.toml without its invented values; `check` says which are missing."""
    said = head.replace("Replace every value; the example is invented.", "Fill in every value.")
    said = re.sub(r'^(?!language)(\w+) = "(.*?)"', r'\1 = "" # such as: \2', said, flags=re.M)
    said = re.sub(r"^(\w+ = \d{4}-\d\d-\d\d)", r"# \1", said, flags=re.M)
    return re.sub(r'^language = ".."', f'language = "{language}"', said, flags=re.M)
