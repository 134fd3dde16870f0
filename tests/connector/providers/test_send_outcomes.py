"""Outcomes of a send whose call was not answered."""

from __future__ import annotations

import httpx
import pytest

from connector.providers.outbound import AnswerRefused
from connector.providers.send_outcomes import ErrorResponse, is_of_account, outcome_of_error, outcome_without_answer
from connector.providers.values import Rejected, TryLater, Uncertain

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


@pytest.mark.parametrize(
    ("error", "is_ours"),
    [
        (ErrorResponse(401), True),
        (ErrorResponse(401, "anything", "No"), True),
        (ErrorResponse(403), True),
        (ErrorResponse(403, "20403"), True),
        (ErrorResponse(400, "20005"), True),
        (ErrorResponse(404), True),
        (ErrorResponse(405), True),
        (ErrorResponse(407), True),
        (ErrorResponse(403, "21610"), False),  # about one message
        (ErrorResponse(403, "21408"), False),
        (ErrorResponse(403, None, "This number is blocked"), False),
        (ErrorResponse(404, "no_such_number"), False),
        (ErrorResponse(400), False),
        (ErrorResponse(422), False),
    ],
)
def test_an_error_is_about_the_account_by_its_code_or_without_one_by_its_status(
    error: ErrorResponse, is_ours: bool
) -> None:
    is_hold = is_of_account(error, {"20403", "20005"})
    assert is_hold is is_ours
    outcome = outcome_of_error(error, "It was refused. Tell the administrator.", is_hold=is_hold)
    if is_ours:
        assert outcome == TryLater("It was refused.", error.code, is_hold=True)
    else:
        assert isinstance(outcome, Rejected)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_what_may_have_been_sent_is_uncertain_whatever_its_code_says(status: int) -> None:
    assert isinstance(outcome_of_error(ErrorResponse(status, "20005"), "No.", is_hold=True), Uncertain)
