"""JSON Schemas of cohort.toml and claims.toml, so that editors complete, explain and underline.

Made from the definitions that check the files. An editor is told by the line `#:schema` of a file.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from .cohort import ADDRESS, SHA256, Keys, keys_of_head
from .errors import Bound
from .language import PEOPLE, translations
from .ledger import FORMS, ID, KEYS, KEYS_OF_A_READING, KEYS_OF_A_SOURCE, REQUIRED, WHERE
from .measures import MEASURES
from .ranges import Verdict
from .vocabulary import LANGUAGES
from .wording import MONTH

Schema = dict[str, Any]
_DRAFT = "http://json-schema.org/draft-07/schema#"
_TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": Bound.TEXT}


def cohort_schema() -> Schema:
    """The schema of cohort.toml."""
    tables = keys_of_head()
    head = _table(tables[""])
    for name, keys in tables.items():
        if name:
            head["properties"][name] |= _table(keys)
    head["properties"]["people"]["enum"] = list(PEOPLE)
    article = head["properties"]["article"]["properties"]
    article["language"]["enum"] = list(LANGUAGES)
    article["as_of"]["pattern"] = f"^{MONTH}$"
    article["url"]["pattern"] = f"^{ADDRESS.pattern}$"
    article["sha256"]["pattern"] = f"^{SHA256}$"
    one_start = [{"required": ["paper"]}, {"required": ["start"]}]
    return {"$schema": _DRAFT, "title": "A cohort"} | head | {"oneOf": one_start}


def _table(keys: Keys) -> Schema:
    kinds: dict[type, Schema] = {
        str: _TEXT,
        datetime.date: {"type": "string", "format": "date"},
        dict: {"type": "object"},
        list: {"type": "array", "items": _TEXT},
    }
    return _closed(
        {key: kinds[kind] | {"description": holds} for key, (kind, _, holds) in keys.items()},
        [key for key, (_, required, _) in keys.items() if required],
    )


def _closed(properties: Mapping[str, Schema], required: list[str]) -> Schema:
    """A table with these keys and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }


def claims_schema() -> Schema:
    """The schema of claims.toml."""
    claim = _closed({key: _value(key) for key in KEYS} | _said("says", "reading"), list(REQUIRED))
    claims = {"type": "array", "items": claim, "maxItems": Bound.CLAIMS}
    return {"$schema": _DRAFT, "title": "A ledger"} | _closed({"claim": claims}, [])


def _said(*keys: str) -> dict[str, Schema]:
    """The keys for texts in other languages: `says_he`."""
    return {
        f"{key}_{code}": _TEXT | {"description": f"The same as {key}, in the language {code}"}
        for key in keys
        for code in translations()
    }


def _value(key: str) -> Schema:
    forms: dict[str, Schema] = {
        "id": {"type": "string", "pattern": f"^{ID}$", "maxLength": Bound.ID},
        "measure": {"type": "string", "enum": list(MEASURES)},
        "where": _closed({column: _expectation(FORMS[kind]) for column, kind in WHERE.items()}, []),
        "expect": _expectation("; ".join(FORMS.values())),
        "verdict": {"type": "string", "enum": list(Verdict)},
    }
    match key:
        case "sources":
            texts = {
                name: _TEXT | {"description": holds} for name, holds in KEYS_OF_A_SOURCE.items()
            }
            texts["url"] = texts["url"] | {"pattern": f"^{ADDRESS.pattern}$"}
            source = _closed(texts | _said("finding"), list(KEYS_OF_A_SOURCE))
            form: Schema = {"type": "array", "items": source, "minItems": 1}
        case "readings":
            reading = {name: _value(name) for name in KEYS_OF_A_READING} | _said("reading")
            items = _closed(reading, ["reading", "measure", "expect"])
            form = {"type": "array", "items": items, "minItems": 2}
        case _:
            form = forms.get(key, _TEXT)
    return form | {"description": KEYS[key]}


def _expectation(form: str) -> Schema:
    texts = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    return {"anyOf": [{"type": ["string", "number"]}, texts], "description": form}


def schema_files() -> dict[str, bytes]:
    """Both schemas as files, by the names that the scaffold's files call them."""
    schemas = {"cohort.schema.json": cohort_schema(), "claims.schema.json": claims_schema()}
    return {
        name: (json.dumps(schema, ensure_ascii=False, indent=1) + "\n").encode()
        for name, schema in schemas.items()
    }
