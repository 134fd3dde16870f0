"""Sections of the configuration in the store: stored at each start, the same however often, and never two truths."""

from __future__ import annotations

import grp
import os
from functools import partial
from pathlib import Path

import pytest

from connector.base import agent_token
from connector.base.data_directory import CannotStart
from connector.domain.agent import Agent, AgentToken, Role
from connector.domain.refusals import Refused
from connector.services.agents.provisioning import AgentSection, Provisioned, provision
from connector.wire import administration, answers
from connector.wire.refusals import RefusalCode
from tests.connector.services.agents.test_changes import audited, stored
from tests.kit.door import open_door
from tests.kit.second_user import public_folder
from tests.kit.use_cases import Office

OLD, NEW = agent_token.digest("old"), agent_token.digest("new")


def section(name: str, token: str | None = None, **more: object) -> AgentSection:
    return AgentSection(Agent(name, name.capitalize(), **more), token)  # type: ignore[arg-type]


async def tokens(office: Office, name: str = "ann") -> list[tuple[str, bool]]:
    found = await office.store.read(lambda reading: reading.tokens_of(name, name))
    return [(token.digest, token.is_provisioned) for token in found]


async def test_sections_define_agents_and_repeating_them_changes_nothing(office: Office) -> None:
    sections = [section("ann", OLD, role=Role.LEAD, skills=("orders",)), section("bob")]
    assert await office.do(provision, sections) == Provisioned(added=("ann", "bob"))
    assert ((await stored(office, "ann")).role, (await stored(office, "ann")).is_provisioned) == (Role.LEAD, True)
    position = await office.store.read(lambda reading: reading.position())
    before = await audited(office)
    for _ in range(3):
        assert await office.do(provision, sections) == Provisioned()
    assert await office.store.read(lambda reading: reading.position()) == position
    assert await audited(office) == before


async def test_an_agent_with_a_section_keeps_presence_and_conversations(office: Office) -> None:
    await office.sign_in("ann", capacity=9)
    conversation = await office.text()
    changed = await office.do(provision, [section("ann", skills=("bookings",), capacity=2)])
    assert changed == Provisioned(changed=("ann",))
    ann = await stored(office, "ann")
    assert (ann.capacity, ann.skills, ann.came_at > 0) == (2, ("bookings",), True)
    assert (await office.open_for(conversation.consumer)).agent == "ann"


async def test_one_whose_section_is_gone_is_disabled_and_belongs_to_the_store(office: Office) -> None:
    await office.do(provision, [section("ann", OLD), section("bob")])
    await office.sign_in("ann", is_provisioned=True)
    conversation = await office.text()
    await office.sign_in("cid")  # who has never had a section
    gone = await office.do(provision, [section("bob")])
    assert gone == Provisioned(disabled=("ann",))
    assert any("ann" in words and "agent enable" in words for words in gone.words("the file"))
    ann = await stored(office, "ann")
    assert (ann.is_disabled, ann.is_provisioned, await tokens(office)) == (True, False, [])
    assert not (await stored(office, "cid")).is_disabled
    assert (await office.open_for(conversation.consumer)).agent == "cid"
    await office.ask(administration.EnableAgent("ann"), name="adm")
    await office.ask(administration.SetAgent("ann", name="Ann of the store"), name="adm")
    assert await office.do(provision, [section("bob")]) == Provisioned()
    assert not (await stored(office, "ann")).is_disabled


async def test_a_section_that_comes_back_enables_its_agent(office: Office) -> None:
    await office.do(provision, [section("ann")])
    await office.do(provision, [])
    assert (await stored(office, "ann")).is_disabled
    assert await office.do(provision, [section("ann")]) == Provisioned(changed=("ann",))
    assert not (await stored(office, "ann")).is_disabled


async def test_a_files_token_replaces_the_one_before_and_leaves_issued_ones(office: Office) -> None:
    await office.do(provision, [section("ann", OLD)])
    await office.ask(administration.IssueToken("ann"), name="adm")
    issued = next(digest for digest, is_provisioned in await tokens(office) if not is_provisioned)
    await office.do(provision, [section("ann", NEW)])
    assert set(await tokens(office)) == {(NEW, True), (issued, False)}
    await office.do(provision, [section("ann")])
    assert await tokens(office) == [(issued, False)]


async def test_a_token_that_moves_to_another_section_is_theirs_alone(office: Office) -> None:
    """Whichever section comes first; and cores read of the agent who has lost it."""
    await office.do(provision, [section("ann", OLD), section("bob")])
    for with_token, without in (("bob", "ann"), ("ann", "bob")):
        before = len(await office.events("agent_changed"))
        await office.do(
            provision,
            [
                section("ann", OLD if with_token == "ann" else None),
                section("bob", OLD if with_token == "bob" else None),
            ],
        )
        assert (await tokens(office, without), await tokens(office, with_token)) == ([], [(OLD, True)])
        assert without in {one["agent"]["id"] for one in (await office.events("agent_changed"))[before:]}
    token = await office.ask(administration.IssueToken("bob"), name="adm")
    assert isinstance(token, answers.TokenIssued)
    await office.do(provision, [section("ann", agent_token.digest(token.token)), section("bob")])
    assert (await tokens(office, "bob"), len(await tokens(office))) == ([], 1)


async def test_a_token_that_was_issued_and_is_written_into_the_file_is_the_files(office: Office) -> None:
    await office.do(provision, [section("ann")])
    await office.store.write(lambda tx: tx.tokens.save(AgentToken(OLD, "ann", office.now)))
    await office.do(provision, [section("ann", OLD)])
    assert await tokens(office) == [(OLD, True)]


async def test_of_cores_with_different_sections_the_last_one_wins(office: Office) -> None:
    for _ in range(2):
        await office.do(provision, [section("ann"), section("cid")])
        assert [(await stored(office, name)).is_disabled for name in ("ann", "cid")] == [False, False]
        await office.do(provision, [section("bob"), section("cid")])
        assert [(await stored(office, name)).is_disabled for name in ("ann", "bob", "cid")] == [True, False, False]


async def test_whether_there_is_an_administrator_is_said(office: Office) -> None:
    assert not (await office.do(provision, [section("ann")])).has_administrator
    assert (await office.do(provision, [section("ann", role=Role.ADMINISTRATOR)])).has_administrator
    assert not (await office.do(provision, [])).has_administrator, "she is disabled"
    await office.ask(administration.AddAgent("bob", role="administrator"), name="root")
    assert (await office.do(provision, [])).has_administrator


@pytest.mark.parametrize("sections", [[], [section("ann", OLD)], [section("bob")]], ids=["none", "demoted", "another"])
async def test_a_team_does_not_lose_its_last_administrator_to_a_file(
    office: Office, sections: list[AgentSection]
) -> None:
    team = partial(provision, needs_administrator=True)
    await office.do(team, [section("ann", OLD)])  # there was none: a warning of the log
    await office.do(team, [section("ann", OLD, role=Role.ADMINISTRATOR)])
    before = await audited(office)
    with pytest.raises(Refused) as no:
        await office.do(team, sections)
    assert (no.value.code, no.value.details) == (RefusalCode.CANNOT_RELOAD, {"cause": "configuration"})
    assert "Keep [agents.ann] with administrator = true" in no.value.words
    assert (await stored(office, "ann")).role is Role.ADMINISTRATOR and await audited(office) == before
    await office.ask(administration.AddAgent("cid", role="administrator"), name="ann")
    await office.do(team, sections)
    assert (await stored(office, "ann")).role is Role.AGENT or (await stored(office, "ann")).is_disabled


async def test_a_core_that_would_lose_its_last_administrator_does_not_start(tmp_path: Path) -> None:
    group = f'group = "{grp.getgrgid(os.getegid()).gr_name}"'
    with public_folder() as folder:
        team = f'{group}\nsocket = "{folder}/run/desk.sock"\n'
        async with open_door(tmp_path, desks=f"{team}[agents.boss]\nadministrator = true") as door:
            (tmp_path / "textdesk.toml").write_text(f'[desks]\nlisten = "127.0.0.1:{door.port}"\n{team}')
            with pytest.raises(Refused) as no:
                await door.core.reloading.reload("")
            assert "[agents.boss]" in no.value.words
        with pytest.raises((CannotStart, BaseExceptionGroup)) as refused:
            async with open_door(tmp_path, database=str(tmp_path / "textdesk.db"), desks=team):
                pass
    [cause] = refused.value.exceptions if isinstance(refused.value, BaseExceptionGroup) else [refused.value]
    assert isinstance(cause, CannotStart) and cause.exit_code == os.EX_CONFIG
