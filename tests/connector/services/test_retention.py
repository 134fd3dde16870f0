"""What is older than it is to be stored is erased, by account and in small steps; what is open stays whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from connector.base.live import Live
from connector.config.errors import ConfigError
from connector.config.file import load
from connector.domain.contact import Contact
from connector.domain.media import Media, MediaState
from connector.domain.refusals import Refused
from connector.domain.retention import Retention
from connector.providers.values import InboundText
from connector.services.erasure import retention
from connector.store.sql.store import SqlStore
from connector.store.values import HookState
from connector.wire import answers, requests
from connector.wire.saved_replies import ReplyActions
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.stores import LINE, hook
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

DAY_S = 86_400
ANA, BEN, CLEO = consumer(1), consumer(2), consumer(3)


class Keeping(Office):
    """Of the account main messages are stored for 30 days, pictures for 10 and hooks for 3; of the other, for good."""

    def __init__(self, store: SqlStore) -> None:
        super().__init__(store, rules(), rules(address=OTHER_LINE, account="other"))
        kept = {"main": Retention(30, 10, 3), "other": Retention()}
        self.brand = msgspec.structs.replace(self.brand, retention=kept)

    @property
    def live(self) -> Live[Any]:
        return Live(self.brand)

    async def expire(self) -> int:
        """All of it; the number of steps."""
        steps = 1
        while await self.do(retention.expire):
            steps += 1
        return steps

    async def closed(self, who: str, *, line: str = LINE) -> None:
        found = await self.text("hello", who, line=line)
        await self.ask(requests.Close(found.id, accept=True))

    async def left(self, who: str) -> int:
        return len(await self.store.read(lambda reading: reading.history(who, None, 1000)))


async def test_closed_conversations_go_and_open_ones_and_other_accounts_stay(store: SqlStore) -> None:
    office = Keeping(store)
    await office.sign_in()
    await office.closed(ANA)
    await office.closed(BEN, line=OTHER_LINE)
    await office.text("still waiting", CLEO)
    office.clock.advance(29 * DAY_S)
    await office.expire()
    assert [await office.left(who) for who in (ANA, BEN, CLEO)] == [1, 1, 1]
    office.clock.advance(2 * DAY_S)
    await office.expire()
    assert [await office.left(who) for who in (ANA, BEN, CLEO)] == [0, 1, 1]
    assert not await store.write(lambda tx: tx.conversations.has_closed(ANA))


async def test_a_contact_goes_with_the_last_conversation_unless_it_was_changed_since(store: SqlStore) -> None:
    office = Keeping(store)
    await office.sign_in()

    async def record(*persons: str) -> None:
        found = [Contact(one, one, office.ids.new(), office.now, "ann", "Renée") for one in persons]
        await store.write(lambda tx: [*map(tx.contacts.save, found)])

    await record(ANA, BEN, CLEO)
    await office.closed(ANA)
    await office.closed(BEN)
    office.clock.advance(20 * DAY_S)
    await record(BEN)
    office.clock.advance(11 * DAY_S)
    await office.expire()
    left = await store.read(lambda reading: [reading.contact(one) for one in (ANA, BEN, CLEO)])
    assert [one is not None for one in left] == [False, True, True]


async def test_steps_are_small_and_all_of_it_goes_in_the_end(store: SqlStore) -> None:
    office = Keeping(store)
    await office.sign_in(capacity=0)
    conversation = await office.text("1", ANA)
    arrivals = [InboundText(ref=f"SM-{n}", line=LINE, consumer=ANA, text=str(n)) for n in range(450)]
    await office.take(*arrivals)
    await office.ask(requests.Close(conversation.id, accept=True))
    office.clock.advance(31 * DAY_S)
    assert await office.do(retention.expire)
    assert await office.left(ANA) == 451 - 200
    await office.expire()
    assert await office.left(ANA) == 0


async def test_an_opt_out_of_whom_nothing_else_is_left_holds_as_a_hash(store: SqlStore) -> None:
    office = Keeping(store)
    await office.take(InboundText(ref="SM-stop", line=LINE, consumer=ANA, text="STOP"))
    office.clock.advance(31 * DAY_S)
    await office.expire()
    latest = await store.write(lambda tx: tx.consent.latest(ANA, PSEUDONYMS))
    assert latest is not None and latest.person == PSEUDONYMS.of(ANA) and latest.evidence == ""
    with pytest.raises(Refused):
        await office.ask(requests.Start(LINE, ANA, "Hello"))


async def test_pictures_go_before_their_messages_which_say_so(store: SqlStore) -> None:
    office = Keeping(store)
    await office.sign_in()
    media = (Media("https://pictures.example.com/1", "image/png", MediaState.STORED, 9, "0" * 64),)
    await office.take(InboundText(ref="SM-1", line=LINE, consumer=ANA, text="look", media=media))
    office.clock.advance(9 * DAY_S)
    await office.expire()
    await office.take(InboundText(ref="SM-2", line=LINE, consumer=ANA, text="look", media=media))
    office.clock.advance(2 * DAY_S)
    await office.expire()
    old, new = await store.read(lambda reading: reading.history(ANA, None, 10))
    assert (old.media[0].digest, old.media[0].words) == (None, "It was erased after 10 days.")
    assert new.media == media


async def test_hooks_go_and_genuine_ones_in_quarantine_stay(store: SqlStore) -> None:
    office = Keeping(store)
    at = office.now
    rows = [
        hook(id="H1", at=at),
        hook(id="H2", at=at, account="other"),
        hook(id="H3", at=at, state=HookState.UNREADABLE, budget="genuine main", size=9),
    ]
    for row in rows:
        await store.write(lambda tx, row=row: tx.hooks.add(row))  # type: ignore[misc]
    office.clock.advance(4 * DAY_S)
    await office.expire()
    left = await store.read(lambda reading: reading.hooks(list(HookState), 10))
    assert {one.id for one in left} == {"H2", "H3"}


async def test_a_history_whose_oldest_message_is_about_to_be_erased_says_so_and_no_newer_one(store: SqlStore) -> None:
    office = Keeping(store)
    await office.sign_in()
    here, there = await office.text("a", ANA), await office.text("b", BEN, line=OTHER_LINE)
    for days, words in ((0, ""), (26, ""), (1, "Messages are erased 30 days after a conversation's end.")):
        office.clock.advance(days * DAY_S)
        assert (await office.question(requests.GetHistory(here.id))).ends == words
        assert (await office.question(requests.GetHistory(there.id))).ends == ""


@pytest.mark.parametrize(
    "text",
    ["[retention]\nmessages_days = 3", "[retention]\nhooks_days = 30", "[retention]\npictures_days = -1",
     "[retention]\ntexts_days = 9"],
)  # fmt: skip
def test_what_cannot_be_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "textdesk.toml"
    file.write_text(text)
    with pytest.raises(ConfigError):
        load(file)


async def test_what_a_macro_did_goes_with_its_reply(store: SqlStore) -> None:
    office = Keeping(store)
    await office.sign_in()
    found = await office.text("hello", ANA)
    then = ReplyActions(["parcel"], "solved", closes=True)
    answer = await office.ask(requests.Reply(found.id, "Done.", accept=True, then=then))
    assert isinstance(answer, answers.Written)
    assert await store.write(lambda tx: tx.saved_replies.done(answer.message_id)) is not None
    office.clock.advance(31 * DAY_S)
    await office.expire()
    assert await office.left(ANA) == 0
    assert await store.write(lambda tx: tx.saved_replies.done(answer.message_id)) is None
