"""Which verdicts are firm, and which hang on one row."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ..claims import THE_LEDGER, Decision, Ledger
from ..cohort import THE_DATA, Cohort
from ..errors import takes
from ..language import Language, sentence
from ..ranges import Verdict
from ..summary import tested
from ._chart import Chart, source_line
from ._sheet import ACCENT, MARK, SMALL, TEXT, Sheet, Weight, text_width, wrap


@takes(Cohort, THE_DATA, ledger=(Ledger, THE_LEDGER))
def fragility(cohort: Cohort, ledger: Ledger) -> Chart:
    """How many rows would have to be wrong for each verdict to be another: a claim a mark.

    Claims that hold by construction are left out, and those that the table does not decide. No row
    can be wrong about what the article states.

    Args:
        cohort: What `open_cohort` gives.
        ledger: Its decided claims.

    Returns:
        The figure: a notebook draws it, `save` writes it to a file.

    Example:
        >>> ah.charts.fragility(data, ledger).title
        'Nine of the 20 verdicts could change if a single row were wrong'
    """
    say = cohort.language
    decided = list(tested(ledger))
    groups = _groups(decided, say)
    title = _title(groups, say)

    def draw(sheet: Sheet) -> None:
        if groups:
            _draw(sheet, groups)
        else:
            sheet.nothing(say("There is no verdict to plot."))

    names, counts = list(groups), [len(some) for some in groups.values()]
    return Chart(
        name="fragility",
        title=title,
        subtitle=say(
            "Claims held against the list and not just repeating it, by the least number of wrong"
            " rows; cross: contradicted"
        ),
        alt=_alt(title, dict(zip(names, counts, strict=True)), say),
        data=pd.DataFrame(
            {
                "claim": [each.claim.id for each in decided],
                "verdict": [each.verdict.value for each in decided],
                "rows_to_change": pd.array([_rows_to_change(each) for each in decided], "Int64"),
            }
        ),
        source=source_line(cohort),
        say=say,
        draw=draw,
        table=pd.DataFrame({say("rows that would have to be wrong"): names, say("claims"): counts}),
    )


def _rows_to_change(decision: Decision) -> int | None:
    return None if decision.asks_what_is_stated else decision.rows_to_change


def _groups(decided: list[Decision], say: Language) -> dict[str, list[Decision]]:
    """The claims by how many rows it takes, the fewest first."""
    by_rows = [say("a single row"), say("two rows"), say("three rows"), say("four rows or more")]
    none, not_known = say("cannot change"), say("not known")
    groups: dict[str, list[Decision]] = {label: [] for label in (*by_rows, none, not_known)}
    for each in decided:
        label = none if each.rows_to_change_is_exact else not_known
        if (rows := _rows_to_change(each)) is not None:
            label = by_rows[min(rows, len(by_rows)) - 1]
        groups[label].append(each)
    return {label: some for label, some in groups.items() if some}


def _title(groups: dict[str, list[Decision]], say: Language) -> str:
    every = sum(map(len, groups.values()))
    single = len(groups.get(say("a single row"), []))
    if not every:
        return say("The table decides no claim")
    if every == 1:
        return (
            say("The only verdict could change if a single row were wrong")
            if single
            else say("No single wrong row could change the only verdict")
        )
    if not single:
        return say("No single wrong row could change any of the {all} verdicts").format(
            all=say.count(every)
        )
    if single == every:
        return say("Each of the {all} verdicts could change if a single row were wrong").format(
            all=say.count(every)
        )
    text = say.plural(
        "{count} of the {all} verdicts could change if a single row were wrong",
        "{count} of the {all} verdicts could change if a single row were wrong",
        single,
    )
    return sentence(text.format(count=say.count(single), all=say.count(every)))


def _draw(sheet: Sheet, groups: dict[str, list[Decision]]) -> None:
    """A group a row: its marks, as many in a line as fit, and their number."""
    say = sheet.say
    line = 13.0
    headings = {name: wrap(name, sheet.width * 0.38, TEXT) for name in groups}
    margin = 10 + max(text_width(text, TEXT) for lines in headings.values() for text in lines)
    room = sheet.width - margin - 30
    # Rows are compared by their length, so the longest is in one line as long as it can be.
    pitch = min(15.0, max(9.0, room / max(map(len, groups.values()), default=1)))
    across = int(room // pitch)
    heights = {
        name: max(line * len(headings[name]), pitch * math.ceil(len(some) / across)) + 7
        for name, some in groups.items()
    }
    axes = sheet.axes(sum(heights.values()), start=margin, end=30, bottom=0, across=(0, room))
    axes.set_axis_off()
    y = 11.0
    for name, some in groups.items():
        some = sorted(some, key=lambda each: each.verdict is not Verdict.CONTRADICTED)
        index = np.arange(len(some))
        wrong = np.array([each.verdict is Verdict.CONTRADICTED for each in some])
        first = name == say("a single row")
        colour = ACCENT if first else MARK
        x, below = pitch / 2 - 1.5 + index % across * pitch, index // across * pitch
        for mark, chosen in (("X", wrong), ("o", ~wrong)):
            axes.plot(
                x[chosen], (y + below)[chosen], mark, ms=pitch * 2 / 3, mew=0, color=colour,
                clip_on=False,
            )  # fmt: skip
        weight: Weight = "bold" if first else "regular"
        for k, text in enumerate(headings[name]):
            sheet.label(axes, 0, y + line * k, text, -margin, weight=weight)
        end = min(len(some), across) * pitch
        sheet.label(axes, end, y, say.decimal(len(some), 0), 5, size=SMALL, weight=weight)
        y += heights[name]


def _alt(title: str, counts: dict[str, int], say: Language) -> str:
    """How many verdicts so many wrong rows would change, in a sentence that can be read aloud."""
    if not counts:
        return f"{title}."
    rows = {
        say("a single row"): say("one wrong row"),
        say("two rows"): say("two wrong rows"),
        say("three rows"): say("three wrong rows"),
        say("four rows or more"): say("four wrong rows or more"),
    }
    others = {
        say("cannot change"): say("verdicts that no wrong row could change: {count}"),
        say("not known"): say("verdicts of which that is not known: {count}"),
    }
    parts: list[str] = []
    for name, count in counts.items():
        text = others.get(name) or (
            say("{rows}: {count}") if parts else say("verdicts that {rows} would change: {count}")
        )
        parts.append(text.format(rows=rows.get(name), count=say.decimal(count, 0)))
    return f"{title}. {sentence('; '.join(parts))}."
