"""This project as its tests use it: copies of it, and its command line."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from typer.testing import CliRunner

from analysis_helpers.__main__ import app

PROJECT = Path(__file__).parents[1]
CHAPTERS = sorted(path.stem for path in (PROJECT / "notebooks").glob("[0-9]*.ipynb"))
PAGES = ["index", *CHAPTERS]
EDITIONS = [".", "he"]


def copied(folder: Path, notebooks: str = "*") -> Path:
    """Copy the notebooks of a name, the data and the README into a folder."""
    others = (path.name for path in (PROJECT / "notebooks").iterdir() if not path.match(notebooks))
    shutil.copytree(
        PROJECT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(*others)
    )
    shutil.copytree(PROJECT / "data", folder / "data")
    shutil.copy(PROJECT / "README.md", folder)
    return folder


def run(*arguments: object, folder: Path | None = None) -> tuple[int, str, str]:
    """Call the command line in this process: its status, and what it prints to both streams."""
    call = partial(CliRunner().invoke, app, [str(argument) for argument in arguments])
    # In a thread of its own: a browser keeps an event loop in this one.
    with contextlib.chdir(folder or Path.cwd()), ThreadPoolExecutor(1) as thread:
        result = thread.submit(call).result()
    return result.exit_code, result.stdout, result.stderr


def started(
    *arguments: str | bytes, folder: Path = PROJECT, shell: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Call it as a process of its own, with its streams as `shell` says."""
    command = [sys.executable, "-m", "analysis_helpers", *arguments]
    return subprocess.run(
        ["sh", "-c", f'"$@" {shell}', "sh", *command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=120,
    )


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something to be true; fail where it is not in time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)
