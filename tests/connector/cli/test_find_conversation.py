from __future__ import annotations

import os
import re

import pytest
from msgspec.structs import replace

from connector.cli.find_conversation import consumer_of, conversation_id
from connector.console.failure import CommandFailed
from connector.wire.views import ConversationView

FIRST = "01K5ZZZZZZAAAAAAAAAAAAAAAA"
SECOND = "01K5ZZZZZZBBBBBBBBBBBBBBBB"
OTHER_LINE = "01K5ZZZZZZCCCCCCCCCCCCCCCC"
CLOSED = "01K4ZZZZZZDDDDDDDDDDDDDDDD"
ANNA, BEN = "+14155550111", "+447700900114"


def view(
    identity: str, consumer: str, state: str = "assigned", line: str = "+14155550100", person: str = "", shown: str = ""
) -> ConversationView:
    return ConversationView(
        id=identity,
        version=1,
        state=state,
        account="main",
        line=line,
        consumer=consumer,
        skill="general",
        agent=None,
        opened_at=0,
        last_at=0,
        queued_at=None,
        waiting_since=None,
        closed_at=None,
        last_seq=1,
        unread=0,
        last_text="",
        last_direction="inbound",
        opted_out=False,
        reason="",
        person=person,
        shown=shown,
    )


KNOWN = [
    view(FIRST, ANNA, "queued"),
    view(SECOND, BEN, shown="07700 900114"),
    view(OTHER_LINE, BEN, shown="07700 900114"),
    view(CLOSED, ANNA, "closed"),
    view("01K3ZZZZZZEEEEEEEEEEEEEEEE", "55501"),
]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (FIRST, FIRST),
        ("01K5ZZZZZZA", FIRST),
        ("01k5zzzzzza", FIRST),
        (ANNA, FIRST),
        ("14155550111", FIRST),
        ("+1 (415) 555-0111", FIRST),
        ("(415) 555-0111", FIRST),
        ("415 555 0111", FIRST),
        ("001 415 555 0111", FIRST),
        ("0111", FIRST),
        ("50-111", FIRST),
        ("55501", "01K3ZZZZZZEEEEEEEEEEEEEEEE"),
        (CLOSED, CLOSED),
        ("01K0000000000000000000000F", "01K0000000000000000000000F"),
    ],
)
def test_exactly_one_match(asked: str, found: str) -> None:
    assert conversation_id(asked, KNOWN) == found


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (BEN, os.EX_USAGE, f"{SECOND} (07700 900114 to +14155550100), {OTHER_LINE} (07700 900114"),
        ("01K5", os.EX_USAGE, "any of 3"),
        ("01K4", 1, "textdesk queue --all"),
        ("+4915550000", 1, "No open conversation"),
        ("", 1, "No open conversation"),
        ("\x1b[2J", 1, "No open conversation"),
    ],
)
def test_no_match_or_several(asked: str, code: int, words: str) -> None:
    with pytest.raises(CommandFailed, match=re.escape(words)) as caught:
        conversation_id(asked, KNOWN)
    assert caught.value.exit_code == code


MEXICAN, BRITISH = "01K5ZZZZZZMMMMMMMMMMMMMMMM", "01K5ZZZZZZNNNNNNNNNNNNNNNN"
ABROAD = [
    view(MEXICAN, "+5215512345678", line="+525500000000", person="+525512345678"),
    view(BRITISH, "+447400123456", line="+447400000000"),
]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("07400123456", BRITISH),
        ("07400 123456", BRITISH),
        ("+44 (0)7400 123456", BRITISH),
        ("+525512345678", MEXICAN),
        ("+52 1 55 1234 5678", MEXICAN),
        ("55 1234 5678", MEXICAN),
    ],
)
def test_a_number_is_found_as_it_is_written_in_the_country_of_its_line(asked: str, found: str) -> None:
    assert conversation_id(asked, ABROAD) == found


def test_two_digits_are_too_few() -> None:
    with pytest.raises(CommandFailed, match="No open conversation"):
        conversation_id("11", KNOWN)


@pytest.mark.parametrize("asked", ["0111", "4155550111", "+1 (415) 555-0111", FIRST, FIRST.lower(), FIRST[:-2]])
def test_a_consumer_is_found_like_a_conversation(asked: str) -> None:
    known = [view(FIRST, ANNA), view(OTHER_LINE, ANNA, line="+14155550199"), view(SECOND, BEN)]
    assert consumer_of(asked, known) == ANNA


def test_last_digits_mean_one_consumer_with_an_open_conversation() -> None:
    closed = view(CLOSED, ANNA, state="closed")
    assert consumer_of("0111", [closed, view(SECOND, BEN)]) == "0111"
    assert consumer_of(CLOSED, [closed]) == ANNA
    with pytest.raises(CommandFailed, match="could be any of 2"):
        consumer_of("011", [view(FIRST, "+14155550011"), view(SECOND, "+447700900011")])


def test_a_name_means_the_consumer_who_has_it() -> None:
    known = [replace(view(FIRST, ANNA), name="Maya Lindqvist"), replace(view(SECOND, BEN), name="Maya Ito")]
    assert consumer_of("lindqvist", known) == ANNA
    assert consumer_of("mayb", known) == "mayb"
    with pytest.raises(CommandFailed, match="could be any of 2"):
        consumer_of("maya", known)


def test_a_name_means_the_one_who_has_it_and_a_part_of_a_word_nobody() -> None:
    renee = replace(KNOWN[0], name="Renée Dubois")
    ito, other = replace(KNOWN[1], name="Renate Ito"), replace(KNOWN[2], id=OTHER_LINE, consumer=ANNA, name="Renée")
    assert conversation_id("dubois RENEE", [renee, ito, other]) == renee.id
    assert conversation_id("renee", [renee, ito, other]) == other.id  # her whole name
    assert conversation_id("ito", [renee, ito, other]) == ito.id
    with pytest.raises(CommandFailed, match="No open conversation is ren:"):
        conversation_id("ren", [renee, ito, other])
    with pytest.raises(CommandFailed, match="could be any of 2 open conversations") as several:
        conversation_id("renee", [renee, replace(ito, name="Renée Ito")])
    assert several.value.exit_code == os.EX_USAGE
    with pytest.raises(CommandFailed, match="No open conversation"):
        conversation_id("...", [renee])
