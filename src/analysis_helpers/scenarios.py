"""What if: claims read otherwise and other rows, evaluated without touching the files."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from . import months
from .claims import (
    THE_LEDGER,
    Decision,
    Ledger,
    decide_one,
    measuring,
    questions_without_answer,
)
from .cohort import THE_DATA, Cohort, until
from .edition import Edition
from .errors import InputError, Problem, UnknownNameError, did_you_mean, shown, takes
from .language import sentence
from .ledger import Claim, claim_of_ones_own
from .measures import Condition
from .ranges import Range
from .vocabulary import LANGUAGES
from .wording import WordingError, read_departure, read_tenure

CELLS = ("role_then", "role_now", "organisation", "departed", "tenure")
"""What can be said otherwise of a row."""
SAID_AT_MOST = 2
"""As many changes, and as many claims that turn, are named in a sentence."""


@dataclass(frozen=True)
class Change:
    """One change: a claim read otherwise, other cells in a row, or a row left out.

    Of these `expect` and `where` belong to a claim, `cells` to a row; without any of them a row is
    left out.
    """

    of: str
    expect: str | float | list[str] | None = None
    where: tuple[tuple[str, Any], ...] = ()
    cells: tuple[tuple[str, str | None], ...] = ()

    @property
    def is_of_a_claim(self) -> bool:
        return self.expect is not None or bool(self.where)

    def __str__(self) -> str:
        """The change as the method of a scenario that makes it."""
        given = [_toml(self.of)]
        if self.expect is not None:
            return f"expect({_toml(self.of)}, {_toml(self.expect)})"
        given += [f"{name}={_toml(value) if value else None}" for name, value in self._said]
        method = "where" if self.where else "row" if self.cells else "without"
        return f"{method}({', '.join(given)})"

    def to_toml(self) -> str:
        """The change as a table of TOML."""
        if self.expect is not None:
            return f"[[claim]]\nid = {_toml(self.of)}\nexpect = {_toml(self.expect)}\n"
        prefix, head = ("where.", "[[claim]]\nid") if self.where else ("", "[[row]]\nname")
        lines = [f"{prefix}{name} = {_toml(value or '')}" for name, value in self._said]
        body = "\n".join(lines) if lines else "left_out = true"
        return f"{head} = {_toml(self.of)}\n{body}\n"

    @property
    def _said(self) -> tuple[tuple[str, Any], ...]:
        return self.where or self.cells


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


class Scenario:
    """A cohort and its ledger with some changes; an unchanging value.

    `data` and `ledger` are what they would be after the changes, for every measure, finding and
    chart. Nothing of it is a finding about the article.
    """

    def __init__(self, data: Cohort, ledger: Ledger, changes: Sequence[Change] = ()) -> None:
        self.before, self.before_ledger, self.changes = data, ledger, tuple(changes)

    def expect(self, claim: str, expect: str | float | list[str]) -> Scenario:
        """Let a claim expect something else.

        Args:
            claim: Its id.
            expect: An operator and a value, as `claims.toml` writes them.

        Raises:
            UnknownNameError: For an id that no claim has.
            InputError: For what the grammar cannot say, or a claim that measures nothing.

        Example:
            >>> what_if = ah.scenario(data, ledger).expect("few-left-this-year", ">= 1")
            >>> what_if.ledger["few-left-this-year"].verdict
            <Verdict.SUPPORTED: 'supported'>
        """
        return self.change(Change(claim, expect=expect))

    def where(self, claim: str, **columns: str | list[str]) -> Scenario:
        """Let a claim count other rows.

        Args:
            claim: Its id.
            columns: Any of `departed`, `tenure`, `name` and `organisation`, as the `where` of
                `claims.toml` writes them; what is not given stays as it is.

        Raises:
            UnknownNameError: For an id that no claim has.
            InputError: For what the grammar cannot say, or a claim that measures nothing.

        Example:
            >>> year = ah.scenario(data, ledger).where("few-left-this-year", departed=">= 2024-06")
            >>> year.ledger["few-left-this-year"].counted
            ('Baptiste Rozière', 'Naman Goyal', 'Aurélien Rodriguez')
        """
        return self.change(Change(claim, where=tuple(columns.items())))

    def row(self, name: str, **cells: str | pd.Period | None) -> Scenario:
        """Let a row say something else.

        Args:
            name: The person's clean name.
            cells: Any of `departed`, `tenure`, `organisation`, `role_then` and `role_now`, as
                `authors.csv` writes them in the article's language or in English, or for `departed`
                a month of pandas; None or an empty text for nothing: who has no `departed` stayed,
                and is at no other organisation.

        Raises:
            UnknownNameError: For a name or a cell that there is not.
            InputError: For a text that cannot be read.

        Example:
            >>> what_if = ah.scenario(data, ledger).row("Naman Goyal", departed=None)
            >>> ah.measures.departed(what_if.data)
            10
        """
        texts: dict[str, str | None] = {}
        for cell, value in cells.items():
            if cell not in CELLS:
                hint = did_you_mean(cell, CELLS)
                raise UnknownNameError(f"a row has no {cell!r} to change{hint}")
            if not isinstance(value, str | pd.Period | None):
                what = f"cannot take {shown(value)}"
                at = f"scenario, {name}, {cell}"
                raise InputError([Problem(at, what, 'a text, as authors.csv writes it: "2025-03"')])
            texts[cell] = str(value) if isinstance(value, pd.Period) else value
        return self.change(Change(name, cells=tuple(texts.items())))

    def without(self, name: str) -> Scenario:
        """Leave a row out.

        Args:
            name: The person's clean name.

        Example:
            >>> ah.measures.credited(ah.scenario(data, ledger).without("Naman Goyal").data)
            13
        """
        return self.change(Change(name))

    def change(self, *changes: Change) -> Scenario:
        """Make more changes: those of another scenario, or of the table of `ah.single_changes`.

        Example:
            >>> ways = ah.single_changes(data, ledger)
            >>> ah.scenario(data, ledger).change(*ways["try_it"].head(1)).turned.index.tolist()
            ['some-left-by-january-2023']
        """
        after = Scenario(self.before, self.before_ledger, [*self.changes, *changes])
        after.ledger  # noqa: B018 (a change that cannot be made is told at once)
        return after

    @cached_property
    def data(self) -> Cohort:
        """The data after the changes."""
        rows = self.before.authors
        for change in self.changes:
            if not change.is_of_a_claim:
                rows = _changed(self.before, rows, change)
        return replace(self.before, authors=rows)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger decided after the changes."""
        claims = {decision.claim.id: decision.claim for decision in self.before_ledger}
        same_rows = all(change.is_of_a_claim for change in self.changes)
        for change in self.changes:
            if change.is_of_a_claim:
                claim = claims[self.before_ledger[change.of].claim.id]
                claims[claim.id] = read_otherwise(self.before, claim, change)
        # A claim may name somebody who is left out, so the names are not looked for here.
        taken, edition = measuring(self.data), Edition(self.data)
        decided = [
            old
            if same_rows and claims[old.claim.id] is old.claim
            else decide_one(self.data, claims[old.claim.id], taken, edition)
            for old in self.before_ledger
        ]
        return Ledger(decided, self.data.language)

    @cached_property
    def turned(self) -> pd.DataFrame:
        """The claims whose verdict is another one after the changes.

        Returns:
            A row a claim, by its id: `says`, `before`, `after`, and in `by` the changes any one of
            which does it alone; all of them, where it takes several.

        Example:
            >>> what_if = ah.scenario(data, ledger).expect("few-left-this-year", ">= 1")
            >>> what_if.turned[["before", "after"]].loc["few-left-this-year"].tolist()
            ['contradicted', 'supported']
        """
        one = len(self.changes) == 1
        alone = [
            (
                str(change),
                self.ledger if one else Scenario(self.before, self.before_ledger, [change]).ledger,
            )
            for change in self.changes
        ]
        rows = []
        for old, new in self.turning:
            name = old.claim.id
            by = [text for text, ledger in alone if ledger[name].verdict is not old.verdict]
            rows.append((name, old.says, str(old.verdict), str(new.verdict),
                         "; ".join(by or map(str, self.changes))))  # fmt: skip
        frame = pd.DataFrame(rows, columns=["id", "says", "before", "after", "by"])
        return frame.set_index("id")

    @property
    def turning(self) -> list[tuple[Decision, Decision]]:
        """The claims whose verdict is another one after the changes, before and after."""
        pairs = zip(self.before_ledger, self.ledger, strict=True)
        return [(old, new) for old, new in pairs if old.verdict is not new.verdict]

    @property
    def said(self) -> str:
        """What is changed and which claims turn, in a sentence or two of the cohort's language."""
        say, turning = self.before.language, self.turning
        if not self.changes:
            return say("Nothing is changed.")
        count = len(self.changes)
        changed = say.plural("{count} change", "{count} changes", count)
        changed = changed.format(count=say.count(count))
        if count <= SAID_AT_MOST:
            changed = "; ".join(self.changes_said)
        if not turning:
            return say("What if: {changed}. No verdict changes.").format(changed=changed)
        if len(turning) <= SAID_AT_MOST:
            turns = [
                say("“{claim}” goes from {before} to {after}").format(
                    claim=old.says.rstrip("."),
                    before=say.verdict(old.verdict),
                    after=say.verdict(new.verdict),
                )
                for old, new in turning
            ]
        else:
            text = say("{count} verdicts change")
            turns = [text.format(count=say.count(len(turning)))]
        said = say("What if: {changed}. {turns}.")
        return said.format(changed=changed, turns=sentence("; ".join(turns)))

    @property
    def changes_said(self) -> list[str]:
        """Each of the changes in words."""
        return [self._said(change) for change in self.changes]

    def _said(self, change: Change) -> str:
        edition = Edition(self.before)
        say, name = edition.say, edition.name(change.of)
        if change.is_of_a_claim:
            old, new = self.before_ledger[change.of], self.ledger[change.of]
            claim = old.says.rstrip(".")
            if change.expect is not None:
                text = say("“{claim}” needs {needed}, not {expected}")
                return text.format(claim=claim, needed=new.expected, expected=old.expected)
            asked = new.claim.where.get("departed")
            counted = None if asked is None else months_counted(asked)
            if counted is None or [*dict(change.where)] != ["departed"]:
                return say("“{claim}” counts other rows").format(claim=claim)
            text = say("“{claim}” counts those who left {when}")
            return text.format(claim=claim, when=say.month_within(*counted))
        cells = dict(change.cells)
        if not cells:
            return say("{name} is left out").format(name=name)
        if list(cells) != ["departed"]:
            return say("the row of {name} is another one").format(name=name)
        if not cells["departed"]:
            return say("{name} stayed").format(name=name)
        span = _read(self.before, change.of, "departed", cells["departed"])
        when = say.month_within(span.low, span.high) if span else cells["departed"]
        return say("{name} left {when}").format(name=name, when=when)

    def to_toml(self) -> str:
        """The changes as a reviewer would paste them into an issue.

        Example:
            >>> print(ah.scenario(data, ledger).expect("eleven-departed", "= 10").to_toml())
            # What if; not a finding.
            ...
            [[claim]]
            id = "eleven-departed"
            expect = "= 10"
            ...
        """
        return "\n".join(["# What if; not a finding.\n", *(c.to_toml() for c in self.changes)])

    def __repr__(self) -> str:
        changes = "; ".join(map(str, self.changes)) or "nothing changed"
        return f"<Scenario: {changes}. {sentence(self.said)}>"


@takes(Cohort, THE_DATA, ledger=(Ledger, THE_LEDGER))
def scenario(data: Cohort, ledger: Ledger) -> Scenario:
    """What if: a cohort and its ledger, to be changed without touching the files.

    Args:
        data: What `open_cohort` gives.
        ledger: The decided claims.

    Returns:
        A scenario without changes; `expect`, `where`, `row` and `without` give one with.

    Example:
        >>> ah.scenario(data, ledger).turned.empty
        True
    """
    return Scenario(data, ledger)


# --- claims


def read_otherwise(cohort: Cohort, claim: Claim, change: Change) -> Claim:
    """A claim with another expectation, or that counts other rows."""
    if claim.measure is None:
        what = "has no measure of its own, so there is nothing to expect or to count"
        raise InputError([Problem(f"scenario, claim {shown(claim.id)}", what)])
    at = f"scenario, claim {claim.id}"
    expect = claim.expect if change.expect is None else change.expect
    where = {**claim.where_written, **dict(change.where)}
    read = claim_of_ones_own(claim.measure, expect, where, at)
    problems = [
        Problem(f"{at}, {key}", what, accepted)
        for key, what, accepted in questions_without_answer(cohort, read)
    ]
    if problems:
        raise InputError(problems)
    return replace(
        claim, expect=read.expect, expectation=read.expectation,
        where=read.where, where_written=read.where_written,
    )  # fmt: skip


def months_counted(asked: Condition) -> tuple[float, float] | None:
    """The first and the last month of leaving that a `where` leaves; None where it names none."""
    if isinstance(asked.value, frozenset):
        return None
    month = asked.value
    return {
        "=": (month, month),
        "<": (-math.inf, month - 1),
        "<=": (-math.inf, month),
        ">": (month + 1, math.inf),
        ">=": (month, math.inf),
    }.get(asked.operator)


# --- rows


def _changed(cohort: Cohort, rows: pd.DataFrame, change: Change) -> pd.DataFrame:
    """The clean table with one row changed or left out."""
    names = rows["name"].tolist()
    if change.of not in names:
        hint = did_you_mean(change.of, names)
        raise UnknownNameError(f"there is nobody named {change.of!r}{hint}")
    place = names.index(change.of)
    if not change.cells:
        if len(rows) == 1:
            raise InputError([Problem(f"scenario, {change.of}", "is the only row", "one row")])
        kept: pd.DataFrame = rows.drop(index=rows.index[place]).reset_index(drop=True)
        return kept
    cells = dict(change.cells)
    new: dict[str, Any] = {}
    for name in ("role_then", "role_now", "organisation"):
        if name in cells:
            new[name] = new[f"{name}_printed"] = cells[name] or np.nan
    for name in ("departed", "tenure"):
        if name in cells:
            new |= _ends(cohort, change.of, name, cells[name])
    stayed = "departed" in cells and not cells["departed"]
    if stayed and cells.get("organisation"):
        what = f"cannot take {shown(cells['organisation'])}, since departed is empty"
        at = f"scenario, {change.of}, organisation"
        raise InputError([Problem(at, what, "no organisation for who stayed")])
    if "departed" in cells:
        new["status"] = "stayed" if stayed else "left"
    if stayed:
        new["organisation"] = new["organisation_printed"] = np.nan
    changed = rows.assign(**{name: _with(rows[name], place, new[name]) for name in new})
    whole: pd.DataFrame = changed.assign(
        joined_low=_less(changed["departed_low"], changed["tenure_high"]),
        joined_high=_less(changed["departed_high"], changed["tenure_low"]),
    )
    return whole


def _with(column: pd.Series, place: int, value: object) -> pd.Series:
    """A column with another value in one place, and no category that nobody has."""
    categories = column.dtype == "category"
    changed = column.astype(object) if categories else column.copy()
    changed.iat[place] = value  # type: ignore[assignment]
    return changed.astype("category") if categories else changed


def _less(month: pd.Series, length: pd.Series) -> pd.PeriodIndex:
    return months.periods(months.ordinals(month) - length.to_numpy(float, na_value=np.nan))


def _ends(cohort: Cohort, who: str, name: str, text: str | None) -> dict[str, Any]:
    """Both ends of a departure or a tenure, and the text."""
    columns = f"{name}_printed", f"{name}_low", f"{name}_high"
    span = _read(cohort, who, name, text) if text else None
    if span is None:
        return dict.fromkeys(columns, pd.NA if name == "tenure" else pd.NaT) | {columns[0]: np.nan}
    if name == "tenure":
        return dict(zip(columns, (text, int(span.low), int(span.high)), strict=True))
    low, high = months.periods(np.array([span.low, span.high], dtype=float))
    return dict(zip(columns, (text, low, high), strict=True))


def _read(cohort: Cohort, who: str, name: str, text: str) -> Range | None:
    """A text in the article's language or in English."""
    own = cohort.article.language
    first: WordingError | None = None
    for language in (own, *(code for code in LANGUAGES if code != own)):
        try:
            if name == "tenure":
                return read_tenure(text, language)
            return until(text, read_departure(text, language), cohort.article.as_of)
        except WordingError as error:
            first = first or error
    at = f"scenario, {who}, {name}"
    raise InputError([Problem(at, str(first), first.accepted if first else "")])
