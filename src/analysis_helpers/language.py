"""Words and numbers as a reader of the chosen language expects them.

The texts in the code are English; `_` and `_n` look them up in the language in use.
"""

from __future__ import annotations

import datetime
import gettext
import math
from collections.abc import Sequence
from contextvars import ContextVar

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from .ranges import Range

_current: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The code of the language in use: `en` unless `use_language` chose another."""
    return _current.get()


def use_language(code: str) -> None:
    """Write everything from here on in another language."""
    _current.set(code)


def _catalogue() -> gettext.NullTranslations:
    return gettext.NullTranslations()


def _(message: str) -> str:
    return _catalogue().gettext(message)


def _n(singular: str, plural: str, count: int) -> str:
    return _catalogue().ngettext(singular, plural, count)


def _locale() -> Locale:
    return Locale.parse({"en": "en_GB"}.get(language(), language()))


# --- numbers

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def count(number: float) -> str:
    """A count in a sentence: in words below ten, as newspapers print it."""
    if language() == "en" and number == int(number) and 0 <= number < len(_WORDS):
        return _WORDS[int(number)]
    return decimal(number, 0)


def part(number: float) -> str:
    """A count before `of the`: none, one, two."""
    return _("none") if number == 0 else count(number)


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


def parts(span: Range) -> str:
    """A range of counts before `of the`: `five to seven`, `none to two`."""
    return spanned(part(span.low), part(span.high))


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
        return _("{low} or {high}").format(low=first, high=last)
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
        digits = 0 if span.low % 1 == span.high % 1 == 0 else 1
        low, high = decimal(span.low, digits), decimal(span.high, digits)
        return _n("{months} month", "{months} months", 1 if high == "1" == low else 2).format(
            months=spanned(low, high)
        )
    low, high = decimal(span.low / 12), decimal(span.high / 12)
    return _("{years} years").format(years=spanned(low, high))


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
    return joined


def either(items: Sequence[str]) -> str:
    """Texts of which any one is meant: `a, b or c`."""
    joined: str = format_list(list(items), style="or", locale=_locale())
    return joined


def sentence(text: str) -> str:
    """A text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
