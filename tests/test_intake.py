"""A cohort folder is made from whatever spreadsheet a newsroom has."""

from __future__ import annotations

import csv
import datetime
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from analysis_helpers.__main__ import app
from analysis_helpers.cohort import PRINTED
from analysis_helpers.errors import InputError
from analysis_helpers.intake import write_from
from analysis_helpers.opening import open_cohort

AMERICAN = [
    "Full Name",
    "Previous Title",
    "Current Title",
    "Organization",
    "Left",
    "Tenure",
    "Link",
]
ADA = ["Ada Lovelace", "Engineer", "CTO", "Acme", "June 2023", "6 years, 7 months", "line 4"]
BEN = ["Ben Smith", "", "Editor", "", "", "", "line 5"]


def workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def text_table(path: Path, rows: Sequence[Sequence[str]], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def people(folder: Path) -> list[dict[str, str]]:
    with (folder / "authors.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill_in(folder: Path) -> None:
    """What nobody can take from a spreadsheet, as a person would write it."""
    head = folder / "cohort.toml"
    text = head.read_text(encoding="utf-8")
    for key, value in (
        ("title", "The team"),
        ("company", "Initech"),
        ("title", "A paper"),
        ("source", "the journal"),
        ("as_of", "2025-05"),
    ):
        assert f'\n{key} = ""' in text
        text = text.replace(f'\n{key} = ""', f'\n{key} = "{value}"', 1)
    text = text.replace("# published = 2023-02-27", "published = 2023-02-27", 1)
    head.write_text(text, encoding="utf-8")


def refusal(*given: Any, **named: Any) -> str:
    with pytest.raises(InputError) as caught:
        write_from(*given, **named)
    assert len(caught.value.problems) == 1
    return str(caught.value)


# --- what is read


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_american_headings_and_any_delimiter_are_recognised_and_said_in_one_line(
    tmp_path: Path, delimiter: str
) -> None:
    table = text_table(tmp_path / "team.csv", [AMERICAN, ADA, BEN], delimiter)
    intake = write_from(tmp_path / "mine", table)
    assert people(tmp_path / "mine") == [dict(zip(PRINTED, row, strict=True)) for row in (ADA, BEN)]
    (said,) = intake.said
    named = {",": "", ";": "semicolons", "\t": "tabs", "|": "bars"}[delimiter]
    assert said.startswith(f"{table.as_posix()}" + f" ({named} between its cells)" * bool(named))
    assert '"Organization" is organisation, "Left" is departed' in said


def test_what_is_printed_is_kept_and_checked_as_it_stands(tmp_path: Path) -> None:
    row = ["אדה (Ada)", "", 'סמנ"ל', "Acme, Inc.", "תחילת 2023", "6 שנים ו-7 חודשים", "line 4"]
    write_from(tmp_path / "mine", text_table(tmp_path / "team.csv", [PRINTED, row]))
    assert list(people(tmp_path / "mine")[0].values()) == row
    head = tomllib.loads((tmp_path / "mine" / "cohort.toml").read_text(encoding="utf-8"))
    assert head["article"]["language"] == "he"
    glossary = (tmp_path / "mine" / "glossary.csv").read_text(encoding="utf-8")
    assert glossary.splitlines() == ["printed,english", '"סמנ""ל",']


@pytest.mark.parametrize(
    ("value", "form", "text", "month"),
    [
        (datetime.date(2023, 6, 15), "d mmmm yyyy", "2023-06-15", "2023-06"),
        (datetime.datetime(2023, 6, 1), "mmm-yy", "2023-06", "2023-06"),
        (datetime.datetime(2023, 6, 1), 'mmmm "d" yyyy', "2023-06", "2023-06"),
        ("June 2023", "General", "June 2023", "2023-06"),
        (2023, "General", "2023", "2023-01"),
        (2023.0, "0", "2023", "2023-01"),
    ],
)
def test_a_date_cell_becomes_a_text_that_is_read(
    tmp_path: Path, value: Any, form: str, text: str, month: str
) -> None:
    path = workbook(tmp_path / "team.xlsx", People=[PRINTED, ADA])
    book = openpyxl.load_workbook(path)
    book.active["E2"].value, book.active["E2"].number_format = value, form
    book.save(path)
    write_from(tmp_path / "mine", path)
    assert people(tmp_path / "mine")[0]["departed"] == text
    fill_in(tmp_path / "mine")
    data, _ = open_cohort(tmp_path / "mine")
    assert str(data.authors["departed_low"][0]) == month


def test_blank_rows_a_title_above_and_empty_columns_are_no_part_of_the_table(
    tmp_path: Path,
) -> None:
    rows = [["Where they went"], [], [None, *AMERICAN, None], [None, *ADA], [], [" "], [None, *BEN]]
    intake = write_from(tmp_path / "mine", workbook(tmp_path / "team.xlsx", People=rows))
    assert [row["name"] for row in people(tmp_path / "mine")] == ["Ada Lovelace", "Ben Smith"]
    assert "headings on line 3" in intake.said[0]
    assert intake.said[1:] == ["2 blank rows left out."]


def test_what_has_no_place_is_listed_and_can_be_placed(tmp_path: Path) -> None:
    rows = [["Who", "Company", "Started", "Left"], ["Ada", "Acme", "2016", "2023"]]
    table = text_table(tmp_path / "team.csv", rows)
    intake = write_from(tmp_path / "one", table)
    assert intake.said[1] == (
        'Not placed: "Company" (perhaps organisation); "Started".'
        " With --column OURS=THEIRS they can be."
    )
    write_from(tmp_path / "two", table, ["organisation=company"])
    assert people(tmp_path / "two")[0]["organisation"] == "Acme"


def test_two_headings_that_mean_the_same_are_not_guessed_between(tmp_path: Path) -> None:
    rows = [["Name", "Left", "Departure date"], ["Ada", "yes", "2023"]]
    table = text_table(tmp_path / "team.csv", rows)
    assert 'Not placed: "Left"; "Departure date".' in write_from(tmp_path / "one", table).said[1]
    write_from(tmp_path / "two", table, ["departed=Departure date"])
    assert people(tmp_path / "two")[0]["departed"] == "2023"


def test_a_heading_that_names_the_unit_gives_it_to_bare_numbers(tmp_path: Path) -> None:
    rows = [
        ["Name", "Left", "Years at the company"],
        ["Ada", "2023", 7],
        ["Ben", "2023", "2 to 3 years"],
        ["Cleo", "2024", 3.5],
    ]
    intake = write_from(tmp_path / "mine", workbook(tmp_path / "team.xlsx", People=rows))
    assert [row["tenure"] for row in people(tmp_path / "mine")] == [
        "7 years",
        "2 to 3 years",
        "3.5 years",
    ]
    assert intake.said[-1] == 'Tenures in figures are in years, as their heading says: "7 years".'


def test_who_is_still_there_states_no_departure_and_a_dash_states_nothing(tmp_path: Path) -> None:
    rows = [
        ["Name", "Left", "Tenure", "Employer"],
        ["Ada", "still there", "–", "-"],
        ["Ben", "Present", "", ""],
        ["Cleo", "-", "", ""],
        ["Dora", "n/a", "", ""],
    ]
    intake = write_from(tmp_path / "mine", text_table(tmp_path / "team.csv", rows))
    assert [row["departed"] for row in people(tmp_path / "mine")] == ["", "", "", "n/a"]
    assert intake.said[1:] == [
        "3 cells with only a dash left empty.",
        'No departure for who stayed, which is what "Present", "still there" was taken for.',
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1255"])
def test_other_encodings_of_a_text_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "team.csv"
    path.write_bytes("שם,עזב\nאדה לבלייס,תחילת 2023\n".encode(encoding))
    write_from(tmp_path / "mine", path)
    assert people(tmp_path / "mine")[0]["name"] == "אדה לבלייס"


def test_one_of_several_sheets_is_chosen_by_its_name(tmp_path: Path) -> None:
    sheets = {"Staff": [PRINTED, ADA], "Old": [PRINTED, BEN], "Empty": []}
    path = workbook(tmp_path / "team.xlsx", **sheets)
    assert refusal(tmp_path / "one", path) == (
        f'{path.as_posix()}: has several sheets: "Staff", "Old".\n'
        '  Accepted: the name of one: --sheet "Staff".'
    )
    assert 'no sheet "Stuff"; did you mean Staff?' in refusal(tmp_path / "one", path, sheet="Stuff")
    write_from(tmp_path / "mine", path, sheet="Old")
    assert people(tmp_path / "mine")[0]["name"] == "Ben Smith"


# --- what is refused, in one message


def test_a_table_without_headings_gets_one_message(tmp_path: Path) -> None:
    path = text_table(tmp_path / "team.csv", [ADA, BEN])
    assert refusal(tmp_path / "mine", path) == (
        f"{path.as_posix()}: has no line of headings that could be placed; it begins with "
        '"Ada Lovelace", "Engineer", "CTO", "Acme".\n'
        f"  Accepted: headings such as {', '.join(PRINTED)}."
    )
    assert not (tmp_path / "mine").exists()


def test_headings_without_a_name_get_one_message(tmp_path: Path) -> None:
    path = text_table(tmp_path / "team.csv", [["Label", "Left", "Tenure"], ["Ada", "2023", ""]])
    assert refusal(tmp_path / "mine", path) == (
        f'{path.as_posix()}: has no column for the name, among "Label", "Left", "Tenure".\n'
        '  Accepted: --column name="one of them".'
    )
    write_from(tmp_path / "mine", path, ["name=Label"])
    assert people(tmp_path / "mine")[0]["name"] == "Ada"


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("organization=Left", 'cannot take "organization=Left"; did you mean organisation?'),
        ("departed", 'cannot take "departed"'),
        ("departed=Leff", 'has no column "Leff" on line 1; did you mean Left?'),
    ],
)
def test_a_mapping_that_fits_nothing_is_refused_with_the_nearest(
    tmp_path: Path, column: str, said: str
) -> None:
    path = text_table(tmp_path / "team.csv", [AMERICAN, ADA])
    assert said in refusal(tmp_path / "mine", path, [column])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("team.xlsx", b"PK\x03\x04nothing", "cannot be read as a workbook"),
        ("team.xls", b"\xd0\xcf\x11\xe0", "is no table that can be read"),
        ("team.numbers", b"x", "is no table that can be read"),
        ("gone.csv", None, "is missing"),
        ("team.csv", b"", "it begins with nothing"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert said in refusal(tmp_path / "mine", tmp_path / name)


def test_a_folder_that_holds_anything_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "authors.csv").write_text("mine")
    table = text_table(tmp_path / "team.csv", [PRINTED, ADA])
    assert "is not empty" in refusal(tmp_path / "mine", table)
    assert (tmp_path / "mine" / "authors.csv").read_text() == "mine"


# --- from the command line to a report


def sheet_of_a_newsroom(path: Path) -> Path:
    """American headings, a blank row and a date cell."""
    return workbook(
        path,
        People=[
            AMERICAN,
            [*ADA[:4], datetime.date(2023, 6, 15), "7 years", "line 4"],
            [],
            BEN,
            ["Cleo Park", None, "Professor", "Birch", "spring 2024", "3 to 4 years", "line 6"],
        ],
    )


def test_the_command_says_what_it_took_and_what_is_left_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sheet_of_a_newsroom(tmp_path / "team.xlsx")
    result = CliRunner().invoke(app, ["new", "mine", "--from", "team.xlsx"])
    assert result.exit_code == 0
    assert result.stdout.startswith('team.xlsx: headings on line 1: "Full Name" is name, ')
    to_do = result.stdout.partition("Still to do:\n")[2]
    assert [line.partition(": ")[0] for line in to_do.splitlines() if line.startswith("mine/")] == [
        f"mine/cohort.toml, {key}"
        for key in (
            "title",
            "company",
            "paper.title",
            "paper.published",
            "paper.source",
            "article.as_of",
        )
    ]
    fill_in(tmp_path / "mine")
    result = CliRunner().invoke(app, ["check", "--cohort", "mine"])
    assert (result.exit_code, result.stderr) == (0, "")


def test_columns_and_a_sheet_without_a_table_are_a_slip() -> None:
    assert CliRunner().invoke(app, ["new", "mine", "--column", "name=Who"]).exit_code == 2


def test_a_spreadsheet_becomes_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sheet_of_a_newsroom(tmp_path / "team.xlsx")
    assert CliRunner().invoke(app, ["new", "mine", "--from", "team.xlsx"]).exit_code == 0
    fill_in(tmp_path / "mine")
    ledger = tmp_path / "mine" / "claims.toml"
    ledger.write_text(
        ledger.read_text(encoding="utf-8")
        + '\n[[claim]]\nid = "two-left"\nsays = "Two have left."\nsource = "line 2"\n'
        'measure = "departed"\nexpect = "= 2"\n',
        encoding="utf-8",
    )
    result = CliRunner().invoke(app, ["build", "--cohort", "mine"])
    assert result.exit_code == 0, result.output
    (claim,) = json.loads((tmp_path / "reports" / "mine" / "claims.json").read_text())
    assert (claim["id"], claim["verdict"]) == ("two-left", "supported")
    page = (tmp_path / "reports" / "mine" / "index.html").read_text(encoding="utf-8")
    assert "Ada Lovelace" in page
    # A day is its month; seven years are 84 months, six less to six more.
    with (tmp_path / "reports" / "mine" / "data" / "authors.csv").open(newline="") as file:
        ada = next(csv.DictReader(file))
    assert (ada["departed_low"], ada["departed_high"]) == ("2023-06", "2023-06")
    assert (ada["tenure_low"], ada["tenure_high"]) == ("78", "90")
