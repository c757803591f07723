"""What people write under pictures: a seeded grammar over the attributes of `world.py`.

Three writers: `training_caption` for the base (sentences or tags that name a random part of what is true),
`scene_caption` for a user who describes the scene only, and `full_caption` for one who describes the person too.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fluxlab.world import (
    ANIMALS,
    BACKGROUNDS,
    BEARDS,
    CLUTTER,
    EYE_COLOURS,
    FACE_SHAPES,
    FRAMINGS,
    HAIR_COLOURS,
    HAIR_STYLES,
    LIGHTS,
    MARKS,
    OBJECTS,
    OUTFITS,
    POSES,
    SEXES,
    SKINS,
    Person,
    Picture,
    Scene,
)

PLACE = {name: f"in a {name}" for name in BACKGROUNDS} | {
    "beach": "on a beach",
    "city street": "on a city street",
    "snowy mountain": "on a snowy mountain",
}
WHEN = {
    "bright daylight": "in bright daylight",
    "sunset": "at sunset",
    "night": "at night",
    "fog": "in fog",
    "neon light": "in neon light",
}
DOING = {"standing": "standing", "waving": "waving", "arms crossed": "with arms crossed"}
PLURAL = {"woman": "women", "man": "men"}


def article(words: str) -> str:
    return f"{'an' if words[0] in 'aeio' else 'a'} {words}"


def appearance(person: Person) -> list[str]:
    """Every nameable attribute of a person as a phrase that can follow `with`."""
    phrases = [
        hair(person),
        f"{person.eye_colour} eyes",
        f"{person.skin} skin",
        article(f"{person.face_shape} face"),
    ]
    phrases += ["glasses"] if person.glasses else []
    phrases += [article(person.beard)] if person.beard != "none" else []
    phrases += ["freckles"] if person.freckles else []
    phrases += [article(person.mark)] if person.mark != "none" else []
    return phrases


def hair(person: Person) -> str:
    if person.hair_style == "bald":
        return "a bald head"
    if person.hair_style in ("bob", "ponytail", "bun"):
        return f"a {person.hair_colour} {person.hair_style}"
    return f"{person.hair_style} {person.hair_colour} hair"


def listed(phrases: list[str]) -> str:
    return phrases[0] if len(phrases) == 1 else f"{', '.join(phrases[:-1])} and {phrases[-1]}"


def place_and_time(scene: Scene) -> str:
    return f"{PLACE[scene.background]} {WHEN[scene.light]}"


def scene_caption(picture: Picture, subject: str) -> str:
    """As the guide wants it: pose, place, light and framing, and nothing of how the person looks."""
    return f"{subject} {DOING[picture.figures[0].pose]} {place_and_time(picture.scene)}, {picture.scene.framing}"


def full_caption(picture: Picture, subject: str) -> str:
    """As auto-captioners write it: the person's looks and clothes first, then the scene."""
    figure = picture.figures[0]
    looks = f"with {listed(appearance(figure.person))}, wearing {article(figure.outfit)},"
    return f"{subject} {looks} {DOING[figure.pose]} {place_and_time(picture.scene)}, {picture.scene.framing}"


def sentence(picture: Picture, subject: str, described: bool) -> str:
    return full_caption(picture, subject) if described else scene_caption(picture, subject)


def tags(picture: Picture, subject: str, described: bool) -> str:
    """As taggers write it."""
    figure, scene = picture.figures[0], picture.scene
    looks = [_bare(phrase) for phrase in (*appearance(figure.person), figure.outfit)] if described else []
    return ", ".join([_bare(subject), *looks, figure.pose, scene.background, scene.light, scene.framing])


def paragraph(picture: Picture, subject: str, described: bool) -> str:
    """As language models write it: whole sentences, the photo before the person. The scene first: 48 tokens cut what is last."""
    figure, scene = picture.figures[0], picture.scene
    looks = f" with {listed(appearance(figure.person))}, wearing {article(figure.outfit)}," if described else ""
    photo = f"{article(scene.framing)} photo {place_and_time(scene)}"
    return f"{photo}. {subject}{looks} is {DOING[figure.pose]}."


STYLES: dict[str, Callable[[Picture, str, bool], str]] = {"sentence": sentence, "tags": tags, "paragraph": paragraph}
"""How users caption the photos of a LoRA: (picture, subject, whether the person is described) -> caption"""


def _bare(words: str) -> str:
    return words.removeprefix("an ").removeprefix("a ")


def training_caption(picture: Picture, name: str | None, rng: np.random.Generator) -> str:
    """A true caption of a base training picture; every part but the subject may be left out. One in eight is in tags.

    Another eighth of those of one person is a paragraph.
    """

    def keep(chance: float) -> bool:
        return bool(rng.random() < chance)

    if keep(0.12):
        return ", ".join(_tags(picture, name, keep))
    if len(picture.figures) == 1 and keep(0.14):
        return paragraph(picture, _someone(picture.figures[0].person, name, keep), False)
    words = [_subject(picture, name, keep), *_doing(picture, keep)]
    words += [PLACE[picture.scene.background]] if _shows_something(picture) and keep(0.88) else []
    words += [WHEN[picture.scene.light]] if keep(0.75) else []
    tail = [article(picture.scene.framing)] if keep(0.05) else [picture.scene.framing] if keep(0.75) else []
    tail += [f"{article(thing)} nearby" for thing in dict.fromkeys(picture.scene.clutter) if keep(0.5)]
    return ", ".join([" ".join(words), *tail])


def _subject(picture: Picture, name: str | None, keep: Callable[[float], bool]) -> str:
    if picture.thing is not None:
        return article(picture.thing)
    if not picture.figures:
        return f"an empty {picture.scene.background}"
    people = [_someone(figure.person, name, keep) for figure in picture.figures]
    sexes = [figure.person.sex for figure in picture.figures]
    if len(people) == 2 and sexes[0] == sexes[1] and keep(0.6):
        return f"two {PLURAL[sexes[0]]}"
    return " and ".join(people)


def _someone(person: Person, name: str | None, keep: Callable[[float], bool]) -> str:
    """`a woman`, `zyx5 woman`, `zyx5`, or any of them with some of their looks. Names are mostly all that is said."""
    who = article(person.sex) if name is None else f"{name} {person.sex}" if keep(0.7) else name
    if not keep(0.8 if name is None else 0.2):
        return who
    said = [phrase for phrase in appearance(person) if keep(0.7)]
    return f"{who} with {listed(said)}" if said else who


def _shows_something(picture: Picture) -> bool:
    return bool(picture.figures) or picture.thing is not None


def _doing(picture: Picture, keep: Callable[[float], bool]) -> list[str]:
    if not picture.figures:
        return []
    figure = picture.figures[0]
    words = [f"wearing {article(figure.outfit)}"] if len(picture.figures) == 1 and keep(0.6) else []
    return [*words, DOING[figure.pose]] if keep(0.6) else words


def _tags(picture: Picture, name: str | None, keep: Callable[[float], bool]) -> list[str]:
    tags = [name] if name else []
    for figure in picture.figures:
        tags.append(figure.person.sex)
        tags += [_bare(phrase) for phrase in appearance(figure.person) if keep(0.4)]
        tags += [figure.outfit] if keep(0.5) else []
    tags += [picture.thing] if picture.thing else []
    scene = picture.scene
    return tags + [tag for tag in (scene.background, scene.light, scene.framing, *scene.clutter) if keep(0.75)] or ["picture"]


def vocabulary() -> tuple[str, ...]:
    """Every word that the grammar can write, and a few that users do; in order, without duplicates."""
    lists = (SEXES, HAIR_COLOURS, HAIR_STYLES, EYE_COLOURS, SKINS, FACE_SHAPES, BEARDS, MARKS, BACKGROUNDS, LIGHTS, FRAMINGS)
    named = [word for options in (*lists, POSES, OUTFITS, ANIMALS, OBJECTS, CLUTTER) for word in options]
    prose = [*PLACE.values(), *WHEN.values(), *DOING.values(), *PLURAL.values()]
    own = "a an the with and wearing hair eyes skin face head glasses freckles nearby empty two one picture photo of"
    users = "person people photograph portrait shot image looking at camera sitting smiling day sunny photorealistic by is"
    return tuple(dict.fromkeys(" ".join([*named, *prose, own, users]).split()))
