"""What the engine hands to the pages: an executed notebook, reduced to what a page shows."""

from __future__ import annotations

from typing import Any

FIGURE = "application/vnd.analysis-helpers.figure+json"
"""The kind of output that is a figure, with all that stands beside it."""

ARITHMETIC = "arithmetic"
"""The tag of a cell that is for analysts, and folded away on a page."""

MASTHEAD = "masthead"
"""The tag of a cell that shows what the head of the whole report says already."""

Notebook = dict[str, Any]
"""An executed notebook in Jupyter's format."""
