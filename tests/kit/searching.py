"""Searches on a real database, whose messages are all in the index."""

from __future__ import annotations

from functools import partial

from connector.domain.agent import Role
from connector.domain.rights import Rights
from connector.domain.search.documents import Document, document_of
from connector.services.query import Query
from connector.services.search import find
from connector.store.ports import Reading, Store, Transaction
from connector.wire import answers, requests
from tests.kit.use_cases import Office

_AT_ONCE = 500


async def index(store: Store) -> None:
    """Add all messages that are not in it."""
    state = await store.write(lambda tx: tx.search.prepare())
    after = state.message_id
    while documents := await store.read(partial(_next, after=after)):
        assert await store.write(partial(_add, after=after, documents=documents))
        after = documents[-1].message_id
    await store.write(lambda tx: tx.search.complete(after))


def _next(reading: Reading, after: str) -> list[Document]:
    return [document_of(one) for one in reading.search.messages_after(after, _AT_ONCE)]


def _add(tx: Transaction, after: str, documents: list[Document]) -> bool:
    return tx.search.add(after, documents)


async def search(
    office: Office,
    text: str,
    *,
    name: str = "ann",
    is_administrator: bool = True,
    before: str = "",
    limit: int = 50,
    is_recorded: bool = True,
) -> answers.SearchHits:
    """`is_recorded`: in the audit, as in the core."""
    question = requests.Search(text, before, limit)
    if is_recorded:
        answer = await office.question(question, name=name, is_administrator=is_administrator)
    else:
        everything = Rights(name, Role.ADMINISTRATOR)
        answer = await office.store.read(
            lambda reading: find.search(Query(reading, office.brand, office.now, everything), question)
        )
    assert isinstance(answer, answers.SearchHits)
    return answer


def marked(answer: answers.SearchHits) -> list[str]:
    """The text of each hit, with what was found in brackets."""
    texts = []
    for hit in answer.hits:
        text = hit.text
        for first, end in reversed(hit.marks):
            text = f"{text[:first]}[{text[first:end]}]{text[end:]}"
        texts.append(text)
    return texts
