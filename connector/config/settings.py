"""The sections of the configuration but those of accounts (`connector.providers`) and of routing (`rules`)."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from connector.base.secret import Secret
from connector.domain.account import Line
from connector.domain.address import countries, country_of
from connector.domain.agent import Role, Sees
from connector.domain.pseudonyms import KEY_LENGTH
from connector.domain.sending_limits import SendingLimits


class CoreSettings(Struct, frozen=True, forbid_unknown_fields=True):
    database: str | None = None
    hash_key: Secret | None = None  # of the keyed hashes; None: a file of the data directory

    def __post_init__(self) -> None:
        if self.hash_key is not None and len(self.hash_key.reveal()) < KEY_LENGTH:
            raise ValueError(f"hash_key has at least {KEY_LENGTH} characters")


class HookSettings(Struct, frozen=True, forbid_unknown_fields=True):
    host: str = "127.0.0.1"
    port: int = 8080


class SendingSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[sending]`: what each agent may send. 0: no limit. No agent who answers consumers meets these; a token in wrong
    hands does."""

    # Whose numbers may be texted first: ISO 3166, or "all"; None: our numbers'.
    countries: list[str] | str | None = None
    new_numbers_per_hour: int = 100
    new_numbers_per_day: int = 500
    sends_per_hour: int = 600
    sends_per_day: int = 5000

    def __post_init__(self) -> None:
        for field in self.__struct_fields__[1:]:
            if getattr(self, field) < 0:
                raise ValueError(f"{field} is 0 or more")
        if isinstance(self.countries, str) and self.countries != "all":
            raise ValueError('countries is "all", or a list like ["DE", "AT"]')
        for country in self.countries if isinstance(self.countries, list) else []:
            if country not in countries():
                raise ValueError(f'there is no country "{country}"; expected its two capital letters, like DE')

    def limits(self, lines: Iterable[Line]) -> SendingLimits:
        """`lines`: all of ours. None of them in a country: all countries."""
        allowed = {country_of(line.home or line.address) for line in lines} - {""}
        if self.countries is not None:
            allowed = set() if isinstance(self.countries, str) else {*self.countries}
        return SendingLimits(
            countries=frozenset(allowed) if allowed or self.countries == [] else None,
            new_numbers_per_hour=self.new_numbers_per_hour,
            new_numbers_per_day=self.new_numbers_per_day,
            sends_per_hour=self.sends_per_hour,
            sends_per_day=self.sends_per_day,
        )


class DeskSettings(Struct, frozen=True, forbid_unknown_fields=True):
    listen: str | None = None  # HOST:PORT
    group: str | None = None  # of this host's users: its members work over a socket of their own
    socket: str | None = None  # that socket; None: `connector.wire.endpoint.HOST_SOCKET`
    tls_certificate: str | None = None
    tls_key: str | None = None
    plain_text_over_the_network: bool = False  # allow a HOST that is not loopback without TLS


class AgentSettings(Struct, frozen=True, forbid_unknown_fields=True):
    name: str | None = None
    skills: list[str] = []
    capacity: int | None = None  # None: that of `[routing]`
    token: Secret | None = None
    administrator: bool = False  # may switch accounts, release quarantined hooks, and change agents
    lead: bool = False  # may take over and join colleagues' conversations
    sees: Sees = Sees.SKILLS
    accounts: list[str] = []  # none: all
    os_user: str = ""  # the user of this host who signs in as this agent; empty: the one of the agent's name
    phone: str = ""  # their own, to which alerts are texted

    @property
    def role(self) -> Role:
        if self.administrator:
            return Role.ADMINISTRATOR
        return Role.LEAD if self.lead else Role.AGENT
