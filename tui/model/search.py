"""The search over all messages and people: what is typed, and what the core has found of it so far."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Struct
from msgspec.structs import replace

from connector.wire import answers, requests
from connector.wire.views import HitView, PersonHitView

PAGE = 50
_PAGES_AT_ONCE = 20  # of few or no hits, one after another


class TypedSearch(Struct, frozen=True):
    """`text` is what is typed; the others are of the latest answer, which stays until another one is here."""

    text: str = ""
    answered: str | None = None  # the text that the hits are for
    hits: tuple[HitView, ...] = ()
    people: tuple[PersonHitView, ...] = ()
    more: str = ""  # where the next page begins; empty: there is none
    understood: tuple[str, ...] = ()
    looked_back_to: int | None = None
    not_yet: str = ""
    refusal: str = ""
    pages: int = 0  # looked through since hits were wanted last
    wants: int = PAGE  # hits

    @property
    def is_old(self) -> bool:
        """Something else has been typed since."""
        return self.answered != self.text.strip()


def typed(state: TypedSearch, text: str) -> TypedSearch:
    if not text.strip():
        return TypedSearch(text)
    return replace(state, text=text, pages=0, wants=PAGE)


def more_wanted(state: TypedSearch) -> TypedSearch:
    """The end of the hits is in sight."""
    return replace(state, pages=0, wants=len(state.hits) + PAGE) if state.more else state


def again(state: TypedSearch) -> TypedSearch:
    """The core could not say what there is, and may by now."""
    return replace(state, answered=None, refusal="")


def question(state: TypedSearch, utc_offset_s: int) -> requests.Search | None:
    """What is to be asked next: for what is typed, or for more of the same."""
    text = state.text.strip()
    if not text:
        return None
    if state.is_old:
        return requests.Search(text, limit=PAGE, utc_offset_s=utc_offset_s)
    if state.more and len(state.hits) < state.wants and state.pages < _PAGES_AT_ONCE:
        return requests.Search(text, state.more, PAGE, utc_offset_s)
    return None


def answered(state: TypedSearch, page: answers.SearchHits, wanted: requests.Search) -> TypedSearch:
    """An answer to what is not typed any more is dropped."""
    if wanted.text != state.text.strip():
        return state
    if wanted.before and wanted.before != state.more:
        return state
    is_next = bool(wanted.before)
    return replace(
        state,
        answered=wanted.text,
        hits=(*state.hits, *page.hits) if is_next else tuple(page.hits),
        people=state.people if is_next else tuple(page.people),
        more=page.more,
        understood=tuple(page.understood),
        looked_back_to=page.looked_back_to,
        not_yet=page.not_yet,
        refusal="",
        pages=state.pages + 1,
    )


def refused(state: TypedSearch, words: str, wanted: requests.Search) -> TypedSearch:
    """What was found for the text before stays in sight, dimmed, while a word is only half typed."""
    if wanted.text != state.text.strip():
        return state
    return replace(state, answered=wanted.text, refusal=words, more="")


def beside(hits: Iterable[HitView], place: str | None, by: int) -> HitView | None:
    """Of hits in one transcript, the latest first, the one above (-1) or below (1) a message; None for the message: of
    all of them, from below the latest."""
    if by < 0:
        return next((one for one in hits if place is None or one.message_id < place), None)
    below = [one for one in hits if place is not None and one.message_id > place]
    return below[-1] if below else None


def without(state: TypedSearch, conversation_ids: Collection[str]) -> TypedSearch:
    """These conversations are out of sight."""
    hits = tuple(one for one in state.hits if one.conversation_id not in conversation_ids)
    people = tuple(one for one in state.people if one.conversation_id not in conversation_ids)
    if len(hits) == len(state.hits) and len(people) == len(state.people):
        return state
    return replace(state, hits=hits, people=people)
