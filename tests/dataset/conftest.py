"""What the audit's tests share."""

from pathlib import Path

import pytest

from photo_folders import picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good photos with captions; more is put beside them."""
    place = tmp_path / "photos"
    place.mkdir()
    for number in (1, 2):
        picture(number).save(place / f"good {number}.png")
        (place / f"good {number}.txt").write_text("ohwx woman in a forest")
    return place
