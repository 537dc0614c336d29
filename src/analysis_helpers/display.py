"""What a notebook shows beside figures and sentences, as plain accessible HTML."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd

from .claims import THE_LEDGER, Decision, Ledger
from .cohort import ADDRESS, THE_DATA, Article, Cohort, lines_of
from .edition import Edition
from .errors import UnknownNameError, did_you_mean, takes
from .language import Language, sentence
from .markup import Html, folded, table, unbroken, verdict_badge
from .measures import MEASURES, departure_ends
from .ranges import Verdict
from .summary import Subject, headlined, subject, tallied, tested, unsettled
from .ways import nearest_date

NAMED_AT_MOST, DATED_AT_MOST = 60, 3
"""As many people are named beside a claim, with months; of more it says how many there are."""
STRETCHES_AT_MOST = 3
"""From as many stretches of lines a list may come for its place to be said."""


def host(address: str) -> str:
    """Whose web page it is: `example.org`."""
    return re.split("[/?#]", address)[2].removeprefix("www.")


def link(address: str, text: str) -> Html:
    """A link to a web page; any other address is shown as text."""
    if ADDRESS.fullmatch(address):
        return Html(f'<a href="{escape(address)}">{escape(text)}</a>', text)
    return Html(escape(text), text)


def _page(address: str) -> Html:
    """A link to a web page that says whose it is; any other address is shown as text.

    On paper an address is read in full: the style sheet puts it in place of whose page it is.
    """
    if not ADDRESS.fullmatch(address):
        return Html(escape(address), address)
    return Html(f'<a href="{escape(address)}"><span>{escape(host(address))}</span></a>', address)


# --- what is shown of a cohort


@takes(Cohort, THE_DATA)
def about(cohort: Cohort) -> Html:
    """Which article was checked, against what, and who answers for the report.

    What is not known is said of the article, and left out of the report.

    Args:
        cohort: What `open_cohort` gives.

    Example:
        >>> ah.about(data)
        The article: ...
    """
    say, article, report = cohort.language, cohort.article, cohort.report
    retells, author, contact = article.retells, report.author, report.contact
    rows: list[tuple[str, Html | None]] = [
        (say("The article"), _titled(cohort)),
        (say("Publisher"), _text(article.publisher)),
        (say("It retells"), _text(retells.said(say) if retells else None)),
        *_when_and_where(article, say),
        (
            say("Its list"),
            _text(
                say("{count} {people}{where}, as of {month}; later moves are not counted").format(
                    month=say.month_name(article.as_of),
                    count=say.decimal(len(cohort.authors), 0),
                    people=cohort.people,
                    where=_where(cohort),
                )
            ),
        ),
        *_paper(cohort),
        (say("This report"), _text(author.said(say) if author else None)),
        (say("Date of this report"), _text(say.day(report.date) if report.date else None)),
        (say("Corrections"), link(contact, contact) if contact else None),
        (say("Made with"), _text(f"analysis-helpers {_version()}")),
    ]
    return _listing([(name, value) for name, value in rows if value is not None], say)


def _where(cohort: Cohort) -> str:
    """The lines of the article from which the rows come, in parentheses, if they are few."""
    stretches: list[tuple[int, int]] = []
    lines = [lines_of(source) for source in cohort.authors["source"]]
    for first, end in sorted((each.start, each.stop) for each in lines if each is not None):
        if stretches and first <= stretches[-1][1]:
            first, end = stretches[-1][0], max(end, stretches.pop()[1])
        stretches.append((first, end))
    if not 0 < len(stretches) <= STRETCHES_AT_MOST or None in lines:
        return ""
    said = [
        cohort.language.source(f"lines {first}-{end - 1}" if end - first > 1 else f"line {first}")
        for first, end in stretches
    ]
    return f" ({cohort.language.listed(said)})"


def _when_and_where(article: Article, say: Language) -> list[tuple[str, Html | None]]:
    unknown = _text(say("not known"))
    if not (article.published or article.url):
        return [
            (
                say("Date and address"),
                _text(
                    say("not known; read in a copy of its text, to which the line numbers refer")
                ),
            )
        ]
    return [
        (say("Published"), _text(say.day(article.published)) if article.published else unknown),
        (say("Address"), link(article.url, article.url) if article.url else unknown),
    ]


def _paper(cohort: Cohort) -> list[tuple[str, Html | None]]:
    """The title of the paper whose authors they are, when it appeared, and where it is."""
    if cohort.paper is None:
        return []
    say, address = cohort.language, _page(cohort.paper.source)
    title, day = cohort.paper.title, say.day(cohort.paper.published)
    html = f"<bdi>{escape(title)}</bdi>, {escape(day)}, {address.html}"
    return [(say("The paper"), Html(html, f"{title}, {day}, {address.text}"))]


def _listing(rows: Sequence[tuple[str, Html]], say: Language) -> Html:
    """Terms, and what is said of each."""
    items = "".join(f"<dt>{escape(name)}</dt><dd>{value.html}</dd>" for name, value in rows)
    text = "\n".join(f"{name}: {value.text}" for name, value in rows)
    return Html(f'<dl class="about">{items}</dl>', text, say)


def _version() -> str:
    from . import __version__

    return __version__


def _text(text: str | None) -> Html | None:
    return Html(escape(text), text) if text else None


def _titled(cohort: Cohort) -> Html:
    """The article's title as printed, what that means, and its language."""
    say, article = cohort.language, cohort.article
    tongue = Language(article.language)
    own = say.language_name(article.language)
    if article.title is None:
        return Html(escape(own), own)
    whole = f'<span lang="{tongue.code}" dir="{tongue.direction}">{escape(article.title)}</span>'
    text = article.title
    meant = article.title_in.get(say.code)
    if meant and article.language != say.code:
        whole += f" (“{escape(meant)}”)"
        text += f" (“{meant}”)"
    return Html(f"{whole} ({escape(own)})", f"{text} ({own})")


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


def person_id(row: int) -> str:
    """The anchor of a row of the clean table, which starts at 0."""
    return f"person-{row + 1}"


def _both(said: str | float, as_printed: Html | None, in_a_line: bool = False) -> Html | None:
    """A value as this edition says it, and below it as the article prints it if that differs."""
    if not isinstance(said, str):
        return as_printed
    html = escape(unbroken(said) if in_a_line else said)
    if as_printed is None or as_printed.text == said:
        return Html(html, said)
    if as_printed.text.startswith(f"{said} "):  # a Latin form follows
        rest = as_printed.text.removeprefix(said).strip()
        return Html(f"{html}<small>{escape(unbroken(rest))}</small>", as_printed.text)
    beside = as_printed.html
    if in_a_line:
        beside = beside.replace(as_printed.text, unbroken(as_printed.text))
    return Html(f"{html}<small>{beside}</small>", f"{said} ({as_printed.text})")


@takes(Cohort, THE_DATA)
def people_table(cohort: Cohort) -> Html:
    """Every row as it was read, and below each value how the article prints it.

    Args:
        cohort: What `open_cohort` gives.

    Example:
        >>> ah.people_table(data)
        Everybody on the list...
    """
    say, rows, edition = cohort.language, cohort.authors, Edition(cohort)
    own = say.code == cohort.article.language

    def as_printed(column: str) -> list[Html | None]:
        return [printed(text, cohort) for text in rows[f"{column}_printed"]]

    def of(column: str) -> list[Html | None]:
        said = rows[f"{column}_printed"] if own else rows[column]
        return [
            _both(text, shown)
            for text, shown in zip(said.astype(object), as_printed(column), strict=True)
        ]

    def in_a_line(said: Sequence[str | float], column: str) -> list[Html | None]:
        pairs = zip(said, as_printed(column), strict=True)
        return [_both(text, shown, in_a_line=True) for text, shown in pairs]

    aside = f"<small>{escape(say('not counted'))}</small>"
    # A Latin form in parentheses that is the very name is not said twice.
    names = edition.names(rows["name"])
    own_words = [
        printed(text.removesuffix(f" ({name})"), cohort)
        for name, text in zip(names, rows["name_printed"], strict=True)
    ]
    named = [
        Html(
            f'<span id="{person_id(row)}">{(_both(name, shown) or Html("", "")).html}</span>'
            + ("" if counted else aside),
            name,
        )
        for row, (name, shown, counted) in enumerate(
            zip(names, own_words, rows["counted"], strict=True)
        )
    ]
    left = edition.departures(rows, say("still there"), short=not own)
    stayed = [
        math.nan if pd.isna(least) else say.measured_span(float(least), float(most), "months")
        for least, most in zip(rows["tenure_low"], rows["tenure_high"], strict=True)
    ]
    frame = pd.DataFrame(
        {
            say("Name"): named,
            say("Current role"): of("role_now"),
            say("Employer"): of("organisation"),
            say("Left"): in_a_line(left, "departed"),
            say("Time at {company}").format(company=cohort.company): in_a_line(stayed, "tenure"),
            say("Source"): [link(source, say.source(source)) for source in rows["source"]],
        }
    )
    return table(
        frame, say("Everybody on the list; in small type, the article’s own words"), say=say
    )


@takes(Cohort, THE_DATA)
def events_table(cohort: Cohort) -> Html:
    """The events of the cohort, with their sources, folded away; nothing where it has none.

    Args:
        cohort: What `open_cohort` gives.

    Example:
        >>> ah.events_table(data)
        Events around the...
    """
    say = cohort.language
    if cohort.events.empty:
        return Html("", "", say)
    frame = pd.DataFrame(
        {
            say("Event"): cohort.events["label"],
            say("Date"): [say.day(date) for date in cohort.events["date"]],
            say("Source"): list(map(_page, cohort.events["source"])),
        }
    )
    listed = table(frame, say("Events around the departures"), say=say)
    summary = say("The events, with their sources")
    return Html(folded(summary, listed.html, "listed"), listed.text, say)


@takes(Cohort, THE_DATA, ledger=(Ledger, THE_LEDGER))
def employers_counted(cohort: Cohort, ledger: Ledger) -> Html:
    """Which employers each claim about a group of them counts.

    Args:
        cohort: What `open_cohort` gives.
        ledger: The decided claims.

    Example:
        >>> ah.employers_counted(data, ledger)
        Which employers each claim...
    """
    say, edition = cohort.language, Edition(cohort)
    groups = [
        (decision, condition.value)
        for decision in ledger
        if (condition := decision.claim.where.get("organisation")) is not None
        and isinstance(condition.value, frozenset)
        and len(condition.value) > 1
    ]
    if not groups:
        return Html("", "", say)
    items, texts = [], []
    for decision, employers in groups:
        named = say.listed(sorted(map(edition.organisation, employers)))
        items.append(f"<dt>{_claim_link(decision)}</dt><dd>{escape(named)}</dd>")
        texts.append(f"{decision.says} {named}")
    heading = say("Which employers each claim counts")
    judgement = say("Which employers belong there is our judgement.")
    listed = f'<dl class="about">{"".join(items)}</dl><p class="note">{escape(judgement)}</p>'
    return Html(folded(heading, listed, "claims-on"), "\n".join([heading, *texts, judgement]), say)


# --- what is shown of a ledger


def _claim_link(decision: Decision) -> str:
    return f'<a href="#claim-{decision.claim.id}">{escape(decision.says)}</a>'


def _people_links(decision: Decision, names: Sequence[str], dated: bool = False) -> Html:
    """Names of the clean table as links to their rows; of many, or all, how many there are.

    `dated`: with the months in which they left, where they are few.
    """
    edition, say = decision.edition, decision.edition.say
    if len(names) > NAMED_AT_MOST:
        text = say("{count} {people}").format(
            count=say.decimal(len(names), 0), people=edition.cohort.people
        )
        return Html(escape(text), text)
    if DATED_AT_MOST < len(names) == len(edition.cohort.authors):
        text = say("all {count} {people}").format(
            count=say.count(len(names)), people=edition.cohort.people
        )
        return Html(f'<a href="#{person_id(0)}">{escape(text)}</a>', text)
    gone = edition.cohort.counted.query("status == 'left'")["name"]
    if len(names) > DATED_AT_MOST and set(names) == set(gone):
        text = say("all {count} who left").format(count=say.count(len(names)))
        first = person_id(edition.rows[names[0]])
        return Html(f'<a href="#{first}">{escape(text)}</a>', text)
    said, rows = edition.names(names), [edition.rows[name] for name in names]
    few = len(names) <= DATED_AT_MOST
    asides = [""] * len(rows)
    if dated and few:
        ends = zip(*departure_ends(edition.cohort.authors.iloc[rows]), strict=True)
        asides = [
            "" if math.isnan(last) else f" ({say.month_aside(first, last)})" for first, last in ends
        ]
    links = [
        f'<a href="#{person_id(row)}">{escape(text)}</a>{escape(aside)}'
        for row, text, aside in zip(rows, said, asides, strict=True)
    ]
    texts = [text + aside for text, aside in zip(said, asides, strict=True)]
    return Html(", ".join(links), ", ".join(texts))


def _found(decision: Decision) -> str:
    """What was found and what was needed; what the first source says, where it was judged."""
    if said := " ".join(filter(None, decision.in_sentences)):
        return said
    sources = decision.claim.sources
    return sources[0].finding.said(decision.edition.say) if sources else ""


def _evidence(decision: Decision) -> list[tuple[str, Html]]:
    """What a verdict rests on: who was counted, how it was read, where it stands, the sources."""
    say, claim = decision.edition.say, decision.claim
    rows: list[tuple[str, Html | None]] = []
    if decision.checked_by == "table":  # the line of the others says why
        rows = [*_counted(decision), (say("How it was read"), _text(decision.reading))]
    for each in decision.readings:
        inner = "".join(
            f"<dt>{escape(name)}</dt><dd>{value.html}</dd>"
            for name, value in _evidence(each)
            if name not in (say("How it was read"), say("In our copy"))
        )
        found = _found(each)
        badge = verdict_badge(each.verdict, say)
        rows.append(
            (
                sentence(each.reading or ""),
                Html(
                    f"{badge.html} {escape(found)}" + (f"<dl>{inner}</dl>" if inner else ""),
                    f"{badge.text}. {found}",
                ),
            )
        )
    if decision.in_sentences[0] and not decision.in_sentences[1] and not decision.readings:
        needed = decision.expected if decision.expected != decision.found else ""
        rows.insert(0, (say("Needed"), _text(needed)))
    if not decision.by_construction:
        rows.append((say("What would change it"), _text(decision.what_would_change_it)))
    rows.append((say("In our copy"), _text(say.source(claim.source))))
    if decision.by_construction:
        text = say("the claim and the rows that decide it stand in the same place")
        rows.append((say("Holds by construction"), _text(text)))
    said = "" if claim.measure or claim.reading else _found(decision)  # stands above already
    for source in claim.sources:
        finding = source.finding.said(say)
        html = (
            _page(source.url).html
            if finding == said
            else f"{escape(finding)} {_page(source.url).html}"
        )
        rows.append((say("Source"), Html(html, f"{finding} {source.url}")))
    return [(name, value) for name, value in rows if value is not None]


def _counted(decision: Decision) -> list[tuple[str, Html]]:
    """Who decides for certain and who may; with months where the claim is about those."""
    names = decision.edition.decisive(decision.claim)
    if names is None:
        return []
    say, dated = decision.edition.say, subject(decision.claim) is Subject.TIMELINE
    certain = set(names.certain)
    measure = decision.claim.measure
    counts = measure is not None and MEASURES[measure].kind == "count"
    groups = {
        say("Counted") if counts else say("Depends on"): names.certain,
        say("Possibly"): [name for name in names.possible if name not in certain],
    }
    return [(label, _people_links(decision, some, dated)) for label, some in groups.items() if some]


def _definitions(rows: Iterable[tuple[str, Html]]) -> str:
    items = "".join(f"<dt>{escape(name)}</dt><dd>{value.html}</dd>" for name, value in rows)
    return f"<dl>{items}</dl>"


@takes(Ledger, THE_LEDGER)
def contradicted_claims(ledger: Ledger) -> Html:
    """The claims that are contradicted, each with what was found instead.

    Args:
        ledger: The decided claims.

    Example:
        >>> ah.contradicted_claims(ledger)
        Contradicted: Some of the authors...
    """
    say = ledger.language
    found = [each for each in unsettled(ledger) if each.verdict is Verdict.CONTRADICTED]
    shown = found if len(found) <= _NAMED_FIRST else found[: _NAMED_FIRST - 1]
    main = headlined(ledger)
    # What the headline counts is told from the rest.
    verdicts = [
        say("Contradicted:")
        if each is found[0] or subject(each.claim) in main
        else say("Also contradicted:")
        for each in shown
    ]
    items = [
        f'<li><span class="mark">{escape(verdict)}</span> {_claim_link(each)}'
        f" <strong>{escape(_instead(each))}</strong></li>"
        for verdict, each in zip(verdicts, shown, strict=True)
    ]
    texts = [
        f"{verdict} {each.says} {_instead(each)}"
        for verdict, each in zip(verdicts, shown, strict=True)
    ]
    if rest := len(found) - len(shown):
        more = say.plural("And {count} more.", "And {count} more.", rest)
        texts.append(more.format(count=say.count(rest)))
        items.append(f"<li>{escape(texts[-1])}</li>")
    html = f'<ul class="contradicted">{"".join(items)}</ul>' if items else ""
    return Html(html, "\n".join(texts), say)


_NAMED_FIRST = 4  # a fifth would push the figure off a telephone's first screen


def _instead(decision: Decision) -> str:
    """What was found where a claim is contradicted, in a few words."""
    if (named := _found_of_a_few(decision)) is not None:
        return named.text
    found, _needed = decision.in_sentences
    judged = decision.checked_by == "sources" and _read_as(decision)
    return found or judged or decision.edition.say("Outside sources say otherwise.")


def _found_of_a_few(decision: Decision) -> Html | None:
    """What was found, and of whom, where these are a few; None where they are not."""
    groups, (found, _needed) = _counted(decision), decision.in_sentences
    if not found or len(groups) != 1 or len(decision.possible or ()) > DATED_AT_MOST:
        return None
    begun, people = found.removesuffix("."), groups[0][1]
    text = decision.edition.say("{found}: {people}.")
    return Html(
        text.format(found=escape(begun), people=people.html),
        text.format(found=begun, people=people.text),
    )


@takes(Ledger, THE_LEDGER)
def unsettled_claims(ledger: Ledger) -> Html:
    """The claims that do not hold, or not for certain: what was found, needed and counted.

    Each is a card, but that those which outside sources leave open are a list, folded away.

    Args:
        ledger: The decided claims.

    Example:
        >>> ah.unsettled_claims(ledger)
        contradicted: ...
    """
    say = ledger.language
    found = unsettled(ledger)
    if not found:
        text = say("No claim that was checked is contradicted or inconclusive.")
        return Html(f'<p class="note">{escape(text)}</p>', text, say)
    left_open = [
        each
        for each in found
        if each.checked_by == "sources" and each.verdict is Verdict.INCONCLUSIVE
    ]
    cards = [_card(each) for each in found if each not in left_open]
    html = f'<div class="cards">{"".join(cards)}</div>' if cards else ""
    if left_open:
        items = "".join(f"<li>{_claim_link(each)}</li>" for each in left_open)
        summary = say.plural(
            "one more claim, which outside sources leave open",
            "{count} more claims, which outside sources leave open",
            len(left_open),
        ).format(count=say.count(len(left_open)))
        html += folded(sentence(summary), f'<ul class="claims-on">{items}</ul>', "claims-on")
    text = "\n".join(
        f"{say.verdict(each.verdict)}: {each.says} {_found(each)}".rstrip() for each in found
    )
    return Html(html, text, say)


def _card(decision: Decision) -> str:
    say = decision.edition.say
    parts = [
        f"<p>{verdict_badge(decision.verdict, say).html}</p>",
        f'<p class="statement">{escape(decision.says)}</p>',
        *_told(decision),
    ]
    for each in decision.readings:
        text = f"{sentence(each.reading or '')}: {say.verdict(each.verdict)}. {_found(each)}"
        parts.append(f'<p class="note">{escape(text)}</p>')
    if change := _what_would_change(decision):
        parts.append(f'<p class="note">{escape(change)}</p>')
    whole = say("All the evidence")
    parts.append(
        f'<p class="more"><a href="#claim-{decision.claim.id}">{escape(whole)}'
        f'<span class="unseen">: {escape(decision.says)}</span></a></p>'
    )
    return f'<article class="card">{"".join(parts)}</article>'


def _what_would_change(decision: Decision) -> str:
    """The nearest date that would, where one row can change the verdict, and the number needed."""
    dated, after = nearest_date(decision) if decision.rows_to_change == 1 else ("", None)
    turn = decision.turns_at_in_words
    if after is not None and after is decision.turns_to:
        turn = decision.turns_at_too_in_words
    return f"{dated or decision.rows_to_change_in_words} {turn}".strip()


def _told(decision: Decision) -> list[str]:
    """What was found, of whom, and what was needed; a few people stand in the sentence."""
    if decision.readings:
        return [f'<p class="found">{escape(decision.in_sentences[0])}</p>']
    named, (found, needed) = _found_of_a_few(decision), decision.in_sentences
    groups = _counted(decision) if named is None else []
    html = escape(found or _instead(decision)) if named is None else named.html
    note = f"{needed} {_read_as(decision)}".strip()
    return [
        f'<p class="found">{html}</p>',
        "" if found else f'<p class="who">{escape(_found(decision))}</p>',
        *(
            f'<p class="who"><span class="label">{escape(label)}:</span> {links.html}</p>'
            for label, links in groups
        ),
        f'<p class="note">{escape(note)}</p>' if note else "",
    ]


def _read_as(decision: Decision) -> str:
    """How a claim was read, or why a person judged it so, in a sentence; empty without that."""
    return f"{sentence(decision.reading)}." if decision.reading else ""


_ABOUT = {
    "who": Subject.WHO,
    "tenure": Subject.TENURE,
    "destinations": Subject.DESTINATION,
    "timeline": Subject.TIMELINE,
    "roles": Subject.ROLES,
}


def _on(ledger: Ledger, subjects: Sequence[str]) -> Ledger:
    for name in subjects:
        if name not in _ABOUT:
            hint = did_you_mean(name, _ABOUT)
            raise UnknownNameError(f"no claim is about {name!r}{hint}")
    wanted = {_ABOUT[name] for name in subjects}
    return ledger.where(lambda decision: subject(decision.claim) in wanted)


@takes(Ledger, THE_LEDGER)
def claims_on(ledger: Ledger, *subjects: str) -> Html:
    """The claims that a chapter is about, each with its verdict and a link to its evidence.

    Args:
        ledger: The decided claims.
        subjects: Any of `who`, `tenure`, `destinations`, `timeline`, `roles`.

    Raises:
        UnknownNameError: For any other subject.

    Example:
        >>> ah.claims_on(ledger, "tenure")
        The article’s...
    """
    say, chosen = ledger.language, _on(ledger, subjects)
    if not chosen:
        text = say("The article makes no claim about this that could be tested.")
        return Html(f'<p class="note">{escape(text)}</p>', text, say)
    heading = say.plural(
        "The article’s claim about this, with its verdict",
        "The article’s {count} claims about this, with their verdicts",
        len(chosen),
    ).format(count=say.count(len(chosen)))
    items = "".join(
        f"<li>{verdict_badge(each.verdict, say).html} {_claim_link(each)}</li>" for each in chosen
    )
    return Html(
        folded(heading, f'<ul class="claims-on">{items}</ul>', "claims-on"),
        "\n".join([heading, *(f"{say.verdict(each.verdict)}: {each.says}" for each in chosen)]),
        say,
    )


@takes(Ledger, THE_LEDGER)
def sources_on(ledger: Ledger, *subjects: str) -> Html:
    """What outside sources say of claims that the list decides.

    Args:
        ledger: The decided claims.
        subjects: Any of `who`, `tenure`, `destinations`, `timeline`, `roles`.

    Raises:
        UnknownNameError: For any other subject.

    Example:
        >>> ah.sources_on(ledger, "timeline")
        An outside source: ...
    """
    say = ledger.language
    found = [
        source
        for decision in _on(ledger, subjects)
        if decision.checked_by == "table"
        for source in decision.claim.sources
    ]
    label = say("An outside source:")
    texts = [(source.finding.said(say), _page(source.url)) for source in found]
    html = "".join(
        f"<p><strong>{escape(label)}</strong> {escape(text)} {page.html}</p>"
        for text, page in texts
    )
    return Html(html, "\n".join(f"{label} {text} {page.text}" for text, page in texts), say)


@takes(Ledger, THE_LEDGER)
def tally(ledger: Ledger) -> Html:
    """How many claims have each verdict, by what they were checked against.

    Args:
        ledger: The decided claims.

    Example:
        >>> ah.tally(ledger)
        The article’s own list: ...
    """
    say = ledger.language
    checked = {
        say("the article’s own list"): tested(ledger),
        say("outside sources"): ledger.where(lambda each: each.checked_by == "sources"),
    }
    rows = {
        sentence(name): sentence(tallied(say, some)) + "." for name, some in checked.items() if some
    }
    without = {
        say("repeats the list"): ledger.where(lambda each: each.by_construction),
        say("Not checked"): ledger.where(lambda each: each.checked_by is None),
    }
    for name, some in without.items():
        if number := len(some):
            text = say.plural("{count} claim.", "{count} claims.", number)
            rows[sentence(name)] = sentence(text.format(count=say.count(number)))
    return _listing([(name, Html(escape(text), text)) for name, text in rows.items()], say)


# --- every claim


@takes(Ledger, THE_LEDGER)
def ledger_table(ledger: Ledger) -> Html:
    """Every claim with its verdict and evidence; on a page, to be filtered and ordered.

    Args:
        ledger: The decided claims, or some of them: `ledger.where(...)`.

    Example:
        >>> ah.ledger_table(ledger[:1])
        inconclusive: ...
    """
    say = ledger.language
    if not ledger:
        text = say("The ledger holds no claims.")
        return Html(f'<p class="note">{escape(text)}</p>', text, say)
    items = "".join(map(_claim, ledger))
    none = say("No claim is of both kinds.")
    text = "\n".join(
        f"{say.verdict(each.verdict)}: {each.says} {_found(each)}".rstrip() for each in ledger
    )
    return Html(
        f'<div class="ledger">{_filters(ledger)}<ol class="claims">{items}</ol>'
        f'<p class="none">{escape(none)}</p></div>',
        text,
        say,
    )


def _claim(decision: Decision) -> str:
    say, name = decision.edition.say, f"claim-{decision.claim.id}"
    tag = ""
    if decision.by_construction:
        mark = say("repeats the list")
        tag = f'<span class="tag">{escape(mark)}</span> '
    reason = "" if decision.checked_by == "table" else _read_as(decision)
    nothing = say("Nothing was found that it could be held against.")
    found = reason or _found(decision) or nothing
    kind = f"claim is-{decision.verdict} by-{decision.checked_by or 'nothing'}"
    return (
        f'<li class="{kind}" id="{name}"><p class="says">'
        f"{verdict_badge(decision.verdict, say).html} {tag}{escape(decision.says)}"
        f' <a href="#{name}" aria-label="# {decision.claim.id}">#</a></p>'
        f"<details><summary>{escape(found)}</summary>{_definitions(_evidence(decision))}</details>"
        "</li>"
    )


def _filters(ledger: Ledger) -> str:
    """Radio buttons, which the style sheet reads: no script runs on a page."""
    say = ledger.language
    by_verdict = {"any": (say("all"), len(ledger))} | {
        verdict.value: (say.verdict(verdict), sum(each.verdict is verdict for each in ledger))
        for verdict in (
            Verdict.CONTRADICTED,
            Verdict.INCONCLUSIVE,
            Verdict.SUPPORTED,
            Verdict.UNTESTABLE,
        )
    }
    by_evidence = {"any": (say("all"), len(ledger))} | {
        kind: (text, sum(each.checked_by == kind for each in ledger))
        for kind, text in (
            ("table", say("the article’s own list")),
            ("sources", say("outside sources")),
        )
    }
    groups = (
        ("verdict", say("Verdict"), by_verdict),
        ("evidence", say("Checked against"), by_evidence),
    )
    html = "".join(
        _radios(
            name,
            label,
            [(key, f"{text} ({say.decimal(count, 0)})") for key, (text, count) in choices.items()
             if count],
        )
        for name, label, choices in groups
    )  # fmt: skip
    order = [("worst", say("contradicted first")), ("article", say("as in the article"))]
    ordering = _radios("order", say("Order"), order)
    return f'<div class="filters">{html}{ordering}</div>'


def _radios(name: str, label: str, choices: Sequence[tuple[str, str]]) -> str:
    buttons = "".join(
        f'<label><input type="radio" name="{name}" class="{name}-{key}"'
        f"{' checked' if number == 0 else ''}> {escape(text)}</label>"
        for number, (key, text) in enumerate(choices)
    )
    return f"<fieldset><legend>{escape(label)}</legend>{buttons}</fieldset>"
