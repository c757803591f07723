"""When two runs may be laid side by side: the same questions, the same base, the same eyes, the same person."""

from __future__ import annotations

from fluxdiag.errors import RunMismatch
from fluxdiag.records import Case, GatherInfo
from fluxdiag.runs import Run, sha256_text


def refuse_incomparable(new: Run, old: Run) -> None:
    """Raises RunMismatch naming what differs, where prompts or the scale would not mean the same in both runs."""
    now, before = _conditions(new), _conditions(old)
    different = [f"{name} ({before[name]} before, {now[name]} now)" for name in now if now[name] != before[name]]
    if different:
        raise RunMismatch(
            f"cannot be compared with {new.folder}, for these differ: {', '.join(different)}",
            where=str(old.folder),
            do="Give a run with the same probes, base, sampler and references",
        )


def remarks(new: Run, old: Run) -> tuple[str, ...]:
    """What differs and does not forbid a comparison, but may have moved a number."""
    now, before = new.gather_info(), old.gather_info()
    pairs = {
        "strength differs": (old.case().strength, new.case().strength),
        "device differs": (before.device, now.device),
        "batch differs": (before.batch, now.batch),
        "CLIP model differs": (before.clip_model, now.clip_model),
        "library versions differ": (_versions(before), _versions(now)),
    }
    return tuple(f"The {name}: {was} before, {is_} now" for name, (was, is_) in pairs.items() if was != is_)


def _versions(made: GatherInfo) -> str:
    return ", ".join(f"{library} {version}" for library, version in sorted(made.versions.items())) or "none noted"


def _conditions(run: Run) -> dict[str, str]:
    """The seeds are the suite's, so its digest covers them."""
    case, made = run.case(), run.gather_info()
    return {
        "probes": f"{made.suite} {made.suite_sha256[:12]}",
        "base": case.base,
        "sampler": f"{made.resolution[0]}x{made.resolution[1]}, {made.steps} steps, guidance {made.guidance}, {made.precision}",
        "face model": f"{made.face_pack}, from {made.smallest_face} px",
        "references": _references(case, made),
        "class word": str(case.class_word.value),
    }


def _references(case: Case, made: GatherInfo) -> str:
    photos = sorted(photo.sha256 for photo in case.references)
    return f"{len(photos)} photos {sha256_text(' '.join(photos))[:12]}, {made.reference_faces} faces" if photos else "none"
