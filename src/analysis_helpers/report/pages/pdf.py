"""The report as a tagged PDF with bookmarks, printed by an installed Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from html import unescape
from pathlib import Path

from analysis_helpers.report.errors import BuildError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SECONDS = 120

_NODE = re.compile(rb"\(node(\d{8})\)")
# The browser would make a link to a file beside the page one into this machine's folders.
_BESIDE = re.compile(r'(<a\b[^>]*?) href="(?!#|https?:|mailto:)[^"]*"')


def with_browser() -> Callable[[Path, Path], None]:
    """What prints an HTML page into a PDF file; two prints of one page are the same bytes.

    Raises BuildError when no browser is installed; so does the printing when the browser fails.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        names = ", ".join(BROWSERS)
        raise BuildError(f"--pdf needs a browser that prints: install Chromium (sought: {names})")
    return partial(_print, browser)


def _print(browser: str, page: Path, pdf: Path) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        copy = Path(profile) / "report.html"
        copy.write_text(_BESIDE.sub(r"\1", page.read_text(encoding="utf-8")), encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            f"--user-data-dir={profile}",
            "--export-tagged-pdf",
            "--generate-pdf-document-outline",
            "--no-pdf-header-footer",
            f"--print-to-pdf={pdf}",
            copy.as_uri(),
        ]
        try:
            done = subprocess.run(  # noqa: S603 (the command is ours, whatever the page holds)
                command, capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise BuildError(f"{browser} did not print the report within {SECONDS} s") from None
    if done.returncode or not pdf.is_file():
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise BuildError(f"{browser} could not print the report: {' '.join(last)}")
    # The browser stamps the hour of printing; the same length keeps every offset in the file.
    stamped = re.sub(rb"\(D:\d{14}", b"(D:20000101000000", pdf.read_bytes())
    headings = _headings(page.read_text(encoding="utf-8"))
    pdf.write_bytes(_with_bookmarks(renumbered(stamped), headings))


def renumbered(pdf: bytes) -> bytes:
    """The file with its tagged elements numbered from 1, in the order of the numbers they had.

    The browser counts on from whatever it has numbered before, which is not always as much.
    """
    numbers = sorted({int(found) for found in _NODE.findall(pdf)})
    rank = {number: place for place, number in enumerate(numbers, 1)}
    return _NODE.sub(lambda match: b"(node%08d)" % rank[int(match[1])], pdf)


# --- bookmarks

_TITLE = re.compile(rb"/Title (?:<FEFF([0-9A-F]*)>|\(((?:[^()\\]|\\.)*)\))")
"""As the browser writes it: in UTF-16, or in ASCII letters."""
_OFFSET = re.compile(rb"(\d{10})(?= \d{5} n)")


def _headings(page: str) -> list[str]:
    found = re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", page, re.DOTALL)
    return [unescape(re.sub(r"<[^>]*>", "", text)) for _level, text in found]


def _with_bookmarks(pdf: bytes, headings: list[str]) -> bytes:
    """The file with each bookmark saying its heading.

    The browser takes a bookmark from where the letters are printed: Hebrew words come in the order
    from left to right, a blank at the end of a line is lost, and a heading that moves to the next
    page comes twice. Its letters still tell which heading it is.
    """
    known = {_letters(text * times): text for text in headings for times in (1, 2)}
    moved: list[tuple[int, int]] = []

    def title(match: re.Match[bytes]) -> bytes:
        if match[1] is not None:
            printed = bytes.fromhex(match[1].decode()).decode("utf-16-be")
        else:
            printed = re.sub(r"\\(.)", r"\1", match[2].decode("latin-1"))
        said = known.get(_letters(printed))
        if said is None:
            return match[0]
        new = b"/Title <FEFF" + said.encode("utf-16-be").hex().upper().encode() + b">"
        moved.append((match.start(), len(new) - len(match[0])))
        return new

    def place(match: re.Match[bytes]) -> bytes:
        offset = int(match[1])
        return b"%010d" % (offset + sum(longer for start, longer in moved if start < offset))

    body, _, rest = pdf.rpartition(b"\nxref\n")
    table, _, end = rest.rpartition(b"startxref\n")
    body = _TITLE.sub(title, body)
    table = _OFFSET.sub(place, table)
    start = b"%d" % (len(body) + 1)
    return b"".join(
        [body, b"\nxref\n", table, b"startxref\n", re.sub(rb"^\d+", lambda _: start, end)]
    )


def _letters(text: str) -> tuple[str, ...]:
    return tuple(sorted("".join(text.split())))
