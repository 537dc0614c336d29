"""What the columns of a table are called, by us and by the spreadsheets of others."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from .errors import did_you_mean, shown

# Headings that can mean only one of our columns, whatever their case, hyphens and spaces.
_CALLED = {
    "name": "full name, author, author name, authors, person, people, employee, employee name, "
    "member, founder, editor, researcher, who, שם, שם מלא, מחבר, מחברת, עובד, עובדת",
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
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def plain(heading: str) -> str:
    """A heading without what does not tell two of them apart: case, underscores, a colon."""
    return " ".join(re.sub(r"[\W_]+", " ", heading.casefold()).split())


_MEANS = {
    plain(called): ours for ours, names in _CALLED.items() for called in (ours, *names.split(", "))
}


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


def delimiter_of(header: str, columns: Collection[str]) -> str:
    """What stands between the headings: that which gives the most that mean a column of ours."""

    def known(delimiter: str) -> tuple[int, bool]:
        names = cells_of(header, delimiter)
        return sum(meant(name, columns) is not None for name in names), delimiter == ","

    return max(_DELIMITERS, key=known)


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
