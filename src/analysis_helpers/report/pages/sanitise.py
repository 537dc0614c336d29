"""Markup from outside, made harmless: what is not allowed shows as the text that it is.

Every tag of the result is written here, from a list of harmless ones, so nothing depends on how
a browser reads broken markup. A library such as bleach drops a refused attribute without a
trace; a reader of a report should see that somebody planted it.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from analysis_helpers.language import Language


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOID = words("br hr img wbr col input")
_TAGS = _VOID | words(
    "a abbr article aside b bdi bdo blockquote caption cite code colgroup dd del details dfn div dl"
    " dt em fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header i ins kbd label legend li"
    " mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th"
    " thead time tr u ul var"
)
_ATTRIBUTES = words(
    "abbr alt aria-describedby aria-hidden aria-label aria-labelledby checked cite class colspan"
    " data-label datetime dir height href id lang open reversed role rowspan scope span src start"
    " title translate value width"
)
_ARE_CHOICES = words("checked class name")
_IS_RADIO = ("type", "radio")
_DROPPED = words("align border halign style valign")
"""Harmless leftovers, such as those of a printed DataFrame: left out without a word."""

_PANDAS_STYLE = re.compile(r"<style scoped>.*?</style>", re.DOTALL)


def sanitise(markup: str, say: Language) -> str:
    """Markup with only harmless tags, well formed; tables scroll and have header scopes."""
    cleaner = _Cleaner()
    cleaner.feed(_PANDAS_STYLE.sub("", markup))
    cleaner.close()
    clean = re.sub(r"<th[^>]*></th>", "<td></td>", cleaner.finished())
    return _scrolling_tables(clean, say)


def _is_harmless(name: str, value: str | None) -> bool:
    if name == "href":
        try:
            return urlsplit(_visible(value)).scheme in ("", "http", "https", "mailto")
        except ValueError:
            return False
    if name == "src":
        return _visible(value).startswith("data:image/png;base64,")
    return name in _ATTRIBUTES


def _visible(address: str | None) -> str:
    """An address as a browser reads it: without control characters and blanks."""
    return re.sub(r"[\x00-\x20\x7f-\xa0]", "", address or "")


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._open: list[str] = []

    def finished(self) -> str:
        return "".join(self._parts) + "".join(f"</{tag}>" for tag in reversed(self._open))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = [(name, value) for name, value in attrs if name not in _DROPPED]
        if tag == "input":  # a choice that the style sheet reads, and nothing else
            others = [pair for pair in kept if pair != _IS_RADIO]
            harmless = len(others) < len(kept) and _ARE_CHOICES.issuperset(dict(others))
            kept = [_IS_RADIO, *others]
        else:
            harmless = tag in _TAGS and all(_is_harmless(*pair) for pair in kept)
        if not harmless:
            self._parts.append(escape(self.get_starttag_text() or ""))
            return
        if tag == "th" and "scope" not in dict(kept):
            kept.append(("scope", "col" if "thead" in self._open else "row"))
        written = "".join(f' {name}="{escape(value or "")}"' for name, value in kept)
        self._parts.append(f"<{tag}{written}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            self._parts.append("" if tag in _TAGS else f"&lt;/{escape(tag)}&gt;")
            return
        while True:
            last = self._open.pop()
            self._parts.append(f"</{last}>")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        self._parts.append(escape(data, quote=False))

    def handle_comment(self, data: str) -> None:
        self._parts.append(escape(f"<!--{data}-->"))

    def handle_decl(self, decl: str) -> None:
        self._parts.append(escape(f"<!{decl}>"))

    def unknown_decl(self, data: str) -> None:
        self._parts.append(escape(f"<![{data}]>"))

    def handle_pi(self, data: str) -> None:
        self._parts.append(escape(f"<?{data}>"))


def _scrolling_tables(markup: str, say: Language) -> str:
    """Wrap each table so that it scrolls by itself on a narrow screen, by keyboard too."""

    def wrap(table: re.Match[str]) -> str:
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", table[0], re.DOTALL)
        label = re.sub(r"<[^>]*>", "", caption[1]).strip() if caption else say("Table")
        label = label.replace('"', "&quot;")
        return (
            f'<div class="scroll" role="group" tabindex="0" aria-label="{label}">{table[0]}</div>'
        )

    return re.sub(r"<table[ >].*?</table>", wrap, markup, flags=re.DOTALL)
