"""Build the report of a cohort: run the notebooks, export them, publish the whole.

Nothing heavy is imported before it is known that there is something to do.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis_helpers.language import codes
from analysis_helpers.report.engine import publish, publisher
from analysis_helpers.report.engine.cache import Inputs, Json, Store, digest, files_below
from analysis_helpers.report.errors import BuildError, ChangedError, NotebookError, TargetError
from analysis_helpers.report.pages.pdf import with_browser

__all__ = ["BuildError", "NotebookError", "Progress", "build"]

TABLES = "analysis_helpers.report.pages.tables:write_tables"
"""What writes the tables of a report: called with the cohort, a folder, the language, and what it
calls itself as soon as it has found nothing wrong with the cohort."""


def edition(report: Path, language: str) -> Path:
    """The folder of the edition in a language, in the folder of a report."""
    return report if language == "en" else report / language


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
    languages: Sequence[str] = ("en",),
    force: bool = False,
    pdf: bool = False,
    progress: Callable[[Progress], None] | None = None,
    warn: Callable[[str], None] | None = None,
) -> list[dict[str, Any]]:
    """Bring the report in `out` up to date and return its claims with their verdicts, in words.

    The claims are said in the first of `languages`. An edition that is already in `out` is brought
    up to date as well, so that no two of them disagree. `out` is at every moment the whole old
    report or the whole new one. `force` runs everything again, whatever earlier builds left, and
    replaces another cohort's report; `pdf` prints each edition as well, into its `report.pdf`.
    `warn` is told what looks wrong in the cohort, and of a published file that somebody edited
    since. Raises InputError for what is wrong with the cohort, NotebookError for a cell that
    raises, and BuildError for everything else.
    """

    def tell(step: str, done: int, total: int) -> None:
        if progress is not None:
            progress(Progress(step, done, total))

    def warned(message: str) -> None:
        if warn is not None:
            warn(message)

    def claims_of(report: Path, language: str) -> Path:
        return edition(report, language) / "claims.json"

    given = out
    try:
        cohort, out, notebooks = map(_resolved, (cohort, out, notebooks))
        store = Store.of_user()
        with store.alone(out, lambda: tell("waiting", 0, 1)):
            slot = f"published-{digest([(str(out), b'')])[:16]}"
            publish.clear_up(out)
            before = publish.check_target(out, [cohort, notebooks])
            if not force:
                publisher.refuse_another(store, out, cohort, before)
            wanted = [
                each
                for each in codes()
                if each in languages or claims_of(Path(), each).as_posix() in before
            ]
            inputs = Inputs.read(cohort, notebooks)
            key = inputs.whole(f"{wanted} {pdf}")
            published = None if force else store.get(slot, key)
            if published is None or published["files"] != publish.checksums(out):
                with publish.staging(out, warned) as folder:
                    if pdf:
                        print_pdf = with_browser()
                    made = Making(cohort, notebooks, wanted, inputs, store, force, folder, tell)
                    site = made.make()
                    if pdf:
                        for number, language in enumerate(wanted):
                            tell("pdf", number, len(wanted))
                            pages = edition(site, language)
                            print_pdf(pages / "index.html", pages / "report.pdf")
                        tell("pdf", len(wanted), len(wanted))
                    publish.write_record(site)
                    sums = publish.checksums(site)
                    for name in publish.edited(out, before):
                        warned(
                            f"{given / name}: was edited since it was published, and is replaced"
                        )
                    publish.publish(site.rename(folder / "site"), out)
                published = {"files": sums, "warnings": made.warnings, "claims": made.claims}
                store.put(slot, key, published)
            publisher.remember(store, out, cohort)
            for message in published["warnings"]:
                warned(message)
        claims: list[dict[str, Any]] = published["claims"][languages[0]]
        return claims
    except TargetError as error:
        raise BuildError(f"{given / error.below}: {error}") from None
    except OSError as error:
        raise BuildError(
            f"{_blamed(error, out, given)}: the report could not be written: "
            f"{error.strerror or error}"
        ) from error


def _blamed(error: OSError, out: Path, given: Path) -> Path:
    """The file that an error is about; the target as it was given, where that is one of ours."""
    if not isinstance(error.filename, str):
        return given
    path = Path(error.filename)
    ours = path.is_relative_to(out) or any(map(publish.is_temporary, path.parts))
    return given if ours else path


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError:  # what Python 3.11 and 3.12 raise
        raise BuildError(f"{path}: is a link that leads to itself") from None


_Tables = dict[str, str]
"""The text of each file that the tables' step writes, by its path."""


Job = tuple[str, str]
"""A language, and the stem of the notebook that runs in it."""

Run = Callable[..., dict[Job, Any]]
"""What runs the notebooks: `run.run`, or what takes and gives the same."""


@dataclass
class Making:
    """A report on its way from its inputs to a folder of pages.

    `warnings` and `claims`, in words and by language, are there when it is made.
    """

    cohort: Path
    notebooks: Path
    languages: list[str]
    inputs: Inputs
    store: Store
    force: bool
    folder: Path
    tell: Callable[[str, int, int], None]
    run: Run | None = None
    warnings: list[str] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)

    def make(self) -> Path:
        """Make the whole report in the temporary folder, from the cache where that is current."""
        if not self.inputs.notebooks:
            raise BuildError(f"{self.notebooks}: holds no notebook named like 01_summary.ipynb")
        tables = {
            language: self._kept(self._slot(language, "tables"), self.inputs.base)
            for language in self.languages
        }
        executed = {
            (language, stem): self._kept(self._slot(language, stem), self.inputs.key(stem))
            for language in self.languages
            for stem in self.inputs.notebooks
        }
        unwritten = [language for language, texts in tables.items() if texts is None]
        missing = [job for job, notebook in executed.items() if notebook is None]
        if unwritten or missing:
            fresh_tables, fresh = self._compute(unwritten, missing)
            if Inputs.read(self.cohort, self.notebooks) != self.inputs:
                raise ChangedError("a file changed while the report was made from it; build again")
            for language, texts in fresh_tables.items():
                self.store.put(self._slot(language, "tables"), self.inputs.base, texts)
            for (language, stem), notebook in fresh.items():
                self.store.put(self._slot(language, stem), self.inputs.key(stem), notebook)
            tables |= fresh_tables
            executed |= fresh
        return self._export(tables, executed)

    def _slot(self, language: str, step: str) -> str:
        return f"{self.cohort}\n{self.notebooks}\n{language}-{step}"

    def _kept(self, slot: str, key: str) -> Json:
        return None if self.force else self.store.get(slot, key)

    def _compute(
        self, languages: list[str], jobs: list[tuple[str, str]]
    ) -> tuple[dict[str, _Tables], dict[tuple[str, str], Any]]:
        """Write the tables in these languages and run notebooks, in processes forked for each."""
        from analysis_helpers.report.engine import fork, lean

        fork.start()
        with lean.imports():
            from analysis_helpers.report.engine import run
            from analysis_helpers.report.pages import export
        export.warm_up()  # while that starts
        scratch = self.folder / "run"
        scratch.mkdir()
        with self._tables(languages) as tables:
            executed = (self.run or run.run)(
                {job: self.inputs.notebooks[job[1]] for job in jobs},
                parameters={"cohort": str(self.cohort)},
                folder=self.notebooks,
                scratch=scratch,
                tell=self.tell,
            )
            return tables(), executed

    @contextmanager
    def _tables(self, languages: list[str]) -> Iterator[Callable[[], dict[str, _Tables]]]:
        """Start writing the tables, when the cohort has been checked; the call waits for them."""
        from analysis_helpers.report.engine.fork import Task

        folders = {language: self.folder / "tables" / language for language in languages}
        tasks: list[Task] = []
        try:
            for language, into in folders.items():
                self.tell("tables", len(tasks), len(folders))
                into.mkdir(parents=True)
                tasks.append(Task(TABLES, self.cohort, into, language))

            def written() -> dict[str, _Tables]:
                for task in tasks:
                    task.finish()
                self.tell("tables", len(tasks), len(tasks))
                return {
                    language: {
                        path.relative_to(into).as_posix(): path.read_text(encoding="utf-8")
                        for path in files_below(into)
                    }
                    for language, into in folders.items()
                }

            for task in tasks:
                task.check()
            yield written
        finally:
            for task in tasks:
                task.stop()

    def _export(self, tables: dict[str, _Tables], executed: dict[tuple[str, str], Any]) -> Path:
        """Lay out the pages of every edition and what is published beside them."""
        from analysis_helpers.report.engine import lean

        with lean.imports():
            from analysis_helpers.report.pages.export import export

        reports = {language: json.loads(tables[language]["report.json"]) for language in tables}
        self.warnings = reports[self.languages[0]].get("warnings", [])
        self.claims = {language: report["claims"] for language, report in reports.items()}
        site = self.folder / "making"
        for number, language in enumerate(self.languages):
            self.tell("pages", number, len(self.languages))
            pages = edition(site, language)
            pages.mkdir(parents=True, exist_ok=True)
            for name, text in tables[language].items():
                if name != "report.json":
                    (pages / name).parent.mkdir(parents=True, exist_ok=True)
                    (pages / name).write_text(text, encoding="utf-8", newline="\n")
            others = {
                other: os.path.relpath(edition(site, other), pages) + "/"
                for other in self.languages
                if other != language
            }
            export(
                {stem: executed[language, stem] for stem in self.inputs.notebooks},
                reports[language],
                pages,
                language=language,
                others=others,
            )
        self.tell("pages", len(self.languages), len(self.languages))
        return site
