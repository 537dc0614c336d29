"""What other programs read of a report: a schema.org ClaimReview for each claim that was checked.

The terms are those of https://schema.org/ClaimReview and https://schema.org/Claim.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

RATINGS = {"contradicted": 1, "supported": 3}
"""Points on a scale of three. What is inconclusive has none: the middle would say half true."""

PROJECT = "Analysis Helpers"
ARTICLE = "#the-article"
"""What every review but the first points to, so that one says all there is to say of it."""


def claim_reviews(report: Mapping[str, Any], language: str) -> str:
    """The reviews as JSON-LD, with nothing in it that would end the element it stands in.

    Args:
        report: `claims`, as `in_words` has them; `article`, `imprint` and `address` where known.
        language: The code of the edition's language.
    """
    text = json.dumps(
        list(_reviews(report, language)),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    for character, harmless in (("&", r"\u0026"), ("<", r"\u003c"), (">", r"\u003e")):
        text = text.replace(character, harmless)
    return text


def _reviews(report: Mapping[str, Any], language: str) -> Iterator[dict[str, Any]]:
    imprint, address = report.get("imprint") or {}, report.get("address")
    # Without an address of its own a report can only be pointed into from within.
    page = f"{address}index.html" if address else ""
    article, publisher = _article(report.get("article") or {})
    author = {"@type": "Organization", "name": imprint.get("author") or PROJECT}
    for claim in report["claims"]:
        if claim.get("checked_by") is None:
            continue
        yield _known(
            {
                "@context": "https://schema.org",
                "@type": "ClaimReview",
                "url": f"{page}#claim-{claim['id']}",
                "claimReviewed": claim["says"],
                "author": author,
                "datePublished": imprint.get("date"),
                "inLanguage": language,
                "reviewRating": _rating(claim),
                "itemReviewed": _known(
                    {
                        "@type": "Claim",
                        "author": publisher,
                        "appearance": article,
                    }
                ),
            }
        )
        if article is not None:  # said once, and pointed to from then on
            article = {"@id": ARTICLE}


def _rating(claim: Mapping[str, Any]) -> dict[str, Any] | None:
    points = RATINGS.get(claim["verdict"])
    if points is None:
        return None
    return _known(
        {
            "@type": "Rating",
            "ratingValue": points,
            "worstRating": min(RATINGS.values()),
            "bestRating": max(RATINGS.values()),
            "alternateName": claim.get("verdict_label", claim["verdict"]),
            "ratingExplanation": claim.get("by_construction"),
        }
    )


def _article(
    known: Mapping[str, Any],
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The article in which the claims stand, and its publisher, as far as they are known."""
    publisher = known.get("publisher")
    organisation = {"@type": "Organization", "name": publisher} if publisher else None
    retells = known.get("retells")
    article = _known(
        {
            "@id": ARTICLE,
            "@type": "NewsArticle",
            "headline": known.get("title"),
            "inLanguage": known.get("language"),
            "url": known.get("url"),
            "datePublished": known.get("published"),
            "publisher": organisation,
            "isBasedOn": {"@type": "CreativeWork", "name": retells} if retells else None,
        }
    )
    return (article if {"headline", "url"} & article.keys() else None), organisation


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
