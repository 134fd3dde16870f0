"""What a unit of work does at its end."""

from __future__ import annotations

import pytest

from connector.services.unit_of_work import UnitOfWork
from connector.store.sql.store import SqlStore
from tests.kit.use_cases import Office


class Ends:
    """Actions that record that they were done."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def first(self, uow: UnitOfWork) -> None:
        self.done.append("first")

    def second(self, uow: UnitOfWork) -> None:
        self.done.append("second")


async def test_each_action_is_done_once_in_the_order_asked_for(store: SqlStore) -> None:
    ends = Ends()

    def use_case(uow: UnitOfWork) -> None:
        for action in (ends.first, ends.second, ends.first):
            uow.at_end(action)
        assert ends.done == []

    await Office(store).do(use_case)
    assert ends.done == ["first", "second"]


async def test_between_two_steps_it_is_done_for_each(store: SqlStore) -> None:
    ends = Ends()

    def use_case(uow: UnitOfWork) -> None:
        uow.at_end(ends.first)
        uow.finish()
        assert ends.done == ["first"]
        uow.at_end(ends.first)

    await Office(store).do(use_case)
    assert ends.done == ["first", "first"]


async def test_nothing_is_done_after_a_failure(store: SqlStore) -> None:
    ends = Ends()

    def use_case(uow: UnitOfWork) -> None:
        uow.at_end(ends.first)
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        await Office(store).do(use_case)
    assert ends.done == []
