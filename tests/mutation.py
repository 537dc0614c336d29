"""`make mutants`: how many small changes of the code the tests notice (mutmut).

Each module is changed by itself, and held against the tests that are about it. Prints the score of
each and every change that no test noticed; writes the scores into the README.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from readme import write_block

PROJECT = Path(__file__).parents[1]
MODULES = {
    "ranges": ["ranges", "brute_force"],
    "wording": ["wording"],
    "measures": ["measures", "brute_force"],
    "outcomes": ["outcomes", "brute_force"],
    "ledger": ["claims", "faults", "opening"],
    "edition": ["edition", "display"],
    "claims": ["claims", "faults", "opening"],
    "findings": ["findings"],
}
ENVIRONMENT = {**os.environ, "BRUTE_FORCE": "40"}
SETTINGS = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/analysis_helpers/{module}.py"]
also_copy = ["data"]
pytest_add_cli_args = ["-x", "-p", "no:xdist", "-o", "addopts=", "-m", "not soak"]
pytest_add_cli_args_test_selection = {tests}
"""


def mutmut(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("mutmut")), *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def mutated(module: str, scratch: Path) -> tuple[int, list[str]]:
    """How many changes of a module there were, and those that no test noticed."""
    folder = scratch / module
    for name in ("src", "tests", "data"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, folder / name, ignore=ignored)
    tests = [f"tests/test_{name}.py" for name in MODULES[module]]
    settings = SETTINGS.format(module=module, tests=tests)
    (folder / "pyproject.toml").write_text((PROJECT / "pyproject.toml").read_text() + settings)
    said = mutmut(folder, "run", "--max-children", str(os.cpu_count()))
    if "failed to collect stats" in said:
        sys.exit(f"{module}: its tests fail before anything is changed\n{said[-2000:]}")
    found = re.findall(r"(\S+): (.+)", mutmut(folder, "results", "--all", "true"))
    unnoticed = [name for name, status in found if status not in ("killed", "timeout")]
    return len(found), [f"{name}\n{changes(mutmut(folder, 'show', name))}" for name in unnoticed]


def changes(difference: str) -> str:
    return "\n".join(re.findall(r"^[-+] .*$", difference, re.MULTILINE))


def table(scores: dict[str, tuple[int, int]]) -> str:
    """How many changes there were and how many were noticed, by module and in all."""
    lines = ["| module | changes | noticed | score |", "| --- | ---: | ---: | ---: |"]
    total, noticed = (sum(column) for column in zip(*scores.values(), strict=True))
    for name, (number, kept) in {
        **{f"`{module}`": score for module, score in scores.items()},
        "all": (total, noticed),
    }.items():
        lines.append(f"| {name} | {number} | {kept} | {kept / number:.1%} |")
    return "\n".join(lines)


def main() -> None:
    scores = {}
    with tempfile.TemporaryDirectory() as scratch:
        for module in MODULES:
            number, unnoticed = mutated(module, Path(scratch))
            print(*unnoticed, sep="\n\n", flush=True)
            scores[module] = number, number - len(unnoticed)
    print(table(scores))
    write_block("mutants", table(scores))


if __name__ == "__main__":
    main()
