"""Agents' tokens cannot be guessed, and those of administrators' making are judged."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

import pytest

from connector.base import agent_token


def test_each_token_is_another_and_has_its_form() -> None:
    made = {agent_token.new() for _ in range(100)}
    assert len(made) == 100
    for token in made:
        assert agent_token.PATTERN.fullmatch(token)
        assert agent_token.cannot_be_guessed(token)
        assert agent_token.most_bits(token.removeprefix(agent_token.PREFIX)) >= agent_token.BITS


def test_the_id_is_the_beginning_of_the_digest() -> None:
    digest = agent_token.digest("secret")
    assert digest == hashlib.sha256(b"secret").hexdigest()
    assert digest.startswith(agent_token.id_of(digest)) and len(agent_token.id_of(digest)) == 12


@pytest.mark.parametrize("text", ["", "x", "a" * 200, "ab" * 60, "fifteen-letters", "12345678901234567890", "0" * 32])
def test_what_can_be_guessed_is_weak(text: str) -> None:
    assert agent_token.most_bits(text) < agent_token.BITS


@pytest.mark.parametrize("text", ["", "tdk_", "tdk_" + "a" * 32, "a-token-that-ben-has-thought-of-2026", "0f" * 32])
def test_what_has_not_the_form_of_ours_may_be_guessed(text: str) -> None:
    assert not agent_token.cannot_be_guessed(text)


@pytest.mark.parametrize("make", [lambda: secrets.token_hex(16), lambda: secrets.token_urlsafe(24)], ids=["hex", "url"])
def test_what_common_tools_make_is_strong(make: Callable[[], str]) -> None:
    text = make()
    assert agent_token.most_bits(text) >= agent_token.BITS
