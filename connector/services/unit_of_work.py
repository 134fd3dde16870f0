"""The context of a use case, and how the store runs one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from connector.base.live import Live
from connector.domain.agent import Agent, Role
from connector.domain.consent.entries import ConsentEntry, ConsentKind, LikelyOptOut
from connector.domain.conversation import Conversation
from connector.domain.message import Message
from connector.domain.rights import Rights, Visibility
from connector.domain.saved_reply import SavedReply
from connector.domain.skill_rules import SkillRules
from connector.services.refusals import unknown_agent, unknown_conversation, unknown_message, unknown_saved_reply
from connector.services.settings import BrandSettings
from connector.store.ports import Transaction

T = TypeVar("T")
P = ParamSpec("P")

# Of the core's own work: hooks, timers, sweepers.
_CORE = Rights("", Role.ADMINISTRATOR)


class UnitOfWork:
    """The transaction, settings and time of one use case, the rights of who asked for it, and what is done once at its
    end."""

    def __init__(self, tx: Transaction, brand: BrandSettings, now: int) -> None:
        self.tx = tx
        self.brand = brand
        self.now = now
        self.rights = _CORE
        self.written_notes: list[Message] = []
        self._at_end: list[Callable[[UnitOfWork], None]] = []

    def conversation(self, conversation_id: str) -> Conversation:
        """Raises Refused for an unknown id."""
        found = self.tx.conversations.get(conversation_id)
        if found is None:
            raise unknown_conversation(conversation_id)
        return found

    def message(self, message_id: str) -> Message:
        """Raises Refused for an unknown id."""
        found = self.tx.messages.get(message_id)
        if found is None:
            raise unknown_message(message_id)
        return found

    def saved_reply(self, saved_reply_id: str) -> SavedReply:
        """Raises Refused for an unknown id."""
        found = self.tx.saved_replies.get(saved_reply_id)
        if found is None:
            raise unknown_saved_reply(saved_reply_id)
        return found

    def agent(self, agent_id: str) -> Agent:
        """Raises Refused for one who is unknown, or whom the asker does not see."""
        found = self.tx.agents.get(agent_id)
        if found is None or not self.rights.shows(found):
            raise unknown_agent(agent_id, [one for one in self.tx.staff(self.now).agents if self.rights.shows(one)])
        return found

    def visibilities_with(self, person: str) -> dict[str, Visibility]:
        """Of all conversations with this person, by id."""
        return self.tx.conversations.visibilities_with(person)

    def has_contact(self, person: str) -> bool:
        return self.tx.contacts.get(person) is not None

    def name_of(self, agent: str | None) -> str:
        known = self.tx.agents.get(agent) if agent is not None else None
        return known.name if known is not None else agent or "Nobody"

    def rules_of(self, conversation: Conversation) -> SkillRules:
        return self.brand.rules.of(conversation.skill)

    def latest_consent(self, person: str) -> ConsentEntry | None:
        """The person's latest entry of the ledger; one of before they were erased counts like any other."""
        return self.tx.consent.latest(person, self.brand.pseudonyms)

    def is_opted_out(self, person: str) -> bool:
        latest = self.latest_consent(person)
        return latest is not None and latest.kind is ConsentKind.OPTED_OUT

    def likely_opt_out(self, person: str) -> LikelyOptOut | None:
        """What no agent has decided about; None also for a person who has opted out, as that says more."""
        return None if self.is_opted_out(person) else self.tx.consent.likely(person)

    def at_end(self, action: Callable[[UnitOfWork], None]) -> None:
        """Have this done at the end of the unit of work: once, however often it is asked for."""
        if action not in self._at_end:
            self._at_end.append(action)

    def finish(self) -> None:
        """Do what was put off to the end. A use case of several steps may do so between two of them."""
        actions, self._at_end = self._at_end, []
        for action in actions:
            action(self)


def in_unit_of_work(
    live: Live[BrandSettings],
    now: int,
    use_case: Callable[Concatenate[UnitOfWork, P], T],
    *args: P.args,
    **named: P.kwargs,
) -> Callable[[Transaction], T]:
    """The use case with its arguments, in the form the store runs. Its settings are those of the moment it runs."""

    def run(tx: Transaction) -> T:
        brand = live.current
        # Writers take turns, so that the order of ids is the order of storing, whichever core gives them.
        brand.ids.follow(tx.latest_id)
        tx.tallies.count_days_by(brand.zone)
        uow = UnitOfWork(tx, brand, now)
        value = use_case(uow, *args, **named)
        uow.finish()
        tx.latest_id = brand.ids.latest
        return value

    return run
