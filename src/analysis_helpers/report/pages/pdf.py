"""The report as a tagged PDF with bookmarks, printed by an installed Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from analysis_helpers.report.errors import BuildError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SECONDS = 120

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
    stamp = b"(D:" + b"20000101000000"
    pdf.write_bytes(re.sub(rb"\(D:\d{14}", stamp, pdf.read_bytes()))
