"""The table of requests: each type has one row, and a row refuses agents of a lower role."""

from __future__ import annotations

import typing

import pytest

from connector.domain.agent import Role
from connector.domain.refusals import Refused
from connector.services.request_table import TABLE, row_of
from connector.wire import requests
from connector.wire.refusals import RefusalCode

TYPES: list[type] = list(typing.get_args(requests.Request))
RESERVED: dict[type, Role] = {
    requests.TakeOver: Role.LEAD,
    requests.Join: Role.LEAD,
    requests.SetAccountMode: Role.ADMINISTRATOR,
    requests.GetHooks: Role.ADMINISTRATOR,
    requests.ReleaseHook: Role.ADMINISTRATOR,
    requests.Recover: Role.ADMINISTRATOR,
}


def test_every_request_has_exactly_one_row() -> None:
    assert sorted(row.request.__name__ for row in TABLE) == sorted(one.__name__ for one in TYPES)


@pytest.mark.parametrize("request_type", TYPES)
def test_a_lower_role_is_refused(request_type: type) -> None:
    row = row_of(request_type)
    for role in Role:
        if role.includes(RESERVED.get(request_type, Role.AGENT)):
            row.require(role)
            continue
        with pytest.raises(Refused) as no:
            row.require(role)
        assert no.value.code == RefusalCode.NOT_ALLOWED
