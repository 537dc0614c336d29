"""The notebooks in a real JupyterLab, in a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.soak
PROJECT = Path(__file__).parents[1]
NOTEBOOKS = sorted(path.name for path in (PROJECT / "notebooks").glob("*.ipynb"))
SECONDS = 120
SETTINGS = {
    "@jupyterlab/apputils-extension/themes": '{"theme": "JupyterLab Dark"}',
    "@jupyterlab/notebook-extension/tracker": '{"windowingMode": "none"}',
}
COPIED = ("notebooks", "data", ".gitattributes", ".gitignore")


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@localhost"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


def made(name: str) -> list[str]:
    """The words of one of the Makefile's variables."""
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    (value,) = re.findall(rf"^{name} := (.*)$", makefile, re.MULTILINE)
    return value.split()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in a repository of its own, set up as `make report` does."""
    folder = tmp_path_factory.mktemp("lab") / "project"
    folder.mkdir()
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns(".ipynb_checkpoints")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    git(folder, "init", "-q")
    strip = " ".join([f'"{sys.executable}" -m', *made("STRIP")])
    git(folder, "config", "filter.notebooks.clean", strip)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "As it is")
    assert git(folder, "status", "--porcelain") == ""
    return folder


@pytest.fixture(scope="module")
def lab(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab on this machine, which ends with the tests."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    places = {"HOME": home, "JUPYTER_CONFIG_DIR": home / "config", "IPYTHONDIR": home / "ipython"}
    places |= {"JUPYTER_RUNTIME_DIR": home / "run", "JUPYTER_DATA_DIR": home / "data"}
    command = [sys.executable, "-m", "jupyterlab", *made("LAB"), "--no-browser", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="]
    command += ["--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None", "--allow-root"]
    for plugin, setting in SETTINGS.items():
        file = home / "config" / "lab" / "user-settings" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(setting, encoding="utf-8")
    environment = os.environ | {name: str(place) for name, place in places.items()}
    environment.pop("ANALYSIS_HELPERS_BUILD", None)
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=project, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/api", server, home / "log")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"JupyterLab did not answer: {log.read_text()}")


@pytest.fixture(scope="module")
def page(browser: Any, lab: str) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(SECONDS * 1000)
    yield opened
    opened.close()


def run_all(page: Any, lab: str, notebook: str) -> None:
    """Open a notebook, run all its cells, and save it."""
    page.goto(f"{lab}/lab/tree/notebooks/{notebook}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.evaluate(RUN_AND_SAVE)


def run_in_hebrew(page: Any, lab: str, project: Path, notebook: str) -> None:
    """The same with the language changed to Hebrew; the file is put back as it was."""
    path = project / "notebooks" / notebook
    english = path.read_text(encoding="utf-8")
    path.write_text(english.replace('language = \\"en\\"', 'language = \\"he\\"'), encoding="utf-8")
    run_all(page, lab, notebook)
    page.wait_for_selector(".analysis[lang=he]")
    path.write_text(english, encoding="utf-8")


RUN_AND_SAVE = """async () => {
  const { commands, shell } = window.jupyterapp;
  await shell.currentWidget.context.sessionContext.ready;
  await commands.execute('notebook:run-all-cells');
  await commands.execute('docmanager:save');
}"""


OUTPUTS = """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
  .flatMap(cell => cell.outputs ?? [])"""


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_runs_and_saving_it_leaves_nothing_for_git(
    page: Any, lab: str, project: Path, notebook: str
) -> None:
    run_all(page, lab, notebook)
    shown = page.evaluate(OUTPUTS)
    assert shown
    assert {output["output_type"] for output in shown} <= {"execute_result", "display_data"}
    for output in shown:
        if "image/png" in output["data"]:
            assert output["metadata"]["image/png"]["alt"] == output["data"]["text/plain"]
            assert set(output["data"]) == {"image/png", "text/plain"}
    assert git(project, "diff") == ""
    assert git(project, "status", "--porcelain") == ""


def test_a_hebrew_table_reads_from_right_to_left_and_shows_its_verdicts(
    page: Any, lab: str, project: Path
) -> None:
    run_in_hebrew(page, lab, project, "01_summary.ipynb")
    assert page.evaluate("document.body.dataset.jpThemeLight") == "false"
    badge = page.locator(".verdict-contradicted").first
    badge.scroll_into_view_if_needed()
    shape = "getComputedStyle(each, '::before').backgroundImage"
    assert "gradient" in badge.evaluate(f"each => {shape}")
    finding = page.locator(".analysis .finding").first
    assert finding.evaluate("each => getComputedStyle(each).textAlign") == "start"
    run_in_hebrew(page, lab, project, "07_data.ipynb")
    person = page.locator(".analysis tbody th").first
    assert person.evaluate("each => getComputedStyle(each).textAlign") == "start"
    assert person.evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert int(person.evaluate("each => getComputedStyle(each).fontWeight")) < 600
    # "52 to 54": in Hebrew the lower number stands on the right.
    places = page.evaluate(PLACES)
    assert places["lower"] > places["higher"]


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_every_text_can_be_read_in_either_theme(page: Any, lab: str, theme: str) -> None:
    run_all(page, lab, "01_summary.ipynb")
    change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
    try:
        page.evaluate(change, f"JupyterLab {theme}")
        light = str(theme == "Light").lower()
        page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")
        inks = page.evaluate(INKS)
    finally:
        page.evaluate(change, "JupyterLab Dark")
    assert len(inks) > 3
    for text, ink, paper, opacity in inks:
        assert contrast(ink, paper, opacity) >= 4.5, text


INKS = """() => {
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; text = walker.nextNode();) {
    const element = text.parentElement;
    if (!element.closest('.analysis') || element.tagName === 'STYLE' || !text.data.trim()) continue;
    let paper = '', opacity = 1;
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      opacity *= style.opacity;
      if (!paper && style.backgroundColor !== 'rgba(0, 0, 0, 0)') paper = style.backgroundColor;
    }
    const ink = getComputedStyle(element).color;
    found[[ink, paper, opacity]] = [text.data, ink, paper, opacity];
  }
  return Object.values(found);
}"""


def contrast(ink: str, paper: str, opacity: float) -> float:
    """WCAG's contrast ratio of two colours as CSS writes them, the first one see-through."""
    above, below = (
        [float(part) for part in re.findall(r"[\d.]+", colour)] for colour in (ink, paper)
    )
    share = opacity * (above[3] if len(above) > 3 else 1)
    lights = []
    for weight in (share, 0):
        parts = [(weight * above[k] + (1 - weight) * below[k]) / 255 for k in range(3)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


PLACES = """() => {
  const range = /^(\\d+)\\s\\S+\\s(\\d+)\\s/;
  const text = [...document.querySelectorAll('.analysis td span')]
    .map(each => each.firstChild).find(each => range.test(each?.data ?? ''));
  const at = index => {
    const letter = document.createRange();
    letter.setStart(text, index);
    letter.setEnd(text, index + 1);
    return letter.getBoundingClientRect().left;
  };
  return { lower: at(0), higher: at(text.data.indexOf(text.data.match(range)[2], 1)) };
}"""


def test_what_another_program_saves_with_outputs_is_committed_without(
    project: Path,
) -> None:
    path = project / "notebooks" / "04_tenure.ipynb"
    clean = path.read_bytes()
    notebook = json.loads(clean)
    notebook["metadata"]["language_info"]["version"] = "3.99"
    (cell,) = (each for each in notebook["cells"] if "mean_tenure(data)" in str(each["source"]))
    cell |= {"execution_count": 7}
    cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": ["1\n"]}]
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert git(project, "diff") == ""
    git(project, "add", "-A")
    assert git(project, "status", "--porcelain") == ""
    path.write_bytes(clean)


def choose(page: Any, label: str) -> None:
    """Open the list that has the focus, go to what reads so, and take it."""
    texts = page.evaluate("[...document.activeElement.options].map(each => each.text)")
    (place,) = [at for at, text in enumerate(texts) if label in text.replace("\xa0", " ")]
    page.keyboard.press("Space")
    page.wait_for_timeout(300)
    page.keyboard.press("Home")
    for _ in range(place):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def tab_to(page: Any, control: Any) -> None:
    for _ in range(40):
        if control.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the control cannot be reached")


def press(page: Any, key: str) -> float:
    """Milliseconds from a key to another sentence."""
    page.evaluate(CLOCK)
    page.keyboard.press(key)
    page.wait_for_function("window.took !== undefined")
    took: float = page.evaluate("window.took")
    return took


CLOCK = """() => {
  delete window.took;
  const root = document.querySelector('.jupyter-widgets');
  const said = () => root.querySelector('[role=alert]')?.textContent;
  const old = said();
  document.addEventListener('keydown', () => {
    const pressed = performance.now();
    new MutationObserver((_, observer) => {
      if (!said() || said() === old) return;
      window.took = performance.now() - pressed;
      observer.disconnect();
    }).observe(root, { subtree: true, childList: true });
  }, { capture: true, once: true });
}"""


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [("en", "contradicted", "supported"), ("he", "הופרכה", "נתמכה")],
)
def test_the_explorer_is_used_by_keyboard_alone(
    page: Any, lab: str, project: Path, language: str, before: str, after: str
) -> None:
    path = project / "notebooks" / "explore.ipynb"
    english = path.read_text(encoding="utf-8")
    path.write_text(
        english.replace('language = \\"en\\"', f'language = \\"{language}\\"'), encoding="utf-8"
    )
    page.goto(f"{lab}/lab/tree/notebooks/{path.name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.evaluate(RUN_AND_SAVE)
    page.wait_for_selector(".jupyter-widgets select")
    page.evaluate("document.querySelector('.jupyter-widgets select').focus()")
    label = {"en": "A few of the authors left this year (2025)", "he": "השנה"}[language]
    choose(page, label)
    line = 'ah.check(data, "departed", ">= 2", where={"departed": ">= 2025-01"}).explain()'
    code = page.locator(".jupyter-widgets pre", has_text=line)
    assert code.evaluate("each => getComputedStyle(each).direction") == "ltr"
    tab_to(page, page.locator(".jupyter-widgets input[type=number]").first)
    press(page, "ArrowDown")
    page.wait_for_selector(f".analysis [role=alert]:text('{after}')")
    assert statistics.median(press(page, key) for key in ["ArrowUp", "ArrowDown"] * 3) < 500
    page.wait_for_selector(f".analysis [role=alert]:text('{after}')")
    said = page.inner_text(".analysis [role=alert]")
    assert said.count(before) == said.count(after) == 1
    rows = page.locator(".jupyter-widgets .analysis tbody tr", has_text="few-left-this-year")
    turned = rows.filter(has_text=before).filter(has_text=after)
    turned.first.wait_for()
    assert turned.count() == 1
    turned_ids = page.locator(".jupyter-widgets .analysis table.stacked tbody small")
    assert turned_ids.count() == 1
    # Nor does anything else turn, if a few may have left since August 2024.
    press(page, "ArrowUp")
    since = page.locator(".jupyter-widgets select").nth(1)
    tab_to(page, since)
    choose(page, {"en": "August 2024 or later", "he": "אוגוסט 2024 או"}[language])
    page.wait_for_selector(f".analysis [role=alert]:text('{after}')")
    turned.first.wait_for()
    assert turned_ids.count() == 1
    # From there on: who, when they left, and there is much that turns.
    month = page.locator(".jupyter-widgets select").nth(3)
    tab_to(page, month)
    page.keyboard.press("Space")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    turned_ids.nth(5).wait_for()

    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": ["label", "button-name", "select-name", "image-alt", "input-button-name"]}
    result = Axe().run(page, context=".jp-OutputArea", options=options)
    assert result.violations_count == 0, result.generate_report()
    path.write_text(english, encoding="utf-8")


def test_for_two_hundred_people_it_is_as_quick(
    page: Any, lab: str, project: Path, tmp_path: Path, make_cohort: Callable[..., Path]
) -> None:
    people = [
        {
            "name": "Ab" + "".join(chr(97 + (number // 26**place) % 26) for place in (1, 0)),
            "organisation": f"Employer {'ABCDE'[number % 5]}" if number % 3 else "",
            "departed": f"{2020 + number % 5}-{1 + number % 12:02}" if number % 3 else "",
            "tenure": f"{20 + number} months",
        }
        for number in range(200)
    ]
    few = {"measure": "departed", "where": {"departed": ">= 2024-11"}, "reading": "“few”: two"}
    others = [
        {"measure": name, "expect": expect, "reading": "as it is"}
        for name, expect in [
            ("departed", ">= 9"), ("share_departed", "> 50 %"), ("mean_tenure", "> 5 years"),
            ("median_tenure", "> 5 years"), ("shortest_tenure", ">= 2 years"),
            ("half_gone", "<= 24 months"), ("destinations", ">= 5"), ("first_departure", "2020-02"),
        ]
    ]  # fmt: skip
    left = sum(each["departed"] >= "2024-11" for each in people)
    claims = [few | {"expect": f">= {left + 1}"}, *others]
    folder = make_cohort(tmp_path / "many", authors=people, claims=claims)
    path = project / "notebooks" / "explore.ipynb"
    as_it_is = path.read_text(encoding="utf-8")
    path.write_text(as_it_is.replace('cohort = \\"llama\\"', f'cohort = \\"{folder}\\"'), "utf-8")
    try:
        page.goto(f"{lab}/lab/tree/notebooks/{path.name}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.evaluate(RUN_AND_SAVE)
        number = page.locator(".jupyter-widgets input[type=number]").first
        number.focus()
        assert statistics.median(press(page, key) for key in ["ArrowDown", "ArrowUp"] * 4) < 500
    finally:
        path.write_text(as_it_is, encoding="utf-8")
