from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.connect import LocalPortCache

from analysis_helpers.errors import InputError
from analysis_helpers.report import BuildError, NotebookError, Progress
from analysis_helpers.report.engine import cache, fork, kernels, run

from .samples import FIGURE, TWO, Project, notebook, show


def ran(project: Project, **options: Any) -> list[str]:
    """Build, and say which notebooks ran."""
    steps: list[Progress] = []
    project.build(progress=steps.append, **options)
    return sorted({p.step for p in steps} - {"tables", "pages", "waiting"})


def wait_for(path: Path) -> str:
    for _ in range(600):
        if path.exists() and path.read_text():
            return path.read_text()
        time.sleep(0.05)
    raise AssertionError(f"{path} was never written")


def gone(pid: int) -> bool:
    """Whether a process ends within a few seconds."""
    for _ in range(100):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def sleeping(pid_file: Path) -> bytes:
    return notebook(
        "# Asleep?",
        ">>> import os, pathlib, time\n"
        f"pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid()))\ntime.sleep(60)",
    )


# --- what is built


def test_a_build_publishes_the_pages_and_returns_the_claims(project: Project) -> None:
    claims = project.build()

    assert [claim["verdict"] for claim in claims] == ["supported", "inconclusive"]
    assert set(project.files()) == {
        *["index.html", "01_one.html", "02_two.html", "README.md"],
        *["claims.json", "data/authors.csv", "datapackage.json", "SHA256SUMS"],
    }
    assert claims == json.loads((project.out / "claims.json").read_text())
    assert project.leftovers() == []


def test_no_page_tells_where_the_cohort_lies(project: Project) -> None:
    project.build()

    assert "Eleven have left." in (project.out / "02_two.html").read_text()
    for content in project.files().values():
        assert str(project.root).encode() not in content


def test_a_progress_is_told_for_every_cell(project: Project) -> None:
    told: list[Progress] = []
    project.build(progress=told.append)

    assert [(p.done, p.total) for p in told if p.step == "02_two"] == [(n, 3) for n in range(4)]


def test_builds_elsewhere_come_to_the_same_bytes(project: Project, tmp_path: Path) -> None:
    project.write("03_sets", notebook("# A set?", ">>> print({'a', 'b', 'c', 'd', 'e', 'f'})"))
    project.build()
    copy = Project(tmp_path / "another place")
    shutil.copytree(project.notebooks, copy.notebooks, dirs_exist_ok=True)

    settings = {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    process = copy.build_elsewhere(preload=["analysis_helpers.report.engine.preload"], **settings)
    _, errors = process.communicate(timeout=60)

    assert errors == ""
    assert copy.files() == project.files()


def test_a_kernel_takes_no_environment_in_which_a_process_is_being_started() -> None:
    taken: list[dict[str, str]] = []
    asking = threading.Thread(target=lambda: taken.append(fork.environment()))
    with fork._starting, fork._environment():
        asking.start()
        asking.join(0.2)
        assert taken == []
    asking.join()
    assert taken == [dict(os.environ)]
    assert "ANALYSIS_HELPERS_BUILD" not in taken[0]


def test_ordinary_kernels_do_where_nothing_can_be_forked(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.build()
    forked = project.files()
    monkeypatch.setattr(fork, "can_fork", lambda: False)
    project.build(force=True)

    assert project.files() == forked


# --- what is not built again


def test_nothing_changed_means_nothing_heavy_is_imported(project: Project) -> None:
    (project.root / "package").mkdir()
    project.build_elsewhere().communicate(timeout=60)
    written = (project.out / "index.html").stat().st_mtime_ns

    output, errors = project.build_elsewhere().communicate(timeout=60)

    assert (output.strip(), errors) == ("heavy:", "")
    assert (project.out / "index.html").stat().st_mtime_ns == written


def test_only_a_changed_notebook_runs_again(project: Project) -> None:
    assert ran(project) == ["01_one", "02_two"]
    project.write("01_one", notebook("# First?", ">>> print('another one')"))

    assert ran(project) == ["01_one"]
    assert "another one" in (project.out / "index.html").read_text()


def test_a_changed_cohort_runs_everything_again(project: Project) -> None:
    project.build()
    project.claims("Nobody has left.,contradicted")

    assert ran(project) == ["01_one", "02_two"]
    assert "Nobody has left." in (project.out / "02_two.html").read_text()


def test_changed_code_of_the_package_runs_everything_again(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "PACKAGE", tmp_path / "package")
    (tmp_path / "package").mkdir()
    project.build()
    (tmp_path / "package" / "measures.py").write_text("changed")

    assert ran(project) == ["01_one", "02_two"]


def test_force_runs_everything_again(project: Project) -> None:
    project.build()

    assert ran(project, force=True) == ["01_one", "02_two"]


@pytest.mark.parametrize("harm", ["edit", "delete"])
def test_a_report_that_somebody_touched_is_restored_without_running_anything(
    project: Project, harm: str
) -> None:
    project.build()
    whole = project.files()
    page = project.out / "01_one.html"
    if harm == "edit":
        page.write_text(page.read_text() + "edited")
    else:
        page.unlink()
    warnings: list[str] = []

    assert ran(project, warn=warnings.append) == []
    assert project.files() == whole
    assert warnings == [f"{page}: was edited since it was published, and is replaced"] * (
        harm == "edit"
    )


def test_a_damaged_cache_is_noticed_and_rebuilt(project: Project) -> None:
    project.build()
    whole = project.files()
    for entry in (project.root / "cache").glob("*.json"):
        entry.write_bytes(entry.read_bytes().replace(b"one", b"two").replace(b"left", b"won!"))

    assert "01_one" in ran(project)
    assert project.files() == whole


def test_the_cache_does_not_grow_with_every_change(project: Project) -> None:
    project.build()
    entries = len(list((project.root / "cache").iterdir()))
    project.write("01_one", notebook("# First?", ">>> print('changed')"))
    project.build()

    assert len(list((project.root / "cache").iterdir())) == entries


# --- what goes wrong


def test_a_cell_that_raises_is_named_and_the_old_report_stays(project: Project) -> None:
    project.build()
    old = project.files()
    project.write("02_two", notebook("# Second?", ">>> x = 1", ">>> \nmonths = x / 0\nprint()"))

    with pytest.raises(NotebookError) as caught:
        project.build()

    assert str(caught.value) == (
        "02_two.ipynb, code cell 3, line 2: ZeroDivisionError: division by zero\n"
        "  The line: months = x / 0"
    )
    assert project.files() == old
    assert project.leftovers() == []
    project.write("02_two", TWO)
    assert ran(project) == []


def test_a_kernel_that_is_killed_in_a_cell_is_one_clear_message(project: Project) -> None:
    project.build()
    old = project.files()
    project.write("02_two", notebook("# Dead?", ">>> import os\nos.kill(os.getpid(), 9)"))

    with pytest.raises(NotebookError, match=r"02_two.ipynb, code cell 2: its kernel died"):
        project.build()

    assert project.files() == old
    assert project.leftovers() == []


def test_a_kernel_whose_port_is_taken_starts_again_with_others(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.build()
    over_sockets = project.files()
    monkeypatch.setattr(kernels, "_sockets_fit", lambda _: False)
    chosen = LocalPortCache.find_available_port
    with socket.create_server(("127.0.0.1", 0)) as other_program:
        taken = iter([other_program.getsockname()[1]])
        monkeypatch.setattr(
            LocalPortCache,
            "find_available_port",
            lambda self, ip: next(taken, None) or chosen(self, ip),
        )
        project.build(force=True)

    assert next(taken, None) is None
    assert project.files() == over_sockets


def test_a_kernel_that_never_starts_is_one_clear_message(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "_sockets_fit", lambda _: False)
    with socket.create_server(("127.0.0.1", 0)) as other_program:
        port = other_program.getsockname()[1]
        monkeypatch.setattr(LocalPortCache, "find_available_port", lambda *_: port)
        with pytest.raises(NotebookError) as caught:
            project.build()

    assert re.fullmatch(
        r"0[12]_\w+.ipynb, before its first cell: its kernel died \(.*\)", str(caught.value)
    )
    assert project.leftovers() == []


def test_problems_of_the_cohort_come_back_all_at_once(project: Project) -> None:
    project.build()
    old = project.files()
    project.claims("no verdict here", "Fine.,supported", "nor here")
    steps: list[Progress] = []

    with pytest.raises(InputError) as caught:
        project.build(progress=steps.append)

    assert [problem.where for problem in caught.value.problems] == ["row 0", "row 2"]
    assert not any(step.step == "01_one" for step in steps)  # no kernel was started for it
    assert project.files() == old
    assert project.leftovers() == []


def test_a_notebook_that_is_none_is_named_before_any_kernel_starts(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("02_two", b"{not a notebook")
    monkeypatch.setattr(run, "manager", lambda *_: pytest.fail("a kernel was started"))

    with pytest.raises(BuildError, match=r"02_two.ipynb: cannot be read as a notebook"):
        project.build()


def test_nobody_s_own_files_are_replaced(project: Project) -> None:
    project.out.mkdir(parents=True)
    (project.out / "thesis.txt").write_text("ten years of work")

    with pytest.raises(BuildError, match=r"thesis\.txt"):
        project.build()

    assert (project.out / "thesis.txt").read_text() == "ten years of work"


@pytest.mark.parametrize("name", ["claims.json", "he/claims.json"])
def test_a_folder_with_a_file_named_like_a_report_s_is_none(project: Project, name: str) -> None:
    (project.out / name).parent.mkdir(parents=True)
    (project.out / name).write_text("[]")
    (project.out / "thesis.txt").write_text("ten years of work")

    with pytest.raises(BuildError, match="holds files that no build made"):
        project.build(force=True)

    assert (project.out / "thesis.txt").read_text() == "ten years of work"


@pytest.mark.parametrize("name", ["notes.md", "he/mine.txt", "figures/mine.png"])
def test_what_somebody_puts_beside_a_published_report_stays(project: Project, name: str) -> None:
    project.build()
    (project.out / name).parent.mkdir(exist_ok=True)
    (project.out / name).write_text("mine")
    project.write("01_one", notebook("# First?", ">>> print('changed')"))
    before = project.files()

    with pytest.raises(BuildError, match="holds files that no build made"):
        project.build(force=True)

    assert project.files() == before


def test_no_build_removes_a_repository(project: Project) -> None:
    (project.out / ".git").mkdir(parents=True)
    with pytest.raises(BuildError, match=r"such as \.git\)"):
        project.build()

    (project.out / ".git").rename(project.root / "elsewhere")
    project.build()
    (project.root / "elsewhere").rename(project.out / ".git")
    with pytest.raises(BuildError, match=r"such as \.git\)"):
        project.build(force=True)

    assert (project.out / ".git").is_dir()


@pytest.mark.parametrize("kind", ["pipe", "broken link"])
def test_what_cannot_be_read_beside_a_cohort_stops_no_build(project: Project, kind: str) -> None:
    stray = project.cohort / "stray"
    os.mkfifo(stray) if kind == "pipe" else stray.symlink_to("nowhere")
    project.build()

    assert "index.html" in project.files()


def test_the_folder_that_holds_the_reports_is_not_taken_for_one(project: Project) -> None:
    project.build()
    report = project.files()
    project.out = project.out.parent

    with pytest.raises(BuildError, match="holds files that no build made"):
        project.build()

    project.out /= project.cohort.name
    assert project.files() == report


@pytest.mark.parametrize("place", [".", "notebooks", "data/llama", "data", "data/llama/report"])
def test_a_report_never_goes_where_its_inputs_are(project: Project, place: str) -> None:
    project.out = project.root / place

    with pytest.raises(BuildError, match="cannot go there"):
        project.build()


def test_a_target_that_cannot_be_written_is_one_clear_message(project: Project) -> None:
    project.out.parent.write_text("a file where a folder should be")

    with pytest.raises(BuildError, match="could not be written"):
        project.build()


def test_a_read_only_target_keeps_its_report_and_is_one_clear_message(project: Project) -> None:
    project.build()
    old = project.files()
    project.write("01_one", notebook("# First?", ">>> print('changed')"))
    # Permissions bind root only without this capability.
    bound = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to hinder it")
    folders = [project.out.parent, project.out]
    for folder in folders:
        folder.chmod(0o555)
    try:
        process = project.build_elsewhere(through=bound if os.geteuid() == 0 else ())
        _, errors = process.communicate(timeout=60)
    finally:
        for folder in folders:
            folder.chmod(0o755)

    assert process.returncode == 1
    assert errors == "reports/llama: the report could not be written: Permission denied\n"
    assert "Traceback" not in errors
    assert project.files() == old
    project.build()
    assert b"changed" in project.files()["01_one.html"]
    assert project.leftovers() == []


def test_writes_that_fail_leave_the_old_report(project: Project) -> None:
    project.build()
    old = project.files()
    project.write("01_one", notebook("# First?", ">>> print('changed')"))
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))"

    process = project.build_elsewhere(limit)
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "could not be written" in errors
    assert errors.startswith("reports/llama: the report could not be written: File too large")
    assert "Traceback" not in errors
    assert project.files() == old
    assert project.leftovers() == []


def test_a_killed_build_leaves_the_old_report_and_no_kernel(
    project: Project, tmp_path: Path
) -> None:
    project.build()
    old = project.files()
    project.write("02_two", sleeping(tmp_path / "pid"))

    process = project.build_elsewhere()
    kernel = int(wait_for(tmp_path / "pid"))
    process.kill()
    process.wait()

    assert gone(kernel)
    assert project.files() == old
    assert project.leftovers() != []
    project.write("02_two", TWO)
    project.build()
    assert project.files() == old
    assert project.leftovers() == []


@pytest.mark.soak
def test_a_build_killed_at_fifty_random_moments_never_leaves_half_a_report(
    project: Project,
) -> None:
    choose = random.Random(50)
    editions = []
    for text in ("'before'", "'after'"):
        project.write("01_one", notebook("# First?", f">>> print({text})"))
        start = time.monotonic()
        project.build_elsewhere().communicate(timeout=60)
        seconds = time.monotonic() - start
        editions.append(project.files())
    assert editions[0] != editions[1]

    finished = 0
    for turn in range(50):
        text = ("'before'", "'after'")[turn % 2]
        project.write("01_one", notebook("# First?", f">>> print({text})"))
        process = project.build_elsewhere()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=choose.uniform(0, 1.3 * seconds))
            finished += 1
        process.kill()
        process.communicate()
        assert project.files() in editions, turn
    project.build()

    assert 0 < finished < 50
    assert project.files() == editions[1]
    assert project.leftovers() == []


def test_an_interrupted_build_cleans_up_at_once(project: Project, tmp_path: Path) -> None:
    project.build()
    old = project.files()
    project.write("02_two", sleeping(tmp_path / "pid"))

    # Whoever runs these tests in the background has its processes ignore that signal.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    process = project.build_elsewhere(heard)
    kernel = int(wait_for(tmp_path / "pid"))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)

    assert errors == "interrupted\n"
    assert gone(kernel)
    assert project.files() == old
    assert project.leftovers() == []


def test_two_builds_at_once_wait_for_each_other(project: Project) -> None:
    slow = notebook("# Slow?", ">>> import time; time.sleep(1)", ">>> print('slept')")
    project.write("01_one", slow)
    processes = [project.build_elsewhere() for _ in range(2)]
    outputs = [process.communicate(timeout=90) for process in processes]

    assert [errors for _, errors in outputs] == ["", ""]
    assert sorted("waiting 0" in output for output, _ in outputs) == [False, True]
    assert sorted("01_one 3" in output for output, _ in outputs) == [False, True]
    assert project.leftovers() == []


def test_two_different_figures_cannot_share_a_name(project: Project) -> None:
    kind = "application/vnd.analysis-helpers.figure+json"
    for stem, title in (("01_one", "This"), ("02_two", "That")):
        figure = {**FIGURE, "title": title}
        project.write(stem, notebook("# A figure?", ">>> " + show({kind: figure})))

    with pytest.raises(BuildError, match="two different figures are named 'tenures'"):
        project.build()


def test_an_edition_lies_beside_the_english_one_and_each_links_to_the_other(
    project: Project,
) -> None:
    project.build(languages=["en", "he"])
    files = project.files()

    assert {name for name in files if not name.startswith(("he/", "SHA256SUMS"))} == {
        name.removeprefix("he/") for name in files if name.startswith("he/")
    }
    english, hebrew = files["01_one.html"].decode(), files["he/01_one.html"].decode()
    assert '<a href="he/01_one.html" lang="he" hreflang="he">עברית</a>' in english
    assert '<a href="../01_one.html" lang="en" hreflang="en"><bdi lang="en">English</bdi>' in hebrew
    # Programs are only told of whole addresses, and nobody has said where this one will stand.
    assert "alternate" not in english + hebrew
    assert '<html lang="he" dir="rtl">' in hebrew


def test_an_edition_by_itself_links_to_none(project: Project) -> None:
    project.build(languages=["he"])

    assert {name.split("/")[0] for name in project.files()} == {"he", "SHA256SUMS"}
    assert b"hreflang" not in project.files()["he/index.html"]


def test_editions_never_disagree(project: Project) -> None:
    project.build(languages=["he"])
    project.write("01_one", notebook("# First?", ">>> print('changed')"))
    project.build()

    assert b"changed" in project.files()["he/01_one.html"]
    assert b"changed" in project.files()["01_one.html"]
    together = project.files()
    shutil.rmtree(project.out)
    project.build(languages=["en", "he"], force=True)
    assert project.files() == together


def test_only_what_an_edition_lacks_runs(project: Project) -> None:
    project.build()
    steps: list[Progress] = []
    project.build(languages=["he"], progress=steps.append)

    assert {step.step for step in steps} == {"tables", "pages", "he/01_one", "he/02_two"}


def test_a_notebook_that_is_gone_takes_its_page_along(project: Project) -> None:
    project.build()
    (project.notebooks / "02_two.ipynb").unlink()
    project.build()

    assert "02_two.html" not in project.files()


def test_no_kernel_outlives_a_build(project: Project, tmp_path: Path) -> None:
    write = f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))"
    project.write("01_one", notebook("# Gone?", f">>> import os, pathlib\n{write}"))
    project.build()

    assert gone(int((tmp_path / "pid").read_text()))
