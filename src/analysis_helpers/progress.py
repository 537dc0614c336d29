"""How far a build is: one redrawn bar on a terminal, a line a notebook elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Progress

_WORDS = {
    "waiting": "waiting for another build",
    "tables": "tables",
    "pages": "pages",
    "pdf": "printing",
}
"""The steps of a build that are no notebooks."""


@contextmanager
def told(print_line: Callable[[str], None], *, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """What a build calls with its progress."""
    if quiet:
        yield lambda _progress: None
    elif sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown"):
        bar = _Bar()
        try:
            yield bar
        finally:
            bar.stop()
    else:
        yield _Lines(print_line)


class _Lines:
    def __init__(self, print_line: Callable[[str], None]) -> None:
        self._print_line = print_line
        self._notebooks: dict[str, bool] = {}

    def __call__(self, progress: Progress) -> None:
        if progress.step == "waiting":
            self._print_line(_WORDS[progress.step])
        if progress.step in _WORDS:
            return
        self._notebooks[progress.step] = progress.done == progress.total
        if self._notebooks[progress.step]:
            done = sum(self._notebooks.values())
            self._print_line(f"{done}/{len(self._notebooks)}  {progress.step}")


class _Bar:
    """Rich's bar. It is imported only when there is something to wait for."""

    def __init__(self) -> None:
        self._steps: dict[str, Progress] = {}
        self._drawn: Callable[[str, int, int], None] | None = None
        self.stop: Callable[[], None] = lambda: None

    def __call__(self, progress: Progress) -> None:
        self._steps[progress.step] = progress
        known = self._steps.values()
        if self._drawn is None:
            self._drawn = self._start()
        step = _WORDS.get(progress.step, progress.step)
        self._drawn(step, sum(each.done for each in known), sum(each.total for each in known))

    def _start(self) -> Callable[[str, int, int], None]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        task = bar.add_task("", total=None)
        bar.start()
        self.stop = bar.stop
        return lambda step, done, total: bar.update(
            task, description=step, completed=done, total=total
        )
