"""Teams side by side: the numbers, the lines that bound every truth, the words and the figure."""

from __future__ import annotations

import csv
import functools
import itertools
import json
import math
import os
import random
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from typer.testing import CliRunner

import analysis_helpers as ah
from analysis_helpers import others
from analysis_helpers.__main__ import app
from analysis_helpers.charts import NARROW, WIDE, drawing
from analysis_helpers.cohort import load_cohort
from analysis_helpers.comparison import COLUMNS, Comparison, side_by_side
from analysis_helpers.errors import InputError
from analysis_helpers.report.engine.cache import Inputs
from analysis_helpers.report.pages.tables import write_tables
from analysis_helpers.retention import without_shared_words

PROJECT = Path(__file__).parents[1]
TEAMS = ("llama", "transformer", "gpt1", "bert", "seq2seq")
Maker = Callable[..., Path]


def month(text: str) -> int:
    return int(pd.Period(text, "M").ordinal)


def iso(ordinal: int) -> str:
    return str(pd.Period(ordinal=ordinal, freq="M"))


def people(*departures: str) -> list[dict[str, str]]:
    """Somebody for each departure; nobody left where it is empty."""
    return [{"name": f"P{number}", "departed": when} for number, when in enumerate(departures)]


def compared(*folders: Path, language: str = "en", at: int | None = None) -> Comparison:
    return side_by_side([load_cohort(folder, language) for folder in folders], at)


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


# --- the teams of this project


@pytest.fixture(scope="module")
def project() -> Comparison:
    return compared(*(PROJECT / "data" / name for name in TEAMS))


def test_at_month_27_the_five_teams_have_lost_what_public_pages_say(project: Comparison) -> None:
    assert project.month == 27
    rows = project.summary[["cohort", "left_low", "left_high", "counted"]]
    assert rows.to_numpy().tolist() == [
        ["llama", 11, 11, 14],
        ["transformer", 0, 0, 6],
        ["gpt1", 2, 2, 4],
        ["bert", 0, 0, 4],
        ["seq2seq", 1, 1, 3],
    ]


def test_half_of_two_teams_was_gone_by_then(project: Comparison) -> None:
    half = project.summary.set_index("cohort")[["half_gone_low", "half_gone_high"]]
    assert half.loc["llama"].tolist() == [4, 4]
    assert half.loc["gpt1"].tolist() == [2, 2]
    assert half.loc[["transformer", "bert", "seq2seq"]].isna().all(axis=None)


def test_a_loose_departure_makes_a_band_for_as_long_as_it_is_loose(project: Comparison) -> None:
    # Between May and December 2015, and the paper was of September 2014: months 8 to 15.
    lines = project.frame[project.frame["team"] == "seq2seq"].set_index("month")
    loose = lines.index[lines["low"] < lines["high"]]
    assert loose.tolist() == list(range(8, 15))


def test_the_finding_says_how_many_left_and_that_no_other_team_lost_as_much(
    project: Comparison,
) -> None:
    assert project.title == (
        "By month 27, 11 of the 14 had left Meta;"
        " none of the four other teams had lost as great a share"
    )
    assert (
        "By then Transformer (Google) had lost none of six, GPT-1 (OpenAI) two of four, BERT"
        " (Google) none of four and seq2seq (Google) one of three."
    ) in project.finding
    assert (
        "The comparison stops at month 27, where the table of LLaMA ends."
        " Aidan N. Gomez and Illia Polosukhin (Transformer) are not counted;"
        " count them among those who left, and it is two of eight."
    ) in project.finding


def test_each_row_of_another_team_has_an_address_and_each_folder_its_log() -> None:
    for name in TEAMS[1:]:
        folder = PROJECT / "data" / name
        rows = list(csv.DictReader((folder / "authors.csv").open(encoding="utf-8")))
        assert rows
        assert all(row["source"].startswith("https://") for row in rows), name
        log = (folder / "README.md").read_text(encoding="utf-8")
        assert all(row["name"].split()[-1] in log for row in rows), name


# --- every possible truth lies between the lines


@st.composite
def teams_with_ranges(draw: st.DrawFn) -> tuple[int, list[tuple[int, int] | None]]:
    """A horizon, and members: None stays; else the first and last month, 0 being the start."""
    horizon = draw(st.integers(0, 30))
    ends = st.integers(-8, horizon)
    departure = st.tuples(ends, ends).map(lambda pair: (min(pair), max(pair)))
    return horizon, draw(st.lists(st.none() | departure, min_size=1, max_size=9))


def left_at(truth: Sequence[float], at: int) -> int:
    return sum(when <= at for when in truth)


@pytest.mark.fuzz
@settings(
    max_examples=max(20, int(os.environ.get("FUZZ_CASES", "0")) // 3),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=teams_with_ranges(), data=st.data())
def test_every_truth_lies_within_the_two_lines_and_both_are_attained(
    drawn: tuple[int, list[tuple[int, int] | None]],
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
    make_cohort: Maker,
) -> None:
    horizon, members = drawn
    start = month("2020-06")
    written = [
        "" if span is None else f"{iso(start + span[0])}..{iso(start + span[1])}"
        for span in members
    ]
    folder = make_cohort(
        tmp_path_factory.mktemp("drawn"),
        people(*written),
        published="2020-06-15",
        as_of=iso(start + horizon),
    )
    comparison = compared(folder)
    lines = comparison.frame.set_index("month")
    team = comparison.summary.iloc[0]
    first, last = (
        math.inf if pd.isna(team[end]) else team[end] for end in ("half_gone_low", "half_gone_high")
    )
    assert lines.index.tolist() == list(range(horizon + 1))

    def remaining(truth: Sequence[float]) -> list[int]:
        return [len(members) - left_at(truth, at) for at in range(horizon + 1)]

    def half(truth: Sequence[float]) -> float:
        reached = (at for at in range(horizon + 1) if 2 * left_at(truth, at) >= len(members))
        return next(reached, math.inf)

    earliest, latest = ([math.inf if s is None else s[end] for s in members] for end in (0, 1))
    assert remaining(earliest) == lines["low"].tolist()
    assert remaining(latest) == lines["high"].tolist()
    assert (half(earliest), half(latest)) == (first, last)
    truth = [math.inf if s is None else data.draw(st.integers(*s)) for s in members]
    for low, there, high in zip(lines["low"], remaining(truth), lines["high"], strict=True):
        assert low <= there <= high
    assert first <= half(truth) <= last


@pytest.mark.parametrize("seed", range(8))
def test_with_exact_dates_both_lines_are_kaplan_and_meiers_curve(
    seed: int, tmp_path: Path, make_cohort: Maker
) -> None:
    draw = random.Random(seed)
    start, horizon = month("2018-01"), draw.randint(1, 40)
    gone = [
        draw.randint(0, horizon) if draw.random() < 0.7 else None
        for _ in range(draw.randint(1, 25))
    ]
    folder = make_cohort(
        tmp_path,
        people(*("" if when is None else iso(start + when) for when in gone)),
        published="2018-01-09",
        as_of=iso(start + horizon),
    )
    lines = compared(folder).frame
    durations = [horizon if when is None else when for when in gone]
    curve = KaplanMeierFitter().fit(durations, [when is not None for when in gone])
    expected = curve.survival_function_at_times(range(horizon + 1)) * len(gone)
    for end in ("low", "high"):
        assert lines[end].tolist() == pytest.approx(expected.tolist())


# --- for as long as every team was followed


@pytest.fixture
def short_and_long(tmp_path: Path, make_cohort: Maker) -> tuple[Path, Path]:
    """One team followed for 10 months and one for 27."""
    short = make_cohort(
        tmp_path, people("2021-03", ""), published="2021-01-05", as_of="2021-11", name="short",
        title="The short team",
    )  # fmt: skip
    return short, make_cohort(
        tmp_path, people("2023-08", "", ""), name="long", title="The long team"
    )


def test_a_team_followed_for_less_time_shortens_the_horizon_for_all(
    short_and_long: tuple[Path, Path],
) -> None:
    short, long = short_and_long
    assert compared(long).month == 27
    both = compared(long, short)
    assert both.month == 10
    assert both.frame.groupby("team")["month"].max().tolist() == [10, 10]
    assert re.search(r"stops at month \d+, where the table of short ends\.$", both.finding)


def test_an_earlier_month_can_be_asked_for_and_a_later_one_is_refused_by_name(
    short_and_long: tuple[Path, Path],
) -> None:
    short, long = short_and_long
    assert run("compare", long, short, "--month", 6)[0] == 0
    earlier = compared(long, short, at=1)
    assert earlier.summary[["left_low", "left_high"]].to_numpy().tolist() == [[0, 0], [0, 0]]
    assert earlier.finding.endswith("Each team was followed for longer, up to month 10 at least.")
    status, printed, said = run("compare", long, short, "--month", 11)
    assert (status, printed) == (2, "")
    assert said == (
        "month: cannot compare at month 11: short was followed up to month 10.\n"
        "  Accepted: a month from 0 to 10.\n"
    )
    assert run("compare", long, short, "--month", -1)[0] == 2


def test_a_horizon_of_no_months_compares_the_month_of_publication(
    tmp_path: Path, make_cohort: Maker
) -> None:
    fresh = make_cohort(tmp_path, people("2023-02", ""), as_of="2023-02", name="fresh")
    old = make_cohort(tmp_path, people("2020-01", "2023-02", "2023-03"), name="old")
    both = compared(old, fresh)
    assert both.month == 0
    assert both.frame.to_numpy().tolist() == [["old", 0, 1, 1], ["fresh", 0, 1, 1]]
    assert both.summary["half_gone_low"].tolist() == [0, 0]
    assert faults_of(both.chart.figure(NARROW)) == []


def test_who_left_before_publication_is_gone_from_the_first_month_on(
    tmp_path: Path, make_cohort: Maker
) -> None:
    folder = make_cohort(tmp_path, people("2019-05", "..2022-01", "2022-12..2023-04", ""))
    lines = compared(folder).frame
    assert lines["low"].tolist() == [1] * 28
    assert lines["high"].tolist() == [2, 2] + [1] * 26
    assert compared(folder).teams[0].half_gone(27) == (0, 0)


def test_who_left_in_a_month_unknown_may_be_gone_before_and_is_gone_in_the_end(
    tmp_path: Path, make_cohort: Maker
) -> None:
    team = compared(make_cohort(tmp_path, people("unknown"))).teams[0]
    assert team.curve["low"].tolist() == [0] * 28
    assert team.curve["high"].tolist() == [1] * 27 + [0]
    assert team.half_gone(27) == (0, 27)
    assert team.half_gone(26) == (0, None)


def test_who_is_listed_and_not_counted_is_in_no_line(tmp_path: Path, make_cohort: Maker) -> None:
    rows = people("2023-03", "2023-04", "")
    rows[0]["counted"] = "no"
    comparison = compared(make_cohort(tmp_path, rows))
    assert comparison.summary["counted"].tolist() == [2]
    assert comparison.frame["high"].tolist() == [2, 2] + [1] * 26


@pytest.mark.parametrize(
    ("labels", "short"),
    [
        (["The authors of the A paper", "The authors of the B paper"], ["A", "B"]),
        (["The desk", "The night desk"], ["The desk", "The night desk"]),  # nothing left of one
        (["Team one", "Team two"], ["one", "two"]),
        (["Editors", "Founders"], ["Editors", "Founders"]),
        (["The only team"], ["The only team"]),
    ],
)
def test_a_team_is_called_by_what_tells_it_from_the_others(
    labels: list[str], short: list[str]
) -> None:
    assert without_shared_words(labels) == short


# --- which teams


def test_teams_of_one_name_or_one_title_are_told_apart(tmp_path: Path, make_cohort: Maker) -> None:
    one = make_cohort(tmp_path / "a", people("2023-05"))
    two = make_cohort(tmp_path / "b", people(""))
    third = make_cohort(tmp_path / "b", people("", ""), name="other")
    comparison = compared(one, two, third)
    assert comparison.summary["cohort"].tolist() == ["a/team", "b/team", "other"]
    assert comparison.summary["title"].tolist() == ["The team"] * 3
    assert [team.label for team in comparison.teams] == [
        "The team (a/team)", "The team (b/team)", "The team (other)",
    ]  # fmt: skip
    assert comparison.frame["team"].nunique() == 3


def test_a_team_compared_with_itself_is_refused(tmp_path: Path, make_cohort: Maker) -> None:
    folder = make_cohort(tmp_path)
    (tmp_path / "link").symlink_to(folder)
    for second in (folder, folder / ".", tmp_path / "link"):
        status, printed, said = run("compare", folder, second)
        assert (status, printed) == (2, "")
        assert "is given twice: a team compared with itself says nothing" in said


def test_one_team_is_too_few_and_thirteen_are_too_many(tmp_path: Path, make_cohort: Maker) -> None:
    folders = [make_cohort(tmp_path, name=f"team-{number}") for number in range(13)]
    assert "only one team is given" in run("compare", folders[0])[2]
    assert run("compare", *folders[:12], "--json")[0] == 0
    status, _, said = run("compare", *folders)
    assert status == 2
    assert "13 of them are given" in said
    assert "at most 12" in said


def test_what_is_wrong_with_any_of_the_folders_is_said_at_once(
    tmp_path: Path, make_cohort: Maker
) -> None:
    good = make_cohort(tmp_path, name="good")
    bad = make_cohort(tmp_path, people("Febtober"), name="bad")
    status, printed, said = run("compare", good, bad, tmp_path / "nowhere")
    assert (status, printed) == (2, "")
    assert 'cannot read "Febtober"' in said
    assert "there is no such cohort" in said
    assert "Traceback" not in said


# --- the teams that a cohort names


def test_a_cohort_is_compared_with_those_that_it_names(tmp_path: Path, make_cohort: Maker) -> None:
    make_cohort(tmp_path, name="near")
    far = make_cohort(tmp_path / "elsewhere", name="far")
    given = ["near", "../elsewhere/far", str(tmp_path / "elsewhere" / "third")]
    make_cohort(tmp_path / "elsewhere", name="third")
    folder = make_cohort(tmp_path, name="mine", compare_with=given)
    data = load_cohort(folder)
    assert [other.resolve() for other in data.compare_with] == [
        tmp_path / "near", far, tmp_path / "elsewhere" / "third",
    ]  # fmt: skip
    assert others.named_in(folder) == list(data.compare_with)
    assert ah.compare(data).summary["cohort"].tolist() == ["mine", "near", "far", "third"]
    assert ah.compare(data, far).summary["cohort"].tolist() == ["mine", "far"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["nobody"], 'compare_with: there is no cohort "nobody".'),
        ([""], 'compare_with: there is no cohort "".'),
        ([3], "compare_with: there is no cohort 3."),
        (["x" * 5000], "compare_with: there is no cohort"),
        (["mine"], 'compare_with: "mine" is this very cohort, or stands there twice.'),
        (
            ["near", "../near"],
            'compare_with: "../near" is this very cohort, or stands there twice.',
        ),
        ("near", 'compare_with: cannot take "near".'),
    ],
)
def test_who_cannot_be_compared_with_is_said(
    given: Any, message: str, tmp_path: Path, make_cohort: Maker
) -> None:
    make_cohort(tmp_path, name="near")
    folder = make_cohort(tmp_path, name="mine", compare_with=given)
    with pytest.raises(InputError, match="compare_with") as caught:
        load_cohort(folder)
    assert message in str(caught.value)


def test_a_verdict_does_not_depend_on_the_other_teams(tmp_path: Path, make_cohort: Maker) -> None:
    make_cohort(tmp_path, people("Febtober"), name="faulty")
    claim = {"measure": "departed", "expect": 1}
    folder = make_cohort(
        tmp_path, people("2023-05", ""), [claim], name="mine", compare_with=["faulty"]
    )
    status, printed, _ = run("check", "--cohort", folder)
    assert status == 0
    assert printed.startswith("supported")
    with pytest.raises(InputError, match="Febtober"):
        ah.compare(load_cohort(folder))


def test_a_cohort_that_names_no_other_stands_alone(tmp_path: Path, make_cohort: Maker) -> None:
    alone = ah.compare(load_cohort(make_cohort(tmp_path)))
    assert alone.finding == (
        "By month 27, two of the three had left Initech. This team is compared with no other."
    )
    assert faults_of(alone.chart.figure()) == []


# --- a build


NEEDS = '{"cells": [], "metadata": {"needs": "compare_with"}, "nbformat": 4, "nbformat_minor": 5}'
PLAIN = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def test_the_chapter_is_there_only_for_a_cohort_that_names_others(
    tmp_path: Path, make_cohort: Maker
) -> None:
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    (notebooks / "01_plain.ipynb").write_text(PLAIN)
    (notebooks / "02_others.ipynb").write_text(NEEDS)
    (notebooks / "03_broken.ipynb").write_text('{"compare_with" ')
    make_cohort(tmp_path, name="near")
    alone = make_cohort(tmp_path, name="alone")
    beside = make_cohort(tmp_path, name="beside", compare_with=["near"])
    assert list(Inputs.read(alone, notebooks).notebooks) == ["01_plain", "03_broken"]
    assert list(Inputs.read(beside, notebooks).notebooks) == ["01_plain", "02_others", "03_broken"]


def test_the_notebook_of_the_comparison_says_that_it_needs_others() -> None:
    needing = [
        path.stem.partition("_")[2]
        for path in (PROJECT / "notebooks").glob("[0-9]*.ipynb")
        if json.loads(path.read_text(encoding="utf-8"))["metadata"].get("needs") == "compare_with"
    ]
    assert needing == ["unusual"]


def test_a_change_of_another_team_is_a_change_of_the_report(
    tmp_path: Path, make_cohort: Maker
) -> None:
    near = make_cohort(tmp_path, name="near")
    mine = make_cohort(tmp_path, name="mine", compare_with=["near"])
    before = Inputs.read(mine, tmp_path).base
    table = near / "authors.csv"
    table.write_text(table.read_text().replace("2023-03", "2023-04"))
    assert Inputs.read(mine, tmp_path).base != before


def test_a_report_is_not_written_beside_a_faulty_team(tmp_path: Path, make_cohort: Maker) -> None:
    make_cohort(tmp_path, people("Febtober"), name="faulty")
    folder = make_cohort(tmp_path, name="mine", compare_with=["faulty"])
    with pytest.raises(InputError, match=r"faulty/authors\.csv.*Febtober"):
        write_tables(folder, tmp_path, "en", lambda: pytest.fail("the other team is faulty"))


# --- what it says


WHEN = {"left": "2023-03", "loose": "2023-03..2023-12", "there": ""}


def rows_of(said: str) -> list[dict[str, str]]:
    """People from words: left, loose (perhaps by month 5), there."""
    return people(*(WHEN[word] for word in said.split()))


@pytest.mark.parametrize(
    ("own", "other", "left", "lost"),
    [
        ("left", "there", "the only one had left", "had not"),
        ("there", "left", "the only one had not left", "had"),
        ("loose", "left", "the only one may have left", "had"),
        ("loose", "loose", "the only one may have left", "may have"),
        ("left left", "there left", "both had left", "had not"),
        ("left left left", "loose there", "all three had left", "had not"),
        ("left there", "loose there", "one of the two had left", "may have"),
        ("left loose there", "left", "one or two of the three had left", "had"),
        ("there there", "there", "none of the two had left", "had"),
    ],
)
def test_the_title_is_a_sentence_for_none_one_some_and_all(
    own: str, other: str, left: str, lost: str, tmp_path: Path, make_cohort: Maker
) -> None:
    first = make_cohort(tmp_path, rows_of(own), name="own")
    second = make_cohort(tmp_path, rows_of(other), name="other")
    assert compared(first, second, at=5).title == (
        f"By month 5, {left} Initech; the other team {lost} lost as great a share"
    )


@pytest.mark.parametrize(
    ("others", "ending"),
    [
        (["there", "there"], "none of the two other teams had lost"),
        (["left", "there"], "one of the two other teams had lost"),
        (["left", "left"], "both other teams had lost"),
        (["left", "left", "left"], "all three other teams had lost"),
        (["left", "loose", "there"], "one or two of the three other teams had lost"),
    ],
)
def test_how_many_other_teams_lost_as_much_is_said_in_both_languages(
    others: list[str], ending: str, tmp_path: Path, make_cohort: Maker
) -> None:
    folders = [
        make_cohort(tmp_path, rows_of(said), name=f"t{number}")
        for number, said in enumerate(["left there", *others])
    ]
    assert compared(*folders, at=5).title.endswith(f"{ending} as great a share")
    hebrew = compared(*folders, language="he", at=5)
    for said in (
        hebrew.title,
        hebrew.finding,
        hebrew.half_gone,
        hebrew.half_gone_frame.to_string(),
    ):
        words = set(re.findall("[A-Za-z]+", said.replace("The team", "").replace("the team", "")))
        assert words <= {"Initech", "t"}, said


def test_a_reader_gets_from_each_team_to_the_pages_that_date_it(
    project: Comparison, tmp_path: Path, make_cohort: Maker
) -> None:
    html = project.rows_table.html
    for team in project.teams[1:]:
        for name, page in zip(team.data.authors["name"], team.data.authors["source"], strict=True):
            said = rf">{re.escape(team.short)}</th><td>{re.escape(name)}(?: \(not counted\))?</td>"
            row = re.search(rf"{said}.*?</tr>", html, re.DOTALL)
            assert row is not None
            assert f'href="{page}"' in row[0]
    assert "Aidan N. Gomez (not counted)</" in html
    assert "Naman Goyal" not in html  # the first team's rows are a chapter of their own
    assert compared(make_cohort(tmp_path, people(*[""] * 13))).rows_table.html == ""


def test_who_left_after_the_last_month_is_said_too(project: Comparison) -> None:
    # All six of the one left from 2021 on, two of the second in 2024, one of the third in 2023.
    assert (
        "After that all six of Transformer left, two of GPT-1 and one of BERT." in project.finding
    )
    assert "אחרי אותו חודש עזבו כל השישה מצוות הטרנספורמר, שניים מצוות GPT-1 ואחד מצוות BERT." in (
        ah.compare(ah.open_cohort("llama", "he")[0]).finding
    )


def test_the_table_beneath_the_figure_says_how_many_were_still_there(project: Comparison) -> None:
    html = project.still_there.html
    assert html.count('<th scope="row"') == 5
    assert '<th scope="col"' in html
    heads = [f"month {number}" for number in (0, 6, 12, 18, 24, 27)]
    assert all(f">{head}</th>" in html for head in heads)
    assert ">12 to 13<" in html  # in the paper's month one departure is loose
    assert "<caption>" in html


# --- the command


def test_compare_prints_the_contract_as_json() -> None:
    folders = [PROJECT / "data" / name for name in ("gpt1", "bert")]
    status, printed, said = run("compare", *folders, "--month", 27, "--json")
    assert (status, said) == (0, "")
    assert json.loads(printed) == {
        "month": 27,
        "teams": [
            {
                "cohort": "gpt1", "title": "The authors of the GPT-1 paper", "company": "OpenAI",
                "counted": 4, "left_low": 2, "left_high": 2, "half_gone_low": 2,
                "half_gone_high": 2,
            },
            {
                "cohort": "bert", "title": "The authors of the BERT paper", "company": "Google",
                "counted": 4, "left_low": 0, "left_high": 0, "half_gone_low": None,
                "half_gone_high": None,
            },
        ],
    }  # fmt: skip
    assert list(json.loads(printed)["teams"][0]) == list(COLUMNS)


def test_compare_prints_the_finding_and_writes_the_figure_and_its_numbers(tmp_path: Path) -> None:
    folders = [PROJECT / "data" / name for name in ("gpt1", "bert")]
    status, printed, _ = run("compare", *folders, "--month", 2, "--out", tmp_path / "new" / "here")
    assert status == 0
    assert printed.startswith("By month 2, two of the four had left OpenAI; the other team had not")
    written = {path.name: path for path in (tmp_path / "new" / "here").iterdir()}
    assert set(written) == {"retention.svg", "retention.png", "retention.csv"}
    assert written["retention.csv"].read_text() == (
        "team,month,low,high\n"
        "gpt1,0,4,4\ngpt1,1,3,3\ngpt1,2,2,2\nbert,0,4,4\nbert,1,4,4\nbert,2,4,4\n"
    )
    assert written["retention.png"].read_bytes().startswith(b"\x89PNG")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folders = [PROJECT / "data" / name for name in ("gpt1", "bert")]
    status, _, said = run("compare", *folders, "--out", tmp_path / "file" / "below")
    assert status == 2
    assert "Traceback" not in said


# --- the figure


def faults_of(figure: Any) -> list[str]:
    """Texts that are too small, beyond the edge, or on one another; lengths in points."""
    with drawing():
        figure.set_dpi(72)
        renderer = figure.canvas.get_renderer()
        texts = [
            (text.get_text(), text.get_fontsize(), text.get_window_extent(renderer))
            for text in figure.findobj(Text)
            if text.get_visible() and text.get_text().strip("\u200f\u2067\u2069 ")
        ]
    width, height = figure.bbox.width, figure.bbox.height
    faults = [f"{text}: {size} pt" for text, size, _box in texts if size < 9]
    faults += [
        f"{text}: cut off"
        for text, _size, box in texts
        if box.x0 < -2 or box.x1 > width + 2 or box.y0 < -2 or box.y1 > height + 2
    ]
    for (one, size, first), (other, another, second) in itertools.combinations(texts, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        if across > 1 and down > 0.25 * min(size, another):  # a box has room below the letters
            faults.append(f"{one} on {other}: {down:.1f}")
    return faults


@pytest.fixture(scope="module")
def teams(
    tmp_path_factory: pytest.TempPathFactory, make_cohort: Maker
) -> Callable[[int, str], Comparison]:
    """As many teams side by side, of one to two hundred; read once for both widths."""

    @functools.cache
    def read(number: int, language: str) -> Comparison:
        draw, parent = random.Random(number), tmp_path_factory.mktemp("teams")
        folders = []
        for team in range(number):
            start, follow = month("2010-01") + draw.randint(0, 100), draw.choice([30, 60, 140])
            rows = []
            for _ in range([1, 200, 2, 35][team % 4]):
                low = start + draw.randint(-6, follow - 4)
                rows.append(
                    "" if draw.random() < 0.3 else f"{iso(low)}..{iso(low + draw.randint(0, 4))}"
                )
            folders.append(
                make_cohort(
                    parent, people(*rows), name=f"team-{team}", published=f"{iso(start)}-01",
                    as_of=iso(start + follow),
                    title=["The founders of a company with a long name", "Editors"][team % 2],
                )
            )  # fmt: skip
        return compared(*folders, language=language)

    return read


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("language", ["en", "he"])
@pytest.mark.parametrize("number", [2, 3, 4, 5, 7, 12])
def test_two_to_twelve_teams_of_one_to_two_hundred_are_laid_out_well(
    number: int, language: str, width: float, teams: Callable[[int, str], Comparison]
) -> None:
    chart_of = teams(number, language)
    figure = chart_of.chart.figure(width)
    assert faults_of(figure) == []
    (axes,) = figure.axes
    assert not axes.xaxis_inverted()  # time runs from left to right
    # Both lines of the first team, and both of the panel's own.
    drawn = {name: len(lines) for name, lines in panels(figure)}
    assert drawn == {team.name: 4 for team in chart_of.teams[1:]}


def test_a_team_alone_has_a_panel_of_its_own(tmp_path: Path, make_cohort: Maker) -> None:
    chart = compared(make_cohort(tmp_path, people("2023-05", ""), name="one"), at=6).chart
    assert [(name, len(lines)) for name, lines in panels(chart.figure())] == [("one", 2)]
    assert "blue" not in chart.subtitle


def test_the_figure_draws_the_lines_of_its_table(tmp_path: Path, make_cohort: Maker) -> None:
    one = make_cohort(tmp_path, people("2023-03..2023-06", "2023-04"), name="one")
    two = make_cohort(tmp_path, people("2023-05", ""), name="two")
    figure = compared(one, two, at=6).chart.figure()
    ((name, (*first, low, high)),) = panels(figure)
    assert name == "two"
    # February is month 0; at the end of March (1) one of two may be gone, at the end of June (4)
    # both are.
    lines = [dict(zip(*line.get_data(), strict=True)) for line in first]
    assert lines == [{0: 1, 1: 0.5, 2: 0, 4: 0, 7: 0}, {0: 1, 1: 1, 2: 0.5, 4: 0, 7: 0}]
    lines = [dict(zip(*line.get_data(), strict=True)) for line in (low, high)]
    assert lines == 2 * [{0: 1, 3: 0.5, 7: 0.5}]


def panels(figure: Figure) -> list[tuple[str, list[Line2D]]]:
    """The lines in the panel of each team, in the order drawn."""
    drawn = [line for line in figure.axes[0].lines if not str(line.get_label()).startswith("_")]
    grouped = itertools.groupby(drawn, key=lambda line: str(line.get_label()))
    return [(name, list(lines)) for name, lines in grouped]


def test_the_table_of_the_figure_has_a_row_for_each_change(project: Comparison) -> None:
    chart = project.chart
    assert len(chart.data) == 5 * 28
    assert chart.table is not None
    assert chart.table.iloc[:, 1:].to_numpy().tolist()[-3:] == [[0, 3, 3], [8, 2, 3], [15, 2, 2]]


def test_the_alternative_text_says_the_finding(project: Comparison) -> None:
    assert project.chart.alt.startswith(
        "Step lines of five teams, those of LLaMA beside each of the others."
    )
    assert project.finding in project.chart.alt


def test_copied_teams_give_the_same_numbers_wherever_they_lie(tmp_path: Path) -> None:
    copies = [shutil.copytree(PROJECT / "data" / name, tmp_path / name) for name in TEAMS]
    moved = compared(*copies)
    assert moved.to_json() == compared(*(PROJECT / "data" / name for name in TEAMS)).to_json()
