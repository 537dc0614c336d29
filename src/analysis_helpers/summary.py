"""The finding as a headline, and the opening: what was checked, what holds and what does not.

Both are computed from the verdicts, grouped by what the claims are about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import product

from .claims import THE_LEDGER, Decision, Ledger
from .cohort import THE_DATA, Cohort
from .errors import takes
from .findings import Finding, departures_title, paragraph
from .language import Language, lowered, sentence, within
from .ledger import Claim
from .ranges import Verdict


class Subject(StrEnum):
    """What a claim is about."""

    WHO = "who left"
    TENURE = "how long they had been there"
    DESTINATION = "where they went"
    TIMELINE = "when they left"
    ROLES = "what their roles were"


class Standing(StrEnum):
    """How the claims about a subject stand, taken together."""

    HOLDS = "every claim is supported"
    IN_PART = "some are supported, some are not"
    FAILS = "none is supported, and some are contradicted"
    OPEN = "none is supported or contradicted"


_OF_MEASURE: Mapping[str, Subject] = {
    **dict.fromkeys(
        ("mean_tenure", "median_tenure", "shortest_tenure", "longest_tenure"), Subject.TENURE
    ),
    **dict.fromkeys(("first_departure", "last_departure", "half_gone"), Subject.TIMELINE),
    **dict.fromkeys(("destinations", "top_destination"), Subject.DESTINATION),
    **dict.fromkeys(("roles_then", "roles_now"), Subject.ROLES),
    "names": Subject.WHO,
}
_OF_COLUMN: Mapping[str, Subject] = {
    "departed": Subject.TIMELINE,
    "tenure": Subject.TENURE,
    "organisation": Subject.DESTINATION,
}


def subject(claim: Claim) -> Subject | None:
    """What a claim is about, by its measure or else by the rows it looks at; None where neither."""
    measured = claim.each_reading[0]
    if measured.measure is None:
        return None
    if measured.measure in _OF_MEASURE:
        return _OF_MEASURE[measured.measure]
    columns = (_OF_COLUMN[column] for column in _OF_COLUMN if column in measured.where)
    return next(columns, Subject.WHO)


def tested(ledger: Ledger) -> Ledger:
    """The claims that the table decides and that could have failed."""
    return ledger.where(lambda each: each.checked_by == "table" and not each.by_construction)


def standings(ledger: Ledger) -> dict[Subject, Standing]:
    """How the claims about each subject stand, of those that the table tests; in reading order."""
    grouped: dict[Subject, list[Verdict]] = {}
    for decision in tested(ledger):
        about = subject(decision.claim)
        if about is not None:
            grouped.setdefault(about, []).append(decision.verdict)
    return {about: _standing(grouped[about]) for about in Subject if about in grouped}


def _standing(verdicts: Sequence[Verdict]) -> Standing:
    tallied = Counter(verdicts)
    if tallied[Verdict.SUPPORTED] == len(verdicts):
        return Standing.HOLDS
    if tallied[Verdict.SUPPORTED]:
        return Standing.IN_PART
    return Standing.FAILS if tallied[Verdict.CONTRADICTED] else Standing.OPEN


def unsettled(ledger: Ledger) -> list[Decision]:
    """The claims that do not hold: the contradicted first, of each those that the table decides."""
    order = product((Verdict.CONTRADICTED, Verdict.INCONCLUSIVE), ("table", "sources"))
    return [
        decision
        for verdict, checked_by in order
        for decision in ledger
        if (decision.verdict, decision.checked_by) == (verdict, checked_by)
    ]


# --- the headline


@takes(Cohort, THE_DATA, ledger=(Ledger, THE_LEDGER))
def headline(cohort: Cohort, ledger: Ledger) -> Finding:
    """The finding in a few words: who left, where that holds, and what the list contradicts.

    Args:
        cohort: What `open_cohort` gives.
        ledger: The decided claims.

    Returns:
        One sentence without a full stop; how many left, where the table tests no claim.

    Example:
        >>> print(ah.headline(data, ledger).partition(", but")[0])
        By the article’s own list, 11 of the 14 authors had left Meta by May 2025
    """
    say = cohort.language
    stand, left = standings(ledger), departures_title(cohort)
    if not stand:
        return Finding(left, say)
    if stand.get(Subject.WHO) is not Standing.HOLDS:
        text = _AS_THE_FINDING[_how(ledger)]
    elif len(stand) == 1:
        text = _("by the article’s own list, {finding}")
    else:
        text = _BEHIND_THE_FINDING[_how(ledger)]
    about = headlined(ledger)
    number = sum(_contradicted(ledger)[each] for each in about)
    said = say(text).format(
        finding=lowered(left),
        subjects=say.listed([_clause(cohort, each) for each in about]),
        times=_times(say, number),
    )
    return Finding(sentence(said), say)


class _How(StrEnum):
    """What the list does to what the headline speaks of."""

    BEARS_OUT = "bears all of it out"
    CONTRADICTS = "contradicts it"
    CONTRADICTS_SOME = "contradicts some of it"
    LEAVES_OPEN = "settles none of it"
    LEAVES_SOME_OPEN = "settles not all of it"


def _how(ledger: Ledger) -> _How:
    standing = {standings(ledger)[about] for about in headlined(ledger)}
    if any(about in _contradicted(ledger) for about in headlined(ledger)):
        return _How.CONTRADICTS if standing == {Standing.FAILS} else _How.CONTRADICTS_SOME
    if standing == {Standing.HOLDS}:
        return _How.BEARS_OUT
    return _How.LEAVES_OPEN if standing == {Standing.OPEN} else _How.LEAVES_SOME_OPEN


def _(text: str) -> str:
    """Marks a text that is translated where it is said."""
    return text


_BEHIND_THE_FINDING: Mapping[_How, str] = {
    _How.BEARS_OUT: _("by the article’s own list, {finding}, and its other figures add up, too"),
    _How.CONTRADICTS: _(
        "by the article’s own list, {finding}, but its text disagrees on {subjects}"
    ),
    _How.CONTRADICTS_SOME: _(
        "by the article’s own list, {finding}, but its text disagrees {times} on {subjects}"
    ),
    _How.LEAVES_OPEN: _(
        "by the article’s own list, {finding}, but it cannot settle what the article says about"
        " {subjects}"
    ),
    _How.LEAVES_SOME_OPEN: _(
        "by the article’s own list, {finding}, but it cannot settle all that the article says"
        " about {subjects}"
    ),
}
_AS_THE_FINDING: Mapping[_How, str] = {
    _How.BEARS_OUT: _("the article’s own list bears out what it says about {subjects}"),
    _How.CONTRADICTS: _("the article’s own list contradicts it on {subjects}"),
    _How.CONTRADICTS_SOME: _("the article’s own list contradicts it {times} on {subjects}"),
    _How.LEAVES_OPEN: _("the article’s own list cannot settle what it says about {subjects}"),
    _How.LEAVES_SOME_OPEN: _(
        "the article’s own list cannot settle all that it says about {subjects}"
    ),
}


def headlined(ledger: Ledger) -> Sequence[Subject]:
    """What the headline speaks of beside who left: what is contradicted, or else is not settled.

    Of the roles only the opening speaks, where there is more to tell.
    """
    stand = standings(ledger)
    failing = [about for about in stand if stand[about] is not Standing.HOLDS] or [*stand]
    contradicted = _contradicted(ledger)
    named = [about for about in failing if about in contradicted] or failing
    return [about for about in named if about is not Subject.ROLES] or named


def _contradicted(ledger: Ledger) -> Counter[Subject | None]:
    """How many claims about each subject the list contradicts."""
    return Counter(
        subject(each.claim) for each in tested(ledger) if each.verdict is Verdict.CONTRADICTED
    )


def _times(say: Language, number: int) -> str:
    if number == 2:
        return say("twice")
    return say.plural("once", "{count} times", number).format(count=say.count(number))


# --- the opening


@takes(Cohort, THE_DATA, ledger=(Ledger, THE_LEDGER))
def standfirst(cohort: Cohort, ledger: Ledger) -> Finding:
    """What was checked against what, what agrees with it, and how the claims came out.

    Those that are contradicted are named by `contradicted_claims`.

    Args:
        cohort: What `open_cohort` gives.
        ledger: The decided claims.

    Returns:
        Two or three sentences.

    Example:
        >>> ah.standfirst(data, ledger).count(". ")
        3
    """
    return paragraph(cohort.language, *opening(cohort, ledger))


def opening(cohort: Cohort, ledger: Ledger) -> tuple[str, str, str]:
    """What was checked, what agrees with that if anything does, and how the claims came out."""
    say = cohort.language
    stand = standings(ledger)
    checked = _checked(cohort, bool(stand) and any(each.checked_by == "sources" for each in ledger))
    if not ledger:
        return checked, "", say("no claim of the article has been entered yet")
    if not stand:
        return checked, "", _nothing_tested(say, ledger)
    agrees = ""
    if holds := [about for about in stand if stand[about] is Standing.HOLDS]:
        text = say("the text and the list agree on {subjects}")
        agrees = text.format(subjects=say.listed([_clause(cohort, about) for about in holds]))
    return checked, agrees, _outcome(say, ledger)


def article_title(cohort: Cohort) -> str | None:
    """The article's title, as it prints it or else in the cohort's language, if that is known."""
    if cohort.article.language == cohort.language.code:
        return cohort.article.title
    return cohort.article.title_in.get(cohort.language.code)


def _checked(cohort: Cohort, by_sources: bool) -> str:
    """Which article was checked, against what, and what was not checked: its list."""
    say, team = cohort.language, within(cohort.title)
    article = article_title(cohort)
    if article and cohort.article.language == say.code:
        subject = say("the article “{article}”").format(article=article)
    elif article:
        subject = say("the {language} article “{article}”").format(
            article=article, language=say.language_name(cohort.article.language)
        )
    else:
        about = say("{team}") if cohort.company in cohort.title else say("{company} and {team}")
        subject = say("an article about {subject}").format(
            subject=about.format(company=cohort.company, team=team)
        )
        team = say("{people}").format(people=cohort.people)
    text = say(
        "this report checks {article} against its own list of {team}. The list itself was not"
        " verified"
    )
    if by_sources:
        text = say(
            "this report checks {article} against its own list of {team}, and the rest of it"
            " against outside sources. The list itself was not verified"
        )
    return text.format(article=subject, team=team)


def _outcome(say: Language, ledger: Ledger) -> str:
    """How all the claims came out, each counted once."""
    numbers, aside = Counter(map(_outcome_of, ledger)), _by_what(say, ledger)
    if not aside and len(numbers) == 1:
        return _all_of(say, ledger[0].verdict, len(ledger))
    text = say("of the article’s {count} claims, {parts}")
    return text.format(count=say.count(len(ledger)), parts=_tallied(say, numbers, aside))


_REPEATS = "repeats the list"


def _outcome_of(decision: Decision) -> Verdict | str:
    """Its verdict, unless it could have no other."""
    return _REPEATS if decision.by_construction else decision.verdict


def _all_of(say: Language, verdict: Verdict, number: int) -> str:
    if number == 2:
        return {
            Verdict.SUPPORTED: say("both of the article’s claims are supported"),
            Verdict.INCONCLUSIVE: say("both of the article’s claims are inconclusive"),
            Verdict.CONTRADICTED: say("both of the article’s claims are contradicted"),
        }[verdict]
    text = {
        Verdict.SUPPORTED: say.plural(
            "the article’s only claim is supported",
            "all {count} of the article’s claims are supported",
            number,
        ),
        Verdict.INCONCLUSIVE: say.plural(
            "the article’s only claim is inconclusive",
            "all {count} of the article’s claims are inconclusive",
            number,
        ),
        Verdict.CONTRADICTED: say.plural(
            "the article’s only claim is contradicted",
            "all {count} of the article’s claims are contradicted",
            number,
        ),
    }[verdict]
    return text.format(count=say.count(number))


def tallied(say: Language, decisions: Iterable[Decision]) -> str:
    """How many claims have each verdict: `one is inconclusive and two are supported`."""
    return _tallied(say, Counter(each.verdict for each in decisions))


def _tallied(say: Language, numbers: Mapping[Verdict | str, int], aside: str = "") -> str:
    """How many claims came out how. `aside`: what stands behind the supported ones."""

    def said(outcome: Verdict | str) -> str:
        number = numbers[outcome]
        match outcome:
            case Verdict.SUPPORTED:
                text = say.plural("{count} is supported", "{count} are supported", number)
                text += aside
            case Verdict.INCONCLUSIVE:
                text = say.plural("{count} is inconclusive", "{count} are inconclusive", number)
            case Verdict.UNTESTABLE:
                text = say.plural("{count} was not checked", "{count} were not checked", number)
            case Verdict.CONTRADICTED:
                text = say.plural("{count} is contradicted", "{count} are contradicted", number)
            case _:
                text = say.plural(
                    "{count} only repeats the list", "{count} only repeat the list", number
                )
        return text.format(count=say.count(number))

    order = (
        Verdict.CONTRADICTED,
        Verdict.INCONCLUSIVE,
        Verdict.SUPPORTED,
        _REPEATS,
        Verdict.UNTESTABLE,
    )
    return say.listed([said(outcome) for outcome in order if numbers.get(outcome)])


def _by_what(say: Language, ledger: Ledger) -> str:
    """How many are supported by the list and by outside sources, where both support some."""
    numbers = Counter(each.checked_by for each in ledger if _outcome_of(each) is Verdict.SUPPORTED)
    if len(numbers) < 2:
        return ""
    by_list, by_sources = numbers["table"], numbers["sources"]
    parts = [
        say("{count} by its list").format(count=say.count(by_list)),
        say("{count} by outside sources").format(count=say.count(by_sources)),
    ]
    return f" ({', '.join(parts)})"


def _nothing_tested(say: Language, ledger: Ledger) -> str:
    text: str = say("the list can test none of the article’s claims")
    judged = sum(decision.checked_by == "sources" for decision in ledger)
    if judged:
        sources = say.plural(
            "outside sources speak to {count} of them",
            "outside sources speak to {count} of them",
            judged,
        )
        text += "; " + sources.format(count=say.count(judged))
    return text


def _clause(cohort: Cohort, about: Subject) -> str:
    say = cohort.language
    return {
        Subject.WHO: say("how many left in all"),
        Subject.TENURE: say("how long they had been at {company}"),
        Subject.DESTINATION: say("where they were in {month}"),
        Subject.TIMELINE: say("when they left"),
        Subject.ROLES: say("what their roles were"),
    }[about].format(company=cohort.company, month=say.month_name(cohort.article.as_of))
