"""`textdesk show ID`: the messages exchanged with a consumer."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

import msgspec

from connector.base.counted import count
from connector.base.new_file import write_new
from connector.cli.find_conversation import conversation_id, view_of
from connector.client.link import Link
from connector.console import output as console
from connector.console.consumer_name import consumer_name
from connector.console.failure import CommandFailed
from connector.console.output import json_line, moment, plain
from connector.domain import address
from connector.sms.text import shown
from connector.wire import answers, limits, requests
from connector.wire.joined_parts import JoinedMessage, join_parts
from connector.wire.views import ConversationView, MessageView


async def run(link: Link, options: Namespace) -> int:
    """Prints the messages with this conversation's consumer, on all lines, oldest first, with parts joined.

    As JSON, a joined text is one object: that of its first part with the words of all, and `runs`, `numbers`, `total`,
    `repeats` and `part_ids` of `JoinedMessage`. With --rest, `rest` is what follows the text of an over-long one. With
    --out all of it goes to a new file.
    """
    file: Path | None = getattr(options, "file", None)
    if file is not None and file.exists():
        raise _exists(file)
    conversations = (await link.snapshot()).conversations
    found = conversation_id(options.id, conversations, also_closed=True)
    view = view_of(found, conversations)
    messages, ends = await history(link, found)
    lines: list[str] = []
    write = console.write if file is None else lines.append
    if ends and not options.json:
        write(plain(ends))
    for message in join_parts(messages):
        rest = await _rest(link, message) if options.rest else ""
        if options.json:
            values = msgspec.to_builtins(message) | {"shown": _consumer(message, view)}
            write(json_line(values | ({"rest": rest} if rest else {})))
        else:
            for line in message_lines(message, view, rest):
                write(line)
    if view is not None and not options.json and (words := _consent(view)):
        write(plain(words))
    if file is not None:
        _write_file(file, lines)
        console.note(f"Written: {file}, {count(len(messages), 'message')}")
    return 0


def _write_file(path: Path, lines: Sequence[str]) -> None:
    """Raises CommandFailed."""
    try:
        write_new(path, "".join(f"{line}\n" for line in lines).encode(errors="replace"))
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise CommandFailed(f"{path} cannot be written: {error.strerror}.", os.EX_IOERR) from None


def _exists(path: Path) -> CommandFailed:
    return CommandFailed(f"{path} is there already: nothing is overwritten.", os.EX_USAGE)


def _consent(view: ConversationView) -> str:
    """Why nothing is sent to the consumer; blank when nothing forbids it."""
    if view.opted_out:
        return f"{consumer_name(view)} has opted out: nothing is sent to them."
    if view.likely_opt_out:
        decide = f"textdesk decide {view.id}"
        return f"A text reads like an opt-out, and nothing is sent until you decide: {decide} opt-out, or no-opt-out."
    return ""


async def history(link: Link, conversation: str) -> tuple[list[MessageView], str]:
    """All messages with the conversation's consumer, oldest first, and why there are no older ones, where that is
    said."""
    messages: list[MessageView] = []
    ends, more = "", True
    while more:
        before = messages[0].id if messages else None
        answer = await link.ask(requests.GetHistory(conversation, before=before, limit=limits.PAGE_SIZE))
        if not isinstance(answer, answers.History):
            break
        messages[:0] = answer.messages
        ends, more = answer.ends, answer.more and bool(answer.messages)
    return messages, ends


async def _rest(link: Link, message: MessageView) -> str:
    """What the consumer wrote beyond the text of this message; of joined parts, beyond that of each, in order."""
    if not message.overflow:
        return ""
    ids = message.part_ids if isinstance(message, JoinedMessage) else [message.id]
    found = [await link.ask(requests.GetOverflow(one)) for one in ids]
    return "".join(one.text for one in found if isinstance(one, answers.Overflow))


def _consumer(message: MessageView, view: ConversationView | None) -> str:
    """The address it is from or to, as people of its line's country write it."""
    if view is not None and (view.consumer, view.line) == (message.consumer, message.line):
        return consumer_name(view)
    return address.shown(message.consumer, address.region_of(message.line))


def message_lines(message: MessageView, view: ConversationView | None = None, rest: str = "") -> list[str]:
    """A message as text for a terminal. `view`: the conversation it is shown for; `rest`: of an over-long text."""
    consumer = _consumer(message, view)
    if message.direction == "inbound":
        head = f"{consumer} to {message.line}"
    elif message.direction == "note":
        head = f"{message.author} notes"
    else:
        head = f"{message.author or 'textdesk (automatic)'} to {consumer}: {message.status}"
        head += f" ({message.words})" if message.words else ""
        head += f", sent again as {message.resent_as}" if message.resent_as else ""
        head += f", sends {message.resends} again" if message.resends else ""
        head += f", to be decided: textdesk resend {message.id}" if message.is_unsettled else ""
    if isinstance(message, JoinedMessage):
        head += f", {message.numbers} of {message.total} parts"
        head += f", {message.repeats} left out as repeated" if message.repeats else ""
    elif message.part:
        head += f", part {message.part.number} of {message.part.total}"
    if message.masked:
        ids = message.part_ids if isinstance(message, JoinedMessage) else [message.id]
        head += f", masked ({', '.join(message.masked)}): textdesk unmask {' '.join(ids)}"
    if message.overflow and not rest:
        head += f", {count(message.overflow, 'more character')} (--rest)"
    for picture in message.pictures:
        head += f", with {picture.content_type or 'a picture'}"
        head += f" (textdesk picture {picture.id} > FILE)" if picture.state == "kept" else ""
        if picture.words:
            head += f" ({picture.state}: {picture.words})"
    lines = [*_words(message), *(shown(rest).split("\n") if rest else [])]
    return [plain(f"{moment(message.at)}  {head}"), *(f"    {line}" for line in lines), ""]


def _words(message: MessageView) -> list[str]:
    """The lines of the text, with one for each missing part."""
    if not isinstance(message, JoinedMessage):
        return shown(message.text).split("\n") if message.text else []
    lines: list[str] = []
    for run in message.runs:
        missing = f"… part {run} of {message.total} missing …"
        lines += [missing] if isinstance(run, int) else shown(run).split("\n")
    return lines
