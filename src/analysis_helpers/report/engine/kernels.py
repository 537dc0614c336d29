"""Kernels that start at once: a kernel provisioner, Jupyter's own extension point.

Each kernel is a fresh process, forked from one that has made the heavy imports.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from analysis_helpers.report.engine import fork

_NAME = "analysis-helpers-forked"


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel by forking; everything else is as for any local process."""

    process: Any

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401
        arguments = cmd[cmd.index("-f") :]
        self.cwd = kwargs.get("cwd") or Path.cwd()
        process = fork.process(_be_kernel, arguments, kwargs["env"], str(self.cwd))
        self.process = _Process(process)
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for its end: seen at once, where a local process is looked at ten times a second."""
        while await self.poll() is None:
            await asyncio.sleep(0.005)
        return await super().wait()


class _Process:
    """A process of multiprocessing, in the words of subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self.poll()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid or 0, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _be_kernel(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """What the forked process does: become a kernel, and end with it."""
    os.setsid()
    fork.end_with_parent()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)

    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=arguments)


class _OneKernel(KernelSpecManager):
    """This very Python, whatever kernels the machine lists and however its user set them up."""

    settings = ""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002
        provisioner = {"kernel_provisioner": {"provisioner_name": _NAME}} if fork.can_fork() else {}
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            env=fork.ENVIRONMENT | {"IPYTHONDIR": self.settings},
            display_name="Python",
            language="python",
            metadata=provisioner,
        )


def manager(folder: Path, name: str) -> AsyncKernelManager:
    """A manager of one kernel, whose connection file and sockets are put into `folder`."""
    specs = _OneKernel()
    specs.settings = str(folder / f"{name}-ipython")
    connection_file = folder / f"{name}.json"
    if _sockets_fit(connection_file):
        where = {"transport": "ipc", "ip": str(connection_file.with_suffix(""))}
    else:
        where = {"transport": "tcp", "ip": "127.0.0.1"}
    return AsyncKernelManager(
        kernel_spec_manager=specs, connection_file=str(connection_file), **where
    )


def _sockets_fit(path: Path) -> bool:
    """Whether this file system and the length of this path allow for sockets."""
    probe = path.with_name(path.stem + "-probe")
    try:
        with socket.socket(socket.AF_UNIX) as trial:
            trial.bind(str(probe))
    except (AttributeError, OSError):
        return False
    probe.unlink()
    return True
