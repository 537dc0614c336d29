"""A new cohort folder: five small files with an invented example in each, and their schemas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .errors import InputError, Problem, Problems
from .files import place
from .schema import schema_files

EXAMPLE = Path(__file__).parent / "new_cohort"


def write_cohort(folder: Path) -> list[Path]:
    """Write the files of a new cohort, an invented example in each, and return their paths.

    Raises InputError when the folder holds anything already, or cannot be written.
    """
    return write_files(folder, {each.name: each.read_bytes() for each in EXAMPLE.iterdir()})


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files, by their names, into a folder that is new or empty, and return their paths.

    Beside them go the schemas by which an editor knows the keys of the TOML files.
    Raises InputError when the folder holds anything already, or cannot be written.
    """
    accepted = "a folder that is new or empty"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError([Problem(place(folder), "is not empty", accepted)])
        files = {**files, **schema_files()}
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise InputError(
            [Problem(place(folder), f"cannot be written ({error.strerror})", accepted)]
        ) from None
    return [folder / name for name in sorted(files)]


def warn_of_examples(folder: Path, problems: Problems) -> None:
    """Warn of each file in a cohort's folder that still is the invented example."""
    for example in sorted(EXAMPLE.iterdir()):
        path, content = folder / example.name, example.read_bytes()
        if content.count(b"\n") > 1 and _is_copy(path, content):  # a header may stay as it is
            what = "is still the invented example that `new` wrote"
            problems.warnings.append(Problem(place(path), what))


def _is_copy(path: Path, content: bytes) -> bool:
    """Whether a file holds just this. One that cannot be read is told of by who has to read it."""
    try:
        same_size = path.is_file() and path.stat().st_size == len(content)
        return same_size and path.read_bytes() == content
    except OSError:
        return False
