"""Text and numbers as the page shows them. Whatever comes from a file is other people's: made visible, cut, never trusted."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup, escape

from fluxdiag.plan import duration
from fluxdiag.printable import printable, spelt
from fluxdiag.records import Case, Measurement, Outcome, Span
from fluxdiag.suites import ARMS

LONGEST = 2000
"""characters of one text; a caption or trigger beyond that says no more to a reader"""
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Unicode categories that draw nothing or turn what follows around: controls, bidi marks, zero-width characters"""
# Not `</b>`, `1/2/3` or an address: what stands before the first separator decides.
PATH = re.compile(r"(?<![\w.:/\\<])(?:[A-Za-z]:)?(?:[\\/]+[^\s\\/'\"`:;,<>]+){2,}[\\/]?")
SUBJECTS = {
    "trigger": "trigger",
    "class": "class word",
    "description": "description",
    "both": "trigger and description",
}
OUTCOMES: dict[Outcome, str] = {
    "ok": "",
    "no-face": "no face",
    "small": "face too small",
    "profile": "face in profile",
    "several": "several faces",
}
OUTCOMES_OF_A_PAIR: dict[Outcome, str] = OUTCOMES | {"ok": "one face", "several": ""}


def text(value: object, longest: int = LONGEST) -> str:
    """Other people's text with unseen characters spelt out, cut at `longest`. Escaping is the template's."""
    whole = str(value)
    cut = whole if len(whole) <= longest else whole[:longest] + "…"
    return "".join(_visible(character) for character in cut)


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in UNSEEN and character not in "\n\t"
    return spelt(character) if hidden else character


def last_part(path: object) -> str:
    """A path's last part, of whatever system; the folders before it are nobody's business."""
    return text(re.split(r"[\\/]", str(path).rstrip("\\/"))[-1])


def reason(value: object) -> str:
    """Our own sentences: paths in them, which come from error messages, are cut to their last part."""
    return text(PATH.sub(lambda found: last_part(found.group()), str(value)))


def hide_folders(case: Case, folder: str) -> Callable[[object], str]:
    """Like `reason`, and also for folders with blanks in their names, as far as the case names them."""
    paths = [case.lora.path, case.base, f"{folder}/x", *(photo.path for photo in (*case.photos, *case.references))]
    parents = {re.split(r"[^\\/]*$", path.rstrip("\\/"))[0] for path in paths}
    absolute = (parent for parent in parents if re.match(r"[\\/].|[A-Za-z]:", parent))
    private = sorted(absolute, key=lambda parent: (-len(parent), parent))

    def hide(value: object) -> str:
        shown = str(value)
        for parent in private:
            shown = shown.replace(parent, "")
        return reason(shown)

    return hide


# ------------------------------------------------------------------------------------------------ numbers


def number(value: float, places: int | None = None) -> str:
    """Whole numbers whole, others to about three significant digits; never a minus before zero."""
    if places is None:
        if float(value).is_integer() and abs(value) < 1e9:
            return f"{value + 0.0:,.0f}"
        if abs(value) < 0.01:
            return f"{value:.3g}"
        places = _places(abs(value))
    shown = f"{value:,.{places}f}"
    return shown.lstrip("-") if not shown.strip("-0.,") else shown


def _places(size: float) -> int:
    """Two places for what is around 1, as the rules write it; fewer for larger numbers, more for small ones."""
    return 2 if size == 0 else max(0, min(9, 2 - math.floor(math.log10(size)) - (size < 1)))


def value_of(found: Measurement) -> str:
    """The value with as many places as its interval has, so that the two can be compared."""
    return number(found.value) if _exact(found) else number(found.value, _shared_places(found))


def interval_of(found: Measurement) -> str:
    if _exact(found):
        return "exact"
    places = _shared_places(found)
    return f"{number(found.low, places)} to {number(found.high, places)}"


def _exact(found: Measurement) -> bool:
    """Read or counted; an estimate from several clusters that all agree is still an estimate."""
    return found.low == found.high and found.n == 1


def _shared_places(found: Measurement) -> int:
    size = max(abs(found.low), abs(found.high))
    return min(6, min(2, _places(size)) if size >= 0.02 else _places(size))


# ------------------------------------------------------------------------------------------------ arms, captions


def arm_label(name: str) -> str:
    """`LoRA on, trigger`: what the condition is, and not what we call it."""
    if name not in ARMS:
        return name
    switch = f"LoRA {'on' if ARMS[name].lora else 'off'}"
    return f"{switch}, {SUBJECTS[ARMS[name].subject]}" if ARMS[name].subject in SUBJECTS else switch


def variant_words(name: str) -> str:
    """`rank-16+strength-0.8` -> `rank 16, strength 0.8`"""
    return text(name).replace("+", ", ").replace("-", " ")


def pieces(caption: str, spans: Iterable[Span], longest: int = LONGEST) -> list[tuple[str, str | None]]:
    """A caption in order, as (text, kind of appearance or None). Spans that overlap or lie outside are left out."""
    parts: list[tuple[str, str | None]] = []
    shown, done = caption[:longest], 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if done <= span.start < span.end <= len(shown):
            parts += [(shown[done : span.start], None), (shown[span.start : span.end], span.kind)]
            done = span.end
    parts.append((shown[done:] + ("…" if len(caption) > longest else ""), None))
    return [(text(part, longest + 1), kind) for part, kind in parts if part]


def commands(sentence: str) -> Markup:
    """A sentence of ours, what stands between backticks as code. All of it is escaped."""
    parts = escape(sentence).split("`")
    if len(parts) % 2 == 0:
        return escape(sentence)
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


FILTERS: dict[str, Callable[..., Any]] = {
    "text": text,
    "last_part": last_part,
    "number": number,
    "value_of": value_of,
    "interval_of": interval_of,
    "duration": duration,
    "arm_label": arm_label,
    "commands": commands,
    "printable": printable,
}
