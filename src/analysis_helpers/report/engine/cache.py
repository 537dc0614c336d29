"""What a report depends on, and what earlier builds left to be used again.

A key is a digest of contents, never of a time or of where a folder lies. An entry carries the
key that it answers and a checksum of itself, so an old or damaged one is never used.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import platformdirs

from analysis_helpers import others
from analysis_helpers.places import PACKAGE
from analysis_helpers.report.errors import BuildError

__all__ = ["COHORT_FILES", "NOTEBOOK_BYTES", "PACKAGE", "Inputs", "Store"]

CACHE = "ANALYSIS_HELPERS_CACHE"
"""The environment variable that names another folder for what builds leave."""
ENTRIES_KEPT = 256  # some 30 MB: a report in two languages has 17
COHORT_FILES = ("cohort.toml", "authors.csv", "glossary.csv", "events.csv", "claims.toml")
"""What a build reads in a cohort's folder."""
NEEDS_OTHERS = "compare_with"
NOTEBOOK_BYTES = 50_000_000

Json: TypeAlias = Any
"""Whatever JSON can hold."""


def digest(parts: Iterable[tuple[str, bytes]]) -> str:
    """Digest of named contents, in the order given."""
    whole = hashlib.sha256()
    for name, content in parts:
        raw = os.fsencode(name)
        whole.update(b"%d %s %d " % (len(raw), raw, len(content)))
        whole.update(content)
    return whole.hexdigest()


def file_digest(path: Path) -> str:
    """Digest of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(folder: Path) -> list[Path]:
    """Every file below a folder, sorted; not hidden ones, nor what Python compiled."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
        found += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(found)


def _contents(folder: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The digest of each file; nothing for one that cannot be read: whoever needs it says so."""
    for name in names:
        content = b""
        with suppress(OSError):
            if (folder / name).is_file():  # reading a pipe might never end
                content = file_digest(folder / name).encode()
        yield name, content


def _installed() -> str:
    """Python's version and those of all installed packages, without importing any."""
    names = {
        entry.name
        for place in map(Path, sys.path)
        if place.is_dir()
        for entry in os.scandir(place)
        if entry.name.endswith((".dist-info", ".egg-info"))
    }
    return "\n".join([sys.version, *sorted(names)])


@dataclass(frozen=True)
class Inputs:
    """Everything that decides what a report says: `base`, and the bytes of each notebook."""

    base: str
    notebooks: dict[str, bytes]

    @classmethod
    def read(cls, cohort: Path, notebooks: Path) -> Inputs:
        """Read the notebooks (by stem, in order) and digest everything else.

        A notebook that needs other cohorts is left out where this one names none.
        """
        compared = others.named_in(cohort)
        code = [path.relative_to(PACKAGE).as_posix() for path in files_below(PACKAGE)]
        base = digest(
            [
                ("cohort", os.fsencode(cohort.name)),
                ("installed", _installed().encode()),
                ("package", digest(_contents(PACKAGE, code)).encode()),
                ("data", digest(_contents(cohort, COHORT_FILES)).encode()),
                *(
                    (other.name, digest(_contents(other, COHORT_FILES)).encode())
                    for other in compared
                ),
            ]
        )
        found = sorted(notebooks.glob("[0-9]*.ipynb"))
        contents = {path.stem: _notebook(path) for path in found}
        return cls(
            base,
            {stem: each for stem, each in contents.items() if compared or not _needs_others(each)},
        )

    def key(self, notebook: str) -> str:
        return digest([("base", self.base.encode()), (notebook, self.notebooks[notebook])])

    def whole(self, how: str) -> str:
        """The key of a report that is made in some way out of everything."""
        return digest([(how, self.base.encode()), *self.notebooks.items()])


def _notebook(path: Path) -> bytes:
    if not path.is_file():
        raise BuildError(f"{path}: is not an ordinary file, and no notebook")
    size = path.stat().st_size
    if size > NOTEBOOK_BYTES:
        raise BuildError(
            f"{path}: holds {size:,} bytes, more than {NOTEBOOK_BYTES:,}: clear its outputs"
        )
    try:
        path.name.encode()
    except UnicodeEncodeError:
        raise BuildError(f"{path}: a notebook's name has to be UTF-8") from None
    return path.read_bytes()


def _places() -> Iterator[Path]:
    """Where a cache may be, the best first: the user's own folder for such things, if there is one.

    A user without a home has none.
    """
    if named := os.environ.get(CACHE):
        yield Path(named).absolute()
    users = Path(platformdirs.user_cache_dir("analysis-helpers", appauthor=False))
    if users.is_absolute():
        yield users
    yield Path(tempfile.gettempdir()) / f"analysis-helpers-{getattr(os, 'getuid', int)()}"


def _needs_others(notebook: bytes) -> bool:
    """Whether its metadata say that it is for cohorts that name others to be compared with."""
    if NEEDS_OTHERS.encode() not in notebook:
        return False
    with suppress(ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return bool(json.loads(notebook)["metadata"].get("needs") == NEEDS_OTHERS)
    return False


class Store:
    """A folder of entries: one file a slot, which holds the value of its latest key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of_user(cls) -> Store:
        """The store in the user's cache, else in the temporary folder."""
        for folder in _places():
            with suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
                    continue  # somebody else's, who could put anything there
                (folder / "locks").mkdir(exist_ok=True)
                if os.access(folder, os.W_OK) and os.access(folder / "locks", os.W_OK):
                    return cls(folder)
        raise OSError(f"no cache can be written, not even in {tempfile.gettempdir()}")

    def get(self, slot: str, key: str) -> Json:
        """The value kept for this key, or None: nothing kept, another key, or damaged."""
        path = self._path(slot)
        try:
            if not path.is_file():  # reading a pipe might never end
                return None
            checksum, body = path.read_bytes().split(b"\n", 1)
        except (OSError, ValueError):
            return None
        if hashlib.sha256(body).hexdigest().encode() != checksum:
            return None
        entry = json.loads(body)
        if entry["key"] != key:
            return None
        with suppress(OSError):
            os.utime(path)
        return entry["value"]

    def put(self, slot: str, key: str, value: Json) -> None:
        """Keep a value (as JSON) in place of what the slot held, and drop the least used.

        Keeps nothing where the disk is full: the value is made again then.
        """
        body = json.dumps({"key": key, "value": value}).encode()
        path = self._path(slot)
        unfinished = path.with_suffix(f".{os.getpid()}")  # two builds at once may have one slot
        try:
            unfinished.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            unfinished.replace(path)
            by_use = sorted(self.folder.glob("*.*"), key=lambda entry: entry.stat().st_mtime)
            for entry in by_use[:-ENTRIES_KEPT]:
                entry.unlink(missing_ok=True)
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)

    @contextmanager
    def alone(self, out: Path, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold the lock of a target; `waiting` is called if another build has it."""
        try:
            import fcntl
        except ImportError:  # Windows: the swap still keeps a report whole
            yield
            return
        # As many locks as there can be targets would never end; some targets share one.
        with (self.folder / "locks" / digest([(str(out), b"")])[:2]).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _path(self, slot: str) -> Path:
        return self.folder / f"{digest([(slot, b'')])[:32]}.json"
