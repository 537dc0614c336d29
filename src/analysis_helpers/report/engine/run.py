"""Run notebooks side by side, each in a kernel of its own."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from analysis_helpers.report.engine.capacity import kernels_side_by_side
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
    return asyncio.run(_run_all(notebooks, parameters, folder, scratch, tell))


async def _run_all(
    notebooks: Mapping[Job, bytes],
    parameters: Mapping[str, str],
    folder: Path,
    scratch: Path,
    tell: Tell,
) -> dict[Job, Notebook]:
    places = asyncio.Semaphore(kernels_side_by_side())

    async def one(job: Job, notebook: NotebookNode) -> Notebook:
        async with places:
            return await _run_one(job, notebook, parameters, folder, scratch, tell)

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
    folder: Path,
    scratch: Path,
    tell: Tell,
) -> Notebook:
    language, stem = job
    total = len(_code(notebook))
    notebook = _parameterised(notebook, {**parameters, "language": language})
    number, source = 0, ""
    try:
        async with _kernel(notebook, folder, scratch, f"{language}-{stem}") as client:
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
    return _reduced(notebook)


def _step(job: Job) -> str:
    language, stem = job
    return stem if language == "en" else f"{language}/{stem}"


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@asynccontextmanager
async def _kernel(
    notebook: NotebookNode, folder: Path, scratch: Path, name: str
) -> AsyncIterator[NotebookClient]:
    """A client of a kernel that has answered; both end with the block.

    Where sockets have to be TCP ports, another program may take one between its choice and its use:
    the kernel is started again then.
    """
    for start in range(1, STARTS + 1):
        kernel = manager(scratch, name)
        client = NotebookClient(
            notebook,
            km=kernel,
            timeout=CELL_SECONDS,
            record_timing=False,
            coalesce_streams=True,
        )
        try:
            try:
                await client.async_start_new_kernel(cwd=str(folder))
                client.kc = kernel.client()
                client.kc.allow_stdin = False
                # The manager knows whether its process lives. A heartbeat that is stopped before
                # its thread runs would never end.
                client.kc.start_channels(hb=False)
                await _answer(client.kc, kernel)
            except RuntimeError:
                if kernel.transport == "tcp" and start < STARTS and not _is_cancelled():
                    continue
                raise
            yield client
            return
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
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


def _reduced(notebook: NotebookNode) -> Notebook:
    """Only what a page shows: no injected cell, no counts, no output that it cannot show.

    What a notebook writes to stderr is for whoever runs it, and names paths of this machine.
    """
    cells = []
    for cell in notebook.cells:
        if _is_injected(cell):
            continue
        tags = [tag for tag in cell.metadata.get("tags", []) if tag in (ARITHMETIC, MASTHEAD)]
        kept = {
            "cell_type": cell.cell_type,
            "source": cell.source,
            "metadata": {"tags": tags} if tags else {},
        }
        if cell.cell_type == "code":
            kept["execution_count"] = None
            kept["outputs"] = [
                out for each in cell.outputs if (out := _reduced_output(each)) is not None
            ]
        cells.append(kept)
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


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
