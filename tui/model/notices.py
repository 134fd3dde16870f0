"""When a notice is over. Pure; times are seconds of any one clock.

A key that does something ends it, once it could be read, or at once when it was about what the agent has left. What
was said in answer to a key goes by itself too, errors later than confirmations. An error that came by itself does not:
perhaps nobody was looking.
"""

from __future__ import annotations

from collections.abc import Hashable

from tui.model.state import Notice

_READ_S = {False: 1.0, True: 2.0}  # by whether it is an error
_GONE_S = {False: 6.0, True: 20.0}


class NoticeWatch:
    """Follows the notice of the moment. `place` is what is before the agent: the screen and the conversation."""

    def __init__(self) -> None:
        self._notice: Notice | None = None
        self._since = 0.0
        self._place: Hashable = None

    def see(self, notice: Notice | None, place: Hashable, now: float) -> float | None:
        """The notice shown now. When it is another one: after how long it goes by itself, if it does."""
        if notice is self._notice:
            return None
        self._notice, self._since, self._place = notice, now, place
        if notice is None or (notice.bad and not notice.here):
            return None
        return _GONE_S[notice.bad]

    def is_over(self, place: Hashable, now: float, *, did_something: bool) -> bool:
        """Whether the notice that was there before a key is over after it."""
        notice = self._notice
        if notice is None or notice.doubt:
            return True
        left = notice.here and place != self._place
        return left or (did_something and now - self._since >= _READ_S[notice.bad])
