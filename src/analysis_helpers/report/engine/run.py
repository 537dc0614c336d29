"""Run notebooks side by side, each in a kernel of its own."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import re
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from queue import Empty
from typing import Any, TypeVar

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from analysis_helpers.report.engine import fork
from analysis_helpers.report.engine.capacity import kernels_side_by_side, kernels_to_keep
from analysis_helpers.report.engine.kernels import manager
from analysis_helpers.report.errors import BuildError, NotebookError
from analysis_helpers.report.executed import ARITHMETIC, FIGURE, MASTHEAD, Notebook

KEPT = (FIGURE, "text/html", "text/markdown", "image/png", "text/plain")
"""The kinds of output that a page can show, the richest first."""

CELL_SECONDS = 600
START_SECONDS = 60
STARTS = 3

Tell = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done, and how much there is."""


_Result = TypeVar("_Result")

Job = tuple[str, str]
"""A language, and the stem of the notebook that runs in it."""


def run(
    notebooks: Mapping[Job, bytes],
    *,
    parameters: Mapping[str, str],
    folder: Path,
    scratch: Path,
    tell: Tell,
) -> dict[Job, Notebook]:
    """Run notebooks in `folder`, each in its language; temporary files go into `scratch`.

    Raises NotebookError for the first cell that raises, and leaves no kernel behind.
    """
    return asyncio.run(_run_all(notebooks, parameters, Kernels(folder, scratch), tell))


class Runner:
    """Runs notebooks again and again, in kernels that were started before they were needed.

    They live in an event loop of its own, in a thread of its own.
    """

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._kernels = Kernels(folder, scratch)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._running: asyncio.Task[dict[Job, Notebook]] | None = None
        self._seconds: dict[Job, float] = {}

    def run(
        self,
        notebooks: Mapping[Job, bytes],
        *,
        parameters: Mapping[str, str],
        tell: Tell,
        **_places: Path,
    ) -> dict[Job, Notebook]:
        """Run them as `run` does. Raises asyncio.CancelledError when another thread cancels it."""
        # Those that took longest the last time go first, so that none of them is left for the end.
        longest_first = sorted(notebooks, key=lambda job: -self._seconds.get(job, 0))

        async def running() -> dict[Job, Notebook]:
            self._running = asyncio.current_task()
            in_order = {job: notebooks[job] for job in longest_first}
            try:
                return await _run_all(in_order, parameters, self._kernels, tell, self._seconds)
            finally:
                self._running = None

        return self._wait_for(running())

    def cancel(self) -> None:
        """Stop what runs, if anything does; its kernels end."""

        def stop() -> None:
            if self._running is not None:
                self._running.cancel()

        self._loop.call_soon_threadsafe(stop)

    def prepare(self, number: int) -> None:
        """Have as many kernels wait for notebooks, or as many as the machine has room for."""
        room = min(number, kernels_to_keep(number))
        self._loop.call_soon_threadsafe(self._kernels.prepare, room)

    def close(self) -> None:
        """End every kernel, and the thread."""

        async def ending() -> None:
            if (running := self._running) is not None:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
            await self._kernels.end()

        self._wait_for(ending())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait_for(self, doing: Coroutine[Any, Any, _Result]) -> _Result:
        try:
            return asyncio.run_coroutine_threadsafe(doing, self._loop).result()
        except concurrent.futures.CancelledError:
            raise asyncio.CancelledError from None


async def _run_all(
    notebooks: Mapping[Job, bytes],
    parameters: Mapping[str, str],
    kernels: Kernels,
    tell: Tell,
    seconds: dict[Job, float] | None = None,
) -> dict[Job, Notebook]:
    """Run them side by side. `seconds` is told how long each took."""
    places = asyncio.Semaphore(kernels_side_by_side())

    async def one(job: Job, notebook: NotebookNode) -> Notebook:
        async with places:
            start = time.monotonic()
            executed = await _run_one(job, notebook, parameters, kernels, tell)
            if seconds is not None:
                seconds[job] = time.monotonic() - start
            return executed

    read = {job: _read(job[1], content) for job, content in notebooks.items()}
    for job, notebook in read.items():
        tell(_step(job), 0, len(_code(notebook)))
    tasks = {job: asyncio.create_task(one(job, notebook)) for job, notebook in read.items()}
    try:
        await asyncio.gather(*tasks.values())
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
    return {job: task.result() for job, task in tasks.items()}


async def _run_one(
    job: Job,
    notebook: NotebookNode,
    parameters: Mapping[str, str],
    kernels: Kernels,
    tell: Tell,
) -> Notebook:
    language, stem = job
    total = len(_code(notebook))
    values = {**parameters, "language": language}
    notebook = _parameterised(notebook, values)
    number, source = 0, ""
    try:
        async with kernels.one() as (kernel, channels):
            client = _client(notebook, kernel)
            client.kc = channels
            for index, cell in enumerate(notebook.cells):
                if cell.cell_type != "code":
                    continue
                if _is_injected(cell):
                    await client.async_execute_cell(cell, index)
                    continue
                number, source = number + 1, cell.source
                await client.async_execute_cell(cell, index)
                tell(_step(job), number, total)
    except CellExecutionError as error:
        message = f"{error.ename}: {_plain(error.evalue)}"
        line = _line(error.traceback, source)
        raise NotebookError(f"{stem}.ipynb", number, source, message, line) from None
    except CellTimeoutError:
        message = f"still running after {CELL_SECONDS} seconds"
        raise NotebookError(f"{stem}.ipynb", number, source, message) from None
    except (DeadKernelError, RuntimeError) as error:
        if _is_cancelled():  # nbclient takes that for a dead kernel
            raise asyncio.CancelledError from None
        message = f"its kernel died ({_plain(str(error)).splitlines()[0]})"
        raise NotebookError(f"{stem}.ipynb", number, source, message) from None
    return _reduced(notebook, values)


def _step(job: Job) -> str:
    language, stem = job
    return stem if language == "en" else f"{language}/{stem}"


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _client(notebook: NotebookNode, kernel: AsyncKernelManager) -> NotebookClient:
    return NotebookClient(
        notebook, km=kernel, timeout=CELL_SECONDS, record_timing=False, coalesce_streams=True
    )


_Started = tuple[AsyncKernelManager, AsyncKernelClient]


class Kernels:
    """Kernels that work in a folder, each for one notebook; some may have been started before."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._folder, self._scratch = folder, scratch
        self._names = map("kernel-{}".format, count())
        self._waiting: deque[asyncio.Task[_Started]] = deque()

    def prepare(self, number: int) -> None:
        """Start kernels until as many wait."""
        while len(self._waiting) < number:
            self._waiting.append(asyncio.create_task(self._start()))

    @asynccontextmanager
    async def one(self) -> AsyncIterator[_Started]:
        """A kernel that has answered; it ends with the block."""
        started = await self._next()
        try:
            yield started
        finally:
            await _end(*started)

    async def end(self) -> None:
        """End those that wait."""
        tasks = list(self._waiting)
        self._waiting.clear()
        for task in tasks:
            task.cancel()
        for each in await asyncio.gather(*tasks, return_exceptions=True):
            if not isinstance(each, BaseException):
                await _end(*each)

    async def _next(self) -> _Started:
        while self._waiting:
            task = self._waiting.popleft()
            try:
                with suppress(RuntimeError):
                    kernel, channels = await task
                    if await kernel.is_alive():
                        return kernel, channels
                    await _end(kernel, channels)
            except asyncio.CancelledError:
                if task.done() and not task.cancelled() and task.exception() is None:
                    await _end(*task.result())
                raise
        return await self._start()

    async def _start(self) -> _Started:
        """Start a kernel.

        Where sockets have to be TCP ports, another program may take one between its choice and its
        use: the kernel is started again then.
        """
        for start in range(1, STARTS + 1):
            kernel = manager(self._scratch, next(self._names))
            channels = None
            try:
                client = _client(nbformat.v4.new_notebook(), kernel)  # type: ignore[no-untyped-call]
                await client.async_start_new_kernel(cwd=str(self._folder), env=fork.environment())
                channels = kernel.client()
                channels.allow_stdin = False
                # The manager knows whether its process lives. A heartbeat that is stopped before
                # its thread runs would never end.
                channels.start_channels(hb=False)
                await _answer(channels, kernel)
            except BaseException as error:
                await _end(kernel, channels)
                again = isinstance(error, RuntimeError) and not _is_cancelled()
                if again and kernel.transport == "tcp" and start < STARTS:
                    continue
                raise
            return kernel, channels
        raise AssertionError("the last start returns or raises")


async def _end(kernel: AsyncKernelManager, channels: AsyncKernelClient | None) -> None:
    if channels is not None:
        channels.stop_channels()
    await kernel.shutdown_kernel(now=True)


async def _answer(client: AsyncKernelClient, kernel: AsyncKernelManager) -> None:
    """Wait until a kernel answers, and until what it puts out is heard.

    Jupyter's own `wait_for_ready` listens for a fifth of a second more, for messages of before the
    first cell; whoever runs cells passes over those.
    """
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and await kernel.is_alive():
        client.kernel_info()
        with suppress(Empty):
            await client.get_shell_msg(timeout=1)
            await client.get_iopub_msg(timeout=0.2)
            return
    raise RuntimeError("it did not answer")


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _read(stem: str, content: bytes) -> NotebookNode:
    try:
        notebook: NotebookNode = nbformat.reads(  # type: ignore[no-untyped-call]
            content.decode(), as_version=4
        )
    except Exception as error:  # noqa: BLE001 (nbformat raises many kinds)
        raise BuildError(f"{stem}.ipynb: cannot be read as a notebook: {error}") from None
    return notebook


def _is_injected(cell: NotebookNode) -> bool:
    return "injected-parameters" in cell.metadata.get("tags", [])


def _parameterised(notebook: NotebookNode, parameters: Mapping[str, str]) -> NotebookNode:
    """The notebook with a cell that sets the parameters, after the one that declares them."""
    source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    cell = nbformat.v4.new_code_cell(  # type: ignore[no-untyped-call]
        source, metadata={"tags": ["injected-parameters"]}
    )
    declared = [
        index
        for index, each in enumerate(notebook.cells)
        if "parameters" in each.metadata.get("tags", [])
    ]
    notebook.cells.insert(declared[0] + 1 if declared else 0, cell)
    return notebook


def _reduced(notebook: NotebookNode, parameters: Mapping[str, str]) -> Notebook:
    """Only what a page shows: no injected cell, no counts, no output that it cannot show.

    The cell that declares the parameters shows the values with which the notebook was run. What a
    notebook writes to stderr is for whoever runs it, and names paths of this machine.
    """
    cells = []
    for cell in notebook.cells:
        if _is_injected(cell):
            continue
        tags = [tag for tag in cell.metadata.get("tags", []) if tag in (ARITHMETIC, MASTHEAD)]
        kept = {
            "cell_type": cell.cell_type,
            "source": _with_values(cell, parameters),
            "metadata": {"tags": tags} if tags else {},
        }
        if cell.cell_type == "code":
            kept["execution_count"] = None
            kept["outputs"] = [
                out for each in cell.outputs if (out := _reduced_output(each)) is not None
            ]
        cells.append(kept)
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


def _with_values(cell: NotebookNode, parameters: Mapping[str, str]) -> str:
    """A cell's source; one that declares parameters sets them to these.

    Of a path its last part is shown: where a folder stood on this machine is nobody's business.
    """
    source: str = cell.source
    if "parameters" not in cell.metadata.get("tags", []):
        return source
    for name, value in parameters.items():
        last = Path(value).name.encode("utf-8", "backslashreplace").decode()  # of any bytes
        shown = json.dumps(last, ensure_ascii=False)
        given = re.search(rf"""^{name} *= *("[^"\n]*"|'[^'\n]*')""", source, re.MULTILINE)
        if given is not None:
            source = source[: given.start(1)] + shown + source[given.end(1) :]
    return source


def _reduced_output(output: NotebookNode) -> dict[str, Any] | None:
    if output.output_type == "stream":
        if output.name != "stdout":
            return None
        return {"output_type": "stream", "name": "stdout", "text": output.text}
    for kind in KEPT:
        if kind in output.get("data", {}):
            return {
                "output_type": "display_data",
                "data": {kind: output.data[kind]},
                "metadata": {"alt": output.metadata.get(kind, {}).get("alt", "")},
            }
    return None


def _line(traceback: str, source: str) -> int | None:
    """The line of a cell in which it went wrong; IPython counts from the first with a text."""
    found = re.search(r"^\s*Cell In\[\d+\], line (\d+)", _plain(traceback), re.MULTILINE)
    blank = source[: len(source) - len(source.lstrip())].count("\n")
    return int(found[1]) + blank if found else None


def _plain(text: str) -> str:
    """Text without a terminal's colour codes."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
