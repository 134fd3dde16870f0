"""Requests about saved replies that are refused."""

from __future__ import annotations

from connector.wire import answers, requests
from connector.wire.saved_replies import ImportSavedReplies, PutSavedReply, RemoveSavedReply, SavedReplyContent
from tests.connector.services.refusals.scenes import EVE, NOWHERE, scene
from tests.kit.use_cases import Office


async def stored(office: Office, *, name: str = "ann", shortcut: str = "", is_shared: bool = False) -> str:
    """The id of a saved reply of this agent's."""
    await office.sign_in(name)
    asked = PutSavedReply(title="Hours", text="We are open.", shortcut=shortcut, is_shared=is_shared)
    saved = await office.ask(asked, name=name)
    assert isinstance(saved, answers.SavedReplySaved)
    return saved.saved_reply_id


@scene(PutSavedReply)
async def one_without_a_title(office: Office) -> tuple[str, requests.Request]:
    return "ann", PutSavedReply(title="", text="Hello")


@scene(PutSavedReply)
async def a_change_of_another_version(office: Office) -> tuple[str, requests.Request]:
    return "ann", PutSavedReply(title="Hours", text="Closed.", saved_reply_id=await stored(office), based_on="older")


@scene(PutSavedReply)
async def a_shortcut_that_is_taken(office: Office) -> tuple[str, requests.Request]:
    await stored(office, shortcut="hours")
    return "ann", PutSavedReply(title="More hours", text="Hello", shortcut="hours")


@scene(RemoveSavedReply)
async def one_that_there_is_not(office: Office) -> tuple[str, requests.Request]:
    return "ann", RemoveSavedReply(NOWHERE)


@scene(RemoveSavedReply)
async def one_of_a_colleague(office: Office) -> tuple[str, requests.Request]:
    hidden = await stored(office)
    await office.sign_in(EVE)
    return EVE, RemoveSavedReply(hidden)


@scene(ImportSavedReplies)
async def shared_ones_by_no_lead(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in(EVE)
    return EVE, ImportSavedReplies([SavedReplyContent(title="Hours", text="Hello")], is_shared=True)
