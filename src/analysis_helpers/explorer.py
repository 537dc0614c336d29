"""What if: one change at a time, with widgets in JupyterLab and as a table everywhere else."""

from __future__ import annotations

import base64
import json
import os
import struct
from collections.abc import Iterable, Sequence
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
from .measures import MEASURES, Condition
from .ranges import Range
from .scenarios import Change, Scenario, months_counted
from .ways import (
    FEW,
    Part,
    SingleChanges,
    Way,
    answer,
    bound,
    departures,
    in_the_table,
    in_words,
    months_of,
    numbers,
    said_months,
    vague,
    with_month,
    with_names,
    with_number,
    worst_first,
)

if TYPE_CHECKING:
    import ipywidgets

STAYED = "stayed"
AS_IN_THE_TABLE = ""
PICTURES_KEPT = 16
"""As many pictures are kept, so that going back and forth draws none anew."""


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

    First those claims that do not hold, and of each the changes with the fewest side effects. In
    text a line a change, without what else turns.
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
        texts += [f"  {what.text}: {after.text}" for what, after, _also in rows]
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
        return self.say(
            "No single change of a month, of who stayed or of a number gives it another verdict."
        )

    def answer(self, claim: str) -> str:
        """What would give a claim another verdict, in a few sentences."""
        ways, decision = self._changes.ways(claim), self.ledger[claim]
        said = answer(ways, self.edition, decision) or self.none
        by_a_row = any(way.names for way in ways)
        return said if by_a_row else f"{said} {decision.rows_to_change_in_words}".strip()

    def note(self, *claims: str) -> Html:
        """Why somebody who did not stay leaves claims open; nothing where no way is about that."""
        ways = [way for claim in claims for way in self._changes.ways(claim)]
        if all(way.had_left for way in ways):
            return Html("", "")
        text = self.say(
            "If somebody who stayed had left, nobody would know where to or after how long, so"
            " claims about that become inconclusive."
        )
        return Html(f'<p class="note">{escape(text)}</p>', text, self.say)

    def of(self, claim: str) -> list[tuple[Html, Html, Html]]:
        return [
            (self._what(way), verdict_badge(way.after, self.say), self._others(way))
            for way in self._changes.ways(claim)
        ]

    def _what(self, way: Way) -> Html:
        decision = self.ledger[way.claim]
        said = escape(sentence(in_words(way, self.edition, decision)))
        people = escape(sentence(in_the_table(way, self.edition)))
        html = said + (f"<small>{people}</small>" if people else "")
        return Html(html, with_names(way, self.edition, decision))

    def _others(self, way: Way) -> Html:
        say, (least, most) = self.say, way.others
        if most == 0:
            return Html(escape(say("nothing else")), "")
        text = say.plural("{count} other", "{count} others", least)
        counted = text.format(count=say.count(least))
        if least < most:
            text = say("{some} others, depending on who and when")
            counted = text.format(some=say.parts(Range(least, most)))
        listed = "".join(f"<li>{escape(self._part(part, way))}</li>" for part in way.parts)
        html = f"<details><summary>{escape(counted)}</summary><ul>{listed}</ul></details>"
        return Html(html, counted)

    def _part(self, part: Part, way: Way) -> str:
        """Another claim that turns, and for whom and when, where not always."""
        say = self.say
        says, verdict = self.ledger[part.claim].says.rstrip("."), say.verdict(part.after)
        said = say("“{claim}”: {verdict}").format(claim=says, verdict=verdict)
        only = [self._whose(part, way)]
        if part.months != way.months:
            only.append(say("only {cases}").format(cases=said_months(part.months, self.edition)))
        cases = ", ".join(filter(None, only))
        return f"{said} ({cases})" if cases else said

    def _whose(self, part: Part, way: Way) -> str:
        """For which of the people of a way, where not for all of them."""
        say, edition = self.say, self.edition
        others = [name for name in way.names if name not in set(part.names)]
        if not others:
            return ""
        if len(part.names) > FEW and len(others) <= FEW:
            return say("not for {names}").format(names=say.listed(edition.names(others)))
        cases = say.listed(edition.names(part.names))
        if len(part.names) > FEW:
            cases = say("{count} of them").format(count=say.count(len(part.names)))
        return say("only {cases}").format(cases=cases)


# --- with widgets


class Explorer:
    """Widgets made from a ledger and a table, and what follows from their values.

    `claim` picks a claim, and `person` somebody; `numbers` has a control for each claim with a
    vague word, by its id, `bounds` one for each that counts those who left since or up to a month;
    `month` gives the one for a person, by the clean name. Shown are those that belong to what is
    picked; the others keep their values.
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
        self.bounds = {
            each.claim.id: self._bound(each, *found)
            for each in decided
            if (found := bound(each)) is not None
        }
        names = data.authors["name"].tolist()
        said = self.edition.names(names)
        self.person = self._dropdown(say("Whose row?"), list(zip(said, names, strict=True)))
        self._printed = departures(self.edition)
        self._months: dict[str, ipywidgets.Dropdown] = {}
        self.all_claims = widgets.Checkbox(
            description=say("Show also the claims that do not change"), indent=False
        )
        self.reset_button = widgets.Button(description=say("Reset"))
        self.evidence, self.sentence, self.verdicts, self.figure, self.changed = (
            widgets.HTML() for _ in range(5)
        )
        self.toml = widgets.Textarea(
            description=say("The changes as TOML, to copy:"),
            style={"description_width": "initial"},
            layout=widgets.Layout(width="auto", height="9em"),
        )
        in_lines = widgets.Layout(flex_flow="row wrap")
        self._of_claim, self._month_of = widgets.HBox(layout=in_lines), widgets.HBox()
        self._paused = False
        self._pictures: dict[tuple[Change, ...], str] = {}
        self.claim.observe(lambda _change: self._pick_claim(), names="value")
        self.person.observe(lambda _change: self._pick_person(), names="value")
        for control in (*self.numbers.values(), *self.bounds.values(), self.all_claims):
            control.observe(lambda _change: self._update(), names="value")
        self.reset_button.on_click(lambda _button: self.reset())
        self._start = {control: control.value for control in self._readings}
        self._pick_person()
        self._pick_claim()
        self.view = self._laid_out()

    # --- the controls

    def _dropdown(self, label: str, options: Sequence[tuple[str, object]]) -> ipywidgets.Dropdown:
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

    def _bound(self, decision: Decision, operator: str, month: int) -> ipywidgets.Dropdown:
        """The control for the month since which, or up to which, a claim counts who left."""
        say, options = self.data.language, []
        for each in sorted({*months_of(self.data, operator), month}):
            span = months_counted(Condition(operator, each)) or ()
            options.append((say.month_span(*span), with_month(decision, operator, each)))
        control = self._dropdown(say("The claim counts those who left in"), options)
        control.value = with_month(decision, operator, month)
        return control

    @property
    def _readings(self) -> list[Any]:
        return [*self.numbers.values(), *self.bounds.values()]

    def month(self, name: str) -> ipywidgets.Dropdown:
        """The control for the month in which somebody left, made when it is first asked for."""
        if name not in self._months:
            say = self.data.language
            printed = say("as in the table: {month}").format(month=self._printed[name])
            stayed = self._printed[name] == say("stayed")
            control = self._dropdown(
                say("When {name} left").format(name=self.edition.name(name)),
                [(printed, AS_IN_THE_TABLE), *self._choices[stayed:]],
            )
            # As wide for one person as for the next.
            control.layout.width = "36em"
            control.observe(lambda _change: self._update(), names="value")
            self._months[name] = control
        return self._months[name]

    @cached_property
    def _choices(self) -> list[tuple[str, str]]:
        """Having stayed, and every month up to the last that the table speaks of."""
        say = self.data.language
        choices = [(say.month_name(month), months.iso(month)) for month in months_of(self.data)]
        return [(say("stayed"), STAYED), *choices]

    def reset(self) -> None:
        """Set every control for a change back to what the ledger and the table say."""
        self._paused = True
        for control, value in self._start.items():
            control.value = value
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
            if number.value != self._start[number]
        ]
        changes += [each.value for each in self.bounds.values() if each.value != self._start[each]]
        for name, month in self._months.items():
            if month.value != AS_IN_THE_TABLE:
                departed = None if month.value == STAYED else month.value
                changes.append(Change(name, cells=(("departed", departed),)))
        return Scenario(self.data, self.ledger, changes)

    # --- what follows from them

    def _pick_claim(self) -> None:
        say, decision, ways = self.data.language, self.ledger[self.claim.value], self._ways
        name = decision.claim.id
        rows, in_code = ways.of(name), say("In code:")
        parts = [
            f"<p><strong>{escape(ways.answer(name))}</strong></p>",
            decision.grounds.html,
            f'<p class="note">{escape(in_code)}</p>'
            f'<pre dir="ltr"><code>{escape(as_code(decision))}</code></pre>',
        ]
        if rows:
            frame = pd.DataFrame(rows, columns=list(ways.columns))
            caption = say("Every single change that gives it another verdict")
            parts += [table(frame, caption, say=say).html, ways.note(name).html]
        self.evidence.value = in_notebook("".join(parts), say)
        found = say("found in the table: {found}").format(found=_found(decision))
        number, month = self.numbers.get(name), self.bounds.get(name)
        label = None if number is None else self._widgets.Label(found)
        self._of_claim.children = [each for each in (number, label, month) if each is not None]
        self._update()

    def _pick_person(self) -> None:
        self._month_of.children = (self.month(self.person.value),)

    def _update(self) -> None:
        if self._paused:
            return
        after, say = self.scenario, self.data.language
        alert = f'<p role="alert" class="finding">{escape(after.said)}</p>'
        self.sentence.value = in_notebook(alert, say)
        self.verdicts.value = in_notebook(self._table(after), say)
        changes = "; ".join(after.changes_said)
        text = say("Changed: {changes}").format(changes=changes) if changes else ""
        self.changed.value = in_notebook(escape(text), say)
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
        pairs = [
            (old, new)
            for old, new in zip(self.ledger, after.ledger, strict=True)
            if old.verdict is not new.verdict
            or (self.all_claims.value and old.checked_by == "table")
        ]
        # First the claim that was asked about, then what turns.
        shown = sorted(
            pairs,
            key=lambda pair: (
                pair[0].claim.id != self.claim.value,
                pair[0].verdict is pair[1].verdict,
            ),
        )
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

        banner = say("An experiment: what follows from a change is no finding about the article.")
        heading = say("Try changes")
        boxes: Iterable[Any] = [
            self.claim, self.evidence,
            said(f"<h3>{escape(heading)}</h3><p>{escape(banner)}</p>"),
            self._of_claim, widgets.HBox([self.person, self._month_of]),
            widgets.HBox([self.reset_button, self.changed]),
            self.sentence, self.verdicts, self.all_claims, self.figure, self.toml,
        ]  # fmt: skip
        view = widgets.VBox(list(boxes))
        if say.right_to_left:
            view.add_class("analysis-rtl")
            style = (
                "<style>.analysis-rtl, .analysis-rtl :not(code, pre) { direction: rtl; }"
                ".analysis-rtl .widget-label { margin-inline: 0 8px; }</style>"
            )
            view.children = (widgets.HTML(style), *view.children)
        return view


def as_code(decision: Decision) -> str:
    """A claim as a call of `ah.check`, to be changed by hand; one for each reading."""
    calls = []
    for reading in decision.each_reading:
        claim = reading.claim
        given = [json.dumps(each, ensure_ascii=False) for each in (claim.measure, claim.expect)]
        if claim.where_written:
            written = json.dumps(dict(claim.where_written), ensure_ascii=False)
            given.append(f"where={written}")
        calls.append(f"ah.check(data, {', '.join(given)}).explain()")
    return "\n".join(calls)


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
