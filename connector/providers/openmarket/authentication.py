"""How a hook is authenticated as OpenMarket's.

No signature is documented, so a hook carries Basic auth, a key in its address, or both; a caller with these can write
as any consumer. Without either in the configuration every hook is refused.
"""

from __future__ import annotations

import base64
import hmac
from urllib.parse import parse_qs

from msgspec import Struct

from connector.providers.values import Hook, NotGenuine

KEY = "key"  # query parameter of our addresses at OpenMarket


class HookCredentials(Struct, frozen=True):
    """What a hook has to carry: one of the logins (`user:password`) and one of the keys. Empty: none is asked for."""

    logins: tuple[bytes, ...]
    keys: tuple[bytes, ...]

    def verify(self, hook: Hook) -> None:
        """Raises NotGenuine unless the hook carries all that is configured."""
        if not self.logins and not self.keys:
            raise NotGenuine("neither hook_password nor hook_key is configured, so no hook can be authenticated")
        if self.logins and not _is_one_of(_basic(hook), self.logins):
            raise NotGenuine(
                "user or password is wrong or missing; OpenMarket must present hook_user and hook_password"
            )
        if self.keys and not _is_one_of(_key(hook), self.keys):
            raise NotGenuine("the address has no key, or another one than hook_key")

    def explain(self, hook: Hook) -> str | None:
        """What is right and what is missing in a refused hook; None when nothing is right."""
        has_login = not self.logins or _is_one_of(_basic(hook), self.logins)
        has_key = not self.keys or _is_one_of(_key(hook), self.keys)
        if has_login and self.keys and _is_one_of(_unescaped_key(hook), self.keys):
            return (
                "The key is right, but its plus sign reads as a blank: write %2B for it in the address at OpenMarket."
            )
        if has_login and has_key:
            is_any = self != HookCredentials((), ())
            return "As it came it is genuine, so the configuration has changed since." if is_any else None
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
    return hook.parameter(KEY).encode(errors="replace")


def _unescaped_key(hook: Hook) -> bytes:
    """The key when a plus sign in it stands for itself."""
    if "+" not in hook.url:
        return b""
    return parse_qs(hook.query.replace("+", "%2B")).get(KEY, [""])[0].encode(errors="replace")
