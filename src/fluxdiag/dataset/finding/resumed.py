"""What the next sentences say of a garment that a pronoun takes up again: `[The dress is blue.] [It has long sleeves.]`"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.clause_ends import clause_end
from fluxdiag.dataset.finding.hair_tails import DOES_SO
from fluxdiag.dataset.finding.lexicon.details import WITH_DETAIL
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

STOPS = frozenset(".!?;")
TAKES_UP = lx.words("it they this these")
SAYS = gr.COPULAS | lx.words("""
    has have had features feature falls fall reaches reach hugs hug fits fit hangs hang comes ends flows flow includes
    appears covers cover drapes sports boasts accentuates complements matches match contrasts clings
""")
GARMENT = ("clothing", "accessory", "hair", "mark")


def resumed(words: Sequence[Token], found: Sequence[Phrase]) -> Iterator[Phrase]:
    """Clauses that begin a sentence with `it` or `they`, where a description of the character closes the sentence before and
    the clause tells of cloth, cut or colour. The next sentence may go on with the same pronoun."""
    closing = {one.end: one for one in found if one.kind in GARMENT}
    for at in range(1, len(words) - 3):
        if words[at - 1].key not in STOPS or words[at].key not in TAKES_UP:
            continue
        before = closing.get(at - 1)
        if before is None or not _agrees(words, at, before):
            continue
        end = clause_end(words, at + 1, Phrase(at, at + 1, before.kind))
        if words[at + 1].key in SAYS and _tells(words[at + 2 : end]):
            one = Phrase(at, end, before.kind, whole=True)
            closing[end] = one
            yield one


def _agrees(words: Sequence[Token], at: int, before: Phrase) -> bool:
    """`They` is a garment only where it is one of two legs or the like: people are `they`, too."""
    if words[at + 1].key in gr.COPULAS and words[at + 2].key in DOES_SO:
        return False  # `They are holding ski poles`
    if words[at].key in ("it", "this"):
        return True
    last = [token.key for token in words[before.start : before.end] if gr.garment_kind(token.key) is not None]
    return any(key.endswith("s") for key in last)


def _tells(said: Sequence[Token]) -> bool:
    """Of a garment's cut, cloth or colour, or of nothing but adjectives."""
    told = gr.MODIFIERS["cloth"] - lx.DEGREE
    return any(
        token.key in told or token.key in WITH_DETAIL or token.key.rpartition(" ")[2] in WITH_DETAIL
        or gr.garment_kind(token.key) is not None
        for token in said
        if token.key not in CLAUSE_END
    )  # fmt: skip
