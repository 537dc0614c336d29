"""What the columns of a table are called, by us and by the spreadsheets of others."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from .errors import did_you_mean, shown

# Headings that can mean only one of our columns, whatever their case, hyphens and spaces.
_CALLED = {
    "name": "full name, author, author name, person, employee, employee name, member name, "
    "founder name, who, שם, שם מלא, שם המחבר, שם העובד",
    "role_then": "role at the time, then role, former role, previous role, old role, earlier role, "
    "former title, previous title, former position, previous position, role before, "
    "role at the company, תפקיד קודם, תפקיד אז, תפקיד לשעבר",
    "role_now": "now role, current role, new role, present role, current title, new title, "
    "current position, new position, role today, title now, current job, new job, "
    "תפקיד נוכחי, תפקיד היום, תפקיד כיום",
    "organisation": "organization, organisation now, organization now, employer, employer now, "
    "current employer, new employer, new company, current company, current organisation, "
    "current organization, company now, works at, now at, went to, moved to, destination, "
    "where now, ארגון, מעסיק, מעסיק נוכחי, מקום עבודה, מקום עבודה נוכחי, חברה נוכחית",
    "departed": "left, left in, left on, date left, when left, departure, departure date, "
    "date of departure, departed on, leaving date, leave date, exit, exit date, month left, "
    "year left, quit, עזב, עזבה, עזיבה, מועד עזיבה, תאריך עזיבה, עזב ב",
    "tenure": "time at company, time at the company, years at company, years at the company, "
    "length of service, length of stay, time there, years there, service, how long, ותק, "
    "משך העסקה, משך עבודה, זמן בחברה",
    "source": "sources, reference, references, citation, where stated, stated in, link, url, "
    "article line, מקור, מקורות, קישור, שורה",
}
# Headings that may mean one of them, or something else.
_PERHAPS = {
    "organisation": "company, institution, affiliation, workplace, חברה",
    "role_now": "role, title, job, job title, position, function, תפקיד",
    "departed": "date, end, end date, last day, month, year, to, status, תאריך, סיום",
    "tenure": "years, months, time, stay, period, שנים, תקופה",
    "source": "notes, comment, comments, where, הערות",
    "name": "first name, last name, surname, שם פרטי, שם משפחה",
}
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def plain(heading: str) -> str:
    """A heading without what does not tell two of them apart: case, underscores, a colon."""
    return " ".join(re.sub(r"[\W_]+", " ", heading.casefold()).split())


_MEANS = {
    plain(called): ours for ours, names in _CALLED.items() for called in (ours, *names.split(", "))
}


_MAY_MEAN = {
    plain(called): ours for ours, names in _PERHAPS.items() for called in names.split(", ")
}


def perhaps(heading: str) -> str | None:
    """The column of ours that a heading may mean, among other things."""
    return _MAY_MEAN.get(plain(heading))


def meant(heading: str, columns: Collection[str]) -> str | None:
    """The one of our columns that a heading can only mean; None where there is none."""
    for column in columns:
        if plain(heading) == plain(column):
            return column
    ours = _MEANS.get(plain(heading))
    return ours if ours in columns else None


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line, tidied of blanks around them; none where it is no line of a table."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def delimiter_of(lines: Sequence[str], known: Callable[[str], bool]) -> str:
    """What stands between the headings: that which gives the most on one line that are known."""

    def fit(delimiter: str) -> int:
        return max((sum(map(known, cells_of(line, delimiter))) for line in lines), default=0)

    return max(_DELIMITERS, key=fit)  # commas, where nothing is known


def named(delimiter: str) -> str:
    """Semicolons for ";"."""
    return _DELIMITERS[delimiter]


def faults(names: Sequence[str], required: Iterable[str], columns: Collection[str]) -> str:
    """What is wrong with the headings of a file of ours: others, missing, unknown, repeated."""
    there = {column for name in names if (column := meant(name, columns)) is not None}
    missing = [column for column in required if column not in there]
    said = []
    for name, count in Counter(filter(None, names)).items():
        column = meant(name, columns)
        if count > 1:
            said.append(f"column {shown(name)} is there {count} times")
        elif column is None:
            hint = did_you_mean(plain(name).replace(" ", "_"), missing)
            said.append(f"column {shown(name)} is not known{hint}")
        elif column != name and column in names:
            said.append(f"column {shown(name)} is there as {column} already")
        elif column != name:
            said.append(f"column {shown(name)} is called {column} here")
    said = [f"column {shown(column)} is missing" for column in missing] + said
    return "; ".join(said).replace("?;", ";")
