"""From what is published alone, a script that knows nothing of the package finds every verdict."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from analysis_helpers.claims import Decision
from analysis_helpers.measures import MEASURES
from analysis_helpers.report.pages.tables import write_tables

PROJECT = Path(__file__).parents[1]
SCRIPT = Path(__file__).with_name("recompute.py")
Maker = Callable[..., Path]


def published(cohort: Path, into: Path, language: str = "en") -> list[dict[str, Any]]:
    """The claims that the table decides, as a build publishes them."""
    into.mkdir()
    write_tables(cohort, into, language, lambda: None)
    claims = json.loads((into / "claims.json").read_text(encoding="utf-8"))
    return [claim for claim in claims if claim["checked_by"] == "table"]


def recomputed(folder: Path) -> dict[str, list[str]]:
    """By the script, in a Python that finds no package but its own."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", SCRIPT, folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def verdicts(claims: list[dict[str, Any]]) -> dict[str, list[str]]:
    return {
        claim["id"]: [
            claim["verdict"],
            *(reading["verdict"] for reading in claim["readings"] or []),
        ]
        for claim in claims
    }


def test_the_script_needs_nothing_but_python() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("language", ["en", "he"])
def test_every_verdict_on_llama_follows_from_what_is_published(
    tmp_path: Path, language: str
) -> None:
    claims = published(PROJECT / "data" / "llama", tmp_path / "out", language)
    found = verdicts(claims)
    assert recomputed(tmp_path / "out") == found
    # It would be no test if all verdicts were the same, or if no claim had readings.
    assert {verdict for each in found.values() for verdict in each} == {
        "supported", "inconclusive", "contradicted",
    }  # fmt: skip
    assert len(found["dissolved-gradually"]) == 3


def test_a_changed_row_changes_what_the_script_finds(tmp_path: Path) -> None:
    published(PROJECT / "data" / "llama", tmp_path / "out")
    table = tmp_path / "out" / "data" / "authors.csv"
    text = table.read_text(encoding="utf-8")
    assert text.count(",2024-08,2024-08,") == 1
    table.write_text(text.replace(",2024-08,2024-08,", ",2025-01,2025-01,"), encoding="utf-8")
    assert recomputed(tmp_path / "out")["few-left-this-year"] == ["supported"]


# Two stayed; of those who left one in an unknown month, two in some of several months, one without
# a tenure, one without an employer; of the roles some are missing.
TEAM = [
    {"name": "Ada", "role_now": "Chief"},
    {"name": "Ben", "organisation": "Acme", "departed": "2023-03", "tenure": "2 years, 1 month",
     "role_then": "Engineer", "role_now": "Chief"},
    {"name": "Cleo", "organisation": "Birch", "departed": "early 2024", "tenure": "4 years",
     "role_now": "Engineer"},
    {"name": "Dov", "organisation": "Acme", "departed": "unknown", "tenure": "3 years, 2 months",
     "role_then": "not available"},
    {"name": "Emil"},
    {"name": "Fay", "departed": "2023-11", "tenure": "1 year, 1 month",
     "role_now": "Chief"},
    {"name": "Gil", "organisation": "Cog", "departed": "late 2024", "tenure": "5 years, 1 month"},
    {"name": "Hana", "organisation": "Cog", "departed": "2023-11"},
    # Listed, and not counted.
    {"name": "Ian", "organisation": "Birch", "departed": "2022-01", "tenure": "9 years"},
]  # fmt: skip
EXPECTED = {
    "count": [1, 2, 3, 2.5],
    "percent": ["50 %", "71.4 %"],
    "months": ["2 years", "25 months", "2.5 years", "31 months"],
    "month": ["2023-03", "2024-01", "2024-09"],
    "text": ["Acme", "Cog"],
    "names": ["Ada"],
}
WHERE: list[dict[str, Any]] = [
    {},
    {"departed": ">= 2024-03"},
    {"departed": "< 2023-12"},
    {"tenure": ">= 2 years"},
    {"tenure": "!= 25 months"},
    {"organisation": ["Acme", "Cog"]},
    {"organisation": "!= Acme"},
    {"name": ["Ben", "Cleo", "Ada"]},
    {"name": "!= Dov", "departed": "<= 2024-04"},
    {"name": "!= Hana"},
    {"name": ["Cleo", "Gil"], "departed": ">= 2024-10"},
]


@pytest.mark.parametrize("every", [23, pytest.param(1, marks=pytest.mark.soak)])
def test_every_measure_operator_and_condition_comes_out_the_same(
    tmp_path: Path, make_cohort: Maker, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    # The script does not read it, and to find it takes most of the time.
    monkeypatch.setattr(Decision, "rows_to_change", None)
    claims: list[dict[str, Any]] = []
    for (name, entry), where in product(MEASURES.items(), WHERE):
        signs = ["=", "!="] if entry.kind in ("text", "names") else ["=", "!=", "<", ">=", ">"]
        for sign, value in product(signs, EXPECTED[entry.kind]):
            claim = {"measure": name, "expect": f"{sign} {value}"}
            claims.append(claim | ({"where": where} if where else {}))
    claims = claims[::every]
    claims.append({"measure": "names", "expect": [row["name"] for row in TEAM]})
    some = claims[::7]
    claims += [
        {"readings": [{"reading": "so"} | one, {"reading": "or so"} | other]}
        for one, other in zip(some, some[1:], strict=False)
    ]
    folder = make_cohort(tmp_path, TEAM, claims)
    head, *rows, last = (folder / "authors.csv").read_text(encoding="utf-8").splitlines()
    table = [f"{head},counted", *(f"{row}," for row in rows), f"{last},no", ""]
    (folder / "authors.csv").write_text("\n".join(table), encoding="utf-8")
    decided = published(folder, tmp_path / "out")
    assert len(decided) == len(claims) > 1_500 / every
    found, said = recomputed(tmp_path / "out"), verdicts(decided)
    by_id = {claim["id"]: claim for claim in decided}
    wrong = [(by_id[name], found[name]) for name in said if found[name] != said[name]]
    assert wrong == []
    tallied = Counter(each[0] for each in said.values())
    assert min(tallied.values()) > len(claims) / 10
