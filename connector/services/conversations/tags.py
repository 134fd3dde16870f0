"""Tags of conversations: words by which agents find, count and report them, set at any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec.structs import replace

from connector.domain.masking.masking import mask
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.query import Query
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import UnitOfWork
from connector.sms.storable import storable
from connector.wire import answers, events, limits, requests
from connector.wire.refusals import RefusalCode

_MOST_LOOKED_AT = 500  # conversations with tags, open and closed ones each


def set_tags(uow: UnitOfWork, agent: str, request: requests.SetTags) -> None:
    """Whoever sees a conversation may tag it, in whatever state it is. What changes nothing is no event."""
    conversation = uow.conversation(request.conversation_id)
    added, removed = words(request.add), words(request.remove)
    left = [tag for tag in conversation.tags if not _is_among(tag, removed, uow.brand)]
    tags = joined(left, added)
    if tags != conversation.tags:
        changed = replace(conversation, tags=tags, version=conversation.version + 1)
        save.conversation(uow, changed, events.TagsSet, by=agent)


def joined(tags: Iterable[str], added: Iterable[str]) -> tuple[str, ...]:
    """The tags with these added that are not among them in whatever case. Raises Refused for too many."""
    found: dict[str, str] = {}
    for tag in (*tags, *added):
        found.setdefault(tag.casefold(), tag)
    if len(found) > limits.TAG_COUNT:
        raise Refused(RefusalCode.BAD_REQUEST, f"A conversation has at most {limits.TAG_COUNT} tags.")
    return tuple(found.values())


def words(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are stored, each once: `#refund` is `refund`. Raises Refused."""
    found = (word(tag.strip().removeprefix("#"), "A tag") for tag in tags)
    return tuple(dict.fromkeys(tag for tag in found if tag))


def word(text: str, what: str) -> str:
    """A tag or an outcome as it is stored. Raises Refused."""
    text = storable(text.strip())
    if len(text) > limits.WORD_LENGTH or not (text.isprintable() or not text):
        raise Refused(RefusalCode.BAD_REQUEST, f"{what} is a word or two, at most {limits.WORD_LENGTH} characters.")
    return text


def _is_among(tag: str, removed: Iterable[str], brand: BrandSettings) -> bool:
    """Also by how agents read it, where parts of it are masked."""
    return not {tag.casefold(), mask(tag, brand.masking)[0].casefold()}.isdisjoint(map(str.casefold, removed))


def used_of_late(query: Query, question: requests.GetTags) -> answers.Tags:
    """The tags of the latest conversations that the asker sees, those used most first."""
    count: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for visibility, tags in query.reading.desk_pages.tagged_of_late(_MOST_LOOKED_AT):
        if query.rights.may_see(visibility):
            for tag in tags:
                shown = mask(tag, query.brand.masking)[0]
                count[spelled.setdefault(shown.casefold(), shown)] += 1
    return answers.Tags([tag for tag, _ in count.most_common(limits.TAGS_OFFERED)])
