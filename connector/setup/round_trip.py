"""A test text from one of our numbers to a phone, and the wait for its answer, through a running core.

The core sends it, as it sends every reply: a person who has opted out is not texted by a set-up either.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from connector.base.data_directory import data_dir
from connector.client.core_address import CoreAddress
from connector.client.errors import ClientError, CoreUnreachable, RequestRefused
from connector.client.link import EventsMissed, Link
from connector.console.failure import CommandFailed
from connector.domain import address
from connector.providers.send_outcomes import for_administrator
from connector.setup.dialogue import Dialogue
from connector.wire import answers, requests
from connector.wire.events import MessageReceived, StatusMoved
from connector.wire.refusals import RefusalCode

_TEXT = "A test from Textdesk. Please answer this text with any word."
_TIME_LIMIT_S = 180
_POLL_S = 1.0
_NO_CORE = "No core is running on {data} to send the text: start it as shown above, then run this again."
_OPTED_OUT = "{phone} has opted out, so no test text was sent. Text START from it first."
_UNKNOWN_LINE = "The core on {data} does not have {line}: run `{reload}`, then this again."
_LOST = ("undelivered", "failed", "expired")


def run(dialogue: Dialogue, lines: Sequence[str]) -> int:
    """Make the test if a phone is given. Returns the exit code: 1 when no answer came."""
    if dialogue.options.test_to is None and not dialogue.questions.is_person:
        return 0
    dialogue.say()
    phone = dialogue.questions.text(
        "A phone to send a test text to; enter for none",
        partial(_phone, lines[0]),
        flag="--test-to",
        given=dialogue.options.test_to,
        default="",
    )
    if not phone:
        return 0
    data: Path = getattr(dialogue.options, "data", None) or data_dir(os.environ)
    try:
        return asyncio.run(_test(dialogue, data, lines[0], phone))
    except KeyboardInterrupt:
        dialogue.progress.clear()
        dialogue.say("  No longer waiting. What was set up stays.")
        return 0


def _phone(line: str, text: str) -> str:
    """A number in any spelling, read in the country of the line it is texted from; blank for none."""
    if not text.strip():
        return ""
    found = address.parse(text, address.region_of(line))
    if found.kind is not address.AddressKind.NUMBER or not address.is_possible(found.text):
        raise ValueError("one phone number, written like +14155550111.")
    return found.text


async def _test(dialogue: Dialogue, data: Path, line: str, phone: str) -> int:
    ends_at = time.monotonic() + _TIME_LIMIT_S
    async with AsyncExitStack() as stack:
        stack.callback(dialogue.progress.clear)
        link = await _connect(dialogue, stack, data, ends_at)
        open_before = {view.id for view in (await link.snapshot()).conversations if view.state != "closed"}
        started = await _send(link, data, dialogue.reload_command(), line, phone)
        if started.conversation_id not in open_before:
            stack.push_async_callback(_close, link, started.conversation_id)
        dialogue.done(f"A text from {line} to {phone} is on its way; answer it on that phone.")
        return await _wait_for_answer(dialogue, link, started, phone, ends_at)


async def _connect(dialogue: Dialogue, stack: AsyncExitStack, data: Path, ends_at: float) -> Link:
    """A link to the core; on a terminal there is time to start one."""
    while True:
        try:
            return await stack.enter_async_context(Link(CoreAddress(data)))
        except CoreUnreachable:
            left_s = ends_at - time.monotonic()
            if left_s <= 0 or not dialogue.questions.is_person:
                raise CommandFailed(_NO_CORE.format(data=data), os.EX_UNAVAILABLE) from None
        dialogue.progress.show(f"waiting for a core on {data} to send the text… {left_s:.0f} s  (ctrl+c: no test)")
        await asyncio.sleep(_POLL_S)


async def _send(link: Link, data: Path, reload: str, line: str, phone: str) -> answers.Started:
    request = requests.Start(line, phone, _TEXT, is_test=True)
    try:
        try:
            started = await link.ask(request)
        except RequestRefused as refused:
            if refused.code != RefusalCode.COUNTRY_NOT_ALLOWED:
                raise
            started = await link.ask(replace(request, override=True))  # the administrator's own phone
    except RequestRefused as refused:
        if refused.code == RefusalCode.OPTED_OUT:
            raise CommandFailed(_OPTED_OUT.format(phone=phone)) from None
        if refused.code == RefusalCode.UNKNOWN_LINE:
            raise CommandFailed(_UNKNOWN_LINE.format(data=data, line=line, reload=reload)) from None
        raise CommandFailed(f"The test text was not sent: {refused}") from None
    assert isinstance(started, answers.Started)
    return started


async def _close(link: Link, conversation_id: str) -> None:
    """Close the conversation that the test has opened: nothing in it is for an agent."""
    with contextlib.suppress(ClientError):
        await link.ask(requests.Close(conversation_id))


async def _wait_for_answer(dialogue: Dialogue, link: Link, sent: answers.Started, phone: str, ends_at: float) -> int:
    """Wait for a text of that phone in the test's conversation, and show the status of ours meanwhile."""
    status = "queued"
    while (left_s := ends_at - time.monotonic()) > 0:
        dialogue.progress.show(f"{status}; waiting for the answer… {left_s:.0f} s  (ctrl+c: do not wait)")
        match await _next(link, sent):
            case MessageReceived(message=message):
                dialogue.progress.clear()
                dialogue.done(f"“{message.text[:60]}” came back. Texts reach textdesk.")
                return 0
            case StatusMoved(status=status, words=words) if status in _LOST:
                why = f" {for_administrator(words)}" if words else ""
                raise CommandFailed(f"The test text was not delivered.{why}")
            case StatusMoved(status=status):
                pass
    raise CommandFailed(
        f"No answer from {phone} came in within {_TIME_LIMIT_S // 60} minutes. If you did answer, `textdesk doctor`"
        " says what is wrong."
    )


async def _next(link: Link, sent: answers.Started) -> MessageReceived | StatusMoved | None:
    """What happens next to the test's text or in its conversation; None if nothing does within a moment."""
    try:
        async with asyncio.timeout(_POLL_S):
            while True:
                event = await link.next_event()
                body = None if isinstance(event, EventsMissed) else event.body
                if isinstance(body, MessageReceived) and body.conversation.id == sent.conversation_id:
                    return body
                if isinstance(body, StatusMoved) and body.message_id == sent.message_id:
                    return body
    except TimeoutError:
        return None
