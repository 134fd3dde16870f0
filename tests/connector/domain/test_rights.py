"""Rights: what an agent may see, take and lead."""

from __future__ import annotations

import pytest

from connector.domain.agent import Role, Sees
from connector.domain.rights import Rights, Visibility

ORDERS, RETURNS = Visibility("main", "orders", ("bob",)), Visibility("other", "returns", ("bob",))


@pytest.mark.parametrize(
    ("rights", "seen"),
    [
        (Rights("ann"), (True, True)),
        (Rights("ann", skills=("orders",)), (True, False)),
        (Rights("ann", skills=("returns",), accounts=("main",)), (False, False)),
        (Rights("ann", skills=("returns",), accounts=("main",), sees=Sees.ACCOUNT), (True, False)),
        (Rights("ann", skills=("returns",), accounts=("main",), sees=Sees.ALL), (True, True)),
        (Rights("ann", Role.ADMINISTRATOR, skills=("returns",), accounts=("main",)), (True, True)),
        (Rights("bob", skills=("none",), accounts=("none",)), (True, True)),
    ],
)
def test_sight_goes_by_skills_accounts_and_people(rights: Rights, seen: tuple[bool, bool]) -> None:
    assert (rights.may_see(ORDERS), rights.may_see(RETURNS)) == seen


def test_a_lead_leads_what_is_of_their_skills_and_accounts() -> None:
    lead = Rights("ann", Role.LEAD, skills=("orders",), accounts=("main",), sees=Sees.ALL)
    assert (lead.may_lead(ORDERS), lead.may_lead(RETURNS)) == (True, False)
    assert not Rights("ann").may_lead(ORDERS)
    assert Rights("ann", Role.ADMINISTRATOR, accounts=("none",)).may_lead(ORDERS)


def test_agents_with_an_account_in_common_see_one_another() -> None:
    ann = Rights("ann", accounts=("main", "second"))
    assert ann.sees_agent(("second",)) and ann.sees_agent(()) and not ann.sees_agent(("other",))


def test_the_digest_changes_with_the_sight_and_is_empty_for_all_of_it() -> None:
    narrow = Rights("ann", skills=("orders",))
    assert Rights("ann").digest == Rights("bob", Role.LEAD).digest == ""
    assert narrow.digest != Rights("ann", skills=("returns",)).digest != Rights("bob", skills=("returns",)).digest
    assert narrow.digest == Rights("ann", Role.LEAD, skills=("orders",)).digest
