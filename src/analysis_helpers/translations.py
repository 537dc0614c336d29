"""The catalogues of translations, kept in step with the texts: `make translations`.

The English text is the key, in code, page templates and the notebooks' Markdown cells alike. A text
that is new stands in a catalogue without a translation until somebody writes one; one that is gone
is dropped.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from .language import CATALOGUES
from .places import NOTEBOOKS, PACKAGE


def messages() -> Catalog:
    """Every text that a reader can meet, with where it stands."""
    found = Catalog(charset="utf-8")
    texts = extract_from_dir(
        PACKAGE,
        method_map=[("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")],
        keywords={"_": None, "say": None, "self": None, "plural": (1, 2)},
    )
    for file, _line, message, _comments, _context in texts:
        found.add(message, locations=[(Path(file).as_posix(), 0)])
    for notebook in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                found.add("".join(cell["source"]), locations=[(notebook.name, 0)])
    return found


def refreshed(language: str) -> str:
    """The catalogue of a language as it has to be: every text, with what is translated of it."""
    with (CATALOGUES / f"{language}.po").open("rb") as written:
        catalogue = read_po(written, locale=language)
    catalogue.update(messages(), no_fuzzy_matching=True)
    out = io.BytesIO()
    write_po(
        out, catalogue, width=100, sort_by_file=True, ignore_obsolete=True, include_lineno=False
    )
    # When it was made, and by which tool, would change with every run.
    stamp = r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team).*\n'
    return re.sub(stamp, "", out.getvalue().decode(), flags=re.MULTILINE)


def main() -> None:
    """Refresh every catalogue."""
    for path in sorted(CATALOGUES.glob("*.po")):
        path.write_text(refreshed(path.stem), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
