from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.pictures.content_types import ENDINGS
from connector.pictures.serve import answer_headers


@pytest.mark.parametrize(
    ("content_type", "sent", "name"),
    [
        ("image/jpeg", "image/jpeg", "picture.jpg"),
        ("IMAGE/PNG; name=evil.html", "image/png", "picture.png"),
        ("text/vcard", "text/vcard", "picture.vcf"),
        ("text/html", "application/octet-stream", "picture.bin"),
        ("image/svg+xml", "application/octet-stream", "picture.bin"),
        ("", "application/octet-stream", "picture.bin"),
    ],
)
def test_a_recognised_type_is_served_as_it_is(content_type: str, sent: str, name: str) -> None:
    headers = answer_headers(content_type)
    assert headers["Content-Type"] == sent
    assert headers["Content-Disposition"] == f'inline; filename="{name}"'


@given(st.text() | st.sampled_from(sorted(ENDINGS)))
def test_no_type_avoids_the_guards(content_type: str) -> None:
    headers = answer_headers(content_type)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert re.fullmatch(r'inline; filename="picture\.[a-z0-9]{3,4}"', headers["Content-Disposition"])
    assert headers["Content-Type"] in {*ENDINGS, "application/octet-stream"}
