"""What an editor is told of cohort.toml and claims.toml is what the package takes."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from analysis_helpers.errors import InputError
from analysis_helpers.measures import MEASURES
from analysis_helpers.opening import open_cohort
from analysis_helpers.scaffold import EXAMPLE, write_cohort
from analysis_helpers.schema import claims_schema, cohort_schema

LLAMA = Path(__file__).parents[1] / "data" / "llama"
SCHEMAS = {"cohort.toml": cohort_schema(), "claims.toml": claims_schema()}
Maker = Callable[..., Path]


def as_an_editor_has_it(value: Any) -> Any:
    """A TOML value as JSON: a date is a text."""
    if isinstance(value, Mapping):
        return {key: as_an_editor_has_it(held) for key, held in value.items()}
    if isinstance(value, list):
        return [as_an_editor_has_it(held) for held in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def faults(file: str, text: str) -> list[str]:
    """Where an editor would underline something."""
    validator = jsonschema.Draft7Validator(SCHEMAS[file])
    found = validator.iter_errors(as_an_editor_has_it(tomllib.loads(text)))
    return sorted(
        ".".join(map(str, error.absolute_path)) + f": {error.validator}" for error in found
    )


@pytest.mark.parametrize("file", SCHEMAS)
@pytest.mark.parametrize("folder", [LLAMA, EXAMPLE], ids=["llama", "new"])
def test_what_is_good_is_not_underlined(folder: Path, file: str) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMAS[file])
    assert faults(file, (folder / file).read_text(encoding="utf-8")) == []


def test_the_scaffold_names_the_schemas_that_lie_beside_it(tmp_path: Path) -> None:
    for path in write_cohort(tmp_path / "mine"):
        if path.suffix == ".toml":
            named = re.match(r"#:schema \./(\S+)\n", path.read_text(encoding="utf-8"))
            written = json.loads((path.parent / named[1]).read_text(encoding="utf-8"))
            assert written == SCHEMAS[path.name]


def test_every_key_explains_itself_and_every_measure_is_offered() -> None:
    def described(schema: Mapping[str, Any]) -> None:
        for key, held in schema.get("properties", {}).items():
            assert held.get("description") or key == "claim", key
            described(held)
            described(held.get("items", {}))

    for schema in SCHEMAS.values():
        described(schema)
    claim = SCHEMAS["claims.toml"]["properties"]["claim"]["items"]["properties"]
    assert claim["measure"]["enum"] == list(MEASURES)


HEAD = """
title = "A team"
company = "Acme"
[paper]
title = "A paper"
published = 2023-02-27
source = "the journal"
[article]
language = "en"
as_of = "2025-05"
"""
CLAIM = """
[[claim]]
id = "two-left"
says = "Two left."
source = "line 1"
measure = "departed"
where = { departed = "< 2024-01" }
expect = 2
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("company", "compnay", ": additionalProperties"),
        ('language = "en"', 'language = "fr"', "article.language: enum"),
        ('"2025-05"', '"May 2025"', "article.as_of: pattern"),
        ('"2025-05"', "2025-05-31", "article.as_of: pattern"),
        ("published", "publisched", "paper: additionalProperties"),
        ('title = "A team"', 'title = ""', "title: minLength"),
        ('title = "A team"', "title = 7", "title: type"),
        ('title = "A team"', 'title = "A team"\npeople = "editor"', "people: enum"),
        ("[article]", '[start]\nlabel = "x"\ndate = 2020-01-01\n[article]', ": oneOf"),
    ],
)
def test_a_slip_in_the_head_is_underlined_and_refused(
    tmp_path: Path, make_cohort: Maker, old: str, new: str, fault: str
) -> None:
    assert faults("cohort.toml", HEAD) == []
    slip = HEAD.replace(old, new, 1)
    assert fault in faults("cohort.toml", slip)
    folder = make_cohort(tmp_path)
    (folder / "cohort.toml").write_text(slip, encoding="utf-8")
    with pytest.raises(InputError):
        open_cohort(folder)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("measure", "mesure", "claim.0: additionalProperties"),
        ('"departed"', '"average_tenure"', "claim.0.measure: enum"),
        ('"two-left"', '"Two left"', "claim.0.id: pattern"),
        ("source", "sauce", "claim.0: required"),
        ("departed = ", "organization = ", "claim.0.where: additionalProperties"),
        ("[[claim]]", "[[claims]]", ": additionalProperties"),
        ("expect = 2", "expect = true", "claim.0.expect: anyOf"),
        ("expect = 2", 'expect = 2\nverdict = "right"', "claim.0.verdict: enum"),
        (
            "expect = 2",
            'expect = 2\nsources = [{ url = "https://a.example", find = "x" }]',
            "claim.0.sources.0: additionalProperties",
        ),
    ],
)
def test_a_slip_in_the_ledger_is_underlined_and_refused(
    tmp_path: Path, make_cohort: Maker, old: str, new: str, fault: str
) -> None:
    assert faults("claims.toml", CLAIM) == []
    slip = CLAIM.replace(old, new, 1)
    assert fault in faults("claims.toml", slip)
    with pytest.raises(InputError):
        open_cohort(make_cohort(tmp_path, claims=slip))
