"""The Hugging Face model card: a block between two markers and a few keys of the front matter. Idempotent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from fluxdiag.errors import FluxdiagError
from fluxdiag.gating.frontmatter import Parts, parsed, split, with_keys
from fluxdiag.gating.publishing import Publication, said_of_scale
from fluxdiag.gating.words import code, plain
from fluxdiag.records import Shot
from fluxdiag.reporting.words import text
from fluxdiag.rules.signs import measured, number

START, END = "<!-- fluxdiag:start -->", "<!-- fluxdiag:end -->"
MARKER = re.compile(r"<!--\s*fluxdiag:(start|end)\s*-->")
TAGS = ("text-to-image", "diffusers", "lora", "flux", "template:sd-lora")
PROBES = "fluxdiag-probes"
"""the dataset type by which our entries in model-index are known again"""
SAMPLE = "fluxdiag-sample-"

Samples = Iterable[tuple[Shot, str]]


def card(existing: str, publication: Publication, samples: Samples, where: str) -> str:
    """The card with our block and keys in it. Raises FluxdiagError, and nothing is lost, where it cannot be added to safely."""
    first = re.search(r"\r?\n", existing)
    newline = first[0] if first else "\n"
    samples = list(samples)
    parts = split(existing, newline, where)
    keys = _keys(parsed(parts.head, where), publication, samples, where)
    head = with_keys(parts.head, keys, newline, where)
    gallery = bool(samples) and "<Gallery" not in MARKED.sub("", parts.body)
    body = _with_block(parts.body, _block(publication, gallery).replace("\n", newline), newline, where)
    return str(Parts(parts.opening, head, parts.closing, body))


MARKED = re.compile(rf"{START}.*?{END}", re.DOTALL)


# ------------------------------------------------------------------------------------------------ block


def _with_block(body: str, block: str, newline: str, where: str) -> str:
    markers = list(MARKER.finditer(body))
    if not markers:
        apart = "" if not body else newline if body.endswith("\n") else newline * 2
        return body + apart + block + newline
    if [marker[1] for marker in markers] != ["start", "end"]:
        raise FluxdiagError(
            f"has {len(markers)} fluxdiag markers, not one start and one end after it",
            where=where,
            do="Take the markers out, or leave one pair; nothing was written",
        )
    return body[: markers[0].start()] + block + body[markers[1].end() :]


def _block(publication: Publication, gallery: bool) -> str:
    gate = publication.gate
    counted = ", ".join(f"{count} {word}" for word, count in gate.counts.items())
    sections = [
        START,
        *(["<Gallery />"] if gallery else []),
        "## Measured with fluxdiag",
        f"Gate {code(gate.policy)}: **{gate.status.upper()}** ({counted}). {code(gate.sentence)}",
        _numbers(publication),
        "\n".join(f"- {said}" for said in _settings(publication)),
        said_of_scale(publication),
        END,
    ]
    return "\n\n".join(section for section in sections if section)


def _numbers(publication: Publication) -> str:
    rows = [f"| {name} | {plain(measured(found))} | {found.n} |" for name, found in publication.shown]
    return "\n".join(["| measured | value (95% interval, unit) | prompts |", "|---|---|---|", *rows]) if rows else ""


def _settings(publication: Publication) -> Iterable[str]:
    made, case = publication.made, publication.case
    if publication.trigger is not None:
        yield f"Trigger: {code(publication.trigger)}"
    yield f"Strength: {number(case.strength)}"
    size = f"{made.resolution[0]}x{made.resolution[1]}"
    yield f"Pictures: {made.shots} at {size}, {made.steps} steps, guidance {number(made.guidance)}, {code(made.precision)}"
    yield f"Probes: {code(made.suite)}, sha256 {code(made.suite_sha256)}; face model {code(made.face_pack)}"
    yield f"File: {code(publication.gate.lora)}, sha256 {code(publication.gate.lora_sha256)}"


# ------------------------------------------------------------------------------------------------ keys


def _keys(present: Mapping[str, Any], publication: Publication, samples: list[tuple[Shot, str]], where: str) -> dict[str, Any]:
    """The keys to set. What the user wrote stays: lists are added to, and a single value is only given where there is none."""
    single = {
        "pipeline_tag": "text-to-image",
        "library_name": "diffusers",
        "base_model": publication.base,
        "base_model_relation": "adapter" if publication.base else None,
        "instance_prompt": publication.trigger,
    }
    keys: dict[str, Any] = {key: value for key, value in single.items() if value is not None and not present.get(key)}
    keys["tags"] = _added(present.get("tags"), TAGS, where)
    if samples or _ours(present.get("widget"), _is_sample):
        keys["widget"] = [*_theirs(present.get("widget"), _is_sample, "widget", where), *map(_widget, samples)]
    if publication.shown:
        keys["model-index"] = _model_index(present.get("model-index"), publication, where)
    return {key: value for key, value in keys.items() if value or key in present}  # an emptied widget showed our old samples


def _added(present: Any, ours: Iterable[str], where: str) -> list[Any]:
    theirs = [present] if isinstance(present, str) else _theirs(present, lambda _: False, "tags", where)
    return [*theirs, *(tag for tag in ours if tag not in theirs)]


def _theirs(present: Any, ours: Any, key: str, where: str) -> list[Any]:
    if present is not None and not isinstance(present, list):
        raise FluxdiagError(f"its `{key}` is no list", where=where, do="Correct it; nothing was written")
    return [entry for entry in present or [] if not ours(entry)]


def _ours(present: Any, ours: Any) -> bool:
    return isinstance(present, list) and any(ours(entry) for entry in present)


def _is_sample(entry: Any) -> bool:
    output = entry.get("output") if isinstance(entry, dict) else None
    return isinstance(output, dict) and str(output.get("url", "")).startswith(SAMPLE)


def _widget(sample: tuple[Shot, str]) -> dict[str, Any]:
    shot, name = sample
    return {"text": f"{' '.join(text(shot.prompt).split())} (seed {shot.seed})", "output": {"url": name}}


def _model_index(present: Any, publication: Publication, where: str) -> list[Any]:
    """Our results in the card's first model; other results stay. The form is the hub's (`model-index` in its card reference)."""
    models = _theirs(present, lambda _: False, "model-index", where)
    first = models[0] if models else {"name": " ".join(text(publication.gate.lora).split()).removesuffix(".safetensors")}
    if not isinstance(first, dict):
        raise FluxdiagError(
            "its `model-index` holds something that is no model", where=where, do="Correct it; nothing was written"
        )
    others = _theirs(first.get("results"), _is_our_result, "model-index results", where)
    return [{**first, "results": [*others, _result(publication)]}, *models[1:]]


def _is_our_result(entry: Any) -> bool:
    dataset = entry.get("dataset") if isinstance(entry, dict) else None
    return isinstance(dataset, dict) and dataset.get("type") == PROBES


def _result(publication: Publication) -> dict[str, Any]:
    made = publication.made
    suite = " ".join(text(made.suite).split())
    metrics = [
        {"type": found.key, "value": round(found.value, 3), "name": f"{name}: {plain(measured(found))}, n = {found.n} prompts"}
        for name, found in publication.shown
    ]
    dataset = {"type": PROBES, "name": f"fluxdiag probes, {suite}", "revision": made.suite_sha256}
    return {"task": {"type": "text-to-image"}, "dataset": dataset, "metrics": metrics}
