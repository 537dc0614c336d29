"""What can be measured of a cohort: pure functions, DataFrame -> value.

Every function takes the clean table (`cohort.AUTHORS`), or the part of it that `narrow` left.
Months are counted from January 1970, as in a pandas monthly period's ordinal; durations are in
months. A value that the table states loosely is a `Range`; one that it does not state is None.

The ends of a range are exact. Between them, where some rows are not certain to belong, it may hold
values that no choice of rows gives; `every_value` tells, as long as there are few choices.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from .ranges import Range

Floats = np.ndarray


# --- rows, and the two ends of what they state


def left(authors: pd.DataFrame) -> pd.DataFrame:
    """The rows of those who left."""
    return authors[authors["status"] == "left"]


def departure_ends(authors: pd.DataFrame) -> tuple[Floats, Floats]:
    """First and last possible month of each departure, since January 1970; NaN for who stayed.

    The first is -inf where nothing bounds it.
    """
    return _ends(authors, "departed")


def _ends(authors: pd.DataFrame, what: str) -> tuple[Floats, Floats]:
    """Both ends of `departed` or `tenure`, as floats; NaN where nothing is stated."""
    low, high = authors[f"{what}_low"], authors[f"{what}_high"]
    if what == "tenure":
        return low.to_numpy(float), high.to_numpy(float)
    ordinals = [
        np.where(ends.isna(), math.nan, ends.array.asi8.astype(float)) for ends in (low, high)
    ]
    # Who left in a month that nothing bounds from below may have left at any time before.
    unbounded = ~np.isnan(ordinals[1]) & np.isnan(ordinals[0])
    return np.where(unbounded, -math.inf, ordinals[0]), ordinals[1]


def _only(authors: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows with these columns and what every measure needs, so that no others are copied."""
    wanted = ("status", "certain", *columns)
    return authors[[column for column in wanted if column in authors]]


def _ranged(authors: pd.DataFrame, what: str) -> pd.DataFrame:
    return _only(authors, f"{what}_low", f"{what}_high")


def _certain(authors: pd.DataFrame) -> Floats:
    """Which rows `narrow` kept for certain; all of them, where it was not asked."""
    if "certain" in authors:
        return authors["certain"].to_numpy(bool)
    return np.ones(len(authors), dtype=bool)


@dataclass(frozen=True, slots=True)
class Condition:
    """What `narrow` asks of a column: an operator, and a number or a set of texts."""

    operator: str
    value: float | frozenset[str]


def narrow(authors: pd.DataFrame, where: Mapping[str, Condition]) -> pd.DataFrame:
    """The rows that fit or may fit every condition, with a boolean column `certain`.

    Columns: `name` and `organisation` (texts, = and !=), `departed` (months since January 1970) and
    `tenure` (months). A range that fits only in part is cut to the part that fits, and its row is
    not certain. What is not stated may fit: a tenure, or the organisation of somebody who left.
    Who stayed fits no condition on `departed` or `organisation`.
    """
    rows = authors.assign(certain=_certain(authors))
    for column, condition in where.items():
        if isinstance(condition.value, frozenset):
            rows = _named(rows, column, condition.operator, condition.value)
        else:
            rows = _within(rows, column, condition.operator, condition.value)
    return rows


def _named(rows: pd.DataFrame, column: str, operator: str, texts: frozenset[str]) -> pd.DataFrame:
    named = rows[column].isin(texts) | rows[f"{column}_printed"].isin(texts)
    unstated = rows[column].isna() & ~named & (rows["status"] == "left")
    fits = named if operator == "=" else ~named & rows[column].notna()
    return rows.assign(certain=rows["certain"] & fits)[fits | unstated]


def _within(rows: pd.DataFrame, column: str, operator: str, value: float) -> pd.DataFrame:
    low, high = _ends(rows, column)
    if column == "tenure":
        low, high = np.nan_to_num(low), np.nan_to_num(high, nan=math.inf)
    else:
        rows, low, high = (part[~np.isnan(high)] for part in (rows, low, high))
    if operator == "!=":
        # Only an end can be cut off; a hole inside the range cannot be drawn as one.
        always = (value < low) | (value > high) | (value != math.floor(value))
        cut_low, cut_high = low + (low == value), high - (high == value)
        ever = (low != value) | (high != value)
    else:
        least, greatest = {
            "<": (-math.inf, math.ceil(value) - 1),
            "<=": (-math.inf, math.floor(value)),
            ">": (math.floor(value) + 1, math.inf),
            ">=": (math.ceil(value), math.inf),
            "=": (math.ceil(value), math.floor(value)),
        }[operator]
        always = (low >= least) & (high <= greatest)
        cut_low, cut_high = np.maximum(low, least), np.minimum(high, greatest)
        ever = cut_low <= cut_high
    stated = rows[f"{column}_high"].notna().to_numpy()
    changed: dict[str, pd.Series] = {}
    for end, old, new in (("low", low, cut_low), ("high", high, cut_high)):
        differs = ever & stated & np.isfinite(new) & (new != old)
        cells = rows[f"{column}_{end}"].copy()
        ordinals = new[differs].astype("int64")
        cells[differs] = ordinals if column == "tenure" else _months(ordinals)
        changed[f"{column}_{end}"] = cells
    certain = rows["certain"].to_numpy(bool) & always
    fitting: pd.DataFrame = rows.assign(certain=certain, **changed)[ever]
    return fitting


def _months(ordinals: np.ndarray) -> pd.PeriodIndex:
    index: pd.PeriodIndex = pd.PeriodIndex.from_ordinals(  # type: ignore[attr-defined]
        ordinals, freq="M"
    )
    return index


# --- the extremes of a statistic, when rows may or may not belong

Statistic = Callable[[Floats], float]


def _extreme(statistic: Statistic, certain: Floats, optional: Floats, sign: int) -> float:
    """Least (sign 1) or greatest (sign -1) value over every choice of the optional values.

    Adding the most extreme values first moves a mean, median or quantile towards the extreme for as
    long as the value added lies beyond it; the first one that does not is found by bisection.
    """
    ordered = np.sort(optional)[::sign]
    first = 0 if len(certain) else 1

    def at(count: int) -> float:
        return statistic(np.concatenate([certain, ordered[:count]]))

    start, stop = first, len(ordered)
    while start < stop:
        middle = (start + stop) // 2
        if sign * ordered[middle] < sign * at(middle):
            start = middle + 1
        else:
            stop = middle
    return at(start)


def _span(
    statistic: Statistic, low: Floats, high: Floats, certain: Floats, step: float
) -> Range | None:
    """The range of a statistic over rows with a low and a high; None over no rows."""
    if not len(low):
        return None
    return Range(
        _extreme(statistic, low[certain], low[~certain], 1),
        _extreme(statistic, high[certain], high[~certain], -1),
        step,
    )


def _over(rows: pd.DataFrame, what: str, statistic: Statistic, step: float) -> Range | None:
    return _span(statistic, *_ends(rows, what), _certain(rows), step)


def _count(rows: pd.DataFrame) -> Range:
    certain = _certain(rows)
    return Range(int(certain.sum()), len(certain), step=1)


def certainly_least(low: Floats, high: Floats) -> int | None:
    """The position of the range that lies wholly below every other; None where there is none."""
    if not len(low):
        return None
    first = int(np.argmin(high))
    others = np.delete(low, first)
    return first if high[first] < others.min(initial=math.inf) else None


# --- headcounts


def credited(authors: pd.DataFrame) -> Range:
    """How many authors there are."""
    return _count(authors)


def departed(authors: pd.DataFrame) -> Range:
    """How many authors have left."""
    return _count(left(_only(authors)))


def remaining(authors: pd.DataFrame) -> Range:
    """How many authors have stayed."""
    return _count(_only(authors)[authors["status"] == "stayed"])


def share_departed(authors: pd.DataFrame) -> Range | None:
    """The share of authors who have left, in per cent."""
    gone, stay = departed(authors), remaining(authors)
    if not gone.high + stay.high:
        return None
    shares = [
        100 * leavers / (leavers + stayers)
        for leavers, stayers in ((gone.low, stay.high), (gone.high, stay.low))
        if leavers + stayers
    ]
    return Range(min(shares), max(shares))


# --- tenure


def _stated(authors: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows of those who left and whose tenure is stated: their tenures, and these columns."""
    rows = left(_only(authors, "tenure_low", "tenure_high", *columns))
    return rows[rows["tenure_low"].notna()]


def mean_tenure(authors: pd.DataFrame) -> Range | None:
    """Mean time at the company of those who left, in months.

    Each tenure is a range, so the mean is one: the mean of the lows to the mean of the highs.
    """
    rows = _stated(authors)
    # How many tenures there are decides the mean's fraction, so it has to be certain.
    step = 1 / len(rows) if len(rows) and _certain(rows).all() else 0.0
    return _over(rows, "tenure", np.mean, step)


def median_tenure(authors: pd.DataFrame) -> Range | None:
    """Median time at the company of those who left, in months."""
    rows = _stated(authors)
    step = 1 if len(rows) % 2 and _certain(rows).all() else 0.5
    return _over(rows, "tenure", np.median, step)


def shortest_tenure(authors: pd.DataFrame) -> Range | None:
    """Shortest time at the company of those who left, in months."""
    return _over(_stated(authors), "tenure", np.min, 1)


def longest_tenure(authors: pd.DataFrame) -> Range | None:
    """Longest time at the company of those who left, in months."""
    return _over(_stated(authors), "tenure", np.max, 1)


def total_tenure(authors: pd.DataFrame) -> Range | None:
    """The stated time at the company of those who left, added up, in months."""
    low, high = _ends(_stated(authors), "tenure")
    return Range(low.sum(), high.sum(), step=1) if len(low) else None


def leave_one_out(authors: pd.DataFrame) -> pd.DataFrame:
    """The mean tenure with each leaver left out in turn (the jackknife), in months.

    Columns: `name` (who is left out), `mean_low`, `mean_high`; in order of the mean, lowest first.
    Leavers without a stated tenure are not in the mean and not in the table. The mean of the others
    is (n * mean - x) / (n - 1); with one stated tenure there are no others, and no rows.
    """
    rows = _stated(authors, "name")
    low, high = _ends(rows, "tenure")
    others = len(rows) - 1
    if others < 1:
        return pd.DataFrame({"name": [], "mean_low": [], "mean_high": []})
    means = pd.DataFrame(
        {
            "name": rows["name"].to_numpy(),
            "mean_low": (low.sum() - low) / others,
            "mean_high": (high.sum() - high) / others,
        }
    )
    return means.sort_values(["mean_low", "mean_high"], ignore_index=True)


def drops_until(authors: pd.DataFrame, threshold: float) -> Range | None:
    """How many of the longest-serving must go before the mean is no longer above `threshold`.

    Of those who left; in months. Infinite where the mean stays above it whoever goes; None where
    no tenure is stated.
    """
    ends = _ends(_stated(authors), "tenure")
    if not len(ends[0]):
        return None

    def drops(tenures: Floats) -> float:
        ascending = np.sort(tenures)
        means = np.cumsum(ascending) / np.arange(1, len(ascending) + 1)
        above = np.flatnonzero(means <= threshold)
        return len(ascending) - 1 - above[-1] if len(above) else math.inf

    return Range(drops(ends[0]), drops(ends[1]), step=1)


# --- the timeline


def first_departure(authors: pd.DataFrame) -> Range | None:
    """The month in which the first of those who left did so."""
    return _over(left(_ranged(authors, "departed")), "departed", np.min, 1)


def last_departure(authors: pd.DataFrame) -> Range | None:
    """The month in which the last of those who left did so."""
    return _over(left(_ranged(authors, "departed")), "departed", np.max, 1)


def half_gone(authors: pd.DataFrame, published: int, as_of: int) -> Range | None:
    """Months from the paper's publication until half of its authors had left.

    The median of the retention curve (Kaplan and Meier, 1958). Who stayed is right-censored: the
    departure may lie in any month after `as_of`, so the range has no upper end where fewer than
    half have left.
    """

    def lower_median(months: Floats) -> float:
        half = (len(months) + 1) // 2 - 1
        return float(np.partition(months, half)[half])

    low, high = _ends(authors, "departed")
    stayed = (authors["status"] == "stayed").to_numpy()
    low, high = np.where(stayed, as_of + 1, low), np.where(stayed, math.inf, high)
    median = _span(lower_median, low, high, _certain(authors), 1)
    return median and Range(median.low - published, median.high - published, 1)


def headcount(authors: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """How many authors were still there at the end of each month from `first` to `last`.

    Columns: `month` (a monthly period), `remaining_low`, `remaining_high`.
    """
    months = np.arange(first, last + 1)
    low, high = (np.sort(ends) for ends in _ends(left(authors), "departed"))
    return pd.DataFrame(
        {
            "month": _months(months),
            "remaining_low": len(authors) - np.searchsorted(low, months, side="right"),
            "remaining_high": len(authors) - np.searchsorted(high, months, side="right"),
        }
    )


# --- destinations


def destination_counts(authors: pd.DataFrame) -> pd.DataFrame:
    """Current employers of those who left, most frequent first, then by name.

    Columns: `organisation`, `authors` (all that may be there), `authors_certain`.
    """
    rows = left(_only(authors, "organisation"))
    rows = rows[rows["organisation"].notna()]
    counts = (
        pd.DataFrame({"organisation": rows["organisation"], "certain": _certain(rows)})
        .groupby("organisation")["certain"]
        .agg(authors="size", authors_certain="sum")
        .reset_index()
        .astype({"organisation": str})
    )
    return counts.sort_values(
        ["authors", "organisation"], ascending=[False, True], ignore_index=True
    )


def destinations(authors: pd.DataFrame) -> Range:
    """How many organisations those who left are at now."""
    counts = destination_counts(authors)
    return Range(int((counts["authors_certain"] > 0).sum()), len(counts), step=1)


@dataclass(frozen=True, slots=True)
class Texts:
    """One of several texts, and which one is not certain when there are two or more."""

    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """A set of names: those certainly in it, and all that may be in it."""

    certain: tuple[str, ...]
    possible: tuple[str, ...]


def top_destination(authors: pd.DataFrame) -> Texts | None:
    """The organisation where most of those who left are now; every one of them in a tie."""
    counts = destination_counts(authors)
    if counts.empty:
        return None
    most = counts["authors_certain"].max()
    return Texts(tuple(sorted(counts.loc[counts["authors"] >= max(most, 1), "organisation"])))


def names(authors: pd.DataFrame) -> Names:
    """The names of the rows, in the table's order."""
    certain, everybody = _certain(authors), authors["name"].to_numpy(object)
    possible = tuple(everybody)
    return Names(possible if certain.all() else tuple(everybody[certain]), possible)


# --- every value, where rows may or may not belong

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
    rows = narrow(authors, where)
    if name == "share_departed":
        gone, stay = departed(rows), remaining(rows)
        leavers, stayers = (np.arange(each.low, each.high + 1) for each in (gone, stay))
        if len(leavers) * len(stayers) > OUTCOMES:
            return None
        g, s = (grid.ravel() for grid in np.meshgrid(leavers, stayers))
        shares: Floats = 100 * g[g + s > 0] / (g + s)[g + s > 0]
        return shares
    column = "departed" if MEASURES[name].kind == "month" or name == "half_gone" else "tenure"
    hole = where[column].value if column in where and where[column].operator == "!=" else None
    if name == "half_gone":
        sought += published
        fixed, varying = _points(_with_censored(rows, as_of), hole, sought)
    else:
        fixed, varying = _points(_ends_of_leavers(rows, column), hole, sought)
    if math.prod(map(len, varying)) > OUTCOMES:
        return None
    grids = np.meshgrid(*varying, indexing="ij") if varying else []
    worlds = np.array([grid.ravel() for grid in grids]).T.reshape(-1, len(varying))
    values = _EACH[name](np.sort(fixed), worlds)
    values = values[~np.isnan(values)]
    months: Floats = values - (published if name == "half_gone" else 0)
    return months


_Ended = tuple[Floats, Floats, Floats]
"""The low and the high ends of rows, and which are certain to belong."""


def _ends_of_leavers(rows: pd.DataFrame, column: str) -> _Ended:
    rows = left(rows)
    low, high = _ends(rows, column)
    stated = ~np.isnan(high)
    return low[stated], high[stated], _certain(rows)[stated]


def _with_censored(rows: pd.DataFrame, as_of: int) -> _Ended:
    """Departures, those of who stayed in any month after `as_of`."""
    low, high = _ends(rows, "departed")
    stayed = (rows["status"] == "stayed").to_numpy()
    return (
        np.where(stayed, as_of + 1, low),
        np.where(stayed, math.inf, high),
        _certain(rows),
    )


def _points(
    ended: _Ended, hole: float | frozenset[str] | None, sought: float
) -> tuple[Floats, list[Floats]]:
    """The values of rows that have one; of each other row all it can have, NaN for not belonging.

    Beyond all that is finite, and beyond what is sought, one month stands for all the others.
    """
    low, high, certain = ended
    ends = np.concatenate([low, high, [sought]])
    first_end, last_end = ends[np.isfinite(ends)].min() - 1, ends[np.isfinite(ends)].max() + 1
    low = np.where(np.isfinite(low), low, first_end)
    high = np.where(np.isfinite(high), high, last_end)
    fixed = certain & (low == high)
    varying: list[Floats] = []
    for first, last, belongs in zip(low[~fixed], high[~fixed], certain[~fixed], strict=True):
        if last - first > OUTCOMES or len(varying) > math.log2(OUTCOMES):
            return low[fixed], [np.zeros(OUTCOMES + 1)]
        points = np.arange(first, last + 1)
        points = points[points != hole] if isinstance(hole, float) else points
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
    means: Floats = np.divide(sums, counts, out=np.full(len(worlds), math.nan), where=counts > 0)
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


# --- the registry

Value = Range | Texts | Names
Kind = Literal["count", "percent", "months", "month", "text", "names"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a ledger may ask for: a function, the kind of its value, and the column it needs."""

    function: Callable[..., Value | None]
    kind: Kind
    needs: str | None = None
    from_publication: bool = False


MEASURES: Mapping[str, Measure] = {
    "credited": Measure(credited, "count"),
    "departed": Measure(departed, "count"),
    "remaining": Measure(remaining, "count"),
    "share_departed": Measure(share_departed, "percent"),
    "mean_tenure": Measure(mean_tenure, "months", "tenure_low"),
    "median_tenure": Measure(median_tenure, "months", "tenure_low"),
    "shortest_tenure": Measure(shortest_tenure, "months", "tenure_low"),
    "longest_tenure": Measure(longest_tenure, "months", "tenure_low"),
    "first_departure": Measure(first_departure, "month"),
    "last_departure": Measure(last_departure, "month"),
    "half_gone": Measure(half_gone, "months", from_publication=True),
    "destinations": Measure(destinations, "count", "organisation"),
    "top_destination": Measure(top_destination, "text", "organisation"),
    "names": Measure(names, "names"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure's value; of how many rows it needed, how many stated what it needs.

    `certain`: every row is certain to belong. `may_be_empty`: none is, so there may be nothing to
    measure.
    """

    value: Value | None
    stated: int
    needed: int
    certain: bool
    may_be_empty: bool


def measure(name: str, authors: pd.DataFrame, published: int, as_of: int) -> Measured:
    """Take one measure of the registry. `published` and `as_of` are months since January 1970."""
    entry = MEASURES[name]
    value = (
        entry.function(authors, published, as_of)
        if entry.from_publication
        else entry.function(authors)
    )
    needed = np.ones(len(authors), dtype=bool)
    if entry.needs or entry.kind == "month":
        needed = (authors["status"] == "left").to_numpy()
    stated = needed & authors[entry.needs].notna().to_numpy() if entry.needs else needed
    return Measured(
        value,
        stated=int(stated.sum()),
        needed=int(needed.sum()),
        certain=bool(_certain(authors).all()),
        may_be_empty=entry.kind not in ("count", "names") and not _certain(authors)[stated].any(),
    )
