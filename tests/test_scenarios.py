"""What if: changes that touch no file, evaluated by what decides the real ledger."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import analysis_helpers as ah
from analysis_helpers.errors import InputError, UnknownNameError
from analysis_helpers.explorer import Explorer, single_changes_table
from analysis_helpers.opening import open_cohort
from analysis_helpers.scenarios import Scenario, loose_months, vague


@pytest.fixture(scope="module")
def llama() -> tuple:
    return open_cohort("llama")


@pytest.fixture(scope="module")
def base(llama: tuple) -> Scenario:
    return ah.scenario(*llama)


def test_another_expectation_turns_its_own_claim_and_no_other(base: Scenario) -> None:
    # One person left in 2025: a few, if that may be one.
    turned = base.expect("few-left-this-year", ">= 1").turned
    assert turned[["before", "after"]].to_dict("index") == {
        "few-left-this-year": {"before": "contradicted", "after": "supported"}
    }


def test_another_row_changes_every_measure_of_it(base: Scenario) -> None:
    # Eleven left; without Goyal's departure ten, and the last one was Rozière's in August 2024.
    after = base.row("Naman Goyal", departed=None)
    assert repr(ah.measures.departed(after.data)) == "10"
    assert repr(ah.measures.last_departure(after.data)) == "Aug 2024"
    assert after.ledger["eleven-departed"].verdict == "contradicted"
    assert after.data.authors["organisation"].isna().sum() == 4
    assert repr(ah.measures.departed(base.data)) == "11"


def test_a_month_in_english_is_read_beside_a_hebrew_article(base: Scenario) -> None:
    after = base.row("Guillaume Lample", departed="March 2023")
    # Grave's February is the first departure then.
    assert repr(ah.measures.first_departure(after.data)) == "Feb 2023"
    assert after.ledger["first-departure-january-2023"].verdict == "contradicted"
    sooner = base.row("Guillaume Lample", departed="2023-01")
    assert sooner.ledger["first-departure-january-2023"].verdict == "supported"


def test_a_tenure_moves_the_joining_month_along(base: Scenario) -> None:
    # Left in February 2025 after 24 months, one more or less: joined January to March 2023.
    row = base.row("Naman Goyal", tenure="2 years, 0 months").data.authors.set_index("name")
    goyal = row.loc["Naman Goyal"]
    assert (goyal["tenure_low"], goyal["tenure_high"]) == (23, 25)
    assert (str(goyal["joined_low"]), str(goyal["joined_high"])) == ("2023-01", "2023-03")


def test_a_row_that_is_left_out_is_missed_where_it_was_named(base: Scenario) -> None:
    after = base.without("Hugo Touvron")
    assert repr(ah.measures.credited(after.data)) == "13"
    assert {"fourteen-credited", "three-remain", "who-remains"} <= set(after.turned.index)


def test_which_change_turned_which_claim_is_said(base: Scenario) -> None:
    both = base.expect("few-left-this-year", ">= 1").row("Naman Goyal", departed="March 2025")
    by = both.turned["by"]
    assert by["few-left-this-year"] == "few-left-this-year: expect >= 1"
    assert by["last-departure-february-2025"] == "Naman Goyal: departed March 2025"


def test_what_takes_two_changes_names_both(base: Scenario) -> None:
    # 11 of 14 is most; nine who stay, five who left, are not. It takes four more who stayed.
    gone = ["Naman Goyal", "Eric Hambro", "Armand Joulin", "Edouard Grave"]
    after = base
    for name in gone:
        after = after.row(name, departed=None)
    assert after.ledger["most-have-left"].verdict == "contradicted"
    assert all(name in after.turned["by"]["most-have-left"] for name in gone)


def test_a_scenario_never_changes(base: Scenario, llama: tuple) -> None:
    base.expect("few-left-this-year", ">= 1").row("Naman Goyal", departed=None)
    assert base.turned.empty
    assert base.data.authors.equals(llama[0].authors)


def test_a_reviewer_can_paste_it(base: Scenario) -> None:
    after = base.expect("few-left-this-year", ">= 1").row("Naman Goyal", departed="March 2025")
    assert tomllib.loads(after.without("Hugo Touvron").to_toml()) == {
        "claim": [{"id": "few-left-this-year", "expect": ">= 1"}],
        "row": [
            {"name": "Naman Goyal", "departed": "March 2025"},
            {"name": "Hugo Touvron", "left_out": True},
        ],
    }


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda s: s.row("Naman Goyal", departed="Marhc 2025"), InputError, "Marhc 2025"),
        (lambda s: s.row("Naman Goyal", departed="2025-09"), InputError, "later than article"),
        (lambda s: s.row("Naman Goyal", tenure="6 yeers"), InputError, 'cannot read "6 yeers"'),
        (lambda s: s.row("Naman Goyal", departd="x"), UnknownNameError, "did you mean departed?"),
        (lambda s: s.row("Naman Goyel", departed="2025-01"), UnknownNameError,
         "did you mean Naman Goyal?"),
        (lambda s: s.row("Hugo Touvron", departed=None, organisation="Acme"), InputError,
         "since departed is empty"),
        (lambda s: s.expect("few-left-this-yeer", "= 1"), UnknownNameError,
         "did you mean few-left-this-year?"),
        (lambda s: s.expect("few-left-this-year", "=> 1"), InputError, 'cannot read "=> 1"'),
        (lambda s: s.expect("llama-is-open-source", "= 1"), InputError, "has no measure"),
    ],
)  # fmt: skip
def test_a_bad_change_is_told_at_once(base: Scenario, change, error, message: str) -> None:
    with pytest.raises(error) as caught:
        change(base)
    assert message in str(caught.value)


# --- the explorer


def test_every_control_gives_what_the_scenario_gives(llama: tuple) -> None:
    data, ledger = llama
    base = ah.scenario(data, ledger)
    explorer = Explorer(data, ledger)
    assert set(explorer.numbers) == {decision.claim.id for decision in vague(ledger)}
    assert set(explorer.months) == set(loose_months(data)) == {"Guillaume Lample"}
    assert len(explorer.people) == 14
    pairs = [
        (explorer.numbers["few-left-this-year"], 1, base.expect("few-left-this-year", ">= 1")),
        (explorer.months["Guillaume Lample"], "2023-01",
         base.row("Guillaume Lample", departed="2023-01")),
        (explorer.people["Naman Goyal"], False, base.row("Naman Goyal", departed=None)),
        (explorer.people["Hugo Touvron"], True, base.row("Hugo Touvron", departed="2025-05")),
    ]  # fmt: skip
    for control, value, same in pairs:
        control.value = value
        assert explorer.scenario.turned.equals(same.turned)
        assert explorer.toml.value == same.to_toml()
        explorer.reset()


def test_reset_gives_the_same_bytes_as_at_the_start(llama: tuple) -> None:
    explorer = Explorer(*llama)
    shown = (explorer.sentence, explorer.verdicts, explorer.figure, explorer.toml)
    start = [each.value for each in shown]
    explorer.numbers["few-left-this-year"].value = 1
    explorer.people["Hugo Touvron"].value = True
    assert [each.value for each in shown] != start
    explorer.reset_button.click()
    assert [each.value for each in shown] == start


def test_a_picture_of_what_if_says_so(llama: tuple) -> None:
    explorer = Explorer(*llama)
    assert "What if" not in explorer.figure.value
    explorer.people["Naman Goyal"].value = False
    assert 'role="alert"' in explorer.sentence.value
    assert "What if" in explorer.sentence.value
    assert explorer.figure.value.startswith('<img alt="10 of the 14 authors')


def test_without_widgets_there_is_a_table_of_every_single_change(llama: tuple) -> None:
    text = single_changes_table(*llama).text
    assert "“A few of the authors left as recently as this year” means at least 1" in text
    assert "Naman Goyal stayed" in text
    assert "Guillaume Lample left in January 2023" in text


def test_the_explorer_speaks_the_language_of_its_data(tmp_path: Path) -> None:
    explorer = Explorer(*open_cohort("llama", "he"))
    assert 'dir="rtl"' in explorer.sentence.value
    assert "analysis-rtl" in explorer.view._dom_classes
    explorer.numbers["few-left-this-year"].value = 1
    assert "נתמכה" in explorer.sentence.value
