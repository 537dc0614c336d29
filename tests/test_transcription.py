import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis_helpers.transcription import COLUMNS, Mismatch, verify

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
    row("line 3", "Ida Moss", "", "head gardener", "Bramley Labs", "March 2023", "6 years, 7 months"),
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
        for a, b in ((-1, -1), (1, 1), (-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (-9, -9), (99, 99)):
            yield f"line {first + a}" if first == last else f"lines {first + a}-{last + b}"
            yield f"lines {first + a}-{last + b}"
        yield from (f"lines {last}-{first}", str(first), "page 2")


def uncaught(rows: list[Row], article: str) -> list[str]:
    """The changes of one cell after which no mismatch names the cell's row and column."""
    return [
        f"row {number}, {column}: {value!r} for {rows[number - 1][column]!r}"
        for number in range(1, len(rows) + 1)
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


def test_every_change_of_a_single_cell_of_the_llama_authors_is_found() -> None:
    assert uncaught(*article_and_rows()) == []
