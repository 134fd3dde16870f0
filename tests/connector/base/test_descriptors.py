"""The descriptors of a process: the limit is raised, and its parts leave room for all of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from connector.base import descriptors

RAISE = """
import resource, sys
from connector.base import descriptors
soft, hard = int(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
print(descriptors.raise_open_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE), *descriptors.connection_budget())
"""


def raised(soft: int, hard: int) -> list[int]:
    """In a process with these limits: what raising returns, soft and hard limit after it, hooks, desks, reserve."""
    command = [sys.executable, "-c", RAISE, str(soft), str(hard)]
    return [int(word) for word in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    assert raised(256, 1024) == [1024, 1024, 1024, 384, 384, 256]


@pytest.mark.parametrize("limit", [256, 1024])
def test_a_hard_limit_is_left_as_it_is(limit: int) -> None:
    found = raised(limit, limit)
    assert found[:3] == [limit] * 3
    assert sum(found[3:]) == limit


@pytest.mark.parametrize("limit", [64, 256, 1024, 4096, 20_000, 65_536])
def test_no_door_takes_the_descriptors_of_the_others(limit: int) -> None:
    budget = descriptors.split(limit)
    assert sum(budget) == limit
    assert budget.reserve >= min(256, limit // 2)
    assert min(budget.hooks, budget.desks) >= limit // 4 or budget == (4_096, 2_048, limit - 6_144)


def test_a_small_limit_leaves_enough_for_the_store_and_outbound_calls() -> None:
    assert descriptors.split(256) == (64, 64, 128)
