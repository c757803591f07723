"""`fluxlab check`: how good the laboratory's models are, on pictures that none of them has seen. Prints a table.

Eyes and judge are tried on fresh drawings; the base by the judge, on what it paints for prompts that name what is to be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from diffusers import FluxPipeline
from PIL import Image

from fluxdiag.engines.clip import ClipReader
from fluxdiag.engines.faces import FaceReader
from fluxdiag.profiles import load_profile
from fluxlab.captions import DOING, article, hair, place_and_time
from fluxlab.draw import draw
from fluxlab.judge import Judge, load_judge, shown
from fluxlab.make import WEIGHTS
from fluxlab.sight import LABELS, truth
from fluxlab.world import ANIMALS, OBJECTS, SEXES, Picture, Scene, sample_figure, sample_person, sample_picture, sample_scene

PEOPLE = frozenset(article(sex) for sex in SEXES)
STREAM = 99
"""seed of everything here; the training sets have others"""


def report(count: int = 400, weights: Path = WEIGHTS) -> dict[str, float]:
    faces, clip, judge = FaceReader(str(weights / "faces")), ClipReader(str(weights / "clip")), load_judge(weights / "judge")
    rng = np.random.default_rng(STREAM)
    figures = autoencoder(weights, rng, count // 4)
    figures |= detection(faces, rng, count)
    figures |= recognition(faces, rng, count // 4)
    pictures = [sample_picture(rng) for _ in range(count)]
    drawn = np.stack([draw(picture)[0] for picture in pictures])
    figures |= zero_shot(clip, pictures, drawn)
    figures |= hits("judge", judge.answers(drawn), [shown(picture) for picture in pictures])
    return figures | obedience(judge, faces, weights, rng, count // 2)


def autoencoder(weights: Path, rng: np.random.Generator, count: int) -> dict[str, float]:
    from fluxdiag.engines.encoders import decode_image, load_encoders

    pipeline = load_encoders(str(weights / "base"), "float32")
    pictures = np.stack([draw(sample_picture(rng))[0] for _ in range(count)])
    errors = []
    for picture in pictures:
        tensor = torch.from_numpy(picture.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
        with torch.no_grad():
            latent = pipeline.vae.encode(tensor).latent_dist.mode()
            latent = (latent - pipeline.vae.config.shift_factor) * pipeline.vae.config.scaling_factor
        packed = FluxPipeline._pack_latents(latent, 1, *latent.shape[1:])[0]
        restored = np.asarray(decode_image(pipeline, packed, picture.shape[:2], torch.device("cpu")))
        errors.append(np.mean((restored.astype(float) - picture) ** 2))
    return {"autoencoder, dB": float(10 * np.log10(255**2 / np.mean(errors)))}


def detection(faces: FaceReader, rng: np.random.Generator, count: int) -> dict[str, float]:
    """Recall on single people, and the share of things and empty scenes in which a face is seen."""
    found, false = [], []
    for _ in range(count):
        picture = sample_picture(rng)
        seen = bool(faces.read(draw(picture)[0]))
        if len(picture.figures) == 1:
            found.append(seen)
        elif not picture.figures:
            false.append(seen)
    return {"detector recall": float(np.mean(found)), "detector false alarms": float(np.mean(false))}


def recognition(faces: FaceReader, rng: np.random.Generator, people: int) -> dict[str, float]:
    """True accepts at a false accept rate of 1%, faces found by the detector in portraits and close-ups."""
    rows, owners = [], []
    for owner in range(people):
        person = sample_person(rng)
        for _ in range(4):
            scene = sample_scene(rng, str(rng.choice(("close-up", "portrait"))))
            found = faces.read(draw(Picture((sample_figure(rng, person),), None, scene, int(rng.integers(2**31))))[0])
            if found:
                rows.append(found[0].embedding)
                owners.append(owner)
    vectors, owner_of = np.stack(rows), np.array(owners)
    cosines, same = vectors @ vectors.T, owner_of[:, None] == owner_of[None, :]
    own, others = cosines[same & ~np.eye(len(rows), dtype=bool)], cosines[~same]
    accepted = float(np.mean(own > np.quantile(others, 0.99)))
    return {"TAR at FAR .01": accepted, "same person, cosine": float(own.mean()), "others, cosine": float(others.mean())}


def zero_shot(clip: ClipReader, pictures: list[Picture], drawn: np.ndarray) -> dict[str, float]:
    """Share of right answers by CLIP, aspect by aspect."""
    vectors, answers = clip.images([Image.fromarray(pixels) for pixels in drawn]), {}
    for aspect, labels in LABELS.items():
        answers[aspect] = [labels[nearest] for nearest in np.argmax(vectors @ clip.labels(labels).T, axis=1)]
    return hits("CLIP", answers, [truth(picture) for picture in pictures])


def hits(who: str, answers: dict[str, list[str]], right: list[dict[str, str | None]]) -> dict[str, float]:
    """Share of right answers where the picture shows the aspect; a person taken for another sex is still no thing."""
    found = {aspect: _agreement(said, [each[aspect] for each in right]) for aspect, said in answers.items()}
    kinds = [_kind(said) for said in answers["subject"]]
    found["person or thing"] = _agreement(kinds, [_kind(each["subject"]) for each in right])
    return {f"{who} {aspect}": share for aspect, share in found.items()}


def _agreement(said: Sequence[str | None], right: Sequence[str | None]) -> float:
    return float(np.mean([a == b for a, b in zip(said, right, strict=True) if b is not None]))


def _kind(subject: str | None) -> str | None:
    return None if subject is None else "person" if subject in PEOPLE else "thing"


def obedience(judge: Judge, faces: FaceReader, weights: Path, rng: np.random.Generator, count: int) -> dict[str, float]:
    """What the base paints, as judge and detector see it, with the profile's steps and guidance."""
    asked = [_asked(rng) for _ in range(count)]
    painted = paint(weights, [_prompt(picture) for picture in asked], rng)
    close = [i for i, picture in enumerate(asked) if picture.figures and picture.scene.framing in ("close-up", "portrait")]
    seen = float(np.mean([bool(faces.read(painted[i])) for i in close]))
    return hits("base obeys", judge.answers(painted), [shown(picture) for picture in asked]) | {"base paints a face": seen}


def paint(weights: Path, prompts: list[str], rng: np.random.Generator) -> np.ndarray:
    """(n, 64, 64, 3) uint8, each from noise of its own."""
    profile = load_profile(str(weights / "base"))
    pipeline = FluxPipeline.from_pretrained(weights / "base", dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    painted = []
    for start in range(0, len(prompts), profile.batch):
        texts = prompts[start : start + profile.batch]
        painted += list(
            pipeline(
                texts,
                height=profile.resolution[0],
                width=profile.resolution[1],
                num_inference_steps=profile.steps,
                guidance_scale=profile.guidance,
                max_sequence_length=profile.max_sequence_length,
                generator=[torch.Generator().manual_seed(int(rng.integers(2**31))) for _ in texts],
                output_type="np",
            ).images
        )
    return (np.stack(painted) * 255).round().astype(np.uint8)


def _asked(rng: np.random.Generator) -> Picture:
    """Three in four are of one person, the others of a thing."""
    scene = sample_scene(rng)
    bare = Scene(scene.background, scene.light, scene.framing, ())
    if rng.random() < 0.75:
        return Picture((sample_figure(rng, sample_person(rng)),), None, bare, 0)
    return Picture((), str(rng.choice(ANIMALS + OBJECTS)), bare, 0)


def _prompt(picture: Picture) -> str:
    """Names the hair, the outfit, the pose and the scene of a person, and of a thing the scene."""
    where = f"{place_and_time(picture.scene)}, {picture.scene.framing}"
    if picture.thing:
        return f"{article(picture.thing)} {where}"
    figure = picture.figures[0]
    return f"a {figure.person.sex} with {hair(figure.person)} wearing {article(figure.outfit)} {DOING[figure.pose]} {where}"


def main(arguments: list[str] | None = None) -> None:
    for name, value in report().items():
        print(f"{name:28} {value:.3f}")
