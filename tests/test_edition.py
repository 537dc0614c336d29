"""One table, many editions: no two of them can differ in a number."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis_helpers import charts, display, findings, language, summary
from analysis_helpers.claims import Decision, decide_one, to_json
from analysis_helpers.cohort import Cohort, load_cohort
from analysis_helpers.edition import Edition
from analysis_helpers.ledger import claim_of_ones_own
from analysis_helpers.measures import Names
from analysis_helpers.opening import open_cohort

Maker = Callable[..., Path]
FIGURES = (
    charts.timeline, charts.tenures, charts.headcount,
    charts.destinations,
)  # fmt: skip
COMPANIES = {"מיסטרל": "Mistral", "מיסטרל AI": "Mistral", "כהר": "Cohere", "קוהיר": "Cohere",
             "אנתרופיק": "Anthropic"}  # fmt: skip
ROLES = {"מהנדס": "Engineer", "מהנדסת": "Engineer", "מדען": "Scientist"}


def spelt_twice(make_cohort: Maker, folder: Path) -> Path:
    """The LLaMA team's eleven, of whom five are at Mistral in two spellings."""
    places = ["מיסטרל", "מיסטרל AI", "מיסטרל", "מיסטרל AI", "מיסטרל", "Cohere", "Kyutai",
              "Google DeepMind", "Microsoft AI", "אנתרופיק", "Thinking Machines"]  # fmt: skip
    authors = [
        {"name": f"דנה {n} (Dana {n})", "organisation": place, "departed": "יוני 2023",
         "tenure": "5 שנים"}
        for n, place in enumerate(places)
    ]  # fmt: skip
    claims = [
        {"measure": "destinations", "expect": 7},
        {"measure": "departed", "where": {"organisation": "Mistral"}, "expect": 5},
        {"measure": "departed", "where": {"organisation": "מיסטרל AI"}, "expect": 2},
        {"measure": "top_destination", "expect": "Mistral"},
    ]
    return make_cohort(folder, authors, claims, language="he", glossary=COMPANIES)


def test_two_spellings_of_one_employer_are_one_employer_in_every_edition(
    tmp_path: Path, make_cohort: Maker
) -> None:
    folder = spelt_twice(make_cohort, tmp_path)
    (english, ledger), (hebrew, pinkas) = (open_cohort(folder, code) for code in ("en", "he"))
    assert findings.destinations(english).startswith(
        "Five of the 11 who left were at Mistral in May 2025. The other six each had a different"
        " employer."
    )
    assert findings.destinations(hebrew).startswith(
        "חמישה מ-11 העוזבים עבדו במאי 2025 במיסטרל. ששת האחרים עבדו כל אחד אצל מעסיק אחר."
    )
    # The first of the two in the table is said.
    assert (ledger[3].found, pinkas[3].found) == ("Mistral", "מיסטרל")
    for data in (english, hebrew):
        assert charts.destinations(data).data["people"].tolist() == [5, 1, 1, 1, 1, 1, 1]
    for claims in (ledger, pinkas):
        assert [claim["low"] for claim in to_json(claims)] == [7, 5, 2, "Mistral"]
        assert {claim["verdict"] for claim in to_json(claims)} == {"supported"}


def some_team(draw: random.Random) -> list[dict[str, str]]:
    rows = []
    for number in range(draw.randint(1, 9)):
        row = {"name": f"דנה {number} (Dana {number})", "role_now": draw.choice([*ROLES])}
        if draw.random() < 0.8:
            row |= {
                "organisation": draw.choice([*COMPANIES, ""]),
                "departed": draw.choice(["יוני 2023", "תחילת 2024", "2022", "unknown"]),
                "tenure": draw.choice(["5 שנים", "שנתיים, 7 חודשים", ""]),
            }
        rows.append(row)
    return rows


def numbers(text: str) -> list[str]:
    """The numbers in a text that are written in figures, in order of size."""
    bare = re.sub(r"(?i)dana \d+|דנה \d+", "", text)
    return sorted(re.findall(r"\d+(?:\.\d+)?", bare))


def shown(data: Cohort) -> dict[str, list[str]]:
    """Every number of the figures' data and of those texts that write them in figures."""
    found = {}
    for figure in FIGURES:
        made = figure(data)
        table = made.data.select_dtypes("number")
        found[made.name] = table.to_csv(index=False).splitlines()
        if made.name in ("destinations", "departures"):
            found[f"{made.name}, in words"] = numbers(made.alt.partition(". ")[2])
    return found


@pytest.mark.parametrize(
    "seed", [*range(16), *(pytest.param(n, marks=pytest.mark.soak) for n in range(16, 40))]
)
def test_editions_never_differ_in_a_number(tmp_path: Path, make_cohort: Maker, seed: int) -> None:
    draw = random.Random(seed)
    claims: list[dict[str, Any]] = [
        {"measure": "destinations", "expect": ">= 2"},
        {"measure": "departed", "expect": ">= 3"},
        {"measure": "mean_tenure", "expect": "> 4 years"},
        {"measure": "half_gone", "expect": "<= 12 months"},
        {"measure": "departed", "where": {"tenure": "> 3 years"}, "expect": ">= 1"},
    ]
    folder = make_cohort(
        tmp_path, some_team(draw), claims, language="he", glossary=COMPANIES | ROLES
    )
    editions = [open_cohort(folder, code) for code in ("en", "he")]
    published = [
        [{**claim, "says": None} for claim in to_json(ledger)] for _data, ledger in editions
    ]
    assert published[0] == published[1]
    said = shown(editions[0][0])
    assert said == shown(editions[1][0])
    placed = bool(editions[0][0].authors["organisation"].notna().any())
    assert any(said["destinations, in words"]) is placed
    pd.testing.assert_frame_equal(editions[0][0].authors, editions[1][0].authors)


def everything(data: Cohort, ledger: Any) -> list[str]:
    return [
        data.title,
        summary.standfirst(data, ledger),
        findings.timeline(data),
        display.ledger_table(ledger).html,
        display.people_table(data).html,
        charts.headcount(data).svg(),
    ]


def test_two_languages_at_once_each_speak_their_own() -> None:
    alone = {}
    for code in ("en", "he"):
        alone[code] = everything(*open_cohort("llama", code))
    together = {code: open_cohort("llama", code) for code in ("en", "he")}
    for code in ("en", "he", "en"):
        assert everything(*together[code]) == alone[code]


def test_two_languages_in_threads_each_speak_their_own() -> None:
    """Of sentences and tables: matplotlib draws in one thread only."""

    def said(code: str) -> list[str]:
        data, ledger = open_cohort("llama", code)
        return [summary.standfirst(data, ledger), findings.destinations(data),
                findings.timeline(data), display.ledger_table(ledger).html]  # fmt: skip

    codes = ["en", "he"] * 4
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(said, codes))
    alone = {code: said(code) for code in ("en", "he")}
    assert together == [alone[code] for code in codes]


def test_what_somebody_does_to_the_table_changes_nothing() -> None:
    data, _ledger = open_cohort("llama")
    before = data.authors
    mine = data.authors
    mine["name"] = "x"
    mine.loc[0, "status"] = "left"
    del mine["tenure_low"]
    pd.testing.assert_frame_equal(data.authors, before)
    assert findings.departures(data).startswith("11 of the 14 authors had left Meta by May 2025")


def test_a_third_language_is_a_catalogue_and_keys(
    tmp_path: Path, make_cohort: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogues = tmp_path / "locale"
    catalogues.mkdir()
    (catalogues / "eo.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "supported"\nmsgstr "subtenata"\n\n'
        'msgid "In our copy"\nmsgstr "Pruvo"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(language, "CATALOGUES", catalogues)
    claim = {"says": "One left.", "says_eo": "Unu foriris.", "measure": "departed", "expect": 1,
             "reading": "one", "reading_eo": "unu"}  # fmt: skip
    folder = make_cohort(
        tmp_path, [{"name": "Ada"}, {"name": "Ben", "departed": "2023-03"}], [claim]
    )
    with (folder / "cohort.toml").open("r+", encoding="utf-8") as file:
        head = file.read()
        file.seek(0)
        file.write('title_eo = "La teamo"\n' + head)
    (folder / "events.csv").write_text(
        "date,label,source,label_eo\n2023-02-24,First,the journal,Unua\n", encoding="utf-8"
    )

    data, ledger = open_cohort(folder, "eo")
    assert (data.title, data.events["label"].tolist()) == ("La teamo", ["Unua"])
    assert (ledger[0].says, ledger[0].reading) == ("Unu foriris.", "unu")
    table = display.ledger_table(ledger).html
    assert "subtenata" in table
    assert "Pruvo" in table
    assert "lang" not in io.StringIO(table).readline().partition("<caption>")[0]
    assert language.Language("eo").own_name == "Esperanto"


# --- what was found and what was needed, worked out by hand

FOUR = [
    {"name": "Ada"},
    {"name": "Ben", "organisation": "Acme", "departed": "2023-03", "tenure": "20..20 months"},
    {"name": "Cleo", "organisation": "Birch", "departed": "2024-01..2024-04",
     "tenure": "60..60 months"},
    {"name": "Dan", "departed": "2024-06"},
]  # fmt: skip
BOTH = {"name": ["Ben", "Cleo"]}


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory, make_cohort: Maker) -> Cohort:
    return load_cohort(make_cohort(tmp_path_factory.mktemp("four"), FOUR))


def decided(cohort: Cohort, measure: str, where: dict[str, Any], expect: Any) -> Decision:
    return decide_one(cohort, claim_of_ones_own(measure, expect, where))


@pytest.mark.parametrize(
    ("measure", "where", "expect", "found", "needed"),
    [
        ("departed", {}, "= 3", "The list agrees: three.", ""),
        ("departed", {}, "= 2", "The list has three.", ""),
        ("departed", {}, ">= 4", "The list has three.", "The claim needs at least four."),
        ("departed", {"name": "Ada"}, ">= 1", "The list has none.",
         "The claim needs at least one."),
        ("departed", {"name": "Ben"}, "= 2", "The list has one.", ""),
        ("departed", {"departed": "<= 2024-02"}, "= 3", "The list has one or two.", ""),
        ("departed", {"name": "Cleo", "departed": "<= 2024-02"}, "= 2",
         "The list has at most one.", ""),
        ("destinations", {}, "< 2", "By the list it is 2 (stated for 2 of 3).",
         "The claim needs less than 2."),
        ("names", {}, ["Ada", "Ben"], "The list has 4 names.", ""),
        ("share_departed", {}, "= 75 %", "The list agrees: 75%.", ""),
        ("share_departed", {}, "> 80 %", "By the list 75% have left.",
         "The claim needs more than 80%."),
        ("top_destination", BOTH, "= Dust", "By the list it is Acme or Birch.", ""),
        ("first_departure", {}, ">= 2023-05", "By the list the first one was in March 2023.",
         "The claim needs it to be May 2023 or later."),
        ("last_departure", {}, "< 2024-06", "By the list the last one was in June 2024.",
         "The claim needs it to be before June 2024."),
        # The second of four went 11 to 14 months after February 2023.
        ("half_gone", {}, "<= 6 months",
         "By the list half had left 11 to 14 months after the paper.",
         "The claim needs at most six months."),
        # 20 and 60 months: what is held against years is said in years.
        ("mean_tenure", BOTH, "> 45 months", "By the list the mean is 40 months.",
         "The claim needs more than 45 months."),
        ("mean_tenure", BOTH, "> 5 years", "By the list the mean is 3.3 years.",
         "The claim needs more than five years."),
        ("mean_tenure", {}, "> 5 years", "By the list the mean is 3.3 years (stated for 2 of 3).",
         "The claim needs more than five years."),
        ("median_tenure", BOTH, "> 5 years", "By the list the median is 3.3 years.",
         "The claim needs more than five years."),
        ("longest_tenure", BOTH, "> 9 years", "By the list the longest time was 5.0 years.",
         "The claim needs more than nine years."),
        ("shortest_tenure", BOTH, "> 2 years", "By the list the shortest time was 20 months.",
         "The claim needs more than two years."),
    ],
)  # fmt: skip
def test_what_was_found_and_what_it_would_take_are_said_in_sentences(
    four: Cohort, measure: str, where: dict[str, Any], expect: Any, found: str, needed: str
) -> None:
    assert decided(four, measure, where, expect).in_sentences == (found, needed)


@pytest.mark.parametrize(
    ("tenure", "said"),
    [
        ("5..5 months", "five months"),
        ("23..23 months", "23 months"),
        ("24..24 months", "2.0 years"),
        ("20..22 months", "20 to 22 months"),
        ("20..24 months", "1.7 to 2.0 years"),
        ("24..30 months", "2.0 to 2.5 years"),
    ],
)
def test_a_time_held_against_years_is_said_in_years_from_two_on(
    tmp_path: Path, make_cohort: Maker, tenure: str, said: str
) -> None:
    rows = [{"name": "Ben", "departed": "2023-03", "tenure": tenure}]
    cohort = load_cohort(make_cohort(tmp_path, rows))
    found, _needed = decided(cohort, "longest_tenure", {}, "> 9 years").in_sentences
    assert found == f"By the list the longest time was {said}."


def test_a_mean_that_is_no_whole_number_of_months_keeps_its_decimal(
    tmp_path: Path, make_cohort: Maker
) -> None:
    """Half of 20 and 21 months."""
    rows = [
        {"name": "Ada", "departed": "2023-03", "tenure": "20..20 months"},
        {"name": "Ben", "departed": "2023-03", "tenure": "21..21 months"},
    ]
    decision = decided(load_cohort(make_cohort(tmp_path, rows)), "mean_tenure", {}, "> 2 years")
    assert decision.in_sentences[0] == "By the list the mean is 20.5 months."


@pytest.mark.parametrize(
    ("measure", "where", "found"),
    [
        ("mean_tenure", {"name": "Ada"}, "nothing to measure"),
        ("mean_tenure", {}, "40 months (stated for 2 of 3)"),
        ("mean_tenure", BOTH, "40 months"),
        ("half_gone", {}, "11 to 14 months"),
        ("departed", {"departed": "<= 2024-02"}, "1 to 2"),
        ("last_departure", BOTH, "January to April 2024"),
    ],
)
def test_what_was_found_is_said_with_its_unit(
    four: Cohort, measure: str, where: dict[str, Any], found: str
) -> None:
    expect = "= 2023-01" if measure == "last_departure" else "= 1"
    decision = decided(four, measure, where, expect)
    assert decision.found == found
    untried = replace(decision, exhaustive=False)
    assert untried.found == f"{found} (not every combination was tried)"


@pytest.mark.parametrize(
    ("measure", "expect", "said"),
    [
        ("departed", "= 3", "3"),
        ("departed", "!= 3", "not 3"),
        ("departed", "< 3", "less than 3"),
        ("departed", "<= 3", "at most 3"),
        ("departed", "> 2.5", "more than 2.5"),
        ("departed", ">= 3", "at least 3"),
        ("share_departed", "> 66.7 %", "more than 66.7%"),
        ("first_departure", "= 2023-03", "March 2023"),
        ("first_departure", "!= 2023-03", "not March 2023"),
        ("first_departure", "< 2023-03", "before March 2023"),
        ("first_departure", "<= 2023-03", "March 2023 or earlier"),
        ("first_departure", "> 2023-03", "after March 2023"),
        ("first_departure", ">= 2023-03", "March 2023 or later"),
        ("top_destination", "!= Acme", "not Acme"),
        ("names", ["Cleo", "Ben", "Ada"], "Ada, Ben and Cleo"),
        ("mean_tenure", "> 60 months", "more than five years"),
        ("mean_tenure", "> 12 months", "more than one year"),
        ("mean_tenure", "> 1 month", "more than one month"),
        ("mean_tenure", "> 2.5 years", "more than 30 months"),
        # 64.8 and 64.92 months have as many decimals, 2.67 months fewer than 0.2225 years.
        ("mean_tenure", "> 5.4 years", "more than 5.4 years"),
        ("mean_tenure", "> 5.41 years", "more than 5.41 years"),
        ("mean_tenure", "> 2.67 months", "more than 2.67 months"),
        ("mean_tenure", "> 0 months", "more than 0 months"),
    ],
)
def test_what_is_needed_is_said_in_the_unit_that_takes_fewer_decimals(
    four: Cohort, measure: str, expect: Any, said: str
) -> None:
    assert decided(four, measure, {}, expect).expected == said


def test_a_part_of_a_month_is_said_in_any_language(four: Cohort) -> None:
    hebrew, _ledger = open_cohort(four.folder, "he")
    assert decided(hebrew, "mean_tenure", {}, "= 2.67 months").expected == "2.67 חודשים"


def test_up_to_six_names_that_are_needed_are_listed(tmp_path: Path, make_cohort: Maker) -> None:
    cohort = load_cohort(make_cohort(tmp_path, [{"name": name} for name in "ABCDEFG"]))
    assert decided(cohort, "names", {}, [*"FEDCBA"]).expected == "A, B, C, D, E and F"
    assert decided(cohort, "names", {}, [*"ABCDEFG"]).expected == "7 names"


def test_what_is_not_measured_is_neither_found_nor_needed(
    tmp_path: Path, make_cohort: Maker
) -> None:
    (decision,) = open_cohort(make_cohort(tmp_path, FOUR, [{"source": "line 1"}]))[1]
    edition, claim = decision.edition, decision.claim
    assert (decision.found, decision.expected, decision.in_sentences) == ("", "", ("", ""))
    assert (edition.members(claim), edition.decisive(claim)) == (None, None)
    assert not edition.is_said_by_its_rows(claim)


def test_departures_are_said_in_full_or_short(four: Cohort) -> None:
    edition = Edition(four)
    assert edition.departures(four.authors, "stayed") == [
        "stayed", "March 2023", "January to April 2024", "June 2024",
    ]  # fmt: skip
    assert edition.departures(four.authors, "", short=True) == [
        "", "Mar 2023", "Jan to Apr 2024", "Jun 2024",
    ]  # fmt: skip


def test_rows_are_shown_with_the_names_that_an_edition_says(
    tmp_path: Path, make_cohort: Maker
) -> None:
    folder = make_cohort(tmp_path, [{"name": "דנה (Dana)"}, {"name": "רון (Ron)"}], language="he")
    for code, name in (("en", "Ron"), ("he", "רון")):
        cohort = open_cohort(folder, code)[0]
        rows = cohort.authors.iloc[[1]]
        shown = Edition(cohort).said(rows)
        assert shown["name"].to_dict() == {1: name}
        assert shown.dtypes.to_dict() == rows.dtypes.to_dict()
        assert shown["status"].tolist() == ["stayed"]


@pytest.mark.parametrize(
    ("measure", "where", "decisive", "members"),
    [
        # Dan's tenure is not stated.
        ("shortest_tenure", {}, ("Ben",), ("Ben", "Cleo")),
        ("longest_tenure", {}, ("Cleo",), ("Ben", "Cleo")),
        ("longest_tenure", {"name": "Ben"}, ("Ben",), ("Ben",)),
        ("mean_tenure", {}, ("Ben", "Cleo"), ("Ben", "Cleo")),
    ],
)
def test_those_whose_value_may_be_the_extreme_are_decisive(
    four: Cohort,
    measure: str,
    where: dict[str, str],
    decisive: tuple[str, ...],
    members: tuple[str, ...],
) -> None:
    edition, claim = Edition(four), claim_of_ones_own(measure, "> 1 year", where)
    assert edition.decisive(claim) == Names(decisive, decisive)
    assert edition.members(claim) == Names(members, members)


def test_one_edition_keeps_the_rows_of_several_claims_apart(four: Cohort) -> None:
    edition = Edition(four)
    for name in ("Ben", "Cleo"):
        claim = claim_of_ones_own("departed", 1, {"name": name})
        assert edition.members(claim) == edition.decisive(claim) == Names((name,), (name,))


@pytest.mark.parametrize(
    ("source", "measure", "where", "by_its_rows"),
    [
        # The shortest tenure is Ben's, of line 2.
        ("line 2", "shortest_tenure", {}, True),
        ("lines 1-2", "shortest_tenure", {}, True),
        ("lines 2-4", "shortest_tenure", {}, True),
        ("line 1", "shortest_tenure", {}, False),
        ("lines 3-4", "shortest_tenure", {}, False),
        ("the whole article", "shortest_tenure", {}, False),
        # Ben and Cleo have left, of lines 2 and 3; the line of Dan is not known.
        ("lines 2-3", "departed", BOTH, True),
        ("line 2", "departed", BOTH, False),
        ("lines 1-9", "departed", {"name": "Dan"}, False),
        # Nobody's row says that nobody has left.
        ("lines 1-9", "departed", {"name": "Ada"}, False),
    ],
)
def test_a_claim_is_said_by_its_rows_where_each_shares_a_line_with_it(
    tmp_path: Path,
    make_cohort: Maker,
    source: str,
    measure: str,
    where: dict[str, Any],
    by_its_rows: bool,
) -> None:
    rows = [*FOUR[:3], FOUR[3] | {"source": "https://dan.example"}]
    expect = "> 9 years" if measure == "shortest_tenure" else 9
    claim = {"source": source, "measure": measure, "expect": expect, "where": where}
    (decision,) = open_cohort(make_cohort(tmp_path, rows, [claim]))[1]
    assert decision.edition.is_said_by_its_rows(decision.claim) is by_its_rows
