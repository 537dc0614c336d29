from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_helpers.language import ENGLISH
from analysis_helpers.report.pages.sanitise import sanitise


class Seen(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.inputs: list[list[tuple[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.inputs += [attrs] if tag == "input" else []


@pytest.mark.parametrize(
    "planted",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<b onclick="alert(1)">bold</b>',
        '<a href="javascript:alert(1)">link</a>',
        '<a href=" java\tscript:alert(1)">link</a>',
        '<a href="https://[alert(1)">link</a>',
        "<svg><script>alert(1)</script></svg>",
        "<iframe src=//evil.example></iframe>",
        "<style>@import url(//evil.example)</style>",
        "<form action=//evil.example><button>ok</button></form>",
        '<img src="https://evil.example/pixel.png" alt="">',
        '<meta http-equiv="refresh" content="0;url=//evil.example">',
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        "<input>",
        "<input name=verdict checked>",
        "<input style=x name=verdict>",
        "<input type=text name=a>",
        "<input type=RADIO name=a>",
        "<input type=' radio' name=a>",
        "<input type=radio type=image src=//evil.example/pixel.png>",
        "<input type=image type=radio src=//evil.example/pixel.png>",
        "<input type=radio src=//evil.example/pixel.png>",
        "<input type=radio formaction=//evil.example>",
        "<input type=radio autofocus onfocus=alert(1)>",
        "<input type=radio form=evil>",
        "<input type=radio id=main>",
        "<input type=radio value=evil>",
        "<input type=radio tabindex=1>",
        "<input type=file>",
        "<input type=submit value=evil>",
        "<input type=hidden name=_charset_>",
        "<button>evil</button>",
        "<select><option>evil</select>",
        "<textarea>evil</textarea>",
    ],
)
def test_what_is_planted_shows_as_text(planted: str) -> None:
    cleaned = sanitise(planted, ENGLISH)

    assert Seen(cleaned).tags in ([], ["b"])
    assert "&lt;" in cleaned
    assert "evil" not in planted or "evil" in cleaned


FORMS = [
    "<input", " type=", " type='", "radio", "image", "'", '"', " ", ">", "/>", "\t", "\n", "\0",
    " name=", " class=", " checked", " onclick=", " src=//evil", " form=f", " style=x",
    "<form>", "<fieldset",
    "<label for=x>", "</fieldset>", "<!--", "-->", "&quot;", "=", "<", "INPUT", "\u2028", "<table>",
]  # fmt: skip


@given(st.lists(st.sampled_from(FORMS), max_size=14).map("".join))
def test_of_inputs_only_plain_radio_buttons_ever_come_out(markup: str) -> None:
    seen = Seen(sanitise(markup, ENGLISH))

    assert not {"form", "button", "select", "textarea"} & set(seen.tags)
    for attributes in seen.inputs:
        names = [name for name, _ in attributes]
        assert names[0] == "type"
        assert names.count("type") == 1
        assert dict(attributes)["type"] == "radio"
        assert set(names) <= {"type", "name", "class", "checked"}


def test_a_radio_button_stays_with_its_name_class_and_state() -> None:
    markup = '<label><input checked class="verdict-any" name="verdict" type="radio"/> all</label>'

    assert sanitise(markup, ENGLISH) == (
        '<label><input type="radio" checked="" class="verdict-any" name="verdict"> all</label>'
    )


@given(st.text(alphabet="<>/=\"' abdiltrscphonrefj:&!-;", max_size=60))
def test_nothing_but_harmless_tags_ever_comes_out(markup: str) -> None:
    seen = Seen(sanitise(markup, ENGLISH))

    assert not {"script", "style", "iframe", "object"} & set(seen.tags)
    assert not [name for name in seen.attributes if name.startswith("on")]


def test_what_is_harmless_stays() -> None:
    markup = '<p class="finding">The mean is <strong>5 &lt; 6</strong> &amp; rising.<br></p>'

    assert sanitise(markup, ENGLISH) == markup


def test_markup_that_is_not_closed_does_not_leak() -> None:
    assert sanitise("</main><p><b>x", ENGLISH) == "&lt;/main&gt;<p><b>x</b></p>"


def test_a_printed_dataframe_becomes_a_table_with_scopes() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"months": [81]}, index=["Ada"])
    cleaned = sanitise(frame._repr_html_(), ENGLISH)

    assert '<th scope="col">months</th>' in cleaned
    assert '<th scope="row">Ada</th>' in cleaned
    assert "style" not in cleaned


def test_a_table_scrolls_by_keyboard_under_its_caption() -> None:
    cleaned = sanitise(
        "<table><caption>Who <i>left</i></caption><tr><td>x</td></tr></table>", ENGLISH
    )

    assert cleaned.startswith(
        '<div class="scroll" role="group" tabindex="0" aria-label="Who left">'
    )
