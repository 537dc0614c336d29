"""What other programs read of a report: valid by schema.org, and no more than was checked."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest

from analysis_helpers.report.pages.claimreview import claim_reviews

# Of schema.org's types those properties that are used here, each with what it may hold: what the
# vocabulary gives as the range of the property, and for each type what it inherits.
THING = {"name": "Text", "alternateName": "Text", "url": "URL"}
WORK = THING | {
    "author": "Organization Person",
    "citation": "CreativeWork Text URL",
    "datePublished": "Date",
    "headline": "Text",
    "inLanguage": "Language Text",
    "isBasedOn": "CreativeWork Product URL",
    "publisher": "Organization Person",
}
VOCABULARY = {
    "ClaimReview": WORK
    | {"claimReviewed": "Text", "itemReviewed": "Claim CreativeWork", "reviewRating": "Rating"},
    "Claim": WORK | {"appearance": "CreativeWork NewsArticle", "firstAppearance": "CreativeWork"},
    "CreativeWork": WORK,
    "NewsArticle": WORK,
    "Organization": THING,
    "Rating": THING
    | {
        "ratingValue": "Number Text",
        "bestRating": "Number Text",
        "worstRating": "Number Text",
        "ratingExplanation": "Text",
    },
}


def kinds_of(value: object) -> set[str]:
    """The types of schema.org that a value can be of."""
    if value == {"@id": "#the-article"}:  # what stands whole in the first review
        return {"NewsArticle"}
    if isinstance(value, dict):
        return {value["@type"]}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"Number"}
    assert isinstance(value, str)
    kinds = {"Text"}
    if re.match("https?://|#", value):
        kinds.add("URL")
    try:
        datetime.date.fromisoformat(value)
        kinds.add("Date")
    except ValueError:
        pass
    return kinds


def assert_valid(thing: dict[str, Any]) -> None:
    known = VOCABULARY[thing["@type"]]
    for name, held in thing.items():
        if name in ("@type", "@context", "@id"):
            continue
        for value in held if isinstance(held, list) else [held]:
            assert kinds_of(value) & set(known[name].split()), (name, value)
            if isinstance(value, dict) and "@type" in value:
                assert_valid(value)


def claim(name: str, verdict: str, **more: object) -> dict[str, Any]:
    return {
        "id": name, "says": f"So {name} says.", "verdict": verdict, "verdict_label": verdict,
        "checked_by": "table", "sources": [], "by_construction": None,
    } | more  # fmt: skip


CLAIMS = [
    claim("a", "supported"),
    claim("b", "inconclusive"),
    claim("c", "contradicted", checked_by="sources", sources=["https://a.example/x"]),
    claim("d", "untestable", checked_by=None),
    claim("e", "supported", by_construction="Holds by construction"),
]
KNOWN = {
    "article": {
        "language": "he", "title": "כותרת", "url": "https://paper.example/story",
        "publisher": "The Paper", "published": "2025-05-28", "retells": "another piece",
    },
    "imprint": {"author": "The Desk", "contact": None, "date": "2025-06-01"},
    "address": "https://example.org/ours/he/",
}  # fmt: skip


def reviews(language: str = "en", **report: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(claim_reviews({"claims": CLAIMS} | report, language))
    return found


@pytest.mark.parametrize("known", [{}, KNOWN], ids=["nothing known", "all known"])
def test_every_review_is_valid_by_schema_orgs_vocabulary(known: dict[str, Any]) -> None:
    for review in reviews(**known):
        assert review["@context"] == "https://schema.org"
        assert_valid(review)


def test_what_was_not_checked_has_no_review_and_what_is_inconclusive_no_rating() -> None:
    found = {review["claimReviewed"][3]: review for review in reviews()}
    assert set(found) == {"a", "b", "c", "e"}
    points = {name: review.get("reviewRating", {}).get("ratingValue") for name, review in
              found.items()}  # fmt: skip
    assert points == {"a": 3, "b": None, "c": 1, "e": 3}
    assert found["e"]["reviewRating"]["ratingExplanation"] == "Holds by construction"
    assert found["a"]["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 3,
        "bestRating": 3,
        "worstRating": 1,
        "alternateName": "supported",
    }


def test_only_a_report_with_an_address_is_pointed_into_from_elsewhere() -> None:
    assert [review["url"] for review in reviews()][0] == "#claim-a"
    away = reviews(address="https://example.org/ours/")
    assert away[0]["url"] == "https://example.org/ours/index.html#claim-a"


def test_a_review_names_the_article_and_who_answers_as_far_as_that_is_known() -> None:
    bare = reviews()[0]
    assert bare["author"]["name"] == "Analysis Helpers"
    assert "datePublished" not in bare
    assert bare["itemReviewed"] == {"@type": "Claim"}

    full, *others = reviews("he", **KNOWN)
    assert full["author"]["name"] == "The Desk"
    assert (full["datePublished"], full["inLanguage"]) == ("2025-06-01", "he")
    publisher = {"@type": "Organization", "name": "The Paper"}
    assert full["itemReviewed"]["author"] == publisher
    assert full["itemReviewed"]["appearance"] == {
        "@id": "#the-article",
        "@type": "NewsArticle",
        "headline": "כותרת",
        "inLanguage": "he",
        "url": "https://paper.example/story",
        "datePublished": "2025-05-28",
        "publisher": publisher,
        "isBasedOn": {"@type": "CreativeWork", "name": "another piece"},
    }
    # The others point to it.
    assert {review["itemReviewed"]["appearance"]["@id"] for review in others} == {"#the-article"}


def test_no_claim_ends_the_element_that_it_stands_in() -> None:
    attack = "</script><script>alert(1)</script>"
    text = claim_reviews({"claims": [claim("a", "supported", says=attack)]}, "en")
    assert "<" not in text
    assert json.loads(text)[0]["claimReviewed"] == attack
