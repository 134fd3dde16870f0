"""How JSON answers of providers are read."""

from __future__ import annotations

from typing import Any

import httpx

from connector.providers.fields import json_object, retry_after_s, text_field
from connector.providers.send_outcomes import ErrorResponse


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
