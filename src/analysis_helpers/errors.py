"""What is wrong with an input, said so that a person can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the place (file, row, column), what is wrong, and what would be accepted."""

    where: str
    what: str
    accepted: str = ""

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}"
        return f"{line}\n  Accepted: {self.accepted}" if self.accepted else line


class InputError(Exception):
    """Input that cannot be used, with every problem that was found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))
