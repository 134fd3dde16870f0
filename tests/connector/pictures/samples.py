"""Small pictures, 7 by 5 pixels, as real encoders wrote them, and pieces to build others from."""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode

from connector.pictures.content_types import sniff
from connector.pictures.dimensions import Dimensions, claimed_dimensions, largest

WIDTH, HEIGHT = 7, 5

JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI/////////////////////////////////////////"
    "///////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////////////////////////wgARCA"
    "AFAAcDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAVAQEBAAAAAAAAAAAAAAAAAAACA//aAAwDAQACEAMQAAABgGn/xAAUE"
    "AEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAEFAn//xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAEDAQE/AX//xAAUEQEAAAAAAAAAAAAAAAAA"
    "AAAA/9oACAECAQE/AX//xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAY/An//xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAE/IX/"
    "/2gAMAwEAAgADAAAAEPv/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAEDAQE/EH//xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAECAQE/EH"
    "//xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAE/EH//2Q=="
)
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFCAIAAAAG+GGPAAAAFElEQVR4nGM8ISfHgAGYMIWoIgoAcO4BDp5SBC0AAAAASUVORK5CYII="
)
GIF = b64decode("R0lGODdhBwAFAIAAAAAAAAAAACwAAAAABwAFAAAIDAABCBxIsKDBgwcDAgA7")
GIF_OF_TWO = b64decode(
    "R0lGODdhBwAFAIEAAMgeHgAAAAAAAAAAACwAAAAABwAFAAAIDAABCBxIsKDBgwcDAgAh+QQBAAABACwAAAAABwAFAIEAAP8AAAAAAAAAAAAI"
    "DAABCBxIsKDBgwcDAgA7"
)
WEBP_LOSSY = b64decode("UklGRjIAAABXRUJQVlA4ICYAAABwAQCdASoHAAUAB0CWJaACdAFAAAD+5AFjCaSdH8zfhR8nUAAAAA==")
WEBP_LOSSLESS = b64decode("UklGRh4AAABXRUJQVlA4TBEAAAAvBgABAAdQjyLXo/+BiOh/AAA=")
WEBP_ALPHA = b64decode(
    "UklGRkgAAABXRUJQVlA4WAoAAAAQAAAABgAABAAAQUxQSAoAAAABB9CmiAhERP8DVlA4IBgAAAAwAQCdASoHAAUAB0CWJaQAA3AA/u+WQAA="
)
WEBP_OF_TWO = b64decode(
    "UklGRqIAAABXRUJQVlA4WAoAAAACAAAABgAABAAAQU5JTQYAAAAAAAAAAABBTk1GPgAAAAAAAAAAAAYAAAQAAAAAAAJWUDggJgAAADABAJ0BKgcA"
    "BQAHQJYloAADcAD+5AF/pLpchv/9Xfnb9T2wAAAAQU5NRjAAAAAAAAAAAAAGAAAEAAAAAAAAVlA4IBgAAAA0AQCdASoHAAUAAACWJaQAA3AA"
    "/u+5AAA="
)

PICTURES = {
    "jpeg": (JPEG, "image/jpeg"),
    "png": (PNG, "image/png"),
    "gif": (GIF, "image/gif"),
    "gif of two": (GIF_OF_TWO, "image/gif"),
    "webp lossy": (WEBP_LOSSY, "image/webp"),
    "webp lossless": (WEBP_LOSSLESS, "image/webp"),
    "webp alpha": (WEBP_ALPHA, "image/webp"),
    "webp of two": (WEBP_OF_TWO, "image/webp"),
}


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + png_header(width, height)


def jpeg_frame(width: int, height: int) -> bytes:
    return b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"


def gif_frame(width: int, height: int, left: int = 0) -> bytes:
    return b"," + struct.pack("<HHHHB", left, 0, width, height, 0) + b"\x08\x01\x00\x00"


def gif(width: int, height: int, *blocks: bytes) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + b"".join(blocks) + b";"


def webp(kind: bytes, body: bytes) -> bytes:
    chunk = kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def dimensions(data: bytes) -> Dimensions | None:
    return largest(claimed_dimensions(sniff(data), data))
