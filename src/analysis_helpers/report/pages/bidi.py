"""Left-to-right pieces of a right-to-left page, isolated so that nothing turns them around.

A Latin name keeps its punctuation, names in a row stand in the order of the page, and a range with
a dash between its numbers has the lower one on the left.
Quotation marks within Hebrew words become a geresh and gershayim.
Text without a letter of the page's own script is marked as English, as a cohort brings it.
"""

from __future__ import annotations

import re

from analysis_helpers.language import NUMBER_RANGE, hebrew_marks

_KEPT = re.compile(
    r"(<(head|script|style|svg|pre|code)\b.*?</\2>|<table[^>]*dataframe.*?</table>|<!--.*?-->|<[^>]*>)",
    re.DOTALL | re.IGNORECASE,
)
_LATIN = "A-Za-zÀ-ɏ"
_HEBREW = "א-ת"
_END = rf"(?<=[{_LATIN}0-9][{_LATIN}0-9])\. "
"""The end of a sentence, which is not that of an initial."""
_PIECES = re.compile(
    r"(?P<entity>&#?\w+;)"
    rf"|(?P<latin>[{_LATIN}](?:(?:(?!{_END})[^<>&(),\n{_HEBREW}]|,(?! ))*[{_LATIN}0-9])?)"
    rf"|(?P<range>{NUMBER_RANGE})"
)


_NUMBERED = re.compile(r"\S{1,12}-\d{1,4}")


def isolated(page: str) -> str:
    """An HTML page with every left-to-right piece of its text isolated."""
    parts = _KEPT.split(page)
    # Between the groups of a match (a whole tag, and its name) stands the text.
    for index in range(0, len(parts), 3):
        parts[index] = _marked(hebrew_marks(parts[index]))
    return "".join(part for index, part in enumerate(parts) if index % 3 != 2 and part is not None)


def _marked(text: str) -> str:
    plain = re.sub(r"&#?\w+;", " ", text)
    if re.search(f"[{_LATIN}]", plain) and not re.search(f"[{_HEBREW}]", plain):
        return re.sub(r"\S.*\S|\S", _english, text, count=1, flags=re.DOTALL)
    return _PIECES.sub(_piece, text)


def _english(match: re.Match[str]) -> str:
    # It takes its direction from its first letter; a line does not end within `GPT-1`.
    kind = ' class="unbroken"' if _NUMBERED.fullmatch(match[0]) else ""
    return f'<bdi lang="en"{kind}>{match[0]}</bdi>'


def _piece(match: re.Match[str]) -> str:
    if match["entity"]:
        return match[0]
    return _english(match) if match["latin"] else f'<bdi dir="ltr">{match[0]}</bdi>'
