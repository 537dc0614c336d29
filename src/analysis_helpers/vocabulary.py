"""The words and figures in which articles and spreadsheets write months and durations.

One table, both languages side by side. A text becomes a string of kinds, one letter a word: "6
years, 7 months" is `nu,nu`, and so is the same in Hebrew. What the kinds mean together is the
grammar's business, in `wording`.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from .errors import shown
from .months import iso, ordinal

FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST_TEXT = 100  # far beyond any real value, and it bounds the work that a hostile one causes


class Refusal(Exception):  # noqa: N818 (who raises it is asked for a reading, and refuses)
    """Says why a text is refused (nothing if it is simply not understood), and what to write."""

    def __init__(self, why: str = "", instead: str = "") -> None:
        super().__init__(why)
        self.instead = instead


# --- words
#
# " | " separates values, counted from one; ", " separates ways to write the same. A final "-"
# marks a prefix, which is written onto the next word; a final "." or "'" may be left out, one that
# is doubled may not.

WORDS: dict[str, tuple[str, str]] = {
    # A month.
    "F": (
        "january, jan. | february, feb. | march, mar. | april, apr. | may | june, jun. | "
        "july, jul. | august, aug. | september, sept., sep. | october, oct. | november, nov. | "
        "december, dec.",
        "ינואר, ינו' | פברואר, פבר' | מרץ, מרס, מארס | אפריל, אפר' | מאי | יוני | יולי | "
        "אוגוסט, אוג' | ספטמבר, ספט' | אוקטובר, אוק' | נובמבר, נוב' | דצמבר, דצמ'",
    ),
    # A part of a year: early, mid and late; seasons; what a number makes a quarter or a half.
    "E": (
        "early, early in, beginning of, the beginning of, start of, the start of | "
        "mid, middle of, the middle of | late, late in, end, end of, the end of",
        "תחילת, ראשית | אמצע | סוף, שלהי, לקראת סוף",
    ),
    "S": ("spring | summer | autumn, fall | winter", "אביב | קיץ | סתיו | חורף"),
    "Q": ("q, quarter", "q, רבעון"),
    "H": ("h", "h, מחצית"),
    "W": (
        "monday, tuesday, wednesday, thursday, friday, saturday, sunday",
        "יום ראשון, יום שני, יום שלישי, יום רביעי, יום חמישי, יום שישי, שבת",
    ),
    # Numbers: one, the others, and which one.
    "a": ("a, an, one", "אחת, אחד"),
    "n": (
        " | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | "
        "thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen | twenty",
        " | שתיים, שתים, שתי, שניים, שני | שלוש, שלושה, שלושת | ארבע, ארבעה, ארבעת | "
        "חמש, חמישה, חמשה, חמשת | שש, שישה, ששה, ששת | שבע, שבעה, שבעת | שמונה, שמונת | "
        "תשע, תשעה, תשעת | עשר, עשרה, עשרת | אחת עשרה, אחד עשר | "
        "שתים עשרה, שתיים עשרה, שנים עשר, שניים עשר | שלוש עשרה, שלושה עשר | "
        "ארבע עשרה, ארבעה עשר | חמש עשרה, חמישה עשר, חמשה עשר | שש עשרה, שישה עשר, ששה עשר | "
        "שבע עשרה, שבעה עשר | שמונה עשרה, שמונה עשר | תשע עשרה, תשעה עשר | עשרים",
    ),
    "r": (
        "first | second | third | fourth",
        "ראשון, ראשונה, א'' | שנייה, שניה, ב'' | שלישי, שלישית, ג'' | רביעי, רביעית, ד''",
    ),
    # Units; those that may stand alone and then mean one; those that mean two of it.
    "u": (
        "years, year, yr., yrs., y | months, month, mo., mos., m, mth., mths. | decade, decades | "
        "week, weeks, wk., wks. | day, days",
        "שנים, שנ' | חודשים, months | עשורים | שבועות | ימים",
    ),
    "U": ("", "שנה | חודש | עשור | שבוע | יום"),
    "D": ("", "שנתיים | חודשיים | | שבועיים | יומיים"),
    "h": ("half", "חצי, מחצה | רבע"),
    "k": ("a couple of, couple of, a couple | a few, several", " | כמה, מספר"),
    # What joins two words, or may stand beside one without changing it.
    "&": ("and, -and-, &", "ו-"),
    "-": ("-", "-"),
    ".": ("..", ".."),
    "T": ("to, -to-, through", ""),
    "t": ("until, till", "עד"),
    "R": ("or", "או"),
    "/": ("/", "/"),
    "b": ("between", "בין"),
    "l": ("", "ל-"),
    "f": ("from", "מ-"),
    "i": (
        "the, in, in the, in the year, at, at the, on, during, sometime in, some time in, left, "
        "left in",
        "ב-, ה-, בחודש, ביום, במהלך, מתישהו ב-, עזב ב-, עזבה ב-",
    ),
    "o": ("of, the year, of the year", "של, שנת, של שנת"),
    ",": (",", ","),
    "z": ("stint, total, in total, full", "בסך הכול, בסך הכל"),
    # How exact a date is: about; before, by, after, from then on. What stands behind it is another
    # kind than what stands in front.
    "~": (
        "about, around, approximately, approx., roughly, circa, ca., c., some, ~",
        "כ-, בערך, בסביבות, סביב, סביבות, ~",
    ),
    "j": ("or so, ish", ""),
    "q": ("?", "?"),
    "B": ("before, prior to, pre-", "לפני, טרם"),
    "A": ("after, later than, post-", "אחרי, לאחר"),
    "L": (
        "by, no later than, not later than, in or before",
        "לא יאוחר מ-, לא מאוחר מ-",
    ),
    "J": ("at the latest, or earlier, or before", "לכל המאוחר, או קודם לכן, או לפני כן"),
    "G": (
        "not before, no earlier than, not earlier than, in or after",
        "לא לפני, לא מוקדם מ-",
    ),
    "K": (
        "at the earliest, or later, or after, onwards",
        "לכל המוקדם, או מאוחר יותר, או אחרי כן, ואילך",
    ),
    # And a duration: less, nearly, at most; more, a little more, at least.
    "<": ("less than, under, fewer than, <", "פחות מ-, מתחת ל-, <"),
    "v": (
        "nearly, almost, close to, just under, a little under, a bit under, just less than, "
        "a little less than, a bit less than, slightly less than, slightly under, not quite",
        "כמעט, קרוב ל-, קצת פחות מ-, מעט פחות מ-",
    ),
    "m": ("up to, at most, no more than, not more than, <=, ≤", "לכל היותר, לא יותר מ-, <=, ≤"),
    ">": ("more than, over, well over, well more than, >", "יותר מ-, מעל, למעלה מ-, >"),
    "w": (
        "just over, a little over, a bit over, slightly over, just more than, a little more than, "
        "a bit more than, slightly more than",
        "קצת יותר מ-, מעט יותר מ-, קצת מעל",
    ),
    "g": ("at least, no less than, not less than, upwards of, >=, ≥", "לפחות, לא פחות מ-, >=, ≥"),
    "e": ("or more, or longer, plus, +", "ומעלה, או יותר, +"),
    # Not stated; not said which of two things; what goes on.
    "0": (
        "unknown, not known, not stated, not given, unclear, unknown date, date unknown, "
        "date not stated, no date",
        "unknown, לא ידוע, לא ידועה, תאריך לא ידוע, מועד לא ידוע, לא צוין, לא צוינה, לא נמסר",
    ),
    "N": ("n/a, n.a., not available, none", "n/a, לא זמין, אין"),
    "s": ("since, joined in, joined", "מאז, החל מ-, הצטרף ב-, הצטרפה ב-"),
    "p": ("present, now, today, current, still there, stayed", "היום, כיום, עדיין שם, נשאר, נשארה"),
}
LANGUAGES = ("en", "he")

# --- from a text to kinds


def unit_names(language: str) -> tuple[str, str]:
    """Years and months, in a language's words."""
    years, months, *_ = WORDS["u"][LANGUAGES.index(language)].split(" | ")
    return years.split(", ")[0], months.split(", ")[0]


def words(language: str) -> frozenset[str]:
    """Every single word of a language."""
    texts = (phrase for phrase, _, _ in _phrases(language))
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]{3,}", text))


def _phrases(language: str) -> Iterator[tuple[str, str, int]]:
    """Every phrase of a language, its kind and its value."""
    for kind, rows in WORDS.items():
        for value, phrases in enumerate(rows[LANGUAGES.index(language)].split(" | "), start=1):
            for phrase in filter(None, phrases.strip().split(", ")):
                yield phrase, kind, value


def _pattern(phrase: str) -> str:
    """A phrase of a table as a regular expression; only a prefix or a sign may run on."""
    last = phrase[-1]
    if len(phrase) == 1 or not any(map(str.isalpha, phrase)):
        return re.escape(phrase) + r"(?![^\W\d_])" * last.isalpha()
    if last == "-" and phrase[0] != "-":
        return re.escape(phrase[:-1]) + "(?:- ?)?"
    optional = last in ".'" and not phrase.endswith("''")
    stem = phrase.removesuffix("'") if last == "'" else phrase.removesuffix(".")
    end = r"(?![^\W\d_])" * stem[-1].isalpha()
    return re.escape(stem).replace(r"\ ", "[ -]") + end + "[.']?" * optional


def _key(phrase: str) -> str:
    """A phrase, as in the table or as found in a text, without what may be left out of it."""
    if phrase.endswith("''"):
        return phrase[:-1]
    return phrase.replace("-", " ").rstrip(" .'") if any(map(str.isalpha, phrase)) else phrase


# Not within a longer row of figures, and not behind the letter of a quarter or a half.
_NO_DATE_BEFORE, _NO_DATE_AFTER = r"(?<!\d)(?<!\d[/.-])(?<![qh])", r"(?![\d/-]|\.\d)"
_FIGURES = "|".join(
    (
        rf"{_NO_DATE_BEFORE}(?P<iso>[0-9]{{4}}([-/.])[0-9]{{1,2}}\2[0-9]{{1,2}}){_NO_DATE_AFTER}"
        r"(?:[t ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?",
        rf"{_NO_DATE_BEFORE}(?P<day>[0-9]{{1,2}}([-/.])[0-9]{{1,2}}\4(?:[0-9]{{4}}|[0-9]{{2}}))"
        rf"{_NO_DATE_AFTER}",
        rf"{_NO_DATE_BEFORE}(?P<month>[0-9]{{4}}(?:[-/][0-9]{{1,2}}|\.[0-9]{{2}})"
        rf"|[0-9]{{1,2}}[-/.][0-9]{{4}}){_NO_DATE_AFTER}",
        r"'(?P<short_year>[0-9]{2})(?![0-9])",
        r"(?:(?P<whole>[0-9]{1,3})[ -])?(?P<fraction>1/2|[13]/4)(?![0-9/])",
        r"(?P<decimal>[0-9]+\.[0-9]{1,2})(?![0-9]|\.[0-9])",
        r"(?P<which>[0-9]{1,2})(?:st|nd|rd|th)(?![^\W\d_])",
        r"(?P<number>[0-9]+)",
    )
)


@cache
def _scanner(language: str) -> re.Pattern[str]:
    """Matches the next date or number in figures or phrase of a plain text, spaces before it."""
    phrases = sorted((phrase for phrase, _, _ in _phrases(language)), key=len, reverse=True)
    return re.compile(f" *(?:{_FIGURES}|(?P<phrase>{'|'.join(map(_pattern, phrases))}))")


@cache
def _meanings(language: str) -> dict[str, tuple[str, int]]:
    return {_key(phrase): (kind, value) for phrase, kind, value in _phrases(language)}


_SIGNS = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u05f4\u2033", '"')
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u05f3\u2032\u00b4`", "'")
    | {"\u2026": "..", "\u00bd": " 1/2", "\u00bc": " 1/4", "\u00be": " 3/4"}
)


def _plain(text: str) -> str:
    """The text without what a reader does not see or would not tell apart."""
    seen = (character for character in text if unicodedata.category(character) != "Cf")
    dashed = ("-" if c == "\u2212" or unicodedata.category(c) == "Pd" else c for c in seen)
    plain = " ".join("".join(dashed).lower().split())
    if len(plain) > LONGEST_TEXT:
        raise Refusal
    plain = " ".join(plain.translate(_SIGNS).split())
    while len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'":
        plain = plain[1:-1].strip()
    if slip := re.search(r"\ban? (?:years|yrs|months|mos)\b|^(?:in |at )?of\b", plain):
        raise Refusal(f'"{slip[0]}" is a slip of the pen')
    if minus := re.search(r"(?:^|[^\w\s.)?'-]) ?(-[0-9]+)", plain):
        raise Refusal(f"{minus[1]} is negative")
    plain = re.sub(r" ?\(([^()]*)\)$", r" \1", plain)  # 2022 (approx.)
    return re.sub(r"(?<=[^.])\.$", "", plain)


Number = int | Fraction


class Said(NamedTuple):
    """A text, or a part of one: the kinds of its words, and a value for each."""

    kinds: str
    values: list[Number]

    def part(self, found: re.Match[str], name: str) -> Said:
        """What a group of a form has taken."""
        return self.cut(*found.span(name))

    def cut(self, start: int, end: int) -> Said:
        return Said(self.kinds[start:end], self.values[start:end])

    def has(self, kinds: str) -> bool:
        """Whether there is a word of one of these kinds."""
        return not set(kinds).isdisjoint(self.kinds)

    def first(self, kinds: str) -> int:
        """The value of the first word of one of these kinds."""
        pairs = zip(self.kinds, self.values, strict=True)
        return int(next(value for kind, value in pairs if kind in kinds))


def scan(text: str, language: str) -> Said:
    plain = _plain(text)
    match, meanings = _scanner(language).match, _meanings(language)
    kinds, values, end = "", list[Number](), 0
    while end < len(plain):
        found = match(plain, end)
        if not found:
            raise Refusal
        end = found.end()
        if phrase := found["phrase"]:
            kind, value = meanings.get(phrase) or meanings[_key(phrase)]
            kinds += kind
            values.append(value)
        else:
            figures = _figures(found)
            kinds += figures.kinds
            values += figures.values
    return Said(kinds, values)


def _figures(found: re.Match[str]) -> Said:
    """A date or a number: "d", the ordinal of its month; "Y", four digits; "n"; "r", 3rd; "x"."""
    form = found.lastgroup or ""
    numbers = [int(digits) for digits in re.findall("[0-9]+", found[form])]
    value: Number
    match form:
        case "iso":
            kind, value = "d", day_of(*numbers)
        case "day":
            kind, value = "d", _day_either_way(found["day"], *numbers)
        case "month" if max(12, numbers[0] % 100) < numbers[1] < 100:  # 2022-23
            return Said("Y-n", [numbers[0], 0, numbers[1]])
        case "month":
            month, year = sorted(re.split("[-/.]", found["month"]), key=len)
            kind, value = "d", month_of(int(year), int(month))
        case "short_year":
            kind, value = "Y", in_full(*numbers)
        case "fraction":
            kind, value = "x", int(found["whole"] or 0) + Fraction(found["fraction"])
        case "decimal":
            kind, value = "x", Fraction(found["decimal"])
        case "which":
            kind, value = "r", numbers[0]
        case _:
            kind, value = "Y" if len(found["number"]) == 4 else "n", numbers[0]
    return Said(kind, [value])


def month_of(year: int, month: int) -> int:
    """The ordinal of a month that can be."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"year {year} is outside {FIRST_YEAR} to {LAST_YEAR}")
    if not 1 <= month <= 12:
        raise Refusal(f"month {month} does not exist")
    return ordinal(year, month)


def day_of(year: int, month: int, day: int) -> int:
    """The ordinal of the month of a day that can be."""
    found = month_of(year, month)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise Refusal(f"{iso(found)} has no day {day}")
    return found


def _day_either_way(text: str, first: int, second: int, year: int) -> int:
    """The month of 15/06/2023 or 6/15/2023; days with full stops are always day, month, year."""
    if year < 100:
        raise Refusal("its year has two digits", "the year in four digits")
    if "." in text or first > 12 or first == second:
        return day_of(year, second, first)
    if second > 12:
        return day_of(year, first, second)
    either = (f"{year}-{month:02}-{day:02}" for month, day in ((second, first), (first, second)))
    raise Refusal("it may be day and month or month and day", " or ".join(map(shown, either)))


def in_full(year: int, after: int = 1968) -> int:
    """A year given in its last two digits: the first one after another year.

    On its own it lies from 1969 to 2068, as POSIX has it for %y.
    """
    return after + 1 + (year - after - 1) % 100
