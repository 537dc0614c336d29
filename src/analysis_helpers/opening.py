"""Open a cohort folder, and check a claim of one's own against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from .claims import Decision, Ledger, decide
from .cohort import THE_DATA, Cohort, load_cohort
from .errors import InputError, Problems, takes
from .language import Language
from .ledger import claim_of_ones_own, read_ledger
from .places import find_cohort
from .scaffold import warn_of_examples


def open_cohort(cohort: str | Path, language: str = "en") -> tuple[Cohort, Ledger]:
    """A checked cohort and its decided ledger.

    Args:
        cohort: The path of a cohort folder, or the name of one under `data/`.
        language: The code of the language in which both will say what they hold.

    Returns:
        The data, with its clean table in `.authors`, and the ledger: a sequence of claims with
        their verdicts.

    Raises:
        InputError: With every problem of every file in the folder; or for a language in which
            there is no edition.

    Example:
        >>> data, ledger = ah.open_cohort("llama")
        >>> data.company, len(data.authors)
        ('Meta', 14)
        >>> ledger["few-left-this-year"].verdict
        <Verdict.CONTRADICTED: 'contradicted'>
    """
    said_in = Language.of(language)
    folder = find_cohort(cohort)
    problems = Problems()
    loaded, decided = None, Ledger([], said_in)
    try:
        loaded = load_cohort(folder, language)
    except InputError as error:
        problems += error.problems
    ledger = read_ledger(folder / "claims.toml", problems)
    warn_of_examples(folder, problems)
    if loaded is not None:
        try:
            loaded = replace(loaded, warnings=(*loaded.warnings, *problems.warnings))
            decided = decide(loaded, ledger)
        except InputError as error:
            problems += error.problems
    if loaded is None or problems:
        raise InputError(problems)
    return loaded, decided


@takes(Cohort, THE_DATA)
def check(
    data: Cohort,
    measure: str,
    expect: str | float | list[str],
    where: Mapping[str, str | list[str]] | None = None,
) -> Decision:
    """Decide a claim of one's own, in the grammar of `claims.toml`.

    Args:
        data: What `open_cohort` gives.
        measure: A measure's name, such as `mean_tenure`.
        expect: An operator and a value: `"> 4 years"`, `">= 2"`, `"= 2023-01"`, `50`.
        where: The rows to look at, by `name`, `organisation`, `departed` or `tenure`.

    Returns:
        The decision: its `verdict`, the `low` and `high` of what was found, in how many rows what
        was needed is `stated`, who was `counted`; `explain()` says it in words.

    Raises:
        InputError: For a measure that does not exist, and for what the grammar cannot say.

    Example:
        >>> ah.check(data, "mean_tenure", "> 4 years", where={"tenure": ">= 12 months"}).verdict
        <Verdict.SUPPORTED: 'supported'>
        >>> here = ah.check(data, "departed", ">= 2", where={"departed": ">= 2025-01"})
        >>> here.low, here.high, here.counted
        (1, 1, ('Naman Goyal',))
    """
    claim = claim_of_ones_own(measure, expect, where or {})
    (decision,) = decide(data, [claim])
    return decision
