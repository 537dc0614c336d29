"""The command line: build, check, compare, verify and new."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .errors import InputError

if TYPE_CHECKING:
    from .report import Progress

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Recompute what an article says about a team, and say how firmly each claim stands.",
)


CohortOption = Annotated[Path, typer.Option("--cohort", metavar="DIR", help="The cohort's folder.")]
LLAMA = Path("data/llama")


def _say(text: str, err: bool = False) -> None:
    """Print a line. Whoever stopped reading has what they wanted; a full disk is told."""
    try:
        typer.echo(text, err=err)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2 if err else 1)
        raise typer.Exit(0) from None
    except OSError as error:
        if not err:
            _say(f"the result could not be printed: {error.strerror}", err=True)
        raise typer.Exit(2) from None


@contextmanager
def _said_plainly() -> Iterator[None]:
    """One message a problem: status 2 for bad input, 1 for a notebook that fails, no traceback."""
    from .report import BuildError, NotebookError

    try:
        yield
    except InputError as error:
        _say(str(error), err=True)
        raise typer.Exit(2) from None
    except NotebookError as error:
        _say(str(error), err=True)
        raise typer.Exit(1) from None
    except BuildError as error:
        _say(str(error), err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        _say(f"{error.filename}: cannot be used: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        _say("Interrupted; the last report is as it was.", err=True)
        raise typer.Exit(130) from None


def _print_verdicts(claims: list[dict[str, Any]], language: str) -> None:
    wide = max((len(claim["verdict_label"]) for claim in claims), default=0)
    width = max((len(claim["id"]) for claim in claims), default=0)
    for claim in claims:
        parts = [
            f"{claim['verdict_label']:<{wide}}",
            f"{claim['id']:<{width}}",
            claim["measured"],
        ]
        # In English the id says it; no other language has one.
        if language != "en":
            parts.append(claim["says"])
        _say("  ".join(parts).rstrip())


@app.command()
def build(
    cohort: CohortOption = LLAMA,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Where to publish [reports/<the folder's name>]."
        ),
    ] = None,
    lang: Annotated[
        list[str] | None,
        typer.Option("--lang", help="The language of the report [en]; may be given for each."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run everything again, whatever is unchanged.")
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print the report as well, with an installed Chromium.")
    ] = False,
) -> None:
    """Run the notebooks and publish the report; print the verdicts."""
    from .language import Language
    from .report import build as build_report
    from .report import edition
    from .report.pages.showcase import refresh

    with _said_plainly():
        folder = _existing(cohort)
        target = out if out is not None else Path("reports") / folder.resolve().name
        notebooks = _notebooks()
        languages = [Language.of(each).code for each in lang or ["en"]]
        claims = build_report(
            folder,
            target,
            notebooks=notebooks,
            languages=languages,
            force=force,
            pdf=pdf,
            progress=_show_progress,
            warn=_warn,
        )
    try:
        refresh(notebooks.parent / "README.md", target)
    except (OSError, UnicodeError) as error:
        _say(f"README.md still shows an older result: {error}", err=True)
    _print_verdicts(claims, languages[0])
    _say("")
    for language in languages:
        page = edition(target, language) / "index.html"
        _say(f"{page.as_posix()} is up to date.")


def _warn(*messages: str) -> None:
    for message in messages:
        _say(f"warning: {message}", err=True)


def _show_progress(progress: Progress) -> None:
    _say(f"{progress.step}  {progress.done}/{progress.total}", err=True)


def _existing(cohort: Path) -> Path:
    if cohort.is_dir():
        return cohort
    from .errors import Problem

    raise InputError([Problem(str(cohort), "there is no such folder", "a cohort folder")])


def _notebooks() -> Path:
    """The notebooks of the project folder that we are in, or of the one we are installed from."""
    for project in (Path.cwd(), Path(__file__).resolve().parents[2]):
        if (project / "notebooks").is_dir():
            return project / "notebooks"
    from .report import BuildError

    raise BuildError("there is no folder notebooks/ here: run this in the project's folder")


@app.command()
def check(
    cohort: CohortOption = LLAMA,
    lang: Annotated[str, typer.Option("--lang", help="The language of the ledger.")] = "en",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what a build writes to claims.json.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if a claim is contradicted.")
    ] = False,
) -> None:
    """Decide the ledger's claims without running the notebooks."""
    from .claims import in_words, to_json
    from .errors import listed
    from .opening import open_cohort

    with _said_plainly():
        data, decisions = open_cohort(_existing(cohort), lang)
    _warn(*listed(data.warnings))
    if as_json:
        _say(json.dumps(to_json(decisions), ensure_ascii=False, indent=1))
    else:
        _print_verdicts(in_words(decisions), lang)
    if strict and any(decision.verdict == "contradicted" for decision in decisions):
        raise typer.Exit(1)


@app.command()
def compare(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR DIR...", help="A cohort's folder, and others.")
    ],
    month: Annotated[
        int | None,
        typer.Option("--month", metavar="N", help="The last month, publication's being 0 [all]."),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="The language of what is said.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the figure and its numbers there."),
    ] = None,
) -> None:
    """Say how many of each team had left, month by month after publication."""
    from .comparison import opened, side_by_side
    from .errors import Problem, listed
    from .language import Language

    with _said_plainly():
        if len(folders) < 2:
            raise InputError([Problem("DIR", "only one team is given", "two teams or more")])
        cohorts = opened(folders, Language.of(lang))
        comparison = side_by_side(cohorts, month)
        written = comparison.save(out) if out is not None else []
    for cohort in cohorts:
        _warn(*listed(cohort.warnings))
    if as_json:
        _say(json.dumps(comparison.to_json(), ensure_ascii=False, indent=1))
        return
    for text in (comparison.finding, "", comparison.half_gone_table, *([""] if written else [])):
        _say(str(text))
    for path in written:
        _say(path.as_posix())


@app.command()
def verify(
    article: Annotated[Path, typer.Argument(metavar="ARTICLE", help="A copy of the article.")],
    cohort: CohortOption = LLAMA,
) -> None:
    """Hold every transcribed cell against a copy of the article, line by line."""
    from .cohort import OPTIONAL, PRINTED
    from .files import read_csv, read_text
    from .transcription import verify as hold

    with _said_plainly():
        path = _existing(cohort) / "authors.csv"
        rows = [
            dict(zip(PRINTED, cells, strict=False))
            for cells in read_csv(path, PRINTED, also=OPTIONAL).itertuples(index=False)
        ]
        result = hold(rows, read_text(article))
    for mismatch in result.mismatches:
        _say(str(mismatch))
    for row in result.unchecked:
        _say(f"row {row} has another source than the article and was not checked")
    if result.mismatches:
        raise typer.Exit(1)
    _say(f"{result.cells} cells match the article.")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
) -> None:
    """Write a commented cohort folder to fill in."""
    from .scaffold import write_cohort

    with _said_plainly():
        written = write_cohort(folder)
    for path in written:
        _say(path.as_posix())
    _say(f"\nFill these in, then: analysis-helpers build --cohort {folder.as_posix()}")


def main() -> None:
    """Run the command line."""
    _open_standard_streams()
    app()


def _open_standard_streams() -> None:
    """Open what the caller closed, so that no file of ours takes its place, and print anything."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
            os.set_inheritable(opened, True)
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif number and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
