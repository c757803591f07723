"""Before anything is planned: which revision of a base is meant. A hub id that was never fetched has none yet."""

from __future__ import annotations

from huggingface_hub import hf_hub_download

from fluxdiag.bases import INDEX, cached_file, is_hub_id, revision_of
from fluxdiag.engines.encoders import weights_from
from fluxdiag.profiles import Profile


def settle(base: str, profile: Profile) -> None:
    """Fetches the small file that tells a hub id's revision, unless it is in the cache. Raises WeightsMissing.

    Pictures are named by the revision. One that came with the weights, after the pictures were planned, would give them other
    names in the next process, and all of them would be drawn again. What is in the cache stays, though `main` may have moved
    since: the pictures of two runs are of one base until somebody fetches a newer one.
    """
    if not is_hub_id(base) or cached_file(base, INDEX) is not None:
        return
    with weights_from(base, INDEX, profile):
        hf_hub_download(base, INDEX, revision=revision_of(base) or None)
