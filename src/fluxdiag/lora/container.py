"""The safetensors format, read with numpy alone: 8 bytes of length, a JSON header, then the tensors' bytes.

https://github.com/huggingface/safetensors#format. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from fluxdiag.errors import UnreadableLora
from fluxdiag.lora.dtypes import OTHER_SIZES, SIZES, Bytes, Floats, as_float32

LONGEST_HEADER = 16_000_000
"""bytes. The safetensors library allows 100 MB, of which Python would make 3 GB of objects; real ones stay below 2 MB"""
MOST_SIDES, LONGEST_SIDE = 8, 2**40
LONGEST_NAME, SHOWN = 1000, 100
"""characters of a tensor's name, and of those that a message repeats"""

MOST_NAMED = 3
NOT_TEXT = "values that are not text"
CONVERT = "Save the LoRA as .safetensors with the program that made it"
FETCH = "Download or copy the file again"
UNPACK = "Unpack it, and give the .safetensors file inside it"
ANOTHER = "Give a LoRA: a .safetensors file, most often of 10 to 700 MB"
NOT_SAFETENSORS = (
    (b"\x80", "a pickle, which is never opened because it can run code", CONVERT),
    (b"GGUF", "a GGUF file, which holds a whole quantised model", ANOTHER),
    (b"version https://git-lfs", "a Git LFS pointer: the place of the file, not the file", FETCH),
    (b"<", "a web page, as a failed download leaves", FETCH),
    (b"{", "JSON text", ANOTHER),
)
ANSWERED = rb'"(error|errors|message|detail|statusCode)"\s*:'
"""a key of what servers answer in place of a file, such as Civitai's `Unauthorized`"""
ZIP = b"PK\x03\x04"
PICKLED = b"data.pkl"
"""the end of the first name in a zip of torch.save's"""
HEAD = 512
"""bytes that tell what a file is: of a zip they reach past its first name"""


@dataclass(frozen=True)
class Entry:
    """One tensor of the header; `begin` and `end` count from the end of the header."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class Stretch:
    """The bytes of a file from `begin` on, read when they are sliced: a mapped file would count as this program's memory."""

    path: Path
    begin: int
    length: int

    def __len__(self) -> int:
        return self.length

    @property
    def data(self) -> memoryview:
        """All of it at once."""
        return self[:].data

    def __getitem__(self, part: slice) -> Bytes:
        start, stop, _ = part.indices(self.length)
        try:
            found = np.fromfile(self.path, dtype=np.uint8, count=max(stop - start, 0), offset=self.begin + start)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        if len(found) < stop - start:
            raise UnreadableLora("the file became shorter while it was read", where=str(self.path), do=FETCH)
        return found


@dataclass(frozen=True)
class Container:
    """An open safetensors file: its tensors are read one by one, so that the whole is never twice in memory."""

    path: Path
    metadata: dict[str, str]
    entries: dict[str, Entry]
    data: Stretch
    not_text: str = ""
    """what the format forbids and is read nevertheless: values of its metadata that are no strings, in a sentence"""

    def tensor(self, name: str) -> Floats:
        """A copy as float32, whatever the file holds."""
        entry = self.entries[name]
        return as_float32(self.data[entry.begin : entry.end], entry.dtype).reshape(entry.shape)

    def rows(self, name: str, start: int, stop: int) -> Floats:
        """Some rows of a tensor, without reading the others."""
        entry = self.entries[name]
        width = (entry.end - entry.begin) // entry.shape[0]
        raw = self.data[entry.begin + start * width : entry.begin + stop * width]
        return as_float32(raw, entry.dtype).reshape(stop - start, *entry.shape[1:])


def open_container(path: Path) -> Container:
    """Raises UnreadableLora for whatever is no whole safetensors file, and says what it is instead."""
    content = _bytes(path)
    head = content[:HEAD].tobytes()
    _refuse_others(path, head)
    size = int.from_bytes(head[:8], "little")
    if size > len(content) - 8:
        what = f"not a safetensors file, or only the beginning of one (its header claims {size} bytes)"
        raise UnreadableLora(what, where=str(path), do=FETCH)
    if size > LONGEST_HEADER:
        what = f"its header is {size // 1_000_000} MB long, and no LoRA's is longer than {LONGEST_HEADER // 1_000_000} MB"
        raise UnreadableLora(what, where=str(path), do=CONVERT)
    header = _header(path, content[8 : 8 + size].tobytes())
    written = header.pop("__metadata__", None) or {}
    data = Stretch(path, 8 + size, len(content) - 8 - size)
    entries = {name: _entry(path, name, entry, len(data)) for name, entry in header.items()}
    _refuse_gaps_and_overlaps(path, entries, len(data))
    metadata = {key: value if isinstance(value, str) else json.dumps(value) for key, value in written.items()}
    return Container(path, metadata, entries, data, _forbidden(written))


def _bytes(path: Path) -> Stretch:
    try:
        if path.is_dir():
            what = "this is a folder, not a LoRA" if path != Path() else "this is the folder that you are in, not a LoRA"
            raise UnreadableLora(what, where=str(path), do=_inside(path))
        if path.is_symlink() and not path.exists():
            raise UnreadableLora("a link to a file that is not there", where=str(path), do=FETCH)
        if not path.exists():
            raise _missing(path)
        if not path.is_file():
            raise UnreadableLora("this is no regular file", where=str(path), do="Copy what it gives into a file first")
        size = path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error
    if size == 0:
        raise UnreadableLora("the file is empty", where=str(path), do=FETCH)
    return Stretch(path, 0, size)


def _inside(folder: Path) -> str:
    """Which file may be meant: those in it, else those one level below, as diffusers keeps checkpoints."""
    found = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("*/*.safetensors"))
    if not found:
        return "Give a file; none is in it"
    names = ", ".join(file.relative_to(folder).as_posix() for file in found[:MOST_NAMED])
    which = "the .safetensors file" if len(found) == 1 else f"one of the {len(found)} .safetensors files"
    return f"Give {which} inside it ({names}{', ...' * (len(found) > MOST_NAMED)})"


def _missing(path: Path) -> UnreadableLora:
    """Addresses and the hub's names are often given where a file is wanted; `Path` has made one slash of an address's two."""
    if re.match(r"[a-z]{2,}:/", str(path)):
        return UnreadableLora("this is an address, not a file", where=str(path), do="Download it, then give the file")
    if re.fullmatch(r"[\w.-]+/[\w.-]+", str(path)) and not path.suffix and not path.parent.exists():
        do = f"Check the path; if it is a model on Hugging Face, `hf download {path}` fetches its files"
        return UnreadableLora("there is no such file", where=str(path), do=do)
    return UnreadableLora("there is no such file", where=str(path), do="Check the path")


def _unreadable(path: Path, error: OSError) -> UnreadableLora:
    return UnreadableLora(f"cannot be read ({error.strerror or error})", where=str(path), do="Check its permissions")


def _refuse_others(path: Path, head: bytes) -> None:
    # A header's length may begin with any of these bytes; byte 8 of a safetensors file is always the brace of its JSON.
    if head[8:9] == b"{":
        return
    if head.startswith(ZIP):
        raise _zipped(path, head)
    if head.startswith(b"{") and re.search(ANSWERED, head):
        raise UnreadableLora("this is a server's answer in JSON, as a failed download leaves", where=str(path), do=FETCH)
    for magic, what, do in NOT_SAFETENSORS:
        if head.startswith(magic):
            raise UnreadableLora(f"this is {what}", where=str(path), do=do)
    raise UnreadableLora("not a safetensors file, or a damaged one", where=str(path), do=FETCH)


def _zipped(path: Path, head: bytes) -> UnreadableLora:
    """torch.save's begin with `NAME/data.pkl`, other archives with whatever they hold; neither is opened."""
    if PICKLED in head:
        what = "this is a pickle in a zip (torch.save), which is never opened because it can run code"
        return UnreadableLora(what, where=str(path), do=CONVERT)
    return UnreadableLora("this is a zip archive", where=str(path), do=UNPACK)


def _header(path: Path, text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=_once)
        if not isinstance(header, dict) or not isinstance(header.get("__metadata__"), dict | None):
            raise ValueError("no JSON object")
    except (ValueError, RecursionError) as error:
        raise UnreadableLora(f"its safetensors header is damaged ({error})"[:400], where=str(path), do=FETCH) from error
    return header


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose names are all different, in characters that can be written again (no half of a surrogate pair)."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"it has {shown(name)} twice")
        found[name] = value
        name.encode()
        if isinstance(value, str):
            value.encode()
    return found


def shown(name: str) -> str:
    """As a message quotes it."""
    return repr(name if len(name) <= SHOWN else f"{name[:SHOWN]}...")


def _entry(path: Path, name: str, entry: Any, available: int) -> Entry:
    try:
        begin, end = (_count(offset) for offset in entry["data_offsets"])
        found = Entry(str(entry["dtype"]), tuple(_count(side) for side in entry["shape"]), begin, end)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableLora(f"its header is damaged at {shown(name)}", where=str(path), do=FETCH) from error
    if end > available:
        what = f"the file is cut short: {available} bytes of tensors are there, {shown(name)} ends at byte {end}"
        raise UnreadableLora(what, where=str(path), do=FETCH)
    if found.dtype not in SIZES and found.dtype not in OTHER_SIZES:
        what = f"{shown(name)} is of the unknown type {shown(found.dtype)}"
        raise UnreadableLora(what, where=str(path), do="Save it in float16, bfloat16 or float32")
    width = SIZES.get(found.dtype) or OTHER_SIZES.get(found.dtype)
    if (
        len(name) > LONGEST_NAME
        or begin > end
        or len(found.shape) > MOST_SIDES
        or (width and math.prod(found.shape) * width != end - begin)
    ):
        what = f"its header is damaged at {shown(name)}: shape and size disagree"
        raise UnreadableLora(what, where=str(path), do=FETCH)
    return found


def _count(value: Any) -> int:
    """A whole number that a file can mean: JSON also has 1.5, true, "3" and numbers of a thousand digits."""
    if type(value) is not int or not 0 <= value < LONGEST_SIDE:
        raise ValueError("no count")
    return value


def _refuse_gaps_and_overlaps(path: Path, entries: dict[str, Entry], available: int) -> None:
    """The tensors fill the file one after another, as the format demands: else two would share bytes, or bytes would hide."""
    ordered = sorted(((entry.begin, entry.end, name) for name, entry in entries.items()), key=lambda found: found[:2])
    for (_, end, name), (begin, _, after) in pairwise(ordered):
        if begin < end:
            what = f"its header is damaged: {shown(name)} and {shown(after)} overlap"
            raise UnreadableLora(what, where=str(path), do=FETCH)
    missed = available - sum(end - begin for begin, end, _ in ordered)
    if missed:
        what = f"its header is damaged: {missed} of its {available} bytes belong to no tensor"
        raise UnreadableLora(what, where=str(path), do=FETCH)


def _forbidden(metadata: dict[str, Any]) -> str:
    wrong = [key for key, value in metadata.items() if not isinstance(value, str)]
    what = f"its header holds {len(wrong)} {NOT_TEXT} ({shown(wrong[0])} first)" if wrong else ""
    return f"{what}, which other programs refuse: convert it to mend that" if wrong else ""
