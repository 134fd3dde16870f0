"""What is stored of a hook: its headers by an allow-list, its address without secrets, and its size bounded.

Releasing a hook from quarantine needs its method, address, content type and the exact bytes of its body; explaining why
one was refused (`Provider.explain`) needs its signature and what proxies say about its address besides. No provider has
a secret in a body, so redacting the bodies of those that have proven nothing changes no byte of a genuine hook.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
from msgspec.structs import replace

from connector.base.redaction import redacted_body, with_login_of
from connector.providers.values import Hook, Untaken
from connector.sms.storable import storable
from connector.store.hook_budgets import Standing, budget
from connector.store.values import CUT, METHOD, HookState, RawHook

# The most that is stored of a hook that is not proven; a longer one cannot be read any more. Genuine ones are whole.
STORED_BODY = 64 * 1024
_STORED_URL = 32 * 1024  # a text of 1,600 emoji, by GET, has 19,200 characters
_STORED_HEADER = 512
_STORED_METHOD = 20
_STORED_REASON = 500
# Names and keys of a row and its entries in four indexes, beside what is counted.
_ROW = 400

_HEADERS = frozenset(
    {
        "content-type",
        "content-length",
        "content-encoding",
        "user-agent",
        "host",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-prefix",
        "x-forwarded-proto",
        "x-real-ip",
        "x-request-id",
        "i-twilio-idempotency-token",
    }
)


def stored_headers(
    method: str, headers: Iterable[tuple[str, str]], signature_headers: Collection[str]
) -> dict[str, str]:
    """Those that are stored, by their names in small letters, each cut to its limit; and the method unless it is POST.

    `signature_headers`: names in small letters, those of the providers (`Provider.signature_headers`).
    """
    found = {}
    for name, value in headers:
        name = name.lower()
        if name in _HEADERS or name in signature_headers:
            value = value[:_STORED_HEADER]
            found[name] = value if value.isascii() and value.isprintable() else storable(value)
    if method != "POST":
        found[METHOD] = method[:_STORED_METHOD]
    return found


def set_aside(hook: RawHook, state: HookState, reason: str, standing: Standing, *, is_cut: bool = False) -> RawHook:
    """The hook as it goes to quarantine, charged to the budget of its standing.

    What is not proven is cut and redacted. `is_cut`: its body was not read to its end. A hook that was set aside before
    keeps its budget.
    """
    if hook.budget is None:
        hook = replace(hook, budget=budget(standing, hook.account))
        if standing is not Standing.GENUINE:
            hook = _cut(hook, is_cut)
    hook = replace(hook, state=state, reason=storable(reason)[:_STORED_REASON])
    return replace(hook, size=_size(hook))


def with_remark(hook: RawHook, untaken: Untaken) -> RawHook:
    """A hook that was taken, listed for what nothing is done with."""
    if hook.state is HookState.WATCHED:
        return replace(hook, reason=storable(f"{hook.reason}; {untaken.reason}")[:_STORED_REASON])
    if untaken.may_hide_text:
        return set_aside(hook, HookState.UNREADABLE, untaken.reason, Standing.GENUINE)
    return set_aside(hook, HookState.UNUSED, untaken.reason, Standing.UNUSED)


def as_it_came(hook: RawHook, public_url: str) -> Hook:
    """A stored hook, to be read or explained. `public_url` gives back the login that its address came with."""
    url = with_login_of(public_url, hook.url)
    return Hook(hook.path.rpartition("/")[2], hook.method, url, hook.headers, hook.body, hook.at)


def _cut(hook: RawHook, is_cut: bool) -> RawHook:
    parts = []
    body = redacted_body(hook.body[:STORED_BODY])[:STORED_BODY]
    if is_cut or len(hook.body) > STORED_BODY:
        parts.append("body")
    if len(hook.url) > _STORED_URL:
        parts.append("address")
    headers = {**hook.headers, CUT: " and ".join(parts)} if parts else hook.headers
    return replace(hook, headers=headers, url=hook.url[:_STORED_URL], body=body)


def _size(hook: RawHook) -> int:
    """Bytes that the row takes, nearly."""
    texts = (hook.account, hook.account, hook.path, hook.url, hook.reason, hook.budget or "", hook.budget or "")
    headers = msgspec.json.encode(hook.headers)
    return _ROW + sum(len(text.encode()) for text in texts) + len(headers) + len(hook.body)
