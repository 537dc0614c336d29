"""How articles and spreadsheets write months and durations, in English and Hebrew, read as ranges.

One grammar for both languages: a form, in the kinds of words that `vocabulary` knows, and what it
means. No text has two forms. Each form's range, and the reason for it, stand in the codebook,
data/README.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from fractions import Fraction
from typing import TypeVar

from .errors import shown
from .months import first_day, iso, ordinal
from .ranges import Range
from .vocabulary import (
    FIRST_YEAR,
    LANGUAGES,
    LAST_YEAR,
    LONGEST_TEXT,
    Number,
    Refusal,
    Said,
    day_of,
    in_full,
    month_of,
    scan,
    unit_names,
    words,
)

LONGEST_TENURE = 60 * 12
MONTH = "[0-9]{4}-[0-9]{2}"
YEARS_SLACK = 6  # months that the truth may lie to either side of a duration in whole years


class WordingError(ValueError):
    """A printed value that cannot be read, or that cannot be true.

    `text` is the value as printed; `accepted` says what would be read. The message quotes the value
    and, where it is readable but impossible or could mean two things, says why.
    """

    def __init__(self, text: str, accepted: str, why: str = "") -> None:
        self.text = text
        self.accepted = accepted
        super().__init__(f"cannot read {shown(text)}" + (f": {why}" if why else ""))


_BEHIND = str.maketrans("jqJKe", "~~LGg")  # what stands behind an amount, as if in front of it


def _bound(said: Said, kinds: str) -> str:
    """The one word of these kinds, which says how exact a text is; "" where there is none."""
    found = set(said.kinds.translate(_BEHIND)) & set(kinds)
    if len(found) > 1:
        raise Refusal
    return "".join(found)


# --- departures

_SEPARATOR = "[-,/]?"
_NUMBERED = "[QHh]i?[nr]|[nr]-?[QHh]"  # Q3, third quarter
_DATED = "(?:W,?)?i?[nr]-?[io]?F"  # Thursday, 15 June
_PART = f"i?(?:(?:E-?)?(?:{_DATED}|F|{_NUMBERED}|S)|E)"
_SHORT = f"(?:{_DATED}|{_NUMBERED}){_SEPARATOR}n|F-n"  # 15-Jun-23, Q3 22, Jun-23
_PERIOD = (
    f"(?:(?:{_PART}|i?(?:W,?)?F-?[nr]){_SEPARATOR}o?Y|Y{_SEPARATOR}{_PART}"
    f"|i?(?:(?:E-?)?d|o?Y|{_SHORT}))"
)


def _two_periods(joint: str) -> str:
    """The form of two periods, of which the first may leave the year to the second.

    A sign that joins them stands only between them: 2022-Jan-2023 could be two pairs.
    """
    once = f"(?!.*{joint}.*{joint})" if joint in "-/" else ""
    parted = "(?!.i?o?Y$)"  # January 2022 to 2023, but not January to 2023
    first = f"{_PERIOD}|(?!i?E){_PART}{parted}|i?E(?=.i?E)"
    return f"{once}(?P<first>{first})(?P<joint>{joint})(?P<last>{_PERIOD})"


# Where the parts of a year begin, how far apart they are, how long each is and how many there are;
# the narrowest first, since "late February" is no looser than February. Seasons are those of the
# northern year, from where one calendar begins them to where another ends them.
_PARTS = {
    "F": (0, 1, 1, 12),
    "Q": (0, 3, 3, 4),
    "H": (0, 6, 6, 2),
    "S": (2, 3, 4, 4),
    "E": (0, 4, 4, 3),
}
_WINTER = 4


def _months(first: float, last: float) -> Range:
    """A range of months, as far as it lies in the years that there are."""
    least, most = ordinal(FIRST_YEAR, 1), ordinal(LAST_YEAR, 12)
    if first > last:
        raise Refusal("it runs backwards")
    if first > most or last < least:
        raise Refusal(f"it is outside {FIRST_YEAR} to {LAST_YEAR}")
    low = max(first, least) if math.isfinite(first) else first
    return Range(low, min(last, most) if math.isfinite(last) else last, step=1)


def _period(said: Said, year: int = 0) -> Range:
    """The months of a period; `year` is that of one which states none."""
    if said.has("d"):
        return _months(said.first("d"), said.first("d"))
    own_year = _year_of(said)
    if own_year is not None and not said.has("Y"):
        said = said.cut(0, -1)
    january = month_of(own_year or year, 1)
    part = next((kind for kind in _PARTS if kind in said.kinds.replace("h", "H")), None)
    if part is None:
        return _months(january, january + 11)
    begin, apart, long, most = _PARTS[part]
    number = said.first("nr") if part in "QH" else said.first(part)
    if not 1 <= number <= most:
        raise Refusal(f"there are {most} of them in a year")
    if part == "F" and said.has("nr"):
        day_of(own_year or year, number, said.first("nr"))
    first = january + begin + apart * (number - 1)
    if (part, number) == ("S", _WINTER):
        winters = (_months(at, at + long - 1) for at in (first - 12, first))
        raise Refusal("a winter is in two years", _one_of(*winters))
    return _months(first, first + long - 1)


def _year_of(said: Said) -> int | None:
    """The year that a period states, in four digits or in two."""
    if said.has("Y"):
        return said.first("Y")
    short = re.fullmatch(f"i?(?:{_SHORT})", said.kinds)
    return in_full(int(said.values[-1])) if short else None


def _dated(said: Said, found: re.Match[str]) -> Range:
    """The period in which somebody left, or about when, before or after."""
    bound, period = _bound(said, "~BLAG"), said.part(found, "period")
    span = _period(period)
    # Early 2023, as a point in time, is anywhere in its range, and so is what comes before it.
    loose = period.has("ES")
    match bound:
        case "~":
            return _around(span)
        case "B":
            return _months(-math.inf, span.high if loose else span.low - 1)
        case "L":
            return _months(-math.inf, span.high)
        case "A":
            return _months(span.low if loose else span.high + 1, math.inf)
        case "G":
            return _months(span.low, math.inf)
    return span


def _around(span: Range) -> Range:
    """Half its own length more to either side; beyond that, the next such period is nearer."""
    half = math.ceil((span.high - span.low + 1) / 2)
    return _months(span.low - half, span.high + half)


def _ends(said: Said, found: re.Match[str]) -> tuple[Range, Range]:
    """Two periods, of which the first may leave the year to the second."""
    start = said.part(found, "first")
    last = _period(said.part(found, "last"))
    first = _period(start, first_day(last.low).year)
    has_year = start.has("d") or _year_of(start) is not None
    if first.low > last.low and not has_year:  # December or January 2023
        spans = _months(first.low - 12, last.high), _months(last.low, first.high)
        raise Refusal("the first is later in the year", _one_of(*spans))
    return first, last


def _one_of(*spans: Range) -> str:
    return " or ".join(shown(departure_by_hand(span)) for span in spans)


def _from_to(said: Said, found: re.Match[str]) -> Range:
    """All from one period to another, also where it was in one or the other."""
    first, last = _ends(said, found)
    if found["joint"] in "R/" and first.low > last.low:
        first, last = last, first
    span = _months(first.low, max(first.high, last.high) if first.low <= last.high else -math.inf)
    return _around(span) if _bound(said, "~") else span


def _both_years(said: Said, _found: re.Match[str]) -> tuple[Range, Range]:
    """2022/23."""
    year = said.first("Y")
    januaries = month_of(year, 1), month_of(in_full(said.first("n"), year), 1)
    first, last = (_months(january, january + 11) for january in januaries)
    return first, last


def _in_either_year(said: Said, found: re.Match[str]) -> Range:
    first, last = _both_years(said, found)
    return _months(first.low, last.high)


def _winter(said: Said, found: re.Match[str]) -> Range:
    """Winter 2022/23."""
    first, last = _both_years(said, found)
    if said.first("S") != _WINTER or last.low - first.low != 12:
        raise Refusal("no season is in both years")
    return _months(first.high, first.high + 3)


def _two_ways(said: Said, found: re.Match[str]) -> Range:
    """Until May 2023: there until then, or gone by then. Since 2023: gone in it, or in it or later.

    Raises Refusal.
    """
    word, span = said.part(found, "word"), _period(said.part(found, "period"))
    others = _months(-math.inf, span.high) if word.has("t") else _months(span.low, math.inf)
    raise Refusal("it may be the time itself or a bound", _one_of(span, others))


def _day_or_year(said: Said, _found: re.Match[str]) -> Range:
    """Jun 23. Raises Refusal."""
    month = month_of(in_full(said.first("n")), said.first("F"))
    instead = f"{_one_of(_months(month, month))}, or a day with its year"
    raise Refusal("its number may be a day or a year", instead)


def _no_year(said: Said, _found: re.Match[str]) -> Range:
    """23. Raises Refusal."""
    month_of(said.first("n"), 1)
    raise Refusal


def _left_or_not(_said: Said, _found: re.Match[str]) -> Range:
    """Raises Refusal."""
    instead = 'an empty cell for who stayed, "unknown" for who left in a month that is not stated'
    raise Refusal("it does not say whether somebody left", instead)


def _one_sided(said: Said, _found: re.Match[str]) -> Range:
    """By hand, with one end: ..2022-09 or 2022-07.."""
    month = said.first("d")
    return _months(-math.inf, month) if said.kinds == ".d" else _months(month, math.inf)


_Meaning = TypeVar("_Meaning", Range, Range | None)
_Forms = Mapping[str, Callable[[Said, re.Match[str]], _Meaning]]


_DEPARTURES: _Forms[Range] = {
    "(?:i,?)?0": lambda _said, _found: Range(-math.inf, math.inf, 1),
    f"[~BLAG]?(?P<period>{_PERIOD})[~jqJK]?": _dated,
    **{f"~?f?{_two_periods(joint)}": _from_to for joint in ("-", "/", "[RTt.]")},
    f"b{_two_periods('[Tt&l]')}": _from_to,
    "i?o?Y[-RTt/]n": _in_either_year,
    "i?(?:E-?)?So?Y[-/]n": _winter,
    r"\.d|d\.": _one_sided,
    f"(?P<word>[ts])(?P<period>{_PERIOD})": _two_ways,
    "i?Fn": _day_or_year,
    "n": _no_year,
    "[Nqp-]": _left_or_not,
}


def names_season(text: str, language: str) -> bool:
    """Whether a departure that can be read is dated by a season."""
    return scan(text, language).has("S")


# --- tenures

_COUNT = "[naYx]"
_WHOLE = "(?:[naY][jez]?-?[uU]|U(?:a(?!u))?|D)"
_SIMPLE = f"(?:{_WHOLE}|x[jez]?-?[uU])"
# "A year and a half", "one and a half years", "half a year".
_HALVED = f"(?:{_WHOLE}-?&-?a?-?h|[na]-?&-?a?-?h-?[uU]|a?-?h-?o?a?-?[uU])"
_AMOUNT = f"(?:{_HALVED}|{_SIMPLE}(?:,?&?{_SIMPLE})*)"

_DAY = Fraction(12, 365)
_YEAR, _MONTH, _DECADE, _WEEK = 12, 1, 120, 7 * _DAY
_UNITS: tuple[Number, ...] = (_YEAR, _MONTH, _DECADE, _WEEK, _DAY)  # as the words are in order
_NAMES = dict(zip(_UNITS, ("years", "months", "decades", "weeks", "days"), strict=True))
_HALVES = (Fraction(1, 2), Fraction(1, 4))
# How far the truth may lie from a duration given in such parts of its unit: years, decades, others.
_SLACK: Mapping[Number, Mapping[int, int]] = {
    _YEAR: {1: YEARS_SLACK, 2: 3, 4: 2, 10: 1},
    _DECADE: {1: 24, 2: 12},
}
_MONTHS_SLACK = {20: 1}
_A_FEW: Mapping[Number, int] = {
    _YEAR: 9,
    _MONTH: 11,
}  # ten years are a decade, twelve months a year


def _lengths(low: Number, high: Number, slack: int = 0) -> Range:
    """A range of whole months that can be a tenure."""
    if low > high:
        raise Refusal("it runs backwards")
    if high <= 0:
        raise Refusal("a tenure cannot be zero")
    if high > LONGEST_TENURE:
        years = float(high / 12)
        raise Refusal(f"a tenure of {years:.4g} years is longer than a working life")
    return _whole(low - slack, high + slack)


def _whole(low: Number, high: Number) -> Range:
    most = LONGEST_TENURE + YEARS_SLACK
    return Range(max(0, math.floor(low)), max(0, min(math.ceil(high), most)), step=1)


def _amount(said: Said) -> tuple[Number, int]:
    """How many months an amount is, and how far the truth may lie to either side."""
    parts = [(0, len(said.kinds))]
    if not re.fullmatch(_HALVED, said.kinds):
        parts = [part.span() for part in re.finditer(_SIMPLE, said.kinds)]
    stated: dict[Number, Number] = {}
    for start, end in parts:
        part = said.cut(start, end)
        unit = _UNITS[part.first("uUD") - 1]
        if unit in stated:
            raise Refusal(f"{_NAMES[unit]} are stated twice")
        stated[unit] = _count(part)
    for unit, count in stated.items():
        if any(unit < other <= unit * count for other in stated):
            other = min(other for other in stated if other > unit)
            raise Refusal(f"{count} {_NAMES[unit]} do not fit beside {_NAMES[other]}")
    return (
        sum(unit * count for unit, count in stated.items()),
        min(_slack(unit, count) for unit, count in stated.items()),
    )


def _count(said: Said) -> Number:
    """How many of its unit an amount is."""
    part = _HALVES[said.first("h") - 1] if said.has("h") else 0
    if re.match("a?-?h", said.kinds):
        return part
    return part + {"U": 1, "D": 2}.get(said.kinds[0], said.values[0])


def _slack(unit: Number, count: Number) -> int:
    for parts, slack in _SLACK.get(unit, _MONTHS_SLACK).items():
        if count * parts % 1 == 0:
            return slack
    raise Refusal("a duration can be given in halves, quarters and tenths")


def _lasting(said: Said, found: re.Match[str]) -> Range:
    """An amount, or about, less or more than it."""
    months, slack = _amount(said.part(found, "amount"))
    exact = _lengths(months, months, slack)
    rough = max(3, slack)  # who says "nearly" or "more than" counts no single months
    match _bound(said, "~<vmt>wg"):
        case "~":
            return _lengths(months, months, max(6, slack))
        case "<":
            return _whole(0, math.ceil(months) - 1)
        case "v":
            return _whole(months - rough, math.ceil(months) - 1)
        case "m" | "t":
            return _whole(0, months)
        # Not as much as the next such amount, which would have been said instead.
        case ">":
            return _whole(math.floor(months) + 1, math.ceil(months) + 2 * rough - 1)
        case "w":
            return _whole(math.floor(months) + 1, months + rough)
        case "g":
            return _whole(months, math.ceil(months) + 2 * rough - 1)
    return exact


def _between(said: Said, found: re.Match[str]) -> Range:
    """One amount to another, or one or the other; a unit may be given once."""
    first, last = said.part(found, "first"), said.part(found, "last")
    unit = (last if last.has("uUD") else first).first("uUD")
    (low, low_slack), (high, high_slack) = (
        _amount(part if part.has("uUD") else Said(part.kinds + "u", [*part.values, unit]))
        for part in (first, last)
    )
    slack = max(low_slack, high_slack) if found["joint"] in "R/" else 0
    return _lengths(low, high, max(6, slack) if _bound(said, "~") else slack)


def _a_few(said: Said, _found: re.Match[str]) -> Range:
    """A couple of years, two or three; a few, as many as there is no other word for."""
    unit = _UNITS[said.first("u") - 1]
    if said.first("k") == 1:
        return _lengths(2 * unit, 3 * unit, _slack(unit, 1))
    if unit not in _A_FEW:
        raise Refusal
    return _lengths(2 * unit, _A_FEW[unit] * unit, 0)


def _by_hand(said: Said, _found: re.Match[str]) -> Range:
    """36..48 months, which is just that."""
    low, high = (_UNITS[said.first("u") - 1] * value for value in said.values[:3:2])
    if low > high:
        raise Refusal("it runs backwards")
    if high > LONGEST_TENURE + YEARS_SLACK:
        raise Refusal("it is longer than a working life")
    return _whole(low, high)


def _from_until(said: Said, found: re.Match[str]) -> Range:
    """2018 to 2023; one month either way, since the first and the last may both be counted."""
    first, last = _ends(said, found) if found.groups() else _both_years(said, found)
    if last.high < first.low:
        raise Refusal("it runs backwards")
    return _lengths(int(max(0, last.low - first.high)), int(last.high - first.low), 1)


def _without_end(_said: Said, _found: re.Match[str]) -> Range:
    """Since 2020. Raises Refusal."""
    raise Refusal("it does not say until when", 'both ends: "2018-2023"; or a length')


def _without_unit(_said: Said, _found: re.Match[str]) -> Range:
    """Five. Raises Refusal."""
    raise Refusal("it has no unit", 'a number and its unit: "5 {years}", "60 {months}"')


def _two_amounts(joint: str) -> str:
    """The form of two amounts, of which one may leave the unit to the other."""
    either = f"{_AMOUNT}|{_COUNT}"
    return f"(?=.*[uUD])(?P<first>{either})(?P<joint>{joint})(?P<last>{either})"


_TENURES: _Forms[Range | None] = {
    "[0Nq-]": lambda _said, _found: None,
    f"[~<vmt>wg]?(?P<amount>{_AMOUNT})[~jqge]?z?": _lasting,
    f"~?{_two_amounts('[-RTt/]')}[~jq]?": _between,
    f"b{_two_amounts('[Tt&l]')}": _between,
    r"[nY]\.[nY]u": _by_hand,
    "k-?u": _a_few,
    **{f"[fs]?{_two_periods(joint)}": _from_until for joint in ("-", "[Tt.]")},
    f"b{_two_periods('[Tt&l]')}": _from_until,
    "[fs]?Y[-Tt]n": _from_until,
    f"s{_PERIOD}|s?{_PERIOD}[-Tt]p": _without_end,
    f"[~<vmt>wg]?{_COUNT}(?:&a?h)?[~jqe]?": _without_unit,
}


# --- reading and writing

_DEPARTURES_ACCEPTED = {
    "en": '"February 2025", "15 June 2023", "early 2023", "Q3 2022", "2024", "before 2023", '
    '"2022-07..2022-09", "unknown"',
    "he": '"פברואר 2025", "15 ביוני 2023", "תחילת 2023", "רבעון שלישי 2022", "2024", "לפני 2023", '
    '"2022-07..2022-09", "לא ידוע"',
}
_TENURES_ACCEPTED = {
    "en": '"6 years, 7 months", "7 years", "3 to 4 years", "a year and a half", '
    '"more than 3 years", "36..48 months"',
    "he": '"6 שנים, 7 חודשים", "7 שנים", "3 עד 4 שנים", "שנה וחצי", "יותר מ-3 שנים", '
    '"36..48 months"',
}


@contextmanager
def _reading(text: str, accepted: str, language: str = "en") -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        years, months = unit_names(language)
        instead = refusal.instead.format(years=years, months=months)
        raise WordingError(text, instead or accepted, str(refusal)) from None


def _meaning(said: Said, forms: _Forms[_Meaning]) -> _Meaning:
    for form, meaning in forms.items():
        if found := re.fullmatch(form, said.kinds):
            return meaning(said, found)
    raise Refusal


def read_month(text: str) -> int:
    """The ordinal (see `months`) of a month written YYYY-MM.

    Raises WordingError for any other form, month 0 or 13, or a year outside 1900 to 2100.
    """
    with _reading(text, '"2023-01"'):
        if not re.fullmatch(MONTH, text):
            raise Refusal
        return month_of(int(text[:4]), int(text[5:]))


def read_departure(text: str, language: str) -> Range:
    """The months, as ordinals (see `months`), that a printed departure may mean.

    The codebook has the form's range; what is before or after something has one end, `unknown`
    none. `language` is one of `LANGUAGES`. Raises WordingError for what cannot be read wholly or
    could be read in two ways, for a day or month that does not exist and a year outside 1900 to
    2100.
    """
    with _reading(text, _DEPARTURES_ACCEPTED[language], language):
        return _meaning(scan(text, language), _DEPARTURES)


def read_tenure(text: str, language: str) -> Range | None:
    """The durations, in months, that a printed tenure may mean, never below 0; None for `unknown`.

    The codebook has each form's range. `language` is one of `LANGUAGES`. Raises WordingError for
    what cannot be read wholly, a tenure of nothing or below, longer than 60 years, with a unit
    stated twice or 12 months and more beside years.
    """
    with _reading(text, _TENURES_ACCEPTED[language], language):
        return _meaning(scan(text, language), _TENURES)


def says_stayed(text: str, language: str) -> bool:
    """Whether a text in the place of a departure says that there was none: "still there"."""
    with suppress(Refusal):
        return scan(text, language).kinds == "p"
    return False


def departure_by_hand(months: Range) -> str:
    """A range of months as a person writes one by hand, which is read as just that range.

    Example:
        >>> departure_by_hand(read_departure("early 2023", "en"))
        '2023-01..2023-04'
    """
    low, high = (iso(end) if math.isfinite(end) else "" for end in (months.low, months.high))
    return "unknown" if low == high == "" else low if low == high else f"{low}..{high}"


def tenure_by_hand(months: Range | None) -> str:
    """A range of durations as a person writes one by hand, which is read as just that range.

    Example:
        >>> tenure_by_hand(read_tenure("7 years", "en"))
        '78..90 months'
    """
    return "unknown" if months is None else f"{months.low:.0f}..{months.high:.0f} months"


def hint(error: WordingError, language: str, read: Callable[[str, str], object]) -> str:
    """What may have been meant by a text that a reader refused, to stand behind the message.

    The nearest text that it reads, or that the text is in another language; "" where it is neither.

    Example:
        >>> hint(WordingError("6 yeers", ""), "en", read_tenure)
        '; did you mean "6 years"?'
    """
    with suppress(WordingError):
        read(error.text, language)
        return ""  # something else than its wording is wrong
    for other in LANGUAGES:
        if other != language:
            with suppress(WordingError):
                read(error.text, other)
                return f'; it would be read with language = "{other}" in cohort.toml'
    near = error.text[:LONGEST_TEXT]
    known = words(language)
    for word in set(re.findall(r"[^\W\d_]{3,}", near)):
        if word.lower() not in known and (likely := get_close_matches(word.lower(), known, 1, 0.7)):
            near = near.replace(word, likely[0].title() if word.istitle() else likely[0])
    with suppress(WordingError):
        if near != error.text:
            read(near, language)
            return f"; did you mean {shown(near)}?"
    return ""
