"""Publishing: what is replaced, what is refused, and what is left when it fails on the way."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis_helpers.report import BuildError
from analysis_helpers.report.engine import publish

EDITION = (
    *["index.html", "README.md", "claims.json", "datapackage.json", "data/authors.csv"],
    *["01_one.html", "figures/tenures.svg", "figures/tenures.png", "figures/tenures.csv"],
)
GALLERY = "\n".join(f"[x]({name})" for name in EDITION if name != "README.md")
OWN = ("notes.md", ".git/HEAD", "figures/mine.png", "he/draft.txt", "photos/1.jpg", "claims.txt")


def report(path: Path, content: str, names: tuple[str, ...] = EDITION, record: bool = True) -> Path:
    """A report whose every file says `content`, but for its gallery, which lists the files."""
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        text = GALLERY if name.endswith("README.md") else ""
        (path / name).write_text(f"{content} {name}\n{text}")
    if record:
        publish.write_record(path)
    return path


def put(site: Path, out: Path) -> None:
    """What a build does with a finished report."""
    publish.clear_up(out)
    publish.check_target(out, [])
    with publish.staging(out, pytest.fail) as place:
        shutil.copytree(site, place / "making")
        publish.publish((place / "making").rename(place / "site"), out)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def beside(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "out"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return report(tmp_path / "new", "new")


@pytest.fixture(params=["exchanged", "file by file"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of replacing a report."""
    if request.param == "file by file":
        monkeypatch.setattr(publish, "_exchange", lambda one, other: False)


# --- the record


def test_the_record_is_what_sha256sum_checks(tmp_path: Path) -> None:
    folder = report(tmp_path / "a", "1", (*EDITION, "1 odd\nname\\ .html", "he/README.md"))
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True
    )

    assert (checked.returncode, checked.stderr) == (0, "")
    assert len(checked.stdout.splitlines()) == len(EDITION) + 2
    assert (folder / "SHA256SUMS").read_text().splitlines()[0] == (
        hashlib.sha256((folder / "01_one.html").read_bytes()).hexdigest() + "  01_one.html"
    )


def test_what_was_recorded_is_read_back(tmp_path: Path) -> None:
    names = (*EDITION, "1 odd\nname\\ .html", *(f"he/{name}" for name in EDITION))
    assert set(publish.written(report(tmp_path / "a", "1", names))) == {*names, "SHA256SUMS"}


def test_a_file_that_no_report_may_have_is_never_recorded(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="thesis"):
        report(tmp_path / "a", "1", (*EDITION, "thesis.txt"))


@pytest.mark.parametrize("name", ["claims.json", "thesis.txt", "index.html"])
def test_somebody_s_own_checksums_are_no_record(tmp_path: Path, name: str, new: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / name).write_text("ten years of work")
    digest = hashlib.sha256(b"ten years of work").hexdigest()
    (folder / "SHA256SUMS").write_text(f"{digest}  {name}\n")

    with pytest.raises(BuildError, match=f"such as (SHA256SUMS|{name})"):
        put(new, folder)

    assert (folder / name).read_text() == "ten years of work"


# --- what is replaced


@pytest.mark.usefixtures("way")
def test_a_report_replaces_another_whole(tmp_path: Path, out: Path, new: Path) -> None:
    for names in (EDITION, (*EDITION, "02_gone.html", "he/01_x.html")):
        shutil.rmtree(out, ignore_errors=True)
        names = (*names, *(f"he/{name}" for name in EDITION if len(names) > len(EDITION)))
        report(out, "old", tuple(dict.fromkeys(names)))
        put(new, out)

        assert contents(out) == contents(new)
        assert {path.name for path in out.iterdir() if path.is_dir()} == {"data", "figures"}
        assert beside(out) == ["out"]


@pytest.mark.usefixtures("way")
def test_an_absent_and_an_empty_folder_take_a_report(out: Path, new: Path) -> None:
    put(new, out)
    assert contents(out) == contents(new)

    shutil.rmtree(out)
    out.mkdir()
    put(new, out)
    assert contents(out) == contents(new)
    assert beside(out) == ["out"]


@pytest.mark.usefixtures("way")
def test_a_report_without_a_record_is_known_by_its_gallery(out: Path, new: Path) -> None:
    old = (*EDITION, *(f"he/{name}" for name in EDITION), "report.pdf")
    put(new, report(out, "old", old, record=False))

    assert contents(out) == contents(new)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("more", r"such as figures/mine\.png\).*move that file away"),
        ("less", r"has no SHA256SUMS.*remove it"),
        ("edition", r"such as he\).*move that file away"),
    ],
)
def test_what_is_not_exactly_an_old_report_is_refused_with_what_to_do(
    out: Path, new: Path, harm: str, told: str
) -> None:
    report(out, "old", record=False)
    if harm == "more":
        (out / "figures" / "mine.png").write_text("mine")
    elif harm == "less":
        (out / "figures" / "tenures.csv").unlink()
    else:
        (out / "he").mkdir()
        (out / "he" / "claims.json").write_text("mine")
    before = contents(out)

    with pytest.raises(BuildError, match=told):
        put(new, out)

    assert contents(out) == before


def test_a_link_to_a_report_stays_one(tmp_path: Path, out: Path, new: Path) -> None:
    report(out, "old")
    link = tmp_path / "link"
    link.symlink_to(out)
    put(new, link.resolve())

    assert link.is_symlink()
    assert contents(link) == contents(new)


def test_an_edited_file_is_told(out: Path) -> None:
    report(out, "old")
    (out / "01_one.html").write_text("edited")
    (out / "index.html").unlink()

    assert publish.edited(out, publish.written(out)) == ["01_one.html"]


# --- what is refused


@pytest.mark.parametrize("name", OWN)
def test_an_own_file_in_a_report_is_named_and_nothing_is_touched(
    out: Path, new: Path, name: str
) -> None:
    report(out, "old")
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_text("ten years of work")
    before = contents(out)

    with pytest.raises(BuildError, match=r"holds files that no build made") as refused:
        publish.check_target(out, [])  # before anything has run
    with pytest.raises(BuildError, match=r"holds files that no build made"):
        put(new, out)

    assert name.split("/")[0] in str(refused.value)
    assert contents(out) == before


@pytest.mark.parametrize("kind", ["empty folder", "link", "broken link", "folder", "pipe"])
def test_what_is_no_file_of_a_report_is_refused(out: Path, new: Path, kind: str) -> None:
    report(out, "old")
    page = out / "01_one.html"
    page.unlink()
    if kind == "empty folder":
        (out / "later").mkdir()
    elif kind == "folder":
        page.mkdir()
    elif kind == "pipe":
        os.mkfifo(page)
    else:
        target = out.parent / "elsewhere.html"
        if kind == "link":
            target.write_text("mine")
        page.symlink_to(target)
    before = sorted(out.rglob("*"))

    with pytest.raises(BuildError, match=r"such as (01_one\.html|later)\)"):
        put(new, out)

    assert sorted(out.rglob("*")) == before


@pytest.mark.parametrize("name", ["SHA256SUMS", "README.md", "../SHA256SUMS", "he/README.md"])
def test_a_pipe_where_a_record_is_looked_for_never_hangs(out: Path, new: Path, name: str) -> None:
    report(out, "old", record=name == "../SHA256SUMS")
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).unlink(missing_ok=True)
    os.mkfifo(out / name)
    if name == "../SHA256SUMS":
        put(new, out)
        assert contents(out) == contents(new)
    else:
        with pytest.raises(BuildError, match="holds files that no build made"):
            put(new, out)


def test_a_folder_of_a_report_that_is_a_link_is_refused(
    tmp_path: Path, out: Path, new: Path
) -> None:
    report(out, "old")
    shutil.move(out / "figures", tmp_path / "kept")
    (out / "figures").symlink_to(tmp_path / "kept")

    with pytest.raises(BuildError, match=r"such as figures\)"):
        put(new, out)

    assert len(list((tmp_path / "kept").iterdir())) == 3


def test_an_edition_is_not_taken_for_a_report_of_its_own(out: Path, new: Path) -> None:
    report(out, "old", (*EDITION, *(f"he/{name}" for name in EDITION)))

    with pytest.raises(BuildError, match="is an edition of the report in"):
        put(new, out / "he")


@pytest.mark.parametrize("kind", ["pipe", "file", "folder", "link"])
def test_what_looks_like_a_leftover_is_left_alone(
    tmp_path: Path, out: Path, new: Path, kind: str
) -> None:
    report(out, "old")
    other = out.parent / ".analysis-helpers-mine.tmp"
    if kind == "pipe":
        os.mkfifo(other)
    elif kind == "file":
        other.write_text("mine")
    elif kind == "folder":
        (other / "photos").mkdir(parents=True)
        (other / "photos" / "1.jpg").write_text("mine")
    else:
        (tmp_path / "photos").mkdir()
        (tmp_path / "photos" / "1.jpg").write_text("mine")
        other.symlink_to(tmp_path / "photos")
    put(new, out)

    assert contents(out) == contents(new)
    assert beside(out) == [".analysis-helpers-mine.tmp", "out"]
    if kind in ("folder", "link"):
        assert "mine" in {path.read_text() for path in other.rglob("*") if path.is_file()}


# --- somebody else at the same time


def test_a_reader_meets_a_whole_report_at_every_moment(tmp_path: Path, out: Path) -> None:
    report(out, "0")
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
    sites = [report(tmp_path / "sites" / str(number), str(number)) for number in range(100)]
    for site in sites:
        put(site, out)
    done.set()
    reader.join()

    assert torn == []
    assert contents(out) == contents(sites[-1])
    assert beside(out) == ["out"]


@pytest.mark.usefixtures("way")
def test_a_note_that_comes_while_a_report_is_built_stays(out: Path, new: Path) -> None:
    report(out, "old")
    publish.check_target(out, [])
    (out / "notes.md").write_text("mine")
    before = contents(out)

    with pytest.raises(BuildError, match=r"notes\.md"):  # noqa: SIM117
        with publish.staging(out, pytest.fail) as place:
            publish.publish(shutil.copytree(new, place / "site"), out)

    assert contents(out) == before
    assert beside(out) == ["out"]


@pytest.mark.parametrize("name", ["notes.md", "he/index.html"])
def test_a_file_that_comes_at_the_last_moment_stays(
    out: Path, new: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the exchange and the removal of the old report."""
    report(out, "old")
    warnings: list[str] = []
    with publish.staging(out, warnings.append) as place:
        publish.publish(shutil.copytree(new, place / "site"), out)
        (place / "site" / name).parent.mkdir(exist_ok=True)
        (place / "site" / name).write_text("mine")

    assert contents(out) == contents(new)
    (kept,) = out.parent.glob("*.tmp")
    assert contents(kept) == {f"site/{name}": b"mine"}
    assert warnings == [f"{kept} was kept: it holds a file that no build made"]
    publish.clear_up(out)
    assert contents(kept) == {f"site/{name}": b"mine"}


def test_the_folder_of_a_living_build_is_left_alone(out: Path) -> None:
    with publish.staging(out, pytest.fail) as folder:
        (folder / "making").mkdir()
        publish.clear_up(out)
        assert (folder / "making").is_dir()


# --- dying on the way, and failing on the way

CHANGES = ("link", "mkdir", "open", "rename", "replace", "rmdir", "unlink")


def stop_after(changes: int, monkeypatch: pytest.MonkeyPatch, stop: Callable[[], object]) -> None:
    """Do `stop` in place of a change of the file system, after so many others."""
    left = iter(range(changes))

    def counting(change: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **options: object) -> object:
            if next(left, None) is None:
                stop()
            return change(*arguments, **options)

        return counted

    for name in CHANGES:
        monkeypatch.setattr(os, name, counting(getattr(os, name)))
    exchange = publish._exchange
    monkeypatch.setattr(publish, "_exchange", counting(exchange))


def dies(act: Callable[[], object]) -> bool:
    """Run in a forked process; whether that died before it was done."""
    child = os.fork()
    if not child:
        try:
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.usefixtures("way")
def test_a_build_that_dies_at_any_moment_leaves_one_report_whole(out: Path, new: Path) -> None:
    old = report(out, "old", (*EDITION, "02_gone.html"))
    before, after = contents(old), contents(new)
    seen = set()
    for changes in range(1000):
        shutil.rmtree(out.parent)
        report(out, "old", (*EDITION, "02_gone.html"))

        def act(changes: int = changes) -> None:
            with pytest.MonkeyPatch.context() as patch:
                stop_after(changes, patch, lambda: os._exit(9))
                put(new, out)

        died = dies(act)
        publish.clear_up(out)
        assert contents(out) in (before, after), changes
        assert beside(out) == ["out"]
        seen.add(contents(out) == after)
        if not died:
            break

    assert seen == {True, False}
    assert contents(out) == after


def test_what_fails_file_by_file_puts_the_old_report_back(
    out: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    before = contents(report(out, "old", (*EDITION, "02_gone.html")))
    failed = 0
    for number in range(len(EDITION) + 1):
        with monkeypatch.context() as patch:
            moves = iter(range(number))
            move = publish._move

            def failing(
                *arguments: object, move: Callable[..., None] = move, moves: Iterator[int] = moves,
                **options: object,
            ) -> None:  # fmt: skip
                if next(moves, None) is None:
                    raise OSError("no space left")
                move(*arguments, **options)

            patch.setattr(publish, "_move", failing)
            with pytest.raises(OSError, match="no space left"):
                put(new, out)
        failed += 1
        assert contents(out) == before
        assert beside(out) == ["out"]

    assert failed == len(EDITION) + 1
    put(new, out)
    assert contents(out) == contents(new)


# --- a mount point

MOUNTED = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from report import test_publish as tests
out, new = Path({out!r}), Path({new!r})
assert str(out) in Path("/proc/self/mountinfo").read_text()
tests.put(new, out)
assert tests.contents(out) == tests.contents(new), "empty"
tests.put(tests.report(new.parent / "newer", "newer"), out)
assert tests.contents(out) == tests.contents(new.parent / "newer"), "full"
(out / "notes.md").write_text("mine")
before = tests.contents(out)
try:
    tests.put(new, out)
except tests.BuildError as error:
    assert "notes.md" in str(error)
else:
    raise AssertionError("not refused")
assert tests.contents(out) == before, "refused"
print("done")
"""


@pytest.mark.parametrize("kind", ["tmpfs", "bind"])
def test_a_mount_point_takes_a_report(tmp_path: Path, new: Path, kind: str) -> None:
    out, volume = tmp_path / "reports" / "out", tmp_path / "volume"
    out.mkdir(parents=True)
    volume.mkdir()
    mount = {"tmpfs": ["-t", "tmpfs", "none"], "bind": ["--bind", str(volume)]}[kind]
    inside = ["unshare", "--mount", "--map-root-user"]
    if shutil.which("unshare") is None or subprocess.run([*inside, "true"]).returncode:
        pytest.skip("nothing can be mounted here")
    code = MOUNTED.format(out=str(out), new=str(new), path=[str(Path(__file__).parents[1])])
    command = 'mount "$@" && exec "$PYTHON" -c "$CODE"'
    done = subprocess.run(
        [*inside, "sh", "-c", command, "sh", *mount, str(out)],
        env={**os.environ, "PYTHON": sys.executable, "CODE": code},
        capture_output=True,
        text=True,
    )

    assert (done.stdout, done.stderr, done.returncode) == ("done\n", "", 0)
    assert beside(out) == ["out"]


# --- whatever stands there

NAMES = st.sampled_from([*EDITION, *(f"he/{name}" for name in EDITION), *OWN, "SHA256SUMS"])


@pytest.mark.fuzz
@settings(
    max_examples=int(os.environ.get("FUZZ_CASES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    standing=st.sampled_from(["nothing", "empty", "report", "both", "old report"]),
    own=st.lists(NAMES, max_size=3),
    links=st.lists(NAMES, max_size=1),
    both=st.booleans(),
    by_file=st.booleans(),
    killed=st.one_of(st.none(), st.integers(0, 120)),
    seed=st.integers(0, 2**16),
)
def test_what_no_build_wrote_is_there_after_any_build(
    tmp_path_factory: pytest.TempPathFactory,
    standing: str,
    own: list[str],
    links: list[str],
    both: bool,
    by_file: bool,
    killed: int | None,
    seed: int,
) -> None:
    draw = random.Random(seed)
    root = tmp_path_factory.mktemp("any")
    out = root / "reports" / "out"
    editions = (*EDITION, *(f"he/{name}" for name in EDITION))
    if standing == "empty":
        out.mkdir(parents=True)
    elif standing != "nothing":
        names = editions if standing == "both" else EDITION
        report(out, "old", names, record=standing != "old report")
    for name in (*own, *links):
        path = out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if name in own:
                path.write_text(f"mine {draw.random()}")
            else:
                path.symlink_to(draw.choice(["nowhere", "/etc/hostname", "."]))
        except OSError:
            continue
    written = publish.written(out)  # what its record or its gallery names
    before = contents(out)
    mine = {name: text for name, text in before.items() if name not in written}
    things = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_symlink()}
    new = report(root / "new", "new", editions if both else EDITION)
    refused = [False]

    def act() -> None:
        with pytest.MonkeyPatch.context() as patch:
            if by_file:
                patch.setattr(publish, "_exchange", lambda one, other: False)
            if killed is not None:
                stop_after(killed, patch, lambda: os._exit(9))
            try:
                put(new, out)
            except BuildError:
                refused[0] = True

    if killed is None:
        act()
    else:
        dies(act)
        if out.exists():
            publish.clear_up(out)
    after = contents(out)

    for name, text in mine.items():
        assert after[name] == text
    for name in things:
        assert (out / name).is_symlink()
    if refused[0] or mine or things:
        assert after == before
    elif killed is None:
        assert after == contents(new)
    else:
        assert after in (before, contents(new))
    shutil.rmtree(root)
