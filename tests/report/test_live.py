"""A report that is served, and kept up to date while its files change."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analysis_helpers.report.live import watch as watching
from analysis_helpers.report.live.serve import Server, Site, live
from analysis_helpers.report.live.watch import Builder, Watcher
from project import until

from .samples import Project, notebook

# --- what is served


POLICY = "default-src 'none'; style-src 'unsafe-inline'"
PAGE = (
    '<html><head><meta http-equiv="Content-Security-Policy" content="'
    + POLICY
    + '"></head><body>The </body> of a page</body></html>'
).encode()
FILES = {"index.html": PAGE, "claims.json": b"[]", "figures/a.svg": b"<svg/>", "he/x.html": PAGE}


@pytest.fixture
def site() -> Site:
    made = Site("index.html")
    made.show(FILES)
    return made


@pytest.fixture
def get(site: Site) -> Iterator[Callable[..., tuple[int, dict[str, str], bytes]]]:
    server = Server(site)
    server.start()

    def ask(path: str, host: str = "", method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
        connection.request(method, path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return found

    yield ask
    server.stop()


def published(page: bytes) -> bytes:
    """A served page without what reloads it."""
    text = re.sub(r"script-src 'sha256-[^']+'; connect-src 'self'; ", "", page.decode())
    return re.sub(r'<script data-version="\d+">.*?</script>', "", text, flags=re.DOTALL).encode()


def test_a_served_page_differs_from_the_published_one_in_what_reloads_it() -> None:
    served = live(PAGE, 7).decode()

    assert published(served.encode()) == PAGE
    policy = re.search(r'content="([^"]*)"', served)[1]
    version, script = re.search(
        r'<script data-version="(\d+)">(.*?)</script>', served, re.S
    ).groups()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert version == "7"
    assert policy == (
        f"script-src 'sha256-{digest}'; connect-src 'self'; default-src 'none'; "
        "style-src 'unsafe-inline'"
    )
    assert served.endswith("</script></body></html>")


def test_files_are_served_as_they_are_published(get: Callable[..., tuple]) -> None:
    status, headers, body = get("/")
    assert (status, published(body)) == (200, PAGE)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert get("/index.html")[2] == body
    assert published(get("/he/x.html")[2]) == PAGE
    assert get("/claims.json")[2] == b"[]"
    assert get("/figures/a.svg")[1]["Content-Type"].startswith("image/svg+xml")
    assert get("/figures/../claims.json")[0] == 404
    assert get("/nothing")[0] == 404
    status, headers, body = get("/claims.json", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, "2", b"")


def test_a_name_that_leads_here_from_elsewhere_gets_nothing(get: Callable[..., tuple]) -> None:
    assert get("/", host="evil.example")[0] == 403
    assert get("/-/events", host="evil.example:80")[0] == 403


def test_the_bare_address_leads_to_an_edition_that_stands_below() -> None:
    site = Site("he/index.html")
    server = Server(site)
    server.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Location")) == (302, "/he/index.html")
    finally:
        server.stop()
    assert b"The report is being made" in site.page("he/index.html")
    assert site.page("index.html") is None


def test_browsers_hear_of_another_report_and_of_what_is_wrong() -> None:
    site = Site("index.html")
    heard = [site.state("", 5)]
    site.show(FILES)
    heard.append(site.state(heard[-1], 5))
    site.show(dict(FILES))
    assert site.state(heard[-1], 0) == heard[-1]  # the same bytes are no news
    site.tell("authors.csv, line 3: no")
    heard.append(site.state(heard[-1], 5))
    assert site.page("index.html") == live(PAGE, 1)  # the last good report stays
    site.show(dict(FILES))
    heard.append(site.state(heard[-1], 5))
    assert [tuple(json.loads(each).values()) for each in heard] == [
        (0, ""), (1, ""), (1, "authors.csv, line 3: no"), (1, ""),
    ]  # fmt: skip


# --- what is noticed


@pytest.fixture
def noticed(tmp_path: Path) -> Iterator[tuple[Path, list[float]]]:
    """A cohort's folder, and when a change was told."""
    folder = tmp_path / "team"
    folder.mkdir()
    (folder / "cohort.toml").write_text("")
    told: list[float] = []
    watcher = Watcher(lambda: [folder], lambda: told.append(time.monotonic()))
    watcher.start()
    time.sleep(0.5)
    yield folder, told
    watcher.stop()


def test_a_change_is_told_at_once_and_nothing_else_is(noticed: tuple[Path, list[float]]) -> None:
    folder, told = noticed
    for name in ("notes.txt", ".authors.csv.swp", "authors.csv~", "report.html"):
        (folder / name).write_text("nobody reads that")
    (folder / "cohort.toml").read_text()
    time.sleep(0.5)
    assert told == []
    (folder / "authors.csv").write_text("name")
    until(lambda: told, 5)
    told.clear()
    (folder / "new").write_text("name")
    (folder / "new").rename(folder / "authors.csv")  # how many editors save
    until(lambda: told, 5)


def test_a_folder_that_was_replaced_is_watched_again(noticed: tuple[Path, list[float]]) -> None:
    folder, told = noticed
    shutil.rmtree(folder)
    until(lambda: told, 10)
    folder.mkdir()
    (folder / "cohort.toml").write_text("")
    time.sleep(2.5)
    told.clear()
    (folder / "claims.toml").write_text("")
    until(lambda: told, 5)


# --- what is made


class Watched:
    """A project whose report is kept up to date in a thread."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project, self.said, self.complaints = project, [], []
        self.site = Site("index.html")
        folder.mkdir()
        self.builder = Builder(
            project.cohort, project.notebooks, ["en"], folder, self.site,
            self.said.append, self.complaints.append,
        )  # fmt: skip
        self.builds = 0
        make = self.builder._make

        def counted() -> str | None:
            self.builds += 1
            return make()

        self.builder._make = counted
        self.watcher = Watcher(lambda: [project.cohort, project.notebooks], self.builder.changed)
        self.watcher.start()
        self._ended = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        until(lambda: "left" in self.page("02_two"))

    def _run(self) -> None:
        while not self._ended:
            self.builder.turn()

    def page(self, stem: str) -> str:
        return (self.site.page(f"{stem}.html") or b"").decode()

    def problem(self) -> str:
        return json.loads(self.site.state("", 0))["problem"]

    def end(self) -> None:
        self.watcher.stop()
        self._ended = True
        self.builder.changed()
        self._thread.join()
        self.builder.close()


@pytest.fixture
def watched(project: Project, tmp_path: Path) -> Iterator[Watched]:
    made = Watched(project, tmp_path / "made here")
    yield made
    made.end()


def test_what_changes_is_on_the_page(watched: Watched) -> None:
    watched.project.claims("Nobody has left.,contradicted")
    until(lambda: "Nobody has left" in watched.page("02_two"))
    watched.project.write("01_one", notebook("# First?", ">>> print('another one')"))
    until(lambda: "another one" in watched.page("index"))
    assert not watched.project.out.exists()


def test_the_served_report_is_the_published_one(watched: Watched) -> None:
    watched.project.claims("Nobody has left.,contradicted")
    until(lambda: "Nobody has left" in watched.page("02_two"))
    watched.project.build(force=True)

    files = {name: text for name, text in watched.project.files().items() if name != "SHA256SUMS"}
    served = {name: watched.site.page(name) for name in files}
    assert {name: published(page) for name, page in served.items() if ".html" in name} == {
        name: page for name, page in files.items() if ".html" in name
    }
    assert all(served[name] == files[name] for name in files if ".html" not in name)


def test_a_problem_is_shown_with_its_place_and_the_last_good_report_stays(
    watched: Watched,
) -> None:
    before = watched.page("index")
    watched.project.write("02_two", notebook("# Second?", ">>> x = 1\n\nx / 0"))
    until(watched.problem)
    assert watched.problem() == (
        "02_two.ipynb, code cell 2, line 3: ZeroDivisionError: division by zero\n  The line: x / 0"
    )
    assert watched.page("index") == before
    watched.project.claims("no verdict")
    until(lambda: watched.problem().startswith("row 0: no verdict"))
    watched.project.claims("Fine.,supported")
    until(lambda: "ZeroDivisionError" in watched.problem())
    watched.project.write("02_two", notebook("# Second?", ">>> print('mended')"))
    until(lambda: not watched.problem())
    assert "mended" in watched.page("index")


def test_what_is_not_there_for_a_while_is_a_problem_for_a_while(watched: Watched) -> None:
    away = watched.project.notebooks.rename(watched.project.root / "away")
    until(lambda: "holds no notebook" in watched.problem())
    away.rename(watched.project.notebooks)
    until(lambda: not watched.problem())


def test_the_latest_edit_wins_over_one_that_is_still_running(
    watched: Watched, tmp_path: Path
) -> None:
    mark = tmp_path / "runs"
    code = f">>> import pathlib, time\npathlib.Path({str(mark)!r}).touch()\ntime.sleep(600)"
    watched.project.write("02_two", notebook("# Second?", code))
    until(mark.exists)
    watched.project.write("02_two", notebook("# Second?", ">>> print('the latest')"))
    until(lambda: "the latest" in watched.page("index"))


def test_twenty_saves_in_a_second_make_at_most_two_builds(watched: Watched) -> None:
    until(lambda: watched.said)
    time.sleep(watching.SOON)
    before = watched.builds
    for number in range(20):
        watched.project.claims(f"{number} have left.,supported")
        time.sleep(0.05)
    until(lambda: "19 have left" in watched.page("02_two"))
    time.sleep(1)
    assert watched.builds - before <= 2


def test_a_change_and_back_again_is_no_other_report(watched: Watched) -> None:
    before, text = watched.page("02_two"), (watched.project.cohort / "claims.toml").read_text()
    for number in range(5):
        (watched.project.cohort / "claims.toml").write_text(f"{number}.,supported")
    (watched.project.cohort / "claims.toml").write_text(text)
    time.sleep(3)
    assert (watched.page("02_two"), watched.problem()) == (before, "")


def test_without_a_change_nothing_is_made(watched: Watched) -> None:
    until(lambda: watched.said)
    time.sleep(0.5)
    before = watched.builds
    for path in watched.project.notebooks.iterdir():
        path.read_bytes()
    time.sleep(3)
    assert watched.builds == before
    (watched.project.cohort / "claims.toml").touch()  # saved as it was
    time.sleep(2)
    assert len(watched.said) == 1


@pytest.mark.soak
def test_a_long_day_costs_no_open_files(watched: Watched) -> None:
    def turn(number: int) -> int:
        watched.project.write("01_one", notebook("# First?", f">>> print('turn {number}.')"))
        until(lambda: f"turn {number}." in watched.page("index"))
        time.sleep(0.6)
        return len(list(Path("/proc/self/fd").iterdir()))

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not list open files")
    after_some = [turn(number) for number in range(4)][-1]
    after_more = [turn(number) for number in range(4, 12)][-1]
    assert after_more <= after_some + 30  # a kernel or two may still be on its way
