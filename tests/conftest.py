"""What the tests share: a builder of cohort folders."""

from __future__ import annotations

import csv
import fcntl
import gc
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from project import copied, started

# Whatever process a test starts, in whatever folder, runs the code beside the tests.
os.environ["PYTHONPATH"] = str(Path(__file__).parents[1] / "src")

COLUMNS = ("name", "role_then", "role_now", "organisation", "departed", "tenure", "source")
TEAM = (
    {"name": "Ada", "role_then": "Engineer", "role_now": "Chief engineer"},
    {"name": "Ben", "organisation": "Acme", "departed": "2023-03", "tenure": "2 years, 1 month"},
    {"name": "Cleo", "organisation": "Birch", "departed": "early 2024", "tenure": "4 years"},
)


def pytest_xdist_auto_num_workers() -> int:
    """Half of the time tests wait: for browsers, and for what they have started."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


def pytest_collection_finish() -> None:
    """No search for garbage goes through what all tests need, nor starts every few objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)


def _toml(value: Any) -> str:
    """A value as TOML writes it; for texts and numbers that is how JSON does."""
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, Mapping):
        pairs = (f"{_toml(key)} = {_toml(held)}" for key, held in value.items())
        return "{ " + ", ".join(pairs) + " }"
    return json.dumps(value, ensure_ascii=False)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def write_cohort(
    parent: Path,
    authors: Iterable[Mapping[str, str]] = TEAM,
    claims: str | Iterable[Mapping[str, Any]] | None = None,
    *,
    language: str = "en",
    as_of: str = "2025-05",
    published: str = "2023-02-27",
    company: str = "Initech",
    events: Iterable[Sequence[str]] | None = None,
    glossary: Mapping[str, str] | None = None,
    name: str = "team",
    title: str = "The team",
    compare_with: Sequence[str] | None = None,
) -> Path:
    """A cohort folder `name` in `parent`.

    An author is a dict of the columns that matter; the source is a line unless given. A claim is a
    dict of its keys, or all of them are the text of claims.toml. An event is a date, a label and a
    source. A file whose content is not given is not written.
    """
    folder = parent / name
    folder.mkdir(parents=True)
    (folder / "cohort.toml").write_text(
        f"title = {_toml(title)}\ncompany = {_toml(company)}\n"
        + ("" if compare_with is None else f"compare_with = {_toml(compare_with)}\n")
        + "\n"
        f'[paper]\ntitle = "A paper"\npublished = {published}\nsource = "the journal"\n\n'
        f'[article]\nlanguage = "{language}"\nas_of = "{as_of}"\n',
        encoding="utf-8",
    )
    rows = [{"source": f"line {line}"} | dict(row) for line, row in enumerate(authors, 1)]
    columns = [*COLUMNS, *(["counted"] if any("counted" in row for row in rows) else [])]
    _write_csv(
        folder / "authors.csv", columns, ([row.get(key, "") for key in columns] for row in rows)
    )
    if claims is not None:
        text = claims if isinstance(claims, str) else "\n".join(map(_claim, claims, count(1)))
        (folder / "claims.toml").write_text(text, encoding="utf-8")
    if events is not None:
        _write_csv(folder / "events.csv", ("date", "label", "source"), events)
    if glossary is not None:
        _write_csv(folder / "glossary.csv", ("printed", "english"), glossary.items())
    return folder


def _claim(claim: Mapping[str, Any], number: int) -> str:
    entry = {"id": f"claim-{number}", "says": "Something.", "source": "line 1"} | dict(claim)
    return "[[claim]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in entry.items())


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What builds leave goes here, and never into the cache of whoever runs the tests."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSIS_HELPERS_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def make_cohort() -> Callable[..., Path]:
    """`write_cohort`, for tests: `make_cohort(tmp_path, authors=[...], claims=[...])`."""
    return write_cohort


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, Callable[[Path], object]], Path]:
    """A folder that one of the test processes makes, and all of them only read."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        made, done = root / name, root / f"{name} is done"
        with (root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(made, ignore_errors=True)
                made.mkdir()
                make(made)
                done.touch()
        return made

    return folder


@pytest.fixture(scope="session")
def published(made_once: Callable[..., Path]) -> Path:
    """A copy of the project with a report in both languages, built through the command line."""

    def make(folder: Path) -> None:
        languages = ["--lang", "en", "--lang", "he"]
        done = started("build", "--notebooks", "notebooks", *languages, folder=copied(folder))
        assert done.returncode == 0, done.stderr

    return made_once("published", make)


@pytest.fixture(scope="session")
def report(published: Path) -> Path:
    return published / "reports" / "llama"


FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# A page is there at once, and need not be waited for.
FLAGS += ["--force-prefers-reduced-motion"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = next(filter(None, map(shutil.which, ["chromium", "chromium-browser"])), None)
    if chromium is None:
        message = "no Chromium is installed, so no page was looked at"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=FLAGS)
