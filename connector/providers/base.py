"""The contract of a provider. Docstrings are the specification; `tests/kit/provider_contract.py` tests it for each.

A provider's own terms (MessageSid, ticket id, mobileOriginate) stay inside its folder.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar

import httpx

from connector.providers.addresses import OurAddresses, name_cannot_answer, pace_of
from connector.providers.outbound import OutboundClient
from connector.providers.send_outcomes import (
    ErrorMeaning,
    ErrorResponse,
    error_words,
    garbled,
    is_of_account,
    outcome_of_error,
    outcome_of_unreadable,
    outcome_without_answer,
    status_words,
    unanswered,
    unsendable,
)
from connector.providers.settings import AccountSettings
from connector.providers.values import (
    Arrival,
    CallFailed,
    Capabilities,
    DeliveryReceipt,
    Health,
    Hook,
    HookAnswer,
    InboundText,
    LookUpResult,
    MediaCall,
    Outcome,
    Outgoing,
    Uncertain,
    Unreadable,
)
from connector.sms.text import is_blank

_log = logging.getLogger(__name__)


class Provider(ABC):
    """One account at one provider.

    A subclass gives the three attributes without a value and the abstract methods. Everything else has a default that
    is right for a provider without the ability.
    """

    Settings: ClassVar[type[AccountSettings]]
    title: ClassVar[str]  # the provider's name in a sentence: "Twilio", "The gateway"
    capabilities: Capabilities
    # Names in small letters: the headers with the provider's proof of origin, unless they have a password.
    signature_headers: ClassVar[frozenset[str]] = frozenset()
    hook_bytes: ClassVar[int] = 256 * 1024  # the longest body of a hook
    # Of a multipart one, at a provider whose proof is in the header alone; 0: none is expected.
    hook_bytes_with_pictures: ClassVar[int] = 0
    meanings: ClassVar[Mapping[str, ErrorMeaning]] = {}  # of the provider's error codes
    account_codes: ClassVar[frozenset[str]] = frozenset()  # those of them that say that the account can send nothing
    # What stays at the provider of a consumer that is erased here, and how it is deleted there, in words.
    own_copies: ClassVar[str] = "what the provider has stored is erased there, by its own means"
    http: OutboundClient  # the account's own, with its places

    def __init__(self, account: str, settings: Any, http: OutboundClient) -> None:
        self._account = account
        self._settings = settings
        self._addresses = OurAddresses([number.address for number in settings.numbers])
        self.http = http

    @property
    def settings(self) -> AccountSettings:
        """What the account was opened with."""
        settings: AccountSettings = self._settings
        return settings

    # Hooks

    @abstractmethod
    def authenticate(self, hook: Hook) -> None:
        """Raises NotGenuine unless the hook carries the provider's own proof of origin, and it is right."""

    def carries_proof(self, headers: Mapping[str, str], target: str) -> bool:
        """Whether a request brings a proof of origin at all, right or wrong. Costs next to nothing.

        `target`: its path and query. Of a hook without one little is read, and less stored.
        """
        return any(name in headers for name in self.signature_headers)

    @abstractmethod
    def read(self, hook: Hook) -> list[Arrival]:
        """What an authenticated hook says, with canonical addresses. Raises Unreadable.

        Never joins, splits or cuts a text. Only what the message cannot do without is needed. A message without words
        gets some (`wordless.worded`). What nothing is done with is `Untaken`, so that the provider does not offer it
        again and an administrator sees it.
        """

    def answer(self) -> HookAnswer:
        """What the provider expects to hear when its hook was taken."""
        return HookAnswer()

    def explain(self, hook: Hook) -> str | None:
        """One sentence for the administrator: for what a refused hook would have been genuine.

        Another scheme, host, port, path or query, a previous secret, a clock that is off. None when no such variant
        fits. It may cost some hundred signatures, so it is for one hook at a time; it never makes a hook genuine.
        """
        return None

    # Sending

    async def send(self, message: Outgoing) -> Outcome:
        """Call the provider once; not at all for what cannot be sent.

        Never raises for anything the network or the provider does.
        """
        refused = unsendable(message, self.capabilities, self.cannot_answer(message.consumer))
        if refused is not None:
            return refused
        try:
            return await self._send(message)
        except ErrorResponse as error:
            return self._outcome_of(error)
        except httpx.HTTPError as error:
            return outcome_without_answer(self.title, error)
        except Exception as error:
            # The request may have left: what goes wrong with the answer must not read as "not sent".
            _log.warning("The outcome of a send is unknown: %s after a call of %s.", type(error).__name__, self.title)
            return outcome_of_unreadable(self.title)

    @abstractmethod
    async def _send(self, message: Outgoing) -> Outcome:
        """The one call. May raise ErrorResponse and httpx.HTTPError; any other exception counts as uncertain."""

    def _outcome_of(self, error: ErrorResponse) -> Outcome:
        """What an error answer to a send means; to be overridden where codes say more than `meanings`."""
        return outcome_of_error(
            error,
            self._error_words(error),
            meaning=self.meanings.get(error.code or ""),
            is_hold=is_of_account(error, self.account_codes),
        )

    def _error_words(self, error: ErrorResponse) -> str:
        if error.code is None:
            return status_words(self.title, error.status)
        return error_words(self.title, self.meanings, error.code, error.text)

    def cannot_answer(self, consumer: str) -> str | None:
        """Why nothing can be sent to this address, e.g. the name of a sender; None when it can."""
        return name_cannot_answer(consumer)

    def pace(self, line: str) -> float:
        """Segments a second that this line of ours may send."""
        return pace_of(self._settings.numbers, line)

    # Asking

    async def check(self) -> Health:
        """Sign in and say how the account is. Never raises for anything the network or the provider does."""
        try:
            return await self._check()
        except ErrorResponse as error:
            return Health(False, self._error_words(error), error.code)
        except httpx.HTTPError as error:
            return Health(False, unanswered(self.title, error))
        except Exception:
            return Health(False, garbled(self.title))

    @abstractmethod
    async def _check(self) -> Health:
        """A call that only an account with the right secret can make. May raise what `_send` may."""

    async def look_up(self, message: Outgoing) -> LookUpResult:
        """Look up a message whose send ended uncertain. Never raises; only called when `can_look_up`.

        Accepted or Rejected only when the message is known by our own id; otherwise Candidates. NotFound only when the
        provider is sure.
        """
        return Uncertain(f"{self.title} cannot be asked whether it has a message; a receipt may still come.")

    async def poll(self, ref: str) -> list[DeliveryReceipt]:
        """The status of the reply with this reference. Raises CallFailed. Only called when `can_poll`."""
        raise CallFailed(f"{self.title} cannot be asked for the status of a reply.")

    def list_since(self, since: int) -> AsyncIterator[Arrival]:
        """What the provider has for our lines since this moment: consumers' texts, and the status of our replies.

        The oldest first, for each line. The caller takes an overlap and drops what it knows. Raises CallFailed,
        perhaps after some arrivals: those are taken, and the rest is asked for again. Only called when `can_list`.
        """
        raise CallFailed(f"{self.title} has no call that lists messages.")

    def media_call(self, url: str) -> MediaCall:
        """How to fetch a picture that came in. Raises Unreadable for an address that is not the provider's."""
        raise Unreadable(f"pictures are not supported for {self.title}")

    # Helpers

    def _canonical(self, arrivals: list[Arrival], *, has_country_codes: bool = True) -> list[Arrival]:
        """The same with all addresses of texts in their canonical form (see `OurAddresses.canonical`). Raises
        Unreadable for a sender with nothing to see, who would be a row without a name."""
        if any(isinstance(one, InboundText) and is_blank(one.consumer) for one in arrivals):
            raise Unreadable("not an inbound message: its sender is blank")
        return [
            self._addresses.canonical(one, has_country_codes=has_country_codes) if isinstance(one, InboundText) else one
            for one in arrivals
        ]

    def _hook_url(self, kind: str) -> str:
        """The public address of our hook of this kind."""
        url: str = self._settings.hook_url(self._account, kind)
        return url
