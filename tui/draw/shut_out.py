"""The page of a desk whose agent the core does not let in any more."""

from __future__ import annotations

from connector.sms.wrapping import wrap
from tui.draw.format import Line
from tui.model.key_names import KeyNames

_WIDEST = 72


def shut_out_page(reason: str, names: KeyNames, width: int, height: int) -> list[Line]:
    """The whole reason and what to do, in the middle of `height` lines."""
    room = max(10, min(_WIDEST, width - 4))
    margin = " " * max(0, (width - room) // 2)
    paragraphs = (
        (reason, "bad"),
        ("An administrator can put that right. What you have written and not sent is stored until then.", ""),
        (f"It tries again; {names.name('quit')} leaves.", "muted"),
    )
    lines: list[Line] = []
    for words, role in paragraphs:
        lines += [*([[]] if lines else []), *([(margin + line, role)] for line in wrap(words, room))]
    return [*([[]] * max(0, (height - len(lines)) // 2)), *lines]
