"""What a notebook shows: tables, the headline cards and the ledger, as plain accessible HTML."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from .claims import Decision, Ledger
from .cohort import ADDRESS, Cohort
from .edition import Edition
from .findings import (
    NAMED_AT_MOST,
    departures_title,
    tenure_title,
    timeline_title,
)
from .language import ENGLISH, Language
from .measures import MEASURES, Names, Texts, departure_ends
from .ranges import Verdict


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of HTML and the same in plain text."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def _cell(value: Html | str | float | None, say: Language) -> str:
    if isinstance(value, Html):
        return value.html
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, float) and value != int(value):
        return say.decimal(value)
    return escape(str(value))


def _is_number(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column)) and not pd.api.types.is_bool_dtype(column)


def table_html(frame: pd.DataFrame, caption: str, say: Language) -> str:
    """A DataFrame as a table with a caption; the first column heads its rows."""
    classes = [' class="num"' if _is_number(frame[column]) else "" for column in frame]
    head = "".join(
        f'<th scope="col"{style}>{escape(str(column).replace("_", " "))}</th>'
        for column, style in zip(frame, classes, strict=True)
    )
    rows = []
    for row in frame.itertuples(index=False):
        cells = "".join(
            f"<td{style}>{_cell(value, say)}</td>"
            for value, style in zip(row[1:], classes[1:], strict=True)
        )
        rows.append(f'<tr><th scope="row"{classes[0]}>{_cell(row[0], say)}</th>{cells}</tr>')
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def table(frame: pd.DataFrame, caption: str, empty: str = "", say: Language = ENGLISH) -> Html:
    """Show a DataFrame as a table with a caption; where it has no rows, `empty` in its place."""
    if frame.empty and empty:
        return Html(f'<p class="note">{escape(empty)}</p>', empty)
    return Html(table_html(frame, caption, say), f"{caption}\n{frame.to_string(index=False)}")


def link(address: str, text: str) -> Html:
    """A link to a web page; any other address is shown as text."""
    if ADDRESS.fullmatch(address):
        return Html(f'<a href="{escape(address)}">{escape(text)}</a>', text)
    return Html(escape(text), text)


def _unbroken(text: str) -> str:
    """The text with nothing in it at which a line may end."""
    return text.replace(" ", "\u00a0").replace("-", "-\u2060")


def source_text(source: str, say: Language) -> str:
    """Where something is stated, as a reader says it; an address as it is."""
    lines = re.fullmatch(r"lines? (\d+)(?:[-–](\d+))?", source)
    if lines is None:
        return source
    said = say("line {number}").format(number=lines[1])
    if lines[2] is not None:
        said = say("lines {first}-{last}").format(first=lines[1], last=lines[2])
    return _unbroken(said)


def joined(parts: Sequence[Html]) -> Html:
    """Several pieces, one a line."""
    return Html("<br>".join(part.html for part in parts), "; ".join(part.text for part in parts))


# --- what is shown of a cohort


def printed(text: str | float, cohort: Cohort) -> Html | None:
    """A value as the article prints it, marked as being in the article's language."""
    if not isinstance(text, str):  # missing
        return None
    # A Latin form in parentheses is not torn apart.
    whole = re.sub(r"\([^()]*\)", lambda form: _unbroken(form[0]), text)
    if cohort.article.language == cohort.language.code:
        return Html(escape(whole), text)
    direction = Language(cohort.article.language).direction
    isolated = re.sub(r"(\([^()]*\))", r'<bdi dir="ltr">\1</bdi>', escape(whole))
    return Html(f'<span lang="{cohort.article.language}" dir="{direction}">{isolated}</span>', text)


def reading_table(cohort: Cohort) -> Html:
    """Departure and tenure of every author, as printed and as read, with the source."""
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
            say("Source"): [source_text(source, say) for source in rows["source"]],
        }
    )
    return table(frame, say("From printed value to clean value"), say=say)


def roles_table(cohort: Cohort) -> Html:
    """Role and employer of every author, as printed and in the language of the edition."""
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


def events_table(cohort: Cohort) -> Html:
    """The marks on the timelines, with their sources."""
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


def verdict_badge(verdict: Verdict, say: Language) -> Html:
    """A verdict, told apart by its word and its shape as well as by colour."""
    name = say.verdict(verdict)
    return Html(f'<span class="verdict verdict-{verdict}">{escape(name)}</span>', name)


def measured_text(decision: Decision) -> str:
    """What was measured for a claim, as a reader says it; empty where nothing was."""
    say = decision.edition.say
    if decision.measured is None or decision.claim.measure is None:
        return ""
    measured, kind = decision.measured, MEASURES[decision.claim.measure].kind
    if measured.value is None:
        text = say("nothing to measure")
    elif isinstance(measured.value, Texts):
        text = say(" or ").join(decision.edition.text(text) for text in measured.value.possible)
    elif isinstance(measured.value, Names):
        text = say.names_span(len(measured.value.certain), len(measured.value.possible))
    elif kind == "month":
        text = say.month_span(measured.value.low, measured.value.high)
    else:
        text = say.measured_span(measured.value.low, measured.value.high, kind)
    if measured.stated < measured.needed:
        text += " " + say("(stated for {stated} of {needed})").format(
            stated=measured.stated, needed=measured.needed
        )
    if not decision.exhaustive:
        text += " " + say("(not every combination was tried)")
    return text


def expected_text(decision: Decision) -> str:
    """What the claim expects, as a reader says it; empty where nothing is measured."""
    say = decision.edition.say
    claim = decision.claim
    if claim.expectation is None or claim.measure is None:
        return ""
    expected, kind = claim.expectation, MEASURES[claim.measure].kind
    if isinstance(expected.value, frozenset):
        texts = sorted(decision.edition.text(text) for text in expected.value)
        value = (
            say.listed(texts)
            if len(texts) <= NAMED_AT_MOST
            else say("{count} names").format(count=say.decimal(len(texts), 0))
        )
    elif kind == "month":
        value = say.month_name(expected.value)
    elif kind == "months":
        value = _duration_as_written(expected.value, say)
    else:
        value = say.decimal(expected.value, _digits(expected.value)) + "%" * (kind == "percent")
    forms = (
        {
            "=": "{value}", "!=": say("not {value}"),
            "<": say("before {value}"), "<=": say("{value} or earlier"),
            ">": say("after {value}"), ">=": say("{value} or later"),
        }
        if kind == "month"
        else {
            "=": "{value}", "!=": say("not {value}"),
            "<": say("less than {value}"), "<=": say("at most {value}"),
            ">": say("more than {value}"), ">=": say("at least {value}"),
        }
    )  # fmt: skip
    return forms[expected.operator].format(value=value)


def _digits(number: float) -> int:
    """How many decimals a number of a ledger was written with."""
    return len(f"{number:.6f}".rstrip("0").partition(".")[2])


def _duration_as_written(number: float, say: Language) -> str:
    """Months of a ledger, in the unit that takes fewer decimals."""
    in_months, in_years = _digits(number), _digits(number / 12)
    if number and in_years == 0:
        return say.years(number)
    if number and in_months == 0:
        return say.months(number)
    if number and in_years <= in_months:
        return say("{years} years").format(years=say.decimal(number / 12, in_years))
    return say.plural("{months} month", "{months} months", 2).format(
        months=say.decimal(number, in_months)
    )


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


def ledger_table(decisions: Ledger, caption: str, empty: str = "") -> Html:
    """Claims with their verdicts; what was measured and expected, where the table speaks to any."""
    say = decisions.language
    columns: dict[str, list[Any]] = {
        say("Claim"): [_claim_cell(decision) for decision in decisions],
        say("Verdict"): [verdict_badge(decision.verdict, say) for decision in decisions],
    }
    if any(decision.measured for decision in decisions):
        columns[say("Measured")] = [measured_text(decision) for decision in decisions]
        columns[say("Expected")] = [expected_text(decision) for decision in decisions]
    columns[say("In the article")] = [
        source_text(decision.claim.source, say) for decision in decisions
    ]
    return table(pd.DataFrame(columns), caption, empty or say("No claim belongs here."), say)


def verdicts_at_a_glance(decisions: Ledger) -> Html:
    """The claims that the table decides, each with its verdict and what was measured."""
    say = decisions.language
    chosen = decisions.where(lambda decision: decision.checked_by == "table")
    frame = pd.DataFrame(
        {
            say("Claim"): [decision.says for decision in chosen],
            say("Verdict"): [verdict_badge(decision.verdict, say) for decision in chosen],
            say("Measured"): [measured_text(decision) for decision in chosen],
        }
    )
    return table(frame, say("Verdicts at a glance"), say("No claim belongs here."), say)


def checked_by_table(decisions: Ledger) -> Html:
    """The claims that the table decides."""
    say = decisions.language
    chosen = decisions.where(lambda decision: decision.checked_by == "table")
    return ledger_table(chosen, say("Claims decided by the table"))


def checked_by_sources(decisions: Ledger) -> Html:
    """The claims on which a person gave a verdict, from cited sources."""
    say = decisions.language
    chosen = decisions.where(lambda decision: decision.checked_by == "sources")
    return ledger_table(chosen, say("Claims judged by a person from cited sources"))


def not_checked(decisions: Ledger) -> Html:
    """The claims that nothing here speaks to."""
    say = decisions.language
    chosen = decisions.where(lambda decision: decision.checked_by is None)
    return ledger_table(chosen, say("Claims that could not be tested here"))


def claims_on(decisions: Ledger, *measures: str, where: str) -> Html:
    """The claims that a chapter is about.

    They are those about the whole cohort which its measures decide, and those about some of it,
    chosen by the column `where`.
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


def headlines(cohort: Cohort, decisions: Ledger) -> Html:
    """The answers to the three main questions as cards, each with the article's claims about it.

    A claim belongs to a card when it measures the whole cohort; of several with one measure, the
    first in the ledger.
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
    return Html(f'<div class="headlines">{"".join(cards)}</div>', "\n".join(texts))
