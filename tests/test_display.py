"""What a table of the ledger says, worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis_helpers import display
from analysis_helpers.claims import Ledger
from analysis_helpers.display import link
from analysis_helpers.errors import UnknownNameError
from analysis_helpers.opening import open_cohort

Maker = Callable[..., Path]

# Two of three have left.
TEAM = [
    {"name": "Ada"},
    {"name": "Ben", "departed": "May 2024", "tenure": "2 years, 1 month", "organisation": "Acme"},
    {"name": "Cleo", "departed": "May 2025", "tenure": "1 year, 1 month", "organisation": "Birch"},
]


@pytest.mark.parametrize(
    ("measure", "expect", "measured", "expected"),
    [
        ("share_departed", "> 66.66 %", "66.7%", "more than 66.66%"),
        ("share_departed", ">= 50 %", "66.7%", "at least 50%"),
        ("mean_tenure", "> 5.4 years", "18 to 20 months", "more than 5.4 years"),
        ("mean_tenure", "< 64.5 months", "18 to 20 months", "less than 64.5 months"),
        ("mean_tenure", ">= 18 months", "18 to 20 months", "at least 18 months"),
        ("mean_tenure", "<= 5 years", "18 to 20 months", "at most five years"),
        ("mean_tenure", "> 0", "18 to 20 months", "more than 0 months"),
        ("last_departure", "<= 2025-02", "May 2025", "February 2025 or earlier"),
        ("top_destination", "!= Cog", "Acme or Birch", "not Cog"),
        ("half_gone", "> 1 year", "27 months", "more than one year"),
    ],
)
def test_a_measured_value_stands_beside_what_the_ledger_expects_in_its_own_digits(
    measure: str, expect: str, measured: str, expected: str, tmp_path: Path, make_cohort: Maker
) -> None:
    claim = {"measure": measure, "expect": expect}
    _, (decision,) = open_cohort(make_cohort(tmp_path, TEAM, [claim]))

    assert decision.found == measured
    assert decision.expected == expected


def test_an_open_end_is_said_in_words(tmp_path: Path, make_cohort: Maker) -> None:
    claim = {"measure": "half_gone", "expect": "> 1 year"}
    team = [TEAM[0], TEAM[1] | {"name": "Emil", "departed": "", "organisation": ""}, TEAM[2]]
    _, (decision,) = open_cohort(make_cohort(tmp_path, team, [claim]))

    # The first month after the article's, May 2025, is 28 months after February 2023.
    assert decision.found == "28 months or more"


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://example.org/a[1]?b", True),
        ("http://example.org", True),
        ("https://[x", False),
        ("https://", False),
        ("javascript:alert(1)", False),
        ("line 5", False),
    ],
)
def test_only_the_address_of_a_page_becomes_a_link(address: str, is_link: bool) -> None:
    assert link(address, "here").html.startswith("<a ") is is_link


# --- the ledger, as a reader sees it

BOTH_READINGS = {
    "readings": [
        {"reading": "a year at least", "measure": "half_gone", "expect": ">= 30 months"},
        {"reading": "somebody still did", "measure": "departed", "expect": ">= 1"},
    ],
    "says": "They left one by one.",
}
SOURCED = {
    "says": "It is open source.",
    "sources": [{"url": "https://www.example.org/licence", "finding": "It is not."}],
    "verdict": "contradicted",
}
CLAIMS = [
    # Ben's and Cleo's rows stand in lines 2 and 3: this cannot fail.
    {"says": "Two left.", "measure": "departed", "expect": 2, "source": "lines 2-3"},
    {"says": "Three left.", "measure": "departed", "expect": 3, "source": "line 99"},
    {"says": "Half left.", "measure": "share_departed", "expect": ">= 50 %", "source": "line 99"},
    {"says": "Acme has most.", "measure": "top_destination", "expect": "Acme", "source": "line 99"},
    BOTH_READINGS,
    SOURCED,
    {"says": "They were happy."},
]


@pytest.fixture
def claims(tmp_path: Path, make_cohort: Maker) -> Ledger:
    return open_cohort(make_cohort(tmp_path, TEAM, CLAIMS))[1]


def test_the_tally_counts_apart_what_cannot_fail_and_adds_up_to_all(claims: Ledger) -> None:
    assert display.tally(claims).text.splitlines() == [
        "The article’s own list: One is contradicted, two are inconclusive and one is supported.",
        "Outside sources: One is contradicted.",
        "Repeats the list: One claim.",
        "Not checked: One claim.",
    ]
    assert len(claims) == 4 + 1 + 1 + 1


def test_what_does_not_hold_stands_alone_with_what_was_found_and_each_reading(
    claims: Ledger,
) -> None:
    shown = display.unsettled_claims(claims)
    said = [line.partition(": ")[2].partition(".")[0] for line in shown.text.splitlines()]
    assert said == ["Three left", "It is open source", "Acme has most", "They left one by one"]
    assert "The list has two." in shown.text
    assert "By the list it is Acme or Birch." in shown.text
    # Half of three is two: Cleo left in May 2025, 27 months after February 2023.
    assert (
        "By the list half had left 27 months after the paper. The claim needs at least 30 months."
        in shown.html
    )
    assert shown.html.count('class="card"') == 4
    every_claim_holds = display.unsettled_claims(claims[:1])
    assert every_claim_holds.text == "No claim that was checked is contradicted or inconclusive."


def test_what_outside_sources_leave_open_is_folded_away(tmp_path: Path, make_cohort: Maker) -> None:
    doubted = {
        **SOURCED,
        "says": "It is fast.",
        "verdict": "inconclusive",
        "reading": "“fast”: how",
    }
    html = display.unsettled_claims(
        open_cohort(make_cohort(tmp_path, TEAM, [SOURCED, doubted]))[1]
    ).html
    cards, _, folded = html.partition("<details")
    assert "It is open source." in cards
    assert "Outside sources say otherwise." in cards
    assert "One more claim, which outside sources leave open" in folded
    assert "It is fast." in folded
    assert "“Fast”: how." not in folded  # that stands in the ledger


def test_what_outside_sources_say_of_what_the_list_decides_stands_in_its_chapter(
    tmp_path: Path, make_cohort: Maker
) -> None:
    decided = {"measure": "departed", "expect": 2, "sources": SOURCED["sources"]}
    ledger = open_cohort(make_cohort(tmp_path, TEAM, [decided, SOURCED]))[1]
    # What sources alone decide stands in the ledger.
    assert display.sources_on(ledger, "who").text == (
        "An outside source: It is not. https://www.example.org/licence"
    )
    assert display.sources_on(ledger, "tenure").html == ""
    with pytest.raises(UnknownNameError, match="did you mean tenure"):
        display.sources_on(ledger, "tenures")


def test_the_contradicted_are_named_at_the_head_with_what_was_found(
    claims: Ledger, tmp_path: Path, make_cohort: Maker
) -> None:
    named = display.contradicted_claims(claims)
    assert named.text.splitlines() == [
        "Contradicted: Three left. The list has two: Ben, Cleo.",
        "Also contradicted: It is open source. Outside sources say otherwise.",
    ]
    # In words, also where no mark is drawn; what the headline does not count is told apart.
    assert re.findall(r'"mark">([^<]*)<', named.html) == ["Contradicted:", "Also contradicted:"]
    assert display.contradicted_claims(claims[:1]).html == ""
    six = [{"measure": "departed", "expect": 9, "source": "line 99"}] * 6
    ledger = open_cohort(make_cohort(tmp_path / "six", TEAM, six))[1]
    lines = display.contradicted_claims(ledger).text.splitlines()
    assert len(lines) == 4
    assert lines[-1] == "And three more."


def test_each_claim_is_once_in_the_ledger_under_its_own_id(claims: Ledger) -> None:
    html = display.ledger_table(claims).html
    assert re.findall(r'<li class="claim [^"]*" id="claim-([a-z0-9-]+)"', html) == [
        each.claim.id for each in claims
    ]
    assert html.count("repeats the list</span>") == 1
    # What the source says stands in the row, and the evidence has only where.
    assert html.count("It is not.") == 1
    assert '<dd><a href="https://www.example.org/licence"><span>example.org</span></a></dd>' in html
    assert "not checked (1)" in html
    assert "outside sources (1)" in html


def test_a_chapter_lists_the_claims_of_its_subjects(claims: Ledger) -> None:
    who = display.claims_on(claims, "who").text.splitlines()
    assert who[0] == "The article’s three claims about this, with their verdicts"
    assert who[1:] == ["supported: Two left.", "contradicted: Three left.", "supported: Half left."]
    # The first of its readings is about how long it took.
    assert display.claims_on(claims, "timeline").text.endswith("They left one by one.")
    assert "no claim" in display.claims_on(claims, "roles").text
    with pytest.raises(UnknownNameError, match="no claim is about 'tenures'; did you mean tenure"):
        display.claims_on(claims, "tenures")


def test_of_many_who_were_counted_it_says_how_many(tmp_path: Path, make_cohort: Maker) -> None:
    def evidence(number: int, of: int, **more: Any) -> str:
        many = [
            {"name": f"Ada {n}", "departed": "2024-05", "organisation": "Acme"}
            for n in range(number)
        ]
        many += [{"name": f"Ben {n}"} for n in range(of - number)]
        claim = {"measure": "departed", "expect": number, "source": "line 999"} | more
        folder = make_cohort(tmp_path / f"{number}-{of}", many, [claim])
        return display.ledger_table(open_cohort(folder)[1]).html

    some = evidence(58, of=60, where={"name": "!= Ada 0"}, expect=57)
    assert some.count('<a href="#person-') == 57
    assert "all 59 who left" in evidence(59, of=60)
    assert "all 60 authors" in evidence(60, of=60)
    many = evidence(61, of=62)
    assert "61 authors" in many
    assert "Ada 0" not in many


def test_a_card_names_those_who_can_be_the_first_with_their_months(
    tmp_path: Path, make_cohort: Maker
) -> None:
    # Dora may have left before Ben; Cleo, a year later, cannot have been the first.
    team = [*TEAM, {"name": "Dora", "departed": "early 2024"}]
    claims = [{"says": "It began in April.", "measure": "first_departure", "expect": "= 2024-04"}]
    _, ledger = open_cohort(make_cohort(tmp_path, team, claims))
    card = display.unsettled_claims(ledger).html

    assert "</a> (January to April 2024)" in card
    assert ">Dora<" in card
    assert ">Cleo<" not in card
    assert ">Ben<" not in card  # Dora had left by April, a month before


def test_the_box_says_what_was_checked() -> None:
    data, _ = open_cohort("llama")
    said = dict(line.split(": ", 1) for line in display.about(data).text.splitlines())
    assert said.pop("Date of this report") == data.language.day(data.report.date)
    assert said.pop("Made with").startswith("analysis-helpers ")
    assert said == {
        "The article": "בריחת מוחות במטא: צוות Llama AI סובל"
        " (“Brain drain at Meta: the Llama AI team suffers”) (Hebrew)",
        "It retells": "a Business Insider piece by Pranav Dixit of 26 May 2025",
        "Date and address": "not known; read in a copy of its text, to which the line numbers"
        " refer",
        "Its list": "14 authors (line\u00a07 and lines\u00a049-\u2060114), as of May 2025; later"
        " moves are not counted",
        "The paper": "LLaMA: Open and Efficient Foundation Language Models, 27 February 2023,"
        " https://arxiv.org/abs/2302.13971",
    }


def test_the_box_invents_nothing(tmp_path: Path, make_cohort: Maker) -> None:
    data, _ = open_cohort(make_cohort(tmp_path, TEAM))
    names = [line.partition(":")[0] for line in display.about(data).text.splitlines()]
    assert names == ["The article", "Date and address", "Its list", "The paper", "Made with"]
