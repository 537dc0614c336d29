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
    """The finding in a few words: who left, where that holds, and what does not add up.

    Args:
        cohort: What `open_cohort` gives.
        ledger: The decided claims.

    Returns:
        One sentence without a full stop; how many left, where the table tests no claim.

    Example:
        >>> print(ah.headline(data, ledger).partition(";")[0])
        By the article’s list, 11 of the 14 authors have left Meta
    """
    say = cohort.language
    stand, left = standings(ledger), departures_title(cohort)
    if not stand:
        return Finding(left, say)
    grouped = _grouped(stand)
    if len(grouped) == 1 < len(stand):
        return Finding(_all_alike(say, next(iter(grouped))), say)
    finding = ""
    if Subject.WHO in grouped.get(Standing.HOLDS, ()):
        # It stands for how long they had stayed and where they went, where all of that holds.
        del grouped[Standing.HOLDS]
        finding = say("by the article’s list, {finding}").format(finding=lowered(left))
    # Of the roles only the opening speaks, where there is more to tell.
    grouped = {
        standing: [about for about in subjects if about is not Subject.ROLES] or subjects
        for standing, subjects in grouped.items()
    }
    parts: list[str] = []
    before: Standing | None = None
    for standing, subjects in grouped.items():
        many = 1 if subjects == [Subject.TIMELINE] else 2
        text = (
            _next_part(say, standing, before, many) if before else _first_part(say, standing, many)
        )
        named = say.listed([_noun(cohort, about) for about in subjects])
        parts.append(text.format(subjects=named))
        before = standing
    # Between parts that have commas of their own a comma would not be seen to part them.
    mark = "; " if any(len(subjects) > 2 for subjects in grouped.values()) else ", "
    return Finding(sentence("; ".join(filter(None, [finding, mark.join(parts)]))), say)


def _grouped(stand: Mapping[Subject, Standing]) -> dict[Standing, list[Subject]]:
    """The subjects of each standing that there is, in the order of both."""
    return {
        standing: [about for about in stand if stand[about] is standing]
        for standing in Standing
        if standing in stand.values()
    }


def _all_alike(say: Language, standing: Standing) -> str:
    return {
        Standing.HOLDS: say("The article’s figures add up"),
        Standing.IN_PART: say("The article’s figures add up only in part"),
        Standing.FAILS: say("The article’s figures do not add up"),
        Standing.OPEN: say("The article’s figures cannot be settled"),
    }[standing]


def _noun(cohort: Cohort, about: Subject) -> str:
    say = cohort.language
    return {
        Subject.WHO: say("the departures"),
        Subject.TENURE: say("the years at {company}"),
        Subject.DESTINATION: say("the destinations"),
        Subject.TIMELINE: say("the article’s timeline"),
        Subject.ROLES: say("the roles"),
    }[about].format(company=cohort.company)


def _first_part(say: Language, standing: Standing, many: int) -> str:
    return {
        Standing.HOLDS: say.plural("{subjects} adds up", "{subjects} add up", many),
        Standing.IN_PART: say.plural(
            "{subjects} adds up only in part", "{subjects} add up only in part", many
        ),
        Standing.FAILS: say.plural("{subjects} does not add up", "{subjects} do not add up", many),
        Standing.OPEN: say("{subjects} cannot be settled"),
    }[standing]


def _next_part(say: Language, standing: Standing, before: Standing, many: int) -> str:
    """What is said behind a part that ends with `add up`, or with `only in part`."""
    match standing, before:
        case Standing.IN_PART, _:
            return say.plural("{subjects} only in part", "{subjects} only in part", many)
        case Standing.FAILS, Standing.HOLDS:
            return say.plural("{subjects} does not", "{subjects} do not", many)
        case Standing.FAILS, _:
            return say("{subjects} not at all")
        case _, Standing.HOLDS:
            return say("but {subjects} cannot be settled")
        case _:
            return say("and {subjects} cannot be settled")


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
        2
    """
    return paragraph(cohort.language, *opening(cohort, ledger))


def opening(cohort: Cohort, ledger: Ledger) -> tuple[str, str, str]:
    """What was checked, what agrees with that if anything does, and how the claims came out."""
    say = cohort.language
    stand = standings(ledger)
    checked = say("{checked}, not against independent records").format(checked=_checked(cohort))
    if not ledger:
        return checked, "", say("no claim of the article has been entered yet")
    if not stand:
        return checked, "", _nothing_tested(say, ledger)
    agrees = ""
    if holds := _grouped(stand).get(Standing.HOLDS):
        text = say("what it says about {subjects} agrees with that list")
        agrees = text.format(subjects=say.listed([_clause(cohort, about) for about in holds]))
    return checked, agrees, _outcome(say, ledger)


def _checked(cohort: Cohort) -> str:
    """Which article was checked, against what."""
    say = cohort.language
    article = cohort.article.title_in.get(say.code)
    if cohort.article.language == say.code:
        article = cohort.article.title
    if article:
        text = say("this report checks the article “{article}” against its own list of {people}")
        if cohort.article.language != say.code:
            text = say(
                "this report checks the {language} article “{article}” against its own list of"
                " {people}"
            )
        return text.format(
            article=article,
            language=say.language_name(cohort.article.language),
            people=cohort.people,
        )
    about = say("{company} and {team}")
    if cohort.company in cohort.title:
        about = say("{team}")
    text = say("this report checks an article about {subject} against its own list of {people}")
    return text.format(
        subject=about.format(company=cohort.company, team=within(cohort.title)),
        people=cohort.people,
    )


def _outcome(say: Language, ledger: Ledger) -> str:
    """How all the claims came out, each counted once."""
    repeated = len(ledger.where(lambda each: each.by_construction))
    judged = len(ledger.where(lambda each: each.checked_by == "sources"))
    if not (repeated or judged) and len({each.verdict for each in ledger}) == 1:
        return _all_of(say, ledger[0].verdict, len(ledger))
    parts = tallied(say, ledger)
    if repeated:
        supported = ledger.where(lambda each: each.verdict is Verdict.SUPPORTED)
        if repeated == len(supported):
            text = say.plural(
                "{supported}, but only because it repeats the list",
                "{supported}, but only because they repeat the list",
                repeated,
            )
        else:
            text = say.plural(
                "{supported}, {count} of them only because it repeats the list",
                "{supported}, {count} of them only because they repeat the list",
                repeated,
            )
        held = text.format(supported=tallied(say, supported), count=say.count(repeated))
        rest = tallied(say, ledger.where(lambda each: each.verdict is not Verdict.SUPPORTED))
        parts = "; ".join(filter(None, [held, rest]))
    text = say("of the article’s {count} claims, {parts}")
    if judged:
        text = say.plural(
            "of the article’s {count} claims ({judged}, on other matters, was held against outside"
            " sources), {parts}",
            "of the article’s {count} claims ({judged}, on other matters, were held against outside"
            " sources), {parts}",
            judged,
        )
    return text.format(count=say.count(len(ledger)), judged=say.count(judged), parts=parts)


def _all_of(say: Language, verdict: Verdict, number: int) -> str:
    if number == 2:
        return {
            Verdict.SUPPORTED: say("both of its claims are supported"),
            Verdict.INCONCLUSIVE: say("both of its claims are inconclusive"),
            Verdict.CONTRADICTED: say("both of its claims are contradicted"),
        }[verdict]
    text = {
        Verdict.SUPPORTED: say.plural(
            "its only claim is supported", "all {count} of its claims are supported", number
        ),
        Verdict.INCONCLUSIVE: say.plural(
            "its only claim is inconclusive", "all {count} of its claims are inconclusive", number
        ),
        Verdict.CONTRADICTED: say.plural(
            "its only claim is contradicted", "all {count} of its claims are contradicted", number
        ),
    }[verdict]
    return text.format(count=say.count(number))


def tallied(say: Language, decisions: Iterable[Decision]) -> str:
    """How many claims have each verdict: `two are supported and one is inconclusive`."""
    numbers = Counter(each.verdict for each in decisions)

    def said(verdict: Verdict) -> str:
        number = numbers[verdict]
        match verdict:
            case Verdict.SUPPORTED:
                text = say.plural("{count} is supported", "{count} are supported", number)
            case Verdict.INCONCLUSIVE:
                text = say.plural("{count} is inconclusive", "{count} are inconclusive", number)
            case Verdict.UNTESTABLE:
                text = say.plural("{count} was not checked", "{count} were not checked", number)
            case _:
                text = say.plural("{count} is contradicted", "{count} are contradicted", number)
        return text.format(count=say.count(number))

    order = (Verdict.SUPPORTED, Verdict.INCONCLUSIVE, Verdict.UNTESTABLE, Verdict.CONTRADICTED)
    return say.listed([said(verdict) for verdict in order if numbers[verdict]])


def _nothing_tested(say: Language, ledger: Ledger) -> str:
    text: str = say("that list can test none of the article’s claims")
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
        Subject.WHO: say("how many left"),
        Subject.TENURE: say("how long they had been at {company}"),
        Subject.DESTINATION: say("where they are now"),
        Subject.TIMELINE: say("when they left"),
        Subject.ROLES: say("what their roles were"),
    }[about].format(company=cohort.company)
