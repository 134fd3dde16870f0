"""Replies, first texts, notes and pictures that are refused."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from connector.domain.account import AccountMode
from connector.domain.media import Media, MediaState
from connector.domain.message import Direction
from connector.domain.sending_limits import SendingLimits
from connector.domain.status import Status
from connector.services.erasure import forget
from connector.wire import administration, answers, limits, requests
from connector.wire.saved_replies import ReplyActions
from tests.connector.services.refusals.scenes import (
    ALIEN,
    EVE,
    NOWHERE,
    SCENES,
    Scene,
    assigned,
    closed,
    queued,
    ringing,
    scene,
    written,
)
from tests.kit.stores import CONSUMER, LINE, message
from tests.kit.use_cases import OTHER_LINE, Office


@scene(requests.ScheduleReply)
async def too_many_for_later(office: Office) -> tuple[str, requests.Request]:
    conversation_id, send_at = (await assigned(office)).id, office.now + 60_000
    for _ in range(limits.SCHEDULED_IN_CONVERSATION):
        await office.ask(requests.ScheduleReply(conversation_id, "Later", send_at))
    return "ann", requests.ScheduleReply(conversation_id, "Later", send_at)


@scene(requests.CancelScheduled)
async def nothing_to_cancel(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.CancelScheduled(NOWHERE)


@scene(requests.CancelScheduled)
async def a_colleagues_to_cancel(office: Office) -> tuple[str, requests.Request]:
    conversation_id = (await assigned(office, skills=("orders",))).id
    await office.sign_in(EVE, skills=("orders",))
    answer = await office.ask(requests.ScheduleReply(conversation_id, "Later", office.now + 60_000))
    assert isinstance(answer, answers.Scheduled)
    return EVE, requests.CancelScheduled(answer.scheduled_id)


@scene(requests.Reply)
async def reply_that_records_an_unknown_outcome(office: Office) -> tuple[str, requests.Request]:
    office.brand = replace(office.brand, outcomes=("sold",))
    return "ann", requests.Reply((await assigned(office)).id, "Hi", then=ReplyActions(outcome="lost"))


@scene(requests.Reply)
async def queued_reply(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office)).id, "Hi")


@scene(requests.Reply)
async def ringing_reply(office: Office) -> tuple[str, requests.Request]:
    return "bob", requests.Reply((await ringing(office)).id, "Hi")


@scene(requests.Reply)
async def reply_in_a_colleagues(office: Office) -> tuple[str, requests.Request]:
    return "bob", requests.Reply((await assigned(office)).id, "Hi", accept=True)


@scene(requests.Reply)
async def reply_after_the_end(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await closed(office)).id, "Hi", accept=True)


@scene(requests.Reply)
async def reply_after_the_hold(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    await office.ask(requests.Accept(conversation.id), name="cid")  # who has no desk
    office.clock.advance(10**5)
    return "cid", requests.Reply(conversation.id, "Hi")


@scene(requests.Reply)
async def stale_reply(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await assigned(office)).id, "Hi", seen=0)


@scene(requests.Reply)
async def stale_reply_that_accepts(office: Office) -> tuple[str, requests.Request]:
    """It writes before it is refused."""
    return "ann", requests.Reply((await queued(office)).id, "Hi", seen=0, accept=True)


@scene(requests.Reply)
async def reply_to_one_who_opted_out(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    await office.ask(requests.OptOut(CONSUMER, "by phone"))
    return "ann", requests.Reply(conversation.id, "Hi", accept=True)


@scene(requests.Reply)
async def reply_to_one_who_may_have_opted_out(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office, "please stop texting me")).id, "Hi", accept=True)


@scene(requests.Reply)
async def empty_reply(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office)).id, "\u200b", accept=True)


@scene(requests.Reply)
async def long_reply(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office)).id, "x" * 1601, accept=True)


@scene(requests.Reply)
async def reply_that_is_no_text(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office)).id, "\ud800", accept=True)


@scene(requests.Reply)
async def reply_from_an_account_that_is_off(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    await office.ask(administration.SetAccountMode("main", str(AccountMode.DRAINING)))
    return "ann", requests.Reply(conversation.id, "Hi", accept=True)


@scene(requests.Reply)
async def reply_with_too_many_pictures(office: Office) -> tuple[str, requests.Request]:
    urls = [f"https://pictures.example.com/{number}" for number in range(11)]
    return "ann", requests.Reply((await queued(office)).id, "Hi", urls, accept=True)


@scene(requests.Reply)
async def reply_with_a_picture_that_is_gone(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office)).id, "Hi", ["P1"], accept=True)


@scene(requests.Reply)
async def reply_on_a_line_that_is_gone(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    office.brand = replace(office.brand, lines={})
    return "ann", requests.Reply(conversation.id, "Hi", accept=True)


@scene(requests.Reply)
async def reply_to_a_name(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    line = replace(office.lines[LINE], cannot_answer=lambda _: "A name takes no texts.")
    office.brand = replace(office.brand, lines={LINE: line})
    return "ann", requests.Reply(conversation.id, "Hi", accept=True)


@scene(requests.Resend)
async def resent_of_nothing(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Resend(NOWHERE)


def resent(**state: Any) -> Scene:
    async def again(office: Office) -> tuple[str, requests.Request]:
        return "ann", requests.Resend(await written(office, **state))

    return again


SCENES[requests.Resend] += [
    resent(status=Status.FAILED, resent_as="R9"),
    resent(status=Status.UNDONE),
    resent(status=Status.DELIVERED),
    resent(status=Status.UNCERTAIN),
    resent(status=Status.SENDING),
]


@scene(requests.UndoReply)
async def undone_of_nothing(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.UndoReply(NOWHERE)


@scene(requests.UndoReply)
async def undone_too_late(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.UndoReply(await written(office, status=Status.DELIVERED))


@scene(requests.Start)
async def start_on_no_line(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Start(ALIEN, CONSUMER, "Hi")


@scene(requests.Start)
async def start_to_no_number(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Start(LINE, "+1", "Hi")


@scene(requests.Start)
async def start_that_is_older_than_an_erasure(office: Office) -> tuple[str, requests.Request]:
    await office.text("Hello")
    person = await office.question(administration.Forget(CONSUMER))
    await office.do(forget.begin, "ann", person)
    return "ann", requests.Start(LINE, CONSUMER, "Hi", position=1)


@scene(requests.Start)
async def start_to_an_extension(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Start(LINE, "+1 415 555 0133 ext. 7", "Hi")


@scene(requests.Start)
async def start_to_a_number_of_no_country(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Start(LINE, "+1415555013399", "Hi")


@scene(requests.Start)
async def start_to_a_name(office: Office) -> tuple[str, requests.Request]:
    line = replace(office.lines[LINE], cannot_answer=lambda _: "A name takes no texts.")
    office.brand = replace(office.brand, lines={LINE: line})
    return "ann", requests.Start(LINE, "AMAZON", "Hi")


@scene(requests.Start)
async def start_to_a_line_of_ours(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in()
    return "ann", requests.Start(LINE, OTHER_LINE, "Hi")


@scene(requests.WriteNote)
async def empty_note(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.WriteNote((await queued(office)).id, "\u2800")


@scene(requests.WriteNote)
async def long_note(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.WriteNote((await queued(office)).id, "x" * (limits.NOTE_LENGTH + 1))


@scene(requests.GetOverflow)
async def rest_of_nothing(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GetOverflow(NOWHERE)


@scene(requests.Reply)
async def reply_on_a_line_that_is_ours_no_more(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    del office.lines[LINE]
    return "ann", requests.Reply(conversation.id, "Hi")


@scene(requests.Resend)
async def resend_of_what_the_consumer_wrote(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    found = await office.store.write(lambda tx: tx.messages.history(CONSUMER, None, 1))
    return "ann", requests.Resend(found[0].id)


@scene(requests.Resend)
async def resend_of_an_automatic_reply(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    automatic = message(id="M9", conversation_id=conversation.id, direction=Direction.REPLY, status=Status.FAILED)
    await office.store.write(lambda tx: tx.messages.add_once(automatic))
    return "ann", requests.Resend("M9")


def with_limits(office: Office, **limits: Any) -> None:
    office.brand = replace(office.brand, sending=SendingLimits(**limits))


@scene(requests.Start)
async def start_in_another_country(office: Office) -> tuple[str, requests.Request]:
    with_limits(office, countries=frozenset({"US"}))
    return "ann", requests.Start(LINE, "+18765550123", "Hi")


@scene(requests.Start)
async def start_to_a_premium_number(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Start(LINE, "+19005550123", "Hi")


@scene(requests.Reply)
async def reply_beyond_the_limit(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    await office.reply(conversation)
    with_limits(office, sends_per_hour=1)
    return "ann", requests.Reply(conversation.id, "Hi")


@scene(requests.GetPicture)
async def picture_of_a_message_without_one(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    found = await office.store.write(lambda tx: tx.messages.history(CONSUMER, None, 1))
    return "ann", requests.GetPicture(f"{found[0].id}.0")


@scene(requests.GetPicture)
async def no_picture(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GetPicture("nothing")


@scene(requests.GetPicture)
async def picture_that_is_not_here_yet(office: Office) -> tuple[str, requests.Request]:
    media = Media("https://pictures.example.com/1", "image/png", MediaState.WAITING)
    conversation = await assigned(office)
    with_picture = message(conversation_id=conversation.id, media=(media,), ref="SM-9")
    await office.store.write(lambda tx: tx.messages.add_once(with_picture))
    return "ann", requests.GetPicture("M1.0")
