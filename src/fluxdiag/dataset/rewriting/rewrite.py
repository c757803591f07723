"""A caption without the phrases that describe the person, still a sentence. Nothing is added to it but a trigger as its subject.

Each phrase becomes a hole; the rules of `rules.py` then take away the words that only held it (`with`, `is wearing`, `who
has`), what goes on about it (`that billows in the wind`), and `sentences.py` what is left of sentences that say nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.sections import Section, sections
from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.finding.tokens import tokens
from fluxdiag.dataset.rewriting.clauses import with_dependents
from fluxdiag.dataset.rewriting.closing import CLOSE, TIDY
from fluxdiag.dataset.rewriting.commas import joined
from fluxdiag.dataset.rewriting.feet import posed_foot
from fluxdiag.dataset.rewriting.finite import LEAD, is_sentence, main_verbs
from fluxdiag.dataset.rewriting.going_along import WHAT_GOES_ALONG
from fluxdiag.dataset.rewriting.holes import with_holes
from fluxdiag.dataset.rewriting.kept import noun_stays
from fluxdiag.dataset.rewriting.leaning import LEANING
from fluxdiag.dataset.rewriting.parts import HOLE, PERSON
from fluxdiag.dataset.rewriting.rule import ruled
from fluxdiag.dataset.rewriting.rules import RULES
from fluxdiag.dataset.rewriting.sentences import mended, sound
from fluxdiag.dataset.rewriting.shorthand import as_written, spelled_out
from fluxdiag.dataset.rewriting.somebody import GOES_ON_TO, SOMEBODY
from fluxdiag.records import Span

CONTRACTED = re.compile(r"\b(she|he|they|who|there)['’](s|re)(?=\s+(?:\0|\w+ing\s+\0))", re.IGNORECASE)
NAMED = re.compile(
    rf"(?!(?:she|he|they|it|there|his|her|its)\b)(?:((?:(?:the|an?|this)\s+)?(?:[\w'-]+\s+){{0,2}}(?:{PERSON}))(?=\s+(?:is|was|has|had|wears|wore|with|in)\s)"
    r"|([\w-]+)(?=\s+(?:is|was|has|had|wears|wore)\s))",
    re.IGNORECASE,
)
OWNER = re.compile(rf"((?:the|an?|this)\s+(?:[\w-]+\s+){{0,2}}?(?:{PERSON}))['’]s\s", re.IGNORECASE)
"""`[The girl's hair is braided] as she kneels` -> `The girl kneels`"""
PRONOUN_FIRST = re.compile(r"^(?:she|he)\b(['’]s\b)?", re.IGNORECASE)
PIECES = re.compile(r"(?<=[.!?])(\s+)")
FIRST_WORD = re.compile(r"(?<=[.!?]\s)[a-z]+\b(?=[\s,'’])")
FRAGMENT = re.compile(r"[\w'’ -]+")
LOWER_CASE = re.compile(r"[.!?]\s+[a-z]")
ABOUT_IT = re.compile(
    r"(?:it|this|these)\s+(?:also\s+|all\s+)?(?:gives?|lends?|adds?|creates?|complements?|contrasts?|suits?|frames?|falls?|reaches|matche?s?|suggests?|hints?"
    r"|highlights?|accentuates?|emphasi[sz]es?|enhances?)\s",
    re.IGNORECASE,
)
"""`[Her hair is cropped.] It gives her a stern look.`"""
TAG = re.compile(r"(?!(?:and|or|but|her|his|their|its|she|he|they|the|an?|with)\b)[\w'’()-]+(?:\s[\w'’()-]+){0,3}", re.IGNORECASE)
ELLIPSIS = "\1"
"""stands for three dots, which are the user's own, while marks beside holes are tidied"""
SENTENCE_END = re.compile(r"[.!?]\s+")


def without_appearance(caption: str, spans: Iterable[Span] | None = None, keep: Iterable[str] = ("expression",)) -> str:
    """The caption less its spans (found anew if not given), but for the kinds in `keep`; empty when it said nothing else."""
    kept = set(keep)
    drop = [span for span in (find_spans(caption) if spans is None else spans) if span.kind not in kept]
    if not drop:
        return caption
    if headed := sections(caption):
        return "".join(_section(caption, one, drop, kept) for one in headed).strip().rstrip(",;")
    if (listed := _without_parts(caption, drop)) is not None:
        return listed
    grown = with_dependents(caption, drop, lambda span: noun_stays(caption, span) or posed_foot(caption, span) is not None)
    holed, gone = with_holes(caption, grown)
    holed = spelled_out(holed)
    text = CONTRACTED.sub(lambda found: f"{found[1]} {'are' if found[2] == 're' else 'is'}", holed)
    text = "".join(_closed(one) for one in PIECES.split("".join(_sentences(text, gone))))
    text = ruled(text.replace("...", ELLIPSIS), TIDY).replace(ELLIPSIS, "...")
    return as_written(_capitals(caption, _named(holed, sound(caption, text), gone)), caption)


def _section(caption: str, section: Section, spans: Sequence[Span], keep: Iterable[str]) -> str:
    """One section by itself; its heading goes with the last of what it says."""
    said = caption[section.content : section.end]
    body = said.rstrip(" \t\n,;")
    inside = [
        span.model_copy(update={"start": span.start - section.content, "end": min(span.end - section.content, len(body))})
        for span in spans
        if section.content <= span.start < section.content + len(body)
    ]
    if not inside:
        return caption[section.start : section.end]
    left = without_appearance(body, inside, keep)
    if not any(letter.isalnum() for letter in left):
        return ""
    return f"{caption[section.start : section.content]}{left}{said[len(body) :]}"


def _sentences(holed: str, gone: Sequence[str]) -> Iterator[str]:
    """Each sentence by the rules; one that had a verb and is left without goes whole."""
    left, lost = iter(gone), False
    for one in PIECES.split(holed):
        if HOLE not in one:
            lost = lost and (not one.strip() or ABOUT_IT.match(one) is not None)
            yield f"{HOLE}." if lost and one.strip() else one
            continue
        whole = re.sub(HOLE, lambda _: next(left, ""), one)  # a caption may hold a NUL of its own
        after = _ruled(one)
        if not any(letter.isalnum() for letter in after) and (tags := _tags_behind(one)):
            yield tags
            continue
        lost = not any(letter.isalnum() for letter in after)
        parts, before = after.split(";"), whole.split(";")
        if len(parts) == len(before) > 1:
            yield ";".join(part if _told(part, was) else HOLE for part, was in zip(parts, before, strict=True))
        else:
            yield after if _told(after, whole) else f"{HOLE}."


def _tags_behind(sentence: str) -> str:
    """`[She has long hair], beach, sunset, film grain`: two or more tags that follow a sentence of looks stay."""
    tags: list[str] = []
    for part in reversed(sentence.split(",")):
        if not TAG.fullmatch(part.strip().rstrip(".")):
            break
        tags.insert(0, part.strip())
    return ", ".join(tags) if len(tags) > 1 else ""


def _closed(sentence: str) -> str:
    """Without its holes."""
    return ruled(joined(sentence), CLOSE) if HOLE in sentence else sentence


def _told(after: str, whole: str) -> bool:
    """Nothing at all is left, or a verb, or there was no sentence to begin with."""
    left = tokens(after)
    if not any(letter.isalnum() for letter in after) or main_verbs(left):
        return True
    if left[0].key in LEAD and after.rstrip().endswith(".") and main_verbs(tokens(whole)):
        return False  # `With every step, [her earrings sway].`
    return not is_sentence(tokens(whole)) or bool(main_verbs(tokens(mended(ruled(ruled(after, CLOSE), TIDY)))))


def _named(holed: str, after: str, gone: Sequence[str]) -> str:
    """`[The woman wears a gown.] She is dancing.` -> `The woman is dancing.`, as nobody would know who she is."""
    named = OWNER.match(gone[0]) if gone and holed.startswith(HOLE) else NAMED.match(holed)
    if named is None or not (first := PRONOUN_FIRST.match(after)):
        return after
    name = named[named.lastindex or 1]
    another = lx.MALE if first[0].lower().startswith("she") else lx.FEMALE
    if tokens(name)[-1].key in another:
        return after  # `The bride wears [a gown], and he waves`
    return f"{name}{' is' if first[1] else ''}{after[first.end() :]}"


def _ruled(sentence: str) -> str:
    """By every rule, until none applies; no rule looks beyond the sentence."""
    before = ""
    while sentence != before:
        before = sentence
        sentence = ruled(ruled(sentence, LEANING), WHAT_GOES_ALONG)
        if SOMEBODY.search(sentence):
            sentence = ruled(sentence, GOES_ON_TO)
        sentence = ruled(sentence, RULES)
    return sentence


def _without_parts(caption: str, spans: list[Span]) -> str | None:
    """A list of tags less those that are descriptions as a whole; None when any phrase is only a piece of its part."""
    if "." in caption:
        return None
    whole, at, kept = {(span.start, span.end) for span in spans}, 0, []
    parts = caption.split(",")
    for part in parts:
        if (at + len(part) - len(part.lstrip()), at + len(part.rstrip())) not in whole:
            kept.append(part)
        at += len(part) + 1
    return ",".join(kept).strip() if len(parts) - len(kept) == len(spans) else None


def _capitals(before: str, after: str) -> str:
    """Sentences begin with a capital where those of the caption did, unless with a word of the user's own, such as a
    trigger."""
    if before[:1].isupper() and re.match(r"[a-z]+(?=[\s,.'’]|$)", after) and not _is_tag(before, after):
        after = after[0].upper() + after[1:]
    return FIRST_WORD.sub(lambda found: found[0] if _began_small(before, found) else found[0][0].upper() + found[0][1:], after)


def _is_tag(before: str, after: str) -> bool:
    """`He wears a helmet, ohwx man, ice rink`: what is left begins with a tag that stood behind a comma."""
    first, comma, _ = after.partition(",")
    return bool(comma and TAG.fullmatch(first) and f", {first}," in before)


def _began_small(before: str, word: re.Match[str]) -> bool:
    """Whether the sentence that now begins with the word had no capital; where it cannot be found, whether any had none."""
    at = before.find(FRAGMENT.match(word.string, word.start())[0])  # type: ignore[index]
    if at < 0:
        return LOWER_CASE.search(before) is not None
    *_, first = [0, *(mark.end() for mark in SENTENCE_END.finditer(before, 0, at))]
    return before[first].islower()
