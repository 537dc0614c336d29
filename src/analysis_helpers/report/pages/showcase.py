"""The result that a project's README shows: a figure and a verdict table out of a report."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

_BLOCK = re.compile(
    r"(<!-- result: (?P<figure>[\w-]+) of (?P<report>\S+) -->\n).*?(<!-- end of result -->)",
    re.DOTALL,
)


def refresh(readme: Path, report: Path) -> None:
    """Bring the README's block about this report up to date, if it has one and that is English.

    The block stands between `<!-- result: FIGURE of FOLDER -->` and `<!-- end of result -->`. Its
    table has the claims that were decided by the report's table.
    """
    project, readme = readme.parent, readme.resolve()  # a link stays one
    if not readme.is_file() or not (report / "README.md").is_file():
        return
    old = readme.read_text(encoding="utf-8")
    block = _BLOCK.search(old)
    if block is None or (project / block["report"]).resolve() != report.resolve():
        return
    result = _result(report, block["report"], block["figure"])
    new = old[: block.start()] + f"{block[1]}\n{result}\n\n{block[4]}" + old[block.end() :]
    if new != old:
        fresh = readme.with_name(f".{readme.name}.tmp")
        fresh.write_text(new, encoding="utf-8", newline="\n")
        os.replace(fresh, readme)  # noqa: PTH105 (one step, so that no half is ever seen)


def _result(report: Path, folder: str, figure: str) -> str:
    gallery = (report / "README.md").read_text(encoding="utf-8")
    claims = json.loads((report / "claims.json").read_text(encoding="utf-8"))
    picture = re.search(rf"!\[(.*)\]\(figures/{figure}\.png\)", gallery)
    lines = re.findall(r"^\|.*\|$", gallery, re.MULTILINE)
    rows = [
        line
        for line, claim in zip(lines[2:], claims, strict=True)
        if claim["checked_by"] == "table"
    ]
    parts = ["\n".join(lines[:2] + rows)]
    if picture:
        parts.insert(0, f"![{picture[1]}]({folder}/figures/{figure}.png)")
    return "\n\n".join(parts)
