"""Recompute what an article says about a team, and say how firmly each claim stands.

`import analysis_helpers as ah` gives an analyst all that a notebook needs. The names below are
loaded when they are first used, so that a command which needs none of them starts at once.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "1.0.0"

_HOME = {
    "opening": ("open_cohort", "check"),
    "claims": ("claimed_value",),
    "comparison": ("compare",),
    "cohort": ("load_cohort",),
    "markup": ("table",),
    "explorer": ("explore",),
    "ways": ("single_changes",),
    "scenarios": ("scenario",),
    "summary": ("headline", "standfirst"),
    "display": (
        "about",
        "claims_on",
        "contradicted_claims",
        "employers_counted",
        "events_table",
        "ledger_table",
        "people_table",
        "sources_on",
        "tally",
        "unsettled_claims",
    ),
}
_ROOMS = ("charts", "findings", "measures")
_FOUND_IN = {name: home for home, names in _HOME.items() for name in names}

__all__ = ["__version__", *_ROOMS, *_FOUND_IN]


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        value: object = import_module(f".{name}", __name__)
    elif name in _FOUND_IN:
        value = getattr(import_module(f".{_FOUND_IN[name]}", __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
