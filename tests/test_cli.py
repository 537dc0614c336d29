"""The command line: what it prints, and with which status it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_helpers import __version__, places, report
from analysis_helpers.report.pages.export import _escape_markdown
from project import PROJECT, copied, run, started


@pytest.fixture
def llama(tmp_path: Path) -> Path:
    return shutil.copytree(PROJECT / "data" / "llama", tmp_path / "llama")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the project with its first notebook only."""
    return copied(tmp_path / "project", "01_*")


def test_check_decides_the_headline_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    status, printed, _ = run("check", "--json")
    assert status == 0
    claims = {claim["id"]: claim for claim in json.loads(printed)}
    found = {
        name: (claims[name]["low"], claims[name]["high"], claims[name]["verdict"])
        for name in (
            "fourteen-credited", "eleven-departed", "three-remain", "last-departure-february-2025",
            "first-departure-january-2023", "few-left-this-year",
        )
    }  # fmt: skip
    assert found == {
        "fourteen-credited": (14, 14, "supported"),
        "eleven-departed": (11, 11, "supported"),
        "three-remain": (3, 3, "supported"),
        "last-departure-february-2025": ("2025-02", "2025-02", "supported"),
        "first-departure-january-2023": ("2023-01", "2023-02", "inconclusive"),
        "few-left-this-year": (1, 1, "contradicted"),
    }
    mean = claims["mean-tenure-over-five-years"]
    assert (mean["low"], round(mean["high"], 1), mean["verdict"]) == (65, 68.8, "supported")
    assert claims["most-have-left"]["low"] == pytest.approx(1100 / 14)
    assert len(claims) >= 20


def test_check_prints_a_line_a_claim(llama: Path) -> None:
    status, printed, _ = run("check", "--cohort", llama)
    assert status == 0
    line = next(line for line in printed.splitlines() if "mean-tenure" in line)
    assert line.split() == [
        "supported", "mean-tenure-over-five-years", "65.0", "to", "68.8", "months",
        "needed:", "more", "than", "five", "years",
    ]  # fmt: skip


def test_strict_ends_with_one_where_a_claim_is_contradicted(llama: Path) -> None:
    assert run("check", "--cohort", llama, "--strict")[0] == 1
    ledger = llama / "claims.toml"
    ledger.write_text(ledger.read_text().split("[[claim]]")[0])
    assert run("check", "--cohort", llama, "--strict")[0] == 0


def test_bad_input_ends_with_two_and_all_its_messages(llama: Path) -> None:
    table = llama / "authors.csv"
    table.write_text(
        table.read_text().replace("יולי 2024", "יולל 2024").replace(",5 שנים,", ",500 שנים,")
    )
    (llama / "claims.toml").write_text("[[claim]]\nid = 3\n")
    status, printed, said = run("check", "--cohort", llama)
    assert status == 2
    assert printed == ""
    name = "אורליין רודריגז (Aurélien Rodriguez)"
    assert f'authors.csv, line 12 ({name}), departed: cannot read "יולל 2024"' in said
    assert '; did you mean "יולי 2024"?' in said
    assert "authors.csv, line 6 (" in said
    assert "claims.toml, claim number 1, id: " in said
    assert "Traceback" not in said


def test_usage_and_a_missing_folder_end_with_two(tmp_path: Path) -> None:
    assert run("check", "--nonsense")[0] == 2
    status, _, said = run("check", "--cohort", tmp_path / "nowhere")
    assert status == 2
    assert "there is no such cohort" in said


@pytest.mark.skipif("ARTICLE" not in os.environ, reason="ARTICLE names no copy of the article")
def test_verify_passes_on_the_article_and_names_a_changed_cell(llama: Path) -> None:
    article = os.environ["ARTICLE"]
    status, printed, _ = run("verify", article, "--cohort", llama)
    assert (status, printed.split()[1]) == (0, "cells")
    table = llama / "authors.csv"
    table.write_text(table.read_text().replace("6 שנים, 7 חודשים", "6 שנים"))
    status, said, _ = run("verify", article, "--cohort", llama)
    assert status == 1
    assert "line 9 (" in said
    assert "), tenure" in said


def test_new_writes_a_cohort_that_can_be_checked_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("new", folder)[0] == 0
    status, printed, _ = run("check", "--cohort", folder)
    assert status == 0
    assert "two-left" in printed
    status, _, said = run("new", folder)
    assert status == 2
    assert "is not empty" in said


def test_the_ledger_is_printed_in_hebrew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    status, printed, _ = run("check", "--lang", "he")
    assert status == 0
    lines = printed.splitlines()
    line = next(line for line in lines if "mean-tenure" in line)
    assert re.split(r" {2,}", line) == [
        "נתמכה", "mean-tenure-over-five-years", "65.0 עד 68.8 חודשים",
        "נדרש: יותר מחמש שנים", "11 העוזבים עבדו במטא בממוצע יותר מחמש שנים.",
    ]  # fmt: skip
    assert {re.split(r" {2,}", line)[0] for line in lines} == {
        "נתמכה", "לא הוכרעה", "הופרכה", "לא נבדקה",
    }  # fmt: skip


def test_a_ledger_without_hebrew_is_printed_as_it_is(tmp_path: Path) -> None:
    run("new", tmp_path / "mine")
    status, printed, _ = run("check", "--cohort", tmp_path / "mine", "--lang", "he")
    assert status == 0
    assert "נתמכה  two-left" in re.sub(" +", "  ", printed)


def test_it_says_which_version_it_is_and_helps_by_either_name() -> None:
    assert run("--version") == (0, f"analysis-helpers {__version__}\n", "")
    assert run("build", "-h") == run("build", "--help")
    assert "--notebooks" in run("build", "-h")[1]


def test_a_verdict_is_explained(llama: Path) -> None:
    status, printed, _ = run("check", "--cohort", llama, "--explain", "few-left-this-year")
    assert status == 0
    for line in ("Verdict: contradicted", "Found: 1", "Needed: at least 2", "Naman Goyal"):
        assert line in printed
    status, _, said = run("check", "--cohort", llama, "--explain", "few-left-this-yea")
    assert (status, "did you mean few-left-this-year?" in said) == (2, True)
    _, printed, _ = run("check", "--cohort", llama, "--explain", "few-left-this-year", "--json")
    assert [claim["id"] for claim in json.loads(printed)] == ["few-left-this-year"]


def test_a_line_says_what_was_needed_and_how_many_state_it(
    tmp_path: Path, make_cohort: Callable[..., Path]
) -> None:
    stated = {"Ada": "2 years, 1 month", "Ben": "1 year, 10 months", "Cleo": ""}
    team = [
        {"name": name, "organisation": "Acme", "departed": "2023-03", "tenure": tenure}
        for name, tenure in stated.items()
    ]
    claim = {"id": "short", "measure": "mean_tenure", "expect": "< 3 years"}
    status, printed, _ = run("check", "--cohort", make_cohort(tmp_path, team, [claim]))
    assert status == 0
    assert re.split(" {2,}", printed.strip()) == [
        "inconclusive", "short", "22.5 to 24.5 months (stated for 2 of 3)",
        "needed: less than three years",
    ]  # fmt: skip


def test_a_cohort_is_a_path_or_a_name_under_data(small: Path) -> None:
    shutil.copytree(small / "data" / "llama", small / "data" / "mine")
    printed = {
        run("check", *arguments, folder=folder)[1]
        for folder, arguments in (
            (small, ["--cohort", "mine"]),
            (small, ["--cohort", "data/mine"]),
            (small / "notebooks", ["--cohort", "mine"]),
            (small, []),
            (small / "notebooks", []),
        )
    }
    assert len(printed) == 1
    assert "fourteen-credited" in printed.pop()
    status, _, said = run("check", "--cohort", "min", folder=small)
    assert (status, "did you mean mine?" in said) == (2, True)


def test_outside_the_project_a_cohort_has_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "PROJECT", None)
    for call in ("check", "build"):
        status, printed, said = run(call, folder=tmp_path)
        assert (status, printed) == (2, "")
        assert said.startswith("--cohort: is needed: there is no data/llama here.")
    assert list(tmp_path.iterdir()) == []


def test_only_notebooks_that_are_named_run_in_place_of_the_package_s(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[Path] = []

    def build(*_: object, notebooks: Path, **__: object) -> list[object]:
        ran.append(notebooks)
        return []

    monkeypatch.setattr(report, "build", build)
    run("build", folder=small)  # where other notebooks lie
    run("build", "--notebooks", "notebooks", folder=small)
    assert ran == [places.NOTEBOOKS, Path("notebooks")]


def test_what_is_still_the_example_is_warned_of(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    run("new", folder)
    table = folder / "authors.csv"
    table.write_text(table.read_text().replace("Ada Example", "Ada"))
    said = run("check", "--cohort", folder)[2]
    assert re.findall(r"(\w+\.\w+): is still the invented example", said) == [
        "claims.toml", "cohort.toml", "events.csv",
    ]  # fmt: skip


# --- streams, places and names that are not as usual


def test_whoever_stops_reading_has_what_they_wanted() -> None:
    done = started("check", shell="| { read line; echo $line; }; exit 0")
    assert done.stdout.startswith("inconclusive ")
    assert done.stderr == ""
    done = started("check", shell="3>&1 >/dev/null; echo status $?")
    assert done.stdout.splitlines()[-1] == "status 0"


def test_a_full_disk_is_told() -> None:
    done = started("check", shell=">/dev/full")
    assert (done.returncode, done.stderr) == (
        2,
        "the result could not be printed: No space left on device\n",
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_error(closed: str) -> None:
    done = started("check", shell=closed)
    assert (done.returncode, done.stderr) == (0, "")
    assert started("check", "--cohort", "nowhere", shell=closed).returncode == 2


def test_a_build_with_closed_streams_has_kernels(small: Path) -> None:
    build = ["build", "--notebooks", "notebooks"]
    assert started(*build, folder=small, shell="<&- 2>&-").returncode == 0
    assert (small / "reports" / "llama" / "index.html").is_file()


def test_nobody_has_to_read_how_far_a_build_is(small: Path) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    command = [sys.executable, "-m", "analysis_helpers", "build", "--notebooks", "notebooks"]
    done = subprocess.run(command, cwd=small, stdout=subprocess.PIPE, stderr=theirs, timeout=120)
    os.close(theirs)
    assert (done.returncode, done.stdout != b"") == (0, True)
    done = subprocess.run([*command, "--force", "-q"], cwd=small, capture_output=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_any_encoding_prints() -> None:
    for encoding in ("ascii", "latin-1", "utf-8"):
        done = started("check", "--lang", "he", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
        assert (done.returncode, done.stderr) == (0, "")


def test_names_of_any_bytes_and_a_warning_with_every_build(small: Path) -> None:
    odd = os.fsencode(small) + b"/team \xff"
    (small / "data" / "llama").rename(os.fsdecode(odd))
    Path(os.fsdecode(odd + b"/stray \xfe")).touch()
    assert started("check", "--cohort", odd).returncode == 0
    with Path(os.fsdecode(odd + b"/glossary.csv")).open("a") as file:
        file.write("Zebra,Zebra Inc\n")
    build = ["build", "--notebooks", "notebooks", "--cohort", odd, "--out", odd + b" report"]
    for _ in range(2):  # the second time, nothing has changed
        done = started(*build, folder=small)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count('glossary.csv: "Zebra" stands nowhere in authors.csv') == 1
    assert Path(os.fsdecode(odd + b" report/index.html")).is_file()
    done = started("check", "--cohort", odd + b" gone")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_a_link_to_itself_is_named(tmp_path: Path, llama: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    status, _, errors = run("check", "--cohort", loop)
    assert (status, str(loop) in errors) == (2, True)
    status, _, errors = run("build", "--cohort", llama, "--out", loop)
    assert (status, str(loop) in errors) == (2, True)


def test_a_folder_that_may_not_be_entered_is_named(
    llama: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", shut)
    status, _, errors = run("check", "--cohort", llama)
    assert (status, errors) == (2, f"{llama}: cannot be used: Permission denied\n")


def test_a_working_folder_that_is_gone_is_no_traceback(tmp_path: Path) -> None:
    code = (
        "import os, sys; os.chdir('gone'); os.rmdir('../gone')\n"
        "from analysis_helpers.__main__ import app; app(sys.argv[1:])"
    )
    for call in ("check", "build"):
        (tmp_path / "gone").mkdir()
        done = subprocess.run(
            [sys.executable, "-c", code, call],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr


@pytest.mark.parametrize("kind", ["not UTF-8", "link"])
def test_a_readme_of_any_kind_ends_no_build(small: Path, kind: str) -> None:
    readme, real = small / "README.md", small / "real.md"
    readme.unlink()
    text = "<!-- result: headcount of reports/llama -->\n<!-- end of result -->\n"
    if kind == "link":
        real.write_text(text)
        readme.symlink_to("real.md")
    else:
        readme.write_bytes(text.encode() + b"\xff")
    status, _, said = run("build", "--notebooks", "notebooks", folder=small)
    assert status == 0
    assert "Traceback" not in said
    if kind == "link":
        assert readme.is_symlink()
        assert "supported" in real.read_text()
    else:
        assert "README.md still shows an older result" in said
        assert readme.read_bytes() == text.encode() + b"\xff"


def test_an_address_in_a_text_of_the_gallery_is_no_link() -> None:
    assert _escape_markdown("https://a.example, WWW.b.example") == (
        r"https\://a.example, WWW\.b.example"
    )
