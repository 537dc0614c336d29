"""Which cohort a published report is of, so that no other one takes its place unasked.

The folder that published a report is remembered in this user's cache: it may change its title, and
another folder with the same title is another. Where that is not known (a fresh checkout), or the
folder has moved, it is the title that tells: every report carries its own.
"""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from analysis_helpers.report.engine.cache import Store, digest
from analysis_helpers.report.errors import TargetError

_KEY = "published by"


def remember(store: Store, out: Path, cohort: Path) -> None:
    """Note that this folder published the report in `out`."""
    if store.get(_slot(out), _KEY) != str(cohort):
        store.put(_slot(out), _KEY, str(cohort))


def refuse_another(store: Store, out: Path, cohort: Path, files: Collection[str]) -> None:
    """Raise TargetError where `out` has a report, of these files, that another cohort published."""
    publisher = store.get(_slot(out), _KEY)
    if not files or publisher == str(cohort):
        return
    packages = [name for name in files if Path(name).name == "datapackage.json"]
    titles = [_read(out / name, json.loads).get("title") for name in packages]
    shown = [title for title in titles if isinstance(title, str)]
    still_there = publisher is not None and (Path(publisher) / "cohort.toml").is_file()
    ours = _titles(cohort)
    same = {_letters(title) for title in shown} & {_letters(title) for title in ours}
    if still_there or (shown and ours and not same):
        of = f', "{shown[0]}"' if shown else ""
        by = f" ({publisher})" if still_there else ""
        raise TargetError(
            f"holds the report of another cohort{of}{by}; publish into another folder (--out), "
            "or replace that report (--force)"
        )


def _slot(out: Path) -> str:
    return f"publisher-{digest([(str(out), b'')])[:16]}"


def _titles(cohort: Path) -> list[str]:
    values = _read(cohort / "cohort.toml", tomllib.loads)
    return [
        value
        for name, value in values.items()
        if (name == "title" or name.startswith("title_")) and isinstance(value, str)
    ]


def _read(path: Path, parse: Any) -> dict[str, Any]:  # noqa: ANN401
    """A small file's table; an empty one where there is none, or none that can be read."""
    with suppress(OSError, ValueError):
        if path.is_file() and isinstance(found := parse(path.read_text(encoding="utf-8")), dict):
            return found
    return {}


def _letters(title: str) -> str:
    """A title without what does not tell two of them apart."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", title).casefold()))
