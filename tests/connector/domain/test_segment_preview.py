"""Previews of texts that come in segments."""

from __future__ import annotations

import pytest

from connector.domain import transitions
from connector.domain.account import Line
from connector.domain.conversation import Conversation, DueRule
from connector.domain.due import Deadline
from connector.domain.media import Media
from connector.domain.message import Direction, Part
from connector.domain.skill_rules import SkillRules
from tests.kit.stores import message, reply

DEADLINE = Deadline(2000, DueRule.RESPONSE)
NEW = transitions.opened("c1", Line("+15550100", "main", "orders"), "+15550199", "US", now=1000)


def after(*came: tuple[str, Part | None]) -> Conversation:
    """The conversation after these texts; "reply" is the agent's, "read" means its owner read it."""
    conversation = NEW
    for text, part in came:
        if text == "reply":
            conversation = transitions.with_reply(conversation, reply(text="we look into it"), SkillRules())
        elif text == "read":
            conversation = transitions.read(conversation)
        else:
            conversation = transitions.with_inbound(conversation, message(text=text, part=part), DEADLINE)
    return conversation


def of_three(number: int, reference: int = 7, *, wide: bool = False) -> Part:
    return Part(reference, 3, number, wide)


ONE, TWO, THREE = ("one", of_three(1)), ("two", of_three(2)), ("three", of_three(3))
READ, REPLY = ("read", None), ("reply", None)


@pytest.mark.parametrize(
    ("came", "shown", "number", "unread"),
    [
        ([("hello", None)], "hello", None, 1),
        ([("hello", None), ("there", None)], "there", None, 2),
        ([ONE, TWO, THREE], "one", 1, 1),
        ([THREE, ONE, TWO], "one", 1, 1),
        ([THREE, TWO], "two", 2, 1),
        ([ONE, READ, TWO], "one", 1, 1),
        ([ONE, REPLY, TWO], "two", 2, 1),
        ([("hello", None), ONE, TWO], "one", 1, 2),
        ([ONE, TWO, ("hello", None)], "hello", None, 2),
        ([ONE, ("other", of_three(2, 8))], "other", 2, 2),
        ([ONE, ("other", of_three(2, wide=True))], "other", 2, 2),
        ([ONE, ("other", Part(7, 2, 2))], "other", 2, 2),
        ([ONE, TWO, THREE, ("again", of_three(1))], "again", 1, 2),
    ],
)
def test_segments_of_one_text_have_one_preview_and_are_unread_once(
    came: list[tuple[str, Part | None]], shown: str, number: int | None, unread: int
) -> None:
    conversation = after(*came)
    part = conversation.last_part
    assert (conversation.last_text, part and part.number, conversation.unread) == (shown, number, unread)


def test_every_segment_stays_a_message_of_its_own() -> None:
    one = transitions.with_inbound(NEW, message(text="one", part=of_three(1), seq=1), DEADLINE)
    two = transitions.with_inbound(one, message(text="two", part=of_three(2), seq=2), DEADLINE)
    assert (two.last_seq, two.version) == (2, one.version + 1)
    assert two.last_direction is Direction.INBOUND


@pytest.mark.parametrize(
    ("text", "types", "shown"),
    [
        ("Look", ["image/png"], "Look"),
        ("", ["image/png"], "[picture]"),
        ("", [""], "[picture]"),
        ("", ["image/png", "image/heic"], "[2 pictures]"),
        ("", ["text/vcard"], "[file]"),
        ("", ["image/png", "audio/amr"], "[2 files]"),
    ],
)
def test_a_message_of_pictures_alone_is_not_a_blank_preview(text: str, types: list[str], shown: str) -> None:
    media = tuple(Media("https://api.twilio.com/1", kind) for kind in types)
    received = transitions.with_inbound(NEW, message(text=text, media=media), DEADLINE)
    assert received.last_text == shown
    assert transitions.with_reply(NEW, reply(text=text, media=media), SkillRules()).last_text == shown
