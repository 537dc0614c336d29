"""Build the report of a cohort: run the notebooks, export them, publish the whole.

Nothing heavy is imported before it is known that there is something to do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis_helpers.report import publish
from analysis_helpers.report.cache import Inputs, Json, Store, digest, files_below
from analysis_helpers.report.errors import BuildError, NotebookError
from analysis_helpers.report.pdf import with_browser

__all__ = ["BuildError", "NotebookError", "Progress", "build"]

TABLES = "analysis_helpers.report.tables:write_tables"
"""What writes the tables of a report: called with the cohort, a folder and the language."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is: a notebook's stem (in cells), `tables`, `pages`, `pdf` or `waiting`."""

    step: str
    done: int
    total: int


def build(
    cohort: Path,
    out: Path,
    *,
    notebooks: Path,
    language: str = "en",
    force: bool = False,
    pdf: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> list[dict[str, Any]]:
    """Bring the report in `out` up to date and return its claims with their verdicts.

    `out` is at every moment the whole old report or the whole new one. `force` runs everything
    again, whatever earlier builds left; `pdf` prints the report as well, into `report.pdf`. Raises
    InputError for what is wrong with the cohort, NotebookError for a cell that raises, and
    BuildError for everything else.
    """
    cohort, out, notebooks = cohort.resolve(), out.resolve(), notebooks.resolve()

    def tell(step: str, done: int, total: int) -> None:
        if progress is not None:
            progress(Progress(step, done, total))

    try:
        store = Store.of_project(notebooks.parent)
        with store.alone(lambda: tell("waiting", 0, 1)):
            slot = f"published-{digest([(str(out), b'')])[:16]}"
            publish.clear_up(out)
            publish.check_target(out, [cohort, notebooks], known=slot in store)
            inputs = Inputs.read(cohort, notebooks, language)
            key = f"{inputs.whole} as PDF" if pdf else inputs.whole
            published = None if force else store.get(slot, key)
            if published is None or published != publish.checksums(out):
                with publish.staging(out) as folder:
                    job = _Job(cohort, notebooks, language, inputs, store, force, folder, tell)
                    if pdf:
                        print_pdf = with_browser()
                    site = job.make()
                    if pdf:
                        tell("pdf", 0, 1)
                        print_pdf(site / "index.html", site / "report.pdf")
                        tell("pdf", 1, 1)
                    sums = publish.checksums(site)
                    publish.publish(site, out)
                store.put(slot, key, sums)
        claims: list[dict[str, Any]] = json.loads((out / "claims.json").read_bytes())
        return claims
    except OSError as error:
        raise BuildError(f"the report could not be written: {error}") from error


@dataclass(frozen=True)
class _Job:
    cohort: Path
    notebooks: Path
    language: str
    inputs: Inputs
    store: Store
    force: bool
    folder: Path
    tell: Callable[[str, int, int], None]

    def make(self) -> Path:
        """Make the whole report in the temporary folder, from the cache where that is current."""
        if not self.inputs.notebooks:
            raise BuildError(f"{self.notebooks}: holds no notebook named like 01_summary.ipynb")
        prefix = f"{self.cohort.name}-{self.language}-"
        tables = self._kept(prefix + "tables", self.inputs.base)
        executed = {
            stem: self._kept(prefix + stem, self.inputs.key(stem)) for stem in self.inputs.notebooks
        }
        missing = {
            stem: content
            for stem, content in self.inputs.notebooks.items()
            if executed[stem] is None
        }
        if tables is None or missing:
            fresh_tables, fresh = self._compute(tables is None, missing)
            if Inputs.read(self.cohort, self.notebooks, self.language) != self.inputs:
                raise BuildError("a file changed while the report was made from it; build again")
            if fresh_tables is not None:
                tables = fresh_tables
                self.store.put(prefix + "tables", self.inputs.base, tables)
            for stem, notebook in fresh.items():
                executed[stem] = notebook
                self.store.put(prefix + stem, self.inputs.key(stem), notebook)
        return self._export(tables, executed)

    def _kept(self, slot: str, key: str) -> Json:
        return None if self.force else self.store.get(slot, key)

    def _compute(
        self, with_tables: bool, notebooks: dict[str, bytes]
    ) -> tuple[dict[str, str] | None, dict[str, Any]]:
        """Write the tables and run notebooks, in processes forked for each."""
        from analysis_helpers.report import fork, lean

        fork.start()
        with lean.imports():
            from analysis_helpers.report import export, run
        export.warm_up()  # while that starts
        with self._tables() if with_tables else nullcontext() as tables:
            executed = self._run(run.run, notebooks, tables)
            return None if tables is None else tables(), executed

    def _run(
        self,
        run: Callable[..., dict[str, Any]],
        notebooks: dict[str, bytes],
        tables: Callable[[], dict[str, str]] | None,
    ) -> dict[str, Any]:
        scratch = self.folder / "run"
        scratch.mkdir()
        try:
            return run(
                notebooks,
                parameters={"cohort": str(self.cohort), "language": self.language},
                folder=self.notebooks,
                scratch=scratch,
                tell=self.tell,
            )
        except NotebookError:
            if tables is not None:
                tables()  # what is wrong with the cohort is said as such
            raise

    @contextmanager
    def _tables(self) -> Iterator[Callable[[], dict[str, str]]]:
        """Start writing the tables; the call waits for them and gives the text of each file."""
        from analysis_helpers.report.fork import Task

        self.tell("tables", 0, 1)
        into = self.folder / "tables"
        into.mkdir()
        task = Task(TABLES, self.cohort, into, self.language)

        def written() -> dict[str, str]:
            task.finish()
            self.tell("tables", 1, 1)
            return {
                path.relative_to(into).as_posix(): path.read_text(encoding="utf-8")
                for path in files_below(into)
            }

        try:
            yield written
        finally:
            task.stop()

    def _export(self, tables: dict[str, str], executed: dict[str, Any]) -> Path:
        """Lay out the pages and what is published beside them."""
        from analysis_helpers.report import lean

        with lean.imports():
            from analysis_helpers.report.export import export

        self.tell("pages", 0, 1)
        site = self.folder / "site"
        for name, text in tables.items():
            if name != "report.json":
                (site / name).parent.mkdir(parents=True, exist_ok=True)
                (site / name).write_text(text, encoding="utf-8", newline="\n")
        export(executed, json.loads(tables["report.json"]), site, language=self.language)
        self.tell("pages", 1, 1)
        return site
