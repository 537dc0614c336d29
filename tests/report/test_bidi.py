from __future__ import annotations

import pytest

from analysis_helpers.report.pages.bidi import isolated


@pytest.mark.parametrize(
    ("markup", "isolated_markup"),
    [
        ("<p>שלום</p>", "<p>שלום</p>"),
        ("<p>Ada left.</p>", '<p><bdi lang="en">Ada left.</bdi></p>'),
        ("<td> Ada </td>", '<td> <bdi lang="en">Ada</bdi> </td>'),
        (
            "<p>אצל Google DeepMind, ועוד.</p>",
            '<p>אצל <bdi lang="en">Google DeepMind</bdi>, ועוד.</p>',
        ),
        (
            "<p>אדה (Ada L.) עזבה</p>",
            '<p>אדה (<bdi lang="en">Ada L</bdi>.) עזבה</p>',
        ),
        (
            "<p>ב-LLaMA. Aidan N. Gomez לא נספר</p>",
            '<p>ב-<bdi lang="en">LLaMA</bdi>. <bdi lang="en">Aidan N. Gomez</bdi> לא נספר</p>',
        ),
        ("<p>65.0–68.8 חודשים</p>", '<p><bdi dir="ltr">65.0–68.8</bdi> חודשים</p>'),
        ("<p>עד 2025</p>", "<p>עד 2025</p>"),
        ("<p>א &amp; ב &lt;</p>", "<p>א &amp; ב &lt;</p>"),
        ("<pre>x = 1–2</pre><code>f(x)</code>", "<pre>x = 1–2</pre><code>f(x)</code>"),
        ("<svg><text>Ada</text></svg>", "<svg><text>Ada</text></svg>"),
        ('<a title="Ada 1–2">א</a>', '<a title="Ada 1–2">א</a>'),
        ("<head><title>Ada</title></head>", "<head><title>Ada</title></head>"),
    ],
)
def test_left_to_right_pieces_are_isolated(markup: str, isolated_markup: str) -> None:
    assert isolated(markup) == isolated_markup


@pytest.mark.parametrize(
    ("markup", "marked"),
    [
        ('<p>סמנכ"ל</p>', "<p>סמנכ״ל</p>"),
        ("<p>סמנכ&quot;ל, ג’ולין, צ&#x27;אט</p>", "<p>סמנכ״ל, ג׳ולין, צ׳אט</p>"),
        # A quotation is none, whatever stands before it.
        ('<p>"אמצע" ו"סוף" שנה</p>', '<p>"אמצע" ו"סוף" שנה</p>'),
        ('<p title="סמנכ&quot;ל">א</p>', '<p title="סמנכ&quot;ל">א</p>'),
    ],
)
def test_marks_within_hebrew_words_are_hebrew(markup: str, marked: str) -> None:
    assert isolated(markup) == marked
