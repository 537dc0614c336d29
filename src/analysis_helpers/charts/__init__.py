"""One function a figure: a cohort -> a `Chart` with its title, alternative text, data and drawing.

A chart is drawn twice, for a wide and for a narrow column. All lengths are in points (1/72 inch).
Up to `NAMED_AT_MOST` authors are named; past that, a figure shows their distribution.
"""

from ._chart import FIGURE_MIME, Chart
from ._fragility import fragility
from ._headcount import headcount
from ._people import destinations
from ._retention import retention as retention
from ._sheet import NAMED_AT_MOST, NARROW, WIDE
from ._sheet import drawing as drawing
from ._tenure import tenures
from ._timeline import timeline

__all__ = [
    "FIGURE_MIME",
    "NAMED_AT_MOST",
    "NARROW",
    "WIDE",
    "Chart",
    "destinations",
    "fragility",
    "headcount",
    "tenures",
    "timeline",
]


def __dir__() -> list[str]:
    return sorted(__all__)
