"""The headline and the opening, over cohorts and ledgers of every shape, in both languages."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from analysis_helpers.claims import Decision, Ledger
from analysis_helpers.cohort import Cohort
from analysis_helpers.measures import MEASURES
from analysis_helpers.opening import open_cohort
from analysis_helpers.ranges import Verdict
from analysis_helpers.summary import (
    Standing,
    Subject,
    headline,
    standfirst,
    standings,
    subject,
    unsettled,
)

Maker = Callable[..., Path]

CHECKED = (
    "This report checks an article about Initech and the team against its own list of authors, not"
    " against independent records. "
)
CHECKED_HE = (
    "כתבה על Initech ועל the team נבדקה כאן מול נתוני המחברים שבה עצמה, שלא אומתו ממקור אחר. "
)


STAYED: list[dict[str, Any]] = [{"name": "Ada"}, {"name": "Ben"}, {"name": "Cleo"}]
LEFT: list[dict[str, Any]] = [
    {"name": "Ada", "organisation": "Acme", "departed": "2023-03", "tenure": "2 years, 1 month"},
    {"name": "Ben", "organisation": "Acme", "departed": "2023-05", "tenure": "4 years"},
]
SOURCED = [{"url": "https://example.org/a", "finding": "It says so."}]


def claim(measure: str, expect: str, line: int = 99, **more: Any) -> dict[str, Any]:
    return {"measure": measure, "expect": expect, "source": f"line {line}", **more}


TWO_LEFT, ALL_LEFT = claim("departed", "= 2"), claim("share_departed", "100 %")
# Ben's four years are three and a half to four and a half: with Ada's two, 33 to 40 months.
LONG, LONGER, LONGEST = (claim("mean_tenure", f"> {years} years") for years in (2, 3, 5))
SPRING, SUMMER = claim("last_departure", "<= 2023-05"), claim("last_departure", ">= 2023-06")
BY_APRIL = claim("departed", "= 2", where={"departed": "<= 2023-04"})
OUTSIDE: dict[str, Any] = {"source": "line 99", "sources": SOURCED, "verdict": "contradicted"}
UNCHECKED: dict[str, Any] = {"source": "line 99"}
# The rows of both stand in lines 1 and 2, and so does the claim: it cannot fail.
REPEATED = {"measure": "departed", "expect": "= 2", "source": "lines 1-2"}


@pytest.mark.parametrize(
    ("people", "claims", "said", "opening", "said_he", "opening_he"),
    [
        pytest.param(
            STAYED, None,
            "None of the three authors has left Initech",
            "No claim of the article has been entered yet.",
            "אף אחד משלושת המחברים לא עזב את Initech",
            "טרם הוזנו טענות מן הכתבה.",
            id="nobody left, no ledger",
        ),
        pytest.param(
            STAYED[:1], None,
            "The only author has not left Initech",
            "No claim of the article has been entered yet.",
            "המחבר היחיד לא עזב את Initech",
            "טרם הוזנו טענות מן הכתבה.",
            id="one person, no ledger",
        ),
        pytest.param(
            LEFT, [UNCHECKED, UNCHECKED],
            "Both authors have left Initech",
            "That list can test none of the article’s claims.",
            "שני המחברים עזבו את Initech",
            "אי אפשר לבדוק מולם אף אחת מטענותיה.",
            id="nothing checked",
        ),
        pytest.param(
            LEFT, [OUTSIDE, UNCHECKED],
            "Both authors have left Initech",
            "That list can test none of the article’s claims; outside sources speak to one of"
            " them.",
            "שני המחברים עזבו את Initech",
            "אי אפשר לבדוק מולם אף אחת מטענותיה; מקורות חיצוניים נוגעים לאחת מהן.",
            id="only an outside source",
        ),
        pytest.param(
            LEFT, [OUTSIDE, OUTSIDE, OUTSIDE],
            "Both authors have left Initech",
            "That list can test none of the article’s claims; outside sources speak to three of"
            " them.",
            "שני המחברים עזבו את Initech",
            "אי אפשר לבדוק מולם אף אחת מטענותיה; מקורות חיצוניים נוגעים לשלוש מהן.",
            id="only outside sources",
        ),
        pytest.param(
            LEFT, [REPEATED],
            "Both authors have left Initech",
            "That list can test none of the article’s claims.",
            "שני המחברים עזבו את Initech",
            "אי אפשר לבדוק מולם אף אחת מטענותיה.",
            id="only what holds by construction",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, ALL_LEFT],
            "By the article’s list, both authors have left Initech",
            "What it says about how many left agrees with that list. Both of its claims are"
            " supported.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech",
            "מה שנאמר בה על מספר העוזבים תואם את נתוניה. שתי הטענות שבה נתמכו.",
            id="everybody left, one subject holds",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, LONG, SPRING],
            "The article’s figures add up",
            "What it says about how many left, how long they had been at Initech and when"
            " they left agrees with that list. All three of its claims are supported.",
            "הטענות שבכתבה תואמות את נתוניה",
            "מה שנאמר בה על מספר העוזבים, על הוותק ב-Initech ועל מועדי העזיבה תואם את נתוניה."
            " כל שלוש הטענות שבה נתמכו.",
            id="everything holds",
        ),
        pytest.param(
            STAYED, [TWO_LEFT, ALL_LEFT, claim("remaining", "<= 1")],
            "The departures do not add up",
            "All three of its claims are contradicted.",
            "מה שנאמר בכתבה על מספר העוזבים אינו תואם את נתוניה",
            "כל שלוש הטענות שבה הופרכו.",
            id="nobody left, all contradicted",
        ),
        pytest.param(
            LEFT, [LONGEST, SUMMER],
            "The article’s figures do not add up",
            "Both of its claims are contradicted.",
            "הטענות שבכתבה אינן תואמות את נתוניה",
            "שתי הטענות שבה הופרכו.",
            id="all contradicted, two subjects",
        ),
        pytest.param(
            LEFT[:1], [SUMMER],
            "The article’s timeline does not add up",
            "Its only claim is contradicted.",
            "מה שנאמר בכתבה על מועדי העזיבה אינו תואם את נתוניה",
            "הטענה היחידה שבה הופרכה.",
            id="one person, the timeline fails",
        ),
        pytest.param(
            LEFT[:1], [SPRING],
            "The article’s timeline adds up",
            "What it says about when they left agrees with that list. Its only claim is"
            " supported.",
            "מה שנאמר בכתבה על מועדי העזיבה תואם את נתוניה",
            "מה שנאמר בה על מועדי העזיבה תואם את נתוניה. הטענה היחידה שבה נתמכה.",
            id="one person, the timeline holds",
        ),
        pytest.param(
            LEFT, [LONGER],
            "The years at Initech cannot be settled",
            "Its only claim is inconclusive.",
            "אין הכרעה לגבי מה שנאמר בכתבה על הוותק ב-Initech",
            "הטענה היחידה שבה לא הוכרעה.",
            id="inconclusive",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, SUMMER, LONGER, LONG],
            "By the article’s list, both authors have left Initech; the years at Initech add"
            " up only in part, the article’s timeline not at all",
            "What it says about how many left agrees with that list."
            " Of the article’s four claims, two"
            " are supported, one is inconclusive and one is contradicted.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech; מה שנאמר בכתבה על הוותק ב-Initech"
            " תואם את נתוניה רק בחלקו, ומה שנאמר על מועדי העזיבה – כלל לא",
            "מה שנאמר בה על מספר העוזבים תואם את נתוניה. מארבע הטענות שבה, שתיים נתמכו, אחת"
            " לא הוכרעה ואחת הופרכה.",
            id="one holds, one in part, one fails",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, SUMMER],
            "By the article’s list, both authors have left Initech; the article’s"
            " timeline does not add up",
            "What it says about how many left agrees with that list."
            " Of the article’s two claims, one"
            " is supported and one is contradicted.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech; מה שנאמר בכתבה על מועדי העזיבה"
            " אינו תואם את נתוניה",
            "מה שנאמר בה על מספר העוזבים תואם את נתוניה. משתי הטענות שבה, אחת נתמכה ואחת"
            " הופרכה.",
            id="one holds, one fails",
        ),
        pytest.param(
            LEFT, [LONG, LONGER, LONGEST, LONGEST, BY_APRIL],
            "The years at Initech add up only in part, the article’s timeline not at all",
            "Of the article’s five claims, one is supported, one is inconclusive and three are"
            " contradicted.",
            "מה שנאמר בכתבה על הוותק ב-Initech תואם את נתוניה רק בחלקו, ומה שנאמר על מועדי"
            " העזיבה – כלל לא",
            "מחמש הטענות שבה, אחת נתמכה, אחת לא הוכרעה ושלוש הופרכו.",
            id="a departure in a window is about the timeline",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, LONGER],
            "By the article’s list, both authors have left Initech; the years at Initech"
            " cannot be settled",
            "What it says about how many left agrees with that list."
            " Of the article’s two claims, one"
            " is supported and one is inconclusive.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech; אין הכרעה לגבי מה שנאמר בכתבה על"
            " הוותק ב-Initech",
            "מה שנאמר בה על מספר העוזבים תואם את נתוניה. משתי הטענות שבה, אחת נתמכה ואחת לא"
            " הוכרעה.",
            id="one holds, one is open",
        ),
        pytest.param(
            # By list two and by source one; two stand in the rows' own lines; two are not checked.
            LEFT, [TWO_LEFT, SUMMER, OUTSIDE, REPEATED, REPEATED, UNCHECKED, UNCHECKED],
            "By the article’s list, both authors have left Initech; the article’s timeline does"
            " not add up",
            "What it says about how many left agrees with that list."
            " Of the article’s seven claims (one, on other matters,"
            " was held against outside sources), three are supported, two of them only because they"
            " repeat the list; two were not checked and two are contradicted.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech; מה שנאמר בכתבה על מועדי העזיבה אינו"
            " תואם את נתוניה",
            "מה שנאמר בה על מספר העוזבים תואם את נתוניה. משבע הטענות שבה (אחת,"
            " בעניינים אחרים, נבדקה מול מקורות חיצוניים), שלוש"
            " נתמכו, שתיים מהן רק משום שהן חוזרות על הנתונים; שתיים לא נבדקו ושתיים הופרכו.",
            id="of every kind",
        ),
        pytest.param(
            LEFT, [SUMMER, REPEATED],
            "The article’s timeline does not add up",
            "Of the article’s two claims, one is supported, but only because it repeats the"
            " list; one is"
            " contradicted.",
            "מה שנאמר בכתבה על מועדי העזיבה אינו תואם את נתוניה",
            "משתי הטענות שבה, אחת נתמכה, אך רק משום שהיא חוזרת על הנתונים; אחת הופרכה.",
            id="supported only by repetition",
        ),
    ],
)  # fmt: skip
def test_the_headline_and_the_opening_of_a_shape(
    people: list[dict[str, Any]],
    claims: list[dict[str, Any]] | None,
    said: str,
    opening: str,
    said_he: str,
    opening_he: str,
    tmp_path: Path,
    make_cohort: Maker,
) -> None:
    folder = make_cohort(tmp_path, people, claims)
    assert headline(*open_cohort(folder)) == said
    assert standfirst(*open_cohort(folder)) == CHECKED + opening
    assert headline(*open_cohort(folder, "he")) == said_he
    assert standfirst(*open_cohort(folder, "he")) == CHECKED_HE + opening_he


# --- properties, over every combination of subjects and of how their claims stand

# Ben left in March 2023 after 24 to 26 months, Cleo early in 2024 after 42 to 54; Ada stayed.
CLAIMS: dict[Subject, dict[str, dict[str, Any]]] = {
    Subject.WHO: {
        "supported": {"measure": "departed", "expect": "= 2"},
        "contradicted": {"measure": "departed", "expect": "= 3"},
        "inconclusive": {"measure": "names", "where": {"departed": "<= 2024-02"},
                         "expect": ["Ben"]},
    },
    Subject.TENURE: {
        "supported": {"measure": "mean_tenure", "expect": "> 2 years"},
        "contradicted": {"measure": "mean_tenure", "expect": "> 5 years"},
        "inconclusive": {"measure": "departed", "where": {"tenure": ">= 4 years"}, "expect": "1"},
    },
    Subject.DESTINATION: {
        "supported": {"measure": "destinations", "expect": "= 2"},
        "contradicted": {"measure": "departed", "where": {"organisation": "Acme"}, "expect": "2"},
        "inconclusive": {"measure": "top_destination", "expect": "Acme"},
    },
    Subject.TIMELINE: {
        "supported": {"measure": "first_departure", "expect": "= 2023-03"},
        "contradicted": {"measure": "departed", "where": {"departed": ">= 2025-01"}, "expect": "1"},
        "inconclusive": {"measure": "last_departure", "expect": "= 2024-02"},
    },
    Subject.ROLES: {
        "supported": {"measure": "roles_now", "expect": "= 0"},
        "contradicted": {"measure": "roles_now", "expect": "= 2"},
        "inconclusive": {"readings": [
            {"reading": "none", "measure": "roles_now", "expect": "= 0"},
            {"reading": "both", "measure": "roles_now", "expect": "= 2"},
        ]},
    },
}  # fmt: skip
OF = {
    Standing.HOLDS: ("supported",),
    Standing.IN_PART: ("supported", "contradicted", "inconclusive"),
    Standing.FAILS: ("contradicted", "inconclusive"),
    Standing.OPEN: ("inconclusive",),
}
NOUNS = {
    "en": ("the departures", "the years at Initech", "the destinations", "the article’s timeline",
           "the roles"),
    "he": ("על מספר העוזבים", "על הוותק ב-Initech", "על מקומות העבודה", "על מועדי העזיבה",
           "על התפקידים"),
}  # fmt: skip
LEAVING = {
    "en": "By the article’s list, two of the three authors have left Initech",
    "he": "לפי נתוני הכתבה, שניים משלושת המחברים עזבו את Initech",
}
CLAUSES = {
    "en": ("how many left", "how long they had been at Initech", "where they are now",
           "when they left", "what their roles were"),
    "he": ("מספר העוזבים", "הוותק ב-Initech", "מקומות העבודה כיום", "מועדי העזיבה", "התפקידים"),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, make_cohort: Maker
) -> dict[str, tuple[Cohort, Ledger]]:
    """A cohort with a claim of each verdict about each subject, in both languages."""
    claims = [
        {"id": f"{about.name.lower()}-{verdict}", "source": "line 99", **measured}
        for about, of in CLAIMS.items()
        for verdict, measured in of.items()
    ]
    folder = make_cohort(tmp_path_factory.mktemp("whole"), claims=claims)
    return {code: open_cohort(folder, code) for code in ("en", "he")}


def shapes(ledger: Ledger) -> Iterator[tuple[dict[Subject, Standing], Ledger]]:
    """Every way in which claims about some of the subjects can stand: 4 ways each, or none."""
    known = {decision.claim.id: decision for decision in ledger}
    for stands in product([None, *Standing], repeat=len(Subject)):
        stand = {about: how for about, how in zip(Subject, stands, strict=True) if how}
        chosen: list[Decision] = [
            known[f"{about.name.lower()}-{verdict}"]
            for about, how in stand.items()
            for verdict in OF[how]
        ]
        yield stand, Ledger(chosen, ledger.language)


@dataclass(frozen=True)
class Shape:
    """How the claims about some subjects stand, the claims, and what is said of them."""

    stand: dict[Subject, Standing]
    some: Ledger
    headline: str
    standfirst: str


@pytest.fixture(scope="module")
def told(
    whole: dict[str, tuple[Cohort, Ledger]], made_once: Callable[..., Path]
) -> dict[str, list[Shape]]:
    def tell(folder: Path) -> None:
        for code, (cohort, ledger) in whole.items():
            texts = [
                (headline(cohort, some), standfirst(cohort, some)) for _, some in shapes(ledger)
            ]
            (folder / f"{code}.json").write_text(json.dumps(texts), encoding="utf-8")

    folder = made_once("told", tell)
    return {
        code: [
            Shape(stand, some, *texts)
            for (stand, some), texts in zip(
                shapes(ledger), json.loads((folder / f"{code}.json").read_text()), strict=True
            )
        ]
        for code, (_, ledger) in whole.items()
    }


def positions(text: str, words: tuple[str, ...]) -> dict[Subject, int]:
    lower = text[:1].lower() + text[1:]
    return {
        about: lower.find(word) for about, word in zip(Subject, words, strict=True) if word in lower
    }


def test_each_claim_is_about_its_subject_and_has_its_verdict(
    whole: dict[str, tuple[Cohort, Ledger]],
) -> None:
    for decision in whole["en"][1]:
        about, _, verdict = decision.claim.id.partition("-")
        assert decision.verdict == verdict, decision.claim.id
        found = subject(decision.claim)
        assert found is not None
        assert found.name.lower() == about


def test_every_measure_is_about_something(tmp_path: Path, make_cohort: Maker) -> None:
    expect = {"count": "1", "percent": "1 %", "months": "1 months", "month": "2023-01",
              "text": "Acme", "names": ["Ben"]}  # fmt: skip
    claims = [claim(name, expect[entry.kind]) for name, entry in MEASURES.items()]
    _, ledger = open_cohort(make_cohort(tmp_path, claims=claims))
    assert len(ledger) == len(MEASURES)
    assert all(subject(decision.claim) is not None for decision in ledger)


def test_subjects_stand_as_their_claims_do(whole: dict[str, tuple[Cohort, Ledger]]) -> None:
    number = 0
    for stand, some in shapes(whole["en"][1]):
        assert standings(some) == stand
        number += 1
    assert number == 5**5


@pytest.mark.parametrize("code", ["en", "he"])
def test_a_headline_names_what_does_not_hold_and_parts_what_stands_apart(
    code: str, told: dict[str, list[Shape]]
) -> None:
    for shape in told[code]:
        stand, text = shape.stand, shape.headline
        assert re.search(r"[{}]|  |[.,;:–]$|\.", text) is None, text
        assert text[0] == text[0].upper()
        at = positions(text, NOUNS[code])
        if not stand or (len(set(stand.values())) == 1 < len(stand)):
            assert at == {}, text
            continue
        holding = {about for about, how in stand.items() if how is Standing.HOLDS}
        named, rest = set(stand), text
        if Subject.WHO in holding:  # it stands for all that holds
            named -= holding
            finding, _, rest = text.partition("; ")
            assert finding == LEAVING[code], text
            at = positions(rest, NOUNS[code])
        alike = {about for about in named if stand[about] is stand.get(Subject.ROLES)}
        if len(alike) > 1:
            named -= {Subject.ROLES}  # of which the opening speaks
        assert set(at) == named, text
        # What holds comes first, then what does in part, what fails, what is open.
        order = list(Standing)
        ranked = sorted(at, key=lambda about: at[about])
        assert ranked == sorted(
            named, key=lambda about: (order.index(stand[about]), list(Subject).index(about))
        ), text
        # A part with three subjects has a comma of its own.
        if any(Counter(stand[about] for about in named)[how] > 2 for how in Standing):
            assert rest.count("; ") == len({stand[about] for about in named}) - 1, text
        else:
            assert ";" not in rest


WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
IN_WORDS = dict(zip(WORDS, range(1, 10), strict=True))


def outcome(said: str) -> Counter[str]:
    """How many claims of each verdict a sentence counts."""
    if found := re.fullmatch(r"Its only claim is (\w+)|Both of its claims are (\w+)", said):
        return Counter({found[1] or found[2]: 1 if found[1] else 2})
    if found := re.fullmatch(r"All (\w+) of its claims are (\w+)", said):
        return Counter({found[2]: int(IN_WORDS.get(found[1], found[1]))})
    of, _, rest = said.partition(" claims, ")
    parts = {
        verdict: int(IN_WORDS.get(number, number))
        for number, verdict in re.findall(r"(\w+) (?:is|are) (\w+)", rest)
    }
    number = of.removeprefix("Of the article’s ")
    assert sum(parts.values()) == int(IN_WORDS.get(number, number)), said
    return Counter(parts)


@pytest.mark.parametrize("code", ["en", "he"])
def test_an_opening_names_what_holds_and_counts_all_claims(
    code: str, told: dict[str, list[Shape]]
) -> None:
    words = {"supported": "נתמכ", "inconclusive": "לא הוכרע", "contradicted": "הופרכ"}
    for shape in told[code]:
        stand, text = shape.stand, shape.standfirst
        assert re.search(r"[{}]|  |\.\.|, and ", text) is None, text
        sentences = text.removesuffix(".").split(". ")
        assert all(each[0] == each[0].upper() for each in sentences)
        holding = {about for about, how in stand.items() if how is Standing.HOLDS}
        assert set(positions(text, CLAUSES[code])) == holding, text
        assert len(sentences) == 2 + bool(holding), text
        if not stand:
            continue
        tallied = Counter(str(decision.verdict) for decision in shape.some)
        if code == "en":
            assert outcome(sentences[-1]) == tallied, text
        else:
            assert {verdict for verdict, word in words.items() if word in sentences[-1]} == set(
                tallied
            ), text


def test_english_agrees(told: dict[str, list[Shape]]) -> None:
    for shape in told["en"]:
        text, said = shape.headline, shape.standfirst
        # Of the subjects only the timeline is one thing, and only where it stands alone.
        for one in re.findall(r"([^,;]*?) (?:adds|does)\b", text):
            assert one.strip().lower() == "the article’s timeline", text
        for many in re.findall(r"([^;]*?) (?:add|do)\b", text):
            assert many.lower().rpartition(", ")[2] != "the article’s timeline", text
        assert not re.search(r"\bone (claims|are)|(two|three|four|five) (claim |is)", said), said


def test_hebrew_agrees(told: dict[str, list[Shape]]) -> None:
    for shape in told["he"]:
        text, said = shape.headline, shape.standfirst
        # What is said is singular and masculine, and all the claims together are feminine.
        wrong = r"תואמים|תואמות|אינם|אינן|בחלקם|בחלקן"
        if text.startswith("הטענות שבכתבה"):
            wrong = r"תואמים|תואם\b|אינם|אינו\b|בחלקם|בחלקו\b"
        assert not re.search(wrong, text), text
        assert not re.search("טענה (שתי|הופרכו)|טענות (אחת|הופרכה)", said), said
        assert set(re.findall("[A-Za-z]+", text + said)) <= {"Initech", "the", "team"}, said


def test_what_is_not_settled_is_listed_with_the_contradicted_first(
    whole: dict[str, tuple[Cohort, Ledger]],
) -> None:
    _, ledger = whole["en"]
    verdicts = [decision.verdict for decision in unsettled(ledger)]
    assert verdicts == [Verdict.CONTRADICTED] * 5 + [Verdict.INCONCLUSIVE] * 5
    ids = [decision.claim.id.partition("-")[0] for decision in unsettled(ledger)]
    assert ids == ["who", "tenure", "destination", "timeline", "roles"] * 2
