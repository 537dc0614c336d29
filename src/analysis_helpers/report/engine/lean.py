"""Imports without what costs seconds and is not used."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_UNUSED = (
    # jsonschema builds a grammar for international web addresses (three seconds) where it can.
    "rfc3987_syntax",
    # seaborn has its own density estimate, and loads statistics and widgets where they are there.
    "ipywidgets",
    "scipy",
    # pandera invents examples of a schema with it, where it is installed for tests.
    "hypothesis",
    # ipykernel brings a debugger into every kernel, where nobody sits to step through cells.
    "debugpy",
)


@contextmanager
def imports() -> Iterator[None]:
    """Import other people's libraries in here: they do without what is not used in a build.

    Each does so by itself where the package is not installed. A notebook that imports one of them
    gets it. Nothing that is imported is garbage; to look for some takes a sixth of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    hidden = [name for name in _UNUSED if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
        if collecting:
            gc.enable()
