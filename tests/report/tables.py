"""What stands in for the step that writes a report's tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from analysis_helpers.errors import InputError, Problem


def write_tables(cohort: Path, into: Path, language: str, checked: Callable[[], None]) -> None:
    """Stands in for the real step: one row a claim in `claims.toml`, or a problem."""
    lines = (cohort / "claims.toml").read_text().splitlines()
    problems = [Problem(f"row {n}", "no verdict") for n, row in enumerate(lines) if "," not in row]
    if problems:
        raise InputError(problems)
    checked()
    rows = [line.rsplit(",", 1) for line in lines]
    claims = [
        {"id": f"c{n}", "says": says, "source": "line 1", "verdict": verdict, "checked_by": "table"}
        for n, (says, verdict) in enumerate(rows)
    ]
    texts = {
        "title": "Who left the team, and when",
        "headline": "The departures add up, the timeline does not",
        "description": "Eleven of fourteen have left. Every claim of the article, recomputed.",
        "lead": "Eleven of fourteen have left.",
        "outcome": "Every claim of the article, recomputed.",
        "contradicted": "",
        "dated": None,
        "article_said": None,
        "as_of": "As of August 2025",
        "article": {"publisher": "The Paper", "url": "https://paper.example/story"},
        "imprint": {},
        "address": None,
        "claims": claims,
    }
    (into / "data").mkdir()
    (into / "claims.json").write_text(json.dumps(claims))
    (into / "data" / "authors.csv").write_text("name\nAda\n")
    (into / "datapackage.json").write_text("{}")
    (into / "report.json").write_text(json.dumps(texts))
