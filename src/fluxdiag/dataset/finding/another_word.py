"""Whether a noun for a person is another word for the character: `The customer, a man with curls`, `The subject is a woman`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.known import YOUNG, Known
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.naming import built_like, is_name, is_plural, nearest, phrase_start
from fluxdiag.dataset.finding.tokens import Token

CHARACTER_PRONOUNS = frozenset(
    {"she", "he", "they", "her", "his", "him", "their", "them", "whose", "who", "i", "my", "i'm", "i've", "i'd"}
)
SHOTS = lx.words("shot selfie close_up closeup snapshot view painting drawing illustration")
PICTURED_IN = lx.words("photo photograph picture portrait image")
ANYBODY = lx.words("person subject individual")
DOERS = lx.words("""
    rider equestrian player performer singer dancer athlete runner climber hiker surfer swimmer skier skater cyclist musician
    artist warrior fighter model
""")
"""what a person is called for what the picture shows them do"""
NO_TAG = gr.ARTICLES | gr.POSSESSIVE | gr.PRONOUNS | gr.COPULAS | gr.WEAR | gr.HAVE | {"."}
ELSEWHERE = lx.words("behind background beside next distance foreground")
MIDDLE = lx.words("center centre middle foreground picture photo photograph image")


def elsewhere(words: Sequence[Token], at: int) -> bool:
    """`older man in the background`: in the part that goes on"""
    end = next((place for place in range(at, len(words)) if not words[place].is_word), len(words))
    return any(token.key in ELSEWHERE for token in words[at:end])


def role_as_tag(words: Sequence[Token], at: int) -> bool:
    """`1boy, silver hair, [knight] in shining armor`"""
    told = at and words[at - 1].key == "," and at + 1 < len(words) and words[at + 1].key in ("in", "with", "wearing")
    return bool(told) and not elsewhere(words, at)


def sentence_after_tags(words: Sequence[Token], at: int) -> bool:
    """`sks man, solo, beard, library, [a man is standing]`, `sks man, photo. [A man leans]`: nothing but tags stands before, and
    a verb follows."""
    before = words[: phrase_start(words, at)]
    if not before or any(token.key in NO_TAG for token in before[:-1]):
        return False
    opens = before[-1].key == "." and any(token.key == "," for token in before)
    if not opens and (sum(token.key == "," for token in before) < 2 or before[-1].key in NO_TAG):
        return False
    return any(token.key in gr.COPULAS | verbs.THIRD for token in words[at + 1 : at + 12]) and not elsewhere(words, at)


def by_role(known: Known, key: str) -> bool:
    """`a woman on a horse. The rider wears`, `ohwx person, the vendor`: what the only person of the caption does"""
    return not known.somebody_else and key not in YOUNG and not is_plural(key) and (key in DOERS or known.noun in ANYBODY)


def before_name(known: Known, words: Sequence[Token], at: int) -> bool:
    """`a woman behind ohwx`: a preposition, or `and`, right before the name of the character that follows."""
    if not known.names_ahead:
        return False
    name = next((place for place in range(at + 1, len(words)) if is_name(words[place], known.names)), None)
    if name is None or any(token.key in (",", ".") for token in words[at:name]):
        return False
    return words[name - 1].key in gr.PREPOSITIONS | gr.CONJUNCTIONS


def is_apposition(known: Known, words: Sequence[Token], at: int) -> bool:
    """`The customer, a man with thick curls`: a noun of the same sex right after the character and a comma."""
    like = built_like(words, at)  # `, a barrel of a man`
    start = phrase_start(words, at) if like is None else like
    if start < 2 or start == at or words[start - 1].key != "," or words[start].key not in ("a", "an"):
        return False
    if words[start - 2].key in CHARACTER_PRONOUNS:
        return False  # `Behind her, a guitarist plays`
    last = known.about if like is not None else known.before_comma  # `plays in the square, a barrel of a man`
    return last == "character" and known.same_sex(words[at].key) and not _somewhere_else(words, at)


def _somewhere_else(words: Sequence[Token], at: int) -> bool:
    """`in the background`, `beside her`, but not `a scar behind one ear`"""
    after = [*(token.key for token in words[at + 1 : at + 12]), "."]
    return any(key in ELSEWHERE and following not in ("each", "one", "both") for key, following in pairwise(after))


def is_predicate(known: Known, words: Sequence[Token], at: int) -> bool:
    """`The subject is a woman`, `ohwx, a tall woman`."""
    start = phrase_start(words, at)
    before = words[start - 1].key if start else ""
    if before in gr.COPULAS and known.latest == "other" and (known.side is not None or words[start - 2].key in lx.PERSON):
        return False  # `the person on the right is a woman`, `the patient is an old man`
    if before in gr.COPULAS and known.named_by_class and _brings_in(words, start - 1):
        return False
    return (before in gr.COPULAS or (before == "of" and nearest(words, start, PICTURED_IN) and not known.named_by_class)) and (
        known.about == "character"
    )


def _brings_in(words: Sequence[Token], copula: int) -> bool:
    """`there is`, `Behind her is`, `Reflected in the glass is`: what follows is somebody who was not named yet."""
    sentence = next((place + 1 for place in range(copula - 1, -1, -1) if words[place].key in ".!?;"), 0)
    if any(token.key in MIDDLE for token in words[sentence:copula]):
        return False  # `In the center of the image there is a woman`
    if words[copula - 1].key == "there":
        return True
    first = next((place + 1 for place in range(copula - 1, -1, -1) if not words[place].is_word), 0)
    leads = words[first].key
    placed = leads in gr.PREPOSITIONS or (leads.endswith(("ed", "ing")) and words[first + 1].key in gr.PREPOSITIONS)
    return placed and first < copula and not any(token.key in gr.COPULAS | verbs.THIRD for token in words[first:copula])


def same_after_tags(known: Known, words: Sequence[Token], at: int) -> bool:
    """`ohwx man, cowboy shot, [a tall man] leaning in a doorway`, `ohwx woman, a photo of [a woman]`: the noun that stands with
    the name in the first tag once more, with `a`, and nothing but tags between."""
    start = phrase_start(words, at)
    if known.somebody_else or known.sentence or words[start].key not in ("a", "an") or elsewhere(words, at):
        return False
    if words[start - 1].key == "of" and nearest(words, start, PICTURED_IN | SHOTS):
        start = next((place + 1 for place in range(start - 1, -1, -1) if words[place].key == ","), 0)
    first = next(place for place in range(at + 1) if words[place].key == "," or place == at)
    tags = words[first:start]
    named = any(token.key == words[at].key for token in words[:first])
    return bool(tags) and named and tags[-1].key == "," and not any(token.key in NO_TAG for token in tags)


def near_the_front(known: Known, words: Sequence[Token], at: int) -> bool:
    """`ohwx, 1girl, a woman with ...` and `a photo of ohwx, a woman`: the noun stands at the start of a part
    near the front."""
    start = phrase_start(words, at)
    if words[at].key not in lx.ROLE_OF_SUBJECT:
        return False
    if start and words[start].key in ("a", "an") and is_name(words[start - 1], known.names):
        return True  # `skuy a woman with blue eyes`
    if start == 0 or words[start - 1].key not in (",", ":", "("):
        return start > 0 and start == at and words[at - 1].key not in gr.PREPOSITIONS | gr.CONJUNCTIONS
    commas = sum(word.key == "," for word in words[:start])
    part = next((place for place in range(at, len(words)) if words[place].key in (",", ".")), len(words))
    placed = {word.key for word in words[at:part]} & ELSEWHERE
    return commas <= 2 or (commas <= 8 and words[start].key in ("a", "an") and not placed)
