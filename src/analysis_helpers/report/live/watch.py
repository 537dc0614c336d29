"""Keep a report up to date while the files change that it is made from."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import watchfiles

from analysis_helpers.errors import InputError
from analysis_helpers.others import named_in
from analysis_helpers.report import BuildError, Job, Making, edition
from analysis_helpers.report.engine import fork, lean
from analysis_helpers.report.engine.cache import COHORT_FILES, Inputs, Store, files_below
from analysis_helpers.report.errors import ChangedError
from analysis_helpers.report.live.serve import Server, Site

STEP = 40  # milliseconds: what is saved in one go comes in one piece
CALM = 0.5  # seconds: after a change during a build, or soon after it, files have to rest as long
SOON = 1.2
LOOK_AGAIN = 1.0  # seconds: a folder that was replaced is another one
Say = Callable[[str], None]


def watch(
    cohort: Path, notebooks: Path, languages: Sequence[str], *, say: Say, complain: Say
) -> None:
    """Serve the report of a cohort and keep it up to date, until a KeyboardInterrupt.

    Nothing is published: pages are made in a temporary folder and served from memory. `say` is told
    the address, and of every build that came to an end; `complain` of what is wrong.
    """
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="analysis-helpers-watch-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        site = Site(edition(Path(), languages[0]).joinpath("index.html").as_posix())
        server = Server(site)
        server.start()
        stack.callback(server.stop)
        say(f"{server.address} shows the report; Ctrl-C ends this.")
        builder = Builder(cohort, notebooks, languages, folder, site, say, complain)
        stack.callback(builder.close)
        watcher = Watcher(lambda: [cohort, notebooks, *named_in(cohort)], builder.changed)
        watcher.start()
        stack.callback(watcher.stop)
        while True:
            builder.turn()


class Watcher:
    """Tells of every change of a file that a report is made from."""

    def __init__(self, folders: Callable[[], list[Path]], changed: Callable[[], None]) -> None:
        self._folders, self._changed = folders, changed
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            with suppress(OSError):
                self._until_replaced(self._there())
            self._ended.wait(0.2)
            self._changed()  # in a folder that has come anew

    def _until_replaced(self, folders: dict[Path, int]) -> None:
        for changes in watchfiles.watch(
            *folders,
            watch_filter=lambda _kind, path: _matters(Path(path)),
            step=STEP,
            stop_event=self._ended,
            rust_timeout=int(1000 * LOOK_AGAIN),
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
        ):
            if changes:
                self._changed()
            if self._there() != folders:
                return

    def _there(self) -> dict[Path, int]:
        """The folders that are there, and which each is to the file system."""
        found = {}
        for folder in self._folders():
            with suppress(OSError):
                found[folder] = folder.stat().st_ino
        return found


def _matters(path: Path) -> bool:
    """Whether a report may be made from a file of this name."""
    return path.name in COHORT_FILES or (path.suffix == ".ipynb" and path.name[:1].isdigit())


class Builder:
    """Makes the report anew after changes; the latest edit wins."""

    def __init__(
        self,
        cohort: Path,
        notebooks: Path,
        languages: Sequence[str],
        folder: Path,
        site: Site,
        say: Say,
        complain: Say,
    ) -> None:
        # A notebook's kernels are told absolute paths.
        self._cohort, self._notebooks = cohort.absolute(), notebooks.absolute()
        self._languages = list(dict.fromkeys(languages))
        self._folder, self._site, self._say, self._complain = folder, site, say, complain
        self._store = Store.of_user()
        self._condition = threading.Condition()
        self._last_change, self._is_stale = time.monotonic(), True
        self._last_start = 0.0
        self._made_from: Inputs | None = None
        self._jobs = 0
        self._warnings: list[str] = []
        fork.start()
        with lean.imports():
            from analysis_helpers.report.engine.run import Runner
            from analysis_helpers.report.pages import export
        (folder / "kernels").mkdir()
        self._runner = Runner(self._notebooks, folder / "kernels")
        export.warm_up()

    def close(self) -> None:
        self._runner.close()

    def changed(self) -> None:
        """Called by another thread: what is being made is of yesterday."""
        with self._condition:
            self._last_change, self._is_stale = time.monotonic(), True
            self._condition.notify_all()
        self._runner.cancel()

    def turn(self) -> None:
        """Wait for a change and make the report anew."""
        self._wait()
        self._last_start = time.monotonic()
        try:
            problem = self._make()
        except asyncio.CancelledError:
            self._made_from = None
            return
        with self._condition:
            if self._is_stale:
                self._made_from = None
                return
        seconds = time.monotonic() - self._last_start
        if problem:
            self._site.tell(problem)
            self._complain(problem)
        elif problem is not None:
            self._say(f"up to date after {seconds:.1f} s")
        self._runner.prepare(self._jobs)

    def _wait(self) -> None:
        """Until something has changed; after one change soon after another, until files rest."""
        with self._condition:
            while not self._is_stale:
                self._condition.wait(1)  # Ctrl-C is heard
            if self._last_change - self._last_start < SOON:
                while (rest := self._last_change + CALM - time.monotonic()) > 0:
                    self._condition.wait(rest)
            self._is_stale = False

    def _make(self) -> str | None:
        """Make and show it: what is wrong, nothing, or None where there is nothing to make."""
        into = self._folder / "report"
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir()
        try:
            inputs = Inputs.read(self._cohort, self._notebooks)
            if inputs == self._made_from:
                return None
            self._made_from = inputs
            self._jobs = len(self._languages) * len(inputs.notebooks)
            making = Making(
                self._cohort, self._notebooks, self._languages, inputs, self._store, False, into,
                lambda *_: None, self._run,
            )  # fmt: skip
            site = making.make()
            files = {
                path.relative_to(site).as_posix(): path.read_bytes() for path in files_below(site)
            }
        except ChangedError:
            self.changed()
            raise asyncio.CancelledError from None
        except (InputError, BuildError) as error:
            return str(error)
        except OSError as error:
            return f"{error.filename or self._cohort}: cannot be used: {error.strerror or error}"
        with self._condition:
            if not self._is_stale:
                self._site.show(files)
        if making.warnings != self._warnings:
            self._warnings = making.warnings
            for message in making.warnings:
                self._complain(f"warning: {message}")
        return ""

    def _run(self, notebooks: Mapping[Job, bytes], **how: Any) -> dict[Job, Any]:  # noqa: ANN401
        with self._condition:
            if self._is_stale:
                raise asyncio.CancelledError
        return self._runner.run(notebooks, **how)
