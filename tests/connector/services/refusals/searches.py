"""Searches that are refused."""

from __future__ import annotations

from connector.wire import requests
from tests.connector.services.refusals.scenes import NOWHERE, Scene, scene
from tests.kit.searching import index
from tests.kit.use_cases import Office


def searched(text: str, before: str = "") -> Scene:
    async def asked(office: Office) -> tuple[str, requests.Request]:
        await office.sign_in()
        await index(office.store)
        return "ann", requests.Search(text, before)

    return asked


for one in (
    searched("x" * 501),
    searched("tga:refund"),
    searched('"'),
    searched("from:nobody"),
    searched("line:999"),
    searched("since:someday"),
    searched("state:lost"),
    searched("hello", before="nowhere"),
):
    scene(requests.Search)(one)


@scene(requests.Search)
async def a_search_in_a_damaged_index(office: Office) -> tuple[str, requests.Request]:
    await index(office.store)
    await office.store.write(lambda tx: tx.search.give_up())
    return "ann", requests.Search("hello")


@scene(requests.GetConversation)
async def a_conversation_that_there_is_not(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GetConversation(NOWHERE)
