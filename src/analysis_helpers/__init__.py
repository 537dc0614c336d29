"""Recompute what an article says about a team, and say how firmly each claim stands.

`import analysis_helpers as ah` gives an analyst all that a notebook needs. The names below are
loaded when they are first used, so that a command which needs none of them starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import charts, findings, measures
    from .claims import claimed_value, open_cohort
    from .cohort import load_cohort
    from .display import (
        checked_by_sources,
        checked_by_table,
        claims_on,
        events_table,
        headlines,
        ledger_table,
        not_checked,
        reading_table,
        roles_table,
        table,
        verdicts_at_a_glance,
    )

_HOME = {
    "charts": None,
    "findings": None,
    "measures": None,
    "claimed_value": "claims",
    "open_cohort": "claims",
    "load_cohort": "cohort",
    "checked_by_sources": "display",
    "checked_by_table": "display",
    "claims_on": "display",
    "events_table": "display",
    "headlines": "display",
    "ledger_table": "display",
    "not_checked": "display",
    "reading_table": "display",
    "roles_table": "display",
    "table": "display",
    "verdicts_at_a_glance": "display",
}

__all__ = [
    "charts",
    "checked_by_sources",
    "checked_by_table",
    "claimed_value",
    "claims_on",
    "events_table",
    "findings",
    "headlines",
    "ledger_table",
    "load_cohort",
    "measures",
    "not_checked",
    "open_cohort",
    "reading_table",
    "roles_table",
    "table",
    "verdicts_at_a_glance",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOME[name]
    value = (
        import_module(f".{name}", __name__)
        if home is None
        else getattr(import_module(f".{home}", __name__), name)
    )
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
