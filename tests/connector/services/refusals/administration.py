"""Requests of administrators that are refused."""

from __future__ import annotations

from typing import Any

from connector.domain.agent import AgentToken, Role
from connector.services.accounts.stored_hooks import STORED_BODY
from connector.store.values import HookState
from connector.wire import administration, limits, requests
from tests.connector.services.refusals.scenes import NOWHERE, SCENES, Scene, scene
from tests.kit.stores import LINE, hook
from tests.kit.use_cases import Office


@scene(administration.SetAccountMode)
async def mode_of_no_account(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.SetAccountMode("nonsense", "off")


@scene(administration.SetAccountMode)
async def no_mode(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.SetAccountMode("main", "sideways")


@scene(administration.Unmask)
async def unmask_nothing(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.Unmask(NOWHERE)


@scene(administration.GetAudit)
async def the_audit_of_who_never_was(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.GetAudit(agent="nobody")


@scene(administration.GetAudit)
async def audit_of_an_unknown_action(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.GetAudit(action="juggled")


async def with_agents(office: Office) -> None:
    """The administrator adm, and Bob, whom the configuration defines."""
    await office.sign_in("adm", role=Role.ADMINISTRATOR)
    await office.sign_in("bob", is_provisioned=True)
    await office.store.write(lambda tx: tx.tokens.save(AgentToken("abcd1", "bob", office.now, is_provisioned=True)))
    for digest in ("beef1", "beef2"):
        await office.store.write(lambda tx, one=digest: tx.tokens.save(AgentToken(one, "adm", office.now)))  # type: ignore[misc]


def among_agents(request: requests.Request) -> Scene:
    async def asked(office: Office) -> tuple[str, requests.Request]:
        await with_agents(office)
        return "adm", request

    return asked


for one in (
    administration.AddAgent("bob"),
    administration.AddAgent("BOB"),
    administration.AddAgent(""),
    administration.AddAgent("tab\t"),
    administration.AddAgent("x" * 65),
    administration.AddAgent("zoe", role="boss"),
    administration.AddAgent("zoe", sees="much"),
    administration.AddAgent("zoe", name=" "),
    administration.AddAgent("zoe", capacity=-1),
    administration.AddAgent("zoe", skills=["orders", "orders"]),
    administration.AddAgent("zoe", skills=[""]),
    administration.AddAgent("zoe", os_user="\x1b[2J"),
    administration.AddAgent("zoe", phone="555"),
    administration.SetAgent("adm", phone=LINE),
    administration.SetAgent("zoe"),
    administration.SetAgent("bob", name="Bob"),
    administration.SetAgent("adm", name=""),
    administration.SetAgent("adm", role="agent"),
    administration.DisableAgent("zoe"),
    administration.DisableAgent("bob"),
    administration.DisableAgent("adm"),
    administration.EnableAgent("Bob"),
    administration.IssueToken("zoe"),
    administration.RevokeToken("abc"),
    administration.RevokeToken("not an id"),
    administration.RevokeToken("abcd1"),
    administration.RevokeToken("beef"),
    administration.RevokeToken("beef3"),
):
    SCENES[type(one)].append(among_agents(one))


@scene(administration.IssueToken)
async def token_of_one_who_is_disabled(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in("cid", is_disabled=True)
    return "ann", administration.IssueToken("cid")


@scene(administration.IssueToken)
async def one_token_too_many(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in("ann")
    for _ in range(limits.TOKENS_PER_AGENT):
        await office.ask(administration.IssueToken("ann"))
    return "ann", administration.IssueToken("ann")


def released(state: HookState, **more: Any) -> Scene:
    async def release(office: Office) -> tuple[str, requests.Request]:
        await office.store.write(lambda tx: tx.hooks.add(hook(state=state, **more)))
        return "ann", administration.ReleaseHook("H1")

    return release


@scene(administration.Forget)
async def forgotten_of_no_number(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.Forget("Elm Street")


@scene(administration.Forget)
async def forgotten_of_a_number_of_no_country(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.Forget("+1415555013399")


@scene(administration.Forget)
async def forgotten_of_a_line_of_ours(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.Forget(LINE)


@scene(administration.ReleaseHook)
async def no_hook(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.ReleaseHook(NOWHERE)


SCENES[administration.ReleaseHook] += [
    released(HookState.TAKEN),
    released(HookState.UNROUTABLE, body=b"x" * STORED_BODY),
    released(HookState.UNROUTABLE),
    released(HookState.UNREADABLE, body=b"an event"),
]
