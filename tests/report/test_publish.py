from __future__ import annotations

import threading
from pathlib import Path

import pytest

from analysis_helpers.report import publish


def folder(path: Path, content: str) -> Path:
    path.mkdir(parents=True)
    for name in ("index.html", "claims.json"):
        (path / name).write_text(content)
    return path


def test_a_reader_meets_a_whole_report_at_every_moment(tmp_path: Path) -> None:
    out = folder(tmp_path / "out", "0")
    torn: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                (out / "index.html").read_text()
            except OSError as error:
                torn.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(200):
        with publish.staging(out) as place:
            publish.publish(folder(place / "site", str(number)), out)
    done.set()
    reader.join()

    assert torn == []
    assert (out / "index.html").read_text() == "199"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_two_renames_do_where_nothing_can_be_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    out = folder(tmp_path / "out", "old")
    with publish.staging(out) as place:
        publish.publish(folder(place / "site", "new"), out)

    assert (out / "index.html").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["out", "team[1]"])
def test_a_build_that_died_between_two_renames_is_undone(tmp_path: Path, name: str) -> None:
    folder(tmp_path / f".{name}.abc.tmp" / "old", "old")
    publish.clear_up(tmp_path / name)

    assert (tmp_path / name / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_folder_of_a_living_build_is_left_alone(tmp_path: Path) -> None:
    with publish.staging(tmp_path / "out") as folder:
        publish.clear_up(tmp_path / "out")
        assert folder.is_dir()
