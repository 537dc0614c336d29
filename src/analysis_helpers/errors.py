"""What is wrong with an input, said so that a person can mend it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps
from typing import ParamSpec, TypeVar

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


# Words for what has another name here.
_HERE = {
    "average": "mean", "avg": "mean", "min": "shortest", "minimum": "shortest", "max": "longest",
    "maximum": "longest", "earliest": "first", "latest": "last", "percent": "share",
    "percentage": "share", "left": "departed", "leavers": "departed", "stayed": "remaining",
    "authors": "credited", "total": "credited", "employers": "destinations", "stay": "tenure",
    "duration": "tenure", "service": "tenure",
}  # fmt: skip


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """A hint at the nearest name that exists, to stand behind a message; empty where none does."""
    names = {name.lower(): name for name in known}
    here = "_".join(_HERE.get(word, word) for word in re.split("[_ -]", given.lower()))
    near = [here] if here in names else get_close_matches(given.lower(), names, 1)
    return f"; did you mean {names[near[0]]}?" if near else ""


class _ShownPlainlyError(Exception):
    """An error that says all there is to say: IPython shows the message and no traceback."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    def _render_traceback_(self) -> list[str]:
        # On one line, since some tools show no more than the last one.
        said = str(self).replace("\n  Accepted: ", " Accepted: ")
        return [f"{type(self).__name__}: {said}"]


class UnknownNameError(_ShownPlainlyError, KeyError):
    """A name of something that does not exist."""


class WrongTypeError(_ShownPlainlyError, TypeError):
    """Something else than what a function takes."""


_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


def takes(
    wanted: type, described: str, **others: tuple[type, str]
) -> Callable[[Callable[_Given, _Answer]], Callable[_Given, _Answer]]:
    """A decorator: the function's first argument has to be of a type, which is said in words.

    `others`: the same of further arguments, by name; what may be left out may be given as that.
    """

    def decorate(function: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
        parameters = inspect.signature(function).parameters
        kinds = {next(iter(parameters)): (wanted, described), **others}

        @wraps(function)
        def checked(*given: _Given.args, **named: _Given.kwargs) -> _Answer:
            values = {**dict(zip(parameters, given, strict=False)), **named}
            for name, (kind, said) in kinds.items():
                value = values.get(name, parameters[name].default)
                if not isinstance(value, kind) and value is not parameters[name].default:
                    what = f"{said}, not {kind_of(value)}"
                    raise WrongTypeError(f"{function.__name__} takes {what}")
            return function(*given, **named)

        return checked

    return decorate


def kind_of(value: object) -> str:
    """What something is, as a message names it."""
    match value:
        case str():
            return f"the text {shown(value)}"
        case tuple():
            return "all that open_cohort gives: take it apart with `data, ledger = ...`"
        case None:
            return "None"
        case _:
            name = type(value).__name__
            return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


class InputError(_ShownPlainlyError):
    """Input that cannot be used, with every problem that was found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(listed(self.problems)))
