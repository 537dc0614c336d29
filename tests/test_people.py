"""Teams that are not the authors of a paper, counted from another day than a publication."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_helpers import findings, report
from analysis_helpers.errors import InputError
from analysis_helpers.opening import open_cohort
from analysis_helpers.summary import standfirst

Maker = Callable[..., Path]
DESK = [
    {"name": "Ada Abel", "role_now": "Editor", "organisation": "The Herald", "departed": "2023-03",
     "tenure": "4 years, 2 months"},
    {"name": "Ben Brandt", "organisation": "The Herald", "departed": "early 2024"},
    {"name": "Cleo Costa"},
    {"name": "Dan Dahl", "organisation": "Radio One", "departed": "2024-05", "tenure": "3 years"},
]  # fmt: skip
CLAIMS = [
    {"says": "Three have gone.", "says_he": "שלושה עזבו.", "measure": "departed", "expect": "= 3"},
    {"says": "Half went soon.", "says_he": "מחציתם עזבו מהר.", "measure": "half_gone",
     "expect": "<= 1 year"},
]  # fmt: skip
HEAD = """
title = "The news desk of the Gazette"
title_he = "דסק החדשות של הגזט"
company = "the Gazette"
company_he = "הגזט"
people = "{people}"

[start]
label = "the relaunch"
label_he = "ההשקה מחדש"
date = 2023-01-15

[article]
language = "en"
as_of = "2025-05"
"""


def desk(parent: Path, make_cohort: Maker, people: str = "editors") -> Path:
    folder = make_cohort(parent, DESK, CLAIMS, name="desk")
    (folder / "cohort.toml").write_text(HEAD.format(people=people), encoding="utf-8")
    return folder


def test_a_team_is_called_what_it_is_and_counted_from_its_own_start(
    tmp_path: Path, make_cohort: Maker
) -> None:
    data, ledger = open_cohort(desk(tmp_path, make_cohort))

    assert findings.departures_title(data) == "Three of the four editors have left the Gazette"
    # The second left between January and April 2024, 12 to 15 months after January 2023.
    assert ledger[1].low == 12
    assert ledger[1].high == 15
    assert findings.half_gone(data).endswith("12 to 15 months after the relaunch.")
    assert "the Gazette and" not in standfirst(data, ledger)


@pytest.mark.parametrize(
    ("people", "one", "title"),
    [
        ("founders", "founder", "שלושה מארבעת המייסדים עזבו את הגזט"),
        ("employees", "employee", "שלושה מארבעת העובדים עזבו את הגזט"),
        ("editors", "editor", "שלושה מארבעת העורכים עזבו את הגזט"),
    ],
)
def test_every_kind_of_people_has_its_words(
    people: str, one: str, title: str, tmp_path: Path, make_cohort: Maker
) -> None:
    folder = desk(tmp_path, make_cohort, people)
    assert findings.departures_title(open_cohort(folder, "he")[0]) == title
    assert open_cohort(folder)[0].person == one


def test_a_report_on_editors_speaks_of_no_author_and_no_paper(
    tmp_path: Path, make_cohort: Maker
) -> None:
    notebooks = Path(__file__).parents[1] / "notebooks"
    out = tmp_path / "report"
    report.build(desk(tmp_path, make_cohort), out, notebooks=notebooks, languages=["en", "he"])
    pages = sorted(out.rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for hidden in (r"<(script|style)\b.*?</\1>", '<details class="work">.*?</details>'):
            text = re.sub(hidden, "", text, flags=re.DOTALL)
        labels = " ".join(re.findall(r'(?:aria-label|content)="([^"]*)"', text))
        read = html.unescape(re.sub("<[^>]*>", " ", text) + labels)
        found = re.findall(r".{0,40}(?:\bauthors?\b|\bpapers?\b|מחבר|מאמר).{0,20}", read)
        assert found == [], page


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"editors"', '"editor"', 'people: cannot take "editor"; did you mean editors?'),
        ('people = "editors"\n', "", "start: is for other people than authors"),
        ("[start]", "[paper]\ntitle='P'\npublished=2023-01-15\nsource='x'\n[start]",
         "start: stands beside [paper]"),
        ("2023-01-15", "2026-01-15", "start.date: 2026-01-15 is later than article.as_of"),
        ('label = "the relaunch"', "", "start.label: is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_start_is_said(
    old: str, new: str, message: str, tmp_path: Path, make_cohort: Maker
) -> None:
    folder = desk(tmp_path, make_cohort)
    head = folder / "cohort.toml"
    head.write_text(head.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_cohort(folder)
    assert message in str(caught.value)
