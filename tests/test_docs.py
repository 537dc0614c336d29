"""The examples in the docstrings say what happens."""

from __future__ import annotations

import doctest
import inspect
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import analysis_helpers as ah
from analysis_helpers import charts, findings, measures, ranges
from analysis_helpers.claims import Ledger
from analysis_helpers.cohort import Cohort

PUBLIC = {
    f"{room.__name__.rpartition('.')[2]}.{name}": getattr(room, name)
    for room in (ah, charts, findings, measures)
    for name in dir(room)
    if inspect.isfunction(getattr(room, name))
}
KINDS = {
    "Range": ranges.Range,
    "Cohort.tidy": Cohort.tidy,
    "Chart.save": charts.Chart.save,
    "Ledger.frame": Ledger.frame,
}


opened = cache(ah.open_cohort)


@pytest.mark.parametrize("name", [*PUBLIC, *KINDS])
def test_the_examples_hold(name: str, tmp_path: Path) -> None:
    data, ledger = opened("llama")
    known: dict[str, Any] = {
        "ah": ah,
        "data": data,
        "folder": tmp_path,
        "ledger": ledger,
        "measures": measures,
        "Range": ranges.Range,
    }
    documented = (PUBLIC | KINDS)[name]
    finder = doctest.DocTestFinder(recurse=False)
    (examples,) = finder.find(documented, name, globs=known)
    assert examples.examples, f"{name} has no example"
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    assert runner.run(examples).failed == 0


@pytest.mark.parametrize("name", PUBLIC)
def test_every_argument_is_described(name: str) -> None:
    said = inspect.getdoc(PUBLIC[name]) or ""
    described = said.partition("Args:")[2].partition("Example:")[0]
    for argument in inspect.signature(PUBLIC[name]).parameters:
        assert f"{argument}:" in described, argument
