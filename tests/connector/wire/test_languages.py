"""Languages as people write them."""

from __future__ import annotations

import pytest

from connector.wire.languages import tag_of


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("de", "de"),
        ("German", "de"),
        ("deutsch", "de"),
        ("Türkçe", "tr"),
        ("中文", "zh"),
        ("pt_br", "pt-BR"),
        ("gsw", "gsw"),
        ("xx", None),
        ("xx-klingon", None),
        ("klingon!", None),
    ],
)
def test_codes_and_names_are_taken_and_codes_of_no_language_are_not(written: str, tag: str | None) -> None:
    assert tag_of(written) == tag
