"""Words and numbers as a reader of a language expects them.

The texts in the code are English; a `Language` looks them up in its catalogue in `locale/`. A
language is a catalogue: nothing here but the number words of Hebrew knows which ones there are.
"""

from __future__ import annotations

import datetime
import gettext
import io
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from .errors import InputError, Problem, did_you_mean, shown
from .months import first_day
from .ranges import Range, Verdict

CATALOGUES = Path(__file__).parent / "locale"

PEOPLE = ("authors", "founders", "members", "employees", "researchers", "editors")
"""What the rows of a cohort can be."""

NUMBER_RANGE = r"\d[\d.,]*%?[-\u2013]\u2060?\d[\d.,]*%?"
"""A range of numbers with a dash, as a regular expression; its lower end stands on the left."""

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_HEBREW_WORDS = {
    "m": "אפס אחד שניים שלושה ארבעה חמישה שישה שבעה שמונה תשעה עשרה",
    "mc": "אפס אחד שני שלושה ארבעה חמישה שישה שבעה שמונה תשעה עשרה",
    "md": "אפס אחד שני שלושת ארבעת חמשת ששת שבעת שמונת תשעת עשרת",
    "f": "אפס אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע עשר",
    "fc": "אפס אחת שתי שלוש ארבע חמש שש שבע שמונה תשע עשר",
}


def codes() -> tuple[str, ...]:
    """The languages in which a report can be read, English first."""
    return ("en", *sorted(path.stem for path in CATALOGUES.glob("*.po")))


def translations() -> tuple[str, ...]:
    """The languages other than English; a key or column of a cohort for one ends in its code."""
    return codes()[1:]


@dataclass(frozen=True)
class Text:
    """A text of a cohort in English, and its translations by language code."""

    english: str
    translations: Mapping[str, str]

    def said(self, language: Language) -> str:
        """The text in a language; in English where it has none in that."""
        return self.translations.get(language.code, self.english)

    def all(self) -> tuple[str, ...]:
        """The text in every language that it has."""
        return (self.english, *self.translations.values())


@dataclass(frozen=True)
class Language:
    """How one language says what a report has to say.

    Called with an English text it gives the translation: `say("left")`, and
    `say("{count} left").format(count=say.count(2))`.
    """

    code: str

    @staticmethod
    def of(code: str) -> Language:
        """The language with this code. Raises InputError where there is no edition in it."""
        if code not in codes():
            what = f"there is no edition in {shown(code)}{did_you_mean(str(code), codes())}"
            raise InputError([Problem("language", what, ", ".join(codes()))])
        return Language(code)

    def __call__(self, message: str) -> str:
        """The message in this language."""
        return Message(_catalogue(self.code).gettext(message))

    def plural(self, singular: str, plural: str, count: int) -> str:
        """The message in the form that this language has for the count."""
        return Message(_catalogue(self.code).ngettext(singular, plural, count))

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse({"en": "en_GB"}.get(self.code, self.code))

    @property
    def own_name(self) -> str:
        """The language's name for itself: English, עברית."""
        return sentence(str(Locale.parse(self.code).language_name))

    def language_name(self, code: str) -> str:
        """What this language calls another: Hebrew, עברית."""
        return str(Locale.parse(code).get_language_name(self._locale) or code)

    # --- direction

    @property
    def right_to_left(self) -> bool:
        return bool(self._locale.text_direction == "rtl")

    @property
    def direction(self) -> str:
        return "rtl" if self.right_to_left else "ltr"

    def directed(self, text: str) -> str:
        """A text that is drawn by itself, in the direction of the language.

        In a line from right to left it is isolated, so that its first letter does not decide how it
        runs, and so is a range of numbers, whose lower end stands on the left (UAX #9). Before a
        letter that runs from left to right stands a mark: browsers tear it off its word otherwise
        where letters and signs have typefaces of their own.
        """
        if not self.right_to_left:
            return text
        text = hebrew_marks(text)
        ranges = re.sub(NUMBER_RANGE, "\u2066\\g<0>\u2069", text)
        mark = "\u200f" if unicodedata.bidirectional(text[:1] or " ") == "L" else ""
        return f"\u2067{mark}{ranges}\u2069"

    # --- numbers

    def count(self, number: float) -> Count:
        """A count in a sentence: in words below ten, as newspapers print it."""
        if self.code == "en" and number == int(number) and 0 <= number < len(_WORDS):
            return Count(_WORDS[int(number)], self, number)
        return Count(self.decimal(number, 0), self, number)

    def part(self, number: float) -> Count:
        """A count before `of the`: none, one, two."""
        return Count(self("none"), self, number) if number == 0 else self.count(number)

    def alone(self, number: float) -> str:
        """A count without its noun: two, in `at least two`."""
        return self("{count}").format(count=self.count(number))

    def tallied(self, span: Range) -> str:
        """A range of counts without their noun: `three`, `at most one`, `two to four`."""
        if 0 == span.low < span.high:
            return self("at most {value}").format(value=self.alone(span.high))
        if span.is_exact:
            return self.alone(span.low)
        joined = self.one_or_other if span.high - span.low == 1 else self.spanned
        return joined(self.alone(span.low), self.alone(span.high))

    def decimal(self, number: float, digits: int = 1) -> str:
        """A number with a fixed number of decimals."""
        return format_decimal(
            number, format="#,##0" + "." * bool(digits) + "0" * digits, locale=self._locale
        )

    def percent(self, share: float) -> str:
        """A share that is given in per cent: 78.6%, 75%."""
        return f"{self.decimal(share, 0 if share == int(share) else 1)}%"

    def spanned(self, low: str, high: str) -> str:
        """Two ends in words: `low to high`, or the one value that both are."""
        return low if low == high else self("{low} to {high}").format(low=low, high=high)

    def digits(self, span: Range) -> str:
        """A range of counts in digits, as a table and a mark have it: `2 to 3`."""
        return self.spanned(self.decimal(span.low, 0), self.decimal(span.high, 0))

    def one_or_other(self, low: str, high: str) -> str:
        """Two neighbouring values: `one or two`."""
        return self("{low} or {high}").format(low=low, high=high)

    def parts(self, span: Range) -> Count:
        """A range of counts before `of the`: `five to seven`, `none to two`, `two or three`."""
        joined = self.one_or_other if span.high - span.low == 1 else self.spanned
        text = joined(self.part(span.low), self.part(span.high))
        return Count(text, self, span.low, span.high)

    # --- time

    def month_name(self, ordinal: float, short: bool = False) -> str:
        """A month, counted from January 1970, as a reader says it: February 2025, or Feb 2025."""
        skeleton = "yMMM" if short else "yMMMM"
        return format_skeleton(skeleton, first_day(ordinal), locale=self._locale)

    def day(self, date: datetime.date) -> str:
        """A day as a reader says it: 18 July 2023."""
        return format_date(date, "long", locale=self._locale)

    def month_alone(self, ordinal: float, short: bool = True) -> str:
        """A month without its year: Feb."""
        date = datetime.date(2000, int(ordinal) % 12 + 1, 1)
        return format_date(date, "LLL" if short else "LLLL", locale=self._locale)

    def month_span(self, low: float, high: float, short: bool = False) -> str:
        """A range of months; an end that nothing bounds is left open."""
        if not math.isfinite(low):
            return self("{month} or earlier").format(month=self.month_name(high, short))
        if not math.isfinite(high):
            return self("{month} or later").format(month=self.month_name(low, short))
        first, last = self.month_name(low, short), self.month_name(high, short)
        if low // 12 == high // 12 and low != high:
            first = self.month_alone(low, short)
        if high - low == 1:
            return self.one_or_other(first, last)
        return self.spanned(first, last)

    def month_within(self, low: float, high: float) -> str:
        """The same after a verb: `in May 2023`, `between January and April 2023`."""
        if low == high or not math.isfinite(high - low):
            return self("in {month}").format(month=self.month_span(low, high))
        text = self("between {first} and {last}")
        if high - low == 1:
            text = self("in {first} or {last}")
        return text.format(first=self._first_of(low, high), last=self.month_name(high))

    def month_aside(self, low: float, high: float) -> str:
        """The same in parentheses: `May 2023`, `January to April 2023`."""
        if not high - low > 1 or not math.isfinite(high - low):
            return self.month_span(low, high)
        text = self("{first} to {last}")
        return text.format(first=self._first_of(low, high), last=self.month_name(high))

    def _first_of(self, low: float, high: float) -> str:
        """The first of two months, without its year where that is the year of both."""
        return self.month_alone(low, False) if low // 12 == high // 12 else self.month_name(low)

    def months(self, number: float) -> str:
        """A whole number of months in a sentence: `four months`."""
        text = self.plural("{count} month", "{count} months", int(number))
        return text.format(count=self.count(number))

    def years(self, number: float) -> str:
        """A number of months as years in a sentence: `five years`, `5.4 years`."""
        if number % 12 == 0:
            whole = int(number) // 12
            text = self.plural("{count} year", "{count} years", whole)
            return text.format(count=self.count(whole))
        return self("{years} years").format(years=self.decimal(number / 12))

    def years_span(self, span: Range) -> str:
        """A range of months in years, to a decimal: `5.4 to 5.7 years`; in months under a year."""
        if span.high < 12:
            return self.measured_span(span.low, span.high, "months")
        low, high = self.decimal(span.low / 12), self.decimal(span.high / 12)
        return self("{years} years").format(years=self.spanned(low, high))

    def measured_span(self, low: float, high: float, kind: str) -> str:
        """A range with the unit of its kind: `3 to 5`, `78.6%`, `28 months or more`."""
        ends = [end for end in (low, high) if math.isfinite(end)]
        if not ends:
            return self("no limit")
        digits = 0 if all(end == int(end) for end in ends) else 1
        if kind == "count" and 0 == low < high:
            return self("at most {value}").format(value=self.decimal(high, 0))
        text = self.spanned(self.decimal(ends[0], digits), self.decimal(ends[-1], digits))
        if kind == "percent":
            text += "%"
        if kind == "months":
            form = self.plural("{months} month", "{months} months", 1 if text == "1" else 2)
            text = form.format(months=text)
        if not math.isfinite(low):
            return self("{number} or less").format(number=text)
        if not math.isfinite(high):
            return self("{number} or more").format(number=text)
        return text

    def names_span(self, low: int, high: int) -> str:
        """How many names: `one name`, `3 to 5 names`."""
        agreeing = high if low == high else max(high, 3)  # "0 to 1 names"
        text = self.plural("{count} name", "{count} names", agreeing)
        return text.format(count=self.spanned(self.decimal(low, 0), self.decimal(high, 0)))

    def duration_in_words(self, number: float) -> str:
        """A whole number of months in a sentence: `six years and seven months`."""
        whole, rest = divmod(int(number), 12)
        if not whole or not rest:
            return self.months(rest) if not whole else self.years(12 * whole)
        text = self("{years} and {months}")
        return text.format(years=self.years(12 * whole), months=self.months(rest))

    def duration(self, number: float) -> str:
        """A whole number of months, short, as it stands on a mark: `6 y 7 m`."""
        whole, rest = divmod(int(number), 12)
        years = self.plural("{count} y", "{count} y", whole).format(count=whole)
        months = self.plural("{count} m", "{count} m", rest).format(count=rest)
        if whole and rest:
            return self("{years} {months}").format(years=years, months=months)
        return years if whole else months

    # --- people

    def noun(self, people: str) -> tuple[str, str]:
        """One and several of what the rows of a cohort are; `people` is a key of `PEOPLE`."""
        return {
            "authors": (self("author"), self("authors")),
            "founders": (self("founder"), self("founders")),
            "members": (self("member"), self("members")),
            "employees": (self("employee"), self("employees")),
            "researchers": (self("researcher"), self("researchers")),
            "editors": (self("editor"), self("editors")),
        }[people]

    # --- lists and verdicts

    def listed(self, items: Sequence[str]) -> str:
        """Texts in a row: `a, b and c`."""
        joined: str = format_list(list(items), locale=self._locale)
        return _joined_prefixes(joined)

    def either(self, items: Sequence[str]) -> str:
        """Texts of which any one is meant: `a, b or c`."""
        joined: str = format_list(list(items), style="or", locale=self._locale)
        return joined

    def source(self, source: str) -> str:
        """Where something is stated, as a reader says it; an address as it is."""
        lines = re.fullmatch(r"lines? (\d+)(?:[-–](\d+))?", source)
        if lines is None:
            return source
        said = self("line {number}").format(number=lines[1])
        if lines[2] is not None:
            said = self("lines {first}-{last}").format(first=lines[1], last=lines[2])
        return said.replace(" ", "\u00a0").replace("-", "-\u2060")

    def verdict(self, verdict: Verdict) -> str:
        """A verdict as a reader sees it."""
        return {
            Verdict.SUPPORTED: self("supported"),
            Verdict.INCONCLUSIVE: self("inconclusive"),
            Verdict.CONTRADICTED: self("contradicted"),
            Verdict.UNTESTABLE: self("not checked"),
        }[verdict]


ENGLISH = Language("en")


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


class Message(str):
    """A translated text, which joins what it is filled in with as its language does."""

    __slots__ = ()

    def format(self, *args: object, **texts: object) -> str:
        return _joined_prefixes(super().format(*args, **texts))


def _joined_prefixes(text: str) -> str:
    """The text with Hebrew prefixes as they are written: with a hyphen before Latin and digits."""
    return re.sub(r"(?<![א-ת])([ובלמכשה]{1,2})(?=[A-Za-z0-9])", r"\1-", text)


class Count(str):
    """One count or two ends, in words, which a translation can make agree with its noun.

    In a Hebrew message `{count:m}` is masculine and `{count:f}` feminine; `c` after it: the form
    that stands before the noun, and `d`: before a noun with an article. From eleven on they are
    figures.
    """

    numbers: tuple[float, ...]
    say: Language

    def __new__(cls, text: str, say: Language, *numbers: float) -> Count:
        made = super().__new__(cls, text)
        made.say, made.numbers = say, numbers
        return made

    def __format__(self, form: str) -> str:
        if not form:
            return str(self)
        words = _HEBREW_WORDS[form].split()
        first, last = self.numbers[0], self.numbers[-1]
        low, high = (
            words[int(number)] if number in range(len(words)) else self.say.decimal(number, 0)
            for number in (first, last)
        )
        if last - first == 1:
            return self.say.one_or_other(low, high)
        return self.say.spanned(low, high)


class Name(str):
    """A name that a translation can put a Hebrew prefix before: `{company:ב}`.

    The article of a name merges with ב, כ and ל: הגזט, the Gazette, and בגזט. Its first letter is
    the article where the English name begins with `the`: הרצליה, Herzliya, and בהרצליה.
    """

    has_article: bool

    @staticmethod
    def of(english: str, said: str) -> Name:
        """A name as an edition says it; `english` tells whether it begins with the article."""
        made = Name(said)
        made.has_article = said.startswith("ה") and english.casefold().startswith("the ")
        return made

    def __format__(self, prefix: str) -> str:
        merges = self.has_article and prefix.endswith(("ב", "כ", "ל"))
        return prefix + self[merges:]


def hebrew_marks(text: str) -> str:
    """A text, or HTML, with a geresh and gershayim for quotation marks within Hebrew words."""
    text = re.sub('(?<=[א-ת])(?:["”]|&quot;)(?=[א-ת](?![א-ת]))', "״", text)
    return re.sub("(?<=[גדזטצץת])(?:['’]|&#x27;)", "׳", text)


def within(title: str) -> str:
    """A title in the middle of a sentence: its article is in lower case."""
    return re.sub("^(The|An?)(?= )", lambda article: article[0].lower(), title)


def sentence(text: str) -> str:
    """A text with its first letter in upper case, also behind a quotation mark."""
    mark = text[:1] if text[:1] in "“\"‘'" else ""
    rest = text.removeprefix(mark)
    return mark + rest[:1].upper() + rest[1:]


def lowered(text: str) -> str:
    """A sentence as it goes on behind other words: `both authors`, `11 of them`."""
    return text[:1].lower() + text[1:]
