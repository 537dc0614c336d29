"""Printed months and durations are read as the ranges that they stand for, or refused."""

from __future__ import annotations

import doctest
import importlib.util
import math
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import as_people_write
from analysis_helpers import vocabulary, wording
from analysis_helpers.months import ordinal
from analysis_helpers.ranges import Range
from analysis_helpers.wording import (
    LANGUAGES,
    WordingError,
    departure_by_hand,
    hint,
    names_season,
    read_departure,
    read_month,
    read_tenure,
    says_stayed,
    tenure_by_hand,
)


def months(first: str, last: str) -> Range:
    """By an independent route: the ordinals that pandas gives to two months."""
    return Range(pd.Period(first, "M").ordinal, pd.Period(last, "M").ordinal, 1)


# --- Departures, value by value ---------------------------------------------------------------

ENGLISH_MONTHS = {
    1: "January Jan Jan.",
    2: "February Feb Feb.",
    3: "March Mar Mar.",
    4: "April Apr Apr.",
    5: "May",
    6: "June Jun Jun.",
    7: "July Jul Jul.",
    8: "August Aug Aug.",
    9: "September Sept Sept. Sep Sep.",
    10: "October Oct Oct.",
    11: "November Nov Nov.",
    12: "December Dec Dec.",
}
HEBREW_MONTHS = {
    1: "ינואר ינו' ינו׳",
    2: "פברואר פבר' פבר",
    3: "מרץ מרס מארס",
    4: "אפריל אפר׳",
    5: "מאי",
    6: "יוני",
    7: "יולי",
    8: "אוגוסט אוג׳",
    9: "ספטמבר ספט׳",
    10: "אוקטובר אוק׳",
    11: "נובמבר נוב׳",
    12: "דצמבר דצמ׳",
}
MONTH_NAMES = {"en": ENGLISH_MONTHS, "he": HEBREW_MONTHS}


@pytest.mark.parametrize(
    ("language", "month", "name"),
    [
        (language, month, name)
        for language, table in MONTH_NAMES.items()
        for month, names in table.items()
        for name in names.split()
    ],
)
def test_every_month_name_with_a_year_is_that_month(language: str, month: int, name: str) -> None:
    expected = months(f"2025-{month:02}", f"2025-{month:02}")
    assert read_departure(f"{name} 2025", language) == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Feb 2025", "2025-02", "2025-02"),
        ("Feb. 2025", "2025-02", "2025-02"),
        ("Feb.2025", "2025-02", "2025-02"),
        ("Feb-2025", "2025-02", "2025-02"),
        ("february, 2025", "2025-02", "2025-02"),
        ("FEBRUARY 2025", "2025-02", "2025-02"),
        ("in February 2025", "2025-02", "2025-02"),
        ("February of 2025", "2025-02", "2025-02"),
        ("late February 2025", "2025-02", "2025-02"),
        ("in 02/2025", "2025-02", "2025-02"),
        ("in 2024", "2024-01", "2024-12"),
        ("in the year 2024", "2024-01", "2024-12"),
        ("early 2023", "2023-01", "2023-04"),
        ("Early in 2023", "2023-01", "2023-04"),
        ("the beginning of 2023", "2023-01", "2023-04"),
        ("beginning of 2023", "2023-01", "2023-04"),
        ("at the start of 2023", "2023-01", "2023-04"),
        ("start of 2023", "2023-01", "2023-04"),
        ("mid 2023", "2023-05", "2023-08"),
        ("mid-2023", "2023-05", "2023-08"),
        ("Mid\u20112023", "2023-05", "2023-08"),
        ("in the middle of 2023", "2023-05", "2023-08"),
        ("middle of 2023", "2023-05", "2023-08"),
        ("late 2023", "2023-09", "2023-12"),
        ("late in 2023", "2023-09", "2023-12"),
        ("the end of 2023", "2023-09", "2023-12"),
        ("at the end of the year 2023", "2023-09", "2023-12"),
        ("end of 2023", "2023-09", "2023-12"),
        # the years that there are end it
        ("around 1900", "1900-01", "1901-06"),
        ("around 2100", "2099-07", "2100-12"),
        # what may look like a day is a year
        ("Sep-00", "2000-09", "2000-09"),
        ("1929/30", "1929-01", "1930-12"),
        # half of three months, rounded up, to either side
        ("about January to March 2023", "2022-11", "2023-05"),
    ],
)
def test_an_english_departure_is_read(text: str, first: str, last: str) -> None:
    assert read_departure(text, "en") == months(first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("פברואר 2025", "2025-02", "2025-02"),
        ("בפברואר 2025", "2025-02", "2025-02"),
        ("ב-פברואר, 2025", "2025-02", "2025-02"),
        ("במרס 2023", "2023-03", "2023-03"),
        ("במרץ 2023", "2023-03", "2023-03"),
        ("במאי 2023", "2023-05", "2023-05"),
        ("בחודש מאי 2023", "2023-05", "2023-05"),
        ("סוף פברואר 2025", "2025-02", "2025-02"),
        ("ב-2/2025", "2025-02", "2025-02"),
        ("ב-2024", "2024-01", "2024-12"),
        ("ב2024", "2024-01", "2024-12"),
        ("שנת 2024", "2024-01", "2024-12"),
        ("בשנת 2024", "2024-01", "2024-12"),
        ("תחילת 2023", "2023-01", "2023-04"),
        ("בתחילת 2023", "2023-01", "2023-04"),
        ("ראשית 2023", "2023-01", "2023-04"),
        ("אמצע 2023", "2023-05", "2023-08"),
        ("באמצע שנת 2023", "2023-05", "2023-08"),
        ("סוף 2023", "2023-09", "2023-12"),
        ("בסוף 2023", "2023-09", "2023-12"),
        ("שלהי 2023", "2023-09", "2023-12"),
        ("\u200fסוף\u00a02023\u200f", "2023-09", "2023-12"),
        ("״סוף 2023״", "2023-09", "2023-12"),
    ],
)
def test_a_hebrew_departure_is_read(text: str, first: str, last: str) -> None:
    assert read_departure(text, "he") == months(first, last)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-02", "2025-02", "2025-02"),
        ("2025\u201302", "2025-02", "2025-02"),
        ("2025-2", "2025-02", "2025-02"),
        ("2025/02", "2025-02", "2025-02"),
        ("02/2025", "2025-02", "2025-02"),
        ("2/2025", "2025-02", "2025-02"),
        ("12/2025", "2025-12", "2025-12"),
        ("02.2025", "2025-02", "2025-02"),
        ("02-2025", "2025-02", "2025-02"),
        ("5.2025", "2025-05", "2025-05"),
        ("2024", "2024-01", "2024-12"),
        ("1900", "1900-01", "1900-12"),
        ("2100", "2100-01", "2100-12"),
    ],
)
def test_figures_are_read_in_either_language(
    text: str, first: str, last: str, language: str
) -> None:
    assert read_departure(text, language) == months(first, last)


@pytest.mark.parametrize(
    ("text", "language"),
    [("unknown", "en"), ("Unknown", "he"), ("לא ידוע", "he"), ("לא\u00a0ידוע", "he")],
)
def test_an_unknown_departure_may_be_any_month(text: str, language: str) -> None:
    assert read_departure(text, language) == Range(-math.inf, math.inf, 1)


# --- Tenures, value by value ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        # 6 * 12 + 7 = 79, one less to one more
        ("6 years, 7 months", 78, 80),
        ("6 years and 7 months", 78, 80),
        ("6 years, and 7 months", 78, 80),
        ("six years & seven months", 78, 80),
        ("6 yrs 7 mos", 78, 80),
        ("6 yrs. 7 mos.", 78, 80),
        ("6 yr 7 mo", 78, 80),
        ("6 yr., 7 mo.", 78, 80),
        ("6y 7m", 78, 80),
        ("6y7m", 78, 80),
        ("7 months and 6 years", 78, 80),
        ("6 years, 0 months", 71, 73),
        ("0 years, 5 months", 4, 6),
        ("5 years, a month", 60, 62),
        ("6 years, 11 months", 82, 84),
        ("18 months", 17, 19),
        ("eighteen months", 17, 19),
        ("a month", 0, 2),
        ("2 months", 1, 3),
        # whole years: six less to six more
        ("7 years", 78, 90),
        ("5 YEARS", 54, 66),
        ("five years", 54, 66),
        ("a year", 6, 18),
        ("one year", 6, 18),
        ("60 years", 714, 726),
        # half years: three
        ("a year and a half", 15, 21),
        ("one year and a half", 15, 21),
        ("2 years and a half", 27, 33),
        ("one and a half years", 15, 21),
        ("two-and-a-half years", 27, 33),
        ("half a year", 3, 9),
        ("a half year", 3, 9),
        ("2.5 years", 27, 33),
        ("0.5 years", 3, 9),
        ("2½ years", 27, 33),
        ("2 ½ years", 27, 33),
        # half months are whole months away at most
        ("a month and a half", 0, 3),
        ("2.5 months", 1, 4),
        ("half a month", 0, 2),
        # "about" is as loose as whole years, whatever follows
        ("about 7 years", 78, 90),
        ("around 7 years", 78, 90),
        ("approximately seven years", 78, 90),
        ("approx. 7 years", 78, 90),
        ("roughly 7 years", 78, 90),
        ("circa 7 years", 78, 90),
        ("~7 years", 78, 90),
        ("~ seven years", 78, 90),
        ("about 18 months", 12, 24),
        ("about a year and a half", 12, 24),
        ("about 2 months", 0, 8),
        ("about 3 to 4 years", 30, 54),
        ("less than a year", 0, 11),
        ("less than 1 year", 0, 11),
        ("less than two years", 0, 23),
        ("less than 6 months", 0, 5),
        ("less than a month", 0, 0),
        ("less than half a year", 0, 5),
        ("less than 2 years and 3 months", 0, 26),
        ("less than a month and a half", 0, 1),
        ("under a year", 0, 11),
        # by hand: just that, up to 60 years and half a year
        ("36..726 months", 36, 726),
    ],
)
def test_an_english_tenure_is_read(text: str, low: int, high: int) -> None:
    assert read_tenure(text, "en") == Range(low, high, 1)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("6 שנים, 7 חודשים", 78, 80),
        ("6 שנים ו-7 חודשים", 78, 80),
        ("6 שנים ו\u05be7 חודשים", 78, 80),
        ("6 שנים ו- 7 חודשים", 78, 80),
        ("6 שנים ו7 חודשים", 78, 80),
        ("5 שנים, חודש אחד", 60, 62),
        ("שנתיים, 7 חודשים", 30, 32),
        ("שנתיים ו-7 חודשים", 30, 32),
        ("שנתיים וחודשיים", 25, 27),
        ("שנה וחודש", 12, 14),
        ("שנה אחת וחודש אחד", 12, 14),
        ("שנה אחת חודש אחד", 12, 14),
        ("שנה אחת חודש", 12, 14),
        ("חודש ושנה", 12, 14),
        ("שנה, אחד עשר חודשים", 22, 24),
        ("שנה ואחד-עשר חודשים", 22, 24),
        ("12 חודש", 11, 13),
        ("חודש", 0, 2),
        ("חודש אחד", 0, 2),
        ("חודשיים", 1, 3),
        ("שני חודשים", 1, 3),
        ("שלושת חודשים", 2, 4),
        ("5 שנים", 54, 66),
        ("חמש שנים", 54, 66),
        ("11 שנה", 126, 138),
        ("שתים עשרה שנה", 138, 150),
        ("שנה", 6, 18),
        ("שנה אחת", 6, 18),
        ("שנתיים", 18, 30),
        ("שתי שנים", 18, 30),
        ("שנה וחצי", 15, 21),
        ("שנתיים וחצי", 27, 33),
        ("שלוש שנים וחצי", 39, 45),
        ("3 שנים וחצי", 39, 45),
        ("חצי שנה", 3, 9),
        ("2.5 שנים", 27, 33),
        ("חודש וחצי", 0, 3),
        ("חודשיים וחצי", 1, 4),
        ("כ-7 שנים", 78, 90),
        ("כ\u05be7 שנים", 78, 90),
        ("כ\u20117 שנים", 78, 90),
        ("כ7 שנים", 78, 90),
        ("כשנה", 6, 18),
        ("כשנתיים", 18, 30),
        ("כשלוש שנים", 30, 42),
        ("כשנה וחצי", 12, 24),
        ("כ-18 חודשים", 12, 24),
        ("בערך 7 שנים", 78, 90),
        ("בסביבות 7 שנים", 78, 90),
        ("~7 שנים", 78, 90),
        ("פחות משנה", 0, 11),
        ("פחות משנתיים", 0, 23),
        ("פחות מ-6 חודשים", 0, 5),
        ("פחות מחצי שנה", 0, 5),
    ],
)
def test_a_hebrew_tenure_is_read(text: str, low: int, high: int) -> None:
    assert read_tenure(text, "he") == Range(low, high, 1)


ENGLISH_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
HEBREW_FEMININE = {
    2: ["שתי", "שתיים", "שתים"],
    3: ["שלוש"],
    4: ["ארבע"],
    5: ["חמש"],
    6: ["שש"],
    7: ["שבע"],
    8: ["שמונה"],
    9: ["תשע"],
    10: ["עשר"],
    11: ["אחת עשרה", "אחת-עשרה"],
    12: ["שתים עשרה", "שתיים עשרה", "שתים\u05beעשרה"],
    13: ["שלוש עשרה"],
    14: ["ארבע עשרה"],
    15: ["חמש עשרה"],
    16: ["שש עשרה"],
    17: ["שבע עשרה"],
    18: ["שמונה עשרה"],
    19: ["תשע עשרה"],
    20: ["עשרים"],
}
HEBREW_MASCULINE = {
    2: ["שני", "שניים"],
    3: ["שלושה", "שלושת"],
    4: ["ארבעה", "ארבעת"],
    5: ["חמישה", "חמשה", "חמשת"],
    6: ["שישה", "ששה", "ששת"],
    7: ["שבעה", "שבעת"],
    8: ["שמונה", "שמונת"],
    9: ["תשעה", "תשעת"],
    10: ["עשרה", "עשרת"],
    11: ["אחד עשר", "אחד-עשר"],
    12: ["שנים עשר", "שניים עשר", "שנים\u05beעשר"],
    13: ["שלושה עשר"],
    14: ["ארבעה עשר"],
    15: ["חמישה עשר", "חמשה עשר"],
    16: ["שישה עשר", "ששה עשר"],
    17: ["שבעה עשר"],
    18: ["שמונה עשר"],
    19: ["תשעה עשר"],
    20: ["עשרים"],
}


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        *((f"{word} months", "en", n) for n, word in enumerate(ENGLISH_NUMBERS.split(), start=1)),
        *((f"{w} שנים", "he", 12 * n) for n, ws in HEBREW_FEMININE.items() for w in ws),
        *((f"{w} חודשים", "he", n) for n, ws in HEBREW_MASCULINE.items() for w in ws),
    ],
)
def test_every_number_word_counts(text: str, language: str, count: int) -> None:
    found = read_tenure(text, language)
    assert (found.low + found.high) / 2 == count


# --- Refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *((text, "en") for text in ("", " ", "\u200f", "''", "years", "half", "and", "many years")),
        *((text, "en") for text in ("6 yeers", "or so 7 years", "5 years.5", "7 years,", ", 7")),
        *((text, "en") for text in ("5-7", "5-7-9 years", "6 7 years", "5 a year", "5 to years")),
        *(
            (text, "en")
            for text in ("2.755 years", "2.5 years and a half", "2. years", "3 years..")
        ),
        *((text, "en") for text in ("before 3 years", "after 3 years", "in 2023", "June 2023")),
        *((text, "en") for text in ("more than at least 3 years", "about 3+ years", "few years")),
        *((text, "en") for text in ("2.5 and a half years", "6 years and a half, 2 months")),
        *((text, "en") for text in ("² years", "٥ years", "五 years", "1e3 years", "6_0 years")),
        *((text, "en") for text in ("about about a year", "about less than a year", "less than")),
        *((text, "en") for text in ("a yearling", "fivefold years", "seven yearsago", "unknown 5")),
        *((text, "en") for text in ("Feb 2025", "in 5 years", "5 years\0", '"6 years', "6 שנים")),
        *((text, "en") for text in ("6 years,, 7 months", "6 years and and 7 months", "6 years 7")),
        *((text, "he") for text in ("שנים", "חודשים", "5 שנתיים", "שנתיים אחת", "שנה 5", "שנים 5")),
        *((text, "he") for text in ("ככשנה", "וחודש", "שנה ו", "כ", "חצי", "שנה וחצי חודש")),
        *((text, "he") for text in ("6 years", "לא", "השנה", "שנהה", "ב-7 שנים", "שנת 5")),
    ],
)
def test_a_tenure_that_is_not_wholly_understood_is_refused(text: str, language: str) -> None:
    with pytest.raises(WordingError) as refusal:
        read_tenure(text, language)
    assert refusal.value.text == text
    assert str(refusal.value).startswith('cannot read "')
    assert str(refusal.value).endswith('"')


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *((text, "en") for text in ("", "Febuary 2025", "Feb", "February", "2025 2", "2/25")),
        *((text, "en") for text in ("2025-02-", "14/02-2025", "2025-2-3-4", "2/2025 2024", "12.5")),
        *(
            (text, "en")
            for text in ("2024-", "2024--2025", "2024 2025", "²024", "２０２４", "2024??")
        ),
        *((text, "en") for text in ("early", "early early 2023", "by", "earlyish 2023")),
        *((text, "en") for text in ("before after 2023", "before 2023 or later", "half of 2023")),
        *(
            (text, "en")
            for text in ("quarter 2023", "spring", "Q3", "..", "2022 to", "between 2022")
        ),
        *(
            (text, "en")
            for text in ("Thursday 2023", "more than 2023", "over 2023", "3 to 4 years")
        ),
        *(
            (text, "en")
            for text in ("unknown 2024", "not unknown", "a 2024", "Feb,, 2025", "1 Feb")
        ),
        *((text, "en") for text in ("פברואר 2025", "תחילת 2023", "לא ידוע", "6 years")),
        *((text, "he") for text in ("Feb 2025", "early 2023", "בבפברואר 2025", "מתחילת 2023")),
        *((text, "he") for text in ("פברואר", "פברוארר 2025", "ידוע", "ב", "שנה 2023", "5 שנים")),
    ],
)
def test_a_departure_that_is_not_wholly_understood_is_refused(text: str, language: str) -> None:
    with pytest.raises(WordingError) as refusal:
        read_departure(text, language)
    assert str(refusal.value) == f'cannot read "{text}"'


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("13/2025", "month 13 does not exist"),
        ("0/2025", "month 0 does not exist"),
        ("2025-00", "month 0 does not exist"),
        ("2025-13", "month 13 does not exist"),
        ("0", "year 0 is outside 1900 to 2100"),
        ("0000-02", "year 0 is outside 1900 to 2100"),
        ("9999", "year 9999 is outside 1900 to 2100"),
        ("1899", "year 1899 is outside 1900 to 2100"),
        ("12/2101", "year 2101 is outside 1900 to 2100"),
        ("2023-06-31", "2023-06 has no day 31"),
        ("30.2.2023", "2023-02 has no day 30"),
        ("1900-01..1899-12", "year 1899 is outside 1900 to 2100"),
        ("2023-05..2023-04", "it runs backwards"),
        ("2024-2023", "it runs backwards"),
        ("-2024", "-2024 is negative"),
        ("\u22122024", "-2024 is negative"),
    ],
)
def test_an_impossible_month_is_refused_with_the_reason(text: str, why: str, language: str) -> None:
    with pytest.raises(WordingError) as refusal:
        read_departure(text, language)
    assert str(refusal.value) == f'cannot read "{text}": {why}'


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [
        ("70 years", "en", "a tenure of 70 years is longer than a working life"),
        ("70 שנים", "he", "a tenure of 70 years is longer than a working life"),
        ("60.5 years", "en", "a tenure of 60.5 years is longer than a working life"),
        ("60 years, 3 months", "en", "a tenure of 60.25 years is longer than a working life"),
        ("726 months", "en", "a tenure of 60.5 years is longer than a working life"),
        ("less than 70 years", "en", "a tenure of 70 years is longer than a working life"),
        ("0 years", "en", "a tenure cannot be zero"),
        ("0 חודשים", "he", "a tenure cannot be zero"),
        ("0 years, 0 months", "en", "a tenure cannot be zero"),
        ("less than 0 years", "en", "a tenure cannot be zero"),
        ("-5 years", "en", "-5 is negative"),
        ("\u22125 שנים", "he", "-5 is negative"),
        ("6 years, -7 months", "en", "-7 is negative"),
        ("~-5 years", "en", "-5 is negative"),
        ("6 years, 14 months", "en", "14 months do not fit beside years"),
        ("6 years, 12 months", "en", "12 months do not fit beside years"),
        ("שנה ו-12 חודשים", "he", "12 months do not fit beside years"),
        ("6 years - 7 months", "en", "it runs backwards"),
        ("4 to 3 years", "en", "it runs backwards"),
        ("48..36 months", "en", "it runs backwards"),
        ("36..727 months", "en", "it is longer than a working life"),
        ("0..61 years", "en", "it is longer than a working life"),
        ("2023-2018", "en", "it runs backwards"),
        ("1900-2000", "en", "a tenure of 100.9 years is longer than a working life"),
        ("2.55 years", "en", "a duration can be given in halves, quarters and tenths"),
        ("5", "en", "it has no unit"),
        ("שלוש", "he", "it has no unit"),
        ("6 years 5 years", "en", "years are stated twice"),
        ("2 months, 3 months", "en", "months are stated twice"),
        ("שנה ושנתיים", "he", "years are stated twice"),
    ],
)
def test_an_impossible_tenure_is_refused_with_the_reason(
    text: str, language: str, why: str
) -> None:
    with pytest.raises(WordingError) as refusal:
        read_tenure(text, language)
    assert str(refusal.value) == f'cannot read "{text}": {why}'


READERS: dict[str, Callable[[str, str], Range | None]] = {
    "departed": read_departure,
    "tenure": read_tenure,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("column", READERS)
def test_a_refusal_gives_examples_in_the_articles_language_and_each_is_read(
    column: str, language: str
) -> None:
    with pytest.raises(WordingError) as refusal:
        READERS[column]("xyz", language)
    examples = re.findall('"(.+?)"', refusal.value.accepted)
    assert len(examples) >= 6
    for example in examples:
        READERS[column](example, language)
    letters = "[א-ת]" if language == "en" else "[a-z]{4}"
    notation = refusal.value.accepted.replace("36..48 months", "")
    assert not re.search(letters, notation)


def test_a_message_shows_what_a_reader_would_not_see() -> None:
    with pytest.raises(WordingError) as refusal:
        read_tenure("6\u00a0yeers\u200f\x1b[2J\nשנה", "en")
    assert str(refusal.value) == r'cannot read "6\xa0yeers\u200f\x1b[2J\nשנה"'


def test_a_message_about_a_long_text_stays_short_and_the_text_whole() -> None:
    for length, shown in ((60, "x" * 60), (61, "x" * 59 + "…")):
        with pytest.raises(WordingError) as refusal:
            read_tenure("x" * length, "en")
        assert str(refusal.value) == f'cannot read "{shown}"'
        assert refusal.value.text == "x" * length


# --- Months of a ledger -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1900-01", "1969-12", "1970-01", "2023-01", "2100-12"])
def test_a_month_of_a_ledger_is_the_ordinal_that_pandas_gives_it(text: str) -> None:
    period = pd.Period(text, "M")
    assert read_month(text) == ordinal(period.year, period.month) == period.ordinal


def test_months_are_counted_from_january_1970() -> None:
    assert ordinal(1970, 1) == 0
    assert ordinal(1969, 12) == -1
    assert ordinal(2023, 1) == 636  # 53 years


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023",
        "2023-1",
        "2023/01",
        "01-2023",
        "2023-01-01",
        " 2023-01",
        "2023-01\n",
        "２０２３-01",
    ],
)
def test_a_month_of_a_ledger_has_one_form(text: str) -> None:
    with pytest.raises(WordingError, match="^cannot read") as refusal:
        read_month(text)
    assert refusal.value.text == text
    assert refusal.value.accepted == '"2023-01"'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2023-00", "month 0 does not exist"),
        ("2023-13", "month 13 does not exist"),
        ("0000-01", "year 0 is outside 1900 to 2100"),
        ("9999-01", "year 9999 is outside 1900 to 2100"),
    ],
)
def test_an_impossible_month_of_a_ledger_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(WordingError, match=why):
        read_month(text)


# --- Every form, written by an independent route and read back --------------------------------

MARKS = ["\u200e", "\u200f", "\u202b", "\u202c", "\u2067", "\u2069", "\u061c", "\ufeff", "\u00ad"]
SPACES = [" ", "\u00a0", "\u2009", "\u202f", "\u3000", "  ", "\t"]
HYPHENS = ["-", "\u05be", "\u2010", "\u2011", "\u2013", "\u2212"]
QUOTES = ["", '""', "''", "“”", "„“", "‘’", "«»", "״״", "׳׳"]

Draw = st.DrawFn


def disturbed(draw: Draw, text: str) -> str:
    """The same text to the eye: other spaces, hyphens, quotes and case, and invisible marks."""
    text = "".join(
        draw(st.sampled_from(SPACES))
        if c == " "
        else draw(st.sampled_from(HYPHENS))
        if c == "-"
        else c
        for c in text
    )
    text = draw(st.sampled_from([text, text.upper(), text.title()]))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(MARKS)) + text[place:]
    quotes = draw(st.sampled_from(QUOTES))
    return quotes[:1] + text + quotes[1:]


def english_count(draw: Draw, count: int, unit: list[str]) -> str:
    name = draw(st.sampled_from(unit))
    figure = str(count)
    written = [f"{figure} {name}", f"{figure}{name}"]
    if count <= 20:
        written.append(f"{ENGLISH_NUMBERS.split()[count - 1]} {name}")
    if count == 1 and "s" not in name:  # "a years" is a slip of the pen
        written.append(f"a {name}")
    return draw(st.sampled_from(written))


def hebrew_count(
    draw: Draw, count: int, single: str, dual: str, plural: str, words: dict[int, list[str]]
) -> str:
    if count == 1:
        one = "אחת" if single == "שנה" else "אחד"
        return draw(st.sampled_from([single, f"{single} {one}", f"1 {single}"]))
    written = [f"{count} {plural}"]
    if count == 2:
        written.append(dual)
    if count > 10:
        written.append(f"{count} {single}")
    written += [f"{word} {plural}" for word in words.get(count, [])]
    return draw(st.sampled_from(written))


def written_part(draw: Draw, language: str, unit: str, count: int) -> str:
    if language == "en":
        names = {
            "years": ["year", "years", "yr", "yrs", "yr.", "yrs.", "y"],
            "months": ["month", "months", "mo", "mos", "mo.", "mos.", "m"],
        }
        return english_count(draw, count, names[unit])
    if unit == "years":
        return hebrew_count(draw, count, "שנה", "שנתיים", "שנים", HEBREW_FEMININE)
    return hebrew_count(draw, count, "חודש", "חודשיים", "חודשים", HEBREW_MASCULINE)


def after_prefix(draw: Draw, prefix: str, text: str) -> str:
    """A Hebrew prefix: with a hyphen before a figure or none, straight onto a word."""
    return prefix + (draw(st.sampled_from(["-", ""])) if text[0].isdigit() else "") + text


def joined(draw: Draw, language: str, first: str, second: str) -> str:
    if language == "he" and draw(st.booleans()):
        return f"{first} {after_prefix(draw, 'ו', second)}"
    between = [", ", " "] + ([" and ", ", and ", " & "] if language == "en" else [])
    return first + draw(st.sampled_from(between)) + second


def about(draw: Draw, language: str, text: str) -> str:
    if language == "he":
        word = draw(st.sampled_from(["כ", "בערך ", "~"]))
        return after_prefix(draw, word, text) if word == "כ" else word + text
    return draw(st.sampled_from(["about ", "around ", "~", "~ ", "approximately "])) + text


@st.composite
def tenures(draw: Draw) -> tuple[str, str, Range]:
    """A printed tenure, its language and the range that the rules give it."""
    language = draw(st.sampled_from(["en", "he"]))
    form = draw(st.sampled_from(["years", "months", "both", "half years", "less"]))
    years, months = draw(st.integers(1, 59)), draw(st.integers(1, 11))
    if form == "both":
        text = joined(
            draw,
            language,
            written_part(draw, language, "years", years),
            written_part(draw, language, "months", months),
        )
        middle, slack = 12 * years + months, 1
    elif form == "months":
        months = draw(st.integers(1, 720))
        text, middle, slack = written_part(draw, language, "months", months), months, 1
    elif form == "half years":
        whole = written_part(draw, language, "years", years)
        text = f"{whole} וחצי" if language == "he" else f"{whole} and a half"
        middle, slack = 12 * years + 6, 3
    else:
        text, middle, slack = written_part(draw, language, "years", years), 12 * years, 6
    if form == "less":
        prefix = "less than "
        text = prefix + text if language == "en" else after_prefix(draw, "פחות מ", text)
        return disturbed(draw, text), language, Range(0, middle - 1, 1)
    if draw(st.booleans()):
        text, slack = about(draw, language, text), 6
    return disturbed(draw, text), language, Range(max(0, middle - slack), middle + slack, 1)


@given(tenures())
def test_a_tenure_written_in_any_form_is_read_back(case: tuple[str, str, Range]) -> None:
    text, language, expected = case
    assert read_tenure(text, language) == expected


@st.composite
def departures(draw: Draw) -> tuple[str, str, Range]:
    """A printed departure, its language and the months that the rules give it."""
    language = draw(st.sampled_from(["en", "he"]))
    year, month = draw(st.integers(1900, 2100)), draw(st.integers(1, 12))
    form = draw(st.sampled_from(["figures", "name", "part", "year"]))
    if form == "figures":
        shapes = ["{y}-{m:02}", "{m:02}/{y}", "{m}/{y}", "{m:02}.{y}"]
        text = draw(st.sampled_from(shapes)).format(y=year, m=month)
        first = last = month
    elif form == "name":
        name = draw(st.sampled_from(MONTH_NAMES[language][month].split()))
        text = name + draw(st.sampled_from([" ", ", "])) + str(year)
        first = last = month
    elif form == "part":
        third = draw(st.integers(0, 2))
        phrases = {
            "en": (["early ", "the start of "], ["mid-", "mid "], ["late ", "the end of "]),
            "he": (["תחילת "], ["אמצע "], ["סוף ", "סוף שנת "]),
        }
        text = draw(st.sampled_from(phrases[language][third])) + str(year)
        first, last = 4 * third + 1, 4 * third + 4
    else:
        text, first, last = str(year), 1, 12
    if draw(st.booleans()):
        text = f"in {text}" if language == "en" else after_prefix(draw, "ב", text)
    return disturbed(draw, text), language, months(f"{year}-{first:02}", f"{year}-{last:02}")


@given(departures())
def test_a_departure_written_in_any_form_is_read_back(case: tuple[str, str, Range]) -> None:
    text, language, expected = case
    assert read_departure(text, language) == expected


SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "אביב": 3, "קיץ": 6, "סתיו": 9}
ORDINALS = {"en": ["first", "second", "third", "fourth"], "he": ["ראשון", "שני", "שלישי", "רביעי"]}


@st.composite
def periods(draw: Draw, language: str) -> tuple[str, pd.Period, pd.Period]:
    """A period of some kind as printed, with its first and its last month."""
    year = draw(st.integers(1950, 2050))
    form = draw(st.sampled_from(["day", "quarter", "half", "season", "month", "year", "figures"]))
    month, long = draw(st.integers(1, 12)), 1
    if form == "year":
        text, month, long = str(year), 1, 12
    elif form == "quarter":
        number = draw(st.integers(1, 4))
        words = f"{ORDINALS['en'][number - 1]} quarter of {year}"
        if language == "he":
            words = f"רבעון {ORDINALS['he'][number - 1]} {year}"
        shapes = [f"Q{number} {year}", f"{year} Q{number}", f"Q{number}/{year}", words]
        text, month, long = draw(st.sampled_from(shapes)), 3 * number - 2, 3
    elif form == "half":
        number = draw(st.integers(1, 2))
        words = f"{ORDINALS['en'][number - 1]} half of {year}"
        if language == "he":
            words = f"מחצית {['ראשונה', 'שנייה'][number - 1]} של {year}"
        text, month, long = draw(st.sampled_from([f"H{number} {year}", words])), 6 * number - 5, 6
    elif form == "season":
        names = [name for name in SEASONS if name.isascii() == (language == "en")]
        name = draw(st.sampled_from(names))
        text, month, long = f"{name} {year}", SEASONS[name], 4
    else:
        name = MONTH_NAMES[language][month].split()[0]
        day = draw(st.integers(1, 28))
        written = {
            "day": {
                "en": [f"{day} {name} {year}", f"{name} {day}, {year}", f"{day}-{name[:3]}-{year}"],
                "he": [f"{day} ב{name} {year}", f"{day} {name} {year}", f"ב-{day} ב{name} {year}"],
            },
            "month": {"en": [f"{name} {year}"], "he": [f"{name} {year}"]},
            "figures": dict.fromkeys(
                LANGUAGES,
                [f"{year}-{month:02}-{day:02}", f"{day}.{month}.{year}", f"{month:02}/{year}"]
                + ([f"{day}/{month}/{year}", f"{month}/{day}/{year}"] if day > 12 else []),
            ),
        }
        text = draw(st.sampled_from(written[form][language]))
    first = pd.Period(f"{year}-{month:02}", "M")
    return text, first, first + long - 1


@st.composite
def bounded_departures(draw: Draw) -> tuple[str, str, Range]:
    """A period, or what is around, before, after or between two, with the months that it means."""
    language = draw(st.sampled_from(LANGUAGES))
    text, first, last = draw(periods(language))
    low, high = first.ordinal, last.ordinal
    season = any(name in text for name in SEASONS)
    way = draw(st.sampled_from(["in", "around", "before", "after", "by", "from", "or", "to"]))
    words = {
        "around": {"en": "around {}", "he": "בסביבות {}"},
        "before": {"en": "before {}", "he": "לפני {}"},
        "after": {"en": "after {}", "he": "אחרי {}"},
        "by": {"en": "no later than {}", "he": "לא יאוחר מ-{}"},
        "from": {"en": "not before {}", "he": "לא לפני {}"},
        "or": {"en": "{} or {}", "he": "{} או {}"},
        "to": {"en": "{} to {}", "he": "{} עד {}"},
        "in": {"en": "{}", "he": "{}"},
    }[way][language]
    if way in ("or", "to"):
        other, begin, end = draw(periods(language))
        if way == "to" and begin < first:
            text, other, first, last, begin, end = other, text, begin, end, first, last
        text = words.format(text, other)
        low = min(first, begin).ordinal
        high = max(last, end).ordinal if way == "or" else end.ordinal
        if high < low or (way == "to" and end < last):
            way, text, low, high = "in", "2020", 50 * 12, 50 * 12 + 11
        return text, language, Range(low, high, 1)
    length = high - low + 1
    ends = {
        "in": (low, high),
        "around": (low - (length + 1) // 2, high + (length + 1) // 2),
        "before": (-math.inf, high if season else low - 1),
        "after": (low if season else high + 1, math.inf),
        "by": (-math.inf, high),
        "from": (low, math.inf),
    }
    return words.format(text), language, Range(*ends[way], 1)


@given(bounded_departures())
def test_a_period_and_what_is_around_before_after_or_between_is_read(
    case: tuple[str, str, Range],
) -> None:
    text, language, expected = case
    assert read_departure(text, language) == expected


@given(st.data(), st.sampled_from(LANGUAGES), st.sampled_from(["-", " - ", "/", " / ", "..", "–"]))
def test_two_periods_with_a_sign_between_them_are_read_as_just_that_or_refused(
    data: st.DataObject, language: str, sign: str
) -> None:
    one, first, last = data.draw(periods(language))
    other, begin, end = data.draw(periods(language))
    with suppress(WordingError):
        found = read_departure(one + sign + other, language)
        low, high = first, max(last, end)
        if sign.strip() == "/":
            low, high = min(first, begin), max(last, end)
        assert found == Range(low.ordinal, high.ordinal, 1), one + sign + other
    with suppress(WordingError):
        found = read_tenure(one + sign + other, language)
        low, high = begin.ordinal - last.ordinal - 1, end.ordinal - first.ordinal + 1
        assert found == Range(max(0, low), high, 1), one + sign + other


@st.composite
def bounded_tenures(draw: Draw) -> tuple[str, str, Range]:
    """A length and what is less, more or between, with the months that it means."""
    language = draw(st.sampled_from(LANGUAGES))
    years = draw(st.integers(1, 40))
    half = draw(st.booleans())
    middle, slack = (12 * years + 6, 3) if half else (12 * years, 6)
    text = {
        "en": f"{years}.5 years" if half else f"{years} years",
        "he": f"{years} שנים וחצי" if half else f"{years} שנים",
    }[language]
    ways = {
        "less than {}|פחות מ-{}": (0, middle - 1),
        "at most {}|לכל היותר {}": (0, middle),
        "nearly {}|כמעט {}": (middle - slack, middle - 1),
        "just over {}|קצת יותר מ-{}": (middle + 1, middle + slack),
        "more than {}|יותר מ-{}": (middle + 1, middle + 2 * slack - 1),
        "at least {}|לפחות {}": (middle, middle + 2 * slack - 1),
        "{} or more|{} ומעלה": (middle, middle + 2 * slack - 1),
        "{}?|{}?": (middle - 6, middle + 6),
        "{} to 45 years|{} עד 45 שנים": (middle, 540),
        "{} or 45 years|{} או 45 שנים": (middle - 6, 546),
    }
    way = draw(st.sampled_from(sorted(ways)))
    words = way.split("|")[LANGUAGES.index(language)].format(text)
    return disturbed(draw, words), language, Range(*ways[way], 1)


@given(bounded_tenures())
def test_a_length_and_what_is_less_or_more_is_read(case: tuple[str, str, Range]) -> None:
    text, language, expected = case
    assert read_tenure(text, language) == expected


@given(st.integers(0, 720), st.integers(0, 720), st.sampled_from(LANGUAGES))
def test_a_range_by_hand_is_read_as_it_stands(one: int, other: int, language: str) -> None:
    low, high = sorted((one, other))
    assert read_tenure(f"{low}..{high} months", language) == Range(low, high, 1)
    first, last = (pd.Period(year=1990, month=1, freq="M") + month for month in (low, high))
    span = read_departure(f"{first}..{last}", language)
    assert (span.low, span.high) == (first.ordinal, last.ordinal)
    assert read_departure(f"..{last}", language) == Range(-math.inf, last.ordinal, 1)
    assert read_departure(f"{first} ..", language) == Range(first.ordinal, math.inf, 1)


LISTS = {
    "ENGLISH_DEPARTURES": (read_departure, "en"),
    "ENGLISH_TENURES": (read_tenure, "en"),
    "HEBREW_DEPARTURES": (read_departure, "he"),
    "HEBREW_TENURES": (read_tenure, "he"),
}


def refusal_of(text: str, reader: Callable[[str, str], object], language: str) -> str | None:
    """What is accepted instead of a text; None for one that is read."""
    try:
        reader(text, language)
    except WordingError as refusal:
        return refusal.accepted
    return None


SCRAPS = (
    "Q3 H1 quarter third spring winter before after by since until to .. or between from more over "
    "nearly least + few decade '23 15th 2023-06-15 3/4/2023 רבעון מחצית קיץ לפני אחרי עד או בין ל "
    "0 1 5 7 12 13 70 2025 9999 02/2025 2025-02 2.5 .5 ½ ² - , . / ~ ' \" a an one two half "
    "and of the in year years y month months m about less than early mid late end unknown "
    "Feb. January שנה שנים שנת שנתיים חודש חודשים חודשיים אחת אחד שתי שבע חצי ו כ ב מ ו- כ- "
    "פחות בערך תחילת סוף מרס בפברואר לא ידוע"
)
ANYTHING = (
    st.text()
    | st.lists(st.sampled_from(SCRAPS.split()), max_size=9).map(" ".join)
    | st.lists(st.sampled_from(SCRAPS.split()), max_size=9).map("".join)
    | st.text(st.characters(categories=["Nd", "No", "Nl", "Cf", "Pd", "Cs"]))
)


# --- One reading a text, or none ----------------------------------------------------------------


def readings(text: str, language: str, forms: wording._Forms) -> list[Range | str | None]:
    """What every form makes of a text that it fits, whichever of them comes first."""
    found: list[Range | str | None] = []
    try:
        said = vocabulary.scan(text, language)
    except vocabulary.Refusal:
        return []
    for form, meaning in forms.items():
        if match := re.fullmatch(form, said.kinds):
            try:
                found.append(meaning(said, match))
            except vocabulary.Refusal as refusal:
                found.append(f"refused: {refusal}")
    return found


def hold_to_one_reading(text: str) -> None:
    for reader, forms in ((read_departure, wording._DEPARTURES), (read_tenure, wording._TENURES)):
        seen = []
        for language in LANGUAGES:
            assert len(readings(text, language, forms)) <= 1, text
            with suppress(WordingError):
                seen.append(reader(text, language))
        assert seen[1:] in ([], seen[:1]), f"{text!r} means {seen}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_stands_twice_in_the_table(language: str) -> None:
    phrases = [vocabulary._key(phrase) for phrase, _, _ in vocabulary._phrases(language)]
    assert sorted(phrases) == sorted(set(phrases))


@pytest.mark.parametrize("name", LISTS)
def test_nothing_that_people_write_fits_two_forms(name: str) -> None:
    for text in getattr(as_people_write, name):
        hold_to_one_reading(text)


@given(
    st.one_of(
        ANYTHING,
        bounded_departures().map(lambda case: case[0]),
        bounded_tenures().map(lambda case: case[0]),
        departures().map(lambda case: case[0]),
        tenures().map(lambda case: case[0]),
    )
)
def test_no_text_is_read_in_two_ways_by_either_reader(text: str) -> None:
    hold_to_one_reading(text)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1950, 2050), st.sampled_from("/-"))
def test_a_day_that_may_be_a_month_is_refused_unless_both_are_the_same(
    one: int, other: int, year: int, sign: str
) -> None:
    text = f"{one}{sign}{other}{sign}{year}"
    if one == other:
        assert read_departure(text, "en") == months(f"{year}-{one:02}", f"{year}-{one:02}")
        return
    for language in LANGUAGES:
        with pytest.raises(WordingError, match="day and month or month and day") as refusal:
            read_departure(text, language)
        written = {f'"{year}-{a:02}-{b:02}"' for a, b in ((one, other), (other, one))}
        assert set(refusal.value.accepted.split(" or ")) == written


A_BOUND = "it may be the time itself or a bound"
LATER = "the first is later in the year"


@pytest.mark.parametrize(
    ("text", "why", "instead"),
    [
        ("December or January 2023", LATER, '"2022-12..2023-01" or "2023-01..2023-12"'),
        ("15 December to 3 January 2023", LATER, '"2022-12..2023-01" or "2023-01..2023-12"'),
        ("Q4 - Q1 2023", LATER, '"2022-10..2023-03" or "2023-01..2023-12"'),
        ("until mid-2023", A_BOUND, '"2023-05..2023-08" or "..2023-08"'),
        ("since mid-2023", A_BOUND, '"2023-05..2023-08" or "2023-05.."'),
        ("winter 2023", "a winter is in two years", '"2022-12..2023-03" or "2023-12..2024-03"'),
        ("Jun 23", "its number may be a day or a year", '"2023-06", or a day with its year'),
        ("still there", "it does not say whether somebody left",
         'an empty cell for who stayed, "unknown" for who left in a month that is not stated'),
        ("after 2100", "it is outside 1900 to 2100", None),
        ("before 1900", "it is outside 1900 to 2100", None),
        ("31 June 2023", "2023-06 has no day 31", None),
        ("Q5 2023", "there are 4 of them in a year", None),
        ("autumn 2022/23", "no season is in both years", None),
        ("winter 2020/22", "no season is in both years", None),
    ],
)  # fmt: skip
def test_a_departure_that_means_nothing_or_two_things_is_refused_with_the_reason(
    text: str, why: str, instead: str | None
) -> None:
    with pytest.raises(WordingError) as refusal:
        read_departure(text, "en")
    assert str(refusal.value) == f'cannot read "{text}": {why}'
    assert instead is None or refusal.value.accepted == instead


def test_the_first_and_the_last_month_that_there_are_may_bound_a_departure() -> None:
    first, last = (pd.Period(month, "M").ordinal for month in ("1900-01", "2100-12"))
    assert read_departure("before February 1900", "en") == Range(-math.inf, first, 1)
    assert read_departure("after November 2100", "en") == Range(last, math.inf, 1)


def test_a_day_of_a_year_in_two_digits_says_how_to_write_it() -> None:
    with pytest.raises(WordingError) as refusal:
        read_departure("15/06/23", "en")
    assert refusal.value.accepted == "the year in four digits"


@pytest.mark.parametrize(
    ("text", "why", "instead"),
    [
        ("since 2020", "it does not say until when", 'both ends: "2018-2023"; or a length'),
        ("five", "it has no unit", 'a number and its unit: "5 years", "60 months"'),
    ],
)
def test_a_tenure_that_is_half_said_says_how_to_write_it(text: str, why: str, instead: str) -> None:
    with pytest.raises(WordingError) as refusal:
        read_tenure(text, "en")
    assert (str(refusal.value), refusal.value.accepted) == (f'cannot read "{text}": {why}', instead)


@pytest.mark.parametrize(
    ("text", "language", "season", "stayed"),
    [
        ("autumn 2023", "en", True, False),
        ("סתיו 2023", "he", True, False),
        ("early 2023", "en", False, False),
        ("still there", "en", False, True),
    ],
)
def test_a_season_and_who_stayed_are_known_by_their_words(
    text: str, language: str, season: bool, stayed: bool
) -> None:
    assert names_season(text, language) is season
    assert says_stayed(text, language) is stayed


def test_what_cannot_be_read_does_not_say_that_somebody_stayed() -> None:
    assert says_stayed("xyz", "en") is False


# --- Near misses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "reader", "said"),
    [
        ("6 yeers", "en", read_tenure, '; did you mean "6 years"?'),
        ("6 yers, 7 moths", "en", read_tenure, '; did you mean "6 years, 7 months"?'),
        ("Febuary 2025", "en", read_departure, '; did you mean "February 2025"?'),
        ("יולל 2024", "he", read_departure, '; did you mean "יולי 2024"?'),
        ("summmer 2022", "en", read_departure, '; did you mean "summer 2022"?'),
        ("July 2024", "he", read_departure, '; it would be read with language = "en"'),
        ("7 שנים", "en", read_tenure, '; it would be read with language = "he"'),
        ("whenever", "en", read_departure, ""),
        ("7 yeers 7 yeers", "en", read_tenure, ""),  # the near miss is none that could be read
        ("x" * 10_000, "en", read_tenure, ""),
    ],
)
def test_the_nearest_that_would_be_read_is_suggested(
    text: str, language: str, reader: Callable[[str, str], object], said: str
) -> None:
    with pytest.raises(WordingError) as refusal:
        reader(text, language)
    suggested = hint(refusal.value, language, reader)
    assert suggested.startswith(said) if said else suggested == ""


def test_nothing_is_suggested_where_the_wording_is_not_what_is_wrong() -> None:
    assert hint(WordingError("6 years", ""), "en", read_tenure) == ""


# --- As people write, and as the codebook says ------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_of_what_people_write_at_most_a_twentieth_is_refused(name: str) -> None:
    texts = getattr(as_people_write, name)
    refused = [text for text in texts if refusal_of(text, *LISTS[name]) is not None]
    assert len(set(texts)) >= (91 if "DEPARTURES" in name else 77)
    share = 0.05 if name.startswith("ENGLISH") else 0.09  # Hebrew says "until" for "by"
    assert len(refused) <= share * len(texts), refused


@pytest.mark.parametrize("name", [name for name in LISTS if name.startswith("ENGLISH")])
def test_what_is_refused_of_it_gets_a_hint_of_its_own_that_can_be_written(name: str) -> None:
    reader, language = LISTS[name]
    general = refusal_of("xyz", reader, language)
    for text in getattr(as_people_write, name):
        if (accepted := refusal_of(text, reader, language)) is not None:
            assert accepted != general, text
            examples = re.findall('"(.+?)"', accepted)
            assert examples, text
            for example in examples:
                assert refusal_of(example, reader, language) is None, example


CODEBOOK = (Path(__file__).parents[1] / "data" / "README.md").read_text(encoding="utf-8")


def codebook_rows(table: str) -> list[tuple[str, str]]:
    """The examples of a table of the codebook, each with the range beside it."""
    rows = []
    for line in CODEBOOK.partition(f"\n{table}:\n\n")[2].split("\n\n")[0].splitlines()[2:]:
        _, examples, read_as, _ = (cell.strip() for cell in line.strip("|").split("|"))
        rows += [(text, read_as.strip("`")) for text in re.findall("`(.+?)`", examples)]
    return rows


@pytest.mark.parametrize(("text", "by_hand"), codebook_rows("A departure"))
def test_every_departure_of_the_codebook_is_read_as_it_says(text: str, by_hand: str) -> None:
    language = "he" if re.search("[א-ת]", text) else "en"
    assert departure_by_hand(read_departure(text, language)) == by_hand


@pytest.mark.parametrize(("text", "by_hand"), codebook_rows("A tenure"))
def test_every_tenure_of_the_codebook_is_read_as_it_says(text: str, by_hand: str) -> None:
    language = "he" if re.search("[א-ת]", text) else "en"
    assert tenure_by_hand(read_tenure(text, language)) == by_hand


def test_what_the_codebook_says_is_refused_is() -> None:
    table = CODEBOOK.partition("\nSome texts can mean two things")[2].split("\n\n")[1]
    for line in table.splitlines()[2:]:
        examples = line.split(" | ")[0]
        reader = read_tenure if "as a tenure" in examples else read_departure
        for text in re.findall("`(.+?)`", examples):
            language = "he" if re.search("[א-ת]", text) else "en"
            assert refusal_of(text, reader, language), text


# --- Whatever is in the cell ------------------------------------------------------------------


@given(ANYTHING, st.sampled_from(LANGUAGES))
def test_any_text_is_a_range_or_a_wording_error(text: str, language: str) -> None:
    with suppress(WordingError):
        found = read_departure(text, language)
        assert read_departure(departure_by_hand(found), language) == found
    with suppress(WordingError):
        length = read_tenure(text, language)
        assert length is None or length.low >= 0
        assert read_tenure(tenure_by_hand(length), language) == length
    with suppress(WordingError):
        assert read_month(text) == read_departure(text, language).low


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        "9" * 5000,
        "9" * 90 + " years",
        "9" * 5000 + " years",
        "'" * 1_000_000,
        "½" * 1_000_000,
        "6 years, " * 100_000,
        "a half " * 14,
        "שנה אחת " * 12,
        "1y" * 50,
        "-" * 100,
        "0" * 100,
        "5" + "\u200f" * 1_000_000 + " yeers",
    ],
    ids=lambda text: f"{text[:9]!r}x{len(text)}",
)
def test_a_hostile_text_is_refused_at_once(text: str, language: str) -> None:
    start = time.process_time()
    with pytest.raises(WordingError):
        read_tenure(text, language)
    with pytest.raises(WordingError):
        read_departure(text, language)
    assert time.process_time() - start < 5  # for what does not end, or takes minutes


def test_what_is_seen_of_a_text_may_be_a_hundred_characters_long() -> None:
    longest = "0" * 93 + "5 years"
    assert len(longest) == 100
    assert read_tenure(longest, "en") == Range(54, 66, 1)
    assert read_tenure(longest + " " * 500 + "\u200f", "en") == Range(54, 66, 1)
    with pytest.raises(WordingError):
        read_tenure("0" + longest, "en")


@pytest.mark.parametrize("reader", [read_departure, read_tenure])
def test_a_language_without_a_table_is_a_programming_error(
    reader: Callable[[str, str], Range],
) -> None:
    with pytest.raises(KeyError):
        reader("2024", "fr")


def test_the_examples_of_the_docstrings_hold() -> None:
    failed, attempted = doctest.testmod(wording)
    assert failed == 0
    assert attempted >= 3


def test_a_fresh_copy_of_the_grammar_reads_the_same() -> None:
    """The tables are made when the modules are imported; here that happens once more."""
    fresh = {}
    for module in (vocabulary, wording):
        spec = importlib.util.spec_from_file_location(module.__name__, module.__file__)
        fresh[module] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(fresh[module])
    assert fresh[wording].read_departure("early 2023", "en") == Range(636, 639, step=1)
    assert fresh[wording].read_tenure("שש שנים ושבעה חודשים", "he") == Range(78, 80, step=1)
    assert fresh[wording].read_tenure("3 to 4 years", "en") == Range(36, 48, step=1)
    for text in ("January to March 2023", "January-March 2023", "2023-01..2023-03"):
        assert fresh[wording].read_departure(text, "en") == Range(636, 638, step=1)
    for text in ("January to 2023", "2022-Jan-2023"):
        with pytest.raises(fresh[wording].WordingError):
            fresh[wording].read_departure(text, "en")
