"""The `twilio` client over an OutboundClient. Imported at the first call, because that takes 0.2 s."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from connector.providers.fields import json_object, retry_after_s
from connector.providers.outbound import AnswerRefused, OutboundClient, most_bytes
from connector.providers.send_outcomes import ErrorResponse
from connector.providers.twilio.list_pages import MOST_RECORDS, PAGE_BYTES


class HttpxTransport(AsyncHttpClient):  # type: ignore[misc]  # the package is untyped
    """Sends what the `twilio` client asks for through httpx, to `base` instead of Twilio's host names.

    Every request goes to `base`, whatever host an answer named, so the credentials go nowhere else. Limits are those of
    the OutboundClient, with more bytes for a page of a list. Raises ErrorResponse for every answer but a 2xx with a
    JSON object, because the client's own exceptions drop the headers and, for lists, the error code; raises
    httpx.HTTPError when there was no answer.
    """

    def __init__(self, http: OutboundClient, base: str) -> None:
        super().__init__(logger=None, is_async=True)
        self._http = http
        self._base = base.rstrip("/")

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        wanted = urlsplit(uri)
        url = self._base + wanted.path + ("?" + wanted.query if wanted.query else "")
        is_page = "PageSize" in (params or {}) or "PageSize=" in wanted.query
        answer = await self._http.request(
            method,
            url,
            params=params or None,
            data=data,
            headers=headers,
            auth=auth,
            extensions=most_bytes(PAGE_BYTES) if is_page else None,
        )
        content = json_object(answer.content)
        if not answer.is_success or content is None:
            raise _error(answer, content or {})
        if any(isinstance(each, list) and len(each) > MOST_RECORDS for each in content.values()):
            raise AnswerRefused("more records than a page has", answer.status_code, is_too_large=True)
        return Response(answer.status_code, answer.content.decode(), answer.headers)


def open_client(user: str, password: str, account_sid: str, base: str, http: OutboundClient) -> Client:
    return Client(user, password, account_sid, http_client=HttpxTransport(http, base))


def _error(answer: httpx.Response, content: dict[str, Any]) -> ErrorResponse:
    # Old endpoints say `code` and `message`; new ones `code`, `title` and `detail` (RFC 9457).
    code = content.get("code")
    text = content.get("message") or content.get("detail") or content.get("title") or ""
    return ErrorResponse(
        answer.status_code,
        str(code) if isinstance(code, int | str) and code else None,
        text if isinstance(text, str) else "",
        retry_after_s(answer.headers),
    )
