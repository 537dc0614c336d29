"""The notebooks run from top to bottom, as they are and on another cohort."""

from __future__ import annotations

import re
from pathlib import Path

import nbclient
import nbformat
import papermill
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory

from analysis_helpers.report.engine import fork
from analysis_helpers.scaffold import write_cohort

PROVISIONERS = [
    "analysis-helpers-forked",
    pytest.param("local-provisioner", marks=pytest.mark.soak),
]
NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(autouse=True, params=PROVISIONERS)
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels that are forked, as those of a build, or that Jupyter starts and that import all."""
    fork.start()
    provisioners = KernelProvisionerFactory.instance()
    monkeypatch.setattr(provisioners, "default_provisioner_name", request.param)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_as_it_is(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert outputs
    assert all(out.output_type in ("execute_result", "display_data") for out in outputs), (
        "a cell wrote to stdout or stderr"
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_papermill_runs_a_notebook_on_another_cohort(path: Path, tmp_path: Path) -> None:
    write_cohort(tmp_path / "mine")
    executed = papermill.execute_notebook(
        path, None, {"cohort": str(tmp_path / "mine")}, cwd=str(tmp_path), progress_bar=False
    )
    shown = str([cell.get("outputs") for cell in executed.cells])
    # A picture is written in letters that mean nothing, in which any short word may turn up.
    words = re.sub(r"[A-Za-z0-9+/]{200,}", "", shown)
    assert len(words) > 500
    assert "Meta" not in words
    assert "LLaMA" not in words
