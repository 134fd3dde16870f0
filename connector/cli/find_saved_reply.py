"""The saved replies of the caller, and the one that a word means."""

from __future__ import annotations

import os
from collections.abc import Sequence

from connector.base.alike import meant
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.wire import answers
from connector.wire.saved_replies import GetSavedReplies, SavedReplyView

_MOST_NAMED = 5


async def all_of(link: Link) -> list[SavedReplyView]:
    """The caller's own and those that are shared with them: own ones first, each by category and title."""
    found: list[SavedReplyView] = []
    more = True
    while more:
        page = await link.ask(GetSavedReplies(found[-1].id if found else ""))
        assert isinstance(page, answers.SavedReplies)
        found += page.replies
        more = page.more
    return sorted(found, key=lambda one: (one.is_shared, one.category.casefold(), one.title.casefold()))


def saved_reply(asked: str, known: Sequence[SavedReplyView]) -> SavedReplyView:
    """By its shortcut (one's own before a shared one), its title, or its id or the beginning of it.

    Raises CommandFailed unless exactly one is meant.
    """
    word = asked.strip().removeprefix(";").casefold()
    for found in (
        [one for one in known if one.shortcut and one.shortcut.casefold() == word and not one.is_shared],
        [one for one in known if one.shortcut and one.shortcut.casefold() == word],
        [one for one in known if one.title.casefold() == word],
        [one for one in known if word and one.id.casefold().startswith(word)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            named = ", ".join(f"{one.id} ({one.title})" for one in found[:_MOST_NAMED])
            raise CommandFailed(f"{asked} could be any of {len(found)} saved replies: {named}.", os.EX_USAGE)
    alike = meant(word, [name for one in known for name in (one.shortcut, one.title) if name])
    hint = f": did you mean {alike}?" if alike else ": `textdesk replies list` lists yours."
    raise CommandFailed(f"There is no saved reply {asked}{hint}", os.EX_USAGE)
