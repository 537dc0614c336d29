"""The command line: what it prints, and with which status it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis_helpers.__main__ import KINDS, app
from analysis_helpers.measures import MEASURES

PROJECT = Path(__file__).parents[1]


@pytest.fixture
def llama(tmp_path: Path) -> Path:
    return shutil.copytree(PROJECT / "data" / "llama", tmp_path / "llama")


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_check_decides_the_headline_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    status, printed, _ = run("check", "--json")
    assert status == 0
    claims = {claim["id"]: claim for claim in json.loads(printed)}
    found = {
        name: (claims[name]["low"], claims[name]["high"], claims[name]["verdict"])
        for name in (
            "fourteen-credited", "eleven-departed", "three-remain", "last-departure-february-2025",
            "first-departure-january-2023", "few-left-this-year",
        )
    }  # fmt: skip
    assert found == {
        "fourteen-credited": (14, 14, "supported"),
        "eleven-departed": (11, 11, "supported"),
        "three-remain": (3, 3, "supported"),
        "last-departure-february-2025": ("2025-02", "2025-02", "supported"),
        "first-departure-january-2023": ("2023-01", "2023-02", "inconclusive"),
        "few-left-this-year": (1, 1, "contradicted"),
    }
    mean = claims["mean-tenure-over-five-years"]
    assert (mean["low"], round(mean["high"], 1), mean["verdict"]) == (65, 68.8, "supported")
    assert claims["most-have-left"]["low"] == pytest.approx(1100 / 14)
    assert len(claims) >= 20


def test_check_prints_a_line_a_claim(llama: Path) -> None:
    status, printed, _ = run("check", "--cohort", llama)
    assert status == 0
    line = next(line for line in printed.splitlines() if "mean-tenure" in line)
    assert line.split() == [
        "supported", "mean-tenure-over-five-years", "65.0", "to", "68.8", "months",
    ]  # fmt: skip


def test_strict_ends_with_one_where_a_claim_is_contradicted(llama: Path) -> None:
    assert run("check", "--cohort", llama, "--strict")[0] == 1
    ledger = llama / "claims.toml"
    ledger.write_text(ledger.read_text().split("[[claim]]")[0])
    assert run("check", "--cohort", llama, "--strict")[0] == 0


def test_bad_input_ends_with_two_and_all_its_messages(llama: Path) -> None:
    table = llama / "authors.csv"
    table.write_text(
        table.read_text().replace("יולי 2024", "יולל 2024").replace(",5 שנים,", ",500 שנים,")
    )
    (llama / "claims.toml").write_text("[[claim]]\nid = 3\n")
    status, printed, said = run("check", "--cohort", llama)
    assert status == 2
    assert printed == ""
    assert 'authors.csv, row 11, departed: cannot read "יולל 2024"' in said
    assert "authors.csv, row 5, tenure: " in said
    assert "claims.toml, claim number 1, id: " in said
    assert "Traceback" not in said


def test_usage_and_a_missing_folder_end_with_two(tmp_path: Path) -> None:
    assert run("check", "--nonsense")[0] == 2
    status, _, said = run("check", "--cohort", tmp_path / "nowhere")
    assert status == 2
    assert "there is no such folder" in said


@pytest.mark.skipif("ARTICLE" not in os.environ, reason="ARTICLE names no copy of the article")
def test_verify_passes_on_the_article_and_names_a_changed_cell(llama: Path) -> None:
    article = os.environ["ARTICLE"]
    status, printed, _ = run("verify", article, "--cohort", llama)
    assert (status, printed.split()[1]) == (0, "cells")
    table = llama / "authors.csv"
    table.write_text(table.read_text().replace("6 שנים, 7 חודשים", "6 שנים"))
    status, said, _ = run("verify", article, "--cohort", llama)
    assert status == 1
    assert "row 8, tenure" in said


def test_new_writes_a_cohort_that_can_be_checked_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("new", folder)[0] == 0
    status, printed, _ = run("check", "--cohort", folder)
    assert status == 0
    assert "two-left" in printed
    status, _, said = run("new", folder)
    assert status == 2
    assert "is not empty" in said


def test_measures_are_printed_with_the_units_that_the_registry_has() -> None:
    units = {name: entry.kind for name, entry in MEASURES.items()}
    assert {name: kind for name, kind in units.items() if kind in ("months", "percent")} == KINDS


def test_the_ledger_is_printed_in_hebrew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    status, printed, _ = run("check", "--lang", "he")
    assert status == 0
    lines = printed.splitlines()
    line = next(line for line in lines if "mean-tenure" in line)
    assert re.split(r" {2,}", line) == [
        "נתמכת", "mean-tenure-over-five-years", "65.0 עד 68.8 חודשים",
        "11 העוזבים עבדו במטא בממוצע יותר מחמש שנים.",
    ]  # fmt: skip
    assert {re.split(r" {2,}", line)[0] for line in lines} == {
        "נתמכת", "לא הוכרעה", "הופרכה", "לא נבדקה",
    }  # fmt: skip


def test_a_ledger_without_hebrew_is_printed_as_it_is(tmp_path: Path) -> None:
    run("new", tmp_path / "mine")
    status, printed, _ = run("check", "--cohort", tmp_path / "mine", "--lang", "he")
    assert status == 0
    assert "נתמכת  two-left" in re.sub(" +", "  ", printed)
