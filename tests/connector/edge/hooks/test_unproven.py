"""Budgets of requests that prove nothing."""

from __future__ import annotations

from connector.base.clock import SteppingClock
from connector.edge.hooks.unproven import UnprovenBudget
from connector.store.hook_budgets import Standing

ORDINARY, LARGE = 1_000, 100_000


class Budgets:
    def __init__(self) -> None:
        self.clock = SteppingClock()
        self.processor_s = 0.0
        self.budget = UnprovenBudget(self.clock, lambda: self.processor_s)

    def fail_checks(self, source: str, size: int, seconds: float, account: str = "main") -> int:
        """How many wrong proofs, each of so many seconds, are checked one after another."""
        for count in range(1000):
            check = self.budget.check(account, source, size)
            if check is None:
                return count
            self.processor_s += seconds
            check.failed()
        return 1000

    def rows(self, standing: Standing, account: str, source: str) -> int:
        return sum(self.budget.allows_row(standing, account, source) for _ in range(100))


def test_wrong_proofs_of_large_hooks_use_up_no_room_of_ordinary_ones() -> None:
    budgets = Budgets()
    assert all(0 < budgets.fail_checks(source, LARGE, 0.01) < 100 for source in "abcd")
    assert budgets.budget.check("main", "e", LARGE) is None
    assert budgets.budget.check("main", "a", ORDINARY) is not None
    assert budgets.budget.check("other", "e", LARGE) is not None


def test_wrong_proofs_of_one_source_leave_most_of_an_accounts_time_to_others() -> None:
    budgets = Budgets()
    for _ in range(100):
        budgets.fail_checks("a", ORDINARY, 0.01)
        budgets.clock.advance(0.1)
    budgets.fail_checks("a", ORDINARY, 0.01)
    assert budgets.budget.check("main", "a", ORDINARY) is None
    assert budgets.budget.check("main", "b", ORDINARY) is not None


def test_a_source_of_genuine_hooks_has_time_of_its_own() -> None:
    budgets = Budgets()
    budgets.budget.remember("vendor")
    for number in range(100):
        budgets.fail_checks(str(number), ORDINARY, 0.01)
    assert budgets.budget.check("main", "new", ORDINARY) is None
    assert budgets.budget.check("main", "vendor", ORDINARY) is not None
    assert budgets.fail_checks("vendor", ORDINARY, 0.01) < 200
    for number in range(2000):
        budgets.budget.remember(str(number))
    assert len(budgets.budget._known) <= 1024


def test_time_for_checks_comes_back() -> None:
    budgets = Budgets()
    budgets.fail_checks("a", LARGE, 0.01)
    budgets.clock.advance(5)
    assert budgets.budget.check("main", "a", LARGE) is not None


def test_each_account_and_each_source_has_rows_of_its_own() -> None:
    budgets = Budgets()
    assert budgets.rows(Standing.UNPROVEN, "main", "a") == 10
    assert budgets.rows(Standing.UNPROVEN, "main", "b") == 10
    assert [budgets.rows(Standing.UNPROVEN, "main", source) for source in "cd"] == [10, 0]
    assert budgets.rows(Standing.UNPROVEN, "other", "a") == 10
    assert budgets.rows(Standing.LIKELY, "main", "a") == 30


def test_made_up_accounts_share_their_rows() -> None:
    budgets = Budgets()
    assert sum(budgets.rows(Standing.UNKNOWN, f"made up {number}", str(number)) for number in range(50)) == 30
    assert budgets.rows(Standing.LIKELY, "main", "a") == 30


def test_any_number_of_sources_is_counted_in_bounded_memory() -> None:
    budgets = Budgets()
    for number in range(20_000):
        budgets.budget.allows_row(Standing.UNKNOWN, "x", str(number))
        check = budgets.budget.check("main", str(number), ORDINARY)
        if check is not None:
            budgets.processor_s += 0.00001
            check.failed()
    held = [len(part) for part in (budgets.budget._of_source, budgets.budget._ordinary._sources)]
    assert max(held) <= 4_097


def test_an_account_that_watches_takes_so_many_bytes_without_proof() -> None:
    budgets = Budgets()
    taken = sum(budgets.budget.allows_watched("main", 100_000) for _ in range(1000))
    assert 40 <= taken <= 43
    assert budgets.budget.allows_watched("other", 1000)
    budgets.clock.advance(60)
    assert budgets.budget.allows_watched("main", 1000)


def test_hooks_that_are_refused_unchecked_cause_one_recovery_in_ten_minutes() -> None:
    budgets = Budgets()
    assert [budgets.budget.allows_recovery("main") for _ in range(3)] == [True, False, False]
    assert budgets.budget.allows_recovery("other")
    budgets.clock.advance(600)
    assert budgets.budget.allows_recovery("main")
