"""Put a finished folder in the place of another, so that a reader meets only whole ones."""

from __future__ import annotations

import ctypes
import glob
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis_helpers.report.cache import files_below
from analysis_helpers.report.errors import BuildError

_AT_FDCWD = -100
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS


def check_target(out: Path, inputs: list[Path], *, known: bool) -> None:
    """Refuse a target whose replacement would cost somebody files.

    `inputs` are the folders that the report is made from; `known`: a build made what is in `out`.
    """
    for folder in inputs:
        if out == folder or out in folder.parents or folder in out.parents:
            raise BuildError(f"{out}: the report cannot go there: it would touch {folder}")
    if not out.exists():
        return
    if not out.is_dir():
        raise BuildError(f"{out}: the report needs a folder, and this is a file")
    names = {path.name for path in out.iterdir()} - {".DS_Store"}
    # No build makes a hidden file: what is there may be a repository.
    others = {name for name in names if name.startswith(".")} if known else names
    if others:
        raise BuildError(
            f"{out}: holds files that no build made (such as {min(others)}), and a build would "
            "replace them; name a new or an empty folder"
        )


def checksums(folder: Path) -> dict[str, str]:
    """The digest of every file of a report, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files_below(folder)
    }


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A temporary folder beside `out`, gone afterwards."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".tmp", dir=out.parent))
    held = _hold(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def clear_up(out: Path) -> None:
    """Remove what dead builds left beside `out`, and undo what they left half done."""
    for leftover in out.parent.glob(f".{glob.escape(out.name)}.*.tmp"):
        held = _hold(leftover)
        if held is None:
            continue
        if (leftover / "old").is_dir() and not out.exists():  # it died between two renames
            (leftover / "old").rename(out)
        shutil.rmtree(leftover, ignore_errors=True)
        os.close(held)


def _hold(folder: Path) -> int | None:
    """Lock a folder for as long as this process lives; None if another holds it."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def publish(site: Path, out: Path) -> None:
    """Put `site` in the place of `out` in one step; the old report ends up where `site` was."""
    for path in [site, *site.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    if not out.exists():
        site.rename(out)
    elif not _exchange(site, out):
        old = site.with_name("old")
        shutil.move(out, old)
        try:
            site.rename(out)
        except OSError:
            old.rename(out)
            raise


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically; False where the system or the file system cannot."""
    paths = os.fsencode(one), os.fsencode(other)
    with suppress(AttributeError, OSError, TypeError):  # TypeError: Windows
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(system.renamex_np(*paths, _EXCHANGE) == 0)
        return bool(system.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _EXCHANGE) == 0)
    return False
