"""The one stage that needs a GPU: pictures, faces, CLIP embeddings and losses. Writes shots, arrays and, last, gather.json.

Whatever is there already is not made again, so the same call after a kill goes on where the run was. All of a suite is drawn
at once (`gathering/pictures.py`), or in rounds until the verdict is settled (`gathering/in_rounds.py`).
"""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from fluxdiag.at_hand import refuse_without_clip
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.gathering.base_cache import cache_folder as cache_folder
from fluxdiag.gathering.base_cache import cached
from fluxdiag.gathering.pictures import parts_of_case as parts_of_case
from fluxdiag.gathering.pictures import planned as planned
from fluxdiag.instruments.parts import LOSSES, parts_for
from fluxdiag.plan import Estimate, Plan, Task, estimate
from fluxdiag.profiles import beside, profile_of
from fluxdiag.records import Case, GatherInfo, Suite
from fluxdiag.runs import Run, sha256_file
from fluxdiag.suites import USUAL, extended, load_suite, probes_folder
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

    Looked at and written under the folder's lock, so that of two LoRAs that are started at once one is refused. Not while another
    process draws there: its pictures would then be taken for this case's.
    """
    if run.case_file.exists() and run.case() == case:
        return False
    try:
        run.folder.mkdir(parents=True, exist_ok=True)  # what is not there cannot be locked
        with run.alone():
            refuse_foreign(run, case)
            new = not run.case_file.exists()
            run.write(run.case_file, case)
    except OSError as error:
        raise FluxdiagError(f"cannot be written ({error.strerror})", where=str(run.folder), do="Choose another --out") from error
    return new


def last_gathering(run: Run) -> GatherInfo | None:
    """What the last one said of itself, also where the case was changed since: with which suite, and whether all of it.

    None where none was finished, or its record cannot be read.
    """
    try:
        return GatherInfo.model_validate_json(run.gather_file.read_bytes())
    except (OSError, ValidationError):
        return None


def own_suite(run: Run) -> str:
    """The suite that the run was drawn with, as `load_suite` takes it; quick where nothing was drawn to the end.

    Raises FluxdiagError where that suite is not here, or is not the one any more: another would make another run of it.
    """
    last = last_gathering(run)
    if last is None and run.gather_file.exists():
        what = "cannot be read, so with which suite the run was drawn is not known"
        raise FluxdiagError(what, where=str(run.gather_file), do=f"Say it: --suite {USUAL}, or whichever it was")
    if last is None:
        return USUAL
    name = last.suite_file or last.suite
    try:
        _, file = load_suite(name)
    except FluxdiagError as error:
        what = f"the run was drawn with the suite {name}, which cannot be read here: {error.what}"
        raise FluxdiagError(what, where=str(run.folder), do="Say with --suite where it lies now") from error
    if sha256_file(file) != last.suite_sha256:
        what = f"the run was drawn with the suite {name}, which has changed since"
        raise FluxdiagError(what, where=str(run.folder), do=f"`--suite {name}` draws it as it is now")
    return name


def announce(case: Case, suite: Suite, run: Run, keys: tuple[str, ...] = (), shared: Container[str] = ()) -> Estimate:
    """What gathering will take from here on; with `keys` only of what these are made from.

    `shared` are keys of the base's own pictures that others will have drawn by then.
    """
    from fluxdiag.engines.encoders import best_device

    drawing = planned(case, suite)
    if keys:
        parts = parts_for(keys, parts_of_case(case, suite))
        suite = suite if any(part.startswith(LOSSES) for part in parts) else suite.model_copy(update={"losses": None})
        drawing = Plan(tuple((task,) for task in drawing.tasks if task.part in parts), drawing.gaps)
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
    suite_name: str = USUAL,
    progress: Progress | None = None,
    thorough: bool = True,
    decided: tuple[str, ...] = (),
    held: Held | None = None,
) -> GatherInfo:
    """What measuring needs, from the case in the run folder; unless `thorough`, only until the verdict is settled.

    `decided` are measurements that are wanted beyond the suite; with `held` the base of earlier calls serves again.
    Raises WeightsMissing.
    """
    _, file = load_suite(suite_name)
    digest, own = sha256_file(file), None if file.parent == probes_folder() else str(file.resolve())
    asked, decided = asked_of(run, suite_name, decided), _decided(run, digest, decided)
    if thorough:
        return gather_suite(run, asked, digest, progress, held, decided, suite_file=own)
    from fluxdiag.gathering.in_rounds import gather_by_looks

    with run.alone():
        return gather_by_looks(run, asked, digest, progress, decided, held, own)


def asked_of(run: Run, suite_name: str, decided: tuple[str, ...] = ()) -> Suite:
    """The suite and what is drawn beyond it."""
    suite, file = load_suite(suite_name)
    return extended(suite, _decided(run, sha256_file(file), decided))


def _decided(run: Run, suite_sha256: str, wanted: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What is wanted beyond the suite; what was drawn beyond it before stays part of the run."""
    before = run.gather_info().decided if holds(run, suite_sha256) else ()
    return tuple(dict.fromkeys((*before, *wanted)))


def gather_suite(
    run: Run,
    suite: Suite,
    suite_sha256: str,
    progress: Progress | None = None,
    held: Held | None = None,
    decided: tuple[str, ...] = (),
    faces_only: bool = False,
    suite_file: str | None = None,
) -> GatherInfo:
    """All of a suite, also of one that is no file. With `held`, models of earlier calls serve again.

    `faces_only`: without CLIP and the audit of the photos, for a LoRA that is only compared with others by its faces.
    """
    from fluxdiag.gathering.pictures import Gathering

    with run.alone():
        gathering = Gathering(run, suite, progress, held, faces_only)
        drawing = gathering.rest() if _stopped_early(run, suite_sha256) else gathering.drawing
        gathering.draw(drawing, gathering.requests)
        return gathering.finish(drawing, suite_sha256, decided=decided, suite_file=suite_file)


def _stopped_early(run: Run, suite_sha256: str) -> bool:
    return holds(run, suite_sha256) and run.gather_info().stopped is not None


def _there(run: Run, drawing: Plan, shared: Container[str]) -> list[Task]:
    from fluxdiag.engines.studio import image_file

    return [t for t in drawing.tasks if image_file(run, t).exists() or cached(t) or t.base_key in shared]
