"""The command line: build, watch, check, compare, verify and new."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from . import __version__
from .errors import InputError, Problem
from .places import NOTEBOOKS, find_cohort, under_data

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Recompute what an article says about a team, and say how firmly each claim stands.",
)

LLAMA = Path("data/llama")
CohortOption = Annotated[
    Path | None,
    typer.Option(
        "--cohort", metavar="DIR", help="The cohort: a folder, or the name of one under data/."
    ),
]
NotebooksOption = Annotated[
    Path,
    typer.Option(
        "--notebooks",
        metavar="DIR",
        help="The notebooks to run [those of the package].",
        show_default=False,
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        _say(f"analysis-helpers {__version__}")
        raise typer.Exit(0)


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None: ...


def _say(text: str, err: bool = False) -> None:
    """Print a line. Whoever stopped reading has what they wanted; a full disk is told."""
    try:
        typer.echo(text, err=err)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2 if err else 1)
        if not err:
            raise typer.Exit(0) from None
    except OSError as error:
        if not err:
            _say(f"the result could not be printed: {error.strerror}", err=True)
        raise typer.Exit(2) from None


@contextmanager
def _said_plainly() -> Iterator[None]:
    """One message a problem and status 2 for whatever was given and cannot be used."""
    from .report import BuildError

    try:
        yield
    except (InputError, BuildError) as error:
        _say(str(error), err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        _say(f"{error.filename or 'this folder'}: cannot be used: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        _say("Interrupted; the last report is as it was.", err=True)
        raise typer.Exit(130) from None


def _print_verdicts(claims: list[dict[str, Any]], language: str) -> None:
    from .language import Language

    say = Language.of(language)
    wide = max((len(claim["verdict_label"]) for claim in claims), default=0)
    width = max((len(claim["id"]) for claim in claims), default=0)
    for claim in claims:
        parts = [f"{claim['verdict_label']:<{wide}}", f"{claim['id']:<{width}}"]
        if claim["needed"]:
            parts += [claim["measured"], f"{say('Needed').lower()}: {claim['needed']}"]
        # In English the id says it; no other language has one.
        if language != "en":
            parts.append(claim["says"])
        _say("  ".join(parts).rstrip())


@app.command()
def build(
    cohort: CohortOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Where to publish [reports/<the folder's name>]."
        ),
    ] = None,
    lang: Annotated[
        list[str] | None,
        typer.Option(
            "--lang", metavar="CODE", help="The report's language [en]; may be given for each."
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Run everything again, and replace the report of another cohort."
        ),
    ] = False,
    notebooks: NotebooksOption = NOTEBOOKS,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print the report as well, with an installed Chromium.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what is wrong.")] = False,
) -> None:
    """Run the notebooks and publish the report; print the verdicts."""
    from .language import Language
    from .progress import told
    from .report import build as build_report
    from .report import edition
    from .report.pages.showcase import refresh

    with _said_plainly():
        folder = _found(cohort)
        target = out if out is not None else Path("reports") / folder.resolve().name
        languages = [Language.of(each).code for each in lang or ["en"]]
        with told(lambda line: _say(line, err=True), quiet=quiet) as progress:
            claims = build_report(
                folder,
                target,
                notebooks=notebooks,
                languages=languages,
                force=force,
                pdf=pdf,
                progress=progress,
                warn=_warn,
            )
    try:
        refresh(notebooks.parent / "README.md", target)
    except (OSError, UnicodeError) as error:
        _say(f"README.md still shows an older result: {error}", err=True)
    if quiet:
        return
    _print_verdicts(claims, languages[0])
    _say("")
    for language in languages:
        page = edition(target, language) / "index.html"
        _say(f"{page.as_posix()} is up to date.")


def _warn(*messages: str) -> None:
    for message in messages:
        _say(f"warning: {message}", err=True)


def _found(cohort: Path | None) -> Path:
    """The folder that `--cohort` means, or the project's own subject."""
    if cohort is not None:
        return find_cohort(cohort)
    if (folder := under_data(LLAMA.name)) is not None:
        return folder
    accepted = "a cohort's folder; `analysis-helpers new mine` writes one to fill in"
    raise InputError([Problem("--cohort", f"is needed: there is no {LLAMA} here", accepted)])


@app.command()
def check(
    cohort: CohortOption = None,
    lang: Annotated[
        str, typer.Option("--lang", metavar="CODE", help="The ledger's language.")
    ] = "en",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what a build writes to claims.json.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if a claim is contradicted.")
    ] = False,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="ID", help="Say what the verdict on one claim rests on."),
    ] = None,
) -> None:
    """Decide the ledger's claims without running the notebooks."""
    from .claims import in_words, to_json
    from .errors import UnknownNameError, listed
    from .opening import open_cohort

    with _said_plainly():
        data, ledger = open_cohort(_found(cohort), lang)
        _warn(*listed(data.warnings))
        if explain is not None:
            try:
                chosen = ledger[explain]
                ledger = ledger.where(lambda each: each is chosen)
            except UnknownNameError as error:
                raise InputError([Problem("--explain", str(error))]) from None
    if as_json:
        _say(json.dumps(to_json(ledger), ensure_ascii=False, indent=1))
    elif explain is not None:
        _say(str(ledger[0].explain()))
    else:
        _print_verdicts(in_words(ledger), lang)
    if strict and any(decision.verdict == "contradicted" for decision in ledger):
        raise typer.Exit(1)


@app.command()
def watch(
    cohort: CohortOption = None,
    lang: Annotated[
        list[str] | None,
        typer.Option(
            "--lang", metavar="CODE", help="The report's language [en]; may be given for each."
        ),
    ] = None,
    notebooks: NotebooksOption = NOTEBOOKS,
) -> None:
    """Show the report in a browser, up to date while its files change; publish nothing."""
    from .language import Language

    with _said_plainly():
        folder = _found(cohort)
        languages = [Language.of(each).code for each in lang or ["en"]]
        from .report.live.watch import watch as keep_up_to_date

        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            keep_up_to_date(
                folder,
                notebooks,
                languages,
                say=_say,
                complain=lambda text: _say(text, err=True),
            )


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
    _say(comparison.finding)
    _say("\n" + comparison.half_gone_frame.to_string(index=False))
    for path in written:
        _say(path.as_posix())


@app.command()
def verify(
    article: Annotated[Path, typer.Argument(metavar="ARTICLE", help="A copy of the article.")],
    cohort: CohortOption = None,
) -> None:
    """Hold every transcribed cell against a copy of the article, line by line."""
    from .cohort import OPTIONAL, PRINTED
    from .files import read_csv, read_text
    from .transcription import verify as hold

    with _said_plainly():
        path = _found(cohort) / "authors.csv"
        cells, lines = read_csv(path, PRINTED, also=OPTIONAL)
        rows = [dict(zip(PRINTED, row, strict=False)) for row in cells.itertuples(index=False)]
        result = hold(rows, read_text(article), list(lines))
    for mismatch in result.mismatches:
        _say(str(mismatch))
    for at in result.unchecked:
        _say(f"authors.csv, {at}: is not from the article's text and was not checked")
    if result.mismatches:
        raise typer.Exit(1)
    _say(f"{result.cells} cells match the article.")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    table: Annotated[
        Path | None,
        typer.Option("--from", metavar="TABLE", help="A spreadsheet to take the rows from."),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="OURS=THEIRS",
            help='A heading of it that is one of ours: name="Full name". May be repeated.',
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Its sheet, where it has several.")
    ] = None,
) -> None:
    """Write a commented cohort folder to fill in, or one with the rows of a spreadsheet."""
    from .intake import write_from
    from .scaffold import write_cohort

    if table is None and (column or sheet):
        raise typer.BadParameter("--column and --sheet go with --from")
    with _said_plainly():
        if table is None:
            written = write_cohort(folder)
        else:
            intake = write_from(folder, table, column or [], sheet)
            written = intake.written
            _say("\n".join([*intake.said, ""]))
    for path in written:
        _say(path.as_posix())
    to_do = "Fill these in, then"
    if table is not None and (problems := _left_to_do(folder)):
        _say("\n".join(["", "Still to do:", *problems]))
        to_do = "Then"
    _say(f"\n{to_do}: analysis-helpers build --cohort {folder.as_posix()}")


def _left_to_do(folder: Path) -> list[str]:
    """What `check` says of a folder."""
    from .errors import listed
    from .opening import open_cohort

    try:
        data, _ = open_cohort(folder)
    except InputError as error:
        return listed(error.problems)
    return listed(data.warnings)


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
