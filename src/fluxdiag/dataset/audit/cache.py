"""What was read of a photo, kept by the photo's content: a photo that is renamed or moved is never read twice.

Never needed: a cache that cannot be written or was damaged costs time and nothing else.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from fluxdiag.records import Record
from fluxdiag.runs import write_bytes

VERSION = "2"
"""of what is measured; another one leaves the old entries behind"""

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Cache:
    """`folder` None keeps nothing."""

    folder: Path | None

    def get(self, sha256: str, name: str, kind: type[R]) -> R | None:
        content = self.get_bytes(sha256, f"{name}.json")
        if content is None:
            return None
        try:
            return kind.model_validate_json(content)
        except ValidationError:
            return None

    def put(self, sha256: str, name: str, record: Record) -> None:
        self.put_bytes(sha256, f"{name}.json", record.model_dump_json().encode())

    def get_bytes(self, sha256: str, name: str) -> bytes | None:
        if self.folder is None:
            return None
        try:
            return self._file(self.folder, sha256, name).read_bytes()
        except OSError:
            return None

    def put_bytes(self, sha256: str, name: str, content: bytes) -> None:
        if self.folder is not None:
            with contextlib.suppress(OSError):
                write_bytes(self._file(self.folder, sha256, name), content)

    @staticmethod
    def _file(folder: Path, sha256: str, name: str) -> Path:
        return folder / VERSION / sha256[:2] / f"{sha256}-{name}"
