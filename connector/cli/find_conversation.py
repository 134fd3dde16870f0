"""Finds the conversation that an argument means."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence

from connector.base import ids
from connector.console.consumer_name import consumer_name
from connector.console.failure import CommandFailed
from connector.domain.address import parse, region_of
from connector.sms.folding import folded
from connector.wire.views import ConversationView

_FEWEST_DIGITS = 3  # that stand for a number ending in them
_MOST_NAMED = 5
_DIGITS = re.compile(r"[\d\s()+./-]+")


def conversation_id(asked: str, conversations: Iterable[ConversationView], *, also_closed: bool = False) -> str:
    """The id for an id, the prefix of one, a consumer's number in any spelling, its last digits, or their name.

    Raises CommandFailed unless exactly one matches. Numbers, names and prefixes mean open conversations or, with
    `also_closed`, else the one closed last, within the last day. A whole id is returned as it is, since the
    conversation may have been closed before that.
    """
    prefix = asked.strip().upper()
    known = list(conversations)
    matching = _with_number(asked, known)
    matching = matching or [view for view in known if prefix and view.id.startswith(prefix)]
    matching = matching or _ending_in(asked, known) or [known[row] for row in named(asked, [one.name for one in known])]
    found = [view for view in matching if view.state != "closed"]
    if not found and matching and also_closed and len({_person(view) for view in matching}) == 1:
        return max(matching, key=lambda view: view.closed_at or 0).id
    if len(found) == 1:
        return found[0].id
    if found:
        raise CommandFailed(_ambiguous(asked, found), os.EX_USAGE)
    if len(prefix) == ids.LENGTH and prefix.isalnum():
        return prefix
    if also_closed:
        words = f"No conversation is {asked} that is open or was closed within the last day"
        raise CommandFailed(f"{words}: an older one is found by its whole id. `textdesk queue --all` lists open ones.")
    raise CommandFailed(f"No open conversation is {asked}: `textdesk queue --all` lists them.")


def consumer_of(asked: str, conversations: Iterable[ConversationView]) -> str:
    """The address of the consumer that is meant: by a conversation's id, a number, or the last digits or the name of
    just one consumer with an open conversation. What means none of these is returned as it is.

    Raises CommandFailed when several consumers are meant.
    """
    known = list(conversations)
    prefix = asked.strip().upper()
    if (same := view_of(prefix, known)) is not None:
        return same.consumer
    still_open = [view for view in known if view.state != "closed"]
    matching = _with_number(asked, known) or [view for view in still_open if prefix and view.id.startswith(prefix)]
    matching = matching or _ending_in(asked, still_open)
    matching = matching or [still_open[row] for row in named(asked, [one.name for one in still_open])]
    if len({_person(view) for view in matching}) > 1:
        raise CommandFailed(_ambiguous(asked, matching), os.EX_USAGE)
    return matching[0].consumer if matching else asked.strip()


def named(asked: str, names: Sequence[str]) -> list[int]:
    """Which of these names are meant: those that are the same but for case and accents, else those with all the words.
    A word is whole: half of one would text whoever has it."""
    words = folded(asked)
    same = [row for row, name in enumerate(names) if words and folded(name) == words]
    sought = set(words.split())
    return same or [row for row, name in enumerate(names) if sought and sought <= set(folded(name).split())]


def is_number(asked: str) -> bool:
    """Whether it may be a number, in any spelling, or the last digits of one."""
    return _DIGITS.fullmatch(asked) is not None


def view_of(conversation_id: str, conversations: Iterable[ConversationView]) -> ConversationView | None:
    """None for a conversation that was closed more than a day ago."""
    return next((view for view in conversations if view.id == conversation_id), None)


def _with_number(asked: str, conversations: Sequence[ConversationView]) -> list[ConversationView]:
    """Those with this number, read in the country of each one's line."""
    number = re.sub(r"[\s()./-]", "", asked).removeprefix("+")
    same = [view for view in conversations if number and view.consumer.removeprefix("+") == number]
    if same or not _DIGITS.fullmatch(asked):
        return same
    regions = {view.line: region_of(view.line) for view in conversations}
    persons = {region: parse(asked, region).person for region in {None, *regions.values()}}
    return [view for view in conversations if _person(view) in (persons[regions[view.line]], persons[None])]


def _ending_in(asked: str, conversations: Sequence[ConversationView]) -> list[ConversationView]:
    digits = re.sub(r"[^0-9]", "", asked)
    if not _DIGITS.fullmatch(asked) or len(digits) < _FEWEST_DIGITS:
        return []
    return [view for view in conversations if view.consumer.endswith(digits)]


def _person(view: ConversationView) -> str:
    return view.person or view.consumer


def _ambiguous(asked: str, found: Sequence[ConversationView]) -> str:
    each = [f"{view.id} ({consumer_name(view)} to {view.line})" for view in found[:_MOST_NAMED]]
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return f"{asked} could be any of {len(found)} open conversations: {', '.join(each)}{more}."
