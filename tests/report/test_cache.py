"""What a report's key is made of, and where earlier results are kept."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import platformdirs
import pytest

from analysis_helpers import claims, cohort
from analysis_helpers.report import BuildError
from analysis_helpers.report.engine import cache
from analysis_helpers.report.engine.cache import COHORT_FILES, Inputs, Store

from .samples import Project


def test_the_key_knows_every_file_that_a_cohort_is_read_from() -> None:
    sources = Path(cohort.__file__).read_text() + Path(claims.__file__).read_text()
    assert set(re.findall(r'"([a-z]+\.(?:csv|toml))"', sources)) == set(COHORT_FILES)


@pytest.mark.parametrize("kind", ["huge file", "pipe", "folder", "odd name"])
def test_what_a_build_does_not_read_is_not_in_its_key(project: Project, kind: str) -> None:
    before = Inputs.read(project.cohort, project.notebooks)
    stray = project.cohort / "stray"
    if kind == "huge file":
        with stray.open("wb") as file:
            file.truncate(1 << 42)  # to read it would take hours
    elif kind == "pipe":
        os.mkfifo(stray)
    elif kind == "folder":
        stray.mkdir()
    else:
        Path(os.fsdecode(os.fsencode(stray) + b"\xff")).write_text("")

    assert Inputs.read(project.cohort, project.notebooks) == before


@pytest.mark.parametrize("name", COHORT_FILES)
def test_what_a_build_reads_is_in_its_key(project: Project, name: str) -> None:
    before = Inputs.read(project.cohort, project.notebooks)
    (project.cohort / name).write_text("changed")

    assert Inputs.read(project.cohort, project.notebooks).base != before.base


@pytest.mark.parametrize("kind", ["pipe", "folder", "broken link", "huge"])
def test_a_notebook_that_is_no_ordinary_file_is_named(project: Project, kind: str) -> None:
    path = project.notebooks / "03_odd.ipynb"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "broken link":
        path.symlink_to("nowhere")
    else:
        with path.open("wb") as file:
            file.truncate(cache.NOTEBOOK_BYTES + 1)

    with pytest.raises(BuildError, match=r"03_odd\.ipynb"):
        project.build()


def test_a_cohort_of_any_name_is_built(project: Project) -> None:
    """236 letters with the name of a step behind them are more than a file system takes."""
    project.cohort = project.cohort.rename(project.cohort.with_name("a" * 236))
    project.build()

    assert "index.html" in project.files()


def test_the_cache_is_in_the_users_folder_for_such_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANALYSIS_HELPERS_CACHE")
    users = tmp_path / "of the user" / "analysis-helpers"
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(users))

    assert Store.of_user().folder == users
    assert users.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("kind", ["none", "a file", "somebody else's"])
def test_a_user_without_a_folder_for_it_has_a_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.delenv("ANALYSIS_HELPERS_CACHE")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.chdir(tmp_path)
    users = tmp_path / "user"
    if kind == "none":  # what platformdirs answers then
        users = Path("~/.cache/analysis-helpers")
    elif kind == "a file":
        users.write_text("")
    else:
        users.mkdir()
        theirs, mine = users.stat().st_uid, os.getuid() + 1
        monkeypatch.setattr(os, "getuid", lambda: mine)
        (tmp_path / f"analysis-helpers-{mine}").mkdir()
        os.chown(tmp_path / f"analysis-helpers-{mine}", mine if os.geteuid() == 0 else theirs, -1)
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(users))

    store = Store.of_user()
    store.put("slot", "key", 1)

    assert store.get("slot", "key") == 1
    assert store.folder == tmp_path / f"analysis-helpers-{os.getuid()}"
    assert not (tmp_path / "~").exists()


def test_a_full_cache_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.put("slot", "old", 1)

    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        store.put("slot", "new", 2)

    assert (store.get("slot", "new"), store.get("slot", "old")) == (None, 1)
    assert [path.suffix for path in store.folder.iterdir()] == [".json"]


@pytest.mark.parametrize("kind", ["pipe", "folder", "loop"])
def test_an_entry_that_is_no_file_is_none(tmp_path: Path, kind: str) -> None:
    store = Store(tmp_path)
    store.put("slot", "key", 1)
    (entry,) = store.folder.glob("*.json")
    entry.unlink()
    if kind == "pipe":
        os.mkfifo(entry)
    elif kind == "folder":
        entry.mkdir()
    else:
        entry.symlink_to(entry)

    assert store.get("slot", "key") is None
