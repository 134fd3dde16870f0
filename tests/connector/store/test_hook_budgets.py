"""Which budget of bytes gives way, and to whom."""

from __future__ import annotations

from connector.store.hook_budgets import LIMITS, Standing, budget, excess

EACH, TOGETHER = LIMITS[Standing.UNPROVEN].each, LIMITS[Standing.UNPROVEN].together
MAIN, OTHER = budget(Standing.UNPROVEN, "main"), budget(Standing.UNPROVEN, "other")


def test_nothing_gives_way_within_the_limits() -> None:
    assert excess({}) is None
    assert excess({MAIN: EACH, OTHER: EACH, budget(Standing.GENUINE, "main"): 4 * EACH}) is None


def test_what_exceeds_an_accounts_limit_gives_way() -> None:
    assert excess({OTHER: 5, MAIN: EACH + 3}) == (MAIN, 3)


def test_the_largest_gives_way_where_all_are_too_large_together() -> None:
    sizes = {budget(Standing.UNPROVEN, f"a{number}"): EACH - 10 for number in range(TOGETHER // EACH)}
    assert excess({**sizes, MAIN: EACH - 5, OTHER: 20}) == (MAIN, TOGETHER // EACH * (EACH - 10) + EACH + 15 - TOGETHER)


def test_all_made_up_accounts_have_one_budget() -> None:
    assert budget(Standing.UNKNOWN, "one") == budget(Standing.UNKNOWN, "two")


def test_an_account_may_have_any_name() -> None:
    assert excess({budget(Standing.LIKELY, "a b genuine"): 1}) is None
