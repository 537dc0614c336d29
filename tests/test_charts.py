import calendar
import csv
import functools
import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib._text_helpers import layout
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Bbox

from analysis_helpers import charts, findings
from analysis_helpers.charts._sheet import ACCENT, FONTS, Sheet, lanes, spread
from analysis_helpers.charts._tenure import _hang, _Hanging
from analysis_helpers.cohort import load_cohort
from analysis_helpers.edition import Edition
from analysis_helpers.language import ENGLISH, Language, hebrew_marks
from analysis_helpers.markup import IN_BUILD
from analysis_helpers.opening import open_cohort
from work import calls_of

FIVE_YEARS = 60
SMALLEST = 9
COLUMNS = ("name", "role_then", "role_now", "organisation", "departed", "tenure", "source")
FIGURES = {
    "timeline": charts.timeline,
    "headcount": charts.headcount,
    "destinations": charts.destinations,
    "tenures": charts.tenures,
}

# --- cohorts


WINDOWS = (
    ("Some had left by the summer of 2022.", "<= 2022-06", ">= 2"),
    ("A few of them left this year, the others before.", ">= 2025-01", ">= 3"),
    ("Most of those who left did so after the spring of 2023.", "> 2023-05", ">= 4"),
)
TWELVE = (
    *((f"By the end of 20{year} {year - 19} had left.", f"<= 20{year}-12", f">= {year - 19}")
      for year in range(20, 25)),
    *((f"From 20{year} on many more left the team, one after the other.", f">= 20{year}-01", ">= 5")
      for year in range(21, 26)),
    ("They all left in one single month.", "= 2023-05", ">= 20"),
    ("Nobody left in March 2024.", "= 2024-03", "= 0"),
)  # fmt: skip


@dataclass(frozen=True)
class Team:
    """A cohort to be written: (name, departed, tenure, organisation) a row, and the rest.

    A claim: what it says, which departures it counts, and how many it expects.
    """

    rows: tuple
    events: tuple = (
        ("2022-03-01", "Model one"),
        ("2023-02-14", "Model two"),
        ("2024-01-20", "Model three"),
    )
    published: str = "2022-03-01"
    as_of: str = "2025-05"
    threshold: float | None = FIVE_YEARS
    claims: tuple = WINDOWS


def write(folder, team):
    folder.mkdir()
    (folder / "cohort.toml").write_text(
        'title = "A team"\ncompany = "Acme"\n'
        f'[paper]\ntitle = "A paper"\npublished = {team.published}\nsource = "https://example.org"\n'
        f'[article]\nlanguage = "en"\nas_of = "{team.as_of}"\npublisher = "The Gazette"\n',
        encoding="utf-8",
    )
    with (folder / "authors.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for name, departed, tenure, organisation in team.rows:
            table.writerow((name, "", "", organisation, departed, tenure, "line 1"))
    if team.events:
        with (folder / "events.csv").open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out)
            table.writerow(("date", "label", "source"))
            table.writerows((*event, "line 1") for event in team.events)
    entries = [
        f'[[claim]]\nid = "claim-{number}"\nsays = "{says}"\nsource = "line {99 + number}"\n'
        f'measure = "departed"\nwhere = {{ departed = "{when}" }}\nexpect = "{expect}"\n'
        for number, (says, when, expect) in enumerate(team.claims)
    ]
    if entries:
        (folder / "claims.toml").write_text("\n".join(entries), encoding="utf-8")
    return folder


FIRST = [
    "Ada",
    "Ben",
    "Chloe",
    "Dmitri",
    "Elena",
    "Farid",
    "Grace",
    "Hiro",
    "Ines",
    "Jonas",
    "Katya",
    "Liam",
    "Mei",
    "Nadia",
    "Omar",
    "Priya",
    "Quentin",
    "Rosa",
    "Sven",
    "Tara",
]
LAST = [
    "Abel",
    "Brandt",
    "Costa",
    "Dahl",
    "Engel",
    "Fontaine",
    "Garcia",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okafor",
    "Petrov",
    "Quiroga",
    "Rossi",
    "Schmidt",
    "Tanaka",
]
PLACES = ("Initech", "Globex", "Hooli", "Umbrella", "Cyberdyne", "Stark Industries and Partners")
MONTHS = calendar.month_name[1:]


def name(k):
    return f"{FIRST[k % 20]} {LAST[(7 * k + k // 20) % 20]}" + f" {k // 400 + 1}" * (k >= 400)


def people(number, gone=0.7, departed=None, tenure=None, organisation=None):
    """As many authors, of whom a share has left, at months, after tenures of all kinds."""
    chance, rows = random.Random(number), []
    for k in range(number):
        year = chance.randint(2021, 2024)
        months = [f"{chance.choice(MONTHS)} {year}"] * 8 + [f"early {year}", str(year)]
        tenures = [f"{chance.randint(1, 9)} years, {chance.randint(1, 11)} months"] * 4
        tenures.append(f"{chance.randint(1, 9)} years")
        place = chance.choice([*PLACES, "Initech", "Initech"])
        row = (chance.choice(months), chance.choice(tenures), place)
        given = tuple(
            value if other is None else other[k % len(other)]
            for value, other in zip(row, (departed, tenure, organisation), strict=True)
        )
        rows.append((name(k), *given) if chance.random() < gone else (name(k), "", "", ""))
    return tuple(rows)


FIRMS = [f"Firm No {k}" for k in range(500)]
LONG = tuple(f"Maximiliana Wolfeschlegelsteinhausenbergerdorff of Place {k}" for k in range(3))
SCRIPTS = ("הוגו טברון", "محمد بن موسى", "李明华王小红", "Ωμέγα Αλφα", "Дмитрий Иванов", "김철수")
COHORTS = {
    "1 author": Team(people(1, gone=1)),
    "1 author who stayed": Team(people(1, gone=0)),
    "2 authors": Team(people(2, gone=1)),
    "3 authors": Team(people(3)),
    "8 authors": Team(people(8)),
    "14 authors": Team(people(14)),
    "30 authors": Team(people(30)),
    "60 authors": Team(people(60)),
    "200 authors": Team(people(200)),
    "twelve claims": Team(people(14), claims=TWELVE),
    "twelve claims, 200 authors": Team(people(200), claims=TWELVE),
    "twelve claims, nobody departed": Team(people(3, gone=0), claims=TWELVE),
    "no claims": Team(people(8), claims=()),
    "a long claim": Team(
        people(4),
        claims=(("It is said that " + "many of the authors left " * 9, "<= 2023-12", "= 1"),),
    ),
    "left long before the paper": Team(
        people(8, gone=0.9, departed=["2015", "May 2011", "unknown"]), published="2024-06-01"
    ),
    "one bar under another": Team(
        people(
            12,
            gone=1,
            departed=[
                "2022-01..2023-03",
                "2022-05..2024-01",
                "2022",
                "unknown",
                "2022-09..2022-11",
                "mid 2022",
                "2021-02..2025-05",
            ],
        )
    ),
    "3,000 authors": Team(people(3000)),
    "nobody departed": Team(people(3, gone=0)),
    "nobody of 60 departed": Team(people(60, gone=0)),
    "2 of 60 departed": Team(
        (
            *people(58, gone=0),
            ("Zoe Q", "May 2023", "3 years", ""),
            ("Yan W", "June 2024", "", "Hooli"),
        )
    ),
    "everybody departed": Team(people(12, gone=1)),
    "all of 60 departed": Team(people(60, gone=1)),
    "no tenure stated": Team(people(8, tenure=[""])),
    "some tenures missing": Team(people(8, gone=1, tenure=["", "4 years", "3 years, 2 months"])),
    "one tenure stated": Team(
        (("Ada A", "May 2023", "4 years", "Hooli"), ("Ben B", "May 2024", "", "Hooli"))
    ),
    "unknown departure": Team((("Ada A", "unknown", "4 years", "Hooli"), *people(5)[1:])),
    "all departures unknown": Team(people(6, gone=1, departed=["unknown"])),
    "all 60 departures unknown": Team(people(60, gone=1, departed=["unknown"])),
    "all in one month": Team(people(9, gone=1, departed=["May 2023"])),
    "all in the last month": Team(people(20, gone=1, departed=["May 2025"])),
    "all in one loose year": Team(people(5, gone=1, departed=["2023"])),
    "loosely dated": Team(people(14, gone=1, departed=["2022", "2023", "early 2024"])),
    "long names": Team(
        tuple((n, "May 2025", "9 years", "Hooli") for n in LONG[:2]) + ((LONG[2], "", "", ""),)
    ),
    "names in other scripts": Team(
        tuple((n, f"May {2020 + k}", "5 years", n) for k, n in enumerate(SCRIPTS))
    ),
    "dollar signs and braces": Team(
        (("A $x_1$ {b} %s", "May 2023", "5 years", "$ & <Sons>"), ("B_2^3 \\frac", "", "", ""))
    ),
    "many organisations": Team(people(40, gone=1, organisation=FIRMS[:40])),
    "500 organisations": Team(people(900, organisation=FIRMS)),
    "all at one": Team(people(40, gone=1, organisation=["Initech"])),
    "one long organisation": Team(
        people(
            4, gone=1, organisation=["Interdisciplinary Center for Extraordinarilylongwordedness"]
        )
    ),
    "no organisation": Team(people(4, gone=1, organisation=[""])),
    "some organisations": Team(people(7, gone=1, organisation=["", "Hooli", "Hooli", "Globex"])),
    "15 events in two months": Team(
        people(8),
        events=tuple(
            (f"2024-0{1 + k // 8}-{1 + 3 * (k % 8):02}", f"Release {k}") for k in range(15)
        ),
    ),
    "one very long event": Team(people(8), events=(("2024-01-01", "An announcement " * 8),)),
    "no events": Team(people(8), events=()),
    "events outside": Team(people(8), events=(("1999-01-01", "Before"), ("2030-01-01", "After"))),
    "paper after departures": Team(people(8, departed=["May 2021"]), published="2024-06-01"),
    "tenures under a year": Team(
        people(6, gone=1, tenure=["3 months", "5 months", "8 months"]), threshold=4
    ),
    "tenures of years, threshold of months": Team(people(6, gone=1), threshold=2),
    "a few months": Team(
        people(6, gone=1, departed=["March 2025", "April 2025"], tenure=["2 months"]),
        published="2025-01-10",
        events=(("2025-02-01", "Start"),),
    ),
    "one month": Team(
        people(3, gone=1, departed=["May 2025"], tenure=["1 month"]), published="2025-05-01"
    ),
    "long careers": Team(people(8, tenure=["41 years", "12 years", "3 years"])),
    "threshold far above": Team(people(8), threshold=600),
    "threshold far below": Team(people(8, gone=1, tenure=["9 years, 1 month"]), threshold=1),
    "mean beside the threshold": Team(
        people(4, gone=1, tenure=["4 years, 11 months"]), threshold=61
    ),
    "up to December": Team(people(8), as_of="2025-12"),
    "no threshold": Team(people(8), threshold=None),
    "3,000 far threshold": Team(people(3000), threshold=600),
    "3,000, nobody departed": Team(people(3000, gone=0)),
    "3,000, all unknown": Team(people(3000, gone=1, departed=["unknown"])),
}


SAID_IN = ["en"]
"""The language in which `cohort_of` gives its cohorts."""


@functools.cache
def opened(folder, code):
    return open_cohort(folder, code)


@pytest.fixture(scope="session")
def cohort_of(tmp_path_factory):
    """The cohort of a name in `COHORTS`, or `llama`; read once."""
    known = {"llama": "llama"}

    def cohort(which):
        if which not in known:
            known[which] = write(tmp_path_factory.mktemp("cohort") / "data", COHORTS[which])
        return opened(known[which], SAID_IN[0])[0]

    return cohort


@pytest.fixture
def edition(request):
    """Everything in the language of the test's parameter."""
    SAID_IN[0] = request.param
    yield request.param
    SAID_IN[0] = "en"


def draw(figure, cohort, threshold=FIVE_YEARS):
    if figure == "timeline":
        return charts.timeline(cohort, opened(cohort.folder, cohort.language.code)[1])
    return FIGURES[figure](cohort, *[threshold] * (figure == "tenures"))


@functools.cache
def _chart(figure, folder, code, threshold):
    return draw(figure, opened(folder, code)[0], threshold)


def chart_of(figure, cohort, threshold):
    """The chart of a cohort that `cohort_of` gives; made once."""
    return _chart(figure, cohort.folder, cohort.language.code, threshold)


# --- what a figure shows, measured


@dataclass(frozen=True)
class Drawn:
    """A text as it was drawn, and the box of its ink in pixels."""

    text: str
    size: float
    box: Bbox


@functools.cache
def ink_of(text, properties):
    """The ink's extents relative to the start of the baseline, at 1 pt."""
    vertices, _codes = TextToPath().get_text_path(properties, text, ismath=False)
    if not len(vertices):
        return 0, 0, 0, 0
    corners = (*np.min(vertices, axis=0), *np.max(vertices, axis=0))
    return tuple(corner / TextToPath.FONT_SCALE for corner in corners)


@functools.cache
def metrics_of(text, properties, dpi):
    """Width, height and descent in pixels; measured once for all figures in which a text stands."""
    return RendererAgg(1, 1, dpi).get_text_width_height_descent(text, properties, ismath=False)


class Recorder(RendererBase):
    """Notes every text that is drawn, and draws nothing."""

    def __init__(self, figure):
        super().__init__()
        self.dpi, self.height, self.found = figure.dpi, figure.bbox.height, []
        self.size = figure.bbox.width, figure.bbox.height

    def flipy(self):
        return True

    def get_canvas_width_height(self):
        return self.size

    def points_to_pixels(self, points):
        return points * self.dpi / 72

    def get_text_width_height_descent(self, text, properties, ismath):
        return metrics_of(text, properties, self.dpi)

    def draw_text(self, context, x, y, text, properties, *_more, **_options):
        size = properties.get_size_in_points()
        box = np.array(ink_of(text, properties)) * size * self.dpi / 72
        up = self.height - y
        self.found.append(Drawn(text, size, Bbox.from_extents(*(box + [x, up, x, up]))))

    def draw_path(self, *_all, **_more):
        pass

    draw_markers = draw_path_collection = draw_path


def texts_of(figure):
    """Every text that is drawn."""
    recorder = Recorder(figure)
    with charts.drawing():
        figure.draw(recorder)
    return [drawn for drawn in recorder.found if drawn.text.strip()]


def shrunk(box, by):
    return Bbox.from_extents(box.x0 + by, box.y0 + by, box.x1 - by, box.y1 - by)


def faults_of(figure):
    """What is wrong with the layout: sizes, clipping, texts on texts, texts on marks."""
    texts, whole = texts_of(figure), figure.bbox
    faults = [f"{drawn.text!r} is {drawn.size} pt" for drawn in texts if drawn.size < SMALLEST]
    faults += [
        f"{drawn.text!r} is cut by the edge"
        for drawn in texts
        if drawn.box.x0 < -1
        or drawn.box.y0 < 0
        or drawn.box.x1 > whole.x1 + 1
        or drawn.box.y1 > whole.y1
    ]
    edges = np.array([drawn.box.extents for drawn in texts])
    for index, (x0, y0, x1, y1) in enumerate(edges[:-1]):
        after = edges[index + 1 :]
        over = (after[:, 0] < x1) & (x0 < after[:, 2]) & (after[:, 1] < y1) & (y0 < after[:, 3])
        faults += [
            f"{texts[index].text!r} overlaps {texts[index + 1 + k].text!r}"
            for k in np.flatnonzero(over)
        ]
    for axes in figure.axes:
        lines = [line for line in axes.lines if line.get_linewidth() >= 1]
        for mark in [*lines, *axes.patches]:
            path = mark.get_path().transformed(mark.get_transform())
            if mark in lines and mark.get_marker() in ("o", ">", "v"):
                half = mark.get_markersize() / 2 * figure.dpi / 72
                x, y = path.vertices.T
                faults += [
                    f"{drawn.text!r} covers a mark"
                    for drawn, (x0, y0, x1, y1) in zip(texts, edges, strict=True)
                    if ((x + half > x0) & (x - half < x1) & (y + half > y0) & (y - half < y1)).any()
                ]
            else:
                faults += [
                    f"{drawn.text!r} covers a mark"
                    for drawn in texts
                    if path.intersects_bbox(drawn.box, filled=mark not in lines)
                ]
    return faults


ALL = ["llama", *COHORTS]


def threshold_of(which):
    return COHORTS[which].threshold if which in COHORTS else FIVE_YEARS


# Each kind of layout once in the Hebrew edition, most in the soak; BOTH_EDITIONS: all of them.
HEBREW = ["llama", "60 authors", "3,000 authors", "no tenure stated", "loosely dated", "long names"]
HEBREW_SOAK = [
    "1 author", "3 authors", "nobody departed", "2 of 60 departed", "everybody departed",
    "all departures unknown", "names in other scripts", "many organisations",
    "500 organisations", "no organisation", "15 events in two months", "tenures under a year",
    "threshold far above", "threshold far below", "mean beside the threshold",
]  # fmt: skip


@pytest.mark.parametrize(
    ("which", "edition"),
    [
        *((which, "en") for which in ALL),
        *((which, "he") for which in (ALL if os.environ.get("BOTH_EDITIONS") else HEBREW)),
        *(pytest.param(which, "he", marks=pytest.mark.soak) for which in HEBREW_SOAK),
    ],
    indirect=["edition"],
)
def test_every_figure_is_laid_out_well_at_both_widths(which, edition, cohort_of, caplog, recwarn):
    cohort = cohort_of(which)
    rows = len(cohort.authors) if len(cohort.authors) <= charts.NAMED_AT_MOST else 8
    claims = len(opened(cohort.folder, cohort.language.code)[1])
    faults = []
    for figure in FIGURES:
        chart = chart_of(figure, cohort, threshold_of(which))
        for width in (charts.WIDE, charts.NARROW):
            picture = chart.figure(width)
            found = faults_of(picture)
            # A block a place in `destinations`: its name and the names of its people.
            most = 330 + rows * (46 if figure == "destinations" else 22)
            if figure == "timeline":  # and a text a claim over or beside it
                most += 26 * min(claims, 6) if width == charts.WIDE else 96 * min(claims, 6)
            if picture.get_figheight() * 72 > most:
                found.append("is too tall")
            if not 1 <= len(set(ticks := ticks_of(picture))) == len(ticks) <= 16:
                found.append(f"has odd ticks: {ticks}")
            faults += [f"{figure}, {width:.0f} points wide: {fault}" for fault in found]
    assert faults == []
    assert [str(warning.message) for warning in recwarn] == []
    assert caplog.records == []


def ticks_of(picture):
    """The labels of the x axis; one empty text for a figure without."""
    axes = picture.axes[0]
    first, last = sorted(axes.get_xlim())
    return (
        [
            label.get_text()
            for place, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
            if first <= place <= last
        ]
        if axes.axison
        else [""]
    )


# --- the Hebrew edition

LATIN = "A-Za-z\u00c0-\u024f"
LEFT_TO_RIGHT = re.compile(rf"([{LATIN}](?:[ {LATIN}0-9.,'-]*[{LATIN}0-9])?|\d(?:[\d.,–]*\d)?%?)")


def as_seen(text):
    """The characters of a line from right to left, in the order of their places from the left.

    A bracket stands for itself, though its glyph is the mirrored one.
    """
    pieces = LEFT_TO_RIGHT.split(re.sub("[\u2066-\u2069]", "", text))
    return "".join(
        piece if index % 2 else piece[::-1] for index, piece in reversed([*enumerate(pieces)])
    )


def as_drawn(text):
    """The characters of a text in the order of their glyphs on the line."""
    properties = FontProperties(family=FONTS)
    font = get_font(fontManager._find_fonts_by_props(properties))
    with charts.drawing():
        glyphs = sorted(layout(text, font), key=lambda glyph: glyph.x)
    return "".join(glyph.char for glyph in glyphs if not "\u2066" <= glyph.char <= "\u2069")


@pytest.mark.parametrize("edition", ["he"], indirect=True)
@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("שלום", "םולש"),
        ("11 מתוך 14", "14 ךותמ 11"),
        ("Cohere ו-Mistral.", ".Mistral-ו Cohere"),
        ("65.0–68.8 חודשים", "םישדוח 65.0–68.8"),
        ("(בערך) 5.4", "5.4 )ךרעב("),
    ],
)
def test_a_line_is_drawn_in_the_order_in_which_it_is_read(text, seen, edition):
    assert as_drawn(Language(SAID_IN[0]).directed(text)).strip("\u200f") == seen


@pytest.mark.parametrize("edition", ["he"], indirect=True)
@pytest.mark.parametrize("figure", FIGURES)
def test_every_hebrew_text_of_a_figure_is_drawn_in_its_order(figure, edition, cohort_of):
    drawn = texts_of(draw(figure, cohort_of("llama")).figure())
    hebrew = [each.text for each in drawn if re.search("[א-ת]", each.text)]
    assert len(hebrew) > 4
    for text in hebrew:
        assert as_drawn(text) == as_seen(text)
        assert text[0] == "\u2067"


@pytest.mark.parametrize("edition", ["he"], indirect=True)
@pytest.mark.parametrize("figure", ["tenures", "destinations"])
def test_what_has_no_time_axis_starts_at_the_right(figure, edition, cohort_of):
    picture = draw(figure, cohort_of("llama")).figure()
    SAID_IN[0] = "en"
    assert picture.axes[0].xaxis_inverted()
    assert not draw(figure, cohort_of("llama")).figure().axes[0].xaxis_inverted()


@pytest.mark.parametrize("edition", ["he"], indirect=True)
@pytest.mark.parametrize("figure", ["headcount", "timeline"])
def test_time_runs_from_left_to_right_in_every_language(figure, edition, cohort_of):
    picture = draw(figure, cohort_of("llama")).figure()
    years = [int(re.search(r"\d+", label)[0]) for label in ticks_of(picture)]
    assert not picture.axes[0].xaxis_inverted()
    assert years == sorted(years)


@pytest.mark.parametrize("edition", ["he"], indirect=True)
def test_names_stand_right_of_a_hebrew_plot(edition, cohort_of):
    cohort = cohort_of("llama")
    picture = draw("tenures", cohort).figure()
    edge = picture.axes[0].get_window_extent().x1
    named = named_in(picture, map(hebrew_marks, Edition(cohort).names(cohort.authors["name"])))
    assert len(named) == 11
    assert all(each.box.x0 > edge for each in named.values())


def named_in(picture, names):
    """The names that are drawn, each with its text."""
    drawn = {each.text.strip("\u200f\u2066\u2067\u2069"): each for each in texts_of(picture)}
    return {name: drawn[name] for name in names if name in drawn}


def test_a_broken_layout_is_noticed(cohort_of):
    picture = draw("timeline", cohort_of("llama")).figure()
    assert faults_of(picture) == []
    picture.text(0.0, 0.98, "on top of the title", size=10)
    picture.text(0.97, 0.5, "over the edge", size=10)
    picture.text(0.9, 0.3, "tiny", size=5)
    kinds = " ".join(faults_of(picture))
    assert "overlaps" in kinds
    assert "is cut by the edge" in kinds
    assert "is 5.0 pt" in kinds


def test_a_name_on_the_step_line_is_noticed(cohort_of):
    picture = charts.headcount(cohort_of("3 authors")).figure()
    axes = picture.axes[0]
    axes.text(axes.get_xlim()[1] - 3, 0, "Somebody", va="center", size=9)
    line = next(line for line in axes.lines if line.get_linewidth() > 1.5)
    x, y = line.get_data()
    axes.text(x[1], y[1], "Somebody", size=9)
    assert any("'Somebody' covers a mark" in fault for fault in faults_of(picture))


@pytest.mark.parametrize("figure", FIGURES)
def test_thousands_are_drawn_as_a_distribution(figure, cohort_of, monkeypatch, tmp_path):
    monkeypatch.setenv(IN_BUILD, "1")
    cohort = cohort_of("3,000 authors")
    third = opened(write(tmp_path / "data", Team(people(1000))), SAID_IN[0])[0]

    def show(of):
        draw(figure, of)._repr_mimebundle_()

    show(third)  # typefaces are loaded once
    assert calls_of(show, cohort) <= 3 * calls_of(show, third)
    chart = draw(figure, cohort)
    assert len(chart.data) < 100
    names = set(cohort.authors["name"])
    assert not names & {drawn.text for drawn in texts_of(chart.figure())}


# --- the axes


def test_a_short_axis_has_months_and_a_long_one_years(cohort_of):
    assert "Mar 2025" in ticks_of(charts.headcount(cohort_of("a few months")).figure())
    assert ticks_of(charts.headcount(cohort_of("llama")).figure()) == ["2023", "2024", "2025"]


def test_a_far_threshold_is_an_arrow_and_leaves_the_marks_their_room(cohort_of):
    cohort = cohort_of("8 authors")
    near = charts.tenures(cohort, FIVE_YEARS).figure()
    far = charts.tenures(cohort, 600).figure()
    assert far.axes[0].get_xlim() == near.axes[0].get_xlim()
    assert "50 years →" in {drawn.text for drawn in texts_of(far)}


def test_events_whose_labels_would_touch_are_left_out(cohort_of):
    events = cohort_of("llama").events["label"].tolist()
    wide, narrow = (
        {drawn.text for drawn in texts_of(charts.headcount(cohort_of("llama")).figure(w))}
        for w in (charts.WIDE, charts.NARROW)
    )
    assert {"the paper", "Llama 2", "Llama 3", "Llama 4"} <= wide
    assert {label for label in events if label in narrow} == {"Llama 3", "Llama 4"}
    assert "Llama 1" not in wide  # three days before the paper
    assert "Llama 1" in events


@pytest.mark.parametrize("at", [0, 100, charts.NARROW])
def test_two_labels_at_one_place_stand_apart_within_the_sheet(at):
    with charts.drawing():
        sheet = Sheet(charts.NARROW, "Title", "Subtitle", "Source", ENGLISH)
        axes = sheet.axes(100)
        axes.set_axis_off()
        labels = [
            _Hanging("five years", at, True, "k", "regular"),
            _Hanging("mean 4.9 to 5.7", at, False, "k", "bold"),
        ]
        _hang(sheet, axes, labels, 50)
    assert faults_of(sheet.figure) == []


def test_labels_keep_their_order_apart_and_nearest_to_their_marks():
    # Three labels of 27 points; the first two marks pull at one place, the third is free.
    wanted, sizes = np.array([50.0, 50.0, 200.0]), np.full(3, 27.0)
    assert spread(wanted, sizes, 0, 213.5).tolist() == [36.5, 63.5, 200.0]
    assert spread(wanted, sizes, 0, 208.5).tolist() == [36.5, 63.5, 195.0]


def test_what_lies_inside_another_stands_in_a_lower_lane():
    assert lanes([]) == []
    assert lanes([(0, 10), (8, 10), (4, 10)]) == [2, 0, 1]
    assert lanes([(0, 2), (2, 5), (1, 3)]) == [0, 0, 1]


# --- the timeline


def bare(text):
    return text.strip("\u200f\u2066\u2067\u2069")


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_who_left_first_stands_first_and_who_stayed_stands_last(width, cohort_of):
    cohort = cohort_of("llama")
    picture = draw("timeline", cohort).figure(width)
    named = named_in(picture, cohort.authors["name"])
    down = sorted(named, key=lambda name: -named[name].box.y0)
    assert down[:4] == ["Guillaume Lample", "Edouard Grave", "Gautier Izacard", "Armand Joulin"]
    # June 2023, November 2023, July and August 2024, February 2025.
    assert set(down[4:7]) == {"Thibaut Lavril", "Marie-Anne Lachaux", "Timothée Lacroix"}
    assert down[7:11] == ["Eric Hambro", "Aurélien Rodriguez", "Baptiste Rozière", "Naman Goyal"]
    assert down[11:] == ["Hugo Touvron", "Xavier Martinet", "Faisal Azhar"]


def test_a_month_is_a_dot_in_its_row_and_a_loose_one_a_bar_from_its_first_to_its_last(cohort_of):
    cohort = cohort_of("llama")
    (axes,) = draw("timeline", cohort).figure().axes
    dots = {
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
        for line in axes.lines
        if line.get_marker() == "o"
    }
    # 11 left, one of them in January to April 2023; rows are 17 points high.
    february, june, august = (12 * (year - 1970) + month - 0.5 for year, month in
                              [(2023, 2), (2023, 6), (2024, 8)])  # fmt: skip
    assert len(dots) == 10
    assert {(february, 1.5 * 17), (june, 4.5 * 17), (august, 9.5 * 17)} <= dots
    (bar,) = axes.patches
    assert (bar.get_x(), bar.get_width()) == (12 * 53, 4)
    assert bar.get_y() < 0.5 * 17 < bar.get_y() + bar.get_height()


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_the_bars_of_many_add_up_to_all_who_left(width, cohort_of):
    cohort = cohort_of("200 authors")
    gone = int((cohort.authors["status"] == "left").sum())
    assert gone == 134
    axes = draw("timeline", cohort).figure(width).axes[0]
    assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(gone)


def said_over(cohort, width=charts.WIDE):
    return " ".join(bare(each.text) for each in texts_of(draw("timeline", cohort).figure(width)))


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_the_articles_windows_stand_over_the_departures_with_what_was_found(width, cohort_of):
    text = said_over(cohort_of("llama"), width).replace(" – ", " ")
    for claim in (
        "Some of the authors had left by the end of January 2023 contradicted: at most 1 found",
        "Other authors stayed through the Llama 3 cycle before they left supported: 3 found",
        "A few of the authors left this year (2025) contradicted: 1 found",
    ):
        assert claim in text
    # Its two readings are about different times, and only one of them counts departures.
    assert "gradually" not in text


def window_of(tmp_path, claims):
    folder = write(tmp_path / "c", Team(people(8, gone=1, departed=["May 2023"]), claims=()))
    (folder / "claims.toml").write_text(claims, encoding="utf-8")
    return load_cohort(folder)


def test_a_claim_with_two_readings_of_one_window_is_one_bracket(tmp_path):
    reading = 'measure = "departed"\nwhere = { departed = "<= 2023-05" }\n'
    cohort = window_of(
        tmp_path,
        '[[claim]]\nid = "a"\nsays = "Hardly any had left by May."\nsource = "line 99"\n'
        f'[[claim.readings]]\nreading = "at most nine"\n{reading}expect = "<= 9"\n'
        f'[[claim.readings]]\nreading = "at most two"\n{reading}expect = "<= 2"\n',
    )
    text = said_over(cohort)
    assert "Hardly any had left by May inconclusive: depends on the reading" in text
    assert text.count("Hardly any") == 1


@pytest.mark.parametrize(
    ("where", "ends"),
    [
        ("<= 2023-06", ("2022-03", "2023-06")),
        ("< 2023-06", ("2022-03", "2023-05")),
        (">= 2024-02", ("2024-02", "2025-05")),
        ("> 2024-02", ("2024-03", "2025-05")),
        ("2023-05", ("2023-05", "2023-05")),
        ("<= 2025-05", None),  # all of the time
        ("!= 2023-05", None),
        ("<= 2021-01", None),  # before the axis begins
    ],
)
def test_a_bracket_spans_the_months_that_the_claim_counts(where, ends, tmp_path):
    cohort = window_of(
        tmp_path,
        '[[claim]]\nid = "a"\nsays = "So many left then."\nsource = "line 99"\n'
        f'measure = "departed"\nwhere = {{ departed = "{where}" }}\nexpect = 3\n',
    )
    (axes,) = draw("timeline", cohort).figure().axes
    # One that names no beginning is open there, at the axis' own edge.
    corners = 3 if where.startswith("<") else 4
    brackets = [line.get_xdata() for line in axes.lines if len(line.get_xdata()) == corners]
    if ends is None:
        assert brackets == []
        return
    # A month is as long as it is, so a bracket ends where the next month begins.
    first, last = (12 * (int(text[:4]) - 1970) + int(text[5:]) - 1 for text in ends)
    if corners == 3:
        first = round(axes.get_xlim()[0])
    assert [(min(x), max(x)) for x in brackets] == [(first, last + 1)]


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_who_could_fit_a_claim_that_does_not_hold_has_the_accent(cohort_of, width):
    (axes,) = draw("timeline", cohort_of("llama")).figure(width).axes
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    marked = [line for line in dots if line.get_color() == ACCENT]
    # Of the ten whose month is known only Goyal left in 2025; Lample has a bar.
    assert (len(dots), len(marked)) == (10, 1)


def test_of_many_windows_those_that_do_not_hold_are_shown_and_the_choice_is_said(cohort_of):
    cohort = cohort_of("twelve claims")
    chart = draw("timeline", cohort)
    ledger = opened(cohort.folder, "en")[1]
    # Of twelve, one counts all the months and one is before all of them.
    doubted = [each.says.rstrip(".") for each in ledger[1:] if each.verdict != "supported"]
    assert len(doubted) == 4
    text = said_over(cohort)
    assert all(says in text for says in doubted)
    assert sum(each.says.rstrip(".") in text for each in ledger) == 6
    assert chart.subtitle.endswith("of the article’s 10 claims about a period, six are shown")


def test_the_alternative_text_of_the_timeline_has_its_claims(cohort_of):
    alt = draw("timeline", cohort_of("llama")).alt
    assert alt.startswith(
        "Eight left in 2023, two in 2024 and one in 2025. 11 of the 14 authors had left Meta by"
        " May 2025,"
        " seven of them by June 2023."
    )
    says = "Other authors stayed through the Llama 3 cycle before they left"
    assert f"“{says}” – supported: 3 found" in alt
    nobody = draw("timeline", cohort_of("nobody departed")).alt
    assert nobody.startswith(
        "None of the three authors had left Acme by May 2025. Above the marks, the article’s"
        " claims: “"
    )


def test_who_is_listed_and_not_counted_is_in_no_figure(tmp_path):
    folder = write(tmp_path / "c", Team(people(6, gone=1), claims=()))
    table = (folder / "authors.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"{table[0]},counted", *(f"{row}," for row in table[1:-1]), f"{table[-1]},no"]
    (folder / "authors.csv").write_text("\n".join(rows), encoding="utf-8")
    cohort = load_cohort(folder)
    for figure in FIGURES:
        chart = draw(figure, cohort)
        drawn = " ".join(each.text for each in texts_of(chart.figure()))
        assert name(5) not in drawn + chart.alt + chart.data.to_csv(), figure
    assert charts.headcount(cohort).data["remaining_at_least"].iloc[0] == 5


@pytest.mark.parametrize(
    ("departures", "label"),
    [
        (["May 2023", "June 2023", "", ""], "2 still there in June 2023"),
        (["May 2023", "June 2023", "June 2023", ""], "1 still there in June 2023"),
        # By May two of four at least, and a third perhaps.
        (["May 2023", "May 2023", "mid 2023", ""], "1 to 2 still there in May 2023"),
    ],
)
def test_the_headcount_says_how_many_remained_when_half_had_left(departures, label, tmp_path):
    rows = [(when, "1 year, 1 month", "A") if when else ("", "", "") for when in departures]
    cohort = load_cohort(write(tmp_path / "c", team(*rows)))
    assert label in {drawn.text for drawn in texts_of(charts.headcount(cohort).figure())}


# --- sentences


@pytest.mark.parametrize(
    ("authors", "left", "title"),
    [
        (1, 0, "The only author had not left Acme by May 2025"),
        (1, 1, "The only author had left Acme by May 2025"),
        (2, 0, "Neither of the two authors had left Acme by May 2025"),
        (2, 1, "One of the two authors had left Acme by May 2025"),
        (2, 2, "Both authors had left Acme by May 2025"),
        (3, 0, "None of the three authors had left Acme by May 2025"),
        (4, 1, "One of the four authors had left Acme by May 2025"),
        (8, 5, "Five of the eight authors had left Acme by May 2025"),
        (8, 8, "All eight authors had left Acme by May 2025"),
        (14, 11, "11 of the 14 authors had left Acme by May 2025"),
    ],
)
def test_the_first_title_is_grammatical_for_none_one_both_and_all(authors, left, title, tmp_path):
    rows = tuple(
        (name(k), "May 2023", "3 years", "Hooli") if k < left else (name(k), "", "", "")
        for k in range(authors)
    )
    cohort = load_cohort(write(tmp_path / "c", Team(rows)))
    chart = charts.timeline(cohort)
    assert findings.departures_title(cohort) == title
    assert chart.title in (title, f"{title}, four of them by May 2023")
    assert chart.alt.startswith(f"{chart.title}.")


def team(*departures):
    return Team(
        tuple((name(k), month, years, where) for k, (month, years, where) in enumerate(departures))
    )


HALF = "The point at which half of the authors had left came"


@pytest.mark.parametrize(
    ("rows", "titles"),
    [
        (
            [("", "", "")] * 2,
            {
                "tenures": "Nobody has left, so there is no tenure to measure",
                "leave_one_out": "Nobody has left, so there is no tenure to measure",
                "headcount": "By May 2025, less than half of the authors had left",
                "timeline": "Neither of the two authors had left Acme by May 2025",
                "destinations": "Nobody has left Acme",
            },
        ),
        (
            [("2023", "6 years, 7 months", "Hooli"), ("", "", "")],
            {
                "tenures": "The one who left had been at Acme for 6.5 to 6.7 years",
                "leave_one_out": "There is no other tenure to average",
                "headcount": f"{HALF} between January and December 2023, "
                "10 to 21 months after the paper",
                "timeline": "One of the two authors had left Acme by May 2025",
                "destinations": "The one who left was at Hooli in May 2025",
            },
        ),
        (
            [("May 2023", "1 year, 1 month", "Hooli"), ("May 2023", "3 years, 1 month", "Hooli")],
            {
                "tenures": "Those who left had been at Acme for 2.0 to 2.2 years on average",
                "leave_one_out": "The mean stays at five years or below whoever is left out",
                "headcount": "All the authors had left by May 2023, 14 months after the paper",
                "destinations": "Both who left were at Hooli in May 2025",
            },
        ),
        (
            [("early 2023", "8 years, 1 month", "Hooli"), ("May 2024", "", "Globex")],
            {
                "tenures": "The one whose tenure is stated had been at Acme for 8.0 to 8.2 years",
                "leave_one_out": "There is no other tenure to average",
                "headcount": f"{HALF} between January and April 2023, "
                "10 to 13 months after the paper",
                "destinations": "No two of those who left were at the same organisation",
            },
        ),
        (
            [
                ("May 2023", "1 month", "A"),
                ("May 2023", "20 years, 1 month", "A"),
                ("May 2023", "1 month", "A"),
            ],
            {
                "leave_one_out": "The mean may fall to five years if Ben Haddad is left out",
                "headcount": "All the authors had left by May 2023, 14 months after the paper",
                "destinations": "All three who left were at A in May 2025",
            },
        ),
        (
            [("unknown", "4 months", "A"), ("unknown", "6 months", "B")],
            {
                "tenures": "Those who left had been at Acme for 4 to 6 months on average",
                "headcount": f"{HALF} in May 2025 or earlier",
            },
        ),
    ],
)
def test_titles_are_sentences_for_none_one_and_all(rows, titles, tmp_path):
    cohort = load_cohort(write(tmp_path / "c", team(*rows)))
    assert {figure: title_of(figure, cohort) for figure in titles} == titles


def title_of(figure, cohort):
    if figure == "leave_one_out":
        return findings.leave_one_out_title(cohort, FIVE_YEARS)
    return draw(figure, cohort).title


@pytest.mark.parametrize(
    ("departure", "sentence"),
    [
        ("May 2023", "Half of the authors had left by May 2023, 14 months after the paper."),
        ("mid 2023", f"{HALF} between May and August 2023, 14 to 17 months after the paper."),
        ("early 2022", f"{HALF} between January and April 2022."),  # the paper is of March
        ("2021", f"{HALF} between January and December 2021, before the paper."),
        ("unknown", f"{HALF} in May 2025 or earlier."),
        ("", "By May 2025, less than half of the authors had left."),
    ],
)
def test_the_moment_by_which_half_had_left_is_a_sentence(departure, sentence, tmp_path):
    rows = [(departure, "1 year, 1 month", "A") if departure else ("", "", ""), ("", "", "")]
    cohort = load_cohort(write(tmp_path / "c", team(*rows)))
    assert findings.half_gone(cohort) == sentence


@pytest.mark.parametrize(
    ("departure", "sentence", "subtitle"),
    [
        ("May 2023", "The only author left in May 2023, 14 months after the paper.", ""),
        ("mid 2023", "The only author left between May and August 2023, 14 to 17 months after the"
         " paper.", "; shaded: the exact month of Ada Abel is not known"),
        ("", "The only author had not left Acme by May 2025.", ""),
    ],
)  # fmt: skip
def test_one_person_is_no_half_of_a_team(departure, sentence, subtitle, tmp_path):
    row = (departure, "1 year, 1 month", "A") if departure else ("", "", "")
    cohort = load_cohort(write(tmp_path / "c", team(row)))
    assert findings.half_gone(cohort) == sentence
    still = "Whether the author was still at Acme, by month"
    assert charts.headcount(cohort).subtitle == still + subtitle


def test_only_rows_that_reach_back_to_the_first_month_are_said_to(tmp_path):
    rows = [(when, "1 year, 1 month", "A") for when in ("2023", "mid 2023", "May 2024")]
    cohort = load_cohort(write(tmp_path / "c", team(*rows)))
    assert findings.timeline(cohort) == (
        "The first departure was between January and August 2023, the last in May 2024. "
        "Only Ada Abel could have left as early as January 2023; that date is given only roughly."
    )


def test_what_is_known_of_some_is_not_said_of_all(tmp_path):
    some = load_cohort(
        write(
            tmp_path / "some",
            team(
                ("May 2023", "5 years", "A"), ("May 2023", "4 years", "B"),
                ("May 2023", "", ""), ("May 2023", "", ""),
            ),
        )
    )  # fmt: skip
    one = load_cohort(
        write(tmp_path / "one", team(("May 2023", "5 years", "A"), ("May 2023", "", "")))
    )
    assert findings.destinations_title(some) == (
        "No two of those whose employer is named were at the same organisation"
    )
    assert (
        findings.destinations_title(one) == "The one whose employer is named was at A in May 2025"
    )
    assert findings.experience_lost(some).startswith(
        "Together those whose tenure is stated had spent 8.0 to 10.0 years at Acme."
    )
    assert findings.experience_lost(one).startswith(
        "The one whose tenure is stated had spent 4.5 to 5.5 years at Acme."
    )


def test_a_tenure_of_whole_years_is_counted_in_the_bin_that_it_begins(tmp_path):
    rows = [("May 2023", f"{6 + k % 2} years, 0 months", "A") for k in range(62)]
    table = charts.tenures(load_cohort(write(tmp_path / "c", team(*rows))), FIVE_YEARS).data
    assert table.loc[table["people"] > 0].values.tolist() == [[6, 7, 31], [7, 8, 31]]


def test_a_tenure_below_something_is_not_drawn_as_about_half_of_it(tmp_path):
    rows = [("May 2023", "less than a year", "A"), ("May 2023", "3 years", "A")]
    figure = charts.tenures(load_cohort(write(tmp_path / "c", team(*rows)))).figure()
    said = {text.get_text() for text in figure.findobj(Text)}
    assert {"up to 11 m", "about 3 y"} <= said


WRONG = r"(?i)\bno of\b|of the one\b|\b(all|one) one\b|\.\.|  |\{|\bnan\b|\binf\b"


@pytest.mark.parametrize("which", ALL)
def test_no_sentence_counts_with_no_or_repeats_itself(which, cohort_of):
    cohort, threshold = cohort_of(which), threshold_of(which)
    texts = [
        text
        for figure in FIGURES
        for chart in [chart_of(figure, cohort, threshold)]
        for text in (chart.title, chart.subtitle, chart.alt)
    ]
    longer = findings.longer_than(cohort, threshold)
    assert (longer == "") == (threshold is None)
    texts += [
        findings.looseness(cohort),
        longer or "Nothing is said where there is nothing to compare with.",
        findings.leave_one_out(cohort, threshold),
    ]
    for text in texts:
        assert text[0].isupper() or not text[0].isalpha(), text
        if which != "dollar signs and braces":
            assert not re.search(WRONG, text), text


# --- one row changed


def test_titles_alternative_texts_and_tables_follow_one_changed_row(tmp_path, cohort_of):
    folder = tmp_path / "llama"
    shutil.copytree(cohort_of("llama").folder, folder)
    path = folder / "authors.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    stayed = next(row for row in rows if not row["departed"])
    stayed |= {"departed": "מרץ 2025", "tenure": "20 שנים, 5 חודשים", "organisation": "Hooli"}
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    before, after = cohort_of("llama"), load_cohort(folder)

    assert charts.timeline(after).title == ("Eight left in 2023, two in 2024 and two in 2025")
    assert findings.timeline_title(after).endswith("to March 2025")
    assert charts.destinations(after).title == "Five of the 12 who left were at Mistral in May 2025"
    # 715 to 757 months in eleven tenures, as worked out from the table, and now 244 to 246 more.
    assert charts.tenures(after).title == (
        "Those who left had been at Meta for 6.7 to 7.0 years on average"
    )
    for figure in FIGURES:
        old, new = draw(figure, before), draw(figure, after)
        assert old.alt != new.alt, figure
        assert not old.data.equals(new.data), figure
        assert old.svg() != new.svg(), figure


# --- what is published


@pytest.mark.parametrize("figure", FIGURES)
def test_one_drawing_gives_the_same_pictures_as_two(figure, cohort_of, monkeypatch):
    monkeypatch.setenv(IN_BUILD, "1")
    chart = draw(figure, cohort_of("llama"))
    bundle, metadata = chart._repr_mimebundle_(include=None, exclude=None)
    assert metadata["image/png"]["alt"] == chart.alt
    parts = bundle[charts.FIGURE_MIME]
    assert parts["svg"] == chart.svg()
    assert "image/svg+xml" not in bundle
    assert parts["svg_narrow"] == chart.svg(charts.NARROW)
    assert (
        bundle["image/png"]
        == parts["png"]
        == draw(figure, cohort_of("llama"))._repr_mimebundle_()[0]["image/png"]
    )
    assert bundle["text/plain"] == chart.alt
    assert parts["csv"].count("\n") == len(chart.data) + 1
    root = ElementTree.fromstring(parts["svg"])
    assert chart.title in {
        "".join(text.itertext()) for text in root.iter() if text.tag.endswith("text")
    }


SCRIPT = """
import hashlib, json, os, sys
os.environ["ANALYSIS_HELPERS_BUILD"] = "1"
from analysis_helpers import charts
from analysis_helpers.cohort import load_cohort
for folder in sys.argv[1:]:
    cohort = load_cohort(folder)
    for figure in (charts.timeline, charts.headcount, charts.destinations, charts.tenures):
        bundle = json.dumps(figure(cohort)._repr_mimebundle_(), sort_keys=True)
        print(figure.__name__, hashlib.sha256(bundle.encode()).hexdigest())
"""


@pytest.mark.soak
def test_the_same_bytes_in_every_process_and_nothing_said_on_the_way(tmp_path, cohort_of):
    folders = [str(cohort_of(which).folder) for which in ("llama", "names in other scripts")]
    outputs = []
    for surroundings in (
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"},
    ):
        done = subprocess.run(
            [sys.executable, "-W", "always::UserWarning", "-c", SCRIPT, *folders],
            env=os.environ | surroundings,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) == 8


def test_tables_name_their_units_and_write_months_as_texts(cohort_of):
    cohort = cohort_of("llama")
    columns = {figure: list(draw(figure, cohort).data) for figure in FIGURES}
    assert columns == {
        "timeline": ["name", "status", "left_at_earliest", "left_at_latest"],
        "headcount": ["month", "remaining_at_least", "remaining_at_most"],
        "destinations": ["organisation", "people", "names"],
        "tenures": ["name", "tenure_months_at_least", "tenure_months_at_most"],
    }
    months = charts.headcount(cohort).data["month"]
    assert months.iloc[-1] == "2025-05"
    timeline = charts.timeline(cohort).data.set_index("name")
    lample = timeline.loc["Guillaume Lample"]
    assert lample["left_at_earliest"] == "2023-01"
    assert lample["left_at_latest"] == "2023-04"
    assert timeline.loc["Hugo Touvron", "left_at_earliest"] == ""


@pytest.mark.parametrize("which", ["llama", "some organisations", "3,000 authors"])
def test_the_tables_add_up_to_the_authors(which, cohort_of):
    cohort = cohort_of(which)
    gone = int((cohort.authors["status"] == "left").sum())
    assert charts.destinations(cohort).data["people"].sum() == gone
    last = charts.headcount(cohort).data.iloc[-1]
    assert last["remaining_at_least"] == len(cohort.authors) - gone
    if which == "3,000 authors":
        exact = cohort.authors["departed_low"] == cohort.authors["departed_high"]
        assert charts.timeline(cohort).data["departures_at_least"].sum() == int(exact.sum())
        assert charts.tenures(cohort).data["people"].sum() == gone
