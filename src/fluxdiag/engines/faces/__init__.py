"""Faces in pictures: found, aligned, embedded and judged for what a recogniser can make of them.

    pack folder -> Pack -> Eyes (InsightFace pack | OpenCV pair) -> FaceReader: looks, crops, pose, quality -> SeenFace

Packs are never downloaded: most weights have licences that the user has to accept. `docs/faces.md` tells the ways to one.
"""

from fluxdiag.engines.faces.contract import Eyes, Found, Pose, Quality, SeenFace
from fluxdiag.engines.faces.reader import PROFILE, FaceReader

__all__ = ["PROFILE", "Eyes", "FaceReader", "Found", "Pose", "Quality", "SeenFace"]
