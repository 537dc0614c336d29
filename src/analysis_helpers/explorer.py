"""What if: one change at a time, with widgets in JupyterLab and as a table everywhere else."""

from __future__ import annotations

import base64
import os
import struct
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from . import charts, months
from .claims import THE_LEDGER, Decision, Ledger
from .cohort import THE_DATA, Cohort
from .edition import Edition
from .errors import takes
from .language import Language, sentence
from .markup import Html, in_notebook, table, verdict_badge
from .measures import MEASURES, departure_ends
from .ranges import Range, Verdict
from .scenarios import Change, Scenario
from .ways import (
    Part,
    SingleChanges,
    Way,
    in_words,
    numbers,
    vague,
    when,
    with_number,
    worst_first,
)

if TYPE_CHECKING:
    import ipywidgets

STAYED = "stayed"
AS_IN_THE_TABLE = ""
MONTHS_BEFORE = 12
"""So many months before the first departure can be chosen."""
PICTURES_KEPT = 16
"""As many pictures are kept, so that going back and forth draws none anew."""
FEW = 3
"""As many people are named in passing."""


@takes(Cohort, THE_DATA, ledger=(Ledger, THE_LEDGER))
def explore(data: Cohort, ledger: Ledger) -> Html | ipywidgets.VBox:
    """What if: pick a claim, see every single change that turns it, and try changes.

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
    if "JPY_SESSION_NAME" in os.environ and worst_first(ledger):
        return Explorer(data, ledger).view
    return single_changes_table(data, ledger)


# --- without widgets


def single_changes_table(data: Cohort, ledger: Ledger) -> Html:
    """Every single change that turns a verdict, by the claim that it turns, with what else turns.

    First those claims that do not hold, and of each the changes with the fewest side effects.
    """
    say, shown = data.language, _Ways(data, ledger)
    decided = worst_first(ledger)
    if not decided:
        text = say("No claim is decided by the table, so no change can turn one.")
        return Html(f'<p class="note">{escape(text)}</p>', text, say)
    caption = say("Every single change and what it turns: what if, and no finding")
    parts, texts = [], [caption]
    for each in decided:
        badge = verdict_badge(each.verdict, say)
        head = f"{badge.html} <b>{escape(each.says)}</b> <code>{escape(each.claim.id)}</code>"
        rows = shown.of(each.claim.id)
        texts.append(f"{badge.text}: {each.says} [{each.claim.id}]")
        texts += ["  " + " | ".join(cell.text for cell in row) for row in rows]
        body = "".join(
            f'<tr><th scope="row">{what.html}</th><td>{after.html}</td><td>{also.html}</td></tr>'
            for what, after, also in rows
        )
        if not rows:
            texts.append(f"  {shown.none}")
            body = f'<tr><td colspan="3">{escape(shown.none)}</td></tr>'
        parts.append(f'<tbody><tr><th colspan="3" scope="rowgroup">{head}</th></tr>{body}</tbody>')
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in shown.columns)
    html = (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"{''.join(parts)}</table>"
    )
    note = shown.note(*(each.claim.id for each in decided))
    return Html(f"{html}{note.html}", "\n".join([*texts, note.text]), say)


class _Ways:
    """How the ways to turn a claim are shown: what, to which verdict, and what else turns."""

    def __init__(self, data: Cohort, ledger: Ledger) -> None:
        self.say, self.edition, self.ledger = data.language, Edition(data), ledger
        self._changes = SingleChanges(data, ledger)

    @cached_property
    def columns(self) -> tuple[str, str, str]:
        say = self.say
        return say("What would have to be true"), say("The verdict then"), say("What else turns")

    @property
    def none(self) -> str:
        return self.say("No single change of a month, of who stayed or of a number turns it.")

    def note(self, *claims: str) -> Html:
        """Why somebody who did not stay leaves claims open; nothing where no way is about that."""
        ways = [way for claim in claims for way in self._changes.ways(claim)]
        if all(way.had_left for way in ways):
            return Html("", "")
        text = self.say(
            "Of whoever did not stay after all, neither the employer nor the time there is known:"
            " a claim that needs them becomes inconclusive."
        )
        return Html(f'<p class="note">{escape(text)}</p>', text, self.say)

    def of(self, claim: str) -> list[tuple[Html, Html, Html]]:
        return [
            (
                _plain(in_words(way, self.edition, self.ledger[claim])),
                verdict_badge(way.after, self.say),
                self._others(way),
            )
            for way in self._changes.ways(claim)
        ]

    def _others(self, way: Way) -> Html:
        least, most = way.others
        counted = self._counted(least)
        if most == 0:
            return _plain(counted)
        if least < most:
            text = self.say("{some} others")
            counted = text.format(some=self.say.parts(Range(least, most)))
        items = [self._part(part, way) for part in way.parts]
        listed = "".join(f"<li>{escape(item)}</li>" for item in items)
        html = f"<details><summary>{escape(counted)}</summary><ul>{listed}</ul></details>"
        return Html(html, f"{counted}: {'; '.join(items)}")

    def _counted(self, others: int) -> str:
        if not others:
            return self.say("nothing else")
        text = self.say.plural("{count} other", "{count} others", others)
        return text.format(count=self.say.count(others))

    def _part(self, part: Part, way: Way) -> str:
        say = self.say
        after: dict[Verdict, list[str]] = {}
        for other, verdict in part.others:
            after.setdefault(verdict, []).append(self.ledger[other].says.rstrip("."))
        quoted = say("“{claim}”")
        turned = [
            say("{verdict}: {claims}").format(
                verdict=say.verdict(verdict),
                claims=", ".join(quoted.format(claim=each) for each in says),
            )
            for verdict, says in after.items()
        ]
        said = "; ".join(turned) or self._counted(0)
        months = when(part.months, self.edition) if part.months != way.months else ""
        whose = " ".join(filter(None, [self._whose(part, way), months]))
        return f"{sentence(whose)}: {said}" if whose else said

    def _whose(self, part: Part, way: Way) -> str:
        """Which of the people of a way; nothing for all of them."""
        say, edition = self.say, self.edition
        others = [name for name in way.names if name not in set(part.names)]
        if not others:
            return ""
        if len(part.names) <= FEW:
            return say.listed(edition.names(part.names))
        if len(others) <= FEW:
            return say("all but {names}").format(names=say.listed(edition.names(others)))
        return say("{count} of them").format(count=say.count(len(part.names)))


def _plain(text: str) -> Html:
    return Html(escape(text), text)


# --- with widgets


class Explorer:
    """Widgets made from a ledger and a table, and what follows from their values.

    `claim` picks a claim, and `person` somebody; `numbers` has a control for each claim with a
    vague word, by its id; `month` gives the one for a person, by the clean name. Shown are those
    that belong to what is picked; the others keep their values.
    """

    def __init__(self, data: Cohort, ledger: Ledger) -> None:
        import ipywidgets as widgets

        self.data, self.ledger, self.edition = data, ledger, Edition(data)
        self._widgets, self._ways = widgets, _Ways(data, ledger)
        say = data.language
        decided = worst_first(ledger)
        self.claim = self._dropdown(
            say("Which claim?"),
            [(f"{say.verdict(each.verdict)}: {each.says}", each.claim.id) for each in decided],
        )
        self.numbers = {each.claim.id: self._number(each) for each in vague(ledger)}
        names = data.authors["name"].tolist()
        said = self.edition.names(names)
        self.person = self._dropdown(say("Whose row?"), list(zip(said, names, strict=True)))
        low, high = departure_ends(data)
        self._printed = {
            name: say("stayed") if pd.isna(last) else say.month_span(first, last)
            for name, first, last in zip(names, low, high, strict=True)
        }
        self._months: dict[str, ipywidgets.Dropdown] = {}
        self.all_claims = widgets.Checkbox(
            description=say("Show also the claims that do not change"), indent=False
        )
        self.reset_button = widgets.Button(description=say("Reset"))
        self.evidence, self.sentence, self.verdicts, self.figure = (
            widgets.HTML() for _ in range(4)
        )
        self.toml = widgets.Textarea(
            description=say("The changes as TOML, to copy:"),
            style={"description_width": "initial"},
            layout=widgets.Layout(width="auto", height="9em"),
        )
        self._number_of, self._month_of = widgets.HBox(), widgets.HBox()
        self._paused = False
        self._pictures: dict[tuple[Change, ...], str] = {}
        self.claim.observe(lambda _change: self._pick_claim(), names="value")
        self.person.observe(lambda _change: self._pick_person(), names="value")
        for control in (*self.numbers.values(), self.all_claims):
            control.observe(lambda _change: self._update(), names="value")
        self.reset_button.on_click(lambda _button: self.reset())
        self._start = {name: number.value for name, number in self.numbers.items()}
        self._pick_claim()
        self._pick_person()
        self._update()
        self.view = self._laid_out()

    # --- the controls

    def _dropdown(self, label: str, options: list[tuple[str, str]]) -> ipywidgets.Dropdown:
        return self._widgets.Dropdown(
            options=options,
            description=label,
            style={"description_width": "initial"},
            layout=self._widgets.Layout(width="auto", max_width="60em"),
        )

    def _number(self, decision: Decision) -> ipywidgets.BoundedIntText:
        expected, say = decision.claim.expectation, self.data.language
        least, greatest = numbers(self.data, decision)
        value = expected.value if expected and isinstance(expected.value, float) else 0
        unit = {"percent": " (%)", "months": " " + say("(months)")}
        return self._widgets.BoundedIntText(
            value=round(value),
            min=least,
            max=greatest,
            description=say("The claim needs {sign}").format(sign=_sign(decision, say))
            + unit.get(MEASURES[decision.claim.measure or ""].kind, ""),
            style={"description_width": "initial"},
            layout=self._widgets.Layout(width="max-content"),
        )

    def month(self, name: str) -> ipywidgets.Dropdown:
        """The control for the month in which somebody left, made when it is first asked for."""
        if name not in self._months:
            say = self.data.language
            printed = say("as in the table: {month}").format(month=self._printed[name])
            control = self._dropdown(
                say("{name} left in").format(name=self.edition.name(name)),
                [(printed, AS_IN_THE_TABLE), *self._choices],
            )
            control.observe(lambda _change: self._update(), names="value")
            self._months[name] = control
        return self._months[name]

    @cached_property
    def _choices(self) -> list[tuple[str, str]]:
        """Having stayed, and every month up to the last that the table speaks of."""
        say, low = self.data.language, departure_ends(self.data)[0]
        known = [self.data.start.month, *low[(low > -float("inf"))]]
        first, last = int(min(known)) - MONTHS_BEFORE, self.data.article.as_of
        return [
            (say("did not leave"), STAYED),
            *((say.month_name(month), months.iso(month)) for month in range(first, last + 1)),
        ]

    def reset(self) -> None:
        """Set every number and month back to what the ledger and the table say."""
        self._paused = True
        for name, number in self.numbers.items():
            number.value = self._start[name]
        for month in self._months.values():
            month.value = AS_IN_THE_TABLE
        self._paused = False
        self._update()

    @property
    def scenario(self) -> Scenario:
        """What the controls say, as a scenario."""
        changes = [
            with_number(self.ledger[name], number.value)
            for name, number in self.numbers.items()
            if number.value != self._start[name]
        ]
        for name, month in self._months.items():
            if month.value != AS_IN_THE_TABLE:
                departed = None if month.value == STAYED else month.value
                changes.append(Change(name, cells=(("departed", departed),)))
        return Scenario(self.data, self.ledger, changes)

    # --- what follows from them

    def _pick_claim(self) -> None:
        say, decision = self.data.language, self.ledger[self.claim.value]
        caption = say("Every single change that turns it")
        rows = self._ways.of(decision.claim.id)
        if rows:
            frame = pd.DataFrame(rows, columns=list(self._ways.columns))
            ways = table(frame, caption, say=say).html + self._ways.note(decision.claim.id).html
        else:
            ways = f'<p class="note">{escape(self._ways.none)}</p>'
        in_code = say("In code:") + f' <code dir="ltr">ledger["{escape(decision.claim.id)}"]</code>'
        html = f'{decision.explain().html}<p class="note">{in_code}</p>{ways}'
        self.evidence.value = in_notebook(html, say)
        number = self.numbers.get(decision.claim.id)
        found = say("found: {found}").format(found=_found(decision))
        beside = self._widgets.Label(found)
        self._number_of.children = (number, beside) if number is not None else ()

    def _pick_person(self) -> None:
        self._month_of.children = (self.month(self.person.value),)

    def _update(self) -> None:
        if self._paused:
            return
        after, say = self.scenario, self.data.language
        alert = f'<p role="alert" class="finding">{escape(after.said)}</p>'
        self.sentence.value = in_notebook(alert, say)
        self.verdicts.value = in_notebook(self._table(after), say)
        self.toml.value = after.to_toml() if after.changes else ""
        self.toml.layout.display = "" if after.changes else "none"
        self._draw(after)

    def _draw(self, after: Scenario) -> None:
        if after.changes not in self._pictures:
            if len(self._pictures) >= PICTURES_KEPT:
                self._pictures.clear()
            self._pictures[after.changes] = self._picture(after)
        self.figure.value = self._pictures[after.changes]

    def _picture(self, after: Scenario) -> str:
        chart, say = charts.timeline(after.data, after.ledger), self.data.language
        if after.changes:
            chart = replace(chart, title=say("What if: {title}").format(title=chart.title))
        png = chart.png()
        # With its size known and decoded at once, nothing jumps and no empty frame is seen.
        width, height = struct.unpack(">II", png[16:24])
        return (
            f'<img alt="{escape(chart.alt)}" decoding="sync" width="{width}" height="{height}"'
            f' src="data:image/png;base64,{base64.b64encode(png).decode()}"'
            ' style="max-width: 45em; width: 100%; height: auto">'
        )

    def _table(self, after: Scenario) -> str:
        say = self.data.language
        shown = after.turning
        if self.all_claims.value:
            turned = [old.claim.id for old, _new in shown]
            pairs = zip(self.ledger, after.ledger, strict=True)
            shown = shown + [
                (old, new)
                for old, new in pairs
                if old.checked_by == "table" and old.claim.id not in turned
            ]
        frame = pd.DataFrame(
            {
                say("Claim"): [
                    Html(f"{escape(old.says)}<small>{escape(old.claim.id)}</small>", old.says)
                    for old, _new in shown
                ],
                say("Before"): [verdict_badge(old.verdict, say) for old, _new in shown],
                say("After"): [verdict_badge(new.verdict, say) for _old, new in shown],
                say("Found then"): [new.found for _old, new in shown],
                say("Needed then"): [new.expected for _old, new in shown],
            }
        )
        return table(frame, say("The verdicts before and after"), say=say).html if shown else ""

    def _laid_out(self) -> ipywidgets.VBox:
        widgets, say = self._widgets, self.data.language

        def said(html: str) -> ipywidgets.HTML:
            return widgets.HTML(in_notebook(html, say))

        banner = say("What if? Nothing that follows from a change is a finding about the article.")
        heading = say("Try changes")
        boxes: Iterable[Any] = [
            self.claim, self.evidence,
            said(f"<h3>{escape(heading)}</h3><p>{escape(banner)}</p>"),
            self._number_of, widgets.HBox([self.person, self._month_of]), self.reset_button,
            self.sentence, self.verdicts, self.all_claims, self.figure, self.toml,
        ]  # fmt: skip
        view = widgets.VBox(list(boxes))
        if say.right_to_left:
            view.add_class("analysis-rtl")
            style = (
                "<style>.analysis-rtl, .analysis-rtl :not(code) { direction: rtl; }"
                ".analysis-rtl .widget-label { margin-inline: 0 8px; }</style>"
            )
            view.children = (widgets.HTML(style), *view.children)
        return view


def _found(decision: Decision) -> str:
    """What was found, and of whom, where there are few."""
    edition, counted = decision.edition, decision.counted or ()
    if 0 < len(counted) <= len(decision.possible or ()) <= FEW:
        return f"{decision.found} ({edition.say.listed(edition.names(counted))})"
    return decision.found


def _sign(decision: Decision, say: Language) -> str:
    expected = decision.claim.expectation
    return {
        "<": say("fewer than"),
        "<=": say("at most"),
        ">": say("more than"),
        ">=": say("at least"),
    }[expected.operator if expected is not None else ">="]
