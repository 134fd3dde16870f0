"""Outcomes of a send whose call was not answered."""

from __future__ import annotations

import httpx
import pytest

from connector.providers.outbound import AnswerRefused
from connector.providers.send_outcomes import outcome_without_answer
from connector.providers.values import TryLater, Uncertain

MAY_HAVE_LEFT = [
    httpx.ReadTimeout,
    httpx.WriteTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.CloseError,
    httpx.RemoteProtocolError,
    httpx.LocalProtocolError,
    httpx.DecodingError,
    httpx.TooManyRedirects,
]


@pytest.mark.parametrize("error", MAY_HAVE_LEFT)
def test_a_call_that_may_have_left_is_uncertain(error: type[httpx.HTTPError]) -> None:
    assert isinstance(outcome_without_answer("Acme", error("secret")), Uncertain)


@pytest.mark.parametrize("is_too_large", [True, False])
def test_an_answer_that_was_not_read_is_uncertain(is_too_large: bool) -> None:
    outcome = outcome_without_answer("Acme", AnswerRefused("secret", 200, is_too_large=is_too_large))
    assert outcome == Uncertain("Acme's answer could not be read; it is unknown whether the message was sent.")


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError])
def test_a_call_that_never_left_is_tried_later(error: type[httpx.HTTPError]) -> None:
    outcome = outcome_without_answer("Acme", error("secret"))
    assert isinstance(outcome, TryLater) and "secret" not in outcome.words
