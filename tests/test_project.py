"""The project as a whole: its lists of dependencies, its notebooks, its texts."""

from __future__ import annotations

import ast
import csv
import graphlib
import re
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import check_jsonschema
import nbformat
import pytest
import yaml
from click.testing import CliRunner

import analysis_helpers

PROJECT = Path(__file__).parents[1]
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
CHAPTERS = [path for path in NOTEBOOKS if path.stem[0].isdigit()]
"""Those that a report is made of; the others are for analysts only."""


def _pyproject() -> dict:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text())


def _group(name: str) -> list[str]:
    """The requirements of a dependency group and of those that it includes."""
    found = []
    for entry in _pyproject()["dependency-groups"][name]:
        found += _group(entry["include-group"]) if isinstance(entry, dict) else [entry]
    return found


def _split(requirement: str) -> tuple[str, str]:
    name, specifier = re.fullmatch(r"([\w.-]+)(.*)", requirement.replace(" ", "")).groups()
    return name.lower().replace("_", "-"), specifier


def test_conda_users_get_the_same_dependencies_as_pip_users() -> None:
    listed = re.findall(r"^ +- (?!pip:)(\S.*)$", (PROJECT / "environment.yml").read_text(), re.M)
    conda = dict(map(_split, (name for name in listed if not name.startswith(("conda-", "--")))))
    project = _pyproject()
    pip = dict(map(_split, [*project["project"]["dependencies"], *_group("dev")]))
    assert conda.pop("python") == project["project"]["requires-python"]
    conda.pop("pip")
    assert conda == pip


def _pinned(lock: str) -> dict[str, str]:
    entries = re.split(r"\n(?=\S)", (PROJECT / lock).read_text().strip())
    for entry in entries:
        assert "--hash=sha256:" in entry, entry
    return {
        _split(found[1])[0]: found[2]
        for entry in entries
        if (found := re.match(r"([\w.-]+)==(\S+)", entry))
    } | {entry: "" for entry in entries if not re.match(r"[\w.-]+==\S+", entry)}


@pytest.mark.parametrize(
    ("lock", "group"), [("requirements.lock", "folder"), ("requirements-dev.lock", "dev")]
)
def test_a_lock_pins_every_dependency_with_hashes_and_no_address(lock: str, group: str) -> None:
    wanted = [*_pyproject()["project"]["dependencies"], *_group(group)]
    pinned = _pinned(lock)
    assert {_split(requirement)[0] for requirement in wanted} <= pinned.keys()
    assert "" not in pinned.values()
    assert "://" not in (PROJECT / lock).read_text()


def test_who_only_runs_it_gets_the_same_versions_and_no_test_tool() -> None:
    running, developing = _pinned("requirements.lock"), _pinned("requirements-dev.lock")
    assert running.items() <= developing.items()
    assert not {"pytest", "mypy", "playwright", "hypothesis", "ruff"} & running.keys()


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_clean_and_begins_with_a_question(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = notebook.cells
    assert cells[0].cell_type == "markdown"
    assert re.match(r"# .+\?$", cells[0].source)
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code), (
        f"{path.name} holds outputs: run `make format`, which empties the notebooks"
    )
    assert code[0].metadata["tags"] == ["parameters"]
    assert 'cohort = "llama"' in code[0].source
    for cell in code:
        assert cell.source.count("\n") < 6
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)
    headings = [cell for cell in cells if cell.cell_type == "markdown" and cell.source[0] == "#"]
    assert all("\n" not in cell.source for cell in headings)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_shows_its_arithmetic_and_says_what_could_change_its_answer(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert any("arithmetic" in tags(cell) for cell in cells if cell.cell_type == "code")
    starts = [cell.source.partition("\n")[0] for cell in cells if cell.cell_type == "markdown"]
    # The first one only sums up: what could change its answers stands where they are given.
    said = ("**What could change this:**", "## What could change", "## What this does not show")
    assert any(start.startswith(said) for start in starts) or path is CHAPTERS[0]


def test_only_the_first_chapter_has_what_the_head_of_the_page_says() -> None:
    heads = [
        (path.stem, cell.source)
        for path in CHAPTERS
        for cell in nbformat.read(path, as_version=4).cells
        if "masthead" in tags(cell)
    ]
    assert heads == [
        ("01_summary", "ah.headline(data, ledger)"),
        ("01_summary", "ah.standfirst(data, ledger)"),
        ("01_summary", "ah.contradicted_claims(ledger)"),
    ]


def test_notebooks_name_no_team_and_type_no_result() -> None:
    prose = " ".join(
        cell.source
        for path in NOTEBOOKS
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
    )
    assert not re.search(r"\d|Meta\b|LLaMA|Mistral|eleven|fourteen", prose, re.IGNORECASE)


def without_examples(text: str) -> str:
    """The text without what a docstring says from `Example:` on."""
    return re.sub(r'Example:\n.*?"""', "", text, flags=re.DOTALL)


def test_the_package_knows_no_team() -> None:
    """But for the folder that the command line takes when none is given."""
    package = PROJECT / "src" / "analysis_helpers"
    texts = {
        path: without_examples(path.read_text(encoding="utf-8"))
        for path in package.rglob("*")
        if path.suffix in (".py", ".po", ".j2", ".css", ".toml", ".csv")
    }
    assert len(texts) > 40
    known = {
        (path.name, line.strip())
        for path, text in texts.items()
        for line in text.splitlines()
        if re.search(r"llama|\bMeta\b|מטא|Mistral|מיסטרל|Touvron|Lample", line, re.IGNORECASE)
        and "<meta " not in line
    }
    assert {name for name, _line in known} == {"__main__.py"}
    assert ("__main__.py", 'LLAMA = Path("data/llama")') in known


def test_notebooks_stand_in_reading_order() -> None:
    numbers = [int(path.stem[:2]) for path in CHAPTERS]
    assert numbers == list(range(1, len(CHAPTERS) + 1))
    assert [path.stem[3:] for path in CHAPTERS] == [
        "summary", "departures", "destinations", "tenure", "unusual", "ledger", "data",
    ]  # fmt: skip


def test_the_codebook_names_every_column() -> None:
    from analysis_helpers.cohort import AUTHORS, PRINTED

    codebook = (PROJECT / "data" / "README.md").read_text()
    for column in [*PRINTED, *(column.name for column in AUTHORS)]:
        assert f"`{column}`" in codebook, column


def test_every_printed_value_of_llama_that_is_not_english_is_in_its_glossary() -> None:
    folder = PROJECT / "data" / "llama"
    rows = list(csv.DictReader((folder / "authors.csv").open(encoding="utf-8")))
    glossary = {row["printed"] for row in csv.DictReader((folder / "glossary.csv").open())}
    hebrew = re.compile(r"[\u05d0-\u05ea]")
    for row in rows:
        for column in ("name", "role_then", "role_now", "organisation"):
            if hebrew.search(row[column]) and not re.search(r"\([A-Z]", row[column]):
                assert row[column] in glossary, row[column]


def imports_of(path: Path, package: Path) -> set[str]:
    """The modules of the package that a module needs in order to be imported."""
    here = ".".join(path.relative_to(package.parent).with_suffix("").parts)
    is_package = here.endswith(".__init__")
    parts = here.removesuffix(".__init__").split(".")
    found: set[str] = set()
    body = list(ast.parse(path.read_text(encoding="utf-8")).body)
    for statement in body:
        if not isinstance(statement, ast.ImportFrom):
            continue
        base = (statement.module or "").split(".") if statement.module else []
        if statement.level:
            kept = len(parts) - statement.level + is_package
            base = parts[:kept] + base
        for alias in statement.names:
            found |= {".".join([*base, alias.name]), ".".join(base)}
    return found


def test_imports_run_one_way_without_a_circle() -> None:
    package = PROJECT / "src" / "analysis_helpers"
    names = {
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path
        for path in package.rglob("*.py")
    }
    graph = {
        name: {each for each in imports_of(path, package) if each in names and each != name}
        for name, path in names.items()
    }
    # A package stands for what it gives; its own modules are looked at one by one.
    for name, needed in graph.items():
        needed -= {each for each in needed if name.startswith(f"{each}.")}
    order = list(graphlib.TopologicalSorter(graph).static_order())
    floors = ["ranges", "wording", "cohort", "measures", "ledger", "edition", "claims", "opening"]
    floors_found = [order.index(f"analysis_helpers.{floor}") for floor in floors]
    assert floors_found == sorted(floors_found)
    below = {f"analysis_helpers.{floor}" for floor in floors}
    above = {"findings", "display", "charts", "report"}
    for floor in below:
        assert not {each.split(".")[1] for each in graph[floor] if "." in each} & above


# --- what others need in order to take it up


WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*"))
SCHEMAS = {"CITATION.cff": "citation-file-format"} | dict.fromkeys(
    (path.relative_to(PROJECT).as_posix() for path in WORKFLOWS), "github-workflows"
)


def read_yaml(name: str) -> dict:
    return yaml.safe_load((PROJECT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SCHEMAS)
def test_what_other_programs_read_is_what_their_schemas_say(path: str) -> None:
    command = ["--builtin-schema", f"vendor.{SCHEMAS[path]}", str(PROJECT / path)]
    done = CliRunner().invoke(check_jsonschema.main, command)
    assert done.exit_code == 0, done.output


def test_the_citation_says_what_the_package_says() -> None:
    cited, project = read_yaml("CITATION.cff"), _pyproject()["project"]
    assert cited["version"] == analysis_helpers.__version__
    assert [author["name"] for author in cited["authors"]] == [
        author["name"] for author in project["authors"]
    ]
    assert (cited["title"], cited["license"]) == (project["name"], project["license"])
    assert (cited["abstract"], cited["keywords"]) == (project["description"], project["keywords"])


def test_the_changelog_tells_of_this_version_and_keeps_to_its_form() -> None:
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(.+?)\]( - \d{4}-\d\d-\d\d)?$", text, re.MULTILINE)
    numbers = [number for number, _date in versions]
    assert analysis_helpers.__version__ in numbers
    assert numbers == sorted(numbers, reverse=True)  # "Unreleased" comes before any figure
    assert all(date for number, date in versions if number != "Unreleased")
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_a_code_host_tests_every_version_that_the_package_names() -> None:
    job = read_yaml(".github/workflows/tests.yml")["jobs"]["tests"]
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(_pyproject()["project"]["classifiers"]))
    assert job["strategy"]["matrix"]["python"] == named
    assert job["env"]["CI"]
    run = [step.get("run", "") for step in job["steps"]]
    assert [step for step in run if step.startswith("make")] == [
        "make test PYTHON=python", "make report PYTHON=python",
    ]  # fmt: skip
    assert job["steps"][-1]["with"]["path"] == "reports/"


def test_a_commit_is_checked_by_what_the_lock_has_installed_and_fetches_nothing() -> None:
    repositories = read_yaml(".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    hooks = repositories[0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    makefile = (PROJECT / "Makefile").read_text()
    pinned = _pinned("requirements-dev.lock")
    for hook in hooks:
        command, *arguments = hook["entry"].removeprefix(".venv/bin/").split()
        assert command in pinned, hook["entry"]
        assert command in makefile
        if command == "nbstripout":
            assert f"STRIP := {command} {' '.join(arguments)}\n" in makefile


def test_the_guide_for_contributors_names_what_there_is() -> None:
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    package = PROJECT / "src" / "analysis_helpers"
    makefile = (PROJECT / "Makefile").read_text()
    for target in re.findall(r"^make (\w+)|`make (\w+)", text, re.MULTILINE):
        assert re.search(rf"^{''.join(target)}: ", makefile, re.MULTILINE), target
    files = re.findall(r"`([\w/]+\.(?:py|toml|md)|\w+/)`", text)
    assert len(files) > 10
    for name in files:
        assert (package / name).exists() or (PROJECT / name).exists(), name
    for name, file in (
        ("MEASURES", package / "measures.py"),
        ("_DEPARTURES", package / "wording.py"),
        ("_TENURES", package / "wording.py"),
        ("FIGURES", PROJECT / "tests" / "test_charts.py"),
    ):
        assert f"`{name}`" in text
        assert re.search(rf"^{name}\b.*=", file.read_text(encoding="utf-8"), re.MULTILINE), name


def test_the_source_distribution_holds_what_its_own_tests_need(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path]
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        held = {name.partition("/")[2] for name in file.getnames()}
    folders = ("src", "tests", "data", "notebooks", "docs", "reports/llama", ".github")
    wanted = {
        path.relative_to(PROJECT).as_posix()
        for folder in folders
        for path in (PROJECT / folder).rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & {*path.parts}
    }
    assert len(wanted) > 200
    assert wanted <= held
    assert {
        *("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md"),
        *("pyproject.toml", "requirements.lock", "requirements-dev.lock", "environment.yml"),
        *(".gitattributes", ".pre-commit-config.yaml"),
    } <= held
    assert not [name for name in held if ".venv" in name or "__pycache__" in name]
