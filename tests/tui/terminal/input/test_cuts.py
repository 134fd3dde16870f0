"""Whatever is typed and pasted, and wherever and for however long the line stalls: the same text, and no key more."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.sms.text import is_writable
from tests.kit.key_reading import text_and_keys
from tests.kit.rounds import rounds

# Among them what forms clusters, joins, marks directions, is newer than this Python, or is no text.
TYPED = st.text(
    st.sampled_from("ab é👩🏽🚀\u200d\u200c\u200e\u00ad\ufe0f\U000e0067\U0001fae8\ue000می\u202e\u2028\x9b[OP]_~;1"),
    max_size=12,
)
PASTED = st.text(st.sampled_from("ab é\u200d\r\n\t\x1b[31mA~\u202e"), max_size=20).filter(
    lambda text: "[201~" not in text
)
REPORTS = ["\x1b[?62;22c", "\x1b]10;rgb:00/00/00\x1b\\", "\x1b[8;24;80t", "\x1bP>|x 1\x1b\\", "\x1b[24;80R", "\x1b[0n"]
PIECES = st.lists(
    st.tuples(st.just("typed"), TYPED)
    | st.tuples(st.just("pasted"), PASTED)
    | st.tuples(st.just("report"), st.sampled_from(REPORTS)),
    max_size=6,
)


@given(PIECES, st.data())
@settings(max_examples=rounds(200), deadline=None)
def test_what_a_stalled_line_brings_is_what_was_typed(pieces: list[tuple[str, str]], data: st.DataObject) -> None:
    sent, meant = "", ""
    for kind, text in pieces:
        sent += f"\x1b[200~{text}\x1b[201~" if kind == "pasted" else text
        if kind == "pasted":
            meant += text.replace("\x1b", "")
        elif kind == "typed":
            meant += "".join(char for char in text if is_writable(char))
    stream = sent.encode()
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=6).map(sorted))
    reads: list[bytes | float] = []
    for start, end in itertools.pairwise([0, *cuts, len(stream)]):
        # What has begun like a key that is typed is waited for a moment only.
        stalls = (
            [0.001, 0.02]
            if stream[:end].endswith((b"\x1b", b"\x1b[", b"\x1b]", b"\x1bP"))
            else [0.001, 0.02, 0.5, 20.0]
        )
        reads += [stream[start:end], data.draw(st.sampled_from(stalls))]
    text, keys = text_and_keys(*(each for each in reads if each))
    assert text == meant and not keys
