"""Setting the notice, and when it is over. Times are seconds of any one clock.

A key that does something ends a notice, once it could be read, or at once when it was about what the agent has left.
One that answers a key also ends after a time, an error later than a confirmation. An error that came unasked stays:
perhaps the agent was away from the screen. A question stays until the key it waits for.

News, which no key has asked for, never take the place of what a key has caused: they come after it, unless what they
are about has changed by then. News that were not read when a key put its own words in their place come back.
"""

from __future__ import annotations

from collections.abc import Hashable

from msgspec.structs import replace

from tui.model.state import Model, Notice

_READ_S = {False: 1.0, True: 2.0}  # by whether it is an error
_OVER_S = {False: 6.0, True: 20.0}


def set_notice(model: Model, notice: Notice) -> Model:
    current = model.notices.current
    if current is not None and current.is_news:
        model = _hold(model, current)
    return replace(model, notices=replace(model.notices, current=notice))


def tell_news(model: Model, notice: Notice) -> Model:
    """Show news now, or after what the agent has to read first."""
    current = model.notices.current
    if current is None or (current.is_news and not current.is_error):
        return replace(model, notices=replace(model.notices, current=notice))
    return _hold(model, notice)


def _hold(model: Model, news: Notice) -> Model:
    held = model.notices.held
    is_worse = held is not None and held.is_error and not news.is_error
    return model if is_worse else replace(model, notices=replace(model.notices, held=news))


def clear_notice(model: Model) -> Model:
    """The notice is over: the news that waited for it are shown, if they still hold."""
    notices = model.notices
    if notices.current is None and notices.held is None:
        return model
    news = notices.held
    if news is not None and not news.is_error and news.about is not None:
        view = model.conversations.by_id.get(news.about[0])
        news = news if view is not None and view.version == news.about[1] else None
    return replace(model, notices=replace(notices, current=news, held=None))


def drop_held(model: Model) -> Model:
    return replace(model, notices=replace(model.notices, held=None))


def text_sent(model: Model, conversation_id: str | None) -> Model:
    """The agent sends a text there: notices about a text that was not sent, or about the screen, are over."""
    current, held = model.notices.current, model.notices.held
    if held is not None and _is_settled(held, conversation_id):
        model = drop_held(model)
    if current is not None and (current.is_local or _is_settled(current, conversation_id)):
        model = clear_notice(model)
    return model


def _is_settled(notice: Notice, conversation_id: str | None) -> bool:
    """Whether a text sent in a conversation ends a notice about one that was not sent."""
    return notice.is_of_unsent and (notice.about is None or notice.about[0] == conversation_id)


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
        if notice is None or notice.asks_again or (notice.is_error and not notice.is_local):
            return None
        return _OVER_S[notice.is_error]

    def was_read(self, notice: Notice | None, now: float) -> bool:
        """Whether this is the notice that was seen last, for long enough to be read."""
        return notice is not None and notice is self._notice and now - self._since >= _READ_S[notice.is_error]

    def is_over(self, notice: Notice, place: Hashable, now: float, *, did_something: bool) -> bool:
        """Whether the notice that was there before a key is over after it."""
        if notice.asks_again:
            return True
        if notice is not self._notice:  # in a burst of keys it was never on the screen
            return notice.is_local
        was_left = notice.is_local and place != self._place
        return was_left or (did_something and now - self._since >= _READ_S[notice.is_error])
