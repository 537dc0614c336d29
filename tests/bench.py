"""`make bench`: what the publishing costs, each figure beside its baseline in the same run.

Every comparison is run in pairs, the two sides in turn, and the ratio is taken pair by pair: a
machine whose speed drifts does not decide. Prints a table and writes it into the README.
"""

from __future__ import annotations

import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from conftest import FLAGS
from readme import write_block

PROJECT = Path(__file__).parents[1]
LLAMA = PROJECT / "data" / "llama"
PAIRS = 5
ROWS = 1_000_000

# Each side has read a small file before, so that no import is counted.
READ = """
import sys, time, pandas
pandas.read_csv(sys.argv[2] + "/authors.csv", dtype=str)
start = time.perf_counter()
frame = pandas.read_csv(sys.argv[1] + "/authors.csv", dtype=str)
print(time.perf_counter() - start, frame.memory_usage(deep=True).sum())
"""
MEASURE = """
import resource, sys, time
from analysis_helpers import cohort, measures
cohort.load_cohort(sys.argv[2])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
data = cohort.load_cohort(sys.argv[1])
for name in measures.MEASURES:
    measures.measure(name, data.authors, data.start.month, data.article.as_of)
seconds = time.perf_counter() - start
print(seconds, 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before))
"""

OVERTURN = """
import sys, time
import analysis_helpers as ah
start = time.perf_counter()
_, ledger = ah.open_cohort(sys.argv[1])
[each.verdict for each in ledger]
opened = time.perf_counter()
[each.rows_to_change for each in ledger]
print((time.perf_counter() - opened) / len(ledger), opened - start)
"""
EXPECTED = {
    "departed": "= 3", "share_departed": "> 50 %", "mean_tenure": "> 5 years",
    "median_tenure": "> 5 years", "shortest_tenure": ">= 2 years", "longest_tenure": "< 10 years",
    "first_departure": "= 2018-01", "last_departure": "= 2024-09", "half_gone": "<= 12 months",
    "destinations": "= 40",
}  # fmt: skip


def run(*command: object, folder: Path = PROJECT) -> tuple[float, str]:
    """Seconds of a whole process, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, check=True, text=True, capture_output=True
    )
    return time.perf_counter() - start, done.stdout


def paired(ours: Callable[[], float], base: Callable[[], float], pairs: int = PAIRS) -> dict:
    """Both sides in turn, and the ratio of each pair."""
    return summed_up([(base(), ours()) for _ in range(pairs)])


def summed_up(both: list[tuple[float, float]]) -> dict:
    """Medians of a baseline and what is held against it, and the ratio of each pair."""
    ratios = [mine / theirs for theirs, mine in both]
    return {
        "ours": statistics.median(mine for _, mine in both),
        "base": statistics.median(theirs for theirs, _ in both),
        "ratio": statistics.median(ratios),
        "spread": (min(ratios), max(ratios)),
    }


def generated_cohort(folder: Path, rows: int) -> Path:
    """A cohort of invented authors with Hebrew values."""
    folder.mkdir(parents=True)
    shutil.copy(LLAMA / "cohort.toml", folder)
    choose = random.Random(rows)
    months = ("ינואר", "פברואר", "מרץ", "אפריל", "מאי", "יוני", "יולי", "אוגוסט", "ספטמבר")
    with (folder / "authors.csv").open("w", encoding="utf-8", newline="\n") as table:
        table.write("name,role_then,role_now,organisation,departed,tenure,source\n")
        for row in range(rows):
            lines = f"lines {row % 500 + 1}-{row % 500 + 6}"
            if choose.random() < 0.2:
                table.write(f"אדם {row},,חוקר,,,,{lines}\n")
                continue
            departed = f"{choose.choice(months)} {choose.randrange(2018, 2025)}"
            tenure = f'"{choose.randrange(3, 12)} שנים, {choose.randrange(2, 12)} חודשים"'
            table.write(
                f"אדם {row} (Person {row}),לא זמין,חוקר בכיר,חברה {choose.randrange(40)},"
                f"{departed},{tenure},{lines}\n"
            )
    return folder


def claim(measure: str) -> str:
    """A claim about a measure, as a ledger has it."""
    name = measure.replace("_", "-")
    return (
        f'[[claim]]\nid = "{name}"\nsays = "{name}"\nsource = "line 1"\n'
        f'measure = "{measure}"\nexpect = "{EXPECTED[measure]}"\n\n'
    )


def project_copy(folder: Path) -> Path:
    """The project without its reports and caches, to build in."""
    for name in ("src", "notebooks", "data", "README.md", "pyproject.toml"):
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(source, folder / name)
    return folder


def nbconvert(project: Path) -> float:
    """Seconds that Jupyter's own converter takes for the same notebooks."""
    names = sorted(path.name for path in (project / "notebooks").glob("[0-9]*.ipynb"))
    return run(
        sys.executable, "-m", "jupyter", "nbconvert", "--execute", "--to", "html",
        "--output-dir", project.parent / "html", *names, folder=project / "notebooks",
    )[0]  # fmt: skip


def builds(scratch: Path) -> dict[str, dict]:
    """Building the report, against executing and exporting the same notebooks with nbconvert."""
    python = sys.executable
    project = project_copy(scratch / "project")
    os.environ["PYTHONPATH"] = str(project / "src")
    os.environ["ANALYSIS_HELPERS_CACHE"] = str(scratch / "cache")
    changed = project / "notebooks" / "02_departures.ipynb"
    original = changed.read_text()
    count = iter(range(1000))

    def build(*options: str) -> float:
        return run(python, "-m", "analysis_helpers", "build", *options, folder=project)[0]

    def cold(*options: str) -> float:
        shutil.rmtree(scratch / "cache", ignore_errors=True)
        shutil.rmtree(project / "reports", ignore_errors=True)
        return build(*options)

    def one_changed() -> float:
        notebook = json.loads(original)
        notebook["cells"][0]["source"].append(f"\n\nEdit {next(count)}.")
        changed.write_text(json.dumps(notebook))
        return build()

    head = project / "data" / "llama" / "cohort.toml"
    compared = head.read_text(encoding="utf-8")
    both = ("--lang", "en", "--lang", "he")

    def alone() -> float:
        head.write_text(re.sub("(?m)^compare_with.*$", "", compared), encoding="utf-8")
        try:
            return cold(*both)
        finally:
            head.write_text(compared, encoding="utf-8")

    results = {
        "cold build of everything": paired(cold, lambda: nbconvert(project), 3),
        "cold build of both editions": paired(lambda: cold(*both), cold),
        "both editions, teams compared": paired(lambda: cold(*both), alone),
    }
    cold(*both)
    base = results["cold build of everything"]["base"]
    for name, call in (("nothing changed", build), ("one notebook changed", one_changed)):
        seconds = [call() for _ in range(PAIRS)]
        ratios = [second / base for second in seconds]
        results[name] = {
            "ours": statistics.median(seconds), "base": base,
            "ratio": statistics.median(ratios), "spread": (min(ratios), max(ratios)),
        }  # fmt: skip
    changed.write_text(original)
    build()
    pages = list((project / "reports" / "llama").rglob("*.html"))
    for kind, some in (
        ("index", [path for path in pages if path.stem == "index"]),
        ("page", [path for path in pages if path.stem != "index"]),
    ):
        results.setdefault("weights", {})[kind] = max(p.stat().st_size for p in some) / 1000
    return results


def watched(scratch: Path) -> dict[str, dict]:
    """From a file that is saved to the page in a browser, against nbconvert once more."""
    project = project_copy(scratch / "watched")
    os.environ["PYTHONPATH"] = str(project / "src")
    table = project / "data" / "llama" / "authors.csv"
    rows = table.read_text(encoding="utf-8")
    chapter = project / "notebooks" / "02_departures.ipynb"
    original = json.loads(chapter.read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "analysis_helpers", "watch"]
    with (
        subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as process,
        sync_playwright() as playwright,
    ):
        said = process.stdout or sys.stdin
        address = re.search(r"http://\S+", said.readline())
        said.readline()  # the first report is there
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        page.goto(address[0] if address else "")

        def shown(path: Path, content: str, text: str) -> float:
            time.sleep(3)  # somebody types
            start = time.perf_counter()
            path.write_text(content, encoding="utf-8")
            page.wait_for_function("text => document.body.textContent.includes(text)", arg=text)
            return time.perf_counter() - start

        def cell_changed(number: int) -> float:
            name = f"Employer {number}."
            return shown(table, rows.replace("Kyutai", name), name)

        def notebook_changed(number: int) -> float:
            edit = f"Edit {number}."
            first, *others = original["cells"]
            cells = [first | {"source": [*first["source"], f"\n\n{edit}"]}, *others]
            return shown(chapter, json.dumps(original | {"cells": cells}), edit)

        turns = [
            (nbconvert(project), cell_changed(number), notebook_changed(number))
            for number in range(PAIRS)
        ]
        process.terminate()
    return {
        f"{name}, watched": {
            "ours": statistics.median(turn[place] for turn in turns),
            "base": statistics.median(turn[0] for turn in turns),
            "ratio": statistics.median(turn[place] / turn[0] for turn in turns),
            "spread": (
                min(turn[place] / turn[0] for turn in turns),
                max(turn[place] / turn[0] for turn in turns),
            ),
        }
        for place, name in ((1, "one cell changed"), (2, "one notebook changed"))
    }


def imports() -> dict:
    """`import analysis_helpers`, bare and with all its names, against what it is made of."""
    ours = "import analysis_helpers as ah; [getattr(ah, name) for name in ah.__all__]"
    return {
        "import analysis_helpers": paired(
            lambda: run(sys.executable, "-c", "import analysis_helpers")[0],
            lambda: run(sys.executable, "-c", "import pandas, matplotlib")[0],
        ),
        "the same, every name used": paired(
            lambda: run(sys.executable, "-c", ours)[0],
            lambda: run(sys.executable, "-c", "import pandas, matplotlib.pyplot, seaborn")[0],
        ),
    }


def big_tables(scratch: Path) -> dict:
    """Cleaning and measuring generated authors, against reading the same file as texts."""
    results = {}
    memory: list[float] = []
    for rows, pairs in ((10_000, 5), (100_000, 3), (ROWS, 5), (5 * ROWS, 1)):
        folder = generated_cohort(scratch / str(rows), rows)

        def base(folder: Path = folder) -> float:
            seconds, size = run(sys.executable, "-c", READ, folder, LLAMA)[1].split()
            memory[:] = [float(size)]
            return float(seconds)

        def ours(folder: Path = folder) -> float:
            seconds, peak = run(sys.executable, "-c", MEASURE, folder, LLAMA)[1].split()
            memory.append(float(peak))
            return float(seconds)

        results[f"{rows:,} rows"] = paired(ours, base, pairs) | {"memory": memory[1] / memory[0]}
    folder = scratch / str(ROWS)
    results[f"check of {ROWS:,} rows"] = paired(
        lambda: run(sys.executable, "-m", "analysis_helpers", "check", "--cohort", folder)[0],
        lambda: run(sys.executable, "-c", READ, folder, LLAMA)[0],
        3,
    )
    (folder / "claims.toml").write_text("".join(map(claim, EXPECTED)), encoding="utf-8")
    turns = [run(sys.executable, "-c", OVERTURN, folder)[1].split() for _ in range(3)]
    results[f"what would change a claim, {ROWS:,} rows"] = summed_up(
        [(float(base), float(ours)) for ours, base in turns]
    )
    return results


def report(results: dict) -> str:
    """The results as a Markdown table."""
    cores, memory = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = [
        f"Python {platform.python_version()}, {cores} cores, {memory:.0f} GiB; medians,"
        " with the least and greatest ratio.",
        "",
        "| what | against | seconds | baseline | ratio | spread | bound |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, (against, bound) in COMPARED.items():
        row = results[name]
        low, high = row["spread"]
        lines.append(
            f"| {name} | {against} | {row['ours']:.2f} | {row['base']:.2f} | {row['ratio']:.3f} |"
            f" {low:.3f}–{high:.3f} | {bound} |"
        )
    weights = results["weights"]
    peak = results[f"{ROWS:,} rows"]["memory"]
    lines += [
        "",
        f"index.html weighs {weights['index']:.0f} KB in the heavier edition (bound: 300), the"
        f" heaviest other page {weights['page']:.0f} KB (bound: 130). Cleaning and measuring"
        f" {ROWS:,} rows takes {peak:.2f} times the memory of the raw table at its peak"
        " (bound: 3).",
    ]
    return "\n".join(lines)


NBCONVERT = "`jupyter nbconvert --execute --to html`"
RAW = "`pandas.read_csv(dtype=str)`"
COMPARED = {
    "cold build of everything": (NBCONVERT, "0.25"),
    "cold build of both editions": ("a cold build of one", "1.5"),
    "both editions, teams compared": ("the same, not compared", "1.15"),
    "one notebook changed": (NBCONVERT, "0.2"),
    "nothing changed": (NBCONVERT, "0.02, 0.5 s"),
    "one cell changed, watched": (NBCONVERT, "0.1"),
    "one notebook changed, watched": (NBCONVERT, "0.05"),
    "import analysis_helpers": ("`import pandas, matplotlib`", "1.15"),
    "the same, every name used": ("`import pandas, matplotlib.pyplot, seaborn`", ""),
    "10,000 rows": (RAW, ""),
    "100,000 rows": (RAW, ""),
    "1,000,000 rows": (RAW, "1.5"),
    "5,000,000 rows": (RAW, "1.5"),
    "check of 1,000,000 rows": ("a process that only reads them", "1.5"),
    "what would change a claim, 1,000,000 rows": ("opening and deciding all ten", "0.1"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        table = report(imports() | big_tables(scratch) | builds(scratch) | watched(scratch))
    print(table)
    write_block("bench", table)


if __name__ == "__main__":
    main()
