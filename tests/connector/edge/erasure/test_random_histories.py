"""Whatever has happened between several people and us: of one who is erased no byte is left, and every row of the
others is as it was."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from connector.domain.address import person_of
from connector.domain.mentions import Mentions
from connector.domain.refusals import Refused
from connector.providers.values import Accepted, Outcome, Rejected, TryLater, Uncertain
from connector.store.sql.store import SqlStore, open_store
from connector.store.values import HookState
from connector.wire import requests
from connector.wire.saved_replies import ReplyActions
from tests.kit.erasing import Bureau, bureau
from tests.kit.stores import LINE
from tests.kit.templates import copied

PEOPLE = {"ana": "+14155550133", "ben": "+5215512345678", "cleo": "+14155550155", "dora": "+4915112345678"}
STEPS = 60
# Tables in which a row of one person has nothing of another's, and the column by which it is theirs.
OWN = {"messages": "person", "conversations": "person", "likely_opt_outs": "person"}

_OF_MESSAGES = (
    ("attempts", "message_id"),
    ("receipts", "message_id"),
    ("reply_actions", "message_id"),
    ("work", "subject"),
)


def words(name: str, number: int) -> str:
    return f"{name} has this secret word: marmalade{number}"


async def live(office: Bureau, name: str, dice: random.Random, number: int) -> None:
    """One thing happens between this person and us."""
    who, text = PEOPLE[name], words(name, number)
    found = await office.store.write(lambda tx: tx.conversations.open_for(LINE, person_of(who)))
    outcomes: list[Outcome] = [
        Accepted(f"SM-{number}"),
        Rejected("21211", f"The 'To' number {who} is not valid: {text}"),
        TryLater("429", f"too much for {who}", None),
        Uncertain("no answer"),
    ]
    form = office.form(who, text)
    done = dice.choice(
        [None, ReplyActions([f"{name} has this secret tag {number}"], "moved", closes=dice.random() < 0.5)]
    )
    match dice.randrange(12):
        case 0 | 1 | 2:
            await office.hook(form)
        case 3:
            await office.hook(form)
            await office.hook(form)
            await office.hook(form, state=HookState.REFUSED)
        case 4 if found is not None:
            await office.ask(requests.Reply(found.id, text, accept=True, then=done))
            await office.sent(dice.choice(outcomes))
            await office.hook({"MessageSid": f"SM-{number}", "MessageStatus": "delivered", "To": who}, "status")
        case 5 if found is not None:
            await office.ask(requests.WriteNote(found.id, text))
        case 6 if found is not None:
            await office.ask(requests.Close(found.id, note=text, tags=[f"tag {number}"], accept=True))
        case 7:
            await office.ask(requests.Start(LINE, who, text))
        case 8:
            await office.hook(office.form(who, dice.choice(["STOP", "START", f"please stop texting me, {text}"])))
        case 9:
            await office.ask(requests.OptOut(who, f"said so: {text}"))
        case 11 if found is not None:
            await office.ask(requests.ScheduleReply(found.id, text, office.now + 10**9, accept=True))
            if dice.random() < 0.5:
                await office.hook(form)  # which gives it back as a draft
        case 10:
            await office.picture(who, text.encode())


def rows_of_others(path: Path, erased: str) -> dict[str, set[Any]]:
    """What is stored of all but one, by table."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        found = {
            table: set(database.execute(f"SELECT * FROM {table} WHERE {column} != ?", [erased]).fetchall())
            for table, column in OWN.items()
        }
        ours = "SELECT id FROM messages WHERE person != ?"
        for table, column in _OF_MESSAGES:
            rows = database.execute(f"SELECT * FROM {table} WHERE {column} IN ({ours})", [erased]).fetchall()
            found[table] = set(rows)
        hooks = database.execute("SELECT * FROM hooks").fetchall()
        digits = Mentions(erased).spellings()[-1].encode()
        found["hooks"] = {row for row in hooks if digits not in row[6] and digits not in row[4].encode()}
        found["facts"] = {
            row
            for row in database.execute("SELECT * FROM facts").fetchall()
            if any(f'"consumer":"{who}"'.encode() in row[4] for who in PEOPLE.values() if person_of(who) != erased)
        }
        found["consent"] = {
            row
            for row in database.execute("SELECT * FROM consent WHERE person != ?", [erased]).fetchall()
            if not row[9].startswith("hash:")
        }
        return found


async def erased_one(store: SqlStore, folder: Path, seed: int) -> None:
    dice = random.Random(seed)
    async with bureau(store, folder) as office:
        await office.sign_in()
        for number in range(STEPS):
            with contextlib.suppress(Refused):  # they have opted out, say
                await live(office, dice.choice(list(PEOPLE)), dice, number)
            office.clock.advance(dice.choice([0.01, 5, 4000]))
        name = dice.choice(list(PEOPLE))
        who = PEOPLE[name]
        person = person_of(who)
        opted_out = await office.store.write(lambda tx: tx.consent.latest(person, office.brand.pseudonyms))
        before = rows_of_others(folder / "textdesk.db", person)
        answer = await office.forget(who)
        assert (answer.found, answer.others) == ([], [])
        after = rows_of_others(folder / "textdesk.db", person)
        for table, rows in before.items():
            assert rows - after[table] == set(), table
        national = Mentions(person).spellings()[-1]
        assert office.bytes_with(national, f"{name} has this secret", f"{name}+has+this+secret") == []
        if opted_out is not None and opted_out.kind == "opted_out":
            with pytest.raises(Refused):
                await office.ask(requests.Start(LINE, who, "Hello"))


@pytest.mark.parametrize("seed", range(6))
async def test_one_is_erased_and_the_others_stay(seed: int, tmp_path: Path) -> None:
    store = await open_store(copied(tmp_path / "textdesk.db"))
    try:
        await erased_one(store, tmp_path, seed)
    finally:
        await store.close()
