"""A figure's parts, as a notebook displays them: on a page, and as files of their own."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from analysis_helpers.report.errors import BuildError
from analysis_helpers.report.pages.sanitise import words

Figure = dict[str, Any]
"""name, title, subtitle, alt, svg, svg_narrow, png (base64), csv, table (HTML)."""

FONT_FILES = Path(__file__).resolve().parents[2] / "fonts"
FONTS = (
    ("Frank Ruhl Libre", 700, "FrankRuhlLibre-Bold"),
    ("Heebo", 400, "Heebo-Regular"),
    ("Heebo", 700, "Heebo-Bold"),
)
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_SHAPES = words(
    "svg g defs path rect circle ellipse line polyline polygon text tspan use clipPath title desc"
    " style linearGradient radialGradient stop pattern marker mask"
)
_COORDINATES = words("d points x y x1 y1 x2 y2 cx cy r rx ry width height")
ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)


FEW_LETTERS = 5
_BACKGROUND = "patch_1"
"""As matplotlib names the first patch that it draws, the figure's own."""


@cache
def _scripts() -> dict[str, tuple[str, frozenset[str]]]:
    """For each script of the typefaces, its letters as CSS writes them, and as they are."""
    scripts = {}
    for line in (FONT_FILES / "letters.txt").read_text(encoding="utf-8").splitlines():
        script, ranges = line.split()
        ends = [part.removeprefix("U+").split("-") for part in ranges.split(",")]
        letters = frozenset(
            chr(code)
            for first, *last in ends
            for code in range(int(first, 16), int((last or [first])[0], 16) + 1)
        )
        scripts[script] = ranges, letters
    return scripts


def font_faces(
    families: Iterable[str] = ("Frank Ruhl Libre", "Heebo"),
    *,
    letters: Iterable[str],
    reading: str,
    headings: Iterable[str] | None = None,
) -> str:
    """CSS that carries the typefaces themselves, as far as these letters need them.

    `headings`: the letters that are set with serifs, where those are not all of them.

    The bold ones belong to the language of the page: what another script brings into
    it are names and printed values, which are set in the plain one. For a few letters of a
    script the reader's own typeface is enough.
    """
    wanted, letters = set(families), frozenset(letters)
    set_in = {"Frank Ruhl Libre": letters if headings is None else frozenset(headings)}
    faces = []
    for family, weight, file in FONTS:
        for script, (ranges, known) in _scripts().items():
            guest = script in ("hebrew", "pointed") and reading != "he" and file != "Heebo-Regular"
            if (
                family not in wanted
                or guest
                or len(set_in.get(family, letters) & known) < FEW_LETTERS
            ):
                continue
            content = base64.b64encode((FONT_FILES / f"{file}.{script}.woff2").read_bytes())
            faces.append(
                f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:normal;'
                f"unicode-range:{ranges};"
                f'src:url(data:font/woff2;base64,{content.decode()}) format("woff2")}}'
            )
    return "\n".join(faces)


def inline(svg: str, *, prefix: str, css_class: str) -> str:
    """An SVG to stand inside a page: its ids numbered after a prefix, as wide as its place.

    The narrow one asks for the style sheet: without it, one drawing of the two is enough.
    """
    root = _parsed(svg)
    # The style sheet of a page says what stands in one here, and a page is white.
    for defined in root.iter(f"{{{_SVG}}}defs"):
        defined[:] = [each for each in defined if _name(each) != "style"]
    for drawn in root.iter(f"{{{_SVG}}}g"):
        drawn[:] = [each for each in drawn if each.get("id") != _BACKGROUND]
    _define_once(root)
    referred = {value for each in root.iter() for value in _references(each)}
    looks = {each.get("id", ""): _style(each) for each in root.iter()}
    _slim(root, {name: looks.get(name, "") for name in referred})
    _rename_ids(root, prefix)
    root.attrib |= _COMMON
    width, height = (_number(root.attrib.pop(side, "")) for side in ("width", "height"))
    if "viewBox" not in root.attrib:
        root.set("viewBox", f"0 0 {width} {height}")
    if css_class == "narrow":
        root.set("display", "none")
    root.set("class", css_class)
    root.attrib.pop("version", None)
    return ElementTree.tostring(root, encoding="unicode")


def standalone(figure: Figure) -> str:
    """The figure's SVG as a file that carries its own typefaces."""
    root = _parsed(figure["svg"])
    root.attrib |= {"role": "img", "aria-label": figure["alt"]}
    style = ElementTree.Element(f"{{{_SVG}}}style")
    wanted = [family for family, *_ in FONTS if family in figure["svg"]]
    style.text = font_faces(wanted, letters="".join(root.itertext()), reading="he")
    root.insert(0, style)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def write(figure: Figure, folder: Path) -> None:
    """Write NAME.svg, NAME.png and NAME.csv."""
    folder.mkdir(exist_ok=True)
    name = figure["name"]
    (folder / f"{name}.svg").write_text(standalone(figure), encoding="utf-8", newline="\n")
    (folder / f"{name}.png").write_bytes(base64.b64decode(figure["png"]))
    (folder / f"{name}.csv").write_text(figure["csv"], encoding="utf-8", newline="\n")


def check(figure: Figure) -> Figure:
    if not re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", figure.get("name", "")):
        raise BuildError(f"a figure's name must be lower-case words: {figure.get('name')!r}")
    return figure


def _parsed(svg: str) -> ElementTree.Element:
    """The drawing in an SVG, without anything that could run, fetch or lead elsewhere."""
    root = ElementTree.fromstring(svg)  # noqa: S314 (expat bounds what entities grow to)
    _keep_drawing(root)
    return root


def _keep_drawing(element: ElementTree.Element) -> None:
    for child in list(element):
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag.removeprefix(f"{{{_SVG}}}") not in _SHAPES or _reaches_out(child.text or "", tag):
            element.remove(child)
        else:
            _keep_drawing(child)
    for name, value in list(element.attrib.items()):
        plain = name.rpartition("}")[2].lower()
        outside = plain == "href" and not value.startswith("#")
        if plain.startswith("on") or outside or re.search(r"url\((?!#)", value):
            del element.attrib[name]
        elif plain in _COORDINATES:
            element.set(name, re.sub(r"\d+\.\d{3,}", _shorter, value))


def _references(element: ElementTree.Element) -> Iterator[str]:
    """The ids that an element points to."""
    for name, value in element.attrib.items():
        if name.endswith("href"):
            yield value.removeprefix("#")
        else:
            yield from re.findall(r"url\(#([^)]+)\)", value)


_COMMON = {"font-size": "9px", "fill": "#595959"}
"""What most texts look like; the drawing says it once, and every shape has a fill of its own."""
_SAID = re.compile(
    r"font-family:[^;]*Heebo[^;]*;?|text-anchor: ?start;?"
    + "".join(rf"|(?<![-a-z]){name}: ?{value}(?:;|$)" for name, value in _COMMON.items())
)
"""What the style sheet of a page says once, or the drawing, or what holds if nothing is said."""


def _define_once(root: ElementTree.Element) -> None:
    """Gather what is defined in one place; what is defined twice has the id of the first."""
    first: dict[bytes, str] = {}
    same: dict[str, str] = {}
    gathered = ElementTree.Element(f"{{{_SVG}}}defs")
    for parent in list(root.iter()):
        for defined in parent.findall(f"{{{_SVG}}}defs"):
            parent.remove(defined)
            for each in defined:
                name = each.attrib.pop("id", "")
                same[name] = first.setdefault(ElementTree.tostring(each), name)
                if same[name] == name:
                    gathered.append(each)
                each.set("id", name)
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.endswith("href"):
                element.set(name, f"#{same.get(value[1:], value[1:])}")
            elif "url(#" in value:
                to = re.sub(r"(?<=url\(#)[^)]+", lambda match: same.get(match[0], match[0]), value)
                element.set(name, to)
    root.insert(0, gathered)


def _style(element: ElementTree.Element) -> str:
    """What an element's style says that is not said elsewhere."""
    style = _SAID.sub("", element.get("style", ""))
    return re.sub(r"\s*([;:])\s*", r"\1", style).strip("; ")


def _slim(element: ElementTree.Element, needed: Mapping[str, str]) -> None:
    """Drop what draws nothing, and say once what several shapes in a row have in common.

    `needed`: the ids that something points to, and the styles of what has them.
    """
    name = _name(element)
    if name not in ("text", "tspan"):
        element.text = (element.text or "").strip()
    if element.get("id") not in needed:
        element.attrib.pop("id", None)
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if "d" in element.attrib:
        element.set("d", _short_path(element.attrib["d"]))
    if f"{{{_XLINK}}}href" in element.attrib:
        element.set("href", element.attrib.pop(f"{{{_XLINK}}}href"))
    if "style" in element.attrib:
        style = _style(element)
        # What is drawn by its id has its own style; of both, only an opacity would count twice.
        of_its_own = needed.get(element.get("href", "")[1:]) if name == "use" else ""
        if style and (style != of_its_own or re.search(r"(^|;)opacity:", style)):
            element.set("style", style)
        else:
            del element.attrib["style"]
    kept: list[ElementTree.Element] = []
    for child in element:
        _slim(child, needed)
        child.tail = "" if name not in ("text", "tspan") else child.tail
        if _name(child) == "g" and not child.attrib:
            kept += child
        elif _name(child) not in ("g", "defs") or len(child):
            kept.append(child)
    if name in ("svg", "g"):
        kept = list(_grouped(kept))
    element[:] = kept


def _name(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(f"{{{_SVG}}}")


def _grouped(shapes: Iterable[ElementTree.Element]) -> Iterator[ElementTree.Element]:
    """Shapes that follow each other with the same style and clipping, in a group that has them."""
    for _look, run in groupby(shapes, _look_of):
        alike = list(run)
        if len(alike) == 1 or not _look_of(alike[0]):
            yield from alike
            continue
        group = ElementTree.Element(f"{{{_SVG}}}g")
        for name in _INHERITED:
            for shape in alike:
                if (value := shape.attrib.pop(name, None)) is not None:
                    group.set(name, value)
        group.extend(alike)
        yield group


_INHERITED = ("style", "clip-path")


def _look_of(shape: ElementTree.Element) -> tuple[str, ...]:
    """What a shape could have from a group as well; nothing where a group would draw otherwise."""
    values = tuple(shape.get(name, "") for name in _INHERITED)
    alone = (
        _name(shape) in ("defs", "clipPath") or "id" in shape.attrib or "transform" in shape.attrib
    )
    return () if alone or re.search(r"(^|;)opacity:", values[0]) or not any(values) else values


def _short_path(path: str) -> str:
    """The same line in fewer letters: level and upright pieces, each as long as it goes."""
    parts = re.findall(r"([A-Za-z])([^A-Za-z]*)", path)
    if any(
        letter not in "MLz" or len(numbers.split()) != 2 * (letter != "z")
        for letter, numbers in parts
    ):
        return re.sub(r"\s*([A-Za-z])\s*", r"\1", path.strip())
    pieces: list[tuple[str, str]] = []
    here = before = ("", "")
    for letter, numbers in parts:
        if letter == "z":
            pieces.append((letter, ""))
            here = ("", "")
            continue
        there = tuple(numbers.split())
        if letter == "L" and there == here and pieces[-1][0] != "M":
            continue
        axis = next((axis for axis in (0, 1) if here[1 - axis] == there[1 - axis]), None)
        if letter == "M" or axis is None or there == here:
            pieces.append((letter, " ".join(there)))
        else:
            further = pieces[-1][0] == "HV"[axis] and _between(
                before[axis], here[axis], there[axis]
            )
            pieces[-1 if further else len(pieces) :] = [("HV"[axis], there[axis])]
            before = before if further else here
        here = there
    return "".join(f"{letter}{numbers}" for letter, numbers in pieces)


def _between(first: str, middle: str, last: str) -> bool:
    return float(first) <= float(middle) <= float(last) or float(first) >= float(middle) >= float(
        last
    )


def _reaches_out(text: str, tag: str) -> bool:
    return tag.endswith("style") and any(part in text for part in ("url", "@", "\\", "<"))


def _shorter(number: re.Match[str]) -> str:
    """A coordinate to a hundredth of a point: nobody sees more, and the page is half as heavy."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _rename_ids(root: ElementTree.Element, prefix: str) -> None:
    """Number the ids; the prefix tells those of one drawing on a page from those of another."""
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    short = {name: f"{prefix}{number}" for number, name in enumerate(ids)}
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, short[value])
            elif name.endswith("href"):
                element.set(name, f"#{short.get(value[1:], '')}")
            else:
                element.set(
                    name,
                    re.sub(r"url\(#([^)]+)\)", lambda to: f"url(#{short.get(to[1], '')})", value),
                )


def _number(length: str) -> str:
    return re.sub(r"[a-z%]+$", "", length) or "100"
