"""A caption without the phrases that describe the person, still a sentence. Nothing is added to it but a trigger as its subject.

Each phrase becomes a hole; rules then take away the words that only held it (`with`, `is wearing`, `who has`), what goes on about
it (`that billows in the wind`), and sentences of which nothing but a subject is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fluxdiag.dataset import lexicon as lx
from fluxdiag.dataset.spans import find_spans
from fluxdiag.records import Span

HOLE = "\0"
PERSON = lx.pattern(lx.PERSON)
DEGREE = lx.pattern(lx.DEGREE)
VERB = (
    r"\b(?:with|wearing|wears|wore|has|have|having|(?:\w+ly\s+)?(?:dressed|clad|outfitted|attired|wrapped|robed|swathed|cloaked|garbed|draped"
    r"|costumed|kitted(?:\s+out)?|suited|gowned|clothed|enveloped|layered|swaddled|arrayed|bundled(?:\s+up)?|decked(?:\s+out)?)"
    r"\s+(?:(?:\w+ly|all|only|just)\s+)?in|donning|dons|sporting|sports"
    r"|featuring|features|in|revealing|possesses|displaying|showing(?:\s+off)?|exposing|baring|flashing|shows\s+off|adorned\s+with|complete\s+with|together\s+with|along\s+with|paired\s+with"
    r"|covered\s+(?:with|in|by)|fastened\s+with|accented\s+(?:with|by)|accessorized\s+with|complemented\s+by|surrounded\s+by(?=\s*\0)|(?:from\s+)?(?:behind|under|beneath|underneath|upon|on|across)(?=\s+\0)"
    r"|there\s+(?:is|are)(?=\s+\0))"
)
BE = r"(?:(?:and\s+)?(?:who\s+)?(?:is|are|was)\s+)?"
MAYBE = r"(?:(?:likely|probably|possibly|perhaps|apparently|also|only|just|currently)\s+)?"
CLAUSE = rf"(?:,\s*(?:and\s+)?(?:she|he|they|who)\s+|,\s*|\s+(?:and\s+)?who\s+)?{MAYBE}"
PERSON_NEXT = rf"(?:[\w'-]+\s+){{0,3}}(?:{PERSON})\b"
STILL_LISTED = (
    rf"(?!{PERSON_NEXT})(?!(?:his|her|their|the|one)\s+\w+(?:\s\w+)?\s+(?:is|are|was|were)\b)"
    r"(?=(?:an?|the|his|her|their|one|two|arms|hands|both)\b)"
)
CLASS = rf"(?:{PERSON})"
SUBJECT = rf"(?:she|he|they|it|the\s+(?:\w+\s+)?{CLASS}(?:\s+in\s+front|\s+(?:in|of|on)\s+(?:the|this)\s+\w+)?)"
START = r"(?:(?<=^)|(?<=[.!?;]\s))"
END = r"(?=\s*(?:[.!?;]|$))"
NEW_CLAUSE = r"(?=,?\s+(?:and|but|while|as)\s+(?:she|he|they|her|his|their|the|an?)\b|,?\s+(?:and|but|while|as)\s*\0|[.!?;]|$)"
SEEMS = r"(?:appears?|seems?|looks?)(?:\s+to\s+be)?"
FLOWS = r"(?:fluttering|billowing|flying|blowing|drifting|trailing|swirling|flowing|waving|hanging|pushed|pulled|draped|tucked"
FLOWS += r")"
PARTICIPLE = r"(?!(?:wearing|having|featuring|sporting|during|evening|morning|being|ring)\b)\w{2,}ing"

RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
        (r"\0(?:(?:\s*,)?(?:\s*\b(?:and|or|with|over|under|underneath|beneath|in|on)\b)?\s*\0)+", HOLE),  # a list of holes is one
        (r"\0\s*,?\s*\b(?:that|which)\s+(?!(?:she|he|they)\b)[^,.!?;\0]*", HOLE),  # `[a coat] that billows in the wind`
        (rf"\0\s+{FLOWS}\s+(?:in|from|around|behind|over|under|on|to|against|up|down|by|about|like)\b[^,.!?;\0]*", HOLE),
        (r"\0\s+on(?=\s*[,.!?;]|\s*$)", HOLE),  # `[sunglasses] on`
        (r"\0\s*,?\s+(?:and|but)\s+(?:nothing|little|not\s+much)\s+else", HOLE),
        (
            rf"{START}({SUBJECT})\s+(has|wears|had)\s+\0\s*(?:,\s*)?\band\s+"
            r"(?=an?\b|(?!he\b|she\b|they\b|is\b|has\b|\w+s\b|\w+ing\b|(?:his|her|their|the|one)\b|\0)\w)",
            r"\1 \2 ",
        ),
        (rf"{VERB}\s+\0\s*(?:,\s*)?\band\s+{STILL_LISTED}", r"with "),  # `with [brown hair] and arms crossed`
        (rf"{CLAUSE}{BE}{VERB}\s+(?:only\s+|just\s+)?\0", HOLE),
        (r",\s*whose\s+\0\s*,?", " "),
        (rf"{CLAUSE}(?:who\s+)?(?:{SEEMS}|is|are|was)\s+(?:in\s+|of\s+)?\0", HOLE),
        (r"(?:,\s*)?\b(?:likely|probably|possibly|perhaps|apparently)\s+\0", HOLE),
        (r"\b(?:of|by|for|from)\s+(?:about\s+|around\s+)?\0", HOLE),
        (r"(?:\s*,)?\s+(?:and|or|&)\s+\0", HOLE),
        (rf"{START}\0(?:\s*,)?\s*\b(?:as|while|and)\s+(?=(?:she|he|they|her|his)\b)", ""),  # `[Her hair is up] as she looks`
        (rf"{START}\0(?:\s*,)?\s*\band\s+", ""),
        (rf"{START}({SUBJECT})\s*\0(?:\s*,)?\s*(?:and\s+)?(?={PARTICIPLE}\b)", r"\1 is "),
        (rf"{START}({SUBJECT})\s*\0(?:\s*,)?\s*and\s+(?=\w+s\b(?!\s+of\b))", r"\1 "),  # `She[ has brown hair and] is`
        (rf"{START}({SUBJECT})\s*\0\s*,\s*(?=(?:looks|stands|sits|holds|is|walks|smiles|gazes)\b)", r"\1 "),
        (
            rf"{START}({SUBJECT})\s*\0\s*,\s*(?:with\s+)?(?=an?\s[^,.;\0]*\bin\s+(?:one|each|(?:his|her|their)(?:\s+\w+)?)\s+hands?\b)",
            r"\1 has ",
        ),
        (rf"{START}{SUBJECT}\s*\0[^.!?;\0]*?{NEW_CLAUSE}", HOLE),  # nothing but the description was said
        (rf"{START}(?:his|her|their)\s+\w+\s*\0{END}", HOLE),
        (r",?\s+(?:while|as)\s+\0", HOLE),
        (
            rf"{START}\0\s+(?=(?-i:[a-z]))(?!(?:and|with|in|on|at|by|while|as)\b)[^.!?;,\0]*?(?:{NEW_CLAUSE}|(?=\s*\0))(?<!^)",
            HOLE,
        ),  # `[Glasses] rest on her nose`
    )
)
TIDY = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
        (r"(?<=\w)\s*\0\s*,\s*(?=(?:\w+ing|with|in|on|at)\b)", " "),  # `a woman[ with ...], standing` -> `a woman standing`
        (r"(?<=\w)\s*\0\s*,\s*(?=(?:is|are|was|stands|sits|leans|poses|walks|kneels|looks|smiles|holds)\b)", " "),
        (r"(?<=\w)\s*\0\s*\band\s+(?=\w+ing\b)", " "),
        (r"\0\s*(?=[.!?])", ""),
        (r"\s*\0\s*", " "),
        (r"\s+([,.;!?])", r"\1"),
        (r"\(\s*(?::[\d.]+)?\s*\)", ""),  # a weight around nothing
        (r"([,;:])(?:\s*[,;])+", r"\1"),
        (r"(?<=[.!?])\s*[.!?,;]+(?!\d)", ""),
        (r"^[\s,.;:!?]+", ""),
        (r"[\s,;:]+$", ""),
        (r",\s*\.", "."),
        (r"[^\S\n]{2,}", " "),
    )
)


PART = lx.pattern(
    lx.FACE_HEADS
    | lx.FACE_HEADS_ALONE
    | lx.BODY_HEADS
    | lx.EYE_HEADS
    | lx.HAIR_HEADS_WITH_ADJECTIVE
    | lx.BEARDS
    | lx.words("skin braid braids ponytail pigtails bun")
)
OWNED_PART = re.compile(rf"(?:her|his|their)\s+(?P<told>(?:[\w'’,-]+\s+)+?)?(?:{PART})", re.IGNORECASE)
OBJECT = re.compile(
    r"\b(?:\w{2,}ing|\w{2,}s|hidden|buried|held|pressed|cupped)\s+(?:(?:out|up|down|off|away|back|into|through|over|against|at|on|onto"
    r"|across|behind|from|around|to|under|in|toward|towards|past|along|near|beneath)\s+){0,2}$"
    r"|\b(?:through|over|against|across|behind|around|beneath|along|down|to|toward|towards|from|on|onto|into|in|by|of)\s+$",
    re.IGNORECASE,
)
NOT_OBJECT = re.compile(rf"{VERB}\s+(?:only\s+)?$|\b(?:is|has|was|having|wearing|looks|appears|seems)\s+$", re.IGNORECASE)
LOOSE_END = re.compile(
    r"(?:[\s,]+(?:a|an|the|and|or|with|of|from|by|as|into|onto|his|their|its|wearing|showing|revealing|featuring|has|have"
    r"|had|is|are|was|were|very|through|while|that|which|who|where|both))+(?=\s*[.!?]?$)",
    re.IGNORECASE,
)
CONTRACTED = re.compile(r"\b(she|he|they|who)['’](s|re)(?=\s+(?:\0|\w+ing\s+\0))", re.IGNORECASE)
SENTENCES = re.compile(r"(?<=[.!?])\s+")
STUMP = 5
"""words"""
ACTION = re.compile(
    r"\b(?:(?:is|are|was|'s|’s)\s+(?!showing|wearing|revealing|having|featuring)\w+ing\b"
    r"|(?:looks|seems|appears)\s+\w+[.!?]|^(?:she|he|they)\s+\w+(?<!i)s[.!?]"
    r"|\w+s\s+(?:an?|the|her|his|their|at|on|in|into|with)\s+(?!where\b)\w+(?!\s+where\b))",
    re.IGNORECASE,
)


def without_appearance(caption: str, spans: Iterable[Span] | None = None, keep: Iterable[str] = ("expression",)) -> str:
    """The caption less its spans (found anew if not given), but for the kinds in `keep`; empty when it said nothing else."""
    kept = set(keep)
    drop = [span for span in (find_spans(caption) if spans is None else spans) if span.kind not in kept]
    if not drop:
        return caption
    if (listed := _without_parts(caption, drop)) is not None:
        return listed
    text = CONTRACTED.sub(lambda found: f"{found[1]} {'are' if found[2] == 're' else 'is'}", _with_holes(caption, drop))
    before = ""
    while text != before:
        before = text
        for pattern, into in RULES:
            text = pattern.sub(into, text)
    for pattern, into in TIDY:
        text = pattern.sub(into, text)
    return _capitals(caption, _without_stumps(caption, _without_loose_ends(caption, text)))


def _adjectives_only(before: str, span: Span) -> tuple[int, int] | None:
    """`biting her [plump] lip`: start and end of what goes of a verb's object; without its object the verb would hang."""
    if span.kind not in ("face", "body", "eyes", "hair", "skin") or not (owned := OWNED_PART.fullmatch(span.text)):
        return None
    if NOT_OBJECT.search(before) or not OBJECT.search(before) or not owned["told"]:
        return None
    return span.start + owned.start("told"), span.start + owned.end("told")


def _without_loose_ends(caption: str, text: str) -> str:
    """Less the words that no sentence ends with: `She smiles, showing a.` -> `She smiles.`"""
    before = set(SENTENCES.split(caption))
    return " ".join(one if one in before else LOOSE_END.sub("", one) for one in SENTENCES.split(text))


def _without_stumps(caption: str, text: str) -> str:
    """Less `She is extremely.`, `He over a.`: of the later sentences that lost something, those of fewer than five words in
    which nothing is done or had."""
    before, (first, *rest) = set(SENTENCES.split(caption)), SENTENCES.split(text)
    whole = [one for one in rest if one in before or len(one.split()) >= STUMP or ACTION.search(one)]
    return " ".join([first, *whole]) if len(whole) < len(rest) else text


def _without_parts(caption: str, spans: list[Span]) -> str | None:
    """A list of tags less those that are descriptions as a whole; None when any phrase is only a piece of its part."""
    parts, at, gone = caption.split(","), 0, 0
    kept = []
    for part in parts:
        start, end = at + len(part) - len(part.lstrip()), at + len(part.rstrip())
        if any(span.start == start and span.end == end for span in spans):
            gone += 1
        else:
            kept.append(part)
        at += len(part) + 1
    return ",".join(kept).strip() if gone == len(spans) and "." not in caption else None


def _with_holes(caption: str, spans: list[Span]) -> str:
    """A hole for each span. Before a person it is no hole but nothing: `a [young] woman` -> `a woman`, its article mended."""
    for span in sorted(spans, key=lambda span: span.start, reverse=True):
        before, after = caption[: span.start], caption[span.end :]
        if (told := _adjectives_only(before, span)) is not None:
            caption = caption[: told[0]] + caption[told[1] :]
            continue
        if span.text.lower().startswith("whose "):  # what the clause goes on to say has no subject then
            after = re.sub(r"^[^,.;!?\0]*", "", after)
        if re.match(rf"(?:\s*,|\s+and\b)?\s+(?:{PERSON})\b", after, re.IGNORECASE) or _before_name(span, after):
            after = re.sub(r"^(?:\s*,|\s+and\b)?\s+", "", after)
            before = re.sub(rf"\b(?:{DEGREE})\s+$", "", before, flags=re.IGNORECASE)
            before = re.sub(r"\b(a)n?(\s+)$", rf"\1{'n' if after[0].lower() in 'aeio' else ''}\2", before, flags=re.IGNORECASE)
            caption = before + after
        else:
            caption = before + HOLE + after
    return caption


def _before_name(span: Span, after: str) -> bool:
    """`a [muscular] ohwx man`: an adjective with no comma after it."""
    return (
        span.kind in ("body", "age", "hair", "face", "skin")
        and re.match(rf"\s+[\w-]+\s+(?:{PERSON})\b", after) is not None
        and (" " not in span.text)
    )


def _capitals(before: str, after: str) -> str:
    """Sentences begin with a capital where those of the caption did, unless with a word of the user's own, such as a
    trigger."""
    if re.search(r"(?:^|[.!?]\s+)[a-z]", before):
        return (
            after
            if not (before[:1].isupper() and after[:1].islower() and after.split(" ")[0].isalpha())
            else after[0].upper() + after[1:]
        )
    return re.sub(r"(?:^|(?<=[.!?]\s))[a-z]+\b(?=[\s,])", lambda found: found[0][0].upper() + found[0][1:], after)
