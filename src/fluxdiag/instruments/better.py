"""Which way each measurement is better, for whoever lays two runs side by side. What has no better side is not in here."""

from __future__ import annotations

from typing import Literal

Way = Literal["rise", "fall"]

CALLED = ("identity.trigger", "identity.both", "consistency.trigger", "trigger.effect")
UNCALLED = ("identity.class", "identity.description", "description.effect", "description.advantage")
BLEED = tuple(f"bleed.{whom}" for whom in ("class", "same-sex", "other-sex", "group", "animal", "object", "scene"))
KNOWN = ("identity.trigger-base",)
"""what the base itself paints for the word: another word may be told better"""
ASKED = tuple(f"obedience.{aspect}" for aspect in ("background", "outfit", "light", "framing"))

BETTER: dict[str, Way] = {
    **dict.fromkeys((*CALLED, *ASKED, "variety.within-prompt", "faces.measurable.trigger"), "rise"),
    **dict.fromkeys((*UNCALLED, *BLEED, *KNOWN, "drift.unrelated", "leak.nearest"), "fall"),
    **dict.fromkeys(("loss.binding", "loss.heldout-gain"), "rise"),
    **dict.fromkeys(("loss.gap", "loss.face-share"), "fall"),
}
