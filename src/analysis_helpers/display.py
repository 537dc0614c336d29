"""What a notebook shows: tables, the headline cards and the ledger, as plain accessible HTML."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from .claims import THE_LEDGER, Decision, Ledger
from .cohort import ADDRESS, THE_DATA, Cohort
from .edition import Edition
from .errors import takes
from .findings import departures_title, tenure_title, timeline_title
from .language import Language
from .markup import Html, table, unbroken, verdict_badge
from .measures import departure_ends


def link(address: str, text: str) -> Html:
    """A link to a web page; any other address is shown as text."""
    if ADDRESS.fullmatch(address):
        return Html(f'<a href="{escape(address)}">{escape(text)}</a>', text)
    return Html(escape(text), text)


def joined(parts: Sequence[Html]) -> Html:
    """Several pieces, one a line."""
    return Html("<br>".join(part.html for part in parts), "; ".join(part.text for part in parts))


# --- what is shown of a cohort


def printed(text: str | float, cohort: Cohort) -> Html | None:
    """A value as the article prints it, marked as being in the article's language."""
    if not isinstance(text, str):  # missing
        return None
    # A Latin form in parentheses is not torn apart.
    whole = re.sub(r"\([^()]*\)", lambda form: unbroken(form[0]), text)
    if cohort.article.language == cohort.language.code:
        return Html(escape(whole), text)
    direction = Language(cohort.article.language).direction
    isolated = re.sub(r"(\([^()]*\))", r'<bdi dir="ltr">\1</bdi>', escape(whole))
    return Html(f'<span lang="{cohort.article.language}" dir="{direction}">{isolated}</span>', text)


@takes(Cohort, THE_DATA)
def reading_table(cohort: Cohort) -> Html:
    """Departure and tenure of every author, as printed and as read, with the source.

    Args:
        cohort: What `open_cohort` gives.

    Example:
        >>> ah.reading_table(data)
        From printed value to clean...
    """
    say = cohort.language
    rows = cohort.authors
    low, high = departure_ends(rows)
    frame = pd.DataFrame(
        {
            say("Author"): Edition(cohort).names(rows["name"]),
            say("Departure, as printed"): [
                printed(text, cohort) for text in rows["departed_printed"]
            ],
            say("read as"): [
                None if math.isnan(last) else say.month_span(first, last, short=True)
                for first, last in zip(low, high, strict=True)
            ],
            say("Tenure, as printed"): [printed(text, cohort) for text in rows["tenure_printed"]],
            say("read as, in months"): [
                None if pd.isna(least) else say.spanned(say.decimal(least, 0), say.decimal(most, 0))
                for least, most in zip(rows["tenure_low"], rows["tenure_high"], strict=True)
            ],
            say("Source"): [say.source(source) for source in rows["source"]],
        }
    )
    return table(frame, say("From printed value to clean value"), say=say)


@takes(Cohort, THE_DATA)
def roles_table(cohort: Cohort) -> Html:
    """Role and employer of every author, as printed and in the language of the edition.

    Args:
        cohort: What `open_cohort` gives.

    Example:
        >>> ah.roles_table(data)
        Names, roles and...
    """
    say = cohort.language
    rows = cohort.authors

    def as_printed(column: str) -> list[Html | None]:
        return [printed(text, cohort) for text in rows[f"{column}_printed"]]

    # An edition in the article's own language has no other form beside the printed one.
    translated = say.code == "en" != cohort.article.language
    names = Edition(cohort).names(rows["name"])
    columns: dict[str, Any] = {say("Author"): names}
    if names != rows["name_printed"].tolist():
        columns[say("Name, as printed")] = as_printed("name")
    columns[say("Role now, as printed")] = as_printed("role_now")
    if translated:
        columns[say("in English")] = rows["role_now"].astype(object)
    columns[say("Employer, as printed")] = as_printed("organisation")
    if translated:
        columns[say("Employer, in English")] = rows["organisation"].astype(object)
    return table(pd.DataFrame(columns), say("Names, roles and employers"), say=say)


@takes(Cohort, THE_DATA)
def events_table(cohort: Cohort) -> Html:
    """The marks on the timelines, with their sources.

    Args:
        cohort: What `open_cohort` gives.

    Example:
        >>> ah.events_table(data)
        Events on the...
    """
    say = cohort.language
    frame = pd.DataFrame(
        {
            say("Event"): cohort.events["label"],
            say("Date"): [say.day(date) for date in cohort.events["date"]],
            say("Source"): [link(source, source) for source in cohort.events["source"]],
        }
    )
    return table(frame, say("Events on the timelines"), say("There are no events."), say)


# --- what is shown of a ledger


def _claim_cell(decision: Decision) -> Html:
    """The claim with the reading of its vague words and its outside sources."""
    say = decision.edition.say
    claim = decision.claim
    parts = [Html(f'<span id="claim-{claim.id}">{escape(decision.says)}</span>', decision.says)]
    if decision.reading:
        text = say("Read as: {reading}").format(reading=decision.reading)
        parts.append(Html(f"<small>{escape(text)}</small>", text))
    for source in claim.sources:
        address = link(source.url, re.split("[/?#]", source.url)[2])
        finding = source.finding.said(say)
        html = f"<small>{escape(finding)} ({address.html})</small>"
        parts.append(Html(html, f"{finding} ({source.url})"))
    return joined(parts)


@takes(Ledger, THE_LEDGER)
def ledger_table(decisions: Ledger, caption: str, empty: str = "") -> Html:
    """Claims with their verdicts; what was measured and expected, where the table speaks to any.

    Args:
        decisions: The ledger, or some of it: `ledger.where(...)`.
        caption: What the table holds.
        empty: What to say where it holds nothing.

    Example:
        >>> ah.ledger_table(ledger[:1], "One claim")
        One...
    """
    say = decisions.language
    columns: dict[str, list[Any]] = {
        say("Claim"): [_claim_cell(decision) for decision in decisions],
        say("Verdict"): [verdict_badge(decision.verdict, say) for decision in decisions],
    }
    if any(decision.measured for decision in decisions):
        columns[say("Measured")] = [decision.found for decision in decisions]
        columns[say("Expected")] = [decision.expected for decision in decisions]
    columns[say("In the article")] = [say.source(decision.claim.source) for decision in decisions]
    return table(pd.DataFrame(columns), caption, empty or say("No claim belongs here."), say)


@takes(Ledger, THE_LEDGER)
def verdicts_at_a_glance(decisions: Ledger) -> Html:
    """The claims that the table decides, each with its verdict and what was measured.

    Args:
        decisions: The ledger.

    Example:
        >>> ah.verdicts_at_a_glance(ledger)
        Verdicts at a...
    """
    say = decisions.language
    chosen = decisions.where(lambda decision: decision.checked_by == "table")
    frame = pd.DataFrame(
        {
            say("Claim"): [decision.says for decision in chosen],
            say("Verdict"): [verdict_badge(decision.verdict, say) for decision in chosen],
            say("Measured"): [decision.found for decision in chosen],
        }
    )
    return table(frame, say("Verdicts at a glance"), say("No claim belongs here."), say)


@takes(Ledger, THE_LEDGER)
def checked_by_table(decisions: Ledger) -> Html:
    """The claims that the table decides.

    Args:
        decisions: The ledger.

    Example:
        >>> ah.checked_by_table(ledger)
        Claims decided by the...
    """
    say = decisions.language
    chosen = decisions.where(lambda decision: decision.checked_by == "table")
    return ledger_table(chosen, say("Claims decided by the table"))


@takes(Ledger, THE_LEDGER)
def checked_by_sources(decisions: Ledger) -> Html:
    """The claims on which a person gave a verdict, from cited sources.

    Args:
        decisions: The ledger.

    Example:
        >>> ah.checked_by_sources(ledger)
        Claims judged by a person from cited...
    """
    say = decisions.language
    chosen = decisions.where(lambda decision: decision.checked_by == "sources")
    return ledger_table(chosen, say("Claims judged by a person from cited sources"))


@takes(Ledger, THE_LEDGER)
def not_checked(decisions: Ledger) -> Html:
    """The claims that nothing here speaks to.

    Args:
        decisions: The ledger.

    Example:
        >>> ah.not_checked(ledger)
        Claims that could not be tested...
    """
    say = decisions.language
    chosen = decisions.where(lambda decision: decision.checked_by is None)
    return ledger_table(chosen, say("Claims that could not be tested here"))


@takes(Ledger, THE_LEDGER)
def claims_on(decisions: Ledger, *measures: str, where: str) -> Html:
    """The claims that a chapter is about.

    They are those about the whole cohort which its measures decide, and those about some of it,
    chosen by the column `where`.

    Args:
        decisions: The ledger.
        measures: Names of measures; of these the claims about the whole cohort.
        where: A column; the claims about some of the rows, chosen by it.

    Example:
        >>> ah.claims_on(ledger, "mean_tenure", where="tenure")
        What the article claims about this, and how firmly it...
    """
    say = decisions.language
    chosen = decisions.where(
        lambda decision: (
            where in decision.claim.where
            or (decision.claim.measure in measures and not decision.claim.where)
        )
    )
    return ledger_table(
        chosen,
        say("What the article claims about this, and how firmly it stands"),
        say("The article makes no claim about this that could be tested."),
    )


HEADLINE_MEASURES = (
    (departures_title, ("departed", "remaining", "share_departed")),
    (tenure_title, ("mean_tenure", "median_tenure")),
    (timeline_title, ("first_departure", "last_departure")),
)


@takes(Cohort, THE_DATA)
def headlines(cohort: Cohort, decisions: Ledger) -> Html:
    """The answers to the three main questions as cards, each with the article's claims about it.

    A claim belongs to a card when it measures the whole cohort; of several with one measure, the
    first in the ledger.

    Args:
        cohort: What `open_cohort` gives.
        decisions: The ledger.

    Example:
        >>> ah.headlines(data, ledger)
        11 of the 14 authors have left Meta. Eleven of the authors...
    """
    say = cohort.language
    whole: dict[str | None, Decision] = {}
    for decision in decisions:
        if not decision.claim.where:
            whole.setdefault(decision.claim.measure, decision)
    cards, texts = [], []
    for title, measures in HEADLINE_MEASURES:
        found = [whole[name] for name in measures if name in whole]
        found = found[:1] if title is not timeline_title else found
        claims = "".join(
            f"<li>{verdict_badge(decision.verdict, say).html} {escape(decision.says)}</li>"
            for decision in found
        )
        statement = title(cohort)
        cards.append(
            f'<article><p class="statement">{escape(statement)}</p>'
            + (f'<ul class="claims">{claims}</ul>' if claims else "")
            + "</article>"
        )
        verdicts = [f"{decision.says} {say.verdict(decision.verdict)}" for decision in found]
        texts.append(". ".join([statement, *verdicts]))
    return Html(f'<div class="headlines">{"".join(cards)}</div>', "\n".join(texts), say)
