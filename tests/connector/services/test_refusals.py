"""A refusal changes nothing: every request, into each of its refusals, with the whole store compared.

A refusal that is added to the use cases and has no scene in `refusals/` makes this fail, as does a request without any.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import pytest

from connector.domain.refusals import Refused
from connector.providers.values import Arrival, InboundText, Untaken
from connector.services.accounts import quarantine
from connector.services.request_table import TABLE, CommandRow
from connector.store.sql.store import SqlStore, open_store
from connector.store.values import HookState
from connector.wire import administration, board, contacts, requests, saved_replies
from tests.connector.services.refusals.scenes import ALIEN, EVE, OTHER, SCENES, SKILLS
from tests.kit.refusal_sites import raised_at, sites
from tests.kit.stores import CONSUMER, LINE
from tests.kit.templates import copied
from tests.kit.use_cases import OTHER_LINE, Office, rules
from tests.kit.whole_store import whole_store

for path in sorted((Path(__file__).parent / "refusals").glob("*.py")):  # each adds its scenes
    import_module(f"tests.connector.services.refusals.{path.stem}")

# Requests that no use case refuses, with the reason.
NEVER_REFUSED = {
    requests.GetAlerts: "names nothing",
    requests.GetUrgent: "names nothing",
    requests.GetTraffic: "names nothing",
    contacts.FindContacts: "what is not found is left out",
    contacts.GetContacts: "names nothing",
    contacts.DropContacts: "what is not there is dropped",
    administration.GetAgents: "names nothing",
    administration.GetErased: "what is not erased is left out",
    requests.GetConversations: "names nothing that has to exist",
    administration.GetSearchState: "names nothing",
    administration.RebuildSearch: "names nothing",
    requests.GetLoads: "names nothing",
    board.GetBoard: "names nothing",
    requests.GetTags: "names nothing",
    requests.GetScheduled: "names nothing",
    saved_replies.GetSavedReplies: "what is none of the asker's is left out",
    requests.GetMentions: "names nothing",
    requests.GetDrafts: "what is none of the asker's is left out",
    administration.GetHooks: "names nothing",
    administration.VerifyAudit: "what is wrong is its answer",
    requests.GetPresence: "a question; refused where 10,000 spans are too many",
    requests.PutPicture: "refused by the edge, before a file is written; tests/connector/edge/desks/test_refusals.py",
    administration.Recover: "refused by the edge; tests/connector/edge/desks/test_refusals.py",
    administration.Reload: "refused by `connector.reloading`; tests/connector/test_reloading.py",
}
# Refusals that are raised before or beside a use case, by file and words.
NOT_BY_A_USE_CASE = {
    ("connector/services/search/find.py", "INDEX_DAMAGED"): "of a damaged file: edge/background/test_indexing.py",
    ("connector/services/search/find.py", "_SLOW"): "of an index of many millions",
    ("connector/services/contacts/imports.py", "is applied already"): "of staging: contacts/test_imports.py",
    ("connector/services/saved_replies/changes.py", "remove some first"): "of hundreds: saved_replies/test_changes.py",
    ("connector/services/sending/later.py", "Its moment passed"): "of a timer: sending/test_later.py",
    ("connector/services/query.py", "unknown_saved_reply"): "no question names one",
    ("connector/services/accounts/quarantine.py", "deleted already"): "of two at once: accounts/test_quarantine.py",
    ("connector/services/conversations/drafts.py", "send or clear some"): "of 500 drafts: conversations/test_drafts.py",
    ("connector/services/agents/admission.py", ""): "of sign-ins: agents/test_admission.py",
    ("connector/services/agents/provisioning.py", ""): "of a file: agents/test_provisioning.py",
    ("connector/services/request_table.py", "NOT_ALLOWED"): "by role, before the use case: test_request_table.py",
    ("connector/services/request_rights.py", "The token has been revoked."): "of a connection: agents/test_tokens.py",
    ("connector/services/routing/presence.py", "BAD_REQUEST, words"): "a question that reads 10,000 rows",
}
NOTHING = Untaken("an event that is no message")


async def carry_out(office: Office, name: str, request: requests.Request) -> None:
    """Ask it as the core would. The edge's own requests run the use cases that its handlers run."""
    row = next(row for row in TABLE if row.request is type(request))
    if isinstance(row, CommandRow):
        await office.ask(request, name=name, is_administrator=name != EVE)
        return
    found = await office.question(request, name=name, is_administrator=name != EVE)
    if isinstance(request, administration.ReleaseHook):
        texts: list[Arrival] = [
            InboundText(ref="SM-1", line=LINE, consumer=CONSUMER, text="Hello"),
            InboundText(ref="SM-2", line=ALIEN, consumer=OTHER, text="please stop texting me"),
        ]
        await office.do(quarantine.release, name, found, [NOTHING] if found.state is HookState.UNREADABLE else texts)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqlStore]:
    store = await open_store(copied(path))
    yield store
    await store.close()


async def test_no_refusal_leaves_a_trace_and_every_refusal_is_tried(tmp_path: Path) -> None:
    reached: set[tuple[str, int]] = set()
    for kind, scenes in SCENES.items():
        for number, one in enumerate(scenes):
            path = tmp_path / f"{kind.__name__}-{number}.db"
            async with opened(path) as fresh:
                office = Office(fresh, rules(), rules(address=OTHER_LINE, account="other"), skills=SKILLS)
                name, request = await one(office)
                before = whole_store(path)
                with pytest.raises(Refused) as no:
                    await carry_out(office, name, request)
                assert whole_store(path) == before, f"{request}: {no.value.code}"
                reached.add(raised_at(no.value))
    untried = [site for site in sites("services", "domain") if (site.path, site.line) not in reached]
    excused = {
        site for site in untried for (path, words) in NOT_BY_A_USE_CASE if site.path == path and words in site.words
    }
    assert [site for site in untried if site not in excused] == []


def test_every_request_has_its_refusals() -> None:
    asked = {row.request for row in TABLE}
    assert asked - SCENES.keys() - NEVER_REFUSED.keys() == set()
    assert SCENES.keys() | NEVER_REFUSED.keys() == asked
