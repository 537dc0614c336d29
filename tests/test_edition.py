"""One table, many editions: no two of them can differ in a number."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis_helpers import charts, display, findings, language, summary
from analysis_helpers.claims import to_json
from analysis_helpers.cohort import Cohort
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
        "Five of the 11 who left are at Mistral now. Between them they have seven employers."
    )
    assert findings.destinations(hebrew).startswith(
        "חמישה מ-11 העוזבים עובדים כיום במיסטרל. בסך הכול מתחלקים העוזבים בין שבעה מעסיקים."
    )
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
    assert findings.departures(data).startswith("11 of the 14 authors have left Meta")


def test_a_third_language_is_a_catalogue_and_keys(
    tmp_path: Path, make_cohort: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogues = tmp_path / "locale"
    catalogues.mkdir()
    (catalogues / "eo.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "supported"\nmsgstr "subtenata"\n\n'
        'msgid "Evidence"\nmsgstr "Pruvo"\n',
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
