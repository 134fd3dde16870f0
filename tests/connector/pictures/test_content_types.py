from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.pictures.content_types import (
    ENDINGS,
    LONGEST_SIDE,
    MOST_FRAMES,
    MOST_PIXELS,
    is_picture,
    rejection,
    sniff,
)
from connector.wire import limits
from tests.connector.pictures.samples import (
    GIF,
    HEIGHT,
    JPEG,
    PICTURES,
    PNG,
    WIDTH,
    dimensions,
    gif,
    gif_frame,
    jpeg_frame,
    png,
    png_header,
    webp,
)


@pytest.mark.parametrize(("data", "kind"), PICTURES.values(), ids=PICTURES)
def test_a_picture_is_recognised_measured_and_taken(data: bytes, kind: str) -> None:
    assert sniff(data) == kind
    assert is_picture(kind)
    assert dimensions(data) == (WIDTH, HEIGHT)
    assert rejection(data) is None


def box(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x02\x00isommp42"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (box(b"isom"), "video/mp4"),
        (box(b"mp42"), "video/mp4"),
        (box(b"3gp5"), "video/3gpp"),
        (box(b"3g2a"), "video/3gpp2"),
        (box(b"qt  "), "video/quicktime"),
        (box(b"M4A "), "audio/mp4"),
        (box(b"heic"), "image/heic"),
        (box(b"mif1"), "image/heic"),
        (box(b"avif"), "image/avif"),
        (b"#!AMR\n<\x00", "audio/amr"),
        (b"#!AMR-WB\n", "audio/amr-wb"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"OggS\x00", "audio/ogg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"BEGIN:VCARD\r\nVERSION:3.0", "text/vcard"),
        (b"\xef\xbb\xbf\r\nbegin:vcard\r\n", "text/vcard"),
        (b"BEGIN:VCALENDAR\r\n", "text/calendar"),
    ],
)
def test_other_files_are_recognised_but_never_shown(data: bytes, kind: str) -> None:
    assert sniff(data) == kind
    assert kind in ENDINGS
    assert not is_picture(kind)
    assert dimensions(data) is None
    assert rejection(data) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<!doctype html><p>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8",
        b"\xff\xfe\x00h",
        b"GIF88a",
        b"\x89PNG\n\x1a\n",
        b"RIFF\x00\x00\x00\x00AVI ",
        b"MZ\x90\x00",
        b"PK\x03\x04",
    ],
)
def test_other_bytes_are_not_recognised(data: bytes) -> None:
    assert sniff(data) is None
    assert dimensions(data) is None


@pytest.mark.parametrize(
    ("content_type", "answer"),
    [
        ("image/jpeg", True),
        (" IMAGE/PNG ; name=x.png", True),
        ("image/svg+xml", False),
        ("image/heic", False),
        ("image/tiff", False),
        ("text/html; image/png", False),
        ("", False),
    ],
)
def test_only_measured_types_count_as_pictures(content_type: str, answer: bool) -> None:
    assert is_picture(content_type) is answer


VP8X = webp(b"VP8X", b"\x10\x00\x00\x00" + (19_999).to_bytes(3, "little") + (1_999).to_bytes(3, "little"))
VP8L = webp(b"VP8L", b"\x2f" + (1_599 | 1_199 << 14).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("data", "size"),
    [
        pytest.param(png(2**31 - 1, 1), (2**31 - 1, 1), id="png"),
        pytest.param(png(7, 5) + png_header(60_000, 50_000), (60_000, 50_000), id="png with a second header"),
        pytest.param(b"\xff\xd8" + jpeg_frame(800, 600), (800, 600), id="jpeg"),
        pytest.param(b"\xff\xd8\xff\xff\xff\x01" + jpeg_frame(800, 600), (800, 600), id="jpeg with filling"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x03!rubbish" + jpeg_frame(8, 6), (8, 6), id="jpeg with rubbish"),
        pytest.param(JPEG[:2] + jpeg_frame(60_000, 9) + JPEG[2:], (60_000, 9), id="jpeg with a second frame header"),
        pytest.param(
            b"\xff\xd8\xff\xe1\x00\x10" + jpeg_frame(60_000, 9) + b"\0" + jpeg_frame(8, 6), (8, 6), id="jpeg thumbnail"
        ),
        pytest.param(gif(7, 5, gif_frame(7, 5), gif_frame(900, 40, left=100)), (1_000, 40), id="gif, wide frame"),
        pytest.param(gif(7, 5, b"rubbish", gif_frame(70, 50)), (70, 50), id="gif with rubbish"),
        pytest.param(gif(7, 5, b"!\xfe\x03,;!\x00", gif_frame(70, 50)), (70, 50), id="gif with a comment"),
        pytest.param(VP8X, (20_000, 2_000), id="webp canvas"),
        pytest.param(VP8L, (1_600, 1_200), id="webp lossless"),
        pytest.param(png(0, 5), None, id="png without width"),
        pytest.param(PNG[:8] + b"\x00\x00\x00\x00tEXt\x00\x00\x00\x00" + PNG[8:], None, id="png with a late header"),
        pytest.param(b"\xff\xd8" + jpeg_frame(800, 0), None, id="jpeg without height"),
        pytest.param(JPEG[:100], None, id="jpeg cut short"),
        pytest.param(GIF[:9], None, id="gif cut short"),
        pytest.param(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 30_000 + jpeg_frame(8, 6), None, id="jpeg of many segments"),
    ],
)
def test_the_largest_claim_counts(data: bytes, size: tuple[int, int] | None) -> None:
    assert dimensions(data) == size


BOMB = "too large to be opened safely"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "It is empty.", id="nothing"),
        pytest.param(b"\x00" * limits.PICTURE_BYTES, None, id="just 5 MB"),
        pytest.param(b"\x00" * (limits.PICTURE_BYTES + 1), "larger than 5 MB", id="more than 5 MB"),
        pytest.param(png(8_000, 5_000), None, id="just 40 megapixels"),
        pytest.param(png(8_000, 5_001), BOMB, id="more than 40 megapixels"),
        pytest.param(png(LONGEST_SIDE, 2_000), None, id="just 20,000 wide"),
        pytest.param(png(1, LONGEST_SIDE + 1), BOMB, id="more than 20,000 high"),
        pytest.param(png(2**31 - 1, 2**31 - 1), BOMB, id="as large as a header can claim"),
        pytest.param(gif(7, 5, gif_frame(7, 5) * MOST_FRAMES), None, id="many frames"),
        pytest.param(gif(7, 5, gif_frame(7, 5) * (MOST_FRAMES + 1)), "1,000 frames", id="too many frames"),
        pytest.param(gif(7, 5, gif_frame(1, 1) * 100_000), "It is damaged", id="far too many frames"),
        pytest.param(gif(7, 5, gif_frame(60_000, 60_000)), BOMB, id="a frame much larger than its screen"),
        pytest.param(PNG[:20], "It is damaged", id="cut short"),
    ],
)
def test_a_rejection_has_words(data: bytes, words: str | None) -> None:
    why = rejection(data)
    if words is None:
        assert why is None
    else:
        assert why is not None and words in why and why.endswith(".")


starts = st.sampled_from([data[:length] for data, _ in PICTURES.values() for length in (6, 12, 20, 30, len(data))])


@given(starts, st.binary(max_size=200))
def test_no_bytes_raise(start: bytes, rest: bytes) -> None:
    data = start + rest
    size = dimensions(data)
    assert size is None or (size[0] > 0 and size[1] > 0)
    assert sniff(data) is None or sniff(data) in ENDINGS
    if is_picture(sniff(data) or "") and size is None:
        assert rejection(data) is not None


@given(st.sampled_from(list(PICTURES.values())), st.data())
def test_a_damaged_picture_is_measured_or_rejected(sample: tuple[bytes, str], draw: st.DataObject) -> None:
    damaged = bytearray(sample[0])
    for place, byte in draw.draw(st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)))):
        damaged[place] = byte
    data = bytes(damaged[: draw.draw(st.integers(0, len(damaged)))])
    size, why = dimensions(data), rejection(data)
    if why is None and is_picture(sniff(data) or ""):
        assert size is not None and max(size) <= LONGEST_SIDE and size[0] * size[1] <= MOST_PIXELS


@given(st.integers(1, 60_000), st.integers(1, 60_000))
def test_every_format_has_the_same_dimensions(width: int, height: int) -> None:
    lossless = webp(b"VP8L", b"\x2f" + struct.pack("<I", (width - 1) & 0x3FFF | ((height - 1) & 0x3FFF) << 14))
    assert dimensions(png(width, height)) == (width, height)
    assert dimensions(b"\xff\xd8" + jpeg_frame(width, height)) == (width, height)
    assert dimensions(gif(width, height)) == (width, height)
    assert dimensions(lossless) == (((width - 1) & 0x3FFF) + 1, ((height - 1) & 0x3FFF) + 1)
