"""What is recorded of a person, in a few words."""

from __future__ import annotations

from datetime import datetime

from connector.base.counted import count
from connector.wire.contacts import ContactView, PersonView
from tui.draw.format import moment
from tui.model.conversations import agent_name
from tui.model.state import Model

_YES = ("yes", "ja", "true", "x", "1")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def brief_words(about: PersonView, now: int) -> list[str]:
    """For the head of a conversation: language, attributes, how often they have been here."""
    contact = about.contact
    return [
        *language_words(contact),
        *(attribute_words(*one) for one in contact.attributes.items()),
        *_times(about, now),
    ]


def language_words(contact: ContactView) -> list[str]:
    if not contact.language:
        return []
    from connector.wire.languages import name_of  # few have one

    return [name_of(contact.language)]


def attribute_words(name: str, value: str) -> str:
    """`VIP` of one that says yes, `order A-17`."""
    return name if value.casefold() in _YES else f"{name} {value}"


def _times(about: PersonView, now: int) -> list[str]:
    if not about.others or about.since is None:
        return []
    number = about.others + 1
    ending = "th" if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return [f"{number:,}{ending} time {_since(about.since, now)}"]


def _since(at: int, now: int) -> str:
    when, today = datetime.fromtimestamp(at / 1000), datetime.fromtimestamp(now / 1000)
    if when.date() == today.date():
        return "today"
    is_this_month = (when.year, when.month) == (today.year, today.month)
    return "this month" if is_this_month else f"since {month(at, now)}"


def month(at: int, now: int) -> str:
    """`March` of this year, `Mar 2024`."""
    when, today = datetime.fromtimestamp(at / 1000), datetime.fromtimestamp(now / 1000)
    return f"{when:%B}" if when.year == today.year else f"{when:%b %Y}"


def other_words(about: PersonView, now: int) -> str:
    """How many other conversations there are, and since when."""
    if not about.others or about.since is None:
        return ""
    return f"{count(about.others, 'other conversation')}, the first in {month(about.since, now)}"


def changed_words(model: Model, contact: ContactView, now: int) -> str:
    if not contact.version:
        return "nothing is recorded yet"
    return f"changed by {agent_name(model, contact.changed_by)}, {moment(contact.changed_at, now)}"
