"""Tokens: made by the core, answered once, stored as digests, and revoked one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.base import agent_token
from connector.domain.refusals import Refused
from connector.services.agents import listing
from connector.services.request_table import ask, execute
from connector.store.sql.store import open_store
from connector.wire import administration, answers, requests
from connector.wire.refusals import RefusalCode
from tests.connector.services.agents.test_changes import audited
from tests.kit.templates import copied
from tests.kit.use_cases import Office


async def issued(office: Office, agent: str = "anna") -> answers.TokenIssued:
    answer = await office.ask(administration.IssueToken(agent), name="adm")
    assert isinstance(answer, answers.TokenIssued)
    return answer


async def test_tokens_are_several_and_revoked_one_by_one(office: Office) -> None:
    await office.ask(administration.AddAgent("anna"), name="adm")
    first, second = await issued(office), await issued(office)
    assert first.token != second.token and agent_token.PATTERN.fullmatch(first.token)
    [anna] = (await office.look(listing.page, administration.GetAgents())).agents
    assert {one.id for one in anna.tokens} == {first.token_id, second.token_id}
    await office.ask(administration.RevokeToken(first.token_id[:6].upper()), name="adm")
    left = await office.store.read(lambda reading: reading.tokens_of("anna", "anna"))
    assert [token.digest for token in left] == [agent_token.digest(second.token)]
    assert [(action, details) for _, action, _, details in (await audited(office))[1:]] == [
        ("token_issued", {"token": first.token_id}),
        ("token_issued", {"token": second.token_id}),
        ("token_revoked", {"token": first.token_id}),
    ]
    with pytest.raises(Refused) as no:
        await office.ask(administration.RevokeToken(first.token_id), name="adm")
    assert no.value.code == RefusalCode.UNKNOWN_TOKEN


async def test_a_repeated_request_is_answered_without_the_token(office: Office) -> None:
    await office.ask(administration.AddAgent("anna"), name="adm")
    asked = [
        await office.do(execute, "adm", "one id", administration.IssueToken("anna"), is_administrator=True)
        for _ in "12"
    ]
    first, again = (one for one in asked if isinstance(one, answers.TokenIssued))
    assert (first.token != "", again.token, again.token_id) == (True, "", first.token_id)
    assert len(await office.store.read(lambda reading: reading.tokens_of("anna", "anna"))) == 1


async def test_no_byte_of_a_token_is_in_the_database(tmp_path: Path) -> None:
    path = copied(tmp_path / "textdesk.db")
    store = await open_store(path)
    office = Office(store)
    await office.ask(administration.AddAgent("anna"), name="adm")
    token = (await issued(office)).token
    during = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())
    await store.close()
    after = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())
    assert agent_token.digest(token).encode() in after
    assert token[4:].encode() not in during + after


async def test_what_comes_by_a_revoked_token_has_no_effect(office: Office) -> None:
    """Its connection may still be closing, or be at a core that has not read of it yet."""
    conversation = await office.text()
    await office.ask(administration.AddAgent("anna"), name="adm")
    token = await issued(office)
    digest = agent_token.digest(token.token)
    note, look = requests.WriteNote(conversation.id, "a note"), requests.GetHistory(conversation.id)

    async def answered(number: int) -> None:
        await office.do(execute, "anna", str(number), note, token=digest)
        await office.store.read(lambda reading: ask(reading, office.brand, office.now, "anna", look, token=digest))

    await answered(1)
    await office.ask(administration.RevokeToken(token.token_id), name="adm")
    with pytest.raises(Refused) as no:
        await office.do(execute, "anna", "2", note, token=digest)
    assert (no.value.code, no.value.words) == (RefusalCode.NOT_ALLOWED, "The token has been revoked.")
    with pytest.raises(Refused):
        await office.do(execute, "anna", "1", note, token=digest)
    with pytest.raises(Refused):
        await office.store.read(lambda reading: ask(reading, office.brand, office.now, "anna", look, token=digest))
