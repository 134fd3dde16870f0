"""The page with the rest of an over-long text."""

from __future__ import annotations

from connector.base.counted import count
from connector.sms.text import shown
from connector.sms.wrapping import wrap
from connector.wire import limits
from tui.draw.format import Line
from tui.model.state import OverflowText


def overflow_page(found: OverflowText | None, width: int) -> list[Line]:
    """What a consumer wrote beyond the characters that the transcript shows."""
    if found is None or (found.text is None and found.refusal is None):
        return [[], [("  Asking the core…", "muted")]]
    if found.text is None:
        return [[], *([(f"  {line}", "bad")] for line in wrap(shown(found.refusal or ""), width - 4))]
    words = f"  {count(len(found.text), 'more character')} after the first {limits.INBOUND_LENGTH:,}"
    return [[], [(words, "muted")], [], *([(f"  {line}", "")] for line in wrap(shown(found.text), width - 4))]
