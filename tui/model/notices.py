"""Setting the notice, and when it is over. Times are seconds of any one clock.

A key that does something ends a notice, once it could be read, or at once when it was about what the agent has left.
One that answers a key also ends after a time, an error later than a confirmation. An error that came unasked stays:
perhaps the agent was away from the screen.
"""

from __future__ import annotations

from collections.abc import Hashable

from msgspec.structs import replace

from tui.model.state import Model, Notice

_READ_S = {False: 1.0, True: 2.0}  # by whether it is an error
_OVER_S = {False: 6.0, True: 20.0}


def set_notice(model: Model, notice: Notice) -> Model:
    return replace(model, notices=replace(model.notices, current=notice))


def clear_notice(model: Model) -> Model:
    return model if model.notices.current is None else replace(model, notices=replace(model.notices, current=None))


class NoticeWatch:
    """Follows the notice of the moment. `place` is what the agent sees: the screen and the conversation."""

    def __init__(self) -> None:
        self._notice: Notice | None = None
        self._since = 0.0
        self._place: Hashable = None

    def see(self, notice: Notice | None, place: Hashable, now: float) -> float | None:
        """The notice shown now. When it is another one: in how many seconds it ends without a key, if it does."""
        if notice is self._notice:
            return None
        self._notice, self._since, self._place = notice, now, place
        if notice is None or (notice.is_error and not notice.is_local):
            return None
        return _OVER_S[notice.is_error]

    def is_over(self, place: Hashable, now: float, *, did_something: bool) -> bool:
        """Whether the notice that was there before a key is over after it."""
        notice = self._notice
        if notice is None or notice.asks_again:
            return True
        was_left = notice.is_local and place != self._place
        return was_left or (did_something and now - self._since >= _READ_S[notice.is_error])
