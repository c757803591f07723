"""Does the base know the trigger? Read off the vocabulary of CLIP, which is a frequency list of web captions: the earlier a word
was merged into one token, the more often it was seen. A made-up string falls apart into many tokens.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fluxdiag.dataset.finding import lexicon as lx

KNOWN_SHORT = frozenset({"sks", "ak47", "glock", "tok", "bmw", "kgb", "ufo", "dna", "usb"})
"""short strings that mean something to the base; `sks` is a rifle"""
OFTEN = 10_000
"""merge number below which a word is an everyday one; CLIP has 48,894 merges"""
RARE = 40_000
"""from here on the merges hold odd strings as well as rare words; `ohwx` is merge 47,481"""
SHORTENED = re.compile("'(?:s|t|re|ve|m|ll|d)", re.IGNORECASE)
"""English endings that CLIP takes as one piece"""
MOSTLY = 0.6
"""share of the letters from which a word within a string gives it its meaning"""
SEEN = 0.4
"""of `known`: from here on the base may paint something of its own for it"""
LETTERS, ENDINGS = "bcdfghjklmnpqrstvwxz", "23456789"
OFFERED = 3
"""strings in place of a trigger that is known"""


@dataclass(frozen=True)
class TriggerScore:
    """`known` is 0 for a string that the base cannot know and 1 for a word that it surely does; None where nothing could tell,
    for the reason that `reasons` gives."""

    known: float | None
    reasons: tuple[str, ...]
    alternatives: tuple[str, ...]
    tokens: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """encoder of the base -> what its own tokenizer makes of the trigger; empty where the base is not at hand"""

    @property
    def seen(self) -> bool:
        return self.known is not None and self.known >= SEEN


def merges(file: Path) -> dict[str, int]:
    """CLIP's merged pieces by rank; a whole word ends in `</w>`."""
    lines = gzip.decompress(file.read_bytes()).decode("utf-8").splitlines()[1:48895]
    return {"".join(line.split()): rank for rank, line in enumerate(lines)}


def score(trigger: str, ranks: Mapping[str, int]) -> TriggerScore:
    """Of a phrase such as `ohwx woman` the class word at its end is left out."""
    words = [word for word in trigger.lower().split() if word not in lx.CLASS_NOUNS]
    if not words:
        return TriggerScore(
            1.0, (f"'{trigger}' is a word for any person: the base paints one without the LoRA",), alternatives(trigger, ranks)
        )
    judged = [_word(word, ranks) for word in words]
    return TriggerScore(max(known for known, _ in judged), tuple(reason for _, reason in judged), alternatives(trigger, ranks))


def _word(word: str, ranks: Mapping[str, int]) -> tuple[float, str]:
    """To CLIP `elena2` and `elena_01` hold the very word `elena`. A word that is less of the letters than most hardly counts: the
    guide (section 2) has `zyx5char`."""
    parts = split(word)
    if len(parts) == 1 or word in KNOWN_SHORT:
        return _run("".join(parts), ranks)
    if len(word) < 3:
        return 0.6, f"'{word}' is so short that it is a piece of many words"
    runs = [part for part in parts if part.isalpha()]
    known = {run: found for run in runs if len(run) > 2 and (found := _run(run, ranks))[0] > 0}
    count = len(pieces(word, ranks))
    if not known:
        return 0.0, f"'{word}' is no word: {count} tokens of CLIP"
    most, why = max(known.values(), key=lambda one: one[0])
    whole = sum(len(run) for run in runs if run in known) >= MOSTLY * sum(map(len, runs))
    return most if whole else min(most, 0.1), f"'{word}' is {count} tokens of CLIP, in which {why}"


def _run(word: str, ranks: Mapping[str, int]) -> tuple[float, str]:
    """What CLIP does not split before it merges."""
    if word in lx.CLASS_NOUNS:
        return 1.0, f"'{word}' is a word for any person"
    if word in KNOWN_SHORT:
        return 0.8, f"'{word}' means something of its own to the base"
    rank = ranks.get(_as_bytes(word) + "</w>")
    if rank is not None:
        if rank > RARE:
            return 0.3, f"'{word}' is a rare string that CLIP has as one token, merge {rank:,} of 48,894"
        how = "an everyday word or name" if rank < OFTEN else "a word or name"
        return (1.0 if rank < OFTEN else 0.7), f"'{word}' is {how}: one token of CLIP, merge {rank:,} of 48,894"
    if len(word) < 3:
        return 0.6, f"'{word}' is so short that it is a piece of many words"
    inside = _inside(word, ranks)
    if inside and len(inside) >= MOSTLY * len(word):
        return 0.4, f"'{word}' holds the word '{inside}'"
    count = len(pieces(word, ranks))
    return (0.1 if inside else 0.0), f"'{word}' is no word: {count} token{'s' * (count > 1)} of CLIP" + (
        f", though '{inside}' is in it" if inside else ""
    )


def _inside(word: str, ranks: Mapping[str, int]) -> str:
    """The longest everyday word of four letters or more, or a word for a person, within it."""
    spans = (word[start:end] for start in range(len(word)) for end in range(len(word), start + 2, -1))
    found = (part for part in spans if part in lx.CLASS_NOUNS or (len(part) > 3 and ranks.get(f"{part}</w>", OFTEN) < OFTEN))
    return max(found, key=len, default="")


def split(text: str) -> list[str]:
    """What CLIP reads apart before any merge: runs of letters, single digits, runs of signs (`open_clip/tokenizer.py`). Composed
    (NFC) and in small letters first, as `transformers` does; what open_clip mends besides (curly quotes, HTML) is left."""
    return list(_parts(unicodedata.normalize("NFC", text).lower()))


def _parts(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        found, kind, end = SHORTENED.match(text, at), _kind(text[at]), at + 1
        if found is not None:
            end = found.end()
        elif kind != "digit":
            while end < len(text) and _kind(text[end]) == kind:
                end += 1
        if kind != "space":
            yield text[at:end]
        at = end


def _kind(character: str) -> str:
    if character.isspace():
        return "space"
    return {"L": "letter", "N": "digit"}.get(unicodedata.category(character)[0], "sign")


def pieces(text: str, ranks: Mapping[str, int]) -> list[str]:
    """The tokens that CLIP's byte-pair encoding makes of a text; bytes above ASCII as the vocabulary spells them."""
    return [piece for part in split(text) for piece in _merged(_as_bytes(part), ranks)]


def _merged(word: str, ranks: Mapping[str, int]) -> list[str]:
    parts = [*word[:-1], f"{word[-1]}</w>"]
    while len(parts) > 1:
        best = min(range(len(parts) - 1), key=lambda at: ranks.get(parts[at] + parts[at + 1], len(ranks)))
        if parts[best] + parts[best + 1] not in ranks:
            break
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    return parts


def _as_bytes(text: str) -> str:
    return "".join(_spelled()[byte] for byte in text.encode("utf-8", "surrogatepass"))


@cache
def _spelled() -> tuple[str, ...]:
    """Byte -> the character that stands for it: itself where it can be seen, else one from 256 on (GPT-2's table)."""
    seen = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    others = iter(range(256, 512))
    return tuple(chr(byte) if byte in seen else chr(next(others)) for byte in range(256))


def alternatives(trigger: str, ranks: Mapping[str, int]) -> tuple[str, ...]:
    """Free strings, always the same for one trigger: no vowel, a digit, no word inside."""
    free: list[str] = []
    salt = 0
    while len(free) < OFFERED:
        digest = hashlib.sha256(f"{trigger}/{salt}".encode()).digest()
        name = "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:4]) + ENDINGS[digest[4] % 8] + LETTERS[digest[5] % 20]
        if len(pieces(name, ranks)) >= 3 and _word(name, ranks)[0] == 0 and name not in free:
            free.append(name)
        salt += 1
    return tuple(free)
