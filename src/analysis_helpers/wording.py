"""How articles write months and durations, in Hebrew and English, read as ranges.

One table of words a language, one grammar for both. The grammar sees a text as a string of kinds,
one letter a word: "6 years, 7 months" is `nu,nu`, and so is the same in Hebrew.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass

from .errors import shown
from .months import ordinal
from .ranges import Range

FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST_TENURE = 60 * 12
LONGEST_TEXT = 100  # far beyond any real value, and it bounds the work that a hostile one causes

# How far, in months, the truth may lie to either side of a duration printed in ...
MONTHS_SLACK, HALF_YEARS_SLACK, YEARS_SLACK = 1, 3, 6


class WordingError(ValueError):
    """A printed value that cannot be read, or that cannot be true.

    `text` is the value as printed; `accepted` lists examples of what would be read. The message
    quotes the value and, where it is readable but impossible, says why.
    """

    def __init__(self, text: str, accepted: str, why: str = "") -> None:
        self.text = text
        self.accepted = accepted
        super().__init__(f"cannot read {shown(text)}" + (f": {why}" if why else ""))


class _RefusalError(Exception):
    """Says why a text is refused; nothing if it is simply not understood."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    " | " separates values, counted from one; ", " separates ways to write the same. A final "-"
    marks a prefix, which is written onto the next word; a final "." or "'" may be left out.
    """

    months: str  # F
    parts: str  # E: early, mid and late
    numbers: str  # n, but "a" for one
    units: str  # u: years, then months
    lone_units: str  # U: a unit that may also stand alone, and then means one
    dual_units: str  # D: a unit that means two of it
    half: str  # h
    and_: str  # &
    about: str  # ~
    less: str  # <
    in_: str  # i
    of: str  # o
    unknown: str  # ?


# A comma is its own kind, and "x" is a number and a half in figures (2.5).
_KINDS = "FEnuUDh&~<io?"

_TABLES = {
    "en": Words(
        months="january, jan. | february, feb. | march, mar. | april, apr. | may | june, jun. | "
        "july, jul. | august, aug. | september, sept., sep. | october, oct. | november, nov. | "
        "december, dec.",
        parts="early, early in, beginning of, the beginning of, start of, the start of | "
        "mid, middle of, the middle of | late, late in, end of, the end of",
        numbers="a, an, one | two | three | four | five | six | seven | eight | nine | ten | "
        "eleven | twelve | thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | "
        "nineteen | twenty",
        units="year, years, yr., yrs., y | month, months, mo., mos., m",
        lone_units="",
        dual_units="",
        half="half",
        and_="and, &",
        about="about, around, approximately, approx., roughly, circa, ~",
        less="less than, under",
        in_="in, at",
        of="of, the year",
        unknown="unknown",
    ),
    "he": Words(
        months="ינואר, ינו' | פברואר, פבר' | מרץ, מרס, מארס | אפריל, אפר' | מאי | יוני | יולי | "
        "אוגוסט, אוג' | ספטמבר, ספט' | אוקטובר, אוק' | נובמבר, נוב' | דצמבר, דצמ'",
        parts="תחילת, ראשית | אמצע | סוף, שלהי",
        numbers="אחת, אחד | שתיים, שתים, שתי, שניים, שני | שלוש, שלושה, שלושת | "
        "ארבע, ארבעה, ארבעת | חמש, חמישה, חמשה, חמשת | שש, שישה, ששה, ששת | שבע, שבעה, שבעת | "
        "שמונה, שמונת | תשע, תשעה, תשעת | עשר, עשרה, עשרת | אחת עשרה, אחד עשר | "
        "שתים עשרה, שתיים עשרה, שנים עשר, שניים עשר | שלוש עשרה, שלושה עשר | "
        "ארבע עשרה, ארבעה עשר | חמש עשרה, חמישה עשר, חמשה עשר | שש עשרה, שישה עשר, ששה עשר | "
        "שבע עשרה, שבעה עשר | שמונה עשרה, שמונה עשר | תשע עשרה, תשעה עשר | עשרים",
        units="שנים | חודשים",
        lone_units="שנה | חודש",
        dual_units="שנתיים | חודשיים",
        half="חצי",
        and_="ו-",
        about="כ-, בערך, בסביבות, ~",
        less="פחות מ-",
        in_="ב-, בחודש",
        of="שנת",
        unknown="unknown, לא ידוע",
    ),
}
LANGUAGES = tuple(_TABLES)

_DEPARTURES = {
    "en": '"February 2025", "2025-02", "early 2023", "2024", "unknown"',
    "he": '"פברואר 2025", "2025-02", "תחילת 2023", "2024", "unknown"',
}
_TENURES = {
    "en": '"6 years, 7 months", "7 years", "5 months", "a year and a half", "less than a year"',
    "he": '"6 שנים, 7 חודשים", "7 שנים", "חודש אחד", "שנה וחצי", "פחות משנה"',
}


def _phrases(words: Words) -> Iterator[tuple[str, str, int]]:
    """Every phrase of a table, its kind and its value."""
    yield ",", ",", 0
    for kind, row in zip(_KINDS, astuple(words), strict=True):
        for value, phrases in enumerate(row.split(" | "), start=1):
            for phrase in filter(None, phrases.split(", ")):
                yield phrase, "a" if (kind, value) == ("n", 1) else kind, value


def _pattern(phrase: str) -> str:
    """A phrase of a table as a regular expression; only a prefix or a sign may run on."""
    word = phrase.rstrip("-.'")
    if phrase.endswith("-") or not word[-1].isalpha():
        return re.escape(word)
    return re.escape(word) + r"(?![^\W\d_])" + ("[.']?" if phrase != word else "")


def _scanner(words: Words) -> re.Pattern[str]:
    """Matches the next month in figures, number, phrase or space of a plain text."""
    phrases = sorted((phrase for phrase, _, _ in _phrases(words)), key=len, reverse=True)
    return re.compile(
        r"(?<![\d./-])(?P<date>[0-9]{4}(?:[-/][0-9]{1,2}|\.[0-9]{2})|[0-9]{1,2}[-/.][0-9]{4})(?![\d./-])"
        r"|(?P<half>[0-9]+\.5(?!\d))|(?P<number>[0-9]+)"
        rf"|(?P<phrase>{'|'.join(map(_pattern, phrases))})| "
    )


_SCANNERS = {language: _scanner(words) for language, words in _TABLES.items()}
_MEANINGS = {
    language: {phrase.rstrip("-.'"): (kind, value) for phrase, kind, value in _phrases(words)}
    for language, words in _TABLES.items()
}

_QUOTES = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u05f4\u2033", '"')
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u05f3\u2032\u00b4`", "'")
)


def _plain(text: str) -> str:
    """The text without what a reader does not see or would not tell apart."""
    seen = (character for character in text if unicodedata.category(character) != "Cf")
    dashed = ("-" if c == "\u2212" or unicodedata.category(c) == "Pd" else c for c in seen)
    plain = " ".join("".join(dashed).translate(_QUOTES).lower().split())
    if len(plain) > LONGEST_TEXT:
        raise _RefusalError
    while len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'":
        plain = plain[1:-1].strip()
    if slip := re.search(r"\ban? (?:years|yrs|months|mos)\b|^(?:in |at )?of\b", plain):
        raise _RefusalError(f'"{slip[0]}" is a slip of the pen')
    plain = re.sub("(?<=[0-9]) ?½", ".5", plain)
    # A hyphen after a letter joins (mid-2023, כ-7); any other before a number is a minus.
    plain = re.sub(r"(?<=[^\W\d_])- ?(?=\w)", " ", plain)
    if minus := re.search(r"(?<![\d-])-[0-9]+", plain):
        raise _RefusalError(f"{minus[0]} is negative")
    return plain


def _scan(text: str, language: str) -> tuple[str, list[float]]:
    """The kinds of the words of a text, and a value for each."""
    plain = _plain(text)
    kinds, values, end = "", list[float](), 0
    while end < len(plain):
        found = _SCANNERS[language].match(plain, end)
        if not found:
            raise _RefusalError
        end = found.end()
        match found.lastgroup:
            case "date":
                month, year = sorted(re.split("[-/.]", found[0]), key=len)
                kinds += "Fn"
                values += int(month), int(year)
            case "half":
                kinds += "x"
                values.append(float(found[0]))
            case "number":
                kinds += "n"
                values.append(int(found[0]))
            case "phrase":
                kind, value = _MEANINGS[language][found[0].rstrip(".'")]
                kinds += kind
                values.append(value)
    return kinds, values


_DEPARTURE = re.compile(r"i?(?:E?F,?|E)?o?n")
_AMOUNT = re.compile(r"[na][uU]|U(?:a(?!u))?|D")
_SUM = re.compile(rf"(?:{_AMOUNT.pattern})(?:,?&?(?:{_AMOUNT.pattern}))*")
# "A year and a half", "one and a half years", "half a year", "2.5 years".
_HALVED = re.compile(rf"(?:{_AMOUNT.pattern})&a?h|[na]&a?h[uU]|a?ha?[uU]|x[uU]")


def _departure(kinds: str, values: list[float]) -> Range:
    if kinds == "?":
        return Range(-math.inf, math.inf, 1)
    if not _DEPARTURE.fullmatch(kinds):
        raise _RefusalError
    year = int(values[-1])
    if "F" in kinds:  # "late February 2025" is no looser than February 2025
        month = _month(year, int(values[kinds.index("F")]))
        return Range(month, month, 1)
    january = _month(year, 1)
    if "E" in kinds:
        start = january + 4 * (values[kinds.index("E")] - 1)
        return Range(start, start + 3, 1)
    return Range(january, january + 11, 1)


def _tenure(kinds: str, values: list[float]) -> Range:
    start = 1 if kinds[:1] in ("~", "<") else 0
    if _HALVED.fullmatch(kinds, start):
        spans = [(start, len(kinds))]
    elif _SUM.fullmatch(kinds, start):
        spans = [amount.span() for amount in _AMOUNT.finditer(kinds, start)]
    else:
        raise _RefusalError
    stated: dict[str, float] = {}
    for first, end in spans:
        place = next(i for i in range(first, end) if kinds[i] in "uUD")
        unit = "years" if values[place] == 1 else "months"
        if unit in stated:
            raise _RefusalError(f"{unit} are stated twice")
        stated[unit] = _count(kinds[first:end], values[first])
    if len(stated) == 2 and stated["months"] >= 12:
        raise _RefusalError(f"{stated['months']} months do not fit beside years")
    months = 12 * stated.get("years", 0) + stated.get("months", 0)
    if not months:
        raise _RefusalError("a tenure cannot be zero")
    if months > LONGEST_TENURE:
        raise _RefusalError(f"a tenure of {months / 12:.4g} years is longer than a working life")
    if kinds.startswith("<"):
        return Range(0, math.ceil(months) - 1, 1)
    if kinds.startswith("~"):
        slack = YEARS_SLACK
    elif "months" in stated:
        slack = MONTHS_SLACK
    else:
        slack = HALF_YEARS_SLACK if stated["years"] % 1 else YEARS_SLACK
    return Range(max(0, math.floor(months - slack)), math.ceil(months + slack), 1)


def _count(kinds: str, first: float) -> float:
    """How many of its unit an amount is, given its kinds and the value of the first of them."""
    if kinds.startswith(("h", "ah")):
        return 0.5
    whole = {"U": 1, "D": 2}.get(kinds[0], first)
    return whole + 0.5 if "h" in kinds else whole


def _month(year: int, month: int) -> int:
    """The ordinal of a month that can be."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _RefusalError(f"year {year} is outside {FIRST_YEAR} to {LAST_YEAR}")
    if not 1 <= month <= 12:
        raise _RefusalError(f"month {month} does not exist")
    return ordinal(year, month)


@contextmanager
def _reading(text: str, accepted: str) -> Iterator[None]:
    try:
        yield
    except _RefusalError as refusal:
        raise WordingError(text, accepted, str(refusal)) from None


def _accepted(examples: dict[str, str], language: str) -> str:
    """Examples in the language, and in the other one for who has set the wrong language."""
    others = (f'with language = "{x}": {examples[x]}' for x in LANGUAGES if x != language)
    return "; ".join((examples[language], *others))


def read_month(text: str) -> int:
    """The ordinal (see `months`) of a month written YYYY-MM.

    Raises WordingError for any other form, month 0 or 13, or a year outside 1900 to 2100.
    """
    with _reading(text, '"2023-01"'):
        if not re.fullmatch("[0-9]{4}-[0-9]{2}", text):
            raise _RefusalError
        return _month(int(text[:4]), int(text[5:]))


def read_departure(text: str, language: str) -> Range:
    """The months, as ordinals (see `months`), that a printed departure may mean.

    One month, four for an early, mid or late year, twelve for a year; `unknown` is without ends.
    `language` is one of `LANGUAGES`. Raises WordingError for what cannot be read wholly, month 0
    or 13, or a year outside 1900 to 2100.
    """
    with _reading(text, _accepted(_DEPARTURES, language)):
        return _departure(*_scan(text, language))


def read_tenure(text: str, language: str) -> Range:
    """The durations, in months, that a printed tenure may mean; never below 0.

    One month to either side of a duration with months in it, three of half years, six of whole
    years and of what is "about" so long; "less than" is from nothing. `language` is one of
    `LANGUAGES`. Raises WordingError for what cannot be read wholly, a tenure of nothing or below,
    longer than 60 years, with a unit stated twice or 12 months and more beside years.
    """
    with _reading(text, _accepted(_TENURES, language)):
        return _tenure(*_scan(text, language))
