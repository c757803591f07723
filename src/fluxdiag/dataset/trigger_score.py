"""Does the base know the trigger? Read off the vocabulary of CLIP, which is a frequency list of web captions: the earlier a word
was merged into one token, the more often it was seen. A made-up string falls apart into many tokens.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fluxdiag.dataset.finding import lexicon as lx

KNOWN_SHORT = frozenset({"sks", "ak47", "glock", "tok", "bmw", "kgb", "ufo", "dna", "usb"})
"""short strings that mean something to the base; `sks` is a rifle"""
OFTEN = 10_000
"""merge number below which a word is an everyday one; CLIP has 48,894 merges"""
RARE = 40_000
"""from here on the merges hold odd strings as well as rare words; `ohwx` is merge 47,481"""
LETTERS, ENDINGS = "bcdfghjklmnpqrstvwxz", "23456789"


@dataclass(frozen=True)
class TriggerScore:
    """`known` is 0 for a string that the base cannot know and 1 for a word that it surely does."""

    known: float
    reasons: tuple[str, ...]
    alternatives: tuple[str, ...]
    tokens: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """encoder of the base -> what its own tokenizer makes of the trigger; empty where the base is not at hand"""


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
    if word in KNOWN_SHORT:
        return 0.8, f"'{word}' means something of its own to the base"
    rank = ranks.get(f"{word}</w>")
    if rank is not None:
        if rank > RARE:
            return 0.3, f"'{word}' is a rare string that CLIP has as one token, merge {rank:,} of 48,894"
        how = "an everyday word or name" if rank < OFTEN else "a word or name"
        return (1.0 if rank < OFTEN else 0.7), f"'{word}' is {how}: one token of CLIP, merge {rank:,} of 48,894"
    if len(word) < 3:
        return 0.6, f"'{word}' is so short that it is a piece of many words"
    inside = _inside(word, ranks)
    if inside and len(inside) >= 0.6 * len(word):
        return 0.4, f"'{word}' holds the word '{inside}'"
    count = len(pieces(word, ranks))
    return (0.1 if inside else 0.0), f"'{word}' is no word: {count} tokens of CLIP" + (
        f", though '{inside}' is in it" if inside else ""
    )


def _inside(word: str, ranks: Mapping[str, int]) -> str:
    """The longest everyday word of four letters or more, or a word for a person, within it."""
    spans = (word[start:end] for start in range(len(word)) for end in range(len(word), start + 2, -1))
    found = (part for part in spans if part in lx.CLASS_NOUNS or (len(part) > 3 and ranks.get(f"{part}</w>", OFTEN) < OFTEN))
    return max(found, key=len, default="")


def pieces(word: str, ranks: Mapping[str, int]) -> list[str]:
    """The tokens that CLIP's byte-pair encoding makes of an ASCII word."""
    parts = [*word[:-1], f"{word[-1]}</w>"]
    while len(parts) > 1:
        best = min(range(len(parts) - 1), key=lambda at: ranks.get(parts[at] + parts[at + 1], len(ranks)))
        if parts[best] + parts[best + 1] not in ranks:
            break
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    return parts


def alternatives(trigger: str, ranks: Mapping[str, int], count: int = 3) -> tuple[str, ...]:
    """Free strings, always the same for one trigger: no vowel, a digit, no word inside."""
    free: list[str] = []
    salt = 0
    while len(free) < count:
        digest = hashlib.sha256(f"{trigger}/{salt}".encode()).digest()
        name = "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:4]) + ENDINGS[digest[4] % 8] + LETTERS[digest[5] % 20]
        if len(pieces(name, ranks)) >= 3 and not _inside(name, ranks) and name not in free:
            free.append(name)
        salt += 1
    return tuple(free)
