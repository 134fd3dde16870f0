"""A limit that desk and core share stands once, and the protocol's page names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.pictures import content_types
from connector.wire import frames, limits, requests
from tui.core import files

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")


def desk_takes(path: Path) -> bool:
    try:
        files.read_picture(str(path))
    except files.UnusableFile:
        return False
    return True


@pytest.mark.parametrize("size", [0, 1, limits.PICTURE_BYTES, limits.PICTURE_BYTES + 1])
def test_the_desk_refuses_a_picture_exactly_where_the_core_would(tmp_path: Path, size: int) -> None:
    path = tmp_path / "picture"
    path.write_bytes(bytes(size))
    assert desk_takes(path) == (content_types.rejection(bytes(size)) is None)


def test_the_largest_picture_fits_a_frame() -> None:
    request = frames.RequestFrame("i" * limits.ID_LENGTH, requests.PutPicture(bytes(limits.PICTURE_BYTES)))
    assert len(frames.encode(request)) < limits.FRAME_BYTES


@pytest.mark.parametrize(
    "words",
    [
        f'"reply_limit":{limits.REPLY_LENGTH}',
        f"code points beyond {limits.INBOUND_LENGTH:,}",
        f"at most {limits.NOTE_LENGTH:,} characters",
        f"at most {limits.PREVIEW_LENGTH} code points",
        f"at most {limits.WORD_LENGTH} characters",
        f"at most {limits.TAG_COUNT} tags",
        f"1–{limits.ID_LENGTH} characters",
        f"at most {limits.PICTURE_BYTES // 1_000_000} MB",
        f"up to {limits.FRAME_BYTES >> 20} MiB",
        f"at most {limits.PAGE_SIZE}, default {limits.DEFAULT_PAGE_SIZE}",
        f"where they are more than {limits.PRESENCE_SPANS:,}",
        f"sign-in frame has at most {limits.SIGN_IN_BYTES:,} bytes",
        f"all that you send has at most {limits.STRANGER_BYTES >> 10} KiB",
        f"the HTTP request has {limits.OPEN_WITHIN_S:.0f} seconds",
        f"You answer within {limits.SIGN_IN_WITHIN_S:.0f} seconds",
        f"Ids and names have at most {limits.KEY_LENGTH} characters, URLs {limits.URL_LENGTH:,}",
        f"A request has at most {limits.REQUEST_BYTES >> 10} KiB",
        f"one message of at most {limits.BATCH_BYTES >> 10} KiB",
        f"at most {limits.CONNECTIONS_PER_AGENT} connections",
        f"{limits.REQUESTS_PER_S} requests a second (a burst of {limits.REQUEST_BURST:,}; a large one counts once more "
        f"for each {limits.REQUEST_UNIT_BYTES >> 10} KiB)",
        f"{limits.PICTURES_PER_HOUR} pictures and {limits.PICTURE_BYTES_PER_HOUR // 1_000_000} MB of them an hour",
        f"{limits.NOTES_PER_HOUR} notes an hour",
    ],
)
def test_the_protocols_page_names_it(words: str) -> None:
    assert words in " ".join(PAGE.split())
