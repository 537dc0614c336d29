from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_helpers import report
from analysis_helpers.report.engine import cache

from . import samples


@pytest.fixture(scope="session")
def still_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands for the package's code, so that somebody who edits it meanwhile changes nothing."""
    folder = tmp_path_factory.mktemp("package")
    (folder / "code.py").write_text("")
    return folder


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch, still_package: Path) -> None:
    monkeypatch.setattr(report, "TABLES", samples.TABLES)
    monkeypatch.setattr(cache, "PACKAGE", still_package)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> samples.Project:
    """Two small notebooks, of which the second says what its cohort's first row is."""
    monkeypatch.setenv("ANALYSIS_HELPERS_CACHE", str(tmp_path / "cache"))
    return samples.Project(tmp_path, n01_one=samples.ONE, n02_two=samples.TWO)


@pytest.fixture(scope="session")
def pages(made_once: Callable[..., Path], still_package: Path) -> Path:
    """A built report with everything in it that a page can show."""

    def make(folder: Path) -> None:
        made = samples.Project(
            folder,
            n01_summary=samples.SUMMARY,
            n02_tenure=samples.TENURE,
            n03_planted=samples.PLANTED,
            n04_ledger=samples.FULL,
        )
        made.claims("Eleven have left.,supported", f"{samples.ATTACK},contradicted")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(report, "TABLES", samples.TABLES)
            patch.setattr(cache, "PACKAGE", still_package)
            report.build(made.cohort, made.out, notebooks=made.notebooks)

    return made_once("pages", make) / "reports" / "llama"
