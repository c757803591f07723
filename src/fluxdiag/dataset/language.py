"""Is a caption English? Other languages and scripts are not judged, and said to be so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from fluxdiag.dataset.trigger import PERSON

STOPWORDS = {
    "German": "der die das ein eine einen und mit auf ist im vor einer einem sie er trägt steht von",
    "French": "le la les un une des et avec dans est sur elle il devant porte du au aux qui",
    "Spanish": "el la los las un una con y en es del ella lleva de que sobre su por",
    "Italian": "il lo la gli un una con e di che è nel nella sul della indossa capelli",
    "Portuguese": "o os as um uma com e em do da no na ela usa cabelo de que",
    "Dutch": "de het een en met op is van zij hij draagt staat voor haar naar",
    "Polish": "i w z na jest się kobieta do ubrana oraz nie przed",
    "Indonesian": "dan yang di dengan seorang wanita sedang memakai untuk",
    "Swedish": "och en ett med på är som det av till hon han kvinna står håret",
    "Danish or Norwegian": "og en et med på er som det af av til hun han kvinde kvinne står jakke",
    "Finnish": "ja on nainen mies joka hän seisoo päällä jossa",
    "Czech or Slovak": "a s se na je v ve žena muž stojí která má",
    "Hungarian": "és a az egy nő férfi van áll",
    "Romanian": "și cu o un pe în este care femeie bărbat din la",
    "Turkish": "ve bir ile kadın adam için olan duruyor giyiyor",
    "Vietnamese": "và một với trong có là người của đang trên",
}
ENGLISH = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "with",
        "on",
        "is",
        "of",
        "in",
        "at",
        "to",
        "her",
        "his",
        "she",
        "he",
        "wearing",
        "woman",
        "man",
        "looking",
        "by",
        "for",
        "from",
        "standing",
    ]
)
TELLING = {
    "German": "mit und der das eine einen einem einer ist auf über für ohne",
    "French": "avec dans une devant ses",
    "Spanish or Italian": "con una della nella",
    "Portuguese": "com",
    "Dutch": "een zij",
    "Polish": "się",
    "Indonesian": "dengan seorang sedang",
    "a Scandinavian language": "och",
}
"""small words that English lacks. Names have capitals where they are part of one (`Una`), and behind one a word follows, other
than in `comic con, red hair`"""
CONTENT = {
    "German": "haare haaren augen frau mädchen brille kleid gesicht küche trägt steht sitzt liegt lacht lächelt schaut",
    "French": "cheveux yeux lunettes rousse plage portant assise debout",
    "Spanish or Italian": "mujer pelo cabello ojos vestido gafas sonrisa lleva llevando sonriendo sentada capelli occhi indossa",
    "Portuguese": "mulher homem cabelo cabelos olhos óculos sorriso vestindo sorrindo",
    "Dutch": "vrouw meisje ogen jurk haren draagt staat",
    "Polish": "kobieta mężczyzna włosy włosami oczy oczami sukienka",
    "Indonesian": "wanita rambut memakai",
    "a Scandinavian language": "kvinna kvinde kvinne hår håret ögon øjne klänning står bär",
    "Finnish": "nainen hiukset silmät mekko",
    "Czech or Slovak": "žena vlasy oči šaty",
    "Turkish": "kadın saçlı gözlü elbise",
}
"""what captions are about; words that English has, too (`Hut`, `Strand`, `visage`), are none of them"""
_FOREIGN = {name: frozenset(text.split()) for name, text in STOPWORDS.items()}
_TELLING = {word: name for name, text in TELLING.items() for word in text.split()}
_CONTENT = {word: name for name, text in CONTENT.items() for word in text.split()}
SHARED = frozenset(["a", "an", "in", "is", "man"])
"""of `ENGLISH`, what stands in those languages, too"""
WORD = re.compile(r"[^\W\d_]+")
LEADING_ON = re.compile(r"[^\W\d_]+(?=\s+[^\W\d_])")
NO_WORD = re.compile(r"(?<=\w)['\u2019]s\b|\b\d+s\b")
"""`the 60s`, `fisherman's`: Czech has an `s`"""
OTHER_SCRIPT = 0.3
ACCENTED = re.compile(r"[à-öø-ÿā-ɏḀ-ỿ]")
FOREIGN_WORDS = 2
"""words with letters that English lacks, and no small English word beside them: `café` alone is none"""
SHORT = 12
"""words up to which one that tells is enough"""
IN_SUCH_A_SET = "in a set of which most is not in English: not judged"


def unjudged(caption: str, trigger: str = "") -> str | None:
    """Why the caption is not judged, or None for English and for lists of tags in Latin letters. The trigger and the noun that
    it may be followed by say nothing of the language."""
    said = _beside_trigger(caption, trigger)
    letters = [c for c in said if c.isalpha()]
    if not letters:
        return None
    if sum(not _latin(c) for c in letters) > OTHER_SCRIPT * len(letters):
        return "not in Latin script: not judged"
    words = _words(said)
    name = _by_counting(words) or _by_what_tells(said, words)
    if name is not None:
        return f"probably {name}: not judged"
    accented = sum(ACCENTED.search(word) is not None for word in words)
    return "not in English: not judged" if accented >= FOREIGN_WORDS and not _english(words) else None


def undecided(caption: str, trigger: str) -> bool:
    """Whether nothing in it speaks for English: then it is in the language of the captions beside it."""
    words = _words(_beside_trigger(caption, trigger))
    return bool(words) and not _english(words)


def of_a_set(
    reasons: Sequence[str | None], captions: Sequence[str], found: Sequence[Sequence[object]], trigger: str
) -> list[str | None]:
    """Why each caption of a set is not judged. Where most are foreign, so is one in which nothing speaks for English and nothing
    was `found`; `reasons` are those of each alone."""
    if sum(why is not None for why in reasons) * 2 <= len(reasons):
        return list(reasons)
    each = zip(reasons, captions, found, strict=True)
    return [why or (IN_SUCH_A_SET if not told and undecided(caption, trigger) else None) for why, caption, told in each]


def _beside_trigger(caption: str, trigger: str) -> str:
    if not trigger.strip():
        return caption
    return re.sub(rf"(?<!\w){re.escape(trigger.strip())}(?!\w)(?:\s+(?:{PERSON})\b)?", ",", caption, flags=re.IGNORECASE)


def _words(said: str) -> list[str]:
    return WORD.findall(NO_WORD.sub("", said.lower()))


def _english(words: Sequence[str]) -> int:
    return sum(word in ENGLISH for word in words)


def _by_counting(words: Sequence[str]) -> str | None:
    """The language of which most small words stand there, where English ones are clearly fewer."""
    name, count = max(((name, sum(word in known for word in words)) for name, known in _FOREIGN.items()), key=lambda one: one[1])
    return name if count >= 2 and count > 1.5 * _english(words) else None


def _by_what_tells(said: str, words: Sequence[str]) -> str | None:
    """In a short phrase one word that English lacks is enough beside none that tells of English."""
    small = (_TELLING.get(word) for word in LEADING_ON.findall(said))
    content = (_CONTENT.get(word) for word in words)
    told = [name for name in (*small, *content) if name is not None]
    english = sum(word in ENGLISH and word not in SHARED for word in words)
    enough = 1 if len(words) <= SHORT else FOREIGN_WORDS
    return Counter(told).most_common(1)[0][0] if len(told) >= enough and len(told) > 1.5 * english else None


def _latin(letter: str) -> bool:
    """Vietnamese has letters of a block of its own."""
    return ord(letter) <= 0x24F or 0x1E00 <= ord(letter) <= 0x1EFF
