"""One function a figure: a cohort -> a `Chart` with its title, alternative text, data and drawing.

A chart is drawn twice, for a wide and for a narrow column. All lengths are in points (1/72 inch).
Up to `NAMED_AT_MOST` authors are named; past that, a figure shows their distribution.
"""

from .chart import FIGURE_MIME, Chart
from .people import departures, destinations
from .sheet import NAMED_AT_MOST, NARROW, WIDE, drawing
from .tenure import leave_one_out, tenures
from .timeline import careers, headcount

__all__ = [
    "FIGURE_MIME",
    "NAMED_AT_MOST",
    "NARROW",
    "WIDE",
    "Chart",
    "careers",
    "departures",
    "destinations",
    "drawing",
    "headcount",
    "leave_one_out",
    "tenures",
]
