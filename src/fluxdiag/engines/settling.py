"""Before anything is planned or loaded: which revision of a base is meant, and whether it is one that can be probed."""

from __future__ import annotations

from huggingface_hub import hf_hub_download

from fluxdiag.bases import INDEX, PARTS, base_folder, cached_file, is_hub_id, parts_in, refuse_unfit, revision_of, settings_file
from fluxdiag.engines.encoders import weights_from
from fluxdiag.profiles import Profile


def settle(base: str, profile: Profile) -> None:
    """Fetches a few small files of a hub id, unless they are in the cache, before 34 GB. Raises WeightsMissing.

    Pictures are named by the revision. One that came with the weights, after the pictures were planned, would give them other
    names in the next process, and all of them would be drawn again. What is in the cache stays, though `main` may have moved
    since: the pictures of two runs are of one base until somebody fetches a newer one.
    """
    if is_hub_id(base):
        _fetch(base, INDEX, profile)
        folder = base_folder(base)
        for part in () if folder is None else parts_in(folder).keys() & set(PARTS):
            _fetch(base, settings_file(part), profile)
    refuse_unfit(base)


def _fetch(base: str, name: str, profile: Profile) -> None:
    if cached_file(base, name) is None:
        with weights_from(base, name, profile):
            hf_hub_download(base, name, revision=revision_of(base) or None)
