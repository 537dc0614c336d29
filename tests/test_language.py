"""Hebrew as a newspaper prints it: number, gender, prefixes and direction."""

from __future__ import annotations

import datetime

import pytest

from analysis_helpers.errors import InputError
from analysis_helpers.language import ENGLISH, Count, Language, Message, Name, _joined_prefixes
from analysis_helpers.ranges import Range

HEBREW = Language("he")


@pytest.mark.parametrize(
    ("number", "masculine", "feminine", "before_a_noun", "before_the_noun"),
    [
        (1, "אחד", "אחת", "אחד", "אחד"),
        (2, "שניים", "שתיים", "שני", "שני"),
        (3, "שלושה", "שלוש", "שלושה", "שלושת"),
        (8, "שמונה", "שמונה", "שמונה", "שמונת"),
        (10, "עשרה", "עשר", "עשרה", "עשרת"),
        (11, "11", "11", "11", "11"),
        (1200, "1,200", "1,200", "1,200", "1,200"),
    ],
)
def test_a_count_agrees_with_its_noun(
    number: int, masculine: str, feminine: str, before_a_noun: str, before_the_noun: str
) -> None:
    written = HEBREW.count(number)
    forms = f"{written:m}", f"{written:f}", f"{written:mc}", f"{written:md}"
    assert forms == (masculine, feminine, before_a_noun, before_the_noun)


def test_two_counts_agree_too() -> None:
    assert f"{HEBREW.parts(Range(5, 7)):m}" == "חמישה עד שבעה"
    assert f"{HEBREW.parts(Range(2, 3)):f}" == "שתיים או שלוש"
    assert f"{HEBREW.parts(Range(4, 4)):f}" == "ארבע"
    assert str(HEBREW.part(0)) == "אף אחד"


def test_an_english_count_has_one_form() -> None:
    assert f"{ENGLISH.count(3)}" == "three"
    assert isinstance(ENGLISH.count(3), Count)


@pytest.mark.parametrize(
    ("number", "said"),
    [(12, "שנה אחת"), (24, "שנתיים"), (60, "חמש שנים"), (132, "11 שנים"), (66, "5.5 שנים")],
)
def test_years(number: int, said: str) -> None:
    assert HEBREW.years(number) == said


@pytest.mark.parametrize(
    ("number", "said"), [(1, "חודש אחד"), (2, "חודשיים"), (4, "ארבעה חודשים"), (11, "11 חודשים")]
)
def test_months(number: int, said: str) -> None:
    assert HEBREW.months(number) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ((2023, 5), (2023, 5), "במאי 2023"),
        ((2023, 1), (2023, 2), "בינואר או בפברואר 2023"),
        ((2023, 1), (2023, 4), "בין ינואר לאפריל 2023"),
        ((2022, 12), (2023, 4), "בין דצמבר 2022 לאפריל 2023"),
    ],
)
def test_a_range_of_months(low: tuple[int, int], high: tuple[int, int], said: str) -> None:
    ends = [(year - 1970) * 12 + month - 1 for year, month in (low, high)]
    assert HEBREW.month_within(*ends) == said


INFINITE = float("inf")


@pytest.mark.parametrize(
    ("low", "high", "kind", "english", "hebrew"),
    [
        (3, 5, "count", "3 to 5", "3 עד 5"),
        (78.571, 78.571, "percent", "78.6%", "78.6%"),
        (65, 68.82, "months", "65.0 to 68.8 months", "65.0 עד 68.8 חודשים"),
        (1, 1, "months", "1 month", "חודש 1"),
        (0, 1, "months", "0 to 1 months", "0 עד 1 חודשים"),
        (28, INFINITE, "months", "28 months or more", "28 חודשים או יותר"),
        (-INFINITE, 27, "months", "27 months or less", "27 חודשים או פחות"),
        (-INFINITE, INFINITE, "months", "no limit", "ללא גבול"),
    ],
)
def test_a_measured_range(low: float, high: float, kind: str, english: str, hebrew: str) -> None:
    assert HEBREW.measured_span(low, high, kind) == hebrew
    assert ENGLISH.measured_span(low, high, kind) == english


def test_a_number_of_names() -> None:
    assert [HEBREW.names_span(*ends) for ends in ((1, 1), (2, 2), (0, 1), (0, 2))] == [
        "שם אחד",
        "שני שמות",
        "0 עד 1 שמות",
        "0 עד 2 שמות",
    ]
    assert ENGLISH.names_span(1, 1) == "1 name"
    assert ENGLISH.names_span(0, 1) == "0 to 1 names"


def test_a_day() -> None:
    assert HEBREW.day(datetime.date(2023, 7, 18)) == "18 ביולי 2023"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("בMistral", "ב-Mistral"),
        ("במיסטרל", "במיסטרל"),
        ("מ2014 ל2022", "מ-2014 ל-2022"),
        ("ושל 14", "ושל 14"),
        ("כ5", "כ-5"),
        ("שלום5", "שלום5"),
    ],
)
def test_a_prefix_takes_a_hyphen_before_latin_letters_and_digits(text: str, written: str) -> None:
    assert _joined_prefixes(text) == written


@pytest.mark.parametrize(
    ("english", "said", "at", "to"),
    [
        ("the Gazette", "הגזט", "בגזט", "לגזט"),  # the article merges with the prefix
        ("The Herald", "ההרלד", "בהרלד", "להרלד"),
        ("Herzliya", "הרצליה", "בהרצליה", "להרצליה"),  # this is no article
        ("the Gazette", "גזט", "בגזט", "לגזט"),
        ("Theranos", "הרנוס", "בהרנוס", "להרנוס"),
        ("Meta", "מטא", "במטא", "למטא"),
        ("the Gazette", "the Gazette", "ב-the Gazette", "ל-the Gazette"),  # not translated
    ],
)
def test_the_article_of_a_name_merges_with_a_prefix(
    english: str, said: str, at: str, to: str
) -> None:
    name = Name.of(english, said)
    assert Message("{name:ב}").format(name=name) == at
    assert Message("{name:ל}").format(name=name) == to
    assert Message("את {name}").format(name=name) == f"את {said}"
    assert Message("מ{name}").format(name=Name.of("the Gazette", "הגזט")) == "מהגזט"


@pytest.mark.parametrize(
    ("months", "english", "hebrew"),
    [
        (85, "seven years and one month", "שבע שנים וחודש אחד"),
        (24, "two years", "שנתיים"),
        (52, "four years and four months", "ארבע שנים וארבעה חודשים"),
        (14, "one year and two months", "שנה אחת וחודשיים"),
        (4, "four months", "ארבעה חודשים"),
        (139, "11 years and seven months", "11 שנים ושבעה חודשים"),
    ],
)
def test_a_duration_can_be_read_aloud(months: int, english: str, hebrew: str) -> None:
    assert ENGLISH.duration_in_words(months) == english
    assert HEBREW.duration_in_words(months) == hebrew


@pytest.mark.parametrize(
    ("share", "said"), [(75.0, "75%"), (100 * 11 / 14, "78.6%"), (100.0, "100%"), (99.96, "100.0%")]
)
def test_a_share_has_a_decimal_only_where_it_is_no_whole_per_cent(share: float, said: str) -> None:
    assert ENGLISH.percent(share) == HEBREW.percent(share) == said


def test_a_list() -> None:
    assert HEBREW.listed(["אדה", "בן", "גד"]) == "אדה, בן וגד"
    assert HEBREW.listed(["אדה", "Ben"]) == "אדה ו-Ben"


def test_a_drawn_text_runs_from_right_to_left_and_its_ranges_from_left_to_right() -> None:
    assert HEBREW.directed("65.0–68.8 חודשים") == "\u2067\u206665.0–68.8\u2069 חודשים\u2069"
    assert HEBREW.directed("BERT: 4") == "\u2067\u200fBERT: 4\u2069"
    assert ENGLISH.directed("65.0–68.8 months") == "65.0–68.8 months"


def test_a_language_names_itself() -> None:
    assert [ENGLISH.own_name, HEBREW.own_name] == ["English", "עברית"]
    assert [ENGLISH.direction, HEBREW.direction] == ["ltr", "rtl"]


@pytest.mark.parametrize("code", ["fr", "", "EN", "../he"])
def test_an_unknown_language_is_bad_input(code: str) -> None:
    with pytest.raises(InputError, match=r"there is no edition in .*\n  Accepted: en, he\."):
        Language.of(code)
