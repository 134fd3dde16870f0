"""A test text from one of our numbers to a phone, and the wait for its answer through a running core."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from connector.base.data_directory import data_dir
from connector.client.errors import CoreUnreachable
from connector.client.link import CoreAddress, Link
from connector.console.failure import CommandFailed
from connector.providers.outbound import OutboundClient
from connector.providers.twilio.admin import TwilioAdmin
from connector.providers.values import CallFailed
from connector.setup.dialogue import Dialogue
from connector.setup.numbers import parse
from connector.sms.addresses import is_e164
from connector.wire.events import MessageReceived
from connector.wire.frames import EventFrame

_TEXT = "A test from Textdesk. Please answer this text with any word."
_TIME_LIMIT_S = 180
_POLL_S = 1.0
_NO_CORE = "No core is running on {data} to receive the answer: start it as shown above, then run this again."

Admin = Callable[[OutboundClient], TwilioAdmin]


def run(dialogue: Dialogue, admin: Admin, lines: Sequence[str]) -> int:
    """Make the test if a phone is given. Returns the exit code: 1 when no answer came."""
    if dialogue.options.test_to is None and not dialogue.questions.is_person:
        return 0
    dialogue.say()
    phone = dialogue.questions.text(
        "A phone to send a test text to; enter for none",
        _phone,
        flag="--test-to",
        given=dialogue.options.test_to,
        default="",
    )
    if not phone:
        return 0
    data: Path = getattr(dialogue.options, "data", None) or data_dir(os.environ)
    try:
        return asyncio.run(_test(dialogue, admin, data, lines[0], phone))
    except KeyboardInterrupt:
        dialogue.progress.clear()
        dialogue.say("  No longer waiting. What was set up stays.")
        return 0
    except CallFailed as error:
        raise CommandFailed(f"The test text was not sent: {error}") from None


def _phone(text: str) -> str:
    if not text.strip():
        return ""
    found = parse(text)
    if len(found) != 1 or not is_e164(found[0]):
        raise ValueError("one phone number, written like +14155550111.")
    return found[0]


async def _test(dialogue: Dialogue, admin: Admin, data: Path, line: str, phone: str) -> int:
    ends_at = time.monotonic() + _TIME_LIMIT_S
    async with AsyncExitStack() as stack:
        stack.callback(dialogue.progress.clear)
        link = await _connect(dialogue, stack, data, ends_at)
        known = (await link.snapshot()).conversations
        if any(one.opted_out and one.consumer == phone for one in known):
            raise CommandFailed(f"{phone} has opted out, so no test text was sent. Text START from it first.")
        twilio = admin(await stack.enter_async_context(OutboundClient()))
        sid = await twilio.send(line, phone, _TEXT)
        dialogue.done(f"A text from {line} to {phone} is on its way; answer it on that phone.")
        return await _wait_for_answer(dialogue, link, twilio, sid, (line, phone), ends_at)


async def _connect(dialogue: Dialogue, stack: AsyncExitStack, data: Path, ends_at: float) -> Link:
    """A link to the core; on a terminal there is time to start one."""
    while True:
        try:
            return await stack.enter_async_context(Link(CoreAddress(data)))
        except CoreUnreachable:
            left_s = ends_at - time.monotonic()
            if left_s <= 0 or not dialogue.questions.is_person:
                raise CommandFailed(_NO_CORE.format(data=data), os.EX_UNAVAILABLE) from None
        dialogue.progress.show(f"waiting for a core on {data} to receive the answer… {left_s:.0f} s  (ctrl+c: no test)")
        await asyncio.sleep(_POLL_S)


async def _wait_for_answer(
    dialogue: Dialogue, link: Link, twilio: TwilioAdmin, sid: str, parties: tuple[str, str], ends_at: float
) -> int:
    """Wait for a text from that phone to that line, and show the status of ours meanwhile."""
    status = "sent off"
    is_final = False
    while (left_s := ends_at - time.monotonic()) > 0:
        dialogue.progress.show(f"{status}; waiting for the answer… {left_s:.0f} s  (ctrl+c: do not wait)")
        if (text := await _text_between(link, parties)) is not None:
            dialogue.progress.clear()
            dialogue.done(f"“{text[:60]}” came back. Texts reach textdesk.")
            return 0
        if not is_final:
            delivery = await twilio.delivery(sid)
            status, is_final = delivery.status, delivery.is_final
            if delivery.trouble:
                raise CommandFailed(f"The test text was not delivered. {delivery.trouble}")
    raise CommandFailed(
        f"No answer from {parties[1]} came in within {_TIME_LIMIT_S // 60} minutes. If you did answer, `textdesk"
        " doctor` says what is wrong; a core that was running before has to be restarted for its new numbers."
    )


async def _text_between(link: Link, parties: tuple[str, str]) -> str | None:
    """The next text between these parties; None if none comes within a moment."""
    try:
        async with asyncio.timeout(_POLL_S):
            while True:
                event = await link.next_event()
                if isinstance(event, EventFrame) and isinstance(event.body, MessageReceived):
                    message = event.body.message
                    if (message.line, message.consumer) == parties:
                        return message.text
    except TimeoutError:
        return None
