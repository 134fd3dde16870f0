"""What is asked for by a typed search: its qualifiers as values, looked up among agents, lines and states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from msgspec import Struct

from connector.base import moments
from connector.base.ids import encode
from connector.domain.address import parse as parse_address
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.masking.masking import MaskingRules, mask
from connector.domain.message import Direction
from connector.domain.refusals import Refused
from connector.domain.search import terms
from connector.domain.search.folding import fold_text
from connector.domain.search.lookups import Alternatives, Lookup, any_of
from connector.domain.search.matching import digits, is_same_number
from connector.domain.search.query import TypedQuery, digits_of
from connector.domain.status import Status
from connector.services.query import Query
from connector.services.refusals import unknown, unknown_agent, unknown_line
from connector.store.search import ConversationKind, FoundMessage, Narrowed
from connector.wire.refusals import RefusalCode

V = TypeVar("V")

_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000
_STORED_LATE_MS = 3 * _DAY_MS  # after it was written: how late a recovered message is looked for by its day
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_OPEN = tuple(state for state in ConversationState if state is not ConversationState.CLOSED)
_STATUSES = {str(one): one for one in Status if one is not Status.RECEIVED} | {"undone": Status.UNDONE}
_KINDS: dict[str, tuple[ConversationState, ...]] = {
    "open": _OPEN,
    **{str(one): (one,) for one in ConversationState},
    "wrap-up": (ConversationState.WRAP_UP,),
}
_NOTE = "note"
_CONSUMER = "consumer"
_ME = "me"


class Asked(Struct, frozen=True):
    """None or empty: any."""

    authors: frozenset[str] | None = None
    is_consumers: bool = False  # what consumers wrote, as well
    is_note: bool = False
    owners: frozenset[str] | None = None
    lines: frozenset[str] | None = None
    statuses: frozenset[Status] | None = None
    states: frozenset[ConversationState] | None = None
    tags: tuple[str, ...] = ()  # folded; all of them
    outcomes: frozenset[str] = frozenset()  # folded
    numbers: tuple[str, ...] = ()  # digits
    persons: frozenset[str] = frozenset()  # whose these numbers are, where they are whole
    since: int | None = None
    until: int | None = None
    understood: tuple[str, ...] = ()

    @property
    def is_about_messages(self) -> bool:
        """Whether a qualifier is about single messages, and not about conversations."""
        return self.authors is not None or self.is_note or self.statuses is not None

    @property
    def kind(self) -> ConversationKind:
        states = None if self.states is None else tuple(sorted(self.states))
        return ConversationKind(states, bool(self.tags), bool(self.outcomes))

    @property
    def narrowed(self) -> Narrowed:
        none: frozenset[Any] = frozenset()
        return Narrowed(
            statuses=self.statuses or none,
            states=self.states or none,
            owners=self.owners or none,
            is_tagged=bool(self.tags),
            has_outcome=bool(self.outcomes),
        )

    def lookup(self) -> Lookup:
        """The terms of what each message is indexed by."""
        alternatives: list[Alternatives] = []
        if self.authors is not None:
            inbound = [terms.direction(Direction.INBOUND)] if self.is_consumers else []
            alternatives.append(any_of([*map(terms.author, self.authors), *inbound]))
        if self.is_note:
            alternatives.append(any_of([terms.direction(Direction.NOTE)]))
        if self.lines is not None:
            alternatives.append(any_of(terms.line(one) for one in self.lines))
        if self.numbers:
            alternatives.append(any_of(terms.number_of_consumer(one) for one in self.numbers))
        return tuple(alternatives)

    def conversations_lookup(self) -> Lookup:
        return (any_of(terms.number_of_conversation(one) for one in self.numbers),)

    def first_id(self) -> str:
        """No message that was written since then has a lower id."""
        return "" if self.since is None else _id_at(self.since - _HOUR_MS)

    def last_id(self) -> str | None:
        """No message that was written until then has a higher id, unless it was recovered much later."""
        return None if self.until is None else _id_at(self.until + _STORED_LATE_MS)

    def has_message(self, one: FoundMessage, masking: MaskingRules) -> bool:
        return (
            (self.authors is None or self._is_author(one))
            and (not self.is_note or one.direction is Direction.NOTE)
            and (self.statuses is None or one.status in self.statuses)
            and (self.since is None or one.at >= self.since)
            and (self.until is None or one.at <= self.until)
            and self._has(one, masking)
        )

    def _is_author(self, one: FoundMessage) -> bool:
        if one.author is None:
            return self.is_consumers and one.direction is Direction.INBOUND
        return self.authors is not None and one.author in self.authors

    def has_conversation(self, one: Conversation, masking: MaskingRules) -> bool:
        return (
            (self.since is None or one.last_at >= self.since)
            and (self.until is None or one.opened_at <= self.until)
            and self._has(one, masking)
        )

    def _has(self, one: FoundMessage | Conversation, masking: MaskingRules) -> bool:
        return (
            (self.lines is None or one.line in self.lines)
            and (self.owners is None or one.agent in self.owners)
            and (self.states is None or one.state in self.states)
            and (not self.outcomes or folded(mask(one.outcome, masking)[0]) in self.outcomes)
            and (not self.tags or {folded(mask(tag, masking)[0]) for tag in one.tags}.issuperset(self.tags))
            and (not self.numbers or self.is_of_number(one.consumer, one.person))
        )

    def is_of_number(self, consumer: str, person: str) -> bool:
        if person in self.persons:
            return True
        return any(is_same_number(number, digits(consumer)) for number in self.numbers)


def asked(query: Query, typed: TypedQuery, utc_offset_s: int) -> Asked:
    """Raises Refused, with a sentence, for a value that cannot be meant."""
    return _Resolver(query, typed, utc_offset_s).asked()


def folded(text: str) -> str:
    return " ".join(fold_text(text).split())


class _Resolver:
    def __init__(self, query: Query, typed: TypedQuery, utc_offset_s: int) -> None:
        self._query = query
        self._typed = typed
        self._zone = timezone(timedelta(seconds=max(-50_400, min(utc_offset_s, 50_400))))
        self._understood: list[str] = []

    def asked(self) -> Asked:
        authors, is_consumers = self._written()
        states, is_note = self._states()
        numbers = tuple(digits_of(value) for value in self._typed.values("number"))
        return Asked(
            authors=authors,
            is_consumers=is_consumers,
            is_note=is_note,
            owners=self._each("agent", "conversation of", self._agents),
            lines=self._each("line", "on", self._lines),
            statuses=self._statuses(),
            states=states,
            tags=tuple(self._words("tag", "tag")),
            outcomes=frozenset(self._words("outcome", "outcome")),
            numbers=numbers,
            persons=frozenset(self._persons()),
            since=self._moment("since", max),
            until=self._moment("until", min),
            understood=tuple(self._understood),
        )

    def _written(self) -> tuple[frozenset[str] | None, bool]:
        values = self._typed.values("from")
        agents = [value for value in values if value.casefold() != _CONSUMER]
        found = frozenset(name for value in agents for name in self._agents(value))
        is_consumer = len(agents) < len(values)
        if values:
            self._say("from", [*sorted(found), *(["the consumer"] if is_consumer else [])])
        return (found if values else None), is_consumer

    def _statuses(self) -> frozenset[Status] | None:
        values = [_known("state", value, _STATUSES) for value in self._typed.values("state")]
        if values:
            self._say("reply", values)
        return frozenset(values) or None

    def _states(self) -> tuple[frozenset[ConversationState] | None, bool]:
        values = [value.casefold() for value in self._typed.values("is")]
        kinds = [_known("kind", value, {**_KINDS, _NOTE: ()}) for value in values]
        if values:
            self._say("is", values)
        states = frozenset(state for kind in kinds for state in kind)
        return (states or None), _NOTE in values

    def _each(self, name: str, words: str, find: Callable[[str], Iterable[str]]) -> frozenset[str] | None:
        values = self._typed.values(name)
        if not values:
            return None
        found = list(dict.fromkeys(one for value in values for one in find(value)))
        self._say(words, found)
        return frozenset(found)

    def _words(self, name: str, words: str) -> Sequence[str]:
        values = self._typed.values(name)
        if values:
            self._say(words, values)
        return [folded(value) for value in values]

    def _agents(self, value: str) -> list[str]:
        """The ids of those the asker knows of whose name or id begins so; those that are it count alone."""
        if value.casefold() == _ME:
            return [self._query.rights.agent]
        known = [one for one in self._query.reading.desk_pages.agents() if self._query.rights.shows(one)]
        wanted = folded(value)
        names = {one.id: (folded(one.id), folded(one.name)) for one in known}
        whole = [id_ for id_, both in names.items() if wanted in both]
        found = whole or [id_ for id_, both in names.items() if wanted and any(one.startswith(wanted) for one in both)]
        if not found:
            raise unknown_agent(value, known)
        return found

    def _lines(self, value: str) -> list[str]:
        lines = [
            one.address for one in self._query.brand.lines.values() if self._query.rights.sees_account(one.account)
        ]
        wanted = digits_of(value)
        found = [one for one in lines if one.casefold() == value.casefold()]
        found = found or [one for one in lines if wanted and is_same_number(wanted, digits(one))]
        found = found or [one for one in lines if wanted and digits(one).endswith(wanted)]
        if not found:
            raise unknown_line(value)
        return found

    def _persons(self) -> Iterable[str]:
        values = self._typed.values("number")
        if values:
            self._say("number", values)
        for value in values:
            yield parse_address(value, self._query.brand.region).person

    def _moment(self, name: str, choose: Callable[..., int]) -> int | None:
        values = self._typed.values(name)
        if not values:
            return None
        at = choose(self._one_moment(name, value) for value in values)
        shown = f"{datetime.fromtimestamp(at / 1000, self._zone):%-d %b %Y %H:%M}"
        self._say(name, [shown.removesuffix(" 00:00" if name == "since" else " 23:59")])
        return at

    def _one_moment(self, name: str, value: str) -> int:
        now = self._query.now
        today = datetime.fromtimestamp(now / 1000, self._zone).date()
        day = {"today": today, "yesterday": today - timedelta(days=1)}.get(value.casefold())
        text = value if day is None else day.isoformat()
        at = moments.parse_past(text, now, self._zone)
        if at is None or at < 0:
            words = f"{name}:{value[:40]} is no day: write it like {today.isoformat()}, yesterday, 7d or 6h."
            raise Refused(RefusalCode.BAD_REQUEST, words)
        return at + _DAY_MS - 1 if name == "until" and _DATE.fullmatch(text) else at

    def _say(self, words: str, values: Iterable[str]) -> None:
        self._understood.append(f"{words} {' or '.join(values)}")


def _known(what: str, value: str, known: Mapping[str, V]) -> V:
    found = known.get(value.casefold())
    if found is None:
        raise Refused(RefusalCode.BAD_REQUEST, unknown(what, value, known))
    return found


def _id_at(at: int) -> str:
    """What the ids of this millisecond begin with."""
    return encode(max(at, 0) << 80)[:10]
