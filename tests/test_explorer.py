"""The explorer as somebody meets it: executed without widgets, and in JupyterLab by keyboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.soak
PROJECT = Path(__file__).parents[1]


def test_a_page_made_from_it_has_the_table_and_asks_nobody_for_anything(
    browser: Any, tmp_path: Path
) -> None:
    for name in ("notebooks", "data", "jupyter_nbconvert_config.json"):
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path)
    environment = {k: v for k, v in os.environ.items() if k != "JPY_SESSION_NAME"}
    environment["JUPYTER_CONFIG_PATH"] = str(tmp_path)  # `make report` copies it into .venv
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--execute", "--to", "html"]
    subprocess.run(
        [*command, "notebooks/explore.ipynb"], cwd=tmp_path, env=environment, check=True,
        capture_output=True, timeout=300,
    )  # fmt: skip
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    made = tmp_path / "notebooks" / "explore.html"
    page.goto(made.as_uri())
    page.wait_for_timeout(500)
    elsewhere = [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    assert elsewhere == []
    assert "Every single change and what it turns" in page.inner_text("body")
    page.close()
