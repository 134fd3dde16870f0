"""The client of all outbound HTTP, with its time limits, and how JSON answers are read."""

from __future__ import annotations

from typing import Any

import httpx

from connector.providers.fields import json_object, retry_after_s, text_field
from connector.providers.send_outcomes import ErrorResponse

# The whole call ends well within the lease of the send worker, so that another core does not take it for a dead one.
_LIMITS = httpx.Timeout(connect=5.0, read=15.0, write=10.0, pool=10.0)
# More than all workers together have under way, so that no call ever waits for a place in the pool.
_CONNECTIONS = httpx.Limits(max_connections=128, max_keepalive_connections=128, keepalive_expiry=30.0)


def http_client() -> httpx.AsyncClient:
    """Never follows redirects, which would carry our credentials to another host."""
    return httpx.AsyncClient(timeout=_LIMITS, limits=_CONNECTIONS, follow_redirects=False, trust_env=True)


def json_answer(answer: httpx.Response, *, code: str = "code", text: str = "message") -> dict[str, Any]:
    """The JSON object of a success.

    Raises ErrorResponse for every other answer; `code` and `text` name the fields in which the provider says why.
    """
    content = json_object(answer.content)
    if answer.is_success and content is not None:
        return content
    raise error_response(answer, content or {}, code=code, text=text)


def error_response(
    answer: httpx.Response, content: dict[str, Any], *, code: str = "code", text: str = "message"
) -> ErrorResponse:
    return ErrorResponse(
        answer.status_code, text_field(content, code) or None, text_field(content, text), retry_after_s(answer.headers)
    )
