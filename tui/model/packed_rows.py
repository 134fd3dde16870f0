"""The conversations of a desk by their ids, packed: a desk may hold a hundred thousand, and shows thirty of them.

What is a conversation's own is stored as bytes, what many have in common (state, line, skill, agent …) once for all of
them. A row is unpacked when it is asked for; those asked for of late are remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any
from weakref import WeakValueDictionary

from immutables import Map
from msgspec import Struct, msgpack

from connector.wire.views import ConversationView, PartView

# Stored as what they are later than `opened_at`, in fewer bytes.
_TIMES = (
    *("last_at", "queued_at", "waiting_since", "closed_at", "due_at", "reminder_at", "ring_until", "closes_at"),
    *("wrap_up_until", "rank"),
)
_OWN = (
    *("consumer", "shown", "name", "last_text", *_TIMES, "opened_at", "version", "last_seq", "unread", "person"),
    *("last_part", "likely_opt_out"),
)
_TIMES_AT = range(_OWN.index(_TIMES[0]), _OWN.index(_TIMES[-1]) + 1)
_SHARED = tuple(name for name in ConversationView.__struct_fields__ if name not in ("id", *_OWN))
_own_of, _shared_of = attrgetter(*_OWN), attrgetter(*_SHARED)
_in_order = itemgetter(*map(("id", *_OWN, *_SHARED).index, ConversationView.__struct_fields__))
_RANK, _OPENED_AT = _OWN.index("rank"), _OWN.index("opened_at")
_PERSON, _CONSUMER, _PART = _OWN.index("person"), _OWN.index("consumer"), _OWN.index("last_part")
_STATES = {"ringing": "rings, ringing", "wrap_up": "wrap-up", "closed": "closed"}
_DUE = {"overdue": "overdue", "soon": "due soon"}
_IN_SIGHT = 1_024  # rows that are remembered as they are


class _Words(Struct, array_like=True, gc=False):
    """The first values of `_OWN`."""

    consumer: str
    shown: str
    name: str
    last_text: str


_encode_into, _decode = msgpack.Encoder().encode_into, msgpack.Decoder(list).decode
_words_of = msgpack.Decoder(_Words).decode


class _Common(Struct, frozen=True, weakref=True):
    """What conversations have in common: the values of `_SHARED`, and those as a filter looks through them."""

    values: tuple[Any, ...]
    where: str


class _Row(Struct, frozen=True, eq=False, gc=False):
    own: bytes
    common: _Common


_buffer = bytearray()
_NONE: Map[str, _Row] = Map()
_known: WeakValueDictionary[tuple[Any, ...], _Common] = WeakValueDictionary()


class PackedRows(Mapping[str, ConversationView]):
    """Immutable: what would change it returns another one, which shares most with it."""

    __slots__ = ("_by_id",)

    def __init__(self, views: Mapping[str, ConversationView] | None = None, packed: Map[str, _Row] = _NONE) -> None:
        self._by_id = packed.update(_all_packed(views)) if views else packed

    def __getitem__(self, conversation_id: str) -> ConversationView:
        return _unpacked(conversation_id, self._by_id[conversation_id])

    def __contains__(self, conversation_id: object) -> bool:
        return conversation_id in self._by_id

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def about(self, *addresses: str) -> Iterator[ConversationView]:
        """Those of consumers and persons with one of these addresses, and perhaps others."""
        for address in map(str.encode, dict.fromkeys(addresses)):
            for one, row in [(one, row) for one, row in self._by_id.items() if address in row.own]:
                yield _unpacked(one, row)

    def texts(self, ids: Iterable[str]) -> Iterator[str]:
        """Of these rows, what a filter looks through; empty for one that is not there."""
        for row in map(self._by_id.get, ids):
            if row is None:
                yield ""
            else:
                words = _words_of(row.own)
                yield _text(words.consumer, _who(words.shown, words.name), row.common.where, words.last_text)

    def set(self, conversation_id: str, view: ConversationView) -> PackedRows:
        return PackedRows(packed=self._by_id.set(conversation_id, _packed(view)))

    def update(self, views: Mapping[str, ConversationView]) -> PackedRows:
        return PackedRows(views, self._by_id)

    def delete(self, conversation_id: str) -> PackedRows:
        """Raises KeyError for one that is not there."""
        return PackedRows(packed=self._by_id.delete(conversation_id))


def row_text(view: ConversationView) -> str:
    """What a filter looks through, on one line: the number, after a tab `@` and the owner, after another the rest.
    There each other agent is between `@` and a tab."""
    return _text(view.consumer, _who(view.shown, view.name), _where(view), view.last_text)


def _who(shown: str, name: str) -> str:
    if name.isascii():
        return f"{shown} {name}"
    from connector.sms.folding import folded  # few lists need it at a start

    return f"{shown} {name}{folded(name)}"


def _text(consumer: str, who: str, where: str, last_text: str) -> str:
    return f"{consumer}\t{where} {who} {last_text}".replace("\n", " ")


def _where(view: ConversationView) -> str:
    """Its owner, where it is, and what its row says of it in words."""
    is_owned = view.state == "assigned" and view.agent is not None
    others = (*view.rings, view.handed_by, view.returned_by, None if is_owned else view.agent)
    people = "".join(f"@{one}\t" for one in others if one is not None)
    said = [view.line, view.skill, view.account, _STATES.get(view.state, ""), *(f"#{tag}" for tag in view.tags)]
    if view.opted_out:
        said.append("opted out")
    if view.snoozed_until is not None:  # of few, so each may have a text of its own
        said.append("snoozed")
    if view.state != "closed":
        if view.unsent:
            said.append("not sure" if view.unsent_status == "uncertain" else "not sent")
        elif view.unsent_status == "uncertain":
            said.append("not sure, being looked up")
        said.append(_DUE.get(view.due_told, ""))
    owner = f"@{view.agent}" if is_owned else ""
    return f"{owner}\t{people}{' '.join(said)}"


def _all_packed(views: Mapping[str, ConversationView]) -> dict[str, _Row]:
    return {one: _packed(view) for one, view in views.items()}


def _packed(view: ConversationView) -> _Row:
    shared = _shared_of(view)
    key = tuple([tuple(value) if isinstance(value, list) else value for value in shared])
    if (common := _known.get(key)) is None:
        common = _known[key] = _Common(shared, _where(view))
    own = [*_own_of(view)]
    opened_at = own[_OPENED_AT]
    own[_RANK] = own[_RANK] or None
    for at in _TIMES_AT:
        if (time := own[at]) is not None:
            own[at] = time - opened_at
    if own[_PERSON] == own[_CONSUMER]:
        own[_PERSON] = None
    _encode_into(own, _buffer)
    return _Row(bytes(_buffer), common)  # bytes as they are encoded have room at their end


@lru_cache(_IN_SIGHT)
def _unpacked(conversation_id: str, row: _Row) -> ConversationView:
    own = _decode(row.own)
    opened_at = own[_OPENED_AT]
    for at in _TIMES_AT:
        if (later := own[at]) is not None:
            own[at] = opened_at + later
    own[_RANK] = own[_RANK] or 0
    if own[_PERSON] is None:
        own[_PERSON] = own[_CONSUMER]
    if own[_PART] is not None:
        own[_PART] = PartView(**own[_PART])
    return ConversationView(*_in_order((conversation_id, *own, *row.common.values)))
