"""Words and numbers as a reader of the chosen language expects them.

The texts in the code are English; `_` and `_n` look them up in the language in use, in the
catalogues of `locale/`.
"""

from __future__ import annotations

import datetime
import gettext
import io
import math
import re
from collections.abc import Sequence
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from .ranges import Range, Verdict

EDITIONS = {"en": "English", "he": "עברית"}
"""The languages in which a report can be read, each with its own name for itself."""

RIGHT_TO_LEFT = frozenset({"he"})
CATALOGUES = Path(__file__).parent / "locale"

NUMBER_RANGE = r"\d[\d.,]*%?[-\u2013]\u2060?\d[\d.,]*%?"
"""A range of numbers with a dash, as a regular expression; its lower end stands on the left."""

_current: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The code of the language in use: `en` unless `use_language` chose another."""
    return _current.get()


def use_language(code: str) -> None:
    """Write everything from here on in another language."""
    _current.set(code)


def directed(text: str) -> str:
    """A text that is drawn by itself, in the direction of the language in use.

    In a line from right to left it is isolated, so that its first letter does not decide how it
    runs, and so is a range of numbers, whose lower end stands on the left (UAX #9).
    """
    if not right_to_left():
        return text
    ranges = re.sub(NUMBER_RANGE, "\u2066\\g<0>\u2069", text)
    return f"\u2067{ranges}\u2069"


def right_to_left() -> bool:
    """Whether the language in use is written from right to left."""
    return language() in RIGHT_TO_LEFT


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    """The translations as written in their .po file, so that none has to be compiled."""
    path = CATALOGUES / f"{code}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as written:
        write_mo(compiled, read_po(written, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(message: str) -> str:
    """The message in the language in use."""
    return _Message(_catalogue(language()).gettext(message))


def _n(singular: str, plural: str, count: int) -> str:
    """The message in the form that the language in use has for this count."""
    return _Message(_catalogue(language()).ngettext(singular, plural, count))


class _Message(str):
    """A translated text, which joins what it is filled in with as its language does."""

    __slots__ = ()

    def format(self, *args: object, **texts: object) -> str:
        return _joined_prefixes(super().format(*args, **texts))


def _joined_prefixes(text: str) -> str:
    """The text with Hebrew prefixes as they are written: with a hyphen before Latin and digits."""
    return re.sub(r"(?<![א-ת])([ובלמכשה]{1,2})(?=[A-Za-z0-9])", r"\1-", text)


def _locale() -> Locale:
    return Locale.parse({"en": "en_GB"}.get(language(), language()))


# --- numbers

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_HEBREW_WORDS = {
    "m": "אפס אחד שניים שלושה ארבעה חמישה שישה שבעה שמונה תשעה עשרה",
    "mc": "אפס אחד שני שלושה ארבעה חמישה שישה שבעה שמונה תשעה עשרה",
    "md": "אפס אחד שני שלושת ארבעת חמשת ששת שבעת שמונת תשעת עשרת",
    "f": "אפס אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע עשר",
    "fc": "אפס אחת שתי שלוש ארבע חמש שש שבע שמונה תשע עשר",
}


class Count(str):
    """One count or two ends, in words, which a translation can make agree with its noun.

    In a Hebrew message `{count:m}` is masculine and `{count:f}` feminine; `c` after it: the form
    that stands before the noun, and `d`: before a noun with an article. From eleven on they are
    figures.
    """

    numbers: tuple[float, ...]

    def __new__(cls, text: str, *numbers: float) -> Count:
        made = super().__new__(cls, text)
        made.numbers = numbers
        return made

    def __format__(self, form: str) -> str:
        if not form:
            return str(self)
        words = _HEBREW_WORDS[form].split()
        first, last = self.numbers[0], self.numbers[-1]
        low, high = (
            words[int(number)] if number in range(len(words)) else decimal(number, 0)
            for number in (first, last)
        )
        return one_or_other(low, high) if last - first == 1 else spanned(low, high)


def count(number: float) -> Count:
    """A count in a sentence: in words below ten, as newspapers print it."""
    if language() == "en" and number == int(number) and 0 <= number < len(_WORDS):
        return Count(_WORDS[int(number)], number)
    return Count(decimal(number, 0), number)


def part(number: float) -> Count:
    """A count before `of the`: none, one, two."""
    return Count(_("none"), number) if number == 0 else count(number)


def decimal(number: float, digits: int = 1) -> str:
    """A number with a fixed number of decimals."""
    return format_decimal(
        number, format="#,##0" + "." * bool(digits) + "0" * digits, locale=_locale()
    )


def percent(share: float) -> str:
    """A share that is given in per cent: 78.6%."""
    return f"{decimal(share)}%"


def spanned(low: str, high: str) -> str:
    """Two ends in words: `low to high`, or the one value that both are."""
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def one_or_other(low: str, high: str) -> str:
    """Two neighbouring values: `one or two`."""
    return _("{low} or {high}").format(low=low, high=high)


def parts(span: Range) -> Count:
    """A range of counts before `of the`: `five to seven`, `none to two`."""
    return Count(spanned(part(span.low), part(span.high)), span.low, span.high)


# --- time


def month_name(ordinal: float, short: bool = False) -> str:
    """A month, counted from January 1970, as a reader says it: February 2025, or Feb 2025."""
    year, month = divmod(int(ordinal), 12)
    date = datetime.date(1970 + year, month + 1, 1)
    return format_skeleton("yMMM" if short else "yMMMM", date, locale=_locale())


def format_day(date: datetime.date) -> str:
    """A day as a reader says it: 18 July 2023."""
    return format_date(date, "long", locale=_locale())


def _month_alone(ordinal: float, short: bool) -> str:
    date = datetime.date(2000, int(ordinal) % 12 + 1, 1)
    return format_date(date, "LLL" if short else "LLLL", locale=_locale())


def month_span(low: float, high: float, short: bool = False) -> str:
    """A range of months; an end that nothing bounds is left open."""
    if not math.isfinite(low):
        return _("{month} or earlier").format(month=month_name(high, short))
    if not math.isfinite(high):
        return _("{month} or later").format(month=month_name(low, short))
    first, last = month_name(low, short), month_name(high, short)
    if low // 12 == high // 12 and low != high:
        first = _month_alone(low, short)
    if high - low == 1:
        return one_or_other(first, last)
    return spanned(first, last)


def month_within(low: float, high: float) -> str:
    """The same after a verb: `in May 2023`, `between January and April 2023`."""
    if not high - low > 1 or not math.isfinite(high - low):
        return _("in {month}").format(month=month_span(low, high))
    first = _month_alone(low, False) if low // 12 == high // 12 else month_name(low)
    return _("between {first} and {last}").format(first=first, last=month_name(high))


def months(number: float) -> str:
    """A whole number of months in a sentence: `four months`."""
    return _n("{count} month", "{count} months", int(number)).format(count=count(number))


def years(number: float) -> str:
    """A number of months as years in a sentence: `five years`, `5.4 years`."""
    if number % 12 == 0:
        whole = int(number) // 12
        return _n("{count} year", "{count} years", whole).format(count=count(whole))
    return _("{years} years").format(years=decimal(number / 12))


def years_span(span: Range) -> str:
    """A range of months in years, to one decimal: `5.4 to 5.7 years`; in months under a year."""
    if span.high < 12:
        return measured_span(span.low, span.high, "months")
    low, high = decimal(span.low / 12), decimal(span.high / 12)
    return _("{years} years").format(years=spanned(low, high))


def measured_span(low: float, high: float, kind: str) -> str:
    """A range with the unit of its kind: `3 to 5`, `78.6%`, `28 months or more`."""
    ends = [end for end in (low, high) if math.isfinite(end)]
    if not ends:
        return _("no limit")
    digits = 0 if all(end == int(end) for end in ends) else 1
    text = spanned(decimal(ends[0], digits), decimal(ends[-1], digits))
    if kind == "percent":
        text += "%"
    if kind == "months":
        text = _n("{months} month", "{months} months", 1 if text == "1" else 2).format(months=text)
    if not math.isfinite(low):
        return _("{number} or less").format(number=text)
    if not math.isfinite(high):
        return _("{number} or more").format(number=text)
    return text


def names_span(low: int, high: int) -> str:
    """How many names: `one name`, `3 to 5 names`."""
    agreeing = high if low == high else max(high, 3)  # "0 to 1 names"
    return _n("{count} name", "{count} names", agreeing).format(
        count=spanned(decimal(low, 0), decimal(high, 0))
    )


def duration(number: float) -> str:
    """A whole number of months, short, as it stands on a mark: `6 y 7 m`."""
    whole, rest = divmod(int(number), 12)
    parts = [_("{years} y").format(years=whole)] if whole else []
    if rest or not whole:
        parts.append(_("{months} m").format(months=rest))
    return " ".join(parts)


# --- lists


def listed(items: Sequence[str]) -> str:
    """Texts in a row: `a, b and c`."""
    joined: str = format_list(list(items), locale=_locale())
    return _joined_prefixes(joined)


def either(items: Sequence[str]) -> str:
    """Texts of which any one is meant: `a, b or c`."""
    joined: str = format_list(list(items), style="or", locale=_locale())
    return joined


def verdict_names() -> dict[Verdict, str]:
    """Each verdict as a reader sees it."""
    return {
        Verdict.SUPPORTED: _("supported"),
        Verdict.INCONCLUSIVE: _("inconclusive"),
        Verdict.CONTRADICTED: _("contradicted"),
        Verdict.UNTESTABLE: _("untestable"),
    }


def sentence(text: str) -> str:
    """A text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
