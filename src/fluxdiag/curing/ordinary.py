"""People who are not the subject: a folder of the user's, or pictures that the base draws from generic prompts.

The prompts are put together from the places, lights and framings of the default probe suite, for every base is known to obey
those; a text of the suite itself is never used, or the LoRA would be trained on what it is judged by.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path

from fluxdiag.curing import photos
from fluxdiag.dataset.duplicates import near_duplicates
from fluxdiag.dataset.layout import caption_of, images
from fluxdiag.errors import FluxdiagError
from fluxdiag.profiles import Profile
from fluxdiag.records import Photo, Prompt
from fluxdiag.runs import sha256_file, write_text
from fluxdiag.suites import USUAL, ask, load_suite

SEED = 70_000
"""far from the seeds of probes"""
FEWEST = 10
"""pictures that a folder of ordinary people must have"""


def prompts(class_word: str, count: int) -> list[str]:
    """So many, as varied as can be; the same ones every time. More than there are texts begins anew, with other seeds."""
    asked = [prompt for probe in load_suite(USUAL)[0].probes for prompt in probe.prompts]
    used = {ask(prompt, f"a {class_word}") for prompt in asked}
    made = [text for text in _combined(f"a {class_word}", asked) if text not in used]
    random.Random(SEED).shuffle(made)
    return [made[number % len(made)] for number in range(count)]


def _combined(person: str, asked: list[Prompt]) -> Iterator[str]:
    """`a woman standing in a park at sunset, portrait`: place x light x framing."""
    plain = [prompt for prompt in asked if "{subject}" in prompt.text and prompt.outfit is None]
    places = dict.fromkeys(_place(prompt) for prompt in plain)
    lights = dict.fromkeys(_light(prompt) for prompt in plain)
    framings = dict.fromkeys(prompt.framing for prompt in asked if prompt.framing)
    for place, light, framing in product(places, lights, framings):
        yield f"{person} {place}{light}, {framing}"


def _place(prompt: Prompt) -> str:
    """`standing in a park` of `{subject} standing in a park in bright daylight, portrait`."""
    return prompt.text.removeprefix("{subject} ").split(",")[0].removesuffix(_light(prompt))


def _light(prompt: Prompt) -> str:
    """` at sunset` with its preposition; empty where the prompt asks for none."""
    found = re.search(rf" \w+ {re.escape(prompt.light)}(?=,|$)", prompt.text) if prompt.light else None
    return found[0] if found else ""


def pictures(folder: Path) -> list[Path]:
    """Those that the user names with --regularisation. Raises FluxdiagError where there are too few, or no such folder."""
    if not folder.is_dir():
        raise FluxdiagError("there is no such folder", where=str(folder), do="Correct --regularisation")
    files = images(folder)
    if len(files) < FEWEST:
        what = f"{len(files)} pictures of ordinary people are too few"
        raise FluxdiagError(
            what, where=str(folder), do="Give 100 to 200, or leave --regularisation out: the base then draws them"
        )
    return files


def given_people(folder: Path, class_word: str, trigger: str | None, person: Sequence[Photo]) -> tuple[photos.Copy, ...]:
    """The pictures of a folder with their plain captions. Raises FluxdiagError for too few, for captions with the trigger, and
    for pictures of the person: these would be held against the very face that is to be learnt."""
    found = [(file, caption_of(file) or f"a {class_word}") for file in pictures(folder)]
    named = [file.name for file, caption in found if trigger and re.search(rf"(?<!\w){re.escape(trigger)}(?!\w)", caption, re.I)]
    if named:
        what = f"{len(named)} captions hold the trigger {trigger!r} ({named[0]} first)"
        raise FluxdiagError(what, where=str(folder), do="Regularisation pictures must not; correct them")
    copies = tuple(
        photos.Copy(file, sha256_file(file), f"{number:03d}-{photos.slug(file.stem)}{_ending(file)}", caption)
        for number, (file, caption) in enumerate(found, start=1)
    )
    _refuse_the_person(copies, person, folder)
    return copies


def _refuse_the_person(people: Sequence[photos.Copy], person: Sequence[Photo], folder: Path) -> None:
    """Photos and references of the person, byte for byte or as the eye sees them."""
    known = {photo.sha256 for photo in person}
    own = {copy.source for copy in people if copy.sha256 in known}
    theirs = [Path(photo.path) for photo in person if photo.problem is None and Path(photo.path).is_file()]
    for group in near_duplicates((*theirs, *(copy.source for copy in people if copy.source not in own))):
        if not set(group).isdisjoint(theirs):
            own |= set(group) - set(theirs)
    if own:
        what = f"{len(own)} of the {len(people)} pictures are photos of the person ({min(own).name} first)"
        raise FluxdiagError(what, where=str(folder), do="Regularisation pictures show other people; take these away")


def _ending(file: Path) -> str:
    return file.suffix.lower() if file.suffix.lower() in photos.KEPT_AS_THEY_ARE else ".png"


def drawn(folder: Path, count: int) -> bool:
    """Whether all of them lie there."""
    return all((folder / _drawn_name(number)).is_file() for number in range(1, count + 1))


def _drawn_name(number: int) -> str:
    return f"{number:03d}.png"


def drawn_people(
    base: str, profile: Profile, class_word: str, count: int, folder: Path, progress: Callable[[str, int, int], None]
) -> None:
    """Pictures and captions into `folder`; what is there already is not drawn again. Raises WeightsMissing."""
    from fluxdiag.engines.regularisation import Sitter, draw

    texts = prompts(class_word, count)
    sitters = [Sitter(text, SEED + number, folder / _drawn_name(number)) for number, text in enumerate(texts, start=1)]
    for sitter in sitters:
        write_text(sitter.file.with_suffix(".txt"), sitter.prompt + "\n")
    draw(base, profile, sitters, progress)
