"""What every SMS company looks like to the core. Docstrings are the specification; one suite tests all of them.

Vendor words (MessageSid, ticket id, mobileOriginate) stay inside the vendor's file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar, Protocol

import httpx
from msgspec import Struct

from connector.providers.values import (
    Arrival,
    DeliveryReceipt,
    Health,
    Hook,
    HookAnswer,
    LookUpResult,
    MediaCall,
    Outcome,
    Outgoing,
)


class Capabilities(Struct, frozen=True):
    """What a company can do, as data."""

    joins_parts: bool  # a long consumer text arrives as one message
    can_look_up: bool  # the fate of a send can be asked for afterwards
    own_opt_out: bool  # the company itself blocks who texted STOP, and answers STOP and HELP itself
    can_list: bool = False  # what came in while we were away can be asked for
    can_poll: bool = False  # how one accepted reply fares can be asked for
    pictures_in: bool = False
    most_pictures_out: int = 0  # in one reply; 0: none can be sent
    reply_limit: int = 1600  # code points


class Provider(Protocol):
    """One account at one company."""

    Settings: ClassVar[Any]  # the AccountSettings of this company

    def __init__(self, account: str, settings: Any, http: httpx.AsyncClient) -> None: ...

    @property
    def capabilities(self) -> Capabilities:
        """What this account can do."""
        ...

    def authenticate(self, hook: Hook) -> None:
        """Raises NotGenuine unless the vendor's own proof is there and right."""

    def explain(self, hook: Hook) -> str | None:
        """One sentence for the administrator about a hook that was refused: as what it would have been genuine.

        The address as another scheme, host, port, path or query, an older secret, a clock that is off. None when
        nothing of the kind proves it. It costs some hundred signatures, so it is for one hook that somebody asks
        about; and it never makes a hook genuine.
        """
        ...

    def read(self, hook: Hook) -> list[Arrival]:
        """What an authenticated hook says. Raises Unreadable. Never joins, splits or cuts a text."""

    def answer(self) -> HookAnswer:
        """What the vendor expects to hear when its hook was taken."""
        ...

    def cannot_answer(self, consumer: str) -> str | None:
        """Why nothing can be sent to this address, e.g. the name of a sender; None when it can."""
        ...

    async def send(self, message: Outgoing) -> Outcome:
        """Call the vendor once, or not at all for a consumer who cannot be answered.

        Never raises for anything the network or the vendor does.
        """
        ...

    async def look_up(self, message: Outgoing) -> LookUpResult:
        """Look up a message whose send ended uncertain.

        Accepted or Refused only when it is known by our own id; otherwise Alike. NotFound only when the vendor is sure.
        """
        ...

    def pace(self, line: str) -> float:
        """Segments a second that this line of ours may send."""
        ...

    def media_call(self, url: str) -> MediaCall:
        """How to fetch a picture that came in. Raises Unreadable for an address that is none of the vendor's."""
        ...

    def list_since(self, since: int) -> AsyncIterator[Arrival]:
        """What the vendor has for our lines since this moment: consumers' texts, and how our replies fare.

        Of each line the oldest first. The caller takes an overlap and drops what it knows. Raises CannotAsk, perhaps
        after some arrivals: those are to be kept, and the rest asked for again. Only when `can_list`.
        """
        ...

    async def poll(self, ref: str) -> list[DeliveryReceipt]:
        """How the reply with this reference fares. Raises CannotAsk. Only when `can_poll`."""
        ...

    async def check(self) -> Health:
        """Sign in and say how the account is. Never raises for anything the network or the vendor does."""
        ...
