"""Files that are no photos, photos that are not what they seem, captions that are missing."""

from __future__ import annotations

from fluxdiag.dataset.audit.checks import check
from fluxdiag.dataset.audit.photoset import Found, PhotoSet
from fluxdiag.dataset.audit.reading import wrong_suffix


@check(title="A photo cannot be read", severity="high", do="Save it anew from the original, or take it out", drops=True)
def unreadable(photos: PhotoSet) -> Found:
    """A trainer stops at it, or leaves it out without a word and trains on fewer photos than you count."""
    for photo in photos.broken:
        yield (photo.name,), photo.facts.problem or ""
    for name, kind, says in photos.said:
        if kind == "unreadable":
            yield (name,), says


@check(title="Trainers do not take this file", severity="high", do="Save it as PNG, under a name that ends in .png")
def not_taken(photos: PhotoSet) -> Found:
    """All trainers read .png, .jpg, .jpeg and .webp. .bmp is read by all but ai-toolkit, .tif by OneTrainer, .avif and .jxl by a
    kohya that has their plug-ins. What a trainer does not read it passes over in silence."""
    yield from (((name,), says) for name, kind, says in photos.said if kind == "not-taken")


@check(title="A folder is not looked into", severity="high", do="Put its photos here, or name that folder itself")
def unopened_folder(photos: PhotoSet) -> Found:
    """ai-toolkit does not follow links to folders, kohya looks into no folder below the one that it is given, and what may not be
    opened is read by nobody. The photos in it are not among those that are counted here."""
    yield from (((name,), says) for name, kind, says in photos.said if kind == "unopened-folder")


@check(title="Files that are no photos", severity="low", do="Save what you want of them as PNG")
def passed_over(photos: PhotoSet) -> Found:
    """Films and the files of paint programs are not trained on, and nothing says so."""
    yield from (((), says) for _, kind, says in photos.said if kind == "passed-over")


@check(title="This is no training set", severity="high", do="Name the folder that the trainer reads")
def too_many(photos: PhotoSet) -> Found:
    """A character needs 15 to 30 photos (guide, section 3); thousands mean that another folder was named."""
    yield from (((), says) for _, kind, says in photos.said if kind == "too-many")


@check(
    title="Captions describe the person",
    severity="critical",
    do="`fluxdiag captions fix D --trigger WORDS --out NEW` writes them without it",
    needs="captions",
)
def described_looks(photos: PhotoSet) -> Found:
    """What a caption names is explained by it and no longer belongs to the trigger: said to be seven of ten failures (guide,
    section 1). `fluxdiag captions lint` shows every phrase."""
    described, captions = photos.described
    if described:
        yield (), f"{described} of {captions} captions tell the person's looks"


@check(
    title="The base may know the trigger",
    severity="medium",
    do="Train with a string that means nothing: `fluxdiag captions lint D --trigger WORDS` offers three",
    needs="trigger",
)
def seen_trigger(photos: PhotoSet) -> Found:
    """A word or a name already paints something, and the person has to be learnt against that (guide, section 2)."""
    if photos.seen_trigger:
        yield (), photos.seen_trigger


@check(title="Image and caption do not belong together", severity="medium", do="Write the caption, or rename the file")
def captions(photos: PhotoSet) -> Found:
    """An image without a caption is trained on an empty prompt or on its folder's name, among others that have one."""
    yield from (((name,), says) for name, says in photos.captions)


@check(title="Name and content differ", severity="low", do="Rename it")
def wrong_extension(photos: PhotoSet) -> Found:
    """Most readers look at the content and some at the name, so one and the same file is read by one trainer and not by
    another."""
    for photo in photos.photos:
        if wrong_suffix(photo.path, photo.facts):
            yield (photo.name,), f"a {photo.facts.format} under the name of another format"


@check(title="A name that lists cannot hold", severity="medium", do="Rename it")
def odd_name(photos: PhotoSet) -> Found:
    """Trainers and this tool keep lists of names, a line each. Line ends and control characters break them; emoji do not."""
    for photo in (*photos.photos, *photos.broken):
        if not photo.listable:
            yield (photo.name,), "its name holds a line end, a control character or bytes that are no UTF-8"


@check(title="Animated", severity="low", do="Save the frame that you want as PNG")
def animated(photos: PhotoSet) -> Found:
    """Only the first frame is trained on."""
    for photo in photos.photos:
        if photo.facts.frames > 1:
            yield (photo.name,), f"{photo.facts.frames} frames, and only the first is used"


@check(title="Stored turned or mirrored", severity="medium", do="Turn it and save it anew")
def exif_rotation(photos: PhotoSet) -> Found:
    """Cameras store the picture as it lay and note how to turn it. A trainer that does not read the note learns a face on its
    side, or the other way round."""
    for photo in photos.photos:
        if photo.facts.stored != "upright":
            yield (photo.name,), f"stored {photo.facts.stored}; not every trainer reads the note that mends it"


@check(title="Transparent places", severity="medium", do="Put it on a background and save it without alpha")
def transparency(photos: PhotoSet) -> Found:
    """Trainers drop the alpha channel, and what lay hidden under it, mostly black or fringes, becomes the background."""
    for photo in photos.photos:
        if photo.facts.transparent:
            yield (photo.name,), "parts of it are transparent, and a trainer sees what lies under them"


@check(title="Other colours than sRGB", severity="low", do="Convert it to sRGB")
def colour_space(photos: PhotoSet) -> Found:
    """Trainers read the numbers and not the profile: Display P3 and Adobe RGB come out paler, CMYK is converted by a rough rule,
    16-bit levels are cut to 8."""
    for photo in photos.photos:
        facts = photo.facts
        if facts.profile is not None:
            yield (photo.name,), f"its colour profile is {facts.profile}, which trainers do not apply"
        if facts.mode in ("CMYK", "YCbCr", "LAB", "HSV"):
            yield (photo.name,), f"stored as {facts.mode}"
        if facts.mode.startswith("I") or facts.mode == "F":
            yield (photo.name,), "more than 8 bits a channel; some trainers clip them to white"
        elif facts.mode.endswith(";16"):
            yield (photo.name,), "16 bits a channel, of which trainers keep 8"
