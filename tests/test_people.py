"""Teams that are not the authors of a paper, counted from another day than a publication."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis_helpers import charts, display, findings, report
from analysis_helpers.charts._sheet import NARROW
from analysis_helpers.cohort import AUTHORS, Cohort
from analysis_helpers.errors import InputError
from analysis_helpers.opening import open_cohort
from analysis_helpers.summary import standfirst

Maker = Callable[..., Path]
DESK = [
    {"name": "Ada Abel", "role_now": "Editor", "organisation": "The Herald", "departed": "2023-03",
     "tenure": "4 years, 2 months"},
    {"name": "Ben Brandt", "organisation": "The Herald", "departed": "early 2024"},
    {"name": "Cleo Costa"},
    {"name": "Dan Dahl", "organisation": "Radio One", "departed": "2024-05", "tenure": "3 years"},
]  # fmt: skip
CLAIMS = [
    {"says": "Three have gone.", "says_he": "שלושה עזבו.", "measure": "departed", "expect": "= 3"},
    {"says": "Half went soon.", "says_he": "מחציתם עזבו מהר.", "measure": "half_gone",
     "expect": "<= 1 year"},
]  # fmt: skip
HEAD = """
title = "The news desk of the Gazette"
title_he = "דסק החדשות של הגזט"
company = "the Gazette"
company_he = "הגזט"
people = "{people}"

[start]
label = "the relaunch"
label_he = "ההשקה מחדש"
date = 2023-01-15

[article]
language = "en"
as_of = "2025-05"
"""


EDITORS = [
    {"name": "Ada Abel", "organisation": "The Herald", "departed": "March 2023",
     "tenure": "4 years, 2 months"},
    {"name": "Ben Brandt", "organisation": "The Herald", "departed": "early 2024",
     "tenure": "3 years"},
    {"name": "Cleo Costa"},
    {"name": "Dan Dahl", "organisation": "Radio One", "departed": "May 2024"},
    {"name": "Eva Ekman", "organisation": "The Herald", "departed": "autumn 2024",
     "tenure": "about 6 years"},
    {"name": "Finn Falk", "organisation": "Radio One", "departed": "unknown", "tenure": "2 years"},
    {"name": "Gil Gross"},
    {"name": "Hana Hart", "departed": "December 2024", "tenure": "7 years, 1 month"},
]  # fmt: skip
FOUNDERS = [
    {"name": "Ira Noy"},
    {"name": "Maya Peled", "organisation": "Northlight Capital", "departed": "June 2022",
     "tenure": "2 years, 9 months"},
    {"name": "Omer Tal", "organisation": "Graphene Labs", "departed": "late 2023",
     "tenure": "4 years"},
    {"name": "Rina Shaw", "organisation": "Graphene Labs", "departed": "January 2024",
     "tenure": "4 years, 4 months"},
    {"name": "Sam Vega"},
]  # fmt: skip
FOUNDING = """
title = "The founders of Lumen Robotics"
company = "Lumen Robotics"
company_he = "לומן רובוטיקס"
people = "founders"

[start]
label = "the founding"
label_he = "הקמת החברה"
date = 2019-09-01

[article]
language = "en"
as_of = "2025-08"
"""
SIX_LEFT = [{"says": "Six left.", "says_he": "שישה עזבו.", "measure": "departed", "expect": "= 6"}]
WITHIN_A_YEAR = [
    {"says": "Most went soon.", "says_he": "רובם עזבו מהר.", "measure": "departed",
     "where": {"departed": "<= 2024-01"}, "expect": ">= 4"},
]  # fmt: skip


def team(
    parent: Path,
    make_cohort: Maker,
    rows: list[dict[str, str]],
    head: str = HEAD.format(people="editors"),
    **files: object,
) -> Path:
    folder = make_cohort(parent, rows, files.pop("claims", SIX_LEFT), name="team", **files)
    (folder / "cohort.toml").write_text(head, encoding="utf-8")
    return folder


def both(folder: Path) -> tuple[Cohort, Cohort]:
    return open_cohort(folder)[0], open_cohort(folder, "he")[0]


@pytest.fixture(scope="module")
def editors(tmp_path_factory: pytest.TempPathFactory, make_cohort: Maker) -> tuple[Cohort, Cohort]:
    """The team of a news desk, in English and in Hebrew."""
    return both(team(tmp_path_factory.mktemp("editors"), make_cohort, EDITORS))


@pytest.fixture(scope="module")
def founders(tmp_path_factory: pytest.TempPathFactory, make_cohort: Maker) -> tuple[Cohort, Cohort]:
    return both(team(tmp_path_factory.mktemp("founders"), make_cohort, FOUNDERS, FOUNDING))


def desk(parent: Path, make_cohort: Maker, people: str = "editors") -> Path:
    folder = make_cohort(parent, DESK, CLAIMS, name="desk")
    (folder / "cohort.toml").write_text(HEAD.format(people=people), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def desk_report(made_once: Callable[..., Path], make_cohort: Maker) -> Path:
    """The desk's report in both languages."""
    notebooks = Path(__file__).parents[1] / "notebooks"

    def make(folder: Path) -> None:
        cohort = desk(folder, make_cohort)
        report.build(cohort, folder / "report", notebooks=notebooks, languages=["en", "he"])

    return made_once("desk", make) / "report"


def test_a_team_is_called_what_it_is_and_counted_from_its_own_start(
    tmp_path: Path, make_cohort: Maker
) -> None:
    data, ledger = open_cohort(desk(tmp_path, make_cohort))

    assert (
        findings.departures_title(data)
        == "Three of the four editors had left the Gazette by May 2025"
    )
    # The second left between January and April 2024, 12 to 15 months after January 2023.
    assert ledger[1].low == 12
    assert ledger[1].high == 15
    assert findings.half_gone(data).endswith("12 to 15 months after the relaunch.")
    assert "the Gazette and" not in standfirst(data, ledger)


@pytest.mark.parametrize(
    ("people", "one", "title"),
    [
        ("founders", "founder", "שלושה מארבעת המייסדים עזבו את הגזט עד מאי 2025"),
        ("employees", "employee", "שלושה מארבעת העובדים עזבו את הגזט עד מאי 2025"),
        ("editors", "editor", "שלושה מארבעת העורכים עזבו את הגזט עד מאי 2025"),
    ],
)
def test_every_kind_of_people_has_its_words(
    people: str, one: str, title: str, tmp_path: Path, make_cohort: Maker
) -> None:
    folder = desk(tmp_path, make_cohort, people)
    assert findings.departures_title(open_cohort(folder, "he")[0]) == title
    assert open_cohort(folder)[0].person == one


def test_a_report_on_editors_speaks_of_no_author_and_no_paper(desk_report: Path) -> None:
    pages = sorted(desk_report.rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for hidden in (r"<(script|style)\b.*?</\1>", '<details class="work">.*?</details>'):
            text = re.sub(hidden, "", text, flags=re.DOTALL)
        labels = " ".join(re.findall(r'(?:aria-label|content)="([^"]*)"', text))
        read = html.unescape(re.sub("<[^>]*>", " ", text) + labels)
        assert "decision log" not in read
        assert "rival" not in read
        found = re.findall(r".{0,40}(?:\bauthors?\b|\bpapers?\b|מחבר|מאמר).{0,20}", read)
        assert found == [], page


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"editors"', '"editor"', 'people: cannot take "editor"; did you mean editors?'),
        ('people = "editors"\n', "", "start: is for other people than authors"),
        ("[start]", "[paper]\ntitle='P'\npublished=2023-01-15\nsource='x'\n[start]",
         "start: stands beside [paper]"),
        ("2023-01-15", "2026-01-15", "start.date: 2026-01-15 is later than article.as_of"),
        ('label = "the relaunch"', "", "start.label: is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_start_is_said(
    old: str, new: str, message: str, tmp_path: Path, make_cohort: Maker
) -> None:
    folder = desk(tmp_path, make_cohort)
    head = folder / "cohort.toml"
    head.write_text(head.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_cohort(folder)
    assert message in str(caught.value)


# --- what is not known


def test_a_tenure_that_is_not_stated_was_not_rounded(editors: tuple[Cohort, Cohort]) -> None:
    english, hebrew = editors
    # Above five years for certain are 66 to 78 and 84 to 86 months; Dan Dahl's may be.
    assert findings.longer_than(english, 60) == (
        "Two or three of the six who left had been at the Gazette for longer than five years."
        " Dan Dahl’s time at the Gazette is not stated."
    )
    assert findings.longer_than(hebrew, 60) == (
        "שניים או שלושה מששת העוזבים עבדו בגזט יותר מחמש שנים. הוותק של Dan Dahl בגזט לא נמסר."
    )
    # Ben Brandt's, 30 to 42 months, may be more than 36; so may Finn Falk's not, 18 to 30.
    assert "For Ben Brandt it depends on how" in findings.longer_than(english, 36)
    assert "Dan Dahl’s time" in findings.longer_than(english, 36)
    assert findings.longer_than(english, None) == findings.longer_than(hebrew, None) == ""


def test_who_is_not_dated_is_not_called_dated_loosely(editors: tuple[Cohort, Cohort]) -> None:
    english, hebrew = editors
    assert findings.looseness(english) == (
        "The departures of Ben Brandt and Eva Ekman are dated only loosely."
        " A season is read as the four months that it can reach into: “autumn 2024” as September"
        " to December 2024."
        " The departure of Finn Falk is not dated; it can lie in any month up to May 2025."
        " The tenures of Ben Brandt, Eva Ekman and Finn Falk are given only roughly."
        " Dan Dahl’s time at the Gazette is not stated."
    )
    assert findings.looseness(hebrew) == (
        "מועדי העזיבה של Ben Brandt ו-Eva Ekman נמסרו רק בקירוב."
        ' עונה מתפרשת כארבעת החודשים שהיא יכולה לחול בהם: "autumn 2024" – ספטמבר עד דצמבר 2024.'
        " מועד העזיבה של Finn Falk לא נמסר, והוא יכול להיות כל חודש עד מאי 2025."
        " הוותק של Ben Brandt, Eva Ekman ו-Finn Falk נמסר רק בקירוב."
        " הוותק של Dan Dahl בגזט לא נמסר."
    )
    assert findings.timeline(english).endswith(
        "Only Finn Falk, whose date the article does not give, could have left before March 2023."
    )
    assert findings.timeline(hebrew).endswith(
        "רק Finn Falk, שמועד עזיבתו לא נמסר בכתבה, עשוי היה לעזוב לפני מרץ 2023."
    )


def test_everybody_who_may_have_been_first_is_named(tmp_path: Path, make_cohort: Maker) -> None:
    early = {"name": "Eli Early", "departed": "early 2023"}
    before = {"name": "Bea Before", "departed": "before June 2023"}
    none, march = EDITORS[5], EDITORS[0]
    one = both(team(tmp_path / "1", make_cohort, [early, none, march]))[0]
    # Eli Early may have left in January, and nobody knows when Finn Falk did.
    assert findings.timeline(one).endswith(
        "Only Eli Early and Finn Falk could have left before March 2023."
    )
    two = both(team(tmp_path / "2", make_cohort, [before, march]))[0]
    assert findings.timeline(two).endswith("Only Bea Before could have left before March 2023.")
    assert "Bea Before is dated only loosely" in findings.looseness(two)
    # Where it may be anybody, nobody is named.
    three = both(team(tmp_path / "3", make_cohort, [none, {**none, "name": "Flo Falk"}]))[0]
    assert findings.timeline(three) == "Both departures were in May 2025 or earlier."


def test_who_is_not_dated_stands_after_those_who_are(editors: tuple[Cohort, Cohort]) -> None:
    english, hebrew = editors
    order = ["Ada", "Ben", "Dan", "Eva", "Hana", "Finn", "Cleo", "Gil"]
    for data in editors:
        assert [name.split()[0] for name in charts.timeline(data).data["name"]] == order
    assert "in the order in which they left; who is not dated comes last" in (
        charts.timeline(english).alt
    )
    assert "לפי סדר העזיבה; מי שמועד עזיבתו לא נמסר – בסוף" in charts.timeline(hebrew).alt
    texts = drawn(charts.destinations(english))
    dan, finn = texts.index("Dan Dahl, May 2024"), texts.index("Finn Falk, not dated")
    assert finn == dan + 1


def drawn(chart: charts.Chart, width: float = 540) -> list[str]:
    texts = chart.figure(width).findobj(Text)
    return [each.get_text().strip("\u200f\u2067\u2069") for each in texts]


def test_a_bar_that_nothing_bounds_fades_in(editors: tuple[Cohort, Cohort]) -> None:
    def opacities(data: Cohort) -> list[float]:
        bars = charts.timeline(data).figure().axes[0].findobj(Rectangle)
        return [bar.get_alpha() for bar in bars if bar.get_alpha() is not None]

    english = editors[0]
    found = opacities(english)
    # Of Ben Brandt's bar, Eva Ekman's, and what is left of Finn Falk's behind its end.
    assert [found.count(0.3), min(found) < 0.05, len(found)] == [3, True, 11]
    data = english.authors
    known = Cohort(**{**vars_of(english), "authors": data[data["name"] != "Finn Falk"]})
    assert opacities(known) == [0.3, 0.3]


def vars_of(cohort: Cohort) -> dict[str, object]:
    return {name: getattr(cohort, name) for name in Cohort.__dataclass_fields__}


# --- the mean, and half of a team


def test_the_mean_is_said_once_where_there_is_nothing_to_compare_it_with(
    founders: tuple[Cohort, Cohort], editors: tuple[Cohort, Cohort]
) -> None:
    # 32 to 34, 42 to 54 and 51 to 53 months: without the last 37 at least, without the first 53.5.
    assert findings.leave_one_out(founders[0], None) == (
        "Whoever is left out, the mean is 3.1 to 4.5 years."
    )
    assert findings.leave_one_out(founders[1], None) == (
        "כשמשמיטים בכל פעם עוזב אחר, הממוצע הוא 3.1 עד 4.5 שנים."
    )
    # With a threshold below 37 months nobody decides, and that is not said twice either.
    assert findings.leave_one_out(founders[0], 36).startswith(
        "The mean stays above three years whoever is left out. It then lies between 3.1 and 4.5"
        " years."
    )
    assert findings.leave_one_out(founders[1], 36).startswith(
        "הממוצע נשאר מעל שלוש שנים גם כשמשמיטים בכל פעם עוזב אחר. הוא נע אז בין 3.1 ל-4.5 שנים."
    )
    # Of 49-51, 30-42, 66-78, 18-30 and 84-86: 163 / 4 without the longest, 257 / 4 without the
    # shortest; without Ben Brandt 245 / 4, and without everybody else at most 59 months.
    assert findings.leave_one_out(editors[0], 60).startswith(
        "The mean may rise above five years if either Ben Brandt or Finn Falk is left out."
        " With each one left out in turn it lies between 3.4 and 5.4 years."
    )
    assert findings.leave_one_out(editors[1], 60).startswith(
        "הממוצע עשוי לעלות מעל חמש שנים בלי Ben Brandt או Finn Falk."
        " כשמשמיטים בכל פעם עוזב אחר, הוא נע בין 3.4 ל-5.4 שנים."
    )


@pytest.mark.parametrize(
    ("months", "english", "hebrew"),
    [
        (["2022-06", "2023-12", "2024-01", "", ""],
         "More than half of the founders had left by January 2024, 52 months after the founding.",
         "עד ינואר 2024 כבר עזבו יותר ממחצית המייסדים, 52 חודשים אחרי הקמת החברה."),
        (["2022-06", "2023-12", "", ""],
         "Half of the founders had left by December 2023, 51 months after the founding.",
         "עד דצמבר 2023 כבר עזבה מחצית המייסדים, 51 חודשים אחרי הקמת החברה."),
        (["2022-06", "2022-06", "2022-06", ""],
         "More than half of the founders had left by June 2022, 33 months after the founding.",
         "עד יוני 2022 כבר עזבו יותר ממחצית המייסדים, 33 חודשים אחרי הקמת החברה."),
        (["2019-09", "2019-09"],
         "All the founders had left by September 2019, the month of the founding.",
         "עד ספטמבר 2019 כבר עזבו כל המייסדים, חודש הקמת החברה."),
    ],
)  # fmt: skip
def test_more_than_half_is_not_called_half(
    months: list[str], english: str, hebrew: str, tmp_path: Path, make_cohort: Maker
) -> None:
    rows = [{"name": f"Ada {n}", "departed": month} for n, month in enumerate(months)]
    found = both(team(tmp_path, make_cohort, rows, FOUNDING))
    assert tuple(map(findings.half_gone, found)) == (english, hebrew)
    for data, sentence in zip(found, (english, hebrew), strict=True):
        assert charts.headcount(data).title == sentence[:-1]
        assert sentence in charts.headcount(data).alt


# --- where they are, and from when they are counted


def test_of_how_many_no_employer_is_named_is_said_of_people(
    editors: tuple[Cohort, Cohort],
) -> None:
    english, hebrew = editors
    assert "Between them they had two employers. For one of the six none is named." in (
        findings.destinations(english)
    )
    assert "לגבי אחד מששת העוזבים לא נמסר מעסיק." in findings.destinations(hebrew)
    assert charts.destinations(english).alt.endswith(
        "How many are at each: The Herald 3 and Radio One 2; not stated for 1."
    )
    assert charts.destinations(hebrew).alt.endswith(
        "מספר העוזבים אצל כל מעסיק: The Herald 3 ו-Radio One 2; לא נמסר: 1."
    )


def test_the_start_is_counted_from_and_events_are_shown_where_there_are_any(
    tmp_path: Path, make_cohort: Maker, editors: tuple[Cohort, Cohort]
) -> None:
    english, hebrew = editors
    assert findings.dates(english) == "Months are counted from the relaunch (15 January 2023)."
    assert findings.dates(hebrew) == "החודשים נספרים מההשקה מחדש (15 בינואר 2023)."
    assert display.events_table(english).html == ""
    events = [("2024-02-01", "The strike", "the union")]
    data = both(team(tmp_path, make_cohort, EDITORS, events=events))[0]
    assert "events below come from outside the article" in findings.dates(data)
    assert "Events around the departures" in display.events_table(data).html
    assert "The strike" in display.events_table(data).html


def test_that_a_group_of_employers_is_a_judgement_is_said_where_a_claim_needs_one(
    tmp_path: Path, make_cohort: Maker
) -> None:
    group = {"organisation": ["The Herald", "Radio One"]}
    claims = [{"says": "Most went to rivals.", "measure": "departed", "where": group,
               "expect": ">= 4"}]  # fmt: skip
    for chosen, said in ((claims, True), (SIX_LEFT, False)):
        folder = team(tmp_path / str(said), make_cohort, EDITORS, claims=chosen)
        text = display.employers_counted(*open_cohort(folder)).text
        assert ("is our judgement" in text) == said


def test_a_team_is_not_shown_before_it_begins(
    tmp_path: Path, make_cohort: Maker, founders: tuple[Cohort, Cohort],
    editors: tuple[Cohort, Cohort],
) -> None:  # fmt: skip
    def begins(data: Cohort) -> tuple[str, float]:
        left = charts.timeline(data).figure().axes[0].get_xlim()[0]
        return charts.headcount(data).data["month"].iloc[0], left

    september_2019, december_2022 = 12 * 49 + 8, 12 * 52 + 11
    assert begins(founders[0]) == ("2019-09", september_2019)
    # Finn Falk may have left before the relaunch.
    assert begins(editors[0]) == ("2022-12", december_2022)
    others = [row for row in EDITORS if row["name"] != "Finn Falk"]
    dated = both(team(tmp_path, make_cohort, others))[0]
    assert begins(dated) == ("2023-01", december_2022 + 1)


# --- pictures and their texts


def test_alternative_texts_can_be_read_aloud(
    tmp_path: Path, make_cohort: Maker, editors: tuple[Cohort, Cohort]
) -> None:
    english, hebrew = editors
    assert "From seven years and one month down to about two years." in charts.tenures(english).alt
    assert "משבע שנים וחודש אחד ועד כשנתיים." in charts.tenures(hebrew).alt
    assert charts.tenures(hebrew, 60).alt.endswith(
        "שניים מחמשת הטווחים נמצאים במלואם מעבר לקו של חמש שנים."
    )
    folder = team(tmp_path, make_cohort, EDITORS, claims=[*SIX_LEFT, *WITHIN_A_YEAR])
    # Six is one row from five and from seven; at most three left by then, one row from four.
    assert charts.fragility(*open_cohort(folder)).alt.endswith(
        "Verdicts that one wrong row would change: 2."
    )
    assert charts.fragility(*open_cohort(folder, "he")).alt.endswith(
        "מסקנות שהיו משתנות בגלל רשומה שגויה אחת: 2."
    )
    assert "Above the marks, the article’s claim: “Most went soon” – contradicted" in (
        charts.timeline(*open_cohort(folder)).alt
    )
    assert "לצד הסימנים מופיעה טענת הכתבה: “רובם עזבו מהר” – הופרכה" in (
        charts.timeline(*open_cohort(folder, "he")).alt
    )


def test_what_is_plotted_is_said_in_words(editors: tuple[Cohort, Cohort]) -> None:
    english, hebrew = editors
    assert charts.timeline(english).subtitle == (
        "When each editor left the Gazette; bar: exact month not known; triangle: still there"
    )
    assert charts.timeline(hebrew).subtitle == (
        "מתי עזב כל עורך את הגזט; מלבן: החודש המדויק אינו ידוע; משולש: עדיין בחברה"
    )
    assert charts.headcount(english).subtitle.startswith(
        "How many of the eight editors were still at the Gazette"
    )
    assert charts.headcount(hebrew).subtitle.startswith("כמה משמונת העורכים עדיין עבדו בגזט")
    table = charts.timeline(hebrew)._shown()
    assert set(table[table.columns[1]]) == {"לא בחברה", "עדיין בחברה"}


def test_a_number_that_two_places_share_stands_there_once(
    founders: tuple[Cohort, Cohort],
) -> None:
    texts = drawn(charts.headcount(founders[0]))
    assert "2 still there in January 2024" in texts
    assert "2" not in texts
    assert "בינואר 2024 נותרו 2" in drawn(charts.headcount(founders[1]))


def test_the_label_of_the_start_keeps_off_the_number_at_the_side(
    founders: tuple[Cohort, Cohort],
) -> None:
    for data, start in zip(founders, ("the founding", "הקמת החברה"), strict=True):
        figure = charts.headcount(data).figure()
        figure.canvas.draw()
        boxes = {
            text.get_text().strip("\u200f\u2067\u2069"): text.get_window_extent()
            for text in figure.findobj(Text)
        }
        assert not boxes[start].overlaps(boxes["5"])


def test_a_tenure_ends_within_the_plot_and_whole_years_are_marked(
    founders: tuple[Cohort, Cohort],
) -> None:
    axes = charts.tenures(founders[0]).figure().axes[0]
    assert axes.get_xlim()[1] > 54  # months, of the longest at most
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "1", "2", "3", "4", "5"]


def test_a_line_of_a_title_does_not_end_within_a_name(
    tmp_path: Path, make_cohort: Maker, editors: tuple[Cohort, Cohort]
) -> None:
    for data in editors:
        lines = [text for text in drawn(charts.destinations(data), NARROW) if "Herald" in text]
        assert lines
        assert all("The Herald" in line for line in lines)
    long = FOUNDING.replace("Lumen Robotics", "The Incorporated Society of Lumen Robotics Makers")
    data = both(team(tmp_path, make_cohort, FOUNDERS, long))[0]
    assert "…" not in "".join(drawn(charts.timeline(data), NARROW))


def test_the_clean_table_is_described_for_any_team() -> None:
    described = " ".join(column.description for column in AUTHORS)
    assert not re.search("author|paper", described)


def test_the_published_code_shows_the_values_with_which_it_ran(desk_report: Path) -> None:
    for page, language in (("04_tenure.html", "en"), ("he/04_tenure.html", "he")):
        text = (desk_report / page).read_text(encoding="utf-8")
        code = html.unescape(re.sub("<[^>]*>", "", text))
        assert 'cohort = "desk"  # a folder under data/, or a path\n' in code
        assert f'language = "{language}"\n' in code
        assert "threshold = None" in code
        assert "llama" not in code
        assert str(desk_report.parent) not in text
