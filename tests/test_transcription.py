import csv
import itertools
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from analysis_helpers import transcription
from analysis_helpers.transcription import COLUMNS, Mismatch, verify
from work import calls_of

Row = dict[str, str]


def row(source: str, *cells: str) -> Row:
    """A row of authors.csv: its source, then its cells in the order of the columns."""
    return dict(zip(COLUMNS, cells, strict=True)) | {"source": source}


ENGLISH_LIST = """\
The orchard team, two years on

Two of the paper's four authors still work at Pomona: staff gardener Ida Moss and head of grafting \
Leo Fenn. Pomona was founded in 2011.

Where the others went

• Nora Quill (N. Quill)

  • Role at Pomona: not given
  • Role today: chief pruner, old trees at Bramley Labs
  • Left Pomona: March 2023
  • Time at Pomona: 6 years, 7 months
• Otto Reed

  • Role at Pomona: apprentice
  • Role today: co-founder and chief taster at Cox
  • Left Pomona: early 2024
  • Time at Pomona: 5 years
"""
ENGLISH_ROWS = [
    row("line 3", "Ida Moss", "", "staff gardener", "", "", ""),
    row(
        "lines 7-12",
        "Nora Quill (N. Quill)",
        "not given",
        "chief pruner, old trees",
        "Bramley Labs",
        "March 2023",
        "6 years, 7 months",
    ),
    row("line 3", "Leo Fenn", "", "head of grafting", "", "", ""),
    row(
        "lines 13-18",
        "Otto Reed",
        "apprentice",
        "co-founder and chief taster",
        "Cox",
        "early 2024",
        "5 years",
    ),
]

ENGLISH_PROSE = """\
Where they are now

Ida Moss left in March 2023 after 6 years, 7 months. She is now a head gardener at Bramley Labs.

Otto Reed, a former apprentice, quit in early 2024 to join Cox as a chief taster; he had stayed \
for five years and one month.

Una Vale and Sol Wick left in May 2022.
"""
PROSE_ROWS = [
    row(
        "line 3", "Ida Moss", "", "head gardener", "Bramley Labs", "March 2023", "6 years, 7 months"
    ),
    row(
        "line 5",
        "Otto Reed",
        "apprentice",
        "chief taster",
        "Cox",
        "early 2024",
        "five years and one month",
    ),
    row("line 7", "Una Vale", "", "", "", "May 2022", ""),
    row("line 7", "Sol Wick", "", "", "", "May 2022", ""),
]

HEBREW = """\
צוות הגן

רק שתיים נשארו בפומונה: מנהלת הגן דנה אלון ומדריכת הטיולים רות ברק. שאר הצוות של פומונה התפזר.

  • יונתן שדה (Yonatan Sade)

    • תפקיד קודם: לא ידוע
    • תפקיד נוכחי: גוזם ראשי במשתלת Cox
    • עזב: תחילת 2024
    • ותק: 6 שנים, 7 חודשים
  • מיכל כרמי

    • תפקיד קודם: שתלנית
    • תפקיד נוכחי: מייסדת שותפה וטועמת, ענבים ב-Bramley
    • עזב: מרץ 2023
    • ותק: שנתיים, חודש אחד
"""
HEBREW_ROWS = [
    row("line 3", "דנה אלון", "", "מנהלת הגן", "", "", ""),
    row(
        "lines 5-10",
        "יונתן שדה (Yonatan Sade)",
        "לא ידוע",
        "גוזם ראשי",
        "משתלת Cox",
        "תחילת 2024",
        "6 שנים, 7 חודשים",
    ),
    row("line 3", "רות ברק", "", "מדריכת הטיולים", "", "", ""),
    row(
        "lines 11-16",
        "מיכל כרמי",
        "שתלנית",
        "מייסדת שותפה וטועמת, ענבים",
        "Bramley",
        "מרץ 2023",
        "שנתיים, חודש אחד",
    ),
]
INVENTED = {
    "English list": (ENGLISH_ROWS, ENGLISH_LIST),
    "Hebrew list": (HEBREW_ROWS, HEBREW),
    "English prose": (PROSE_ROWS, ENGLISH_PROSE),
}
every_cohort = pytest.mark.parametrize(("rows", "article"), INVENTED.values(), ids=INVENTED)


def found(rows: list[Row], article: str) -> list[str]:
    return [str(mismatch) for mismatch in verify(rows, article).mismatches]


def changed(rows: list[Row], number: int, **cells: str) -> list[Row]:
    return [r | cells if n == number else r for n, r in enumerate(rows, start=1)]


def other_values(rows: list[Row], number: int, column: str) -> Iterator[str]:
    """What a slip of the hand could make of a cell."""
    value = rows[number - 1][column]
    words = value.split()
    yield from (f"{value}x", f"{value},", f"x{value}", value[1:], value[:-1], "", "xyz", "2019")
    yield from (" ".join(words[a:b]) for a in range(len(words)) for b in range(a, len(words) + 1))
    yield from (r[column] for r in rows)
    yield from (rows[number - 1][c] for c in COLUMNS)
    if column == "source":
        first, last = (int(n) for n in (value.split()[1].split("-") * 2)[:2])
        for a, b in (
            (-1, -1),
            (1, 1),
            (-1, 0),
            (0, 1),
            (1, 0),
            (0, -1),
            (-1, 1),
            (-9, -9),
            (99, 99),
        ):
            yield f"line {first + a}" if first == last else f"lines {first + a}-{last + b}"
            yield f"lines {first + a}-{last + b}"
        yield from (f"lines {last}-{first}", str(first), "page 2")


def uncaught(rows: list[Row], article: str, *numbers: int) -> list[str]:
    """The changes of one cell after which no mismatch names the cell's row and column."""
    return [
        f"row {number}, {column}: {value!r} for {rows[number - 1][column]!r}"
        for number in numbers or range(1, len(rows) + 1)
        for column in (*COLUMNS, "source")
        for value in dict.fromkeys(other_values(rows, number, column))
        if value != rows[number - 1][column]
        and not any(
            column in str(mismatch)
            for mismatch in verify(changed(rows, number, **{column: value}), article).mismatches
            if mismatch.row == number
        )
    ]


@every_cohort
def test_a_faithful_transcription_has_no_mismatch(rows: list[Row], article: str) -> None:
    assert found(rows, article) == []


@pytest.mark.parametrize("cohort", ["English list", "Hebrew list"])
def test_every_change_of_a_single_cell_is_found(cohort: str) -> None:
    assert uncaught(*INVENTED[cohort]) == []


def test_in_prose_every_change_is_found_but_emptying_what_two_names_share() -> None:
    assert uncaught(PROSE_ROWS, ENGLISH_PROSE) == [
        "row 3, departed: '' for 'May 2022'",
        "row 4, departed: '' for 'May 2022'",
    ]


def test_a_mismatch_says_where_and_what_and_what_the_article_has_there() -> None:
    rows = changed(ENGLISH_ROWS, 2, tenure="6 yeers")
    assert verify(rows, ENGLISH_LIST).mismatches == [
        Mismatch(
            row=2,
            column="tenure",
            value="6 yeers",
            what="is not on lines 7-12, where the row says it stands; "
            'there is "6 years, 7 months" on line 12, which no cell of the row holds',
        )
    ]
    assert found(rows, ENGLISH_LIST)[0].startswith(
        'authors.csv, line 3 (Nora Quill (N. Quill)), tenure: "6 yeers" is not on lines 7-12'
    )


def test_a_value_cut_short_is_shown_with_the_rest_of_it() -> None:
    (mismatch,) = verify(changed(HEBREW_ROWS, 2, tenure="6 שנים"), HEBREW).mismatches
    assert (mismatch.row, mismatch.column, mismatch.value) == (2, "tenure", "6 שנים")
    assert '"7 חודשים" on line 10' in mismatch.what


def test_an_emptied_cell_is_shown_with_the_text_that_it_should_hold() -> None:
    (mismatch,) = verify(changed(ENGLISH_ROWS, 4, role_then=""), ENGLISH_LIST).mismatches
    assert str(mismatch).startswith("authors.csv, line 5 (Otto Reed), role_then: empty, but")
    assert '"apprentice" on line 15' in mismatch.what
    (mismatch,) = verify(changed(HEBREW_ROWS, 4, organisation=""), HEBREW).mismatches
    assert (mismatch.column, "ב-Bramley" in mismatch.what) == ("organisation", True)


def test_a_value_of_another_line_points_to_that_line_and_to_the_source() -> None:
    (mismatch,) = verify(changed(ENGLISH_ROWS, 4, departed="March 2023"), ENGLISH_LIST).mismatches
    assert mismatch.column == "departed"
    assert "stands on line 11: see source" in mismatch.what


def test_a_source_that_misses_most_cells_is_one_mismatch() -> None:
    (mismatch,) = verify(changed(ENGLISH_ROWS, 4, source="line 13"), ENGLISH_LIST).mismatches
    assert mismatch.column == "source"
    assert "departed" in mismatch.what


@pytest.mark.parametrize("source", ["line 19-20", "lines 7", "p. 3", "", "line 0", "lines 12-7"])
def test_a_source_that_cannot_be_read_says_what_is_accepted(source: str) -> None:
    (mismatch,) = verify(changed(ENGLISH_ROWS, 2, source=source), ENGLISH_LIST).mismatches
    assert (mismatch.row, mismatch.column) == (2, "source")
    assert "accepted: line 52, lines 51-54, or an address" in mismatch.what


def test_a_source_beyond_the_end_says_how_long_the_article_is() -> None:
    (mismatch,) = verify(changed(ENGLISH_ROWS, 2, source="line 99"), ENGLISH_LIST).mismatches
    assert "outside the article, which has 18 lines" in mismatch.what


def test_a_row_that_cites_an_address_is_left_unchecked() -> None:
    rows = changed(ENGLISH_ROWS, 4, source="https://example.org/otto", tenure="anything")
    result = verify(rows, ENGLISH_LIST)
    assert (result.mismatches, result.unchecked, result.cells) == (
        [],
        ["line 5 (Otto Reed)"],
        2 + 6 + 2,
    )


@every_cohort
def test_two_columns_in_each_others_place_are_found(rows: list[Row], article: str) -> None:
    for number, cells in enumerate(rows, start=1):
        for a, b in itertools.combinations(COLUMNS, 2):
            if cells[a] != cells[b]:
                swapped = changed(rows, number, **{a: cells[b], b: cells[a]})
                assert number in {m.row for m in verify(swapped, article).mismatches}, (a, b)


def test_a_range_by_hand_stands_for_what_the_article_prints_and_is_left_unchecked() -> None:
    rows = changed(ENGLISH_ROWS, 4, departed="2024-01..2024-03", tenure="54..66 months")
    result = verify(rows, ENGLISH_LIST)
    assert result.mismatches == []
    assert result.unchecked == ["line 5 (Otto Reed), departed", "line 5 (Otto Reed), tenure"]
    wrong = changed(rows, 4, organisation="Coxx")
    assert [m.column for m in verify(wrong, ENGLISH_LIST).mismatches] == ["organisation"]


def test_a_text_is_held_by_one_cell_of_a_row_only() -> None:
    rows = changed(ENGLISH_ROWS, 1, organisation="staff gardener")
    assert any("line 2 (Ida Moss), organisation" in text for text in found(rows, ENGLISH_LIST))


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("cohort", "column", "value"),
    [
        ("Hebrew list", "organisation", "פומונה"),
        ("English list", "organisation", "Pomona"),
        ("English list", "departed", "2011"),
    ],
)
def test_what_another_sentence_says_does_not_fill_the_cell_of_somebody_who_stayed(
    cohort: str, column: str, value: str, number: int
) -> None:
    rows, article = INVENTED[cohort]
    result = verify(changed(rows, number, **{column: value}), article)
    assert (number, column) in {(m.row, m.column) for m in result.mismatches}


def test_the_hebrew_prefix_belongs_to_no_cell() -> None:
    for name, prefixed in (("organisation", "ב-Bramley"), ("role_now", "ומדריכת הטיולים")):
        number = 4 if name == "organisation" else 3
        rows = changed(HEBREW_ROWS, number, **{name: prefixed})
        assert any(name in str(m) for m in verify(rows, HEBREW).mismatches if m.row == number)


def test_line_ends_spaces_and_invisible_marks_do_not_matter() -> None:
    assert found(HEBREW_ROWS, "\ufeff" + HEBREW.replace("\n", "\r\n")) == []
    article = HEBREW.replace("2024", "\u200f2024\u200e").replace("6 ", "6\u00a0")
    assert found(HEBREW_ROWS, article) == []
    assert found(changed(HEBREW_ROWS, 2, source="lines 5–10"), HEBREW) == []


def test_an_undated_departure_need_not_be_printed_but_must_not_hide_a_date() -> None:
    undated = ENGLISH_LIST.replace("  • Left Pomona: early 2024\n", "")
    rows = changed(ENGLISH_ROWS, 4, departed="unknown", source="lines 13-17")
    assert found(rows, undated) == []
    rows = changed(ENGLISH_ROWS, 4, departed="unknown")
    assert "early 2024" in found(rows, ENGLISH_LIST)[0]


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.text(min_size=1, max_size=40), st.sampled_from(COLUMNS), st.integers(1, 4))
def test_no_text_that_the_article_lacks_passes_for_a_cell(
    text: str, column: str, number: int
) -> None:
    assume(text.strip() and text.strip() not in ENGLISH_LIST and text.isprintable())
    assume(not re.search(r"\d\.\.\d", text))  # a range by hand is told as not checked
    rows = changed(ENGLISH_ROWS, number, **{column: text})
    named = {m.row for m in verify(rows, ENGLISH_LIST).mismatches if column in str(m)}
    assert number in named


def one_paragraph(people: int) -> tuple[list[Row], str]:
    """So many people, each in a sentence of its own."""
    rows, sentences = [], []
    for number in range(people):
        letters = "".join(chr(97 + number // 26**place % 26) for place in range(3))
        row = dict.fromkeys(COLUMNS, "") | {
            "name": f"Ann{letters} Lee", "organisation": f"Acme{letters}", "departed": "May 2023",
            "tenure": "4 years", "source": "line 1",
        }  # fmt: skip
        rows.append(row)
        sentences.append(
            f"{row['name']} left in May 2023 after 4 years and joined {row['organisation']}."
        )
    return rows, " ".join(sentences)


def test_a_paragraph_of_500_people_is_held() -> None:
    rows, article = one_paragraph(500)
    assert found(rows, article) == []

    rows[400]["tenure"] = "5 years"
    assert found(rows, article) == [
        f'authors.csv, line 402 ({rows[400]["name"]}), tenure: "5 years" is not on line 1, '
        "where the row says it stands"
    ]


def test_four_times_the_people_in_a_paragraph_take_no_more_than_some_times_the_work() -> None:
    """Sixteen times is what holding each cell against each other takes."""
    assert calls_of(verify, *one_paragraph(400)) < 10 * calls_of(verify, *one_paragraph(100))


def test_four_times_as_long_a_line_takes_no_more_than_some_times_the_work() -> None:
    def at_the_end_of(words: int) -> tuple[list[Row], str]:
        rows, people = one_paragraph(3)
        return rows, "lorem, ipsum; dolor sit " * words + people

    assert calls_of(verify, *at_the_end_of(10_000)) < 5 * calls_of(verify, *at_the_end_of(2_500))
    assert verify(*at_the_end_of(45_000)).cells == 3 * 4  # a line of more than a million letters


def test_a_list_of_1000_people_whose_sources_are_all_one_person_off_ends() -> None:
    rows, lines = [], []
    for number in range(1000):
        letters = "".join(chr(97 + number // 26**place % 26) for place in range(3))
        row = dict.fromkeys(COLUMNS, "") | {
            "name": f"Ann{letters} Lee", "organisation": f"Acme{letters}", "departed": "May 2023",
            "tenure": "4 years", "source": f"lines {4 * number + 5}-{4 * number + 8}",
        }  # fmt: skip
        rows.append(row)
        lines += [f"• {row['name']}", f"  • Now at: {row['organisation']}"]
        lines += ["  • Left: May 2023", "  • Stayed: 4 years"]
    mismatches = verify(rows[:-1], "\n".join(lines)).mismatches
    # Each row's name is on the four lines before those that it cites.
    assert {m.row for m in mismatches if f"line {4 * m.row - 3}:" in m.what} == set(range(1, 1000))


def article_and_rows() -> tuple[list[Row], str]:
    if "ARTICLE" not in os.environ:
        pytest.skip("ARTICLE does not name a copy of the article")
    table = Path(__file__).parents[1] / "data" / "llama" / "authors.csv"
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    return rows, Path(os.environ["ARTICLE"]).read_text(encoding="utf-8")


def test_the_table_of_the_llama_authors_is_what_the_article_prints() -> None:
    rows, article = article_and_rows()
    assert found(rows, article) == []
    assert verify(rows, article).cells == 11 * 6 + 3 * 2


@pytest.mark.parametrize("number", range(1, 15))
def test_every_change_of_a_single_cell_of_the_llama_authors_is_found(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All but one text is the same for every change.
    monkeypatch.setattr(transcription, "_tidy", cache(transcription._tidy))
    assert uncaught(*article_and_rows(), number) == []
