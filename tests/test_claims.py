"""The ledger: what its words mean, and the verdicts that follow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from analysis_helpers.__main__ import app
from analysis_helpers.claims import (
    Decision,
    claimed_value,
    decide,
    to_json,
)
from analysis_helpers.cohort import load_cohort
from analysis_helpers.errors import InputError, Problems
from analysis_helpers.ledger import Claim, read_ledger
from analysis_helpers.opening import open_cohort
from analysis_helpers.ranges import Verdict
from work import calls_of


def read_claims(folder: Path) -> list[Claim]:
    problems = Problems()
    claims = read_ledger(folder / "claims.toml", problems)
    if problems:
        raise InputError(problems)
    return claims


PROJECT = Path(__file__).parents[1]
Maker = Callable[..., Path]
S, I, C = "supported", "inconclusive", "contradicted"  # noqa: E741


# --- the article about the LLaMA paper


@pytest.fixture(scope="module")
def llama() -> list[Decision]:
    return open_cohort(PROJECT / "data" / "llama")[1]


BY_HAND = {
    # 11 of 14 are 78.57 %.
    "most-have-left": (pytest.approx(78.571428), pytest.approx(78.571428), "supported"),
    "fourteen-credited": (14, 14, "supported"),
    "three-remain": (3, 3, "supported"),
    "who-remains": (3, 3, "supported"),
    "eleven-departed": (11, 11, "supported"),
    # Mistral 5, Anthropic 1, Cohere 1, Thinking Machines Lab 1.
    "many-joined-emerging-rivals": (8, 8, "supported"),
    "mistral-most-common-destination": ("Mistral", "Mistral", "supported"),
    "mistral-founders-came-from-meta": (2, 2, "supported"),
    "mistral-drew-a-notable-number": (5, 5, "supported"),
    # All but the one at Kyutai.
    "many-architects-at-competitors": (10, 10, "supported"),
    # 715 and 757 months, by eleven.
    "mean-tenure-over-five-years": (65, pytest.approx(68.818181), "supported"),
    "not-short-term": (30, 32, "supported"),
    # Early 2023, or the row that says February.
    "first-departure-january-2023": ("2023-01", "2023-02", "inconclusive"),
    # "Early 2023" may be January; the next is February.
    "some-left-by-january-2023": (0, 1, "contradicted"),
    "stayed-through-llama-3": (3, 3, "supported"),
    # February 2025 alone.
    "few-left-this-year": (1, 1, "contradicted"),
    "list-gives-every-tenure": (11, 11, "supported"),
    # "Not available", eleven times.
    "list-gives-earlier-roles": (0, 0, "contradicted"),
    "list-gives-current-roles": (11, 11, "supported"),
    "last-departure-february-2025": ("2025-02", "2025-02", "supported"),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_claim_about_llama_is_decided_as_by_hand(llama: list[Decision], name: str) -> None:
    entries = {entry["id"]: entry for entry in to_json(llama)}
    low, high, verdict = BY_HAND[name]
    assert (entries[name]["low"], entries[name]["high"]) == (low, high)
    assert entries[name]["verdict"] == verdict
    assert entries[name]["checked_by"] == "table"


def test_every_claim_about_llama_that_has_a_measure_is_in_the_table_above(
    llama: list[Decision],
) -> None:
    measured = {decision.claim.id for decision in llama if decision.claim.measure}
    assert measured == {*BY_HAND, "listed-are-the-papers-authors"}


def test_whether_the_team_came_apart_gradually_depends_on_the_reading(
    llama: list[Decision],
) -> None:
    (decision,) = [each for each in llama if each.claim.id == "dissolved-gradually"]
    # The seventh of fourteen leaves in June 2023, four months after the paper; July 2024, August
    # 2024 and February 2025 are a year or more after it.
    found = [(each.low, each.high, each.verdict) for each in decision.readings]
    assert found == [(4, 4, C), (3, 3, S)]
    assert (decision.verdict, decision.depends_on_reading) == (I, True)


def test_the_paper_credits_those_whom_the_article_names(llama: list[Decision]) -> None:
    (entry,) = [each for each in to_json(llama) if each["id"] == "listed-are-the-papers-authors"]
    assert entry["low"] == entry["high"] == entry["expect"]
    assert entry["verdict"] == S
    assert [source["url"] for source in entry["sources"]] == ["https://arxiv.org/abs/2302.13971"]


def test_whether_the_closing_list_names_all_depends_on_who_is_meant(
    llama: list[Decision],
) -> None:
    (decision,) = [each for each in llama if each.claim.id == "list-names-every-leaver"]
    # It has the eleven who left, of the 14 whom the article names.
    found = [(each.low, each.high, each.verdict) for each in decision.readings]
    assert found == [(11, 11, S), (11, 11, C)]
    assert (decision.verdict, decision.depends_on_reading) == (I, True)
    assert [each.by_construction for each in decision.each_reading] == [True, False]


def test_claims_outside_the_table_are_untestable_or_judged_from_sources(
    llama: list[Decision],
) -> None:
    outside = [
        decision for decision in llama if decision.claim.measure is None and not decision.readings
    ]
    assert all(
        (decision.checked_by == "sources") == bool(decision.claim.sources) for decision in outside
    )
    unsourced = [decision.verdict for decision in outside if not decision.claim.sources]
    assert set(unsourced) == {Verdict.UNTESTABLE}
    by_id = {decision.claim.id: decision for decision in outside}
    assert by_id["pineau-led-fair-eight-years"].verdict == Verdict.INCONCLUSIVE
    assert by_id["paper-from-2023"].verdict == Verdict.SUPPORTED


def test_words_with_two_senses_and_the_authors_own_word_are_judged_by_one_rule_each(
    llama: list[Decision],
) -> None:
    verdicts = {decision.claim.id: decision.verdict for decision in llama}
    two_senses = {"llama-is-open-source", "open-weights-free-to-reuse"}
    founders = {"mistral-founders", "fergus-founded-fair-in-2014"}
    own_word = {"public-data-only", "models-made-efficient", "runs-on-a-single-gpu",
                "alternative-to-gpt-3-and-palm"}  # fmt: skip
    assert {verdicts[name] for name in founders | two_senses | own_word} == {Verdict.INCONCLUSIVE}


def test_the_value_that_the_article_claims_is_in_the_measures_unit(llama: list[Decision]) -> None:
    assert claimed_value(llama, "mean_tenure") == 60
    assert claimed_value(llama, "departed") == 11
    assert claimed_value(llama, "median_tenure") is None


# --- the grammar, on a small team

# Six authors: two stayed. Tenures of 23 to 25 and 54 to 66 months, one not stated, one 0 to 11.
SIX = [
    {"name": "Ada"},
    {"name": "Ben"},
    {"name": "Cleo", "departed": "2023-03", "tenure": "2 years, 0 months", "organisation": "Acme"},
    {"name": "Dora", "departed": "early 2024", "tenure": "5 years", "organisation": "Acme"},
    {"name": "Emil", "departed": "unknown", "organisation": "Birch"},
    {"name": "Finn", "departed": "2024-05", "tenure": "less than a year"},
]
STATED = {"name": "!= Emil"}


@pytest.fixture
def verdict_of(tmp_path: Path, make_cohort: Maker) -> Callable[..., str]:
    def verdict(measure: str, expect: Any, where: dict[str, Any] | None = None) -> str:
        claim = {"measure": measure, "expect": expect} | ({"where": where} if where else {})
        folder = make_cohort(tmp_path, authors=SIX, claims=[claim])
        return str(open_cohort(folder)[1][0].verdict)

    return verdict


@pytest.mark.parametrize(
    ("measure", "expect", "where", "verdict"),
    [
        # An operator, or "=" when none is written; a number, or a text of one; any spaces.
        ("credited", 6, None, S),
        ("credited", "6", None, S),
        ("credited", "=6", None, S),
        ("credited", "  =   6 ", None, S),
        ("credited", "!= 6", None, C),
        ("credited", "<6", None, C),
        ("credited", "<=6", None, S),
        ("credited", ">= 7", None, C),
        ("credited", 6.0, None, S),
        ("credited", 6.5, None, C),
        ("departed", "> -1", None, S),
        # 4 of 6 are 66.67 %: equal to what it is when rounded as it is printed.
        ("share_departed", "66.7 %", None, S),
        ("share_departed", "67%", None, S),
        ("share_departed", "66.67", None, S),
        ("share_departed", "66.6 %", None, C),
        ("share_departed", "66 %", None, C),
        ("share_departed", "!= 67 %", None, C),
        ("share_departed", "> 66 %", None, S),
        ("share_departed", "> 67 %", None, C),
        # Units of time.
        ("longest_tenure", "> 4 years", STATED, S),
        ("longest_tenure", "> 4.5 years", STATED, I),
        ("longest_tenure", ">= 4.5 years", STATED, S),
        ("longest_tenure", "<= 66 months", STATED, S),
        ("longest_tenure", "<= 66", STATED, S),
        ("longest_tenure", "< 1 year", STATED, C),
        ("longest_tenure", "= 5 years", STATED, I),
        (
            "longest_tenure",
            "= 60.5 months",
            STATED,
            C,
        ),  # there is no whole month from 60.45 to 60.55
        ("longest_tenure", "!= 4.4 years", STATED, S),
        ("shortest_tenure", "<= 11 months", STATED, S),
        ("shortest_tenure", "= 1 month", STATED, I),
        # Months.
        ("last_departure", "2024-05", STATED, S),
        ("last_departure", ">= 2024-05", STATED, S),
        ("first_departure", "<= 2023-03", None, S),
        ("first_departure", "= 2023-03", None, I),
        ("first_departure", "= 2023-03", STATED, S),
        # An unknown departure may be the last one, too.
        ("last_departure", "2024-05", None, I),
        ("last_departure", "<= 2025-05", None, S),
        # Half of six: Cleo, Dora and Finn (15 months), or Emil, Cleo and Dora (11 at the least).
        ("half_gone", "<= 15 months", None, S),
        ("half_gone", "= 15 months", None, I),
        ("half_gone", "< 11 months", None, C),
        # Texts and names.
        ("top_destination", "Acme", {"organisation": ["Acme", "Birch"], "name": "!= Finn"}, S),
        ("top_destination", "!= Acme", {"organisation": "Acme", "name": "!= Finn"}, C),
        ("top_destination", "Cog", {"organisation": "Acme", "name": "!= Finn"}, C),
        ("top_destination", "Acme", None, I),  # Finn's is not stated
        ("destinations", 2, {"name": "!= Finn"}, S),
        ("destinations", 2, None, I),
        ("names", ["Cleo", "Dora"], {"organisation": "Acme", "name": "!= Finn"}, S),
        ("names", ["Dora", "Cleo", "Cleo"], {"organisation": "Acme", "name": "!= Finn"}, S),
        ("names", ["Cleo"], {"organisation": "Acme", "name": "!= Finn"}, C),
        ("names", ["Cleo", "Dora", "Emil"], {"organisation": "Acme", "name": "!= Finn"}, C),
        ("names", ["Cleo", "Dora"], {"organisation": "Acme"}, I),
        ("names", ["Cleo", "Dora", "Finn"], {"organisation": "Acme"}, I),
        ("names", "!= Cleo", {"organisation": "Acme"}, S),
        ("names", "Cleo", {"departed": "< 2023-04", "organisation": "Acme"}, S),
        # A row that fits in part: Dora may have left in January 2024, Emil in any month.
        ("departed", 2, {"departed": ">= 2024-01"}, I),
        ("departed", ">= 2", {"departed": ">= 2024-01"}, S),
        ("departed", "<= 3", {"departed": ">= 2024-01"}, S),
        ("departed", "> 3", {"departed": ">= 2024-01"}, C),
        ("departed", 3, {"departed": "!= 2024-01", "name": "!= Emil"}, I),
        ("remaining", 0, {"departed": ">= 2020-01"}, S),
        # A tenure that is not stated: three state one, and Emil's may be anything.
        ("mean_tenure", "> 0 months", None, I),
        ("mean_tenure", ">= 25 months", STATED, S),  # 23, 54 and 0 make 77; 25, 66 and 11 make 102
        ("mean_tenure", "> 34 months", STATED, C),
        ("mean_tenure", "= 26.33 months", STATED, I),
        ("mean_tenure", "= 26.5 months", STATED, C),  # no third of a number is 26.45 to 26.55
        ("departed", "<= 2", {"tenure": "> 2 years"}, I),
        ("departed", "<= 3", {"tenure": "> 2 years"}, S),
        ("median_tenure", "> 9 months", {"tenure": "> 1 year"}, I),
        # Nothing to measure.
        ("mean_tenure", "> 0 months", {"name": "Ada"}, I),
        ("share_departed", "= 100 %", {"departed": "< 2023-01"}, I),
        ("share_departed", "= 50 %", {"departed": "< 2023-01"}, C),
        ("share_departed", "= 100 %", {"departed": "< 2023-04"}, S),
        ("departed", 0, {"name": "Ada"}, S),
    ],
)
def test_an_expectation_is_read_and_decided(
    verdict_of: Callable[..., str],
    measure: str,
    expect: Any,
    where: dict[str, Any] | None,
    verdict: str,
) -> None:
    assert verdict_of(measure, expect, where) == verdict


def test_a_decimal_threshold_is_met_exactly(tmp_path: Path, make_cohort: Maker) -> None:
    # From 64 and four times 65 months, 324 in all, to 66 and four times 67, 334 in all: of five,
    # 64.8 months (5.4 years, though 12 * 5.4 is a little more in floats) to 66.8.
    assert 5.4 * 12 > 64.8
    tenures = ["5 years, 5 months", *["5 years, 6 months"] * 4]
    authors = [
        {"name": f"P{n}", "departed": "2024-01", "tenure": tenure}
        for n, tenure in enumerate(tenures)
    ]
    expected = {">= 5.4 years": S, "< 5.4 years": C, "> 5.4 years": I, "<= 66.8 months": S}
    claims = [{"measure": "mean_tenure", "expect": expect} for expect in expected]
    decisions = open_cohort(make_cohort(tmp_path, authors, claims))[1]
    assert [str(decision.verdict) for decision in decisions] == list(expected.values())


@pytest.mark.parametrize("form", ["אדה", "Ada", "אדה (Ada)"])
def test_a_name_in_the_ledger_may_be_in_either_form(
    tmp_path: Path, make_cohort: Maker, form: str
) -> None:
    printed = form if form != "Ada" else "אדה"
    folder = make_cohort(
        tmp_path,
        authors=[{"name": printed, "departed": "2023-03"}, {"name": "Ben"}],
        claims=[{"measure": "names", "expect": [form], "where": {"departed": "<= 2024-01"}}],
        glossary={"אדה": "Ada"},
    )
    assert [str(decision.verdict) for decision in open_cohort(folder)[1]] == [S]


def test_how_many_state_a_value_is_kept_with_the_measurement(
    tmp_path: Path, make_cohort: Maker
) -> None:
    folder = make_cohort(
        tmp_path, authors=SIX, claims=[{"measure": "mean_tenure", "expect": "> 0 months"}]
    )
    (decision,) = open_cohort(folder)[1]
    assert (decision.measured.stated, decision.measured.needed) == (3, 4)


def test_a_whole_number_of_years_is_not_a_rounded_one(tmp_path: Path, make_cohort: Maker) -> None:
    """Five years exactly, half a year printed as a decimal, and a share: what rounds to each."""
    claims = [
        {"measure": "mean_tenure", "expect": "= 5 years"},
        {"measure": "mean_tenure", "expect": "= 5.5 years"},
        {"measure": "mean_tenure", "expect": "= 66"},
        {"measure": "share_departed", "expect": "= 78 %"},
        {"measure": "share_departed", "expect": "= 78.57 %"},
        {"measure": "departed", "expect": "= 2"},
    ]
    read = read_claims(make_cohort(tmp_path, claims=claims))
    assert [claim.expectation.value for claim in read] == [60, 66, 66, 78, 78.57, 2]
    printed = [claim.expectation.printed for claim in read]
    assert [printed[0], printed[2], printed[5]] == [None, None, None]
    # 5.45 and 5.55 years are 65.4 and 66.6 months.
    assert printed[1] == pytest.approx((65.4, 66.6))
    assert printed[3] == (77.5, 78.5)
    assert printed[4] == pytest.approx((78.565, 78.575))


def test_what_is_published_of_a_whole_number_is_whole(llama: list[Decision]) -> None:
    published = {entry["id"]: entry for entry in to_json(llama)}
    assert type(published["eleven-departed"]["low"]) is int
    assert type(published["mean-tenure-over-five-years"]["low"]) is int
    assert type(published["mean-tenure-over-five-years"]["high"]) is float


def test_a_claim_about_an_organisation_has_no_number_to_compare_with(llama: list[Decision]) -> None:
    assert any(decision.claim.measure == "top_destination" for decision in llama)
    assert claimed_value(llama, "top_destination") is None


def test_a_text_may_be_expected_as_printed_or_in_english(
    tmp_path: Path, make_cohort: Maker
) -> None:
    authors = [
        {"name": "Ada", "departed": "2023", "organisation": "Akme"},
        {"name": "Ben", "departed": "2023", "organisation": "Akme"},
        {"name": "Cleo", "departed": "2023", "organisation": "Other"},
    ]
    texts = ["Akme", "Acme", "Other", "Nowhere"]
    claims = [{"measure": "top_destination", "expect": text} for text in texts]
    claims.append({"measure": "top_destination", "expect": "!= Nowhere"})
    folder = make_cohort(tmp_path, authors, claims, glossary={"Akme": "Acme"})
    verdicts = [decision.verdict for decision in open_cohort(folder)[1]]
    assert verdicts == ["supported", "supported", "contradicted", "contradicted", "supported"]


def test_a_condition_may_reach_to_the_end_of_what_is_possible(
    tmp_path: Path, make_cohort: Maker
) -> None:
    """No tenure is shorter than none, and none began before all months."""
    wheres = [{"tenure": "<= 0"}, {"tenure": ">= 0"}, {"departed": "<= 1900-01"}]
    claims = [{"measure": "departed", "expect": ">= 0", "where": where} for where in wheres]
    decisions = open_cohort(make_cohort(tmp_path, claims=claims))[1]
    assert [decision.verdict for decision in decisions] == ["supported"] * 3


def test_every_condition_of_a_claim_is_looked_at(tmp_path: Path, make_cohort: Maker) -> None:
    where = {"tenure": ">= 1", "name": "Nobody", "departed": "> 2050-01"}
    folder = make_cohort(tmp_path, claims=[{"measure": "departed", "expect": 1, "where": where}])
    with pytest.raises(InputError) as caught:
        open_cohort(folder)
    assert [problem.where.split(", ")[-1] for problem in caught.value.problems] == [
        "where.name",
        "where.departed",
    ]


def test_where_no_text_is_known_nothing_is_accepted(tmp_path: Path, make_cohort: Maker) -> None:
    claim = {"measure": "departed", "expect": 0, "where": {"organisation": "Acme"}}
    folder = make_cohort(tmp_path, [{"name": "Ada"}], [claim])
    with pytest.raises(InputError, match=r'no row has "Acme"\.?\n? +Accepted: nothing'):
        open_cohort(folder)


def test_at_most_twenty_texts_are_offered(tmp_path: Path, make_cohort: Maker) -> None:
    authors = [{"name": f"P{number:02}"} for number in range(30)]
    claim = {"measure": "departed", "expect": 0, "where": {"name": "Ada"}}
    with pytest.raises(InputError) as caught:
        open_cohort(make_cohort(tmp_path, authors, [claim]))
    assert caught.value.problems[0].accepted.endswith('"P19"')


def test_the_expected_names_are_looked_for_with_their_operator(
    tmp_path: Path, make_cohort: Maker
) -> None:
    claim = {"measure": "names", "expect": "!= Nobody"}
    with pytest.raises(InputError, match='expect: no row has "Nobody"'):
        open_cohort(make_cohort(tmp_path, claims=[claim]))


@pytest.mark.parametrize(
    ("key", "value", "what", "accepted"),
    [
        ("says", " ", "is empty", "a text"),
        ("says", 7, "cannot take 7", "a text"),
        ("reading", "", "is empty", "a text"),
        ("reading", 7, "cannot take 7", "a text"),
        ("says_he", "", "is empty", "a text"),
        ("reading_he", 7, "cannot take 7", "a text"),
    ],
)
def test_a_text_of_a_claim_is_a_text(
    key: str, value: object, what: str, accepted: str, tmp_path: Path, make_cohort: Maker
) -> None:
    folder = make_cohort(tmp_path, claims=[{key: value}])
    with pytest.raises(InputError) as caught:
        read_claims(folder)
    (problem,) = caught.value.problems
    assert problem.where.endswith(f'claims.toml, claim "claim-1", {key}')
    assert (problem.what, problem.accepted) == (what, accepted)


def test_a_number_is_no_text_to_expect(tmp_path: Path, make_cohort: Maker) -> None:
    folder = make_cohort(tmp_path, claims=[{"measure": "top_destination", "expect": 5}])
    with pytest.raises(InputError, match="cannot read 5 for top_destination"):
        read_claims(folder)


def test_the_hebrew_of_a_claim_is_for_the_hebrew_edition(
    tmp_path: Path, make_cohort: Maker
) -> None:
    source = {"url": "https://example.org", "finding": "So it is.", "finding_he": "כך הוא."}
    claims = [
        {"says_he": "משהו.", "reading": "so", "reading_he": "כך", "verdict": "supported",
         "sources": [source]},
        {"measure": "names", "expect": ["Ada"], "where": {"name": "Ada"}},
    ]  # fmt: skip
    authors = [{"name": "אדה (Ada)", "departed": "2023", "organisation": "אקמה"}]
    folder = make_cohort(tmp_path, authors, claims, language="he", glossary={"אקמה": "Acme"})
    english, hebrew = (open_cohort(folder, language)[1] for language in ("en", "he"))
    open_cohort(folder)
    says = [(each[0].says, each[0].reading) for each in (english, hebrew)]
    assert says == [("Something.", "so"), ("משהו.", "כך")]
    findings = [each[0].claim.sources[0].finding.said(each.language) for each in (english, hebrew)]
    assert findings == ["So it is.", "כך הוא."]
    assert hebrew[1].says == "Something."
    assert [hebrew[1].edition.text(text) for text in ("Ada", "Acme")] == ["אדה", "אקמה"]
    assert [each[1].verdict for each in (english, hebrew)] == ["supported"] * 2


def test_a_tie_for_the_top_is_inconclusive(tmp_path: Path, make_cohort: Maker) -> None:
    authors = [
        {"name": f"P{n}", "departed": "2023-03", "organisation": place}
        for n, place in enumerate(["Acme", "Birch", "Birch", "Acme", "Cog"])
    ]
    asked = {"Acme": I, "!= Birch": I, "Cog": C, "!= Cog": S}
    claims = [{"measure": "top_destination", "expect": expect} for expect in asked]
    decisions = open_cohort(make_cohort(tmp_path, authors, claims))[1]
    assert [str(decision.verdict) for decision in decisions] == list(asked.values())
    assert to_json(decisions)[0]["low"] == "Acme"
    assert to_json(decisions)[0]["high"] == "Birch"


# --- the ledger as a whole


def test_without_a_ledger_there_are_no_claims(tmp_path: Path, make_cohort: Maker) -> None:
    assert list(open_cohort(make_cohort(tmp_path))[1]) == []


def test_claims_keep_their_order_and_their_words(tmp_path: Path, make_cohort: Maker) -> None:
    claims = [
        {"id": "b", "says": "  Most\nhave left. ", "reading": "most: over half"},
        {"id": "a", "measure": "departed", "expect": 2},
        {
            "id": "c",
            "verdict": "contradicted",
            "sources": [{"url": "https://a.example/x", "finding": "None did."}],
        },
    ]
    folder = make_cohort(tmp_path, claims=claims)
    decisions = open_cohort(folder)[1]
    assert [decision.claim.id for decision in decisions] == ["b", "a", "c"]
    assert decisions[0].says == "Most have left."
    assert decisions[2].claim.sources[0].finding.english == "None did."
    nothing = dict.fromkeys(
        ["measure", "where", "expect", "low", "high", "stated", "needed", "checked_by"]
        + ["reading", "readings", "sources", "counted", "possible", "by_construction"]
        + ["rows_to_change"]
    )
    source = {"url": "https://a.example/x", "finding": "None did."}
    assert to_json(decisions) == [
        nothing
        | {"id": "b", "says": "Most have left.", "source": "line 1", "verdict": "untestable"}
        | {"reading": "most: over half"},
        nothing
        | {"id": "a", "says": "Something.", "source": "line 1", "verdict": "supported"}
        | {"measure": "departed", "expect": 2, "low": 2, "high": 2, "stated": 3, "needed": 3}
        | {"counted": ["Ben", "Cleo"], "possible": ["Ben", "Cleo"], "checked_by": "table"}
        | {"by_construction": False, "rows_to_change": 1},
        nothing
        | {"id": "c", "says": "Something.", "source": "line 1", "verdict": "contradicted"}
        | {"sources": [source], "checked_by": "sources"},
    ]


# --- a claim that can be read in several ways


def in_two_ways(tmp_path: Path, make_cohort: Maker, *expected: str) -> Decision:
    """ "Some had left": as so many departures, of the two out of three."""
    readings = [
        {"reading": f"some: {expect}", "measure": "departed", "expect": expect}
        for expect in expected
    ]
    folder = make_cohort(tmp_path, claims=[{"id": "some", "readings": readings}])
    (decision,) = open_cohort(folder)[1]
    return decision


@pytest.mark.parametrize(
    ("expected", "verdict", "depends"),
    [
        ((">= 1", ">= 2"), S, False),
        ((">= 3", ">= 4"), C, False),
        ((">= 2", ">= 3"), I, True),
        ((">= 3", ">= 2", ">= 1"), I, True),
    ],
)
def test_the_verdict_is_the_one_on_which_all_readings_agree(
    tmp_path: Path, make_cohort: Maker, expected: tuple[str, ...], verdict: str, depends: bool
) -> None:
    decision = in_two_ways(tmp_path, make_cohort, *expected)
    assert (decision.verdict, decision.depends_on_reading) == (verdict, depends)
    assert decision.checked_by == "table"
    assert [reading.claim.expect for reading in decision.readings] == list(expected)
    assert {reading.claim.id for reading in decision.readings} == {"some"}


def test_a_claim_that_depends_on_its_reading_says_so_and_explains_each(
    tmp_path: Path, make_cohort: Maker
) -> None:
    decision = in_two_ways(tmp_path, make_cohort, ">= 2", ">= 3")
    assert decision.found == "depends on the reading"
    assert decision.expected == "at least 2; at least 3"
    assert decision.explain().text.splitlines() == [
        "Something.",
        "  Verdict: inconclusive",
        "  Found: depends on the reading",
        "  Read as: some: >= 2",
        "  Verdict: supported",
        "  Found: 2",
        "  Needed: at least 2",
        "  Counted: Ben and Cleo",
        "  Read as: some: >= 3",
        "  Verdict: contradicted",
        "  Found: 2",
        "  Needed: at least 3",
        "  Counted: Ben and Cleo",
        # Ada left as well, or one of the others stayed.
        "  What would change it: A mistake in one row, any of the three, could change the verdict.",
        "  In the article: line\u00a01",
    ]


def test_a_claim_whose_readings_agree_says_what_each_of_them_found(
    tmp_path: Path, make_cohort: Maker
) -> None:
    decision = in_two_ways(tmp_path, make_cohort, ">= 1", ">= 2")
    assert decision.found == "2"
    assert decision.expected == "at least 1; at least 2"


def test_the_readings_of_a_claim_are_published_each_with_its_own_verdict(
    tmp_path: Path, make_cohort: Maker
) -> None:
    readings = [
        {"reading": "two", "measure": "departed", "expect": 2, "where": {"name": ["Ada", "Ben"]}},
        {"reading": "to Acme", "measure": "top_destination", "expect": "!= Birch"},
    ]
    (entry,) = to_json(open_cohort(make_cohort(tmp_path, claims=[{"readings": readings}]))[1])
    assert entry["readings"] == [
        {
            "reading": "two",
            "measure": "departed",
            "where": {"name": ["Ada", "Ben"]},
            "expect": 2,
            "low": 1,
            "high": 1,
            "stated": 2,
            "needed": 2,
            "verdict": "contradicted",
            "counted": ["Ben"],
            "possible": ["Ben"],
        },
        {
            "reading": "to Acme",
            "measure": "top_destination",
            "where": None,
            "expect": "!= Birch",
            "low": "Acme",
            "high": "Birch",
            "stated": 2,
            "needed": 2,
            "verdict": "inconclusive",
            "counted": ["Ben", "Cleo"],
            "possible": ["Ben", "Cleo"],
        },
    ]
    assert (entry["verdict"], entry["checked_by"]) == (I, "table")
    parents = ["reading", "measure", "where", "expect", "low", "high", "stated", "needed"]
    assert [entry[key] for key in [*parents, "counted", "possible"]] == [None] * 10


# --- a claim that cannot fail

# Ada stayed; Ben and Cleo left in March 2023, Dov early in 2024 and Emil in some unknown month.
ON_LINES = [
    {"name": "Ada", "source": "line 4"},
    {"name": "Ben", "departed": "2023-03", "tenure": "2 years, 1 month", "source": "lines 10-12"},
    {"name": "Cleo", "departed": "2023-03", "tenure": "2 years", "source": "lines 13-15"},
    {"name": "Dov", "departed": "early 2024", "source": "https://a.example/dov"},
    {"name": "Emil", "departed": "2024-02", "source": "line 20"},
]
WHO = {"name": ["Ben", "Cleo"]}


@pytest.mark.parametrize(
    ("source", "measure", "expect", "where", "by_construction"),
    [
        # Ada's own line says that she stayed.
        ("line 4", "remaining", 1, {}, True),
        ("lines 3-4", "remaining", 1, {}, True),
        ("line 5", "remaining", 1, {}, False),
        # Contradicted, or only perhaps true: it can fail.
        ("line 4", "remaining", 2, {}, False),
        # Both rows, and not one of them alone.
        ("lines 10-15", "departed", 2, WHO, True),
        ("lines 12-13", "departed", 2, WHO, True),
        ("line 11", "departed", 2, WHO, False),
        # No row is counted, so none can say it.
        ("lines 1-99", "departed", 0, {"departed": "> 2024-12"}, False),
        # Of a share, those who stayed decide as well.
        ("lines 10-15", "share_departed", "100 %", WHO, True),
        ("lines 10-15", "share_departed", "< 100 %", {"name": ["Ada", "Ben", "Cleo"]}, False),
        ("lines 4-15", "share_departed", "< 100 %", {"name": ["Ada", "Ben", "Cleo"]}, True),
        # The first departure is that of Ben or of Cleo, whichever is looked at.
        ("lines 10-15", "first_departure", "2023-03", {}, True),
        ("line 10", "first_departure", "2023-03", {}, False),
        # The last one may be Emil's, and may be that of Dov, who has no line.
        ("lines 1-99", "last_departure", ">= 2024-01", {}, False),
        ("line 20", "last_departure", "2024-02", {"name": ["Ben", "Emil"]}, True),
        # 24 to 26 months, and 18 to 30: either can be the shortest.
        ("line 14", "shortest_tenure", "< 3 years", WHO, False),
        ("lines 12-14", "shortest_tenure", "< 3 years", WHO, True),
        # An address is no line.
        ("https://a.example/dov", "departed", 1, {"name": "Dov"}, False),
    ],
)
def test_a_claim_on_the_lines_of_all_rows_that_decide_it_holds_by_construction(
    tmp_path: Path,
    make_cohort: Maker,
    source: str,
    measure: str,
    expect: object,
    where: dict[str, Any],
    by_construction: bool,
) -> None:
    claim = {"source": source, "measure": measure, "expect": expect} | (
        {"where": where} if where else {}
    )
    (decision,) = open_cohort(make_cohort(tmp_path, ON_LINES, [claim]))[1]
    assert decision.verdict == (C if expect == 2 and measure == "remaining" else S)
    assert decision.by_construction is by_construction
    assert ("Holds by construction" in decision.explain().text) is by_construction


def test_a_claim_with_readings_holds_by_construction_only_in_all_of_them(
    tmp_path: Path, make_cohort: Maker
) -> None:
    stayed = {"reading": "one stayed", "measure": "remaining", "expect": 1}
    most = {"reading": "a minority stayed", "measure": "share_departed", "expect": "> 50 %"}
    claims = [
        {"source": "line 4", "readings": [stayed, most]},
        {"source": "line 4", "readings": [stayed, stayed]},
    ]
    decisions = open_cohort(make_cohort(tmp_path, ON_LINES, claims))[1]
    assert [decision.by_construction for decision in decisions] == [False, True]


def test_what_the_article_says_of_who_stayed_and_of_its_last_row_cannot_fail(
    llama: list[Decision],
) -> None:
    """Their lines are those of the rows; what it says on line 7 of those who left can fail."""
    assert [decision.claim.id for decision in llama if decision.by_construction] == [
        "three-remain",
        "who-remains",
        "last-departure-february-2025",
    ]


def test_an_end_that_nothing_bounds_is_published_as_null(
    tmp_path: Path, make_cohort: Maker
) -> None:
    claims = [
        {"measure": "half_gone", "expect": "> 1 year"},
        {"measure": "first_departure", "expect": "2023-03", "where": {"name": "Emil"}},
    ]
    authors = [{"name": "Ada"}, {"name": "Ben"}, {"name": "Emil", "departed": "unknown"}]
    entries = to_json(open_cohort(make_cohort(tmp_path, authors, claims))[1])
    # June 2025 at the earliest, 28 months after the paper.
    assert (entries[0]["low"], entries[0]["high"], entries[0]["verdict"]) == (28, None, S)
    assert (entries[1]["low"], entries[1]["high"]) == (None, "2025-05")


def test_a_ledger_is_decided_only_where_it_can_be_met(tmp_path: Path, make_cohort: Maker) -> None:
    claims = [{"measure": "departed", "expect": 1, "where": {"name": "Bem"}}]
    folder = make_cohort(tmp_path, claims=claims)
    cohort = open_cohort(make_cohort(tmp_path, name="good"))[0]
    with pytest.raises(InputError, match='where.name: no row has "Bem"'):
        decide(cohort, read_claims(folder))


# --- gaps in a range, worked out by hand


def decided(make_cohort: Any, folder: Path, authors: list[dict[str, str]], **claim: Any) -> Any:
    cohort = load_cohort(make_cohort(folder, authors=authors, claims=[claim]))
    (decision,) = decide(cohort, read_claims(cohort.folder))
    return decision


TWO_YEARS = [{"name": "Ada", "organisation": "Acme", "departed": "2023-03", "tenure": "2 years"}]


@pytest.mark.parametrize(
    ("expect", "verdict"), [("= 24 months", "contradicted"), ("!= 24 months", "inconclusive")]
)
def test_a_length_that_the_condition_takes_out_is_seen(
    tmp_path: Path, make_cohort: Any, expect: str, verdict: str
) -> None:
    """18 to 30 months but not 24, if Ada counts at all; if not, there is nothing to measure."""
    claim = {"measure": "longest_tenure", "where": {"tenure": "!= 2 years"}, "expect": expect}
    decision = decided(make_cohort, tmp_path, TWO_YEARS, **claim)
    assert (decision.verdict, decision.exhaustive) == (verdict, True)


@pytest.mark.parametrize(
    ("measure", "expect", "verdict"),
    [
        ("first_departure", "= 2023-03", "inconclusive"),
        ("first_departure", "!= 2023-03", "inconclusive"),
        ("last_departure", "= 2023-03", "supported"),
    ],
)
def test_who_left_in_any_month_may_have_left_before_the_one_that_is_taken_out(
    tmp_path: Path, make_cohort: Any, measure: str, expect: str, verdict: str
) -> None:
    """Ada left in March 2023, Ben in any month up to it but the one before."""
    authors = [{"name": "Ada", "departed": "2023-03"}, {"name": "Ben", "departed": "..2023-03"}]
    claim = {"measure": measure, "where": {"departed": "!= 2023-02"}, "expect": expect}
    assert decided(make_cohort, tmp_path, authors, **claim).verdict == verdict


@pytest.mark.parametrize(
    ("expect", "verdict"),
    [
        ("= 20 months", "contradicted"),
        ("!= 20 months", "supported"),
        ("= 25 months", "inconclusive"),
        ("!= 25 months", "inconclusive"),
        ("= 1.5 years", "contradicted"),  # whatever rounds to it: 17.4 to 18.6 months
        ("= 2.2 years", "inconclusive"),  # 25.8 to 27 months
    ],
)
def test_a_median_that_no_choice_of_rows_gives_is_seen(
    tmp_path: Path, make_cohort: Any, expect: str, verdict: str
) -> None:
    """Ada's 9 to 11 months, or half of hers and Ben's 39 to 41 together: 24 to 26."""
    authors = [
        {"name": "Ada", "departed": "2023-03", "tenure": "10 months"},
        {"name": "Ben", "departed": "2023", "tenure": "40 months"},
    ]
    claim = {"measure": "median_tenure", "where": {"departed": "<= 2023-06"}, "expect": expect}
    decision = decided(make_cohort, tmp_path, authors, **claim)
    assert (decision.measured.value.low, decision.measured.value.high) == (9, 26)
    assert (decision.verdict, decision.exhaustive) == (verdict, True)


@pytest.mark.parametrize(
    ("expect", "verdict"),
    [("= 60 %", "contradicted"), ("!= 60 %", "supported"), ("= 67 %", "inconclusive")],
)
def test_a_share_that_no_choice_of_rows_gives_is_seen(
    tmp_path: Path, make_cohort: Any, expect: str, verdict: str
) -> None:
    """One of two has left, or, if Cleo's 78 to 90 months are not 84, two of three."""
    authors = [
        {"name": "Ada", "tenure": "2 years, 1 month"},
        {"name": "Ben", "departed": "2023-03", "tenure": "2 years, 1 month"},
        {"name": "Cleo", "departed": "2023-04", "tenure": "7 years"},
    ]
    claim = {"measure": "share_departed", "where": {"tenure": "!= 84 months"}, "expect": expect}
    assert decided(make_cohort, tmp_path, authors, **claim).verdict == verdict


@pytest.mark.parametrize(("people", "exhaustive"), [(6, True), (7, False)])
def test_more_than_10_000_combinations_are_not_tried_and_that_is_said(
    tmp_path: Path, make_cohort: Any, people: int, exhaustive: bool
) -> None:
    """Each may not belong, or have 24, 25 or 26 months: 4 ** 6 is 4,096, and 4 ** 7 is 16,384."""
    authors = [
        {"name": f"Ada {number}", "departed": "2023", "tenure": "2 years, 1 month"}
        for number in range(people)
    ]
    claim = {"measure": "median_tenure", "where": {"departed": "<= 2023-06"}}
    decision = decided(make_cohort, tmp_path, authors, **claim, expect="= 25 months")
    assert (decision.verdict, decision.exhaustive) == ("inconclusive", exhaustive)
    said = CliRunner().invoke(app, ["check", "--cohort", str(tmp_path / "team")]).stdout
    assert ("not every combination was tried" in said) is not exhaustive


def test_half_that_have_not_gone_will_go_after_the_last_month(
    tmp_path: Path, make_cohort: Any
) -> None:
    """The paper is of February 2023 and the table ends 27 months later, in May 2025."""
    authors = [{"name": "Ada"}, {"name": "Ben"}, {"name": "Cleo", "departed": "2023-03"}]
    for expect, verdict in (
        ("<= 27 months", "contradicted"),
        ("<= 28 months", "inconclusive"),
        ("> 27 months", "supported"),
    ):
        claim = {"measure": "half_gone", "expect": expect}
        assert decided(make_cohort, tmp_path / expect, authors, **claim).verdict == verdict


def test_a_median_over_nobody_supports_nothing(tmp_path: Path, make_cohort: Any) -> None:
    """Ada left in January to December 2023: before July she may or may not have."""
    authors = [{"name": "Ada", "departed": "2023", "tenure": "10 months"}]
    for expect, verdict in (("<= 11 months", "inconclusive"), ("> 11 months", "contradicted")):
        claim = {"measure": "median_tenure", "where": {"departed": "< 2023-07"}, "expect": expect}
        assert decided(make_cohort, tmp_path / expect, authors, **claim).verdict == verdict


def test_ten_times_the_claims_take_ten_times_the_work(tmp_path: Path, make_cohort: Any) -> None:
    authors = [
        {"name": f"Ada {number}", "departed": "early 2023", "tenure": "4 years"}
        for number in range(20)
    ]

    def work_of(number: int) -> int:
        claims = [
            {
                "measure": ("departed", "mean_tenure", "last_departure")[each % 3],
                "where": {"departed": f">= {1980 + each % 43}-{each // 43 % 12 + 1:02d}"},
                "expect": ("= 3", "= 3.5 years", "= 2023-02")[each % 3],
            }
            for each in range(number)
        ]
        cohort = load_cohort(make_cohort(tmp_path / str(number), authors=authors, claims=claims))
        ledger = read_claims(cohort.folder)
        return calls_of(lambda: [each.verdict for each in decide(cohort, ledger)])

    work_of(5)  # what is made once
    assert work_of(510) < 10.5 * work_of(51)
