"""Files are read as text or refused; problems name the place as a person would look for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_helpers.errors import InputError, Problem, Problems, shown
from analysis_helpers.files import Sheet, place, read_csv, read_text, read_toml, tidy


def test_a_problem_reads_as_sentences() -> None:
    problem = Problem(
        "a.csv, line 5 (Ada), tenure", 'cannot read "6 yeers"', '"7 years" or "5 months"'
    )
    assert str(problem) == (
        'a.csv, line 5 (Ada), tenure: cannot read "6 yeers".\n  Accepted: "7 years" or "5 months".'
    )
    assert str(Problem("a.csv", "is missing")) == "a.csv: is missing."
    assert str(Problem("a.csv", "Why?", "Nothing.")) == "a.csv: Why?\n  Accepted: Nothing."


def test_an_error_says_all_of_its_problems() -> None:
    error = InputError(Problem(name, "is missing") for name in ("a", "b"))
    assert str(error) == "a: is missing.\nb: is missing."
    assert [problem.where for problem in error.problems] == ["a", "b"]


def test_in_a_notebook_each_problem_is_one_line_for_who_sees_only_the_last() -> None:
    problems = [
        Problem("a.csv", "is missing"),
        Problem("a.csv, line 5 (Ada), tenure", "no", "5 years"),
    ]
    (said,) = InputError(problems)._render_traceback_()
    assert said.splitlines()[-1] == "a.csv, line 5 (Ada), tenure: no. Accepted: 5 years."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ada", '"Ada"'),
        ("אדה", '"אדה"'),
        ("a\nb\u202e\x1b", '"a\\nb\\u202e\\x1b"'),
        ("x" * 60, '"' + "x" * 60 + '"'),
        ("x" * 61, '"' + "x" * 59 + '…"'),
        (True, "true"),
        (7, "7"),
        (10**60, "a number of more than 60 digits"),
        (-(10**60), "a number of more than 60 digits"),
        (0.5, "0.5"),
        ([1, 2], "a list"),
        ({"a": 1}, "a table"),
    ],
)
def test_a_value_is_shown_short_and_without_what_is_hidden(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_place_is_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert place(tmp_path / "data" / "a.csv", 4, "tenure") == "data/a.csv, line 4, tenure"
    assert place(Path("data/../a.csv")) == "a.csv"
    assert place(Path("/elsewhere/a.csv"), 1) == "/elsewhere/a.csv, line 1"
    (tmp_path / "b.csv").touch()
    (tmp_path / "a.csv").symlink_to("b.csv")
    assert place(tmp_path / "a.csv", column="name") == "a.csv, name"


def test_line_ends_and_a_byte_order_mark_are_no_part_of_a_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("\ufeffאדה\r\nBen\rCleo\n".encode())
    assert read_text(tmp_path / "a") == "אדה\nBen\nCleo\n"


def test_a_text_that_is_no_part_of_a_cohort_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "article.txt").write_text("text")
    (tmp_path / "folder" / "a.txt").symlink_to(tmp_path / "article.txt")
    assert read_text(tmp_path / "folder" / "a.txt") == "text"
    with pytest.raises(InputError, match="leads outside the folder"):
        read_toml(tmp_path / "folder" / "a.txt")


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  two \t words\u00a0\n", "two words"),
        ("\u200fאדה\u200e\u2066\ufeff", "אדה"),
        ("Ada\x02\x1b \x7fEx\x9b\uffff", "Ada Ex"),
        ("Zoe\u0308", "Zoë"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\u200b", ""),
        ('סמנ"ל', 'סמנ"ל'),
    ],
)
def test_a_tidy_cell_has_no_more_than_is_seen(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


def test_cells_keep_what_is_in_quotes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('b,a\n"x, ""y""",סמנ"ל\n,NA\n')
    frame = read_csv(path, ("a", "b")).cells
    assert frame.astype(object).to_numpy().tolist() == [['סמנ"ל', 'x, "y"'], ["NA", ""]]


def test_a_sheet_has_tidy_cells_and_missing_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n x ,1\n\u200f,2\nx,\n")
    problems = Problems()
    sheet = Sheet.read(path, ("a", "b"), problems)
    assert sheet["a"].tolist()[::2] == ["x", "x"]
    assert sheet["a"].isna().tolist() == [False, True, False]
    assert len(sheet["a"].cat.categories) == 1
    assert problems == []


def test_an_optional_sheet_may_be_missing_and_any_other_is_a_problem(tmp_path: Path) -> None:
    problems = Problems()
    assert Sheet.read(tmp_path / "a.csv", ("a",), problems, optional=True) is None
    assert problems == []
    assert Sheet.read(tmp_path / "a.csv", ("a",), problems) is None
    assert [problem.what for problem in problems] == ["is missing"]
