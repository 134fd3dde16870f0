"""Errors of the client: each is one sentence for a person, with the exit code of a command that ends with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from connector.base.failure import Failure
from connector.wire.refusals import RefusalCode

if TYPE_CHECKING:
    from connector.wire import frames

# Of refusals that call for something else than another request; the others end with 1.
_EXIT_CODES: dict[str, int] = {
    RefusalCode.NOT_ALLOWED: os.EX_NOPERM,
    RefusalCode.CANNOT_RELOAD: os.EX_CONFIG,
    RefusalCode.STALE: os.EX_TEMPFAIL,
    RefusalCode.TOO_MANY_REQUESTS: os.EX_TEMPFAIL,
    RefusalCode.STORE_UNAVAILABLE: os.EX_UNAVAILABLE,
    RefusalCode.FAILED: os.EX_SOFTWARE,
}


class ClientError(Failure):
    """The core does not let this client in, does not understand it, or has not answered."""

    def __init__(self, words: str, exit_code: int = os.EX_UNAVAILABLE) -> None:
        super().__init__(words, exit_code)


class CoreUnreachable(ClientError):
    """No core answers at this address; there may be one later."""


class RequestRefused(ClientError):
    """The core refused a request; `code` is a `RefusalCode`, or one that only a newer core knows."""

    def __init__(self, refusal: frames.Refusal) -> None:
        super().__init__(refusal.words, _EXIT_CODES.get(refusal.code, 1))
        self.code = refusal.code
        self.details = refusal.details
        self.messages = refusal.messages
