"""How far a build is: a bar on a terminal, lines elsewhere, and nothing where nobody asks."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time

import pytest

from analysis_helpers.progress import told
from analysis_helpers.report import Progress

STEPS = [
    Progress("tables", 0, 1),
    Progress("01_one", 0, 2),
    Progress("he/01_one", 0, 2),
    Progress("01_one", 1, 2),
    Progress("01_one", 2, 2),
    Progress("tables", 1, 1),
    Progress("he/01_one", 1, 2),
    Progress("he/01_one", 2, 2),
    Progress("pages", 1, 2),
    Progress("pages", 2, 2),
]
RUN = f"""
import sys
from analysis_helpers.progress import told
from analysis_helpers.report import Progress
print("rich" in sys.modules, file=sys.stderr)
with told(lambda line: print(line, file=sys.stderr), quiet="quiet" in sys.argv) as tell:
    for step in {STEPS!r}:
        tell(step)
        if "slow" in sys.argv:
            import time
            time.sleep(0.15)
print("rich" in sys.modules, file=sys.stderr)
"""


def lines(*steps: Progress, quiet: bool = False) -> list[str]:
    printed: list[str] = []
    with told(printed.append, quiet=quiet) as tell:
        for step in steps:
            tell(step)
    return printed


def on_terminal(*arguments: str, **environment: str) -> str:
    """What a terminal of 60 columns gets, escape sequences and all."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "60", **environment},
        close_fds=True,
    )
    os.close(theirs)
    shown, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([ours], [], [], 1)[0]:
            try:
                shown += os.read(ours, 10_000)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return shown.decode()


def test_elsewhere_each_notebook_has_a_line_when_it_is_done() -> None:
    assert lines(*STEPS) == ["1/2  01_one", "2/2  he/01_one"]


def test_a_wait_is_told() -> None:
    assert lines(Progress("waiting", 0, 1)) == ["waiting for another build"]


def test_quiet_says_nothing() -> None:
    assert lines(*STEPS, Progress("waiting", 0, 1), quiet=True) == []


def test_a_terminal_has_one_bar_that_is_redrawn_and_then_gone() -> None:
    shown = on_terminal("slow")
    assert "he/01_one" in shown
    assert shown.startswith("False")  # rich is loaded for the bar, and only then
    visible = re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", shown)
    assert max(len(line) for line in re.split(r"[\r\n]+", visible)) <= 60
    # A bar is one line: whatever is drawn later is drawn over it.
    assert visible.count("\n") <= 4


@pytest.mark.parametrize(("arguments", "term"), [(["quiet"], "xterm"), ([], "dumb")])
def test_a_terminal_that_cannot_redraw_and_a_quiet_one_have_no_bar(
    arguments: list[str], term: str
) -> None:
    shown = on_terminal(*arguments, TERM=term).splitlines()
    assert shown == [
        "False",
        *(["1/2  01_one", "2/2  he/01_one"] if not arguments else []),
        "False",
    ]


def test_a_terminal_of_any_encoding_has_a_bar() -> None:
    shown = on_terminal("slow", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "01_one" in shown
    assert "Traceback" not in shown


def test_nothing_is_imported_for_what_is_not_drawn() -> None:
    code = "import analysis_helpers.progress, sys; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
