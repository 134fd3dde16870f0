"""A picture as coloured half blocks: every cell is two pixels, one above the other. Meant for a thread.

The library that decodes is loaded with the first picture, as it would make every start slower.
"""

from __future__ import annotations

import io
import warnings

MOST_PIXELS = 12_000_000
"""What is decoded; a larger one can be saved. Some 12 million pixels take half a second and 50 MB."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")

Pixel = tuple[int, int, int]
Rows = list[list[tuple[Pixel, Pixel | None]]]
"""For each cell of each row the upper pixel and the lower one, if there is one."""


class CannotShow(Exception):
    """Why a picture cannot be shown, in one sentence."""


def half_blocks(data: bytes, columns: int, rows: int) -> Rows:
    """The first picture in `data`, made to fit; never made larger. Raises CannotShow."""
    from PIL import Image

    # Above it Pillow warns, and we refuse before anything is decoded; above twice of it Pillow refuses by itself.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise CannotShow(f"{width:,} × {height:,} points are too many to show; save it instead.")
                scale = min(columns / width, rows * 2 / height, 1)
                box = max(1, round(width * scale)), max(1, round(height * scale))
                picture.draft("RGB", (box[0] * 2, box[1] * 2))
                # Colours of a palette cannot be mixed, so they are looked up before it is made smaller.
                whole = picture.convert("RGBA") if picture.mode in ("P", "PA", "LA") else picture
                small = whole.resize(box, Image.Resampling.BOX, reducing_gap=2.0).convert("RGBA")
    except Image.DecompressionBombError:
        raise CannotShow("It has too many points to show; save it instead.") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise CannotShow("It is damaged, or of a kind that cannot be shown; save it instead.") from None
    ground = Image.new("RGBA", small.size, "black")
    ground.alpha_composite(small)
    return _rows(ground.convert("RGB").tobytes(), *small.size)


def _rows(raw: bytes, width: int, height: int) -> Rows:
    def pixel(x: int, y: int) -> Pixel:
        at = 3 * (y * width + x)
        return raw[at], raw[at + 1], raw[at + 2]

    return [
        [(pixel(x, y), pixel(x, y + 1) if y + 1 < height else None) for x in range(width)] for y in range(0, height, 2)
    ]
