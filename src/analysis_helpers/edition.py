"""An edition: a view of a cohort in a language.

The clean table is the same for every reader, and only it is measured. An edition says how a
language writes the names, roles and employers in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from .cohort import Cohort

# A Latin form in parentheses, where what stands before it is in another script.
_LATIN_FORM = re.compile(r"(?<=[^\x00-\u024f])\s*\([^()]*\)$")


class Edition:
    """How the language of a cohort says what is in its table.

    In the article's own language, names, roles and employers are said as it prints them, a name
    without the Latin form beside it; in every other they are the clean ones. Of two printed
    spellings of one employer, the first in the table is said.
    """

    def __init__(self, cohort: Cohort) -> None:
        self.say = cohort.language
        self._cohort = cohort
        self._is_printed = cohort.article.language == self.say.code != "en"

    def name(self, clean: str) -> str:
        """An author's name."""
        return self._names.get(clean, clean)

    def names(self, clean: Iterable[str]) -> list[str]:
        """Several names, in the order given."""
        return [self.name(each) for each in clean]

    def said(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows with a column `name`, for showing: the names as this edition says them."""
        names = pd.Series(self.names(rows["name"]), rows.index, rows["name"].dtype)
        return rows.assign(name=names) if self._names else rows

    def organisation(self, clean: str) -> str:
        """An employer's name."""
        return self._organisations.get(clean, clean)

    def text(self, clean: str) -> str:
        """Whatever a ledger names: an author or an employer."""
        return self._organisations.get(clean) or self.name(clean)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        authors = self._cohort.authors
        if not self._is_printed:
            return {}
        short = authors["name_printed"].str.replace(_LATIN_FORM, "", regex=True)
        said = short.where(~short.duplicated(keep=False), authors["name_printed"])
        return dict(zip(authors["name"], said, strict=True))

    @cached_property
    def _organisations(self) -> Mapping[str, str]:
        if not self._is_printed:
            return {}
        columns = ["organisation", "organisation_printed"]
        pairs = self._cohort.authors[columns].dropna().drop_duplicates("organisation")
        return dict(pairs.astype(str).itertuples(index=False, name=None))
