"""Where things lie: the project that the package is run from, the notebooks, a cohort's folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .errors import InputError, Problem, did_you_mean

PACKAGE = Path(__file__).resolve().parent

PROJECT = PACKAGE.parents[1] if (PACKAGE.parents[1] / "pyproject.toml").is_file() else None
"""The folder of the project, where the package is run from there; None where it is installed."""

NOTEBOOKS = (PROJECT or PACKAGE) / "notebooks"
"""What a build runs: the project's notebooks, which the installed package brings with it."""


def find_cohort(cohort: str | Path) -> Path:
    """The folder of a cohort that is given as a path, or as the name of a folder under data/.

    Raises InputError when there is none.
    """
    given = Path(cohort)
    if given.is_dir():
        return given
    if (folder := under_data(given)) is not None:
        return folder
    known = {
        folder.name
        for root in _roots()
        for folder in (root / "data").glob("*/")
        if (folder / "cohort.toml").is_file()
    }
    what = f"there is no such cohort{did_you_mean(given.name, known)}"
    raise InputError([Problem(str(cohort), what, "a folder, or the name of one in data/")])


def under_data(name: str | Path) -> Path | None:
    """The folder of this name in the nearest data/, here or above, or in the project's."""
    return next((each for root in _roots() if (each := root / "data" / name).is_dir()), None)


def _roots() -> Iterator[Path]:
    here = Path.cwd()
    yield here
    yield from here.parents
    if PROJECT:
        yield PROJECT
