"""How few rows turn a verdict, worked out by hand; and how that is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis_helpers import charts
from analysis_helpers.claims import Ledger
from analysis_helpers.opening import open_cohort
from analysis_helpers.scenarios import scenario

Maker = Callable[..., Path]


@pytest.fixture(scope="module")
def llama() -> tuple[Any, Ledger]:
    return open_cohort("llama")


STAYED = {"Hugo Touvron", "Xavier Martinet", "Faisal Azhar"}


@pytest.mark.parametrize(
    ("claim", "rows", "why"),
    [
        ("most-have-left", 4, "11 of 14 left; more than half ends at 7, that is 4 fewer"),
        ("mean-tenure-over-five-years", 1, "one tenure of none takes the mean below 60 months"),
        ("few-left-this-year", 1, "one left in 2025, two are needed"),
        ("first-departure-january-2023", 1, "one who left in that very month settles it"),
        ("eleven-departed", 1, "one more or one fewer is not eleven"),
        ("many-architects-at-competitors", 3, "10 are there, eight are needed: 3 have to go"),
        ("many-joined-emerging-rivals", 3, "8 are there, six are needed: 3 have to go"),
        ("fourteen-credited", None, "rows are neither added nor removed"),
        ("list-gives-earlier-roles", 11, "none has one stated, 11 are needed"),
    ],
)
def test_the_rows_that_turn_a_verdict_on_the_article(
    llama: tuple[Any, Ledger], claim: str, rows: int | None, why: str
) -> None:
    assert llama[1][claim].rows_to_change == rows, why


@pytest.mark.parametrize(
    ("claim", "who"),
    [
        # A tenure of 0 in place of one of at least 55 months, of 715 in all among 11, leaves a mean
        # of at most 60; so does one who stayed but is said to have left at once: 715 among 12.
        (
            "mean-tenure-over-five-years",
            STAYED
            | {"Timothée Lacroix", "Baptiste Rozière", "Naman Goyal", "Armand Joulin"}
            | {"Edouard Grave", "Guillaume Lample"},
        ),
        # Who remains is right as long as those three do.
        ("who-remains", STAYED),
        ("mistral-founders-came-from-meta", {"Timothée Lacroix", "Guillaume Lample"}),
    ],
)
def test_the_rows_on_which_a_verdict_hangs(
    llama: tuple[Any, Ledger], claim: str, who: set[str]
) -> None:
    assert set(llama[1][claim].hinges_on) == who


def test_anybody_but_the_one_who_left_this_year_could_be_the_second(
    llama: tuple[Any, Ledger],
) -> None:
    data, ledger = llama
    assert set(ledger["few-left-this-year"].hinges_on) == {*data.authors["name"]} - {"Naman Goyal"}


def test_a_verdict_that_hangs_on_a_row_does_turn_with_it(llama: tuple[Any, Ledger]) -> None:
    data, ledger = llama
    changed = scenario(data, ledger).row("Hugo Touvron", departed="2025-03")
    assert changed.ledger["few-left-this-year"].verdict == "supported"
    changed = scenario(data, ledger).row("Hugo Touvron", departed="2025-03", tenure="0..0 months")
    assert changed.ledger["mean-tenure-over-five-years"].verdict != "supported"


@pytest.mark.parametrize(
    ("claim", "turns_at", "said"),
    [
        # The mean is at least 65.0 months: 5.4 years and a little.
        ("mean-tenure-over-five-years", 65.0, "It would still hold if 5.4 years were needed"),
        ("few-left-this-year", 1, "If one were enough, the claim would hold"),
        ("some-left-by-january-2023", 1, "If one were enough, the claim would be inconclusive"),
        ("stayed-through-llama-3", 4, "It would still hold if three were needed"),
    ],
)
def test_the_number_at_which_a_vague_word_turns_a_verdict(
    llama: tuple[Any, Ledger], claim: str, turns_at: float, said: str
) -> None:
    decision = llama[1][claim]
    assert decision.turns_at == turns_at
    assert said in decision.what_would_change_it


def test_a_claim_without_a_vague_word_has_no_such_number(llama: tuple[Any, Ledger]) -> None:
    assert llama[1]["eleven-departed"].turns_at is None


def test_what_the_table_does_not_decide_says_nothing_of_its_rows(
    llama: tuple[Any, Ledger],
) -> None:
    for decision in llama[1]:
        if decision.checked_by != "table":
            assert decision.rows_to_change is None
            assert decision.what_would_change_it == ""


@pytest.mark.parametrize(
    ("claim", "english", "hebrew"),
    [
        (
            "most-have-left",
            "Four of the 14 rows would have to be wrong.",
            "המסקנה תשתנה רק אם נפלה טעות בארבע רשומות לפחות מתוך 14.",
        ),
        (
            "mistral-founders-came-from-meta",
            "One wrong row could change the verdict: that of Timothée Lacroix or Guillaume Lample.",
            "די בטעות ברשומה של טימותי לאקרואה או גיום למפל כדי לשנות את המסקנה.",
        ),
        (
            "fourteen-credited",
            "No wrong date, employer or tenure could change the verdict.",
            "שום טעות במועד, במעסיק או בוותק לא הייתה משנה את המסקנה.",
        ),
    ],
)
def test_it_is_said_in_both_languages(claim: str, english: str, hebrew: str) -> None:
    for language, said in (("en", english), ("he", hebrew)):
        assert open_cohort("llama", language)[1][claim].what_would_change_it.startswith(said)


# --- the figure


def test_the_figure_counts_the_verdicts_by_how_many_rows_turn_them(
    llama: tuple[Any, Ledger],
) -> None:
    data, ledger = llama
    chart = charts.fragility(data, ledger)
    assert chart.alt.endswith("verdicts that no wrong row could change: 4.")
    assert chart.title == "Nine of the 20 verdicts could change if a single row were wrong"
    assert chart.table is not None
    assert chart.table.to_numpy().tolist() == [
        ["a single row", 9],
        ["two rows", 3],
        ["three rows", 3],
        ["four rows or more", 1],
        ["cannot change", 4],
    ]
    held = [each.claim.id for each in ledger if each.by_construction]
    assert len(held) == 3
    assert not set(held) & set(chart.data["claim"])
    # No row can be wrong about what the list prints of roles.
    said = ledger["list-gives-earlier-roles"].what_would_change_it
    assert said == "No wrong date, employer or tenure could change the verdict."


@pytest.mark.parametrize(
    ("claims", "title"),
    [
        ([], "The table decides no claim"),
        (["= 2"], "The only verdict could change if a single row were wrong"),
        ([">= 0"], "No single wrong row could change the only verdict"),
        (["= 2", "= 1"], "Each of the two verdicts could change if a single row were wrong"),
        ([">= 0", "<= 3"], "No single wrong row could change any of the two verdicts"),
        (["= 2", ">= 0"], "One of the two verdicts could change if a single row were wrong"),
    ],
)
def test_its_title_holds_for_none_one_and_all(
    tmp_path: Path, make_cohort: Maker, claims: list[str], title: str
) -> None:
    asked = [
        {"id": f"c{number}", "measure": "departed", "expect": expect, "source": "line 99"}
        for number, expect in enumerate(claims)
    ]
    folder = make_cohort(tmp_path, claims=asked or None)
    assert charts.fragility(*open_cohort(folder)).title == title
