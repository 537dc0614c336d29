"""What was found, in sentences: the answers in the notebooks and the titles of the charts.

Every number in them comes from `measures`. A sentence holds for nobody, one, some and all.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd

from . import measures, months
from .cohort import THE_DATA, Cohort
from .edition import NAMED_AT_MOST, Edition
from .errors import takes
from .language import ENGLISH, Language, sentence
from .markup import in_notebook
from .ranges import Range
from .wording import names_season


class Finding(str):
    """A sentence that a notebook shows as a paragraph."""

    say: Language

    def __new__(cls, text: str, say: Language = ENGLISH) -> Finding:
        finding = super().__new__(cls, text)
        finding.say = say
        return finding

    def _repr_html_(self) -> str:
        return in_notebook(f'<p class="finding">{escape(self)}</p>', self.say) if self else ""


def paragraph(say: Language, *sentences: str) -> Finding:
    """Texts without a capital and a full stop, those that there are, as sentences in a row."""
    return Finding(" ".join(f"{sentence(text)}." for text in sentences if text), say)


def _people(cohort: Cohort, names: Sequence[str]) -> str:
    """A few names, or how many there are."""
    say = cohort.language
    if len(names) <= NAMED_AT_MOST:
        return say.listed(names)
    return say("{count} {people}").format(count=say.count(len(names)), people=cohort.people)


def _headcounts(cohort: Cohort) -> tuple[int, int]:
    return (
        int(measures.credited(cohort.counted).low),
        int(measures.departed(cohort.counted).low),
    )


# --- departures


@takes(Cohort, THE_DATA)
def departures_title(cohort: Cohort) -> str:
    """How many of the authors had left by the table's last month, as a title; of the counted."""
    say = cohort.language
    credited, departed = _headcounts(cohort)
    person, people = cohort.person, cohort.people
    if credited < len(cohort.authors):
        person = say("{person} who is counted").format(person=person)
        people = say("{people} who are counted").format(people=people)
    if credited == 1:
        text = (
            say("the only {person} had left {company} by {month}")
            if departed
            else say("the only {person} had not left {company} by {month}")
        )
    elif departed == 0 and credited == 2:
        text = say("neither of the two {people} had left {company} by {month}")
    elif departed == 0:
        text = say("none of the {credited} {people} had left {company} by {month}")
    elif departed == credited:
        text = (
            say("both {people} had left {company} by {month}")
            if credited == 2
            else say("all {credited} {people} had left {company} by {month}")
        )
    else:
        text = say.plural(
            "{departed} of the {credited} {people} had left {company} by {month}",
            "{departed} of the {credited} {people} had left {company} by {month}",
            departed,
        )
    return sentence(
        text.format(
            departed=say.count(departed),
            credited=say.count(credited),
            company=cohort.company,
            person=person,
            people=people,
            month=say.month_name(cohort.article.as_of),
        )
    )


@takes(Cohort, THE_DATA)
def departures_by_title(cohort: Cohort) -> str:
    """How many have left, and how many of them by the month in which half of all were gone."""
    say = cohort.language
    title = departures_title(cohort)
    half = measures.half_gone(cohort)
    if half is None or not half.is_exact or len(cohort.counted) < 4:
        return title
    month = half.low + cohort.start.month
    _low, high = measures.departure_ends(measures.left(cohort.counted))
    early, left = int((high <= month).sum()), len(high)
    if not 0 < early < left:
        return title
    return say("{finding}, {early} of them by {month}").format(
        finding=title, early=say.count(early), month=say.month_name(month)
    )


@takes(Cohort, THE_DATA)
def departures(cohort: Cohort) -> Finding:
    """How many have left, and who was still there.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        A sentence or a few, in the cohort's language.

    Example:
        >>> ah.findings.departures(data)
        '11 of the 14 authors had left Meta by May 2025. Hugo...
    """
    say = cohort.language
    stayed = cohort.counted.loc[cohort.counted["status"] == "stayed", "name"].tolist()
    still = say.plural("{people} was still there", "{people} were still there", len(stayed)).format(
        people=_people(cohort, Edition(cohort).names(stayed))
    )
    return paragraph(say, departures_title(cohort), still if stayed else "", _not_counted(cohort))


def _not_counted(cohort: Cohort) -> str:
    """Who is listed and belongs to no measure; empty where everybody does."""
    rows = cohort.authors
    names = rows.loc[~rows["counted"], "name"].tolist()
    if not names:
        return ""
    return cohort.language.plural(
        "{people} is listed and not counted", "{people} are listed and not counted", len(names)
    ).format(people=_people(cohort, Edition(cohort).names(names)))


@takes(Cohort, THE_DATA)
def looseness(cohort: Cohort) -> Finding:
    """Which departures and tenures the article states loosely, or not at all, and whose they are.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        A sentence or a few, in the cohort's language.

    Example:
        >>> ah.findings.looseness(data)
        'The departure of Guillaume Lample is dated only loosely. The tenures...
    """
    say = cohort.language
    rows = measures.left(cohort.counted)
    if rows.empty:
        return paragraph(say, say("nobody has left, so there is no departure or tenure to read"))
    names = Edition(cohort).said(rows)["name"].to_numpy(dtype=object)
    low, high = measures.departure_ends(rows)
    open_ended = undated(cohort, rows)
    wide = (rows["tenure_high"] - rows["tenure_low"]).fillna(0) > 2
    texts = (
        _of_some(
            cohort,
            names[(low < high) & ~open_ended],
            say("the departure of {people} is dated only loosely"),
            say("the departures of {people} are dated only loosely"),
        ),
        _seasons(cohort, rows),
        _of_some(
            cohort,
            names[open_ended],
            say("the departure of {people} is not dated; it can lie in any month up to {month}"),
            say(
                "the departures of {people} are not dated; each can lie in any month up to {month}"
            ),
        ),
        _of_some(
            cohort,
            names[wide.to_numpy(bool)],
            say("the tenure of {people} is given only roughly"),
            say("the tenures of {people} are given only roughly"),
        ),
        _not_stated(cohort, names[rows["tenure_low"].isna().to_numpy()]),
    )
    if not any(texts):
        return paragraph(say, say("every departure and every tenure is stated to the month"))
    return paragraph(say, *texts)


def undated(cohort: Cohort, rows: pd.DataFrame) -> np.ndarray:
    """Of which of those who left the article gives no date: it can be any month up to its last."""
    low, high = measures.departure_ends(rows)
    found: np.ndarray = np.isneginf(low) & (high == cohort.article.as_of)
    return found


def _of_some(cohort: Cohort, names: Sequence[str] | np.ndarray, one: str, several: str) -> str:
    """What is said of one person or of several; nothing where there is nobody."""
    if not len(names):
        return ""
    text = one if len(names) == 1 else several
    month = cohort.language.month_name(cohort.article.as_of)
    return text.format(people=_people(cohort, list(names)), company=cohort.company, month=month)


def _not_stated(cohort: Cohort, names: Sequence[str] | np.ndarray) -> str:
    """Whose tenure the article does not state."""
    say = cohort.language
    return _of_some(
        cohort,
        names,
        say("{people}’s time at {company} is not stated"),
        say("how long {people} had been at {company} is not stated"),
    )


def _seasons(cohort: Cohort, rows: pd.DataFrame) -> str:
    """How a season is read, by the example of the first one; nothing where there is none."""
    say, language = cohort.language, cohort.article.language
    first = rows.drop_duplicates("departed_printed")
    texts = first["departed_printed"].astype(str)
    for text, low, high in zip(texts, *measures.departure_ends(first), strict=True):
        if high - low == 3 and names_season(text, language):
            return say(
                "a season is read as the four months that it can reach into: “{printed}” as"
                " {months}"
            ).format(printed=text, months=say.month_span(low, high))
    return ""


@takes(Cohort, THE_DATA)
def dates(cohort: Cohort) -> Finding:
    """From when the team is counted, and what the events are that stand below.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        A sentence or a few, in the cohort's language.

    Example:
        >>> print(ah.findings.dates(data).partition(". ")[0])
        Months are counted from the paper (27 February 2023)
    """
    say = cohort.language
    return paragraph(
        say,
        say("months are counted from {start} ({date})").format(
            start=cohort.starts, date=say.day(cohort.start.date)
        ),
        say("the events below come from outside the article; the charts mark some of them")
        if len(cohort.events)
        else "",
    )


# --- tenure


def _no_tenure(cohort: Cohort) -> str | None:
    """Why there is no tenure to speak of, if there is none."""
    say = cohort.language
    rows = measures.left(cohort.counted)
    if rows.empty:
        return say("nobody has left, so there is no tenure to measure")
    if rows["tenure_low"].isna().all():
        return say("the article states no tenure")
    return None


def _tenures_stated(cohort: Cohort) -> tuple[int, int]:
    """Of how many who left the tenure is stated, and how many left."""
    tenures = measures.left(cohort.counted)["tenure_low"]
    return int(tenures.notna().sum()), len(tenures)


def _out_of_stated(cohort: Cohort) -> str:
    say = cohort.language
    stated, left = _tenures_stated(cohort)
    if stated == left:
        return ""
    return say("the article states the tenure of {stated} of the {all} who left").format(
        stated=say.count(stated), all=say.count(left)
    )


@takes(Cohort, THE_DATA)
def tenure_title(cohort: Cohort) -> str:
    """The mean tenure of those who left, as a title."""
    say = cohort.language
    mean = measures.mean_tenure(cohort.counted)
    if mean is None:
        return sentence(_no_tenure(cohort) or "")
    stated, left = _tenures_stated(cohort)
    text = (
        say.plural(
            "The one who left had been at {company} for {years}",
            "Those who left had been at {company} for {years} on average",
            stated,
        )
        if stated == left
        else say.plural(
            "The one whose tenure is stated had been at {company} for {years}",
            "Those whose tenure is stated had been at {company} for {years} on average",
            stated,
        )
    )
    return text.format(years=say.years_span(mean), company=cohort.company)


@takes(Cohort, THE_DATA)
def tenure(cohort: Cohort, threshold: float | None = None) -> Finding:
    """Mean and median tenure of those who left.

    Args:
        cohort: What `open_cohort` gives.
        threshold: Months that the mean exceeds, to be held against the median, too; or None.

    Returns:
        A sentence or a few, in the cohort's language.

    Example:
        >>> ah.findings.tenure(data, 60)
        'Those who left had been at Meta for 5.4 to 5.7 years on average. The...
    """
    say = cohort.language
    mean, median = measures.mean_tenure(cohort.counted), measures.median_tenure(cohort.counted)
    if mean is None or median is None:
        return paragraph(say, _no_tenure(cohort) or "")
    text = say("the median is {years}")
    if threshold is not None and median.low <= threshold < mean.low:
        text = say("the median is less clear: {years}, so perhaps no more than {threshold}")
    return paragraph(
        say,
        tenure_title(cohort),
        text.format(years=say.years_span(median), threshold=say.years(threshold or 0)),
        _out_of_stated(cohort),
    )


@takes(Cohort, THE_DATA)
def longer_than(cohort: Cohort, threshold: float | None) -> Finding:
    """How many of those who left had stayed longer than `threshold` months.

    Args:
        cohort: What `open_cohort` gives.
        threshold: Months, or None; `ah.claimed_value(ledger, "mean_tenure")` finds the article's.

    Returns:
        A sentence or a few, in the cohort's language; nothing without a threshold.

    Example:
        >>> ah.findings.longer_than(data, 60)
        'Five to seven of the 11 who left had been at Meta for longer...
    """
    say = cohort.language
    rows = measures.left(cohort.counted)
    if threshold is None:
        return paragraph(say)
    if (reason := _no_tenure(cohort)) is not None:
        return paragraph(say, reason)
    longer = measures.narrow(rows, {"tenure": measures.Condition(">", threshold)})
    number = measures.departed(longer)
    text = say("{longer} of the {all} who left had been at {company} for longer than {threshold}")
    if len(rows) == 1:
        text = (
            say("the one who left had been at {company} for longer than {threshold}")
            if number.low
            else say("the one who left may have been at {company} for longer than {threshold}")
            if number.high
            else say("the one who left had not been at {company} for longer than {threshold}")
        )
    depends = longer[~longer["certain"]] if len(rows) > 1 else longer[:0]
    missing = depends["tenure_low"].isna()
    names = {
        unstated: Edition(cohort).names(some["name"]) for unstated, some in depends.groupby(missing)
    }
    return paragraph(
        say,
        text.format(
            longer=say.parts(number),
            all=say.count(len(rows)),
            threshold=say.years(threshold),
            company=cohort.company,
        ),
        say("for {people} it depends on how that time was rounded").format(
            people=_people(cohort, names[False])
        )
        if False in names
        else "",
        _not_stated(cohort, names.get(True, [])),
    )


def _any_of(cohort: Cohort, names: Sequence[str]) -> str:
    """Any one of a few people, or of so many."""
    say = cohort.language
    if len(names) == 2:
        return say("either {people}").format(people=say.either(names))
    if len(names) <= 3:
        return say.either(names)
    return say("one of {count} {people}").format(count=say.count(len(names)), people=cohort.people)


def _decisive(means: pd.DataFrame, mean: Range, threshold: float) -> list[str]:
    """Without whom the mean may lie on the other side of the threshold; none if nobody decides."""
    if mean.high <= threshold:
        crossing = means["mean_high"] > threshold
    else:
        crossing = means["mean_low"] <= threshold
    return [] if crossing.all() else means.loc[crossing, "name"].tolist()


@takes(Cohort, THE_DATA)
def leave_one_out_title(cohort: Cohort, threshold: float | None) -> str:
    """What the mean does when any one of those who left is not counted."""
    say = cohort.language
    means, mean = measures.leave_one_out(cohort.counted), measures.mean_tenure(cohort.counted)
    if means.empty or mean is None:
        return sentence(_no_tenure(cohort) or say("there is no other tenure to average"))
    span = Range(means["mean_low"].min(), means["mean_high"].max())
    if threshold is None:
        text = say("whoever is left out, the mean is {years}").format(years=say.years_span(span))
    elif span.low > threshold:
        text = say("the mean stays above {threshold} whoever is left out").format(
            threshold=say.years(threshold)
        )
    elif span.high <= threshold:
        text = say("the mean stays at {threshold} or below whoever is left out").format(
            threshold=say.years(threshold)
        )
    elif mean.high <= threshold:
        strong = _decisive(means, mean, threshold)
        text = say("the mean may rise above {threshold} if {people} is left out").format(
            threshold=say.years(threshold), people=_any_of(cohort, Edition(cohort).names(strong))
        )
    elif not (weak := _decisive(means, mean, threshold)):
        text = say("the mean may be {threshold} or less whoever is left out").format(
            threshold=say.years(threshold)
        )
    else:
        text = say("the mean may fall to {threshold} if {people} is left out").format(
            threshold=say.years(threshold),
            people=_any_of(cohort, Edition(cohort).names(weak)),
        )
    return sentence(text)


@takes(Cohort, THE_DATA)
def leave_one_out(cohort: Cohort, threshold: float | None) -> Finding:
    """The spread of the mean under leave-one-out, and how many must go before the claim falls.

    Args:
        cohort: What `open_cohort` gives.
        threshold: Months, or None; `ah.claimed_value(ledger, "mean_tenure")` finds the article's.

    Returns:
        A sentence or a few, in the cohort's language.

    Example:
        >>> ah.findings.leave_one_out(data, 60)
        'The mean stays above five years whoever is left out. It...
    """
    say = cohort.language
    means, mean = measures.leave_one_out(cohort.counted), measures.mean_tenure(cohort.counted)
    if means.empty or threshold is None:
        return paragraph(say, leave_one_out_title(cohort, threshold))
    span = Range(means["mean_low"].min(), means["mean_high"].max())
    return paragraph(
        say,
        leave_one_out_title(cohort, threshold),
        (
            say("with each one left out in turn it lies between {low} and {high} years")
            if mean is not None and _decisive(means, mean, threshold)
            else say("it then lies between {low} and {high} years")
        ).format(low=say.decimal(span.low / 12), high=say.decimal(span.high / 12)),
        _drops(cohort, threshold),
    )


def _drops(cohort: Cohort, threshold: float) -> str:
    say = cohort.language
    drops = measures.drops_until(cohort.counted, threshold)
    if drops is None or drops.high == 0:
        return ""
    if math.isinf(drops.low):
        return say("no number of the longest-serving can be left out to bring it down to that")
    if math.isinf(drops.high) and drops.low == 0:
        return ""
    if math.isinf(drops.high):
        return say("at least {count} of the longest-serving would have to be left out").format(
            count=say.count(drops.low)
        )
    least, most = int(drops.low), int(drops.high)
    if most == 1:
        text: str = say("without the longest-serving it is no more than {threshold}")
    elif least == most:
        text = say("without the {most} longest-serving it is no more than {threshold}")
    elif least == 1:
        text = say(
            "without the longest-serving it may be no more than {threshold}, without the {most}"
            " longest-serving it certainly is"
        )
    else:
        text = say(
            "without the {least} longest-serving it may be no more than {threshold}, without the"
            " {most} longest-serving it certainly is"
        )
    return text.format(least=say.count(least), most=say.count(most), threshold=say.years(threshold))


@takes(Cohort, THE_DATA)
def experience_lost(cohort: Cohort) -> Finding:
    """The years at the company of those who left, added up as far as they are stated.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        A sentence or a few, in the cohort's language.

    Example:
        >>> ah.findings.experience_lost(data)
        'Together those who left had spent 59.6 to 63.1 years at Meta.'
    """
    say = cohort.language
    total = measures.total_tenure(cohort.counted)
    if total is None:
        return paragraph(say, _no_tenure(cohort) or "")
    stated, left = _tenures_stated(cohort)
    text = (
        say.plural(
            "the one who left had spent {years} at {company}",
            "together those who left had spent {years} at {company}",
            stated,
        )
        if stated == left
        else say.plural(
            "the one whose tenure is stated had spent {years} at {company}",
            "together those whose tenure is stated had spent {years} at {company}",
            stated,
        )
    )
    return paragraph(
        say,
        text.format(years=say.years_span(total), company=cohort.company),
        _out_of_stated(cohort),
    )


# --- the timeline


@takes(Cohort, THE_DATA)
def timeline_title(cohort: Cohort) -> str:
    """When the first and the last of those who left did so, as a title."""
    say = cohort.language
    first, last = (
        measures.first_departure(cohort.counted),
        measures.last_departure(cohort.counted),
    )
    if first is None or last is None:
        return say("Nobody has left {company}").format(company=cohort.company)
    if len(measures.left(cohort.counted)) == 1:
        return say("The only departure was {when}").format(
            when=say.month_within(first.low, first.high)
        )
    if first == last:
        return say.plural(
            "Both departures were {when}",
            "All departures were {when}",
            len(measures.left(cohort.counted)) - 1,
        ).format(when=say.month_within(first.low, first.high))
    if max(first.high - first.low, last.high - last.low) > 1:
        return say("The first departure was {first}, the last {last}").format(
            first=say.month_within(first.low, first.high),
            last=say.month_within(last.low, last.high),
        )
    return say("The departures run from {first} to {last}").format(
        first=say.month_span(first.low, first.high), last=say.month_span(last.low, last.high)
    )


@takes(Cohort, THE_DATA)
def timeline_by_year_title(cohort: Cohort) -> str:
    """How many left in each year, as a title; how many left at all, where a year is not known."""
    return sentence(_by_year(cohort)) or departures_by_title(cohort)


@takes(Cohort, THE_DATA)
def timeline(cohort: Cohort) -> Finding:
    """First and last departure, and who may have been the first.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        A sentence or a few, in the cohort's language.

    Example:
        >>> ah.findings.timeline(data)
        'The departures run from January or February 2023 to...
    """
    say = cohort.language
    first = measures.first_departure(cohort.counted)
    return paragraph(
        say,
        timeline_title(cohort),
        "" if first is None or first.is_exact else _earliest(cohort, first),
    )


_YEARS_AT_MOST = 5


def _by_year(cohort: Cohort) -> str:
    """How many left in each year; nothing where a departure may lie in two, or all lie in one."""
    say = cohort.language
    low, high = measures.departure_ends(measures.left(cohort.counted))
    if not np.isfinite(low).all() or (low // 12 != high // 12).any():
        return ""
    years = Counter(low // 12 + months.EPOCH)
    if not 1 < len(years) <= _YEARS_AT_MOST:
        return ""
    first, *others = sorted(years)
    text = say.plural("{count} left in {year}", "{count} left in {year}", years[first])
    parts = [text.format(count=say.count(years[first]), year=f"{first:.0f}")]
    for year in others:
        text = say.plural("{count} in {year}", "{count} in {year}", years[year])
        parts.append(text.format(count=say.count(years[year]), year=f"{year:.0f}"))
    return say.listed(parts)


def _earliest(cohort: Cohort, first: Range) -> str:
    """Who can have been the first to leave, where that is not known; nothing if all of them."""
    say = cohort.language
    rows = measures.left(cohort.counted)
    low, _high = measures.departure_ends(rows)
    bounded = math.isfinite(first.low)
    able = rows[low == first.low if bounded else low < first.high]
    if len(able) == len(rows):
        return ""
    people = _people(cohort, Edition(cohort).names(able["name"]))
    if bounded:
        return say.plural(
            "only {people} could have left as early as {month}; that date is given only roughly",
            "only {people} could have left as early as {month}; those dates are given only roughly",
            len(able),
        ).format(month=say.month_name(first.low), people=people)
    text = say.plural(
        "only {people} could have left before {month}",
        "only {people} could have left before {month}",
        len(able),
    )
    if undated(cohort, able).all():
        text = say.plural(
            "only {people}, whose date the article does not give, could have left before {month}",
            "only {people}, whose dates the article does not give, could have left before {month}",
            len(able),
        )
    return text.format(people=people, month=say.month_name(first.high))


@takes(Cohort, THE_DATA)
def half_gone(cohort: Cohort) -> Finding:
    """How long after the paper half of its authors had left.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        A sentence or a few, in the cohort's language.

    Example:
        >>> ah.findings.half_gone(data)
        'Half of the authors had left by June 2023, four months after the paper.'
    """
    say = cohort.language
    half = measures.half_gone(cohort.counted, cohort.start.month, cohort.article.as_of)
    alone = len(cohort.counted) == 1
    if alone and (half is None or math.isinf(half.high)):
        return paragraph(say, departures_title(cohort))
    if half is None or math.isinf(half.high):
        return paragraph(
            say,
            say("by {month}, less than half of the {people} had left").format(
                month=say.month_name(cohort.article.as_of), people=cohort.people
            ),
        )
    first, last = half.low + cohort.start.month, half.high + cohort.start.month
    if alone:
        text = say("the only {person} left {when}").format(
            person=cohort.person, when=say.month_within(first, last)
        )
    elif half.is_exact:
        _low, high = measures.departure_ends(measures.left(cohort.counted))
        by_then = int((high <= first).sum())
        text = (
            say("all the {people} had left by {month}")
            if by_then == len(cohort.counted)
            else say("more than half of the {people} had left by {month}")
            if 2 * by_then > len(cohort.counted)
            else say("half of the {people} had left by {month}")
        ).format(month=say.month_name(first), people=cohort.people)
    else:
        text = say("the point at which half of the {people} had left came {when}").format(
            when=say.month_within(first, last), people=cohort.people
        )
    if half.is_exact and half.low > 0:
        text += say.plural(
            ", {months} after {start}", ", {months} after {start}", int(half.low)
        ).format(months=say.months(half.low), start=cohort.starts)
    elif half.is_exact and half.low == 0:
        text += (
            say(", the month of {start}").format(start=cohort.starts)
            if cohort.start.label
            else say(", the month of the paper")
        )
    elif half.high < 0:
        text += say(", before {start}").format(start=cohort.starts)
    elif half.low >= 0:
        text += say(", {low} to {high} months after {start}").format(
            low=say.decimal(half.low, 0), high=say.decimal(half.high, 0), start=cohort.starts
        )
    return paragraph(say, text)


# --- destinations


@takes(Cohort, THE_DATA)
def destinations_title(cohort: Cohort) -> str:
    """Which employer has most of those who left, as a title."""
    say = cohort.language
    rows = measures.left(cohort.counted)
    if rows.empty:
        return say("Nobody has left {company}").format(company=cohort.company)
    ranking = measures.destination_counts(cohort.counted)
    if ranking.empty:
        return say("The article names no employer of those who left")
    most = int(ranking["authors"].iloc[0])
    edition, month = Edition(cohort), say.month_name(cohort.article.as_of)
    top = [
        edition.organisation(each)
        for each in ranking.loc[ranking["authors"] == most, "organisation"]
    ]
    if len(rows) == 1:
        text = say("The one who left was at {organisation} in {month}")
        return text.format(organisation=top[0], month=month)
    if most == 1 and len(ranking) < len(rows):
        return (
            say("No two of those whose employer is named were at the same organisation")
            if len(ranking) > 1
            else say("The one whose employer is named was at {organisation} in {month}").format(
                organisation=top[0], month=month
            )
        )
    if most == 1:
        return say("No two of those who left were at the same organisation")
    if len(top) > 1:
        return say("{organisations} had {most} each of the {all} who left").format(
            organisations=_several(say, top), most=say.count(most), all=say.count(len(rows))
        )
    return sentence(
        (
            say("{most} of the {all} who left were at {organisation} in {month}")
            if most < len(rows)
            else say("both who left were at {organisation} in {month}")
            if most == 2
            else say("all {all} who left were at {organisation} in {month}")
        ).format(most=say.count(most), all=say.count(len(rows)), organisation=top[0], month=month)
    )


def _several(say: Language, organisations: Sequence[str]) -> str:
    if len(organisations) <= 3:
        return say.listed(organisations)
    return sentence(say("{count} organisations").format(count=say.count(len(organisations))))


def _elsewhere(cohort: Cohort, named: int, employers: int) -> str:
    """Where those are who are not at the employer that most have; else at how many all of them."""
    say, ranking = cohort.language, measures.destination_counts(cohort.counted)["authors"].tolist()
    if named < 2:
        return ""
    others = named - ranking[0]
    if ranking[0] > 1 and others == employers - 1 > 1:
        text = say("the other {others} each had a different employer")
        return text.format(others=say.count(others))
    text = say.plural(
        "between them they had {count} employer",
        "between them they had {count} employers",
        employers,
    )
    return text.format(count=say.count(employers))


@takes(Cohort, THE_DATA)
def destinations(cohort: Cohort) -> Finding:
    """Where those who left are now, at how many organisations, and for how many none is named.

    Args:
        cohort: What `open_cohort` gives.

    Returns:
        A sentence or a few, in the cohort's language.

    Example:
        >>> ah.findings.destinations(data)
        'Five of the 11 who left were at Mistral in May 2025. The other six...
    """
    say = cohort.language
    rows = measures.left(cohort.counted)
    number = int(measures.destinations(cohort.counted).high)
    missing = int(rows["organisation"].isna().sum())
    return paragraph(
        say,
        destinations_title(cohort),
        _elsewhere(cohort, len(rows) - missing, number),
        say.plural(
            "for {count} of the {all} none is named",
            "for {count} of the {all} none is named",
            missing,
        ).format(count=say.count(missing), all=say.count(len(rows)))
        if missing and number
        else "",
    )


__all__ = [
    "dates",
    "departures",
    "destinations",
    "experience_lost",
    "half_gone",
    "leave_one_out",
    "longer_than",
    "looseness",
    "tenure",
    "timeline",
]


def __dir__() -> list[str]:
    return __all__
