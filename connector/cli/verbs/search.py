"""`textdesk search WORDS`: messages and people, of open and closed conversations."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from argparse import Namespace

import msgspec

from connector.base.counted import count
from connector.client.link import Link
from connector.console.colours import Colours
from connector.console.failure import CommandFailed
from connector.console.output import json_line, moment, note, plain, write
from connector.console.progress import ProgressLine
from connector.wire import administration, answers, limits, requests
from connector.wire.views import HitView, PersonHitView

_MOST_PAGES = 50  # without a hit: then it is said how far back was looked
_LOOK_EVERY_S = 1.0


def check(options: Namespace) -> None:
    if options.rebuild == bool(options.words):
        words = "Give words to search for, such as: textdesk search refund from:anna; or --rebuild, without any."
        raise CommandFailed(words, os.EX_USAGE)
    if options.limit < 1:
        raise CommandFailed("--limit is 1 or more.", os.EX_USAGE)


async def run(link: Link, options: Namespace) -> int:
    """Prints people and messages, the latest first; 1 where nothing was found. With --rebuild the index is made anew,
    and 0 means that all can be searched again."""
    return await (_rebuild(link, options) if options.rebuild else _search(link, options))


async def _search(link: Link, options: Namespace) -> int:
    text = " ".join(options.words)
    colours = Colours(sys.stdout)
    wanted, before, found, not_yet, pages = options.limit, "", 0, "", 0
    while True:
        limit = min(wanted - found, limits.PAGE_SIZE)
        page = await link.ask(requests.Search(text, before, limit, _utc_offset_s()))
        assert isinstance(page, answers.SearchHits)
        for person in page.people:
            write(json_line(_of_person(person)) if options.json else plain(_person_line(person)))
        for hit in page.hits:
            if options.json:
                write(json_line({"kind": "message" if hit.message_id else "conversation", **msgspec.to_builtins(hit)}))
            else:
                _write_hit(hit, colours)
        found += len(page.hits)
        pages, not_yet = 0 if page.hits else pages + 1, page.not_yet
        before = page.more
        if not before or found >= wanted or pages >= _MOST_PAGES:
            break
    if before:
        how = f"a higher --limit (now {wanted}), or with until:DATE" if found >= wanted else "until:DATE"
        looked = f" So far it was looked back to {moment(page.looked_back_to)}." if page.looked_back_to else ""
        note(f"There is more: ask with {how}.{looked}")
    if not_yet:
        note(not_yet)
    if not found and not page.people and not options.json:
        write("Nothing was found.")
    return 0 if found or page.people else 1


def _utc_offset_s() -> int:
    return time.localtime().tm_gmtoff


def _of_person(person: PersonHitView) -> dict[str, object]:
    return {"kind": "person", **msgspec.to_builtins(person)}


def _person_line(person: PersonHitView) -> str:
    who = f"{person.name} {person.shown or person.consumer}".strip()
    if not person.conversation_id:
        return f"{who}: no conversation yet"
    whose = f", {person.agent}" if person.agent else ""
    return f"{who}: latest conversation {person.conversation_id} ({person.state}{whose}), {moment(person.last_at)}"


def _write_hit(hit: HitView, colours: Colours) -> None:
    """Two lines: where and when, and the text with what was found in bold, or in brackets where there is none."""
    who = hit.author or ("consumer" if hit.direction == "inbound" else hit.direction)
    status = f" {hit.status}" if hit.direction == "reply" and hit.status else ""
    name = f"{hit.name} {hit.shown or hit.consumer}".strip()
    about = f"{moment(hit.at)}  {hit.message_id or hit.conversation_id}  {name} on {hit.line}  {who}{status}"
    write(plain(f"{about}  ({hit.state}{f', {hit.agent}' if hit.agent else ''})"))
    parts, at = [], 0
    for first, end in hit.marks:
        parts += [plain(hit.text[at:first]), _marked(plain(hit.text[first:end]), colours)]
        at = end
    parts.append(plain(hit.text[at:]))
    begun, cut = "… " if hit.offset else "", " …" if hit.is_cut else ""
    write(f"    {begun}{''.join(parts)}{cut}")


def _marked(text: str, colours: Colours) -> str:
    bold = colours.bold(text)
    return bold if bold != text else f"[{text}]"


async def _rebuild(link: Link, options: Namespace) -> int:
    """Has it made anew, and waits until it is."""
    progress = ProgressLine(sys.stderr)
    state = await link.ask(administration.RebuildSearch())
    while True:
        assert isinstance(state, answers.SearchState)
        if state.trouble:
            raise CommandFailed(state.words, os.EX_UNAVAILABLE)
        if state.indexed >= state.total:
            break
        progress.show(state.words)
        await asyncio.sleep(_LOOK_EVERY_S)
        state = await link.ask(administration.GetSearchState())
    progress.clear()
    words = f"The index is made anew: {count(state.indexed, 'message')} can be searched."
    write(json_line({"indexed": state.indexed}) if options.json else words)
    return 0
