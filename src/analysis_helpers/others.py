"""Which cohorts a cohort is compared with, found without reading any of them.

A build asks this before it knows whether there is anything to do, so nothing heavy is imported.
"""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path

from .places import under_data

HEAD = "cohort.toml"
TEAMS_AT_MOST = 12


def beside(folder: Path, given: str) -> Path | None:
    """The folder of a cohort that another one names: a path, a neighbour, or a name in data/."""
    for find in (
        partial(folder.joinpath, given),
        partial(folder.resolve().parent.joinpath, given),
        partial(under_data, given),
    ):
        try:
            other: Path | None = find()
            if given.strip() and other is not None and (other / HEAD).is_file():
                return other
        except (OSError, ValueError):  # a name that is too long, or with a NUL in it
            continue
    return None


def named_in(folder: Path) -> list[Path]:
    """The cohorts that a cohort is compared with, as far as they are there.

    What is wrong with them is for the reader of `cohort.toml` to say.
    """
    try:
        head = folder / HEAD
        if not head.is_file():  # reading a pipe might never end
            return []
        given = tomllib.loads(head.read_text(encoding="utf-8")).get("compare_with")
    except (OSError, ValueError, RecursionError):
        return []
    entries = given if isinstance(given, list) else []
    found = [beside(folder, entry) for entry in entries if isinstance(entry, str)]
    return [other for other in found if other is not None]
