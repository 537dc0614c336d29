"""What if: one change at a time, with widgets in JupyterLab and as a table everywhere else."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import charts, months
from .claims import THE_LEDGER, Decision, Ledger
from .cohort import THE_DATA, Cohort
from .edition import Edition
from .errors import takes
from .language import Language
from .markup import Html, in_notebook, table, verdict_badge
from .scenarios import Change, Scenario, loose_months, offered, vague

if TYPE_CHECKING:
    import ipywidgets

PEOPLE_AT_MOST = 60
"""Of larger teams the table without widgets leaves the people out: each costs a whole decision."""


@takes(Cohort, THE_DATA, ledger=(Ledger, THE_LEDGER))
def explore(data: Cohort, ledger: Ledger) -> Html | ipywidgets.VBox:
    """What if: controls that change a claim's number, a loose month or who left.

    Where nobody can use widgets (nbconvert, papermill), a table of every single change and of what
    it turns.

    Args:
        data: What `open_cohort` gives.
        ledger: The decided claims.

    Returns:
        The controls or the table, for a notebook to show.

    Example:
        >>> ah.explore(data, ledger)
        Every single change and what it turns...
    """
    # A Jupyter server names the notebook to its kernels; whoever only executes it does not.
    if "JPY_SESSION_NAME" in os.environ:
        return Explorer(data, ledger).view
    return single_changes_table(data, ledger)


def single_changes_table(data: Cohort, ledger: Ledger) -> Html:
    """Every single change that the controls offer, and the verdicts that it turns."""
    say, edition = data.language, Edition(data)
    few = len(data.authors) <= PEOPLE_AT_MOST
    rows: list[tuple[str, Any]] = []
    for change in offered(data, ledger):
        if change.expect is None and not few:
            continue
        after = Scenario(data, ledger, [change]).ledger
        pairs = zip(ledger, after, strict=True)
        turned = [(old, new) for old, new in pairs if old.verdict is not new.verdict]
        rows.append((_in_words(change, ledger, edition), _turned(turned, say)))
    frame = pd.DataFrame(rows, columns=[say("What if"), say("It turns")])
    return table(
        frame, say("Every single change and what it turns; none of it is a finding"), say=say
    )


def _turned(turned: Sequence[tuple[Decision, Decision]], say: Language) -> Html:
    if not turned:
        return Html(escape(say("nothing")), say("nothing"))
    parts = [
        say("“{claim}” goes from {before} to {after}").format(
            claim=old.says.rstrip("."),
            before=say.verdict(old.verdict),
            after=say.verdict(new.verdict),
        )
        for old, new in turned
    ]
    return Html("<br>".join(map(escape, parts)), "; ".join(parts))


def _in_words(change: Change, ledger: Ledger, edition: Edition) -> str:
    say = edition.say
    if change.expect is not None:
        decision = ledger[change.of]
        after = Scenario(edition.cohort, ledger, [change]).ledger[change.of]
        return say("“{claim}” means {needed}").format(
            claim=decision.says.rstrip("."), needed=after.expected
        )
    month = dict(change.cells)["departed"]
    if month is None:
        return say("{name} stayed").format(name=edition.name(change.of))
    return say("{name} left in {month}").format(
        name=edition.name(change.of), month=_month_said(month, say)
    )


def _month_said(month: str, say: Language) -> str:
    year, number = map(int, month.split("-"))
    return say.month_name(months.ordinal(year, number))


class Explorer:
    """Widgets made from a ledger and a table, and what follows from their values.

    `numbers` has a control for each claim with a vague word, by its id; `months` one for each loose
    departure and `people` one for each person, by their clean names.
    """

    def __init__(self, data: Cohort, ledger: Ledger) -> None:
        import ipywidgets as widgets

        self.data, self.ledger, self.edition = data, ledger, Edition(data)
        say = data.language
        wide = widgets.Layout(width="auto")
        style = {"description_width": "initial"}
        self.numbers = {
            decision.claim.id: widgets.BoundedIntText(
                value=_number(decision),
                min=0,
                max=len(data.authors) + 1,
                description=f"{decision.says.rstrip('.')}: {_sign(decision, say)}",
                style=style,
                layout=wide,
            )
            for decision in vague(ledger)
        }
        self.months = {
            name: widgets.Dropdown(
                options=[
                    (say("as printed"), ""),
                    *((_month_said(month, say), month) for month in choices),
                ],
                description=say("{name} left in").format(name=self.edition.name(name)),
                style=style,
                layout=wide,
            )
            for name, choices in loose_months(data).items()
        }
        self.people = {
            name: widgets.Checkbox(
                value=status == "left",
                description=say("{name} left").format(name=self.edition.name(name)),
                indent=False,
                layout=wide,
            )
            for name, status in zip(data.authors["name"], data.authors["status"], strict=True)
        }
        self._start = {control: control.value for control in self._controls()}
        self.sentence, self.verdicts, self.figure = (widgets.HTML() for _ in range(3))
        self.toml = widgets.Textarea(
            description=say("Copy as TOML"),
            style=style,
            layout=widgets.Layout(width="auto", height="9em"),
        )
        self.reset_button = widgets.Button(description=say("Reset"))
        self.reset_button.on_click(lambda _button: self.reset())
        for control in self._controls():
            control.observe(lambda _change: self._update(), names="value")
        self._paused = False
        self._update()
        self.view = self._laid_out()

    def _controls(self) -> list[Any]:
        return [*self.numbers.values(), *self.months.values(), *self.people.values()]

    def reset(self) -> None:
        """Set every control back to what the article and the ledger say."""
        self._paused = True
        for control, value in self._start.items():
            control.value = value
        self._paused = False
        self._update()

    @property
    def scenario(self) -> Scenario:
        """What the controls say, as a scenario."""
        changes: list[Change] = []
        for name, number in self.numbers.items():
            if number.value != self._start[number]:
                expected = self.ledger[name].claim.expectation
                operator = expected.operator if expected is not None else "="
                changes.append(Change(name, expect=f"{operator} {number.value}"))
        changes += [
            Change(name, cells=(("departed", month.value),))
            for name, month in self.months.items()
            if month.value
        ]
        as_of = months.iso(self.data.article.as_of)
        for name, person in self.people.items():
            if person.value != self._start[person]:
                departed = as_of if person.value else None
                changes.append(Change(name, cells=(("departed", departed),)))
        return Scenario(self.data, self.ledger, changes)

    def _update(self) -> None:
        if self._paused:
            return
        after = self.scenario
        say = self.data.language
        said = after.said
        self.sentence.value = _shown(f'<p role="alert" class="finding">{escape(said)}</p>', say)
        self.verdicts.value = _shown(self._table(after), say)
        chart = charts.timeline(after.data, after.ledger)
        chart = (
            replace(chart, title=say("What if: {title}").format(title=chart.title))
            if after.changes
            else chart
        )
        png = base64.b64encode(chart.png()).decode()
        self.figure.value = (
            f'<img alt="{escape(chart.alt)}" src="data:image/png;base64,{png}"'
            ' style="max-width: 45em; width: 100%">'
        )
        self.toml.value = after.to_toml() if after.changes else ""

    def _table(self, after: Scenario) -> str:
        say = self.data.language
        pairs = [
            (old, new)
            for old, new in zip(self.ledger, after.ledger, strict=True)
            if old.checked_by == "table"
        ]
        # Those that turn come first.
        pairs.sort(key=lambda pair: pair[0].verdict is pair[1].verdict)
        frame = pd.DataFrame(
            {
                say("Claim"): [
                    Html(f"<b>{escape(old.says)}</b>", old.says)
                    if old.verdict is not new.verdict
                    else old.says
                    for old, new in pairs
                ],
                say("Before"): [verdict_badge(old.verdict, say) for old, _new in pairs],
                say("After"): [verdict_badge(new.verdict, say) for _old, new in pairs],
            }
        )
        return table(frame, say("What if: the verdicts before and after"), say=say).html

    def _laid_out(self) -> ipywidgets.VBox:
        import ipywidgets as widgets

        say = self.data.language
        groups = (
            (say("What the vague words mean"), self.numbers),
            (say("When they left"), self.months),
            (say("Who left"), self.people),
        )
        boxes: list[Any] = [widgets.HTML(_shown(f"<p><b>{escape(self._banner)}</b></p>", say))]
        for title, controls in groups:
            if controls:
                boxes.append(widgets.HTML(_shown(f"<h3>{escape(title)}</h3>", say)))
                boxes.append(
                    widgets.VBox(list(controls.values()), layout=widgets.Layout(max_height="22em"))
                )
        boxes += [self.reset_button, self.sentence, self.verdicts, self.figure, self.toml]
        view = widgets.VBox(boxes)
        if say.right_to_left:
            view.add_class("analysis-rtl")
            style = "<style>.analysis-rtl, .analysis-rtl * { direction: rtl; }</style>"
            view.children = (widgets.HTML(style), *view.children)
        return view

    @property
    def _banner(self) -> str:
        say = self.data.language
        return say("What if? Nothing here is a finding: it shows what would have to be otherwise.")


def _number(decision: Decision) -> int:
    expected = decision.claim.expectation
    return int(expected.value) if expected and isinstance(expected.value, float) else 0


def _sign(decision: Decision, say: Language) -> str:
    expected = decision.claim.expectation
    operator = expected.operator if expected is not None else "="
    return {
        "=": say("exactly"),
        "!=": say("not"),
        "<": say("fewer than"),
        "<=": say("at most"),
        ">": say("more than"),
        ">=": say("at least"),
    }[operator]


def _shown(html: str, say: Language) -> str:
    return in_notebook(html, say)
