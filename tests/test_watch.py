"""`watch` in a real browser: an edit, a mistake, its correction, and where the reader was."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from project import copied, until

pytestmark = pytest.mark.soak
SECONDS = 60


class Watched:
    """`watch` on a copy of the project, in a process of its own."""

    def __init__(self, project: Path, log: Path) -> None:
        self.project, self.log = project, log
        self.table = project / "data" / "llama" / "authors.csv"
        self.rows = self.table.read_text(encoding="utf-8")
        command = [sys.executable, "-m", "analysis_helpers", "watch", "--notebooks", "notebooks"]
        with log.open("w") as file:
            self.process = subprocess.Popen(command, cwd=project, stdout=file, stderr=file)
        until(lambda: "http://" in self.said())
        self.address = re.search(r"http://127\.0\.0\.1:\d+/", self.said())[0]
        until(lambda: "up to date" in self.said())

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def builds(self) -> int:
        return self.said().count("up to date")

    def edit(self, old: str, new: str) -> None:
        assert old in self.rows
        self.table.write_text(self.rows.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watch")
    made = Watched(copied(folder / "project"), folder / "log")
    yield made
    made.process.kill()
    made.process.wait()


PLACE = "() => [scrollX, scrollY]"
EMPLOYER, TENURE = "Kyutai", "7 שנים, 2 חודשים"  # of one author; no claim names the employer


def shows(page: Any, text: str) -> None:
    page.wait_for_function("text => document.body.textContent.includes(text)", arg=text)


@pytest.fixture
def page(browser: Any, watched: Watched) -> Iterator[Any]:
    watched.edit("", "")
    watched_page = browser.new_page(viewport={"width": 1000, "height": 700})
    watched_page.set_default_timeout(1000 * SECONDS)
    problems: list[str] = []
    watched_page.on("pageerror", lambda error: problems.append(str(error)))
    watched_page.on("console", lambda said: problems.append(said.text))
    watched_page.goto(watched.address)
    shows(watched_page, EMPLOYER)
    yield watched_page
    assert problems == []
    watched_page.close()


def test_an_edit_is_on_the_page_and_the_reader_where_they_were(page: Any, watched: Watched) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each, n) => each.open = n % 2)")
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    place = page.evaluate(PLACE)
    opened = page.evaluate("[...document.querySelectorAll('details')].map(each => each.open)")
    assert place[1] > 1000
    assert True in opened

    watched.edit(EMPLOYER, "Another Employer")
    shows(page, "Another Employer")

    assert page.evaluate(PLACE) == place
    assert opened == page.evaluate(
        "[...document.querySelectorAll('details')].map(each => each.open)"
    )


def test_a_changed_notebook_is_on_the_page(page: Any, watched: Watched) -> None:
    path = watched.project / "notebooks" / "04_tenure.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][2]["source"] = ["A sentence that was not there before."]
    assert notebook["cells"][2]["cell_type"] == "markdown"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    shows(page, "A sentence that was not there before.")


def test_a_mistake_is_said_beside_the_last_good_report_and_goes_away(
    page: Any, watched: Watched
) -> None:
    page.evaluate("scrollTo(0, 900)")
    before = page.inner_text("main")
    watched.edit(TENURE, "6 yeers")
    notice = page.get_by_role("alert")
    notice.wait_for()
    assert re.search(
        r'authors\.csv, (line|row) \d+.*tenure: cannot read "6 yeers"', notice.inner_text()
    )
    assert page.inner_text("main") == before
    assert page.evaluate(PLACE) == [0, 900]

    watched.edit("", "")
    notice.wait_for(state="detached")
    assert page.inner_text("main") == before


def test_twenty_saves_in_a_second_make_at_most_two_builds(page: Any, watched: Watched) -> None:
    until(lambda: "cannot read" not in watched.said().splitlines()[-1])
    time.sleep(3)
    before = watched.builds()
    for letter in "ABCDEFGHIJKLMNOPQRST":
        watched.edit(EMPLOYER, f"Employer {letter}.")
        time.sleep(0.05)
    shows(page, "Employer T.")
    time.sleep(5)
    assert watched.builds() - before <= 2


def test_a_reader_in_another_chapter_hears_of_it_too(page: Any, watched: Watched) -> None:
    page.goto(f"{watched.address}07_data.html")
    watched.edit(EMPLOYER, "A Third Employer")
    shows(page, "A Third Employer")


def test_nothing_is_made_without_a_change_and_nothing_is_published(watched: Watched) -> None:
    watched.edit(EMPLOYER, "A Fourth Employer")

    def served() -> str:
        with urllib.request.urlopen(watched.address) as page:
            return page.read().decode()

    until(lambda: "A Fourth Employer" in served())
    time.sleep(2)
    before = watched.said()
    time.sleep(10)
    assert watched.said() == before
    assert {path.name for path in watched.project.iterdir()} == {"notebooks", "data", "README.md"}


def test_a_page_says_when_it_is_left_alone_and_nothing_stays_behind(
    page: Any, watched: Watched
) -> None:
    processes = psutil.Process(watched.process.pid).children(recursive=True)
    assert processes
    watched.process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
    assert watched.process.wait(timeout=SECONDS) == 0
    page.get_by_text("This page is no longer kept up to date").wait_for()
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert alive == []
    assert "Traceback" not in watched.said()
