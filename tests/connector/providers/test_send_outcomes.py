"""Outcomes of a send whose call was not answered."""

from __future__ import annotations

import httpx
import pytest

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


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError])
def test_a_call_that_never_left_is_tried_later(error: type[httpx.HTTPError]) -> None:
    outcome = outcome_without_answer("Acme", error("secret"))
    assert isinstance(outcome, TryLater) and "secret" not in outcome.words
