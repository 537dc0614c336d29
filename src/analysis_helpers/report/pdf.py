"""The report as a tagged PDF with bookmarks, printed by an installed Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from analysis_helpers.report.errors import BuildError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SECONDS = 120


def print_pdf(page: Path, pdf: Path) -> None:
    """Print an HTML page; two prints of the same page are the same bytes.

    Raises BuildError when no browser is installed, or when it fails.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        names = ", ".join(BROWSERS)
        raise BuildError(
            f"--pdf needs a browser that prints: install Chromium (looked for {names})"
        )
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--no-first-run", f"--user-data-dir={profile}", "--export-tagged-pdf",
            "--generate-pdf-document-outline", "--no-pdf-header-footer", f"--print-to-pdf={pdf}",
            page.resolve().as_uri(),
        ]  # fmt: skip
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
    dated = re.compile(rb"\(D:\d{14}")
    pdf.write_bytes(dated.sub(b"(D:" + b"20000101000000", pdf.read_bytes()))
