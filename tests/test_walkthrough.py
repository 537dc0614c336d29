"""A new user follows the README, command by command."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "notebooks", tmp_path / "notebooks")
    shutil.copy(PROJECT / "README.md", tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def commands(heading: str) -> list[list[str]]:
    """The commands of the first block below a heading of the README."""
    block = re.search(rf"^## {heading}$.*?^```sh$(.*?)^```$", README, re.DOTALL | re.MULTILINE)[1]
    lines = (shlex.split(line, comments=True) for line in block.splitlines())
    return [line for line in lines if line]


def follow(command: list[str], folder: Path) -> str:
    assert command[0] == ".venv/bin/analysis-helpers"
    done = subprocess.run(
        [sys.executable, "-m", "analysis_helpers", *command[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.soak
def test_the_example_becomes_a_report_and_a_filled_in_table_another(project: Path) -> None:
    new, check, build = commands("Use it for your own article")

    follow(new, project)
    assert sorted(path.name for path in (project / "data/mine").iterdir()) == [
        *["authors.csv", "claims.schema.json", "claims.toml"],
        *["cohort.schema.json", "cohort.toml", "events.csv", "glossary.csv"],
    ]  # fmt: skip
    assert "supported     two-left" in follow(check, project)
    assert "reports/mine/index.html is up to date." in follow(build, project)
    page = project / "reports/mine/index.html"
    assert "Two of the three authors had left Example Labs by May 2025" in page.read_text(
        encoding="utf-8"
    )

    table = project / "data/mine/authors.csv"
    rows = table.read_text(encoding="utf-8")
    table.write_text(
        rows + "Dora Example,,Director,Sample AI,March 2025,a year and a half,line 30\n",
        encoding="utf-8",
    )
    follow(build, project)
    assert "Three of the four authors had left Example Labs by May 2025" in page.read_text(
        encoding="utf-8"
    )
    claims = json.loads((project / "reports/mine/claims.json").read_text(encoding="utf-8"))
    assert {claim["id"]: claim["verdict"] for claim in claims}["two-left"] == "contradicted"

    follow([*build, "--lang", "he"], project)
    hebrew = (project / "reports/mine/he/index.html").read_text(encoding="utf-8")
    assert "שלושה מארבעת המחברים עזבו את " in hebrew


def test_the_setting_up_is_what_the_makefile_does() -> None:
    assert [command[:2] for command in commands("Run it")] == [["make", "report"], ["make", "test"]]
    makefile = (PROJECT / "Makefile").read_text()
    named = set(re.findall(r"`make (\w+)`|^make (\w+)", README, re.MULTILINE))
    for target in {"".join(pair) for pair in named}:
        assert re.search(rf"^{target}: ", makefile, re.MULTILINE), target
