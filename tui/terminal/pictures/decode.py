"""Decodes a picture from outside into pixels, without anything else in its file. Runs in a thread.

The decoding library is loaded with the first picture: it would make every start slower.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 12_000_000
"""Of a picture that is decoded: that takes half a second and 50 MB. A larger one can be saved."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


class UndecodablePicture(Exception):
    """Why a picture cannot be shown, in one sentence."""


class PixelBudget(NamedTuple):
    """The space a picture has to fit into."""

    columns: int
    rows: int
    cell: tuple[int, int]
    """Width and height of a cell in pixels."""

    def fit(self, width: int, height: int, max_pixels: int | None = None) -> tuple[int, int]:
        """The size in pixels at which a picture is shown. No pixel is enlarged beyond the width of a cell."""
        across, down = self.columns * self.cell[0], self.rows * self.cell[1]
        scale = min(across / width, down / height, self.cell[0])
        if max_pixels is not None:
            scale = min(scale, (max_pixels / (width * height)) ** 0.5)
        return max(1, min(across, round(width * scale))), max(1, min(down, round(height * scale)))

    def cells(self, width: int, height: int) -> tuple[int, int]:
        """The columns and rows that so many pixels need."""
        return -(-width // self.cell[0]), -(-height // self.cell[1])


def decode(
    data: bytes, room: PixelBudget, max_pixels: int | None = None, *, may_grow: bool = True
) -> tuple[Image, PixelBudget]:
    """The first picture in `data` in RGB on black, made to fit, and the cells it takes. Raises UndecodablePicture.

    With `may_grow` false it has no more pixels than its file, and the terminal stretches it over its cells.
    """
    from PIL import Image

    # Above it Pillow warns, and we refuse before anything is decoded; above twice as many Pillow refuses.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise UndecodablePicture(f"{width:,} × {height:,} pixels are too many to show; save it instead.")
                box = room.fit(width, height, max_pixels if may_grow else None)
                taken = room.cells(*box)
                if not may_grow:
                    most = min(width * height, max_pixels or width * height)
                    scale = min(1.0, (most / (box[0] * box[1])) ** 0.5)
                    box = max(1, round(box[0] * scale)), max(1, round(box[1] * scale))
                picture.draft("RGB", (box[0] * 2, box[1] * 2))
                # Palette indices cannot be mixed, so colours are looked up before resizing.
                whole = picture.convert("RGBA") if picture.mode in ("P", "PA", "LA") else picture
                smooth = Image.Resampling.BOX if box[0] <= width else Image.Resampling.BICUBIC
                small = whole.resize(box, smooth, reducing_gap=2.0).convert("RGBA")
    except Image.DecompressionBombError:
        raise UndecodablePicture("It has too many pixels to show; save it instead.") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise UndecodablePicture("It is damaged, or of a kind that cannot be shown; save it instead.") from None
    ground = Image.new("RGBA", small.size, "black")
    ground.alpha_composite(small)
    return ground.convert("RGB"), room._replace(columns=taken[0], rows=taken[1])
