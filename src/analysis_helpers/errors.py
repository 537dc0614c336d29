"""What is wrong with an input, said so that a person can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN_LENGTH = 60


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
            return "a number without an end"
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


class InputError(Exception):
    """Input that cannot be used, with every problem that was found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))
