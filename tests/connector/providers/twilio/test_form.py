from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connector.providers.twilio.form import form_of
from connector.providers.values import Hook, Unreadable

PIECES = st.one_of(
    st.sampled_from(
        [b"&", b"=", b"+", b"%", b";", b"%2B", b"%e2%82%ac", b"%E2%82", b"%zz", b"%00", b"a", b"\xff", b" "]
    ),
    st.text(max_size=3).map(str.encode),
    st.binary(max_size=3),
)


@given(st.lists(PIECES, max_size=30).map(b"".join))
@example(b"Body=%F0%9F%98%80+%C3%A9\xc3\xa9%C3&Body=&=x&")
@example(b"")
def test_fields_are_those_the_standard_library_reads(body: bytes) -> None:
    hook = Hook("inbound", "POST", "https://a.example", {"content-type": "application/x-www-form-urlencoded"}, body)
    text = body.decode(errors="replace")
    if any("=" not in pair for pair in text.split("&") if pair):
        with pytest.raises(Unreadable):
            form_of(hook)
        return
    expected: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        expected.setdefault(name, []).append(value)
    assert form_of(hook) == expected
    assert [*form_of(hook)] == [*expected]
