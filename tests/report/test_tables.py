"""The claims as a spreadsheet gets them: what claims.json says, in cells."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis_helpers.claims import to_json
from analysis_helpers.opening import open_cohort
from analysis_helpers.report.pages.tables import as_csv

PROJECT = Path(__file__).parents[2]


def in_cells(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """The claims as claims.json and as claims.csv have them."""
    claims = to_json(open_cohort(folder)[1])
    return claims, list(csv.DictReader(io.StringIO(as_csv(claims), newline="")))


def test_every_claim_is_a_row_and_every_key_a_column() -> None:
    claims, rows = in_cells(PROJECT / "data" / "llama")
    assert [row["id"] for row in rows] == [claim["id"] for claim in claims]
    assert all(list(row) == list(claim) for row, claim in zip(rows, claims, strict=True))
    for row, claim in zip(rows, claims, strict=True):
        assert row["says"] == claim["says"]
        assert {key for key in row if row[key] == ""} == {
            key for key in claim if claim[key] in (None, [])
        }
        for key in ("where", "readings", "sources"):
            assert (json.loads(row[key]) if row[key] else None) == claim[key]
        for key in ("counted", "possible"):
            assert (row[key].split("; ") if row[key] else []) == (claim[key] or [])


def test_no_cell_runs_in_a_spreadsheet(make_cohort: Callable[..., Path], tmp_path: Path) -> None:
    claims = [
        {"says": "=1+1", "measure": "departed", "expect": "= 2", "reading": "+2, no more"},
        {"says": "So.", "measure": "mean_tenure", "expect": "-2 months"},
        {"says": "So.", "measure": "last_departure", "expect": "=2024-02"},
        {"says": "So.", "measure": "names", "expect": ["Ben", "Cleo"]},
        {"says": "So.", "measure": "departed", "expect": 2},
    ]
    rows = in_cells(make_cohort(tmp_path, claims=claims))[1]
    assert [row["expect"] for row in rows] == ["2", "'-2 months", "2024-02", "Ben; Cleo", "2"]
    assert (rows[0]["says"], rows[0]["reading"]) == ("'=1+1", "'+2, no more")
    assert rows[1]["by_construction"] == "false"
