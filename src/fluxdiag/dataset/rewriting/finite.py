"""Whether words make a sentence: its finite verbs, and those that stand in a clause of their own."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

SUBJECTS = lx.words("she he they it i we you there who everyone everybody one both")
SHORTENED = ("'m", "'re", "'ve", "'d", "'ll", "n't")
RELATIVE = lx.words("who which whose")
SUBORDINATE = lx.words("while as when because until where whereas though although if since so that")
MANY = lx.PLURAL_PERSON | lx.words("they we i you people who")
PLURAL = lx.words("feet teeth men women children people")
ALWAYS = lx.words("is are was were has have had does do did can could will would")
LEAD = gr.PREPOSITIONS | gr.WEAR


def is_finite(words: Sequence[Token], at: int) -> bool:
    """A verb with its subject before it; after an article or preposition such a word is a noun."""
    key = words[at].key
    if key not in verbs.IRREGULAR and key not in verbs.THIRD:
        return False
    before = words[at - 1].key if at else "."
    if key in PARTICIPLE_TOO and at + 1 < len(words) and words[at + 1].key in ("of", "by", "from", "with"):
        return False  # `a hat made of straw`
    return key in ALWAYS or before not in NOT_BEFORE


PARTICIPLE_TOO = lx.words("made held left kept caught")
SURE = verbs.IRREGULAR | lx.words("wears dons")
NOT_BEFORE = (gr.ARTICLES | gr.POSSESSIVE | gr.PREPOSITIONS | {"'s"}) - lx.words("one both each this that these those which who")


def main_verbs(words: Sequence[Token]) -> list[int]:
    """The places of the finite verbs that no `who`, `while` or `as` takes. Of an unknown verb nothing is known."""
    taken, found = False, []
    for at, token in enumerate(words):
        if token.key in RELATIVE or _contact(words, at) or (token.key in SUBORDINATE and _clause_follows(words, at)):
            taken = True
        elif token.key in CLAUSE_END:
            taken = False
        elif is_finite(words, at) or token.key.endswith(SHORTENED) or token.key == "it's" or _many_do(words, at):
            if not taken:
                found.append(at)
            taken = False
    return found


def _contact(words: Sequence[Token], at: int) -> bool:
    """`the apron she wears`: a pronoun right after what is worn opens a clause about that."""
    return at > 0 and words[at].key in gr.PRONOUNS and gr.garment_kind(words[at - 1].key) is not None


def is_sentence(words: Sequence[Token]) -> bool:
    """Was it a sentence from its start, no list of pieces? A verb that can be no noun, or that a person does, before the first
    comma, or after what leads to it: `In the foreground, a man wears`."""
    first = next((at for at, token in enumerate(words) if token.key == ","), len(words))
    if words and (words[0].key in LEAD | {"the"} or words[0].key.endswith(("ing", "ed"))):
        first = len(words)
    return any(
        words[at].key in SURE or (at > 0 and words[at - 1].key in SUBJECTS | lx.PERSON) for at in main_verbs(words) if at < first
    )


def _many_do(words: Sequence[Token], at: int) -> bool:
    """`They walk`, `Two girls run`: a verb without an ending."""
    if words[at].key not in verbs.BASE or at == 0:
        return False
    before = words[at - 1].key
    return before in MANY | PLURAL or (before.endswith("s") and before not in gr.STOPPERS)


def _clause_follows(words: Sequence[Token], at: int) -> bool:
    """`as the sun sets`, but not `as a witch`, `while on the phone`, `that bag`"""
    if at + 1 >= len(words) or words[at + 1].key in ("a", "an") or words[at + 1].key.endswith("ing"):
        return False
    if words[at].key == "that":
        return is_finite(words, at + 1) or words[at + 1].key in SUBJECTS
    for place in range(at + 1, len(words)):
        if is_finite(words, place):
            return True
        if not words[place].is_word:
            return False
    return False
