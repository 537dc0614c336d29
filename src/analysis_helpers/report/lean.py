"""Imports without what costs seconds and is not used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def imports() -> Iterator[None]:
    """Import Jupyter's libraries in here.

    jsonschema, which they import, builds a grammar for international web addresses whenever it
    can (three seconds); it does without if that is not installed, and no notebook has a use for it.
    """
    name = "rfc3987_syntax"
    hidden = name not in sys.modules
    if hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[name]
