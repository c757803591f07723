"""The model card on disk: read as bytes, so that its newlines stay, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fluxdiag.errors import FluxdiagError
from fluxdiag.gating.card import card
from fluxdiag.gating.frontmatter import parsed, split
from fluxdiag.gating.publishing import Publication, copy_samples, remove_samples, samples
from fluxdiag.gating.words import line
from fluxdiag.runs import Run, write_text


def refuse_card(path: Path, run: Run, publication: Publication) -> None:
    """Raises FluxdiagError where the card cannot be added to safely. Writes nothing."""
    planned = [(shot, f"fluxdiag-sample-{place + 1}.png") for place, shot in enumerate(samples(run))]
    card(_read(path.resolve()), publication, planned, str(path.resolve()))


def write_card(path: Path, run: Run, publication: Publication) -> Iterator[str]:
    """Add to the card, or begin one. Yields what its owner should know; nothing is written where the card is refused."""
    refuse_card(path, run, publication)
    path = path.resolve()
    existing = _read(path)
    try:
        copied = copy_samples(run, path.parent)
        write_text(path, card(existing, publication, copied, str(path)))
        remove_samples(path.parent, beyond=len(copied))
    except OSError as error:
        raise FluxdiagError(f"cannot be written ({error.strerror})", where=str(path), do="Give another place") from error
    yield f"written, with {len(copied)} sample pictures beside it" if copied else "written; there were no pictures to add"
    theirs = parsed(split(existing, "\n", str(path)).head, str(path)).get("instance_prompt")
    if theirs and publication.trigger is not None and theirs != publication.trigger:
        yield f"its instance_prompt stays `{line(theirs)}`; what was measured is `{line(publication.trigger)}`"


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise FluxdiagError(f"cannot be read as text ({error})", where=str(path), do="Give a Markdown file in UTF-8") from error
