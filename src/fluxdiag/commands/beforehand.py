"""What drawing will take, and what is missing for it: said before anything is drawn, by every command that draws."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.commands.talk import say
from fluxdiag.errors import FluxdiagError

if TYPE_CHECKING:
    from fluxdiag.records import Case, Suite
    from fluxdiag.runs import Run

LAYERS_ASKED = 20
"""of the LoRA, for their width: they have one in common"""


def announce(case: Case, run: Run, suite: str, thorough: bool, dry_run: bool = False) -> None:
    """What is not known and what it will take. Raises FluxdiagError for a suite that is none, RunMismatch for another's run."""
    from fluxdiag.case import SETTINGS
    from fluxdiag.gather import refuse_foreign
    from fluxdiag.suites import load_suite

    questions, _ = load_suite(suite)
    refuse_foreign(run, case)
    for gap in sorted(case.gaps.keys() - set(SETTINGS)):
        say(f"note: {gap}: {case.gaps[gap]}")
    if dry_run:
        say_what_is_missing(case)
    say_of_strangers(case)
    say_of_another_width(case)
    say_cost(case, run, questions, thorough)


def say_of_strangers(case: Case) -> None:
    """Before hours go into it: likeness would be measured against the wrong person, or against two."""
    from fluxdiag.audit import Models, strangers_of, told_of_references
    from fluxdiag.dataset.audit.cache import Cache
    from fluxdiag.gathering.base_cache import photo_cache_folder
    from fluxdiag.profiles import profile_of

    try:
        models = Models.of(profile_of(case), case.base, case.face_pack)
        told = told_of_references(case, strangers_of(case, models, Cache(photo_cache_folder())))
    except FluxdiagError:  # of a face pack that is not here, or is none: said where it is needed
        return
    if told is not None:
        say(f"wrong person: {told}. Likeness is held against all of them: put it right (--references) before hours go into it")


def say_cost(case: Case, run: Run, suite: Suite, thorough: bool) -> None:
    """Images, time, memory and disk of what is not there yet."""
    from fluxdiag.gather import announce as estimated

    cost = estimated(case, suite, run)
    say(cost.sentence if thorough else cost.early)
    say_of_little_room(case, run.folder, cost.disk_gb)


def say_what_is_missing(case: Case) -> None:
    """A dry run may be made on another machine than the real one, so weights that are missing here are only said."""
    from fluxdiag.at_hand import face_pack_folder, refuse_without_clip
    from fluxdiag.bases import base_check
    from fluxdiag.profiles import beside, load_profile

    profile = load_profile(case.base)
    base = base_check(case.base, profile)
    if not base.ok:
        say(f"missing: {base.found}. {base.repair}")
    for needed in (
        lambda: face_pack_folder(case.face_pack or beside(case.base, profile.face_pack)),
        lambda: refuse_without_clip(beside(case.base, profile.clip_model)),
    ):
        try:
            needed()
        except FluxdiagError as missing:
            say(f"missing: {missing}")


def say_of_little_room(case: Case, out: Path, wanted: float) -> None:
    """Before hours go into it. What is wanted is reckoned, so it is only said."""
    from fluxdiag.at_hand import hub
    from fluxdiag.bases import base_folder, is_hub_id
    from fluxdiag.plan import size
    from fluxdiag.profiles import profile_of

    needs = [(out, wanted, "the pictures take")]
    if is_hub_id(case.base) and base_folder(case.base) is None:
        needs.append((hub(), profile_of(case).cost.download_gb, "the base takes"))
    for folder, gigabytes, what in needs:
        free = shutil.disk_usage(next(place for place in (folder, *folder.absolute().parents) if place.is_dir())).free / 1e9
        if free < gigabytes:
            say(f"little room: {what} about {size(gigabytes)}, and {size(free)} are free in {folder}")


def say_of_another_width(case: Case) -> None:
    """Before hours go into it: nothing of such a LoRA fits any layer, which is all that the pictures would tell."""
    from fluxdiag.doctor import other_width
    from fluxdiag.lora import read_lora

    if other := other_width(case.base, islice(read_lora(Path(case.lora.path)).modules.values(), LAYERS_ASKED)):
        say(f"wrong base: {case.base}: {other}. Give the base that it was trained on (--base)")
