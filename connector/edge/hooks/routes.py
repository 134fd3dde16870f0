"""Where the hooks of each account go: its provider, and what its settings say of hooks."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from connector.providers.base import Provider


class HookRoute(Struct, frozen=True):
    """One account. `name`: its provider's in addresses; `public_url` has no slash at its end.

    `lines`: the account's numbers, as a hook may name them.
    """

    name: str
    provider: Provider
    public_url: str
    is_watched: bool  # hooks without proof are taken, and counted
    lines: tuple[bytes, ...]


class HookRoutes:
    """The routes of all accounts, as of one moment: a hook that is handled goes by the same ones to its end."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        """`providers` by account."""
        self.providers = providers
        self.signature_headers = frozenset[str]().union(*(one.signature_headers for one in providers.values()))
        self._by_account = {account: _route(provider) for account, provider in providers.items()}

    def find(self, provider: str, account: str) -> HookRoute | None:
        """The account, if it is one of this provider."""
        route = self._by_account.get(account)
        return route if route is not None and route.name == provider else None

    def why_not(self, account: str) -> str:
        """Why there is no route, in words."""
        if (route := self._by_account.get(account)) is None:
            return "there is no such account"
        return f"the account is one of {route.name}, and its address another provider's"

    def public_url(self, account: str) -> str:
        """Blank for an unknown account."""
        route = self._by_account.get(account)
        return route.public_url if route is not None else ""


def _route(provider: Provider) -> HookRoute:
    settings = provider.settings
    return HookRoute(
        name=settings.provider,
        provider=provider,
        public_url=settings.public_url.rstrip("/"),
        is_watched=settings.signatures == "watch",
        lines=tuple(number.address.lstrip("+").encode() for number in settings.numbers),
    )
