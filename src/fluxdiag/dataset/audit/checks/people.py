"""The person in each photo: one, whole, sharp, large enough, and always the same."""

from __future__ import annotations

from fluxdiag.dataset.audit.bucketing import cut
from fluxdiag.dataset.audit.checks import check
from fluxdiag.dataset.audit.people import strangers, two_people, unlike
from fluxdiag.dataset.audit.photoset import Found, PhotoSet

BLURRED_FACE = 0.65
"""of the blur effect at 112 px: seven sharp faces have .41 to .56, blurred by 1.5 px .66 to .76"""


@check(title="Somebody else", severity="critical", do="Take it out", needs="faces", drops=True)
def other_person(photos: PhotoSet) -> Found:
    """One photo of somebody else pulls the face away from the person. Each face is compared with all others of this set, and
    is a stranger's where it lies more than 3.5 robust deviations below the set's median (Iglewicz & Hoaglin 1993) and is less
    than half as like the others as usual. A burst of one moment counts once, or photos of other days would be strangers to it.
    No fixed threshold: real pairs of one person range from .31 to .68. Small faces and profiles are not judged."""
    rows, embeddings, same = photos.measured
    for at, score in strangers(embeddings, same).items():
        yield (photos.photos[rows[at]].name,), f"the face is {-score:.1f} deviations less like the others than usual in this set"
    parts = two_people(embeddings, same)
    if parts:
        others = tuple(photos.photos[rows[at]].name for at in parts)
        yield others, "these faces are like one another and unlike all others of the set"


@check(title="An unusual face", severity="low", do="Look at it: odd light, a grimace, or somebody else", needs="faces")
def unusual_face(photos: PhotoSet) -> Found:
    """More than 3.5 robust deviations less like the others than usual, and still more like them than a stranger would be. Of the
    same picture several times one is judged."""
    rows, embeddings, same = photos.measured
    known, again = strangers(embeddings, same), {at for group in same for at in group[1:]}
    once = [at for at in range(len(rows)) if at not in again]
    for nth, score in unlike([embeddings[at] for at in once]).items():
        if once[nth] not in known:
            yield (photos.photos[rows[once[nth]]].name,), f"{-score:.1f} deviations less like the others than usual in this set"


@check(title="Several faces", severity="high", do="Crop to the person, or take it out", needs="faces", drops=True)
def several_faces(photos: PhotoSet) -> Found:
    """The trigger is tied to every face in the picture (guide, section 3: no group shots)."""
    for photo in photos.faced:
        faces = photo.faces.faces if photo.faces is not None else ()
        if len(faces) > 1:
            other = faces[1].height / faces[0].height
            yield (photo.name,), f"{len(faces)} faces, the second {other:.0%} as high as the first"


@check(title="Top of the head is cut off", severity="high", do="Use the uncropped photo", needs="faces")
def head_cropped(photos: PhotoSet) -> Found:
    """The guide's "egg head" rule (section 3): where skulls are cut, the LoRA paints dome-shaped heads. The top of the skull
    is taken to lie 1.75 times the distance from eyes to mouth above the eyes, as in the mean adult (Farkas 1994: 121 mm over
    68 mm)."""
    for photo in photos.faced:
        face = photo.face
        if face is None:
            continue
        top = cut(photo.facts.width, photo.facts.height, photos.resolution).top
        if face.headroom < 0:
            yield (photo.name,), f"the skull would reach {-face.headroom:.0%} of the picture above its edge"
        elif face.headroom < top:
            yield (
                (photo.name,),
                f"the trainer's size cuts {top:.0%} off the top, and {face.headroom:.0%} are free above the skull",
            )


@check(title="Blurred face", severity="high", do="Take a sharp one", needs="faces", drops=True)
def blurred_face(photos: PhotoSet) -> Found:
    """Detail that is not in the photos cannot be learnt. Measured on the face at 112 px, the size that recognisers see."""
    for photo in photos.faced:
        face = photo.face
        if (
            face is not None
            and face.blur is not None
            and face.blur > BLURRED_FACE
            and photo.faces
            and photo.faces.outcome != "small"
        ):
            yield (photo.name,), f"blur of the face {face.blur:.2f} of 1, sharp ones have less than .56"


@check(title="No face was found", severity="medium", do="Look at it: a back view teaches nothing of the face", needs="faces")
def no_face(photos: PhotoSet) -> Found:
    """What the trigger is to mean is not in the picture; or it is covered, turned away or dark."""
    for photo in photos.faced:
        if photo.faces is not None and not photo.faces.faces:
            yield (photo.name,), "no face was found"


@check(title="Face is too small", severity="medium", do="Crop closer, unless it is one of the full-body photos", needs="faces")
def small_face(photos: PhotoSet) -> Found:
    """Below the face pack's smallest measurable height the face has lost its likeness at the training size, so it teaches
    body and background. Full-body photos may be so."""
    for photo in photos.faced:
        if photo.faces is not None and photo.faces.outcome == "small" and photo.face is not None:
            yield (photo.name,), f"the face is {photo.face.height:.0f} px high at {photos.resolution} px"
