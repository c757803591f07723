"""Where trainers expect photos and their captions: every layout of a training set, read-only.

Flat folders and kohya's `10_name` folders with `.txt` or `.caption` beside the image; kohya's metadata (JSON, JSON lines);
Hugging Face's image folder; ai-toolkit's recursive folders; zip bundles and trainer configs are in `sources.py`, lists
in `lists.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from fluxdiag.errors import FluxdiagError

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp"})
MASKS = ("-masklabel", "-condlabel")
"""OneTrainer keeps masks between the photos under these endings"""
CAPTIONS = (".txt", ".caption")
MASK_FOLDERS = frozenset({"masks", "mask"})
CACHES = frozenset({"_latent_cache", "_t_e_cache", ".thumbs", "_controls", "__MACOSX", *MASK_FOLDERS})
METADATA = ("metadata.jsonl", "metadata.json", "metadata.csv", "meta_cap.json", "meta_lat.json", "captions.json", "dataset.json")
UNREAD_METADATA = "metadata.parquet"
ORDINARY = "left as it is: pictures of ordinary people (regularisation), which must not know the trigger"
REGULARISATION = frozenset({"reg", "regularisation", "regularization", "reg_images", "class_images"})
"""folders of ordinary people beside the character's: kohya's root has `reg` beside `img`"""
MOST = 5000
"""photos that are opened; a character's set has 30, and what has more is another folder than was meant"""
LARGEST = 1_000_000
"""bytes; nobody writes a longer caption, and the base reads about 2,500 characters"""


def refuse_none(folder: Path) -> None:
    """Raises FluxdiagError for what is no folder; a photo in it is a likely slip."""
    if folder.is_dir():
        return
    if folder.exists():
        do = f"Give the folder of the photos; this file lies in {folder.absolute().parent}"
        raise FluxdiagError("is a file, and no folder", where=str(folder), do=do)
    raise FluxdiagError("there is no such folder", where=str(folder), do="Check the path")


def images(folder: Path) -> list[Path]:
    """The images of a folder and of its `10_name` folders, sorted. Raises FluxdiagError where there is no such folder."""
    refuse_none(folder)
    places = [folder, *(place for place in folder.iterdir() if place.is_dir() and folder_caption(place))]
    return sorted(file for place in places for file in place.iterdir() if _is_photo(file))


def all_images(folder: Path, without: Collection[Path] = ()) -> list[Path]:
    """The images at any depth, as ai-toolkit and the image folder of Hugging Face read them; links to folders are not
    followed, and those of ordinary people (`regularisation_folders`) are none of the character's. `without`: folders below it
    that are not looked into."""
    return sorted(file for file in _files(folder, without) if _is_photo(file))


def metadata_files(folder: Path, without: Collection[Path] = ()) -> list[Path]:
    """Lists of captions at any depth, for every split of Hugging Face's image folder has its own; the nearer ones come last,
    and of two in one folder the later by `METADATA`."""
    found = (file for file in _files(folder, without) if file.name in METADATA or file.name == UNREAD_METADATA)
    return sorted(found, key=lambda file: (len(file.parts), file.parent, [*METADATA, UNREAD_METADATA].index(file.name)))


def masks(folder: Path) -> list[Path]:
    """What says which part of a photo counts: OneTrainer's beside it, others' in a folder called so."""
    beside = (file for file in _files(folder) if file.suffix.lower() in IMAGES and file.stem.endswith(MASKS))
    inside = (file for place in _folders(folder) if place.name in MASK_FOLDERS for file in _files(place) if _is_photo(file))
    return sorted({*beside, *inside})


def _folders(folder: Path) -> Iterator[Path]:
    for place, folders, _ in os.walk(folder):
        folders[:] = [name for name in folders if not is_regularisation(name) and name not in CACHES - MASK_FOLDERS]
        yield from (Path(place) / name for name in folders)


def regularisation_folders(folder: Path) -> list[Path]:
    """Those below a training set. A trigger in their captions would undo what they are for."""
    return sorted(Path(place) / name for place, folders, _ in os.walk(folder) for name in folders if is_regularisation(name))


def is_regularisation(name: str) -> bool:
    return name.lower() in REGULARISATION


def orphans(folder: Path, used: Collection[Path] = (), without: Collection[Path] = ()) -> list[Path]:
    """Caption files without an image of their name. `used`: those that are one's caption under another name."""
    files = list(_files(folder, without))
    stems = {file.with_suffix("") for file in files if _is_photo(file)}
    readme = {"readme", "license", "keep", "prompts", "requirements"}
    captions = (file for file in files if file.suffix.lower() in CAPTIONS and file not in used)
    return sorted(file for file in captions if file.with_suffix("") not in stems and file.stem.lower() not in readme)


def _files(folder: Path, without: Collection[Path] = ()) -> Iterator[Path]:
    refuse_none(folder)
    for place, folders, names in os.walk(folder, followlinks=False):
        here = Path(place)
        folders[:] = [name for name in folders if _looked_into(name) and here / name not in without]
        yield from (here / name for name in names)


def _looked_into(name: str) -> bool:
    return name not in CACHES and not name.startswith(".") and not is_regularisation(name)


def _is_photo(file: Path) -> bool:
    hidden = file.name.startswith(".")  # macOS leaves `._name.jpg` beside what it copies
    return file.suffix.lower() in IMAGES and not hidden and not file.stem.endswith(MASKS) and file.is_file()


def caption_file(image: Path, extensions: Collection[str] = CAPTIONS) -> Path | None:
    """The text beside an image, under the first of the extensions that is there; kohya also takes the name less its last four
    parts (`a_0001_x_y_z.png` -> `a.txt`: `read_caption` of its `library/train_util.py`)."""
    found = (image.with_suffix(suffix) for suffix in extensions)
    shorter = image.stem.rsplit("_", 4)
    fallback = [image.with_name(shorter[0] + suffix) for suffix in extensions] if len(shorter) == 5 and shorter[0] else []
    return next((file for file in (*found, *fallback) if file.is_file()), None)


def unread_caption(image: Path, extensions: Collection[str] = CAPTIONS) -> Path | None:
    """The text beside an image whose ending is written in other letters, such as `.TXT`: trainers look for the very name, and
    where letter case counts (Linux) they do not find it."""
    beside = caption_file(image, [cased for suffix in extensions for cased in _other_cases(suffix)])
    read = caption_file(image, extensions)
    return None if beside is None or (read is not None and read.samefile(beside)) else beside


def _other_cases(suffix: str) -> list[str]:
    return [cased for cased in (suffix.lower(), suffix.upper(), suffix.title()) if cased != suffix]


def caption_of(image: Path) -> str | None:
    """The text beside an image, whitespace collapsed; None when there is no such file. Raises FluxdiagError if not UTF-8."""
    file = caption_file(image)
    if file is None:
        return None
    return " ".join(read_caption(file).split())


def read_caption(file: Path) -> str:
    """A caption file's text as it is. Raises FluxdiagError for what is no UTF-8 or no caption at all."""
    try:
        size = file.stat().st_size
        if size > LARGEST:
            raise FluxdiagError(
                f"{size / 1e6:.0f} MB are no caption", where=str(file), do="The base reads about 2,500 characters"
            )
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FluxdiagError("this caption is not UTF-8 text", where=str(file), do=f"Save it as UTF-8{_guess(file)}") from error
    except OSError as error:
        raise FluxdiagError(f"cannot be read ({error.strerror})", where=str(file), do="Check its permissions") from error


def _guess(file: Path) -> str:
    start = file.read_bytes()[:2]
    return "; it looks like UTF-16" if start in (b"\xff\xfe", b"\xfe\xff") else "; it may be Latin-1"


def folder_caption(folder: Path) -> str:
    """What kohya's folder names say: `10_ohwx woman` -> `ohwx woman`; empty for any other name."""
    named = re.fullmatch(r"\d+_(.+)", folder.name)
    return "" if named is None else named[1].strip()
