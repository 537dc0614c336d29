"""What is wrong with an input, said so that a person can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SHOWN_LENGTH = 60


class Bound:
    """The most that is taken of anything; the codebook's table says the same."""

    NAME = 200  # letters
    CELL = 1_000
    TEXT = 5_000
    ADDRESS = 2_000
    ID = 100
    LINE = 20_000  # of a TOML file
    TABLE_BYTES = 2_000_000_000  # a CSV file
    LEDGER_BYTES = 10_000_000  # a TOML file
    ROWS = 10_000_000
    CLAIMS = 10_000
    KEYS = 1_000  # in one table, and in one list
    PROBLEMS = 100  # that are listed


def shown(value: object) -> str:
    """A value as a message quotes it: short, on one line, with nothing hidden.

    A list or a table is named and not quoted, since there may be no end to it.
    """
    match value:
        case dict():
            return "a table"
        case list():
            return "a list"
        case bool():
            return str(value).lower()
        case str():
            short = value if len(value) <= _SHOWN_LENGTH else value[: _SHOWN_LENGTH - 1] + "…"
            return f'"{"".join(c if c.isprintable() else ascii(c)[1:-1] for c in short)}"'
        case int() if abs(value) >= 10**_SHOWN_LENGTH:
            return "a number of more than 60 digits"
        case _:
            return str(value)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the place (file, row, column), what is wrong, and what would be accepted."""

    where: str
    what: str
    accepted: str = ""

    def __str__(self) -> str:
        said = f"{self.where}: {_sentence(self.what)}"
        return f"{said}\n  Accepted: {_sentence(self.accepted)}" if self.accepted else said


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


class Problems(list[Problem]):
    """What makes an input unusable; beside it, what only deserves a warning."""

    def __init__(self) -> None:
        super().__init__()
        self.warnings: list[Problem] = []


def listed(problems: Sequence[Problem]) -> list[str]:
    """The problems as messages, and how many more there are than a person would read."""
    more = len(problems) - Bound.PROBLEMS
    # A file's name may hold bytes that are no text.
    messages = [
        str(problem).encode("utf-8", "backslashreplace").decode()
        for problem in problems[: Bound.PROBLEMS]
    ]
    return [*messages, f"and {more:,} more"] if more > 0 else messages


class InputError(Exception):
    """Input that cannot be used, with every problem that was found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(listed(self.problems)))
