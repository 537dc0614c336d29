"""The notebooks run from top to bottom, as they are and on another cohort."""

from __future__ import annotations

import re
from pathlib import Path

import nbclient
import nbconvert
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


TENURE = next(path for path in NOTEBOOKS if path.stem == "04_tenure")


def test_papermill_sets_what_a_chapter_compares_with(caplog: pytest.LogCaptureFixture) -> None:
    executed = papermill.execute_notebook(
        TENURE, None, {"threshold": 48}, cwd=str(TENURE.parent), progress_bar=False
    )
    (chart,) = (cell for cell in executed.cells if "ah.charts" in cell.source)
    assert "four years" in chart.outputs[0]["data"]["text/plain"]
    assert "unknown parameter" not in caplog.text


def test_what_jupyter_exports_has_alternative_texts_and_a_script_is_python(
    caplog: pytest.LogCaptureFixture,
) -> None:
    executed = papermill.execute_notebook(
        TENURE, None, {}, cwd=str(TENURE.parent), progress_bar=False
    )
    # Of nbconvert's own templates this one reads them from the metadata.
    page, _ = nbconvert.HTMLExporter(template_name="classic").from_notebook_node(executed)
    assert "Alternative text is missing" not in caplog.text
    (said,) = re.findall(r'<img[^>]* alt="([^"]+)"', page)
    assert said.startswith("Those who left had been at Meta for 5.4 to 5.7 years on average. ")
    _, resources = nbconvert.ScriptExporter().from_notebook_node(executed)
    assert resources["output_extension"] == ".py"
