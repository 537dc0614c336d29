"""What is measured of a cohort, by hand and by other people's code."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_time

from analysis_helpers import measures
from analysis_helpers.cohort import Cohort, load_cohort
from analysis_helpers.errors import WrongTypeError
from analysis_helpers.measures import Condition, Names, Texts, narrow
from analysis_helpers.ranges import Range

PROJECT = Path(__file__).parents[1]
Maker = Callable[..., Path]


def month(text: str) -> int:
    """By an independent route: the ordinal that pandas gives to a month."""
    return int(pd.Period(text, "M").ordinal)


@pytest.fixture(scope="module")
def llama() -> Cohort:
    return load_cohort(PROJECT / "data" / "llama")


@pytest.fixture
def team(tmp_path: Path, make_cohort: Maker) -> Callable[..., pd.DataFrame]:
    """The clean table of some authors, each a tuple of departure, tenure and organisation."""

    def load(*rows: tuple[str, ...]) -> pd.DataFrame:
        columns = ("departed", "tenure", "organisation")
        authors = [
            {"name": f"P{number}"} | dict(zip(columns, row, strict=False))
            for number, row in enumerate(rows)
        ]
        return load_cohort(make_cohort(tmp_path, authors)).authors

    return load


# --- the authors of the LLaMA paper

# Months at the company, least and greatest, in the order of the closing list: six years and seven
# months is 79, one less to one more; seven years is 84, six less to six more.
LOWS = [78, 60, 30, 38, 100, 54, 52, 103, 37, 85, 78]
HIGHS = [80, 62, 32, 40, 102, 66, 54, 105, 39, 87, 90]


def test_fourteen_are_credited_eleven_have_left_and_three_remain(llama: Cohort) -> None:
    assert measures.credited(llama.authors) == Range(14, 14, 1)
    assert measures.departed(llama.authors) == Range(11, 11, 1)
    assert measures.remaining(llama.authors) == Range(3, 3, 1)
    share = measures.share_departed(llama.authors)
    assert share.is_exact
    assert share.low == pytest.approx(78.571428)


def test_the_mean_tenure_runs_from_the_mean_of_the_lows_to_that_of_the_highs(
    llama: Cohort,
) -> None:
    assert (sum(LOWS), sum(HIGHS)) == (715, 757)
    mean = measures.mean_tenure(llama.authors)
    assert mean.low == 65.0  # 715 / 11
    assert mean.high == pytest.approx(68.818181)  # 757 / 11
    assert measures.total_tenure(llama.authors) == Range(715, 757, 1)


def test_the_median_tenure_is_the_sixth_of_eleven(llama: Cohort) -> None:
    assert measures.median_tenure(llama.authors) == Range(60, 66, 1)
    assert (sorted(LOWS)[5], sorted(HIGHS)[5]) == (60, 66)


def test_the_shortest_and_the_longest_tenure_are_those_of_rodriguez_and_joulin(
    llama: Cohort,
) -> None:
    assert measures.shortest_tenure(llama.authors) == Range(30, 32, 1)
    assert measures.longest_tenure(llama.authors) == Range(103, 105, 1)


def test_five_to_seven_of_the_eleven_stayed_longer_than_five_years(llama: Cohort) -> None:
    longer = narrow(llama.authors, {"tenure": Condition(">", 60)})
    assert measures.departed(measures.left(longer)) == Range(5, 7, 1)
    certain = longer[longer["certain"]]["name"].tolist()
    assert certain == [
        "Timothée Lacroix",
        "Naman Goyal",
        "Armand Joulin",
        "Edouard Grave",
        "Guillaume Lample",
    ]


def test_the_mean_with_each_one_left_out_in_turn(llama: Cohort) -> None:
    means = measures.leave_one_out(llama.authors)
    assert len(means) == 11
    # Without Joulin (103 to 105) it is lowest, without Rodriguez (30 to 32) highest.
    assert means.iloc[0].tolist() == ["Armand Joulin", 61.2, 65.2]
    assert means.iloc[-1].tolist() == ["Aurélien Rodriguez", 68.5, 72.5]
    assert means["mean_low"].is_monotonic_increasing


def test_two_or_three_of_the_longest_serving_must_go_before_five_years_fall(
    llama: Cohort,
) -> None:
    # Of the lows, the nine least make 512 (56.9 each) and the ten least 612 (61.2 each);
    # of the highs, the eight least make 460 (57.5 each) and the nine least 550 (61.1 each).
    assert sum(sorted(LOWS)[:9]) == 512
    assert sum(sorted(HIGHS)[:8]) == 460
    assert measures.drops_until(llama.authors, 60) == Range(2, 3, 1)


def test_the_departures_run_from_early_2023_to_february_2025(llama: Cohort) -> None:
    first = measures.first_departure(llama.authors)
    assert first == Range(month("2023-01"), month("2023-02"), 1)
    last = measures.last_departure(llama.authors)
    assert last == Range(month("2025-02"), month("2025-02"), 1)


def test_half_of_the_authors_had_left_four_months_after_the_paper(llama: Cohort) -> None:
    # Grave in February, Lample by April, Izacard in March, Joulin in May, then three in June: 7.
    half = measures.half_gone(llama.authors, llama.start.month, llama.article.as_of)
    assert half == Range(4, 4, 1)


def test_five_of_the_eleven_are_at_mistral_and_the_rest_one_by_one(llama: Cohort) -> None:
    ranking = measures.destination_counts(llama.authors)
    assert ranking["organisation"].tolist() == [
        "Mistral",
        "Anthropic",
        "Cohere",
        "Google DeepMind",
        "Kyutai",
        "Microsoft AI",
        "Thinking Machines Lab",
    ]
    assert ranking["authors"].tolist() == [5, 1, 1, 1, 1, 1, 1]
    assert measures.destinations(llama.authors) == Range(7, 7, 1)
    assert measures.top_destination(llama.authors) == Texts(("Mistral",))


# --- the retention curve, by lifelines


def kaplan_meier(authors: pd.DataFrame, as_of: int, end: str, start: int) -> KaplanMeierFitter:
    """The curve over months since `start`; who stayed is censored at the end of `as_of`."""
    left = authors["status"] == "left"
    months = [
        period.ordinal if is_left else as_of
        for period, is_left in zip(authors[f"departed_{end}"], left, strict=True)
    ]
    return KaplanMeierFitter().fit([m - start for m in months], left)


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_headcount_of_every_month_is_kaplan_and_meiers_curve(llama: Cohort, end: str) -> None:
    start, as_of = month("2022-12"), llama.article.as_of
    curve = kaplan_meier(llama.authors, as_of, end, start)
    months = measures.headcount(llama.authors, start, as_of)
    expected = curve.survival_function_at_times(range(as_of - start + 1)) * 14
    assert months[f"remaining_{end}"].tolist() == pytest.approx(expected.tolist())
    assert months["month"].iloc[[0, -1]].astype(str).tolist() == ["2022-12", "2025-05"]


@pytest.mark.parametrize("end", ["low", "high"])
def test_half_gone_is_kaplan_and_meiers_median(llama: Cohort, end: str) -> None:
    curve = kaplan_meier(llama.authors, llama.article.as_of, end, month("2022-12"))
    # Exactly half of the fourteen: the curve's products of floats are rounded to what they mean.
    median = qth_survival_time(0.5, curve.survival_function_["KM_estimate"].round(9))
    half = measures.half_gone(llama.authors, llama.start.month, llama.article.as_of)
    assert median - 2 == getattr(half, end)  # December 2022 is two months before the paper


@pytest.mark.parametrize("seed", range(12))
def test_curve_and_median_hold_for_any_cohort(seed: int, team: Callable[..., pd.DataFrame]) -> None:
    draw = random.Random(seed)
    rows = [
        (f"{draw.choice([2023, 2024])}-{draw.randint(1, 12):02}",) if draw.random() < 0.7 else ()
        for _ in range(draw.choice([1, 3, 5, 9, 15]))  # odd: never half of them exactly
    ]
    authors, as_of, start = team(*rows), month("2025-05"), month("2022-12")
    curve = kaplan_meier(authors, as_of, "low", start)
    months = measures.headcount(authors, start, as_of)
    expected = curve.survival_function_at_times(range(as_of - start + 1)) * len(rows)
    assert months["remaining_low"].tolist() == pytest.approx(expected.tolist())
    half = measures.half_gone(authors, start, as_of)
    if math.isinf(curve.median_survival_time_):
        assert half == Range(as_of + 1 - start, math.inf, 1)
    else:
        assert half == Range(curve.median_survival_time_, curve.median_survival_time_, 1)


def test_a_loosely_dated_departure_makes_the_headcount_a_range(
    team: Callable[..., pd.DataFrame],
) -> None:
    months = measures.headcount(
        team(("early 2023",), ("2023-03",), ("unknown",), ()), month("2022-12"), month("2023-05")
    )
    # The unknown one may be gone long before, or not until the table's last month in 2025.
    assert months["remaining_low"].tolist() == [3, 2, 2, 1, 1, 1]
    assert months["remaining_high"].tolist() == [4, 4, 4, 3, 2, 2]


# --- who stayed is censored


def half_gone(authors: pd.DataFrame) -> Range | None:
    return measures.half_gone(authors, month("2023-02"), month("2025-05"))


def test_where_fewer_than_half_have_left_half_is_gone_at_no_known_time(
    team: Callable[..., pd.DataFrame],
) -> None:
    # One of three; the next may leave in June 2025 at the earliest, 28 months after the paper.
    assert half_gone(team(("2023-03",), (), ())) == Range(28, math.inf, 1)


def test_exactly_half_is_half(team: Callable[..., pd.DataFrame]) -> None:
    assert half_gone(team(("2023-03",), ("2023-09",), (), ())) == Range(7, 7, 1)


def test_half_may_be_gone_before_the_paper(team: Callable[..., pd.DataFrame]) -> None:
    assert half_gone(team(("2022-12",), ())) == Range(-2, -2, 1)


def test_half_may_be_gone_in_an_unknown_month(team: Callable[..., pd.DataFrame]) -> None:
    assert half_gone(team(("unknown",), ())) == Range(-math.inf, 27, 1)


# --- nobody, and nothing stated


def test_of_nobody_there_are_counts_and_nothing_else(team: Callable[..., pd.DataFrame]) -> None:
    nobody = narrow(team(()), {"name": Condition("=", frozenset(["Nobody"]))})
    values = {name: measures.measure(name, nobody, 0, 0).value for name in measures.MEASURES}
    none = Range(0, 0, 1)
    assert values == {
        **dict.fromkeys(measures.MEASURES),
        "credited": none,
        "departed": none,
        "remaining": none,
        "destinations": none,
        "roles_then": none,
        "roles_now": none,
        "names": Names((), ()),
    }
    assert measures.total_tenure(nobody) is None
    assert measures.drops_until(nobody, 60) is None
    assert measures.leave_one_out(nobody).empty


def test_the_jackknife_of_two_is_the_other_one(team: Callable[..., pd.DataFrame]) -> None:
    means = measures.leave_one_out(
        team(("2023-01", "7 months"), ("2023-02", "3 months"), ("2023-03", ""))
    )
    assert means.to_dict("list") == {
        "name": ["P0", "P1"],
        "mean_low": [2, 6],
        "mean_high": [4, 8],
    }


def test_the_jackknife_of_one_has_its_columns_and_no_rows(
    team: Callable[..., pd.DataFrame],
) -> None:
    means = measures.leave_one_out(team(("2023-01", "7 months")))
    assert list(means) == ["name", "mean_low", "mean_high"]
    assert means.empty


def test_equal_means_keep_the_order_of_the_table(team: Callable[..., pd.DataFrame]) -> None:
    rows = [("2023-01", f"{months} months") for months in (5, 9, 5, 9) * 12]
    means = measures.leave_one_out(team(*rows))
    assert means["name"].tolist() == [
        *(f"P{number}" for number in range(1, 48, 2)),
        *(f"P{number}" for number in range(0, 48, 2)),
    ]
    assert means.index.tolist() == list(range(48))


def test_ends_are_plain_floats(team: Callable[..., pd.DataFrame]) -> None:
    rows = team(("2023", "7 months"), ("", ""), ("unknown", ""))
    departed, tenure = measures.departure_ends(rows), measures.ends_of(rows, "tenure")
    for ends in (*departed, *tenure):
        assert ends.dtype == float
    assert departed[0].tolist()[::2] == [month("2023-01"), -math.inf]
    assert departed[1].tolist()[::2] == [month("2023-12"), month("2025-05")]
    assert math.isnan(departed[0][1])
    assert math.isnan(departed[1][1])
    assert (tenure[0][0], tenure[1][0]) == (6, 8)
    assert math.isnan(tenure[0][1])


def test_a_share_of_equal_parts_is_half(team: Callable[..., pd.DataFrame]) -> None:
    rows = team(("2023-01",), ("",))
    share = measures.share_departed(rows)
    assert (share.low, share.high) == (50, 50)


def test_of_rows_that_may_belong_one_alone_may(team: Callable[..., pd.DataFrame]) -> None:
    rows = narrow(
        team(("2023", "2 months"), ("2023", "8 months"), ("2023", "5 months")),
        {"departed": Condition("<", month("2023-06"))},
    )
    mean = measures.mean_tenure(rows)
    assert (mean.low, mean.high) == (1, 9)


def test_destinations_are_ranked_and_numbered(team: Callable[..., pd.DataFrame]) -> None:
    counts = measures.destination_counts(
        team(("2023", "", "B"), ("2023", "", "A"), ("2023", "", "C"), ("2023", "", "C"), ("",))
    )
    assert counts["organisation"].tolist() == ["C", "A", "B"]
    assert counts["authors"].tolist() == [2, 1, 1]
    assert counts.index.tolist() == [0, 1, 2]


def test_a_month_is_needed_of_those_who_left(team: Callable[..., pd.DataFrame]) -> None:
    rows = team(("2023-01",), ("",), ("2023-02",))
    assert measures.measure("first_departure", rows, 0, 700).needed == 2
    assert measures.measure("departed", rows, 0, 700).needed == 3


def test_half_gone_is_a_whole_number_of_months(team: Callable[..., pd.DataFrame]) -> None:
    rows = team(("2023-01",), ("2023-02",))
    published = month("2022-12")
    assert measures.half_gone(rows, published, month("2025-05")) == Range(1, 1, 1)


@pytest.mark.parametrize(
    ("value", "ends", "certain"),
    [
        (6, (7, 8), False),  # the lower end is cut off
        (8, (6, 7), False),  # and so is the upper
        (7, (6, 8), False),  # a hole in the middle cannot be drawn
        (9, (6, 8), True),
        (5, (6, 8), True),
    ],
)
def test_not_equal_cuts_an_end(
    value: int, ends: tuple[int, int], certain: bool, team: Callable[..., pd.DataFrame]
) -> None:
    rows = narrow(team(("2023-01", "7 months")), {"tenure": Condition("!=", value)})
    assert (rows["tenure_low"].item(), rows["tenure_high"].item()) == ends
    assert rows["certain"].item() is certain


def test_one_tenure_leaves_no_other_to_average(team: Callable[..., pd.DataFrame]) -> None:
    assert measures.leave_one_out(team(("2023-03", "2 years, 1 month"), ())).empty


def test_no_number_of_leavers_brings_down_a_mean_of_equals(
    team: Callable[..., pd.DataFrame],
) -> None:
    two = team(("2023-03", "2 years, 1 month"), ("2023-03", "2 years, 1 month"))
    assert measures.drops_until(two, 12) == Range(math.inf, math.inf, 1)
    assert measures.drops_until(two, 26) == Range(0, 0, 1)


def test_a_measure_says_of_how_many_rows_it_knows_what_it_needs(
    team: Callable[..., pd.DataFrame],
) -> None:
    rows = team(("2023-03", "2 years, 1 month"), ("2023-04", "", "Acme"), ("2023-05",), ())
    mean = measures.measure("mean_tenure", rows, 0, 0)
    assert (mean.value, mean.stated, mean.needed) == (Range(24, 26, 1), 1, 3)
    top = measures.measure("top_destination", rows, 0, 0)
    assert (top.value, top.stated, top.needed) == (Texts(("Acme",)), 1, 3)
    count = measures.measure("credited", rows, 0, 0)
    assert (count.stated, count.needed) == (4, 4)


def test_an_average_has_only_the_fractions_that_it_can_have(
    team: Callable[..., pd.DataFrame],
) -> None:
    # 24 to 26, 36 to 38 and 48 to 50 months: 36, 36 1/3, ... 38; in the middle 36, 37 or 38.
    rows = team(
        ("2023-03", "2 years, 1 month"),
        ("2023-04", "3 years, 1 month"),
        ("2023-05", "4 years, 1 month"),
    )
    assert measures.mean_tenure(rows) == Range(36, 38, 1 / 3)
    assert measures.median_tenure(rows) == Range(36, 38, 1)
    assert measures.median_tenure(rows.iloc[:2]) == Range(30, 32, 0.5)
    # Where the third may not belong: from (24 + 36) / 2 to (26 + 38 + 49) / 3.
    some = narrow(rows, {"tenure": Condition("<", 50)})
    assert measures.mean_tenure(some) == Range(30, 113 / 3, 0)
    assert measures.median_tenure(some) == Range(30, 38, 0.5)


# --- narrowing


def kept(rows: pd.DataFrame) -> dict[str, bool]:
    return dict(zip(rows["name"], rows["certain"], strict=True))


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        # P0 left in January to April, P1 in March, P2 in June, P3 in an unknown month; P4 stayed.
        ("<", {"P0": False, "P3": False}),
        ("<=", {"P0": False, "P1": True, "P3": False}),
        ("=", {"P0": False, "P1": True, "P3": False}),
        ("!=", {"P0": False, "P2": True, "P3": False}),
        (">=", {"P0": False, "P1": True, "P2": True, "P3": False}),
        (">", {"P0": False, "P2": True, "P3": False}),
    ],
)
def test_a_row_whose_month_fits_in_part_may_belong(
    team: Callable[..., pd.DataFrame], operator: str, expected: dict[str, bool]
) -> None:
    rows = team(("early 2023",), ("2023-03",), ("2023-06",), ("unknown",), ())
    assert kept(narrow(rows, {"departed": Condition(operator, month("2023-03"))})) == expected


def test_a_month_that_fits_in_part_is_cut_to_that_part(
    team: Callable[..., pd.DataFrame],
) -> None:
    rows = team(("early 2023",), ("unknown",))
    late = narrow(rows, {"departed": Condition(">", month("2023-02"))})
    assert late["departed_low"].astype(str).tolist() == ["2023-03", "2023-03"]
    assert late["departed_high"].astype(str).tolist() == ["2023-04", "2025-05"]
    early = narrow(rows, {"departed": Condition("<=", month("2023-02"))})
    assert early["departed_low"].isna().tolist() == [False, True]
    assert early["departed_high"].astype(str).tolist() == ["2023-02", "2023-02"]
    other = narrow(rows, {"departed": Condition("!=", month("2023-01"))})
    assert other["departed_low"].astype(str).tolist()[0] == "2023-02"


def test_a_tenure_that_is_not_stated_may_fit_and_stays_unstated(
    team: Callable[..., pd.DataFrame],
) -> None:
    rows = team(("2023-03", "2 years, 1 month"), ("2023-03", ""), ())
    longer = narrow(rows, {"tenure": Condition(">", 24)})
    assert kept(longer) == {"P0": False, "P1": False, "P2": False}
    assert longer["tenure_low"].tolist() == [25, pd.NA, pd.NA]
    assert longer["tenure_high"].tolist() == [26, pd.NA, pd.NA]
    assert kept(narrow(rows, {"tenure": Condition("<", 0.5)})) == {"P1": False, "P2": False}
    assert kept(narrow(rows, {"tenure": Condition("=", 24.5)})) == {}
    assert kept(narrow(rows, {"tenure": Condition("!=", 24.5)}))["P0"]


def test_an_organisation_that_is_not_stated_may_be_any(team: Callable[..., pd.DataFrame]) -> None:
    rows = team(("2023-03", "", "Acme"), ("2023-03", "", "Birch"), ("2023-03",), ())
    acme = frozenset(["Acme"])
    at = narrow(rows, {"organisation": Condition("=", acme)})
    assert kept(at) == {"P0": True, "P2": False}
    elsewhere = narrow(rows, {"organisation": Condition("!=", acme)})
    assert kept(elsewhere) == {"P1": True, "P2": False}


def test_conditions_on_several_columns_all_have_to_hold(
    team: Callable[..., pd.DataFrame],
) -> None:
    rows = team(("2023-03", "2 years", "Acme"), ("2023-03", "5 years", "Acme"), ("2023-03",))
    where = {
        "name": Condition("!=", frozenset(["P2"])),
        "organisation": Condition("=", frozenset(["Acme"])),
        "tenure": Condition(">=", 30),
    }
    assert kept(narrow(rows, where)) == {"P0": False, "P1": True}
    assert measures.departed(narrow(rows, where)) == Range(1, 2, 1)


def test_names_and_organisations_may_be_given_as_printed(llama: Cohort) -> None:
    at = narrow(llama.authors, {"organisation": Condition("=", frozenset(["מיסטרל"]))})
    assert measures.departed(at) == Range(5, 5, 1)
    who = narrow(llama.authors, {"name": Condition("=", frozenset(["הוגו טברון"]))})
    assert measures.names(who).certain == ("Hugo Touvron",)


# --- roles


def test_no_earlier_role_is_stated_and_all_current_ones_are(llama: Cohort) -> None:
    # "Not available" stands eleven times in the column of earlier roles, and that is no role.
    assert measures.roles_then(llama) == Range(0, 0, 1)
    assert measures.roles_now(llama) == Range(11, 11, 1)
    assert measures.members("roles_then", llama.authors).empty


def test_only_the_roles_of_those_who_left_and_state_one_are_counted(
    tmp_path: Path, make_cohort: Maker
) -> None:
    gone = {"departed": "2023-03"}
    authors = [
        {"name": "Ada", "role_then": "Engineer", "role_now": "Chief"},
        {"name": "Ben", "role_then": "Engineer"} | gone,
        {"name": "Cleo", "role_then": "not available", "role_now": "Chief"} | gone,
        {"name": "Dov", "role_then": "Engineer", "role_now": "Chief", "departed": "early 2023"},
        {"name": "Emil"} | gone,
    ]
    rows = load_cohort(make_cohort(tmp_path, authors)).authors
    assert measures.roles_then(rows) == Range(2, 2, 1)
    assert measures.roles_now(rows) == Range(2, 2, 1)
    assert measures.members("roles_then", rows)["name"].tolist() == ["Ben", "Dov"]
    late = narrow(rows, {"departed": Condition(">=", month("2023-03"))})
    assert measures.roles_then(late) == Range(1, 2, 1)
    assert kept(measures.members("roles_then", late)) == {"Ben": True, "Dov": False}


# --- destinations


def test_in_a_tie_each_may_be_called_the_top(team: Callable[..., pd.DataFrame]) -> None:
    rows = team(*[("2023-03", "", place) for place in ("Birch", "Acme", "Acme", "Birch", "Cog")])
    assert measures.top_destination(rows) == Texts(("Acme", "Birch"))


def test_as_many_uncertain_rows_count_as_make_the_mean_least(
    team: Callable[..., pd.DataFrame],
) -> None:
    rows = team(
        ("January 2024", "10 years, 1 month"),
        *(("2023", f"{years}, 1 month") for years in ("9 years", "2 years", "1 year")),
    )
    late = narrow(rows, {"departed": Condition(">=", month("2023-06"))})

    # Least: 120 months for certain, then 12 and 24, and not 108; greatest: 122 without any other.
    assert measures.mean_tenure(late) == Range(52, 122)


def test_an_uncertain_row_may_make_an_organisation_the_top(
    team: Callable[..., pd.DataFrame],
) -> None:
    rows = team(("2023-03", "", "Acme"), ("early 2023", "", "Birch"), ("2023-03", "", "Acme"))
    spring = narrow(rows, {"departed": Condition(">=", month("2023-03"))})
    assert measures.top_destination(spring) == Texts(("Acme",))
    assert measures.destinations(spring) == Range(1, 2, 1)
    fewer = narrow(rows.iloc[:2], {"departed": Condition(">=", month("2023-03"))})
    assert measures.top_destination(fewer) == Texts(("Acme", "Birch"))


# --- on whom a value rests


@pytest.mark.parametrize(
    ("low", "high", "least"),
    [
        ([1, 3], [2, 4], 0),
        ([3, 1], [4, 2], 1),
        ([1, 2], [2, 4], None),  # both may be 2
        ([1, 1], [1, 1], None),
        ([5], [9], 0),
        ([], [], None),
    ],
)
def test_who_is_certainly_the_least(low: list[int], high: list[int], least: int | None) -> None:
    assert measures.certainly_least(np.array(low, float), np.array(high, float)) == least


LOOSE = (
    ("2023-03", "20..24 months"),
    ("2023-04", "24..30 months"),
    ("2023-05", "25..40 months"),
    ("2023-06", ""),
    (),
)


@pytest.mark.parametrize(
    ("name", "members", "deciding"),
    [
        ("credited", "01234", "01234"),
        ("departed", "0123", "0123"),
        ("remaining", "4", "4"),
        ("share_departed", None, "01234"),
        ("mean_tenure", "012", "012"),
        # One has left after 24 months at most, so 24 may be the least and 25 not.
        ("shortest_tenure", "012", "01"),
        # One has stayed for 25 months at least, so 24 are not the most.
        ("longest_tenure", "012", "12"),
        ("first_departure", "0123", "0"),
        ("last_departure", "0123", "3"),
    ],
)
def test_a_value_rests_on_the_members_that_may_attain_it(
    team: Callable[..., pd.DataFrame], name: str, members: str | None, deciding: str
) -> None:
    rows = team(*LOOSE)
    found = measures.members(name, rows)
    if members is not None:
        assert found["name"].tolist() == [f"P{number}" for number in members]
    decisive = measures.deciding(name, rows, found)
    assert decisive["name"].tolist() == [f"P{number}" for number in deciding]


def test_who_just_reaches_the_greatest_may_attain_it(team: Callable[..., pd.DataFrame]) -> None:
    rows = team(("2023-03", "20..25 months"), ("2023-03", "25..40 months"))
    assert len(measures.deciding("longest_tenure", rows, rows)) == 2


@pytest.mark.parametrize("name", ["shortest_tenure", "longest_tenure"])
def test_where_nobody_is_certain_to_belong_each_may_attain_it(
    team: Callable[..., pd.DataFrame], name: str
) -> None:
    rows = narrow(team(*LOOSE[1:3]), {"tenure": Condition("<=", 26.0)})
    assert measures.deciding(name, rows, rows)["name"].tolist() == ["P0", "P1"]


def test_a_measure_that_does_not_exist_is_refused_with_the_nearest() -> None:
    message = "^there is no measure 'mean_tenur'; did you mean mean_tenure[?]$"
    with pytest.raises(AttributeError, match=message):
        _ = measures.mean_tenur
    assert "mean_tenure" in dir(measures)


def test_who_is_not_counted_is_credited_and_measured_nowhere_else(
    tmp_path: Path, make_cohort: Maker
) -> None:
    people = [{"name": "Ada", "counted": "yes"}, {"name": "Ben", "counted": "no"}]
    rows = load_cohort(make_cohort(tmp_path, people)).authors
    for name, number in (("credited", 2), ("remaining", 1)):
        assert measures.measure(name, rows, 0, 0).value == Range(number, number, 1)
        assert len(measures.members(name, rows)) == number
    assert len(measures.deciding("share_departed", rows, rows)) == 1


def test_a_measure_of_rows_that_all_belong_is_certain(team: Callable[..., pd.DataFrame]) -> None:
    rows = team(("2023", ""), ("2023-03", ""))
    perhaps = narrow(rows, {"departed": Condition("<=", float(month("2023-06")))})
    assert measures.measure("departed", rows, 0, 0).certain is True
    assert measures.measure("departed", perhaps, 0, 0).certain is False


# --- units, and the months that a cohort knows for itself


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        # 715 / 11 and 757 / 11 months; February 2025 is the one month of the last who left.
        ("mean_tenure", "65.0–68.8 months"),
        ("last_departure", "Feb 2025"),
        ("half_gone", "4 months"),
    ],
)
def test_a_measure_prints_in_its_unit(llama: Cohort, name: str, printed: str) -> None:
    assert repr(getattr(measures, name)(llama)) == printed


def test_a_cohort_knows_its_months_and_rows_are_given_them(llama: Cohort) -> None:
    ends = ("2023-02", "2025-05")
    periods = [pd.Period(end, "M") for end in ends]
    for half in (
        measures.half_gone(llama),
        measures.half_gone(llama.authors, *ends),
        measures.half_gone(llama.authors, *periods),
    ):
        assert half == Range(4, 4, 1)
    # A month that is given stands for the cohort's own.
    assert measures.half_gone(llama, "2023-01") == Range(5, 5, 1)
    for given, first, last in (
        ({}, *ends),
        ({"first": "2023-04"}, "2023-04", "2025-05"),
        ({"last": "2023-04"}, "2023-02", "2023-04"),
    ):
        found = measures.headcount(llama, **given)["month"].astype(str)
        assert [found.iloc[0], found.iloc[-1]] == [first, last]


@pytest.mark.parametrize("name", ["half_gone", "headcount"])
def test_rows_without_their_months_are_refused_with_what_to_write(llama: Cohort, name: str) -> None:
    function = getattr(measures, name)
    for given in ([], ["2023-02"], [None, "2025-05"]):
        with pytest.raises(WrongTypeError) as refusal:
            function(llama.authors, *given)
        assert str(refusal.value) == (
            f'{name} of rows needs two months: {name}(rows, "2023-02", "2025-05"); {name}(data)'
            " knows them"
        )
    with pytest.raises(WrongTypeError, match=name):
        function("llama")


def test_what_is_no_data_and_no_rows_of_it_is_refused_with_what_it_lacks(llama: Cohort) -> None:
    rows = llama.authors
    dates = rows.assign(departed_low=rows["departed_low"].dt.to_timestamp())
    for given, lacks in (
        ("llama", ', not the text "llama"'),
        (rows.drop(columns="status"), "; these rows have no column `status`"),
        (dates, r"; the months of these rows are datetime64\[..?\], not periods"),
    ):
        with pytest.raises(WrongTypeError) as refusal:
            measures.departed(given)
        assert re.fullmatch(
            f"departed takes .*, or rows of `data.authors`{lacks}", str(refusal.value)
        )
