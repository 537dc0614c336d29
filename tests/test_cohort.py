"""A cohort folder becomes a checked, tidy table: what was printed beside what it means."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis_helpers import findings, measures
from analysis_helpers.cohort import AUTHORS, Cohort, Report, authors_schema, load_cohort
from analysis_helpers.errors import InputError
from analysis_helpers.opening import open_cohort
from analysis_helpers.outcomes import every_value
from analysis_helpers.places import find_cohort
from analysis_helpers.ranges import Range

PROJECT = Path(__file__).parents[1]
Maker = Callable[..., Path]


@pytest.fixture(scope="module")
def llama() -> Cohort:
    return load_cohort(PROJECT / "data" / "llama")


# --- the authors of the LLaMA paper

IN_THE_PAPERS_ORDER = [
    "Hugo Touvron",
    "Thibaut Lavril",
    "Gautier Izacard",
    "Xavier Martinet",
    "Marie-Anne Lachaux",
    "Timothée Lacroix",
    "Baptiste Rozière",
    "Naman Goyal",
    "Eric Hambro",
    "Faisal Azhar",
    "Aurélien Rodriguez",
    "Armand Joulin",
    "Edouard Grave",
    "Guillaume Lample",
]
STAYED = {"Hugo Touvron", "Xavier Martinet", "Faisal Azhar"}


def test_the_fourteen_are_there_in_the_papers_order(llama: Cohort) -> None:
    assert llama.authors["name"].tolist() == IN_THE_PAPERS_ORDER


def test_three_stayed_and_state_neither_departure_nor_tenure(llama: Cohort) -> None:
    stayed = llama.authors[llama.authors["status"] == "stayed"]
    assert set(stayed["name"]) == STAYED
    for column in ("organisation", "departed_low", "tenure_low", "joined_low", "joined_high"):
        assert stayed[column].isna().all()
    assert stayed["role_now"].tolist() == [
        "Research scientist",
        "Research engineer",
        "Technical programme lead",
    ]


@pytest.mark.parametrize(
    ("name", "departed", "tenure", "joined"),
    [
        # 4 y 5 m is 52 to 54 months: 2023-06 less 4 y 6 m, to 2023-06 less 4 y 4 m; and so on.
        ("Thibaut Lavril", ("2023-06", "2023-06"), (52, 54), ("2018-12", "2019-02")),
        ("Gautier Izacard", ("2023-03", "2023-03"), (37, 39), ("2019-12", "2020-02")),
        # Five years without months: six months either way.
        ("Marie-Anne Lachaux", ("2023-06", "2023-06"), (54, 66), ("2017-12", "2018-12")),
        ("Timothée Lacroix", ("2023-06", "2023-06"), (100, 102), ("2014-12", "2015-02")),
        # "One month" in words.
        ("Baptiste Rozière", ("2024-08", "2024-08"), (60, 62), ("2019-06", "2019-08")),
        ("Naman Goyal", ("2025-02", "2025-02"), (78, 80), ("2018-06", "2018-08")),
        ("Eric Hambro", ("2023-11", "2023-11"), (38, 40), ("2020-07", "2020-09")),
        # "Two years" as a dual.
        ("Aurélien Rodriguez", ("2024-07", "2024-07"), (30, 32), ("2021-11", "2022-01")),
        ("Armand Joulin", ("2023-05", "2023-05"), (103, 105), ("2014-08", "2014-10")),
        ("Edouard Grave", ("2023-02", "2023-02"), (85, 87), ("2015-11", "2016-01")),
        # Early 2023, and seven years without months.
        ("Guillaume Lample", ("2023-01", "2023-04"), (78, 90), ("2015-07", "2016-10")),
    ],
)
def test_each_leavers_ranges_are_as_worked_out_by_hand(
    llama: Cohort,
    name: str,
    departed: tuple[str, str],
    tenure: tuple[int, int],
    joined: tuple[str, str],
) -> None:
    row = llama.authors.set_index("name").loc[name]
    assert (str(row["departed_low"]), str(row["departed_high"])) == departed
    assert (row["tenure_low"], row["tenure_high"]) == tenure
    assert (str(row["joined_low"]), str(row["joined_high"])) == joined
    assert row["status"] == "left"


def test_printed_values_stand_beside_the_clean_ones(llama: Cohort) -> None:
    rodriguez = llama.authors.set_index("name").loc["Aurélien Rodriguez"]
    assert rodriguez["name_printed"] == "אורליין רודריגז (Aurélien Rodriguez)"
    assert rodriguez["tenure_printed"] == "שנתיים, 7 חודשים"
    assert rodriguez["departed_printed"] == "יולי 2024"
    assert rodriguez["role_now_printed"] == "מנהל, אימון מודלים יסודיים"
    assert rodriguez["role_now"] == "Director, foundation model training"
    assert rodriguez["source"] == "lines 61-66"


def test_a_role_printed_as_not_available_is_missing_and_still_there_as_printed(
    llama: Cohort,
) -> None:
    left = llama.authors[llama.authors["status"] == "left"]
    assert left["role_then"].isna().all()
    assert set(left["role_then_printed"]) == {"לא זמין"}


def test_current_employers_are_in_english(llama: Cohort) -> None:
    named = llama.authors.set_index("name")["organisation"].dropna()
    assert named[named == "Mistral"].index.tolist() == [
        "Thibaut Lavril",
        "Marie-Anne Lachaux",
        "Timothée Lacroix",
        "Baptiste Rozière",
        "Guillaume Lample",
    ]
    assert named["Naman Goyal"] == "Thinking Machines Lab"
    assert named["Eric Hambro"] == "Anthropic"


def test_the_head_of_the_cohort_is_read(llama: Cohort) -> None:
    assert llama.company == "Meta"
    assert llama.paper.published == datetime.date(2023, 2, 27)
    assert llama.start.month == pd.Period("2023-02", "M").ordinal
    assert llama.article.as_of == pd.Period("2025-05", "M").ordinal
    assert llama.article.publisher is None


def test_the_article_is_named_as_far_as_it_is_known(llama: Cohort) -> None:
    article = llama.article
    assert article.title.startswith("בריחת מוחות")
    assert article.title_in == {"en": "Brain drain at Meta: the Llama AI team suffers"}
    assert "Pranav Dixit" in article.retells.english
    assert "דיקסיט" in article.retells.translations["he"]
    assert (article.url, article.published) == (None, None)
    assert llama.report == Report(date=datetime.date(2026, 11, 29))


def test_events_are_in_the_order_of_their_dates(llama: Cohort) -> None:
    assert llama.events["label"].tolist()[:3] == ["Llama 1", "Mistral incorporated", "Llama 2"]
    assert llama.events["date"].is_monotonic_increasing
    assert llama.events["date"].iloc[0] == pd.Timestamp("2023-02-24")


def test_every_column_of_the_clean_table_is_described_and_has_its_type(llama: Cohort) -> None:
    assert llama.authors.columns.tolist() == [column.name for column in AUTHORS]
    authors_schema().validate(llama.authors)
    assert all(column.description for column in AUTHORS)


# --- any cohort


def head_with(folder: Path, lines: str) -> Cohort:
    with (folder / "cohort.toml").open("a", encoding="utf-8") as file:
        file.write(lines)
    return load_cohort(folder)


def test_a_report_says_who_answers_for_it_and_where_it_stands(
    tmp_path: Path, make_cohort: Maker
) -> None:
    lines = (
        'published = 2025-05-28\n\n[report]\nauthor = "The Desk"\nauthor_he = "הדסק"\n'
        'contact = "desk@example.org"\ndate = 2025-06-01\n'
    )
    cohort = head_with(make_cohort(tmp_path), lines)
    assert cohort.article.published == datetime.date(2025, 5, 28)
    assert cohort.report.author.all() == ("The Desk", "הדסק")
    assert (cohort.report.contact, cohort.report.url) == ("desk@example.org", None)
    assert cohort.report.date == datetime.date(2025, 6, 1)


@pytest.mark.parametrize("written", ["", "/", "/index.html"])
def test_a_reports_address_is_that_of_its_folder(
    tmp_path: Path, make_cohort: Maker, written: str
) -> None:
    lines = f'[report]\nurl = "https://example.org/ours{written}"\n'
    cohort = head_with(make_cohort(tmp_path), lines)
    assert cohort.report.url == "https://example.org/ours/"


def test_a_cohort_is_found_by_its_name_or_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make_cohort: Maker
) -> None:
    folder = make_cohort(tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert find_cohort("team") == folder
    assert find_cohort(folder) == folder
    with pytest.raises(InputError, match="nobody: there is no such cohort"):
        find_cohort("nobody")


@pytest.mark.parametrize(
    ("printed", "glossary", "name"),
    [
        ("אדה לבלייס (Ada Lovelace)", {}, "Ada Lovelace"),
        ("אדה לבלייס", {"אדה לבלייס": "Ada Lovelace"}, "Ada Lovelace"),
        ("אדה (Ada)", {"אדה (Ada)": "Ada Lovelace"}, "Ada Lovelace"),
        ("Ada (Augusta) Lovelace", {}, "Ada (Augusta) Lovelace"),
        ("Ada Lovelace (Byron)", {}, "Ada Lovelace (Byron)"),
        ("אדה (לבלייס)", {}, "אדה (לבלייס)"),
        ("אדה (2)", {}, "אדה (2)"),
        ("אדה (Ada", {}, "אדה (Ada"),
        ("Zoë Łukasiewicz", {}, "Zoë Łukasiewicz"),
        ("李明 (Li Ming)", {}, "Li Ming"),
        ("Zoe\u0308", {}, "Zoë"),
        ("\u200fאדה\u00a0 לבלייס\u200f", {}, "אדה לבלייס"),
    ],
)
def test_a_name_is_the_latin_form_where_there_is_one(
    tmp_path: Path, make_cohort: Maker, printed: str, glossary: dict[str, str], name: str
) -> None:
    folder = make_cohort(tmp_path, authors=[{"name": printed}], glossary=glossary)
    assert load_cohort(folder).authors["name"].tolist() == [name]


def test_what_is_printed_as_not_available_is_not_stated(tmp_path: Path, make_cohort: Maker) -> None:
    row = {"name": "Ada", "departed": "2023-03", "role_then": "n.a.", "role_now": "Not Available"}
    folder = make_cohort(
        tmp_path,
        authors=[{**row, "organisation": "not available"}],
        glossary={"n.a.": "not available"},
    )
    authors = load_cohort(folder).authors
    assert authors[["role_then", "role_now", "organisation"]].isna().all(axis=None)
    assert authors["role_then_printed"].tolist() == ["n.a."]


def test_an_unknown_departure_may_lie_in_any_month_up_to_the_tables_last(
    tmp_path: Path, make_cohort: Maker
) -> None:
    row = {"name": "Ada", "departed": "unknown", "tenure": "2 years, 1 month"}
    authors = load_cohort(make_cohort(tmp_path, authors=[row], as_of="2024-06")).authors
    assert authors["status"].tolist() == ["left"]
    assert authors[["departed_low", "joined_low"]].isna().all(axis=None)
    assert authors["departed_high"].tolist() == [pd.Period("2024-06", "M")]
    # At the latest 24 months before June 2024.
    assert authors["joined_high"].tolist() == [pd.Period("2022-06", "M")]


def test_a_departure_reaches_no_further_than_the_tables_last_month(
    tmp_path: Path, make_cohort: Maker
) -> None:
    row = {"name": "Ada", "departed": "2024"}
    authors = load_cohort(make_cohort(tmp_path, authors=[row], as_of="2024-06")).authors
    assert authors["departed_low"].tolist() == [pd.Period("2024-01", "M")]
    assert authors["departed_high"].tolist() == [pd.Period("2024-06", "M")]
    assert authors["tenure_low"].isna().all()


def test_a_departure_may_lie_in_the_tables_last_month(tmp_path: Path, make_cohort: Maker) -> None:
    row = {"name": "Ada", "departed": "2024-06"}
    authors = load_cohort(make_cohort(tmp_path, authors=[row], as_of="2024-06")).authors
    assert authors["departed_low"].tolist() == [pd.Period("2024-06", "M")]


def test_events_are_put_in_order(tmp_path: Path, make_cohort: Maker) -> None:
    days = ["2024-03-01", "1999-12-31", "2023-02-24"]
    events = [(day, f"event {day}", "the journal") for day in days]
    found = load_cohort(make_cohort(tmp_path, events=events)).events
    assert found["label"].tolist() == [f"event {day}" for day in sorted(days)]
    assert found["date"].tolist() == [pd.Timestamp(day) for day in sorted(days)]


def test_without_events_and_glossary_a_cohort_is_complete(
    tmp_path: Path, make_cohort: Maker
) -> None:
    cohort = load_cohort(make_cohort(tmp_path))
    assert cohort.events.empty
    assert cohort.events.dtypes.astype(str).to_dict()["date"] == "datetime64[s]"
    assert cohort.authors["name"].tolist() == ["Ada", "Ben", "Cleo"]


def test_files_with_a_header_alone_are_accepted_as_empty(
    tmp_path: Path, make_cohort: Maker
) -> None:
    cohort = load_cohort(make_cohort(tmp_path, events=[], glossary={}))
    assert cohort.events.empty
    assert cohort.events.dtypes.astype(str).to_dict()["date"] == "datetime64[s]"


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("", 5),
        ("\n", 6),
        (",,,,,,\n", 6),
        ("\n\n,,,,,,\n\n", 9),
        (",,\n", 6),  # of another width: the table has to be mended first
    ],
)
def test_a_message_gives_the_line_that_a_spreadsheet_shows_and_the_name(
    tmp_path: Path, make_cohort: Maker, before: str, line: int
) -> None:
    path = make_cohort(tmp_path) / "authors.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{before}Ada Lovelace,,,Acme,2023,6 yeers,line 4\n")
    with pytest.raises(InputError) as caught:
        load_cohort(path.parent)
    (problem,) = caught.value.problems
    assert problem.where == f"{path.as_posix()}, line {line} (Ada Lovelace), tenure"


def test_leading_blank_lines_are_lines_of_a_spreadsheet_too(
    tmp_path: Path, make_cohort: Maker
) -> None:
    path = make_cohort(tmp_path) / "authors.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"\n\n{text}Dora,,,,soon,,line 4\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"authors.csv, line 7 \(Dora\), departed"):
        load_cohort(path.parent)


@pytest.mark.parametrize("text", ["unknown", "n/a", "not stated", ""])
def test_a_tenure_that_is_said_to_be_unknown_is_not_stated(
    tmp_path: Path, make_cohort: Maker, text: str
) -> None:
    row = {"name": "Ada", "departed": "2023-03", "tenure": text}
    authors = load_cohort(make_cohort(tmp_path, authors=[row])).authors
    assert authors[["tenure_low", "tenure_high", "joined_low"]].isna().all(axis=None)
    assert authors["tenure_printed"].astype(object).fillna("").tolist() == [text]


def test_a_departure_before_or_after_a_time_has_one_end(tmp_path: Path, make_cohort: Maker) -> None:
    rows = [
        {"name": "Ada", "departed": "before 2023", "tenure": "36..48 months"},
        {"name": "Ben", "departed": "after May 2023", "tenure": "36..48 months"},
    ]
    authors = load_cohort(make_cohort(tmp_path, authors=rows, as_of="2024-06")).authors
    assert authors["departed_low"].isna().tolist() == [True, False]
    assert authors["departed_low"].tolist()[1] == pd.Period("2023-06", "M")
    assert list(map(str, authors["departed_high"])) == ["2022-12", "2024-06"]
    # December 2022 less 36 months; June 2023 less 48.
    assert str(authors["joined_high"][0]) == "2019-12"
    assert str(authors["joined_low"][1]) == "2019-06"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="CR"),
        pytest.param(lambda text: "\ufeff" + text, id="byte-order mark"),
        pytest.param(lambda text: "\n\n" + text.replace("\n", "\n\n"), id="blank lines"),
        pytest.param(lambda text: text.rstrip("\n"), id="no last line end"),
        pytest.param(lambda text: text.replace("\n", "\n,,,,,,\n") + " , ,,,,,\n", id="blank rows"),
        pytest.param(lambda text: text.replace("\n", ",,\n"), id="empty columns at the end"),
        pytest.param(lambda text: text + ",,\n , \n,,,,,,,,,\n", id="blank rows of any width"),
        pytest.param(lambda text: text.replace("a.example\n", "a.example,,\n"), id="a wider row"),
        pytest.param(lambda text: text.replace("role_now", " role_now "), id="blanks in a heading"),
        pytest.param(
            lambda text: "\n".join(f",{line}" for line in text.splitlines()),
            id="an empty column in front",
        ),
        pytest.param(
            lambda text: (
                "\n".join(",".join(f'"{c}"' for c in row.split(",")) for row in text.split()) + "\n"
            ),
            id="every cell in quotes",
        ),
        pytest.param(
            lambda text: "\n".join(",".join(row.split(",")[::-1]) for row in text.split()),
            id="reordered columns",
        ),
    ],
)
def test_how_a_spreadsheet_saves_a_table_makes_no_difference(
    tmp_path: Path, make_cohort: Maker, change: Callable[[str], str]
) -> None:
    rows = [
        {"name": "אדה", "organisation": "Acme", "departed": "2023", "source": "https://a.example"},
        {"name": "Ben", "role_now": "Engineer", "source": "https://b.example"},
    ]
    plain = load_cohort(make_cohort(tmp_path, authors=rows, name="plain"))
    folder = make_cohort(tmp_path, authors=rows, name="changed")
    path = folder / "authors.csv"
    path.write_bytes(change(path.read_text(encoding="utf-8")).encode())
    pd.testing.assert_frame_equal(load_cohort(folder).authors, plain.authors)


# --- who is listed and not counted


def test_who_is_not_counted_belongs_to_no_measure_but_credited(
    tmp_path: Path, make_cohort: Maker
) -> None:
    rows = [
        {"name": "Ada"},
        {"name": "Ben", "organisation": "Acme", "departed": "2023-03", "tenure": "40..40 months"},
        {"name": "Cleo", "organisation": "Birch", "departed": "2021-03", "tenure": "10..10 months",
         "role_now": "Cook", "role_then": "Baker", "counted": "no"},
        {"name": "Dan", "counted": "no"},
    ]  # fmt: skip
    everybody = load_cohort(make_cohort(tmp_path, rows))
    without = load_cohort(make_cohort(tmp_path, rows[:2], name="without"))
    assert everybody.authors["counted"].tolist() == [True, True, False, False]
    assert everybody.counted["name"].tolist() == ["Ada", "Ben"]
    for name in measures.MEASURES:
        taken, expected = (
            measures.measure(name, data.authors, data.start.month, data.article.as_of)
            for data in (everybody, without)
        )
        belong = measures.members(name, everybody.authors)["name"].tolist()
        if name == "credited":
            assert (taken.value, expected.value) == (Range(4, 4, 1), Range(2, 2, 1))
            assert belong == ["Ada", "Ben", "Cleo", "Dan"]
        else:
            assert taken == expected, name
            assert set(belong) <= {"Ada", "Ben"}
            # Whoever calls it with all the rows gets the same.
            measure = getattr(measures, name)
            assert measure(everybody) == measure(without), name
    for name in ("headcount", "leave_one_out", "destination_counts"):
        counts = getattr(measures, name)
        pd.testing.assert_frame_equal(counts(everybody), counts(without))


def test_a_claim_counts_and_may_count_only_who_is_counted(
    tmp_path: Path, make_cohort: Maker
) -> None:
    rows = [
        {"name": "Ada", "departed": "2023-03..2023-06"},
        {"name": "Ben", "departed": "2023-01"},
        {"name": "Cleo", "departed": "2023-01", "counted": "no"},
    ]
    claims = [
        {"measure": "departed", "where": {"departed": "<= 2023-04"}, "expect": 1},
        {"measure": "credited", "expect": 3},
        {"measure": "first_departure", "where": {"departed": "!= 2023-02"}, "expect": "2023-01"},
    ]
    _data, ledger = open_cohort(make_cohort(tmp_path, rows, claims))
    early, credited, first = ledger
    assert (early.low, early.high, early.counted, early.possible) == (
        1,
        2,
        ("Ben",),
        ("Ada", "Ben"),
    )
    assert (credited.low, credited.counted) == (3, ("Ada", "Ben", "Cleo"))
    assert first.counted == ("Ada", "Ben")


def test_no_value_is_tried_with_who_is_not_counted(tmp_path: Path, make_cohort: Maker) -> None:
    rows = [
        {"name": "Ada", "departed": "2023-03..2023-06", "tenure": "10..11 months"},
        {"name": "Ben", "departed": "2023-01", "tenure": "30..30 months"},
        {"name": "Cleo", "departed": "2023-01", "tenure": "90..90 months", "counted": "no"},
        {"name": "Dan", "counted": "no"},
        {"name": "Eve", "counted": "no"},
    ]
    where = {"departed": measures.Condition("<=", 12 * 53 + 3.0)}  # April 2023
    data = load_cohort(make_cohort(tmp_path, rows))
    values = every_value("mean_tenure", data.authors, where, 30, data.start.month, 12 * 55)
    assert values is not None
    assert sorted(set(values)) == [20, 20.5, 30]  # with Ada, and without her
    half = every_value("half_gone", data.authors, {}, 0, data.start.month, 12 * 55)
    assert half is not None
    assert set(half) == {-1}  # Ben is half of the two


def test_every_row_is_counted_where_nothing_says_otherwise(
    tmp_path: Path, make_cohort: Maker
) -> None:
    rows = [{"name": "Ada", "counted": "yes"}, {"name": "Ben"}]
    assert load_cohort(make_cohort(tmp_path, rows)).authors["counted"].tolist() == [True, True]
    assert load_cohort(make_cohort(tmp_path, name="plain")).authors["counted"].all()


@pytest.mark.parametrize("cell", ["No", "nein", "0", "false", "לא"])
def test_what_says_neither_yes_nor_no_is_refused(
    cell: str, tmp_path: Path, make_cohort: Maker
) -> None:
    folder = make_cohort(tmp_path, [{"name": "Ada"}, {"name": "Ben", "counted": cell}])
    with pytest.raises(InputError, match=f'counted: cannot take "{cell}"'):
        load_cohort(folder)


def test_somebody_has_to_be_counted(tmp_path: Path, make_cohort: Callable[..., Path]) -> None:
    folder = make_cohort(tmp_path, [{"name": "Ada", "counted": "no"}])
    with pytest.raises(InputError, match="counted: nobody is counted"):
        load_cohort(folder)


def test_a_finding_names_who_is_not_counted(tmp_path: Path, make_cohort: Maker) -> None:
    rows = [{"name": "Ada", "departed": "2023-03"}, {"name": "Ben"}, {"name": "Cleo"}]
    rows[2]["counted"] = "no"
    data = load_cohort(make_cohort(tmp_path, rows))
    assert findings.departures(data) == (
        "One of the two authors who are counted had left Initech by May 2025."
        " Ben was still there. Cleo is listed and not counted."
    )
    hebrew = load_cohort(make_cohort(tmp_path, rows, name="again"), "he")
    assert findings.departures(hebrew).endswith("Cleo ברשימה אך אינו נספר.")
