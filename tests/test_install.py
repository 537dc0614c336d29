"""From the wheel to a report: in a new environment and an empty folder, outside the project."""

from __future__ import annotations

import datetime
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from project import CHAPTERS, PROJECT, until
from test_intake import ADA, AMERICAN, fill_in, workbook

pytestmark = pytest.mark.soak
PAGE = (PROJECT / "docs" / "package.md").read_text(encoding="utf-8")
"""What a package page says."""

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
TRAP = {
    "cells": [
        {
            "cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [],
            "source": ["open('it ran', 'w').close()"],
        }
    ],
    "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
}  # fmt: skip


def done(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, **options
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result


@pytest.fixture(scope="session")
def wheel(made_once: Callable[..., Path]) -> Path:
    def make(folder: Path) -> None:
        done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=PROJECT)

    (made,) = made_once("wheel", make).glob("*.whl")
    return made


@pytest.fixture(scope="session")
def scripts(made_once: Callable[..., Path], wheel: Path) -> Path:
    """Where the commands of a new environment are, which holds the wheel and what the lock pins."""

    def make(folder: Path) -> None:
        uv, python = [sys.executable, "-m", "uv"], ["--python", folder / "venv"]
        done(*uv, "venv", "--python", sys.executable, folder / "venv")
        lock = PROJECT / "requirements.lock"
        done(*uv, "pip", "install", *python, "--require-hashes", "-r", lock)
        done(*uv, "pip", "install", *python, "--no-deps", wheel)
        done(*uv, "pip", "check", *python)

    return made_once("environment", make) / "venv" / "bin"


class Newcomer:
    """Somebody who has the installed package, an empty folder and a home of their own."""

    def __init__(self, scripts: Path, folder: Path) -> None:
        self.scripts, self.folder, self.home = scripts, folder / "work", folder / "home"
        self.folder.mkdir()
        self.home.mkdir()
        ours = ("PYTHON", "ANALYSIS_HELPERS", "XDG_", "JUPYTER", "IPYTHON", "MPL", "VIRTUAL_ENV")
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(ours)
        } | {
            "HOME": str(self.home),
            "PATH": os.pathsep.join([str(scripts), os.environ["PATH"]]),
        }

    def run(self, *command: str | Path) -> str:
        """What a command prints; it is one of the new environment."""
        first, *arguments = command
        where = {"cwd": self.folder, "env": self.environment}
        return done(self.scripts / first, *arguments, **where).stdout

    def files(self) -> set[str]:
        return {
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def newcomer(scripts: Path, tmp_path: Path) -> Newcomer:
    return Newcomer(scripts, tmp_path)


def published(report: Path) -> set[str]:
    """The files that a report's own list names, and the list."""
    lines = (report / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {line.split("  ", 1)[1] for line in lines} | {"SHA256SUMS"}


COHORT = {f"mine/{name}" for name in (
    "authors.csv", "claims.schema.json", "claims.toml", "cohort.schema.json", "cohort.toml",
    "events.csv", "glossary.csv",
)}  # fmt: skip


def named(printed: str) -> set[str]:
    """The files that `new` says it wrote."""
    return set(re.findall(r"^mine/[\w.]+$", printed, re.MULTILINE))


def commands(text: str) -> dict[str, list[str]]:
    """The commands of the package page's first block, by what they do."""
    block = re.search(r"^```sh$(.*?)^```$", text, re.DOTALL | re.MULTILINE)[1]
    lines = [shlex.split(line, comments=True) for line in block.splitlines() if line]
    return {("from" if "--from" in line else line[1]): line for line in lines}


def test_a_wheel_becomes_a_report_as_the_package_page_says(newcomer: Newcomer) -> None:
    trap = newcomer.folder / "notebooks" / "01_trap.ipynb"
    trap.parent.mkdir()
    trap.write_text(json.dumps(TRAP), encoding="utf-8")
    said = commands(PAGE)
    assert said["install"] == ["pip", "install", "analysis-helpers"]

    assert named(newcomer.run(*said["new"])) == COHORT
    assert newcomer.files() == {"notebooks/01_trap.ipynb"} | COHORT
    assert "supported     two-left" in newcomer.run(*said["check"])
    assert "reports/mine/index.html is up to date." in newcomer.run(*said["build"])
    report = newcomer.folder / "reports" / "mine"
    assert "Two of the three authors had left Example Labs by May 2025" in (
        report / "index.html"
    ).read_text(encoding="utf-8")
    python = re.search(r"^```python$(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[1]
    newcomer.run("python", "-c", python)

    # What lay there was not run, and nothing is there that was not announced.
    assert newcomer.files() == (
        {"notebooks/01_trap.ipynb", "timeline.png"}
        | COHORT
        | {f"reports/mine/{name}" for name in published(report)}
    )
    chapters = {path.stem for path in report.glob("[0-9]*.html")}
    assert chapters == set(CHAPTERS) - {"05_unusual"}  # that one is for who compares
    assert not any(newcomer.home.rglob("it ran"))
    if sys.platform == "linux":
        assert {path.name for path in newcomer.home.iterdir()} <= {".cache", ".config"}
        assert any((newcomer.home / ".cache" / "analysis-helpers").rglob("*"))


def test_a_spreadsheet_becomes_a_report_too(newcomer: Newcomer) -> None:
    left = datetime.datetime(2024, 3, 18)
    rows = [
        AMERICAN,
        ADA,
        [None] * 7,
        ["Ben Smith", None, "Editor", "Birch", left, "3 years", "line 5"],
        ["Cleo Park", "Designer", None, None, None, None, "line 6"],
    ]
    workbook(newcomer.folder / "team.xlsx", Team=rows)
    said = commands(PAGE)
    assert named(newcomer.run(*said["from"])) == COHORT
    assert newcomer.files() == {"team.xlsx"} | COHORT
    fill_in(newcomer.folder / "mine")
    newcomer.run(*said["check"])
    newcomer.run(*said["build"])
    report = newcomer.folder / "reports" / "mine"
    page = (report / "index.html").read_text(encoding="utf-8")
    assert "Two of the three authors had left Initech by May 2025" in page
    table = (report / "data" / "authors.csv").read_text(encoding="utf-8")
    assert re.search(r"^Ben Smith,.*,2024-03,2024-03,", table, re.MULTILINE)
    assert newcomer.files() == (
        {"team.xlsx"} | COHORT | {f"reports/mine/{name}" for name in published(report)}
    )


@pytest.fixture
def watching(newcomer: Newcomer) -> Iterator[tuple[Newcomer, subprocess.Popen, Path]]:
    said = commands(PAGE)
    newcomer.run(*said["new"])
    log = newcomer.folder.parent / "log"
    first, *arguments = said["watch"]
    with log.open("w") as file:
        process = subprocess.Popen(
            [newcomer.scripts / first, *arguments],
            cwd=newcomer.folder, env=newcomer.environment, stdout=file, stderr=file,
        )  # fmt: skip
    yield newcomer, process, log
    process.kill()
    process.wait()


def test_the_report_can_be_watched_while_the_files_are_filled_in(
    watching: tuple[Newcomer, subprocess.Popen, Path],
) -> None:
    newcomer, process, log = watching
    until(lambda: "up to date" in log.read_text())
    address = re.search(r"http://127\.0\.0\.1:\d+/", log.read_text())[0]

    def served() -> str:
        with urllib.request.urlopen(address) as page:
            return page.read().decode()

    assert "Two of the three authors had left Example Labs by May 2025" in served()
    table = newcomer.folder / "mine" / "authors.csv"
    with table.open("a", encoding="utf-8") as file:
        file.write("Dora Example,,Director,Sample AI,March 2025,a year and a half,line 30\n")
    until(lambda: "Three of the four authors had left Example Labs by May 2025" in served())

    kernels = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert psutil.wait_procs(kernels, timeout=10)[1] == []
    assert "Traceback" not in log.read_text()
    assert newcomer.files() == COHORT


def test_the_wheel_holds_the_notebooks_and_licences_and_no_team(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    held = {name for name in names if name.endswith(".ipynb")}
    assert held == {f"analysis_helpers/notebooks/{path.name}" for path in NOTEBOOKS}
    licences = {Path(name).name for name in names if ".dist-info/licenses/" in name}
    assert {"LICENSE", "LICENSE-Heebo.txt"} <= licences
    assert {"analysis_helpers/py.typed", "analysis_helpers/locale/he.po"} <= set(names)
    assert not [name for name in names if re.search("llama|tests/|reports/", name)]
