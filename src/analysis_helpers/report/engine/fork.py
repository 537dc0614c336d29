"""Fresh processes without the wait: forked from one that has made the heavy imports.

Where forking is not to be had they are spawned, and make the imports themselves.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from pkgutil import resolve_name
from types import ModuleType
from typing import Any

from analysis_helpers.errors import InputError
from analysis_helpers.report.errors import BuildError

ENVIRONMENT = {
    "ANALYSIS_HELPERS_BUILD": "1",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
}
"""The same for every build, so that two builds come to the same bytes."""


PRELOAD = ["analysis_helpers.report.engine.preload"]


_starting = threading.Lock()
"""Held while the environment is another one: two threads may start processes."""


def can_fork() -> bool:
    return "forkserver" in multiprocessing.get_all_start_methods()


def start() -> None:
    """Start the process that the others are forked from; it makes its imports meanwhile."""
    if not can_fork():
        return
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload(PRELOAD)
    with _starting, _environment(), _without_interrupts():
        forkserver.ensure_running()


def environment() -> dict[str, str]:
    """The environment as it is while no process is being started: its own copy, for a kernel."""
    with _starting:
        return dict(os.environ)


def process(target: Callable[..., None], *arguments: object) -> BaseProcess:
    """A started process that calls `target`: forked, or spawned where it must be."""
    context: Any = multiprocessing.get_context("forkserver" if can_fork() else "spawn")
    made: BaseProcess = context.Process(target=target, args=arguments, daemon=True)
    with _starting, _environment(), _without_main():
        made.start()
    return made


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep multiprocessing from running the caller's own script again in each process."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _environment() -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """What starts in here never hears Ctrl-C: the build ends it, and alone reports."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """Called in a child: end it, and what it started, as soon as the build's process is gone."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
        with suppress(OSError, AttributeError):
            if os.getpgid(0) == os.getpid():
                os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


CHECKED = "checked"
"""What a task tells as soon as it has found nothing wrong with what it was given."""


class Task:
    """A function, by its dotted name, called in a process of its own.

    After its arguments it gets something to call when it has checked them.
    """

    def __init__(self, function: str, *arguments: object) -> None:
        self._checked = False
        self._answer, theirs = multiprocessing.Pipe(duplex=False)
        self._process = process(_call, function, arguments, theirs)
        theirs.close()

    def check(self) -> None:
        """Wait until it has checked its arguments.

        Raises InputError with the problems that it found, or BuildError.
        """
        if not self._checked:
            self._checked = True
            if self._receive() != CHECKED:
                raise BuildError("the process that writes the tables checked nothing")

    def finish(self) -> None:
        """Wait until it is done. Raises the same."""
        self.check()
        self._receive()

    def _receive(self) -> object:
        try:
            answer = self._answer.recv()
        except EOFError:
            raise BuildError("the process that writes the tables ended unexpectedly") from None
        if isinstance(answer, list):
            raise InputError(answer)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stop(self) -> None:
        self._process.kill()
        self._process.join()


def _call(function: str, arguments: tuple[Path, ...], answer: Connection) -> None:
    end_with_parent()
    try:
        resolve_name(function)(*arguments, lambda: answer.send(CHECKED))
    except InputError as error:
        answer.send(error.problems)
    except Exception as error:  # noqa: BLE001 (told in the build's process)
        answer.send(BuildError(f"{type(error).__name__}: {error}"))
    else:
        answer.send(None)
