"""What the base's own two tokenizers make of a trigger, read off their files without a model library.

CLIP lies in `tokenizer/`, as `merges.txt` (FLUX.1 [dev]) or as `tokenizer.json`; T5 in `tokenizer_2/` as `tokenizer.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tokenizers import Tokenizer

from fluxdiag.dataset.trigger_score import pieces

FOLDERS = {"CLIP": "tokenizer", "T5": "tokenizer_2"}
UNKNOWN = ("<unk>", "[UNK]", "<|unk|>")
SPECIAL = ("<|startoftext|>", "<|endoftext|>", "</s>", "<pad>", "[PAD]")


def base_tokens(trigger: str, base: Path) -> dict[str, tuple[str, ...]]:
    """Encoder -> the pieces of the trigger; an encoder whose files are not there, or cannot be read, is left out."""
    found = {encoder: _tokens(trigger, base / folder) for encoder, folder in FOLDERS.items()}
    return {encoder: tokens for encoder, tokens in found.items() if tokens}


def _tokens(trigger: str, folder: Path) -> tuple[str, ...]:
    fast, merges = folder / "tokenizer.json", folder / "merges.txt"
    if fast.is_file():
        try:
            return tuple(token for token in Tokenizer.from_file(str(fast)).encode(trigger).tokens if token not in SPECIAL)
        except Exception:  # the library raises nothing narrower for a file that is no tokenizer
            return ()
    ranks = _ranks(merges)
    return tuple(pieces(trigger, ranks)) if ranks else ()


def _ranks(file: Path) -> dict[str, int]:
    """Merged piece -> its rank; empty where there is no list of merges. Its first line may name the version."""
    try:
        first, *lines = file.read_text("utf-8").splitlines() or [""]
    except (OSError, UnicodeDecodeError):
        return {}
    merges = lines if first.startswith("#version") else [first, *lines]
    return {"".join(line.split()): rank for rank, line in enumerate(merges) if len(line.split()) == 2}


def reasons(tokens: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Sentences for the trigger's score: how many tokens, which, and whether a character is unknown."""
    said = []
    for encoder, found in tokens.items():
        parts = " ".join(piece.replace("</w>", "").replace("▁", "") or "▁" for piece in found)
        unknown = ", some of its characters unknown to it" if any(piece in UNKNOWN for piece in found) else ""
        said.append(f"{encoder} of the base reads it as {len(found)} token{'s' * (len(found) > 1)}: {parts}{unknown}")
    return tuple(said)
