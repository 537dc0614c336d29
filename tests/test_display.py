"""What a table of the ledger says, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_helpers.display import link
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
