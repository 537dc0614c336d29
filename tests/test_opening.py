"""The front door: what an analyst opens, asks and is told."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import analysis_helpers as ah
from analysis_helpers import charts, findings, measures
from analysis_helpers.errors import InputError, UnknownNameError, WrongTypeError
from analysis_helpers.ranges import Range, Verdict

PROJECT = Path(__file__).parents[1]
Maker = Callable[..., Path]


@pytest.fixture(scope="module")
def opened() -> tuple[Any, Any]:
    return ah.open_cohort("llama")


# --- a claim of one's own


def ledger_entries() -> list[dict[str, Any]]:
    written = tomllib.loads((PROJECT / "data/llama/claims.toml").read_text(encoding="utf-8"))
    return [entry for entry in written["claim"] if "measure" in entry]


@pytest.mark.parametrize("entry", ledger_entries(), ids=lambda entry: entry["id"])
def test_a_claim_that_is_written_again_gets_the_same_verdict(opened, entry) -> None:
    data, ledger = opened
    mine = ah.check(data, entry["measure"], entry["expect"], where=entry.get("where"))
    theirs = ledger[entry["id"]]
    assert (mine.verdict, mine.low, mine.high) == (theirs.verdict, theirs.low, theirs.high)
    assert (mine.stated, mine.needed) == (theirs.stated, theirs.needed)
    assert (mine.counted, mine.possible) == (theirs.counted, theirs.possible)


def test_a_check_says_who_was_counted(opened) -> None:
    data, _ledger = opened
    # Of Lample it is only said that he left early in 2023: January to April.
    mine = ah.check(data, "departed", ">= 2", where={"departed": "<= 2023-01"})
    assert mine.verdict is Verdict.CONTRADICTED
    assert (mine.low, mine.high) == (0, 1)
    assert (mine.counted, mine.possible) == ((), ("Guillaume Lample",))
    said = str(mine.explain())
    assert "Found: at most 1" in said
    assert "Needed: at least 2" in said
    assert "Possibly: Guillaume Lample" in said


def test_a_value_that_is_not_stated_everywhere_says_so(tmp_path: Path, make_cohort: Maker) -> None:
    authors = [
        {"name": "Ada", "departed": "2023-03", "tenure": "2 years"},
        {"name": "Ben", "departed": "2023-05"},
        {"name": "Cleo"},
    ]
    data, _ledger = ah.open_cohort(make_cohort(tmp_path, authors))
    mine = ah.check(data, "mean_tenure", "< 3 years")
    assert (mine.verdict, mine.stated, mine.needed) == (Verdict.INCONCLUSIVE, 1, 2)
    assert mine.counted == ("Ada",)
    assert "(stated for 1 of 2)" in str(mine.explain())


def test_what_the_grammar_cannot_say_is_refused_at_once(opened) -> None:
    with pytest.raises(InputError) as refused:
        ah.check(opened[0], "departed", "> several", where={"joined": "2020-01"})
    said = str(refused.value)
    assert 'check, expect: cannot read "> several" for departed.' in said
    assert "check, where.joined: is not known." in said


def test_explanations_speak_the_language_of_the_data() -> None:
    _data, ledger = ah.open_cohort("llama", "he")
    shown = ledger["few-left-this-year"]._repr_html_()
    assert 'lang="he" dir="rtl"' in shown
    assert "Needed" not in shown


# --- names that do not exist, and things in the wrong place


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda data, _l: ah.check(data, "average_tenure", "> 4"), "did you mean mean_tenure?"),
        (lambda _d, ledger: ledger["few-left-thsi-year"], "did you mean few-left-this-year?"),
        (lambda _d, ledger: ah.claimed_value(ledger, "mean_tenur"), "did you mean mean_tenure?"),
        (lambda _d, _l: measures.mean_tenur, "did you mean mean_tenure?"),
        (lambda _d, _l: ah.open_cohort("lama"), "did you mean llama?"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(opened, ask, said) -> None:
    with pytest.raises((InputError, UnknownNameError, AttributeError)) as raised:
        ask(*opened)
    assert said in str(raised.value)


def test_a_language_without_an_edition_is_bad_input() -> None:
    with pytest.raises(InputError, match="Accepted: en, he"):
        ah.open_cohort("llama", "fr")


def public(room: Any) -> list[Any]:
    return [getattr(room, name) for name in dir(room) if callable(getattr(room, name))]


@pytest.mark.parametrize("function", public(measures) + public(findings), ids=lambda f: f.__name__)
def test_what_is_passed_by_mistake_is_named(opened, function) -> None:
    data, ledger = opened
    rest = [60] if function.__name__ in ("drops_until", "longer_than") else []
    rest = [60] if function is findings.leave_one_out else rest
    for mistaken in (opened, "llama", data.authors["name"], data.title):
        with pytest.raises(WrongTypeError, match=f"^{function.__name__} takes the "):
            function(mistaken, *rest)
    with pytest.raises(WrongTypeError, match="open_cohort"):
        function(ledger, *rest)


OF_THE_DATA = ["about", "events_table", "people_table"]
OF_THE_LEDGER = ["claims_on", "ledger_table", "sources_on", "tally", "unsettled_claims"]
OF_BOTH = ["employers_counted", "headline", "standfirst"]


@pytest.mark.parametrize("name", [*OF_THE_DATA, *OF_THE_LEDGER, *OF_BOTH])
def test_what_is_shown_by_mistake_is_named(opened, name) -> None:
    data, ledger = opened
    rest = [ledger] if name in OF_BOTH else []
    mistaken = data if name in OF_THE_LEDGER else ledger
    for wrong in (opened, "llama", data.authors, mistaken):
        with pytest.raises(WrongTypeError, match=f"^{name} takes the "):
            getattr(ah, name)(wrong, *rest)


OF_BOTH_IN_ALL = [getattr(ah, name) for name in [*OF_BOTH, "scenario", "explore", "single_changes"]]


@pytest.mark.parametrize(
    "function", [charts.timeline, *OF_BOTH_IN_ALL], ids=lambda function: function.__name__
)
def test_what_is_passed_by_mistake_for_the_ledger_is_named(opened, function) -> None:
    data, ledger = opened
    for wrong in (opened, "llama", data.authors, data, [*ledger]):
        for call in (
            lambda wrong: function(data, wrong),
            lambda wrong: function(data, ledger=wrong),
        ):
            with pytest.raises(WrongTypeError, match=f"^{function.__name__} takes the ledger of "):
                call(wrong)


@pytest.mark.parametrize("name", ["timeline", "headcount", "destinations", "tenures"])
def test_what_a_chart_is_passed_by_mistake_is_named(opened, name) -> None:
    data, ledger = opened
    for wrong in (opened, "llama", data.authors, ledger):
        with pytest.raises(WrongTypeError, match=f"^{name} takes the data of "):
            getattr(charts, name)(wrong, *[60] * (name == "tenures"))


def test_a_chapter_names_what_its_claims_are_about(opened) -> None:
    _data, ledger = opened
    with pytest.raises(UnknownNameError, match="did you mean timeline"):
        ah.claims_on(ledger, "timelines")


def test_every_measure_takes_data_and_rows_alike(opened) -> None:
    data, _ledger = opened
    for function in public(measures):
        rest = [60] if function.__name__ == "drops_until" else []
        months = ["2023-02", "2025-05"] if function.__name__ in ("half_gone", "headcount") else []
        of_data, of_rows = function(data, *rest), function(data.authors, *rest, *months)
        if isinstance(of_data, pd.DataFrame):
            pd.testing.assert_frame_equal(of_data, of_rows)
        else:
            assert of_data == of_rows


def test_rows_that_are_no_rows_of_the_table_are_told_apart(opened) -> None:
    data, _ledger = opened
    with pytest.raises(WrongTypeError, match="no column `status`"):
        measures.departed(data.authors[["name"]])
    with pytest.raises(WrongTypeError, match="not periods"):
        measures.first_departure(data.tidy())
    with pytest.raises(WrongTypeError, match="needs two months"):
        measures.half_gone(data.authors)
    assert measures.half_gone(data.authors, pd.Period("2023-02"), "2025-05") == Range(4, 4, 1)


def test_errors_of_ours_need_no_traceback(opened) -> None:
    for error in (InputError([]), UnknownNameError("so"), WrongTypeError("so")):
        assert len(error._render_traceback_()) == 1


# --- how things show themselves


def test_the_data_and_the_ledger_show_themselves(opened) -> None:
    data, ledger = opened
    assert repr(data) == (
        "<Cohort: The authors of the LLaMA paper; 14 authors, 11 left Meta, as of 2025-05>"
    )
    shown = data._repr_html_()
    assert "14 authors, 11 left Meta, as of 2025-05" in shown
    assert shown.count("<tr") == 6
    assert repr(ledger).startswith(f"<Ledger of {len(ledger)} claims: ")
    assert ledger._repr_html_().count("<tr") == len(ledger) + 1


def test_the_ledger_is_a_frame(opened) -> None:
    _data, ledger = opened
    frame = ledger.frame()
    assert frame.index.tolist() == [decision.claim.id for decision in ledger]
    row = frame.loc["few-left-this-year"]
    assert (row["low"], row["high"], row["verdict"]) == (1, 1, "contradicted")
    assert row["where"] == {"departed": ">= 2025-01"}
    assert row["counted"] == ["Naman Goyal"]


def test_tidy_dates_compare_as_a_reader_expects(opened) -> None:
    data, _ledger = opened
    tidy = data.tidy()
    assert str(tidy["departed_low"].dtype) == "datetime64[s]"
    # Eight of the 11 left in 2023; the three who stayed have no date.
    assert (tidy["departed_low"].dt.year < 2024).sum() == 8
    assert tidy["departed_low"].isna().sum() == 3
    assert tidy["tenure_low"].mean() == pytest.approx(715 / 11)
    assert "departed_low" in tidy.to_json(date_format="iso")
    assert data.authors["departed_low"].dtype == pd.PeriodDtype("M")


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (Range(636, 637, 1, "month"), "Jan–Feb 2023"),
        (Range(636, 636, 1, "month"), "Jan 2023"),
        (Range(635, 636, 1, "month"), "Dec 2022–Jan 2023"),
        (Range(-math.inf, 636, 1, "month"), "…–Jan 2023"),
        (Range(65, 68.81, unit="months"), "65.0–68.8 months"),
        (Range(28, math.inf, 1, "months"), "28–∞ months"),
        (Range(-3, 2, 1, "months"), "−3–2 months"),
        (Range(78.57, 78.57, unit="%"), "78.6 %"),
        (Range(1000, 1000, 1), "1,000"),
    ],
)
def test_a_range_prints_as_it_is_said(span: Range, said: str) -> None:
    assert repr(span) == str(span) == said


def test_a_range_holds_plain_numbers() -> None:
    span = Range(np.float64(1.5), np.int64(2), np.int64(0))
    assert [type(end) for end in (span.low, span.high, span.step)] == [float, int, int]


def test_modules_list_what_is_public() -> None:
    assert "Counter" not in dir(findings)
    assert "tenure" not in dir(charts)
    assert not hasattr(charts, "tenure")
    assert "np" not in dir(measures)
    assert ah.__version__ == "1.0.0"


def test_a_chart_is_saved_as_what_its_name_says(opened, tmp_path: Path) -> None:
    chart = charts.tenures(opened[0], 60)
    assert chart.save(tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"
    assert chart.save(str(tmp_path / "a.svg")).read_text(encoding="utf-8").startswith("<svg")
    assert len(pd.read_csv(chart.save(tmp_path / "a.csv"))) == len(chart.data)
    with pytest.raises(InputError, match=r"Accepted: \.png, \.svg or \.csv"):
        chart.save(tmp_path / "a.gif")
