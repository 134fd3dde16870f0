"""`textdesk send ID TEXT`: send one reply, of words of one's own or a saved one."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from connector.cli import moment_arguments
from connector.cli.find_conversation import conversation_id, view_of
from connector.cli.find_saved_reply import all_of, saved_reply
from connector.cli.reply_filling import filled_by
from connector.cli.send_outcome import report, undo_s
from connector.cli.text_argument import read_text
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, moment, plain, write
from connector.wire import answers, limits, requests
from connector.wire.saved_replies import SavedReplyView
from connector.wire.saved_reply_rules import actions_in_words
from connector.wire.views import ConversationView


def check(options: Namespace) -> None:
    files: list[Path] = getattr(options, "picture_files", [])
    if options.saved is not None and options.text:
        raise CommandFailed("Give a text or --saved, not both.", os.EX_USAGE)
    if options.at is not None:
        moment_arguments.future(options.at, now=0)
        if files or options.override:
            raise CommandFailed("A reply that is sent later has no pictures, and sets no limit aside.", os.EX_USAGE)
    is_elsewhere = not options.text and (bool(files) or options.saved is not None)
    options.text = "" if is_elsewhere else read_text(options.text)
    options.pictures = [_read(path) for path in files]


async def run(link: Link, options: Namespace) -> int:
    """Refused as stale if there is a newer message than in the snapshot. Waits for what the provider says."""
    conversations = (await link.snapshot()).conversations
    found = conversation_id(options.id, conversations)
    if options.at is not None:
        return await _schedule(link, options, found, view_of(found, conversations))
    view = view_of(found, conversations)
    saved = None if options.saved is None else saved_reply(options.saved, await all_of(link))
    text = options.text if saved is None else _filled(link, saved, view)
    stored = [await link.ask(requests.PutPicture(data)) for data in options.pictures]
    request = requests.Reply(
        found,
        text,
        [one.picture_id for one in stored if isinstance(one, answers.PictureStored)],
        seen=view.last_seq if view else None,
        accept=True,
        override=options.override,
        saved_replies=[] if saved is None else [saved.id],
        then=None if saved is None else saved.then,
    )
    answer = await link.ask(request)
    message_id = answer.message_id if isinstance(answer, answers.Written) else ""
    return await report(link, message_id, undo_s(link, view), found, options)


async def _schedule(link: Link, options: Namespace, found: str, view: ConversationView | None) -> int:
    saved = None if options.saved is None else saved_reply(options.saved, await all_of(link))
    if saved is not None and saved.then:
        done = actions_in_words(saved.then)
        words = f"Not sent later: {saved.title} also does something as it is sent ({done}). Send its text without that."
        raise CommandFailed(words, os.EX_USAGE)
    text = options.text if saved is None else _filled(link, saved, view)
    send_at = moment_arguments.future(options.at, link.now())
    seen = view.last_seq if view else None
    used = [] if saved is None else [saved.id]
    answer = await link.ask(requests.ScheduleReply(found, text, send_at, seen, accept=True, saved_replies=used))
    scheduled_id = answer.scheduled_id if isinstance(answer, answers.Scheduled) else ""
    if options.json:
        write(json_line({"scheduled_id": scheduled_id, "conversation_id": found, "send_at": send_at}))
    else:
        cancels = f"`textdesk undo {scheduled_id}` cancels it"
        write(plain(f"It is sent at {moment(send_at)}, unless they write before: {cancels}."))
    return 0


def _filled(link: Link, saved: SavedReplyView, view: ConversationView | None) -> str:
    """Its text for the consumer of a conversation. Raises CommandFailed where a field has no value for them."""
    if view is None:
        raise CommandFailed("That conversation was closed too long ago.", os.EX_USAGE)
    filled = filled_by(link, saved, view)
    if filled.gaps:
        gaps = ", ".join(dict.fromkeys(filled.text[start:end] for start, end in filled.gaps))
        words = f"Not sent: nothing is known for {gaps} here. A default is written {{name|there}}."
        raise CommandFailed(words, os.EX_DATAERR)
    return filled.text


def _read(path: Path) -> bytes:
    """Raises CommandFailed; whether it is a picture is for the core to say."""
    try:
        with path.open("rb") as file:
            data = file.read(limits.PICTURE_BYTES + 1)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}.", os.EX_NOINPUT) from None
    if not data or len(data) > limits.PICTURE_BYTES:
        fault = f"too large: a picture may have {limits.PICTURE_BYTES // 1_000_000} MB" if data else "empty"
        raise CommandFailed(f"{path} is {fault}.", os.EX_DATAERR)
    return data
