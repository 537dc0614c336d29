"""Every value that a measure can have, where rows may or may not belong."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from .ledger import Expectation
from .measures import (
    MEASURES,
    Condition,
    Floats,
    belonging,
    certain_rows,
    departed,
    ends_of,
    left,
    narrow,
    remaining,
)
from .ranges import ROUNDING, Verdict

OUTCOMES = 10_000
"""As many combinations of points and rows are tried, and no more."""


def every_value(
    name: str,
    authors: pd.DataFrame,
    where: Mapping[str, Condition],
    sought: float,
    published: int,
    as_of: int,
) -> Floats | None:
    """Every value that a measure in numbers can have over the rows that `where` leaves.

    Each combination of the months or lengths within the ranges, and of who of the uncertain rows
    belongs, is tried; None where there are more than `OUTCOMES`. `sought` is the value that is
    asked for: a range without an end is followed only as far as it matters to that. Where no row
    belongs there is no value.
    """
    rows = belonging(name, narrow(authors, where))
    if name == "share_departed":
        gone, stay = departed(rows), remaining(rows)
        leavers, stayers = (np.arange(each.low, each.high + 1) for each in (gone, stay))
        if len(leavers) * len(stayers) > OUTCOMES:
            return None
        g, s = (grid.ravel() for grid in np.meshgrid(leavers, stayers))
        shares: Floats = 100 * g[g + s > 0] / (g + s)[g + s > 0]
        return shares
    column = "departed" if MEASURES[name].kind == "month" or name == "half_gone" else "tenure"
    hole = hole_in(where, column)
    if name == "half_gone":
        ended = _with_censored(rows, as_of)
        values = values_of(name, ended, hole, sought + published)
        return None if values is None else values - published
    return values_of(name, _ends_of_leavers(rows, column), hole, sought)


def hole_in(where: Mapping[str, Condition], column: str) -> float | None:
    """The one value of a column that a condition leaves out of what it asks for."""
    asked = where.get(column)
    if asked is None or asked.operator != "!=" or isinstance(asked.value, frozenset):
        return None
    return asked.value


def values_of(name: str, ended: Ended, hole: float | None, sought: float) -> Floats | None:
    """Every value of a statistic over rows given by their ends; see `every_value`."""
    fixed, varying = _points(ended, hole, sought)
    if math.prod(map(len, varying)) > OUTCOMES:
        return None
    worlds = np.stack(np.meshgrid(*varying), axis=-1).reshape(-1, len(varying))
    values = _EACH[name](np.sort(fixed), worlds)
    found: Floats = values[~np.isnan(values)]
    return found


def hold_each(values: Floats, expected: Expectation, may_be_empty: bool) -> Verdict:
    """Hold `=` or `!=` against every value that there can be, and against there being none."""
    if expected.printed is None:
        equal = np.abs(values - expected.value) < ROUNDING
    else:
        equal = (expected.printed[0] <= values) & (values < expected.printed[1])
    holds = equal if expected.operator == "=" else ~equal
    if holds.all() and not may_be_empty:
        return Verdict.SUPPORTED
    return Verdict.INCONCLUSIVE if holds.any() else Verdict.CONTRADICTED


Ended = tuple[Floats, Floats, Floats]
"""The low and the high ends of rows, and which are certain to belong."""


def _ends_of_leavers(rows: pd.DataFrame, column: str) -> Ended:
    rows = left(rows)
    low, high = ends_of(rows, column)
    stated = ~np.isnan(high)
    return low[stated], high[stated], certain_rows(rows)[stated]


def _with_censored(rows: pd.DataFrame, as_of: int) -> Ended:
    """Departures, those of who stayed in any month after `as_of`."""
    low, high = ends_of(rows, "departed")
    stayed = (rows["status"] == "stayed").to_numpy()
    return (
        np.where(stayed, as_of + 1, low),
        np.where(stayed, math.inf, high),
        certain_rows(rows),
    )


def _points(ended: Ended, hole: float | None, sought: float) -> tuple[Floats, list[Floats]]:
    """The values of rows that have one; of each other row all it can have, NaN for not belonging.

    Beyond all that is finite, what is sought and the hole, one month stands for all the others.
    """
    low, high, certain = ended
    ends = np.concatenate([low, high, [sought], [] if hole is None else [hole]])
    first_end, last_end = ends[np.isfinite(ends)].min() - 1, ends[np.isfinite(ends)].max() + 1
    low = np.where(np.isfinite(low), low, first_end)
    high = np.where(np.isfinite(high), high, last_end)
    fixed = certain & (low == high)
    varying: list[Floats] = []
    for first, last, belongs in zip(low[~fixed], high[~fixed], certain[~fixed], strict=True):
        if last - first > OUTCOMES or len(varying) > math.log2(OUTCOMES):
            return low[fixed], [np.zeros(OUTCOMES + 1)]
        points = np.arange(first, last + 1)
        points = points if hole is None else points[points != hole]
        varying.append(points if belongs else np.append(points, np.nan))
    return low[fixed], varying


def _trimmed(fixed: Floats, worlds: Floats) -> Floats:
    """Fixed and varying values side by side; of the fixed ones as many as can be the median."""
    away = max(0, len(fixed) // 2 - worlds.shape[1] - 2)
    kept = fixed[away : len(fixed) - away]
    beside: Floats = np.hstack([np.tile(kept, (len(worlds), 1)), worlds])
    return beside


def _each_lower_median(fixed: Floats, worlds: Floats) -> Floats:
    values = np.sort(_trimmed(fixed, worlds))  # NaN comes last
    half = (np.sum(~np.isnan(values), axis=1) + 1) // 2 - 1
    median: Floats = values[np.arange(len(values)), half]  # NaN where there are none
    return median


def _each_median(fixed: Floats, worlds: Floats) -> Floats:
    values = np.sort(_trimmed(fixed, worlds))
    counts = np.sum(~np.isnan(values), axis=1)
    row = np.arange(len(values))
    lower, upper = (counts + 1) // 2 - 1, np.minimum(counts // 2, counts - 1)
    median: Floats = (values[row, lower] + values[row, upper]) / 2
    return median


def _each_mean(fixed: Floats, worlds: Floats) -> Floats:
    counts = len(fixed) + np.sum(~np.isnan(worlds), axis=1)
    sums = fixed.sum() + np.nansum(worlds, axis=1)
    means: Floats = np.where(counts > 0, sums, math.nan) / np.maximum(counts, 1)
    return means


def _each_least(fixed: Floats, worlds: Floats) -> Floats:
    found: Floats = np.fmin.reduce(
        np.hstack([np.tile(fixed[:1], (len(worlds), 1)), worlds]), axis=1
    )
    return found


def _each_greatest(fixed: Floats, worlds: Floats) -> Floats:
    found: Floats = np.fmax.reduce(
        np.hstack([np.tile(fixed[-1:], (len(worlds), 1)), worlds]), axis=1
    )
    return found


_EACH: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "mean_tenure": _each_mean,
    "median_tenure": _each_median,
    "shortest_tenure": _each_least,
    "longest_tenure": _each_greatest,
    "first_departure": _each_least,
    "last_departure": _each_greatest,
    "half_gone": _each_lower_median,
}
