"""What Civitai's upload form asks, as JSON to copy from. What only the uploader can answer for stays null.

So do epochs: a case keeps none, for headers count them differently (OneTrainer's are those that were planned).
"""

from __future__ import annotations

import json
from html import escape

from fluxdiag.gating.publishing import Publication, said_of_scale
from fluxdiag.gating.words import line
from fluxdiag.records import Case
from fluxdiag.rules.signs import measured

BASE_MODELS = {"flux1-dev": "Flux.1 D"}
ATTESTATIONS = ("poi", "minor", "nsfw")
"""real person, minor, adult content: never guessed, neither from pictures nor from captions"""


def civitai(publication: Publication) -> str:
    case = publication.case
    fields = {
        "schema": 1,
        "trainedWords": [publication.trigger] if publication.trigger is not None else [],
        "baseModel": BASE_MODELS.get(case.profile),
        "steps": _steps(case),
        "epochs": None,
        "settings": {"strength": case.strength, "minStrength": None, "maxStrength": None},
        "description": _description(publication),
        **dict.fromkeys(ATTESTATIONS),
        "you_must_answer": list(ATTESTATIONS),
        "gate": publication.gate.status,
    }
    return json.dumps(fields, indent=2, allow_nan=False) + "\n"


def _steps(case: Case) -> int | None:
    fact = case.settings.get("steps")
    try:
        return None if fact is None else int(fact.value)
    except (ValueError, OverflowError):
        return None


def _description(publication: Publication) -> str:
    """Only tags that the site keeps: p, strong, ul, li, code."""
    gate = publication.gate
    trigger = "" if publication.trigger is None else f"<p>Trigger: <code>{escape(publication.trigger)}</code></p>"
    numbers = "".join(f"<li>{escape(name)}: {escape(line(measured(found)))}</li>" for name, found in publication.shown)
    gated = f"<p>fluxdiag gate <code>{escape(line(gate.policy))}</code>: <strong>{gate.status}</strong>.</p>"
    scale = f"<p>{escape(said_of_scale(publication))}</p>" if numbers else ""
    return trigger + gated + (f"<ul>{numbers}</ul>{scale}" if numbers else "")
