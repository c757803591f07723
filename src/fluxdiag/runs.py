"""The run folder: the only state there is. Everything is written to a temporary name and renamed.

    case.json                  who is on trial
    shots/<shot id>.png        the images (large ones with a small view of themselves in the file: carried.py)
    .fluxdiag-work/*.npz       drawn but not yet decoded, losses photo by photo
    shots.jsonl                one Shot a line     arrays/*.npz   embeddings and losses
    audit.json                 what is wrong with the training photos
    gather.json                written last by gather: its existence means the gathering is complete
    evidence.json  diagnosis.json  report.html

A file names the digest of what it was made from; a stage refuses an input whose maker's input has changed since.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import shlex
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.errors_in_files import first_problem, why
from fluxdiag.printable import as_named, in_utf8
from fluxdiag.records import Case, Diagnosis, Evidence, GatherInfo, Photo, Shot

if TYPE_CHECKING:
    from fluxdiag.dataset.audit.records import Audit

RECORDS = ("case.json", "gather.json", "shots.jsonl", "evidence.json", "diagnosis.json")
"""one of them at least is in every run folder, also in one that was left half-written"""
BEGUN = re.compile(r"\.(.+)\.[0-9a-f]{8}", re.DOTALL)

R = TypeVar("R", bound=BaseModel)


def sha256_file(path: Path) -> str:
    """Hex digest of a file, read in pieces: bases and LoRAs can be larger than memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def write_bytes(path: Path, content: bytes) -> None:
    """Write whole or not at all: a temporary file in the same folder, then a rename.

    Raises OSError that names `path`, as the write to a full disk alone would not.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_bytes(content) if _is_stream(path) else _replace(path, content)
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def _is_stream(path: Path) -> bool:
    """`/dev/null`, a pipe, `/dev/stdout`, also where the shell leads it to a file: a rename would put a file in their place."""
    return path.exists() and (not path.is_file() or path.parent in (Path("/dev"), Path("/dev/fd")))


def _replace(path: Path, content: bytes) -> None:
    """Opened by name, not by mkstemp: who may read it is for the umask to say."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def begun(file: Path) -> Path | None:
    """Of what file this is the beginning, where the process was killed while it wrote (`write_bytes`); None of a whole one."""
    named = BEGUN.fullmatch(file.name)
    return None if named is None else file.with_name(named[1])


def write_text(path: Path, content: str) -> None:
    write_bytes(path, content.encode())


def write_arrays(path: Path, arrays: dict[str, Any]) -> None:
    """Numpy arrays as one `.npz`; strings as unicode arrays, never objects, so that nothing is ever unpickled."""
    import numpy as np

    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    write_bytes(path, buffer.getvalue())


def as_json(record: BaseModel, indent: int | None = 2) -> str:
    """The one way records become text: aliases, two spaces, floats as they are, a newline at the end.

    UTF-8 also where the name of a file in it is not: it is spelt as the report spells it (`in_utf8`).
    """
    try:
        return record.model_dump_json(by_alias=True, indent=indent) + "\n"
    except PydanticSerializationError:
        return (
            to_json(_in_utf8(record.model_dump(mode="json", by_alias=True)), indent=indent, inf_nan_mode="null").decode() + "\n"
        )


def _in_utf8(value: Any) -> Any:
    if isinstance(value, dict):
        return {in_utf8(key): _in_utf8(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_in_utf8(each) for each in value]
    return in_utf8(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Run:
    """Paths and typed reading and writing of one run folder."""

    folder: Path

    @property
    def case_file(self) -> Path:
        return self.folder / "case.json"

    @property
    def gather_file(self) -> Path:
        return self.folder / "gather.json"

    @property
    def shots_file(self) -> Path:
        return self.folder / "shots.jsonl"

    @property
    def audit_file(self) -> Path:
        return self.folder / "audit.json"

    @property
    def captionless_file(self) -> Path:
        return self.folder / "captionless.json"

    @property
    def evidence_file(self) -> Path:
        return self.folder / "evidence.json"

    @property
    def diagnosis_file(self) -> Path:
        return self.folder / "diagnosis.json"

    @property
    def report_file(self) -> Path:
        return self.folder / "report.html"

    @property
    def shots_folder(self) -> Path:
        return self.folder / "shots"

    @property
    def arrays_folder(self) -> Path:
        return self.folder / "arrays"

    @property
    def work_folder(self) -> Path:
        """Removed when all is gathered; no name that somebody's own folder beside it would have."""
        return self.folder / ".fluxdiag-work"

    def case(self) -> Case:
        """With the files' own names, that of one whose bytes are no UTF-8 too."""
        return with_own_names(_read(self.case_file, Case, "fluxdiag report LORA"))

    def gather_info(self) -> GatherInfo:
        """Raises RunMismatch when the case was changed after the images were drawn."""
        info = _read(self.gather_file, GatherInfo, self._command("gather"))
        self._same(self.gather_file, info.case_sha256, self.case_file, "gather")
        return info

    def audit(self) -> Audit | None:
        """What gathering found of the training photos; None without any, and in runs from before.

        Raises RunMismatch when the case was changed since.
        """
        if not self.audit_file.exists():
            return None
        from fluxdiag.dataset.audit.records import Audit

        audit = _read(self.audit_file, Audit, self._command("gather"))
        self._same(self.audit_file, audit.case_sha256 or "", self.case_file, "gather")
        return audit

    def evidence(self) -> Evidence:
        """Raises RunMismatch when the images were gathered again after measuring."""
        evidence = _read(self.evidence_file, Evidence, self._command("measure"))
        self._same(self.evidence_file, evidence.gather_sha256, self.gather_file, "measure")
        return evidence

    def diagnosis(self) -> Diagnosis:
        """Raises RunMismatch when the evidence was measured again after diagnosing."""
        diagnosis = _read(self.diagnosis_file, Diagnosis, self._command("diagnose"))
        self._same(self.diagnosis_file, diagnosis.evidence_sha256, self.evidence_file, "diagnose")
        return diagnosis

    def shots(self) -> tuple[Shot, ...]:
        """As they lie there, which may be half of a gathering: `gathered` is sure of them.

        Cut at newlines alone: a prompt may hold what else `splitlines` takes for the end of a line.
        """
        lines = _text(self.shots_file, self._command("gather")).split("\n")
        at = f"{self.shots_file}, line"
        return tuple(_parse(line, f"{at} {number}", Shot) for number, line in enumerate(lines, 1) if line)

    def gathered(self) -> tuple[GatherInfo, tuple[Shot, ...]]:
        """The shots and how they were made. Raises RunMismatch where their list or an array is not what gathering left.

        Runs of versions before know no digests: of those the number of shots alone is held against.
        """
        info, shots = self.gather_info(), self.shots()
        there = self.digests() if info.digests else {}
        others = sorted(name for name, _ in there.items() ^ info.digests.items())
        if others or len(shots) != info.shots:
            what = "is not what was gathered" if others else f"holds {len(shots)} shots, and {info.shots} were gathered"
            where, do = self.folder / (others[0] if others else self.shots_file.name), f"Run `{self._command('gather')}` again"
            raise RunMismatch(what, where=str(where), do=do)
        return info, shots

    def digests(self) -> dict[str, str]:
        """Of all that gathering writes besides pictures, which are named by the shots, and gather.json itself."""
        files = (self.shots_file, *sorted(self.arrays_folder.glob("*.npz")))
        return {file.relative_to(self.folder).as_posix(): sha256_file(file) for file in files}

    @contextmanager
    def unchanged(self, file: Path) -> Iterator[str]:
        """The digest of what something is made of meanwhile. Raises RunMismatch where it was written anew by the end."""
        before = _digest(file)
        yield before
        if _digest(file) != before:
            raise RunMismatch("was written anew while it was read", where=str(file), do="Give the command again")

    def arrays(self, name: str) -> dict[str, Any]:
        """The arrays of `arrays/<name>.npz`, or an empty dict when there is none. Raises RunMismatch for a damaged one."""
        import numpy as np

        path = self.arrays_folder / f"{name}.npz"
        if not path.exists():
            return {}
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return dict(arrays)
        except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile, zlib.error) as error:
            do = f"Run `{self._command('gather')}` again"
            raise RunMismatch("is damaged, or no file of arrays", where=str(path), do=do) from error

    def write(self, path: Path, record: BaseModel) -> None:
        write_text(path, as_json(record))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While pictures are drawn. Raises RunMismatch where another process draws into this folder.

        The folder itself is locked: nothing is left lying, and the lock goes with the process, however that ends.
        """
        try:
            lock = locked(self.folder)
        except BlockingIOError as error:
            do = "Wait for it, or choose another --out"
            raise RunMismatch("another fluxdiag is drawing into this folder", where=str(self.folder), do=do) from error
        try:
            yield
        finally:
            if lock is not None:
                os.close(lock)

    def withdraw(self) -> None:
        """Take the case back, and the folder where nothing else lies in it: a run that could not begin leaves nothing.

        Where another process draws into the folder the case stays: it has become that one's.
        """
        with suppress(RunMismatch), self.alone():
            self.case_file.unlink(missing_ok=True)
            if not any(self.folder.iterdir()):
                self.folder.rmdir()

    def write_shots(self, shots: Iterable[Shot]) -> None:
        write_text(self.shots_file, "".join(as_json(shot, indent=None) for shot in shots))

    def of_another_gathering(self, name: str, lacking: str) -> RunMismatch:
        """What to raise where the arrays `name` are none of the shots beside them."""
        do = f"Run `{self._command('gather')}` again"
        return RunMismatch(f"does not hold {lacking}", where=str(self.arrays_folder / f"{name}.npz"), do=do)

    def _command(self, verb: str) -> str:
        """As it can be pasted where this one was called."""
        return f"fluxdiag {verb} {shlex.quote(str(self.folder))}"

    def _same(self, file: Path, recorded: str, source: Path, verb: str) -> None:
        if source.exists() and recorded != sha256_file(source):
            raise RunMismatch(
                f"made from another {source.name} than the one beside it",
                where=str(file),
                do=f"Run `{self._command(verb)}` again",
            )


def with_own_names(case: Case) -> Case:
    """The paths of a case, as the disk has them."""

    def photos(listed: tuple[Photo, ...]) -> tuple[Photo, ...]:
        return tuple(photo.model_copy(update={"path": as_named(photo.path)}) for photo in listed)

    named = {
        "lora": case.lora.model_copy(update={"path": as_named(case.lora.path)}),
        "base": as_named(case.base),
        "photos": photos(case.photos),
        "references": photos(case.references),
        "overlap": tuple(map(as_named, case.overlap)),
    }
    return case.model_copy(update=named)


def _digest(file: Path) -> str:
    """Empty where there is none: whoever reads it says so."""
    return sha256_file(file) if file.exists() else ""


def _instead_of(folder: Path) -> str:
    """What to do with a folder that was given for a run; a trainer's, most often."""
    loras = sorted(folder.glob("*.safetensors"), key=lambda file: (len(file.name), file.name))
    if not loras:
        return "Give the folder that `fluxdiag report` has written"
    one = f"Give the LoRA in it: `fluxdiag report {shlex.quote(str(loras[0]))}`"  # the last step's name has no number
    return one if len(loras) == 1 else f"{one}; or all {len(loras)} of them: `fluxdiag sweep {shlex.quote(str(folder))}`"


def locked(folder: Path) -> int | None:
    """A handle on the folder, None where there is none or none can be locked (Windows, some disks of a network).

    Raises BlockingIOError where another process holds it.
    """
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        flock(handle, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:
        os.close(handle)
        return None
    return handle


def _text(path: Path, how: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        folder = path.parent
        if not folder.exists():
            do = "Give the folder that `fluxdiag report` has written"
            raise FluxdiagError("there is no such folder", where=str(folder), do=do) from None
        if folder.is_dir() and not any((folder / name).exists() for name in RECORDS):
            raise FluxdiagError(
                "is no run folder: none of its files is there", where=str(folder), do=_instead_of(folder)
            ) from None
        raise FluxdiagError("there is no such file in the run folder", where=str(path), do=f"`{how}` makes it") from None
    except NotADirectoryError:
        do = "Give the folder that `fluxdiag report` has written"
        raise FluxdiagError("is a file, and no run folder", where=str(path.parent), do=do) from None
    except (OSError, UnicodeDecodeError) as error:
        raise FluxdiagError(f"cannot be read ({why(error)})", where=str(path), do="Check the folder") from error


def _parse(text: str, where: Path | str, kind: type[R]) -> R:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        message = f"no {kind.__name__} of this version: {first_problem(error)}"
        raise RunMismatch(message, where=str(where), do="Make the run anew with this version of fluxdiag") from error


def _read(path: Path, kind: type[R], how: str) -> R:
    return _parse(_text(path, how), path, kind)
