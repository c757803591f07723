"""An audit of the training photos as a page shows it: check by check, with the photos that each is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from fluxdiag.dataset.audit.records import Audit, CheckText, Finding

MOST_IN_A_FINDING = 12

PictureOf = Callable[[str], str | None]
"""photo's name -> data URI, or None where there is no picture of it"""


@dataclass(frozen=True)
class Together:
    """The files of one finding, of one photo or of several that belong together: (name, data URI or None), and what is wrong."""

    says: str
    pictures: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Found:
    """One check with all that it found."""

    text: CheckText
    says: tuple[str, ...]
    """of the set as a whole"""
    shown: tuple[Together, ...]
    more: int
    """files that are not shown"""


@dataclass(frozen=True)
class Shown:
    """What `audit_section.html` needs, as `audited`."""

    audit: Audit
    found: tuple[Found, ...]
    kept: tuple[tuple[str, str | None], ...]
    """of the curated list: (name, data URI or None)"""

    @property
    def worth(self) -> str:
        """How much the set is worth, in a sentence: many photos that are alike teach as few do."""
        photos = f"{self.audit.readable} training photo{'s' if self.audit.readable != 1 else ''}"
        look = next((one.effective for one in self.audit.variety if one.aspect == "look"), None)
        twins = self.audit.readable - self.audit.distinct
        alike = f"{twins} of them near-duplicates" if twins else ""
        if look is None:
            return f"{photos}, {alike or 'none of them twice'}"
        return f"{photos}{f' ({alike})' if alike else ''}, worth about {max(1, round(look))} that truly differ"


def shown(audit: Audit, picture_of: PictureOf, kept_picture_of: PictureOf | None = None) -> Shown:
    """Findings in their order. Without `kept_picture_of` the curated list has the same pictures."""
    kept = kept_picture_of or picture_of
    return Shown(
        audit,
        tuple(
            _found(audit.checks[name], list(findings), picture_of)
            for name, findings in groupby(audit.findings, key=lambda one: one.check)
        ),
        tuple((name, kept(name)) for name in audit.keep),
    )


def _found(text: CheckText, findings: list[Finding], picture_of: PictureOf) -> Found:
    """The first files of the first findings; a pair is shown whole, and of many that are alike the first."""
    together: list[Together] = []
    room = MOST_IN_A_FINDING
    for one in findings:
        files = one.files[:MOST_IN_A_FINDING]
        if files and room > 0:
            together.append(Together(one.says, tuple((name, picture_of(name)) for name in files)))
            room -= len(files)
    every = sum(len(one.files) for one in findings)
    says = tuple(one.says for one in findings if not one.files)
    return Found(text, says, tuple(together), every - sum(len(one.pictures) for one in together))
