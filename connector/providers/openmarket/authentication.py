"""Who may call as OpenMarket.

No signature is documented, so a call proves itself with Basic auth, with a key in its address, or with both; whoever
knows these can write as any consumer. Without either in the configuration every call is refused.
"""

from __future__ import annotations

import base64
import hmac
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from connector.providers.values import Hook, NotGenuine

KEY = "key"  # query parameter of our addresses


class Proof(Struct, frozen=True):
    """What a call has to present: one of the logins (`user:password`) and one of the keys. Empty: none is asked for."""

    logins: tuple[bytes, ...]
    keys: tuple[bytes, ...]

    def demand(self, hook: Hook) -> None:
        """Raises NotGenuine unless `hook` presents all that is configured."""
        if not self.logins and not self.keys:
            raise NotGenuine("no hook_password and no hook_key is configured, so nobody can prove to be OpenMarket")
        if self.logins and not _is_one_of(_basic(hook), self.logins):
            raise NotGenuine(
                "user or password is wrong or missing; OpenMarket must present hook_user and hook_password"
            )
        if self.keys and not _is_one_of(_key(hook), self.keys):
            raise NotGenuine("the address has no key, or another one than hook_key")

    def explain(self, hook: Hook) -> str | None:
        """What of the proof is right in a refused call, and what is missing; None when nothing is right."""
        has_login = not self.logins or _is_one_of(_basic(hook), self.logins)
        has_key = not self.keys or _is_one_of(_key(hook), self.keys)
        if has_login and self.keys and _is_one_of(_unescaped_key(hook), self.keys):
            return (
                "The key is right, but its plus sign reads as a blank: write %2B for it in the address at OpenMarket."
            )
        if has_login and has_key:
            return (
                "As it came it is genuine, so the configuration has changed since." if self != Proof((), ()) else None
            )
        if has_key and self.keys:
            came = "another user or password came" if "authorization" in hook.headers else "no user and password came"
            return (
                f"The key in the address is right, but {came}: have OpenMarket present hook_user and hook_password, or"
                " take both out of the configuration."
            )
        if has_login and self.logins:
            came = "has another key" if _key(hook) else "has no key"
            return (
                f"The user and password are right, but the address {came}: let the address at OpenMarket end in ?key="
                " and the hook_key, or take hook_key out of the configuration."
            )
        return None


def _is_one_of(given: bytes, known: tuple[bytes, ...]) -> bool:
    return any(hmac.compare_digest(given, one) for one in known)


def _basic(hook: Hook) -> bytes:
    """What the Authorization header says, decoded; empty when it is missing or not Basic auth."""
    scheme, _, given = hook.headers.get("authorization", "").partition(" ")
    try:
        return base64.b64decode(given.strip(), validate=True) if scheme.lower() == "basic" else b""
    except ValueError:
        return b""


def _key(hook: Hook) -> bytes:
    return parameter(hook, KEY).encode(errors="replace")


def _unescaped_key(hook: Hook) -> bytes:
    """The key when a plus sign in it stands for itself."""
    if "+" not in hook.url:
        return b""
    return parse_qs(_query(hook).replace("+", "%2B")).get(KEY, [""])[0].encode(errors="replace")


def parameter(hook: Hook, name: str) -> str:
    """A parameter of the address; blank when it is not there."""
    return parse_qs(_query(hook)).get(name, [""])[0]


def _query(hook: Hook) -> str:
    try:
        return urlsplit(hook.url).query
    except ValueError:
        return ""
