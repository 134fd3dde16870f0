"""No text leaves the store towards people with a card number in it, whichever way it takes.

The first test names every field of every shape that a desk receives, and says whether it holds words of a consumer, an
agent or a provider. The others put a card number into each of those, and look for it in what comes out.
"""

from __future__ import annotations

import base64
import typing
from typing import Any
from urllib.parse import quote_plus

import msgspec
import pytest

from connector.domain.consent.entries import ConsentKind
from connector.domain.masking.encoded import mask_body
from connector.domain.masking.masking import NO_MASKING, MaskingRules
from connector.domain.message import Part
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.providers.values import InboundText
from connector.services import views
from connector.services.accounts import quarantine
from connector.services.consent import ledger
from connector.services.conversations import transcript
from connector.services.conversations.listing import conversation_views
from connector.services.routing import explanation
from connector.services.sending import outbox, statuses
from connector.store.ports import Reading, Store
from connector.wire import administration, answers, events, frames, requests
from connector.wire.joined_parts import join_parts
from connector.wire.masks import MASK
from connector.wire.views import ConversationView, MessageView
from tests.kit.stores import CONSUMER, LINE, hook, told
from tests.kit.use_cases import Office

CARD = "4242 4242 4242 4242"
MASKED = f"{MASK * 4} {MASK * 4} {MASK * 4} 4242"

# Fields that hold what people or providers have written. `views` masks each.
TEXTS = {
    "ConversationView": {"last_text", "outcome", "tags", "name"},
    "MessageView": {"text", "words"},
    "ConsentEntryView": {"evidence"},
    "HookView": {"body", "path", "reason"},
    "StatusMoved": {"words"},
    "AccountView": {"words", "reasons", "replies_wait"},
    "LineTrafficView": {"words", "reasons"},
    "ErrorCodeView": {"words"},
    "ScheduledView": {"text"},
    "Tags": {"tags"},
    "ContactView": {"name", "notes", "attributes"},
    "ContactChanged": {"name"},
    "PastConversationView": {"outcome", "tags"},
    "Overflow": {"text"},
    "HitView": {"text", "name"},
    "PersonHitView": {"name"},
    "ReportRowView": {"key", "name"},  # of outcomes, which agents word
    "DraftView": {"text"},  # the agent's own, as they typed it, for their own desks only
    "Unmasked": {"text"},  # the one that is not masked, for whom it is allowed to; see tests of it
}
# Fields of words that the core itself makes, ids, names, states and codes: nothing that a consumer has typed.
# What people of the brand have written for all consumers.
OF_THE_BRAND = {
    "SavedReplyView": {"title", "text", "category", "shortcut"},
    "ReplyActions": {"tags", "outcome"},
}
NO_TEXTS = {
    "saved_reply_id", "saved_reply_ids", "scheduled_id", "ended", "cost", "price", "prices", "region",
    "file", "not_told", "agents", "lines", "settings", "warnings",
    "action", "actor", "subject", "hash",
    "moved", "account", "accounts", "address", "agent", "also_rang", "assigned", "author", "away_reasons", "balance",
    "back_from", "by", "charset", "closed_by", "code", "consumer", "content_type", "conversation_id", "data", "details",
    "digest", "direction", "due_by", "due_told", "encoding", "entry_point", "goes_to", "handed_by", "head",
    "held_by_others", "id", "joined", "kind", "last_direction", "likely_opt_out", "line", "masked",
    "message_id", "mode", "name", "next", "notes", "os_user", "outcomes", "owner", "person", "picture_id", "presence",
    "provider", "raw_status", "reason", "reasons", "reply_unit", "resends", "resent_as", "returned_by",
    "rights", "rings", "role", "rule", "sees", "shown", "skill", "skills", "source", "state", "status", "store", "tail",
    "text_in", "to_agent", "to_skill", "token", "token_id", "zone",
    "unsent_status", "version", "way", "words",
    "acknowledged_by", "asked_as", "off_duty_by", "on_call", "leads", "people", "phone", "texted", "untexted",
    "changed_by", "language",
    "more", "not_yet", "understood", "trouble",
    "conversation_ids", "ends", "erased", "found", "others", "out_of_reach", "searched", "stored",
}  # fmt: skip
_WORDS_OF_OURS = {
    "AuditVerified", "Forgotten", "SkillTargetView", "AgentTargetView", "ScorePartView", "VerdictView", "AccountView",
    "WebhookView", "NotHandedOnView", "NumberedWords", "ScheduleEnded",
    "WrongLine", "SearchState", "Refusal", "LineTrafficView", "ErrorCodeView", "Transferred", "PictureView",
}  # fmt: skip


def shapes() -> dict[str, Any]:
    """Every struct that a desk receives, by its name."""
    found: dict[str, Any] = {}
    waiting = [*typing.get_args(events.Event), *typing.get_args(answers.Answer), *typing.get_args(frames.FromCore)]
    while waiting:
        one = waiting.pop()
        waiting += typing.get_args(one)
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one.__name__ not in found:
            found[one.__name__] = one
            waiting += typing.get_type_hints(one).values()
    return found


def has_text(kind: Any) -> bool:
    return kind is str or any(has_text(inner) for inner in typing.get_args(kind))


def test_every_field_that_may_hold_a_text_is_known() -> None:
    assert {"ConversationView", "MessageView", "HookView", "ConsentEntryView"} <= shapes().keys()
    unknown = []
    for name, shape in shapes().items():
        for field, kind in typing.get_type_hints(shape).items():
            if not has_text(kind) or field in TEXTS.get(name, ()) or field in OF_THE_BRAND.get(name, ()):
                continue
            if (field in ("text", "words") and name not in _WORDS_OF_OURS) or field not in NO_TEXTS:
                unknown.append(f"{name}.{field}")
    assert unknown == [], "mask it in connector.services.views and name it in TEXTS, or say here that it is no text"


@pytest.fixture
async def office(store: Store) -> Office:
    office = Office(store)
    await office.sign_in()
    return office


async def test_no_event_list_or_transcript_has_the_number(office: Office) -> None:
    conversation = await office.text(f"My card is {CARD}, exp 12/27 cvv 123")
    written = await office.reply(conversation, f"You wrote {CARD}?")
    await office.ask(requests.WriteNote(conversation.id, f"they pay with {CARD}"))
    await office.text(f"{CARD}{'x' * 4990}4242 4242 4242 4242")  # over the cut of the text shown
    message = await office.message(written)
    await office.do(statuses.save, msgspec.structs.replace(message, status=Status.FAILED, words=f"bad text: {CARD}"))
    with pytest.raises(Refused) as stale:
        await office.ask(requests.Reply(conversation.id, "one more", seen=1))
    await office.do(
        ledger.record, message, ConsentKind.OPTED_OUT, "keyword STOP", f"STOP {CARD}", at=office.now, author="ann"
    )
    await office.ask(requests.OptIn(CONSUMER, f"by phone, they said {CARD}"))
    await office.ask(requests.Close(conversation.id, "solved", f"note {CARD}", [CARD]))
    await office.store.write(lambda tx: tx.hooks.add(hook(body=f"Body={CARD.replace(' ', '+')}".encode(), path="/h")))

    history = await office.look(transcript.history, requests.GetHistory(conversation.id))
    explained = await office.look(explanation.explain, requests.Explain(conversation.id))
    hooks = await office.look(quarantine.page, administration.GetHooks())
    listed = await as_listed(office)
    newer = [views.message_view(one, office.brand.masking) for one in stale.value.messages]
    overflows = [await office.look(transcript.overflow, requests.GetOverflow(one.id)) for one in history.messages]
    shown = [row.fact.body.decode() for row in await told(office.store)]
    for one in (history, explained, hooks, listed, newer, overflows):
        shown.append(msgspec.json.encode(one).decode())

    assert len(shown) > 12
    whole = "".join(shown)
    assert "4242 4242" not in whole and "4242+4242" not in whole
    assert whole.count(MASKED) > 12
    assert history.messages[0].masked == ["card", "card_code"]
    assert explained.consent is not None and MASK in explained.consent.evidence
    assert newer and newer[0].text.startswith(MASK * 4)


async def test_what_is_sent_and_stored_is_the_text_itself(office: Office) -> None:
    conversation = await office.text(f"My card is {CARD}")
    await office.reply(conversation, f"Thanks for {CARD}")
    claimed = await office.do(outbox.claim, "n1", 10)
    assert [outgoing.text for _, outgoing in claimed] == [f"Thanks for {CARD}"]


async def test_a_card_over_the_cut_of_the_shown_text_is_masked_on_both_sides(office: Office) -> None:
    conversation = await office.text("x" * 4990 + " 4242424242424242 thanks")
    history = await office.look(transcript.history, requests.GetHistory(conversation.id))
    rest = await office.look(transcript.overflow, requests.GetOverflow(history.messages[0].id))
    assert history.messages[0].text.endswith(f"x {MASK * 9}") and len(history.messages[0].text) == 5000
    assert rest.text == f"{MASK * 3}4242 thanks"


async def as_listed(office: Office) -> list[ConversationView]:
    """All conversations, as lists of a desk have them."""

    def look(reading: Reading) -> list[ConversationView]:
        return conversation_views(reading, reading.snapshot(office.now, 0).conversations, office.brand)

    return await office.store.read(look)


async def test_a_card_over_the_cut_of_a_preview_is_masked(office: Office) -> None:
    await office.text("x" * 150 + " 42424242 42424242")
    [listed] = await as_listed(office)
    assert listed.last_text == "x" * 150 + f" {MASK * 8} "


@pytest.mark.parametrize("at", range(1, 19))
async def test_a_card_cut_over_two_segments_is_in_no_part_and_in_no_joined_text(office: Office, at: int) -> None:
    texts = "my card is " + CARD[:at], CARD[at:] + " thanks"
    for number, text in enumerate(texts, 1):
        await office.take(InboundText(f"p{number}", LINE, CONSUMER, text, part=Part(7, 2, number)))
    conversation = await office.open_for(CONSUMER)
    history = await office.look(transcript.history, requests.GetHistory(conversation.id))
    joined = join_parts(history.messages)
    assert isinstance(joined[0], MessageView) and len(joined) == 1
    assert len([char for char in joined[0].text if char.isdigit()]) <= 7
    assert "cut" in joined[0].masked
    previews = [event["conversation"]["last_text"] for event in await office.events("message_received")]
    assert all(len([char for char in text if char.isdigit()]) <= 4 for text in previews)


async def test_other_rules_act_on_what_is_read_later(office: Office) -> None:
    conversation = await office.text(f"My card is {CARD}")
    office.brand = msgspec.structs.replace(office.brand, masking=NO_MASKING)
    history = await office.look(transcript.history, requests.GetHistory(conversation.id))
    assert history.messages[0].text == f"My card is {CARD}" and history.messages[0].masked == []


@pytest.mark.parametrize(
    "body",
    [
        "From=%2B4915112345674&Body=my+card+4242+4242%204242%C2%A04242&To=1",
        "Body=%EF%BC%94%EF%BC%92%EF%BC%94%EF%BC%92+4242+4242+4242",
        '{"content": "4242\\u00a04242\\n4242 4242", "ts": "2026-11-28T20:00:00"}',
        '{"content": "\\u0664\\u0662\\u0664\\u0662 4242 4242 4242"}',
        "<sms><content>4242&#160;4242&#xA0;4242&nbsp;4242</content></sms>",
    ],
)
def test_the_body_of_a_hook_is_masked_however_it_is_encoded(body: str) -> None:
    masked = mask_body(body, MaskingRules(), is_cut=False)
    assert len(masked) == len(body)
    assert masked.count("4242") == 1
    assert "\\u0664" not in masked and "%EF%BC%94" not in masked
    assert masked.startswith(body[:5])


@pytest.mark.parametrize("charset", ["utf-8", "utf-16-be"])
def test_a_text_in_hexadecimal_or_base64_is_masked_whole(charset: str) -> None:
    octets = f"my card is {CARD}".encode(charset)
    for encoded in (octets.hex(), octets.hex().upper(), base64.b64encode(octets).decode()):
        body = f'{{"id": "SM{"0123456789abcdef" * 2}", "type": "hexEncodedText", "content": "{encoded}"}}'
        assert mask_body(body, MaskingRules(), is_cut=False) == body.replace(encoded, MASK * len(encoded))
    form = f"Body={quote_plus(base64.b64encode(octets).decode())}&To=%2B15550100"
    assert mask_body(form, MaskingRules(), is_cut=False).endswith("&To=%2B15550100")
    assert mask_body(form, MaskingRules(), is_cut=False).startswith("Body=" + MASK * 20)


@pytest.mark.parametrize(
    "body", ["", "%", "%4", "{", "&&&=%zz", '{"a": "\\ud83d\\ude00 +4915112345674"}', "Body=Hello+you"]
)
def test_a_body_without_a_number_to_mask_stays_as_it_is(body: str) -> None:
    assert mask_body(body, MaskingRules(), is_cut=False) == body
