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
    "This report checks an article about Initech and the team against its own list of authors."
    " The list itself was not verified. "
)
CHECKED_HE = (
    "כתבה על Initech ועל the team נבדקה כאן מול הנתונים שהיא מביאה על המחברים; הנתונים עצמם לא"
    " אומתו. "
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
            "None of the three authors had left Initech by May 2025",
            "No claim of the article has been entered yet.",
            "אף אחד משלושת המחברים לא עזב את Initech עד מאי 2025",
            "טרם הוזנו טענות מן הכתבה.",
            id="nobody left, no ledger",
        ),
        pytest.param(
            STAYED[:1], None,
            "The only author had not left Initech by May 2025",
            "No claim of the article has been entered yet.",
            "המחבר היחיד לא עזב את Initech עד מאי 2025",
            "טרם הוזנו טענות מן הכתבה.",
            id="one person, no ledger",
        ),
        pytest.param(
            LEFT, [UNCHECKED, UNCHECKED],
            "Both authors had left Initech by May 2025",
            "The list can test none of the article’s claims.",
            "שני המחברים עזבו את Initech עד מאי 2025",
            "אי אפשר לבדוק מולם אף אחת מהטענות שבכתבה.",
            id="nothing checked",
        ),
        pytest.param(
            LEFT, [OUTSIDE, UNCHECKED],
            "Both authors had left Initech by May 2025",
            "The list can test none of the article’s claims; outside sources speak to one of"
            " them.",
            "שני המחברים עזבו את Initech עד מאי 2025",
            "אי אפשר לבדוק מולם אף אחת מהטענות שבכתבה; מקורות חיצוניים נוגעים לאחת מהן.",
            id="only an outside source",
        ),
        pytest.param(
            LEFT, [OUTSIDE, OUTSIDE, OUTSIDE],
            "Both authors had left Initech by May 2025",
            "The list can test none of the article’s claims; outside sources speak to three of"
            " them.",
            "שני המחברים עזבו את Initech עד מאי 2025",
            "אי אפשר לבדוק מולם אף אחת מהטענות שבכתבה; מקורות חיצוניים נוגעים לשלוש מהן.",
            id="only outside sources",
        ),
        pytest.param(
            LEFT, [REPEATED],
            "Both authors had left Initech by May 2025",
            "The list can test none of the article’s claims.",
            "שני המחברים עזבו את Initech עד מאי 2025",
            "אי אפשר לבדוק מולם אף אחת מהטענות שבכתבה.",
            id="only what holds by construction",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, ALL_LEFT],
            "By the article’s own list, both authors had left Initech by May 2025",
            "The text and the list agree on how many left in all. Both of the article’s"
            " claims are supported.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech עד מאי 2025",
            "מה שנאמר בכתבה על מספר העוזבים תואם את הנתונים. שתי הטענות שבכתבה נתמכו.",
            id="everybody left, one subject holds",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, LONG, SPRING],
            "By the article’s own list, both authors had left Initech by May 2025, and its other"
            " figures"
            " add up, too",
            "The text and the list agree on how many left in all, how long they had been at"
            " Initech and when they left. All three of the article’s claims are"
            " supported.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech עד מאי 2025, וגם שאר טענות הכתבה תואמות"
            " אותם",
            "מה שנאמר בכתבה על מספר העוזבים, על הוותק ב-Initech ועל מועדי העזיבה תואם את"
            " הנתונים. כל שלוש הטענות שבכתבה נתמכו.",
            id="everything holds",
        ),
        pytest.param(
            STAYED, [TWO_LEFT, ALL_LEFT, claim("remaining", "<= 1")],
            "The article’s own list contradicts it on how many left in all",
            "All three of the article’s claims are contradicted.",
            "נתוני הכתבה עצמה סותרים את מה שנאמר בה על מספר העוזבים",
            "כל שלוש הטענות שבכתבה הופרכו.",
            id="nobody left, all contradicted",
        ),
        pytest.param(
            LEFT, [LONGEST, SUMMER],
            "The article’s own list contradicts it on how long they had been at Initech and"
            " when they left",
            "Both of the article’s claims are contradicted.",
            "נתוני הכתבה עצמה סותרים את מה שנאמר בה על הוותק ב-Initech ועל מועדי העזיבה",
            "שתי הטענות שבכתבה הופרכו.",
            id="all contradicted, two subjects",
        ),
        pytest.param(
            LEFT[:1], [SUMMER],
            "The article’s own list contradicts it on when they left",
            "The article’s only claim is contradicted.",
            "נתוני הכתבה עצמה סותרים את מה שנאמר בה על מועדי העזיבה",
            "הטענה היחידה שבכתבה הופרכה.",
            id="one person, the timeline fails",
        ),
        pytest.param(
            LEFT[:1], [SPRING],
            "The article’s own list bears out what it says about when they left",
            "The text and the list agree on when they left. The article’s only claim is"
            " supported.",
            "נתוני הכתבה תומכים במה שנאמר בה על מועדי העזיבה",
            "מה שנאמר בכתבה על מועדי העזיבה תואם את הנתונים. הטענה היחידה שבכתבה נתמכה.",
            id="one person, the timeline holds",
        ),
        pytest.param(
            LEFT, [LONGER],
            "The article’s own list cannot settle what it says about how long they had been at"
            " Initech",
            "The article’s only claim is inconclusive.",
            "נתוני הכתבה אינם מכריעים לגבי מה שנאמר בה על הוותק ב-Initech",
            "הטענה היחידה שבכתבה לא הוכרעה.",
            id="inconclusive",
        ),
        pytest.param(
            LEFT, [LONG, LONGER],
            "The article’s own list cannot settle all that it says about how long they had"
            " been at Initech",
            "Of the article’s two claims, one is inconclusive and one is supported.",
            "נתוני הכתבה אינם מכריעים לגבי כל מה שנאמר בה על הוותק ב-Initech",
            "בכתבה שתי טענות: אחת לא הוכרעה ואחת נתמכה.",
            id="inconclusive in part",
        ),
        pytest.param(
            LEFT, [LONG, LONGEST],
            "The article’s own list contradicts it once on how long they had been at Initech",
            "Of the article’s two claims, one is contradicted and one is supported.",
            "נתוני הכתבה עצמה סותרים אחת מטענותיה על הוותק ב-Initech",
            "בכתבה שתי טענות: אחת הופרכה ואחת נתמכה.",
            id="contradicted once",
        ),
        pytest.param(
            LEFT, [LONG, LONGEST, LONGEST],
            "The article’s own list contradicts it twice on how long they had been at Initech",
            "Of the article’s three claims, two are contradicted and one is supported.",
            "נתוני הכתבה עצמה סותרים שתיים מטענותיה על הוותק ב-Initech",
            "בכתבה שלוש טענות: שתיים הופרכו ואחת נתמכה.",
            id="contradicted twice",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, SUMMER, LONGER, LONG],
            "By the article’s own list, both authors had left Initech by May 2025, but its text"
            " disagrees on when they left",
            "The text and the list agree on how many left in all. Of the article’s four"
            " claims, one is contradicted, one is inconclusive and two are supported.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech עד מאי 2025, אך אותם נתונים סותרים את"
            " מה שנאמר"
            " בכתבה על מועדי העזיבה",
            "מה שנאמר בכתבה על מספר העוזבים תואם את הנתונים. בכתבה ארבע טענות: אחת הופרכה, אחת"
            " לא הוכרעה ושתיים נתמכו.",
            id="one holds, one in part, one fails",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, SUMMER],
            "By the article’s own list, both authors had left Initech by May 2025, but its text"
            " disagrees on when they left",
            "The text and the list agree on how many left in all. Of the article’s two"
            " claims, one is contradicted and one is supported.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech עד מאי 2025, אך אותם נתונים סותרים את"
            " מה שנאמר"
            " בכתבה על מועדי העזיבה",
            "מה שנאמר בכתבה על מספר העוזבים תואם את הנתונים. בכתבה שתי טענות: אחת הופרכה ואחת"
            " נתמכה.",
            id="one holds, one fails",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, SPRING, SUMMER],
            "By the article’s own list, both authors had left Initech by May 2025, but its text"
            " disagrees once on when they left",
            "The text and the list agree on how many left in all. Of the article’s three"
            " claims, one is contradicted and two are supported.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech עד מאי 2025, אך אותם נתונים סותרים אחת"
            " מטענות הכתבה על מועדי העזיבה",
            "מה שנאמר בכתבה על מספר העוזבים תואם את הנתונים. בכתבה שלוש טענות: אחת הופרכה"
            " ושתיים נתמכו.",
            id="one holds, one is contradicted in part",
        ),
        pytest.param(
            LEFT, [LONG, LONGER, LONGEST, LONGEST, BY_APRIL],
            "The article’s own list contradicts it three times on how long they had been at"
            " Initech and when they left",
            "Of the article’s five claims, three are contradicted, one is inconclusive and one"
            " is supported.",
            "נתוני הכתבה עצמה סותרים שלוש מטענותיה על הוותק ב-Initech ועל מועדי העזיבה",
            "בכתבה חמש טענות: שלוש הופרכו, אחת לא הוכרעה ואחת נתמכה.",
            id="a departure in a window is about the timeline",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, LONGER],
            "By the article’s own list, both authors had left Initech by May 2025, but it cannot"
            " settle"
            " what the article says about how long they had been at Initech",
            "The text and the list agree on how many left in all. Of the article’s two"
            " claims, one is inconclusive and one is supported.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech עד מאי 2025, אך אותם נתונים אינם"
            " מכריעים לגבי מה"
            " שנאמר בכתבה על הוותק ב-Initech",
            "מה שנאמר בכתבה על מספר העוזבים תואם את הנתונים. בכתבה שתי טענות: אחת לא הוכרעה"
            " ואחת נתמכה.",
            id="one holds, one is open",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, LONG, LONGER],
            "By the article’s own list, both authors had left Initech by May 2025, but it cannot"
            " settle"
            " all that the article says about how long they had been at Initech",
            "The text and the list agree on how many left in all. Of the article’s three"
            " claims, one is inconclusive and two are supported.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech עד מאי 2025, אך אותם נתונים אינם"
            " מכריעים לגבי כל"
            " מה שנאמר בכתבה על הוותק ב-Initech",
            "מה שנאמר בכתבה על מספר העוזבים תואם את הנתונים. בכתבה שלוש טענות: אחת לא הוכרעה"
            " ושתיים נתמכו.",
            id="one holds, one is open in part",
        ),
        pytest.param(
            LEFT, [TWO_LEFT, SUMMER, SUMMER, REPEATED, REPEATED, UNCHECKED, UNCHECKED],
            "By the article’s own list, both authors had left Initech by May 2025, but its text"
            " disagrees on when they left",
            "The text and the list agree on how many left in all. Of the article’s seven"
            " claims, two are contradicted, one is supported, two only repeat the list and two were"
            " not checked.",
            "לפי נתוני הכתבה, שני המחברים עזבו את Initech עד מאי 2025, אך אותם נתונים סותרים את"
            " מה שנאמר"
            " בכתבה על מועדי העזיבה",
            "מה שנאמר בכתבה על מספר העוזבים תואם את הנתונים. בכתבה שבע טענות: שתיים הופרכו,"
            " אחת נתמכה, שתיים רק חוזרות על הנתונים ושתיים לא נבדקו.",
            id="some repeat the list, some are not checked",
        ),
        pytest.param(
            LEFT, [SUMMER, REPEATED],
            "The article’s own list contradicts it on when they left",
            "Of the article’s two claims, one is contradicted and one only repeats the list.",
            "נתוני הכתבה עצמה סותרים את מה שנאמר בה על מועדי העזיבה",
            "בכתבה שתי טענות: אחת הופרכה ואחת רק חוזרת על הנתונים.",
            id="the rest repeats the list",
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


def test_an_opening_says_where_outside_sources_were_asked(
    tmp_path: Path, make_cohort: Maker
) -> None:
    sourced = OUTSIDE | {"verdict": "supported"}
    folder = make_cohort(tmp_path, LEFT, [TWO_LEFT, sourced, REPEATED, SUMMER])
    assert standfirst(*open_cohort(folder)) == (
        "This report checks an article about Initech and the team against its own list of authors,"
        " and the rest of it against outside sources. The list itself was not verified. The text"
        " and the list agree on how many left in all. Of the article’s four claims, one is"
        " contradicted, two are supported (one by its list, one by outside sources) and one"
        " only repeats the list."
    )
    assert standfirst(*open_cohort(folder, "he")) == (
        "כתבה על Initech ועל the team נבדקה כאן מול הנתונים שהיא מביאה על המחברים; הנתונים"
        " עצמם לא אומתו. טענות שהנתונים אינם נוגעים להן נבדקו מול מקורות חיצוניים. מה שנאמר בכתבה"
        " על מספר העוזבים תואם את הנתונים. בכתבה ארבע טענות: אחת הופרכה, שתיים נתמכו"
        " (אחת לפי הנתונים, אחת לפי מקורות חיצוניים) ואחת רק חוזרת על הנתונים."
    )


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
LEAVING = {
    "en": "Two of the three authors had left Initech by May 2025",
    "he": "שניים משלושת המחברים עזבו את Initech עד מאי 2025",
}
CLAUSES = {
    "en": ("how many left in all", "how long they had been at Initech",
           "where they were in May 2025", "when they left", "what their roles were"),
    "he": ("מספר העוזבים", "הוותק ב-Initech", "מקומות העבודה במאי 2025",
           "מועדי העזיבה", "התפקידים"),
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


TIMES = {
    "en": ["once", "twice", "three times", "four times"],
    "he": ["סותרים אחת", "סותרים שתיים", "סותרים שלוש", "סותרים ארבע"],
}
# With all of them supported, alone and behind who left; some contradicted; none settled.
VERB = {
    "en": (("bears out what", "add up, too"), ("contradicts", "disagrees"), "cannot settle what"),
    "he": (("תומכים במה", "וגם שאר טענות הכתבה תואמות"), ("סותרים",), "כריע"),
}


@pytest.mark.parametrize("code", ["en", "he"])
def test_a_headline_says_who_left_where_that_holds_and_what_the_list_contradicts(
    code: str, told: dict[str, list[Shape]]
) -> None:
    bears_out, contradicts, settles_not = VERB[code]
    for shape in told[code]:
        stand, text = shape.stand, shape.headline
        assert re.search(r"[{}]|  |[.,;:–]$|\.", text) is None, text
        assert text[0] == text[0].upper()
        leads = stand.get(Subject.WHO) is Standing.HOLDS
        assert (LEAVING[code].lower() in text.lower()) == (leads or not stand), text
        rest = text.partition(" 2025, ")[2] if leads else text
        at = positions(rest, CLAUSES[code])
        failing = {about for about, how in stand.items() if how is not Standing.HOLDS}
        # In each of the shapes a subject that holds in part, or fails, has one contradicted claim.
        wrong = {about for about in failing if stand[about] in (Standing.IN_PART, Standing.FAILS)}
        named = wrong or failing or set(stand)
        if len(named) > 1:
            named = named - {Subject.ROLES}  # of which the opening speaks
        if not failing and (leads or not stand):
            named = set()
        assert set(at) == named, text
        assert sorted(at, key=lambda about: at[about]) == [each for each in Subject if each in at]
        how = {stand[about] for about in named}
        assert any(verb in rest for verb in contradicts) == bool(wrong), text
        number = TIMES[code][len(named) - 1]
        assert (number in rest) == bool(wrong and how != {Standing.FAILS}), text
        assert any(verb in rest for verb in bears_out) == (
            bool(stand) and not failing and (len(stand) > 1 or not leads)
        ), text
        open_ones = bool(failing) and not wrong
        assert (settles_not in rest or "הכרעה" in rest) == open_ones, text


WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
IN_WORDS = dict(zip(WORDS, range(1, 10), strict=True))


def outcome(said: str) -> Counter[str]:
    """How many claims of each verdict a sentence counts."""
    only, both = r"The article’s only claim is (\w+)", r"Both of the article’s claims are (\w+)"
    if found := re.fullmatch(f"{only}|{both}", said):
        return Counter({found[1] or found[2]: 1 if found[1] else 2})
    if found := re.fullmatch(r"All (\w+) of the article’s claims are (\w+)", said):
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
        # In Hebrew the first two are one, with a semicolon.
        assert len(sentences) == 2 + (code == "en") + bool(holding), text
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
        said = shape.standfirst
        assert not re.search(r"\bone (claims|are)|(two|three|four|five) (claim |is)", said), said


def test_hebrew_agrees(told: dict[str, list[Shape]]) -> None:
    for shape in told["he"]:
        text, said = shape.headline, shape.standfirst
        # The data are plural, what is said is singular, and all the claims together are feminine.
        assert not re.search(r"נתוני הכתבה (עצמה )?(סותר|תומך|אינו|מכריע)\b", text), text
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
