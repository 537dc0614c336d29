"""How many kernels can run side by side on this machine as it is now."""

from __future__ import annotations

import math
import os
import re
from contextlib import suppress
from pathlib import Path

from analysis_helpers.report.errors import BuildError

# Measured: a kernel takes 22 open files in the process of the build, which has a few more itself
# while the first one starts; with pandas and matplotlib drawn on, it has 110 MB of its own.
FILES_A_KERNEL, FILES_TO_SPARE = 24, 24
MEMORY_A_KERNEL = 160_000_000


def side_by_side(processors: int, open_files: float, memory: float) -> int:
    """How many kernels may run at once: two a processor, as far as files and memory allow.

    While one starts or ends, others have work. `open_files`: how many more this process may open;
    `memory`: how many bytes are to be had. Raises BuildError where the files are too few for one.
    """
    by_files = (open_files - FILES_TO_SPARE) // FILES_A_KERNEL
    if by_files < 1:
        raise BuildError(
            f"this process may open {max(open_files, 0):.0f} more files, and a kernel needs "
            f"{FILES_A_KERNEL + FILES_TO_SPARE}: raise the limit (ulimit -n 256)"
        )
    return int(max(1, min(2 * processors, by_files, memory // MEMORY_A_KERNEL)))


def kernels_side_by_side() -> int:
    """The same for this process, now."""
    return side_by_side(os.cpu_count() or 1, _open_files_left(), _memory_left())


def kernels_to_keep(wanted: int) -> int:
    """As many of these as files and memory allow to wait, beside those that run."""
    with suppress(BuildError):
        return side_by_side(wanted, _open_files_left(), _memory_left())
    return 0


def _open_files_left() -> float:
    try:
        import resource
    except ImportError:  # Windows
        return math.inf
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return math.inf
    for folder in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):
            return limit - len(list(Path(folder).iterdir()))
    return limit - 32


def _memory_left() -> float:
    """What the system, and a container around this process, have to give."""
    left = [math.inf]
    with suppress(OSError, AttributeError, TypeError):
        found = re.search(r"^MemAvailable: +(\d+) kB$", Path("/proc/meminfo").read_text(), re.M)
        left.append(1024 * int(found[1]))  # type: ignore[index]
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        (
            "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        ),
    ):
        with suppress(OSError, ValueError):  # ValueError: "max"
            left.append(int(Path(limit).read_text()) - int(Path(used).read_text()))
    return max(0, min(left))
