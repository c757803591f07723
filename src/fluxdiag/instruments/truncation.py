"""Does the rank do harm? The LoRA cut to the highest rank of its base's band: if bleed falls and the person stays, it did.

Each layer's cut is the best approximation of its rank (Eckart & Young 1936), so what is lost is what the rank had room for.
"""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.likeness import likeness
from fluxdiag.instruments.paired import gained
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

ARMS = {"rank.truncated-identity": "trigger", "rank.truncated-bleed": "class"}
PARTS = {key: ("base", f"{arm}/rank-*") for key, arm in ARMS.items()}


@instrument(gives=tuple(ARMS), arms=("trigger", "class"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    rank, high = tables.case.lora.rank_max, round(tables.bands["rank"].high)
    if rank <= high:
        raise CannotMeasure(f"the LoRA's rank, {rank}, is not above {high}")
    person = likeness(tables)
    for key, arm in ARMS.items():
        yield gained(person, key, arm, f"rank-{high}", f"no images were made at rank {high}; `--suite full` makes them")
