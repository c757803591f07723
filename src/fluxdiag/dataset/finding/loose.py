"""Parts of a caption that are no sentence, as people write them: `moustache he refuses to shave`, `nose like a tomato`.

A part between commas that begins with a noun of looks, and of which all the rest tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.ages import COUNT
from fluxdiag.dataset.finding.garments import garment_phrase_kind, names_a_thing
from fluxdiag.dataset.finding.looking_words import adjective_kind
from fluxdiag.dataset.finding.naming import LOOKS
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tags import parts
from fluxdiag.dataset.finding.tokens import Token
from fluxdiag.records import AppearanceKind

LONGEST = 9
KIN = lx.words("mum mom mummy dad nan nana gran granny grandma grandpa grandad auntie aunt uncle sister brother")
SUBJECTS = KIN | lx.words("he she i we they you")
AWAY = gr.HOLD | lx.words("is are was were has had left lost threw dropped wants wanted")
"""what somebody does with a thing that is then not on them"""
WITH_HEAD = lx.words("a an the his her my their our that those this these way far so too much many very no some")
GROOMED = lx.words("""
    gelled slicked scraped tied dyed combed brushed cut plaited braided curled bleached shaved trimmed sprayed waxed pinned
    painted drawn covered plastered caked smeared flattened
""")
LONGER = lx.words("longer shorter thicker bushier thinner darker lighter greyer grayer bigger wilder messier curlier")
LIKENED = ("hair", "face", "skin", "body", "eyes")
NOT_ALIKE = lx.words("look looks looking feel feels smile smiles grin back hands hand head body figure form frame stands")


def loose(words: Sequence[Token]) -> Iterator[Phrase]:
    """Each such part, whole; and `8 months gone` wherever it stands."""
    for start, end in parts(words):
        if 2 < end - start <= LONGEST and (kind := _kind(words[start:end])) is not None:
            yield Phrase(start, end, kind)
    for at, token in enumerate(words):
        if token.key == "months" and 0 < at < len(words) - 1 and _pregnant(words, at):
            yield Phrase(at - 1, at + 2, "body")


def _pregnant(words: Sequence[Token], months: int) -> bool:
    counted = words[months - 1].key.isdecimal() or words[months - 1].key in COUNT
    return counted and words[months + 1].key in ("gone", "pregnant", "along")


def _kind(part: Sequence[Token]) -> AppearanceKind | None:
    keys = [token.key for token in part]
    if keys[1] == "as" and keys[2:3] in (["a"], ["an"]) and (told := adjective_kind(keys[0])) is not None:
        return told  # `skinny as a rake`
    if keys[0] == "burnt" and keys[1] == "to":
        return "skin"  # `burnt to a crisp`
    if keys[-2] == "much" and (found := gr.head_kind(keys[-1])) is not None and found[0] == "face":
        return "face"  # `way too much eyeliner`
    at = next((at for at, key in enumerate(keys) if gr.head_kind(key) or gr.garment_kind(key)), None)
    if (
        at is None
        or at + 1 >= len(part)
        or not all(_tells(key) for key in keys[: max(0, at - 1)])
        or (at and keys[at - 1] in gr.STOPPERS - WITH_HEAD)
    ):
        return None
    found, worn = gr.head_kind(keys[at]), gr.garment_kind(keys[at])
    if worn is not None and not names_a_thing(part, at) and _made_by(keys[at + 1 :]):
        return garment_phrase_kind(keys[at])
    if worn is not None and keys[at + 1] == "with" and _printed(keys[at + 2 :]):
        return garment_phrase_kind(keys[at])  # `bowling shirt with flames`
    if found is None:
        return None
    alike = found[0] in LIKENED and keys[at] not in NOT_ALIKE and keys[at + 1] == "like" and at + 2 < len(keys)
    alike |= found[0] == "hair" and keys[at + 1] in LONGER and "than" in keys  # `beard longer than usual`
    return found[0] if alike or _made_by(keys[at + 1 :]) or _groomed(keys, at, found[0]) else None  # type: ignore[return-value]


def _tells(key: str) -> bool:
    return key in WITH_HEAD or key in LOOKS or any(key in known for known in gr.MODIFIERS.values()) or _noun(key)


def _noun(key: str) -> bool:
    """`[a] bat [costume]`, `[a] pumpkin [hat]`"""
    return key.isalpha() and key not in gr.STOPPERS | gr.HOLD | lx.PERSON and not key.endswith("ing")


def _made_by(rest: Sequence[str]) -> bool:
    """`[costume] mum sewed`, `[a beard] he refuses to shave`: somebody and what they do with it."""
    rest = rest[1:] if rest[0] in gr.POSSESSIVE and rest[1:] and rest[1] in KIN else rest
    return len(rest) > 1 and rest[0] in SUBJECTS and rest[1].isalpha() and rest[1] not in AWAY | gr.PREPOSITIONS | gr.CONJUNCTIONS


def _printed(rest: Sequence[str]) -> bool:
    """Several of something and nobody: `flames`, `little pink flamingos`."""
    known = gr.STOPPERS | gr.HOLD | lx.PERSON
    plain = not any(key in known or gr.garment_kind(key) or gr.head_kind(key) for key in rest)
    return plain and 0 < len(rest) < 4 and rest[-1].endswith("s") and rest[-1].isalpha()


def _groomed(keys: Sequence[str], at: int, kind: str) -> bool:
    """`hair gelled flat by his nan`, `whiskers drawn on`"""
    return kind in ("hair", "face", "mark") and keys[at + 1] in GROOMED and not set(keys[at + 2 :]) & (gr.COPULAS | gr.WEAR)
