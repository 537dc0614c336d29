"""What if: changes that touch no file, evaluated by what decides the real ledger."""

from __future__ import annotations

import base64
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import analysis_helpers as ah
from analysis_helpers.claims import Ledger
from analysis_helpers.cohort import Cohort
from analysis_helpers.errors import InputError, UnknownNameError
from analysis_helpers.explorer import Explorer, as_code, explore, single_changes_table
from analysis_helpers.opening import open_cohort
from analysis_helpers.scenarios import Change, Scenario
from analysis_helpers.ways import SingleChanges, vague, worst_first


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


def test_a_claim_can_count_other_rows(base: Scenario) -> None:
    # Since June 2024 three left: Rodriguez in July, Rozière in August, Goyal in February 2025.
    after = base.where(FEW, departed=">= 2024-06")
    assert after.ledger[FEW].found == "3"
    assert list(after.turned.index) == [FEW]
    assert after.said.startswith(
        "What if: “A few of the authors left this year (2025)” counts those who left in June 2024"
        " or"
        " later."
    )
    assert tomllib.loads(after.to_toml()) == {
        "claim": [{"id": FEW, "where": {"departed": ">= 2024-06"}}]
    }
    # A claim may be read in two other ways at once, in any order.
    both = after.expect(FEW, ">= 4")
    assert both.ledger[FEW].verdict == "contradicted"
    assert base.expect(FEW, ">= 4").where(FEW, departed=">= 2024-06").turned.empty
    # What is not asked of departures has no month to name.
    others = base.where("many-joined-emerging-rivals", tenure=">= 6 years")
    assert "counts other rows" in others.said


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


def test_a_month_of_pandas_is_a_month(base: Scenario) -> None:
    after = base.row("Naman Goyal", departed=pd.Period("2025-03", "M"))
    assert repr(ah.measures.last_departure(after.data)) == "Mar 2025"
    assert 'departed = "2025-03"' in after.to_toml()


def test_few_turns_are_named_and_many_are_counted(base: Scenario) -> None:
    assert base.said == "Nothing is changed."
    few = base.expect("few-left-this-year", ">= 1")
    assert few.said == (
        "What if: “A few of the authors left this year (2025)” needs at least 1, not at least 2."
        " “A few of the authors left this year (2025)” goes from contradicted to supported."
    )
    many = base.row("Hugo Touvron", departed="2025-05")
    assert len(many.turned) > 2
    counted = many.before.language.count(len(many.turned))
    assert many.said == f"What if: Hugo Touvron left in May 2025. {counted} verdicts change."
    still = base.row("Naman Goyal", tenure="6 years, 8 months")
    assert still.said.endswith("No verdict changes.")


def test_what_another_scenario_changes_can_be_taken_over(base: Scenario) -> None:
    one = base.expect("few-left-this-year", ">= 1")
    two = base.row("Naman Goyal", departed=None)
    assert base.change(*one.changes, *two.changes).changes == (*one.changes, *two.changes)
    with pytest.raises(UnknownNameError):
        base.change(*one.changes, type(one.changes[0])("nobody"))


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
    assert by["few-left-this-year"] == 'expect("few-left-this-year", ">= 1")'
    assert by["last-departure-february-2025"] == 'row("Naman Goyal", departed="March 2025")'


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
        (lambda s: s.row("Naman Goyal", departed=2025), InputError,
         "scenario, Naman Goyal, departed: cannot take 2025."),
        (lambda s: s.row("Naman Goyal", departd="x"), UnknownNameError, "did you mean departed?"),
        (lambda s: s.row("Naman Goyel", departed="2025-01"), UnknownNameError,
         "did you mean Naman Goyal?"),
        (lambda s: s.row("Hugo Touvron", departed=None, organisation="Acme"), InputError,
         "since departed is empty"),
        (lambda s: s.expect("few-left-this-yeer", "= 1"), UnknownNameError,
         "did you mean few-left-this-year?"),
        (lambda s: s.expect("few-left-this-year", "=> 1"), InputError,
         'scenario, claim few-left-this-year, expect: cannot read "=> 1"'),
        (lambda s: s.expect("llama-is-open-source", "= 1"), InputError, "has no measure"),
        (lambda s: s.expect("listed-are-the-papers-authors", ["Hugo Touvrin"]), InputError,
         'scenario, claim listed-are-the-papers-authors, expect: no row has "Hugo Touvrin"'),
        (lambda s: s.where("few-left-this-year", departed="2025"), InputError,
         'scenario, claim few-left-this-year, where.departed: cannot read "2025".'),
        (lambda s: s.where("few-left-this-year", departd="2025-01"), InputError,
         "did you mean departed?"),
        (lambda s: s.where("few-left-this-year", departed="> 2025-05"), InputError,
         "no row can meet it"),
    ],
)  # fmt: skip
def test_a_bad_change_is_told_at_once(base: Scenario, change, error, message: str) -> None:
    with pytest.raises(error) as caught:
        change(base)
    assert message in str(caught.value)


# --- the explorer

FEW, LAMPLE = "few-left-this-year", "Guillaume Lample"


@pytest.fixture(scope="module", autouse=True)
def single_changes_are_worked_out_once(llama: tuple) -> Iterator[None]:
    """No explorer changes what each single change of one ledger turns, so they share it."""
    shared = SingleChanges(*llama)

    def of(data: Cohort, ledger: Ledger) -> SingleChanges:
        same = data is llama[0] and ledger is llama[1]
        return shared if same else SingleChanges(data, ledger)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis_helpers.explorer.SingleChanges", of)
        yield


def test_every_control_gives_what_the_scenario_gives(llama: tuple) -> None:
    data, ledger = llama
    base = ah.scenario(data, ledger)
    explorer = Explorer(data, ledger)
    assert set(explorer.numbers) == {decision.claim.id for decision in vague(ledger)}
    assert [name for _said, name in explorer.person.options] == data.authors["name"].tolist()
    pairs = [
        (explorer.numbers[FEW], 1, base.expect(FEW, ">= 1")),
        (explorer.numbers["not-short-term"], 33, base.expect("not-short-term", ">= 33 months")),
        (explorer.numbers["most-have-left"], 79, base.expect("most-have-left", "> 79 %")),
        (explorer.bounds[FEW], Change(FEW, where=(("departed", ">= 2024-08"),)),
         base.where(FEW, departed=">= 2024-08")),
        (explorer.month(LAMPLE), "2023-01", base.row(LAMPLE, departed="2023-01")),
        (explorer.month("Naman Goyal"), "stayed", base.row("Naman Goyal", departed=None)),
        (explorer.month("Hugo Touvron"), "2025-05", base.row("Hugo Touvron", departed="2025-05")),
    ]  # fmt: skip
    for control, value, same in pairs:
        control.value = value
        assert not same.turned.empty
        assert explorer.scenario.turned.equals(same.turned)
        assert explorer.toml.value == same.to_toml()
        explorer.reset()


def test_every_month_up_to_the_last_of_the_table_can_be_chosen(llama: tuple) -> None:
    explorer = Explorer(*llama)
    offered = [value for _said, value in explorer.month("Naman Goyal").options]
    assert offered[:2] == ["", "stayed"]
    # Lample may have left in January 2023; a year before that is enough.
    assert (offered[2], offered[-1], len(offered)) == ("2022-01", "2025-05", 2 + 3 * 12 + 5)
    assert explorer.month("Naman Goyal").options[0][0] == "as in the table: February 2025"
    # Who stayed has that once.
    said = [said for said, _value in explorer.month("Hugo Touvron").options]
    assert said[:2] == ["as in the table: stayed", "January 2022"]


def test_reset_gives_the_same_bytes_as_at_the_start(llama: tuple) -> None:
    explorer = Explorer(*llama)
    shown = (explorer.sentence, explorer.verdicts, explorer.figure, explorer.toml)
    start = [each.value for each in shown]
    explorer.numbers[FEW].value = 1
    explorer.month("Hugo Touvron").value = "2025-05"
    assert all(each.value != before for each, before in zip(shown, start, strict=True))
    explorer.reset_button.click()
    assert [each.value for each in shown] == start
    assert explorer.toml.layout.display == "none"


def test_a_claim_is_picked_with_what_it_rests_on_and_what_turns_it(llama: tuple) -> None:
    explorer = Explorer(*llama)
    ids = [name for _said, name in explorer.claim.options]
    assert ids == [each.claim.id for each in worst_first(llama[1])]
    explorer.claim.value = FEW
    shown = explorer.evidence.value
    for text in (
        "<strong>Supported if it is read as needing at least 1",
        "at least 2",
        "Naman Goyal",
        "nothing else",
        "none to two others, depending on who and when",
        "One of 10 authors left between January and May 2025",
        "In the table: Baptiste Rozière, August 2024; Aurélien Rodriguez, July 2024;",
        "“The departures began in January 2023”: contradicted (only Guillaume Lample)",
        "“The latest departure was in February 2025”: contradicted (only between March",
    ):
        assert text in shown  # fmt: skip
    # What would change it is said once.
    assert "One mistake" not in shown
    number, found, since = explorer._of_claim.children
    assert (number, since) == (explorer.numbers[FEW], explorer.bounds[FEW])
    assert found.value == "found in the table: 1 (Naman Goyal)"
    explorer.claim.value = "eleven-departed"
    assert explorer._of_claim.children == ()


def test_where_no_single_row_turns_a_claim_it_is_said_how_many_do(llama: tuple) -> None:
    explorer = Explorer(*llama)
    explorer.claim.value = "most-have-left"
    rows = llama[1]["most-have-left"].rows_to_change_in_words
    assert f"rather than more than 50%. {rows}</strong>" in explorer.evidence.value


def test_a_claim_stands_there_as_code_that_gives_its_verdict(llama: tuple) -> None:
    data, ledger = llama
    assert as_code(ledger[FEW]) == (
        'ah.check(data, "departed", ">= 2", where={"departed": ">= 2025-01"}).explain()'
    )
    for decision in worst_first(ledger):
        lines = as_code(decision).splitlines()
        for line, reading in zip(lines, decision.each_reading, strict=True):
            done = eval(line.removesuffix(".explain()"), {"ah": ah, "data": data})  # noqa: S307
            assert (done.verdict, done.found) == (reading.verdict, reading.found)


def test_changes_that_stay_are_listed_and_the_claim_asked_about_comes_first(llama: tuple) -> None:
    explorer = Explorer(*llama)
    assert "Changed" not in explorer.changed.value
    explorer.claim.value = FEW
    explorer.month("Hugo Touvron").value = "2025-05"
    explorer.numbers["most-have-left"].value = 79
    explorer.bounds["stayed-through-llama-3"].value = Change(
        "stayed-through-llama-3", where=(("departed", ">= 2024-09"),)
    )
    assert "Changed: “Most of the" in explorer.changed.value
    assert "in September 2024 or later; Hugo Touvron left in May 2025" in explorer.changed.value
    for name in (FEW, "eleven-departed"):
        explorer.claim.value = name
        ids = re.findall("<small>([a-z0-9-]+)</small>", explorer.verdicts.value)
        assert ids[0] == name
        assert len(ids) == len(explorer.scenario.turned)


def test_a_number_cannot_be_one_that_says_nothing(llama: tuple) -> None:
    explorer = Explorer(*llama)
    explorer.numbers[FEW].value = 0
    assert explorer.numbers[FEW].value == 1  # at least none would always hold


def test_only_what_turns_is_in_the_table_unless_all_are_asked_for(llama: tuple) -> None:
    explorer = Explorer(*llama)
    assert explorer.verdicts.value.count("<tr>") == 0
    explorer.numbers[FEW].value = 1
    rows = explorer.verdicts.value.count("verdict-contradicted")
    assert FEW in explorer.verdicts.value
    assert "three-remain" not in explorer.verdicts.value
    explorer.all_claims.value = True
    assert "three-remain" in explorer.verdicts.value
    assert explorer.verdicts.value.count("verdict-contradicted") > rows


def test_the_picture_is_that_of_the_scenario_and_drawn_once(llama: tuple, monkeypatch) -> None:
    explorer = Explorer(*llama)
    explorer.numbers[FEW].value = 1  # the picture says what is needed in a window of months
    after = ah.scenario(*llama).expect(FEW, ">= 1")
    chart = ah.charts.timeline(after.data, after.ledger)
    drawn = replace(chart, title=f"What if: {chart.title}").png()
    assert base64.b64encode(drawn).decode() in explorer.figure.value
    one = explorer.figure.value
    monkeypatch.setattr("analysis_helpers.charts.timeline", None)
    explorer.reset()
    explorer.claim.value = "eleven-departed"
    explorer.numbers[FEW].value = 1
    assert explorer.figure.value == one


def test_a_picture_of_what_if_says_so(llama: tuple) -> None:
    explorer = Explorer(*llama)
    assert "What if" not in explorer.figure.value
    explorer.month("Naman Goyal").value = "stayed"
    assert 'role="alert"' in explorer.sentence.value
    assert "What if" in explorer.sentence.value
    assert explorer.figure.value.startswith('<img alt="Eight left in 2023 and two in 2024. 10')


def test_without_widgets_there_is_a_table_of_every_single_change(llama: tuple) -> None:
    shown = single_changes_table(*llama)
    lines = shown.text.splitlines()
    first = lines.index(f"contradicted: A few of the authors left this year (2025). [{FEW}]")
    assert lines[first + 1 : first + 3] == [
        "  It is read as needing at least 1 rather than at least 2: supported",
        "  It counts those who left in August 2024 or later rather than in January 2025 or later:"
        " supported",
    ]
    assert lines[first + 3].startswith(
        "  One of 10 authors left between January and May 2025 (in the table: Baptiste Rozière,"
        " August 2024; Aurélien Rodriguez, July 2024; "
    )
    assert lines[first + 3].endswith("): supported")
    assert lines[first + 4] == (
        "  Hugo Touvron, Xavier Martinet or Faisal Azhar left between January and May 2025 (in the"
        " table: stayed): supported"
    )
    assert shown.html.count("<tbody>") == len(worst_first(llama[1]))
    assert shown.html.count('scope="rowgroup"') == shown.html.count("<tbody>")
    # What no single change turns says so.
    assert "No single change" in shown.html


def test_without_a_claim_that_the_table_decides_it_says_so(llama: tuple, monkeypatch) -> None:
    data, ledger = llama
    monkeypatch.setenv("JPY_SESSION_NAME", "explore.ipynb")
    assert "no change can turn one" in explore(data, ledger[:1]).text


def test_the_explorer_speaks_the_language_of_its_data(tmp_path: Path) -> None:
    explorer = Explorer(*open_cohort("llama", "he"))
    assert 'dir="rtl"' in explorer.sentence.value
    assert "analysis-rtl" in explorer.view._dom_classes
    explorer.numbers[FEW].value = 1
    assert "נתמכה" in explorer.sentence.value
    assert "גיום למפל" in explorer.month(LAMPLE).description
