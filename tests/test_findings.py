"""What sentences and alternative texts say, held against every world that the ranges allow."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from analysis_helpers import charts, findings
from analysis_helpers.cohort import Cohort
from analysis_helpers.opening import open_cohort

Maker = Callable[..., Path]
LENGTHS = {"2 years, 1 month": (24, 26), "2 years": (18, 30), "25 months": (24, 26),
           "30 months": (29, 31), "33 months": (32, 34), "5 years": (54, 66)}  # fmt: skip
MONTHS = {"2023-03": (38, 38), "2023-04": (39, 39), "early 2023": (36, 39), "2023": (36, 47)}
"""Months since January 2020."""


def teams() -> Iterator[list[tuple[str, str]]]:
    """A month and a length for each who left; every pair, and some larger teams."""
    kinds = list(product(MONTHS, LENGTHS))
    draw = random.Random(9)
    for _ in range(60):
        yield draw.choices(kinds, k=draw.choice([2, 2, 3, 4]))


def firsts(ranges: list[tuple[int, int]]) -> set[int]:
    """Who may be the least, in some world: every one of them in a tie."""
    worlds = product(*(range(low, high + 1) for low, high in ranges))
    return {who for world in worlds for who, value in enumerate(world) if value == min(world)}


def named(text: str, names: list[str]) -> list[str]:
    return sorted((name for name in names if name in text), key=text.index)


@pytest.mark.parametrize("language", ["en", "he"])
def test_nobody_is_called_first_lowest_or_longest_who_may_not_be(
    tmp_path: Path, make_cohort: Maker, language: str
) -> None:
    names = ["Ada", "Ben", "Cleo", "Dora"]
    said = 0
    for number, team in enumerate(teams()):
        people: list[dict[str, Any]] = [
            {"name": name, "organisation": "Acme", "departed": month, "tenure": length}
            for name, (month, length) in zip(names, team, strict=False)
        ]
        folder = make_cohort(tmp_path / str(number), authors=people)
        data, _ledger = open_cohort(folder, language)
        tenures = [LENGTHS[length] for _, length in team]
        shortest, longest = firsts(tenures), firsts([(-high, -low) for low, high in tenures])
        found = named(charts.tenures(data).alt, names)
        if found:
            assert [{names.index(each)} for each in found] == [longest, shortest], team
            said += 1
    assert 5 < said < 55


def test_equal_rows_name_nobody(tmp_path: Path, make_cohort: Maker) -> None:
    people = [
        {"name": name, "organisation": "Acme", "departed": "2023-03", "tenure": "2 years"}
        for name in ("Ada", "Ben", "Cleo")
    ]
    data, _ledger = open_cohort(make_cohort(tmp_path, authors=people))
    for chart in (charts.timeline(data), charts.tenures(data)):
        assert named(chart.alt, ["Ada", "Ben", "Cleo"]) == []


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (["2023-03", "early 2023", "2024-01"], "Two left in 2023 and one in 2024"),
        (["2021", "2023-12", "2023"], "One left in 2021 and two in 2023"),
        (["2023-03", "2023-04"], None),  # all in one year
        (["2022-12..2023-01", "2024-01"], None),  # the first may lie in either year
        (["2018", "2019", "2020", "2021", "2022", "2023"], None),  # too many to be read
    ],
)
def test_how_many_left_in_each_year_is_said_where_it_is_certain(
    months: list[str], said: str | None, tmp_path: Path, make_cohort: Maker
) -> None:
    people = [{"name": f"P{n}", "departed": each} for n, each in enumerate(months)]
    data, _ledger = open_cohort(make_cohort(tmp_path, [*people, {"name": "Stayed"}]))
    assert findings.timeline_by_year_title(data) == said or said is None
    # Where it is not certain, it is how many left at all.
    assert said or findings.timeline_by_year_title(data) == findings.departures_by_title(data)


# --- sentences, worked out by hand: the paper is of February 2023, the table of May 2025

NAMES = ["Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gil", "Hana"]
STAYED = ("", "", "")
Row = tuple[str, str, str]


def gone(month: str = "2023-03", months: str = "60", organisation: str = "Acme") -> Row:
    """Who left in a month, after so many months or so many to so many; nothing is not stated."""
    low, _, high = months.partition("-")
    return month, months and f"{low}..{high or low} months", organisation


def a_team(make_cohort: Maker, folder: Path, rows: list[Row], **options: Any) -> Cohort:
    columns = ("departed", "tenure", "organisation")
    people = [
        {"name": name, **dict(zip(columns, row, strict=True))}
        for name, row in zip(NAMES, rows, strict=False)
    ]
    cohort: Cohort = open_cohort(make_cohort(folder, people, **options))[0]
    return cohort


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([STAYED], "The only author had not left Initech by May 2025. Ada was still there."),
        ([gone()], "The only author had left Initech by May 2025."),
        ([STAYED] * 2, "Neither of the two authors had left Initech by May 2025."
         " Ada and Ben were still there."),
        ([gone(), STAYED], "One of the two authors had left Initech by May 2025."
         " Ben was still there."),
        ([gone()] * 2, "Both authors had left Initech by May 2025."),
        ([STAYED] * 6, "None of the six authors had left Initech by May 2025."
         " Ada, Ben, Cleo, Dan, Eva and Finn were still there."),
        ([gone(), gone(), STAYED], "Two of the three authors had left Initech by May 2025."
         " Cleo was still there."),
        ([gone()] * 3, "All three authors had left Initech by May 2025."),
        ([gone(), *[STAYED] * 7], "One of the eight authors had left Initech by May 2025."
         " Seven authors were still there."),
    ],
)  # fmt: skip
def test_how_many_left_and_who_stayed(
    tmp_path: Path, make_cohort: Maker, rows: list[Row], said: str
) -> None:
    assert findings.departures(a_team(make_cohort, tmp_path, rows)) == said


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (["yes", "yes", "no"], "One of the two authors who are counted had left Initech by May"
         " 2025. Ben was still there. Cleo is listed and not counted."),
        (["yes", "no", "no"], "The only author who is counted had left Initech by May 2025."
         " Ben and Cleo are listed and not counted."),
    ],
)  # fmt: skip
def test_who_is_not_counted_is_left_out_of_the_number_and_named(
    tmp_path: Path, make_cohort: Maker, counted: list[str], said: str
) -> None:
    people = [{"name": name, "counted": each} for name, each in zip(NAMES, counted, strict=False)]
    people[0]["departed"] = "2023-03"
    assert findings.departures(open_cohort(make_cohort(tmp_path, people))[0]) == said


@pytest.mark.parametrize(
    ("months", "said"),
    [
        # Two of four by March 2023.
        (["2023-03", "2023-03", "2024-01", ""],
         "Three of the four authors had left Initech by May 2025, two of them by March 2023"),
        # All of those who left; in no one month for certain; of a team of three.
        (["2023-03", "2023-03", "", ""], "Two of the four authors had left Initech by May 2025"),
        (["early 2023", "2023", "2024-01", ""],
         "Three of the four authors had left Initech by May 2025"),
        (["2023-03", "", "", ""], "One of the four authors had left Initech by May 2025"),
        (["2023-03", "2023-03", "2024-01"], "All three authors had left Initech by May 2025"),
    ],
)  # fmt: skip
def test_by_when_half_had_left_is_said_where_more_left_later(
    tmp_path: Path, make_cohort: Maker, months: list[str], said: str
) -> None:
    rows = [gone(month) if month else STAYED for month in months]
    assert findings.departures_by_title(a_team(make_cohort, tmp_path, rows)) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([STAYED], "Nobody has left, so there is no departure or tenure to read."),
        ([gone(months="24-26")], "Every departure and every tenure is stated to the month."),
        ([gone(months="24-27")], "The tenure of Ada is given only roughly."),
        ([gone(months="24-27")] * 2, "The tenures of Ada and Ben are given only roughly."),
        ([gone(months="")], "Ada’s time at Initech is not stated."),
        ([gone(months="")] * 2, "How long Ada and Ben had been at Initech is not stated."),
        ([gone("early 2023")], "The departure of Ada is dated only loosely."),
        ([gone("before June 2023"), gone()], "The departure of Ada is dated only loosely."),
        ([gone("early 2023"), gone("autumn 2023"), gone("spring 2024")],
         "The departures of Ada, Ben and Cleo are dated only loosely. A season is read as the four"
         " months that it can reach into: “autumn 2023” as September to December 2023."),
        ([gone("unknown"), gone()],
         "The departure of Ada is not dated; it can lie in any month up to May 2025."),
        ([gone("unknown")] * 2,
         "The departures of Ada and Ben are not dated; each can lie in any month up to May 2025."),
        ([gone("unknown")] * 7, "The departures of seven authors are not dated; each can lie in any"
         " month up to May 2025."),
    ],
)  # fmt: skip
def test_what_is_stated_loosely_and_by_whom(
    tmp_path: Path, make_cohort: Maker, rows: list[Row], said: str
) -> None:
    assert findings.looseness(a_team(make_cohort, tmp_path, rows)) == said


def test_from_when_months_are_counted(tmp_path: Path, make_cohort: Maker) -> None:
    said = "Months are counted from the paper (27 February 2023)."
    assert findings.dates(a_team(make_cohort, tmp_path / "none", [STAYED])) == said
    events = [("2023-02-24", "First", "the journal")]
    assert findings.dates(a_team(make_cohort, tmp_path / "one", [STAYED], events=events)) == (
        f"{said} The events below come from outside the article; the charts mark some of them."
    )


OF_TWO = " The article states the tenure of one of the two who left."
OF_THREE = " The article states the tenure of two of the three who left."


@pytest.mark.parametrize(
    ("rows", "mean", "total"),
    [
        ([STAYED], "Nobody has left, so there is no tenure to measure.",
         "Nobody has left, so there is no tenure to measure."),
        ([gone(months="")], "The article states no tenure.", "The article states no tenure."),
        ([gone()], "The one who left had been at Initech for 5.0 years. The median is 5.0 years.",
         "The one who left had spent 5.0 years at Initech."),
        ([gone(), gone(months="")], "The one whose tenure is stated had been at Initech for 5.0"
         " years. The median is 5.0 years." + OF_TWO,
         "The one whose tenure is stated had spent 5.0 years at Initech." + OF_TWO),
        # 48, 48 and 96 months: the mean is 64, and they are 192 together.
        ([gone(months="48"), gone(months="48"), gone(months="96")],
         "Those who left had been at Initech for 5.3 years on average. The median is 4.0 years.",
         "Together those who left had spent 16.0 years at Initech."),
        ([gone(months="48"), gone(months="96"), gone(months="")],
         "Those whose tenure is stated had been at Initech for 6.0 years on average. The median is"
         " 6.0 years." + OF_THREE,
         "Together those whose tenure is stated had spent 12.0 years at Initech." + OF_THREE),
    ],
)  # fmt: skip
def test_the_tenures_on_average_and_together(
    tmp_path: Path, make_cohort: Maker, rows: list[Row], mean: str, total: str
) -> None:
    cohort = a_team(make_cohort, tmp_path, rows)
    assert (findings.tenure(cohort), findings.experience_lost(cohort)) == (mean, total)


@pytest.mark.parametrize(
    ("months", "threshold", "said"),
    [
        # A mean of 70 and a median of 60, which is not more than 60.
        (
            ["60", "60", "90"],
            60,
            "The median is less clear: 5.0 years, so perhaps no more than five years.",
        ),
        (["60", "60", "90"], None, "The median is 5.0 years."),
        (["61", "61", "90"], 60, "The median is 5.1 years."),
        # A mean of 50: what it does not exceed is not held against the median.
        (["40", "50", "60"], 60, "The median is 4.2 years."),
    ],
)
def test_the_median_is_held_against_what_the_mean_exceeds(
    months: list[str],
    threshold: float | None,
    said: str,
    tmp_path: Path,
    make_cohort: Maker,
) -> None:
    cohort = a_team(make_cohort, tmp_path, [gone(months=each) for each in months])
    assert findings.tenure(cohort, threshold).endswith(f"on average. {said}")


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (["60", "61"], "One of the two who left had been at Initech for longer than five years."),
        (["60"] * 3, "None of the three who left had been at Initech for longer than five years."),
        (["70"], "The one who left had been at Initech for longer than five years."),
        (["50-70"], "The one who left may have been at Initech for longer than five years."),
        (["60"], "The one who left had not been at Initech for longer than five years."),
        (["50-70", "70"], "One or two of the two who left had been at Initech for longer than five"
         " years. For Ada it depends on how that time was rounded."),
        (["", "70"], "One or two of the two who left had been at Initech for longer than five"
         " years. Ada’s time at Initech is not stated."),
        (["", "", "50-70"], "None to three of the three who left had been at Initech for longer"
         " than five years. For Cleo it depends on how that time was rounded. How long Ada and Ben"
         " had been at Initech is not stated."),
        (["60", "60", "90"], "One of the three who left had been at Initech for longer than five"
         " years."),
        ([""], "The article states no tenure."),
        ([], "Nobody has left, so there is no tenure to measure."),
    ],
)  # fmt: skip
def test_how_many_stayed_longer_than_five_years(
    tmp_path: Path, make_cohort: Maker, months: list[str], said: str
) -> None:
    rows = [gone(months=each) for each in months] or [STAYED]
    assert findings.longer_than(a_team(make_cohort, tmp_path, rows), 60) == said


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ([], "Nobody has left, so there is no tenure to measure."),
        (["60"], "There is no other tenure to average."),
        # 61.5 months without Cleo, 66 without Ada; of any one the mean is above 60.
        (["61", "62", "70"], "The mean stays above five years whoever is left out. It then lies"
         " between 5.1 and 5.5 years. No number of the longest-serving can be left out to bring it"
         " down to that."),
        (["60"] * 3, "The mean stays at five years or below whoever is left out. It then lies"
         " between 5.0 and 5.0 years."),
        # 65 without Ada, 60 without Ben, 55 without Cleo, and 60 of all three.
        (["50", "60", "70"], "The mean may rise above five years if Ada is left out. With each one"
         " left out in turn it lies between 4.6 and 5.4 years."),
        (["50-70", "50-70"], "The mean may be five years or less whoever is left out. It then lies"
         " between 4.2 and 5.8 years."),
        # 60 without Cleo, 72 without another.
        (["60", "60", "84"], "The mean may fall to five years if Cleo is left out. With each one"
         " left out in turn it lies between 5.0 and 6.0 years."
          " Without the longest-serving it is no more than five years."),
        # 58 to 62 without Cleo, and 50 without Ben as well.
        (["50", "66-74", "90"], "The mean may fall to five years if Cleo is left out. With each one"
         " left out in turn it lies between 4.8 and 6.8 years."
         " Without the longest-serving it may be no more than five years, without the two"
         " longest-serving it certainly is."),
        # 60 without Cleo if Ada's are 50; if they are 70, nobody's are below 70.
        (["50-70", "70", "90"], "The mean may fall to five years if Cleo is left out. With each one"
         " left out in turn it lies between 5.0 and 6.7 years. At least one of the longest-serving"
         " would have to be left out."),
        # 180, 179 and 238 months without one of the longest, over three, three and four.
        (["55", "55", "70", "70"], "The mean may fall to five years if either Cleo or Dan is left"
         " out. With each one left out in turn it lies between 5.0 and 5.4 years."
          " Without the longest-serving it is no more than five years."),
        (["49", "65", "65", "65"], "The mean may fall to five years if Ben, Cleo or Dan is left"
         " out. With each one left out in turn it lies between 5.0 and 5.4 years."
          " Without the longest-serving it is no more than five years."),
        (["40", *["66"] * 4], "The mean may fall to five years if one of four authors is left out."
         " With each one left out in turn it lies between 5.0 and 5.5 years."
          " Without the longest-serving it is no more than five years."),
    ],
)  # fmt: skip
def test_what_becomes_of_the_mean_without_any_one(
    tmp_path: Path, make_cohort: Maker, months: list[str], said: str
) -> None:
    rows = [gone(months=each) for each in months] or [STAYED]
    assert findings.leave_one_out(a_team(make_cohort, tmp_path, rows), 60) == said


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ([], "Nobody has left Initech."),
        (["2023-03"], "The only departure was in March 2023."),
        (["early 2023"], "The only departure was between January and April 2023."),
        (["2023-03"] * 2, "Both departures were in March 2023."),
        (["2023-03"] * 3, "All departures were in March 2023."),
        (["2023-03", "2024-05"], "The departures run from March 2023 to May 2024."),
        (["2023-03", "early 2024"],
         "The first departure was in March 2023, the last between January and April 2024."),
        (["2023-01..2023-02", "2024-05"],
         "The departures run from January or February 2023 to May 2024. Only Ada could have"
         " left as early as January 2023; that date is given only roughly."),
        (["2023-01..2023-03", "2023-01..2023-03", "2024-05"],
         "The first departure was between January and March 2023, the last in May 2024. Only Ada"
         " and Ben could have left as early as January 2023; those"
         " dates are given only roughly."),
        (["early 2023", "2023-02..2023-05", "2024-05"],
         "The first departure was between January and April 2023, the last in May 2024. Only Ada"
         " could have left as early as January 2023; that date is"
         " given only roughly."),
        (["early 2023", "unknown", "2023-03"], "The first departure was in March 2023 or earlier,"
         " the last between March 2023 and May 2025. Only Ada and Ben could have left before March"
         " 2023."),
        # Nobody knows which of the two was the first.
        (["early 2023", "2023"], "The first departure was between January and April 2023, the last"
         " between January and December 2023."),
        (["before 2023-06", "2023-03"], "The first departure was in March 2023 or earlier, the last"
         " between March and May 2023. Only Ada could have left before March 2023."),
        (["unknown", "2023-03", "2023-03"], "The first departure was in March 2023 or earlier, the"
         " last between March 2023 and May 2025. Only Ada, whose date the article does not give,"
         " could have left before March 2023."),
        (["unknown", "unknown", "2023-03"], "The first departure was in March 2023 or earlier, the"
         " last between March 2023 and May 2025. Only Ada and Ben, whose dates the article does not"
         " give, could have left before March 2023."),
    ],
)  # fmt: skip
def test_when_the_first_and_the_last_left(
    tmp_path: Path, make_cohort: Maker, months: list[str], said: str
) -> None:
    rows = [gone(each) for each in months] or [STAYED]
    assert findings.timeline(a_team(make_cohort, tmp_path, rows)) == said


POINT = "The point at which half of the authors had left came between"


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ([""], "The only author had not left Initech by May 2025."),
        (["2023-03"], "The only author left in March 2023, one month after the paper."),
        (["2023-03", ""], "Half of the authors had left by March 2023, one month after the paper."),
        (["2023-03", "", ""], "By May 2025, less than half of the authors had left."),
        (["2023-03", "2023-04", ""],
         "More than half of the authors had left by April 2023, two months after the paper."),
        (["2023-04"] * 2, "All the authors had left by April 2023, two months after the paper."),
        (["2023-02", ""], "Half of the authors had left by February 2023, the month of the paper."),
        (["2023-01", ""], "Half of the authors had left by January 2023, before the paper."),
        (["early 2024", ""],
         f"{POINT} January and April 2024, 11 to 14 months after the paper."),
        (["2023-02..2023-05", ""],
         f"{POINT} February and May 2023, 0 to 3 months after the paper."),
        (["early 2023", ""], f"{POINT} January and April 2023."),
        (["2022-10..2023-02", ""], f"{POINT} October 2022 and February 2023."),
        (["2022-10..2023-01", ""], f"{POINT} October 2022 and January 2023, before the paper."),
    ],
)  # fmt: skip
def test_by_when_half_of_the_team_had_left(
    tmp_path: Path, make_cohort: Maker, months: list[str], said: str
) -> None:
    rows = [gone(each) if each else STAYED for each in months]
    assert findings.half_gone(a_team(make_cohort, tmp_path, rows)) == said


ONE, TWO = (f" Between them they had {n}." for n in ("one employer", "two employers"))


@pytest.mark.parametrize(
    ("employers", "said"),
    [
        ([], "Nobody has left Initech."),
        ([""], "The article names no employer of those who left."),
        (["Acme"], "The one who left was at Acme in May 2025."),
        (["Acme", "Birch"],
         "No two of those who left were at the same organisation." + TWO),
        (["Acme", ""], "The one whose employer is named was at Acme in May 2025."
         + " For one of the two none is named."),
        (["Acme", "Birch", ""],
         "No two of those whose employer is named were at the same organisation." + TWO
         + " For one of the three none is named."),
        (["Acme", "Acme", "Birch"],
         "Two of the three who left were at Acme in May 2025." + TWO),
        # Most of them at one, and the others at one each.
        (["Acme", "Acme", "Birch", "Cork"], "Two of the four who left were at Acme in May 2025. The"
         " other two each had a different employer."),
        (["Acme", "Acme"], "Both who left were at Acme in May 2025." + ONE),
        (["Acme"] * 3, "All three who left were at Acme in May 2025." + ONE),
        (["Acme", "Birch"] * 2 + [""], "Acme and Birch had two each of the five who left." + TWO
         + " For one of the five none is named."),
        (["Acme", "Birch", "Cork"] * 2, "Acme, Birch and Cork had two each of the six who left."
         " Between them they had three employers."),
        (["Acme", "Birch", "Cork", "Dust"] * 2, "Four organisations had two each of the eight who"
         " left. Between them they had four employers."),
    ],
)  # fmt: skip
def test_where_those_who_left_are(
    tmp_path: Path, make_cohort: Maker, employers: list[str], said: str
) -> None:
    rows = [gone(organisation=each) for each in employers] or [STAYED]
    assert findings.destinations(a_team(make_cohort, tmp_path, rows)) == said


def test_a_finding_is_a_paragraph_in_a_notebook(tmp_path: Path, make_cohort: Maker) -> None:
    cohort = a_team(make_cohort, tmp_path, [gone()], company="Salt & Co")
    assert '<p class="finding">The only author had left Salt &amp; Co by May 2025.</p>' in (
        findings.departures(cohort)._repr_html_()
    )
    assert findings.longer_than(cohort, None)._repr_html_() == ""
    hebrew, _ledger = open_cohort(cohort.folder, "he")
    assert 'lang="he" dir="rtl"' in findings.departures(hebrew)._repr_html_()
