"""The one stage that needs a GPU: pictures, faces, CLIP embeddings and losses. Writes shots, arrays and, last, gather.json.

Whatever is there already is not made again, so the same call after a kill goes on where the run was. All of a suite is drawn
at once (`gathering/pictures.py`), or in rounds until the verdict is settled (`gathering/in_rounds.py`).
"""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.at_hand import refuse_without_clip
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.gathering.base_cache import cache_folder as cache_folder
from fluxdiag.gathering.base_cache import cached
from fluxdiag.gathering.pictures import parts_of_case as parts_of_case
from fluxdiag.gathering.pictures import planned as planned
from fluxdiag.plan import Estimate, Plan, Task, estimate
from fluxdiag.profiles import beside, profile_of
from fluxdiag.records import Case, GatherInfo, Suite
from fluxdiag.runs import Run, sha256_file
from fluxdiag.suites import extended, load_suite
from fluxdiag.weighing.calibration import digest_of_weights

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Held, Progress


def refuse_foreign(run: Run, case: Case) -> None:
    """Raises RunMismatch when the folder is another LoRA's, or its faces were read by another pack."""
    if not run.case_file.exists():
        return
    old = run.case()
    if old.lora.sha256 != case.lora.sha256:
        raise RunMismatch(
            f"this run folder belongs to another LoRA ({Path(old.lora.path).name})",
            where=str(run.folder),
            do="Choose another --out",
        )
    if run.gather_file.exists() and old.face_pack != case.face_pack:
        raise RunMismatch("its faces were read by another face pack", where=str(run.folder), do="Choose another --out")


def start(run: Run, case: Case) -> bool:
    """Puts the case into the run folder; whether the folder is new. Raises RunMismatch when it is another LoRA's.

    Not while another process draws there: its pictures would then be taken for this case's.
    """
    refuse_foreign(run, case)
    new = not run.case_file.exists()
    try:
        if new or run.case() != case:
            with run.alone():
                run.write(run.case_file, case)
    except OSError as error:
        raise FluxdiagError(f"cannot be written ({error.strerror})", where=str(run.folder), do="Choose another --out") from error
    return new


def announce(case: Case, suite: Suite, run: Run, shared: Container[str] = ()) -> Estimate:
    """What gathering will take from here on. `shared` are keys of the base's own pictures that others will have drawn by then."""
    from fluxdiag.engines.encoders import best_device

    drawing = planned(case, suite)
    return estimate(drawing, _there(run, drawing, shared), case, suite, best_device().type)


def is_gathered(run: Run, suite_file: Path, thorough: bool = True) -> bool:
    """Whether all that the suite asks of this case lies in the run folder; unless `thorough` also what stopped early on it.

    What stopped under other weights of evidence than today's is looked at again.
    """
    if not holds(run, sha256_file(suite_file)):
        return False
    info = run.gather_info()
    if "clip" in info.gaps and _clip_is_here(run.case()):
        return False  # it was missing then; what was drawn stays
    stopped = info.stopped
    return stopped is None or (not thorough and stopped.weights == digest_of_weights(run.case().base))


def _clip_is_here(case: Case) -> bool:
    try:
        refuse_without_clip(beside(case.base, profile_of(case).clip_model))
    except FluxdiagError:
        return False
    return True


def holds(run: Run, suite_sha256: str) -> bool:
    """Whether the run folder was gathered with the suite of this digest, and the case is still the same."""
    try:
        return run.gather_info().suite_sha256 == suite_sha256
    except FluxdiagError:
        return False


def gather(
    run: Run,
    suite_name: str = "quick",
    progress: Progress | None = None,
    thorough: bool = True,
    decided: tuple[str, ...] = (),
    held: Held | None = None,
) -> GatherInfo:
    """What measuring needs, from the case in the run folder; unless `thorough`, only until the verdict is settled.

    `decided` are measurements that are wanted beyond the suite; with `held` the base of earlier calls serves again.
    Raises WeightsMissing.
    """
    suite, suite_file = load_suite(suite_name)
    if holds(run, sha256_file(suite_file)):  # what was drawn beyond the suite before stays part of the run
        decided = tuple(dict.fromkeys((*run.gather_info().decided, *decided)))
    asked = extended(suite, decided)
    if thorough:
        return gather_suite(run, asked, sha256_file(suite_file), progress, held, decided)
    from fluxdiag.gathering.in_rounds import gather_by_looks

    with run.alone():
        return gather_by_looks(run, asked, sha256_file(suite_file), progress, decided, held)


def gather_suite(
    run: Run,
    suite: Suite,
    suite_sha256: str,
    progress: Progress | None = None,
    held: Held | None = None,
    decided: tuple[str, ...] = (),
    faces_only: bool = False,
) -> GatherInfo:
    """All of a suite, also of one that is no file. With `held`, models of earlier calls serve again.

    `faces_only`: without CLIP and the audit of the photos, for a LoRA that is only compared with others by its faces.
    """
    from fluxdiag.gathering.pictures import Gathering

    with run.alone():
        gathering = Gathering(run, suite, progress, held, faces_only)
        drawing = gathering.rest() if _stopped_early(run, suite_sha256) else gathering.drawing
        gathering.draw(drawing, gathering.requests)
        return gathering.finish(drawing, suite_sha256, decided=decided)


def _stopped_early(run: Run, suite_sha256: str) -> bool:
    return holds(run, suite_sha256) and run.gather_info().stopped is not None


def _there(run: Run, drawing: Plan, shared: Container[str]) -> list[Task]:
    from fluxdiag.engines.studio import image_file

    return [t for t in drawing.tasks if image_file(run, t).exists() or cached(t) or t.base_key in shared]
