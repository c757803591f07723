"""A run folder as gather would have left it, for a LoRA whose truth is known. Embeddings are simulated; the files are real."""

import itertools
from dataclasses import dataclass, field

import numpy as np

from fluxdiag.records import Case, FaceReading, Fact, GatherInfo, LoraFile, Photo, Shot, Span
from fluxdiag.runs import Run, sha256_file, sha256_text, write_arrays
from fluxdiag.suites import ARMS, ask, load_suite, strength_factor, subject_phrase

DIM = 64
ASPECTS = ("background", "light", "framing", "outfit")
SUITE, _ = load_suite("quick")

HEALTHY = {"trigger": 0.6, "class": 0.12, "description": 0.2, "both": 0.6, "contrast": 0.6}
OVERCAPTIONED = {"trigger": 0.12, "class": 0.08, "description": 0.35, "both": 0.35, "contrast": 0.12}
STEPS = 1950


@dataclass(frozen=True)
class Truth:
    """What the made-up LoRA does: cosine to the person by arm, percent of base loss by (split, prompt)."""

    likeness: dict[str, float]
    gains: dict[tuple[str, str], float] = field(default_factory=dict)
    described: bool = False
    references: int = 8
    photos: int = 16
    trigger: bool = True
    no_face: frozenset[str] = frozenset()
    stuck_background: bool = False
    at_strength: dict[str, float] = field(default_factory=lambda: {"strength-0.5": 0.6, "strength-1.5": 1.05})
    """times the likeness at the whole strength"""


HEALTHY_GAINS = {("training", "trigger"): 24, ("held-out", "trigger"): 5, ("held-out", "class"): 1, ("training", "class"): 3}
OVERCAPTIONED_GAINS = {
    ("training", "trigger"): 13,
    ("held-out", "trigger"): -1,
    ("held-out", "class"): -1.4,
    ("training", "class"): 2,
}


class Simulation:
    """Writes the run folder that gather would have left for a LoRA with this truth."""

    def __init__(self, folder, truth: Truth, seed: int = 0) -> None:
        self.run, self.truth, self.rng = Run(folder), truth, np.random.default_rng(seed)
        self.person = self._unit(self.rng.normal(size=DIM))
        self.labels = {
            aspect: sorted({getattr(p, aspect) for probe in SUITE.probes for p in probe.prompts} - {None}) for aspect in ASPECTS
        }
        self.texts = {label: self._unit(self.rng.normal(size=DIM)) for labels in self.labels.values() for label in labels}

    @staticmethod
    def _unit(vector):
        return vector / np.linalg.norm(vector)

    def face(self, likeness: float):
        """A face at (nearly) this cosine to the person."""
        noise = self.rng.normal(size=DIM)
        other = self._unit(noise - (noise @ self.person) * self.person)
        likeness = float(np.clip(likeness + self.rng.normal(0, 0.04), -1, 1))
        return likeness * self.person + np.sqrt(1 - likeness**2) * other

    def case(self) -> Case:
        spans = (Span(start=0, end=10, text="brown hair", kind="hair"),) if self.truth.described else ()
        photos = tuple(
            Photo(path=f"p{i}.png", sha256=f"photo{i}", caption="brown hair in a park, ohwx woman", appearance=spans)
            for i in range(self.truth.photos)
        )
        return Case(
            lora=LoraFile(
                path="x.safetensors",
                sha256="0" * 64,
                dialect="kohya",
                trainer="sd-scripts",
                modules=44,
                text_encoder_modules=0,
                rank_min=16,
                rank_median=16,
                rank_max=16,
                alpha_over_rank=1.0,
                parameters=1000,
                delta_norm=2.0,
            ),
            base="/nowhere",
            profile="flux1-dev",
            strength=1.0,
            trigger=Fact(value="ohwx woman", source="header") if self.truth.trigger else None,
            class_word=Fact(value="woman", source="header"),
            description="brown hair" if self.truth.described else None,
            settings={
                "steps": Fact(value=STEPS, source="header"),
                "learning_rate": Fact(value="1e-4", source="header"),
                "batch_size": Fact(value=2, source="header"),
                "images": Fact(value=16, source="header"),
                "regularisation_images": Fact(value=60, source="header"),
            },
            photos=photos,
            references=tuple(Photo(path=f"r{i}.png", sha256=f"ref{i}") for i in range(self.truth.references)),
            reference_source="held-out" if self.truth.references else "none",
            gaps={"description": "the captions name no appearance"} if not self.truth.described else {},
        )

    def likeness(self, arm: str) -> float:
        return self.truth.likeness.get(arm, 0.0)

    def write(self) -> Run:
        case = self.case()
        self.run.write(self.run.case_file, case)
        shots, faces, clip = [], {}, {}
        for probe in SUITE.probes:
            for arm in (ARMS[name] for name in probe.arms):
                subject = subject_phrase(case, arm.subject)
                if subject is None:
                    continue
                asked = itertools.product(probe.variants, probe.prompts, probe.seeds)
                shots += [self._shot(probe.name, arm, *each, subject, faces, clip) for each in asked]
        for photo in case.photos:
            clip[f"photo:{photo.sha256}"] = self._unit(self.rng.normal(size=DIM))
        self.run.write_shots(shots)
        write_arrays(self.run.arrays_folder / "faces.npz", faces)
        write_arrays(self.run.arrays_folder / "clip.npz", clip)
        write_arrays(self.run.arrays_folder / "labels.npz", self._label_arrays())
        if self.truth.references:
            references = np.stack([self.face(0.9) for _ in range(self.truth.references)]).astype(np.float32)
            names = np.array([f"ref{i}" for i in range(self.truth.references)])
            write_arrays(self.run.arrays_folder / "references.npz", {"sha256": names, "embeddings": references})
        if self.truth.gains:
            write_arrays(self.run.arrays_folder / "losses.npz", self._losses())
        self.run.write(self.run.gather_file, self._info(len(shots)))
        return self.run

    def _label_arrays(self):
        arrays = {}
        for aspect, labels in self.labels.items():
            arrays[aspect] = np.array(labels)
            arrays[f"{aspect}:text"] = np.stack([self.texts[label] for label in labels]).astype(np.float32)
        return arrays

    def _shot(self, probe, arm, variant, prompt, seed, subject, faces, clip) -> Shot:
        text = ask(prompt, subject)
        name = f"{arm.name}-{prompt.id}-{seed}" + ("" if variant == "full" else f"-{variant}")
        asked = {aspect: getattr(prompt, aspect) for aspect in ASPECTS if getattr(prompt, aspect)}
        if self.truth.stuck_background and arm.subject == "trigger" and arm.lora:
            asked["background"] = "studio"
        content = sum((self.texts[label] for label in asked.values()), start=np.zeros(DIM))
        clip[name] = self._unit(content + self.rng.normal(0, 0.06, size=DIM)).astype(np.float32)
        count = {"person": 1, "man": 1, "woman": 1, "group": 2}.get(prompt.kind, 0)
        if f"{arm.name}/{prompt.id}" in self.truth.no_face:
            count = 0
        if count:
            faces[name] = np.stack(
                [self.face(self.likeness(arm.name) * self.truth.at_strength.get(variant, 1.0)) for _ in range(count)]
            ).astype(np.float32)
        return Shot(
            id=name,
            probe=probe,
            arm=arm.name,
            prompt_id=prompt.id,
            prompt=text,
            kind=prompt.kind,
            seed=seed,
            lora=arm.lora,
            variant=variant,
            strength=strength_factor(variant) if arm.lora else 0.0,
            file=f"shots/{name}.png",
            outcome="ok" if count else "no-face",
            faces=tuple(FaceReading(box=(0, 0, 80, 80), score=0.9, height=80, yaw=0.0) for _ in range(count)),
        )

    def _losses(self):
        rows = []
        for (split, prompt), gain in self.truth.gains.items():
            for photo in range(12):
                for sigma in SUITE.losses.sigmas:
                    for noise in range(2):
                        off = self.rng.uniform(0.5, 1.5)
                        on = off * (1 - (gain + self.rng.normal(0, 1)) / 100)
                        for lora, loss in ((False, off), (True, on)):
                            rows.append((f"{split}{photo}", split, prompt, sigma, noise, lora, loss, loss, loss))
        columns = ("photo", "split", "prompt", "sigma", "noise", "lora", "loss", "face", "background")
        return {name: np.array(column) for name, column in zip(columns, zip(*rows, strict=True), strict=True)}

    def _info(self, shots: int) -> GatherInfo:
        return GatherInfo(
            case_sha256=sha256_file(self.run.case_file),
            suite="quick",
            suite_sha256=sha256_text("quick"),
            shots=shots,
            modules_adapted=44,
            delta_error=1e-6,
            device="cpu",
            precision="float32",
            resolution=(96, 96),
            steps=20,
            guidance=3.5,
            batch=4,
            face_pack="eyes",
            face_provider="CPUExecutionProvider",
            smallest_face=64,
            clip_model="clip",
            reference_faces=self.truth.references,
            versions={},
            seconds={},
            gaps={} if self.truth.gains else {"losses": "there are no photos to probe"},
        )


def gathered(folder, truth: Truth) -> Run:
    return Simulation(folder, truth).write()
