"""What JupyterLab does when it saves a notebook of this project: `make lab` asks for it.

Git's filter keeps outputs out of commits and diffs. But `git status` takes a file of another size
for a changed one before it asks a filter, so the file itself has to be saved without them.
"""

from __future__ import annotations

from typing import Any


def save_without_outputs(model: dict[str, Any], path: str, **_more: object) -> None:
    """A `pre_save_hook` of Jupyter's contents manager: empties what is saved under `notebooks/`."""
    if model["type"] != "notebook" or not path.lstrip("/").startswith("notebooks/"):
        return
    notebook = model["content"]
    notebook["metadata"].get("language_info", {}).pop("version", None)
    for cell in notebook["cells"]:
        cell["metadata"].pop("trusted", None)
        if cell["cell_type"] == "code":
            cell["metadata"].pop("execution", None)
            cell["outputs"], cell["execution_count"] = [], None
