"""Hold every transcribed cell of a cohort against its article, line by line.

Nothing is read as a date or a length. A cell is right when its very text stands on the lines that
the row's `source` names and nothing is left beside it that a cell should have held: in a list (a
bullet, or "label: value") all of the value counts, in running prose the words that touch a cell.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

COLUMNS = ("name", "role_then", "role_now", "organisation", "departed", "tenure")
ACCEPTED = "accepted: line 52, lines 51-54, or an address"


@dataclass(frozen=True)
class Mismatch:
    """A cell that the article does not bear out. Rows count from 1, without the header.

    `at`: the row's line in a spreadsheet and its name.
    """

    row: int
    column: str
    value: str
    what: str
    at: str = field(default="", compare=False)

    def __str__(self) -> str:
        value = f'"{self.value}" ' if self.value else ""
        return f"authors.csv, {self.at}, {self.column}: {value}{self.what}"


@dataclass
class Verification:
    """What was found, how many filled cells were held against lines, and what was not.

    `unchecked`: the rows citing addresses, and the cells that hold a range by hand, as they are
    named in a message.
    """

    mismatches: list[Mismatch] = field(default_factory=list)
    cells: int = 0
    unchecked: list[str] = field(default_factory=list)


def verify(
    rows: list[dict[str, str]], article: str, lines: Sequence[int] | None = None
) -> Verification:
    """Compare the raw rows of authors.csv with the text of the article; its lines count from 1.

    `lines` are the rows' own in a spreadsheet; from 2 on where they are not given.
    """
    return _Reading(rows, article, lines or range(2, len(rows) + 2)).result


# Words that may lead to a cell. An attached Hebrew preposition does too; the Hebrew "the" does not,
# for it cannot be told from a first letter.
_VERBS = "then was has had who he she they left later הוא היא עזב עזבה עזבו היה"
_NOW = "now is כעת היום"
_BEFORE = {
    "name": "and by with עם",
    "role_then": "a an the as became former formerly בתור בתפקיד",
    "role_now": "a an the as became remains בתור בתפקיד",
    "organisation": "the at for join joins joined joining with to from אל עבור",
    "departed": "in on since until from by during מאז עד",
    "tenure": "after for spent stayed of במשך אחרי לאחר",
}
_PREFIX = dict(zip(COLUMNS, ("של", "כל", "כל", "במל", "במל", "בל"), strict=True))
# Words that may follow a cell in prose without belonging to it, the second lot not after a role.
_AFTER = f"{_VERBS} {_NOW} at after until since as joined quit went works worked moved spent stayed"
_AFTER_NO_ROLE = "in on for with to by from"
_UNIT = r"(?:years?|months?|weeks?|half|שנה|שנים|שנתיים|חודש\w*|שבוע\w*|חצי)\b"
# What would make the cell a part of something longer, or of another time.
_NOT_AFTER = {
    "tenure": re.compile(rf"\W{{0,2}}(?:and\s+|ו-?)?(?:\w+\s+)?{_UNIT}"),
    "departed": re.compile(r",?\s+\d{4}\b"),
}
_NOT_BEFORE = {
    "tenure": re.compile(rf"{_UNIT}\W{{0,2}}(?:and\s+|ו-?)?$"),
    "departed": re.compile(r"\d,?\s+$"),
    "role_then": re.compile(r"\b(?:now|is|כעת|היום)\s+(?:(?:an?|the)\s+)?$"),
}
# Prose that states what an empty cell should hold, if one of these other columns is filled.
_STATES = {
    "role_then": (r"\ban?\s+former\s+\w+", {"name"}),
    "role_now": (r"\b(?:now|as|became)\s+(?:an?|the)\s+\w+", {"name"}),
    "organisation": (
        r"\b(?:(?:join|joined|joining|for)|now\b[^,.;]*\bat)\s+[A-Z]\w*",
        {"departed"},
    ),
    "departed": (r"\b(?:19|20)\d\d\b", {"organisation", "tenure"}),
    "tenure": (rf"\w+\s+{_UNIT}", {"departed"}),
}
# A departure that the article does not date is transcribed as one of these.
_UNDATED = ("unknown", "לא ידוע")
_RANGES = ("departed", "tenure")
# Cells that may follow each other with nothing but a space between.
_TOUCHING = {
    *((before, "name") for before in ("role_then", "role_now", "organisation")),
    *(("organisation", role) for role in ("role_then", "role_now")),
}
_TOGETHER = re.compile(r"[\s,;]*(?:and|&|ו[-־]?)?\s*")
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)\s+(?![a-z]|(?:She|He|They|היא|הוא|הם)\b)")
_LIST = re.compile(r"\s*(?P<bullet>(?:[•*◦▪‣·–—-]|\d+[.)])\s+)?(?:(?P<label>[^:.;,]{1,60}):\s+)?")
_SOURCE = re.compile(r"line ([1-9][0-9]{0,6})|lines ([1-9][0-9]{0,6})[-–]([1-9][0-9]{0,6})")
_WHOLE = re.compile(r"[^,;:)\]–—־-].*(?:\b(?:Inc|Ltd|Jr|Sr|Co|Corp)\.|[^,;:.(\[–—־-])|\w")
_NEAR = 200  # letters before a cell, of which the longest lead-in takes a few dozen
_WORD_END = re.compile(r"""(?!\w)(?!["'’״׳־-](?!s\b)\w)""")


def _tidy(text: str) -> str:
    for mark in {c for c in set(text) if unicodedata.category(c) == "Cf"}:
        text = text.replace(mark, "")
    return re.sub(r"\s+", " ", text)


def _words(words: str) -> str:
    return rf"(?:(?i:{'|'.join(words.split())})\s+)"


def _clip(text: str) -> str:
    text = text.strip(" ,;:.")
    return text if len(text) <= 60 else f"{text[:59]}…"


def _leading(column: str, more: str = "") -> str:
    now = "" if column == "role_then" else _NOW
    return _words(f"{_BEFORE[column]} {_VERBS} {now} {more}")


@dataclass(frozen=True)
class _Claim:
    """The stretch of a line's text that a cell holds."""

    row: int
    column: str
    line: int
    start: int
    end: int

    def meets(self, other: _Claim) -> bool:
        return self.line == other.line and self.start < other.end and other.start < self.end

    def is_led_to_by(self, pattern: str, text: str, since: int = 0) -> re.Match[str] | None:
        """Whether the text before the cell ends in the pattern and perhaps a Hebrew prefix."""
        prefix = rf"(?:(?:ו?[{_PREFIX[self.column]}]|ו)(?:[-־]|(?=[א-ת])))?"
        led = re.compile(rf"(?:{pattern}){prefix}\S$")
        if since:
            return led.search(text[since : self.start + 1])
        return led.search(text, max(0, self.start - _NEAR), self.start + 1)

    def starts_a_word(self, text: str) -> bool:
        return bool(self.is_led_to_by(r"""^|\W(?<!\w["'’״׳־-])""", text))

    def opens_cleanly(self, text: str) -> bool:
        """In prose: whether what stands before the cell cannot be a part of it."""
        back = _NOT_BEFORE.get(self.column)
        if back and back.search(text, max(0, self.start - _NEAR), self.start):
            return False
        words = _leading(self.column)
        border = rf"^|[,;.!?…]\s+|(?<!\w)[(\[\"“„«]|\s[–-]\s+|\s*—\s*|\b{words}|:\s+(?=\S$)"
        return bool(self.is_led_to_by(border, text))

    def closes_cleanly(self, text: str) -> bool:
        """In prose: whether what stands after the cell cannot be a part of it."""
        if (on := _NOT_AFTER.get(self.column)) and on.match(text, self.end):
            return False
        role = self.column.startswith("role")
        words = _words(_AFTER if role else f"{_AFTER} {_AFTER_NO_ROLE}")
        colon = r"|:|\s+and\s" if self.column == "name" else ""
        border = rf"""\s*[,;.!?…)\]"”»]|\s*$|\s[–-]\s|\s*—|['’]s\s|\s+{words}{colon}"""
        return bool(re.compile(border).match(text, self.end))

    def joins(self, after: _Claim, text: str, *, in_list: bool) -> bool:
        """Whether nothing but joining words and signs stands between this cell and the next."""
        if not text[self.end : after.start].strip():
            pair = self.column, after.column
            return self.end < after.start and self.row == after.row and pair in _TOUCHING
        words = _leading(after.column, "and of של")
        colon = ":" if in_list or self.column == "name" else ""
        signs = rf"(?:['’]s)?(?:\s*[,;{colon}()|/.—]+\s*|\s+[–-]\s+|\s+)"
        return bool(after.is_led_to_by(f"^{signs}{words}*", text, self.end))


def _in_order(claim: _Claim) -> tuple[int, int, int]:
    return claim.start, -claim.end, claim.row


class _Claims:
    """The claims that were made so far, to be found by row, by place and by label."""

    def __init__(self) -> None:
        self.made: list[_Claim] = []
        self._rows: dict[int, list[_Claim]] = {}
        self._lines: dict[int, list[tuple[int, int, _Claim]]] = {}
        self._longest = 0
        self._labels: dict[str, dict[str, set[int]]] = {}

    def add(self, claim: _Claim, label: str) -> None:
        self._longest = max(self._longest, claim.end - claim.start)
        self._rows.setdefault(claim.row, []).append(claim)
        insort(
            self._lines.setdefault(claim.line, []),
            (claim.start, len(self.made), claim),
            key=lambda entry: entry[:2],
        )
        self._labels.setdefault(claim.column, {}).setdefault(label, set()).add(claim.row)
        self.made.append(claim)

    def of_row(self, row: int) -> list[_Claim]:
        return self._rows.get(row, [])

    def on_line(self, line: int) -> Iterator[_Claim]:
        return (claim for _, _, claim in self._lines.get(line, []))

    def within(self, line: int, first: int, end: int) -> list[_Claim]:
        """Those that start from `first` to before `end`."""
        entries = self._lines.get(line, [])
        start, stop = (bisect_left(entries, at, key=lambda entry: entry[0]) for at in (first, end))
        return [claim for _, _, claim in entries[start:stop]]

    def near(self, place: _Claim) -> list[_Claim]:
        """All that may meet a place."""
        return self.within(place.line, place.start - self._longest, place.end)

    def labels_of(self, column: str) -> dict[str, set[int]]:
        return self._labels.get(column, {})

    def rows_under(self, column: str, label: str) -> set[int]:
        return self.labels_of(column).get(label, set())


@dataclass(frozen=True)
class _Value:
    """What cells may hold of a line: from where on, under what label, and all of it or not."""

    start: int
    label: str
    is_list: bool


@dataclass(frozen=True)
class _Leftover:
    """Text on a row's line that no cell holds, the cells that touch it, and whose it must be."""

    line: int
    text: str
    touched: tuple[str, ...] = ()
    owner: str = ""


class _Reading:
    """One comparison of all the rows with the article."""

    def __init__(self, rows: list[dict[str, str]], article: str, own_lines: Sequence[int]) -> None:
        self.result = Verification()
        self.own_lines = own_lines
        text = article.replace("\r\n", "\n").rstrip().split("\n")
        self.lines = ["", *(_tidy(line).rstrip() for line in text)]
        tidied = [
            {c: _tidy(row.get(c) or "").strip() for c in (*COLUMNS, "source")} for row in rows
        ]
        self.rows = dict(enumerate(tidied, start=1))
        # A range by hand stands for what the article prints, and is printed nowhere.
        self.by_hand = {
            (row, column)
            for row in self.rows
            for column in _RANGES
            if re.search(r"\d\.\.\d", self.rows[row][column])
        }
        for row, column in sorted(self.by_hand):
            self.rows[row][column] = ""
            self.result.unchecked.append(f"{self._at(row)}, {column}")
        self.cited = {row: lines for row in self.rows if (lines := self._read_source(row))}
        citing: dict[int, list[int]] = {}
        for row, lines in self.cited.items():
            for line in lines:
                citing.setdefault(line, []).append(row)
        self.values = {line: self._read_line(line, citing[line]) for line in sorted(citing)}
        self.claims = _Claims()
        self.breaks = {
            line: [m.end() for m in _SENTENCE.finditer(self.lines[line])] for line in citing
        }
        self.standing: dict[tuple[str, str, int], list[tuple[int, int]]] = {}
        self.leftovers: dict[int, list[_Leftover]] = {row: [] for row in self.cited}
        cells = [
            (row, column) for row in self.cited for column in COLUMNS if self.rows[row][column]
        ]
        self.result.cells = len(cells)
        for row, column in sorted(cells, key=lambda c: (c[1] != "name", len(self._places(*c)))):
            if places := self._places(row, column):
                place = min(places, key=self._doubt)
                self.claims.add(place, self.values[place.line].label)
        for line in self.values:
            self._find_clashes(line)
            self._find_gaps(line)
        self._find_strays()
        for row in self.cited:
            self._report(row)
        self.result.mismatches.sort(key=lambda m: m.row)

    def _mismatch(self, row: int, column: str, what: str) -> None:
        value = self.rows[row][column]
        self.result.mismatches.append(Mismatch(row, column, value, what, self._at(row)))

    def _at(self, row: int) -> str:
        name = self.rows[row]["name"]
        return f"line {self.own_lines[row - 1]}" + (f" ({name})" if name else "")

    def _whose(self, row: int) -> str:
        return f"the row of {self.rows[row]['name']}" if self.rows[row]["name"] else "another row"

    def _read_source(self, row: int) -> list[int]:
        """The lines that a row cites, without blank ones; none if they cannot be read."""
        source, size = self.rows[row]["source"], len(self.lines) - 1
        if "://" in source:
            self.result.unchecked.append(self._at(row))
            return []
        form = _SOURCE.fullmatch(source)
        first, last = (int(form[1] or form[2]), int(form[1] or form[3])) if form else (0, 0)
        if not form:
            fault = "cannot be read" if source else "empty"
        elif form[2] and first >= last:
            fault = "does not run from one line to a later one"
        elif last > size:
            fault = f"is outside the article, which has {size} lines"
        else:
            blank = [n for n in (first, last) if not self.lines[n].strip()]
            if blank:
                self._mismatch(row, "source", f"starts or ends on line {blank[0]}, which is blank")
            return [n for n in range(first, last + 1) if self.lines[n].strip()]
        self._mismatch(row, "source", f"{fault}; {ACCEPTED}")
        return []

    def _read_line(self, line: int, rows: list[int]) -> _Value:
        text = self.lines[line]
        cells = {cell for row in rows for cell in self.rows[row].values()}
        form = _LIST.match(text)
        label, bullet = (form["label"], form["bullet"]) if form else (None, None)
        is_label = label and label not in cells and len(label.split()) <= 6
        if form and label and is_label and (bullet or not _SENTENCE.search(text, form.end())):
            return _Value(form.end(), label, True)
        if form and bullet and (not text.endswith(".") or text[form.end("bullet") :] in cells):
            return _Value(form.end("bullet"), "", True)
        return _Value(0, f"line {line}", False)

    def _stands(
        self, row: int, column: str, line: int, since: int = 0, until: int | None = None
    ) -> list[_Claim]:
        """Every place on a part of a line where a cell's text stands as whole words."""
        value, text = self.rows[row][column], self.lines[line]
        key = column, value, line
        if key not in self.standing:
            whole = _WHOLE.fullmatch(value) and value.count("(") == value.count(")")
            at, found = text.find(value) if whole else -1, []
            while at >= 0:
                claim = _Claim(row, column, line, at, at + len(value))
                if claim.starts_a_word(text) and _WORD_END.match(text, claim.end):
                    found.append((claim.start, claim.end))
                at = text.find(value, at + 1)
            self.standing[key] = found
        spans = self.standing[key]
        first = bisect_left(spans, (since, 0))
        last = len(spans) if until is None else bisect_left(spans, (until, 0))
        return [_Claim(row, column, line, start, end) for start, end in spans[first:last]]

    def _places(self, row: int, column: str) -> list[_Claim]:
        """Where a cell may stand: on the row's lines, in prose by its name, on text of its own."""
        own = self.claims.of_row(row)
        places = []
        for line in self.cited[row]:
            start, end = self._sentence(row, line)
            places += self._stands(row, column, line, max(start, self.values[line].start), end)
        return [place for place in places if not any(place.meets(claim) for claim in own)]

    def _sentence(self, row: int, line: int) -> tuple[int, int]:
        """Where the sentence with a row's name starts and ends; without one, the whole line."""
        text = self.lines[line]
        name = next((c for c in self._on(line, row) if c.column == "name"), None)
        if not name or self.values[line].is_list:
            return 0, len(text)
        breaks = self.breaks[line]
        before, after = bisect_right(breaks, name.start), bisect_left(breaks, name.end)
        return (
            breaks[before - 1] if before else 0,
            breaks[after] if after < len(breaks) else len(text),
        )

    def _doubt(self, place: _Claim) -> tuple[bool, bool, bool]:
        text, value = self.lines[place.line], self.values[place.line]
        taken = any(place.meets(claim) for claim in self.claims.near(place))
        clean = value.is_list or (place.opens_cleanly(text) and place.closes_cleanly(text))
        return taken, not clean, not self._is_usual(place.row, place.column, place.line)

    def _is_usual(self, row: int, column: str, line: int) -> bool:
        """Whether another row has this column under the same label."""
        rows = self.claims.rows_under(column, self.values[line].label)
        return len(rows) > (row in rows)

    def _on(self, line: int, row: int | None = None) -> list[_Claim]:
        if row is None:
            return sorted(self.claims.on_line(line), key=_in_order)
        return sorted((c for c in self.claims.of_row(row) if c.line == line), key=_in_order)

    def _find_clashes(self, line: int) -> None:
        """Text held by two rows, unless it speaks of both: "Ann and Bob left in May"."""
        for claim in self._on(line):
            for other in sorted(self.claims.near(claim), key=_in_order):
                if claim.row == other.row or not claim.meets(other):
                    continue
                same = replace(other, row=claim.row) == claim
                both = (*self._on(line, claim.row), *self._on(line, other.row))
                names = sorted((c.start, c.end) for c in both if c.column == "name")
                between = self.lines[line][names[0][1] : names[-1][0]] if names else ""
                if not same or claim.column == "name" or not _TOGETHER.fullmatch(between):
                    theirs = f"{self._whose(other.row)} has its {other.column}"
                    what = f"stands on line {line} where {theirs}"
                    self._mismatch(claim.row, claim.column, what)

    def _find_gaps(self, line: int) -> None:
        """Text before, between and after the cells of a line that belongs to none of them."""
        text, value, claims = self.lines[line], self.values[line], self._on(line)
        for before, after in zip([None, *claims], [*claims, None], strict=True):
            start, end = before.end if before else value.start, after.start if after else len(text)
            gap = text[start:end]
            if before and after:
                if start > end or before.joins(after, text, in_list=value.is_list):
                    continue
                phrase = (before.column, after.column) == ("role_now", "organisation")
                if value.is_list or (phrase and before.row == after.row):
                    self._leave(line, gap, before, after)
                    continue
            elif value.is_list:
                margin = rf"[(\[“\"]*{_leading(after.column)}*" if after else r"[.,;)\]”»]*"
                if claims and not re.fullmatch(margin, gap):
                    self._leave(line, gap, before, after)
                continue
            if before and not before.closes_cleanly(text):
                self._leave(line, re.split(r"(?<=\w)[,;:.!?]", gap, maxsplit=1)[0], before)
            if after and not after.opens_cleanly(text):
                last_letter = max((m.start() for m in re.finditer(r"\w", gap)), default=0)
                since = max(gap.rfind(sign, 0, last_letter) for sign in ",;:.!?") + 1
                self._leave(line, gap[since:], after)

    def _leave(self, line: int, text: str, *touching: _Claim | None) -> None:
        for row in dict.fromkeys(claim.row for claim in touching if claim):
            touched = tuple(claim.column for claim in touching if claim and claim.row == row)
            self.leftovers[row].append(_Leftover(line, _clip(text), touched))

    def _find_strays(self) -> None:
        """Cells that stand under a label where the other rows have another column."""
        labelled: dict[str, dict[tuple[int, int], list[str]]] = {}
        for c in sorted(self.claims.made, key=lambda c: c.start):
            held = labelled.setdefault(self.values[c.line].label, {})
            held.setdefault((c.row, c.line), []).append(c.column)
        labelled.pop("", None)
        for label, held in labelled.items():
            columns_of = {cell: tuple(own) for cell, own in held.items()}
            alike = Counter(columns_of.values())
            under = {column: self.claims.labels_of(column) for column in COLUMNS}
            for (row, line), own in columns_of.items():
                if alike[own] == len(held):
                    continue
                others = Counter(
                    h for (r, _), h in columns_of.items() if r != row and len(h) == len(own)
                )
                usual = others.most_common(1)[0][0] if others else own
                elsewhere = {
                    column
                    for column, labels in under.items()
                    if any(rows - {row} for other, rows in labels.items() if other != label)
                }
                for column in sorted((set(own) - set(usual)) & elsewhere):
                    columns = " and ".join(usual)
                    what = f'stands on line {line} ("{label}"), where other rows have {columns}'
                    self._mismatch(row, column, what)

    def _report(self, row: int) -> None:
        """Turn what is missing from a row's lines and what is left on them into mismatches."""
        cells, cited = self.rows[row], self.cited[row]
        placed = {c.column for c in self.claims.of_row(row)}
        empty = [c for c in COLUMNS if not cells[c]]
        if "organisation" in placed and "departed" not in placed and cells["departed"] in _UNDATED:
            empty.append("departed")
        missing = [c for c in COLUMNS if c not in placed and c not in empty]
        if len(missing) > max(1, len(placed)):
            what = f"does not hold {', '.join(missing)}{self._elsewhere(row, missing[0])}"
            self._mismatch(row, "source", what)
            return
        hints = dict.fromkeys(missing, "")
        unheld = [n for n in cited if not self._on(n, row)]
        left = [_Leftover(n, _clip(self.lines[n][self.values[n].start :])) for n in unheld]
        for item in [*dict.fromkeys(self.leftovers[row]), *left, *self._unstated(row, empty)]:
            options = [*missing, *item.touched, *empty]
            likely = [c for c in options if self._is_usual(row, c, item.line)]
            likely.sort(key=lambda c: c in item.touched)
            owner = item.owner or [*likely, *options, "source"][0]
            if owner not in missing and any((row, column) in self.by_hand for column in options):
                continue  # it is what the range by hand stands for
            text = f'"{item.text}" on line {item.line}, which no cell of the row holds'
            if not item.text:
                text = f"another cell on line {item.line} with no word between to join them"
            rest = [c for c in (*item.touched, *empty, "source") if c != owner]
            if owner in missing:
                hints[owner] += f"; there is {text}"
            elif owner in item.touched:
                self._mismatch(row, owner, f"stands beside {text}; or see {', '.join(rest)}")
            elif owner == "source":
                self._mismatch(row, owner, f"takes in {text}")
            else:
                fault = "states no date" if cells[owner] else "empty"
                what = f"{fault}, but there is {text}; or see {', '.join(rest)}"
                self._mismatch(row, owner, what)
        for column in missing:
            what = self._absence(row, column) + self._elsewhere(row, column) + hints[column]
            self._mismatch(row, column, what)
        if not cells["name"]:
            self._mismatch(row, "name", "empty, but every row has a name")

    def _unstated(self, row: int, empty: list[str]) -> list[_Leftover]:
        """What the sentence with a row's name, and no other, seems to say of its empty columns."""
        found = []
        for name in (c for c in self.claims.of_row(row) if c.column == "name"):
            start, end = self._sentence(row, name.line)
            claims = sorted(self.claims.within(name.line, start, end), key=_in_order)
            if self.values[name.line].is_list or any(c.row != row for c in claims):
                continue
            text = self.lines[name.line][start:end]
            for claim in claims:
                first, last = claim.start - start, claim.end - start
                text = text[:first] + "\0" * (last - first) + text[last:]
            for column in empty:
                pattern, needed = _STATES.get(column, ("", set()))
                if needed & {c.column for c in claims} and (m := re.search(pattern, text)):
                    found.append(_Leftover(name.line, m[0], owner=column))
        return found

    def _absence(self, row: int, column: str) -> str:
        value, source = self.rows[row][column], self.rows[row]["source"]
        inside = [n for n in self.cited[row] if value in self.lines[n]]
        if not inside:
            return f"is not on {source}, where the row says it stands"
        if not (places := [place for n in inside for place in self._stands(row, column, n)]):
            return f"stands on line {inside[0]} only as part of a longer text"
        held = [c.column for c in self._on(places[0].line, row) if c.meets(places[0])]
        where = f"only inside the text of {held[0]}" if held else "but not in the name's sentence"
        return f"stands on line {places[0].line}, {where}"

    def _elsewhere(self, row: int, column: str) -> str:
        """Where else in the article a cell's text stands."""
        value, cited = self.rows[row][column], set(self.cited[row])
        lines = [n for n, text in enumerate(self.lines) if value in text and n not in cited]
        found = [n for n in lines if self._stands(row, column, n)]
        found = sorted(sorted(found, key=lambda n: abs(n - self.cited[row][0]))[:3])
        if not found:
            return ""
        which = f"line{'s' * (len(found) > 1)} {', '.join(map(str, found))}"
        return f'; "{value}" ({column}) stands on {which}: see source'
