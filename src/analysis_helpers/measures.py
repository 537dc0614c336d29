"""What can be measured of a cohort: pure functions, DataFrame -> value.

Every function takes the clean table (`cohort.AUTHORS`), or the part of it that `narrow` left.
Months are counted from January 1970, as in a pandas monthly period's ordinal; durations are in
months. A value that the table states loosely is a `Range`; one that it does not state is None.

The ends of a range are exact. Between them, where some rows are not certain to belong, it may hold
values that no choice of rows gives; `outcomes.every_value` tells, where there are few choices.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, TypeVar, cast

import numpy as np
import pandas as pd

from . import months
from .cohort import THE_DATA, Cohort, counted
from .errors import WrongTypeError, did_you_mean, kind_of
from .ranges import Range
from .wording import read_month

Floats = np.ndarray


_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")
_OfRows = Callable[Concatenate[pd.DataFrame, _Given], _Answer]
_OfData = Callable[Concatenate[Cohort | pd.DataFrame, _Given], _Answer]


def of_all_rows(function: _OfRows[_Given, _Answer]) -> _OfData[_Given, _Answer]:
    """A decorator: a function of the clean table's rows takes a cohort as well."""

    @wraps(function)
    def measure_of(
        data: Cohort | pd.DataFrame, /, *given: _Given.args, **named: _Given.kwargs
    ) -> _Answer:
        return function(rows_of(data, function.__name__), *given, **named)

    return cast(_OfData[_Given, _Answer], measure_of)


def of_rows(function: _OfRows[_Given, _Answer]) -> _OfData[_Given, _Answer]:
    """The same, for one that only gets the rows that are counted."""

    @wraps(function)
    def of_counted(
        authors: pd.DataFrame, /, *given: _Given.args, **named: _Given.kwargs
    ) -> _Answer:
        return function(counted(authors), *given, **named)

    return of_all_rows(of_counted)


def rows_of(data: Cohort | pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows of a cohort, or such rows themselves. Raises WrongTypeError for anything else."""
    if isinstance(data, Cohort):
        return data.authors
    wanted = f"{name} takes {THE_DATA}, or rows of `data.authors`"
    if not isinstance(data, pd.DataFrame):
        raise WrongTypeError(f"{wanted}, not {kind_of(data)}")
    if "status" not in data:
        raise WrongTypeError(f"{wanted}; these rows have no column `status`")
    month = data.get("departed_low")
    if month is not None and not isinstance(month.dtype, pd.PeriodDtype):
        raise WrongTypeError(f"{wanted}; the months of these rows are {month.dtype}, not periods")
    return data


# --- rows, and the two ends of what they state


@of_rows
def left(authors: pd.DataFrame) -> pd.DataFrame:
    """The rows of those who left.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        Those rows, with the same columns.

    Example:
        >>> len(measures.left(data))
        11
    """
    return authors[authors["status"] == "left"]


@of_all_rows
def departure_ends(authors: pd.DataFrame) -> tuple[Floats, Floats]:
    """First and last possible month of each departure, since January 1970; NaN for who stayed.

    The first is -inf where nothing bounds it.
    """
    return ends_of(authors, "departed")


def ends_of(authors: pd.DataFrame, what: str) -> tuple[Floats, Floats]:
    """Both ends of `departed` or `tenure`, as floats; NaN where nothing is stated."""
    low, high = authors[f"{what}_low"], authors[f"{what}_high"]
    if what == "tenure":
        return low.to_numpy(float), high.to_numpy(float)
    first, last = months.ordinals(low), months.ordinals(high)
    # Who left in a month that nothing bounds from below may have left at any time before.
    unbounded = ~np.isnan(last) & np.isnan(first)
    return np.where(unbounded, -math.inf, first), last


def _only(authors: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows with these columns and what every measure needs, so that no others are copied."""
    wanted = ("status", "certain", *columns)
    return authors[[column for column in wanted if column in authors]]


def _ranged(authors: pd.DataFrame, what: str) -> pd.DataFrame:
    return _only(authors, f"{what}_low", f"{what}_high")


def certain_rows(authors: pd.DataFrame) -> Floats:
    """Which rows `narrow` kept for certain; all of them, where it was not asked."""
    if "certain" in authors:
        return authors["certain"].to_numpy(bool)
    return np.ones(len(authors), dtype=bool)


@dataclass(frozen=True, slots=True)
class Condition:
    """What `narrow` asks of a column: an operator, and a number or a set of texts."""

    operator: str
    value: float | frozenset[str]


@of_all_rows
def narrow(authors: pd.DataFrame, where: Mapping[str, Condition]) -> pd.DataFrame:
    """The rows that fit or may fit every condition, with a boolean column `certain`.

    Columns: `name` and `organisation` (texts, = and !=), `departed` (months since January 1970) and
    `tenure` (months). A range that fits only in part is cut to the part that fits, and its row is
    not certain. What is not stated may fit: a tenure, or the organisation of somebody who left.
    Who stayed fits no condition on `departed` or `organisation`.
    """
    rows = authors.assign(certain=certain_rows(authors))
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
    low, high = ends_of(rows, column)
    if column == "tenure":
        low, high = np.nan_to_num(low), np.nan_to_num(high, nan=math.inf)
    if operator == "!=":
        # Only an end can be cut off; a hole inside the range cannot be drawn as one.
        always = (value < low) | (value > high) | (value != math.floor(value))
        cut_low, cut_high = low + (low == value), high - (high == value)
        ever = ~np.isnan(high) & ((low != value) | (high != value))
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
        cells[differs] = ordinals if column == "tenure" else months.periods(ordinals)
        changed[f"{column}_{end}"] = cells
    certain = rows["certain"].to_numpy(bool) & always
    fitting: pd.DataFrame = rows.assign(certain=certain, **changed)[ever]
    return fitting


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
    span = _span(statistic, *ends_of(rows, what), certain_rows(rows), step)
    return span and replace(span, unit="month" if what == "departed" else "months")


def _count(rows: pd.DataFrame) -> Range:
    certain = certain_rows(rows)
    return Range(int(certain.sum()), len(certain), step=1)


def _count_of(rows: pd.DataFrame, status: str) -> Range:
    fits = (rows["status"] == status).to_numpy(bool)
    return Range(int((fits & certain_rows(rows)).sum()), int(fits.sum()), step=1)


def certainly_least(low: Floats, high: Floats) -> int | None:
    """The position of the range that lies wholly below every other; None where there is none."""
    if not len(low):
        return None
    first = int(np.argmin(high))
    others = np.delete(low, first)
    return first if high[first] < others.min(initial=math.inf) else None


# --- headcounts


@of_all_rows
def credited(authors: pd.DataFrame) -> Range:
    """How many authors there are, those included who are not counted otherwise.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        A count; exact unless `narrow` left rows that may not belong.

    Example:
        >>> measures.credited(data)
        14
    """
    return _count(authors)


@of_rows
def departed(authors: pd.DataFrame) -> Range:
    """How many authors have left.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        A count.

    Example:
        >>> measures.departed(data)
        11
        >>> measures.departed(data.authors.query("tenure_low > 60"))
        5
    """
    return _count_of(authors, "left")


@of_rows
def remaining(authors: pd.DataFrame) -> Range:
    """How many authors have stayed.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        A count.

    Example:
        >>> measures.remaining(data)
        3
    """
    return _count_of(authors, "stayed")


@of_rows
def share_departed(authors: pd.DataFrame) -> Range | None:
    """The share of authors who have left, in per cent.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        Per cent, from 0 to 100; None over no rows.

    Example:
        >>> measures.share_departed(data)
        78.6 %
    """
    gone, stay = departed(authors), remaining(authors)
    if not gone.high + stay.high:
        return None
    shares = [
        100 * leavers / (leavers + stayers)
        for leavers, stayers in ((gone.low, stay.high), (gone.high, stay.low))
        if leavers + stayers
    ]
    return Range(min(shares), max(shares), unit="%")


# --- roles


@of_rows
def roles_then(authors: pd.DataFrame) -> Range:
    """Of how many of those who left the earlier role at the company is stated.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        A count; a role printed as "not available" is not stated.

    Example:
        >>> measures.roles_then(data)
        0
    """
    return _stating(authors, "role_then")


@of_rows
def roles_now(authors: pd.DataFrame) -> Range:
    """Of how many of those who left the current role is stated.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        A count; a role printed as "not available" is not stated.

    Example:
        >>> measures.roles_now(data)
        11
    """
    return _stating(authors, "role_now")


def _stating(authors: pd.DataFrame, column: str) -> Range:
    rows = left(_only(authors, column))
    return _count(rows[rows[column].notna()])


# --- tenure


def _stated(authors: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows of those who left and whose tenure is stated: their tenures, and these columns."""
    rows = _only(authors, "tenure_low", "tenure_high", *columns)
    return rows[(rows["status"] == "left") & rows["tenure_low"].notna()]


@of_rows
def mean_tenure(authors: pd.DataFrame) -> Range | None:
    """Mean time at the company of those who left, in months.

    Each tenure is a range, so the mean is one: the mean of the lows to the mean of the highs.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        Months; None where no tenure is stated.

    Example:
        >>> measures.mean_tenure(data)
        65.0–68.8 months
    """
    rows = _stated(authors)
    # How many tenures there are decides the mean's fraction, so it has to be certain.
    step = 1 / len(rows) if len(rows) and certain_rows(rows).all() else 0.0
    return _over(rows, "tenure", np.mean, step)


@of_rows
def median_tenure(authors: pd.DataFrame) -> Range | None:
    """Median time at the company of those who left, in months.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        Months; None where no tenure is stated.

    Example:
        >>> measures.median_tenure(data)
        60–66 months
    """
    rows = _stated(authors)
    step = 1 if len(rows) % 2 and certain_rows(rows).all() else 0.5
    return _over(rows, "tenure", np.median, step)


@of_rows
def shortest_tenure(authors: pd.DataFrame) -> Range | None:
    """Shortest time at the company of those who left, in months.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        Months; None where no tenure is stated.

    Example:
        >>> measures.shortest_tenure(data)
        30–32 months
    """
    return _over(_stated(authors), "tenure", np.min, 1)


@of_rows
def longest_tenure(authors: pd.DataFrame) -> Range | None:
    """Longest time at the company of those who left, in months.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        Months; None where no tenure is stated.

    Example:
        >>> measures.longest_tenure(data)
        103–105 months
    """
    return _over(_stated(authors), "tenure", np.max, 1)


@of_rows
def total_tenure(authors: pd.DataFrame) -> Range | None:
    """The stated time at the company of those who left, added up, in months.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        Months; None where no tenure is stated.

    Example:
        >>> measures.total_tenure(data)
        715–757 months
    """
    low, high = ends_of(_stated(authors), "tenure")
    return Range(low.sum(), high.sum(), step=1, unit="months") if len(low) else None


@of_rows
def leave_one_out(authors: pd.DataFrame) -> pd.DataFrame:
    """The mean tenure with each leaver left out in turn (the jackknife), in months.

    Columns: `name` (who is left out), `mean_low`, `mean_high`; in order of the mean, lowest first.
    Leavers without a stated tenure are not in the mean and not in the table. The mean of the others
    is (n * mean - x) / (n - 1); with one stated tenure there are no others, and no rows.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Example:
        >>> measures.leave_one_out(data).columns.tolist()
        ['name', 'mean_low', 'mean_high']
    """
    rows = _stated(authors, "name")
    low, high = ends_of(rows, "tenure")
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


@of_rows
def drops_until(authors: pd.DataFrame, threshold: float) -> Range | None:
    """How many of the longest-serving must go before the mean is no longer above `threshold`.

    Of those who left; in months. Infinite where the mean stays above it whoever goes; None where
    no tenure is stated.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.
        threshold: Months.

    Example:
        >>> measures.drops_until(data, 60)
        2–3
    """
    ends = ends_of(_stated(authors), "tenure")
    if not len(ends[0]):
        return None

    def drops(tenures: Floats) -> float:
        ascending = np.sort(tenures)
        means = np.cumsum(ascending) / np.arange(1, len(ascending) + 1)
        above = np.flatnonzero(means <= threshold)
        return len(ascending) - 1 - above[-1] if len(above) else math.inf

    return Range(drops(ends[0]), drops(ends[1]), step=1)


# --- the timeline


@of_rows
def first_departure(authors: pd.DataFrame) -> Range | None:
    """The month in which the first of those who left did so.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        A month; None where nobody left.

    Example:
        >>> measures.first_departure(data)
        Jan–Feb 2023
    """
    return _over(left(_ranged(authors, "departed")), "departed", np.min, 1)


@of_rows
def last_departure(authors: pd.DataFrame) -> Range | None:
    """The month in which the last of those who left did so.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        A month; None where nobody left.

    Example:
        >>> measures.last_departure(data)
        Feb 2025
    """
    return _over(left(_ranged(authors, "departed")), "departed", np.max, 1)


def half_gone(
    data: Cohort | pd.DataFrame,
    published: Month | None = None,
    as_of: Month | None = None,
) -> Range | None:
    """Months from the paper's publication until half of its authors had left.

    The median of the retention curve (Kaplan and Meier, 1958). Who stayed is right-censored: the
    departure may lie in any month after `as_of`, so the range has no upper end where fewer than
    half have left.

    Args:
        data: The data, which knows both months; or some rows of `data.authors`.
        published: For rows: the month of publication, as "2023-02" or a pandas Period.
        as_of: For rows: the last month that the table speaks of.

    Returns:
        Months, negative before publication; None over no rows.

    Raises:
        WrongTypeError: For rows without the two months.

    Example:
        >>> measures.half_gone(data)
        4 months
        >>> measures.half_gone(data.authors.query("tenure_low > 60"), "2023-02", "2025-05")
        3 months
    """

    def lower_median(months: Floats) -> float:
        half = (len(months) + 1) // 2 - 1
        return float(np.partition(months, half)[half])

    authors, published, as_of = _followed(data, published, as_of, "half_gone")
    low, high = ends_of(authors, "departed")
    stayed = (authors["status"] == "stayed").to_numpy()
    low, high = np.where(stayed, as_of + 1, low), np.where(stayed, math.inf, high)
    median = _span(lower_median, low, high, certain_rows(authors), 1)
    return median and Range(median.low - published, median.high - published, 1, "months")


Month = int | float | str | pd.Period
"""A month counted from January 1970, a text such as "2023-02", or a monthly period of pandas."""


def _followed(
    data: Cohort | pd.DataFrame, first: Month | None, last: Month | None, name: str
) -> tuple[pd.DataFrame, int, int]:
    """Rows, and two months that a cohort knows for itself: the paper's and the table's last."""
    if isinstance(data, Cohort):
        first = data.start.month if first is None else first
        last = data.article.as_of if last is None else last
    rows = counted(rows_of(data, name))
    if first is None or last is None:
        raise WrongTypeError(
            f'{name} of rows needs two months: {name}(rows, "2023-02", "2025-05");'
            f" {name}(data) knows them"
        )
    return rows, _counted_month(first), _counted_month(last)


def _counted_month(month: Month) -> int:
    if isinstance(month, str):
        return read_month(month)
    return int(month.ordinal if isinstance(month, pd.Period) else month)


def headcount(
    data: Cohort | pd.DataFrame, first: Month | None = None, last: Month | None = None
) -> pd.DataFrame:
    """How many authors were still there at the end of each month from `first` to `last`.

    Args:
        data: The data, or rows of `data.authors`.
        first: The first month, as "2023-02" or a pandas Period; of data, the paper's if not given.
        last: The last month; of data, the last that the table speaks of if not given.

    Returns:
        Columns `month` (a monthly period), `remaining_low`, `remaining_high`.

    Example:
        >>> measures.headcount(data).iloc[[0, -1]].to_string(index=False, header=False).split()
        ['2023-02', '12', '13', '2025-05', '3', '3']
    """
    authors, first, last = _followed(data, first, last, "headcount")
    counted = np.arange(first, last + 1)
    low, high = (np.sort(ends) for ends in ends_of(left(authors), "departed"))
    return pd.DataFrame(
        {
            "month": months.periods(counted),
            "remaining_low": len(authors) - np.searchsorted(low, counted, side="right"),
            "remaining_high": len(authors) - np.searchsorted(high, counted, side="right"),
        }
    )


# --- destinations


@of_rows
def destination_counts(authors: pd.DataFrame) -> pd.DataFrame:
    """Current employers of those who left, most frequent first, then by name.

    Columns: `organisation`, `authors` (all that may be there), `authors_certain`.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Example:
        >>> measures.destination_counts(data)["authors"].tolist()
        [5, 1, 1, 1, 1, 1, 1]
    """
    rows = left(_only(authors, "organisation"))
    rows = rows[rows["organisation"].notna()]
    places, names = pd.factorize(rows["organisation"])
    certain = places[certain_rows(rows)]
    counts = pd.DataFrame(
        {
            "organisation": names.astype(str),
            "authors": np.bincount(places, minlength=len(names)),
            "authors_certain": np.bincount(certain, minlength=len(names)),
        }
    )
    return counts.sort_values(
        ["authors", "organisation"], ascending=[False, True], ignore_index=True
    )


@of_rows
def destinations(authors: pd.DataFrame) -> Range:
    """How many organisations those who left are at now.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        A count.

    Example:
        >>> measures.destinations(data)
        7
    """
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


@of_rows
def top_destination(authors: pd.DataFrame) -> Texts | None:
    """The organisation where most of those who left are now; every one of them in a tie.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        The names, one unless there is a tie; None where no employer is named.

    Example:
        >>> measures.top_destination(data).possible
        ('Mistral',)
    """
    counts = destination_counts(authors)
    if counts.empty:
        return None
    most = counts["authors_certain"].max()
    return Texts(tuple(sorted(counts.loc[counts["authors"] >= max(most, 1), "organisation"])))


@of_rows
def names(authors: pd.DataFrame) -> Names:
    """The names of the rows, in the table's order.

    Args:
        authors: What `open_cohort` gives, or rows of its `authors`.

    Returns:
        The names, those of certain rows apart from those of rows that may belong.

    Example:
        >>> measures.names(data.authors.query("status == 'stayed'")).certain
        ('Hugo Touvron', 'Xavier Martinet', 'Faisal Azhar')
    """
    return names_of(authors)


def names_of(authors: pd.DataFrame) -> Names:
    """The names of all the rows, those included who are not counted."""
    certain, everybody = certain_rows(authors), authors["name"].to_numpy(object)
    possible = tuple(everybody)
    return Names(possible if certain.all() else tuple(everybody[certain]), possible)


# --- the registry

Value = Range | Texts | Names
Kind = Literal["count", "percent", "months", "month", "text", "names"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a ledger may ask for: a function, the kind of its value, and the column it needs.

    `of`: whom it counts or takes its value from, by their status; everybody where it is empty.
    `stating`: the column that those whom it counts state; who does not state it is not counted.
    """

    function: Callable[..., Value | None]
    kind: Kind
    needs: str | None = None
    from_publication: bool = False
    of: Literal["", "left", "stayed"] = "left"
    stating: str | None = None


MEASURES: Mapping[str, Measure] = {
    "credited": Measure(credited, "count", of=""),
    "departed": Measure(departed, "count"),
    "remaining": Measure(remaining, "count", of="stayed"),
    "share_departed": Measure(share_departed, "percent"),
    "mean_tenure": Measure(mean_tenure, "months", "tenure_low"),
    "median_tenure": Measure(median_tenure, "months", "tenure_low"),
    "shortest_tenure": Measure(shortest_tenure, "months", "tenure_low"),
    "longest_tenure": Measure(longest_tenure, "months", "tenure_low"),
    "first_departure": Measure(first_departure, "month"),
    "last_departure": Measure(last_departure, "month"),
    "half_gone": Measure(half_gone, "months", from_publication=True, of=""),
    "destinations": Measure(destinations, "count", "organisation"),
    "top_destination": Measure(top_destination, "text", "organisation"),
    "names": Measure(names, "names", of=""),
    "roles_then": Measure(roles_then, "count", stating="role_then"),
    "roles_now": Measure(roles_now, "count", stating="role_now"),
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


def members(name: str, authors: pd.DataFrame) -> pd.DataFrame:
    """Those from whom a measure takes its value, of the rows that `narrow` left.

    Who does not state what it needs is not among them.
    """
    entry = MEASURES[name]
    rows = belonging(name, authors)
    rows = rows[rows["status"] == entry.of] if entry.of else rows
    stated = entry.needs or entry.stating
    return rows[rows[stated].notna()] if stated else rows


_EXTREMES: Mapping[str, tuple[str, Literal["least", "greatest"]]] = {
    "shortest_tenure": ("tenure", "least"),
    "longest_tenure": ("tenure", "greatest"),
    "first_departure": ("departed", "least"),
    "last_departure": ("departed", "greatest"),
}


def deciding(name: str, authors: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows on which a measure's value rests, of those that `narrow` left.

    They are `rows`, its members; for an extreme those that may attain it, and for a share all.
    """
    if MEASURES[name].kind == "percent":
        return belonging(name, authors)
    if name not in _EXTREMES:
        return rows
    column, extreme = _EXTREMES[name]
    low, high = ends_of(rows, column)
    certain = certain_rows(rows)
    if extreme == "least":
        attains = low <= high[certain].min(initial=math.inf)
    else:
        attains = high >= low[certain].max(initial=-math.inf)
    candidates: pd.DataFrame = rows[attains]
    return candidates


def belonging(name: str, authors: pd.DataFrame) -> pd.DataFrame:
    """The rows that a measure looks at: everybody is credited, every other takes the counted."""
    return authors if name == "credited" else counted(authors)


def measure(name: str, authors: pd.DataFrame, published: int, as_of: int) -> Measured:
    """Take one measure of the registry. `published` and `as_of` are months since January 1970."""
    entry = MEASURES[name]
    authors = belonging(name, authors)
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
        certain=bool(certain_rows(authors).all()),
        may_be_empty=entry.kind not in ("count", "names")
        and not certain_rows(authors)[stated].any(),
    )


__all__ = [
    *(name for name in MEASURES),
    "destination_counts",
    "drops_until",
    "headcount",
    "leave_one_out",
    "total_tenure",
]


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> object:
    raise AttributeError(f"there is no measure {name!r}{did_you_mean(name, __all__)}")
