"""A new cohort folder: five small files with an invented example in each, to be filled in."""

from __future__ import annotations

from pathlib import Path

from .errors import InputError, Problem
from .files import place

EXAMPLE = Path(__file__).parent / "new_cohort"


def write_cohort(folder: Path) -> list[Path]:
    """Write the files of a new cohort and return their paths.

    Raises InputError when the folder holds anything already, or cannot be written.
    """
    accepted = "a folder that is new or empty"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError([Problem(place(folder), "is not empty", accepted)])
        written = []
        for example in sorted(EXAMPLE.iterdir()):
            target = folder / example.name
            target.write_bytes(example.read_bytes())
            written.append(target)
    except OSError as error:
        raise InputError(
            [Problem(place(folder), f"cannot be written ({error.strerror})", accepted)]
        ) from None
    return written
