"""Contact sheets: many small pictures as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def contact_sheet(pictures: Sequence[np.ndarray], columns: int) -> np.ndarray:
    """Tile (h, w, 3) uint8 pictures of one size row by row with a 2 px white gap; missing tiles are white."""
    height, width = pictures[0].shape[:2]
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * (height + 2), columns * (width + 2), 3), 255, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * (height + 2), index % columns * (width + 2)
        sheet[top : top + height, left : left + width] = picture
    return sheet
