"""Made-up photos of one person, as the audit has read them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from fluxdiag.dataset.audit.photoset import Seen
from fluxdiag.dataset.audit.reading import EDGES
from fluxdiag.dataset.audit.records import PhotoFace, PhotoFaces, PhotoFacts
from fluxdiag.dataset.duplicates import Fingerprint

DIM = 64


def scaled(vector: np.ndarray) -> np.ndarray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def look(seed: int) -> Fingerprint:
    rng = np.random.default_rng(seed)
    return Fingerprint(hash=rng.bytes(8).hex(), mirrored=rng.bytes(8).hex(), thumbnail=rng.bytes(768).hex())


NO_EDGES = bytes(EDGES**2).hex()
CENTRE = scaled(np.random.default_rng(99).standard_normal(DIM))


def photo(number: int, *, share: float = 0.4, yaw: float = 0.0, centre: np.ndarray = CENTRE, **facts) -> Seen:
    """Another picture for every number, of the same person, whose face lies about `centre`."""
    rng = np.random.default_rng(number)
    vector = scaled(centre + 0.5 * scaled(rng.standard_normal(DIM)))
    face = PhotoFace(box=(0, 0, 9, 9), height=260, share=share, headroom=0.1, yaw=yaw, blur=0.4, embedding=vector.tobytes().hex())
    usual = {"sha256": f"{number}", "format": "PNG", "mode": "RGB", "width": 1200, "height": 1200, "contrast": 0.2, "blur": 0.3}
    lit = {"brightness": rng.uniform(), "warmth": rng.uniform()}
    measured = usual | lit | {"fingerprint": look(number), "edges": NO_EDGES} | facts
    return Seen(f"{number}.png", Path(f"{number}.png"), PhotoFacts(**measured), PhotoFaces(outcome="ok", faces=(face,)))


def copy(seen: Seen, name: str, **facts) -> Seen:
    return replace(seen, name=name, path=Path(name), facts=seen.facts.model_copy(update={"sha256": name} | facts))
