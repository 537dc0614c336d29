"""A figure inside a page: fewer letters, the same picture."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import analysis_helpers as ah
from analysis_helpers.charts._chart import WIDE
from analysis_helpers.report.pages.figures import _short_path, inline

CHARTS = ["timeline", "headcount", "destinations", "tenures", "retention"]


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    data, ledger = ah.open_cohort("llama", "he")
    charts = {
        "timeline": ah.charts.timeline(data, ledger),
        "headcount": ah.charts.headcount(data),
        "destinations": ah.charts.destinations(data),
        "tenures": ah.charts.tenures(data, 60),
        "retention": ah.compare(data).chart,
    }
    return {name: chart.svg(WIDE) for name, chart in charts.items()}


def picture(browser: Any, svg: str) -> np.ndarray:
    page = browser.new_page(viewport={"width": 780, "height": 900})
    look = (
        "svg{width:760px;height:auto} text{font-family:'DejaVu Sans'} :root{stroke-linejoin:round}"
    )
    page.set_content(f"<!doctype html><style>{look}</style>{svg}")
    shot = page.locator("svg").first.screenshot()
    page.close()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=int)


@pytest.mark.parametrize("name", CHARTS)
def test_what_is_left_out_of_a_drawing_is_not_missed(
    browser: Any, drawn: dict[str, str], name: str
) -> None:
    whole = drawn[name][drawn[name].index("<svg") :]
    whole = re.sub("font-family:[^;]*", "", whole)
    slim = inline(whole, prefix="s1-", css_class="wide")
    before, after = picture(browser, whole), picture(browser, slim)
    assert len(np.unique(before)) > 20
    # Coordinates are rounded to a hundredth of a point: some edge is a shade lighter or darker.
    # The outermost pixels depend on how the browser rounds the height.
    apart = np.abs(before - after).max(axis=2)[2:-2, 2:-2]
    assert apart.max() <= 64
    assert (apart > 24).mean() < 0.0005
    assert len(slim) < 0.75 * len(whole)


# --- paths


def corners(path: str) -> Iterator[tuple[float, float] | None]:
    """Each point that a path goes to, and None where it closes; levels and uprights in full."""
    x = y = 0.0
    for letter, numbers in re.findall(r"([MLHVz])([^MLHVz]*)", path):
        given = [float(number) for number in numbers.split()]
        if letter == "z":
            yield None
            continue
        x = given[0] if letter in "MLH" else x
        y = given[-1] if letter in "MLV" else y
        yield x, y


def turns(points: list[tuple[float, float] | None]) -> list[tuple[float, float] | None]:
    """The points without those that a straight level or upright line only passes."""
    kept: list[tuple[float, float] | None] = []
    for point in points:
        while len(kept) >= 2 and None not in (point, kept[-1], kept[-2]):
            (ax, ay), (bx, by), (cx, cy) = kept[-2], kept[-1], point  # type: ignore[misc]
            level = ay == by == cy and (ax <= bx <= cx or ax >= bx >= cx)
            upright = ax == bx == cx and (ay <= by <= cy or ay >= by >= cy)
            if not (level or upright or kept[-1] == point):
                break
            kept.pop()
        kept.append(point)
    return kept


NUMBERS = st.sampled_from(["0", "1", "2", "2.5", "10", "-3"])
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=8)


@given(POINTS, st.booleans())
def test_a_shorter_path_is_the_same_line(points: list[tuple[str, str]], closed: bool) -> None:
    path = " L ".join(f"{x} {y}" for x, y in points)
    path = f"M {path} z" if closed else f"M {path}"
    short = _short_path(path)
    assert turns(list(corners(short))) == turns(list(corners(path)))
    assert len(short) <= len(path)


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("M 0 0 L 5 0 L 9 0 L 9 4", "M0 0H9V4"),
        ("M 0 0 L 9 0 L 5 0", "M0 0H9H5"),  # back again
        ("M 0 0 L 3 4 z", "M0 0L3 4z"),
        ("M 1 1 L 1 1", "M1 1L1 1"),  # a dot where the ends of lines are round
        ("M 0 0 L 4 0 z M 9 9 L 9 5 z", "M0 0H4zM9 9V5z"),
        ("M 0 0 C 1 1 2 2 3 3 Q 1 2 3 4", "M0 0C1 1 2 2 3 3Q1 2 3 4"),
    ],
)
def test_pieces_of_a_path(path: str, short: str) -> None:
    assert _short_path(path) == short
