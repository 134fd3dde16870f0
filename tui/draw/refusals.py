"""The page of why some of several conversations are as they were."""

from __future__ import annotations

from collections.abc import Sequence

from connector.sms.text import one_line
from connector.sms.wrapping import wrap
from tui.draw.format import Line, pad
from tui.model.marked import NotDone

_NAME, _MOST_WORDS = 22, 400


def refusal_lines(refused: Sequence[NotDone], width: int) -> list[Line]:
    """Each consumer, and the reason beside them, on as many lines as it needs."""
    lines: list[Line] = [[]]
    for one in refused:
        name = pad(one_line(one.name, _NAME), _NAME)
        for number, words in enumerate(wrap(one_line(one.words, _MOST_WORDS), max(16, width - _NAME - 6))):
            lines.append([(f"  {name if not number else ' ' * _NAME}  ", "strong"), (words, "")])
    return lines
