"""Who signs in as which agent: by token, by OS user, and who is refused in which words."""

from __future__ import annotations

import itertools
from functools import partial

import pytest

from connector.base import agent_token
from connector.domain.agent import AgentToken, Role
from connector.domain.refusals import Refused
from connector.services.agents import admission, listing
from connector.services.agents.admission import Principal
from connector.store.ports import Reading, Transaction
from connector.wire import administration
from connector.wire.refusals import RefusalCode
from connector.wire.views import AgentDefinitionView
from tests.connector.services.agents.test_changes import audited
from tests.connector.services.agents.test_tokens import issued
from tests.kit.stores import agent, desk
from tests.kit.use_cases import Office


async def by_os_user(
    office: Office, user: str, asked: str | None = None, *, is_administrator: bool = False
) -> Principal:
    find = partial(admission.by_os_user, user=user, asked=asked, is_administrator=is_administrator, capacity=7)
    return await office.store.read(find)


async def by_token(office: Office, token: str, asked: str | None = None) -> Principal | None:
    def find(reading: Reading) -> Principal | None:
        return admission.by_token(reading, agent_token.digest(token), asked, "192.0.2.7")

    return await office.store.read(find)


async def put(office: Office, *people: str, **more: object) -> None:
    staff = [agent(id=name, name=name, **more) for name in people]

    def save(tx: Transaction) -> None:
        for one in staff:
            tx.agents.save(one)

    await office.store.write(save)


@pytest.mark.parametrize(
    ("user", "asked", "expected"),
    [
        ("ak", None, "anna"),  # the one configured for them
        ("ak", "anna", "anna"),
        ("ak", "ak", "ak"),  # an ordinary agent of their own name
        ("bob", None, "bob"),  # the agent of their name
        ("eve", None, "eve"),  # a new ordinary one
        ("eve", "eve", "eve"),
        ("two", "first", "first"),
        ("two", "second", "second"),
        ("half", None, "on"),  # the other one is disabled
        ("two", None, "pick one with --agent"),
        ("anna", None, "belongs to the OS user ak"),
        ("anna", "anna", "may not work as anna"),
        ("eve", "bob", "may not work as bob"),
        ("eve", "anna", "may not work as anna"),
        ("eve", "nobody", "may not work as nobody"),
        ("gone", None, "gone is disabled"),
        ("half", "off", "off is disabled"),
        ("bad\tname", None, "printable"),
    ],
)
async def test_the_agent_of_an_os_user(office: Office, user: str, asked: str | None, expected: str) -> None:
    await put(office, "anna", os_user="ak")
    await put(office, "bob")
    await put(office, "first", "second", os_user="two")
    await put(office, "on", os_user="half")
    await put(office, "off", os_user="half", is_disabled=True)
    await put(office, "gone", is_disabled=True)
    try:
        found = await by_os_user(office, user, asked)
    except Refused as no:
        assert expected in no.words
    else:
        assert (found.agent, found.way, found.token) == (expected, f"OS user {user}", None)
        assert not found.is_administrator


async def test_an_administrator_by_nature_names_any_agent_but_a_disabled_one(office: Office) -> None:
    await put(office, "anna", os_user="ak")
    await put(office, "gone", is_disabled=True)
    for asked in ("anna", "new"):
        found = await by_os_user(office, "root", asked, is_administrator=True)
        assert (found.agent, found.is_administrator, found.rights.role) == (asked, True, Role.ADMINISTRATOR)
    assert (await by_os_user(office, "root", is_administrator=True)).agent_as_read.capacity == 7
    with pytest.raises(Refused) as no:
        await by_os_user(office, "root", "gone", is_administrator=True)
    assert no.value.code == RefusalCode.AGENT_DISABLED
    with pytest.raises(Refused):
        await by_os_user(office, "root", "", is_administrator=True)


async def test_a_token_is_its_agents_alone_and_works_from_two_places(office: Office) -> None:
    await put(office, "anna", "bob")
    token = (await issued(office)).token
    found = await by_token(office, token)
    assert found is not None
    assert (found.agent, found.way, found.source) == (
        "anna",
        f"token {agent_token.id_of(found.token or '')}",
        "192.0.2.7",
    )
    assert await by_token(office, token, "anna") == found
    assert await by_token(office, token, "bob") is None
    assert await by_token(office, token + "x") is None
    assert await by_token(office, "\ud800") is None
    for number in range(2):
        place = desk(
            id=f"D{number}", agent="anna", lease_until=office.now + 9, way=found.way, source=f"192.0.2.{number}"
        )
        await office.do(admission.sign_in, found, place, is_recorded=True)
    [anna] = [one for one in await list_agents(office) if one.id == "anna"]
    assert [one.source for one in anna.signed_in] == ["192.0.2.0", "192.0.2.1"]
    signed_in = [details for _, action, _, details in await audited(office) if action == "signed_in"]
    assert signed_in == [{"as": "desk", "source": "192.0.2.7", "way": found.way}] * 2


async def list_agents(office: Office) -> list[AgentDefinitionView]:
    return (await office.look(listing.page, administration.GetAgents())).agents


async def test_what_was_taken_away_between_look_up_and_sign_in_counts(office: Office) -> None:
    """A revocation and a disabling that are committed after the look-up: neither a desk nor a script gets in."""
    await put(office, "anna", "bob")
    answer = await issued(office)
    with_token, of_bob = await by_token(office, answer.token), await by_os_user(office, "bob")
    assert with_token is not None
    await office.ask(administration.RevokeToken(answer.token_id), name="adm")
    await office.ask(administration.DisableAgent("bob"), name="adm")
    for person, place in itertools.product((with_token, of_bob), (None, desk(id="D1"))):
        with pytest.raises(Refused):
            await office.do(admission.sign_in, person, place, is_recorded=True)
        with pytest.raises(Refused):
            await office.store.read(partial(admission.still_admitted, principal=person))
    assert not [one for one in await audited(office) if one[1] == "signed_in"]
    assert await office.store.write(lambda tx: tx.agents.connected(office.now)) == set()


async def test_refused_sign_ins_are_recorded_of_known_agents(office: Office) -> None:
    await put(office, "anna")
    for name in ("anna", "nobody"):
        await office.do(
            admission.note_refusal, name, "The token is not one of this core's.", "wrong token", "192.0.2.7"
        )
    why = "The token is not one of this core's."
    assert await audited(office) == [
        ("", "sign_in_refused", "anna", {"source": "192.0.2.7", "way": "wrong token", "why": why})
    ]


async def test_a_token_of_an_agent_who_is_not_stored_signs_nobody_in(office: Office) -> None:
    await office.store.write(lambda tx: tx.tokens.save(AgentToken(agent_token.digest("x"), "nobody", office.now)))
    assert await by_token(office, "x") is None


async def test_an_agent_that_is_given_to_another_os_user_is_theirs_at_once(office: Office) -> None:
    await put(office, "anna")
    before, by_nature = (
        await by_os_user(office, "anna"),
        await by_os_user(office, "root", "anna", is_administrator=True),
    )
    await office.ask(administration.SetAgent("anna", os_user="ak"), name="adm")
    with pytest.raises(Refused) as no:
        await office.store.read(partial(admission.still_admitted, principal=before))
    assert "belongs to the OS user ak" in no.value.words
    assert (await office.store.read(partial(admission.still_admitted, principal=by_nature))).os_user == "ak"
    assert (await by_os_user(office, "ak")).agent == "anna"


@pytest.mark.parametrize(
    ("user", "asked", "about"),
    [
        ("dk", None, "dora"),  # disabled, and not of the user's name
        ("gone", None, "gone"),
        ("eve", "anna", "anna"),  # another's agent
        ("bob", "nobody", "bob"),  # an agent that there is not
        ("two", None, "first"),
        ("anna", None, "anna"),
    ],
)
async def test_the_refusal_of_an_os_user_names_the_agent_it_is_about(
    office: Office, user: str, asked: str | None, about: str
) -> None:
    await put(office, "anna", os_user="ak")
    await put(office, "bob")
    await put(office, "first", "second", os_user="two")
    await put(office, "dora", os_user="dk", is_disabled=True)
    await put(office, "gone", is_disabled=True)
    with pytest.raises(Refused) as no:
        await by_os_user(office, user, asked)
    assert no.value.details["agent"] == about


async def test_a_user_who_is_not_let_in_at_all_is_recorded_as_their_agent(office: Office) -> None:
    await put(office, "anna", os_user="ak")
    await put(office, "bob")
    for user in ("ak", "bob", "anna", "eve"):
        await office.do(admission.note_refusal_of_user, user, "not of the group", f"OS user {user}")
    refused = [(agent, details["way"]) for _, action, agent, details in await audited(office)]
    assert refused == [("anna", "OS user ak"), ("bob", "OS user bob")]


async def test_who_has_only_run_a_verb_is_an_agent_that_can_be_listed_and_changed(office: Office) -> None:
    person = await by_os_user(office, "eve")
    await office.do(admission.sign_in, person, None, is_recorded=True)
    assert [(one.id, one.role, one.skills) for one in await list_agents(office)] == [("eve", "agent", [])]
    await office.ask(administration.SetAgent("eve", role="lead"), name="adm")
    await office.do(admission.sign_in, await by_os_user(office, "eve"), None, is_recorded=True)
    assert [one.role for one in await list_agents(office)] == ["lead"]


async def test_a_verb_of_who_may_name_any_agent_makes_none(office: Office) -> None:
    slip = await by_os_user(office, "root", "anan", is_administrator=True)
    await office.do(admission.sign_in, slip, None, is_recorded=True)
    assert await list_agents(office) == []
