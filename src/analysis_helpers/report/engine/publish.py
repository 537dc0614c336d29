"""Put a finished report in the place of an older one, and touch nothing that no build wrote.

A report carries a record of its files. A folder is replaced only where it holds nothing else, and
the old report is kept until the new one stands.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from analysis_helpers.report.engine.cache import files_below
from analysis_helpers.report.errors import TargetError

RECORD = "SHA256SUMS"
"""Every other file of a report with its digest, as `sha256sum -c` reads it."""

_CORE = {"index.html", "README.md", "claims.json", "datapackage.json", "data/authors.csv"}
_PUBLISHED = re.compile(
    r"(?P<edition>[a-z]{2,3}/)?(?P<file>index\.html|README\.md|claims\.(json|csv)|datapackage\.json|data/authors\.csv"
    r"|report\.pdf|[0-9][^/]*\.html|figures/[^/]+\.(svg|png|csv))",
    re.DOTALL,
)
_LARGEST = 10_000_000  # bytes of a record, or of a gallery
_PREFIX, _SUFFIX = ".analysis-helpers-", ".tmp"
_PARTS = ("run", "tables", "making", "new", "keeping", "old")  # of a temporary folder

_AT_FDCWD = -100
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS


# --- what a build wrote


def checksums(folder: Path) -> dict[str, str]:
    """The digest of every file of a report, by path."""
    return {path.relative_to(folder).as_posix(): _digest(path) for path in files_below(folder)}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_record(report: Path) -> None:
    """Write the record of all that is in the folder of a report."""
    lines = []
    for name, digest in checksums(report).items():
        if not _PUBLISHED.fullmatch(name):
            raise ValueError(f"{name!r} is not among the names that a report's file may have")
        quoted = name.replace("\\", "\\\\").replace("\n", "\\n")
        mark = "\\" if quoted != name else ""
        lines.append(f"{mark}{digest}  {quoted}\n")
    (report / RECORD).write_bytes(os.fsencode("".join(lines)))


def written(report: Path) -> dict[str, str]:
    """The digest of each file that a build wrote in a folder, by path; of the record's own, "".

    A report by a version that kept no record is known by its gallery, which lists its files; their
    digests are "", too. Nothing where the folder holds no report.
    """
    if os.path.lexists(report / RECORD):
        return recorded(report)
    return _written_without_record(report)


def recorded(report: Path) -> dict[str, str]:
    """The same, of a report that carries its record."""
    names = {}
    for line in filter(None, os.fsdecode(_content(report / RECORD)).split("\n")):
        form = re.fullmatch(r"(\\?)([0-9a-f]{64})  (.+)", line)
        if form is None:
            return {}
        name = form[3]
        if form[1]:
            name = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], name)
        names[name] = form[2]
    # Somebody's own list of checksums is no record of a report.
    return names | {RECORD: ""} if _are_editions(names) else {}


def _content(path: Path) -> bytes:
    """What a small ordinary file holds; nothing of any other: a pipe might never end."""
    with suppress(OSError):
        state = path.lstat()
        if stat.S_ISREG(state.st_mode) and state.st_size < _LARGEST:
            return path.read_bytes()
    return b""


def _are_editions(names: Collection[str]) -> bool:
    """Whether these files are one edition of a report or several, and nothing else."""
    editions: dict[str, set[str]] = {}
    for name in names:
        form = _PUBLISHED.fullmatch(name)
        if form is None:
            return False
        editions.setdefault(form["edition"], set()).add(form["file"])
    return bool(editions) and all(files >= _CORE for files in editions.values())


def _written_without_record(report: Path) -> dict[str, str]:
    found: set[str] = set()
    for gallery in (report / "README.md", *report.glob("??/README.md")):
        text = _content(gallery).decode(errors="replace")
        links = re.findall(r"\]\(([\w./-]+)\)", text) if text else []
        edition = gallery.parent.relative_to(report)
        names = {(edition / name).as_posix() for name in ("README.md", *links) if links}
        printed = (edition / "report.pdf").as_posix()
        found |= names | {printed} if (report / printed).is_file() else names
    exact = _are_editions(found) and all((report / name).is_file() for name in found)
    return dict.fromkeys(found, "") if exact else {}


def _others(report: Path, names: Collection[str]) -> Iterator[str]:
    """The path of each file, link and folder that is not among the names, in order."""
    folders = {str(parent) for name in names for parent in PurePosixPath(name).parents}

    def walk(folder: str) -> Iterator[str]:
        with os.scandir(report / folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = folder + entry.name
                if entry.is_dir(follow_symlinks=False) and path in folders:
                    yield from walk(f"{path}/")
                elif not (path in names and entry.is_file(follow_symlinks=False)):
                    yield path

    return walk("")


def _refuse_others(report: Path, names: Collection[str]) -> None:
    other = next(_others(report, names), None)
    if other is None:
        return
    advice = "name a new or an empty folder, or move that file away"
    if not names and (report / "claims.json").is_file():
        advice = f"it has no {RECORD}: if it is an old report, remove it, or {advice}"
    raise TargetError(
        f"holds files that no build made (such as {other}), and a build would replace them; "
        f"{advice}"
    )


# --- before a build


def check_target(out: Path, inputs: list[Path]) -> dict[str, str]:
    """What a build wrote in `out` before; see `written`.

    Raises TargetError for a target whose replacement would cost somebody a file, and for one that
    cannot be written. `inputs` are the folders that the report is made from.
    """
    for folder in inputs:
        if out == folder or out in folder.parents or folder in out.parents:
            raise TargetError(f"the report cannot go there: it would touch {folder}")
    above = next(folder for folder in (out, *out.parents) if os.path.lexists(folder))
    if not above.is_dir():
        raise TargetError(f"the report could not be written: {above} is not a folder")
    names = written(out)
    folders = {above} | {(out / name).parent for name in names}
    if not all(os.access(folder, os.R_OK | os.W_OK | os.X_OK) for folder in folders):
        raise TargetError("the report could not be written: Permission denied")
    if above != out:
        return {}
    if any(name.startswith(f"{out.name}/") for name in recorded(out.parent)):
        raise TargetError(f"is an edition of the report in {out.parent}; build that one")
    _refuse_others(out, names)
    return names


def edited(out: Path, names: dict[str, str]) -> list[str]:
    """Those of the recorded files that are there and hold something else by now."""
    return [
        name
        for name, digest in sorted(names.items())
        if digest and (out / name).is_file() and _digest(out / name) != digest
    ]


@contextmanager
def staging(out: Path, warn: Callable[[str], None]) -> Iterator[Path]:
    """A temporary folder beside `out`, or elsewhere where none can be; gone afterwards.

    `warn` is told where it had to stay because somebody put a file into it.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    place = out.parent if os.access(out.parent, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=place))
    held = _hold(folder)
    try:
        yield folder
    finally:
        if not _discard(folder):
            warn(f"{folder} was kept: it holds a file that no build made")
        if held is not None:
            os.close(held)


def is_temporary(name: str) -> bool:
    """Whether a folder of this name is one that a build works in."""
    return name.startswith(_PREFIX) and name.endswith(_SUFFIX)


def clear_up(out: Path) -> None:
    """Remove what dead builds left beside `out` or in it, and undo what they left half done."""
    for place in (out.parent, out):
        for leftover in place.glob(f"{_PREFIX}*{_SUFFIX}"):
            if (held := _hold(leftover)) is not None:
                if place == out:
                    _undo(out, leftover)
                _discard(leftover)
                os.close(held)


def _hold(folder: Path) -> int | None:
    """Lock a folder for as long as this process lives; None if another holds it, or it is none."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _discard(folder: Path) -> bool:
    """Remove the temporary folder of a build; False where somebody's file keeps it there.

    Its `site` may be the report that stood in `out`, and somebody may have written into that until
    a moment ago.
    """
    for part in _PARTS:
        shutil.rmtree(folder / part, ignore_errors=True)
    site = folder / "site"
    for name in sorted(written(site), key=RECORD.__eq__):  # the record last, should this be stopped
        with suppress(OSError):
            (site / name).unlink()
    for emptied, _, _ in os.walk(folder, topdown=False):
        with suppress(OSError):
            Path(emptied).rmdir()
    return not folder.exists()


def _remove_empty(report: Path, names: Collection[str]) -> None:
    """Remove the folders of these files, as far as nothing is left in them."""
    folders = {parent for name in names for parent in PurePosixPath(name).parents}
    for folder in sorted(folders - {PurePosixPath(".")}, reverse=True):
        with suppress(OSError):
            (report / folder).rmdir()


# --- publishing


def publish(site: Path, out: Path) -> None:
    """Put `site`, a finished report with its record, in the place of `out`.

    In one step where folders can be exchanged; otherwise (a mount point, some file systems) file by
    file, and whatever fails on the way puts the old report back. Raises TargetError where a file of
    somebody's has come into `out` meanwhile: it stays, and so does the old report.
    """
    for path in [site, *site.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    if not os.path.lexists(out):
        site.rename(out)
    elif _exchange(site, out):
        try:
            _refuse_others(site, written(site))
        except TargetError:
            _exchange(site, out)
            raise
    else:
        _replace_each(site, out)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically; False where the system or the file system cannot."""
    paths = os.fsencode(one), os.fsencode(other)
    with suppress(AttributeError, OSError, TypeError):  # TypeError: Windows
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(system.renamex_np(*paths, _EXCHANGE) == 0)
        return bool(system.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _EXCHANGE) == 0)
    return False


def _replace_each(site: Path, out: Path) -> None:
    """Move the files of `site` into `out` one by one, the record last.

    Until then `old` has the whole old report, so that `_undo` can put it back.
    """
    work = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=out))
    held = _hold(work)
    try:
        new, keeping = work / "new", work / "keeping"
        shutil.copytree(site, new)  # what can run out of space does so before anything is touched
        before = written(out)
        _refuse_others(out, {*before, work.name, *_below(work, out)})
        for name in before:
            if (out / name).exists():
                _keep(out / name, keeping / name)
        keeping.mkdir(exist_ok=True)
        keeping.rename(work / "old")
        names = [name for name in written(site) if name != RECORD]
        for name in names:
            _move(new, out, name, replacing=name in before)
        for name in before.keys() - {*names, RECORD}:
            (out / name).unlink(missing_ok=True)
        _remove_empty(out, before)
        _move(new, out, RECORD, replacing=RECORD in before)
    finally:
        _undo(out, work)
        _discard(work)
        if held is not None:
            os.close(held)


def _below(work: Path, out: Path) -> Iterator[str]:
    return (path.relative_to(out).as_posix() for path in work.rglob("*"))


def _keep(path: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        copy.hardlink_to(path)
    except OSError:
        shutil.copy2(path, copy)


def _move(new: Path, out: Path, name: str, *, replacing: bool) -> None:
    place = out / name
    place.parent.mkdir(parents=True, exist_ok=True)
    if not replacing and os.path.lexists(place):
        raise TargetError("has come there while the report was built; move it away", name)
    (new / name).replace(place)


def _undo(out: Path, work: Path) -> None:
    """Put the old report back, unless the new one's record is in its place already."""
    new, old = work / "new", work / "old"
    if not old.is_dir() or not (new / RECORD).is_file():
        return
    kept = {path.relative_to(old).as_posix() for path in files_below(old)}
    fresh = written(new)
    for name in fresh.keys() - kept:
        path = out / name
        if path.is_file() and not path.is_symlink() and _digest(path) == fresh[name]:
            path.unlink()
    for name in kept:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (old / name).replace(out / name)
    _remove_empty(out, fresh)
