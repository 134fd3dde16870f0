"""A picture from outside as bare points: nothing else that came with it goes on. Meant for a thread.

The library that decodes is loaded with the first picture, as it would make every start slower.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 12_000_000
"""What is decoded; a larger one can be saved. Some 12 million pixels take half a second and 50 MB."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


class UndecodablePicture(Exception):
    """Why a picture cannot be shown, in one sentence."""


class PixelBudget(NamedTuple):
    """Where a picture has to fit into."""

    columns: int
    rows: int
    cell: tuple[int, int]
    """Width and height of a cell in points."""

    def fit(self, width: int, height: int, most_points: int | None = None) -> tuple[int, int]:
        """The size in points at which it is shown. One of its points is never made larger than a cell is wide."""
        across, down = self.columns * self.cell[0], self.rows * self.cell[1]
        scale = min(across / width, down / height, self.cell[0])
        if most_points is not None:
            scale = min(scale, (most_points / (width * height)) ** 0.5)
        return max(1, min(across, round(width * scale))), max(1, min(down, round(height * scale)))

    def cells(self, width: int, height: int) -> tuple[int, int]:
        """The columns and rows that so many points need."""
        return -(-width // self.cell[0]), -(-height // self.cell[1])


def decode(
    data: bytes, room: PixelBudget, most_points: int | None = None, *, may_grow: bool = True
) -> tuple[Image, PixelBudget]:
    """The first picture in `data` in RGB on black, made to fit, and the cells it takes. Raises UndecodablePicture.

    With `may_grow` false it has no more points than it came with, and is left to be stretched over its cells.
    """
    from PIL import Image

    # Above it Pillow warns, and we refuse before anything is decoded; above twice of it Pillow refuses by itself.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise UndecodablePicture(f"{width:,} × {height:,} points are too many to show; save it instead.")
                box = room.fit(width, height, most_points if may_grow else None)
                taken = room.cells(*box)
                if not may_grow:
                    most = min(width * height, most_points or width * height)
                    scale = min(1.0, (most / (box[0] * box[1])) ** 0.5)
                    box = max(1, round(box[0] * scale)), max(1, round(box[1] * scale))
                picture.draft("RGB", (box[0] * 2, box[1] * 2))
                # Colours of a palette cannot be mixed, so they are looked up before it is resized.
                whole = picture.convert("RGBA") if picture.mode in ("P", "PA", "LA") else picture
                smooth = Image.Resampling.BOX if box[0] <= width else Image.Resampling.BICUBIC
                small = whole.resize(box, smooth, reducing_gap=2.0).convert("RGBA")
    except Image.DecompressionBombError:
        raise UndecodablePicture("It has too many points to show; save it instead.") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise UndecodablePicture("It is damaged, or of a kind that cannot be shown; save it instead.") from None
    ground = Image.new("RGBA", small.size, "black")
    ground.alpha_composite(small)
    return ground.convert("RGB"), room._replace(columns=taken[0], rows=taken[1])
