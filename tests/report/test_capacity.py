"""How many kernels run at once, worked out by hand and tried with few files."""

from __future__ import annotations

import math

import pytest

from analysis_helpers.report import BuildError
from analysis_helpers.report.engine.capacity import kernels_side_by_side, side_by_side

from .samples import ONE, Project


@pytest.mark.parametrize(
    ("processors", "open_files", "memory", "kernels"),
    [
        (2, 1000, 1e12, 4),
        (1, math.inf, math.inf, 2),
        (16, 249, 1e12, 9),  # 249 - 24 = 225 = 9 * 24 + 9
        (16, 48, 1e12, 1),
        (16, 1000, 800_000_000, 5),
        (16, 1000, 0, 1),
    ],
)
def test_as_many_as_processors_files_and_memory_allow(
    processors: int, open_files: float, memory: float, kernels: int
) -> None:
    assert side_by_side(processors, open_files, memory) == kernels


def test_too_few_files_for_one_kernel_are_told_beforehand() -> None:
    with pytest.raises(BuildError, match=r"may open 47 more files, and a kernel needs 48"):
        side_by_side(2, 47, 1e12)


def test_this_machine_runs_at_least_one() -> None:
    assert kernels_side_by_side() >= 1


def test_both_editions_build_with_256_open_files_and_16_processors(project: Project) -> None:
    for number in range(3, 13):
        project.write(f"{number:02d}_more", ONE.replace(b"First", b"Another"))
    few = (
        "import os, resource\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))\n"
        "os.cpu_count = lambda: 16\n"
    )
    process = project.build_elsewhere(few, languages=["en", "he"])
    output, errors = process.communicate(timeout=120)

    assert (process.returncode, errors) == (0, "")
    assert "he/12_more" in output
    assert "he/12_more.html" in project.files()
