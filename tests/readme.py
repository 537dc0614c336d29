"""Blocks of the README that a command writes."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def write_block(name: str, content: str) -> None:
    """Put content between `<!-- NAME -->` and `<!-- end of NAME -->`."""
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    text = README.read_text(encoding="utf-8")
    filled = block.sub(lambda found: f"{found[1]}\n{content}\n\n{found[2]}", text)
    README.write_text(filled, encoding="utf-8", newline="\n")
