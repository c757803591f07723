"""A trigger by all that is on this machine: CLIP's vocabulary, and the base's own tokenizers where its folder is known."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

from fluxdiag.dataset.base_tokens import base_tokens
from fluxdiag.dataset.base_tokens import reasons as token_reasons
from fluxdiag.dataset.trigger_score import TriggerScore, merges, score


def judge_trigger(trigger: str, base: Path | None = None) -> TriggerScore:
    """By CLIP's own vocabulary, which open_clip ships as a file; nothing of open_clip is loaded. And by the base's tokenizers."""
    found = importlib.util.find_spec("open_clip")
    file = Path(found.origin or "").parent / "bpe_simple_vocab_16e6.txt.gz" if found else None
    if file is None or not file.is_file():
        judged = TriggerScore(None, ("not judged: CLIP's vocabulary is not installed",), ())
    else:
        judged = score(trigger, merges(file))
    tokens = {} if base is None else base_tokens(trigger, base)
    return replace(judged, reasons=(*judged.reasons, *token_reasons(tokens)), tokens=tokens)
