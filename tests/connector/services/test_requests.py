"""The table of requests: each type has one row, and roles are what the documentation says."""

from __future__ import annotations

import re
import typing

import pytest

from connector.domain.refusals import Refused
from connector.services.requests import TABLE, Role, row_of
from connector.wire import requests
from connector.wire.refusals import RefusalCode


def types() -> list[type]:
    return list(typing.get_args(requests.Request))


def test_every_request_has_exactly_one_row() -> None:
    assert sorted(row.request.__name__ for row in TABLE) == sorted(one.__name__ for one in types())


@pytest.mark.parametrize("request_type", types())
def test_an_agent_of_a_lower_role_is_refused(request_type: type) -> None:
    words = re.sub(r"\s+", " ", request_type.__doc__ or "")
    needed = Role.ADMINISTRATOR if "or administrators" in words else Role.LEAD if "For leads" in words else Role.AGENT
    row = row_of(request_type)
    for role in Role:
        if role >= needed:
            row.require(role)
            continue
        with pytest.raises(Refused) as no:
            row.require(role)
        assert no.value.code == RefusalCode.NOT_ALLOWED
