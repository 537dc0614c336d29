"""A report that another cohort's folder published stays, unless somebody insists."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from analysis_helpers.report import BuildError
from analysis_helpers.report.engine.cache import Store
from analysis_helpers.report.engine.publisher import refuse_another, remember
from analysis_helpers.report.errors import TargetError

from .samples import Project

FILES = ["index.html", "datapackage.json"]


def a_cohort(folder: Path, title: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "cohort.toml").write_text(f'title = {json.dumps(title)}\ntitle_he = "הצוות"\n')
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "store").mkdir()
    return Store(tmp_path / "store")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A report with the title "The team"."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "datapackage.json").write_text('{"title": "The team"}')
    return tmp_path / "out"


def test_a_build_does_not_replace_another_folder_s_report(project: Project) -> None:
    (project.cohort / "cohort.toml").write_text('title = "Ours"')
    project.build()
    before = project.files()
    first, other = project.cohort, project.root / "other" / "llama"
    project.cohort = Path(shutil.copytree(first, other))
    project.claims("Nobody has left.,contradicted")

    with pytest.raises(BuildError, match=r"holds the report of another cohort.*/data/llama\)"):
        project.build()
    assert project.files() == before

    project.build(force=True)
    assert b"Nobody has left" in project.files()["02_two.html"]
    project.build()  # it is this folder's now
    project.cohort = first
    with pytest.raises(BuildError, match="another cohort"):
        project.build()


def test_a_folder_may_change_its_title(store: Store, out: Path, tmp_path: Path) -> None:
    cohort = a_cohort(tmp_path / "mine", "Founders of another kind")
    remember(store, out, cohort)

    refuse_another(store, out, cohort, FILES)


def test_a_folder_may_move_with_its_title(store: Store, out: Path, tmp_path: Path) -> None:
    remember(store, out, tmp_path / "gone")

    refuse_another(store, out, a_cohort(tmp_path / "mine", "The  TEAM"), FILES)
    with pytest.raises(TargetError, match='of another cohort, "The team"; publish'):
        refuse_another(store, out, a_cohort(tmp_path / "other", "Others"), FILES)


def test_in_a_fresh_checkout_the_title_tells(store: Store, out: Path, tmp_path: Path) -> None:
    refuse_another(store, out, a_cohort(tmp_path / "mine", "The team"), FILES)
    with pytest.raises(TargetError, match="of another cohort"):
        refuse_another(store, out, a_cohort(tmp_path / "other", "Others"), FILES)


def test_an_edition_has_its_own_title(store: Store, out: Path, tmp_path: Path) -> None:
    (out / "datapackage.json").write_text('{"title": "הצוות"}')

    refuse_another(store, out, a_cohort(tmp_path / "mine", "The team"), FILES)


@pytest.mark.parametrize("text", ["", "{}", "[]", "not JSON", '{"title": 3}'])
def test_a_report_without_a_title_is_anybody_s(
    store: Store, out: Path, tmp_path: Path, text: str
) -> None:
    (out / "datapackage.json").write_text(text)

    refuse_another(store, out, a_cohort(tmp_path / "mine", "The team"), FILES)


def test_an_empty_target_is_anybody_s(store: Store, out: Path, tmp_path: Path) -> None:
    remember(store, out, a_cohort(tmp_path / "other", "Others"))

    refuse_another(store, out, a_cohort(tmp_path / "mine", "The team"), [])
