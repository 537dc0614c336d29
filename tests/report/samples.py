"""A small project to build a report from: notebooks, a cohort, and what writes its tables."""

from __future__ import annotations

import base64
import os
import struct
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis_helpers import report
from analysis_helpers.report.engine import lean

from . import tables

with lean.imports():
    import nbformat

TABLES = f"{tables.__name__}:write_tables"
PRELOAD = ["ipykernel.kernelapp", "ipykernel.ipkernel", "analysis_helpers.report.engine.kernels"]
"""Less than a build imports beforehand: these notebooks need none of it."""


def _png() -> str:
    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return base64.b64encode(
        b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)
    ).decode()


def _svg(width: int) -> str:
    bars = "".join(
        f'<rect clip-path="url(#clip)" x="130" y="{60 + 24 * n}" width="{(width - 190) * w}" '
        f'height="14" fill="{"#b5400b" if n == 0 else "#9a9a9a"}"/>'
        f'<text x="120" y="{72 + 24 * n}" text-anchor="end">Author {n + 1}</text>'
        for n, w in enumerate([1, 0.85, 0.7, 0.5, 0.45, 0.3])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="240pt" '
        f'viewBox="0 0 {width} 240" font-family="Heebo" font-size="13" onload="alert(1)">'
        f'<defs><clipPath id="clip"><path d="M 0.12345 0 H {width} V 240 H 0 Z"/></clipPath></defs>'
        '<text x="0" y="22" font-family="Frank Ruhl Libre" font-weight="700" font-size="20">'
        f"Most stayed over five years</text>{bars}<script>alert(1)</script></svg>"
    )


FIGURE: dict[str, str] = {
    "name": "tenures",
    "title": "Most stayed over five years",
    "subtitle": "Months at the company",
    "alt": 'Six bars; the longest is "Author 1", at 81 months.',
    "svg": _svg(720),
    "svg_narrow": _svg(360),
    "png": _png(),
    "csv": "name,months\nAuthor 1,81\n",
    "table": "<table><caption>Months at the company</caption><thead><tr>"
    "<th scope='col'>Name</th><th scope='col' class='num'>Months</th></tr></thead>"
    "<tbody><tr><th scope='row'>Author 1</th><td class='num'>81</td></tr></tbody></table>",
}

CARDS = """
<div class="cards">
<article class="card"><p><span class="verdict verdict-contradicted">contradicted</span></p>
<p class="statement">A few left this year.</p><p class="found">Found: 1. Needed: at least 2.</p>
<p class="more"><a href="#claim-c1">All the evidence</a></p></article>
<article class="card"><p><span class="verdict verdict-inconclusive">inconclusive</span></p>
<p class="statement">The first left in January 2023.</p>
<p class="note">Only one row's range reaches January.</p></article>
</div>"""

LEDGER = """
<div class="ledger"><div class="filters"><fieldset><legend>Verdict</legend>
<label><input type="radio" name="verdict" class="verdict-any" checked> all (2)</label>
<label><input type="radio" name="verdict" class="verdict-contradicted"> contradicted (1)</label>
</fieldset></div><ol class="claims">
<li class="claim is-supported by-table" id="claim-c0"><p class="says">
<span class="verdict verdict-supported">supported</span> <span>Eleven have left.</span>
<a href="#claim-c0" aria-label="# c0">#</a></p>
<details><summary>Evidence</summary><dl><dt>In the article</dt><dd>line 1</dd></dl></details></li>
<li class="claim is-contradicted by-table" id="claim-c1"><p class="says">
<span class="verdict verdict-contradicted">contradicted</span> <span>A few left this year.</span>
<a href="#claim-c1" aria-label="# c1">#</a></p></li>
</ol></div>"""


def show(data: dict[str, Any]) -> str:
    """Code that displays this output."""
    return f"from IPython.display import display\ndisplay({data!r}, raw=True)"


def notebook(*cells: str) -> bytes:
    """A notebook: a cell is code when it starts with `>>> `, which is cut off.

    The cell with the parameters is added.
    """
    made: list[Any] = []
    for cell in cells:
        text = textwrap.dedent(cell).strip()
        if text.startswith(">>> "):
            made.append(nbformat.v4.new_code_cell(text.removeprefix(">>> ")))
        else:
            made.append(nbformat.v4.new_markdown_cell(text))
    parameters = nbformat.v4.new_code_cell('cohort = "llama"', metadata={"tags": ["parameters"]})
    made.insert(1, parameters)
    for number, each in enumerate(made):
        each["id"] = f"cell-{number}"
    return nbformat.writes(nbformat.v4.new_notebook(cells=made)).encode()


SUMMARY = notebook(
    "# Do the article's claims stand?",
    ">>> " + show({"text/html": CARDS}),
    "Three claims carry the article. We hold each against the table behind it, with *every* loose "
    "date read as a range. See [how long they stayed](02_tenure.ipynb).",
    ">>> print('Fourteen rows were read.')",
)
TENURE = notebook(
    "# How long had they stayed?",
    "The article says: over five years on average.",
    ">>> " + show({"text/html": "<p class='finding'>The mean is 65.0 to 68.8 months.</p>"}),
    ">>> " + show({"application/vnd.analysis-helpers.figure+json": FIGURE}),
    "## What could change this",
    "A tenure printed in whole years is *not* exact.\n\n- one\n- two\n\n"
    "```python\nmean(x)  # 3\n```",
    ">>> import pandas as pd\npd.DataFrame({'months': [81, 70]}, index=['Ada', 'Grace'])",
)
FULL = notebook(
    "# Every claim, one by one",
    "### A heading that skips a level",
    ">>> " + show({"text/html": LEDGER}),
    ">>> " + show({"application/vnd.analysis-helpers.figure+json": FIGURE}),
)


ATTACK = "<script>window.planted = 1</script><img src=x onerror='window.planted = 1'>"
PLANTED = notebook(
    "# Is anything planted? <img src=x onerror='window.planted=1'>",
    "[a link](javascript:window.planted=1) <a href='javascript:window.planted=1'>raw</a> <b "
    "onmouseover='window.planted=1'>bold</b>",
    ">>> " + show({"text/html": f"<p>{ATTACK}</p><iframe src='https://evil.example'></iframe>"}),
    ">>> " + show({"text/html": "</main></body><table><tr><td onclick='window.planted=1'>x"}),
    ">>> " + show({"text/plain": ATTACK}),
    f">>> print({ATTACK!r})",
)
ONE = notebook("# First?", ">>> print('one')")
TWO = notebook(
    "# Second?",
    "The first row.",
    ">>> from pathlib import Path",
    ">>> print(Path(cohort, 'claims.toml').read_text().splitlines()[0])",
)


_ELSEWHERE = """
{before}
import sys
from pathlib import Path
from analysis_helpers import report
from analysis_helpers.report.engine import cache, fork
root = Path({root!r})
report.TABLES = "report.tables:write_tables"
cache.PACKAGE = root / "package"
fork.PRELOAD = {preload!r}
try:
    report.build(
        root / "data/llama", Path("reports/llama"), notebooks=root / "notebooks",
        languages={languages!r},
        progress=lambda p: print(p.step, p.done, flush=True),
    )
except report.BuildError as error:
    sys.exit(str(error))
except KeyboardInterrupt:
    sys.exit("interrupted")
print("heavy:", *sorted({{"pandas", "matplotlib", "nbconvert", "nbclient"}} & set(sys.modules)))
"""


class Project:
    """A folder with notebooks and a cohort, ready to be built from."""

    def __init__(self, root: Path, **notebooks: bytes) -> None:
        self.root = root
        self.notebooks = root / "notebooks"
        self.cohort = root / "data" / "llama"
        self.out = root / "reports" / "llama"
        self.notebooks.mkdir(parents=True)
        self.cohort.mkdir(parents=True)
        self.claims("Eleven have left.,supported", "The first left in 2023.,inconclusive")
        for stem, content in notebooks.items():
            self.write(stem, content)

    def claims(self, *rows: str) -> None:
        (self.cohort / "claims.toml").write_text("\n".join(rows))

    def write(self, stem: str, content: bytes) -> None:
        (self.notebooks / f"{stem.removeprefix('n')}.ipynb").write_bytes(content)

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file()
        }

    def build(self, **options: Any) -> list[dict[str, Any]]:
        return report.build(self.cohort, self.out, notebooks=self.notebooks, **options)

    def build_elsewhere(
        self,
        before: str = "",
        preload: list[str] | None = None,
        through: Sequence[str] = (),
        languages: Sequence[str] = ("en",),
        **environment: str,
    ) -> subprocess.Popen[str]:
        """Start a build in a Python of its own, after some other code, `through` a command."""
        code = _ELSEWHERE.format(
            before=before, root=str(self.root), preload=preload or PRELOAD, languages=languages
        )
        folders = [Path(__file__).parents[1], Path(report.__file__).parents[2]]
        return subprocess.Popen(
            [*through, sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders)), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.root,
        )

    def leftovers(self) -> list[str]:
        return [path.name for path in self.out.parent.iterdir() if path != self.out]
