"""How much a call does, counted instead of timed: the same on a busy machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls_of(function: Callable[..., Any], *given: Any) -> int:
    """How many functions it calls, those of Python and those of its C modules."""
    count = 0

    def counted(_frame: FrameType, event: str, _of: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        function(*given)
    finally:
        sys.setprofile(before)
    return count
