"""Recompute the verdicts of a published report from its files, with nothing but Python.

    python tests/recompute.py reports/llama

reads `claims.json`, `data/authors.csv` and, for the two months that a table has not, the team's
start and the last month known, `datapackage.json`. It knows nothing of the package: the grammar of
`expect` and `where` is read anew, and a verdict comes from writing out every way in which the rows
can be true. It prints the verdict of each claim that the table decides, and of its readings.
"""

from __future__ import annotations

import csv
import json
import math
import operator
import re
import statistics
import sys
from collections import Counter
from fractions import Fraction
from itertools import product
from pathlib import Path

HOLDS = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
COUNTS = ("credited", "departed", "remaining", "destinations", "roles_then", "roles_now")
MONTHS = ("mean_tenure", "median_tenure", "shortest_tenure", "longest_tenure", "half_gone")
NEEDS = {
    "mean_tenure": "tenure",
    "median_tenure": "tenure",
    "shortest_tenure": "tenure",
    "longest_tenure": "tenure",
    "first_departure": "departed",
    "last_departure": "departed",
    "half_gone": "departed",
    "destinations": "organisation",
    "top_destination": "organisation",
}
WORLDS = 200_000
NEVER, LONG = math.inf, 10_000  # a month after all others; longer than any career


def month(text):
    year, number = text.split("-")
    return int(year) * 12 + int(number)


# --- the grammar


class Asked:
    """An operator and what it is held against: a number, or a set of texts."""

    def __init__(self, written, kind):
        self.rounds_to = None
        if isinstance(written, list):
            self.sign, self.value = "=", frozenset(written)
            return
        text = str(written)
        self.sign = next((sign for sign in HOLDS if text.startswith(sign)), "")
        said = text[len(self.sign) :].strip()
        self.sign = self.sign or "="
        if kind in ("text", "names"):
            self.value = frozenset([said])
        elif kind == "month":
            self.value = month(said)
        else:
            number, decimals, unit = re.fullmatch(r"(-?\d+(?:\.(\d+))?)\s*(\D*)", said).groups()
            scale = 12 if unit.startswith("year") else 1
            self.value = Fraction(number) * scale
            if kind == "percent" or (kind == "months" and decimals):
                # A number that was printed rounded is equal to whatever rounds to it.
                half = Fraction(scale, 2 * 10 ** len(decimals or ""))
                self.rounds_to = self.value - half, self.value + half

    def holds(self, value):
        if value is None:
            return False
        if self.rounds_to and self.sign in ("=", "!="):
            equal = self.rounds_to[0] <= value < self.rounds_to[1]
            return equal if self.sign == "=" else not equal
        if isinstance(self.value, frozenset) and not isinstance(value, frozenset):
            return (value in self.value) == (self.sign == "=")
        return HOLDS[self.sign](value, self.value)


KINDS = {
    **dict.fromkeys(COUNTS, "count"),
    **dict.fromkeys(MONTHS, "months"),
    "share_departed": "percent",
    "first_departure": "month",
    "last_departure": "month",
    "top_destination": "text",
    "names": "names",
}
COLUMNS = {"name": "names", "organisation": "names", "departed": "month", "tenure": "months"}


# --- a row, in every way in which it can be true


class Person:
    """One row of the clean table, at one point of all its ranges."""

    def __init__(self, row, departed, tenure, organisation):
        self.name, self.left = row["name"], row["status"] == "left"
        self.roles_then, self.roles_now = bool(row["role_then"]), bool(row["role_now"])
        self.departed, self.tenure, self.organisation = departed, tenure, organisation
        self.lacks = {
            "tenure": self.left and not row["tenure_high"],
            "organisation": self.left and not row["organisation"],
            "departed": False,
            None: False,
        }


def points_of(row, columns, report, stays_on):
    """The row at each point of the columns that matter.

    Where nothing bounds a month or a length, those count that some claim of the report asks about,
    their neighbours, and one beyond all.
    """
    left = row["status"] == "left"
    months, lengths, places = [None], [None], [row["organisation"] or None]
    if left and "departed" in columns:
        high = month(row["departed_high"])
        low = month(row["departed_low"]) if row["departed_low"] else min(report.months) - 1
        months = range(low, high + 1)
    elif not left and stays_on and "departed" in columns:  # gone some time after the last month
        months = [*range(report.as_of + 1, max(report.months) + 2), NEVER]
    if "tenure" in columns:
        if row["tenure_high"]:
            lengths = range(int(row["tenure_low"]), int(row["tenure_high"]) + 1)
        else:  # any length at all
            around = {length + step for length in report.lengths for step in (-1, 0, 1)}
            lengths = sorted({0, LONG, *(length for length in around if length > 0)})
    if "organisation" in columns and left and not row["organisation"]:
        places = [*report.employers, "elsewhere"]
    return [Person(row, *point) for point in product(months, lengths, places)]


def fits(person, where, aliases):
    for column, asked in where.items():
        value = getattr(person, column)
        if column in ("departed", "organisation") and not person.left:
            return False
        if isinstance(asked.value, frozenset):
            named = value in {aliases.get(text, text) for text in asked.value}
            if named != (asked.sign == "="):
                return False
        elif not asked.holds(value):
            return False
    return True


# --- the measures of people whose ranges are points


def measured(name, people, start):
    left = [person for person in people if person.left]
    tenures = [Fraction(p.tenure) for p in left if not p.lacks["tenure"] and p.tenure is not None]
    months = [person.departed for person in left if person.departed is not None]
    places = [person.organisation for person in left if person.organisation is not None]
    match name:
        case "credited":
            return len(people)
        case "departed":
            return len(left)
        case "remaining":
            return len(people) - len(left)
        case "share_departed":
            return Fraction(100 * len(left), len(people)) if people else None
        case "roles_then" | "roles_now":
            return sum(getattr(person, name) for person in left)
        case "mean_tenure":
            return sum(tenures) / len(tenures) if tenures else None
        case "median_tenure":
            return statistics.median(tenures) if tenures else None
        case "shortest_tenure":
            return min(tenures, default=None)
        case "longest_tenure":
            return max(tenures, default=None)
        case "first_departure":
            return min(months, default=None)
        case "last_departure":
            return max(months, default=None)
        case "half_gone":
            gone = sorted(person.departed for person in people)
            return gone[(len(gone) + 1) // 2 - 1] - start if gone else None
        case "destinations":
            return len(set(places))
        case "names":
            return frozenset(person.name for person in people)
    raise ValueError(name)


def ways_of(name, where, report):
    """For each row, whether it belongs and who it is, at all its points that differ in that.

    Nothing where a row that may belong does not state what the measure needs.
    """
    needs = NEEDS.get(name)
    ways = []
    for row in report.rows:
        if name != "credited" and row["counted"] == "False":  # listed, and no more than credited
            continue
        seen = {}
        for person in points_of(row, {*where, needs}, report, name == "half_gone"):
            belongs = fits(person, where, report.aliases)
            if belongs and person.lacks[needs]:
                return None
            value = getattr(person, needs) if needs and belongs else None
            seen.setdefault((belongs, value), person)
        ways.append([(belongs, person) for (belongs, _value), person in seen.items()])
    return ways


def values(name, ways, report):
    """Every value that a measure can have; of a tie for the top, each of the texts."""
    found = set()
    for world in product(*ways):
        people = [person for belongs, person in world if belongs]
        if name == "top_destination":
            most = Counter(p.organisation for p in people if p.left and p.organisation)
            tops = {place for place, count in most.items() if count == max(most.values())}
            found |= tops or {None}
        else:
            found.add(measured(name, people, report.start))
    return found


def ends(ways, needs):
    """Not belonging, and the least and greatest value: an average lies highest at the highest."""
    inside = sorted((p for belongs, p in ways if belongs), key=lambda p: getattr(p, needs) or 0)
    outside = [(False, person) for belongs, person in ways if not belongs][:1]
    return outside + [(True, person) for person in {*inside[:1], *inside[-1:]}]


# --- the verdicts


class Report:
    def __init__(self, folder):
        folder = Path(folder)
        self.claims = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        self.start, self.as_of = month(package["start"][:7]), month(package["as_of"])
        with (folder / "data" / "authors.csv").open(encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.employers = sorted({row["organisation"] for row in self.rows if row["organisation"]})
        self.aliases = {
            row[f"{column}_printed"]: row[column]
            for row in self.rows
            for column in ("name", "organisation")
            if row[column]
        }

        self.months, self.lengths, self.known = {self.start, self.as_of}, {0}, {}
        for row in self.rows:
            self.months |= {
                month(row[end]) for end in ("departed_low", "departed_high") if row[end]
            }
        for claim in self.claims:
            for tested in claim["readings"] or [claim]:
                self.take_note(tested)

    def take_note(self, tested):
        """Of the months and lengths that a claim asks about."""
        asked = [(COLUMNS[column], each) for column, each in (tested["where"] or {}).items()]
        if tested["measure"]:
            asked.append((KINDS[tested["measure"]], tested["expect"]))
        for kind, written in asked:
            if kind not in ("month", "months"):
                continue
            value = Asked(written, kind).value
            if tested["measure"] == "half_gone" and kind == "months":
                kind, value = "month", value + self.start
            noted = self.months if kind == "month" else self.lengths
            noted |= {math.floor(value), math.ceil(value)}

    def verdict(self, tested):
        """What follows from the table for a claim or a reading of it."""
        name = tested["measure"]
        asked = Asked(tested["expect"], KINDS[name])
        if isinstance(asked.value, frozenset):
            asked.value = frozenset(self.aliases.get(text, text) for text in asked.value)
        found = self.values(name, tested["where"] or {}, asked.sign in ("=", "!="))
        if found is None or found == {None}:
            return "inconclusive"
        outcomes = {asked.holds(value) for value in found}
        if len(outcomes) > 1:
            return "inconclusive"
        return "supported" if outcomes == {True} else "contradicted"

    def values(self, name, where, exactly):
        """What a measure can be; where that is much, its ends, unless it is asked for exactly."""
        key = name, json.dumps(where, sort_keys=True)
        if (*key, True) in self.known:
            return self.known[*key, True]
        if (*key, exactly) not in self.known:
            read = {column: Asked(each, COLUMNS[column]) for column, each in where.items()}
            ways = ways_of(name, read, self)
            if ways is not None and math.prod(map(len, ways)) > WORLDS:
                if exactly:
                    raise ValueError(f"{name}: too many ways to write out")
                ways = [ends(row, NEEDS[name]) for row in ways]
            found = None if ways is None else values(name, ways, self)
            self.known[*key, exactly] = found
        return self.known[*key, exactly]

    def recomputed(self):
        """By id: the verdict of the claim, then those of its readings."""
        found = {}
        for claim in self.claims:
            if claim["checked_by"] != "table":
                continue
            readings = [self.verdict(reading) for reading in claim["readings"] or []]
            whole = (
                self.verdict(claim)
                if not readings
                else readings[0]
                if len(set(readings)) == 1
                else "inconclusive"
            )
            found[claim["id"]] = [whole, *readings]
        return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(Report(sys.argv[1]).recomputed(), indent=1) + "\n")
